//! `lexicon/confusables.toml`: what engines read for something else inside numerals.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{CLAUSE_ENDS, LexiconError};
use crate::base::{CharMap, CharSet};

/// A text that is mended.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hit {
    /// As read.
    pub text: String,
    /// As mended.
    pub to: String,
}

/// Letters that names have too, read for digits.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Letters {
    /// Characters read for a digit.
    pub digits: BTreeMap<char, char>,
    /// What makes a name of them when it follows.
    pub not_before: Vec<String>,
    /// Texts that are mended.
    pub hit: Vec<Hit>,
    /// Texts that are left.
    pub miss: Vec<String>,
}

/// A numeral without a true digit.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lone {
    /// The letter that it must have.
    pub digit: char,
    /// Texts that are mended.
    pub hit: Vec<Hit>,
    /// Texts that are left.
    pub miss: Vec<String>,
}

/// A multiplier read for another character.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Thousand {
    /// What it is read as.
    pub read: char,
    /// The multiplier.
    pub to: String,
    /// Words that begin with `read`.
    pub not_words: Vec<String>,
    /// Texts that are mended.
    pub hit: Vec<Hit>,
    /// Texts that are left.
    pub miss: Vec<String>,
}

/// The dash of a range read for another character.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// What it is read as.
    pub read: char,
    /// The dash.
    pub to: String,
    /// Texts that are mended.
    pub hit: Vec<Hit>,
    /// Texts that are left.
    pub miss: Vec<String>,
}

/// A mark between number and unit where none is printed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Speck {
    /// Such marks.
    pub marks: Vec<char>,
    /// Texts that are mended.
    pub hit: Vec<Hit>,
    /// Texts that are left.
    pub miss: Vec<String>,
}

/// A unit whose last character is misread.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PercentPoint {
    /// The unit without its last character.
    pub head: String,
    /// Its last character.
    pub to: String,
    /// Last characters that are as right, or make another word.
    pub not_tails: Vec<char>,
    /// Texts that are mended.
    pub hit: Vec<Hit>,
    /// Texts that are left.
    pub miss: Vec<String>,
}

/// A multiplier or unit read for another character.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unit {
    /// What it is read as.
    pub read: Vec<char>,
    /// What is printed.
    pub to: String,
    /// What stands before it behind a figure; nothing where it follows the figure itself.
    #[serde(default)]
    pub after: Vec<String>,
    /// What must follow.
    pub before: Vec<String>,
    /// Texts that are mended.
    pub hit: Vec<Hit>,
    /// Texts that are left.
    pub miss: Vec<String>,
}

/// A percent sign read for digits.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Percent {
    /// Words that a percentage follows.
    pub before: Vec<String>,
    /// Pairs of digits read for the sign.
    pub as_digits: Vec<String>,
    /// A digit, the sign and another character read for the sign.
    pub as_more: Vec<String>,
    /// Characters that another engine makes of it where this one lost it.
    pub ink: String,
    /// How many of them at most.
    pub most_ink: usize,
    /// Characters that are what is left of it.
    pub blots: String,
    /// What is read behind the sign and belongs to it.
    pub behind: Vec<char>,
    /// The same, where the sign may be ‰ as well.
    pub behind_or_permille: Vec<char>,
    /// Nothing is stated in so many per mille or more; two figures.
    pub above_permille: String,
    /// How many percentages tell how many decimals are usual on the page.
    pub least: usize,
    /// Texts that are mended.
    pub hit: Vec<Hit>,
    /// Texts that are left.
    pub miss: Vec<String>,
}

/// What a lost digit leaves.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Blot {
    /// Such marks.
    pub marks: Vec<char>,
}

/// Marks read for a decimal point.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Point {
    /// Raised dots.
    pub dots: Vec<char>,
    /// What makes one of them a point when it follows the numeral.
    pub before_dots: Vec<String>,
    /// Clause marks.
    pub marks: Vec<char>,
    /// What makes one of them a point, when one or two digits stand between.
    pub before_marks: Vec<String>,
    /// Texts that are mended.
    pub hit: Vec<Hit>,
    /// Texts that are left.
    pub miss: Vec<String>,
}

/// A per-mille sign read as two characters.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Permille {
    /// What it alone is read as, wherever no change stands before the number.
    pub sure: String,
    /// Texts that are mended.
    pub hit: Vec<Hit>,
    /// Texts that are left.
    pub miss: Vec<String>,
    /// What it is read as.
    pub read: Vec<String>,
    /// Names of what is stated in per mille.
    pub names: Vec<String>,
    /// Longer names that contain one of these and are not.
    pub not_names: Vec<String>,
}

/// A dash before a heading read as other characters.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Dash {
    /// What half a dash is read as.
    pub halves: Vec<char>,
    /// The dash.
    pub to: String,
    /// Words that begin with one such character.
    pub words: Vec<String>,
    /// How long a title between dash and colon may be.
    pub max_title_chars: usize,
    /// How long a sentence may be that is the title, up to its full stop.
    pub max_sentence_chars: usize,
}

/// Figures taken for one another.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alike {
    /// Two figures each.
    pub pairs: Vec<String>,
}

