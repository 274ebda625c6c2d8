//! Explanations say what the record says, of every number of every page, and of every rule.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use gongbao::Extractor;
use gongbao::explain::{Asked, Explanation, Number, Outcome};
use gongbao::indicators::why::Rule;
use gongbao::lexicon::entries::{self, Entry};
use gongbao::quantities::reason;
use gongbao::stages::Stage;
use serde::Deserialize;
use serde_json::Value;

fn pages(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "txt"))
        .collect();
    found.sort();
    assert!(!found.is_empty(), "{}", folder.display());
    found
}

fn whole(bytes: &[u8], entries: &[Entry]) -> Explanation {
    let extractor = Extractor::new();
    extractor
        .explain("t.txt", bytes, &Asked::Whole, entries)
        .unwrap()
}

/// What the last step of `field` came to.
fn last<'a>(number: &'a Number, field: &str) -> Option<&'a str> {
    let steps = number.steps.iter().rev();
    let mut own = steps.filter(|s| s.stage == "indicators" && s.field == field);
    own.next().map(|s| s.value.as_str())
}

/// Every indicator and every number left is told, and told as it is.
fn holds(path: &Path, entries: &[Entry]) {
    let bytes = fs::read(path).unwrap();
    let told = whole(&bytes, entries);
    let record = Extractor::new().extract("t.txt", &bytes).unwrap();
    let numbers: Vec<&Number> = told.places.iter().flat_map(|p| &p.numbers).collect();
    let by_id: BTreeMap<&str, &Number> = numbers
        .iter()
        .filter_map(|n| Some((n.indicator.as_deref()?, *n)))
        .collect();
    for x in &record.indicators {
        let at = format!("{}: {} {}", path.display(), x.id, x.quote);
        let number = by_id.get(x.id.as_str()).unwrap_or_else(|| panic!("{at}"));
        assert_eq!(number.text, x.mention, "{at}");
        assert_eq!(
            last(number, "measure"),
            Some(says(&x.measure).as_str()),
            "{at}"
        );
        assert_eq!(last(number, "name"), Some(x.name.as_str()), "{at}");
        assert_eq!(
            last(number, "status"),
            Some(says(&x.status).as_str()),
            "{at}"
        );
        let basis = x.basis.map(|b| says(&b));
        assert_eq!(last(number, "basis"), basis.as_deref(), "{at}");
        let period = x.period.as_ref().map(|p| format!("{}/{}", p.start, p.end));
        assert_eq!(
            last(number, "period"),
            Some(period.unwrap_or_default().as_str()),
            "{at}"
        );
        let of = last(number, "of").unwrap_or_default();
        assert_eq!(of, x.of.as_deref().unwrap_or_default(), "{at}");
        let fell = x.value.is_some_and(|v| v.is_negative());
        let down = last(number, "sign").is_some();
        assert!(
            !fell || down || x.mention.contains(['-', '−', '负']) || x.quote.contains("零下"),
            "{at}"
        );
        if let Some(said) = last(number, "precision") {
            assert_eq!(said, says(&x.precision), "{at}");
        }
    }
    let view = Extractor::new()
        .until(Stage::Quantities, "t.txt", &bytes)
        .unwrap();
    let view = serde_json::to_value(&view).unwrap();
    let left = numbers.iter().filter(|n| n.outcome == Outcome::Left);
    let told: BTreeSet<(u64, &str)> = left
        .map(|n| {
            (
                n.source.start,
                n.steps.last().unwrap().rule.as_deref().unwrap(),
            )
        })
        .collect();
    for left in view["left"].as_array().unwrap() {
        let start = left["source"]["start"].as_u64().unwrap();
        let reason = left["reason"].as_str().unwrap();
        assert!(
            told.contains(&(start, reason)),
            "{}: {left}",
            path.display()
        );
    }
}

/// `value` as the record writes it.
fn says(value: &impl serde::Serialize) -> String {
    let value = serde_json::to_value(value).unwrap();
    value.as_str().unwrap_or_default().to_owned()
}

#[test]
fn what_is_told_is_what_the_record_says() {
    let entries = entries::builtin().unwrap();
    for path in pages(&Path::new(env!("CARGO_MANIFEST_DIR")).join("samples")) {
        holds(&path, &entries);
    }
    let Some(shared) = crate::shared() else {
        return;
    };
    for folder in ["corpus", "unlabelled"] {
        for path in pages(&shared.join(folder)) {
            holds(&path, &entries);
        }
    }
}

/// A page on which rules are at work.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// Of our own invention.
    page: String,
    /// Short names of rules or reasons, each with the number that it is told of.
    rules: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    case: Vec<Case>,
}

