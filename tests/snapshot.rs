//! `gongbao snapshot` as people use it: the samples kept, changed and accepted.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use predicates::prelude::*;
use predicates::str::contains;
use tempfile::TempDir;

use crate::cli::gongbao;
use crate::snapshots::is_page;

fn snapshot(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = gongbao();
    command.current_dir(folder).args(["snapshot", "."]);
    command.args(arguments);
    command
}

/// What it prints and whether it failed; standard error behind a line of its own.
fn said(folder: &Path, arguments: &[&str]) -> String {
    let output = snapshot(folder, arguments).output().unwrap();
    format!(
        "{}--- standard error, exit code {}\n{}",
        String::from_utf8(output.stdout).unwrap(),
        output.status.code().unwrap(),
        String::from_utf8(output.stderr).unwrap()
    )
}

/// The pages of samples/ in a folder of their own.
fn samples() -> TempDir {
    let folder = TempDir::new().unwrap();
    let samples = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("samples");
    for entry in fs::read_dir(samples).unwrap() {
        let path = entry.unwrap().path();
        if is_page(&path) {
            fs::copy(&path, folder.path().join(path.file_name().unwrap())).unwrap();
        }
    }
    folder
}

const PAGE: &str = "　　一、政务服务\n　　（一）窗口提速。全年受理事项62920件，其中行政审批事项7911件、公共服务事项55009件，\
                    办结率98.1%。\n　　（二）放管结合。全年检查企业412户次。\n";
const OTHER: &str = "全县粮食总产量31.50万吨。\n";

/// Two small pages with their snapshots.
fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    write(folder.path(), "a.txt", PAGE);
    write(folder.path(), "more/b.txt", OTHER);
    snapshot(folder.path(), &[]).assert().success();
    folder
}

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn replace(folder: &Path, name: &str, from: &str, to: &str) {
    let text = fs::read_to_string(folder.join(name)).unwrap();
    assert!(text.contains(from), "{name}: {from}");
    write(folder, name, &text.replacen(from, to, 1));
}

/// All files with their bytes.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else {
            let bytes = fs::read(&path).unwrap();
            files.insert(path, bytes);
        }
    }
    files
}

fn shown(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(format!("command.snapshot.{name}"), text));
}

#[test]
fn the_samples_are_as_they_were() {
    let folder = samples();
    let folder = folder.path();
    let pages = files(folder).len();
    snapshot(folder, &[])
        .assert()
        .success()
        .stdout(format!("{pages} pages: {pages} new\n"));
    let kept = files(folder);
    assert_eq!(kept.len(), 2 * pages);
    snapshot(folder, &[])
        .assert()
        .success()
        .stdout(format!("{pages} pages: {pages} as before\n"))
        .stderr("");
    assert_eq!(files(folder), kept);
    // they are records
    let mut validate = gongbao();
    let snapshots = kept
        .keys()
        .filter(|path| path.extension().unwrap() == "json");
    let snapshots = snapshots.filter(|path| path.to_str().unwrap().ends_with(".gongbao.json"));
    validate.arg("validate").args(snapshots).assert().success();
}

#[test]
fn what_changed_in_the_samples() {
    let folder = samples();
    let folder = folder.path();
    snapshot(folder, &[]).assert().success();
    replace(folder, "narrow-columns.txt", "219 处", "291 处");
    replace(folder, "bureau-report.txt", "1026户", "1126户");
    replace(
        folder,
        "bureau-report.txt",
        "计量惠民更有温度",
        "计量服务更有温度",
    );
    let text = fs::read_to_string(folder.join("indents-kept.txt")).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    write(
        folder,
        "indents-kept.txt",
        &lines[..lines.len() - 6].join("\n"),
    );
    fs::rename(
        folder.join("blank-lines.txt"),
        folder.join("no-blank-lines.txt"),
    )
    .unwrap();
    fs::remove_file(folder.join("fifties.txt")).unwrap();
    write(folder, "later.txt", PAGE);
    write(folder, "empty.txt", " \n");
    let kept = files(folder);
    shown("samples.check", &said(folder, &["--check"]));
    assert_eq!(files(folder), kept);
    for threads in ["1", "7"] {
        assert_eq!(
            said(folder, &["--check", "-j", threads]),
            said(folder, &["--check"])
        );
    }
    shown("samples", &said(folder, &[]));
    shown("samples.accept", &said(folder, &["--accept"]));
    fs::remove_file(folder.join("empty.txt")).unwrap();
    snapshot(folder, &["--check"]).assert().success();
    let kept = files(folder);
    let names = kept
        .keys()
        .map(|path| path.file_name().unwrap().to_str().unwrap());
    let names: Vec<&str> = names
        .filter(|name| name.contains("blank") || name.contains("fifties"))
        .collect();
    assert_eq!(
        names,
        ["no-blank-lines.txt", "no-blank-lines.txt.gongbao.json"]
    );
}