/// What engines read for something else.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Confusables {
    /// Figures taken for one another.
    pub alike: Alike,
    /// A dash before a heading.
    pub dash: Dash,
    /// Characters read for a digit.
    pub digits: BTreeMap<char, char>,
    /// Letters read for a digit that names have too.
    pub letters: Letters,
    /// Numerals without a true digit.
    pub lone: Lone,
    /// A multiplier read for another character.
    pub thousand: Thousand,
    /// The dash of a range read for another character.
    pub range: Range,
    /// A mark between number and unit.
    pub speck: Speck,
    /// A unit whose last character is misread.
    pub percent_point: PercentPoint,
    /// Multipliers and units read for other characters.
    pub unit: Vec<Unit>,
    /// A percent sign read for digits.
    pub percent: Percent,
    /// What a lost digit leaves.
    pub blot: Blot,
    /// Marks read for a decimal point.
    pub point: Point,
    /// Characters read for a per-mille sign.
    pub permille: Permille,
    /// All characters read for a digit, and which.
    #[serde(skip)]
    figures: CharMap<char>,
    #[serde(skip)]
    suspects: CharMap<Suspect>,
    /// The last characters of [`Percent::before`].
    #[serde(skip)]
    before_percent: CharSet,
    /// The characters with an entry in `suspects`.
    #[serde(skip)]
    suspected: CharSet,
    /// These, figures and marks that end clauses: what a text is searched for.
    #[serde(skip)]
    pub noted: CharSet,
}

/// The rule that looks at a numeral from one of its characters on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// [`Confusables::lone`].
    Lone,
    /// [`Confusables::thousand`].
    Thousand,
    /// [`Confusables::range`].
    Range,
    /// [`Confusables::blot`].
    Blot,
}

/// A character that a damaged numeral may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Suspect {
    /// The rule for it.
    pub rule: Option<Rule>,
    /// It may be a speck.
    pub speck: bool,
    /// It may be a misread unit.
    pub unit: bool,
    /// [`PercentPoint::head`] begins with it.
    pub percent_point: bool,
}

impl Confusables {
    /// Compiles the file.
    ///
    /// # Errors
    /// When `text` is not of its shape.
    pub fn load(text: &str) -> Result<Self, LexiconError> {
        let mut file: Self = super::builtin("lexicon/confusables.toml", text)?;
        let (digits, letters) = (&file.digits, &file.letters.digits);
        let figures = letters.iter().chain(digits).map(|(&read, &to)| (read, to));
        file.figures = figures.collect();
        (file.suspects, file.suspected) = file.suspects();
        file.noted = file.suspected.clone();
        file.noted.extend('0'..='9');
        file.noted.extend(CLAUSE_ENDS);
        let words = file.percent.before.iter();
        file.before_percent = words.filter_map(|w| w.chars().next_back()).collect();
        Ok(file)
    }

    /// The table of [`Confusables::suspect`].
    fn suspects(&self) -> (CharMap<Suspect>, CharSet) {
        let (mut all, mut set): (CharMap<Suspect>, _) = (CharMap::new(), CharSet::new());
        let mut change = |c: char, change: &dyn Fn(&mut Suspect)| {
            let mut suspect = all.get(c).unwrap_or_default();
            change(&mut suspect);
            all.insert(c, suspect);
            set.insert(c);
        };
        // Of several rules for a character the first holds.
        let rules = [
            (self.lone.digit, Rule::Lone),
            (self.thousand.read, Rule::Thousand),
            (self.range.read, Rule::Range),
        ];
        let blots = self.blot.marks.iter().map(|&c| (c, Rule::Blot));
        for (c, rule) in rules.into_iter().chain(blots) {
            change(c, &|s| s.rule = s.rule.or(Some(rule)));
        }
        for &c in &self.speck.marks {
            change(c, &|s| s.speck = true);
        }
        for &c in self.unit.iter().flat_map(|unit| &unit.read) {
            change(c, &|s| s.unit = true);
        }
        for c in self.percent_point.head.chars().take(1) {
            change(c, &|s| s.percent_point = true);
        }
        (all, set)
    }

    /// What damage `c` may be a sign of.
    #[inline]
    #[must_use]
    pub fn suspect(&self, c: char) -> Option<Suspect> {
        if self.suspected.contains(c) {
            self.suspects.get(c)
        } else {
            None
        }
    }

    /// True when a word that a percentage follows stands at the end of `head`.
    #[must_use]
    pub fn is_before_percent(&self, head: &str) -> bool {
        let last = head.chars().next_back();
        last.is_some_and(|c| self.before_percent.contains(c))
            && self
                .percent
                .before
                .iter()
                .any(|w| head.ends_with(w.as_str()))
    }

    /// The figure that `c` is read for, by [`Confusables::digits`] or [`Confusables::letters`].
    #[inline]
    #[must_use]
    pub fn figure(&self, c: char) -> Option<char> {
        self.figures.get(c)
    }

    /// The examples of each rule for numerals: its table, the texts that it mends, those that it leaves.
    #[must_use]
    pub fn examples(&self) -> Vec<(&'static str, &[Hit], &[String])> {
        let mut out: Vec<(&'static str, &[Hit], &[String])> = vec![
            ("point", &self.point.hit, &self.point.miss),
            ("permille", &self.permille.hit, &self.permille.miss),
            ("letters", &self.letters.hit, &self.letters.miss),
            ("lone", &self.lone.hit, &self.lone.miss),
            ("thousand", &self.thousand.hit, &self.thousand.miss),
            ("range", &self.range.hit, &self.range.miss),
            ("speck", &self.speck.hit, &self.speck.miss),
            (
                "percent-point",
                &self.percent_point.hit,
                &self.percent_point.miss,
            ),
            ("percent", &self.percent.hit, &self.percent.miss),
        ];
        out.extend(self.unit.iter().map(|u| ("unit", &u.hit[..], &u.miss[..])));
        out
    }

    /// True for two figures, `b'0'` to `b'9'`, that are often taken for one another.
    #[must_use]
    pub fn alike(&self, a: u8, b: u8) -> bool {
        let mut pairs = self.alike.pairs.iter().map(String::as_bytes);
        pairs.any(|p| p == [a, b] || p == [b, a])
    }
}
