//! Formats without mark-up: tables, JSON, text laid out with blanks. Cases are data in
//! `tests/cases/decode/`.

use std::fs;
use std::path::{Path, PathBuf};

use gongbao::decode::{
    self, Bbox, Encoding, EncodingChoice, Format, FormatChoice, Options, Page, Word,
};
use proptest::prelude::*;

use crate::formats::cases;

/// The bytes that a word was read from mean the word.
fn replays(page: &Page<'_>) {
    if page.file().encoding != "UTF-8" {
        return; // what is left of a character is taken for another encoding
    }
    let whole = |word: &&Word| !word.span.of(&page.text).contains('\u{FFFD}');
    for word in page.words.iter().filter(whole) {
        let pieces = page.source_of(word.span);
        let bytes: Vec<u8> = pieces
            .iter()
            .flat_map(|(_, at)| page.file().bytes[at.range()].to_vec())
            .collect();
        let mut text = String::from_utf8(bytes).unwrap();
        if matches!(page.file().format, Format::RapidOcr | Format::Structure) {
            text = serde_json::from_str(&format!("\"{text}\"")).unwrap();
        }
        let ink = |text: &str| text.split_whitespace().collect::<String>();
        assert_eq!(ink(&text), ink(word.span.of(&page.text)));
    }
}

const CASES: [&str; 4] = ["layout", "rapidocr", "structure", "tsv"];

#[test]
fn cases_are_read_as_they_say() {
    for (path, case) in cases(&CASES) {
        let place = format!("{}: {}", path.display(), case.name);
        case.check(&path, replays)
            .unwrap_or_else(|why| panic!("{place}\n{why}"));
    }
}

/// Nothing that is cut off anywhere stops the reader, in whatever format it is read.
#[test]
fn prefixes_are_read_or_refused() {
    for (path, case) in cases(&CASES) {
        for end in (0..case.source.len()).step_by(case.source.len() / 400 + 1) {
            let prefix = &case.source.as_bytes()[..end];
            let _ = decode::decode("prefix", prefix, Options::default());
            let stem = path.file_stem().unwrap().to_str().unwrap();
            let options = Options {
                format: stem.parse::<FormatChoice>().unwrap(),
                ..Options::default()
            };
            if let Ok(page) = decode::decode("prefix", prefix, options) {
                replays(&page);
            }
        }
    }
}

fn read<'a>(name: &str, bytes: &'a [u8]) -> Page<'a> {
    decode::decode(name, bytes, Options::default()).unwrap_or_else(|e| panic!("{name}: {e}"))
}

/// Files called `name` in the folders of `folder`.
fn files(folder: &Path, name: &str) -> Vec<PathBuf> {
    let folders = fs::read_dir(folder).unwrap();
    let mut found: Vec<PathBuf> = folders
        .map(|entry| entry.unwrap().path().join(name))
        .filter(|path| path.is_file())
        .collect();
    found.sort();
    found
}

/// The blocks of a page's lines, counted without those that have none: hOCR has no paragraph in a
/// rule or a picture.
fn blocks(page: &Page<'_>) -> Vec<usize> {
    let mut seen: Vec<u32> = Vec::new();
    let blocks = page.lines.iter().map(|line| {
        if seen.last() != Some(&line.block) {
            seen.push(line.block);
        }
        seen.len()
    });
    blocks.collect()
}

/// One page of tesseract's in two formats: text, lines, words and boxes are the same. Confidences
/// are whole numbers in hOCR, cut.
#[test]
fn tsv_says_what_hocr_says() {
    let Some(shared) = crate::shared() else {
        return;
    };
    let tables = files(&shared.join("ocr"), "tesseract.tsv");
    assert!(tables.len() >= 20, "{} tables", tables.len());
    for path in tables {
        let name = path.display().to_string();
        let (table, markup) = (
            fs::read(&path).unwrap(),
            fs::read(path.with_extension("hocr")).unwrap(),
        );
        let (table, markup) = (read(&name, &table), read(&name, &markup));
        assert_eq!(table.file().format, Format::Tsv, "{name}");
        assert_eq!(markup.file().format, Format::Hocr, "{name}");
        assert_eq!(table.text, markup.text, "{name}");
        assert_eq!(table.sheets, markup.sheets, "{name}");
        let lines = |page: &Page<'_>| {
            let lines = page.lines.iter();
            let lines = lines.map(|l| (l.span, l.new_page, l.sheet, l.bbox));
            (lines.collect::<Vec<_>>(), blocks(page))
        };
        assert_eq!(lines(&table), lines(&markup), "{name}");
        let words = |page: &Page<'_>| {
            let words = page.words.iter();
            let words = words.map(|w| (w.span, w.sheet, w.bbox, w.confidence.map(|c| c.0 / 100)));
            words.collect::<Vec<_>>()
        };
        assert_eq!(words(&table), words(&markup), "{name}");
        assert_eq!(table.diagnostics, [], "{name}");
    }
}

/// Text in columns is found where there are columns, and nowhere else.
#[test]
fn columns_are_found_where_they_are() {
    let Some(shared) = crate::shared() else {
        return;
    };
    let of = |path: &Path| {
        let name = path.display().to_string();
        let bytes = fs::read(path).unwrap();
        (read(&name, &bytes).file().format, name)
    };
    let mut plain: Vec<PathBuf> = ["corpus", "unlabelled"]
        .iter()
        .flat_map(|folder| fs::read_dir(shared.join(folder)).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "txt"))
        .collect();
    for name in ["pdftotext.txt", "tesseract.txt"] {
        plain.extend(files(&shared.join("ocr"), name));
    }
    assert!(plain.len() >= 60, "{} pages", plain.len());
    for path in plain {
        let (format, name) = of(&path);
        assert_eq!(format, Format::Text, "{name}");
    }
    let one_column = ["county-communique", "jilin-2026", "sichuan-2026"];
    let laid = files(&shared.join("ocr"), "pdftotext-layout.txt");
    assert!(laid.len() >= 10, "{} pages", laid.len());
    for path in laid {
        let (format, name) = of(&path);
        let one = one_column.iter().any(|page| name.contains(page));
        let wanted = if one { Format::Text } else { Format::Layout };
        assert_eq!(format, wanted, "{name}");
    }
}

