//! Records that somebody has changed, and JSON that may be a record: judged, whatever they are.
#![no_main]

use std::sync::OnceLock;

use gongbao::{Extractor, Record};
use gongbao_fuzz::records::{Changes, changed, judge};
use libfuzzer_sys::arbitrary::{Arbitrary, Unstructured};

/// Pages that have everything a record may have; one with boxes, one in another encoding.
const PAGES: [(&str, &[u8]); 4] = [
    ("tiny", include_bytes!("../../samples/tiny.txt")),
    ("jump-lines", include_bytes!("../../samples/jump-lines.txt")),
    (
        "damaged",
        include_bytes!("../../samples/damaged-digits.txt"),
    ),
    ("big5", include_bytes!("../../samples/big5-traditional.txt")),
];

fn records() -> &'static [Record] {
    static RECORDS: OnceLock<Vec<Record>> = OnceLock::new();
    RECORDS.get_or_init(|| {
        PAGES
            .iter()
            .filter_map(|(name, bytes)| Extractor::new().extract(name, *bytes).ok())
            .collect()
    })
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(value) = serde_json::from_slice(bytes) {
        judge(&value, &PAGES);
        return;
    }
    let mut data = Unstructured::new(bytes);
    let (Ok(which), Ok(changes)) = (usize::arbitrary(&mut data), Changes::arbitrary(&mut data))
    else {
        return;
    };
    let at = which % records().len();
    judge(&changed(&records()[at], &changes), &PAGES[at..=at]);
});
