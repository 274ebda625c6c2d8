//! Every entry of the lexicon is its own test: its hits must be read as it says, its misses not.

use gongbao::document::Hints;
use gongbao::lexicon::Lexicon;
use gongbao::{Extractor, concept_check, lexicon_check};

/// Nothing is wrong with any entry.
fn assert_sound(report: &lexicon_check::Report) {
    let wrong: Vec<String> = report.findings.iter().map(ToString::to_string).collect();
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn every_entry_is_read_as_it_says() {
    let report = lexicon_check::builtin().unwrap();
    assert_sound(&report);
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

#[test]
fn every_concept_is_found_where_it_says() {
    let report = concept_check::builtin().unwrap();
    assert_sound(&report);
    assert!(report.entries >= 250, "{}", report.entries);
    assert!(report.examples >= 2 * report.entries, "{}", report.examples);
}

/// Numbers of pages that state what statistics offices state have a concept.
#[test]
fn most_numbers_of_communiques_and_reports_have_a_concept() {
    let Some(shared) = crate::shared() else {
        return;
    };
    let (mut all, mut found) = (0, 0);
    for page in [
        "county-communique",
        "jilin-2026",
        "neimenggu-2026",
        "shanghai-2026",
        "sichuan-2026",
        "yunnan-2026",
    ] {
        let bytes = std::fs::read(shared.join(format!("corpus/{page}.txt"))).unwrap();
        let record = Extractor::new().extract(page, &bytes).unwrap();
        all += record.indicators.len();
        let with_concept = record.indicators.iter().filter(|x| x.concept.is_some());
        found += with_concept.count();
    }
    assert!(found * 100 >= all * 85, "{found} of {all}");
}

/// What others look for by a regex for each field of each year, `concept` finds alone.
#[test]
fn fields_of_communiques_are_found_by_concept() {
    let Some(shared) = crate::shared() else {
        return;
    };
    let text = std::fs::read_to_string(shared.join("peers/tjcn-dev.json")).unwrap();
    let cases: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
    let ids = [
        ("规模以上工业增加值", "industry.scale", "level"),
        ("规模以上工业增加值 growth", "industry.scale", "growth"),
        ("工业投资", "invest.industry", "level"),
        ("工业投资 growth", "invest.industry", "growth"),
        ("主营业务收入", "industry.revenue", "level"),
        ("利税总额", "industry.profit_tax", "level"),
        ("利润总额", "industry.profit", "level"),
    ];
    let mut missed = Vec::new();
    for case in &cases {
        let (field, sentence) = (
            case["field"].as_str().unwrap(),
            case["sentence"].as_str().unwrap(),
        );
        let (_, id, measure) = ids.iter().find(|(name, ..)| *name == field).unwrap();
        let record = Extractor::new()
            .extract("case", sentence.as_bytes())
            .unwrap();
        let record = serde_json::to_value(&record).unwrap();
        let found = record["indicators"].as_array().unwrap().iter().any(|x| {
            let value = x["value"].to_string();
            x["concept"] == *id
                && x["measure"] == *measure
                && case["value"].as_str().is_some_and(|want| want == value)
        });
        // a doubt says why a case may come out otherwise
        if found != case["value"].is_string() && case.get("doubt").is_none() {
            missed.push(format!("{field}: {sentence}"));
        }
    }
    assert!(
        missed.is_empty(),
        "{} missed:\n{}",
        missed.len(),
        missed.join("\n")
    );
}
