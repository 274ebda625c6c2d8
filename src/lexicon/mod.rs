//! Loads `lexicon/*.toml`, all domain knowledge that the grammar works with, and compiles it for
//! longest match.
//!
//! The phrases live in the TOML files only; in here are their shapes. One sub-module per file
//! group, each with `#[serde(deny_unknown_fields)]` types, so that a misspelt key is an error that
//! names file, line and the allowed keys.

pub mod confusables;
pub mod furniture;
pub mod labels;
pub mod lookalikes;
pub mod multipliers;

use serde::de::DeserializeOwned;

/// Why a lexicon file could not be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("lexicon/{file}: {message}")]
pub struct LexiconError {
    /// Name of the file below `lexicon/`.
    pub file: String,
    /// What is wrong, with line and, for an unknown key, the allowed ones.
    pub message: String,
}

/// Reads one lexicon file.
///
/// # Errors
/// When `text` is no TOML or does not have the shape of `T`; the message names line and keys.
pub fn parse<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, LexiconError> {
    toml::from_str(text).map_err(|error| LexiconError {
        file: file.to_owned(),
        message: error.to_string(),
    })
}

/// All of `lexicon/`, compiled.
#[derive(Debug)]
pub struct Lexicon {
    /// Section labels.
    pub labels: labels::Labels,
    /// What stands around the text of a page.
    pub furniture: furniture::Furniture,
    /// Jump lines.
    pub jumps: furniture::Jumps,
    /// Titles, issuers, datelines.
    pub front_matter: furniture::FrontMatter,
    /// Misread characters.
    pub confusables: confusables::Confusables,
    /// Look-alike code points.
    pub lookalikes: lookalikes::Lookalikes,
}

impl Lexicon {
    /// Compiles the files that ship with the program.
    ///
    /// # Errors
    /// When one of them is not of its shape.
    pub fn load() -> Result<Self, LexiconError> {
        Ok(Self {
            labels: labels::Labels::load(include_str!("../../lexicon/labels.toml"))?,
            furniture: furniture::Furniture::load(include_str!("../../lexicon/furniture.toml"))?,
            jumps: furniture::Jumps::load(include_str!("../../lexicon/jumps.toml"))?,
            front_matter: furniture::FrontMatter::load(include_str!(
                "../../lexicon/front_matter.toml"
            ))?,
            confusables: confusables::Confusables::load(include_str!(
                "../../lexicon/confusables.toml"
            ))?,
            lookalikes: lookalikes::Lookalikes::load(include_str!(
                "../../lexicon/lookalikes.toml"
            ))?,
        })
    }

    /// The lexicon that ships with the program, compiled once and shared.
    ///
    /// # Panics
    /// Never in a release: a test loads every file.
    #[must_use]
    pub fn builtin() -> &'static Self {
        static BUILTIN: std::sync::OnceLock<Lexicon> = std::sync::OnceLock::new();
        BUILTIN.get_or_init(|| match Self::load() {
            Ok(lexicon) => lexicon,
            Err(error) => panic!("{error}"),
        })
    }
}
