//! Files made to do harm: nothing of them reaches the terminal raw, the memory, or a place outside the
//! folder of results.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

const PAGE: &str = "一、水利\n全县新修灌渠126公里，比上年增长8.3%。\n";

/// A line of a page that is long enough to be one in spite of the escapes in it.
const REST: &str = "各乡镇积极筹措资金，组织群众兴修水利。\n";

/// Control sequences of every kind that terminals obey: colours and clearing, the title of the window,
/// single characters, the eight-bit forms, and marks that turn the direction of text.
const ESCAPES: [&str; 6] = [
    "\u{1B}[31m",
    "\u{1B}[2J\u{1B}]0;owned\u{7}",
    "\u{1B}P$q\"p\u{1B}\\",
    "\u{9B}31m\u{9D}0;owned\u{9C}",
    "\u{8}\u{D}\u{7F}",
    "\u{202E}\u{2066}",
];

struct Folder(TempDir);

/// What the program did.
struct Ran {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Folder {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn path(&self, name: impl AsRef<OsStr>) -> PathBuf {
        self.0.path().join(name.as_ref())
    }

    fn write(&self, name: impl AsRef<OsStr>, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    fn command(&self, arguments: &[&OsStr]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gongbao"));
        command.current_dir(self.0.path()).args(arguments);
        command.stdin(Stdio::null());
        command
    }

    fn run<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Ran {
        let arguments: Vec<&OsStr> = arguments.iter().map(AsRef::as_ref).collect();
        Ran::of(self.command(&arguments).output().unwrap())
    }

    /// Runs it with so much address space, in MB, and `input` as standard input.
    fn within(&self, megabytes: u32, arguments: &str, input: Option<&str>) -> Ran {
        let script = format!(
            "ulimit -v {} && exec '{}' {arguments}",
            megabytes * 1024,
            env!("CARGO_BIN_EXE_gongbao")
        );
        let input = input.map_or(Stdio::null(), |name| {
            File::open(self.path(name)).unwrap().into()
        });
        let mut command = Command::new("sh");
        command.current_dir(self.0.path()).args(["-c", &script]);
        Ran::of(command.stdin(input).output().unwrap())
    }
}

impl Ran {
    fn of(output: Output) -> Self {
        let ran = Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        };
        assert!(!ran.stderr.contains("panicked"), "{}", ran.stderr);
        assert!(!ran.stderr.contains("is a bug"), "{}", ran.stderr);
        ran
    }

    #[track_caller]
    fn code(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}{}", self.stdout, self.stderr);
        self
    }

    #[track_caller]
    fn says(self, what: &str) -> Self {
        let found = self.stderr.contains(what) || self.stdout.contains(what);
        assert!(found, "{what:?} is not in\n{}{}", self.stdout, self.stderr);
        self
    }

    /// Fails where a terminal would do more than show text in black and white and our own bold and red.
    #[track_caller]
    fn quiet(self) -> Self {
        // And those of clap's errors.
        let ours = ["1", "0", "31", "32", "33", "4"].map(|code| format!("\u{1B}[{code}m"));
        for text in [&self.stdout, &self.stderr] {
            let mut text = text.clone();
            for style in ours.iter().filter(|_| self.is_coloured()) {
                text = text.replace(style, "");
            }
            let raw = text.char_indices().find(|&(_, c)| is_obeyed(c));
            assert_eq!(raw, None, "in {text:?}");
        }
        self
    }

    /// True where our own styles begin a message or the heads of a table.
    fn is_coloured(&self) -> bool {
        self.stderr.starts_with("\u{1B}[1m") || self.stdout.starts_with("\u{1B}[1m")
    }
}

fn is_obeyed(c: char) -> bool {
    c.is_control() && c != '\n'
        || ('\u{202A}'..='\u{202E}').contains(&c)
        || ('\u{2066}'..='\u{2069}').contains(&c)
}

fn words(line: &str) -> Vec<&str> {
    line.split(' ').collect()
}

