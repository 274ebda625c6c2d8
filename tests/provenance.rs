//! The promise that the project stands on: the source bytes of everything in a record give it back
//! when the recorded drops, folds and repairs are replayed on them.

use std::fs;
use std::path::{Path, PathBuf};

use gongbao::{Extractor, validate};

/// Pages below `folder` with this file extension.
fn pages(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let entries = fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(pages(&path, extension));
        } else if path.extension().is_some_and(|e| e == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn holds(pages: &[PathBuf]) {
    assert!(!pages.is_empty(), "no pages");
    for page in pages {
        let bytes = fs::read(page).unwrap();
        let record = Extractor::new()
            .extract(&page.to_string_lossy(), &bytes)
            .unwrap_or_else(|e| panic!("{}: {e}", page.display()));
        let violations = validate::record(&record, &[(&record.source.name, &bytes)]);
        assert!(violations.is_empty(), "{}: {violations:#?}", page.display());
        assert!(!record.text.is_empty(), "{}", page.display());
    }
}

#[test]
fn samples_replay() {
    for extension in ["txt", "hocr", "tsv", "xml"] {
        let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
        holds(&pages(&samples, extension));
    }
}

/// Corpus, whole reports, and what two OCR engines and a PDF reader made of the corpus.
#[test]
fn shared_pages_replay() {
    let Some(shared) = crate::shared() else {
        return;
    };
    for folder in ["corpus", "unlabelled", "ocr"] {
        holds(&pages(&shared.join(folder), "txt"));
    }
    for extension in ["hocr", "tsv", "xml"] {
        holds(&pages(&shared.join("ocr"), extension));
    }
}

/// A byte changed in the source is noticed.
#[test]
fn another_source_does_not_replay() {
    let page = "一、水利\n全年新修灌渠126公里，整修山塘318口。".to_owned();
    let record = Extractor::new().extract("a.txt", page.as_bytes()).unwrap();
    let other = page.replace("318", "319");
    assert!(!validate::record(&record, &[("a.txt", other.as_bytes())]).is_empty());
}
