//! `gongbao eval` as people use it, and its counts against those of the team's score.py.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command as Process;

use assert_cmd::Command;
use gongbao::base::Decimal;
use gongbao::eval::{self, FIELDS, Gold, Tally};
use gongbao::{Extractor, write};
use predicates::prelude::*;
use predicates::str::contains;
use serde_json::{Value, json};
use tempfile::TempDir;

const PAGE: &str = "一、林业\n全年造林30亩，其中杉木12亩、油茶18亩。\n";

fn label(id: &str, left: &str, mention: &str, name: &str, of: Option<&str>) -> Value {
    json!({
        "id": id, "left": left, "mention": mention, "value": mention.trim_end_matches('亩'),
        "unit": "亩", "name": [name], "measure": "level", "precision": "exact", "basis": null,
        "period": "2022", "status": "actual", "section": "一、", "of": of
    })
}

/// What PAGE says, with this name for its first number.
fn gold(name: &str) -> Value {
    json!({
        "page": "a",
        "document": {"year": 2023, "period": "2022"},
        "text": PAGE.trim_end(),
        "sections": [{"label": "一、", "title": "林业", "level": 1}],
        "indicators": [
            label("g1", "全年造林", "30亩", name, None),
            label("g2", "其中杉木", "12亩", "杉木", Some("g1")),
            label("g3", "、油茶", "18亩", "油茶", Some("g1")),
        ],
        "checks": [{"total": "g1", "parts": ["g2", "g3"]}]
    })
}

/// A folder with `a.txt` and `b.txt`, the same page, and their golds in `gold/`; that of `b` wants
/// another name.
fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("gold")).unwrap();
    for (page, name) in [("a", "造林"), ("b", "水产养殖")] {
        fs::write(folder.path().join(page).with_extension("txt"), PAGE).unwrap();
        put_gold(&folder, page, &gold(name));
    }
    folder
}

fn put_gold(folder: &TempDir, page: &str, gold: &Value) {
    let path = folder.path().join(format!("gold/{page}.gold.json"));
    fs::write(path, gold.to_string()).unwrap();
}

fn gongbao(folder: &TempDir, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gongbao"));
    command.current_dir(folder.path()).args(arguments);
    command
}

fn run_eval(folder: &TempDir, arguments: &[&str]) -> Command {
    gongbao(folder, &[&["eval", "--gold", "gold"], arguments].concat())
}

fn stdout(command: &mut Command) -> String {
    let output = command.assert().success().get_output().clone();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_line_a_page_and_one_for_all() {
    let folder = folder();
    let text = stdout(&mut run_eval(&folder, &["a.txt", "b.txt"]));
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[1..4],
        [
            "a                              3 1.000 1.000 1.000   1.000  1.000  1.000  0.0000",
            "b                              3 1.000 1.000 1.000   0.667  1.000  1.000  0.0000",
            "2 pages                        6 1.000 1.000 1.000   0.833  1.000  1.000  0.0000",
        ]
    );
    assert!(
        text.contains("6 found, 0 missed, 0 extra; 5 right in every field"),
        "{text}"
    );
    assert!(text.contains("name 0.833  measure 1.000"), "{text}");
    assert!(text.contains("sums      P 1.000  R 1.000"), "{text}");
}

#[test]
fn a_wrong_name_is_listed() {
    let folder = folder();
    run_eval(&folder, &["-v", "a.txt", "b.txt"])
        .assert()
        .success()
        .stdout(contains(
            "==> b <==\nwrong    全年造林[30亩]  name: expected 水产养殖, found 造林\n\n",
        ))
        .stdout(contains("==> a <==").not());
}

#[test]
fn what_is_missed_and_what_is_too_much_is_listed() {
    let folder = folder();
    let mut labels = gold("造林");
    labels["text"] = json!("一、林业\n（一）造林\n全年造林30亩，其中杉木12亩、油茶19亩，竹5亩。");
    labels["sections"]
        .as_array_mut()
        .unwrap()
        .push(json!({"label": "（一）", "title": "造林", "level": 2}));
    let indicators = labels["indicators"].as_array_mut().unwrap();
    indicators.remove(1);
    indicators[1]["mention"] = json!("19亩");
    indicators[1]["value"] = json!("19");
    indicators.push(label("g4", "，竹", "5亩", "竹", None));
    labels["checks"] = json!([]);
    put_gold(&folder, "a", &labels);
    let text = stdout(&mut run_eval(&folder, &["--list", "a.txt"]));
    let list: Vec<&str> = text.lines().take_while(|line| !line.is_empty()).collect();
    assert_eq!(
        list,
        [
            "==> a <==",
            "missed   、油茶[19亩]  found 18亩",
            "missed   ，竹[5亩]",
            "extra    其中杉木12亩、油茶18亩 [12亩]  name 杉木",
            "missed   section 一、/(一) 造林",
            "extra    sum 30亩 = 12亩 + 18亩",
        ]
    );
}

