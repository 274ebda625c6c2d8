//! Every sample page as it comes out: clean text, outline and JSON, in `tests/snapshots/`.
//!
//! A changed snapshot is read line by line before it is accepted (CONTRIBUTING.md says how).

use std::fs;
use std::path::PathBuf;

use gongbao::{Extractor, write};

#[test]
fn sample_pages() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("samples");
    let mut pages: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "txt"))
        .collect();
    pages.sort();
    assert!(pages.len() >= 8, "samples/ has {} pages", pages.len());
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for page in pages {
            let stem = page.file_stem().unwrap().to_str().unwrap();
            let name = format!("samples/{stem}.txt");
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
