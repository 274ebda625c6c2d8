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

use crate::base::CodePointIndex;
use crate::record::Record;

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

/// Everything that is wrong with `record` beyond its schema; with the `bytes` that it was read
/// from, also what those do not give back.
#[must_use]
pub fn record(record: &Record, bytes: Option<&[u8]>) -> Vec<Violation> {
    let mut violations = invariants::invariants(record);
    if let Some(bytes) = bytes {
        violations.extend(replay::replay(record, bytes));
    }
    violations
}

/// A text that is sliced by code points.
struct Text<'a> {
    text: &'a str,
    index: CodePointIndex,
    /// In code points.
    len: u32,
}

impl<'a> Text<'a> {
    fn new(text: &'a str) -> Self {
        let index = CodePointIndex::new(text);
        let len = index.code_points(text, text.len()) as u32;
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
