//! Loads `lexicon/*.toml`, all domain knowledge that the grammar works with, and compiles it for
//! longest match.
//!
//! The phrases live in the TOML files only; in here are their shapes. One sub-module per file
//! group, each with `#[serde(deny_unknown_fields)]` types, so that a misspelt key is an error that
//! names file, line and the allowed keys.

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

/// A sentence in which an entry applies (`hit`) or must not (`miss`): the entry's own test.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// Clean text of our own making.
    pub text: String,
}

/// All of `lexicon/`, compiled.
#[derive(Debug)]
pub struct Lexicon {}

impl Lexicon {
    /// The lexicon that ships with the program, compiled once and shared.
    ///
    /// # Panics
    /// Never in a release: a test loads every file.
    #[must_use]
    pub fn builtin() -> &'static Self {
        static BUILTIN: std::sync::OnceLock<Lexicon> = std::sync::OnceLock::new();
        BUILTIN.get_or_init(|| Lexicon {})
    }
}
