//! The section tree for the eye.

use std::io;

use crate::record::Record;

/// Writes one line a section: its line on the page (`2:14` in the second file of a record), and label and title indented by its level.
///
/// ```text
///  2  一、工业
///  6    （一）规模以上工业
/// ```
///
/// # Errors
/// Those of `out`.
pub fn outline(record: &Record, out: &mut impl io::Write) -> io::Result<()> {
    let sections = record.sections.iter();
    let lines: Vec<String> = sections.map(|s| super::line(record, &s.source)).collect();
    let width = lines.iter().map(String::len).max().unwrap_or(1);
    for (section, line) in record.sections.iter().zip(lines) {
        let indent = 2 * section.level.saturating_sub(1) as usize;
        writeln!(
            out,
            "{line:>width$}  {:indent$}{}{}",
            "", section.label, section.title
        )?;
    }
    Ok(())
}
