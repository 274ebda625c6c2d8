//! Pages and folders that are not as they should be.

use std::fs;
use std::path::Path;

use super::{Archive, EVERYTHING, PNG, Ran, assert_same, signal, text};

/// Stage, kind and path of each line of `errors.ndjson`.
fn failures(archive: &Archive, out: &str) -> Vec<String> {
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    archive
        .errors(out)
        .iter()
        .map(|line| {
            let fields: Vec<&String> = line.as_object().unwrap().keys().collect();
            assert_eq!(fields, ["kind", "message", "path", "stage"]);
            assert!(text(&line["message"]).len() > 10, "{line}");
            [&line["stage"], &line["kind"], &line["path"]]
                .map(text)
                .join(" ")
        })
        .collect()
}

#[test]
fn pages_that_fail_do_not_stop_the_others() {
    let archive = Archive::new(20);
    archive.page("003.txt", " \n\n");
    archive.page("005.txt", "\0\u{1}\u{2}\0\0");
    fs::write(
        archive.path("pages/006.txt"),
        [0xFF, 0xFE, 0, 0xD8, 0x80, 0x81, 0xFF].repeat(9),
    )
    .unwrap();
    archive.page("007.txt", &text(1).repeat(40));
    archive.page("008.txt", &"\n".repeat(60));
    fs::write(archive.path("list"), "pages\nnowhere.txt\n").unwrap();
    let limits = ["--max-bytes", "4000", "--max-lines", "50"];
    let more = [&EVERYTHING[..], &limits].concat();
    let arguments = [&["@list", "--out", "out"], &more[..]].concat();
    let ran = archive.run(&arguments).code(1);
    let lines = failures(&archive, "out");
    for line in [
        "decode not-a-page pages/003.txt",
        "decode not-a-page pages/005.txt",
        "read too-large pages/007.txt",
        "read too-many-lines pages/008.txt",
        "inputs not-found nowhere.txt",
    ] {
        assert!(
            lines.iter().any(|l| l == line),
            "{line} is not in {lines:?}"
        );
    }
    let ran = ran.says(&format!("{} failed: ", lines.len()));
    let ran = ran
        .says("2 not-a-page")
        .says("1 not-found")
        .says("1 too-many-lines");
    let ran = ran
        .says("pages/007.txt: it has ")
        .says("see out/errors.ndjson");
    assert_eq!(ran.stderr.matches("not-found").count(), 1);
    let summary: serde_json::Value =
        serde_json::from_slice(&archive.tree("out")["summary.json"]).unwrap();
    assert_eq!(summary["failed"], lines.len());
    assert_eq!(summary["failures"]["too-large"], 1);
    archive.assert_fresh("out", &["@list"], &more);
    // With more room they are pages.
    archive
        .run(&[&["@list", "--out", "out"], &EVERYTHING[..]].concat())
        .code(1);
    assert!(
        !failures(&archive, "out")
            .iter()
            .any(|line| line.contains("007"))
    );
    archive.assert_fresh("out", &["@list"], &EVERYTHING);
}

#[test]
fn a_page_that_takes_too_long() {
    let archive = Archive::new(30);
    let slow: String = (1..15_000)
        .map(|i| {
            format!(
                "全县完成投资{i}00万元，其中：工业{i}万元，农业{}万元。",
                i * 2
            )
        })
        .collect();
    archive.page("010.txt", &slow);
    let more = [&EVERYTHING[..], &["--timeout", "1", "--threads", "1"]].concat();
    archive
        .with("out", &more)
        .code(1)
        .says("pages/010.txt: it took longer than 1 s");
    assert_eq!(failures(&archive, "out"), ["extract timeout pages/010.txt"]);
    assert!(!archive.path("out/json/pages/010.txt.json").exists());
    // It is tried again, the others are not.
    assert_eq!(archive.with("out", &more).code(1).read(), (1, 32));
    archive.page("010.txt", &text(10));
    archive.all("out").code(0);
    archive.assert_fresh("out", &["pages"], &EVERYTHING);
}

