//! Every entry of the lexicon is its own test: its hits must be read as it says, its misses not.

use gongbao::document::Hints;
use gongbao::lexicon::Lexicon;
use gongbao::lexicon::units::QuantityExample;
use gongbao::record::{Indicator, Precision};
use gongbao::{Extractor, Record};

/// A page of 2024 with this text.
fn extract(text: &str) -> Record {
    let hints = Hints {
        published: None,
        period: "2024".parse().ok(),
    };
    Extractor::new()
        .hints(hints)
        .extract("example.txt", text.as_bytes())
        .unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn digits(x: &Indicator) -> String {
    x.value.map_or_else(String::new, |v| v.to_string())
}

fn shown(record: &Record) -> Vec<String> {
    let indicators = record.indicators.iter();
    indicators
        .map(|x| format!("{} {} {:?}", digits(x), x.unit, x.measure))
        .collect()
}

/// What is wrong with the examples, all at once.
fn report(wrong: &[String]) {
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

fn misread(example: &QuantityExample) -> Option<String> {
    let record = extract(&example.text);
    let hit = record
        .indicators
        .iter()
        .any(|x| digits(x).trim_start_matches('-') == example.value && x.unit == example.unit);
    (!hit).then(|| {
        format!(
            "{}: expected {} {}, found {:?}",
            example.text,
            example.value,
            example.unit,
            shown(&record)
        )
    })
}

#[test]
fn units_are_read_and_not_seen_in_other_words() {
    let mut wrong = Vec::new();
    for unit in &Lexicon::builtin().units.entries {
        wrong.extend(unit.hit.iter().filter_map(misread));
        let form = unit.forms.first().map_or("", String::as_str);
        let name = unit.unit.as_deref().unwrap_or(form);
        if unit.hit.is_empty() {
            wrong.push(format!("{form}: no hit"));
        }
        if form.chars().count() <= 2 && unit.miss.is_empty() {
            wrong.push(format!(
                "{form}: a short form needs a miss that contains it"
            ));
        }
        for text in &unit.miss {
            let record = extract(text);
            if record.indicators.iter().any(|x| x.base_unit == name) {
                wrong.push(format!("{text}: has no {name}, found {:?}", shown(&record)));
            }
            if !text.contains(form) {
                wrong.push(format!("{text}: does not contain {form}"));
            }
        }
    }
    report(&wrong);
}

#[test]
fn there_are_units_enough_and_factors_are_exact() {
    let units = &Lexicon::builtin().units.entries;
    assert!(units.len() >= 250, "{}", units.len());
    for unit in units {
        let Some(factor) = &unit.factor else { continue };
        let (above, below) = factor.split_once('/').unwrap_or((factor, "1"));
        let number = |s: &str| {
            s.parse::<gongbao::base::Decimal>()
                .is_ok_and(|d| d > 0.into())
        };
        assert!(number(above) && number(below), "{:?}: {factor}", unit.forms);
    }
}

#[test]
fn numerals_are_read() {
    let numerals = &Lexicon::builtin().numerals;
    let variants = Lexicon::builtin().variants.examples();
    let all = numerals.examples().iter().chain(variants);
    let mut wrong: Vec<String> = all.filter_map(misread).collect();
    for text in numerals.misses() {
        let record = extract(text);
        if !record.indicators.is_empty() {
            wrong.push(format!("{text}: found {:?}", shown(&record)));
        }
    }
    report(&wrong);
}

#[test]
fn approximations_say_how_exact_a_number_is() {
    let words = &Lexicon::builtin().approximations;
    let mut wrong = Vec::new();
    for entry in words.before.iter().chain(&words.after) {
        for example in &entry.hit {
            let found: Vec<Precision> = extract(&example.text)
                .indicators
                .iter()
                .map(|x| x.precision)
                .collect();
            if found != [example.precision] {
                wrong.push(format!("{}: {found:?}", example.text));
            }
        }
        for text in &entry.miss {
            let found = extract(text).indicators;
            if found.iter().any(|x| x.precision != Precision::Exact) {
                wrong.push(format!("{text}: found {found:?}"));
            }
        }
    }
    report(&wrong);
}

#[test]
fn times_are_read_against_the_year() {
    let periods = &Lexicon::builtin().periods;
    let words = periods.words.iter().flat_map(|w| &w.hit);
    let parts = periods.parts.iter().flat_map(|p| &p.hit);
    let beside = periods
        .anchors
        .iter()
        .chain(&periods.plans)
        .flat_map(|b| &b.hit);
    let mut wrong = Vec::new();
    for example in words.chain(parts).chain(beside) {
        let record = extract(&example.text);
        let want = example
            .period
            .parse::<gongbao::base::DateSpan>()
            .map(|d| d.to_string());
        let found = record
            .indicators
            .first()
            .and_then(|x| x.period.as_ref())
            .map(|p| format!("{}/{}", p.start, p.end));
        if found.as_ref() != want.as_ref().ok() {
            wrong.push(format!("{}: {found:?}", example.text));
        }
    }
    report(&wrong);
}

#[test]
fn what_is_no_quantity_is_left() {
    let mut wrong = Vec::new();
    for text in Lexicon::builtin()
        .not_quantities
        .entries()
        .iter()
        .flat_map(|e| &e.hit)
    {
        let record = extract(text);
        if !record.indicators.is_empty() {
            wrong.push(format!("{text}: found {:?}", shown(&record)));
        }
    }
    report(&wrong);
}

#[test]
fn words_of_change_say_what_is_stated() {
    let mut wrong = Vec::new();
    for example in Lexicon::builtin().changes.examples() {
        let record = extract(&example.text);
        let Some(last) = record.indicators.last() else {
            wrong.push(format!("{}: nothing found", example.text));
            continue;
        };
        let measure = example.measure.is_none_or(|m| m == last.measure);
        let basis = example.basis.is_none() || example.basis == last.basis;
        let value = example.value.as_ref().is_none_or(|v| *v == digits(last));
        if !(measure && basis && value) {
            wrong.push(format!(
                "{}: {:?} {:?}",
                example.text,
                last.basis,
                shown(&record)
            ));
        }
    }
    report(&wrong);
}

#[test]
fn words_of_names_stand_beside_numbers() {
    let mut wrong = Vec::new();
    for text in Lexicon::builtin().names.examples() {
        let record = extract(text);
        let unnamed = record.indicators.iter().any(|x| x.name.is_empty());
        if record.indicators.is_empty() || unnamed {
            wrong.push(format!("{text}: found {:?}", shown(&record)));
        }
    }
    report(&wrong);
}

#[test]
fn checks_come_out_as_their_words_say() {
    let mut wrong = Vec::new();
    for example in Lexicon::builtin().checks.examples() {
        let record = extract(&example.text);
        let lower = |what: &dyn std::fmt::Debug| format!("{what:?}").to_lowercase();
        let found: Vec<(String, String)> = record
            .checks
            .iter()
            .map(|c| (lower(&c.kind), lower(&c.status)))
            .collect();
        let want = (example.kind != "none").then(|| (example.kind.clone(), example.status.clone()));
        if found != want.into_iter().collect::<Vec<_>>() {
            wrong.push(format!(
                "{}: expected {} {}, found {found:?} in {:?}",
                example.text,
                example.kind,
                example.status,
                shown(&record)
            ));
        }
    }
    report(&wrong);
}