/// A line of one word on a made-up page.
#[derive(Debug, Clone)]
struct Piece {
    text: String,
    /// Left, top, width, height in pixels.
    place: [i32; 4],
    /// Hundredths of a percent.
    sure: u16,
}

impl Piece {
    fn bbox(&self) -> Bbox {
        let [x, y, width, height] = self.place.map(|c| c * 100);
        Bbox::new(x, y, x + width, y + height)
    }

    fn corners(&self) -> String {
        let [x, y, width, height] = self.place;
        let (right, bottom) = (x + width, y + height);
        format!("[[{x},{y}],[{right},{y}.0],[\"{right}\",{bottom}],[{x},{bottom}]]")
    }

    fn score(&self) -> String {
        format!("{}.{:04}", self.sure / 10_000, self.sure % 10_000)
    }
}

/// The text as a string of JSON; which characters are escaped is drawn from `escapes`.
fn quoted(text: &str, escapes: &[bool]) -> String {
    let mut out = String::from("\"");
    for (c, &escape) in text.chars().zip(escapes.iter().cycle()) {
        if escape {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                out += &format!("\\u{unit:04x}");
            }
        } else if matches!(c, '"' | '\\') {
            out.extend(['\\', c]);
        } else {
            out.push(c);
        }
    }
    out + "\""
}

fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(", "))
}

/// The pages in each format.
fn written(pages: &[Vec<Piece>], escapes: &[bool]) -> Vec<(Format, String)> {
    let text = |piece: &Piece| quoted(&piece.text, escapes);
    let mut table = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n".to_owned();
    for (page, pieces) in pages.iter().enumerate() {
        for (line, piece) in pieces.iter().enumerate() {
            let [x, y, width, height] = piece.place;
            let (conf, cents) = (piece.sure / 100, piece.sure % 100);
            table += &format!(
                "5\t{page}\t1\t1\t{line}\t1\t{x}\t{y}\t{width}\t{height}\t{conf}.{cents:02}\t{}\n",
                piece.text
            );
        }
    }
    let entries = |pieces: &Vec<Piece>| {
        list(pieces.iter().map(|piece| {
            let (corners, score) = (piece.corners(), piece.score());
            format!(
                "{{\"txt\":{},\"box\":{corners},\"score\":{score}}}",
                text(piece)
            )
        }))
    };
    let tuples = |pieces: &Vec<Piece>| {
        list(pieces.iter().map(|piece| {
            let (corners, score) = (piece.corners(), piece.score());
            format!("[{corners}, [{}, {score}]]", text(piece))
        }))
    };
    let columns = |pieces: &Vec<Piece>| {
        format!(
            "{{\"rec_texts\":{},\"rec_scores\":{},\"rec_polys\":{}}}",
            list(pieces.iter().map(text)),
            list(pieces.iter().map(Piece::score)),
            list(pieces.iter().map(Piece::corners)),
        )
    };
    let blocks = |pieces: &Vec<Piece>| {
        format!(
            "{{\"parsing_res_list\":[],\"overall_ocr_res\":{}}}",
            columns(pieces)
        )
    };
    vec![
        (Format::Tsv, table),
        (Format::RapidOcr, list(pages.iter().map(entries))),
        (Format::RapidOcr, list(pages.iter().map(tuples))),
        (
            Format::RapidOcr,
            pages.iter().map(columns).collect::<Vec<_>>().join("\n"),
        ),
        (Format::Structure, list(pages.iter().map(blocks))),
    ]
}

fn piece() -> impl Strategy<Value = Piece> {
    let text = "[一-龥𠂊𪚥0-9%.，。“”\"\\\\/<>&{}:\\[\\]]{1,9}";
    let place = [0..9000_i32, 0..9000_i32, 1..3000_i32, 1..200_i32];
    (text, place, 0..=10_000_u16).prop_map(|(text, place, sure)| Piece { text, place, sure })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever a page says comes back out of every format, each word with its bytes.
    #[test]
    fn pages_come_back(
        pages in prop::collection::vec(prop::collection::vec(piece(), 1..6), 1..4),
        escapes in prop::collection::vec(any::<bool>(), 1..12),
    ) {
        for (format, source) in written(&pages, &escapes) {
            let options = Options {
                encoding: EncodingChoice::Forced(Encoding::Utf8),
                ..Options::default()
            };
            let page = decode::decode("page", source.as_bytes(), options).unwrap();
            prop_assert_eq!(page.file().format, format);
            let found: Vec<_> = page
                .words
                .iter()
                .map(|w| (w.span.of(&page.text), w.sheet, w.bbox, w.confidence.map(|c| c.0)))
                .collect();
            let wanted: Vec<_> = (0..)
                .zip(&pages)
                .flat_map(|(sheet, pieces)| {
                    let words = pieces.iter();
                    words.map(move |p| (&*p.text, sheet, Some(p.bbox()), Some(p.sure)))
                })
                .collect();
            prop_assert_eq!(found, wanted, "{}", source);
            replays(&page);
        }
    }
}
