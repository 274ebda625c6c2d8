//! Stage 8: records → bytes. Computes nothing; the same record gives the same bytes everywhere.

mod compact;
pub mod json;
pub mod ndjson;
pub mod outline;
pub mod steps;
pub mod table;
pub mod tables;
pub mod text;
pub(crate) mod words;

use crate::record::{Record, Source};

/// The line on which `source` begins, for the eye; in a further file of the record with which it is
/// before: `2:14` is line 14 of the second.
fn line(record: &Record, source: &Source) -> String {
    let name = source
        .pieces
        .iter()
        .flatten()
        .next()
        .map(|p| p.file.as_str());
    let mut parts = record.source.parts.iter().flatten();
    match parts.position(|part| Some(part.name.as_str()) == name) {
        Some(at) => format!("{}:{}", at + 2, source.line),
        None => source.line.to_string(),
    }
}
