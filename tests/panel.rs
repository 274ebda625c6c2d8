//! `gongbao panel` as people use it: pages in, tables, a workbook and a chart out.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use calamine::{Data, Reader, Xlsx, open_workbook};
use predicates::str::contains;
use tempfile::TempDir;

use crate::cli::gongbao;

/// A page of our own: a made-up place and its figures of a year.
fn page(place: &str, year: i32, gdp: &str, area: &str) -> String {
    format!(
        "{place}{year}年国民经济和社会发展统计公报\n{place}统计局\n{}年3月8日\n　　{year}年，全县地区生产总值\
         {gdp}，比上年增长6.2%。粮食种植面积{area}。上半年地区生产总值20.1亿元。\n",
        year + 1
    )
}

/// A folder with the records of some pages in `records.ndjson`.
fn records() -> TempDir {
    let folder = TempDir::new().unwrap();
    let pages = [
        ("a.txt", page("云岭县", 2020, "80.1亿元", "32.1万亩")),
        ("b.txt", page("云岭县", 2021, "86.40亿元", "31.9万亩")),
        ("c.txt", page("石桥县", 2020, "401000万元", "2.14万公顷")),
        ("d.txt", page("石桥县", 2021, "41.2亿元", "7亩")),
    ];
    let mut lines = Vec::new();
    for (name, text) in &pages {
        fs::write(folder.path().join(name), text).unwrap();
        let output = gongbao()
            .current_dir(folder.path())
            .args(["extract", "-f", "ndjson", name])
            .output()
            .unwrap();
        assert!(output.status.success());
        lines.extend(output.stdout);
    }
    fs::write(folder.path().join("records.ndjson"), lines).unwrap();
    folder
}

fn panel(folder: &Path, arguments: &str) -> Command {
    let mut command = gongbao();
    command
        .current_dir(folder)
        .arg("panel")
        .args(arguments.split(' '));
    command
}

fn read(folder: &Path, name: &str) -> String {
    String::from_utf8(fs::read(folder.join(name)).unwrap()).unwrap()
}

const COLUMNS: &str = "--columns gdp,gdp@growth,agri.grain.area --unit agri.grain.area=公顷";

const WIDE: &str = "\
region_code,region,year,gdp,gdp@growth,agri.grain.area
,云岭县,2020,80.1,6.2,21400
,云岭县,2021,86.40,6.2,21266.666667
,石桥县,2020,40.1000,6.2,21400
,石桥县,2021,41.2,6.2,0.466667
";

/// The table without codes of places, which the records may or may not know.
fn without_codes(table: &str) -> String {
    let lines = table.lines().map(|line| line.split_once(',').unwrap());
    lines.map(|(_, rest)| format!("{rest}\n")).collect()
}

#[test]
fn a_row_a_place_and_year() {
    let folder = records();
    let folder = folder.path();
    panel(folder, &format!("records.ndjson {COLUMNS} --out out.csv"))
        .assert()
        .success()
        .stderr(contains("4 records, 4 rows, 3 columns, 12 cells"))
        .stderr(contains("checks: 2 ok, 0 rounding, 1 unlikely, 0 mismatch"))
        .stderr(contains("1 number is in doubt"))
        .stderr(contains("4 of a part of a year"))
        .stderr(contains("2 values do not end in the unit of their column"));
    assert_eq!(without_codes(&read(folder, "out.csv")), without_codes(WIDE));
    let cells = read(folder, "out.cells.csv");
    assert_eq!(cells.lines().count(), 13);
    let row = cells.lines().find(|line| line.contains("401000")).unwrap();
    assert!(
        row.contains(",gdp,gdp,level,40.1000,亿元,false,401000,万元,true,only,1,false,c.txt,"),
        "{row}"
    );
    // the bytes are those of the mention
    let mut reader = csv::Reader::from_reader(cells.as_bytes());
    let names = reader.headers().unwrap().clone();
    for row in reader.records() {
        let row = row.unwrap();
        let field = |name: &str| &row[names.iter().position(|n| n == name).unwrap()];
        let bytes = fs::read(folder.join(field("page"))).unwrap();
        let range = field("source_start").parse().unwrap()..field("source_end").parse().unwrap();
        assert_eq!(
            std::str::from_utf8(&bytes[range]).unwrap(),
            field("mention")
        );
    }
    let checks = read(folder, "out.checks.csv");
    let lines: Vec<&str> = checks.lines().collect();
    assert_eq!(lines.len(), 4);
    assert!(
        lines[1].contains("云岭县,2021,gdp,growth,ok,prices,,"),
        "{}",
        lines[1]
    );
    // 7亩 after 2.14万公顷
    assert!(
        lines[3].contains(
            "石桥县,2021,agri.grain.area,jump,unlikely,,2020 agri.grain.area,21400,公顷,c.txt,"
        ),
        "{}",
        lines[3]
    );
    let columns = read(folder, "out.columns.csv");
    assert!(
        columns.contains("gdp@growth,gdp,growth,%,money,地区生产总值,Gross regional product,4,4,0")
    );
}

