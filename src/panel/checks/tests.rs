//! Panels with a figure that does not fit: which checks fail, which number is doubted, what would fit.

use super::*;
use crate::panel::tables::Table;
use crate::panel::tests::{csv, number, panel_of, record, with};
use crate::panel::{Panel, Query};

/// A page a year, from 2019 on: all numbers of a year, `gdp level 86.4 亿元`.
fn years(place: &str, pages: &[&[&str]]) -> Vec<String> {
    let page = |(year, numbers): (i32, &&[&str])| {
        let numbers: Vec<_> = numbers
            .iter()
            .map(|text| number(&format!("{text} {year}")))
            .collect();
        let name = format!("{place}-{year}.txt");
        record(&name, place, &format!("{}-03-01", year + 1), &numbers)
    };
    (2019..).zip(pages).map(page).collect()
}

fn panel(place: &str, pages: &[&[&str]]) -> Panel {
    panel_of(&years(place, pages), &Query::default())
}

fn named(panel: &Panel, cell: usize) -> String {
    let cell = &panel.cells[cell];
    let year = panel.rows[cell.row].time.start.year();
    format!("{year} {}", panel.columns[cell.column].id)
}

/// How often checks of `kind` came out how.
fn outcomes(panel: &Panel, kind: Kind) -> Vec<&'static str> {
    let checks = panel.checks.checks.iter();
    let of_kind = checks.filter(|check| check.kind == kind);
    of_kind.map(|check| check.outcome.name()).collect()
}

/// What is in doubt: the cells, how, and what would fit.
fn doubts(panel: &Panel) -> Vec<(String, &'static str, Option<String>)> {
    let findings = panel.checks.findings.iter();
    findings
        .map(|finding| {
            let cells: Vec<_> = finding
                .suspects
                .iter()
                .map(|&at| named(panel, at))
                .collect();
            let fits = finding.fits.map(|fits| fits.to_string());
            (cells.join(", "), finding.outcome.name(), fits)
        })
        .collect()
}

fn doubt(cell: &str, outcome: &'static str, fits: &str) -> (String, &'static str, Option<String>) {
    let fits = (!fits.is_empty()).then(|| fits.to_owned());
    (cell.to_owned(), outcome, fits)
}

#[test]
fn levels_and_growth_that_fit() {
    let panel = panel(
        "云岭县",
        &[
            &["agri.grain level 12.00 万吨"],
            &["agri.grain level 12.40 万吨", "agri.grain growth 3.3 %"],
            &["agri.grain level 13.02 万吨", "agri.grain growth 5.0 %"],
        ],
    );
    assert_eq!(outcomes(&panel, Kind::Growth), ["rounding", "ok"]);
    assert_eq!(outcomes(&panel, Kind::Jump), Vec::<&str>::new());
    assert_eq!(doubts(&panel), []);
}

#[test]
fn the_level_that_two_growths_contradict() {
    let panel = panel(
        "云岭县",
        &[
            &["agri.grain level 12.00 万吨"],
            &["agri.grain level 17.40 万吨", "agri.grain growth 3.3 %"],
            &["agri.grain level 13.02 万吨", "agri.grain growth 5.0 %"],
        ],
    );
    assert_eq!(outcomes(&panel, Kind::Growth), ["mismatch", "mismatch"]);
    assert_eq!(
        doubts(&panel),
        [doubt("2020 agri.grain", "mismatch", "12.40")]
    );
}

#[test]
fn a_year_that_is_missing_holds_nothing_against_the_next() {
    let panel = panel(
        "云岭县",
        &[
            &["agri.grain level 12.00 万吨"],
            &["agri.grain growth 3.3 %"],
            &["agri.grain level 13.02 万吨", "agri.grain growth 5.0 %"],
        ],
    );
    assert_eq!(panel.checks.checks, []);
}

