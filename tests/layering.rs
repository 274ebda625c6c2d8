//! The rules of the house that the compiler does not see.

use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

/// The order of the data; a module imports from those before it only. `base`, `record` and
/// `lexicon` are for all.
const ORDER: [&str; 29] = [
    "base",
    "record",
    "lexicon",
    "decode",
    "transcribe",
    "normalize",
    "sections",
    "quantities",
    "document",
    "indicators",
    "corrections",
    "reconcile",
    "doubts",
    "readings",
    "assemble",
    "stages",
    "stitch",
    "validate",
    "explain",
    "pipeline",
    "lexicon_check",
    "concept_check",
    "write",
    "eval",
    "snapshot",
    "panel",
    "report",
    "batch",
    "cli",
];

struct SourceFile {
    /// Relative to `src`, `/` separators.
    name: String,
    text: String,
    /// The text with comments and test modules blanked out, line by line the same.
    code: String,
}

impl SourceFile {
    /// The module below the root that it belongs to.
    fn module(&self) -> &str {
        let first = self.name.split('/').next().unwrap_or_default();
        first.trim_end_matches(".rs")
    }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
}

fn sources() -> Vec<SourceFile> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    collect(&root, &mut paths);
    paths.sort();
    let test_file = Regex::new(r"#\[cfg\(test\)\]\s+(?:pub(?:\([a-z]+\))? )?mod (\w+);").unwrap();
    let mut test_files = Vec::new();
    let mut files = Vec::new();
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        let name = path.strip_prefix(&root).unwrap();
        for found in test_file.captures_iter(&text) {
            // x/mod.rs and x.rs both have their children in x/
            let folder = match name.file_name().unwrap().to_str().unwrap() {
                "mod.rs" | "lib.rs" => name.parent().unwrap().to_owned(),
                _ => name.with_extension(""),
            };
            test_files.push(folder.join(&found[1]));
        }
        files.push(SourceFile {
            name: name.to_str().unwrap().replace('\\', "/"),
            code: code_of(&text),
            text,
        });
    }
    assert!(files.len() > 20, "src/ was not found");
    files.retain(|f| {
        !test_files.iter().any(|t| {
            Path::new(&f.name).starts_with(t.with_extension("rs"))
                || Path::new(&f.name).starts_with(t)
        })
    });
    files
}

/// `text` with comments and `#[cfg(test)]` modules blanked out.
fn code_of(text: &str) -> String {
    let (no_comments, no_strings) = blank(text);
    let mut code: Vec<char> = no_comments.chars().collect();
    let bare: Vec<char> = no_strings.chars().collect();
    assert_eq!(code.len(), bare.len());
    let marker: Vec<char> = "#[cfg(test)]".chars().collect();
    let mut i = 0;
    while i + marker.len() <= bare.len() {
        if bare[i..i + marker.len()] != marker[..] {
            i += 1;
            continue;
        }
        // up to the closing brace of the item, or its semicolon
        let (mut end, mut depth) = (i, 0);
        while end < bare.len() {
            match bare[end] {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            end += 1;
            if depth == 0 && matches!(bare[end - 1], '}' | ';') {
                break;
            }
        }
        for c in &mut code[i..end] {
            if *c != '\n' {
                *c = ' ';
            }
        }
        i = end;
    }
    code.into_iter().collect()
}

/// `text` without comments, and without comments, strings and characters; blanks for all of them.
fn blank(text: &str) -> (String, String) {
    let token = Regex::new(concat!(
        r"(?s)(?P<comment>//[^\n]*|/\*.*?\*/)",
        r##"|(?P<string>r#+".*?"#+|r"[^"]*"|"(?:\\.|[^"\\])*"|'(?:\\u\{[0-9A-Fa-f]+\}|\\.|[^'\\\n])')"##,
    ))
    .unwrap();
    let blanked =
        |s: &str| -> String { s.chars().map(|c| if c == '\n' { c } else { ' ' }).collect() };
    let (mut no_comments, mut no_strings) = (String::new(), String::new());
    let mut last = 0;
    for found in token.captures_iter(text) {
        let whole = found.get(0).unwrap();
        let before = &text[last..whole.start()];
        no_comments.push_str(before);
        no_strings.push_str(before);
        no_strings.push_str(&blanked(whole.as_str()));
        if found.name("comment").is_some() {
            no_comments.push_str(&blanked(whole.as_str()));
        } else {
            no_comments.push_str(whole.as_str());
        }
        last = whole.end();
    }
    no_comments.push_str(&text[last..]);
    no_strings.push_str(&text[last..]);
    (no_comments, no_strings)
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{2FDF}' | '\u{3005}'..='\u{3007}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// The modules of this crate that `code` names, with their lines.
fn imports(code: &str) -> Vec<(usize, String)> {
    let path = Regex::new(r"\bcrate::(?:(\w+)|\{)").unwrap();
    let mut found = Vec::new();
    for hit in path.captures_iter(code) {
        let whole = hit.get(0).unwrap();
        let line = code[..whole.start()].matches('\n').count() + 1;
        if let Some(module) = hit.get(1) {
            found.push((line, module.as_str().to_owned()));
            continue;
        }
        // the outermost names of `crate::{a, b::{c, d}}`
        let (mut depth, mut name) = (0, String::new());
        for c in code[whole.end()..].chars() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    found.push((line, std::mem::take(&mut name)));
                }
                _ if depth == 0 => name.push(c),
                _ => {}
            }
        }
        found.push((line, name));
    }
    for (_, name) in &mut found {
        let first = name.trim().split("::").next().unwrap_or_default();
        *name = first.split(' ').next().unwrap_or_default().to_owned();
    }
    found.retain(|(_, name)| name.chars().next().is_some_and(char::is_lowercase));
    found
}

