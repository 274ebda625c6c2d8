//! Tests of inputs, on folders and archives made for them.

use std::io::Write;

use proptest::prelude::*;
use tempfile::TempDir;
use zip::write::{SimpleFileOptions, ZipWriter};

use super::*;

const PAGE: &str = "全镇修渠12处，植树30亩。\n";

const LIMITS: Limits = Limits {
    max_bytes: 1 << 20,
    max_unpacked: 8 << 20,
    max_ratio: 100,
    max_members: 50,
};

/// A folder with these files, made in this order.
fn folder<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

fn pages<'a>(names: &[&'a str]) -> Vec<(&'a str, &'a [u8])> {
    names.iter().map(|name| (*name, PAGE.as_bytes())).collect()
}

/// Inputs in a folder.
struct Asked<'a> {
    root: &'a Path,
    paths: Vec<PathBuf>,
    globs: Vec<String>,
    limits: Limits,
    out: Option<PathBuf>,
    standard: Vec<u8>,
}

/// These, which stand in `root`.
fn asked<'a>(root: &'a TempDir, paths: &[&str]) -> Asked<'a> {
    let root = root.path();
    let path = |path: &&str| match path.strip_prefix('@') {
        Some(list) => PathBuf::from(format!("@{}", root.join(list).display())),
        None if *path == "-" => PathBuf::from("-"),
        None => root.join(path),
    };
    Asked {
        root,
        paths: paths.iter().map(path).collect(),
        globs: Vec::new(),
        limits: LIMITS,
        out: None,
        standard: Vec::new(),
    }
}

impl Asked<'_> {
    fn globs(mut self, globs: &[&str]) -> Self {
        self.globs = globs.iter().map(|&glob| glob.to_owned()).collect();
        self
    }

    fn limits(mut self, change: impl Fn(&mut Limits)) -> Self {
        change(&mut self.limits);
        self
    }

    fn inputs(&self) -> Inputs {
        let out = self.out.as_deref();
        let (paths, reading) = (self.paths.clone(), Options::default());
        let inputs = Inputs::new(paths, &self.globs, self.limits, reading, out);
        inputs.unwrap().with_standard_input(self.standard.clone())
    }

    fn found(&self) -> Vec<Found> {
        let mut all = Vec::new();
        self.inputs().each(&mut |found| {
            all.push(found);
            Flow::Continue(())
        });
        all
    }

    /// Names of pages, and of failures with their kind and message; without the root.
    fn told(&self) -> Vec<String> {
        let root = format!("{}/", name_of(self.root));
        let told = self.found().into_iter().map(|found| match found {
            Found::Page(page) => page.name,
            Found::Failed(failure) => {
                format!("{} {:?}: {}", failure.path, failure.kind, failure.message)
            }
        });
        told.map(|text| text.replace(&root, "")).collect()
    }
}

/// Asserts that `told` begin so.
#[track_caller]
fn like(told: &[String], want: &[&str]) {
    let same = told.len() == want.len() && told.iter().zip(want).all(|(t, w)| t.starts_with(w));
    assert!(same, "told {told:#?}\nwanted {want:#?}");
}

fn zip_of(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn tar_of(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        add(&mut tar, name, bytes);
    }
    tar.into_inner().unwrap()
}

/// Adds a member whose name the library would refuse to write.
fn add(tar: &mut tar::Builder<Vec<u8>>, name: &str, bytes: &[u8]) {
    let mut header = tar::Header::new_gnu();
    header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
    header.set_size(bytes.len() as u64);
    header.set_mode(0o644);
    header.set_cksum();
    tar.append(&header, bytes).unwrap();
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zst(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 3).unwrap()
}

fn mets(hrefs: &[&str]) -> Vec<u8> {
    let files: String = hrefs
        .iter()
        .enumerate()
        .map(|(i, href)| format!("<file ID=\"f{i}\"><FLocat xlink:href=\"{href}\"/></file>"))
        .collect();
    format!(
        "<mets xmlns:xlink=\"http://www.w3.org/1999/xlink\"><fileSec><fileGrp USE=\"ALTO\">{files}\
         </fileGrp></fileSec></mets>"
    )
    .into_bytes()
}

