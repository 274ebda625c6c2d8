//! Formats in XML and HTML: cases, laws on random pages, files that are cut off, and three formats of
//! one page.

use std::fs;
use std::path::{Path, PathBuf};

use gongbao::Extractor;
use gongbao::base::Span;
use gongbao::decode::{self, DecodeError, FormatChoice, Options, Page};

use proptest::prelude::*;

use crate::formats::cases;

/// The formats, as the files of cases are called.
const FORMATS: [&str; 5] = ["abbyy", "alto", "hocr", "page", "xhtml"];

/// The character that a piece of mark-up stands for.
fn meant(written: &str) -> String {
    match written {
        plain if plain.chars().count() == 1 => plain.to_owned(),
        "&nbsp;" => "\u{A0}".into(),
        "&permil;" => "‰".into(),
        "&mdash;" => "—".into(),
        _ => quick_xml::escape::unescape(written).unwrap().into_owned(),
    }
}

/// Each character of each word stands, as it is or as a reference, at the bytes that it is said to
/// come from; words follow each other in text and source and lie in the lines.
fn replays(page: &Page<'_>) {
    let bytes = page.file().bytes;
    let mut end = 0;
    for word in &page.words {
        assert!(word.span.start < word.span.end, "an empty word");
        for (i, c) in word.span.of(&page.text).char_indices() {
            let start = word.span.start as usize + i;
            let pieces = page.source_of(Span::new(start, start + c.len_utf8()));
            if c.is_whitespace() {
                assert_eq!(pieces, [], "a blank inside a word is made");
                continue;
            }
            let [(0, piece)] = pieces[..] else {
                panic!("{c} comes from {pieces:?}");
            };
            assert!(piece.start >= end, "{c} stands before what it follows");
            end = piece.end;
            let written = &bytes[piece.range()];
            let written = match page.file().encoding {
                "UTF-8" => String::from_utf8_lossy(written).into_owned(),
                name => {
                    let encoding = encoding_rs::Encoding::for_label(name.as_bytes()).unwrap();
                    encoding.decode_without_bom_handling(written).0.into_owned()
                }
            };
            assert_eq!(meant(&written), c.to_string());
        }
    }
    let mut lines: Vec<Span> = page.lines.iter().map(|line| line.span).collect();
    lines.sort_by_key(|line| line.start);
    assert!(lines.is_sorted_by(|a, b| a.end < b.start), "lines overlap");
    for word in &page.words {
        let in_line = |line: &Span| line.start <= word.span.start && word.span.end <= line.end;
        assert!(lines.iter().any(in_line), "a word in no line");
    }
}

fn forced(format: &str) -> Options {
    Options {
        format: format.parse::<FormatChoice>().unwrap(),
        ..Options::default()
    }
}

fn of(path: &Path) -> &str {
    path.file_stem().unwrap().to_str().unwrap()
}

#[test]
fn cases_are_read_as_they_say() {
    let all = cases(&FORMATS);
    let failures: Vec<String> = all
        .iter()
        .filter_map(|(path, case)| {
            let failure = case.check(path, replays).err()?;
            Some(format!("{}: {}\n{failure}", of(path), case.name))
        })
        .collect();
    assert!(
        failures.is_empty(),
        "{} of {} cases fail:\n\n{}",
        failures.len(),
        all.len(),
        failures.join("\n\n")
    );
}

/// A file that is cut off anywhere gives no panic, what is read of it is as in the whole file, and it
/// is not called malformed when the whole file is not.
#[test]
fn prefixes_give_what_is_whole() {
    for (path, case) in cases(&FORMATS) {
        let options = forced(of(&path));
        let Ok(whole) = decode::decode("whole", case.source.as_bytes(), options) else {
            continue;
        };
        for end in 0..case.source.len() {
            let prefix = &case.source.as_bytes()[..end];
            let place = format!("{}: {}, first {end} bytes", of(&path), case.name);
            let _ = decode::decode("prefix", prefix, Options::default());
            match decode::decode("prefix", prefix, options) {
                Ok(page) => is_part(&page, &whole, &place),
                Err(DecodeError::Malformed { message, .. }) => {
                    assert!(
                        message.starts_with("no element in it"),
                        "{place}: {message}"
                    );
                }
                Err(_) => {}
            }
        }
    }
}

