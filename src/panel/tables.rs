//! A panel as tables: wide, one row a place and time; long, one row a candidate of a cell; one of
//! its columns; and one of what is checked.

use super::checks::table as checks;
use super::{Candidate, Cell, Panel, Why};
use crate::write::tables::{Cell as Value, Column, Kind, Row};

/// A table of a panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// One row a place and time.
    Wide,
    /// One row a number that may fill a cell.
    Cells,
    /// One row a column of the wide one.
    Columns,
    /// One row a check of cells against each other.
    Checks,
}

impl Table {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Wide, Self::Cells, Self::Columns, Self::Checks];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Wide => "panel",
            Self::Cells => "cells",
            Self::Columns => "columns",
            Self::Checks => "checks",
        }
    }

    /// Its columns for `panel`.
    #[must_use]
    pub fn columns(self, panel: &Panel) -> Vec<Column> {
        match self {
            Self::Wide => wide_columns(panel),
            Self::Cells => cell_columns(panel),
            Self::Columns => column_columns(),
            Self::Checks => checks::columns(panel),
        }
    }

    /// Its rows, in the order of the columns.
    #[must_use]
    pub fn rows(self, panel: &Panel) -> Box<dyn Iterator<Item = Row<'_>> + '_> {
        match self {
            Self::Wide => Box::new(wide_rows(panel)),
            Self::Cells => Box::new(panel.cells.iter().flat_map(move |cell| {
                let all = cell.candidates.iter().enumerate();
                all.map(move |(place, candidate)| cell_row(panel, cell, place, candidate))
            })),
            Self::Columns => Box::new(column_rows(panel).into_iter()),
            Self::Checks => Box::new(checks::rows(panel)),
        }
    }
}

/// The columns that say which row it is: code, name, time.
pub(super) fn key_columns(panel: &Panel) -> [Column; 3] {
    let time = match panel.years {
        true => Column::new("year", Kind::Integer, "The year."),
        false => Column::new(
            "period",
            Kind::Text,
            "The time: 2021, 2021-03, or first and last day as 2021-01-01/2021-06-30.",
        ),
    };
    [
        Column::new(
            "region_code",
            Kind::Text,
            "GB/T 2260 code of the place; empty where it is not known.",
        ),
        Column::new(
            "region",
            Kind::Text,
            "The place, as the latest page that speaks of it has it.",
        )
        .required(),
        time.required(),
    ]
}

pub(super) fn key_cells(panel: &Panel, row: usize) -> [Value<'_>; 3] {
    let key = panel.rows.get(row);
    let region = key.and_then(|key| panel.regions.get(key.region));
    let time = key.map_or(Value::Null, |key| match panel.years {
        true => Value::integer(key.time.start.year()),
        false => Value::text(panel.time(key.time)),
    });
    [
        Value::optional(region.and_then(|r| r.code.as_deref())),
        region.map_or(Value::Null, |r| Value::text(&*r.name)),
        time,
    ]
}

fn wide_columns(panel: &Panel) -> Vec<Column> {
    let of_concepts = panel.columns.iter().map(|column| {
        let label = column.label();
        let description = match &*column.unit {
            "" => label.to_owned(),
            unit => format!("{label}, {unit}"),
        };
        Column::new(column.id.to_string(), Kind::Decimal, description)
    });
    key_columns(panel).into_iter().chain(of_concepts).collect()
}

fn wide_rows(panel: &Panel) -> impl Iterator<Item = Row<'_>> {
    let mut cells = panel.cells.iter().peekable();
    (0..panel.rows.len()).map(move |at| {
        let mut row = Row::from(key_cells(panel, at));
        let keys = row.len();
        row.resize(keys + panel.columns.len(), Value::Null);
        while let Some(cell) = cells.next_if(|cell| cell.row == at) {
            let value = cell.chosen().and_then(|chosen| chosen.value);
            if let Some(slot) = row.get_mut(keys + cell.column) {
                *slot = Value::decimal(value);
            }
        }
        row
    })
}