#[test]
fn to_standard_output_from_standard_input() {
    let folder = records();
    let input = read(folder.path(), "records.ndjson");
    let output = panel(folder.path(), &format!("- {COLUMNS}"))
        .write_stdin(input)
        .output()
        .unwrap();
    assert_eq!(
        without_codes(&String::from_utf8(output.stdout).unwrap()),
        without_codes(WIDE)
    );
}

#[test]
fn neither_threads_nor_order_change_a_byte() {
    let folder = records();
    let folder = folder.path();
    let text = read(folder, "records.ndjson");
    let turned: Vec<&str> = text.lines().rev().collect();
    fs::write(folder.join("turned.ndjson"), turned.join("\n")).unwrap();
    let files = [
        "x.csv",
        "x.cells.csv",
        "x.parquet",
        "x.cells.parquet",
        "x.columns.parquet",
        "x.checks.csv",
        "x.checks.parquet",
        "x.xlsx",
        "gdp.svg",
    ];
    let mut first: Vec<Vec<u8>> = Vec::new();
    for (input, jobs) in [("records.ndjson", 1), ("turned.ndjson", 4)] {
        for extension in ["csv", "parquet", "xlsx"] {
            panel(
                folder,
                &format!("{input} --all -j {jobs} --out x.{extension} --plot gdp"),
            )
            .assert()
            .success();
        }
        let bytes = files.map(|name| fs::read(folder.join(name)).unwrap());
        if first.is_empty() {
            first = bytes.into();
        } else {
            for (name, (a, b)) in files.iter().zip(first.iter().zip(&bytes)) {
                assert!(a == b, "{name} differs");
            }
        }
    }
}

#[test]
fn a_workbook_opens_again() {
    let folder = records();
    let folder = folder.path();
    panel(folder, &format!("records.ndjson {COLUMNS} --out out.xlsx"))
        .assert()
        .success();
    let mut book: Xlsx<_> = open_workbook(folder.join("out.xlsx")).unwrap();
    assert_eq!(book.sheet_names(), ["面板", "来源", "指标", "核对"]);
    let sheet = book.worksheet_range("面板").unwrap();
    let text = |row, column| {
        sheet
            .get_value((row, column))
            .map(ToString::to_string)
            .unwrap_or_default()
    };
    assert_eq!(text(0, 3), "gdp");
    assert_eq!(text(1, 3), "地区生产总值（亿元）");
    assert_eq!(text(1, 4), "地区生产总值增速（%）");
    assert_eq!(
        (text(3, 1), text(3, 2), text(3, 3)),
        ("云岭县".to_owned(), "2021".to_owned(), "86.4".to_owned())
    );
    assert!(matches!(sheet.get_value((3, 3)), Some(Data::Float(_))));
    assert_eq!(book.worksheet_range("来源").unwrap().height(), 13);
    assert_eq!(book.worksheet_range("指标").unwrap().height(), 4);
    assert_eq!(book.worksheet_range("核对").unwrap().height(), 4);
}

