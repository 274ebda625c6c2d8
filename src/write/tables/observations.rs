//! The table of observations: indicators as SDMX-CSV 2.0 has them.
//!
//! Codes are those of SDMX's cross-domain lists, `_X` (not specified) and `_Z` (does not apply) among
//! them. A cell is empty only where an attribute has nothing to say.

use std::collections::{HashMap, HashSet};

use super::time_period::TimePeriod;
use super::{Cell, Column, Kind, Row, checks, pages, place};
use crate::base::Decimal;
use crate::lexicon::multipliers::Multipliers;
use crate::record::{CheckStatus, Indicator, Measure, Precision, Record, Status};

/// The dataflow that rows are of.
const STRUCTURE_ID: &str = "GONGBAO:OBSERVATIONS(1.0)";
const NOT_SPECIFIED: &str = "_X";
const NOT_APPLICABLE: &str = "_Z";
/// The codes of OBS_STATUS that occur, in SDMX's order of precedence.
const OBS_STATUS: [&str; 6] = ["I", "F", "E", "U", "V", "A"];

pub(super) fn columns() -> Vec<Column> {
    use Kind::{Decimal, Integer, Text};
    let text = |name, description| Column::new(name, Text, description);
    vec![
        text("STRUCTURE", "Kind of structure.")
            .required()
            .values(&["dataflow"]),
        text("STRUCTURE_ID", "Its agency, id and version.")
            .required()
            .values(&[STRUCTURE_ID]),
        text("ACTION", "I: for information.")
            .required()
            .values(&["M"]),
        text(
            "FREQ",
            "Length of the time, codes of CL_FREQ: A year, S half-year, Q quarter, M month, D day; A2, A3, A4, \
             A5, A10 as many calendar years; _O any other.",
        )
        .required()
        .values(&["A", "S", "Q", "M", "D", "A2", "A3", "A4", "A5", "A10", "_O"]),
        text(
            "REF_AREA",
            "Place that the page speaks of: GB/T 2260 code behind `CN`, else its name, else _X.",
        )
        .required(),
        text(
            "INDICATOR",
            "Id in the concept code list, else the name of what is measured, else _X.",
        )
        .required(),
        text(
            "TIME_PERIOD",
            "2021, 2021-S1, 2021-Q3, 2021-07, 2021-07-19; any other stretch as first day and length: \
             2023-01-01/P9M, 2021-01-01/P5Y, 2021-07-03/P10D.",
        )
        .required(),
        Column::new(
            "OBS_VALUE",
            Decimal,
            "Value with the digits as written, in the unit as written.",
        )
        .required(),
        text(
            "UNIT_MEASURE",
            "Unit without multiplier, as the page has it; _Z for a number without one.",
        )
        .required(),
        Column::new(
            "UNIT_MULT",
            Integer,
            "Power of ten that the unit as written is of UNIT_MEASURE: 4 for ten thousand yuan.",
        )
        .required(),
        Column::new("DECIMALS", Integer, "Digits of OBS_VALUE behind the point.").required(),
        text(
            "OBS_STATUS",
            "Codes of CL_OBS_STATUS, the first that holds: I misread characters of it were mended; F a target \
             or forecast; E not exact by the page's own words; U the OCR engine was not sure of it; V a term \
             of a check that does not come out; A none of these.",
        )
        .required()
        .values(&OBS_STATUS),
        text(
            "COMMENT_OBS",
            "All that holds of these, in words; empty for A.",
        ),
        text("MEASURE", "What is stated about INDICATOR.")
            .required()
            .values_of::<Measure>(),
        text("BASIS", "What a growth or change is measured against, else _Z.").required(),
        text("PAGE", "The page: its name as given; `pages.page`.").required(),
        text("ID", "Id of the indicator on that page; `indicators.id`.").required(),
        text(
            "SOURCE_FILE",
            "The file that SOURCE_START, SOURCE_END and LINE count in, when it is another than the page's own.",
        ),
        Column::new("SOURCE_START", Integer, "First contributing byte of the source file, from 0.").required(),
        Column::new("SOURCE_END", Integer, "One past its last contributing byte.").required(),
        Column::new("LINE", Integer, "Line of the first byte, from 1.").required(),
        text("MENTION", "Number and unit as the clean text has them.").required(),
    ]
}

pub(super) fn rows(record: &Record) -> Vec<Row<'_>> {
    let doubts = Doubts::of(record);
    let row = |x| row(record, x, &doubts);
    record.indicators.iter().filter_map(row).collect()
}

