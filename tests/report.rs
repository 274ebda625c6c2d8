//! `gongbao report` and `--corrections` as people use them. What the page does in a browser is tested by
//! `.ci/browser/`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use assert_cmd::Command;
use predicates::str::contains;
use regex::Regex;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::cli::{gongbao, stdout};

const PAGE: &str = "全年投资3.86亿元，其中公路1.45亿元、桥梁0.92亿元、渡口1.29亿元。\n";

fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("a.txt"), PAGE).unwrap();
    fs::write(folder.path().join("b.txt"), "全年新增企业992户。\n").unwrap();
    fs::write(folder.path().join("bad.txt"), " \n").unwrap();
    folder
}

fn run(folder: &Path, arguments: &str) -> Command {
    let mut command = gongbao();
    command
        .current_dir(folder)
        .args(arguments.split_whitespace());
    command
}

/// The JSON of the element with this id.
fn embedded(folder: &Path, id: &str) -> Value {
    let html = fs::read_to_string(folder.join("out.html")).unwrap();
    let begin = format!("<script type=\"application/json\" id=\"{id}\">");
    let start = html.find(&begin).expect(id) + begin.len();
    let end = start + html[start..].find("</script>").unwrap();
    serde_json::from_str(&html[start..end]).unwrap()
}

/// What `page` shows of its file for an indicator.
fn lit(page: &Value, indicator: &Value) -> String {
    let places = indicator["at"].as_array().unwrap();
    let stretch = |place: &Value| {
        let at = |i: usize| place[i].as_u64().unwrap() as usize;
        let text = page["files"][at(0)]["text"].as_str().unwrap();
        text.chars().take(at(2)).skip(at(1)).collect::<String>()
    };
    places.iter().map(stretch).collect()
}

#[test]
fn pages_are_read_and_shown_with_their_bytes() {
    let folder = folder();
    run(folder.path(), "report a.txt b.txt --out out.html")
        .assert()
        .success()
        .stderr(contains("out.html: 2 pages"));
    let page = embedded(folder.path(), "page-0");
    assert_eq!(page["name"], "a.txt");
    for indicator in page["indicators"].as_array().unwrap() {
        assert_eq!(lit(&page, indicator), indicator["mention"]);
    }
    assert_eq!(page["checks"][0]["difference"], "-20000000");
    let index = embedded(folder.path(), "index");
    assert_eq!(index["pages"][0]["mismatches"], 1);
    assert_eq!(index["pages"][0]["doubts"], 3);
    assert_eq!(index["pages"][1]["doubts"], 0);
}

#[test]
fn records_find_their_pages_by_name_and_digest() {
    let folder = folder();
    let path = folder.path();
    run(path, "extract a.txt b.txt -o records.ndjson")
        .assert()
        .success();
    fs::write(path.join("b.txt"), "全年新增企业993户。\n").unwrap();
    run(path, "report records.ndjson --out out.html")
        .assert()
        .success();
    let page = embedded(path, "page-0");
    assert_eq!(lit(&page, &page["indicators"][0]), "3.86亿元");
    // one that was changed, and one that is gone, are shown without: the text is all there is
    let changed = embedded(path, "page-1");
    let missing = changed["files"][0]["missing"].as_str().unwrap();
    assert!(missing.contains("changed since"), "{missing}");
    assert_eq!(changed["text"], "全年新增企业992户。");
    fs::remove_file(path.join("b.txt")).unwrap();
    run(path, "report records.ndjson --out out.html")
        .assert()
        .success();
    let gone = embedded(path, "page-1");
    assert_eq!(gone["files"][0]["missing"], "b.txt");
    // beside the records, from elsewhere
    let elsewhere = TempDir::new().unwrap();
    let records = path.join("records.ndjson");
    let out = path.join("out.html");
    gongbao()
        .current_dir(elsewhere.path())
        .arg("report")
        .arg(records)
        .arg("--out")
        .arg(out)
        .assert()
        .success();
    let page = embedded(path, "page-0");
    assert!(page["files"][0]["missing"].is_null());
}

#[test]
fn what_cannot_be_used_is_told_and_the_rest_is_shown() {
    let folder = folder();
    let path = folder.path();
    fs::write(path.join("c.json"), "{\"schema\": \"gongbao/1\"}\n").unwrap();
    run(path, "report bad.txt c.json none.txt a.txt --out out.html")
        .assert()
        .code(1)
        .stderr(contains("bad.txt: it is empty"))
        .stderr(contains("c.json:1: it is no record"))
        .stderr(contains("none.txt: there is no such file"));
    let index = embedded(path, "index");
    assert_eq!(index["pages"].as_array().unwrap().len(), 1);
    assert_eq!(index["unread"].as_array().unwrap().len(), 3);
    // nothing at all is no report, and an older one stays
    run(path, "report bad.txt --out out.html")
        .assert()
        .code(1)
        .stderr(contains("there is no page to show"));
    assert_eq!(embedded(path, "page-0")["name"], "a.txt");
    run(path, "report a.txt --out a.txt")
        .assert()
        .code(2)
        .stderr(contains("would be lost"));
}