/// The words of `page` are the first of `whole`, but for a hyphen that is an element of its own.
fn is_part(page: &Page<'_>, whole: &Page<'_>, place: &str) {
    let ink = |page: &Page<'_>, span: Span| -> String {
        let parts = span.of(&page.text).split_whitespace();
        parts.collect::<String>().trim_end_matches('-').to_owned()
    };
    assert!(page.words.len() <= whole.words.len(), "{place}");
    for (word, wanted) in page.words.iter().zip(&whole.words) {
        assert_eq!(ink(page, word.span), ink(whole, wanted.span), "{place}");
    }
}

fn read<'a>(name: &str, bytes: &'a [u8]) -> Page<'a> {
    decode::decode(name, bytes, Options::default()).unwrap_or_else(|e| panic!("{name}: {e}"))
}

/// Tesseract's hOCR and ALTO of one page give the same: text, lines, blocks, words, boxes, confidences.
#[test]
fn hocr_and_alto_of_a_page_are_the_same() {
    let Some(shared) = crate::shared() else {
        return;
    };
    let folders = fs::read_dir(shared.join("ocr")).unwrap();
    let mut pages: Vec<PathBuf> = folders.map(|folder| folder.unwrap().path()).collect();
    pages.retain(|folder| folder.join("tesseract.alto.xml").is_file());
    assert!(pages.len() >= 20, "{} pages", pages.len());
    for folder in pages {
        let name = folder.display().to_string();
        let hocr = fs::read(folder.join("tesseract.hocr")).unwrap();
        let alto = fs::read(folder.join("tesseract.alto.xml")).unwrap();
        let (hocr, alto) = (read(&name, &hocr), read(&name, &alto));
        assert_eq!(hocr.file().format.name(), "hocr");
        assert_eq!(alto.file().format.name(), "alto");
        assert_eq!(hocr.file().writer, alto.file().writer, "{name}");
        assert_eq!(hocr.text, alto.text, "{name}");
        assert_eq!(hocr.sheets, alto.sheets, "{name}");
        assert_eq!(hocr.words, alto.words, "{name}");
        let lines = |page: &Page<'_>| -> Vec<_> {
            let lines = page.lines.iter();
            lines
                .map(|l| (l.span, l.new_page, l.sheet, l.block, l.bbox))
                .collect()
        };
        assert_eq!(lines(&hocr), lines(&alto), "{name}");
        replays(&hocr);
        replays(&alto);
    }
}

/// A word of a random page: its characters, how each is spelt, its box and its confidence in percents.
#[derive(Debug, Clone)]
struct Drawn {
    text: Vec<(char, u8)>,
    bbox: [u32; 4],
    percents: u32,
}

/// Lines of words.
type DrawnPage = Vec<Vec<Drawn>>;

const CHARACTERS: &[char] = &[
    '灌', '渠', '亿', '元', '０', '0', '7', '.', '%', '‰', '—', 'A', '&', '<', '>', '"', '\'', ';',
    '𠮷', '\u{E000}',
];

prop_compose! {
    fn line(y: u32)(
        words in prop::collection::vec(
            (prop::collection::vec((prop::sample::select(CHARACTERS), 0..6_u8), 1..5), 0..90_u32, 0..=100_u32),
            1..5,
        ),
    ) -> Vec<Drawn> {
        let mut x = 0;
        let place = |(text, gap, percents)| {
            let left = x + gap;
            x = left + 40;
            Drawn { text, bbox: [left, y, x, y + 30], percents }
        };
        words.into_iter().map(place).collect()
    }
}

fn drawn() -> impl Strategy<Value = DrawnPage> {
    (1..5_usize).prop_flat_map(|n| (0..n as u32).map(|i| line(i * 50)).collect::<Vec<_>>())
}

/// A character in one of the ways in which mark-up may have it.
fn spelt(&(c, way): &(char, u8)) -> String {
    let code = u32::from(c);
    match (way, c) {
        (0, _) => format!("&#{code};"),
        (1, _) => format!("&#x{code:X};"),
        (2, _) => format!("&#x000{code:x};"),
        (_, '&') => "&amp;".into(),
        (_, '<') => "&lt;".into(),
        (_, '>') => "&gt;".into(),
        (_, '"') => "&quot;".into(),
        (_, '\'') => "&apos;".into(),
        _ => c.to_string(),
    }
}