/// A page without gold, or with one that does not hold, costs no other.
#[test]
fn a_page_that_cannot_be_scored_is_told_of_and_the_others_are_scored() {
    let folder = folder();
    fs::write(folder.path().join("c.txt"), PAGE).unwrap();
    fs::write(folder.path().join("d.txt"), PAGE).unwrap();
    let mut broken = gold("造林");
    broken["indicators"][1]["mention"] = json!("13亩");
    put_gold(&folder, "d", &broken);
    let assert = run_eval(
        &folder,
        &["c.txt", "a.txt", "d.txt", "none.txt", "gold/a.gold.json"],
    )
    .assert()
    .code(1)
    .stderr(contains("gongbao: c.txt: it has no gold: there is no "))
    .stderr(contains("c.gold.json"))
    .stderr(contains(
        "d.gold.json: indicator \"g2\": 其中杉木[13亩] is not in its text; expected",
    ))
    .stderr(contains("gongbao: none.txt: there is no such file"))
    .stderr(contains("gongbao: gold/a.gold.json: it is a gold"));
    let output = assert.get_output();
    assert_eq!(String::from_utf8_lossy(&output.stderr).lines().count(), 4);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("\na        "), "{text}");
    assert!(text.contains("numbers   3 found, 0 missed"), "{text}");
}

#[test]
fn nothing_to_score_prints_nothing() {
    let folder = folder();
    fs::write(folder.path().join("c.txt"), PAGE).unwrap();
    run_eval(&folder, &["--json", "c.txt"])
        .assert()
        .code(1)
        .stdout("");
    gongbao(&folder, &["eval", "--gold", "nowhere", "a.txt"])
        .assert()
        .code(2)
        .stderr(contains("--gold nowhere: there is no such folder"));
}

/// Records that were written before score as their pages do, alone, in a row, and from a pipe.
#[test]
fn records_score_as_their_pages() {
    let folder = folder();
    let hints = ["--published=2023", "--period=2022"];
    let extract = |arguments: &[&str]| {
        gongbao(&folder, &[&["extract"], &hints[..], arguments].concat())
            .assert()
            .success();
    };
    extract(&["-o", "a.json", "a.txt"]);
    extract(&["-o", "b.json", "b.txt"]);
    extract(&["-o", "all.ndjson", "a.txt", "b.txt"]);
    let json = |paths: &[&str]| stdout(&mut run_eval(&folder, &[&["--json"], paths].concat()));
    let want = json(&["a.txt", "b.txt"]);
    assert!(want.starts_with("{\"pages\":2,\"indicators\":6,"), "{want}");
    assert_eq!(json(&["a.json", "b.json"]), want);
    assert_eq!(json(&["all.ndjson"]), want);
    let piped = fs::read(folder.path().join("all.ndjson")).unwrap();
    let mut from_pipe = run_eval(&folder, &["--json", "-"]);
    assert_eq!(stdout(from_pipe.write_stdin(piped)), want);

    fs::write(folder.path().join("bad.ndjson"), "{\"schema\": 1}\n{}\n").unwrap();
    run_eval(&folder, &["bad.ndjson"])
        .assert()
        .code(1)
        .stderr(contains(
            "bad.ndjson: line 2: it is no record: missing field",
        ));
}

/// A reviewer's decisions of the numbers of `page.txt`, in their order; the corrected value is text.
fn decide(folder: &TempDir, page: &str, decisions: &[(&str, Option<&str>)]) -> Value {
    let name = format!("{page}.txt");
    let bytes = fs::read(folder.path().join(&name)).unwrap();
    let record = Extractor::new().extract(&name, &bytes).unwrap();
    let decided = record.indicators.iter().zip(decisions);
    let corrections: Vec<Value> = decided
        .map(|(p, (decision, value))| {
            json!({
                "start": p.start, "end": p.end, "mention": p.mention, "name": p.name,
                "measure": p.measure, "unit": p.unit, "read": p.value.map(|v| v.to_string()),
                "source": {"start": p.source.start, "end": p.source.end, "pieces": null},
                "decision": decision, "value": value, "note": null
            })
        })
        .collect();
    json!({"name": name, "sha256": record.source.sha256, "corrections": corrections})
}

