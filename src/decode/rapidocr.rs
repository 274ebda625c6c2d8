//! JSON of RapidOCR and PaddleOCR: a list of boxes with text and score. Boxes have four corners.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::DecodeError;
use super::build::Builder;
use super::geometry::{Bbox, Confidence, Sheet, Unit, centi};
use super::json;

/// An entry as RapidOCR's `to_json` writes it.
#[derive(Deserialize)]
struct Entry<'d> {
    #[serde(borrow)]
    r#box: Vec<[&'d RawValue; 2]>,
    #[serde(borrow, alias = "txt")]
    text: &'d RawValue,
    #[serde(borrow)]
    score: Option<&'d RawValue>,
}

/// True for what begins like such JSON.
pub(super) fn looks_like(start: &str) -> bool {
    start.contains("\"box\"") && (start.contains("\"text\"") || start.contains("\"txt\""))
}

/// Reads it.
pub(super) fn read(builder: &mut Builder<'_>) -> Result<(), DecodeError> {
    let source = builder.source();
    let entries: Vec<Entry<'_>> =
        serde_json::from_str(source).map_err(|error| DecodeError::Malformed {
            format: "RapidOCR's JSON",
            line: error.line() as u32,
            column: error.column() as u32,
            message: error.to_string(),
        })?;
    builder.sheet(Sheet {
        number: 0,
        width: 0,
        height: 0,
        unit: Unit::Pixel,
    });
    for entry in entries {
        let points: Vec<_> = entry
            .r#box
            .iter()
            .filter_map(|[x, y]| Some((centi(x.get())?, centi(y.get())?)))
            .collect();
        let bbox = Bbox::around(&points);
        let score = entry.score.and_then(|s| Confidence::parse(s.get(), 1));
        builder.start_line(bbox);
        builder.start_word(bbox, score);
        if let Some(range) = json::place(source, entry.text) {
            let chunks = json::chunks(source, range);
            chunks.iter().for_each(|chunk| builder.push(chunk));
        }
        builder.end_line();
    }
    Ok(())
}
