//! PDFs and images, read by programs: made-up ones that run anywhere, and the real ones where they
//! are installed.

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command as Process, Stdio};

use assert_cmd::Command;
use predicates::prelude::*;
use predicates::str::contains;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::cli::{gongbao, stdout};

const PDF: &[u8] = b"%PDF-1.4\nnothing that a real program would read";
const PNG: &[u8] = b"\x89PNG\r\n\x1A\nlikewise";

/// What `pdftotext -bbox-layout` writes of a page with this text, or without any.
fn xhtml(pages: &[&str]) -> String {
    let word = |text: &&str| match *text {
        "" => String::new(),
        text => format!(
            "<flow><block xMin=\"9\" yMin=\"9\" xMax=\"99\" yMax=\"20\">\n\
             <line xMin=\"9\" yMin=\"9\" xMax=\"99\" yMax=\"20\">\n\
             <word xMin=\"9\" yMin=\"9\" xMax=\"99\" yMax=\"20\">{text}</word>\n</line>\n</block></flow>\n"
        ),
    };
    let page = |text: &&str| {
        let word = word(text);
        format!("<page width=\"200\" height=\"300\">\n{word}</page>\n")
    };
    let pages: String = pages.iter().map(page).collect();
    format!("<!DOCTYPE html>\n<html>\n<head/>\n<body>\n<doc>\n{pages}</doc>\n</body>\n</html>\n")
}

/// A shell command that writes hOCR of a page with this text, the page's path in it, as OCR programs
/// do. `path` is the shell's word for the path.
fn hocr(path: &str, text: &str) -> String {
    format!(
        "printf '%s\\n' '<?xml version=\"1.0\" encoding=\"UTF-8\"?>' '<!DOCTYPE html>' '<html><head><meta name=\"ocr-system\" content=\"made-up\"/></head><body>' \
         \"<div class='ocr_page' title='image {path}; bbox 0 0 900 600'>\" \
         \"<span class='ocr_line' title='bbox 9 9 800 40'>\" \
         \"<span class='ocrx_word' title='bbox 9 9 800 40; x_wconf 88'>{text}</span></span></div>\" \
         '</body></html>'"
    )
}

/// A shell command that writes RapidOCR's JSON of a page with this text.
fn boxes(text: &str) -> String {
    format!(
        "echo '[{{\"box\":[[9,9],[800,9],[800,40],[9,40]],\"text\":\"{text}\",\"score\":0.9}}]'"
    )
}

/// A folder with `a.pdf`, `b.png` and `c.txt`, and one in it for programs.
struct Bench {
    folder: TempDir,
}

impl Bench {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        fs::write(folder.path().join("a.pdf"), PDF).unwrap();
        fs::write(folder.path().join("b.png"), PNG).unwrap();
        fs::write(folder.path().join("c.txt"), "全镇修渠7处。\n").unwrap();
        fs::create_dir(folder.path().join("bin")).unwrap();
        Self { folder }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// A program that says `version` when it is asked for it and else runs `script`.
    fn program(&self, name: &str, version: &str, script: &str) -> &Self {
        let path = self.path().join("bin").join(name);
        let script = format!(
            "#!/bin/sh\nPATH=/bin:/usr/bin\ncase \"$1\" in -v|--version) echo '{version}' >&2; exit;; esac\n{script}\n"
        );
        // A shell writes it: a file that another thread's child has open cannot be run.
        let mut shell = Process::new("/bin/sh")
            .args(["-c", "exec /bin/cat >\"$0\""])
            .arg(&path)
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let mut input = shell.stdin.take().unwrap();
        input.write_all(script.as_bytes()).unwrap();
        drop(input);
        assert!(shell.wait().unwrap().success());
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        self
    }

