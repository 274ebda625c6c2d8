//! `lexicon/numerals.toml`: the characters that numbers are written with.

use serde::Deserialize;

use super::units::QuantityExample;
use super::{Forms, LexiconError, builtin};
use crate::base::CharMap;

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
    Leading,
    And,
    Minus,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Mark {
    forms: Vec<String>,
    role: Role,
    #[serde(default)]
    not_after: Vec<String>,
    #[serde(default)]
    #[expect(dead_code, reason = "read by `entries`")]
    hit: Vec<QuantityExample>,
    #[serde(default)]
    #[expect(dead_code, reason = "read by `entries`")]
    miss: Vec<String>,
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
    /// Two figures before it are per cent: 75折.
    #[serde(default)]
    two_figures: bool,
    /// A figure behind it is one more per cent each: 一成二.
    #[serde(default)]
    goes_on: bool,
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
    /// 打对折.
    Number,
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

/// Two figures that say a range: 三五户.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Either {
    forms: Vec<String>,
    lower: u8,
    upper: u8,
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
    unitless: Vec<Ranking>,
    either: Vec<Either>,
}

/// A tenth found in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TenthAt<'a> {
    /// One past its last byte.
    pub end: usize,
    /// What it makes of the number.
    pub unit: &'a str,
    /// Two figures before it are per cent: 75折.
    pub two_figures: bool,
    /// A figure behind it is one more per cent each: 一成二.
    pub goes_on: bool,
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
    figures: CharMap<Figure>,
    figure_chars: Vec<char>,
    unknown: Forms,
    fraction: Forms,
    and: Forms,
    minus: Forms,
    /// Characters that make another word of a minus: 减负.
    after_minus: Vec<String>,
    leading: Vec<char>,
    denominators: CharMap<usize>,
    denominator_units: Vec<String>,
    tails: Vec<(u32, String)>,
    tenth_of: CharMap<usize>,
    tenths: Vec<Tenth>,
    /// The phrases, in the order of the file.
    pub phrases: Vec<Phrase>,
    phrase_forms: Forms,
    /// Words that a rank follows.
    pub ranking: Forms,
    unitless: Forms,
    either: Forms,
    eithers: Vec<(u8, u8)>,
}

