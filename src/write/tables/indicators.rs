//! The table of indicators.

use std::collections::HashMap;

use super::{Cell, Column, Kind, Row, place, sections};
use crate::record::{
    Basis, Correction, Decision, Indicator, Measure, Precision, Record, Relation, Status,
};

pub(super) fn columns() -> Vec<Column> {
    use Kind::{Boolean, Date, Decimal, Integer, Text};
    let text = |name, description| Column::new(name, Text, description);
    let mut columns = vec![
        place::page(),
        place::id("`i1`, `i2`, … in reading order; unique on its page."),
        text("section", "Id of the innermost section that it stands in."),
        text(
            "section_path",
            "Labels and titles from the outermost section to that one, ` / ` between them.",
        ),
        text("name", "What is measured; empty when nothing says so."),
        text(
            "concept",
            "Id in the concept code list; empty when it knows none.",
        ),
        text("measure", "What is stated about it.")
            .required()
            .values_of::<Measure>(),
        Column::new(
            "value",
            Decimal,
            "Signed value with the digits as written, without the unit's multiplier; of a range, the end \
             that stands first (see lower and upper); empty for ratios and fractions, which components has.",
        ),
        text(
            "unit",
            "Unit as written, multiplier included (ten thousand yuan); empty for a number without one.",
        ),
        Column::new(
            "base_value",
            Decimal,
            "Value times multiplier, exact; empty when value is, or beyond 28 digits.",
        ),
        text(
            "base_unit",
            "Unit without multiplier (yuan); empty when there is nothing left of it.",
        ),
        text(
            "components",
            "The terms of a ratio, `22.8:38.8:38.4`, or numerator and denominator of a fraction, `1:3`.",
        ),
        text("precision", "How exact it claims to be.")
            .required()
            .values_of::<Precision>(),
        Column::new(
            "lower",
            Decimal,
            "Lower bound of value in its unit, signed; empty when open.",
        ),
        Column::new("upper", Decimal, "Upper bound likewise."),
        text("basis", "What a growth or change is measured against.").values_of::<Basis>(),
        text(
            "period_text",
            "The words that the time was read from; empty when it comes from a hint.",
        ),
        Column::new(
            "period_start",
            Date,
            "First day of the time that it speaks of; empty when the page does not say.",
        ),
        Column::new("period_end", Date, "Last day of that time."),
        Column::new(
            "period_inherited",
            Boolean,
            "True when the time was not said in its own clause.",
        ),
        text("status", "Whether it has come true.")
            .required()
            .values_of::<Status>(),
        text(
            "of_indicator",
            "Id of the indicator on the same page that it is a part, growth, … of.",
        ),
        text("relation", "What it is of that one.").values_of::<Relation>(),
        text(
            "quote",
            "The clause around the mention, as the clean text has it.",
        ),
        Column::new(
            "text_start",
            Integer,
            "First code point of the mention in the record's text.",
        )
        .required(),
        Column::new("text_end", Integer, "One past its last code point.").required(),
        text(
            "repair_from",
            "What the page has, white space taken out, when it was read as something else.",
        ),
        text("repair_why", "Why it was."),
        text("decision", "What a reviewer decided of it.").values_of::<Decision>(),
        Column::new(
            "read_value",
            Decimal,
            "The value that was read, where a reviewer gave another, which is `value`.",
        ),
    ];
    columns.extend(place::columns());
    columns.push(
        text(
            "mention",
            "The text it stands on: number and unit as the clean text has them.",
        )
        .required(),
    );
    columns
}

pub(super) fn rows(record: &Record) -> Vec<Row<'_>> {
    let paths = sections::paths(record);
    let decided = record.corrections.iter();
    let decided: HashMap<&str, &Correction> = decided.map(|c| (c.indicator.as_str(), c)).collect();
    let indicators = record.indicators.iter();
    indicators
        .map(|x| row(record, x, &paths, decided.get(x.id.as_str()).copied()))
        .collect()
}

fn row<'r>(
    record: &'r Record,
    x: &'r Indicator,
    paths: &HashMap<&str, String>,
    decided: Option<&Correction>,
) -> Row<'r> {
    let path = x.section.as_deref().and_then(|id| paths.get(id)).cloned();
    let period = x.period.as_ref();
    let repair = x.repair.as_ref();
    let mut cells = vec![
        Cell::text(&record.source.name),
        Cell::text(x.id.as_str()),
        Cell::optional(x.section.as_deref()),
        path.map_or(Cell::Null, Cell::text),
        Cell::text(x.name.as_str()),
        Cell::optional(x.concept.as_deref()),
        Cell::code(x.measure),
        Cell::decimal(x.value),
        Cell::text(x.unit.as_str()),
        Cell::decimal(x.base_value),
        Cell::text(x.base_unit.as_str()),
        components(x),
        Cell::code(x.precision),
        Cell::decimal(x.lower),
        Cell::decimal(x.upper),
        Cell::code(x.basis),
        Cell::optional(period.and_then(|p| p.text.as_deref())),
        Cell::date(period.map(|p| p.start.as_str())),
        Cell::date(period.map(|p| p.end.as_str())),
        period.map_or(Cell::Null, |p| Cell::Boolean(p.inherited)),
        Cell::code(x.status),
        Cell::optional(x.of.as_deref()),
        Cell::code(x.relation),
        Cell::text(x.quote.as_str()),
        Cell::integer(x.start),
        Cell::integer(x.end),
        Cell::optional(repair.map(|r| r.from.as_str())),
        Cell::optional(repair.map(|r| r.why.as_str())),
        Cell::code(decided.map(|c| c.decision)),
        Cell::decimal(decided.and_then(|c| c.read)),
    ];
    cells.extend(place::cells(record, Some(&x.source)));
    cells.push(Cell::text(x.mention.as_str()));
    cells
}

fn components(indicator: &Indicator) -> Cell<'static> {
    let terms = indicator.components.iter().flatten();
    let terms: Vec<String> = terms.map(ToString::to_string).collect();
    Cell::text(terms.join(":"))
}