#[test]
fn names_have_slashes_and_no_dots() {
    for (path, name) in [
        ("./a//b/./c.txt", "a/b/c.txt"),
        ("/a/b.txt", "/a/b.txt"),
        ("../b.txt", "../b.txt"),
        (".", "."),
    ] {
        assert_eq!(name_of(Path::new(path)), name);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn the_order_is_that_of_names(
        names in Just(vec!["B.txt", "a.txt", "a/1.txt", "a/10.txt", "a/2.txt", "a-b/1.txt", "第2版.txt", "第10版.txt"])
            .prop_shuffle()
    ) {
        let folder = folder(pages(&names));
        let told = asked(&folder, &["."]).told();
        let want = ["B.txt", "a/1.txt", "a/10.txt", "a/2.txt", "a-b/1.txt", "a.txt", "第10版.txt", "第2版.txt"];
        prop_assert_eq!(told, want);
    }
}

#[test]
fn hidden_and_ignored_files_and_the_results_are_left_out() {
    let mut files = pages(&[
        "a.txt",
        ".b.txt",
        ".git/c.txt",
        "old/d.txt",
        "e.log",
        "sub/f.log",
        "out/csv/g.txt",
        "x/out/h.txt",
    ]);
    files.push((".gitignore", b"*.log\n"));
    files.push((".ignore", b"/old\n"));
    let folder = folder(files);
    let mut asked = asked(&folder, &["."]);
    asked.out = Some(folder.path().join("x/../out"));
    assert_eq!(asked.told(), ["a.txt", "x/out/h.txt"]);
    asked.paths = vec![folder.path().join("out"), folder.path().join("e.log")];
    let told = asked.told();
    like(
        &told,
        &["out NotAFile: it is the folder that results", "e.log"],
    );
}

#[test]
fn rules_above_the_folder_do_not_count() {
    let mut files = pages(&["pages/a.txt"]);
    files.push((".gitignore", b"*\n"));
    let folder = folder(files);
    assert_eq!(asked(&folder, &["pages"]).told(), ["pages/a.txt"]);
}

#[test]
fn a_file_is_read_once_and_first() {
    let folder = folder(pages(&["a.txt", "b/c.txt", "b/d.txt"]));
    let told = asked(&folder, &["b/d.txt", ".", "b", "b/../a.txt"]).told();
    assert_eq!(told, ["b/d.txt", "a.txt", "b/c.txt"]);
}

#[test]
fn globs_narrow() {
    let zip = zip_of(&pages(&["n/a.txt", "n/a.log", "old/a.txt"]));
    let squeezed = gz(PAGE.as_bytes());
    let mut files = pages(&["2021/a.txt", "2021/a.log", "2022/a.txt"]);
    files.push(("2022/z.zip", &zip));
    files.push(("2022/b.txt.gz", &squeezed));
    let folder = folder(files);
    let told = |globs: &[&str]| asked(&folder, &["."]).globs(globs).told();
    let squeezed = "2022/b.txt.gz!/b.txt";
    assert_eq!(
        told(&["*.txt"]),
        [
            "2021/a.txt",
            "2022/a.txt",
            squeezed,
            "2022/z.zip!/n/a.txt",
            "2022/z.zip!/old/a.txt"
        ]
    );
    assert_eq!(
        told(&["*.txt", "!old/", "!2021"]),
        ["2022/a.txt", squeezed, "2022/z.zip!/n/a.txt"]
    );
    assert_eq!(
        told(&["*.zip", "!old"]),
        ["2022/z.zip!/n/a.txt", "2022/z.zip!/n/a.log"]
    );
    assert_eq!(
        told(&["!*.zip", "!*.gz", "!2021/*.txt"]),
        ["2021/a.log", "2022/a.txt"]
    );
    assert_eq!(
        told(&["2021/*.txt", "*.log"]),
        ["2021/a.log", "2021/a.txt", "2022/z.zip!/n/a.log"]
    );
    assert_eq!(told(&["2022/*.txt", "!z.zip"]), ["2022/a.txt", squeezed]);
    let named = asked(&folder, &["2022/z.zip"]).globs(&["*.pdf"]).told();
    like(
        &named,
        &["2022/z.zip NotFound: --glob leaves nothing of it: 3 in"],
    );
    // What is named is read.
    let named = asked(&folder, &["2021/a.log", "2022/b.txt.gz"]).globs(&["*.pdf"]);
    like(
        &named.told(),
        &[
            "2021/a.log",
            squeezed,
            "*.pdf NotFound: --glob with this pattern",
        ],
    );
}

#[test]
fn globs_that_leave_nothing_are_told() {
    let folder = folder(pages(&["a.txt"]));
    let told = asked(&folder, &["."]).globs(&["*.xml"]).told();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].contains("--glob leaves nothing of it: 1 in it"),
        "{told:?}"
    );
    let told = asked(&folder, &["."]).globs(&["*.txt", "*.xml"]).told();
    like(&told, &["a.txt", "*.xml NotFound"]);
    for glob in ["[a", "", "!"] {
        let inputs = Inputs::new(vec![], &[glob.to_owned()], LIMITS, Options::default(), None);
        let error = inputs.unwrap_err().to_string();
        assert!(
            error.starts_with(&format!("--glob {glob:?} is no pattern")),
            "{error}"
        );
    }
}

