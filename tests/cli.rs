//! The command line as people use it.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command as Process, Stdio};

use assert_cmd::Command;
use predicates::prelude::*;
use predicates::str::contains;
use serde_json::{Value, json};
use tempfile::TempDir;

const PAGE: &str = "全年新增企业992户。\n";
const OTHER: &str = "全县粮食总产量31.50万吨。\n";

pub fn gongbao() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gongbao"));
    command.env_remove("COLUMNS").env_remove("NO_COLOR");
    command.env_remove("CI"); // gongbao snapshot writes nothing there
    command
}

/// A folder with `a.txt`, `b.txt` and a `bad.txt` that is no page.
fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("a.txt"), PAGE).unwrap();
    fs::write(folder.path().join("b.txt"), OTHER).unwrap();
    fs::write(folder.path().join("bad.txt"), " \n\n").unwrap();
    folder
}

fn extract(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = gongbao();
    command.current_dir(folder).arg("extract").args(arguments);
    command
}

pub fn stdout(command: &mut Command) -> String {
    let output = command.assert().success().get_output().clone();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn one_page_is_one_object() {
    let folder = folder();
    let text = stdout(&mut extract(folder.path(), &["a.txt"]));
    assert!(text.starts_with("{\n  \"schema\": \"gongbao/1\""), "{text}");
    assert!(text.ends_with("}\n"));
    let record: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(record["source"]["name"], "a.txt");
    assert_eq!(record["text"], "全年新增企业992户。");
}

#[test]
fn words_of_ones_own() {
    let own = concat!(env!("CARGO_MANIFEST_DIR"), "/samples/lexicon.toml");
    let page = "2022年，七家巷社区收春茶420篾筐，烘夏茶38焙。县内就诊率达到92.5%。\n";
    let read = |arguments: &[&str]| {
        let folder = folder();
        let text = stdout(extract(folder.path(), arguments).write_stdin(page));
        let record: Value = serde_json::from_str(&text).unwrap();
        let found = record["indicators"].as_array().unwrap();
        let said = |x: &Value| {
            let text = |key: &str| x[key].as_str().unwrap().to_owned();
            format!("{} {} {}", text("name"), x["value"], text("unit"))
        };
        found.iter().map(said).collect::<Vec<_>>()
    };
    assert_eq!(read(&[]), ["巷社区收春茶420篾筐 7 家", "就诊率 92.5 %"]);
    assert_eq!(
        read(&["--lexicon", own]),
        [
            "七家巷社区收春茶 420 篾筐",
            "烘夏茶 38 焙",
            "县内就诊率 92.5 %"
        ]
    );

    let folder = folder();
    let at = |name: &str, text: &str| {
        fs::write(folder.path().join(name), text).unwrap();
    };
    at(
        "more.toml",
        "\u{feff}[[name]]\nforms = [\"全县就诊率\"]\nhit = []\n",
    );
    at("bad.toml", "[[unit]]\nform = [\"篾筐\"]\n");
    at(
        "again.toml",
        "[[fixed]]\nforms = [\"七家巷\"]\nreason = \"place\"\nhit = []\n",
    );
    stdout(&mut extract(
        folder.path(),
        &["a.txt", "--lexicon", own, "--lexicon", "more.toml"],
    ));
    for (file, found) in [
        ("bad.toml", "`forms`"),
        ("again.toml", "samples/lexicon.toml, line 20, already"),
        ("none.toml", "no such file"),
        (".", "it is a folder"),
    ] {
        extract(
            folder.path(),
            &["a.txt", "--lexicon", own, "--lexicon", file],
        )
        .assert()
        .code(1)
        .stdout("")
        .stderr(contains(format!("gongbao: {file}: ")).and(contains(found)));
    }
}

#[test]
fn words_are_checked() {
    let check = |files: &[&str]| {
        let mut command = gongbao();
        command.current_dir(env!("CARGO_MANIFEST_DIR"));
        command.args(["lexicon", "check"]).args(files);
        command
    };
    check(&[])
        .assert()
        .success()
        .stdout("")
        .stderr(contains(", 0 findings"));
    check(&["samples/lexicon.toml"])
        .assert()
        .success()
        .stdout("")
        .stderr("gongbao: 5 entries, 8 examples, 0 findings\n");

    let folder = folder();
    let bad = folder.path().join("bad.toml");
    let hit = "hit = [{ text = \"全县就诊率92.5%。\", name = \"就诊率\" }]";
    fs::write(
        &bad,
        format!("\n[[name]]\nforms = [\"全县就诊率\"]\n{hit}\n"),
    )
    .unwrap();
    let bad = bad.to_str().unwrap();
    check(&["samples/lexicon.toml", bad])
        .assert()
        .code(1)
        .stdout(format!(
            "{bad}:2: 全县就诊率: 全县就诊率92.5%。: expected the name 就诊率, read 全县就诊率: 92.5 %, rate\n"
        ))
        .stderr("gongbao: 6 entries, 9 examples, 1 finding\n");
    check(&["none.toml"])
        .assert()
        .code(1)
        .stderr(contains("gongbao: none.toml: there is no such file"));
}

#[test]
fn words_are_listed() {
    let list = |text: &str| {
        let mut command = gongbao();
        command.args(["lexicon", "list", text]);
        stdout(&mut command)
    };
    let found = list("公里");
    assert!(found.contains(": units.unit: 公里"), "{found}");
    assert!(found.lines().all(|l| l.contains("公里")), "{found}");
    let found = list("names.region");
    assert!(found.starts_with("lexicon/names.toml:"), "{found}");
    assert!(found.contains("全县 全市"), "{found}");
    assert_eq!(list("篾筐"), "");
}

#[test]
fn several_pages_are_one_line_each_in_their_order() {
    let folder = folder();
    let text = stdout(&mut extract(folder.path(), &["b.txt", "a.txt"]));
    let names: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["source"]["name"].clone())
        .collect();
    assert_eq!(names, ["b.txt", "a.txt"]);
}

