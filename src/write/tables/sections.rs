//! The table of sections.

use std::collections::HashMap;

use super::{Cell, Column, Kind, Row, place};
use crate::record::{LabelStyle, Record, Section};

pub(super) fn columns() -> Vec<Column> {
    use Kind::{Integer, Text};
    let mut columns = vec![
        place::page(),
        place::id("`s1`, `s2`, … in reading order; unique on its page."),
        Column::new(
            "parent",
            Text,
            "Id of the enclosing section; empty at the top.",
        ),
        Column::new("level", Integer, "Depth, from 1.").required(),
        Column::new("label", Text, "Label as the clean text has it.").required(),
        Column::new("number", Integer, "Its number; empty for a dash."),
        Column::new("style", Text, "How the label is written.")
            .required()
            .values_of::<LabelStyle>(),
        Column::new(
            "title",
            Text,
            "Heading without label and closing full stop.",
        ),
        Column::new(
            "section_path",
            Text,
            "Labels and titles from the outermost section to this one, ` / ` between them.",
        )
        .required(),
        Column::new(
            "text_start",
            Integer,
            "First code point of the label in the record's text.",
        )
        .required(),
        Column::new(
            "text_end",
            Integer,
            "One past the last code point of the section, its subsections included.",
        )
        .required(),
    ];
    columns.extend(place::columns());
    columns.push(Column::new(
        "mention",
        Text,
        "Label and title; the bytes and lines are those of the whole section.",
    ));
    columns
}

pub(super) fn rows(record: &Record) -> Vec<Row<'_>> {
    let paths = paths(record);
    let row = |section| row(record, section, &paths);
    record.sections.iter().map(row).collect()
}

fn row<'r>(record: &'r Record, section: &'r Section, paths: &HashMap<&str, String>) -> Row<'r> {
    let path = paths.get(section.id.as_str()).cloned();
    let mut cells = vec![
        Cell::text(&record.source.name),
        Cell::text(section.id.as_str()),
        Cell::optional(section.parent.as_deref()),
        Cell::integer(section.level),
        Cell::text(section.label.as_str()),
        section.number.map_or(Cell::Null, Cell::integer),
        Cell::code(section.style),
        Cell::text(&section.title),
        path.map_or(Cell::Null, Cell::text),
        Cell::integer(section.start),
        Cell::integer(section.end),
    ];
    cells.extend(place::cells(record, Some(&section.source)));
    cells.push(Cell::text(heading(section)));
    cells
}

fn heading(section: &Section) -> String {
    format!("{}{}", section.label, section.title)
}

/// The headings from the outermost section to each, by its id.
pub(super) fn paths(record: &Record) -> HashMap<&str, String> {
    let mut paths: HashMap<&str, String> = HashMap::new();
    for section in &record.sections {
        let around = section.parent.as_deref().and_then(|id| paths.get(id));
        let path = match around {
            Some(around) => format!("{around} / {}", heading(section)),
            None => heading(section),
        };
        paths.insert(&section.id, path);
    }
    paths
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate::example::record;

    #[test]
    fn paths_lead_from_the_outermost_section() {
        let record = record();
        let paths = paths(&record);
        assert_eq!(paths["s1"], "一、工业");
        assert_eq!(paths["s2"], "一、工业 / （一）农业");
    }
}
