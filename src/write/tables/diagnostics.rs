//! The table of diagnostics.

use super::{Cell, Column, Kind, Row, place};
use crate::base::{ByteIndex, Severity};
use crate::record::{Finding, Record};

pub(super) fn columns() -> Vec<Column> {
    use Kind::{Integer, Text};
    let mut columns = vec![
        place::page(),
        place::id("`d1`, `d2`, … in the order of the record; unique on its page."),
        Column::new("severity", Text, "How much it matters.")
            .required()
            .values_of::<Severity>(),
        Column::new("code", Text, "Kind of finding: `numbering-gap`.").required(),
        Column::new("message", Text, "One sentence for a person.").required(),
        Column::new(
            "text_start",
            Integer,
            "First code point of the record's text that it concerns; empty when that is not in it.",
        ),
        Column::new("text_end", Integer, "One past the last."),
    ];
    columns.extend(place::columns());
    columns.push(Column::new(
        "mention",
        Text,
        "The stretch of the record's text that it concerns.",
    ));
    columns
}

pub(super) fn rows(record: &Record) -> Vec<Row<'_>> {
    let index = ByteIndex::new(&record.text);
    let numbered = (1..).zip(&record.diagnostics);
    numbered
        .map(|(n, finding)| row(record, n, finding, &index))
        .collect()
}

fn row<'r>(record: &'r Record, number: usize, finding: &'r Finding, index: &ByteIndex) -> Row<'r> {
    let mut cells = vec![
        Cell::text(&record.source.name),
        Cell::text(format!("d{number}")),
        Cell::code(finding.severity),
        Cell::text(finding.code.as_str()),
        Cell::text(&finding.message),
        finding.start.map_or(Cell::Null, Cell::integer),
        finding.end.map_or(Cell::Null, Cell::integer),
    ];
    cells.extend(place::cells(record, finding.source.as_ref()));
    cells.push(Cell::optional(mention(record, finding, index)));
    cells
}

fn mention<'r>(record: &'r Record, finding: &Finding, index: &ByteIndex) -> Option<&'r str> {
    let byte = |code_point: u32| index.bytes(&record.text, code_point as usize);
    let (start, end) = (byte(finding.start?), byte(finding.end?));
    record.text.get(start..end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate::example::record;

    #[test]
    fn the_mention_is_the_text_it_concerns() {
        let mut record = record();
        assert_eq!(*rows(&record)[0].last().unwrap(), Cell::text("（一）"));
        record.diagnostics[0].start = None;
        assert_eq!(*rows(&record)[0].last().unwrap(), Cell::Null);
    }
}
