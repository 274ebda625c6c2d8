//! The checks of a panel as a table: one row a check.

use super::{Apart, Check, Kind, Note, Outcome};
use crate::panel::Panel;
use crate::panel::tables::{key_cells, key_columns};
use crate::write::tables::{Cell as Value, Column, Kind as Of, Row};

/// Its columns for `panel`.
#[must_use]
pub fn columns(panel: &Panel) -> Vec<Column> {
    let text =
        |name: &'static str, description: &'static str| Column::new(name, Of::Text, description);
    let kinds = Kind::ALL.map(Kind::name);
    let outcomes = Outcome::ALL.map(Outcome::name);
    let notes = Note::ALL.map(Note::name);
    let mut all = Vec::from(key_columns(panel));
    all.extend([
        text("column", "The column of the cell that comes out.").required(),
        text("kind", "What is held against what.").required().values(&kinds),
        text("outcome", "How it came out.").required().values(&outcomes),
        text("note", "Why it came out, where rounding alone does not let it: growth at comparable prices, growth weighed by a base year, a revised figure, a quotient by a mean.").values(&notes),
        text("suspect", "The cell that is likeliest to be wrong, year and column; empty where the check comes out."),
        Column::new("suspect_value", Of::Decimal, "Its value, in the unit of its column."),
        text("suspect_unit", "The unit of its column."),
        text("suspect_page", "The page that it stands on."),
        text("suspect_id", "Id of its indicator in the record of that page."),
        Column::new("fits", Of::Decimal, "The one value a slip away with which all of its checks come out, in the unit of its column; empty where there is none or several are."),
        text("also", "Other cells that may as well be wrong."),
        text("evidence", "The other numbers of the check: year, column, value, page and id of the indicator.").required(),
    ]);
    all
}

/// Its rows.
pub fn rows(panel: &Panel) -> impl Iterator<Item = Row<'_>> {
    panel.checks.checks.iter().map(|check| row(panel, check))
}

fn row<'p>(panel: &'p Panel, check: &'p Check) -> Row<'p> {
    let first = check.cells.first().and_then(|&cell| panel.cells.get(cell));
    let Some(first) = first else {
        return Row::new(); // never: a check has cells
    };
    let finding = check.finding.and_then(|at| panel.checks.findings.get(at));
    let suspects = finding.map_or(&[][..], |finding| &finding.suspects);
    let (suspect, also) = match suspects.split_first() {
        Some((first, rest)) => (Some(*first), rest),
        None => (None, suspects),
    };
    let mut row = Row::from(key_cells(panel, first.row));
    row.extend([
        Value::text(column(panel, first.column)),
        Value::text(check.kind.name()),
        Value::text(check.outcome.name()),
        check
            .note
            .map_or(Value::Null, |note| Value::text(note.name())),
    ]);
    row.extend(suspect_cells(panel, suspect));
    let also: Vec<String> = also.iter().map(|&cell| named(panel, cell)).collect();
    row.extend([
        Value::decimal(finding.and_then(|finding| finding.fits)),
        Value::text(also.join("; ")),
        Value::text(evidence(panel, check, suspect)),
    ]);
    row
}

fn suspect_cells(panel: &Panel, suspect: Option<usize>) -> [Value<'_>; 5] {
    let known = || {
        let cell = panel.cells.get(suspect?)?;
        let chosen = cell.chosen()?;
        let (page, number) = panel.statement(chosen)?;
        Some((suspect?, cell, chosen, page, number))
    };
    let Some((at, cell, chosen, page, number)) = known() else {
        return [const { Value::Null }; 5];
    };
    let unit = panel.columns.get(cell.column).map(|column| &*column.unit);
    [
        Value::text(named(panel, at)),
        Value::decimal(chosen.value),
        Value::optional(unit),
        Value::text(&*page.name),
        Value::text(page.text(number.id)),
    ]
}

fn column(panel: &Panel, column: usize) -> String {
    let column = panel.columns.get(column);
    column.map_or_else(String::new, |column| column.id.to_string())
}

/// A cell of a place: time and column.
fn named(panel: &Panel, cell: usize) -> String {
    let known = || {
        let cell = panel.cells.get(cell)?;
        let row = panel.rows.get(cell.row)?;
        let time = match panel.years {
            true => row.time.start.year().to_string(),
            false => panel.time(row.time),
        };
        Some(format!("{time} {}", column(panel, cell.column)))
    };
    known().unwrap_or_default()
}

/// What speaks for or against the suspect of `check`, or what it came out of.
fn evidence(panel: &Panel, check: &Check, suspect: Option<usize>) -> String {
    let mut all: Vec<String> = Vec::new();
    for &at in &check.cells {
        let Some(cell) = panel.cells.get(at) else {
            continue;
        };
        // of a fact that is stated again the others speak, which are of the same cell
        let again = check.kind == Kind::Repeated;
        let candidates = match again {
            true => cell.candidates.get(1..).unwrap_or_default(),
            false if suspect == Some(at) => continue,
            false => cell.candidates.get(..1).unwrap_or_default(),
        };
        let unit = panel.columns.get(cell.column).map_or("", |c| &*c.unit);
        for candidate in candidates {
            if let Some((page, number)) = panel.statement(candidate)
                && let Some(value) = candidate.value
            {
                let (page, id) = (&page.name, page.text(number.id));
                all.push(format!("{} {value}{unit} ({page} {id})", named(panel, at)));
            }
        }
    }
    if let Some(apart) = &check.apart {
        all.push(told(check.kind, apart));
    }
    all.join("; ")
}

/// How far apart growths are, in words.
fn told(kind: Kind, apart: &Apart) -> String {
    let by = apart.by;
    match (kind, apart.usual) {
        (Kind::Growth, Some((usual, checks))) => {
            format!("prices would have risen by {by}%, where {checks} checks have {usual}%")
        }
        (Kind::Growth, None) => format!("prices would have risen by {by}%"),
        _ if by.is_negative() => format!("the mean of the parts lies {} points below", -by),
        _ => format!("the mean of the parts lies {by} points above"),
    }
}