fn put_corrections(folder: &TempDir, pages: Vec<Value>) {
    let file = json!({"schema": "gongbao-corrections/1", "writer": null, "pages": pages});
    fs::write(folder.path().join("c.json"), file.to_string()).unwrap();
}

const DECISIONS: [(&str, Option<&str>); 3] =
    [("right", None), ("corrected", Some("13")), ("wrong", None)];

#[test]
fn decisions_of_a_reviewer_are_gold() {
    let folder = folder();
    let mut pages = vec![decide(&folder, "a", &DECISIONS)];
    pages.push(decide(&folder, "a", &[]));
    put_corrections(&folder, pages);
    let arguments = ["eval", "--gold", "c.json", "-v", "a.txt"];
    let text = stdout(&mut gongbao(&folder, &arguments));
    assert_eq!(
        text,
        "==> a.txt <==\n\
         missed   杉木 [12亩]  corrected to 13亩, found 12亩\n\
         extra    油茶 [18亩]  wrong, found 18亩\n\n\
         page                     decisions   met missed  extra     P     R    F1\n\
         a.txt                            3     1      1      2 0.333 0.500 0.400\n\n\
         3 decisions, 1 met:\n  \
           right      1 of 1 are read as they were\n  \
           corrected  0 of 1 are read with the value that was given\n  \
           wrong      0 of 1 are not read like that any more\n"
    );
    // a value that differs, in a record that was written before
    let json = |record: &Value| {
        fs::write(folder.path().join("a.json"), record.to_string()).unwrap();
        let arguments = ["eval", "--gold", "c.json", "--json", "a.json"];
        serde_json::from_str::<Value>(&stdout(&mut gongbao(&folder, &arguments))).unwrap()
    };
    let extracted = stdout(&mut gongbao(&folder, &["extract", "a.txt"]));
    let mut record: Value = serde_json::from_str(&extracted).unwrap();
    assert_eq!(json(&record)["right"], json!({"decided": 1, "met": 1}));
    for i in 0..3 {
        let x = &mut record["indicators"][i];
        (x["value"], x["base_value"]) = (json!(13), json!(13));
    }
    let summary = json(&record);
    assert_eq!(summary["right"], json!({"decided": 1, "met": 0}));
    assert_eq!(summary["corrected"], json!({"decided": 1, "met": 1}));
    assert_eq!(summary["wrong"], json!({"decided": 1, "met": 1}));
    assert_eq!(summary["counts"], json!({"tp": 1, "fp": 1, "fn": 1}));
}

/// No decision goes unseen, whatever has become of its page.
#[test]
fn decisions_that_cannot_be_scored_are_told() {
    let folder = folder();
    fs::write(folder.path().join("c.txt"), "全年造林30亩。\n").unwrap();
    let pages = ["a", "b", "c"].map(|page| decide(&folder, page, &DECISIONS));
    put_corrections(&folder, pages.to_vec());
    fs::write(folder.path().join("c.txt"), "全年造林31亩。\n").unwrap();
    fs::write(folder.path().join("d.txt"), "全年造林32亩。\n").unwrap();
    let eval = |arguments: &[&str]| {
        gongbao(
            &folder,
            &[&["eval", "--gold", "c.json"], arguments].concat(),
        )
        .assert()
    };
    // a.txt and b.txt are the same page
    eval(&["a.txt", "c.txt", "d.txt"])
        .code(1)
        .stdout(contains("\n6 decisions, 2 met:\n"))
        .stderr(contains(
            "c.txt: it was changed since it was reviewed: 1 decision is of a version with SHA-256 ",
        ))
        .stderr(contains("c.json: 1 page has no decision in it"));
    eval(&["a.txt"]).success().stderr(contains(
        "c.json: a correction is of c.txt, which was not among the pages",
    ));
    eval(&["d.txt"])
        .code(1)
        .stdout("")
        .stderr(contains("none of its decisions is of these pages"));
    gongbao(
        &folder,
        &[
            "extract",
            "--corrections",
            "c.json",
            "a.txt",
            "-o",
            "a.json",
        ],
    )
    .assert()
    .success();
    eval(&["a.json"])
        .code(1)
        .stderr(contains("read the page without --corrections"));
    // what is neither says what is expected where
    fs::rename(
        folder.path().join("c.json"),
        folder.path().join("gold/a.gold.json"),
    )
    .unwrap();
    run_eval(&folder, &["a.txt"])
        .assert()
        .code(1)
        .stderr(contains(
            "holds a reviewer's decisions; name it with --gold gold",
        ));
    gongbao(&folder, &["eval", "--gold", "gold/b.gold.json", "a.txt"])
        .assert()
        .failure()
        .stderr(contains("it is no file of corrections"));
}