    /// `pdftotext` that reads these texts, one a page.
    fn pdftotext(&self, pages: &[&str]) -> &Self {
        fs::write(self.path().join("bin/said"), xhtml(pages)).unwrap();
        let script = "[ \"$1 $3\" = '-bbox-layout -' ] && cmp -s \"$2\" a.pdf && cat bin/said";
        self.program("pdftotext", "pdftotext version 9.1.0", script)
    }

    /// No other programs than those of the folder are found.
    fn run(&self, arguments: &[&str]) -> Command {
        let mut command = gongbao();
        command.env("PATH", self.path().join("bin"));
        command.current_dir(self.path()).args(arguments);
        command
    }

    fn record(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&stdout(&mut self.run(arguments))).unwrap()
    }
}

fn mentions(record: &Value) -> Vec<&str> {
    let indicators = record["indicators"].as_array().unwrap();
    indicators
        .iter()
        .map(|i| i["mention"].as_str().unwrap())
        .collect()
}

#[test]
fn a_pdf_is_read_by_pdftotext() {
    let bench = Bench::new();
    bench.pdftotext(&["全镇修渠12处。"]);
    let record = bench.record(&["extract", "a.pdf", "--keep-readings", "kept"]);
    let said = xhtml(&["全镇修渠12处。"]);
    let source = &record["source"];
    assert_eq!(source["name"], "a.pdf");
    assert_eq!(source["format"], "pdf");
    assert_eq!(source["reader"], "pdftotext 9.1.0");
    assert_eq!(source["bytes"], said.len());
    assert_eq!(source["pages"][0]["unit"], "point");
    assert_eq!(source["original"]["bytes"], PDF.len());
    assert_eq!(source["original"]["reading"], "xhtml");
    assert_eq!(
        source["original"]["sha256"],
        gongbao::base::sha256(PDF).as_str()
    );
    let kept = fs::read_to_string(bench.path().join("kept/a.pdf.xhtml")).unwrap();
    assert_eq!(kept, said);
    let at = &record["indicators"][0]["source"];
    let range = at["start"].as_u64().unwrap() as usize..at["end"].as_u64().unwrap() as usize;
    assert_eq!(&kept[range], "12处");
}

#[test]
fn a_page_of_a_pdf_without_text_is_a_finding() {
    let bench = Bench::new();
    bench.pdftotext(&["", "全镇修渠12处。", ""]);
    let record = bench.record(&["extract", "a.pdf"]);
    assert_eq!(record["indicators"][0]["source"]["page"], 2);
    let finding = &record["diagnostics"][0];
    assert_eq!(finding["code"], "page-without-text");
    let message = finding["message"].as_str().unwrap();
    assert!(message.contains("on page 1, 3 of 3"), "{message}");
    bench.pdftotext(&["全镇修渠12处。"]);
    let record = bench.record(&["extract", "a.pdf"]);
    let findings = record["diagnostics"].as_array().unwrap();
    assert!(findings.iter().all(|f| f["code"] != "page-without-text"));
}

#[test]
fn what_pdftotext_read_is_validated() {
    let bench = Bench::new();
    bench.pdftotext(&["全镇修渠12处。"]);
    let extract = ["extract", "a.pdf", "-o", "a.json"];
    stdout(bench.run(&extract).args(["--keep-readings", "kept"]));
    let validate = |arguments: &[&str]| {
        let mut command = bench.run(&["validate", "a.json"]);
        command.args(arguments).assert()
    };
    let checked = contains("1 checked against the page, 0 findings");
    let unchecked = contains("0 checked against the page, 0 findings");
    validate(&[]).success().stderr(checked.clone());

    bench.program("pdftotext", "pdftotext version 9.2.0", "exit 1");
    validate(&[]).success().stderr(
        contains("a.json:1: not checked against the page: it was read by pdftotext 9.1.0, and here is pdftotext 9.2.0")
            .and(unchecked.clone()),
    );
    fs::remove_file(bench.path().join("bin/pdftotext")).unwrap();
    let none = contains("and here is no pdftotext");
    validate(&[]).success().stderr(none.and(unchecked.clone()));
    validate(&["--source-dir", "kept"])
        .success()
        .stderr(checked);

    bench.pdftotext(&["全镇修渠13处。"]);
    let other = contains("pdftotext 9.1.0 reads something else in it here");
    validate(&[]).success().stderr(other.and(unchecked));

    fs::write(bench.path().join("a.pdf"), b"%PDF-1.4\nanother").unwrap();
    validate(&[])
        .code(1)
        .stdout(contains("a.json:1: /source/original/sha256: found"))
        .stderr(contains("0 checked against the page, 1 finding"));
}