#[test]
fn nothing_is_written_on_build_servers() {
    let folder = folder();
    let folder = folder.path();
    replace(folder, "a.txt", "7911", "791");
    write(folder, "c.txt", OTHER);
    let kept = files(folder);
    for (arguments, ci) in [
        (&["--check"][..], None),
        (&["--ci"], None),
        (&[], Some("true")),
    ] {
        let mut command = snapshot(folder, arguments);
        if let Some(ci) = ci {
            command.env("CI", ci);
        }
        command
            .assert()
            .code(1)
            .stdout(contains("==> c.txt, new <=="))
            .stderr(contains("1 page has no snapshot").and(contains("4 changes are not accepted")));
        assert_eq!(files(folder), kept);
    }
    for option in ["--accept", "--accept-only=*", "--review"] {
        snapshot(folder, &[option])
            .env("CI", "1")
            .assert()
            .code(2)
            .stderr(contains("where none are written"));
    }
    assert_eq!(files(folder), kept);
    snapshot(folder, &["--review"])
        .write_stdin("a\n")
        .assert()
        .code(2)
        .stderr(contains("--review asks on a terminal"));
    snapshot(folder, &["--check", "--accept"]).assert().code(2);
    // not everything that is called CI is one
    snapshot(folder, &["--accept"])
        .env("CI", "false")
        .assert()
        .success();
    snapshot(folder, &["--check"]).assert().success();
}

#[test]
fn some_changes_are_accepted() {
    let folder = folder();
    let folder = folder.path();
    let before = files(folder);
    replace(folder, "a.txt", "7911", "791");
    replace(folder, "a.txt", "412户次", "420户次");
    replace(folder, "more/b.txt", "31.50", "31.55");
    shown(
        "accept-only",
        &said(
            folder,
            &[
                "--accept-only",
                "a.txt:一、/（一）*",
                "--accept-only",
                "more/*",
            ],
        ),
    );
    // the snapshot is the old one until all is accepted; what was is a line each
    let (kept, accepted) = (
        folder.join("a.txt.gongbao.json"),
        folder.join("a.txt.gongbao.accepted"),
    );
    assert_eq!(fs::read(&kept).unwrap(), before[&kept]);
    assert_eq!(
        fs::read_to_string(&accepted).unwrap(),
        "一、/（一） 行政审批事项: 7911 → 791\n一、/（一） 受理事项, sum: ok → mismatch, 62920 stated, 55800 worked \
         out\n一、/（一） warning check-failed: added, 62920件\n一、/（一） warning check-failed: added, 791件\n"
    );
    assert!(!folder.join("more/b.txt.gongbao.accepted").exists());
    shown("accept-only.later", &said(folder, &["--check"]));
    // what changes again is a change
    replace(folder, "a.txt", "791件", "7991件");
    snapshot(folder, &["--check"])
        .assert()
        .code(1)
        .stdout(contains("行政审批事项: 7911 → 7991\n"));
    replace(folder, "a.txt", "7991件", "791件");
    snapshot(folder, &["--accept-only", ":*, unit"])
        .assert()
        .code(1);
    snapshot(folder, &["--accept-only", ":indicator value"])
        .assert()
        .success();
    assert!(!accepted.exists());
    let settled = files(folder);
    // as if it had been written anew
    fs::remove_file(&kept).unwrap();
    snapshot(folder, &[]).assert().success();
    assert_eq!(files(folder), settled);
    snapshot(folder, &["--accept-only", "a.txt:"])
        .assert()
        .code(2)
        .stderr(contains("expected PAGES, PAGES:CHANGES or :CHANGES"));
}

