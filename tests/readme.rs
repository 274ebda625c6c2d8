//! What README.md shows is what the tool prints.

use std::fs;
use std::path::Path;

use gongbao::{Extractor, write};

/// Both READMEs hold this sample's indicator to the letter.
#[test]
fn the_indicator_shown_is_real() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let name = "samples/narrow-columns.txt";
    let record = Extractor::new()
        .extract(name, &fs::read(root.join(name)).unwrap())
        .unwrap();
    let mut json = Vec::new();
    write::json::json(&record, &mut json).unwrap();
    let json = String::from_utf8(json).unwrap();
    for readme in ["README.md", "README.zh-CN.md"] {
        let text = fs::read_to_string(root.join(readme)).unwrap();
        let start = text.find("    {\n      \"id\": \"i").expect(readme);
        let end = start + text[start..].find("\n    }").expect(readme);
        let shown = &text[start..end];
        assert!(
            json.contains(shown),
            "{readme} shows an indicator of {name} that is not printed so:\n{shown}"
        );
    }
}

/// The check shown is printed by `-f ndjson`.
#[test]
fn the_check_shown_is_real() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let name = "samples/gb18030.txt";
    let record = Extractor::new()
        .extract(name, &fs::read(root.join(name)).unwrap())
        .unwrap();
    let mut line = Vec::new();
    write::ndjson::ndjson(&record, &mut line).unwrap();
    let line = String::from_utf8(line).unwrap();
    for readme in ["README.md", "README.zh-CN.md"] {
        let text = fs::read_to_string(root.join(readme)).unwrap();
        let shown = text
            .lines()
            .find(|l| l.starts_with("{\"kind\":\"sum\""))
            .expect(readme);
        assert!(
            line.contains(shown),
            "{readme} shows a check of {name} that is not printed so"
        );
    }
}
