//! The indicators as an aligned table for the eye.

use std::io;

use anstyle::Style;
use unicode_width::UnicodeWidthStr;

use super::words::{cut_back, cut_front, number, period, section_paths, word};
use crate::record::{Indicator, Precision, Record};

/// The heads of the columns, the blanks before each, and how narrow each may be cut; none may not
/// be cut at all. A unit belongs to its value.
const COLUMNS: [(&str, usize, Option<usize>); 7] = [
    ("name", 0, Some(12)),
    ("value", 2, None),
    ("unit", 1, Some(8)),
    ("measure", 2, None),
    ("period", 2, Some(15)),
    ("section", 2, Some(8)),
    ("line", 2, None),
];
const VALUE: usize = 1;
const SECTION: usize = 5;
const LINE: usize = 6;

/// Writes one line an indicator, aligned for a terminal on which a Han character takes two
/// columns; values stand with their points in one column, and a sign before them says how they bound
/// what is meant: `≈`, `<`, `≤`, `≲` (nearly), `>`, `≥`, `≳`; none when they are exact. Names and sections are cut with `…`
/// so that lines fit `width` columns, where one is given. The heads are bold, in ANSI codes for
/// the caller to drop where they are not wanted.
///
/// # Errors
/// Those of `out`.
pub fn table(record: &Record, width: Option<usize>, out: &mut impl io::Write) -> io::Result<()> {
    let rows = rows(record);
    let widths = widths(&rows, width);
    let bold = Style::new().bold();
    let head = COLUMNS.map(|(head, ..)| head.to_owned());
    writeln!(out, "{bold}{}{bold:#}", line(&head, &widths))?;
    for row in &rows {
        writeln!(out, "{}", line(row, &widths))?;
    }
    Ok(())
}

type Row = [String; COLUMNS.len()];

fn rows(record: &Record) -> Vec<Row> {
    let paths = section_paths(record);
    let mut rows: Vec<Row> = record
        .indicators
        .iter()
        .map(|x| {
            let section = x.section.as_deref().and_then(|id| paths.get(id));
            [
                x.name.to_string(),
                value(x),
                x.unit.to_string(),
                word(&x.measure),
                x.period.as_deref().map(period).unwrap_or_default(),
                section.cloned().unwrap_or_default(),
                super::line(record, &x.source),
            ]
        })
        .collect();
    align_points(&mut rows);
    rows
}

/// The value, or what stands for it: `≥30`, `30–50`, `22.8:38.8:38.4`, `1/3`.
fn value(indicator: &Indicator) -> String {
    let sign = match indicator.value {
        Some(value) => sign(indicator.precision, value.is_negative()),
        None => "",
    };
    format!("{sign}{}", number(indicator))
}

/// How the number bounds what is meant. The words bound its size, so that below zero the signs
/// turn: 下降超5% is less than -5.
fn sign(precision: Precision, negative: bool) -> &'static str {
    match (precision, negative) {
        (Precision::Exact | Precision::Range, _) => "",
        (Precision::About, _) => "≈",
        (Precision::Over, false) | (Precision::Under, true) => ">",
        (Precision::Under, false) | (Precision::Over, true) => "<",
        (Precision::AtLeast, false) | (Precision::AtMost, true) => "≥",
        (Precision::AtMost, false) | (Precision::AtLeast, true) => "≤",
        (Precision::Nearly, false) => "≲",
        (Precision::Nearly, true) => "≳",
    }
}

/// Pads values on the right so that, set flush right, their points stand below each other.
fn align_points(rows: &mut [Row]) {
    let single = |value: &str| !value.contains([':', '/', '–']);
    let fraction = |value: &str| value.find('.').map_or(0, |at| value.len() - at);
    let values = rows.iter().map(|row| row[VALUE].as_str());
    let most = values
        .filter(|v| single(v))
        .map(fraction)
        .max()
        .unwrap_or(0);
    for row in rows {
        let value = &mut row[VALUE];
        if single(value) {
            value.push_str(&" ".repeat(most - fraction(value)));
        }
    }
}