#[test]
fn an_input_without_a_page_is_told() {
    let volume = mets(&["a.xml"]);
    let folder = folder([("empty/.hidden", &b"x"[..]), ("volume/mets.xml", &volume)]);
    let told = asked(&folder, &["empty", "volume", "none.txt", "*.txt"]).told();
    like(
        &told,
        &[
            "empty NotFound: there is no page in it: it is empty, or",
            "volume NotFound: there is no page in it but a METS file",
            "none.txt NotFound: there is no such file",
            "*.txt NotFound: there is no such file; check the name; to read what a pattern matches",
        ],
    );
}

#[cfg(unix)]
#[test]
fn links_are_followed_and_loops_end() {
    use std::os::unix::fs::symlink;
    let folder = folder(pages(&["a/1.txt", "b/2.txt"]));
    let at = |name: &str| folder.path().join(name);
    symlink(at("a"), at("a/loop")).unwrap();
    symlink(at("b"), at("a/to-b")).unwrap();
    symlink(at("nowhere"), at("b/3.txt")).unwrap();
    symlink(at("a/1.txt"), at("b/4.txt")).unwrap();
    let told = asked(&folder, &["."]).told();
    like(
        &told,
        &[
            "a/1.txt",
            "a/loop NotAFile: it is a link back to a, where",
            "a/to-b/2.txt",
            "a/to-b/3.txt NotFound: it is a link that leads nowhere",
            "b/3.txt NotFound",
        ],
    );
    // By its link first: read there.
    let told = asked(&folder, &["b/4.txt", "a/1.txt"]).told();
    assert_eq!(told, ["b/4.txt"]);
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_not_waited_for() {
    let folder = folder(pages(&["a.txt"]));
    let _socket = std::os::unix::net::UnixListener::bind(folder.path().join("s.txt")).unwrap();
    let told = asked(&folder, &[".", "s.txt"]).told();
    let socket = "s.txt NotAFile: it is no file but a pipe";
    like(&told, &["a.txt", socket, socket]);
    let (kind, _) = read(Path::new("/dev/zero"), 10).unwrap_err();
    assert_eq!(kind, Kind::NotAFile);
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_look_alike_are_told() {
    use std::os::unix::ffi::OsStrExt;
    let folder = folder([]);
    for name in [&b"\xB5\xDA.txt"[..], b"\xB5\xDB.txt"] {
        let name = std::ffi::OsStr::from_bytes(name);
        fs::write(folder.path().join(name), PAGE).unwrap();
    }
    let told = asked(&folder, &["."]).told();
    like(
        &told,
        &[
            "\u{FFFD}\u{FFFD}.txt",
            "\u{FFFD}\u{FFFD}.txt SameName: another page",
        ],
    );
}

#[test]
fn reading_ends_at_the_limit() {
    let folder = folder([("a.txt", &b"0123456789"[..])]);
    let path = folder.path().join("a.txt");
    assert_eq!(read(&path, 10).unwrap(), b"0123456789");
    let (kind, message) = read(&path, 9).unwrap_err();
    assert_eq!(kind, Kind::TooLarge);
    assert!(
        message.starts_with("it has 10 bytes, more than the 9 bytes"),
        "{message}"
    );
    assert_eq!(read(folder.path(), 10).unwrap_err().0, Kind::NotAFile);
    assert_eq!(
        read(&folder.path().join("b"), 10).unwrap_err().0,
        Kind::NotFound
    );
    // A file that grows, or says that it has nothing.
    assert_eq!(
        bounded(io::repeat(1), 0, 1000).unwrap_err().0,
        Kind::TooLarge
    );
    // A size that is a lie takes no memory.
    assert_eq!(bounded(&b"abc"[..], u64::MAX, u64::MAX).unwrap(), b"abc");
}

#[test]
fn lists_name_files_folders_and_archives() {
    let zip = zip_of(&pages(&["1.txt"]));
    let mut files = pages(&["a.txt", "sub/b.txt", "sub/c.txt"]);
    files.push(("z.zip", &zip));
    let folder = folder(files);
    let at = |name: &str| folder.path().join(name).display().to_string();
    let list = format!(
        "# pages\r\n{}\r\n\r\n{}\n{}\n{}\n@more.txt\n",
        at("z.zip"),
        at("gone.txt"),
        at("sub"),
        at("a.txt")
    );
    let want = |list: &str| {
        [
            "z.zip!/1.txt".to_owned(),
            format!(
                "gone.txt NotFound: there is no such file; check the name (named in {list}, line 4)"
            ),
            "sub/b.txt".to_owned(),
            "sub/c.txt".to_owned(),
            "a.txt".to_owned(),
            format!("{list} List: line 7: \"@more.txt\" asks for another list"),
        ]
    };
    let check = |told: &[String], list: &str| {
        let want = want(list);
        like(told, &want.each_ref().map(String::as_str));
    };
    fs::write(folder.path().join("list.txt"), &list).unwrap();
    check(&asked(&folder, &["@list.txt"]).told(), "list.txt");
    let mut standard = asked(&folder, &["-"]);
    assert!(standard.inputs().wants_standard_input());
    standard.standard = list.into_bytes();
    check(&standard.told(), "standard input");
    let told = asked(&folder, &["@none.txt", "@sub", "-"]).told();
    like(
        &told,
        &[
            "none.txt List: the list cannot be read: there is no such file",
            "sub List: the list cannot be read: it is a folder",
            "standard input List: it is a list that names no file",
        ],
    );
}

#[test]
fn a_volume_stands_for_its_pages_where_it_is_named() {
    let volume = mets(&["alto/2.xml", "alto/1.xml", "alto/3.xml", "../a.txt"]);
    let none = mets(&[]);
    let mut files = pages(&["a.txt", "v/alto/1.xml", "v/alto/2.xml"]);
    files.push(("v/mets.xml", &volume));
    files.push(("none.xml", &none));
    let tar = tar_of(&files);
    let mut all = files.clone();
    all.push(("t.tar", &tar));
    let folder = folder(all);
    let told = asked(&folder, &["v/mets.xml", "none.xml", "v"]).told();
    like(
        &told,
        &[
            "v/alto/2.xml",
            "v/alto/1.xml",
            "v/alto/3.xml NotFound: there is no such file; check the name (named in v/mets.xml)",
            "v/mets.xml List: its page \"../a.txt\" lies outside",
            "none.xml List: it is METS and names no file",
        ],
    );
    let told = asked(&folder, &["v", "t.tar"]).told();
    let inside = ["a.txt", "v/alto/1.xml", "v/alto/2.xml"].map(|name| format!("t.tar!/{name}"));
    assert_eq!(told[..2], ["v/alto/1.xml", "v/alto/2.xml"]);
    assert_eq!(told[2..], inside);
}

/// Every kind of archive of the same members.
fn every_kind(members: &[(&str, &[u8])]) -> Vec<(&'static str, Vec<u8>)> {
    let tar = tar_of(members);
    vec![
        ("a.zip", zip_of(members)),
        ("a.tar", tar.clone()),
        ("a.tar.gz", gz(&tar)),
        ("a.TGZ", gz(&tar)),
        ("a.tar.zst", zst(&tar)),
    ]
}

#[test]
fn archives_are_read_in_their_own_order() {
    let members = pages(&["b/2.txt", "a/1.txt", "第3版.txt"]);
    for (name, bytes) in every_kind(&members) {
        let folder = folder([(name, bytes.as_slice())]);
        let asked = asked(&folder, &["."]);
        let found = asked.found();
        let mut weight = 0;
        for (found, (member, bytes)) in found.iter().zip(&members) {
            let Found::Page(page) = found else {
                panic!("{found:?}")
            };
            assert!(
                page.name.ends_with(&format!("/{name}!/{member}")),
                "{page:?}"
            );
            assert_eq!(page.place, Place::Member(bytes.to_vec()));
            weight += page.weight;
        }
        assert_eq!(found.len(), members.len(), "{name}");
        let size = asked.inputs().size();
        assert_eq!(size, bytes.len() as u64);
        assert!(0 < weight && weight <= size, "{name}: {weight} of {size}");
    }
}

#[test]
fn one_page_in_a_wrapper() {
    let (gz, zst) = (gz(PAGE.as_bytes()), zst(PAGE.as_bytes()));
    let folder = folder([("a.txt.gz", gz.as_slice()), ("b.txt.zst", &zst)]);
    let asked = asked(&folder, &["."]);
    assert_eq!(asked.told(), ["a.txt.gz!/a.txt", "b.txt.zst!/b.txt"]);
    for found in asked.found() {
        let Found::Page(page) = found else {
            panic!("{found:?}")
        };
        assert_eq!(page.place, Place::Member(PAGE.as_bytes().to_vec()));
    }
    let size = gz.len() + zst.len();
    assert_eq!(asked.inputs().size(), size as u64);
}

#[test]
fn names_in_archives_do_no_harm() {
    let names = [
        "../../etc/a.txt",
        "/etc/b.txt",
        "c\\..\\d.txt",
        "e\nf.txt",
        "a/../../g.txt",
    ];
    let mut tar = tar::Builder::new(Vec::new());
    for name in names {
        add(&mut tar, name, PAGE.as_bytes());
    }
    let zip = zip_of(&pages(&names));
    let files = [("t.tar", tar.into_inner().unwrap()), ("z.zip", zip)];
    for (archive, bytes) in files {
        let folder = folder([(archive, bytes.as_slice())]);
        let want = names.map(|name| format!("{archive}!/{}", name.replace('\\', "/")));
        assert_eq!(asked(&folder, &[archive]).told(), want);
        // Globs see nothing but names.
        let globbed = asked(&folder, &[archive])
            .globs(&["etc/*", "/a/g.txt"])
            .told();
        assert_eq!(globbed, [0, 1, 4].map(|i| want[i].clone()), "{archive}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}

#[test]
fn what_is_no_page_in_an_archive_is_left_out() {
    let mut tar = tar::Builder::new(Vec::new());
    for (kind, name) in [
        (tar::EntryType::Symlink, "link.txt"),
        (tar::EntryType::Link, "hard.txt"),
        (tar::EntryType::Char, "device.txt"),
        (tar::EntryType::Fifo, "pipe.txt"),
        (tar::EntryType::Directory, "folder/"),
    ] {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(kind);
        header.set_size(0);
        if matches!(kind, tar::EntryType::Symlink | tar::EntryType::Link) {
            tar.append_link(&mut header, name, "/etc/passwd").unwrap();
        } else {
            tar.append_data(&mut header, name, io::empty()).unwrap();
        }
    }
    let junk = ["__MACOSX/._a.txt", ".DS_Store", "b/.hidden/c.txt", "a.txt"];
    for name in junk {
        add(&mut tar, name, PAGE.as_bytes());
    }
    let mut zip = ZipWriter::new(io::Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    zip.add_directory("folder/", options).unwrap();
    zip.add_symlink("link.txt", "/etc/passwd", options).unwrap();
    for name in junk {
        zip.start_file(name, options).unwrap();
        zip.write_all(PAGE.as_bytes()).unwrap();
    }
    let (tar, zip) = (
        tar.into_inner().unwrap(),
        zip.finish().unwrap().into_inner(),
    );
    let nothing = zip_of(&[(".a.txt", b"x")]);
    let folder = folder([
        ("t.tar", tar.as_slice()),
        ("u.zip", &nothing),
        ("z.zip", &zip),
    ]);
    like(
        &asked(&folder, &["."]).told(),
        &[
            "t.tar!/a.txt",
            "u.zip NotFound: there is no page in it",
            "z.zip!/a.txt",
        ],
    );
}

#[test]
fn an_archive_in_an_archive_is_told() {
    let inner = zip_of(&pages(&["a.txt"]));
    let members: [(&str, &[u8]); 3] = [("b/in.zip", &inner), ("c.txt.gz", b"?"), ("d.txt", b"x")];
    for (name, bytes) in every_kind(&members) {
        let folder = folder([(name, bytes.as_slice())]);
        let want = |rest: &str| format!("{name}!/{rest}");
        let told = asked(&folder, &[name]).told();
        let nested = "Archive: it is an archive in an archive, which is not read; unpack the outer";
        let want = [
            want(&format!("b/in.zip {nested}")),
            want(&format!("c.txt.gz {nested}")),
            want("d.txt"),
        ];
        like(&told, &want.each_ref().map(String::as_str));
    }
    let twice = gz(&inner);
    let folder = folder([("in.zip.gz", twice.as_slice())]);
    like(
        &asked(&folder, &["."]).told(),
        &["in.zip.gz!/in.zip Archive: it is an archive in an archive"],
    );
}

#[test]
fn names_of_chinese_windows() {
    let mut zip = zip_of(&pages(&["ABCD/EF.txt", "GH.txt"]));
    let mut tar = tar_of(&[]);
    for (from, to) in [("ABCD", "公报"), ("EF", "页"), ("GH", "第")] {
        let (gbk, _, _) = encoding_rs::GBK.encode(to);
        let at = |bytes: &[u8]| bytes.windows(from.len()).position(|w| w == from.as_bytes());
        while let Some(at) = at(&zip) {
            zip[at..at + gbk.len()].copy_from_slice(&gbk);
        }
    }
    let (gbk, _, _) = encoding_rs::GBK.encode("报.txt");
    let mut header = tar::Header::new_gnu();
    header.as_old_mut().name[..gbk.len()].copy_from_slice(&gbk);
    header.set_size(0);
    header.set_cksum();
    tar.splice(0..0, header.as_bytes().iter().copied());
    let folder = folder([("t.tar", tar.as_slice()), ("z.zip", &zip)]);
    assert_eq!(
        asked(&folder, &["."]).told(),
        ["t.tar!/报.txt", "z.zip!/公报/页.txt", "z.zip!/第.txt"]
    );
}

#[test]
fn a_name_twice_in_an_archive_is_told() {
    let tar = tar_of(&pages(&["a.txt", "b.txt", "a.txt"]));
    let mut zip = zip_of(&pages(&["a.txt", "b.txt"]));
    let at = |bytes: &[u8]| bytes.windows(5).position(|w| w == b"b.txt");
    while let Some(at) = at(&zip) {
        zip[at] = b'a';
    }
    let folder = folder([("t.tar", tar.as_slice()), ("z.zip", &zip)]);
    let told = asked(&folder, &["."]).told();
    like(
        &told,
        &[
            "t.tar!/a.txt",
            "t.tar!/b.txt",
            "t.tar!/a.txt SameName",
            "z.zip!/a.txt",
            "z.zip!/a.txt SameName",
        ],
    );
}

#[test]
fn an_encrypted_member_is_told_and_the_rest_read() {
    let mut zip = zip_of(&pages(&["a.txt", "b.txt"]));
    // The flag of the first member, in its own header and in the directory.
    zip[6] |= 1;
    let directory = zip.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
    zip[directory + 8] |= 1;
    let folder = folder([("z.zip", zip.as_slice())]);
    let told = asked(&folder, &["z.zip"]).told();
    like(
        &told,
        &[
            "z.zip!/a.txt Archive: it is encrypted; unpack",
            "z.zip!/b.txt",
        ],
    );
}

#[test]
fn a_member_that_is_too_large_is_told_and_the_rest_read() {
    let large = vec![b'x'; 2000];
    let members: [(&str, &[u8]); 3] = [("a.txt", b"x"), ("b.txt", &large), ("c.txt", b"y")];
    for (name, bytes) in every_kind(&members) {
        let folder = folder([(name, bytes.as_slice())]);
        let told = asked(&folder, &[name])
            .limits(|l| l.max_bytes = 1999)
            .told();
        let want = [
            format!("{name}!/a.txt"),
            format!("{name}!/b.txt TooLarge: it has 2000 bytes, more than the 1999"),
            format!("{name}!/c.txt"),
        ];
        like(&told, &want.each_ref().map(String::as_str));
    }
    let single = gz(&large);
    let folder = folder([("a.txt.gz", single.as_slice())]);
    let told = asked(&folder, &["."]).limits(|l| l.max_bytes = 1999).told();
    like(
        &told,
        &["a.txt.gz!/a.txt TooLarge: it has more than the 1999"],
    );
}

#[test]
fn a_member_that_lies_about_its_size_is_not_believed() {
    let large = vec![b'x'; 300_000];
    let mut zip = zip_of(&[("a.txt", &large), ("b.txt", b"y")]);
    let directory = zip.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
    for at in [22, directory + 24] {
        zip[at..at + 4].copy_from_slice(&10u32.to_le_bytes());
    }
    let folder = folder([("z.zip", zip.as_slice())]);
    let told = asked(&folder, &["z.zip"])
        .limits(|l| l.max_bytes = 1000)
        .told();
    like(&told, &["z.zip!/a.txt ", "z.zip!/b.txt"]);
    assert!(
        told[0].contains("Archive: it is damaged") || told[0].contains("TooLarge"),
        "{told:?}"
    );
}

#[test]
fn bombs_are_given_up_and_other_inputs_read() {
    let zeros = vec![b'0'; 1_000_000];
    let members: Vec<(String, &[u8])> = (10..30)
        .map(|i| (format!("{i}.txt"), zeros.as_slice()))
        .collect();
    let members: Vec<(&str, &[u8])> = members.iter().map(|(n, b)| (n.as_str(), *b)).collect();
    for (name, bytes) in every_kind(&members) {
        if name == "a.tar" {
            continue; // not packed: as large as it is
        }
        let folder = folder([(name, bytes.as_slice()), ("b.txt", b"x")]);
        let told = asked(&folder, &["."]).told();
        assert!(told.len() < 10, "{told:?}");
        assert_eq!(told.last().unwrap(), "b.txt");
        let end = &told[told.len() - 2];
        assert!(
            end.starts_with(&format!("{name} Archive: it unpacks to ")),
            "{end}"
        );
        let told = asked(&folder, &["."])
            .limits(|l| l.max_ratio = u64::MAX)
            .told();
        assert_eq!(told.len(), 8 + 2, "{told:?}");
        let end = &told[8];
        assert!(end.contains("more than the 8388608 bytes"), "{end}");
        assert!(end.ends_with("(pages read before: 8)"), "{end}");
    }
}

#[test]
fn one_page_that_is_a_bomb_is_given_up() {
    let bomb = gz(&vec![b'0'; 4 << 20]);
    let folder = folder([("a.txt.gz", bomb.as_slice())]);
    let told = asked(&folder, &["."])
        .limits(|l| l.max_bytes = 8 << 20)
        .told();
    like(
        &told,
        &["a.txt.gz Archive: it unpacks to 100 times its size"],
    );
}

#[test]
fn many_members_are_given_up() {
    let names: Vec<String> = (100..151).map(|i| format!("{i}.txt")).collect();
    let members: Vec<(&str, &[u8])> = names.iter().map(|n| (n.as_str(), &b"x"[..])).collect();
    for (name, bytes) in every_kind(&members) {
        let folder = folder([(name, bytes.as_slice())]);
        let told = asked(&folder, &[name]).told();
        assert_eq!(told.len(), 51, "{name}");
        assert!(told[50].contains("more than 50 members"), "{told:?}");
        assert_eq!(
            asked(&folder, &[name])
                .limits(|l| l.max_members = 51)
                .told()
                .len(),
            51
        );
    }
}

#[test]
fn a_header_without_end_is_given_up() {
    let mut tar = tar::Builder::new(Vec::new());
    add(&mut tar, "a.txt", PAGE.as_bytes());
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(tar::EntryType::GNULongName);
    let name = vec![b'n'; 3 << 20];
    header.set_size(name.len() as u64);
    header.set_cksum();
    tar.append(&header, name.as_slice()).unwrap();
    add(&mut tar, "b.txt", PAGE.as_bytes());
    let folder = folder([("t.tar", tar.into_inner().unwrap().as_slice())]);
    let told = asked(&folder, &["t.tar"]).told();
    like(
        &told,
        &[
            "t.tar!/a.txt",
            "t.tar Archive: it has a name or header of more than",
        ],
    );
}

#[test]
fn a_folder_of_archives_that_are_none() {
    let folder = folder(pages(&["a.zip", "b.tar", "c.tar.gz", "d.txt.zst", "e.gz"]));
    let told = asked(&folder, &["."]).told();
    like(
        &told,
        &[
            "a.zip Archive: it does not begin as zip does",
            "b.tar Archive: it is damaged or was cut short",
            "c.tar.gz Archive: it does not begin as gzip does",
            "d.txt.zst Archive: it does not begin as zstd does",
            "e.gz Archive: it does not begin as gzip does",
        ],
    );
}

#[test]
fn what_is_cut_short_gives_what_is_whole_and_one_failure() {
    let members = pages(&["a.txt", "b.txt", "c.txt"]);
    let single = [
        ("s.txt.gz", gz(PAGE.as_bytes())),
        ("s.txt.zst", zst(PAGE.as_bytes())),
    ];
    for (name, bytes) in every_kind(&members).into_iter().chain(single) {
        let file = folder([(name, bytes.as_slice())]);
        let whole = asked(&file, &[name]).told();
        for length in (0..bytes.len()).step_by(7) {
            fs::write(file.path().join(name), &bytes[..length]).unwrap();
            let told = asked(&file, &[name]).told();
            let failed = told.iter().filter(|t| t.contains(" Archive: ")).count();
            let read = told.len() - failed;
            assert_eq!(told[..read], whole[..read], "{name} cut at {length}");
            // Behind the first block of zeros nothing is missing.
            let missing = !name.eq("a.tar") || length < bytes.len() - 512;
            assert_eq!(failed, usize::from(missing), "{name} {length}: {told:?}");
        }
    }
}

#[test]
fn damage_never_passes_silently() {
    let members = pages(&["a.txt", "b.txt", "c.txt"]);
    for (name, bytes) in every_kind(&members) {
        let file = folder([(name, bytes.as_slice())]);
        let whole = asked(&file, &[name]).found();
        for at in (0..bytes.len()).step_by(5) {
            let mut bytes = bytes.clone();
            bytes[at] ^= 0x55;
            fs::write(file.path().join(name), &bytes).unwrap();
            let found = asked(&file, &[name]).found();
            let failed = found.iter().any(|f| matches!(f, Found::Failed(_)));
            let same = found.len() == whole.len()
                && found.iter().zip(&whole).all(|pair| match pair {
                    (Found::Page(a), Found::Page(b)) => a.name == b.name && a.place == b.place,
                    _ => false,
                });
            // Only gzip has a sum of all: names in zip and all of tar and of zstd without one do not.
            let is_summed = name.ends_with(".gz") || name.ends_with("TGZ");
            assert!(
                !found.is_empty() && (failed || same || !is_summed),
                "{name} {at}"
            );
        }
    }
    let mut zip = zip_of(&members);
    zip[40] ^= 0x55; // in the bytes of the first
    let folder = folder([("z.zip", zip.as_slice())]);
    let told = asked(&folder, &["z.zip"]).told();
    like(
        &told,
        &[
            "z.zip!/a.txt Archive: it is damaged",
            "z.zip!/b.txt",
            "z.zip!/c.txt",
        ],
    );
}

#[test]
fn it_ends_when_asked() {
    let zip = zip_of(&pages(&["1.txt", "2.txt"]));
    let mut files = pages(&["a.txt", "c.txt"]);
    files.push(("b.zip", &zip));
    let folder = folder(files);
    for count in 1..=4 {
        let mut left = count;
        let mut given = 0;
        let asked = asked(&folder, &["."]).globs(&["*.txt", "*.none"]);
        asked.inputs().each(&mut |_| {
            given += 1;
            left -= 1;
            if left == 0 {
                Flow::Break(())
            } else {
                Flow::Continue(())
            }
        });
        assert_eq!(given, count);
    }
}
