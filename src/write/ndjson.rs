//! One line of JSON a record.

use std::io;

use serde::Serialize;

use super::compact::{Compact, PIECE};
use crate::record::Record;

/// Writes `record` as one line, its line feed included: the bytes of [`line()`], much faster.
pub fn ndjson(record: &Record, out: &mut Vec<u8>) {
    // what a record has beside its text is mostly names of fields
    let statements = record.paragraphs.len() + record.sections.len() + record.indicators.len();
    out.reserve(record.text.len() + 640 * statements + 1024);
    record.write(out);
    out.push(b'\n');
}

/// Writes the same to `out`, bit by bit: of a large page, it would take many times its size in memory.
/// What `out` is given at a time ends with a whole character.
///
/// # Errors
/// Those of `out`.
pub fn in_pieces(record: &Record, out: &mut impl io::Write) -> io::Result<()> {
    let mut piece = Vec::with_capacity(2 * PIECE);
    record.pieces(&mut piece, &mut |piece| {
        if piece.len() >= PIECE {
            out.write_all(piece)?;
            piece.clear();
        }
        Ok(())
    })?;
    piece.push(b'\n');
    out.write_all(&piece)
}

/// Writes whatever `value` as one line, its line feed included.
///
/// # Errors
/// Those of `out`.
pub fn line(value: &impl Serialize, out: &mut impl io::Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value).map_err(io::Error::from)?;
    out.write_all(b"\n")
}