/// A page with `escape` in its title, headings, names, numbers, furniture and jumps.
fn with_escapes(escape: &str) -> String {
    format!(
        "汀陵县{escape}水利工作总结\n{escape}A1版{escape}要闻 2023年3月8日 星期三\n一、{escape}水利建设\n\
         全县新修{escape}灌渠1{escape}26公里，比上年{escape}增长8.3%{escape}。其中：石渠{escape}79l件，土渠5{escape}6件。\n\
         图为新修的灌渠。本报记者{escape}罗小满摄\n（下转{escape}A2版）\n{}",
        REST.repeat(30)
    )
}

#[test]
fn escapes_on_a_page_stay_there() {
    let folder = Folder::new();
    folder.write(
        "gold/a.gold.json",
        r#"{"text":"全县","indicators":[],"sections":[]}"#,
    );
    for (i, escape) in ESCAPES.iter().enumerate() {
        folder.write("a.txt", with_escapes(escape));
        let other = format!("（上接{escape}A1版）\n全年办件{escape}12件。\n");
        folder.write("b.txt", other + &REST.repeat(30));
        for format in ["json", "ndjson", "text", "outline", "table"] {
            let ran = folder
                .run(&["extract", "-f", format, "a.txt"])
                .code(0)
                .quiet();
            assert!(ran.stdout.contains("一、"), "{}", ran.stdout);
        }
        for format in ["ndjson", "text"] {
            folder
                .run(&["stitch", "-f", format, "a.txt", "b.txt"])
                .quiet();
        }
        for until in ["decode", "normalize", "reconcile"] {
            folder
                .run(&["extract", "--until", until, "a.txt"])
                .code(0)
                .quiet();
        }
        folder
            .run(&["--color", "always", "extract", "-f", "table", "a.txt"])
            .code(0)
            .quiet();
        for line in ["1", "2", "4", "5", "6"] {
            folder.run(&["explain", "a.txt", "--line", line]).quiet();
        }
        folder
            .run(&["explain", "a.txt", "--json", "--line", "4"])
            .quiet();
        let at = format!("12{escape}6");
        folder.run(&["explain", "a.txt", "--at", &at]).quiet();
        folder
            .run(&["explain", "a.txt", "--at", &format!("{escape}none")])
            .code(1)
            .quiet();
        folder
            .run(&["eval", "-v", "--gold", "gold", "a.txt"])
            .quiet();
        let out = format!("out{i}");
        for more in ["", " --quiet", " --log-format json", " --dry-run"] {
            folder
                .run(&words(&format!("batch a.txt b.txt --out {out}{more}")))
                .code(0)
                .quiet();
        }
    }
}

