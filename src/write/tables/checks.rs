//! The table of checks.

use super::{Cell, Column, Kind, Row, place};
use crate::record::{Check, CheckKind, CheckStatus, Indicator, Record};

pub(super) fn columns() -> Vec<Column> {
    use Kind::{Decimal, Text};
    let mut columns = vec![
        place::page(),
        place::id("`c1`, `c2`, … in the order of the record; unique on its page."),
        Column::new("kind", Text, "What is done.")
            .required()
            .values_of::<CheckKind>(),
        Column::new("status", Text, "How it came out.")
            .required()
            .values_of::<CheckStatus>(),
        Column::new(
            "total",
            Text,
            "Id of the indicator that is checked; empty for shares, whose total of 100 is no number of the page.",
        ),
        Column::new(
            "parts",
            Text,
            "Ids of the indicators that it is worked out from, a space between them.",
        )
        .required(),
        Column::new(
            "expected",
            Decimal,
            "What the page states, in base units; 100 for shares.",
        )
        .required(),
        Column::new(
            "actual",
            Decimal,
            "What the parts come to when they are worked out, in base units.",
        )
        .required(),
        Column::new(
            "candidates",
            Text,
            "Values of one term that would mend it, likeliest first: `i12=7911 i13=5`, each in the term's own unit.",
        ),
    ];
    columns.extend(place::columns());
    columns.push(Column::new(
        "mention",
        Text,
        "The text that the row stands on: the mention of the total or, without one, of the first part.",
    ));
    columns
}

pub(super) fn rows(record: &Record) -> Vec<Row<'_>> {
    let numbered = (1..).zip(&record.checks);
    numbered.map(|(n, check)| row(record, n, check)).collect()
}

/// The id of the `number`-th check, from 1.
pub(super) fn id(number: usize) -> String {
    format!("c{number}")
}

fn row<'r>(record: &'r Record, number: usize, check: &'r Check) -> Row<'r> {
    let candidates = check.candidates.iter();
    let candidates: Vec<String> = candidates
        .map(|c| format!("{}={}", c.id, c.value))
        .collect();
    let stands_on = stands_on(record, check);
    let mut cells = vec![
        Cell::text(&record.source.name),
        Cell::text(id(number)),
        Cell::code(check.kind),
        Cell::code(check.status),
        Cell::optional(check.total.as_deref()),
        Cell::text(check.parts.join(" ")),
        Cell::Decimal(check.expected),
        Cell::Decimal(check.actual),
        Cell::text(candidates.join(" ")),
    ];
    cells.extend(place::cells(record, stands_on.map(|x| &x.source)));
    cells.push(Cell::optional(stands_on.map(|x| x.mention.as_str())));
    cells
}

/// The indicator that is checked or, where that is none of the page, the first that it is checked with.
fn stands_on<'r>(record: &'r Record, check: &Check) -> Option<&'r Indicator> {
    let id = check.total.as_ref().or(check.parts.first())?;
    record.indicators.iter().find(|x| x.id == *id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Candidate;
    use crate::validate::example::record;

    #[test]
    fn stands_on_the_total_else_on_a_part() {
        let mut record = record();
        let last = |record: &Record| rows(record)[0].last().unwrap().to_string();
        assert_eq!(last(&record), record.indicators[0].mention);
        record.checks[0].total = None;
        assert_eq!(last(&record), record.indicators[1].mention);
    }

    #[test]
    fn lists_are_texts() {
        let mut record = record();
        let candidate = |id: &str, value: &str| Candidate {
            id: id.into(),
            value: value.parse().unwrap(),
        };
        record.checks[0].parts = vec!["i2".into(), "i3".into()];
        record.checks[0].candidates = vec![candidate("i2", "12.0"), candidate("i3", "7")];
        let rows = rows(&record);
        assert_eq!(rows[0][5], Cell::text("i2 i3"));
        assert_eq!(rows[0][8], Cell::text("i2=12.0 i3=7"));
    }
}