#[test]
fn a_program_that_takes_too_long() {
    let archive = Archive::new(5);
    fs::write(archive.path("pages/002.png"), PNG).unwrap();
    let more = [
        &EVERYTHING[..],
        &["--timeout", "1", "--ocr", "sh -c 'sleep 30' {}"],
    ]
    .concat();
    archive
        .with("out", &more)
        .code(1)
        .says("was stopped after 1 s");
    assert_eq!(
        failures(&archive, "out"),
        ["transcribe timeout pages/002.png"]
    );
    assert_eq!(archive.with("out", &more).code(1).read(), (1, 8));
    let more = [&EVERYTHING[..], &["--ocr", "no-such-program {}"]].concat();
    archive.with("out", &more).code(1);
    assert_eq!(
        failures(&archive, "out"),
        ["transcribe program pages/002.png"]
    );
}

#[test]
fn a_page_that_goes_away_meanwhile() {
    let archive = Archive::new(20);
    fs::write(archive.path("pages/000.png"), PNG).unwrap();
    archive.touch("go");
    let ocr = archive.slow_ocr("sleep 0.3; rm -f pages/000.txt pages/015.txt");
    let more = [&EVERYTHING[..], &["--ocr", &ocr, "--threads", "1"]].concat();
    archive
        .with("out", &more)
        .code(1)
        .says("pages/015.txt: it is a link that leads nowhere, or it vanished");
    assert_eq!(
        failures(&archive, "out"),
        [
            "read not-found pages/000.txt",
            "inputs not-found pages/015.txt"
        ]
    );
    archive.with("out", &more).code(0);
    archive.assert_fresh("out", &["pages"], &more);
}

#[test]
fn the_first_failure_may_end_it() {
    let archive = Archive::new(150);
    archive.page("010.txt", " \n");
    let more = [&EVERYTHING[..], &["--fail-fast", "--threads", "1"]].concat();
    let ran = archive.with("out", &more).code(1);
    let ran = ran.says("stopped at a page that failed; mend or leave it out");
    assert_eq!(
        failures(&archive, "out"),
        ["decode not-a-page pages/010.txt"]
    );
    let (done, _) = ran.read();
    assert!((9..100).contains(&done), "{done}");
    assert!(!archive.path("out/summary.json").exists());
    archive.page("010.txt", &text(10));
    assert_eq!(
        archive.with("out", &more).code(0).read(),
        (154 - done, done - 1)
    );
    archive.assert_fresh("out", &["pages"], &more);
}

#[test]
fn a_folder_is_for_one_run_at_a_time() {
    let archive = Archive::new(20);
    fs::write(archive.path("pages/zz.png"), PNG).unwrap();
    let ocr = archive.slow_ocr("");
    let more = [&EVERYTHING[..], &["--ocr", &ocr]].concat();
    let arguments = [&["pages", "--out", "out"], &more[..]].concat();
    let first = archive.start(&arguments);
    archive.wait_for("started");
    let busy = format!(
        "out: another gongbao batch (process {}) writes to it",
        first.id()
    );
    archive.with("out", &more).code(1).says(&busy);
    archive.all("out").code(1).says(&busy);
    archive
        .with("out", &["--dry-run"])
        .code(1)
        .says("out: another gongbao batch");
    archive.touch("go");
    Ran::of(first.wait_with_output().unwrap()).code(0);
    archive.assert_fresh("out", &["pages"], &more);
    // One that was killed holds nothing.
    fs::remove_file(archive.path("started")).unwrap();
    fs::remove_file(archive.path("go")).unwrap();
    fs::write(archive.path("pages/zz.png"), [PNG, b"!"].concat()).unwrap();
    let mut first = archive.start(&arguments);
    archive.wait_for("started");
    signal(&first, "-KILL");
    first.wait().unwrap();
    archive.touch("go");
    archive.with("out", &more).code(0);
    archive.assert_fresh("out", &["pages"], &more);
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &target),
            false => drop(fs::copy(entry.path(), target).unwrap()),
        }
    }
}