#[test]
fn a_file_pins_options() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    write(folder, "a.txt", "全年收茶992篾筐。\n");
    write(
        folder,
        "words.toml",
        "[[unit]]\nforms = [\"篾筐\"]\ndimension = \"count\"\nhit = []\n",
    );
    write(folder, "pages.csv", "path,issuer\nold/*.txt,云岭县统计局\n");
    write(folder, "old/b.txt", OTHER);
    write(folder, "old/b.log", "no page");
    let pins = "# all of them\nlexicon = \"words.toml\"\nmeta = \"pages.csv\"\nperiod = 2021\n\
                region = \"绛县\"\nglob = [\"*\", \"!*.log\"]\n";
    write(folder, ".gongbao.toml", pins);
    let elsewhere = TempDir::new().unwrap();
    let at = |folder: &Path, arguments: &[&str]| {
        let mut command = gongbao();
        command
            .current_dir(elsewhere.path())
            .arg("snapshot")
            .arg(folder);
        command.args(arguments);
        command
    };
    at(folder, &[])
        .assert()
        .success()
        .stdout("2 pages: 2 new\n");
    let record = |name: &str| -> serde_json::Value {
        serde_json::from_slice(&fs::read(folder.join(name)).unwrap()).unwrap()
    };
    let a = record("a.txt.gongbao.json");
    assert_eq!(a["source"]["name"], "a.txt");
    assert_eq!(a["indicators"][0]["unit"], "篾筐");
    assert_eq!(a["document"]["region"]["code"], "140826");
    assert_eq!(a["document"]["period"]["start"], "2021-01-01");
    let b = record("old/b.txt.gongbao.json");
    assert_eq!(b["document"]["issuer"], "云岭县统计局");
    // a colleague has the folder elsewhere
    let copy = TempDir::new().unwrap();
    for (path, bytes) in files(folder) {
        let path = copy.path().join(path.strip_prefix(folder).unwrap());
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    at(copy.path(), &["--check"])
        .assert()
        .success()
        .stdout("2 pages: 2 as before\n")
        .stderr("");
    shown(
        "typed-before-pinned",
        &said(
            copy.path(),
            &[
                "--check",
                "--period",
                "2020",
                "--region=绛县",
                "-g",
                "old/*.txt",
            ],
        ),
    );
    for (line, told) in [
        (
            "ecoding = \"gbk\"",
            &[
                "line 1, column 1",
                "unknown field `ecoding`",
                "`name-pattern`",
            ][..],
        ),
        ("ocr = \"rm -rf {}\"", &["unknown field `ocr`"]),
        (
            "\nencoding = \"klingon\"",
            &["line 2: encoding = \"klingon\": not an encoding"],
        ),
        (
            "published = 2022-02-15",
            &["line 1", "expected text in quotes"],
        ),
        (
            "period = \"soon\"",
            &["line 1: period = \"soon\": expected YYYY"],
        ),
        ("max-bytes = \"lots\"", &["expected a number of bytes"]),
        ("timeout = 0", &["expected a number of seconds"]),
        (
            "format = \"docx\"",
            &["format = \"docx\": docx is no format"],
        ),
        ("glob = 3", &["expected text in quotes, or a list of these"]),
        (
            "lexicon = \"none.toml\"",
            &["none.toml: there is no such file"],
        ),
        ("meta = \"none.csv\"", &["none.csv: there is no such file"]),
    ] {
        write(copy.path(), ".gongbao.toml", &format!("{line}\n"));
        let output = at(copy.path(), &[]).output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{line}: {error}");
        for told in told {
            assert!(error.contains(told), "{line}: {error}");
        }
    }
}