#[test]
fn escapes_in_names_are_shown_as_such() {
    for escape in ESCAPES
        .iter()
        .chain(&["\n", "\ngongbao: all is well\n", "\t"])
    {
        let folder = Folder::new();
        let name = format!("a{escape}.txt");
        let bad = format!("bad{escape}.txt");
        folder.write(&name, PAGE);
        folder.write(&bad, " \n");
        folder.write(
            format!("gold/a{escape}.gold.json"),
            r#"{"text":"全县","indicators":[],"sections":[]}"#,
        );
        for format in ["ndjson", "text", "outline", "table"] {
            let ran = folder
                .run(&["extract", "-f", format, &name, &bad, "none"])
                .code(1)
                .quiet();
            let told = ran
                .stderr
                .lines()
                .filter(|line| line.starts_with("gongbao:"));
            assert_eq!(told.count(), 2, "{}", ran.stderr);
        }
        folder
            .run(&["--color", "always", "extract", "-f", "table", &name, &bad])
            .code(1)
            .quiet();
        let record = folder.run(&["extract", &name]).code(0).quiet().stdout;
        let record: Value = serde_json::from_str(&record).unwrap();
        assert_eq!(record["source"]["name"], name.replace('\\', "/"));
        folder.write(format!("r{escape}.json"), record.to_string());
        folder
            .run(&["validate", &format!("r{escape}.json")])
            .code(0)
            .quiet();
        folder.write(
            format!("r{escape}.json"),
            record.to_string().replace("126公里", "127公里"),
        );
        // Records have `/` for `\`, and so nothing is found that the record could be held to.
        let ran = folder.run(&["validate", &format!("r{escape}.json")]);
        ran.code(i32::from(!name.contains('\\'))).quiet();
        folder.run(&["validate", &bad]).code(1).quiet();
        folder
            .run(&["explain", &name, "--line", "1"])
            .code(0)
            .quiet();
        folder
            .run(&["explain", &name, "--at", "none"])
            .code(1)
            .quiet();
        folder.run(&["eval", "-v", "--gold", "gold", &name]).quiet();
        folder
            .run(&["eval", "-v", "--gold", "gold", &bad])
            .code(1)
            .quiet();
        folder.run(&["stitch", "-f", "text", &name, &bad]).quiet();
        folder
            .run(&["extract", "-o", &format!("none{escape}/a.json"), &name])
            .code(1)
            .quiet();
        folder
            .run(&["extract", &name, &format!("--none{escape}")])
            .code(2)
            .quiet();
        folder
            .run(&[
                "--color",
                "always",
                "extract",
                &name,
                &format!("--none{escape}"),
            ])
            .code(2)
            .quiet();
        folder
            .run(&["extract", "-f", &format!("none{escape}"), &name])
            .code(2)
            .quiet();
        folder.run(&["lexicon", "check", &name]).code(1).quiet();
        for more in [&[][..], &["--log-format", "json"], &["--dry-run"]] {
            folder
                .run(&[&["batch", &name, &bad, "--out", "out"], more].concat())
                .code(1)
                .quiet();
        }
        let csv = fs::read_to_string(folder.path("out/csv/pages.csv")).unwrap();
        assert!(csv.contains("txt"), "{csv}");
    }
}

#[test]
fn names_that_are_no_text() {
    let folder = Folder::new();
    let name = OsStr::from_bytes(b"pages/\xFF\xFE\xE4\xB8.txt");
    folder.write(name, PAGE);
    folder.write("pages/b.txt", PAGE);
    let extract = |format: &str| {
        let arguments = [
            OsStr::new("extract"),
            OsStr::new("-f"),
            OsStr::new(format),
            name,
        ];
        folder.run(&arguments).code(0).quiet().stdout
    };
    let record: Value = serde_json::from_str(&extract("json")).unwrap();
    assert!(
        record["source"]["name"]
            .as_str()
            .unwrap()
            .contains('\u{FFFD}')
    );
    extract("text");
    let missing = OsStr::from_bytes(b"none\xFF.txt");
    folder
        .run(&[OsStr::new("extract"), missing])
        .code(1)
        .says("no such file")
        .quiet();
    let ran = folder
        .run(&words("batch pages --out out --format csv,json,ndjson"))
        .code(0)
        .quiet();
    assert!(ran.says("2 pages").stderr.contains("2 read now"));
    // The same again finds what it did under the same names.
    folder
        .run(&words("batch pages --out out --format csv,json,ndjson"))
        .code(0)
        .says("0 read now");
    let ran = folder.run(&[
        OsStr::new("batch"),
        name,
        OsStr::new("--out"),
        OsStr::from_bytes(b"out\xFF"),
    ]);
    ran.code(0).quiet();
}

/// A file of so many bytes, most of which take no room on the disk.
fn sparse(path: &Path, head: &[u8], size: u64) {
    let mut file = File::create(path).unwrap();
    file.write_all(head).unwrap();
    file.set_len(size).unwrap();
}

/// Address space in MB that is enough to say no: what the program and its threads ask for before they read.
const LITTLE: u32 = 700;

