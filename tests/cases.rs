//! Behaviour of single stages as data: `tests/cases/<stage>/*.toml`.
//!
//! Each file holds `[[case]]` tables. `name` is unique within its stage and says what is shown,
//! `page` is the page's text. What a case does not mention is not compared, except where said.
//! Unknown keys fail.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use gongbao::Extractor;
use gongbao::base::Diagnostic;
use gongbao::decode::{self, EncodingChoice};
use gongbao::document::{self, Hints};
use gongbao::lexicon::Lexicon;
use gongbao::normalize::{self, Clean};
use gongbao::quantities::{self, Quantity};
use gongbao::record::Precision;
use gongbao::sections;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use smol_str::SmolStr;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File<T> {
    case: Vec<T>,
}

/// A page and the clean text it becomes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NormalizeCase {
    name: String,
    page: String,
    /// Clean text, one line a paragraph.
    text: String,
    /// `from → to (why)` of each repair; always compared.
    #[serde(default)]
    repairs: Vec<String>,
    /// Codes of the diagnostics; always compared.
    #[serde(default)]
    diagnostics: Vec<String>,
    /// `to A2`, `from 1`, `to` of each jump; always compared.
    #[serde(default)]
    jumps: Vec<String>,
    /// `kind: text` of what was taken out, blanks left out.
    furniture: Option<Vec<String>>,
    /// `title`, `issuer`, `dateline` or `body` of each paragraph.
    roles: Option<Vec<String>>,
}

/// A page and its sections.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SectionsCase {
    name: String,
    page: String,
    /// `level label|title` of each section.
    outline: Vec<String>,
    /// Codes of the diagnostics of this stage; always compared.
    #[serde(default)]
    diagnostics: Vec<String>,
}

/// A page and its numbers.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct QuantitiesCase {
    name: String,
    page: String,
    /// `mention = value unit` of each, `1:3` for terms; behind it, unless exact, the precision and
    /// `lower..upper`.
    quantities: Vec<String>,
    /// `text: reason` of each number that is no quantity.
    left: Option<Vec<String>>,
    /// The times as they stand.
    times: Option<Vec<String>>,
    /// Codes of the diagnostics of this stage; always compared.
    #[serde(default)]
    diagnostics: Vec<String>,
}

/// A page and the place that it speaks of.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DocumentCase {
    name: String,
    page: String,
    /// Time that the page is of, and place, as given beside it.
    period: Option<String>,
    hint: Option<String>,
    /// Name and code, `-` for none; empty for no place.
    region: String,
    /// Codes of the diagnostics of this stage; always compared.
    #[serde(default)]
    diagnostics: Vec<String>,
}

/// A page and the arithmetic on it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReconcileCase {
    name: String,
    page: String,
    /// `kind status: total = part + part` of each check, the numbers as the page writes them;
    /// shares have no total. Behind a mismatch ` ? number value`, `; ` between candidates.
    checks: Vec<String>,
    /// Year or time that the page is of.
    period: Option<String>,
}