#[test]
fn bad_pages_and_bad_snapshots_do_not_stop_the_others() {
    let folder = folder();
    let folder = folder.path();
    write(folder, "c.txt", " \n");
    write(folder, "more/b.txt.gongbao.json", "{}");
    replace(folder, "a.txt", "412", "421");
    snapshot(folder, &["--accept"])
        .assert()
        .code(1)
        .stdout(contains("一、/（二） 检查企业: 412 → 421  (accepted)"))
        .stdout(contains("3 pages: 1 changed, 2 failed"))
        .stderr(contains("c.txt: ").and(contains("b.txt.gongbao.json: it is no snapshot")));
    snapshot(folder, &["--glob", "a.txt", "--check"])
        .assert()
        .success();
    gongbao()
        .args(["snapshot", "/no/such/folder"])
        .assert()
        .code(2)
        .stderr(contains("there is no such folder"));
}

#[test]
#[cfg(unix)]
fn nothing_of_a_page_is_obeyed_by_a_terminal() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    let name = "a\u{1b}[31m\n.txt";
    write(
        folder,
        name,
        &format!("{PAGE}全年走访\u{9b}2J企业412户次。\u{202e}其中工业\u{1b}]0;x\u{7}87户。\n"),
    );
    snapshot(folder, &[]).assert().success();
    write(
        folder,
        name,
        &format!("{PAGE}全年走访\u{9b}2J企业421户次，\u{202e}不含工业\u{1b}]0;y\u{7}87户。\n"),
    );
    let said = said(folder, &["--accept-only", ":indicator value"]);
    assert!(said.contains("412 → 421"), "{said}");
    let obeyed = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
    assert!(!said.contains(obeyed), "{said:?}");
    let accepted = fs::read_to_string(folder.join(format!("{name}.gongbao.accepted"))).unwrap();
    assert!(!accepted.contains(obeyed), "{accepted:?}");
}

#[test]
#[cfg(unix)]
fn changes_are_reviewed_on_a_terminal() {
    use std::fs::File;
    use std::io::{Read, Write};
    use std::os::unix::ffi::OsStrExt;
    use std::process::{Command, Stdio};

    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
    use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};

    let folder = folder();
    let folder = folder.path();
    replace(folder, "a.txt", "412户次", "420户次");
    replace(folder, "a.txt", "办结率98.1%", "办结率98.7%");
    replace(folder, "a.txt", "提速", "增效");
    fs::rename(folder.join("more/b.txt"), folder.join("more/c.txt")).unwrap();
    write(folder, "more/d.txt", "全县粮食总产量31.55万吨。\n");
    let review = |answers: &str| {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let name = ptsname(&master, Vec::new()).unwrap();
        let name = Path::new(std::ffi::OsStr::from_bytes(name.to_bytes()));
        let terminal = File::options().read(true).write(true).open(name).unwrap();
        // what is typed is not shown again: when it would be is up to the system
        let mut modes = tcgetattr(&terminal).unwrap();
        modes.local_modes.remove(LocalModes::ECHO);
        tcsetattr(&terminal, OptionalActions::Now, &modes).unwrap();
        let mut master = File::from(master);
        master.write_all(answers.as_bytes()).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_gongbao"))
            .current_dir(folder)
            .args(["snapshot", ".", "--review"])
            .env_remove("CI")
            .env("NO_COLOR", "1")
            .stdin(Stdio::from(terminal.try_clone().unwrap()))
            .stdout(Stdio::from(terminal.try_clone().unwrap()))
            .stderr(Stdio::from(terminal))
            .spawn()
            .unwrap();
        let mut screen = Vec::new();
        // Linux ends it with an error when nobody has the terminal any more
        let _ = master.read_to_end(&mut screen);
        let code = child.wait().unwrap().code().unwrap();
        let screen = String::from_utf8(screen).unwrap().replace("\r\n", "\n");
        format!("{screen}--- exit code {code}\n")
    };
    shown("review", &review("what?\na\nreject\n\n s \nq\n"));
    let accepted = fs::read_to_string(folder.join("a.txt.gongbao.accepted")).unwrap();
    assert_eq!(accepted.lines().count(), 1, "{accepted}");
    shown("review.again", &review("a\na\na\na\na\na\na\n"));
    snapshot(folder, &["--check"]).assert().success();
    assert!(!folder.join("more/b.txt.gongbao.json").exists());
    assert!(!folder.join("a.txt.gongbao.accepted").exists());
    // Ctrl-D ends it as q does
    replace(folder, "a.txt", "420户次", "430户次");
    assert!(review("\u{4}").contains("1 change is not accepted"));
}

