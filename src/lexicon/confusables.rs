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

/// What engines read for something else.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Confusables {
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
}
