//! `lexicon/confusables.toml`: what engines read for something else inside numerals.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::LexiconError;

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
}

impl Confusables {
    /// Compiles the file.
    ///
    /// # Errors
    /// When `text` is not of its shape.
    pub fn load(text: &str) -> Result<Self, LexiconError> {
        super::builtin("lexicon/confusables.toml", text)
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
