//! Every sample page as it comes out: clean text, outline and JSON, in `tests/snapshots/`.
//!
//! A changed snapshot is read line by line before it is accepted (CONTRIBUTING.md says how).

use std::fs;
use std::path::{Path, PathBuf};

use gongbao::{Extractor, write};

/// True for pages, in plain text or with boxes; not for labels, words and what says what is there.
pub fn is_page(path: &Path) -> bool {
    let name = path.file_name().unwrap().to_string_lossy();
    let json = name.ends_with(".json") && !name.ends_with(".gold.json");
    json || [".txt", ".hocr", ".tsv", ".xml"]
        .iter()
        .any(|e| name.ends_with(e))
}

#[test]
fn sample_pages() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("samples");
    let mut pages: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| is_page(path))
        .collect();
    pages.sort();
    assert!(pages.len() >= 8, "samples/ has {} pages", pages.len());
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for page in pages {
            let file = page.file_name().unwrap().to_str().unwrap();
            let stem = file.strip_suffix(".txt").unwrap_or(file);
            let name = format!("samples/{file}");
            let record = Extractor::new()
                .extract(&name, &fs::read(&page).unwrap())
                .unwrap();
            let rendered = |f: &dyn Fn(&mut Vec<u8>)| {
                let mut out = Vec::new();
                f(&mut out);
                String::from_utf8(out).unwrap()
            };
            let text = rendered(&|out| write::text::text(&record, out).unwrap());
            let outline = rendered(&|out| write::outline::outline(&record, out).unwrap());
            let json = rendered(&|out| write::json::json(&record, out).unwrap());
            insta::assert_snapshot!(format!("{stem}.text"), text);
            insta::assert_snapshot!(format!("{stem}.outline"), outline);
            insta::assert_snapshot!(format!("{stem}.json"), json);
        }
    });
}