/// Each block of output in docs/snapshot.md and the READMEs is what is printed.
#[test]
fn the_example_of_the_documentation_is_what_comes_out() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    fs::create_dir(folder.join("pages")).unwrap();
    for name in ["narrow-columns.txt", "plan-targets.txt", "tiny.txt"] {
        let page = root.join("samples").join(name);
        fs::copy(page, folder.join("pages").join(name)).unwrap();
    }
    let run = |arguments: &[&str]| {
        let mut command = gongbao();
        let output = command
            .current_dir(folder)
            .args(["snapshot", "pages"])
            .args(arguments);
        let output = output.output().unwrap();
        let [out, error] = [output.stdout, output.stderr].map(|x| String::from_utf8(x).unwrap());
        out + &error
    };
    let mut printed = vec![run(&[])];
    replace(folder, "pages/narrow-columns.txt", "219 处", "291 处");
    replace(
        folder,
        "pages/narrow-columns.txt",
        "面积 936 亩",
        "面积 936 公顷",
    );
    fs::rename(
        folder.join("pages/tiny.txt"),
        folder.join("pages/tiny-2022.txt"),
    )
    .unwrap();
    printed.push(run(&[]));
    printed.push(run(&[
        "--accept-only",
        "narrow*:*, unit",
        "--accept-only",
        "tiny*",
    ]));
    printed.push(run(&["--check"]));
    printed.push(include_str!("snapshots/command.snapshot.review.snap").to_owned());
    for (name, least) in [
        ("docs/snapshot.md", 5),
        ("README.md", 1),
        ("README.zh-CN.md", 1),
    ] {
        let text = fs::read_to_string(root.join(name)).unwrap();
        let text = match name {
            "docs/snapshot.md" => text.as_str(),
            _ => text.split_once("### `gongbao snapshot`").expect(name).1,
        };
        let text = text.split("\n### ").next().unwrap();
        let blocks = text.split("```text\n").skip(1);
        let blocks: Vec<&str> = blocks.map(|b| b.split("```").next().unwrap()).collect();
        assert!(blocks.len() >= least, "{name}");
        for block in blocks {
            let is_real = printed.iter().any(|printed| printed.contains(block));
            assert!(is_real, "{name} shows what is not printed:\n{block}");
        }
    }
    // once the mistake is mended, the rest is accepted already
    replace(folder, "pages/narrow-columns.txt", "291 处", "219 处");
    assert!(run(&[]).starts_with("3 pages: 2 as before, 1 changed\n"));
    assert_eq!(run(&[]), "3 pages: 3 as before\n");
    // every key of the file is named
    let text = fs::read_to_string(root.join("docs/snapshot.md")).unwrap();
    write(folder, "pages/.gongbao.toml", "x = 1\n");
    let error = run(&[]);
    let keys = error.split_once("expected one of ").unwrap().1;
    for key in keys.trim().split(", ") {
        assert!(text.contains(key), "{key}");
    }
}

/// The JSON of the element with this id in a report.
fn embedded(path: &Path, id: &str) -> serde_json::Value {
    let html = fs::read_to_string(path).unwrap();
    let begin = format!("<script type=\"application/json\" id=\"{id}\">");
    let start = html.find(&begin).expect(id) + begin.len();
    let end = start + html[start..].find("</script>").unwrap();
    serde_json::from_str(&html[start..end]).unwrap()
}