#[test]
fn standard_input() {
    for arguments in [vec![], vec!["-"]] {
        let folder = folder();
        let text = stdout(extract(folder.path(), &arguments).write_stdin(PAGE));
        let record: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(record["source"]["name"], "-");
    }
}

#[test]
fn a_place_that_the_page_does_not_say_is_given_by_code_or_name() {
    let page = "2021年，全年办件12件。\n";
    for (place, name, code) in [
        ("140826", "绛县", json!("140826")),
        ("绛县", "绛县", json!("140826")),
        ("临溪县", "临溪县", Value::Null),
    ] {
        let folder = folder();
        let text = stdout(extract(folder.path(), &["--region", place]).write_stdin(page));
        let record: Value = serde_json::from_str(&text).unwrap();
        let region = json!({"name": name, "code": code});
        assert_eq!(record["document"]["region"], region, "{place}");
    }
}

#[test]
fn a_bad_page_is_told_and_costs_no_other() {
    let folder = folder();
    let output = extract(
        folder.path(),
        &["a.txt", "bad.txt", "none.txt", ".", "b.txt"],
    )
    .assert()
    .code(1)
    .stderr(contains("gongbao: bad.txt: it is empty"))
    .stderr(contains("gongbao: none.txt: there is no such file"))
    .stderr(contains(
        "gongbao: .: it is a folder; name its files, e.g. ",
    ))
    .get_output()
    .clone();
    assert_eq!(String::from_utf8(output.stdout).unwrap().lines().count(), 2);
    assert_eq!(String::from_utf8(output.stderr).unwrap().lines().count(), 3);
}

#[test]
fn what_makes_no_sense_is_code_2_and_says_what_would() {
    let folder = folder();
    let cases: [(&[&str], &str); 8] = [
        (&["-f", "json", "a.txt", "b.txt"], "use -f ndjson"),
        (
            &["--until", "decode", "-f", "table", "a.txt"],
            "use -f json",
        ),
        (&["-", "-"], "- is named twice"),
        (&["--period", "2021-13", "a.txt"], "2025-01/2025-06"),
        (&["--published", "2021/2022", "a.txt"], "2022-02-15"),
        (&["--encoding", "klingon", "a.txt"], "gb18030"),
        (&["--until", "lunch", "a.txt"], "normalize"),
        (&["-o", "a.txt", "a.txt"], "name another file"),
    ];
    for (arguments, hint) in cases {
        extract(folder.path(), arguments)
            .assert()
            .code(2)
            .stdout("")
            .stderr(contains(hint));
    }
    assert_eq!(
        fs::read_to_string(folder.path().join("a.txt")).unwrap(),
        PAGE
    );
}

#[test]
fn formats_to_write_and_to_read_are_named_by_one_option() {
    let folder = folder();
    let page = "<html><body><div class='ocr_page' title='bbox 0 0 900 600'>\
                <span class='ocr_line' title='bbox 9 9 800 40'>全镇修渠12处。</span></div></body></html>";
    fs::write(folder.path().join("a.hocr"), page).unwrap();
    let read = |arguments: &[&str]| stdout(&mut extract(folder.path(), arguments));
    let clean = "全镇修渠12处。\n";
    for formats in [
        &["-f", "text"][..],
        &["-f", "text", "--format", "hocr"],
        &["--format=hocr", "--format=text"],
        &["-f", "auto", "-f", "text"],
    ] {
        assert_eq!(read(&[&["a.hocr"], formats].concat()), clean, "{formats:?}");
    }
    let plain = read(&["a.hocr", "-f", "text", "-f", "plain"]);
    assert!(plain.contains("ocr_page"), "{plain}");
    let record: Value = serde_json::from_str(&read(&["a.hocr", "-f", "plain"])).unwrap();
    assert_eq!(record["source"]["format"], "text");
    extract(folder.path(), &["a.txt", "-f", "rapidocr"])
        .assert()
        .code(1)
        .stderr(contains("line 1, column 1"));

    let cases: [(&[&str], &str); 4] = [
        (
            &["-f", "json", "-f", "table"],
            "two formats to write records in",
        ),
        (
            &["-f", "hocr", "-f", "hocr"],
            "two formats to read pages in",
        ),
        (
            &["-f", "json", "-f", "plain", "-f", "auto"],
            "to read pages in",
        ),
        (&["-f", "klingon"], "hocr"),
    ];
    for (formats, said) in cases {
        extract(folder.path(), &[&["a.hocr"], formats].concat())
            .assert()
            .code(2)
            .stdout("")
            .stderr(contains(said));
    }
    explain(page, &["--at", "12处", "-f", "hocr"])
        .assert()
        .success();
    explain(page, &["--at", "12处", "-f", "json"])
        .assert()
        .code(2)
        .stderr(contains("xhtml"));
}

