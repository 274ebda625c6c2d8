//! What becomes of records: rows, units, choice, conflicts.

use std::io::Cursor;

use super::read::{Bytes, Input, read};
use super::tables::Table;
use super::*;
use crate::write::tables::csv;

/// A record of a page: its name, place, date of publication and the indicators.
pub(super) fn record(
    name: &str,
    region: &str,
    published: &str,
    indicators: &[serde_json::Value],
) -> String {
    let mut indicators = indicators.to_vec();
    for (i, indicator) in indicators.iter_mut().enumerate() {
        indicator["id"] = format!("i{}", i + 1).into();
    }
    let (region, code) = region
        .split_once('=')
        .map_or((region, None), |(n, c)| (n, Some(c)));
    let year: i32 = published
        .get(..4)
        .and_then(|y| y.parse().ok())
        .unwrap_or(2022);
    serde_json::json!({
        "schema": "gongbao/1",
        "source": { "name": name, "sha256": format!("{name}-sha"), "bytes": 1 },
        "document": {
            "region": { "name": region, "code": code },
            "period": { "text": null, "start": format!("{}-01-01", year - 1), "end": format!("{}-12-31", year - 1) },
            "published": (!published.is_empty()).then_some(published),
        },
        "text": "云岭县\n",
        "indicators": indicators,
    })
    .to_string()
}

/// An indicator: `gdp level 86.4 亿元 2021`.
pub(super) fn number(text: &str) -> serde_json::Value {
    let words: Vec<&str> = text.split(' ').collect();
    let [concept, measure, value, unit, time] = words[..] else {
        panic!("{text}");
    };
    let days: DateSpan = time.parse().unwrap();
    let digits: serde_json::Number = value.parse().unwrap();
    serde_json::json!({
        "name": concept, "concept": concept, "measure": measure, "value": digits,
        "unit": unit, "base_unit": unit.trim_start_matches(['万', '亿']),
        "precision": "exact", "lower": null, "upper": null, "basis": null,
        "period": { "text": null, "start": days.start.to_string(), "end": days.end.to_string(), "inherited": false },
        "status": "actual", "of": null, "relation": null,
        "mention": format!("{value}{unit}"), "quote": format!("{concept}{value}{unit}"),
        "source": { "start": 10, "end": 20, "line": 3, "end_line": 3, "pieces": null },
    })
}

pub(super) fn with(
    mut number: serde_json::Value,
    key: &str,
    value: impl Into<serde_json::Value>,
) -> serde_json::Value {
    number[key] = value.into();
    number
}

pub(super) fn panel_of(records: &[String], query: &Query) -> Panel {
    let input = Input {
        name: "a".to_owned(),
        bytes: Bytes::Stream(Box::new(Cursor::new(records.join("\n")))),
    };
    let found = read(vec![input], 2, query).unwrap();
    assert_eq!(found.unread, []);
    Panel::of(found.pages, query, Lexicon::builtin())
}

