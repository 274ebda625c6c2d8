//! Formats without mark-up: tables, JSON, text laid out with blanks. Cases are data in
//! `tests/cases/decode/`.

use std::fs;
use std::path::{Path, PathBuf};

use gongbao::decode::{self, Format, Options, Page};

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