#[test]
fn the_pages_of_a_volume() {
    let folder = folder();
    fs::create_dir_all(folder.path().join("volume/alto")).unwrap();
    let at = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    let alto = |text: &str| {
        format!(
            "<alto xmlns=\"http://www.loc.gov/standards/alto/ns-v3#\"><Layout><Page WIDTH=\"900\" \
             HEIGHT=\"600\"><PrintSpace><TextBlock><TextLine><String CONTENT=\"{text}\" HPOS=\"9\" \
             VPOS=\"9\" WIDTH=\"600\" HEIGHT=\"30\"/></TextLine></TextBlock></PrintSpace></Page>\
             </Layout></alto>"
        )
    };
    at("volume/alto/1.xml", &alto("全镇修渠12处。"));
    at("volume/alto/2.xml", &alto("全镇植树30亩。"));
    at("volume/alto/第 4 版.xml", &alto("全镇修渠4处。"));
    let mets = |pages: &[&str]| {
        let files: String = (pages.iter().enumerate())
            .map(|(i, p)| format!("<file ID=\"f{i}\"><FLocat xlink:href=\"{p}\"/></file>"))
            .collect();
        let places: String = (0..pages.len())
            .map(|i| format!("<div ORDER=\"{}\"><fptr FILEID=\"f{i}\"/></div>", i + 1))
            .collect();
        format!(
            "<mets xmlns:xlink=\"http://www.w3.org/1999/xlink\"><fileSec><fileGrp USE=\"FULLTEXT\">\
             {files}</fileGrp></fileSec><structMap TYPE=\"PHYSICAL\"><div>{places}</div></structMap></mets>"
        )
    };
    let outside = [
        "alto/2.xml",
        "../a.txt",
        "%2E%2E/a.txt",
        "https://example.org/1.xml",
        "alto/1.xml",
        "alto/3.xml",
    ];
    at("volume/mets.xml", &mets(&["alto/2.xml", "alto/1.xml"]));
    at("volume/bad.xml", &mets(&outside));
    at(
        "volume/one.xml",
        &mets(&["alto/%E7%AC%AC%204%20%E7%89%88.xml"]),
    );
    at("volume/none.xml", &mets(&[]));
    let names = |text: &str| -> Vec<Value> {
        text.lines()
            .map(|l| serde_json::from_str::<Value>(l).unwrap()["source"]["name"].clone())
            .collect()
    };
    let both = ["volume/alto/2.xml", "volume/alto/1.xml"];
    for forced in [&[][..], &["-f", "mets"]] {
        let text = stdout(&mut extract(
            folder.path(),
            &[&["volume/mets.xml"], forced].concat(),
        ));
        assert_eq!(names(&text), both);
    }
    let text = stdout(&mut extract(folder.path(), &["a.txt", "volume/mets.xml"]));
    assert_eq!(names(&text), ["a.txt", both[0], both[1]]);
    let one = stdout(&mut extract(folder.path(), &["volume/one.xml"]));
    let one: Value = serde_json::from_str(&one).unwrap();
    assert_eq!(one["source"]["format"], "alto");

    let output = extract(folder.path(), &["volume/bad.xml"])
        .assert()
        .code(1)
        .stderr(contains(
            "volume/bad.xml: its page \"../a.txt\" lies outside",
        ))
        .stderr(contains("its page \"%2E%2E/a.txt\" lies outside"))
        .stderr(contains(
            "volume/bad.xml: its page \"https://example.org/1.xml\" is on the net",
        ))
        .stderr(contains("volume/alto/3.xml: there is no such file"))
        .get_output()
        .clone();
    assert_eq!(names(&String::from_utf8(output.stdout).unwrap()), both);
    extract(folder.path(), &["volume/none.xml"])
        .assert()
        .code(1)
        .stderr(contains("names no file of ALTO"));
    extract(folder.path(), &["volume/mets.xml", "-f", "json"])
        .assert()
        .code(2)
        .stderr(contains("2 are named"));
    extract(
        folder.path(),
        &["volume/mets.xml", "-o", "volume/alto/1.xml"],
    )
    .assert()
    .code(2)
    .stderr(contains("would be lost"));
}