fn cases() -> Vec<Case> {
    let text = include_str!("cases/explain/rules.toml");
    toml::from_str::<Cases>(text).unwrap().case
}

#[test]
fn every_rule_has_a_page_that_shows_it() {
    let entries = entries::builtin().unwrap();
    let mut shown = BTreeSet::new();
    for case in cases() {
        let told = whole(case.page.as_bytes(), &entries);
        let numbers: Vec<&Number> = told.places.iter().flat_map(|p| &p.numbers).collect();
        for (rule, mention) in case.rules {
            let of = numbers.iter().filter(|n| n.text == mention);
            let by: Vec<&str> = of
                .flat_map(|n| &n.steps)
                .filter_map(|s| s.rule.as_deref())
                .collect();
            assert!(
                by.contains(&rule.as_str()),
                "{}: {mention}: {rule}: {by:?}",
                case.page
            );
            shown.insert(rule);
        }
    }
    let rules = Rule::ALL.iter().map(|r| r.id());
    // Nothing is left for this one: see its words in lexicon/not_a_quantity.toml.
    let reasons = reason::ALL.iter().map(|r| r.0).filter(|r| *r != "amount");
    let silent: Vec<&str> = rules
        .chain(reasons)
        .filter(|r| !shown.contains(*r))
        .collect();
    assert!(
        silent.is_empty(),
        "no page in cases/explain/rules.toml shows {silent:?}"
    );
}

#[test]
fn the_list_of_rules_is_complete() {
    let mut list = String::from(
        "# Rules\n\nThe rules that `gongbao explain` names, in square brackets. Generated from \
         [src/indicators/why.rs](../src/indicators/why.rs) and\n\
         [src/quantities/reason.rs](../src/quantities/reason.rs); pages that show each stand in\n\
         [tests/cases/explain/rules.toml](../tests/cases/explain/rules.toml). Short names stay, \
         sentences may be put better.\n\n## Why a number is no indicator\n\n",
    );
    list.push_str("| reason | meaning |\n| --- | --- |\n");
    for (code, says) in reason::ALL.iter().filter(|r| r.0 != "amount") {
        writeln!(list, "| `{code}` | {says} |").unwrap();
    }
    list.push_str(
        "\n## How an indicator comes about\n\nIn the order in which a number passes them.\n\n",
    );
    list.push_str("| rule | decides | meaning |\n| --- | --- | --- |\n");
    for rule in Rule::ALL {
        let field = serde_json::to_value(rule.field()).unwrap();
        let field = field.as_str().unwrap_or_default();
        writeln!(list, "| `{}` | {field} | {} |", rule.id(), rule.says()).unwrap();
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules.md");
    if std::env::var_os("GONGBAO_BLESS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &list).unwrap();
    }
    assert!(
        fs::read_to_string(&path).unwrap_or_default() == list,
        "docs/rules.md is not what the rules give; write it anew and look at the difference:\n    \
         GONGBAO_BLESS=1 cargo test rules\n    git diff docs/"
    );
}

#[test]
fn places_are_found_as_printed_and_as_read() {
    let page = "全县一、二月\n新建 茶园 l7 \n亩。治理河道3处，3处完工。\n";
    let ask = |asked: &str| {
        let asked = Asked::Text(asked.to_owned());
        let told = Extractor::new()
            .explain("t.txt", page.as_bytes(), &asked, &[])
            .unwrap();
        let value = serde_json::to_value(&told).unwrap();
        value["places"].as_array().cloned().unwrap_or_default()
    };
    let texts = |places: &[Value]| -> Vec<String> {
        let numbers = places.iter().flat_map(|p| p["numbers"].as_array().unwrap());
        numbers
            .map(|n| n["text"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(texts(&ask("17亩")), ["17亩"]);
    assert_eq!(texts(&ask("l7")), ["17亩"]);
    assert_eq!(texts(&ask("1 7\n亩")), ["17亩"]);
    assert_eq!(texts(&ask("3处")), ["3处", "3处"]);
    assert_eq!(texts(&ask("茶园")), [""; 0]);
    assert!(ask("茶园")[0]["note"].as_str().unwrap().contains("17亩"));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/narrow-columns.txt");
    let caption = Asked::Text("图为护林员".to_owned());
    let told = Extractor::new().explain("t.txt", &fs::read(path).unwrap(), &caption, &[]);
    let note = told.unwrap().places.remove(0).note.unwrap();
    assert!(note.contains("furniture of the page (caption)"), "{note}");
    assert!(ask("18亩").is_empty() && ask(" ").is_empty());
}
