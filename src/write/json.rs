//! One indented JSON object.

use std::io;

use serde::Serialize;

/// Writes `record`, indented by two spaces, with a final line feed.
///
/// # Errors
/// Those of `out`.
pub fn json(record: &impl Serialize, out: &mut impl io::Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, record).map_err(io::Error::from)?;
    out.write_all(b"\n")
}
