//! One line of JSON a record.

use std::io;

use serde::Serialize;

/// Writes `record` as one line, its line feed included.
///
/// # Errors
/// Those of `out`.
pub fn ndjson(record: &impl Serialize, out: &mut impl io::Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, record).map_err(io::Error::from)?;
    out.write_all(b"\n")
}
