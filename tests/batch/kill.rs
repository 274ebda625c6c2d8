//! Runs that are ended from outside, and what the next one makes of it.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

use super::{Archive, EVERYTHING, PNG, Ran, signal, text};

const KILLS: u32 = 30;

/// Kills run after run. Whenever one comes to its end, its results are compared, and the next is about
/// other pages and sizes of files and about what is known of all pages, so that all are read again and
/// there is always something to be killed in.
#[test]
fn killed_at_any_moment() {
    let archive = Archive::new(240);
    let mut random = ChaCha8Rng::seed_from_u64(5);
    let (mut kills, mut round) = (0, 0);
    let mut usual = 1_500; // milliseconds of a run that is not killed
    while kills < KILLS {
        let rows = ["12", "40", "25"][round % 3];
        let published = ["2001", "2002"][round % 2];
        let more = [
            "--format",
            EVERYTHING[1],
            "--rows-per-file",
            rows,
            "--published",
            published,
            "--threads",
            "1",
        ];
        let arguments = [&["pages", "--out", "out", "--quiet"], &more[..]].concat();
        let begun = Instant::now();
        let mut run = archive.start(&arguments);
        let moment = Duration::from_millis(random.next_u64() % usual);
        let mut ended = None;
        while ended.is_none() && begun.elapsed() < moment {
            thread::sleep(Duration::from_millis(2));
            ended = run.try_wait().unwrap();
        }
        match ended {
            None => {
                run.kill().unwrap();
                run.wait().unwrap();
                kills += 1;
            }
            Some(status) => {
                assert_eq!(status.code(), Some(0));
                let took = u64::try_from(begun.elapsed().as_millis()).unwrap();
                usual = took.max(1_000); // a second and more, so that something was noted
                archive.assert_fresh("out", &["pages"], &more);
                round += 1;
                archive.page(&format!("{:03}.txt", 5 * round), &text(1_000 + round));
                let _ = fs::remove_file(archive.path(&format!("pages/{:03}.txt", 7 * round)));
            }
        }
    }
    archive.all("out").code(0);
    archive.assert_fresh("out", &["pages"], &EVERYTHING);
    assert_eq!(
        fs::read_dir(archive.path("out/.gongbao/tmp"))
            .unwrap()
            .count(),
        0
    );
}

/// What was noted before the end is not done again.
#[test]
fn what_is_done_is_done() {
    let archive = Archive::new(60);
    fs::write(archive.path("pages/zz.png"), PNG).unwrap();
    let ocr = archive.slow_ocr("");
    let arguments = [&EVERYTHING[..], &["--ocr", &ocr]].concat();
    let mut run = archive.start(&[&["pages", "--out", "out"], &arguments[..]].concat());
    archive.wait_for("started");
    thread::sleep(Duration::from_millis(2_500)); // it is noted once a second
    run.kill().unwrap();
    run.wait().unwrap();
    archive.touch("go");
    assert_eq!(archive.with("out", &arguments).code(0).read(), (1, 63));
    archive.assert_fresh("out", &["pages"], &arguments);
}

/// A file that was finished but not noted before the end goes, too, when it is not wanted any more.
#[test]
fn no_file_is_left_behind() {
    let archive = Archive::new(20);
    archive.all("out").code(0);
    archive.page("stray.txt", &text(7));
    archive.all("other").code(0);
    let stray = "json/pages/stray.txt.json";
    fs::copy(
        archive.path("other").join(stray),
        archive.path("out").join(stray),
    )
    .unwrap();
    fs::copy(
        archive.path("out/csv/pages.csv"),
        archive.path("out/csv/pages-9.csv"),
    )
    .unwrap();
    fs::write(archive.path("out/csv/notes.csv"), "somebody's").unwrap();
    fs::remove_file(archive.path("out/summary.json")).unwrap();
    fs::remove_file(archive.path("pages/stray.txt")).unwrap();
    assert_eq!(archive.all("out").code(0).read().0, 0);
    fs::remove_file(archive.path("out/csv/notes.csv")).unwrap();
    archive.assert_fresh("out", &["pages"], &EVERYTHING);
}

fn stopped(name: &str) {
    let archive = Archive::new(150);
    fs::write(archive.path("pages/030.png"), PNG).unwrap();
    archive.page("002.txt", " \n");
    let ocr = archive.slow_ocr("");
    let more = [&EVERYTHING[..], &["--ocr", &ocr, "--threads", "1"]].concat();
    let run = archive.start(&[&["pages", "--out", "out"], &more[..]].concat());
    archive.wait_for("started");
    signal(&run, name);
    thread::sleep(Duration::from_millis(200));
    archive.touch("go");
    let ran = Ran::of(run.wait_with_output().unwrap()).code(130);
    let ran = ran
        .says("the same command goes on from there")
        .says("stopped after ");
    let (done, _) = ran.read();
    assert!((20..140).contains(&done), "{}", ran.stderr);
    assert!(!archive.path("out/summary.json").exists());
    assert_eq!(archive.errors("out").len(), 1);
    assert_eq!(
        archive.with("out", &more).code(1).read(),
        (154 - done, done)
    );
    archive.assert_fresh("out", &["pages"], &more);
}

#[test]
fn ctrl_c_ends_it_well() {
    stopped("-INT");
}

#[test]
fn so_does_what_ends_programs() {
    stopped("-TERM");
}

#[test]
fn a_second_ctrl_c_ends_it_at_once() {
    let archive = Archive::new(20);
    fs::write(archive.path("pages/zz.png"), PNG).unwrap();
    let ocr = archive.slow_ocr("");
    let more = [&EVERYTHING[..], &["--ocr", &ocr]].concat();
    let mut run = archive.start(&[&["pages", "--out", "out"], &more[..]].concat());
    archive.wait_for("started");
    signal(&run, "-INT");
    thread::sleep(Duration::from_millis(300));
    assert!(run.try_wait().unwrap().is_none());
    signal(&run, "-INT");
    assert_eq!(run.wait().unwrap().code(), Some(130));
    archive.touch("go");
    archive.with("out", &more).code(0);
    archive.assert_fresh("out", &["pages"], &more);
}