impl Numerals {
    pub(super) fn load(file: &str, text: &str) -> Result<Self, LexiconError> {
        let f: File = builtin(file, text)?;
        let mut figures: Vec<(char, Figure)> = Vec::new();
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
        let leading = words(Role::Leading).filter_map(|w| w.chars().next());
        let leading: Vec<char> = leading.collect();
        let not_after = |role: Role| {
            let marks = f.mark.iter().filter(move |m| m.role == role);
            marks.flat_map(|m| m.not_after.clone()).collect()
        };
        let after_minus: Vec<String> = not_after(Role::Minus);
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
            tails.push((last.0 + last.0, last.1.clone() + &last.1));
        }
        Ok(Self {
            unknown: Forms::new(
                file,
                f.unknown
                    .iter()
                    .flat_map(|u| u.forms.iter().map(|w| (w.as_str(), 0))),
            )?,
            fraction: forms(Role::Fraction)?,
            and: forms(Role::And)?,
            minus: forms(Role::Minus)?,
            after_minus,
            leading,
            figure_chars: figures.iter().map(|&(c, _)| c).collect(),
            figures: figures.into_iter().collect(),
            denominators: places(f.denominator.iter().map(|d| d.forms.as_slice())),
            denominator_units: f.denominator.into_iter().map(|d| d.unit).collect(),
            tails,
            tenth_of: places(f.tenth.iter().map(|t| t.forms.as_slice())),
            tenths: f.tenth,
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
            either: Forms::new(
                file,
                f.either
                    .iter()
                    .enumerate()
                    .flat_map(|(i, e)| e.forms.iter().map(move |w| (w.as_str(), i))),
            )?,
            eithers: f.either.iter().map(|e| (e.lower, e.upper)).collect(),
            unitless: Forms::new(
                file,
                f.unitless
                    .iter()
                    .flat_map(|r| r.forms.iter().map(|w| (w.as_str(), 0))),
            )?,
        })
    }

    /// What `c` does in a numeral.
    #[must_use]
    pub fn figure(&self, c: char) -> Option<Figure> {
        self.figures.get(c)
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
        let unit = self.denominator_units.get(self.denominators.get(c)?)?;
        Some(unit)
    }

    /// How a multiplier before a unit is written: `万` for 4.
    #[must_use]
    pub fn tail(&self, power: u32) -> &str {
        self.tails
            .iter()
            .find(|t| t.0 == power)
            .map_or("", |t| t.1.as_str())
    }

    /// True for 两, a figure only at the front of a number or before a multiplier.
    #[must_use]
    pub fn leads(&self, c: Option<char>) -> bool {
        c.is_some_and(|c| self.leading.contains(&c))
    }

    /// End of the word (又) that starts at byte `at` and adds what follows to a number.
    #[must_use]
    pub fn and_at(&self, text: &str, at: usize) -> Option<usize> {
        self.and.at(text, at).map(|f| f.0)
    }

    /// End of the minus word (负) that starts at byte `at`.
    #[must_use]
    pub fn minus_at(&self, text: &str, at: usize) -> Option<usize> {
        self.minus.at(text, at).map(|f| f.0)
    }

    /// Start of the minus word (负) that ends at byte `at` and is no end of another word.
    #[must_use]
    pub fn minus_before(&self, text: &str, at: usize) -> Option<usize> {
        let (start, _) = self.minus.before(text, at)?;
        let head = text.get(..start)?;
        let other = self.after_minus.iter().any(|w| head.ends_with(w.as_str()));
        (!other).then_some(start)
    }

    /// The tenth (成) that starts at byte `at`.
    #[must_use]
    pub fn tenth_at<'a>(&'a self, text: &str, at: usize) -> Option<TenthAt<'a>> {
        let rest = text.get(at..)?;
        let c = rest.chars().next()?;
        let tenth = self.tenths.get(self.tenth_of.get(c)?)?;
        let end = at + c.len_utf8();
        let after = text.get(end..)?;
        let other = tenth
            .not_before
            .iter()
            .any(|w| after.starts_with(w.as_str()));
        (!other).then_some(TenthAt {
            end,
            unit: tenth.unit.as_str(),
            two_figures: tenth.two_figures,
            goes_on: tenth.goes_on,
        })
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

    /// End, lower and upper value of two figures at byte `at` that say a range: 三五.
    #[must_use]
    pub fn either_at(&self, text: &str, at: usize) -> Option<(usize, u8, u8)> {
        let (end, index) = self.either.at(text, at)?;
        let &(lower, upper) = self.eithers.get(index)?;
        Some((end, lower, upper))
    }

    /// True when a word that a number without unit may follow (收入比) ends at byte `at`.
    #[must_use]
    pub fn unitless_before(&self, text: &str, at: usize) -> bool {
        self.unitless.before(text, at).is_some()
    }

    /// Characters that a numeral or a phrase starts with.
    pub fn initials(&self) -> impl Iterator<Item = char> + '_ {
        let figures = self.figure_chars.iter().copied();
        let begins = |&c: &char| {
            !matches!(
                self.figure(c),
                Some(Figure::Over | Figure::Some | Figure::Point)
            )
        };
        let arabic = '0'..='9';
        (figures.filter(begins))
            .chain(arabic)
            .chain(self.phrase_initials())
    }

    /// Characters that a phrase starts with.
    pub fn phrase_initials(&self) -> impl Iterator<Item = char> + '_ {
        self.phrase_forms.initials()
    }
}

/// Which of `lists` a character is in.
fn places<'a>(lists: impl Iterator<Item = &'a [char]>) -> CharMap<usize> {
    let each = |(i, list): (usize, &'a [char])| list.iter().map(move |&c| (c, i));
    lists.enumerate().flat_map(each).collect()
}