fn spelt_word(word: &Drawn) -> String {
    word.text.iter().map(spelt).collect()
}

/// A random page written in a format.
fn written(page: &DrawnPage, format: &str) -> String {
    let decimal = |percents: u32| format!("{}.{:02}", percents / 100, percents % 100);
    let line = |words: &Vec<Drawn>| -> String {
        let words = words.iter().map(|word| {
            let ([l, t, r, b], text) = (word.bbox, spelt_word(word));
            match format {
                "alto" => format!(
                    "<String HPOS='{l}' VPOS='{t}' WIDTH=\"{}\" HEIGHT='{}' WC='{}' CONTENT='{text}'/><SP/>\r\n",
                    r - l, b - t, decimal(word.percents),
                ),
                "hocr" => format!(
                    "<span class=ocrx_word title='bbox {l} {t} {r} {b}; x_wconf {}'>{text}</span>\n",
                    word.percents,
                ),
                "page" => format!(
                    "<Word><Coords points='{l},{t} {r},{b}'/><TextEquiv conf='{}'><Unicode>{text}</Unicode></TextEquiv></Word>",
                    decimal(word.percents),
                ),
                "xhtml" => format!(
                    "<word xMin='{l}.000' yMin='{t}' xMax='{r}' yMax='{b}.0'>{text}</word>\n",
                ),
                _ => word.text.iter().enumerate().map(|(i, c)| format!(
                    "<charParams l='{l}' t='{t}' r='{r}' b='{b}' charConfidence='{}' wordStart='{}'>{}</charParams>",
                    word.percents, i == 0, spelt(c),
                )).collect(),
            }
        });
        let words: String = words.collect();
        match format {
            "alto" => format!("<TextLine>{words}</TextLine>"),
            "hocr" => format!("<span class='ocr_line'>{words}</span>"),
            "page" => format!("<TextLine>{words}</TextLine>"),
            "xhtml" => format!("<line>{words}</line>"),
            _ => format!("<line><formatting>{words}</formatting></line>"),
        }
    };
    let lines: String = page.iter().map(line).collect();
    match format {
        "alto" => format!(
            "<alto><Layout><Page><PrintSpace><TextBlock>{lines}</TextBlock></PrintSpace></Page></Layout></alto>"
        ),
        "hocr" => format!("<html><div class='ocr_page'><p class='ocr_par'>{lines}</div></html>"),
        "page" => format!("<PcGts><Page><TextRegion>{lines}</TextRegion></Page></PcGts>"),
        "xhtml" => format!("<html><doc><page><block>{lines}</block></page></doc></html>"),
        _ => format!(
            "<document xmlns='http://www.abbyy.com/x'><page><block><text><par>{lines}</par></text></block></page></document>"
        ),
    }
}

proptest! {
    /// What is written in a format is read back: characters, boxes and confidences, in UTF-8 and in
    /// GB18030, each character from its own bytes.
    #[test]
    fn pages_are_read_back(page in drawn(), format in prop::sample::select(&FORMATS[..]), gb18030: bool) {
        let text = written(&page, format);
        let bytes = if gb18030 {
            let declared = format!("<?xml version='1.0' encoding='GB18030'?>{text}");
            encoding_rs::GB18030.encode(&declared).0.into_owned()
        } else {
            text.clone().into_bytes()
        };
        let found = decode::decode("drawn", &bytes, Options::default()).unwrap();
        prop_assert_eq!(found.file().format.name(), format, "{}", text);
        replays(&found);
        prop_assert_eq!(&found.diagnostics, &[]);
        prop_assert_eq!(found.lines.len(), page.len());
        let words: Vec<&Drawn> = page.iter().flatten().collect();
        prop_assert_eq!(found.words.len(), words.len());
        for (word, wanted) in found.words.iter().zip(words) {
            let text: String = wanted.text.iter().map(|&(c, _)| c).collect();
            prop_assert_eq!(word.span.of(&found.text), text);
            let edges = word.bbox.unwrap();
            prop_assert_eq!([edges.x0, edges.y0, edges.x1, edges.y1], wanted.bbox.map(|c| c as i32 * 100));
            let percents = word.confidence.map(|c| u32::from(c.0) / 100);
            prop_assert_eq!(percents, (format != "xhtml").then_some(wanted.percents));
        }
    }
}