#[test]
fn a_change_against_two_levels() {
    let pages = |change: &'static str| -> [Vec<&'static str>; 2] {
        [
            vec!["pop.resident level 30.52 万人"],
            vec!["pop.resident level 30.41 万人", change],
        ]
    };
    let of = |change| {
        let [first, second] = pages(change);
        panel("枫渚县", &[&first, &second])
    };
    let panel = of("pop.resident change -1100 人");
    assert_eq!(outcomes(&panel, Kind::Change), ["ok"]);
    let panel = of("pop.resident change -1900 人");
    assert_eq!(outcomes(&panel, Kind::Change), ["mismatch"]);
    let (cells, ..) = &doubts(&panel)[0];
    assert!(cells.contains("2020 pop.resident@change"), "{cells}");
}

#[test]
fn a_whole_and_its_parts() {
    let panel = panel(
        "云岭县",
        &[&[
            "gdp level 86.4 亿元",
            "gdp.primary level 20.1 亿元",
            "gdp.secondary level 36.3 亿元",
            "gdp.tertiary level 33.0 亿元",
        ]],
    );
    assert_eq!(outcomes(&panel, Kind::Identity), ["mismatch"]);
    // each of three may have one figure wrong: 89.4, 33.3, 30.0
    let cells = "2019 gdp, 2019 gdp.secondary, 2019 gdp.tertiary";
    assert_eq!(doubts(&panel), [doubt(cells, "mismatch", "")]);
}

#[test]
fn a_share_against_its_levels() {
    let of = |share: &str| {
        panel(
            "云岭县",
            &[&[
                "gdp level 86.4 亿元",
                "gdp.primary level 201000 万元",
                "gdp.secondary level 36.3 亿元",
                "gdp.tertiary level 30.0 亿元",
                share,
            ]],
        )
    };
    let sound = of("gdp.primary share 23.3 %");
    assert_eq!(outcomes(&sound, Kind::Share), ["rounding"]);
    let bad = of("gdp.primary share 28.3 %");
    assert_eq!(outcomes(&bad, Kind::Share), ["mismatch"]);
    assert_eq!(
        doubts(&bad),
        [doubt("2019 gdp.primary@share", "mismatch", "23.3")]
    );
}

#[test]
fn the_growth_of_a_whole_lies_among_those_of_its_parts() {
    let of = |growth: &str| {
        panel(
            "云岭县",
            &[
                &[
                    "retail level 40.00 亿元",
                    "retail.urban level 30.00 亿元",
                    "retail.rural level 10.00 亿元",
                ],
                &[
                    growth,
                    "retail.urban growth 4.0 %",
                    "retail.rural growth 8.0 %",
                ],
            ],
        )
    };
    let sound = of("retail growth 5.0 %");
    assert_eq!(outcomes(&sound, Kind::Mean), ["ok"]);
    let bad = of("retail growth 9.0 %");
    assert_eq!(outcomes(&bad, Kind::Mean), ["mismatch"]);
    assert!(doubts(&bad)[0].0.contains("2020 retail@growth"));
}

#[test]
fn levels_of_the_year_weigh_where_those_before_are_not_known() {
    let panel = panel(
        "云岭县",
        &[&[
            "retail growth 5.0 %",
            "retail.urban level 31.20 亿元",
            "retail.urban growth 4.0 %",
            "retail.rural level 10.80 亿元",
            "retail.rural growth 8.0 %",
        ]],
    );
    assert_eq!(outcomes(&panel, Kind::Mean), ["ok"]);
}

#[test]
fn a_lost_point_is_a_jump() {
    let panel = panel(
        "枫渚县",
        &[
            &["pop.resident level 30.52 万人"],
            &["pop.resident level 3041 万人"],
            &["pop.resident level 30.33 万人"],
        ],
    );
    assert_eq!(outcomes(&panel, Kind::Jump), ["unlikely", "unlikely"]);
    assert_eq!(
        doubts(&panel),
        [doubt("2020 pop.resident", "unlikely", "30.41")]
    );
}

#[test]
fn a_multiplier_for_another_is_a_jump() {
    let panel = panel(
        "枫渚县",
        &[
            &["gdp level 84.1 亿元"],
            &["gdp level 86.4 万元"],
            &["gdp level 92.3 亿元"],
        ],
    );
    assert_eq!(doubts(&panel), [doubt("2020 gdp", "unlikely", "86.4000")]);
}