#[test]
fn a_line_of_a_gigabyte_is_not_read_whole() {
    let folder = Folder::new();
    sparse(&folder.path("line.txt"), PAGE.as_bytes(), 1 << 30);
    folder.write("a.txt", PAGE);
    let begun = Instant::now();
    let told = "a page may have; see --max-bytes";
    folder
        .within(LITTLE, "extract line.txt", None)
        .code(1)
        .says(told)
        .says("1073741824");
    folder
        .within(LITTLE, "extract a.txt --also line.txt", None)
        .code(1)
        .says(told);
    folder
        .within(LITTLE, "extract -", Some("line.txt"))
        .code(1)
        .says(told);
    folder
        .within(LITTLE, "extract --max-bytes 1K /dev/zero", None)
        .code(1)
        .says(told);
    folder
        .within(LITTLE, "stitch a.txt line.txt", None)
        .says(told);
    folder
        .within(LITTLE, "explain line.txt --line 1", None)
        .code(1)
        .says(told);
    folder.write(
        "gold/line.gold.json",
        r#"{"text":"全县","indicators":[],"sections":[]}"#,
    );
    folder
        .within(LITTLE, "eval --gold gold line.txt", None)
        .code(1)
        .says("a page may have");
    folder
        .within(LITTLE, "batch -j 1 line.txt a.txt --out out", None)
        .code(1)
        .says(told)
        .says("1 page,");
    assert!(begun.elapsed() < Duration::from_secs(60));
}

#[test]
fn a_gigabyte_in_an_archive_is_not_unpacked() {
    let folder = Folder::new();
    folder.write("a.txt", PAGE);
    let mut header = tar::Header::new_ustar();
    header.set_path("line.txt").unwrap();
    header.set_size(1 << 30);
    header.set_mode(0o644);
    header.set_cksum();
    sparse(
        &folder.path("pages.tar"),
        header.as_bytes(),
        512 + (1 << 30) + 1024,
    );
    let zeros = std::io::Read::take(std::io::repeat(b'1'), 1 << 28);
    let mut encoder = flate2::write::GzEncoder::new(
        File::create(folder.path("bomb.txt.gz")).unwrap(),
        flate2::Compression::fast(),
    );
    std::io::copy(
        &mut std::io::BufReader::with_capacity(1 << 20, zeros),
        &mut encoder,
    )
    .unwrap();
    encoder.finish().unwrap();
    let ran = folder.within(
        LITTLE,
        "batch -j 1 pages.tar bomb.txt.gz a.txt --out out",
        None,
    );
    let ran = ran
        .code(1)
        .says("pages.tar!/line.txt: it has 1073741824 bytes")
        .says("1 page,");
    assert!(ran.stderr.contains("bomb.txt"), "{}", ran.stderr);
}

#[test]
fn bytes_that_are_no_characters() {
    let folder = Folder::new();
    folder.write("a.txt", "全年新增\0企业9\u{0}92户。\n\0\0\n");
    let ran = folder.run(&["extract", "-f", "text", "a.txt"]).quiet();
    assert!(
        ran.code == Some(1) || ran.stdout == "全年新增企业992户。\n",
        "{}",
        ran.stdout
    );
    for (name, bytes) in [
        ("nul", &[0_u8; 4096][..]),
        ("ff", &[0xFF; 4096]),
        ("half", &[0xFF, 0xFE, 0, 0xD8, 0, 0xDC, 0]),
        ("cut", "全年新增企业992户".as_bytes().split_at(7).0),
    ] {
        folder.write(name, bytes);
        let encodings = ["auto", "utf-8", "gb18030", "big5", "utf-16le", "utf-16be"];
        for encoding in encodings {
            let ran = folder
                .run(&["extract", "--encoding", encoding, name])
                .quiet();
            assert!(matches!(ran.code, Some(0 | 1)), "{}", ran.stderr);
        }
    }
}