/// What says its encoding is read in it where it can be: no other file could tell two Han.
#[test]
fn an_encoding_that_is_said() {
    let alto = |label: &str| {
        format!(
            "<?xml version='1.0' encoding='{label}'?><alto><Layout><Page><PrintSpace><TextBlock><TextLine><String CONTENT='年'/></TextLine></TextBlock></PrintSpace></Page></Layout></alto>"
        )
    };
    let le = |text: String| {
        text.encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect::<Vec<u8>>()
    };
    let be = |text: String| {
        text.encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect::<Vec<u8>>()
    };
    for (bytes, name) in [
        (alto("UTF-8").into_bytes(), "UTF-8"),
        (
            encoding_rs::GBK.encode(&alto("gbk")).0.into_owned(),
            "GB18030",
        ),
        (
            encoding_rs::BIG5.encode(&alto("Big5")).0.into_owned(),
            "Big5",
        ),
        (le(alto("UTF-16")), "UTF-16LE"),
        (le("\u{FEFF}".to_owned() + &alto("UTF-16")), "UTF-16LE"),
        (be(alto("UTF-16")), "UTF-16BE"),
    ] {
        let page = read(name, &bytes);
        assert_eq!(page.file().encoding, name);
        assert_eq!(page.text.trim_end(), "年", "{name}");
        assert_eq!(page.file().format.name(), "alto");
        replays(&page);
    }
}

/// One page in several formats, blocks in another order in some, is one page: clean text, sections and
/// numbers are the same.
#[test]
fn formats_of_a_sample_give_the_same_record() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let said = |file: &str| {
        let bytes = fs::read(samples.join(file)).unwrap();
        let record = Extractor::new().extract(file, &bytes).unwrap();
        let numbers: Vec<_> = record
            .indicators
            .iter()
            .map(|x| {
                (
                    x.name.clone(),
                    x.mention.clone(),
                    x.value,
                    x.section.clone(),
                    x.of.clone(),
                )
            })
            .collect();
        assert!(numbers.len() >= 10, "{file}: {} numbers", numbers.len());
        let sections: Vec<_> = record.sections.iter().map(|s| s.title.clone()).collect();
        (record.text, sections, numbers)
    };
    let wanted = said("waterworks.txt");
    for file in [
        "waterworks.hocr",
        "waterworks.alto.xml",
        "waterworks.page.xml",
        "waterworks.abbyy.xml",
    ] {
        assert_eq!(said(file), wanted, "{file}");
    }
}

/// Something done to a file: where (in thousandths of its length), how much goes, what comes.
type Harm = (usize, usize, &'static str);

const PIECES: &[&str] = &[
    "",
    "<",
    ">",
    "\"",
    "'",
    "&",
    "&#x4E00;",
    "/>",
    "</p>",
    "</TextLine>",
    "<!--",
    "]]>",
    "<![CDATA[",
    "塘",
    "\u{0}",
    " ",
    "=",
];

fn harmed(source: &str, harm: &[Harm]) -> Vec<u8> {
    let mut bytes = source.as_bytes().to_vec();
    for &(place, gone, come) in harm {
        let at = bytes.len() * place / 1000;
        let end = (at + gone).min(bytes.len());
        bytes.splice(at..end, come.bytes());
    }
    bytes
}

proptest! {
    /// Of a file that was harmed anyhow, what is read stands where it is said to stand.
    #[test]
    fn harmed_files_are_read_or_refused(
        which in any::<prop::sample::Index>(),
        harm in prop::collection::vec((0..1000_usize, 0..9_usize, prop::sample::select(PIECES)), 1..5),
    ) {
        let all = cases(&FORMATS);
        let (path, case) = which.get(&all);
        let bytes = harmed(&case.source, &harm);
        if let Ok(page) = decode::decode("harmed", &bytes, forced(of(path))) {
            replays(&page);
        }
    }
}