#[test]
fn html_shows_old_beside_new_and_writes_nothing_else() {
    let folder = folder();
    let folder = folder.path();
    let elsewhere = TempDir::new().unwrap();
    let out = elsewhere.path().join("changes.html");
    let html = ["--html", out.to_str().unwrap()];
    snapshot(folder, &html)
        .assert()
        .success()
        .stdout("2 pages: 2 as before\n");
    assert_eq!(embedded(&out, "index")["pages"], serde_json::json!([]));

    replace(folder, "a.txt", "7911件", "7917件");
    fs::rename(folder.join("more/b.txt"), folder.join("more/c.txt")).unwrap();
    write(folder, "new.txt", "全年造林30亩。\n");
    write(folder, "bad.txt", " \n");
    let before = files(folder);
    let without = snapshot(folder, &["--check"]).output().unwrap();
    for arguments in [&html[..], &[&html[..], &["--check"]].concat()] {
        let output = snapshot(folder, arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(output.stdout, without.stdout);
        assert_eq!(files(folder), before);
    }
    let index = embedded(&out, "index");
    let how: Vec<&str> = index["pages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|page| page["how"].as_str().unwrap())
        .collect();
    assert_eq!(how, ["changed", "renamed"]);
    assert_eq!(index["named"][0]["name"], "new.txt");
    assert_eq!(index["named"][0]["how"], "new");
    assert!(index["unread"][0].as_str().unwrap().contains("bad.txt"));
    let page = embedded(&out, "page-0");
    let change = &page["changes"]["all"][0];
    assert_eq!(change["label"], "一、/（一） 行政审批事项");
    assert_eq!(
        change["parts"],
        serde_json::json!([["old", "7911"], ["", " → "], ["new", "7917"]])
    );
    let touched = page["indicators"].as_array().unwrap();
    let touched = touched.iter().find(|x| x["id"] == change["id"]).unwrap();
    assert_eq!(touched["mention"], "7917件");
    assert_eq!(page["files"][0]["missing"], serde_json::Value::Null);
}

/// A change of a check, a finding or a text leads to what it touches, too.
#[test]
fn html_leads_from_every_change_to_its_place() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    write(
        folder,
        "a.txt",
        "全年投资3.66亿元，其中公路1.45亿元、桥梁0.92亿元、渡口1.29亿元。\n全年植树30万株。\n",
    );
    snapshot(folder, &[]).assert().success();
    replace(folder, "a.txt", "3.66", "3.86");
    replace(folder, "a.txt", "全年植树30万株", "过去一年共植树30万株");
    snapshot(folder, &["--html", "all.gongbao.html"])
        .assert()
        .code(1);
    let page = embedded(&folder.join("all.gongbao.html"), "page-0");
    let all = page["changes"]["all"].as_array().unwrap();
    let kinds: Vec<&str> = all.iter().map(|c| c["kind"].as_str().unwrap()).collect();
    for kind in [
        "indicator value",
        "check status",
        "diagnostic added",
        "text changed",
    ] {
        assert!(kinds.contains(&kind), "{kinds:?}");
    }
    for change in all {
        assert!(
            change["id"].is_string() || change["start"].is_u64(),
            "{change}"
        );
    }
    // it lies among the pages and is none of them
    snapshot(folder, &["--accept"]).assert().code(0);
    snapshot(folder, &["--check"])
        .assert()
        .success()
        .stdout("1 page: 1 as before\n");
}

#[test]
fn html_that_would_be_a_page_or_settle_something_is_refused() {
    let folder = folder();
    let folder = folder.path();
    snapshot(folder, &["--html", "more/changes.html"])
        .assert()
        .code(2)
        .stderr(contains("name it NAME.gongbao.html, or put it elsewhere"));
    for option in ["--accept", "--review", "--accept-only=a.txt"] {
        snapshot(folder, &["--html", "x.gongbao.html", option])
            .assert()
            .code(2);
    }
    assert!(!folder.join("x.gongbao.html").exists());
}

#[test]
fn a_missing_page_is_told_where_its_snapshot_is_ignored() {
    let folder = folder();
    let folder = folder.path();
    write(folder, ".gitignore", "*.json\n");
    fs::remove_file(folder.join("more/b.txt")).unwrap();
    let said = said(folder, &["--check"]);
    assert!(said.contains("1 missing"), "{said}");
}
