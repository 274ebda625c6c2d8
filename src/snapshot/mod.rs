//! Two records of a page → what changed between them, in words. No input or output.
//!
//! What stands for what is found by its place in the text, laid beside the other text by the stretches
//! that both have in common, then by name, section and order. What depends on where the files lie, which
//! program wrote them or how a finding is worded is no change.

mod change;
mod document;
mod findings;
mod indicators;
mod pairs;
mod rest;
mod sections;
mod side;
mod texts;

pub use change::{Change, Context, Now, Part, Thing, What};

use crate::record::Record;
use side::Both;

/// What a page is told by: the SHA-256 of its file, also where a program read it.
#[must_use]
pub fn digest(record: &Record) -> &str {
    let source = &record.source;
    match &source.original {
        Some(original) => &original.sha256,
        None => &source.sha256,
    }
}

/// What changed from `old` to `new`, two records of one page; what changed in the page itself is said
/// only where it changed nothing that was read.
///
/// ```
/// use gongbao::{Extractor, snapshot};
/// let read = |page: &str| Extractor::new().extract("a.txt", page.as_bytes());
/// let old = read("一、政务\n全年受理事项7911件，办结率98.1%。")?;
/// let new = read("一、政务\n全年受理事项791件，办结率98.1%。")?;
/// let changes = snapshot::compare(&old, &new);
/// let words: Vec<String> = changes.iter().map(ToString::to_string).collect();
/// assert_eq!(words, ["一、 受理事项: 7911 → 791"]);
/// # Ok::<(), gongbao::ExtractError>(())
/// ```
#[must_use]
pub fn compare(old: &Record, new: &Record) -> Vec<Change> {
    let (plain_old, plain_new) = (rest::plain(old), rest::plain(new));
    if plain_old == plain_new {
        return Vec::new();
    }
    let both = Both::new(old, new);
    let mut changes = document::changes(old, new);
    sections::changes(&both, &mut changes);
    indicators::changes(&both, &mut changes);
    findings::checks(&both, &mut changes);
    texts::changes(&both, &mut changes);
    findings::repairs(&both, &mut changes);
    findings::jumps(&both, &mut changes);
    findings::diagnostics(&both, &mut changes);
    if changes.is_empty() {
        if digest(old) != digest(new) {
            changes.push(rest::page(old, new));
        } else if old.source.sha256 == new.source.sha256 {
            changes.extend(rest::details(&plain_old, &plain_new));
        }
    }
    changes
}

#[cfg(test)]
mod tests;
