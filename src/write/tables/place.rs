//! The columns that say where in the source a row stands.

use super::{Cell, Column, Kind};
use crate::record::{Record, Source};

/// `page`.
pub(super) fn page() -> Column {
    Column::new(
        "page",
        Kind::Text,
        "The page: its name as given, with `/` separators; `pages.page`.",
    )
    .required()
}

/// `id`, of which `example` is one.
pub(super) fn id(description: &'static str) -> Column {
    Column::new("id", Kind::Text, description).required()
}

/// The columns of [`cells`].
pub(super) fn columns() -> Vec<Column> {
    use Kind::{Decimal, Integer, List, Text};
    vec![
        Column::new(
            "source_file",
            Text,
            "The file that source_start, source_end and the lines count in, when it is another than the page's own.",
        ),
        Column::new(
            "source_start",
            Integer,
            "First contributing byte of the source file, from 0; empty when all of this is.",
        ),
        Column::new(
            "source_end",
            Integer,
            "One past its last contributing byte.",
        ),
        Column::new("line", Integer, "Line of the first byte, from 1."),
        Column::new("end_line", Integer, "Line of the last byte."),
        Column::new(
            "source_pieces",
            List,
            "The contributing stretches of bytes in reading order, as JSON: [{\"file\", \"start\", \"end\"}, …]. \
             Empty for a single one in the page's own file.",
        ),
        Column::new(
            "printed_page",
            Integer,
            "Printed page of the source file, from 1, on which it begins; empty for plain text.",
        ),
        Column::new(
            "bbox",
            List,
            "Box around it on that page, as JSON: [x0, y0, x1, y1] from the top left corner in the units of \
             the page; empty for plain text.",
        ),
        Column::new(
            "confidence",
            Decimal,
            "How sure the OCR engine was, from 0 to 1: the mean over its characters; empty where it does not say.",
        ),
    ]
}

/// Where `source` is, in the order of [`columns`].
pub(super) fn cells<'r>(record: &'r Record, source: Option<&'r Source>) -> Vec<Cell<'r>> {
    let Some(source) = source else {
        return vec![Cell::Null; 9];
    };
    vec![
        Cell::optional(other_file(record, source)),
        Cell::integer(source.start),
        Cell::integer(source.end),
        Cell::integer(source.line),
        Cell::integer(source.end_line),
        Cell::json(source.pieces.as_ref()),
        source.page.map_or(Cell::Null, Cell::integer),
        Cell::json(source.bbox.as_ref()),
        Cell::decimal(source.confidence.as_deref().copied()),
    ]
}

/// The file that `source` counts in, when it is not the one of the record's own name.
pub(super) fn other_file<'r>(record: &Record, source: &'r Source) -> Option<&'r str> {
    let first = source.pieces.iter().flatten().next()?;
    (first.file != record.source.name).then_some(first.file.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate::example::{record, record_of_two};

    #[test]
    fn a_file_is_named_when_it_is_another() {
        let two = record_of_two();
        let cells = cells(&two, Some(&two.indicators[2].source));
        assert_eq!(cells[0], Cell::text("b.txt"));
        let start = two.indicators[2].source.start;
        assert!(
            cells[5]
                .to_string()
                .starts_with("[{\"file\":\"b.txt\",\"start\":")
        );
        assert_eq!(cells[1], Cell::integer(start));
        let one = record();
        // in several pieces, all of its own file
        assert_eq!(other_file(&one, &one.sections[0].source), None);
        assert!(one.sections[0].source.pieces.is_some());
    }

    #[test]
    fn as_many_cells_as_columns() {
        let record = record();
        assert_eq!(cells(&record, None).len(), columns().len());
        let source = Some(&record.indicators[0].source);
        assert_eq!(cells(&record, source).len(), columns().len());
    }
}