#[test]
fn hints_and_encoding_are_accepted() {
    let folder = folder();
    extract(
        folder.path(),
        &[
            "--published",
            "2022-02",
            "--period",
            "2021-01/2021-06",
            "--encoding",
            "utf-8",
            "a.txt",
        ],
    )
    .assert()
    .success();
}

#[test]
fn old_encodings() {
    // 人口, in GB18030 and in UTF-16 with its mark
    let pages: [(&[u8], &str, u64, u64); 2] = [
        (b"\xC8\xCB\xBF\xDA\n", "GB18030", 0, 4),
        (b"\xFF\xFE\xBA\x4E\xE3\x53\x0A\x00", "UTF-16LE", 2, 6),
    ];
    for (bytes, encoding, start, end) in pages {
        let folder = folder();
        fs::write(folder.path().join("old.txt"), bytes).unwrap();
        let forced = ["--encoding", &encoding.to_lowercase(), "old.txt"];
        let text = stdout(&mut extract(folder.path(), &forced));
        let record: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(record["text"], "人口");
        assert_eq!(record["source"]["encoding"], encoding);
        let source = &record["paragraphs"][0]["source"];
        assert_eq!(
            (&source["start"], &source["end"]),
            (&json!(start), &json!(end))
        );
        fs::write(folder.path().join("old.json"), text).unwrap();
        validate(folder.path(), &["old.json"])
            .assert()
            .success()
            .stderr(contains("1 checked against the page"));
    }
}

#[test]
fn a_file_is_written_whole_or_not_at_all() {
    let folder = folder();
    let out = folder.path().join("out.ndjson");
    fs::write(&out, "old").unwrap();

    extract(folder.path(), &["-o", "out.ndjson", "bad.txt"])
        .assert()
        .code(1)
        .stderr(contains("out.ndjson: not written"));
    assert_eq!(fs::read_to_string(&out).unwrap(), "old");

    extract(
        folder.path(),
        &["-o", "out.ndjson", "a.txt", "bad.txt", "b.txt"],
    )
    .assert()
    .code(1)
    .stdout("");
    assert_eq!(fs::read_to_string(&out).unwrap().lines().count(), 2);

    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(left.len(), 4, "a temporary file was left behind: {left:?}");

    extract(folder.path(), &["-o", "nowhere/out.json", "a.txt"])
        .assert()
        .code(1)
        .stderr(contains("nowhere/out.json"));
}

#[cfg(unix)]
#[test]
fn a_written_file_can_be_read_by_others_as_any_new_file_can() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    fs::write(folder.path().join("plain"), "").unwrap();
    extract(folder.path(), &["-o", "out.json", "a.txt"])
        .assert()
        .success();
    let mode = |name: &str| {
        let found = fs::metadata(folder.path().join(name)).unwrap();
        found.permissions().mode() & 0o777
    };
    assert_eq!(mode("out.json"), mode("plain"));
    fs::set_permissions(
        folder.path().join("out.json"),
        fs::Permissions::from_mode(0o600),
    )
    .unwrap();
    extract(folder.path(), &["-o", "out.json", "a.txt"])
        .assert()
        .success();
    assert_eq!(mode("out.json"), 0o600);
}

#[test]
fn a_closed_pipe_is_no_error() {
    for arguments in [&["extract", "-"][..], &["schema"], &["completions", "zsh"]] {
        let mut child = Process::new(env!("CARGO_BIN_EXE_gongbao"))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        // only `extract` reads it, and only now: its output finds the pipe closed
        let _ = child.stdin.take().unwrap().write_all(PAGE.as_bytes());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    }
}

#[test]
fn every_stage_can_be_seen() {
    let folder = folder();
    // what each stage adds
    let stages = [
        ("decode", "lines"),
        ("normalize", "paragraphs"),
        ("sections", "sections"),
        ("quantities", "quantities"),
        ("indicators", "indicators"),
        ("reconcile", "checks"),
    ];
    for (i, (stage, _)) in stages.iter().enumerate() {
        let text = stdout(&mut extract(folder.path(), &["--until", stage, "a.txt"]));
        let view: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(view["stage"], *stage);
        for (k, (_, field)) in stages.iter().enumerate().skip(1) {
            assert_eq!(view.get(field).is_some(), k <= i, "{stage}: {field}");
        }
    }
    let text = stdout(&mut extract(folder.path(), &["--until", "decode", "a.txt"]));
    let view: Value = serde_json::from_str(&text).unwrap();
    let line = json!({"number": 1, "start": 0, "end": 27, "text": "全年新增企业992户。"});
    assert_eq!(view["lines"][0], line);
}