pub(super) fn csv(panel: &Panel, table: Table) -> String {
    let mut out = csv::header_of(&table.columns(panel), false);
    csv::rows(&table.rows(panel).collect::<Vec<_>>(), false, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn whys(panel: &Panel) -> Vec<(String, &'static str)> {
    let candidates = panel.cells.iter().flat_map(|cell| &cell.candidates);
    candidates
        .map(|candidate| {
            let (_, number) = panel.statement(candidate).unwrap();
            (number.value.to_string(), candidate.why.name())
        })
        .collect()
}

#[test]
fn a_column_has_one_unit() {
    let records = [
        record(
            "a.txt",
            "云岭县",
            "2022-03-01",
            &[number("gdp level 86.4 亿元 2021")],
        ),
        record(
            "b.txt",
            "云岭县",
            "2023-03-01",
            &[number("gdp level 912000 万元 2022")],
        ),
        record(
            "c.txt",
            "石桥县",
            "2022-03-01",
            &[
                number("gdp level 40.10 亿元 2021"),
                number("gdp growth 6.2 % 2021"),
            ],
        ),
        record(
            "d.txt",
            "石桥县",
            "2023-03-01",
            &[number("gdp level 5.1 亿美元 2022")],
        ),
    ];
    let panel = panel_of(&records, &Query::default());
    assert_eq!(
        csv(&panel, Table::Wide),
        "region_code,region,year,gdp,gdp@growth\n\
         ,云岭县,2021,86.4,\n\
         ,云岭县,2022,91.2000,\n\
         ,石桥县,2021,40.10,6.2\n\
         ,石桥县,2022,,\n"
    );
    assert_eq!(panel.columns[0].unit, "亿元");
    assert_eq!(whys(&panel).last(), Some(&("5.1".to_owned(), "unit")));
    let query = Query {
        columns: Some(vec!["gdp".parse().unwrap()]),
        units: BTreeMap::from([("gdp".parse().unwrap(), "元".to_owned())]),
        ..Query::default()
    };
    let panel = panel_of(&records, &query);
    assert!(csv(&panel, Table::Wide).contains(",云岭县,2021,8640000000\n"));
    assert!(csv(&panel, Table::Columns).contains("gdp,gdp,,元,money,地区生产总值,"));
}

#[test]
fn only_whole_years_fill_the_cells_of_a_year() {
    let of = |time: &str| number(&format!("gdp level 1 亿元 {time}"));
    let numbers = [
        of("2021-01/2021-06"),
        of("2021-07"),
        of("2016/2020"),
        of("2021"),
        with(of("2021"), "period", ()),
    ];
    let records = [record("a.txt", "云岭县", "2022", &numbers)];
    let panel = panel_of(&records, &Query::default());
    assert_eq!(panel.rows.len(), 1);
    let left = panel.left_out;
    assert_eq!(
        (left.part_of_year, left.several_years, left.no_time),
        (2, 1, 1)
    );
    let periods = Query {
        years: false,
        ..Query::default()
    };
    let panel = panel_of(&records, &periods);
    assert_eq!(
        csv(&panel, Table::Wide),
        "region_code,region,period,gdp\n\
         ,云岭县,2016-01-01/2020-12-31,1\n\
         ,云岭县,2021-01-01/2021-06-30,1\n\
         ,云岭县,2021,1\n\
         ,云岭县,2021-07,1\n"
    );
}

#[test]
fn what_there_is_on_the_last_day_is_of_the_year() {
    let numbers = [
        number("pop.registered level 35.2 万人 2021-12-31"),
        number("pop.registered growth 1.2 % 2021-12-31"),
        number("pop.registered level 35 万人 2021-06-30"),
    ];
    let panel = panel_of(
        &[record("a.txt", "云岭县", "2022", &numbers)],
        &Query::default(),
    );
    assert_eq!(
        csv(&panel, Table::Wide),
        "region_code,region,year,pop.registered\n,云岭县,2021,35.2\n"
    );
}

#[test]
fn growth_is_over_the_year_before() {
    let growth = || number("gdp growth 6.2 % 2021");
    let numbers = [
        with(growth(), "basis", "cagr"),
        with(growth(), "basis", "yoy"),
        with(growth(), "basis", "since"),
        with(number("gdp share 106 % 2021"), "basis", "plan"),
        with(number("gdp level 90 亿元 2022"), "status", "target"),
    ];
    let panel = panel_of(
        &[record("a.txt", "云岭县", "2022", &numbers)],
        &Query::default(),
    );
    assert_eq!(
        csv(&panel, Table::Wide),
        "region_code,region,year,gdp@growth\n,云岭县,2021,6.2\n"
    );
    assert_eq!((panel.left_out.basis, panel.left_out.status), (3, 1));
}

#[test]
fn the_best_candidate_is_taken_and_all_are_listed() {
    let old = [number("gdp level 85.0 亿元 2021")];
    let new = [
        with(number("gdp level 86 亿元 2021"), "precision", "about"),
        with(number("gdp level 87.0 亿元 2021"), "status", "estimate"),
        number("gdp level 86.4 亿元 2021"),
        number("gdp level 86.40 亿元 2021"),
    ];
    let records = [
        record("z.txt", "云岭县", "2022-02-01", &old),
        record("a.txt", "云岭县", "2022-03-01", &new),
    ];
    let panel = panel_of(&records, &Query::default());
    let expected = [
        ("86.4", "first"),
        ("86.40", "later"),
        ("86", "approximate"),
        ("87.0", "estimate"),
        ("85.0", "earlier"),
    ]
    .map(|(value, why)| (value.to_owned(), why));
    assert_eq!(whys(&panel), expected);
    assert!(panel.cells[0].conflict);
    let cells = csv(&panel, Table::Cells);
    assert_eq!(cells.lines().count(), 6);
    assert_eq!(cells.matches(",true,first,5,true,a.txt,").count(), 1);
}

#[test]
fn a_number_that_is_told_again_stands_behind() {
    let beside = with(number("gdp level 80.1 亿元 2021"), "of", "i2");
    let records = [record(
        "a.txt",
        "云岭县",
        "2022",
        &[beside, number("gdp level 80.2 亿元 2021")],
    )];
    let panel = panel_of(&records, &Query::default());
    let expected = [("80.2", "level"), ("80.1", "restated")];
    assert_eq!(whys(&panel), expected.map(|(v, w)| (v.to_owned(), w)));
}

#[test]
fn a_conflict_is_more_than_rounding() {
    let conflict = |a: serde_json::Value, b: serde_json::Value| {
        let records = [record("a.txt", "云岭县", "2022", &[a, b])];
        panel_of(&records, &Query::default()).cells[0].conflict
    };
    let level = |value: &str, unit: &str| number(&format!("gdp level {value} {unit} 2021"));
    assert!(!conflict(level("86.4", "亿元"), level("863720", "万元")));
    assert!(conflict(level("86.4", "亿元"), level("863400", "万元")));
    assert!(!conflict(
        level("86.4", "亿元"),
        with(level("90", "亿元"), "precision", "about")
    ));
    assert!(!conflict(
        level("86.4", "亿元"),
        with(level("100", "亿元"), "precision", "about")
    ));
    assert!(conflict(
        level("186.4", "亿元"),
        with(level("90", "亿元"), "precision", "about")
    ));
    let over = with(level("86", "亿元"), "precision", "over");
    assert!(!conflict(
        level("95", "亿元"),
        with(over.clone(), "lower", 86)
    ));
    assert!(conflict(level("80", "亿元"), with(over, "lower", 86)));
}

#[test]
fn a_code_tells_places_apart_and_the_latest_name_is_shown() {
    let gdp = |year: &str| [number(&format!("gdp level 1 亿元 {year}"))];
    let records = [
        record("b.txt", "云岭区=530399", "2023", &gdp("2022")),
        record("a.txt", "云岭县=530399", "2022", &gdp("2021")),
        record("c.txt", "云岭县", "2022", &gdp("2021")),
    ];
    let panel = panel_of(&records, &Query::default());
    assert_eq!(
        csv(&panel, Table::Wide),
        "region_code,region,year,gdp\n530399,云岭区,2021,1\n530399,云岭区,2022,1\n,云岭县,2021,1\n"
    );
}

#[test]
fn the_order_of_records_changes_nothing_and_repeats_are_told() {
    let of = |name: &str, value: &str| {
        record(
            name,
            "云岭县",
            "2022",
            &[number(&format!("gdp level {value} 亿元 2021"))],
        )
    };
    let mut records = vec![
        of("a.txt", "1"),
        of("b.txt", "2"),
        of("c.txt", "3"),
        of("a.txt", "1"),
        of("a.txt", "4"),
    ];
    let first = panel_of(&records, &Query::default());
    assert_eq!(first.repeated, 1);
    assert_eq!(first.pages.len(), 4);
    for _ in 0..5 {
        records.rotate_left(1);
        let again = panel_of(&records, &Query::default());
        for table in Table::ALL {
            assert_eq!(csv(&first, table), csv(&again, table));
        }
    }
}

#[test]
fn columns_are_read_as_they_are_written() {
    for text in ["gdp", "gdp@growth", "pop.resident@rank"] {
        assert_eq!(text.parse::<ColumnId>().unwrap().to_string(), text);
    }
    for text in ["", "@growth", "gdp@", "gdp@level", "gdp@growth@rank"] {
        assert!(text.parse::<ColumnId>().is_err(), "{text}");
    }
}

#[test]
fn a_bad_record_costs_no_other() {
    let good = record(
        "a.txt",
        "云岭县",
        "2022",
        &[number("gdp level 1 亿元 2021")],
    );
    let text = format!(
        "{good}\n{{oops\n\n{{\"schema\":\"gongbao/1\"}}\n{}\n{good}",
        good.replace("gongbao/1", "other/1")
    );
    let pretty: serde_json::Value = serde_json::from_str(&good).unwrap();
    let inputs = [
        text,
        serde_json::to_string_pretty(&pretty).unwrap(),
        String::new(),
    ]
    .map(|text| Input {
        name: "x".to_owned(),
        bytes: Bytes::Stream(Box::new(Cursor::new(text))),
    });
    let query = Query::default();
    let found = read(inputs.into(), 3, &query).unwrap();
    assert_eq!(found.pages.len(), 3);
    let places: Vec<(usize, u64)> = found.unread.iter().map(|u| (u.input, u.line)).collect();
    assert_eq!(places, [(0, 2), (0, 4), (0, 5), (2, 0)]);
    assert!(
        found.unread[0].message.starts_with("it is no JSON: "),
        "{}",
        found.unread[0].message
    );
    assert!(
        found.unread[1].message.contains("missing field"),
        "{}",
        found.unread[1].message
    );
    assert!(
        found.unread[2].message.contains("\"other/1\""),
        "{}",
        found.unread[2].message
    );
}

#[test]
fn all_columns_stand_in_the_order_of_the_code_list() {
    let numbers = [
        "pop.resident",
        "own.concept",
        "gdp.primary",
        "agri.grain",
        "gdp",
    ]
    .map(|concept| number(&format!("{concept} level 1 亿元 2021")));
    let growth = number("gdp growth 1 % 2021");
    let records = [record(
        "a.txt",
        "云岭县",
        "2022",
        &[&numbers[..], &[growth]].concat(),
    )];
    let panel = panel_of(&records, &Query::default());
    let ids: Vec<String> = panel.columns.iter().map(|c| c.id.to_string()).collect();
    let place = |id: &str| ids.iter().position(|known| known == id).unwrap();
    assert_eq!(place("gdp") + 1, place("gdp@growth"));
    assert_eq!(place("gdp@growth") + 1, place("gdp.primary"));
    assert_eq!(place("own.concept"), 5);
}

#[test]
fn a_chart_has_its_words_as_text() {
    let records = [
        record(
            "a.txt",
            "云岭县",
            "2022",
            &[number("gdp level 86.4 亿元 2021")],
        ),
        record(
            "b.txt",
            "云岭县",
            "2023",
            &[number("gdp level 91 亿元 2022")],
        ),
    ];
    let panel = panel_of(&records, &Query::default());
    let chart = chart::chart(&panel, 0).unwrap();
    for text in ["地区生产总值（亿元）", "云岭县", "2022", "Noto Sans CJK SC"] {
        assert!(chart.svg.contains(text), "{text}");
    }
    assert_eq!(chart.left_out, 0);
    assert_eq!(chart::chart(&panel, 7), Err(chart::ChartError::Empty));
}