#[test]
fn boxes_and_pictures() {
    let folder = folder();
    let path = folder.path();
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    for name in ["waterworks.hocr", "waterworks.rapidocr.json"] {
        fs::copy(samples.join(name), path.join(name)).unwrap();
    }
    let png = b"\x89PNG\r\n\x1A\n and so on";
    fs::write(path.join("waterworks.png"), png).unwrap();
    run(
        path,
        "report waterworks.hocr waterworks.rapidocr.json --out out.html",
    )
    .assert()
    .success();
    for id in ["page-0", "page-1"] {
        let file = &embedded(path, id)["files"][0];
        assert!(file["boxes"].as_array().unwrap().len() > 8, "{id}");
        let picture = file["sheets"][0]["picture"].as_str().unwrap();
        assert!(picture.starts_with("data:image/png;base64,iVBOR"), "{id}");
    }
    run(path, "report waterworks.hocr --no-pictures --out out.html")
        .assert()
        .success();
    assert!(embedded(path, "page-0")["files"][0]["sheets"][0]["picture"].is_null());
}

/// A file that decides something of the first number of `record`, as the report exports it.
fn corrections(record: &Value, decision: &str, value: Value) -> Value {
    let x = &record["indicators"][0];
    let source = json!({
        "start": x["source"]["start"], "end": x["source"]["end"], "pieces": x["source"]["pieces"],
    });
    let correction = json!({
        "start": x["start"], "end": x["end"], "mention": x["mention"], "name": x["name"],
        "measure": x["measure"], "unit": x["unit"], "read": x["value"].to_string(), "source": source, "decision": decision, "value": value, "note": null,
    });
    let page = json!({
        "name": record["source"]["name"], "sha256": record["source"]["sha256"], "corrections": [correction],
    });
    json!({"schema": "gongbao-corrections/1", "writer": "gongbao 0.1.0", "pages": [page]})
}

#[test]
fn corrections_go_into_records_and_batches() {
    let folder = folder();
    let path = folder.path();
    let before = stdout(&mut run(path, "extract a.txt"));
    let before: Value = serde_json::from_str(&before).unwrap();
    let file = corrections(&before, "corrected", json!("3.660"));
    let schema: Value = serde_json::from_str(
        &fs::read_to_string(
            Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/corrections.schema.json"),
        )
        .unwrap(),
    )
    .unwrap();
    assert!(jsonschema::draft202012::is_valid(&schema, &file));
    fs::write(path.join("c.json"), file.to_string()).unwrap();

    let after = stdout(&mut run(path, "extract --corrections c.json a.txt"));
    assert!(after.contains("\"value\": 3.660,"), "{after}");
    let after: Value = serde_json::from_str(&after).unwrap();
    assert_eq!(after["corrections"][0]["indicator"], "i1");
    assert_eq!(after["corrections"][0]["origin"], "c.json");
    assert_eq!(after["checks"][0]["status"], "ok");
    fs::write(path.join("after.json"), after.to_string()).unwrap();
    run(path, "validate after.json")
        .assert()
        .success()
        .stderr(contains("1 checked against the page, 0 findings"));

    // a batch reads a page again when what was decided of it changes, and only that page
    let batch = "batch a.txt b.txt --out tables --format ndjson --corrections c.json";
    run(path, batch).assert().success();
    let lines = fs::read_to_string(path.join("tables/ndjson/records.ndjson")).unwrap();
    assert!(lines.contains("\"value\":3.660,"));
    let wrong = corrections(&before, "wrong", Value::Null);
    fs::write(path.join("c.json"), wrong.to_string()).unwrap();
    run(path, batch).assert().success();
    let lines = fs::read_to_string(path.join("tables/ndjson/records.ndjson")).unwrap();
    assert!(lines.contains("\"value\":3.86,") && lines.contains("\"decision\":\"wrong\""));

    // the report shows what was settled as settled
    let right = corrections(&before, "right", Value::Null);
    fs::write(path.join("c.json"), right.to_string()).unwrap();
    run(path, "report --corrections c.json a.txt --out out.html")
        .assert()
        .success();
    let page = embedded(path, "page-0");
    assert_eq!(page["indicators"][0]["doubts"], json!([]));
    assert_eq!(page["indicators"][0]["reviewed"]["decision"], "right");
}

#[test]
fn corrections_that_do_not_fit_are_told() {
    let folder = folder();
    let path = folder.path();
    let record = stdout(&mut run(path, "extract a.txt"));
    let record: Value = serde_json::from_str(&record).unwrap();
    let file = corrections(&record, "corrected", json!("3.66"));
    fs::write(path.join("c.json"), file.to_string()).unwrap();
    run(path, "extract --corrections c.json b.txt")
        .assert()
        .success()
        .stderr(contains(
            "c.json: a correction is of a.txt, which was not among the pages",
        ));
    fs::write(path.join("a.txt"), PAGE.replace("渡口", "码头")).unwrap();
    let changed = stdout(&mut run(path, "extract --corrections c.json a.txt"));
    let changed: Value = serde_json::from_str(&changed).unwrap();
    assert_eq!(changed["corrections"], json!([]));
    let found = changed["diagnostics"].as_array().unwrap();
    assert!(
        found.iter().any(|d| d["code"] == "correction-unfit"
            && d["message"].as_str().unwrap().contains("another version")),
        "{found:?}"
    );
    fs::write(path.join("c.json"), "[]").unwrap();
    run(path, "extract --corrections c.json a.txt")
        .assert()
        .code(1)
        .stderr(contains("c.json: it is no file of corrections"));
}

