//! What a run makes of an earlier one's results: always what a fresh one would give.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::SystemTime;

use proptest::prelude::*;

use super::{Archive, EVERYTHING, text, tree};

fn modified(path: &Path) -> SystemTime {
    fs::metadata(path).unwrap().modified().unwrap()
}

#[test]
fn what_is_as_it_was_is_left_alone() {
    let archive = Archive::new(30);
    archive.page("bad.txt", " \n\n");
    assert_eq!(archive.all("out").code(1).read(), (34, 0));
    let out = archive.path("out");
    let times = || -> Vec<(String, SystemTime)> {
        let files = tree(&out)
            .into_keys()
            .filter(|name| name != "errors.ndjson");
        files
            .map(|name| (name.clone(), modified(&out.join(name))))
            .collect()
    };
    let before = times();
    // That a page is none is known, too.
    assert_eq!(archive.all("out").code(1).read(), (0, 34));
    assert_eq!(times(), before);
}

#[test]
fn what_was_read_of_an_input_that_is_not_there_is_kept() {
    let archive = Archive::new(10);
    let both = ["pages/more", "pages/000.txt", "--out", "out"];
    archive.run(&both).code(0);
    fs::rename(archive.path("pages/more"), archive.path("gone")).unwrap();
    let ran = archive.run(&both).code(1);
    assert_eq!(ran.read().0, 0, "{}", ran.stderr);
    let mistyped = ["@pagse.txt", "--out", "out"];
    archive.run(&mistyped).code(1);
    fs::rename(archive.path("gone"), archive.path("pages/more")).unwrap();
    assert_eq!(archive.run(&both).code(0).read(), (0, 3));
    archive.assert_fresh("out", &["pages/more", "pages/000.txt"], &[]);
    // Gone on purpose is gone.
    let ran = archive.run(&["pages/000.txt", "--out", "out"]).code(0);
    assert!(
        ran.stderr.contains("2 records of earlier runs dropped"),
        "{}",
        ran.stderr
    );
    assert_eq!(archive.run(&both).code(0).read(), (2, 1));
}

#[test]
fn results_are_no_pages() {
    let archive = Archive::new(4);
    archive.with("pages/out", &[]).code(0);
    assert_eq!(archive.with("pages/other", &[]).code(0).read(), (7, 0));
}

#[test]
fn names_that_become_one_are_told() {
    let archive = Archive::new(0);
    archive.page("more\\a.txt", &text(1));
    archive.page("more/a.txt", &text(2));
    let ran = archive.all("out").code(1);
    assert_eq!(
        archive.errors("out")[0]["kind"],
        "same-name",
        "{}",
        ran.stderr
    );
}

#[test]
fn a_table_that_is_sorted_changes_no_page() {
    let archive = Archive::new(4);
    let rows = ["pages/000.txt,2019\n", "pages/*.txt,2020\n"];
    let meta = |rows: &[&str]| {
        fs::write(
            archive.path("m.csv"),
            format!("path,published\n{}", rows.concat()),
        )
        .unwrap();
        archive.with("out", &["--meta", "m.csv"]).code(0).read().0
    };
    assert_eq!(meta(&rows), 7);
    assert_eq!(meta(&[rows[1], rows[0]]), 0);
    assert_eq!(meta(&[rows[0], "pages/*.txt,2021\n"]), 6);
}

#[test]
fn pages_come_and_go() {
    let archive = Archive::new(40);
    archive.all("out").code(0);
    let check = |what: &str, fresh: u64| {
        let ran = archive.all("out");
        assert_eq!(ran.read().0, fresh, "{what}: {}", ran.stderr);
        archive.assert_fresh("out", &["pages"], &EVERYTHING);
    };
    for (at, name) in ["000.txt", "021.txt", "tables-in-text.txt"]
        .into_iter()
        .enumerate()
    {
        archive.page(name, &text(900 + at));
        check("changed", 1);
    }
    for name in ["000.txt", "020.txt", "more/039.txt", "tables-in-text.txt"] {
        fs::remove_file(archive.path("pages").join(name)).unwrap();
        assert!(
            archive
                .path(&format!("out/json/pages/{name}.json"))
                .exists()
        );
        check("removed", 0);
        assert!(
            !archive
                .path(&format!("out/json/pages/{name}.json"))
                .exists()
        );
    }
    for (at, name) in ["000.txt", "0205.txt", "zzz.txt"].into_iter().enumerate() {
        archive.page(name, &text(990 + at));
        check("added", 1);
    }
    let pages = archive.path("pages");
    fs::rename(pages.join("011.txt"), pages.join("more/zz.txt")).unwrap();
    check("renamed", 1);
    archive.page("013.txt", " \n");
    check("no page any more", 1);
    fs::remove_dir_all(pages.join("more")).unwrap();
    check("a folder gone", 0);
    assert!(!archive.path("out/json/pages/more").exists());
}