#[test]
fn a_bad_line_is_told_and_costs_no_other() {
    let folder = records();
    let folder = folder.path();
    let text = read(folder, "records.ndjson");
    fs::create_dir(folder.join("in")).unwrap();
    fs::write(
        folder.join("in/b.ndjson"),
        text.replacen('\n', "\n{oops\n", 1),
    )
    .unwrap();
    fs::write(folder.join("in/summary.json"), "{}").unwrap();
    panel(folder, &format!("in {COLUMNS} --out out.csv"))
        .assert()
        .code(1)
        .stderr(contains("in/b.ndjson:2: it is no JSON: "))
        .stderr(contains(
            "expected a record as gongbao extract or batch writes it",
        ));
    assert_eq!(without_codes(&read(folder, "out.csv")), without_codes(WIDE));
}

#[test]
fn what_makes_no_sense_is_said() {
    let folder = records();
    let folder = folder.path();
    for (arguments, message) in [
        (
            "records.ndjson --columns gdp.nothing",
            "there is no concept \"gdp.nothing\"",
        ),
        (
            "records.ndjson --columns gdp@level",
            "not a column: \"gdp@level\"",
        ),
        (
            "records.ndjson --columns gdp --unit gdp=没有",
            "there is no such unit",
        ),
        (
            "records.ndjson --columns gdp --unit pop=人",
            "pop is none of --columns",
        ),
        (
            "records.ndjson --columns gdp --out out.dta",
            ".csv, .parquet or .xlsx",
        ),
        (
            "records.ndjson --columns gdp --plot pop",
            "pop is none of --columns",
        ),
        ("records.ndjson", "--columns"),
        ("- - --columns gdp", "more than once"),
    ] {
        panel(folder, arguments)
            .assert()
            .code(2)
            .stderr(contains(message));
    }
    panel(folder, "none.ndjson --columns gdp")
        .assert()
        .code(1)
        .stderr(contains("none.ndjson: there is no such file"));
    assert!(!folder.join("out.csv").exists());
}

#[test]
fn a_chart_of_a_column() {
    let folder = records();
    panel(
        folder.path(),
        "records.ndjson --columns gdp --plot gdp=chart.svg",
    )
    .assert()
    .success();
    let svg = read(folder.path(), "chart.svg");
    for text in [
        "<svg",
        "地区生产总值（亿元）",
        "云岭县",
        "石桥县",
        "2021",
        "polyline",
    ] {
        assert!(svg.contains(text), "{text}");
    }
}

/// The records of the pages in `docs/panel/`, copied to `folder` with some figures changed.
fn documented(folder: &Path, changes: &[(&str, &str, &str)]) -> Vec<u8> {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/panel");
    fs::create_dir_all(folder.join("docs/panel")).unwrap();
    let mut names = Vec::new();
    for entry in fs::read_dir(pages).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "txt") {
            let name = format!("docs/panel/{}", path.file_name().unwrap().to_str().unwrap());
            let mut text = fs::read_to_string(&path).unwrap();
            for (_, from, to) in changes.iter().filter(|change| name.ends_with(change.0)) {
                assert!(text.contains(from), "{name}: {from}");
                text = text.replace(from, to);
            }
            fs::write(folder.join(&name), text).unwrap();
            names.push(name);
        }
    }
    names.sort();
    let output = gongbao()
        .current_dir(folder)
        .args(["extract", "-f", "ndjson"])
        .args(&names)
        .output()
        .unwrap();
    assert!(output.status.success());
    output.stdout
}