#[test]
fn an_image_is_read_by_tesseract_unless_another_is_named() {
    let bench = Bench::new();
    let script = format!(
        "[ \"$2 $3 $4 $5\" = '- -l chi_sim hocr' ] && cmp -s \"$1\" b.png && {}",
        hocr("$1", "全镇植树30亩。")
    );
    bench.program("tesseract", "tesseract 8.0.1", &script);
    let asked: [&[&str]; 4] = [&[], &["--ocr"], &["--ocr=auto"], &["--ocr", "auto"]];
    let records = asked.map(|ocr| bench.record(&[&["extract", "b.png"], ocr].concat()));
    assert_eq!(mentions(&records[0]), ["30亩"]);
    let source = &records[0]["source"];
    assert_eq!(
        (&source["format"], &source["reader"]),
        (&json!("png"), &json!("tesseract 8.0.1"))
    );
    assert_eq!(source["original"]["reading"], "hocr");
    // same input, same output: nothing in it is of the one run
    assert!(records.iter().all(|r| r == &records[0]));

    bench.program("other", "made-up 3", &boxes("全镇植树31亩。"));
    let record = bench.record(&["extract", "b.png", "--ocr", "other '--a b' {}"]);
    assert_eq!(mentions(&record), ["31亩"]);
    assert_eq!(record["source"]["reader"], "other made-up 3");
    assert_eq!(record["source"]["original"]["reading"], "rapidocr");
}

#[test]
fn what_ocr_read_is_validated() {
    let bench = Bench::new();
    let script = hocr("$1", "全镇植树30亩。");
    bench.program("tesseract", "tesseract 8.0.1", &script);
    stdout(&mut bench.run(&["extract", "b.png", "-o", "b.json"]));
    let own = ["--ocr", "sh -c 'cat said' {}"];
    bench
        .run(&["validate", "b.json"])
        .assert()
        .success()
        .stderr(contains("1 checked against the page, 0 findings"));
    bench
        .run(&["validate", "b.json"])
        .args(own)
        .assert()
        .success()
        .stderr(contains("it was read by tesseract 8.0.1, and here is"));
}