/// None for what has no single value, or no time: a dimension cannot be missing.
fn row<'r>(record: &'r Record, x: &'r Indicator, doubts: &Doubts) -> Option<Row<'r>> {
    let (value, period) = (x.value?, x.period.as_ref()?);
    let period = TimePeriod::new(period.start.parse().ok()?, period.end.parse().ok()?);
    let (unit, power) = unit(x);
    let remarks = doubts.remarks(x);
    let comment: Vec<&str> = remarks.iter().map(|(_, text)| text.as_str()).collect();
    Some(vec![
        Cell::text("dataflow"),
        Cell::text(STRUCTURE_ID),
        Cell::text("M"),
        Cell::text(period.freq),
        area(record),
        coded(x.concept.as_deref().unwrap_or(&x.name), NOT_SPECIFIED),
        Cell::text(period.time),
        Cell::Decimal(value),
        coded(unit, NOT_APPLICABLE),
        Cell::integer(power),
        Cell::integer(value.scale()),
        Cell::text(remarks.first().map_or("A", |(code, _)| code)),
        Cell::text(comment.join("; ")),
        Cell::code(x.measure),
        x.basis.map_or(Cell::text(NOT_APPLICABLE), Cell::code),
        Cell::text(&record.source.name),
        Cell::text(x.id.as_str()),
        Cell::optional(place::other_file(record, &x.source)),
        Cell::integer(x.source.start),
        Cell::integer(x.source.end),
        Cell::integer(x.source.line),
        Cell::text(x.mention.as_str()),
    ])
}

/// `text`, or the code that says that there is none.
fn coded<'a>(text: &'a str, none: &'static str) -> Cell<'a> {
    Cell::text(if text.is_empty() { none } else { text })
}

fn area(record: &Record) -> Cell<'_> {
    if let Some(code) = pages::region_code(record) {
        return Cell::text(code);
    }
    let region = record.document.region.as_ref();
    coded(region.map_or("", |r| &r.name), NOT_SPECIFIED)
}

/// The unit without its multipliers and the power of ten of these. A sound record always has it so; of
/// others, the unit stays whole.
fn unit(x: &Indicator) -> (&str, u32) {
    match Multipliers::builtin().power(&x.unit, &x.base_unit) {
        Some(power) => (&x.base_unit, power),
        None => (&x.unit, 0),
    }
}

/// What the record says against numbers of the page.
struct Doubts<'r> {
    /// Where mentions stand that the engine was not sure of.
    unsure: HashSet<(u32, u32)>,
    /// The checks that do not come out, by the ids of their terms.
    failed: HashMap<&'r str, Vec<String>>,
}

impl<'r> Doubts<'r> {
    fn of(record: &'r Record) -> Self {
        let unsure = record.diagnostics.iter();
        let unsure = unsure
            .filter(|d| d.code == "low-confidence")
            .filter_map(|d| d.start.zip(d.end))
            .collect();
        let mut failed: HashMap<&str, Vec<String>> = HashMap::new();
        let numbered = (1..).zip(&record.checks);
        for (number, check) in numbered.filter(|(_, c)| c.status == CheckStatus::Mismatch) {
            for id in check.total.iter().chain(&check.parts) {
                failed.entry(id).or_default().push(checks::id(number));
            }
        }
        Self { unsure, failed }
    }

    /// What is to be said of `x`, in the order of [`OBS_STATUS`]: the code, and the same in words.
    fn remarks(&self, x: &Indicator) -> Vec<(&'static str, String)> {
        let mut remarks = Vec::new();
        if let Some(repair) = &x.repair {
            remarks.push(("I", format!("read for {} ({})", repair.from, repair.why)));
        }
        if x.status != Status::Actual {
            remarks.push(("F", Cell::code(x.status).to_string()));
        }
        if x.precision != Precision::Exact {
            let bounds = match (x.precision, x.lower, x.upper) {
                (Precision::Range, Some(lower), Some(upper)) => between(lower, upper),
                _ => String::new(),
            };
            remarks.push(("E", format!("{}{bounds}", Cell::code(x.precision))));
        }
        if self.unsure.contains(&(x.start, x.end)) {
            remarks.push(("U", "low confidence".to_owned()));
        }
        if let Some(checks) = self.failed.get(x.id.as_str()) {
            remarks.push(("V", format!("mismatch in {}", checks.join(", "))));
        }
        remarks
    }
}