#[test]
fn the_damaged_figures_of_the_documentation_are_found() {
    let folder = TempDir::new().unwrap();
    let changes = [
        ("yunling-2021.txt", "83.1亿元", "88.1亿元"),
        ("fengzhu-2021.txt", "30.61万人", "3061万人"),
    ];
    let records = documented(folder.path(), &changes);
    let columns = "--columns gdp,gdp@growth,pop.resident";
    panel(folder.path(), &format!("- {columns} --out panel.csv"))
        .write_stdin(records)
        .assert()
        .success()
        .stderr(contains(
            "checks: 11 ok, 0 rounding, 4 unlikely, 0 mismatch",
        ))
        .stderr(contains(
            "2 numbers are in doubt: 2 for sure, 0 for one of several; 1 value would fit",
        ));
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/panel.md");
    let docs = fs::read_to_string(docs).unwrap();
    let table = read(folder.path(), "panel.checks.csv");
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let names = reader.headers().unwrap().clone();
    let shown = [
        "region",
        "kind",
        "outcome",
        "suspect",
        "suspect_value",
        "fits",
        "evidence",
    ];
    assert!(docs.contains(&shown.join(",")));
    let mut doubted = 0;
    for row in reader.records() {
        let row = row.unwrap();
        let field = |name: &&str| &row[names.iter().position(|n| n == *name).unwrap()];
        if !field(&"suspect").is_empty() {
            doubted += 1;
            let line = shown.iter().map(field).collect::<Vec<_>>().join(",");
            assert!(docs.contains(&line), "{line}");
        }
    }
    assert_eq!(doubted, 4);
}

#[test]
fn the_example_of_the_documentation_is_what_comes_out() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = TempDir::new().unwrap();
    let records = documented(folder.path(), &[]);
    let columns = "--columns gdp,gdp@growth,pop.resident,agri.grain,agri.grain.area";
    panel(
        folder.path(),
        &format!("- {columns} --unit agri.grain.area=公顷 --out panel.csv --plot gdp=gdp.svg"),
    )
    .write_stdin(records)
    .assert()
    .success();
    for name in ["panel.csv", "gdp.svg"] {
        let expected = root.join("docs/panel").join(name);
        if std::env::var_os("GONGBAO_BLESS").is_some() {
            fs::copy(folder.path().join(name), &expected).unwrap();
        }
        assert_eq!(
            read(folder.path(), name),
            fs::read_to_string(expected).unwrap(),
            "{name}"
        );
    }
    let text = fs::read_to_string(root.join("docs/panel.md")).unwrap();
    assert!(text.contains(columns));
    for line in read(folder.path(), "panel.csv")
        .lines()
        .filter(|line| line.contains("22,60.") || line.contains("113.8"))
    {
        assert!(text.contains(line), "{line}");
    }
}

#[test]
fn concepts_of_ones_own_have_their_labels() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(
        folder.join("own.toml"),
        "[[concept]]\nid = \"agri.output.kumquats\"\nzh = \"金桔产量\"\nen = \"Output of kumquats\"\n\
         dimension = \"mass\"\nhits = [\"金桔产量1.2万吨。\"]\nmisses = [\"金桔面积3亩。\"]\n",
    )
    .unwrap();
    fs::write(
        folder.join("a.txt"),
        "云岭县2020年国民经济和社会发展统计公报\n2020年，全县金桔产量1.2万吨。\n",
    )
    .unwrap();
    gongbao()
        .current_dir(folder)
        .args(["extract", "a.txt", "-f", "ndjson", "-o", "a.ndjson"])
        .args(["--concepts", "own.toml"])
        .assert()
        .success();
    let command = "a.ndjson --columns agri.output.kumquats --out out.csv";
    panel(folder, &format!("{command} --concepts own.toml"))
        .assert()
        .success();
    assert!(read(folder, "out.csv").ends_with(",云岭县,2020,1.2\n"));
    let columns = read(folder, "out.columns.csv");
    assert!(columns.contains("金桔产量"), "{columns}");
    assert!(columns.contains("Output of kumquats"), "{columns}");
    panel(folder, command).assert().success();
    assert!(!read(folder, "out.columns.csv").contains("金桔产量"));
}