#[test]
fn a_pdf_without_text_is_read_page_by_page() {
    let bench = Bench::new();
    bench.pdftotext(&["", ""]).program(
        "pdftoppm",
        "pdftoppm version 9.1.0",
        "[ \"$1 $2 $3 $4 $5$7\" = '-r 300 -png -singlefile -f-l' ] || exit 9\n\
         cmp -s \"$9\" a.pdf || exit 8\nshift 9; echo \"$1\" >\"$1.png\"",
    );
    let page = |number: u32, text: &str| {
        let printed = hocr("$1", text);
        format!("*page-{number}.png) {printed};;")
    };
    let script = format!(
        "case \"$1\" in {} {} esac",
        page(1, "全镇植树30亩。"),
        page(2, "全镇修渠12处。")
    );
    bench.program("tesseract", "tesseract 8.0.1", &script);
    let record = bench.record(&["extract", "a.pdf"]);
    assert_eq!(
        record["source"]["reader"],
        "tesseract 8.0.1, pdftoppm 9.1.0"
    );
    assert_eq!(mentions(&record), ["30亩", "12处"]);
    for (i, page) in [1, 2].into_iter().enumerate() {
        assert_eq!(record["source"]["pages"][i]["number"], page);
        assert_eq!(record["indicators"][i]["source"]["page"], page);
    }
    fs::write(bench.path().join("a.json"), record.to_string()).unwrap();
    bench
        .run(&["validate", "a.json"])
        .assert()
        .success()
        .stderr(contains("1 checked against the page, 0 findings"));

    // plain text: a page begins behind a form feed
    bench.program("plain", "plain 1", "echo 全镇修渠12处。");
    let record = bench.record(&["extract", "a.pdf", "--ocr", "plain {}"]);
    assert_eq!(mentions(&record), ["12处", "12处"]);
    assert_eq!(record["source"]["original"]["reading"], "text");

    bench.program("boxes", "boxes 1", &boxes("全镇修渠12处。"));
    for (ocr, said) in [
        (
            "boxes {}",
            "a.pdf: it has 2 pages without text, and what boxes prints of each (rapidocr) cannot",
        ),
        (
            "none {}",
            "a.pdf: it is a PDF without text, which only OCR can read, and none was not found",
        ),
        ("false {}", "a.pdf: page 1 of 2: false failed"),
        (
            "true {}",
            "a.pdf: true printed nothing; it has to write what it reads",
        ),
    ] {
        bench.program("false", "", "exit 1");
        bench.program("true", "", "exit 0");
        bench
            .run(&["extract", "a.pdf", "--ocr", ocr])
            .assert()
            .code(1)
            .stdout("")
            .stderr(contains(said));
    }
    bench.pdftotext(&[]);
    bench
        .run(&["extract", "a.pdf"])
        .assert()
        .code(1)
        .stderr(contains("finds no page in it"));
}

#[test]
fn programs_that_fail_cost_no_other_page() {
    let bench = Bench::new();
    let fails = |ocr: &[&str], said: &str| {
        let output = bench
            .run(&["extract", "c.txt", "b.png", "c.txt"])
            .args(ocr)
            .assert()
            .code(1)
            .stderr(contains("gongbao: b.png: ").and(contains(said)))
            .get_output()
            .clone();
        let lines = String::from_utf8(output.stdout).unwrap().lines().count();
        assert_eq!(lines, 2, "{said}");
    };
    fails(&[], "tesseract-ocr-chi-sim");
    fails(&[], "--ocr COMMAND");
    bench
        .run(&["extract", "a.pdf"])
        .assert()
        .code(1)
        .stderr(contains("a.pdf: pdftotext was not found").and(contains("poppler-utils")));

    bench.program(
        "bad",
        "bad 1",
        "echo first >&2; echo no such model >&2; exit 4",
    );
    fails(
        &["--ocr", "bad {}"],
        "bad failed (exit code 4): no such model",
    );
    bench.program("slow", "slow 1", "sleep 600");
    fails(
        &["--ocr", "slow {}", "--timeout", "1"],
        "slow was stopped after 1 s; give it longer with --timeout",
    );
    bench.program("mute", "mute 1", "exit 0");
    fails(&["--ocr", "mute {}"], "mute printed nothing");
    bench.program("mad", "mad 1", "head -c 300 /dev/zero");
    fails(
        &["--ocr", "mad {}"],
        "what mad 1 printed of it: it is no text",
    );
    let empty = hocr("$1", "");
    bench.program("blind", "blind 1", &empty);
    fails(
        &["--ocr", "blind {}"],
        "what blind 1 printed of it: it is empty",
    );
}

#[test]
fn readings_of_one_name_are_not_written_over_each_other() {
    let bench = Bench::new();
    bench.program("tesseract", "tesseract 8", &hocr("$1", "全镇植树30亩。"));
    fs::create_dir(bench.path().join("more")).unwrap();
    fs::write(bench.path().join("more/b.png"), PNG).unwrap();
    bench
        .run(&["extract", "b.png", "more/b.png", "--keep-readings", "kept"])
        .assert()
        .code(1)
        .stderr(contains("more/b.png: ").and(contains("holds the reading of b.png")));
}