#[test]
fn growth_that_comes_over_many_years_is_no_jump() {
    let far = |year: i32, level: &str| {
        let name = format!("{year}.txt");
        let text = format!("gdp level {level} 亿元 {year}");
        record(
            &name,
            "枫渚县",
            &format!("{}-03-01", year + 1),
            &[number(&text)],
        )
    };
    let panel = panel_of(&[far(1995, "8.4"), far(2015, "92.3")], &Query::default());
    assert_eq!(panel.checks.checks, []);
}

/// A page of 2019 and one of the year after that tells of 2019 again.
fn told_again(first: &str, again: &str) -> Panel {
    let of = |level: &str| number(&format!("gdp level {level} 亿元 2019"));
    let records = [
        record("a.txt", "云岭县", "2020-03-01", &[of(first)]),
        record("b.txt", "云岭县", "2021-03-01", &[of(again)]),
    ];
    panel_of(&records, &Query::default())
}

#[test]
fn the_same_fact_on_two_pages() {
    for (first, again, outcome, note) in [
        ("86.4", "86.4", "ok", None),
        ("86.4", "86.41", "rounding", None),
        ("86.4", "87.2", "ok", Some(Note::Revised)),
        ("86.4", "66.4", "mismatch", None),
        ("86.4", "86.9", "unlikely", None),
        ("86.4", "137.2", "unlikely", None),
    ] {
        let panel = told_again(first, again);
        let [check] = panel.checks.checks.as_slice() else {
            panic!("{first} {again}: {:?}", panel.checks);
        };
        let found = (check.kind, check.outcome.name(), check.note);
        assert_eq!(found, (Kind::Repeated, outcome, note), "{first} {again}");
        assert_eq!(
            panel.checks.findings.len(),
            usize::from(check.outcome.fails())
        );
    }
    assert_eq!(
        doubts(&told_again("86.4", "66.4")),
        [doubt("2019 gdp", "mismatch", "86.4")]
    );
}

/// Seven counties over three years, prices 2 % up in each; `growth` is what the last states for 2021.
fn counties(growth: &str) -> Panel {
    let mut records = Vec::new();
    for place in ["甲县", "乙县", "丙县", "丁县", "戊县", "己县"] {
        records.extend(years(
            place,
            &[
                &["gdp level 100.0 亿元"],
                &["gdp level 107.1 亿元", "gdp growth 5.0 %"],
                &["gdp level 114.7 亿元", "gdp growth 5.0 %"],
            ],
        ));
    }
    records.extend(years(
        "庚县",
        &[
            &["gdp level 100.0 亿元"],
            &["gdp level 107.1 亿元", "gdp growth 5.0 %"],
            &["gdp level 114.7 亿元", &format!("gdp growth {growth} %")],
        ],
    ));
    panel_of(&records, &Query::default())
}

#[test]
fn prices_are_those_of_the_other_places() {
    let sound = counties("5.0");
    let checks = &sound.checks.checks;
    assert_eq!(checks.len(), 14);
    assert!(checks.iter().all(|check| check.note == Some(Note::Prices)));
    // 5 points less is a price nobody else has, and well within what prices do where none are known
    let bad = counties("0.0");
    let failed: Vec<&Check> = bad
        .checks
        .checks
        .iter()
        .filter(|check| check.outcome.fails())
        .collect();
    let [check] = failed[..] else {
        panic!("{failed:?}");
    };
    assert_eq!(check.outcome, Outcome::Unlikely);
    let apart = check.apart.as_ref().unwrap();
    assert_eq!(apart.by.to_string(), "7.10");
    let (usual, checks) = apart.usual.unwrap();
    assert_eq!((usual.to_string().as_str(), checks), ("2.00", 7));
    assert!(doubts(&bad)[0].0.contains("2021 gdp@growth"));
    // two places alone: nothing is known of prices
    let two = years(
        "庚县",
        &[
            &["gdp level 107.1 亿元"],
            &["gdp level 114.7 亿元", "gdp growth 0.0 %"],
        ],
    );
    assert_eq!(doubts(&panel_of(&two, &Query::default())), []);
}