/// A page and its gold.
type Pair = (PathBuf, PathBuf);

fn labelled(folder: &Path, golds: &Path) -> Vec<Pair> {
    let mut pairs: Vec<Pair> = fs::read_dir(golds)
        .unwrap_or_else(|error| panic!("{}: {error}", golds.display()))
        .filter_map(|entry| {
            let gold = entry.unwrap().path();
            let name = gold.file_name()?.to_str()?.strip_suffix(".gold.json")?;
            Some((folder.join(format!("{name}.txt")), gold))
        })
        .collect();
    pairs.sort();
    pairs
}

/// Pages below `ocr/` in folders whose names end so, with their golds.
fn read_again(shared: &Path, ending: &str, page: &str, gold: &str) -> Vec<Pair> {
    let mut pairs: Vec<Pair> = fs::read_dir(shared.join("ocr"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|folder| folder.to_string_lossy().ends_with(ending))
        .map(|folder| (folder.join(page), folder.join(gold)))
        .collect();
    pairs.sort();
    pairs
}

/// Runs score.py's own `main`, then prints what its `score` gave for each page as counts, and its
/// summary with decimals for floats.
const DRIVER: &str = r#"
import contextlib, importlib.util, io, json, sys
from decimal import Decimal
from pathlib import Path
spec = importlib.util.spec_from_file_location("score", sys.argv[1])
tool = importlib.util.module_from_spec(spec)
spec.loader.exec_module(tool)
pages, own = [], tool.score
def score(gold, pred, verbose=False):
    r = own(gold, pred, verbose)
    flat = len(tool.squeeze(gold["text"])[0])
    r["cer"] = r["cer"][0], len(gold["text"].strip())
    pages.append({
        "indicators": {k: r["indicators"][k] for k in ("tp", "fp", "fn")},
        "whole": r["whole"][0], "fields": {f: n for f, (n, _) in r["fields"].items()},
        "sections": r["sections"], "paragraphs": r["paragraphs"],
        "checks": r.get("checks", {"tp": 0, "fp": 0, "fn": 0}), "silent": r["silent"],
        "cer": [round(r["cer"][0] * max(1, r["cer"][1])), r["cer"][1]],
        "cer_flat": [round(r["cer_flat"][0] * max(1, flat)), flat],
    })
    return r
tool.score = score
sys.argv = ["score.py", "--json", *sys.argv[2:]]
out = io.StringIO()
with contextlib.redirect_stdout(out):
    tool.main()
print(json.dumps(pages))
summary = json.loads(out.getvalue().splitlines()[-1], parse_float=lambda x: format(Decimal(x), "f"))
print(json.dumps(summary))
"#;

fn as_score_py(tally: &Tally) -> Value {
    let found = |x: eval::Found| json!({"tp": x.found, "fp": x.extra, "fn": x.missed});
    let fields = FIELDS.iter().zip(tally.fields);
    json!({
        "indicators": found(tally.indicators),
        "whole": tally.whole,
        "fields": fields.map(|(f, n)| ((*f).to_owned(), json!(n))).collect::<Value>(),
        "sections": found(tally.sections),
        "paragraphs": found(tally.paragraphs),
        "checks": found(tally.checks),
        "silent": [tally.silent, tally.labelled],
        "cer": [tally.edits, tally.characters],
        "cer_flat": [tally.flat_edits, tally.flat_characters],
    })
}

/// Equal but for the last digits of what score.py has as binary fractions.
fn same(own: &Value, theirs: &Value, at: &str) {
    match (own, theirs) {
        (Value::Object(own), Value::Object(theirs)) => {
            let keys = |x: &serde_json::Map<String, Value>| {
                let mut keys: Vec<String> = x.keys().filter(|k| *k != "counts").cloned().collect();
                keys.sort();
                keys
            };
            assert_eq!(keys(own), keys(theirs), "{at}");
            for (key, theirs) in theirs {
                same(&own[key], theirs, &format!("{at}/{key}"));
            }
        }
        (Value::Number(own), Value::String(theirs)) => {
            let own: Decimal = own.to_string().parse().unwrap();
            let theirs: Decimal = theirs.parse().unwrap();
            let apart = own.checked_add(-theirs).unwrap().scaled(9).unwrap();
            let one = Decimal::from(1);
            assert!(
                apart < one && -apart < one,
                "{at}: {own}, score.py {theirs}"
            );
        }
        _ => assert_eq!(own, theirs, "{at}"),
    }
}

/// Page by page the same counts as score.py, and the same summary from the command.
fn counts_agree(shared: &Path, pairs: &[Pair]) {
    assert!(pairs.len() > 5, "{} pages", pairs.len());
    let folder = TempDir::new().unwrap();
    let (mut scored, mut tool, mut pages) = (Vec::new(), Vec::new(), Vec::new());
    for (i, (page, gold)) in pairs.iter().enumerate() {
        let bytes = fs::read(page).unwrap_or_else(|e| panic!("{}: {e}", page.display()));
        let json = fs::read_to_string(gold).unwrap();
        let labels = Gold::read(&json).unwrap_or_else(|e| panic!("{}: {e}", gold.display()));
        let extractor = Extractor::new().hints(labels.hints.clone());
        let record = extractor.extract("page.txt", &bytes).unwrap();
        scored.push(as_score_py(&eval::score(&labels, &record).tally));
        let path = |ending: &str| folder.path().join(format!("p{i:02}{ending}"));
        let mut written = Vec::new();
        write::json::json(&record, &mut written).unwrap();
        fs::write(path(".json"), written).unwrap();
        fs::write(path(".txt"), &bytes).unwrap();
        fs::write(path(".gold.json"), &json).unwrap();
        tool.extend([path(".gold.json"), path(".json")]);
        pages.push(path(".txt"));
    }
    let mut command = gongbao(&folder, &["eval", "--json", "--gold", "."]);
    let own = stdout(command.args(&pages));
    let run = Process::new("python3")
        .args(["-c", DRIVER])
        .arg(shared.join("tools/score.py"))
        .args(&tool)
        .output()
        .expect("python3 is needed to compare with score.py");
    assert!(
        run.status.success(),
        "{}",
        String::from_utf8_lossy(&run.stderr)
    );
    let lines = String::from_utf8(run.stdout).unwrap();
    let mut lines = lines
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let theirs = lines.next().unwrap();
    for (i, (own, theirs)) in scored.iter().zip(theirs.as_array().unwrap()).enumerate() {
        assert_eq!(own, theirs, "{}", pairs[i].0.display());
    }
    assert_eq!(scored.len(), theirs.as_array().unwrap().len());
    same(
        &serde_json::from_str(&own).unwrap(),
        &lines.next().unwrap(),
        "",
    );
}

#[test]
fn counts_of_samples_are_those_of_score_py() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    if let Some(shared) = crate::shared() {
        counts_agree(&shared, &labelled(&samples, &samples));
    }
}

#[test]
fn counts_of_the_corpus_are_those_of_score_py() {
    if let Some(shared) = crate::shared() {
        counts_agree(
            &shared,
            &labelled(&shared.join("corpus"), &shared.join("gold")),
        );
    }
}

#[test]
fn counts_of_light_scans_are_those_of_score_py() {
    if let Some(shared) = crate::shared() {
        let pairs = read_again(
            &shared,
            "-light",
            "tesseract.txt",
            "tesseract-text.gold.json",
        );
        counts_agree(&shared, &pairs);
    }
}

#[test]
fn counts_of_medium_scans_are_those_of_score_py() {
    if let Some(shared) = crate::shared() {
        let pairs = read_again(
            &shared,
            "-medium",
            "tesseract.txt",
            "tesseract-text.gold.json",
        );
        counts_agree(&shared, &pairs);
    }
}

#[test]
fn counts_of_text_layers_are_those_of_score_py() {
    if let Some(shared) = crate::shared() {
        let pairs = read_again(&shared, "-digital", "pdftotext.txt", "pdftotext.gold.json");
        counts_agree(&shared, &pairs);
    }
}
