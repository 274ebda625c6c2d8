//! `lexicon/doubts.toml`: when a number that was read is in doubt.

use serde::Deserialize;

use super::LexiconError;

/// How sure an engine must be of words.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// Of each word of a number, in ten-thousandths.
    pub own: u16,
    /// Of the words around it, on average.
    pub around: u16,
    /// How many words on each side are around it.
    pub reach: usize,
}

/// How sure an engine must be of lines.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lines {
    /// Of each line that a number stands in, in ten-thousandths.
    pub own: u16,
}

/// Multipliers without a figure.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bare {
    /// Words that one follows.
    pub after: Vec<String>,
    /// Texts with one number in doubt.
    pub hit: Vec<String>,
    /// Texts without.
    pub miss: Vec<String>,
}

/// Rows of percentages.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InRow {
    /// No percentage is so many times all others.
    pub times: u32,
    /// What stands between two.
    pub marks: Vec<String>,
    /// Texts with one number in doubt.
    pub hit: Vec<String>,
    /// Texts without.
    pub miss: Vec<String>,
}

/// Texts that show a rule.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Examples {
    /// Texts with one number in doubt.
    pub hit: Vec<String>,
    /// Texts without.
    pub miss: Vec<String>,
}

/// Marks before a number.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stray {
    /// Marks that never stand there.
    pub marks: Vec<char>,
    /// Texts with one number in doubt.
    pub hit: Vec<String>,
    /// Texts without.
    pub miss: Vec<String>,
}

/// Things that are whole.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Whole {
    /// Dimension of their units.
    pub dimension: String,
    /// Units of that dimension that have pieces.
    pub units_except: Vec<String>,
    /// Words of a clause in which they need not be.
    pub except: Vec<String>,
    /// Texts with one number in doubt.
    pub hit: Vec<String>,
    /// Texts without.
    pub miss: Vec<String>,
}

/// Parts of a whole.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Share {
    /// Dimension of their units.
    pub dimension: String,
    /// Words right before one.
    pub before: Vec<String>,
    /// Words of a clause in which one may be more than the whole.
    pub except: Vec<String>,
    /// Texts with one number in doubt.
    pub hit: Vec<String>,
    /// Texts without.
    pub miss: Vec<String>,
}

/// When a number is in doubt.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Doubts {
    /// By what an engine says of its words.
    pub words: Words,
    /// By what it says of its lines.
    pub lines: Lines,
    /// By a mark before it.
    pub stray: Stray,
    /// By having no figure.
    pub bare: Bare,
    /// By a zero too many.
    pub zero: Examples,
    /// By a figure that is not there.
    pub gap: Examples,
    /// By half a thing.
    pub whole: Whole,
    /// By more than the whole.
    pub share: Share,
    /// By what the others of its row are.
    pub row: InRow,
}

impl Doubts {
    /// Compiles the file.
    ///
    /// # Errors
    /// When `text` is not of its shape.
    pub fn load(text: &str) -> Result<Self, LexiconError> {
        super::builtin("lexicon/doubts.toml", text)
    }

    /// The examples of each rule: its table, the texts with a number in doubt, those without.
    #[must_use]
    pub fn examples(&self) -> [(&'static str, &[String], &[String]); 7] {
        [
            ("stray", &self.stray.hit, &self.stray.miss),
            ("bare", &self.bare.hit, &self.bare.miss),
            ("zero", &self.zero.hit, &self.zero.miss),
            ("gap", &self.gap.hit, &self.gap.miss),
            ("whole", &self.whole.hit, &self.whole.miss),
            ("share", &self.share.hit, &self.share.miss),
            ("row", &self.row.hit, &self.row.miss),
        ]
    }
}
