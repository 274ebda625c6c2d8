//! Stage 7: record → what is wrong with it, against the schema, against the invariants that a
//! schema cannot say, and against the source bytes. No input, output or change.
//!
//! [`schema`] is for records that come from outside; [`invariants`] and [`replay`] are run on every
//! record before it leaves the pipeline. All are linear in the size of the page.

#[cfg(test)]
pub(crate) mod example;
pub mod invariants;
pub mod replay;
pub mod schema;

use std::fmt;

use crate::base::ByteIndex;
use crate::decode::Page;
use crate::record::{Original, Record, Source};

/// One thing that is wrong with a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// JSON pointer to the field: `/indicators/3/mention`; empty for the record as a whole.
    pub pointer: String,
    /// What was found and what was expected.
    pub message: String,
}

impl Violation {
    pub(crate) fn new(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            pointer: pointer.into(),
            message: message.into(),
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pointer = if self.pointer.is_empty() {
            "/"
        } else {
            &self.pointer
        };
        write!(f, "{pointer}: {}", self.message)
    }
}

/// Everything that is wrong with `record` beyond its schema; with the `originals` that it was read
/// from (names and bytes, of all its files or none), also what those do not give back.
#[must_use]
pub fn record(record: &Record, originals: &[(&str, &[u8])]) -> Vec<Violation> {
    let text = Text::new(&record.text);
    let mut violations = invariants::broken(record, &text);
    if !originals.is_empty() {
        violations.extend(replay::replayed(record, &text, originals));
    }
    violations
}

/// The same with the `page` of one file that `record` was made of, as it was decoded: decoding is a function
/// of bytes, encoding and format, so that doing it once more would tell nothing where the record names the
/// same.
#[must_use]
pub fn with_page(record: &Record, page: &Page<'_>) -> Vec<Violation> {
    let text = Text::new(&record.text);
    let mut violations = invariants::broken(record, &text);
    violations.extend(replay::replayed_with(record, &text, page));
    violations
}

/// A file of a record: the one of its own name, or one of its parts.
#[derive(Debug, Clone)]
pub struct RecordFile<'a> {
    /// JSON pointer to it.
    pub pointer: String,
    /// As in [`crate::record::PageSource`], as all below.
    pub name: &'a str,
    /// How it is laid out.
    pub format: &'a str,
    /// The program that wrote or read it.
    pub reader: Option<&'a str>,
    /// The PDF or image that it was read from.
    pub original: Option<&'a Original>,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256.
    pub sha256: &'a str,
    /// Character encoding.
    pub encoding: &'a str,
    /// Number of lines.
    pub lines: u32,
}

/// The files of a record, the one of its own name first.
#[must_use]
pub fn files(record: &Record) -> Vec<RecordFile<'_>> {
    let page = &record.source;
    let first = RecordFile {
        pointer: "/source".to_owned(),
        name: &page.name,
        format: &page.format,
        reader: page.reader.as_deref(),
        original: page.original.as_ref(),
        bytes: page.bytes,
        sha256: &page.sha256,
        encoding: &page.encoding,
        lines: page.lines,
    };
    let parts = page.parts.iter().flatten().enumerate();
    let parts = parts.map(|(i, part)| RecordFile {
        pointer: format!("/source/parts/{i}"),
        name: &part.name,
        format: &part.format,
        reader: part.reader.as_deref(),
        original: part.original.as_ref(),
        bytes: part.bytes,
        sha256: &part.sha256,
        encoding: &part.encoding,
        lines: part.lines,
    });
    std::iter::once(first).chain(parts).collect()
}

/// The name of the file that positions of `source` count in.
fn file_name<'a>(record: &'a Record, source: &'a Source) -> &'a str {
    let first = source.pieces.iter().flatten().next();
    first.map_or(&record.source.name, |piece| &piece.file)
}

/// A text that is sliced by code points.
struct Text<'a> {
    text: &'a str,
    index: ByteIndex,
    /// In code points.
    len: u32,
}

impl<'a> Text<'a> {
    fn new(text: &'a str) -> Self {
        let index = ByteIndex::new(text);
        let len = index.code_points() as u32;
        Self { text, index, len }
    }

    fn byte(&self, code_point: u32) -> usize {
        self.index.bytes(self.text, code_point as usize)
    }

    /// None when the bounds are not in order or go beyond the text.
    fn slice(&self, start: u32, end: u32) -> Option<&'a str> {
        if start > end || end > self.len {
            return None;
        }
        self.text.get(self.byte(start)..self.byte(end))
    }
}

/// `text` cut to what fits a message.
fn short(text: &str) -> String {
    const MOST: usize = 40;
    let mut chars = text.chars();
    let head: String = chars.by_ref().take(MOST).collect();
    if chars.next().is_some() {
        format!("{head:?}…")
    } else {
        format!("{head:?}")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    /// JSON pointers to all whole numbers in `value`.
    fn numbers(value: &Value, at: &str, found: &mut Vec<String>) {
        match value {
            Value::Number(number) if number.is_u64() => found.push(at.to_owned()),
            Value::Array(items) => {
                for (i, item) in items.iter().enumerate() {
                    numbers(item, &format!("{at}/{i}"), found);
                }
            }
            Value::Object(fields) => {
                for (name, field) in fields {
                    numbers(field, &format!("{at}/{name}"), found);
                }
            }
            _ => {}
        }
    }

    proptest! {
        /// Records come from anywhere; the worst of them is a list of violations.
        #[test]
        fn no_number_breaks_the_checks(
            changes in prop::collection::vec((any::<prop::sample::Index>(), prop_oneof![0..200_u32, any::<u32>()]), 1..4)
        ) {
            let mut value = serde_json::to_value(example::record()).unwrap();
            let mut pointers = Vec::new();
            numbers(&value, "", &mut pointers);
            for (index, number) in &changes {
                *value.pointer_mut(index.get(&pointers[..]).as_str()).unwrap() = json!(number);
            }
            let changed: Record = serde_json::from_value(value).unwrap();
            let violations = record(&changed, &[("a.txt", example::PAGE.as_bytes())]);
            // A section's number and a check's sums are free, a finding may point into a repair,
            // and a piece may take a line end with it; everything else is pinned down.
            let free = |pointer: &str| {
                pointer.ends_with("/number")
                    || pointer.starts_with("/checks/")
                    || pointer.starts_with("/diagnostics/")
                    || pointer.contains("/pieces/")
            };
            if changed != example::record() && changes.iter().all(|(i, _)| !free(i.get(&pointers[..]).as_str())) {
                prop_assert!(!violations.is_empty());
            }
        }
    }
}
