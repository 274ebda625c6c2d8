//! The clean text.

use std::io;

use crate::record::Record;

/// Writes the clean text, one paragraph a line.
///
/// # Errors
/// Those of `out`.
pub fn text(record: &Record, out: &mut impl io::Write) -> io::Result<()> {
    writeln!(out, "{}", record.text)
}
