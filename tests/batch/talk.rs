//! What is said, and where.

use std::fs;

use serde_json::Value;

use super::{Archive, EVERYTHING, text};

#[test]
fn a_dry_run_does_nothing() {
    let archive = Archive::new(10);
    archive.page("003.txt", " \n");
    let dry = [&EVERYTHING[..], &["--dry-run"]].concat();
    let ran = archive.with("out", &dry).code(0);
    assert!(!archive.path("out").exists());
    assert_eq!(ran.stdout.lines().count(), 13);
    assert!(
        ran.stdout
            .lines()
            .all(|line| line.starts_with("read  pages/")),
        "{}",
        ran.stdout
    );
    ran.says("13 to be read, 0 done before, 0 to fail; nothing was done");
    archive.all("out").code(1);
    let before = archive.tree("out");
    archive.page("005.txt", &text(80));
    fs::write(archive.path("list"), "pages\nnowhere.txt\n").unwrap();
    let ran = archive
        .run(&[&["@list", "--out", "out"], &dry[..]].concat())
        .code(1);
    let lines = |what: &str| {
        ran.stdout
            .lines()
            .filter(|line| line.starts_with(what))
            .count()
    };
    assert_eq!(
        (lines("read  "), lines("keep  "), lines("fail  ")),
        (1, 11, 2),
        "{}",
        ran.stdout
    );
    assert!(ran.stdout.contains("read  pages/005.txt\n"));
    assert!(ran.stdout.contains("fail  pages/003.txt: "));
    assert!(ran.stdout.contains("fail  nowhere.txt: "));
    assert!(archive.tree("out") == before);
}

#[test]
fn quiet_is_quiet() {
    let archive = Archive::new(5);
    let quiet = [&EVERYTHING[..], &["--quiet"]].concat();
    let ran = archive.with("out", &quiet).code(0);
    assert_eq!((ran.stdout, ran.stderr), (String::new(), String::new()));
    archive.page("003.txt", " \n");
    let ran = archive.with("out", &quiet).code(1);
    assert_eq!(ran.stderr.lines().count(), 1);
    ran.says("gongbao: pages/003.txt: ");
}

#[test]
fn machines_read_along() {
    let archive = Archive::new(5);
    archive.page("003.txt", " \n");
    let json = ["--log-format", "json"];
    let events = |out: &str, more: &[&str]| -> Vec<Value> {
        let ran = archive.with(out, &[&json, more].concat());
        assert!(ran.stdout.is_empty() || more == ["--dry-run"]);
        let lines = ran.stderr.lines();
        lines
            .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}")))
            .collect()
    };
    let first = events("out", &[]);
    assert_eq!(first[0]["fields"]["page"], "pages/003.txt");
    assert_eq!(first[0]["fields"]["kind"], "not-a-page");
    let last = &first.last().unwrap()["fields"];
    assert_eq!((&last["pages"], &last["failed"]), (&7.into(), &1.into()));
    assert!(!events("out", &["--dry-run"]).is_empty());
    assert!(!events("out", &["--fail-fast"]).is_empty());
    fs::create_dir(archive.path("other")).unwrap();
    fs::write(archive.path("other/a.doc"), "").unwrap();
    let refused = events("other", &[]);
    assert_eq!((refused.len(), &refused[0]["level"]), (1, &"ERROR".into()));
}

#[test]
fn the_summary_fits_a_terminal() {
    let archive = Archive::new(40);
    archive.page("003.txt", " \n");
    archive.page("005.txt", "\0\0");
    fs::write(archive.path("meta.csv"), "path,region\nnone/*.txt,白杨县\n").unwrap();
    let more = [&EVERYTHING[..], &["--meta", "meta.csv"]].concat();
    for _ in 0..2 {
        let ran = archive.with("out", &more).code(1);
        let lines: Vec<&str> = ran.stderr.lines().collect();
        let summary = lines
            .iter()
            .position(|line| line.contains(" read now, "))
            .unwrap();
        for line in &lines[summary..] {
            assert!(line.chars().count() <= 80, "{line}");
        }
        // No progress where nobody looks.
        assert!(!ran.stderr.contains(['\r', '\u{1b}']));
        assert_eq!(ran.stdout, "");
        let ran = ran.says("gongbao: 41 pages, ").says("commonest findings:");
        let ran = ran.says("2 failed: 2 not-a-page; see out/errors.ndjson");
        ran.says("out/csv/indicators.csv: ")
            .says("--meta, line 2: ");
    }
}

#[test]
fn codes_say_what_came_of_it() {
    let archive = Archive::new(3);
    archive.all("out").code(0);
    for wrong in [
        &["--tables", "numbers"][..],
        &["--format", "xls"],
        &["--rows-per-file", "0"],
        &["--threads", "0"],
        &["--glob", "a["],
        &["--max-bytes", "many"],
        &["--name-pattern", "{nothing}"],
    ] {
        archive.with("wrong", wrong).code(2);
        assert!(!archive.path("wrong").exists(), "{wrong:?}");
    }
    archive.run(&["pages"]).code(2);
    archive.run(&["--out", "out"]).code(2);
    archive
        .run(&["nowhere", "--out", "new"])
        .code(1)
        .says("nowhere: ");
    archive
        .with("out", &["--meta", "nowhere.csv"])
        .code(1)
        .says("nowhere.csv");
}