#[test]
fn nesting_without_end() {
    let folder = Folder::new();
    let deep = |open: &str, close: &str| open.repeat(200_000) + "12" + &close.repeat(200_000);
    folder.write("a.json", deep("[", "]"));
    folder.write("b.json", deep("{\"rec_texts\":[", "]}"));
    folder.write("c.json", format!("[{}]", deep("[[[1,2]],", "]")));
    folder.write(
        "a.hocr",
        format!(
            "<html><body><div class='ocr_page'>{}",
            deep("<div>", "</div>")
        ),
    );
    folder.write(
        "a.xml",
        format!(
            "<alto><Layout>{}</Layout></alto>",
            deep("<Page>", "</Page>")
        ),
    );
    folder.write(
        "m.xml",
        format!(
            "<mets><structMap>{}</structMap></mets>",
            deep("<div>", "</div>")
        ),
    );
    folder.write(
        "a.txt",
        format!("一、水利\n全县{}公里。\n", deep("（", "）")),
    );
    folder.write("b.txt", "（一".repeat(100_000));
    let begun = Instant::now();
    for name in [
        "a.json", "b.json", "c.json", "a.hocr", "a.xml", "m.xml", "a.txt", "b.txt",
    ] {
        let ran = folder.run(&["extract", name]);
        assert!(
            matches!(ran.code, Some(0 | 1)),
            "{name}: {:?} {}",
            ran.code,
            ran.stderr
        );
    }
    for format in [
        "rapidocr",
        "structure",
        "hocr",
        "alto",
        "page",
        "abbyy",
        "xhtml",
        "mets",
    ] {
        for name in ["a.json", "a.hocr", "a.xml"] {
            let ran = folder.run(&["extract", "-f", format, name]);
            assert!(
                matches!(ran.code, Some(0 | 1)),
                "{format} {name}: {:?} {}",
                ran.code,
                ran.stderr
            );
        }
    }
    for name in ["a.json", "b.json"] {
        folder.run(&["validate", name]).code(1);
        folder.run(&["eval", "--gold", ".", name]).code(1);
    }
    folder.write("a.gold.json", deep("[", "]"));
    folder.run(&["eval", "--gold", ".", "a.txt"]).code(1);
    folder.write("l.toml", format!("a = {}", deep("[", "]")));
    let ran = folder.run(&["extract", "--lexicon", "l.toml", "a.txt"]);
    assert!(ran.code(1).stderr.len() < 10_000, "all of a long line");
    assert!(
        begun.elapsed() < Duration::from_secs(120),
        "{:?}",
        begun.elapsed()
    );
}

#[test]
fn entities_are_not_multiplied() {
    let folder = Folder::new();
    let mut entities = "<!ENTITY l0 \"全县新修灌渠126公里。\">".to_owned();
    for i in 1..12 {
        entities += &format!("<!ENTITY l{i} \"{}\">", format!("&l{};", i - 1).repeat(10));
    }
    let alto = format!(
        "<?xml version=\"1.0\"?><!DOCTYPE alto [{entities}]><alto><Layout><Page><PrintSpace><TextBlock>\
         <TextLine><String CONTENT=\"修塘7口&l11;\" HPOS=\"1\" VPOS=\"1\" WIDTH=\"9\" HEIGHT=\"9\"/></TextLine>\
         </TextBlock></PrintSpace></Page></Layout></alto>"
    );
    let hocr = format!(
        "<!DOCTYPE html [{entities}]><html><body><div class='ocr_page' title='bbox 0 0 9 9'><span class='ocr_line' \
         title='bbox 0 0 9 9'><span class='ocrx_word' title='bbox 0 0 9 9'>修塘7口&l11;</span></span></div></body></html>"
    );
    folder.write("a.xml", alto);
    folder.write("a.hocr", hocr);
    for name in ["a.xml", "a.hocr"] {
        let ran = folder.within(LITTLE, &format!("extract -f text {name}"), None);
        assert!(matches!(ran.code, Some(0 | 1)), "{}", ran.stderr);
        assert!(
            !ran.stdout.contains("126") && ran.stdout.len() < 1000,
            "{}",
            ran.stdout
        );
    }
}

#[test]
fn links_to_themselves() {
    let folder = Folder::new();
    symlink("loop.txt", folder.path("loop.txt")).unwrap();
    fs::create_dir(folder.path("pages")).unwrap();
    symlink("../pages", folder.path("pages/again")).unwrap();
    symlink("nowhere", folder.path("pages/none.txt")).unwrap();
    folder.write("pages/a.txt", PAGE);
    folder
        .run(&["extract", "loop.txt"])
        .code(1)
        .says("loop.txt: it could not be read");
    folder.run(&["validate", "loop.txt"]).code(1);
    let ran = folder.run(&words("batch pages loop.txt --out out"));
    assert!(matches!(ran.code, Some(0 | 1)), "{}", ran.stderr);
    ran.says("1 page,");
    symlink("self", folder.path("self")).unwrap();
    folder
        .run(&words("batch pages/a.txt --out self"))
        .code(1)
        .quiet();
    // A result takes the place of such a link.
    folder
        .run(&["extract", "-o", "loop.txt", "pages/a.txt"])
        .code(0);
    folder.run(&["validate", "loop.txt"]).code(0);
}

