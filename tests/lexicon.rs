//! Every entry of the lexicon is its own test: its hits must be read as it says, its misses not.

use gongbao::document::Hints;
use gongbao::lexicon::Lexicon;
use gongbao::{Extractor, lexicon_check};

#[test]
fn every_entry_is_read_as_it_says() {
    let report = lexicon_check::builtin().unwrap();
    let wrong: Vec<String> = report.findings.iter().map(ToString::to_string).collect();
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    // nothing is checked where nothing is found
    assert!(report.entries > 450, "{}", report.entries);
    assert!(report.examples > 900, "{}", report.examples);
}

#[test]
fn there_are_units_enough_and_factors_are_exact() {
    let units = &Lexicon::builtin().units.entries;
    assert!(units.len() >= 375, "{}", units.len());
    for unit in units {
        let Some(factor) = &unit.factor else { continue };
        let (above, below) = factor.split_once('/').unwrap_or((factor, "1"));
        let number = |s: &str| {
            s.parse::<gongbao::base::Decimal>()
                .is_ok_and(|d| d > 0.into())
        };
        assert!(number(above) && number(below), "{:?}: {factor}", unit.forms);
        assert!(
            unit.base.is_some() || unit.factor.as_deref().is_some_and(|f| f.starts_with("1/")),
            "{:?}: a factor to what?",
            unit.forms
        );
    }
    for dimension in [
        "money",
        "area",
        "mass",
        "length",
        "volume",
        "energy",
        "power",
        "speed",
        "flow",
        "concentration",
        "time",
        "data",
        "frequency",
        "pressure",
        "voltage",
        "ratio",
        "points",
    ] {
        let exact =
            |u: &&gongbao::lexicon::units::Unit| u.dimension == dimension && u.factor.is_some();
        assert!(units.iter().any(|u| exact(&u)), "{dimension}");
    }
    // People, households, documents, animals, buildings, vehicles; currencies.
    for base in [
        "人", "户", "份", "册", "头", "只", "栋", "辆", "CNY", "USD", "EUR", "JPY",
    ] {
        let found = units.iter().any(|u| u.base.as_deref() == Some(base));
        assert!(found, "no unit with the base {base}");
    }
}

#[test]
fn checks_come_out_as_their_words_say() {
    let mut wrong = Vec::new();
    for example in Lexicon::builtin().checks.examples() {
        let hints = Hints {
            period: "2024".parse().ok(),
            ..Hints::default()
        };
        let record = Extractor::new()
            .hints(hints)
            .extract("example.txt", example.text.as_bytes())
            .unwrap();
        let lower = |what: &dyn std::fmt::Debug| format!("{what:?}").to_lowercase();
        let found: Vec<(String, String)> = record
            .checks
            .iter()
            .map(|c| (lower(&c.kind), lower(&c.status)))
            .collect();
        let want = (example.kind != "none").then(|| (example.kind.clone(), example.status.clone()));
        if found != want.into_iter().collect::<Vec<_>>() {
            wrong.push(format!(
                "{}: expected {} {}, found {found:?}",
                example.text, example.kind, example.status,
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