#[test]
fn records_are_shown_as_they_are() {
    let folder = folder();
    let path = folder.path();
    let record = stdout(&mut run(path, "extract a.txt"));
    fs::write(path.join("rec.json"), &record).unwrap();
    let record: Value = serde_json::from_str(&record).unwrap();
    let file = corrections(&record, "corrected", json!("3.66"));
    fs::write(path.join("c.json"), file.to_string()).unwrap();
    let assert = run(path, "report rec.json --corrections c.json --out out.html")
        .assert()
        .success()
        .stderr(contains("nothing of it is put into 1 record"));
    let said = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
    assert!(!said.contains("not among the pages"), "{said}");
}

#[test]
fn concepts_of_ones_own_have_their_labels() {
    let folder = folder();
    let own = r#"[[concept]]
id = "own.ferries"
zh = "渡口投资"
en = "Investment in ferries"
names = ["渡口"]
dimension = "money"
hits = ["渡口1.29亿元。"]
misses = ["公路1.45亿元。"]
"#;
    fs::write(folder.path().join("my.toml"), own).unwrap();
    run(
        folder.path(),
        "report a.txt --concepts my.toml --out out.html",
    )
    .assert()
    .success();
    let index = embedded(folder.path(), "index");
    assert_eq!(
        index["concepts"]["own.ferries"],
        json!(["渡口投资", "Investment in ferries"])
    );
}

#[test]
fn what_gongbao_keeps_is_no_page() {
    let folder = TempDir::new().unwrap();
    let pages = folder.path().join("pages");
    fs::create_dir(&pages).unwrap();
    fs::write(pages.join("a.txt"), PAGE).unwrap();
    run(folder.path(), "snapshot pages").assert().success();
    fs::write(pages.join("a.txt.gongbao.accepted"), "全年植树30亩。\n").unwrap();
    fs::write(pages.join("changes.gongbao.html"), "<p>全年植树30亩。").unwrap();
    run(folder.path(), "batch pages --out out")
        .assert()
        .success()
        .stderr(contains("1 page,"));
    // nor where it is named
    run(folder.path(), "extract pages/a.txt.gongbao.json")
        .assert()
        .code(1)
        .stderr(contains("a record or corrections, and no page"));
}

/// What the page calls findings and repairs by is what gongbao calls them.
#[test]
fn every_code_has_its_words() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let texts = fs::read_to_string(root.join("src/report/texts.js")).unwrap();
    let key = Regex::new(r#""([a-z]+(?:-[a-z]+)+)": \["#).unwrap();
    let known: BTreeSet<&str> = key
        .captures_iter(&texts)
        .map(|found| found.get(1).unwrap().as_str())
        .collect();
    let code = Regex::new(r#""(?:code|why)": "([a-z-]+)""#).unwrap();
    let mut seen = BTreeSet::new();
    for file in fs::read_dir(root.join("tests/snapshots")).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap_or_default();
        seen.extend(code.captures_iter(&text).map(|found| found[1].to_owned()));
    }
    assert!(seen.len() > 8, "{seen:?}");
    let without: Vec<&String> = seen
        .iter()
        .filter(|code| !known.contains(code.as_str()))
        .collect();
    assert!(
        without.is_empty(),
        "src/report/texts.js has no words for {without:?}"
    );
    // a sentence for each finding
    let between = |from: &str, to: &str| {
        let start = texts.find(from).unwrap() + from.len();
        &texts[start..start + texts[start..].find(to).unwrap()]
    };
    let codes = Regex::new(r#""?([a-z]+(?:-[a-z]+)*)"?: \["#).unwrap();
    let sentences = Regex::new(r#""([a-z-]+)": "[^"]+[。；]""#).unwrap();
    let all = |regex: &Regex, text: &str| -> BTreeSet<String> {
        let found = regex.captures_iter(text);
        found.map(|found| found[1].to_owned()).collect()
    };
    let findings = all(&codes, between("  finding: {", "\n  },"));
    assert!(findings.len() > 30, "{findings:?}");
    assert_eq!(all(&sentences, between("SENTENCES = {", "\n};")), findings);
    // and both languages are there
    let list = Regex::new(r#": \[("[^"]*"(?:, "[^"]*")*)\]"#).unwrap();
    let lists: Vec<&str> = list
        .captures_iter(&texts)
        .map(|found| found.get(1).unwrap().as_str())
        .collect();
    assert!(lists.len() > 100);
    for pair in lists {
        assert_eq!(pair.matches("\", \"").count(), 1, "{pair}");
    }
}