#[test]
fn explain_and_eval_read_them_too() {
    let bench = Bench::new();
    bench.program("tesseract", "tesseract 8", &hocr("$1", "全镇植树30亩。"));
    bench
        .run(&["explain", "b.png", "--at", "30亩"])
        .assert()
        .success()
        .stdout(contains("30亩 is indicator i1"));
    bench
        .run(&["explain", "b.png", "--at", "30亩", "--ocr", "none {}"])
        .assert()
        .code(1)
        .stderr(contains("none was not found"));
    bench
        .run(&["eval", "--gold", ".", "b.png"])
        .assert()
        .stderr(contains("b.png: it has no gold"));
}

#[test]
fn a_pipe_is_read_once() {
    let bench = Bench::new();
    let page = "<html><span class='ocr_line' title='bbox 9 9 800 40'>全镇修渠12处。</span></html>";
    let mut command = bench.run(&["extract", "/dev/stdin"]);
    let record: Value = serde_json::from_str(&stdout(command.write_stdin(page))).unwrap();
    assert_eq!(mentions(&record), ["12处"]);
}

#[test]
fn commands_that_make_no_sense() {
    let bench = Bench::new();
    let cases: [(&[&str], &str); 5] = [
        (&["--ocr", "tesseract b.png"], "expected {}"),
        (&["--ocr", "tesseract '{}"], "quotes do not close"),
        (&["--ocr", ""], "it is empty"),
        (&["--timeout", "0"], "1..=86400"),
        (&["--timeout", "soon"], "--timeout"),
    ];
    for (arguments, said) in cases {
        bench
            .run(&["extract", "b.png"])
            .args(arguments)
            .assert()
            .code(2)
            .stdout("")
            .stderr(contains(said));
    }
}

/// Whether a program is installed; says so when it is not.
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn installed(program: &str, flag: &str) -> bool {
    let found = Process::new(program).arg(flag).output().is_ok();
    if !found {
        eprintln!("skipped: {program} is not installed");
    }
    found
}

fn extracted(page: &Path) -> Value {
    let mut command = gongbao();
    command.arg("extract").arg(page);
    serde_json::from_str(&stdout(&mut command)).unwrap()
}

#[test]
fn the_real_pdftotext() {
    let Some(shared) = crate::shared() else {
        return;
    };
    if !installed("pdftotext", "-v") {
        return;
    }
    let folder = shared.join("ocr/county-bureau-digital");
    let read = extracted(&folder.join("page.pdf"));
    let kept = extracted(&folder.join("pdftotext.xhtml"));
    assert_eq!(read["text"], kept["text"]);
    let said = |record: &Value| -> Vec<Value> {
        let indicators = record["indicators"].as_array().unwrap().iter();
        indicators
            .map(|i| json!([i["name"], i["value"], i["unit"], i["start"]]))
            .collect()
    };
    assert_eq!(said(&read), said(&kept));
    assert!(said(&read).len() > 20);
}

#[test]
fn the_real_tesseract() {
    let Some(shared) = crate::shared() else {
        return;
    };
    if !installed("tesseract", "--version") {
        return;
    }
    let page = shared.join("ocr/county-bureau-light/page.jpg");
    let read = extracted(&page);
    let reader = read["source"]["reader"].as_str().unwrap();
    assert!(reader.starts_with("tesseract "), "{reader}");
    let (read, kept) = (
        read["indicators"].as_array().unwrap().len(),
        extracted(&page.with_file_name("tesseract.hocr"))["indicators"]
            .as_array()
            .unwrap()
            .len(),
    );
    // the team's scan was read with its resolution known, which changes little
    assert!(read * 10 > kept * 9, "{read} of {kept}");
}
