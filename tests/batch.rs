//! `gongbao batch`: the same bytes from any number of threads, after any stop, change or fault.

mod changes; // what a run makes of an earlier one's results
mod disk; // full and read-only disks
mod faults; // pages and folders that are not as they should be
mod kill; // runs that are ended from outside
mod talk; // what is said, and where

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command as Process, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::cli::gongbao;

const EVERYTHING: [&str; 4] = [
    "--format",
    "csv,ndjson,json,parquet,sdmx",
    "--rows-per-file",
    "30",
];
const PNG: &[u8] = b"\x89PNG\r\n\x1A\nnothing that a real program would read";

/// A folder with a folder of pages in it.
struct Archive {
    folder: TempDir,
}

/// A new folder, in memory where there is a place for that: what is written is made sure to be on the
/// disk, and of small files that takes longer than anything else.
fn quick() -> TempDir {
    TempDir::new_in("/dev/shm").unwrap_or_else(|_| TempDir::new().unwrap())
}

/// What `gongbao` did.
struct Ran {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

fn text(i: usize) -> String {
    let (a, b, c) = (3_000 + i * 37, 10 + i % 80, i % 10);
    match i % 4 {
        0 => {
            format!("白杨县{i}号简报\n一、工业\n2019年全县完成工业总产值{a}万元，增长{b}.{c}%。\n")
        }
        1 => format!(
            "二、农业\n全年粮食总产量{a}吨，其中：夏粮{b}吨，秋粮{}吨。化肥施用量{b}.{c}吨。\n",
            a - b
        ),
        2 => format!("（三）教育\n全县有小学{b}所，在校学生{a}人，比上年减少{c}人。\n"),
        _ => format!("全镇修渠{b}处，长{a}米；植树{c}{c}亩。\n"),
    }
}

impl Archive {
    /// With so many pages, `pages/000.txt` and so on, and samples among them.
    fn new(pages: usize) -> Self {
        let archive = Self { folder: quick() };
        fs::create_dir_all(archive.path("pages/more")).unwrap();
        for i in 0..pages {
            let below = if i % 5 == 4 { "more/" } else { "" };
            archive.page(&format!("{below}{i:03}.txt"), &text(i));
        }
        for sample in ["big5-traditional", "jump-lines", "tables-in-text"] {
            let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
            let to = archive.path(&format!("pages/{sample}.txt"));
            fs::copy(samples.join(format!("{sample}.txt")), to).unwrap();
        }
        archive
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn page(&self, name: &str, text: &str) {
        fs::write(self.path("pages").join(name), text).unwrap();
    }

    /// Runs `gongbao batch` in it.
    fn run(&self, arguments: &[&str]) -> Ran {
        let mut command = gongbao();
        let output = command
            .current_dir(self.folder.path())
            .arg("batch")
            .args(arguments)
            .timeout(Duration::from_secs(120))
            .output()
            .unwrap();
        Ran::of(output)
    }

    /// The same over all pages, with everything written to `out`.
    fn all(&self, out: &str) -> Ran {
        self.with(out, &EVERYTHING)
    }

    fn with(&self, out: &str, more: &[&str]) -> Ran {
        let mut arguments = vec!["pages", "--out", out];
        arguments.extend(more);
        self.run(&arguments)
    }

    /// Starts it, and does not wait for it.
    fn start(&self, arguments: &[&str]) -> Child {
        Process::new(env!("CARGO_BIN_EXE_gongbao"))
            .current_dir(self.folder.path())
            .arg("batch")
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    /// All results in `out`.
    fn tree(&self, out: &str) -> BTreeMap<String, Vec<u8>> {
        tree(&self.path(out))
    }

    /// The lines of `errors.ndjson` in `out`.
    fn errors(&self, out: &str) -> Vec<Value> {
        let text = fs::read_to_string(self.path(out).join("errors.ndjson")).unwrap();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// Fails unless `out` is what a run into a folder of its own gives.
    fn assert_fresh(&self, out: &str, inputs: &[&str], more: &[&str]) {
        let mut arguments = inputs.to_vec();
        arguments.extend(["--out", "fresh"]);
        arguments.extend(more);
        let ran = self.run(&arguments);
        assert!(matches!(ran.code, Some(0 | 1)), "{}", ran.stderr);
        assert_same(&self.path(out), &self.path("fresh"));
        fs::remove_dir_all(self.path("fresh")).unwrap();
    }

    /// A program for `--ocr`: says in the file `started` that it runs, waits for the file `go`, and
    /// then does what `then` says and prints a page.
    fn slow_ocr(&self, then: &str) -> String {
        let script = format!(
            "cd '{}'\ntouch started\nfor i in $(seq 400); do test -e go && break; sleep 0.05; done\n{then}\n\
             echo '[{{\"box\":[[9,9],[800,9],[800,40],[9,40]],\"text\":\"全镇修渠7处。\",\"score\":0.9}}]'\n",
            self.folder.path().display()
        );
        fs::write(self.path("ocr.sh"), script).unwrap();
        format!("sh {} {{}}", self.path("ocr.sh").display())
    }

    fn wait_for(&self, name: &str) {
        until(name, || self.path(name).exists());
    }

    fn touch(&self, name: &str) {
        fs::write(self.path(name), "").unwrap();
    }
}

impl Ran {
    fn of(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    #[track_caller]
    fn code(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}", self.stderr);
        self
    }

    #[track_caller]
    fn says(self, what: &str) -> Self {
        assert!(
            self.stderr.contains(what),
            "{what:?} is not in\n{}",
            self.stderr
        );
        self
    }

    /// Pages that were read now, and before.
    #[track_caller]
    fn read(&self) -> (u64, u64) {
        let line = self
            .stderr
            .lines()
            .find(|line| line.contains(" read now, "));
        let line = line.unwrap_or_else(|| panic!("{}", self.stderr));
        let counts = line.rsplit_once("; ").unwrap().1;
        let mut counts = counts.split(", ").map(|count| {
            let digits = count.split(' ').next().unwrap();
            digits.parse().unwrap()
        });
        (counts.next().unwrap(), counts.next().unwrap())
    }
}

#[track_caller]
fn until(what: &str, mut met: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !met() {
        assert!(
            begun.elapsed() < Duration::from_secs(30),
            "waited for {what}"
        );
        thread::sleep(Duration::from_millis(5));
    }
}

/// Sends `-INT`, `-TERM` or `-KILL`.
fn signal(child: &Child, name: &str) {
    let kill = format!("kill {name} {}", child.id());
    let status = Process::new("sh").args(["-c", &kill]).status().unwrap();
    assert!(status.success());
}

/// Files below `root` but gongbao's own, by path.
fn tree(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path
                .strip_prefix(root)
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned();
            if path.is_file() {
                files.insert(name, fs::read(&path).unwrap());
            } else if name != ".gongbao" {
                files.insert(format!("{name}/"), Vec::new());
                folders.push(path);
            }
        }
    }
    files
}

#[track_caller]
fn assert_same(one: &Path, other: &Path) {
    let (a, b) = (tree(one), tree(other));
    let names: Vec<&String> = a
        .keys()
        .chain(b.keys())
        .filter(|name| a.get(*name) != b.get(*name))
        .collect();
    assert!(
        names.is_empty(),
        "{} and {} differ in {names:?}",
        one.display(),
        other.display()
    );
    assert!(a.len() > 3);
}

#[test]
fn threads_change_nothing() {
    let archive = Archive::new(80);
    archive.page("050.txt", "\0\u{1}\0 no page");
    for threads in ["1", "2", "5"] {
        let ran = archive.with(
            &format!("out{threads}"),
            &[&EVERYTHING[..], &["--threads", threads]].concat(),
        );
        assert_eq!(ran.code(1).read(), (83, 0));
    }
    assert_same(&archive.path("out1"), &archive.path("out2"));
    assert_same(&archive.path("out1"), &archive.path("out5"));
}

#[test]
fn records_are_those_of_extract() {
    let archive = Archive::new(40);
    archive.all("out").code(0);
    let results = archive.tree("out");
    let mut pages: Vec<String> = archive
        .tree("pages")
        .into_keys()
        .filter(|p| p.ends_with(".txt"))
        .collect();
    pages.sort();
    let names: Vec<String> = pages.iter().map(|page| format!("pages/{page}")).collect();
    let extract = |format: &str, names: &[String]| {
        let mut command = gongbao();
        command
            .current_dir(archive.folder.path())
            .args(["extract", "-f", format])
            .args(names);
        command.output().unwrap().stdout
    };
    let mut lines: Vec<u8> = Vec::new();
    for file in ["ndjson/records.ndjson", "ndjson/records-2.ndjson"] {
        lines.extend(&results[file]);
    }
    assert!(!results.contains_key("ndjson/records-3.ndjson"));
    assert!(lines == extract("ndjson", &names));
    for name in names.iter().step_by(7) {
        let own = &results[&format!("json/{name}.json")];
        assert!(
            *own == extract("json", std::slice::from_ref(name)),
            "{name}"
        );
    }
    assert_eq!(
        results
            .keys()
            .filter(|p| p.starts_with("json/") && p.ends_with(".json"))
            .count(),
        43
    );
}