/// Widths of the columns: what they need, or less where the whole must fit `most`.
fn widths(rows: &[Row], most: Option<usize>) -> [usize; COLUMNS.len()] {
    let mut widths = COLUMNS.map(|(head, ..)| head.width());
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.width().max(*width);
        }
    }
    let Some(most) = most else { return widths };
    let gaps: usize = COLUMNS.iter().map(|(_, gap, _)| gap).sum();
    while widths.iter().sum::<usize>() + gaps > most {
        let widest = widths
            .iter_mut()
            .zip(COLUMNS)
            .filter(|(width, (.., least))| least.is_some_and(|least| **width > least))
            .map(|(width, _)| width)
            .max_by_key(|width| **width);
        match widest {
            Some(width) => *width -= 1,
            None => break, // all is as narrow as it may be: better too wide than unreadable
        }
    }
    widths
}

fn line(row: &Row, widths: &[usize; COLUMNS.len()]) -> String {
    let mut line = String::new();
    for (column, (cell, &width)) in row.iter().zip(widths).enumerate() {
        let cell = if column == SECTION {
            cut_front(cell, width)
        } else {
            cut_back(cell, width)
        };
        let padding = " ".repeat(width.saturating_sub(cell.width()));
        line.push_str(&" ".repeat(COLUMNS[column].1));
        if column == VALUE || column == LINE {
            line.push_str(&padding);
            line.push_str(&cell);
        } else {
            line.push_str(&cell);
            line.push_str(&padding);
        }
    }
    line.truncate(line.trim_end().len());
    line
}

#[cfg(feature = "command")]
#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::record::Measure;
    use crate::validate::example::record;

    fn shown(record: &Record, width: Option<usize>) -> String {
        let mut out = Vec::new();
        table(record, width, &mut out).unwrap();
        anstream::adapter::strip_str(&String::from_utf8(out).unwrap()).to_string()
    }

    #[test]
    fn columns_stand_below_each_other() {
        let mut record = record();
        record.indicators[0].value = Some("887115.50".parse().unwrap());
        let table = shown(&record, None);
        let expected = "\
name            value unit  measure  period  section      line
工业产值    887115.50 万元  level    2021    一、            3
轻工业产值       5    万元  level    2021    一、            4
粮食产量        ≈3    吨    level    2021    一、/（一）     6
";
        assert_eq!(table, expected);
    }

    #[test]
    fn fits_the_width_it_is_given() {
        let mut record = record();
        record.indicators[1].name = "城镇非私营单位在岗职工年平均工资总额及其他".into();
        for width in [80, 70, 60] {
            let table = shown(&record, Some(width));
            assert!(table.contains('…'));
            for line in table.lines() {
                assert!(line.width() <= width, "{} > {width}: {line}", line.width());
            }
        }
    }

    #[test]
    fn what_stands_for_a_value() {
        let mut x = record().indicators.remove(0);
        x.precision = Precision::Range;
        (x.lower, x.upper) = (Some(30.into()), Some(50.into()));
        assert_eq!(value(&x), "30–50");
        x.precision = Precision::Exact;
        (x.value, x.components) = (None, Some([1.into(), 3.into()].into()));
        assert_eq!(value(&x), "1/3");
        x.measure = Measure::Ratio;
        assert_eq!(value(&x), "1:3");
    }

    #[test]
    fn signs_turn_below_zero() {
        let mut x = record().indicators.remove(0);
        x.precision = Precision::Over;
        x.value = Some(5.into());
        assert_eq!(value(&x), ">5");
        x.value = Some((-5).into());
        assert_eq!(value(&x), "<-5");
    }

    #[test]
    fn periods_are_short() {
        let cases = [
            ("2021-01-01", "2021-12-31", "2021"),
            ("2021-01-01", "2025-12-31", "2021/2025"),
            ("2021-02-01", "2021-02-28", "2021-02"),
            ("2021-01-01", "2021-09-30", "2021-01/2021-09"),
            ("2021-07-19", "2021-07-19", "2021-07-19"),
            ("2021-01-01", "2021-07-19", "2021-01-01/2021-07-19"),
        ];
        for (start, end, expected) in cases {
            let x = record().indicators.remove(0).period.unwrap();
            let mut x = Arc::unwrap_or_clone(x);
            (x.start, x.end) = (start.into(), end.into());
            assert_eq!(period(&x), expected);
        }
    }
}
