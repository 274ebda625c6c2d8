//! What README.md shows is what the tool prints.

use std::fs;
use std::path::Path;

use gongbao::{Extractor, Record, write};

/// Both READMEs show what `printed` makes of a sample, to the letter; `shown` finds it in a README.
fn holds(
    name: &str,
    printed: impl Fn(&Record, &mut Vec<u8>),
    shown: impl Fn(&str) -> Option<&str>,
) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let record = Extractor::new()
        .extract(name, &fs::read(root.join(name)).unwrap())
        .unwrap();
    let mut output = Vec::new();
    printed(&record, &mut output);
    let output = String::from_utf8(output).unwrap();
    for readme in ["README.md", "README.zh-CN.md"] {
        let text = fs::read_to_string(root.join(readme)).unwrap();
        let shown = shown(&text).expect(readme);
        assert!(
            output.contains(shown),
            "{readme} shows of {name} what is not printed so:\n{shown}"
        );
    }
}

#[test]
fn the_indicator_shown_is_real() {
    holds(
        "samples/narrow-columns.txt",
        |record, out| write::json::json(record, out).unwrap(),
        |text| {
            let start = text.find("    {\n      \"id\": \"i")?;
            let end = start + text[start..].find("\n    }")?;
            Some(&text[start..end])
        },
    );
}

#[test]
fn the_check_shown_is_real() {
    holds(
        "samples/gb18030.txt",
        |record, out| write::ndjson::ndjson(record, out).unwrap(),
        |text| text.lines().find(|l| l.starts_with("{\"kind\":\"sum\"")),
    );
}