#[test]
fn options_change() {
    let archive = Archive::new(40);
    fs::write(
        archive.path("meta.csv"),
        "path,region,published\npages/00*.txt,白杨县,1998-05\n",
    )
    .unwrap();
    archive.all("out").code(0);
    let many = archive.tree("out").len();
    let all = "csv,ndjson,json,parquet,sdmx";
    let runs: [(&[&str], bool); 11] = [
        (&["--format", all, "--rows-per-file", "30", "--bom"], false),
        (&["--format", all, "--rows-per-file", "8"], false),
        (&["--format", all, "--rows-per-file", "1000"], false),
        (&["--format", all, "--published", "2020"], true),
        (
            &["--format", all, "--published", "2020", "--meta", "meta.csv"],
            true,
        ),
        (
            &[
                "--format",
                "csv,json",
                "--tables",
                "pages,checks",
                "--csv-safe",
            ],
            true,
        ),
        (&["--format", "ndjson"], false),
        (&["--format", "json"], false),
        (
            &["--format", "parquet,sdmx", "--rows-per-file", "20"],
            false,
        ),
        (&["--timeout", "60", "--max-lines", "5000"], false),
        (&EVERYTHING, false),
    ];
    for (options, again) in runs {
        let (fresh, known) = archive.with("out", options).code(0).read();
        assert_eq!(fresh > 0, again, "{options:?}: {fresh} and {known}");
        archive.assert_fresh("out", &["pages"], options);
    }
    assert_eq!(archive.tree("out").len(), many);
    fs::write(
        archive.path("meta.csv"),
        "path,region\npages/001.txt,青石县\n",
    )
    .unwrap();
    let meta = [&EVERYTHING[..], &["--meta", "meta.csv"]].concat();
    assert_eq!(archive.with("out", &meta).code(0).read().0, 1);
    archive.assert_fresh("out", &["pages"], &meta);
    // The data package goes with the tables, though nothing is written.
    archive.with("out", &["--format", "csv,ndjson"]).code(0);
    archive.with("out", &["--format", "ndjson"]).code(0);
    archive.assert_fresh("out", &["pages"], &["--format", "ndjson"]);
}

#[test]
fn what_somebody_did_to_results_is_mended() {
    let archive = Archive::new(40);
    archive.all("out").code(0);
    archive.all("as-it-was").code(0);
    let out = archive.path("out");
    let names = [
        "csv/indicators-2.csv",
        "ndjson/records.ndjson",
        "parquet/pages.parquet",
        "sdmx/observations.csv",
        "json/pages/007.txt.json",
        "errors.ndjson",
        "datapackage.json",
        "summary.json",
    ];
    for one_by_one in names.chunks(1).take(2).chain([&names[..]]) {
        for name in one_by_one {
            let mut bytes = fs::read(out.join(name)).unwrap();
            bytes.extend(b"#");
            fs::write(out.join(name), bytes).unwrap();
        }
        assert_eq!(archive.all("out").code(0).read(), (0, 43));
        super::assert_same(&out, &archive.path("as-it-was"));
        for name in one_by_one {
            fs::remove_file(out.join(name)).unwrap();
        }
        assert_eq!(archive.all("out").code(0).read(), (0, 43));
        super::assert_same(&out, &archive.path("as-it-was"));
    }
    fs::remove_dir_all(out.join("csv")).unwrap();
    fs::remove_dir_all(out.join("json")).unwrap();
    archive.all("out").code(0);
    super::assert_same(&out, &archive.path("as-it-was"));
}

/// Pages that a run may be given, some of which nobody can read.
fn any_page() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => (0_usize..100_000).prop_map(text),
        2 => "[全县新修灌渠一二三、。，；（）其中0-9.%万元公里 \n]{1,200}",
        1 => Just(" \n".to_owned()),
        1 => Just("\0\u{1}\0\u{2}".to_owned()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_page_more_changes_no_other(pages in prop::collection::vec(any_page(), 1..8), more in any_page(), name in "[a-z0-9]{1,6}") {
        let archive = Archive::new(0);
        for (at, page) in pages.iter().enumerate() {
            archive.page(&format!("{at}.txt"), page);
        }
        let records = |out: &str| {
            archive.with(out, &["--format", "json,ndjson"]);
            let mut files = archive.tree(out);
            let lines = files.remove("ndjson/records.ndjson").unwrap_or_default();
            let lines: BTreeSet<String> = String::from_utf8(lines).unwrap().lines().map(str::to_owned).collect();
            files.retain(|name, _| name.starts_with("json/"));
            (files, lines)
        };
        let (before, lines) = records("one");
        archive.page(&format!("more-{name}.txt"), &more);
        let (after, more_lines) = records("two");
        // In the same folder, too, where most was done before.
        prop_assert_eq!(&records("one"), &(after.clone(), more_lines.clone()));
        prop_assert!(lines.is_subset(&more_lines) && more_lines.len() <= lines.len() + 1);
        for (name, bytes) in before {
            prop_assert_eq!(after.get(&name), Some(&bytes), "{}", name);
        }
    }
}
