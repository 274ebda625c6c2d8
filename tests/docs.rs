//! The commands in docs/ do what it says there: each ```console block is run, in a copy of what a reader has.
//! `TRYCMD=overwrite` writes down what they print.

use std::fs;
use std::path::{Path, PathBuf};

/// Chapters with blocks to run; in languages of their own, too.
const FOLDERS: [&str; 2] = ["docs", "docs/zh"];

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// `chapter` in `folder`, beside it what its commands find (`.in`) and, so that they run in a copy of that,
/// what they must leave behind (`.out`: nothing that would be compared).
fn lay_out(chapter: &Path, folder: &Path) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let laid = folder.join(chapter.file_name().unwrap());
    fs::copy(chapter, &laid).unwrap();
    let inside = laid.with_extension("in");
    for name in ["samples", "docs/panel", "docs/review"] {
        copy(&root.join(name), &inside.join(name));
    }
    fs::create_dir_all(laid.with_extension("out")).unwrap();
    laid
}

#[test]
fn chapters_show_what_is_printed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut run = 0;
    for folder in FOLDERS {
        let temporary = tempfile::tempdir().unwrap();
        let mut laid = Vec::new();
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let is_chapter = path.extension().is_some_and(|e| e == "md");
            if is_chapter && fs::read_to_string(&path).unwrap().contains("```console") {
                laid.push((lay_out(&path, temporary.path()), path));
            }
        }
        trycmd::TestCases::new()
            .env("NO_COLOR", "1")
            .env("COLUMNS", "80")
            .case(format!("{}/*.md", temporary.path().display()));
        if std::env::var_os("TRYCMD").is_some_and(|how| how == "overwrite") {
            for (laid, path) in &laid {
                fs::copy(laid, path).unwrap();
            }
        }
        run += laid.len();
    }
    assert!(run >= 4, "only {run} chapters have commands");
}