fn cell_columns(panel: &Panel) -> Vec<Column> {
    use Kind::{Boolean, Date, Decimal, Integer, Text};
    let text = |name: &'static str, description: &'static str| Column::new(name, Text, description);
    let why: Vec<&str> = Why::ALL.iter().map(|why| why.name()).collect();
    let mut all = Vec::from(key_columns(panel));
    all.extend([
        text("column", "The column of the panel.").required(),
        text("concept", "Id of the concept.").required(),
        text("measure", "What is stated of it, as the record says: level, rate, growth, …").required(),
        Column::new("value", Decimal, "In the unit of the column; empty where it is stated in something else, such as dollars."),
        text("unit", "The unit of the column; empty for index numbers."),
        Column::new("rounded", Boolean, "True where the value does not end in that unit and has six digits behind the point.").required(),
        Column::new("value_written", Decimal, "The value as written.").required(),
        text("unit_written", "The unit as written."),
        Column::new("chosen", Boolean, "True for the number that fills the cell.").required(),
        text("why", "Why it was taken, or what it stands behind for.").required().values(&why),
        Column::new("candidates", Integer, "How many numbers may fill the cell.").required(),
        Column::new("conflict", Boolean, "True where they differ by more than their rounding.").required(),
        text("page", "The page: name of its file as the record has it.").required(),
        text("sha256", "SHA-256 of that file.").required(),
        text("published", "Date of publication of the page, ISO 8601."),
        text("id", "Id of the indicator in the record of the page.").required(),
        text("name", "What it is called there."),
        text("mention", "Number and unit as the page has them.").required(),
        text("quote", "The clause around it.").required(),
        text("status", "actual, target or estimate.").required(),
        text("precision", "How exact it claims to be.").required(),
        text("basis", "What a growth or change is measured against."),
        Column::new("period_start", Date, "First day of its time.").required(),
        Column::new("period_end", Date, "Last day of its time.").required(),
        text("source_file", "The file that line and bytes count in, when it is another than the page's own."),
        Column::new("line", Integer, "Line of the first byte, from 1.").required(),
        Column::new("source_start", Integer, "First contributing byte, from 0.").required(),
        Column::new("source_end", Integer, "One past the last contributing byte.").required(),
    ]);
    all
}

fn cell_row<'p>(
    panel: &'p Panel,
    cell: &'p Cell,
    place: usize,
    candidate: &'p Candidate,
) -> Row<'p> {
    let mut row = Row::from(key_cells(panel, cell.row));
    let Some((page, number)) = panel.statement(candidate) else {
        return row; // never: candidates are made of statements
    };
    let Some(column) = panel.columns.get(cell.column) else {
        return row;
    };
    let chosen = place == 0 && cell.chosen().is_some();
    let text = |place| Value::text(page.text(place));
    row.extend([
        Value::text(column.id.to_string()),
        Value::text(&*column.id.concept),
        Value::code(number.measure),
        Value::decimal(candidate.value),
        Value::text(&*column.unit),
        Value::Boolean(candidate.rounded),
        Value::Decimal(number.value),
        text(number.unit),
        Value::Boolean(chosen),
        Value::text(candidate.why.name()),
        Value::integer(cell.candidates.len()),
        Value::Boolean(cell.conflict),
        Value::text(&*page.name),
        Value::text(&*page.sha256),
        Value::optional(page.published.as_deref()),
        text(number.id),
        text(number.name),
        text(number.mention),
        text(number.quote),
        Value::code(number.status),
        Value::code(number.precision),
        number.basis.map_or(Value::Null, Value::code),
        Value::Date(number.period.start),
        Value::Date(number.period.end),
        number.file.map_or(Value::Null, text),
        Value::integer(number.line),
        Value::integer(number.start),
        Value::integer(number.end),
    ]);
    row
}

fn column_columns() -> Vec<Column> {
    use Kind::{Integer, Text};
    vec![
        Column::new("column", Text, "The column of the panel.").required(),
        Column::new("concept", Text, "Id of the concept.").required(),
        Column::new(
            "stated",
            Text,
            "What is stated of it; empty for its level or rate.",
        ),
        Column::new(
            "unit",
            Text,
            "The unit of its values; empty for index numbers.",
        ),
        Column::new("dimension", Text, "What the concept is measured in."),
        Column::new("label", Text, "Chinese label of the concept."),
        Column::new("label_en", Text, "English label of the concept."),
        Column::new("cells", Integer, "How many cells have a value.").required(),
        Column::new("candidates", Integer, "How many numbers may fill them.").required(),
        Column::new(
            "conflicts",
            Integer,
            "In how many cells they differ by more than their rounding.",
        )
        .required(),
    ]
}

fn column_rows(panel: &Panel) -> Vec<Row<'_>> {
    let mut counts = vec![[0_usize; 3]; panel.columns.len()];
    for cell in &panel.cells {
        if let Some([cells, candidates, conflicts]) = counts.get_mut(cell.column) {
            *cells += usize::from(cell.chosen().is_some());
            *candidates += cell.candidates.len();
            *conflicts += usize::from(cell.conflict);
        }
    }
    let row = |(column, counts): (&'_ super::Column, [usize; 3])| -> Row<'static> {
        let optional = |text: &Option<String>| Value::text(text.clone().unwrap_or_default());
        let mut row = vec![
            Value::text(column.id.to_string()),
            Value::text(column.id.concept.clone()),
            Value::text(column.id.stated.name()),
            Value::text(column.unit.clone()),
            optional(&column.dimension),
            optional(&column.zh),
            optional(&column.en),
        ];
        row.extend(counts.map(Value::integer));
        row
    };
    panel.columns.iter().zip(counts).map(row).collect()
}