#[test]
fn a_damaged_journal() {
    let archive = Archive::new(25);
    archive.all("whole").code(0);
    // Larger files, so that it has to look into all that it knows.
    let more = ["--format", EVERYTHING[1], "--rows-per-file", "50"];
    archive.with("wanted", &more).code(0);
    let journal = fs::read(archive.path("whole/.gongbao/journal.redb")).unwrap();
    let noise = |at: usize, many: usize| {
        let mut bytes = journal.clone();
        for (i, byte) in bytes.iter_mut().enumerate().skip(at).take(many) {
            *byte = (i * 131 % 251) as u8;
        }
        bytes
    };
    let mut damaged = vec![b"garbage\n".to_vec(), Vec::new()];
    damaged
        .extend([100, 5_000, journal.len() / 2, journal.len() - 1].map(|n| journal[..n].to_vec()));
    damaged.extend([0, 64, 9_000, 20_000, 60_000].map(|at| noise(at, 4_000)));
    let mut refused = 0;
    for (i, bytes) in damaged.iter().enumerate() {
        let out = format!("damaged-{i}");
        copy(&archive.path("whole"), &archive.path(&out));
        let path = archive.path(&out).join(".gongbao/journal.redb");
        fs::write(&path, bytes).unwrap();
        let ran = archive.with(&out, &more);
        match ran.code {
            Some(0) => {}
            Some(1) => {
                refused += 1;
                let ran = ran.says(&format!("{out}: the journal in .gongbao: "));
                ran.says(&format!(
                    "remove {out}/.gongbao/journal.redb and run the same command again"
                ));
                fs::remove_file(&path).unwrap();
                archive.with(&out, &more).code(0);
            }
            code => panic!("{i}: {code:?} {}", ran.stderr),
        }
        assert_same(&archive.path(&out), &archive.path("wanted"));
    }
    assert!(refused > 5, "{refused}");
}

#[test]
fn what_is_somebody_elses_is_not_touched() {
    let archive = Archive::new(5);
    fs::create_dir_all(archive.path("thesis/data")).unwrap();
    fs::write(archive.path("thesis/data/a.csv"), "mine").unwrap();
    let before = archive.tree("thesis");
    archive
        .all("thesis")
        .code(1)
        .says("thesis: it holds files, and none of gongbao batch");
    assert!(archive.tree("thesis") == before);
    assert!(!archive.path("thesis/.gongbao").exists());
    fs::write(archive.path("file"), "mine").unwrap();
    archive.all("file").code(1).says("gongbao: file: ");
    assert_eq!(fs::read(archive.path("file")).unwrap(), b"mine");
    // What lies beside the results later stays.
    archive.all("out").code(0);
    fs::write(archive.path("out/README"), "mine").unwrap();
    fs::write(archive.path("out/csv/notes.csv"), "mine").unwrap();
    archive.with("out", &["--format", "ndjson"]).code(0);
    assert!(archive.path("out/README").exists());
    assert!(archive.path("out/csv/notes.csv").exists());
    assert!(!archive.path("out/csv/pages.csv").exists());
}

#[test]
fn results_among_the_pages_are_no_pages() {
    let archive = Archive::new(20);
    let inside = archive.with("pages/out", &EVERYTHING).code(0);
    assert_eq!(inside.read(), (23, 0));
    assert_eq!(
        archive.with("pages/out", &EVERYTHING).code(0).read(),
        (0, 23)
    );
    let absolute = archive.path("pages/out");
    let again = archive
        .with(absolute.to_str().unwrap(), &EVERYTHING)
        .code(0);
    assert_eq!(again.read(), (0, 23));
    fs::rename(&absolute, archive.path("moved")).unwrap();
    archive.assert_fresh("moved", &["pages"], &EVERYTHING);
}

#[test]
fn pages_are_not_in_each_others_way() {
    let archive = Archive::new(5);
    archive.page("a", &text(1));
    archive.all("out").code(0);
    fs::remove_file(archive.path("pages/a")).unwrap();
    fs::create_dir(archive.path("pages/a.json")).unwrap();
    archive.page("a.json/b", &text(2));
    archive.all("out").code(0);
    archive.assert_fresh("out", &["pages"], &EVERYTHING);
    archive.page("a", &text(1));
    archive.all("out").code(0);
    archive.assert_fresh("out", &["pages"], &EVERYTHING);
    assert!(archive.path("out/json/pages/a.json%/b.json").exists());
}