fn between(lower: Decimal, upper: Decimal) -> String {
    format!(" {lower} to {upper}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Severity;
    use crate::record::{Finding, MentionRepair, Region};
    use crate::validate::example::record;

    fn cell(record: &Record, row: usize, name: &str) -> String {
        let at = columns().iter().position(|c| c.name == name).unwrap();
        rows(record)[row][at].to_string()
    }

    #[test]
    fn value_times_multiplier_is_the_base_value() {
        let mut record = record();
        record.indicators[0].value = Some("12.50".parse().unwrap());
        for (name, expected) in [
            ("FREQ", "A"),
            ("TIME_PERIOD", "2021"),
            ("INDICATOR", "工业产值"),
            ("OBS_VALUE", "12.50"),
            ("UNIT_MEASURE", "元"),
            ("UNIT_MULT", "4"),
            ("DECIMALS", "2"),
            ("OBS_STATUS", "A"),
            ("COMMENT_OBS", ""),
            ("BASIS", "_Z"),
            ("REF_AREA", "_X"),
            ("ID", "i1"),
        ] {
            assert_eq!(cell(&record, 0, name), expected, "{name}");
        }
        assert_eq!(cell(&record, 2, "UNIT_MULT"), "0");
        record.indicators[0].concept = Some("gross-output".into());
        assert_eq!(cell(&record, 0, "INDICATOR"), "gross-output");
    }

    #[test]
    fn what_is_no_observation() {
        let mut record = record();
        assert_eq!(rows(&record).len(), 3);
        record.indicators[0].period = None;
        assert_eq!(rows(&record).len(), 2);
        record.indicators[1].value = None;
        let rows = rows(&record);
        assert_eq!(rows.len(), 1);
        assert!(rows[0].contains(&Cell::text("i3")));
    }

    #[test]
    fn nothing_is_a_code() {
        let mut record = record();
        let x = &mut record.indicators[0];
        (x.name, x.unit, x.base_unit) = ("".into(), "万".into(), "".into());
        assert_eq!(cell(&record, 0, "INDICATOR"), "_X");
        assert_eq!(cell(&record, 0, "UNIT_MEASURE"), "_Z");
        assert_eq!(cell(&record, 0, "UNIT_MULT"), "4");
    }

    #[test]
    fn areas_are_codes_or_names() {
        let mut record = record();
        let mut region = Region {
            name: "永宁县".to_owned(),
            code: None,
        };
        record.document.region = Some(region.clone());
        assert_eq!(cell(&record, 0, "REF_AREA"), "永宁县");
        region.code = Some("640121".to_owned());
        record.document.region = Some(region);
        assert_eq!(cell(&record, 0, "REF_AREA"), "CN640121");
    }

    #[test]
    fn the_first_status_that_holds_and_all_of_them_in_words() {
        let mut record = record();
        let status = |record: &Record| {
            (
                cell(record, 0, "OBS_STATUS"),
                cell(record, 0, "COMMENT_OBS"),
            )
        };
        let mut expect = |change: &dyn Fn(&mut Record), code: &str, comment: &str| {
            change(&mut record);
            assert_eq!(status(&record), (code.to_owned(), comment.to_owned()));
        };
        expect(
            &|r| r.checks[0].status = CheckStatus::Mismatch,
            "V",
            "mismatch in c1",
        );
        expect(
            &|r| {
                let (start, end) = (r.indicators[0].start, r.indicators[0].end);
                r.diagnostics.push(Finding {
                    severity: Severity::Warning,
                    code: "low-confidence".into(),
                    message: String::new(),
                    start: Some(start),
                    end: Some(end),
                    source: None,
                });
            },
            "U",
            "low confidence; mismatch in c1",
        );
        expect(
            &|r| r.indicators[0].precision = Precision::About,
            "E",
            "about; low confidence; mismatch in c1",
        );
        expect(
            &|r| r.indicators[0].status = Status::Target,
            "F",
            "target; about; low confidence; mismatch in c1",
        );
        expect(
            &|r| {
                r.indicators[0].repair = Some(Box::new(MentionRepair {
                    from: "l2万元".to_owned(),
                    why: "digit-confusable".into(),
                }));
            },
            "I",
            "read for l2万元 (digit-confusable); target; about; low confidence; mismatch in c1",
        );
    }

    #[test]
    fn a_range_says_its_bounds() {
        let mut record = record();
        let x = &mut record.indicators[0];
        x.precision = Precision::Range;
        (x.lower, x.upper) = (Some(10.into()), Some(12.into()));
        assert_eq!(cell(&record, 0, "COMMENT_OBS"), "range 10 to 12");
    }
}