#[test]
fn what_hardly_ever_holds_is_not_told() {
    let mut records = Vec::new();
    for place in ["甲县", "乙县", "丙县", "丁县", "戊县", "己县"] {
        // of something else than retail sales
        records.extend(years(
            place,
            &[&[
                "retail level 100.0 亿元",
                "retail.urban level 60.0 亿元",
                "retail.rural level 40.0 亿元",
                "retail.rural share 25.0 %",
            ]],
        ));
    }
    let panel = panel_of(&records, &Query::default());
    assert_eq!(outcomes(&panel, Kind::Share), Vec::<&str>::new());
    assert_eq!(outcomes(&panel, Kind::Identity), ["ok"; 6]);
}

#[test]
fn an_open_bound_says_nothing() {
    let over = with(number("gdp level 90 亿元 2019"), "precision", "over");
    let over = with(over, "lower", 90);
    let records = [record(
        "a.txt",
        "云岭县",
        "2020-03-01",
        &[
            over,
            number("gdp.primary level 20.1 亿元 2019"),
            number("gdp.secondary level 36.3 亿元 2019"),
            number("gdp.tertiary level 40.0 亿元 2019"),
        ],
    )];
    let panel = panel_of(&records, &Query::default());
    assert_eq!(panel.checks.checks, []);
}

#[test]
fn dollars_are_not_added_to_yuan() {
    let panel = panel(
        "云岭县",
        &[&[
            "trade level 86.4 亿元",
            "trade.exports level 2.1 亿美元",
            "trade.imports level 4.0 亿美元",
        ]],
    );
    assert_eq!(panel.checks.checks, []);
}

#[test]
fn parts_of_a_year_add_up_and_have_no_year_before() {
    let page = |time: &str, summer: &str| {
        let of = |text: &str| number(&format!("{text} {time}"));
        let numbers = [
            of("agri.grain level 12.0 万吨"),
            of(&format!("agri.grain.summer level {summer} 万吨")),
            of("agri.grain.autumn level 8.0 万吨"),
            of("agri.grain growth 50.0 %"),
        ];
        record(&format!("{time}.txt"), "云岭县", "2022-08-01", &numbers)
    };
    let query = Query {
        years: false,
        ..Query::default()
    };
    let panel = panel_of(&[page("2021-06", "4.0"), page("2022-06", "9.0")], &query);
    assert_eq!(outcomes(&panel, Kind::Identity), ["ok", "mismatch"]);
    assert_eq!(panel.checks.checks.len(), 2);
}

#[test]
fn the_table_names_suspect_and_evidence() {
    let panel = panel(
        "云岭县",
        &[
            &["agri.grain level 12.00 万吨"],
            &["agri.grain level 17.40 万吨", "agri.grain growth 3.3 %"],
            &["agri.grain level 13.02 万吨", "agri.grain growth 5.0 %"],
        ],
    );
    let table = csv(&panel, Table::Checks);
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(
        lines,
        [
            "region_code,region,year,column,kind,outcome,note,suspect,suspect_value,suspect_unit,suspect_page,suspect_id,fits,also,evidence",
            ",云岭县,2020,agri.grain,growth,mismatch,,2020 agri.grain,17.40,万吨,云岭县-2020.txt,i1,12.40,,\
             2019 agri.grain 12.00万吨 (云岭县-2019.txt i1); 2020 agri.grain@growth 3.3% (云岭县-2020.txt i2)",
            ",云岭县,2021,agri.grain,growth,mismatch,,2020 agri.grain,17.40,万吨,云岭县-2020.txt,i1,12.40,,\
             2021 agri.grain 13.02万吨 (云岭县-2021.txt i1); 2021 agri.grain@growth 5.0% (云岭县-2021.txt i2)",
        ]
    );
}