#[test]
fn text_outline_and_table_tell_pages_apart() {
    let folder = folder();
    let text = stdout(&mut extract(folder.path(), &["-f", "text", "a.txt"]));
    assert_eq!(text, PAGE);
    let text = stdout(&mut extract(
        folder.path(),
        &["-f", "text", "a.txt", "b.txt"],
    ));
    assert_eq!(
        text,
        format!("==> a.txt <==\n{PAGE}\n==> b.txt <==\n{OTHER}")
    );
    let outline = stdout(&mut extract(folder.path(), &["-f", "outline", "a.txt"]));
    assert_eq!(outline, "");
    let table = stdout(&mut extract(folder.path(), &["-f", "table", "a.txt"]));
    assert!(table.starts_with("name"), "{table}");
}

#[test]
fn colours_are_for_terminals() {
    let folder = folder();
    let table = ["-f", "table", "a.txt"];
    assert!(!stdout(&mut extract(folder.path(), &table)).contains('\x1b'));
    let mut always = extract(folder.path(), &table);
    assert!(stdout(always.arg("--color=always")).contains("\x1b[1m"));
    extract(folder.path(), &["bad.txt"])
        .assert()
        .stderr(contains("\x1b").not());
    extract(folder.path(), &["--color=always", "bad.txt"])
        .assert()
        .stderr(contains("\x1b[1m"));
    let file = ["--color=always", "-f", "table", "-o", "t.txt", "a.txt"];
    extract(folder.path(), &file).assert().success();
    let written = fs::read_to_string(folder.path().join("t.txt")).unwrap();
    assert!(!written.contains('\x1b'));
}

