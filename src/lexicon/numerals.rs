//! `lexicon/numerals.toml`: the characters that numbers are written with.

use std::collections::HashMap;

use serde::Deserialize;

use super::units::QuantityExample;
use super::{Forms, LexiconError, parse};

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Digit {
    forms: Vec<char>,
    value: u8,
    #[expect(dead_code, reason = "read by `entries`")]
    hit: Vec<QuantityExample>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Multiplier {
    forms: Vec<char>,
    power: u32,
    tail: Option<String>,
    /// Why forms stand there that the grammar reads as others.
    #[expect(dead_code, reason = "read by `entries`")]
    as_written: Option<String>,
    #[expect(dead_code, reason = "read by `entries`")]
    hit: Vec<QuantityExample>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Role {
    Point,
    Over,
    Some,
    Half,
    Ordinal,
    Fraction,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Mark {
    forms: Vec<String>,
    role: Role,
    #[serde(default)]
    #[expect(dead_code, reason = "read by `entries`")]
    hit: Vec<QuantityExample>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Unknown {
    forms: Vec<String>,
    #[expect(dead_code, reason = "read by `entries`")]
    hit: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Denominator {
    forms: Vec<char>,
    unit: String,
    #[expect(dead_code, reason = "read by `entries`")]
    hit: Vec<QuantityExample>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Tenth {
    forms: Vec<char>,
    unit: String,
    not_before: Vec<String>,
    #[expect(dead_code, reason = "read by `entries`")]
    hit: Vec<QuantityExample>,
    #[expect(dead_code, reason = "read by `entries`")]
    #[serde(default)]
    miss: Vec<String>,
}

/// What a phrase says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PhraseKind {
    /// 翻番.
    Doubling,
    /// 首位.
    Rank,
}

/// A word that says a number without a numeral.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phrase {
    forms: Vec<String>,
    /// Its value.
    pub value: i64,
    /// Its unit.
    pub unit: String,
    /// What it says.
    pub kind: PhraseKind,
    #[expect(dead_code, reason = "read by `entries`")]
    hit: Vec<QuantityExample>,
    #[expect(dead_code, reason = "read by `entries`")]
    #[serde(default)]
    miss: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ranking {
    forms: Vec<String>,
    #[expect(dead_code, reason = "read by `entries`")]
    hit: Vec<QuantityExample>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    digit: Vec<Digit>,
    multiplier: Vec<Multiplier>,
    mark: Vec<Mark>,
    unknown: Vec<Unknown>,
    denominator: Vec<Denominator>,
    tenth: Vec<Tenth>,
    phrase: Vec<Phrase>,
    ranking: Vec<Ranking>,
}

/// What one character does in a numeral.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// A digit and its value.
    Digit(u8),
    /// Ten to this power.
    Power(u32),
    /// 点.
    Point,
    /// 余, 多.
    Over,
    /// 几.
    Some,
    /// 半.
    Half,
    /// 第.
    Ordinal,
}

/// All numeral characters, compiled.
#[derive(Debug)]
pub struct Numerals {
    figures: HashMap<char, Figure>,
    unknown: Forms,
    fraction: Forms,
    denominators: HashMap<char, String>,
    tails: Vec<(u32, String)>,
    tenths: HashMap<char, (String, Vec<String>)>,
    /// The phrases, in the order of the file.
    pub phrases: Vec<Phrase>,
    phrase_forms: Forms,
    /// Words that a rank follows.
    pub ranking: Forms,
}

impl Numerals {
    pub(super) fn load(file: &str, text: &str) -> Result<Self, LexiconError> {
        let f: File = parse(file, text)?;
        let mut figures = HashMap::new();
        for d in &f.digit {
            figures.extend(d.forms.iter().map(|&c| (c, Figure::Digit(d.value))));
        }
        for m in &f.multiplier {
            figures.extend(m.forms.iter().map(|&c| (c, Figure::Power(m.power))));
        }
        let words = |role: Role| {
            f.mark
                .iter()
                .filter(move |m| m.role == role)
                .flat_map(|m| &m.forms)
        };
        for (role, figure) in [
            (Role::Point, Figure::Point),
            (Role::Over, Figure::Over),
            (Role::Some, Figure::Some),
            (Role::Half, Figure::Half),
            (Role::Ordinal, Figure::Ordinal),
        ] {
            figures.extend(words(role).filter_map(|w| Some((w.chars().next()?, figure))));
        }
        let forms = |role: Role| Forms::new(file, words(role).map(|w| (w.as_str(), 0)));
        let mut tails: Vec<(u32, String)> = f
            .multiplier
            .iter()
            .filter_map(|m| Some((m.power, m.tail.clone()?)))
            .collect();
        if let (Some(first), Some(last)) = (tails.first().cloned(), tails.last().cloned()) {
            tails.push((first.0 + last.0, first.1 + &last.1));
        }
        Ok(Self {
            unknown: Forms::new(
                file,
                f.unknown
                    .iter()
                    .flat_map(|u| u.forms.iter().map(|w| (w.as_str(), 0))),
            )?,
            fraction: forms(Role::Fraction)?,
            figures,
            denominators: f
                .denominator
                .iter()
                .flat_map(|d| d.forms.iter().map(|&c| (c, d.unit.clone())))
                .collect(),
            tails,
            tenths: f
                .tenth
                .iter()
                .flat_map(|t| {
                    t.forms
                        .iter()
                        .map(|&c| (c, (t.unit.clone(), t.not_before.clone())))
                })
                .collect(),
            phrase_forms: Forms::new(
                file,
                f.phrase
                    .iter()
                    .enumerate()
                    .flat_map(|(i, p)| p.forms.iter().map(move |w| (w.as_str(), i))),
            )?,
            phrases: f.phrase,
            ranking: Forms::new(
                file,
                f.ranking
                    .iter()
                    .flat_map(|r| r.forms.iter().map(|w| (w.as_str(), 0))),
            )?,
        })
    }

    /// What `c` does in a numeral.
    #[must_use]
    pub fn figure(&self, c: char) -> Option<Figure> {
        self.figures.get(&c).copied()
    }

    /// True when a word for an unknown number (数十) ends at byte `at`.
    #[must_use]
    pub fn unknown_before(&self, text: &str, at: usize) -> bool {
        self.unknown.before(text, at).is_some()
    }

    /// End of the fraction word (分之) that starts at byte `at`.
    #[must_use]
    pub fn fraction_at(&self, text: &str, at: usize) -> Option<usize> {
        self.fraction.at(text, at).map(|f| f.0)
    }

    /// The unit that a denominator makes: `%` of 百.
    #[must_use]
    pub fn denominator(&self, c: char) -> Option<&str> {
        self.denominators.get(&c).map(String::as_str)
    }

    /// How a multiplier before a unit is written: `万` for 4.
    #[must_use]
    pub fn tail(&self, power: u32) -> &str {
        self.tails
            .iter()
            .find(|t| t.0 == power)
            .map_or("", |t| t.1.as_str())
    }

    /// End and unit of the tenth (成) that starts at byte `at`.
    #[must_use]
    pub fn tenth_at<'a>(&'a self, text: &str, at: usize) -> Option<(usize, &'a str)> {
        let rest = text.get(at..)?;
        let c = rest.chars().next()?;
        let (unit, not_before) = self.tenths.get(&c)?;
        let end = at + c.len_utf8();
        let after = text.get(end..)?;
        (!not_before.iter().any(|w| after.starts_with(w.as_str()))).then_some((end, unit.as_str()))
    }

    /// The phrase that starts at byte `at`, and its end.
    #[must_use]
    pub fn phrase_at(&self, text: &str, at: usize) -> Option<(usize, &Phrase)> {
        let (end, index) = self.phrase_forms.at(text, at)?;
        Some((end, self.phrases.get(index)?))
    }

    /// Start of the ranking word that ends at byte `at`.
    #[must_use]
    pub fn ranking_before(&self, text: &str, at: usize) -> Option<usize> {
        self.ranking.before(text, at).map(|f| f.0)
    }

    /// Characters that a numeral or a phrase starts with.
    pub fn initials(&self) -> impl Iterator<Item = char> + '_ {
        self.figures
            .iter()
            .filter(|f| !matches!(f.1, Figure::Over | Figure::Some | Figure::Point))
            .map(|f| *f.0)
            .chain(self.phrase_forms.initials())
    }
}
