//! `lexicon/confusables.toml`: what engines read for something else inside numerals.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::LexiconError;

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
    /// What makes one of them a point, when one digit stands between.
    pub before_marks: Vec<String>,
}

/// A per-mille sign read as two characters.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Permille {
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
#[serde(deny_unknown_fields)]
pub struct Confusables {
    /// Figures taken for one another.
    pub alike: Alike,
    /// A dash before a heading.
    pub dash: Dash,
    /// Characters read for a digit.
    pub digits: BTreeMap<char, char>,
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
        super::parse("lexicon/confusables.toml", text)
    }

    /// True for two figures, `b'0'` to `b'9'`, that are often taken for one another.
    #[must_use]
    pub fn alike(&self, a: u8, b: u8) -> bool {
        let mut pairs = self.alike.pairs.iter().map(String::as_bytes);
        pairs.any(|p| p == [a, b] || p == [b, a])
    }
}