#[test]
fn help_has_examples_and_exit_codes() {
    for command in ["extract", "validate", "panel", "schema", "completions", ""] {
        let mut help = gongbao();
        if !command.is_empty() {
            help.arg(command);
        }
        let text = stdout(help.arg("--help"));
        let examples = text.split("Examples:\n").nth(1).unwrap_or_default();
        let examples = examples.matches("gongbao").count();
        assert!(examples >= 3, "{command}: {text}");
        assert!(text.contains("Exit codes:\n  0  "), "{command}");
    }
    gongbao()
        .assert()
        .code(2)
        .stderr(contains("Usage: gongbao"));
    gongbao()
        .arg("--version")
        .assert()
        .success()
        .stdout(concat!("gongbao ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn completions_know_the_commands() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = stdout(gongbao().args(["completions", shell]));
        for word in ["extract", "validate", "schema", "until", "ndjson"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
    gongbao()
        .args(["completions", "sh"])
        .assert()
        .code(2)
        .stderr(contains("fish"));
}

#[test]
fn schema_is_printed() {
    let schema: Value = serde_json::from_str(&stdout(gongbao().arg("schema"))).unwrap();
    assert_eq!(schema["properties"]["schema"]["const"], "gongbao/1");
}

/// The record of `a.txt`, with one indicator of our own.
fn record(folder: &Path) -> Value {
    let mut record: Value =
        serde_json::from_str(&stdout(&mut extract(folder, &["a.txt"]))).unwrap();
    record["indicators"] = json!([{
        "id": "i1", "section": null, "name": "新增企业", "concept": null, "measure": "level",
        "value": 992, "unit": "户", "base_value": 992, "base_unit": "户", "components": null,
        "precision": "exact", "lower": 992, "upper": 992, "basis": null, "period": null,
        "status": "actual", "of": null, "relation": null, "mention": "992户",
        "quote": "全年新增企业992户", "start": 6, "end": 10,
        "source": {"start": 18, "end": 24, "line": 1, "end_line": 1, "pieces": null, "page": null, "bbox": null, "confidence": null},
        "repair": null
    }]);
    record["checks"] = json!([]);
    record["repairs"] = json!([]);
    record
}

fn validate(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = gongbao();
    command.current_dir(folder).arg("validate").args(arguments);
    command
}

#[test]
fn what_was_extracted_is_valid() {
    let folder = folder();
    extract(folder.path(), &["-o", "records.ndjson", "a.txt", "b.txt"])
        .assert()
        .success();
    extract(folder.path(), &["-o", "a.json", "a.txt"])
        .assert()
        .success();
    validate(folder.path(), &["records.ndjson", "a.json"])
        .assert()
        .success()
        .stdout("")
        .stderr(contains(
            "3 records, 3 checked against the page, 0 findings",
        ));
}

#[test]
fn a_changed_record_is_found() {
    let folder = folder();
    let path = folder.path().join("a.json");
    let good = record(folder.path());
    fs::write(&path, good.to_string()).unwrap();
    validate(folder.path(), &["a.json"]).assert().success();

    let cases = [
        (
            "/indicators/0/mention",
            json!("993户"),
            "/indicators/0/mention",
        ),
        (
            "/indicators/0/source/start",
            json!(19),
            "/indicators/0/source",
        ),
        ("/indicators/0/value", json!("992"), "/indicators/0/value"),
        ("/indicators/0/upper", json!(993), "/indicators/0/upper"),
        (
            "/text",
            json!("全年新增企业992户！"),
            "/paragraphs/0/source",
        ),
        ("/source/sha256", json!("00"), "/source/sha256"),
    ];
    for (field, broken, pointer) in cases {
        let mut record = good.clone();
        *record.pointer_mut(field).unwrap() = broken;
        fs::write(&path, serde_json::to_string_pretty(&record).unwrap()).unwrap();
        validate(folder.path(), &["a.json"])
            .assert()
            .code(1)
            .stdout(predicate::str::starts_with(format!(
                "a.json:1: {pointer}: "
            )))
            .stderr(contains("1 record, ").and(contains("1 finding\n")));
    }
}

#[test]
fn a_changed_page_is_found() {
    let folder = folder();
    fs::write(
        folder.path().join("a.json"),
        record(folder.path()).to_string(),
    )
    .unwrap();
    fs::write(folder.path().join("a.txt"), PAGE.replace("992", "993")).unwrap();
    validate(folder.path(), &["a.json"])
        .assert()
        .code(1)
        .stdout(contains("a.json:1: /source/sha256: "));
}

#[test]
fn digits_are_compared_exactly() {
    let folder = folder();
    let record = record(folder.path()).to_string();
    // a difference that binary floating point does not see
    let (long, other) = (
        "0.1000000000000000055511151231",
        "0.1000000000000000055511151232",
    );
    let good = record.replace(":992", &format!(":{long}"));
    assert_ne!(good, record);
    fs::write(folder.path().join("a.json"), &good).unwrap();
    validate(folder.path(), &["a.json"]).assert().success();
    let bad = good.replacen(long, other, 1);
    fs::write(folder.path().join("a.json"), bad).unwrap();
    validate(folder.path(), &["a.json"]).assert().code(1);
}

#[test]
fn pages_are_found_where_they_lie() {
    let folder = folder();
    let record = record(folder.path()).to_string();
    let beside = folder.path().join("beside");
    let pages = folder.path().join("pages");
    fs::create_dir(&beside).unwrap();
    fs::create_dir(&pages).unwrap();
    fs::write(beside.join("a.json"), record).unwrap();
    let replayed = |arguments: &[&str], n: usize| {
        validate(folder.path(), arguments)
            .assert()
            .success()
            .stderr(contains(format!("{n} checked against the page")));
    };
    replayed(&["beside/a.json"], 1);
    fs::rename(folder.path().join("a.txt"), beside.join("a.txt")).unwrap();
    replayed(&["beside/a.json"], 1);
    fs::rename(beside.join("a.txt"), pages.join("a.txt")).unwrap();
    replayed(&["beside/a.json"], 0);
    replayed(&["--source-dir", "pages", "beside/a.json"], 1);
}

#[test]
fn files_that_are_no_records() {
    let folder = folder();
    let good = record(folder.path()).to_string();
    fs::write(
        folder.path().join("some.ndjson"),
        format!("{good}\n{{oops\n[1]\n{good}\n"),
    )
    .unwrap();
    fs::write(folder.path().join("empty.json"), "").unwrap();
    validate(folder.path(), &["none.json", "empty.json", "some.ndjson"])
        .assert()
        .code(1)
        .stdout(
            contains("some.ndjson:2: /: it is no JSON").and(contains("some.ndjson:3: /: found")),
        )
        .stderr(contains("none.json: there is no such file"))
        .stderr(contains("empty.json: it is empty"))
        .stderr(contains(
            "4 records, 2 checked against the page, 2 findings",
        ));
    gongbao().arg("validate").assert().code(2);
}

fn explain(page: &str, arguments: &[&str]) -> Command {
    let mut command = gongbao();
    command.args(["explain", "-"]).args(arguments);
    command.write_stdin(page);
    command
}

/// The explanation without blanks: where lines break does not matter here.
fn explained(page: &str, arguments: &[&str]) -> String {
    let text = stdout(&mut explain(page, arguments));
    assert!(text.lines().all(|l| l.chars().count() <= 80), "{text}");
    bare(&text)
}

fn bare(text: &str) -> String {
    text.split_whitespace().collect()
}

const YEAR: &str = "2022年，全县累计完成固定资产投资42亿元，其中修渠30亿元、修路12亿元，占全市的12%，同比增长约5%。\n";

#[test]
fn explain_says_how_a_number_was_taken() {
    let text = explained(YEAR, &["--at", "42亿元"]);
    for part in [
        "-:1: bytes 46 to 54",
        "2022年，全县累计完成固定资产投资【42亿元】，其中修渠30亿元",
        "42亿元 is indicator i1",
        "unit 亿元 — of the dimension money (lexicon/units.toml:",
        "measure level — a number with a unit that nothing else is said of is a level [plain-level]",
        "name 固定资产投资 — the noun phrase before the number",
        "cut off 累计 — an adverb is no part of the name (lexicon/names.toml:",
        "cut off 完成 — a verb of realisation is no part of the name (lexicon/names.toml:",
        "2022-01-01/2022-12-31",
        "status actual — no word says otherwise: it has come true [actual-default]",
        "check sum ok — i1 against i2, i3",
    ] {
        assert!(text.contains(&bare(part)), "{part}: {text}");
    }
}

#[test]
fn explain_says_why_a_part_is_one() {
    let text = explained(YEAR, &["--at", "修渠30亿元"]);
    for part in [
        "parts 其中 — a word of parts says that parts of a number before it follow [parts-open]",
        "of i1 — the numbers of the list add up to this whole [list-adds-up]",
        "relation part of i1 — what it is of that number: 固定资产投资 42亿元",
    ] {
        assert!(text.contains(&bare(part)), "{part}: {text}");
    }
}

#[test]
fn explain_says_why_a_share_is_one_and_whose_name_it_has() {
    let text = explained(YEAR, &["--at", "12%"]);
    for part in [
        "measure share — a verb of taking a share stands before the number: 占全市的 [share-verb] \
         (lexicon/changes.toml:",
        "a number without a noun speaks of the topic, the last number with a name [topic]",
    ] {
        assert!(text.contains(&bare(part)), "{part}: {text}");
    }
    let text = explained(YEAR, &["--at", "5%"]);
    for part in [
        "precision about, open to open — a word of approximation beside the number: 约 \
         (lexicon/approximations.toml:",
        "basis yoy — the words before the number say what it is measured against: 同比增长",
    ] {
        assert!(text.contains(&bare(part)), "{part}: {text}");
    }
}

#[test]
fn explain_says_why_a_number_was_left() {
    let text = explained("打好三大攻坚战。\n", &["--at", "三大"]);
    for part in [
        "打好【三】大攻坚战。",
        "三 is no indicator",
        "[frame-word] (lexicon/not_a_quantity.toml:",
    ] {
        assert!(text.contains(&bare(part)), "{part}: {text}");
    }
    let own = concat!(env!("CARGO_MANIFEST_DIR"), "/samples/lexicon.toml");
    let page = "七家巷社区收茶。\n";
    let text = explained(page, &["--at", "七家", "--lexicon", own]);
    let entry = "a word of a lexicon of your own says that it is no quantity: 七家巷 [place-name]";
    assert!(
        text.contains(&bare(entry)) && text.contains("lexicon.toml:"),
        "{text}"
    );
}

#[test]
fn explain_tells_what_is_not_there() {
    explain(PAGE, &["--at", "993户"])
        .assert()
        .code(1)
        .stdout("")
        .stderr(contains("\"993户\" is not on the page").and(contains("--line")));
    explain(PAGE, &["--line", "7"])
        .assert()
        .code(1)
        .stderr(contains("no line 7"));
    explain(PAGE, &["--at", ""])
        .assert()
        .code(1)
        .stderr(contains("--at is empty"));
    explain(PAGE, &[]).assert().code(2).stderr(contains("--at"));
    let text = explained(PAGE, &["--at", "企业"]);
    assert!(
        text.contains(&bare("no number stands here; the sentence has 992户")),
        "{text}"
    );
    let many = "走访12户。".repeat(14);
    explain(&many, &["--at", "12户"])
        .assert()
        .success()
        .stderr(contains("4 more places are not shown"));
}

#[test]
fn explain_writes_json() {
    let text = stdout(&mut explain(
        PAGE,
        &["--json", "--line", "1", "--period", "2021"],
    ));
    let value: Value = serde_json::from_str(&text).unwrap();
    let number = value["places"][0]["numbers"]
        .as_array()
        .and_then(|n| n.iter().find(|n| n["outcome"] == "taken"))
        .unwrap();
    assert_eq!(number["indicator"], "i1");
    let steps = number["steps"].as_array().unwrap();
    let step = |field: &str| steps.iter().rev().find(|s| s["field"] == field).unwrap();
    assert_eq!(step("period")["value"], "2021-01-01/2021-12-31");
    assert_eq!(step("name")["rule"], "noun-before");
    assert_eq!(step("name")["value"], "新增企业");
}

#[test]
fn one_page_as_two_engines_read_it() {
    let folder = folder();
    let at = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    at(
        "one.txt",
        "全县新修水渠12公里，灌溉保证率57.3，加固堤防8公里。\n",
    );
    at(
        "other.txt",
        "全县断修水汛12公里，灌溉保证率57.3%，加固堤防8公。\n",
    );
    let run = |arguments: &[&str]| extract(folder.path(), arguments);
    let text = stdout(&mut run(&["one.txt", "--also", "other.txt"]));
    let record: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(record["source"]["name"], "one.txt");
    assert_eq!(record["source"]["parts"][0]["name"], "other.txt");
    assert_eq!(record["source"]["parts"][0]["role"], "also");
    assert_eq!(record["indicators"][1]["mention"], "57.3%");
    assert_eq!(record["repairs"][0]["other"]["text"], "3%");
    // what is written holds against both files
    at("record.json", &text);
    let mut validate = gongbao();
    validate.current_dir(folder.path());
    validate
        .args(["validate", "record.json"])
        .assert()
        .success();
    let seen = stdout(&mut run(&[
        "one.txt",
        "--also",
        "other.txt",
        "--until",
        "normalize",
    ]));
    assert!(seen.contains("other-reading"), "{seen}");

    let refused = |arguments: &[&str], code: i32, message: &str| {
        let run = run(arguments).assert().code(code);
        run.stderr(contains(message.to_owned()));
    };
    refused(
        &["a.txt", "b.txt", "--also", "other.txt"],
        2,
        "--also is for one page",
    );
    refused(
        &["one.txt", "--also", "none.txt"],
        1,
        "none.txt: there is no such file",
    );
    refused(&["one.txt", "--also", "bad.txt"], 1, "bad.txt: it is empty");
    refused(
        &["one.txt", "--also", "other.txt", "-o", "other.txt"],
        2,
        "would be lost",
    );
    refused(&["-", "--also", "-"], 2, "only once");
}

/// A folder with an article on two pages and a page of its own.
fn issue() -> TempDir {
    let folder = TempDir::new().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write(
        "a1.txt",
        "A1 要闻\n　　全县农业生产稳定，粮食总\n（下转A2版）\n",
    );
    write("a2.txt", "A2 综合\n（上接A1版）产量18万吨。\n");
    write("a3.txt", PAGE);
    folder
}

fn stitch(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = gongbao();
    command.current_dir(folder).arg("stitch").args(arguments);
    command
}

#[test]
fn articles_are_stitched_and_told() {
    let folder = issue();
    let output = stitch(folder.path(), &["a3.txt", "a2.txt", "a1.txt"])
        .assert()
        .success()
        .stderr("gongbao: （下转A2版） of a1.txt goes on at （上接A1版） of a2.txt\n")
        .get_output()
        .clone();
    let text = String::from_utf8(output.stdout).unwrap();
    let records: Vec<Value> = text
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    assert_eq!(records.len(), 2);
    assert_eq!(records[0]["source"]["name"], "a3.txt");
    assert_eq!(records[1]["source"]["parts"][0]["name"], "a2.txt");
    assert_eq!(records[1]["text"], "全县农业生产稳定，粮食总产量18万吨。");
    let text = stdout(&mut stitch(
        folder.path(),
        &["-f", "text", "a2.txt", "a1.txt"],
    ));
    assert_eq!(
        text,
        "==> a1.txt + a2.txt <==\n全县农业生产稳定，粮食总产量18万吨。\n"
    );
    let table = stdout(&mut stitch(
        folder.path(),
        &["-f", "table", "a2.txt", "a1.txt"],
    ));
    assert!(table.trim_end().ends_with("2:2"), "{table}");
}

#[test]
fn stitched_records_are_validated_against_all_their_files() {
    let folder = issue();
    stitch(folder.path(), &["-o", "r.ndjson", "a1.txt", "a2.txt"])
        .assert()
        .success();
    let validate = || {
        let mut command = gongbao();
        command
            .current_dir(folder.path())
            .args(["validate", "r.ndjson"]);
        command.assert()
    };
    validate()
        .success()
        .stderr(contains("1 record, 1 checked against the page, 0 findings"));
    let a2 = folder.path().join("a2.txt");
    fs::write(&a2, "A2 综合\n（上接A1版）产量81万吨。\n").unwrap();
    validate()
        .code(1)
        .stdout(contains("/source/parts/0/sha256: found"));
    fs::remove_file(&a2).unwrap();
    validate()
        .success()
        .stderr(contains("1 record, 0 checked against the page, 0 findings"));
}

#[test]
fn what_cannot_be_stitched_is_said() {
    let folder = issue();
    stitch(folder.path(), &["a1.txt", "nope.txt"])
        .assert()
        .code(1)
        .stdout(contains("\"text\":\"全县农业生产稳定，粮食总\""))
        .stderr(contains("nope.txt: there is no such file"))
        .stderr(contains(
            "（下转A2版） of a1.txt has no partner among the pages given",
        ));
    stitch(folder.path(), &["-f", "json", "a1.txt", "a3.txt"])
        .assert()
        .code(2)
        .stderr(contains("-f json is for one article, and there are 2"));
    stitch(folder.path(), &["-"])
        .assert()
        .code(2)
        .stderr(contains("name files"));
    stitch(folder.path(), &["-o", "a1.txt", "a1.txt"])
        .assert()
        .code(2)
        .stderr(contains("would be lost"));
}