#[test]
fn results_stay_in_their_folder() {
    let folder = Folder::new();
    for name in [
        "x/../../secret",
        "....//a",
        "C:\\a",
        "con",
        "a\nb",
        ".gongbao",
        "-rf",
        "~",
        "$(touch x)",
    ] {
        let name = format!("in/{}/{}.txt", "deep", name.replace('/', "∕"));
        folder.write(name, PAGE);
    }
    folder.write("above.txt", PAGE);
    fs::create_dir(folder.path("work")).unwrap();
    let mut zip = zip::ZipWriter::new(File::create(folder.path("work/p.zip")).unwrap());
    for name in [
        "../../out.txt",
        "/abs.txt",
        "a/../../b.txt",
        "c:\\d.txt",
        "e\nf.txt",
    ] {
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file(name, options).unwrap();
        zip.write_all(PAGE.as_bytes()).unwrap();
    }
    zip.finish().unwrap();
    let before = tree(folder.0.path());
    let arguments = "batch p.zip ../above.txt ../in --out results --format csv,json,ndjson,parquet";
    let arguments = words(arguments);
    let arguments: Vec<&OsStr> = arguments.iter().map(OsStr::new).collect();
    let mut command = folder.command(&arguments);
    let ran = Ran::of(command.current_dir(folder.path("work")).output().unwrap()).quiet();
    assert!(matches!(ran.code, Some(0 | 1)), "{}", ran.stderr);
    let results = folder.path("work/results");
    assert!(fs::read_dir(results.join("json")).unwrap().count() > 0);
    fs::remove_dir_all(results).unwrap();
    assert_eq!(tree(folder.0.path()), before);
}

/// All that is below a folder.
fn tree(root: &Path) -> Vec<PathBuf> {
    let mut found = vec![root.to_owned()];
    let mut at = 0;
    while let Some(path) = found.get(at).cloned() {
        if path.is_dir() {
            found.extend(
                fs::read_dir(path)
                    .unwrap()
                    .map(|entry| entry.unwrap().path()),
            );
        }
        at += 1;
    }
    found.sort();
    found
}

#[test]
fn formulas_are_text_on_request() {
    let folder = Folder::new();
    let mut arguments = vec!["batch"];
    let names =
        ["=cmd|' /C calc'!A0.txt", "+1.txt", "-2.txt", "@SUM(1).txt"].map(|n| format!("./{n}"));
    for name in &names {
        folder.write(
            name,
            "=1+1、水利\n=HYPERLINK(1)新修灌渠126公里，下降8.3%。\n+增产5吨。@全县植树-7亩。\n",
        );
    }
    arguments.extend(names.iter().map(String::as_str));
    arguments.extend(["--out", "out"]);
    folder.run(&arguments).code(0);
    assert!(cells(&folder).iter().any(|cell| cell.starts_with('=')));
    arguments.push("--csv-safe");
    folder.run(&arguments).code(0);
    let cells = cells(&folder);
    assert!(cells.iter().any(|cell| cell.starts_with("'=")), "{cells:?}");
    for cell in &cells {
        let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
        assert!(
            !formula || cell.parse::<gongbao::base::Decimal>().is_ok(),
            "{cell:?}"
        );
    }
}

/// All cells of all CSV files of a batch.
fn cells(folder: &Folder) -> Vec<String> {
    let mut cells = Vec::new();
    for entry in fs::read_dir(folder.path("out/csv")).unwrap() {
        let mut reader = csv::Reader::from_path(entry.unwrap().path()).unwrap();
        for row in reader.records() {
            cells.extend(row.unwrap().iter().map(str::to_owned));
        }
    }
    cells
}
