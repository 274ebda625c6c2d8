//! The section tree for the eye.

use std::io;

use crate::record::Record;

/// Writes one line a section: its line on the page, and label and title indented by its level.
///
/// ```text
///  2  一、工业
///  6    （一）规模以上工业
/// ```
///
/// # Errors
/// Those of `out`.
pub fn outline(record: &Record, out: &mut impl io::Write) -> io::Result<()> {
    let last = record.sections.iter().map(|s| s.source.line).max();
    let digits = last.unwrap_or_default().to_string().len();
    for section in &record.sections {
        let indent = 2 * section.level.saturating_sub(1) as usize;
        writeln!(
            out,
            "{:>digits$}  {:indent$}{}{}",
            section.source.line, "", section.label, section.title
        )?;
    }
    Ok(())
}