/// All cases of a stage, with the file that each is in.
fn load<T: DeserializeOwned>(stage: &str, name: fn(&T) -> &str) -> Vec<(String, T)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/cases")
        .join(stage);
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap_or_else(|e| panic!("{}: {e}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "toml"))
        .collect();
    files.sort();
    let mut cases = Vec::new();
    let mut names = BTreeSet::new();
    for path in files {
        let text = fs::read_to_string(&path).unwrap();
        let file: File<T> =
            toml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        for case in file.case {
            assert!(
                names.insert(name(&case).to_owned()),
                "{}: two cases are called {:?}",
                path.display(),
                name(&case)
            );
            cases.push((format!("{}: {}", path.display(), name(&case)), case));
        }
    }
    assert!(!cases.is_empty(), "{}: no cases", folder.display());
    cases
}

fn clean(page: &str) -> (String, Clean) {
    let page = decode::decode("case", page.as_bytes(), EncodingChoice::Detect).unwrap();
    (
        page.text.to_string(),
        normalize::normalize(&page, Lexicon::builtin()),
    )
}

fn codes(diagnostics: &[Diagnostic]) -> Vec<&str> {
    diagnostics.iter().map(|d| d.code).collect()
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Runs `check` on every case and reports all that fail at once.
fn run<T>(cases: Vec<(String, T)>, check: impl Fn(&T) -> Result<(), String>) {
    let total = cases.len();
    let failures: Vec<String> = cases
        .iter()
        .filter_map(|(name, case)| check(case).err().map(|e| format!("{name}\n{e}")))
        .collect();
    assert!(
        failures.is_empty(),
        "{} of {total} cases fail:\n\n{}",
        failures.len(),
        failures.join("\n\n")
    );
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, got: &T, want: &T) -> Result<(), String> {
    if got == want {
        return Ok(());
    }
    Err(format!("  {what}\n    got  {got:?}\n    want {want:?}"))
}

#[test]
fn normalize_cases() {
    run(load("normalize", |c: &NormalizeCase| &c.name), |case| {
        let (page, clean) = clean(&case.page);
        let lines = |text: &str| text.trim().lines().map(str::to_owned).collect::<Vec<_>>();
        same("text", &lines(&clean.text), &lines(&case.text))?;
        let repairs: Vec<String> = clean
            .repairs
            .iter()
            .map(|r| format!("{} → {} ({})", r.from, r.span.of(&clean.text), r.why))
            .collect();
        same("repairs", &repairs, &case.repairs)?;
        let found: Vec<String> = codes(&clean.diagnostics)
            .iter()
            .map(ToString::to_string)
            .collect();
        same("diagnostics", &found, &case.diagnostics)?;
        let jumps: Vec<String> = clean
            .jumps
            .iter()
            .map(|j| {
                let kind = format!("{:?}", j.kind).to_lowercase();
                format!("{kind} {}", j.page.as_deref().unwrap_or(""))
                    .trim()
                    .to_owned()
            })
            .collect();
        same("jumps", &jumps, &case.jumps)?;
        if let Some(want) = &case.furniture {
            let furniture: Vec<String> = clean
                .furniture
                .iter()
                .map(|f| format!("{}: {}", f.kind, squeezed(f.span.of(&page))))
                .collect();
            same("furniture", &furniture, want)?;
        }
        if let Some(want) = &case.roles {
            let roles: Vec<String> = clean
                .paragraphs
                .iter()
                .map(|p| format!("{:?}", p.role).to_lowercase())
                .collect();
            same("roles", &roles, want)?;
        }
        Ok(())
    });
}

#[test]
fn document_cases() {
    run(load("document", |c: &DocumentCase| &c.name), |case| {
        let page = decode::decode("case", case.page.as_bytes(), EncodingChoice::Detect).unwrap();
        let lexicon = Lexicon::builtin();
        let clean = normalize::normalize(&page, lexicon);
        let quantities = quantities::quantities(&clean, lexicon);
        let hints = Hints {
            period: case.period.as_ref().map(|p| p.parse().unwrap()),
            region: case.hint.clone(),
            ..Hints::default()
        };
        let found = document::document(&page, &clean, &quantities, &hints, lexicon);
        let region = found.record.region.map_or_else(String::new, |r| {
            format!("{} {}", r.name, r.code.as_deref().unwrap_or("-"))
        });
        same("region", &region, &case.region)?;
        let found: Vec<String> = codes(&found.diagnostics)
            .iter()
            .map(ToString::to_string)
            .collect();
        same("diagnostics", &found, &case.diagnostics)
    });
}

#[test]
fn sections_cases() {
    run(load("sections", |c: &SectionsCase| &c.name), |case| {
        let (_, clean) = clean(&case.page);
        let found = sections::sections(&clean, Lexicon::builtin());
        let outline: Vec<String> = found
            .sections
            .iter()
            .map(|s| {
                format!(
                    "{} {}|{}",
                    s.level,
                    s.label.of(&clean.text),
                    s.title.of(&clean.text)
                )
            })
            .collect();
        same("outline", &outline, &case.outline)?;
        let found: Vec<String> = codes(&found.diagnostics)
            .iter()
            .map(ToString::to_string)
            .collect();
        same("diagnostics", &found, &case.diagnostics)
    });
}

/// A quantity as the cases write it.
fn shown(q: &Quantity, text: &str) -> String {
    let number = |d: &gongbao::base::Decimal| d.to_string();
    let value = match &q.components {
        Some(terms) => terms.iter().map(number).collect::<Vec<_>>().join(":"),
        None => q.value.as_ref().map_or_else(String::new, number),
    };
    let mut out = format!("{} = {value} {}", q.mention.of(text), q.unit);
    if q.precision != Precision::Exact {
        let precision = serde_json::to_value(q.precision).unwrap();
        let bound = |d: &Option<_>| d.as_ref().map_or_else(String::new, number);
        out = format!(
            "{} {} {}..{}",
            out.trim_end(),
            precision.as_str().unwrap(),
            bound(&q.lower),
            bound(&q.upper)
        );
    }
    out.trim_end().to_owned()
}

#[test]
fn quantities_cases() {
    run(load("quantities", |c: &QuantitiesCase| &c.name), |case| {
        let (_, clean) = clean(&case.page);
        let found = quantities::quantities(&clean, Lexicon::builtin());
        let text = &clean.text;
        let taken: Vec<String> = found.quantities.iter().map(|q| shown(q, text)).collect();
        same("quantities", &taken, &case.quantities)?;
        if let Some(want) = &case.left {
            let left = found.left.iter();
            let left: Vec<String> = left
                .map(|l| format!("{}: {}", l.span.of(text), l.reason))
                .collect();
            same("left", &left, want)?;
        }
        if let Some(want) = &case.times {
            let times = found.times.iter();
            let times: Vec<String> = times.map(|t| t.span.of(text).to_owned()).collect();
            same("times", &times, want)?;
        }
        let found: Vec<&str> = codes(&found.diagnostics);
        let want: Vec<&str> = case.diagnostics.iter().map(String::as_str).collect();
        same("diagnostics", &found, &want)
    });
}

#[test]
fn reconcile_cases() {
    run(load("reconcile", |c: &ReconcileCase| &c.name), |case| {
        let period = case.period.as_deref().unwrap_or("2024");
        let hints = Hints {
            period: Some(period.parse().unwrap()),
            ..Hints::default()
        };
        let extractor = Extractor::new().hints(hints);
        let record = extractor
            .extract(&case.name, case.page.as_bytes())
            .map_err(|e| e.to_string())?;
        let written = |id: &SmolStr| {
            let mut found = record.indicators.iter();
            found
                .find(|x| x.id == *id)
                .map_or("", |x| x.mention.as_str())
        };
        let checks: Vec<String> = record
            .checks
            .iter()
            .map(|c| {
                let head = format!("{:?} {:?}: ", c.kind, c.status).to_lowercase();
                let total = c.total.as_ref().map(|id| format!("{} = ", written(id)));
                let parts: Vec<&str> = c.parts.iter().map(written).collect();
                let candidates: Vec<String> = c
                    .candidates
                    .iter()
                    .map(|c| format!("{} {}", written(&c.id), c.value))
                    .collect();
                let mut shown = head + &total.unwrap_or_default() + &parts.join(" + ");
                if !candidates.is_empty() {
                    shown += " ? ";
                    shown += &candidates.join("; ");
                }
                shown
            })
            .collect();
        same("checks", &checks, &case.checks)
    });
}