fn none(findings: Vec<String>, rule: &str) {
    assert!(findings.is_empty(), "{rule}:\n  {}", findings.join("\n  "));
}

#[test]
fn no_stage_imports_from_a_later_one() {
    let rank = |module: &str| ORDER.iter().position(|m| *m == module);
    let mut findings = Vec::new();
    for file in sources() {
        let module = file.module();
        if module == "lib" || module == "main" {
            continue;
        }
        let Some(own) = rank(module) else {
            findings.push(format!(
                "src/{}: `{module}` has no place in ORDER in tests/layering.rs",
                file.name
            ));
            continue;
        };
        for (line, used) in imports(&file.code) {
            match rank(&used) {
                Some(other) if other <= own => {}
                Some(_) => findings.push(format!("src/{}:{line}: {module} uses {used}", file.name)),
                None => findings.push(format!(
                    "src/{}:{line}: {used} has no place in ORDER",
                    file.name
                )),
            }
        }
        for (i, line) in file.code.lines().enumerate() {
            if line.contains("super::super::") {
                findings.push(format!(
                    "src/{}:{}: write crate:: instead, which this test sees",
                    file.name,
                    i + 1
                ));
            }
        }
    }
    none(findings, "a module uses earlier stages only");
}

#[test]
fn no_han_in_code() {
    let mut findings = Vec::new();
    for file in sources() {
        for (i, line) in file.code.lines().enumerate() {
            if line.contains(is_han) {
                findings.push(format!("src/{}:{}: {}", file.name, i + 1, line.trim()));
            }
        }
    }
    none(
        findings,
        "words and characters of the domain live in lexicon/*.toml, not in code",
    );
}

#[test]
fn every_file_says_what_it_is_for() {
    let silent = sources()
        .into_iter()
        .filter(|f| !f.text.starts_with("//! "))
        .map(|f| format!("src/{}", f.name));
    none(silent.collect(), "a file begins with a //! comment");
}

#[test]
fn only_the_command_line_prints_and_exits() {
    let loud = Regex::new(r"\b(?:e?print(?:ln)?|dbg)!|\bprocess::exit\b|\bio::std(?:out|err|in)\b")
        .unwrap();
    let mut findings = Vec::new();
    for file in sources().iter().filter(|f| f.module() != "cli") {
        for (i, line) in file.code.lines().enumerate() {
            if loud.is_match(line) {
                findings.push(format!("src/{}:{}: {}", file.name, i + 1, line.trim()));
            }
        }
    }
    none(
        findings,
        "only src/cli prints, reads standard input and exits",
    );
}

#[test]
fn the_eyes_of_these_tests() {
    let text = concat!(
        "//! 文档\n",
        "use crate::{cli::x, base::{Span, Decimal}, record};\n",
        "let a = \"// 字\"; /* 注\n释 */ let b = 'a'; let c: &'static str = r#\"\"字\"#;\n",
        "#[cfg(test)]\nmod tests {\n    const X: &str = \"} 试\";\n}\n",
        "let d = '万';\n",
        "#[cfg(test)]\npub(crate) mod example;\nfn f() { crate::write::json(); }\n",
    );
    let code = code_of(text);
    let lines: Vec<usize> = code
        .lines()
        .enumerate()
        .filter(|(_, line)| line.contains(is_han))
        .map(|(i, _)| i + 1)
        .collect();
    assert_eq!(lines, [3, 4, 9]);
    let names: Vec<String> = imports(&code).into_iter().map(|(_, name)| name).collect();
    assert_eq!(names, ["cli", "base", "record", "write"]);
}
