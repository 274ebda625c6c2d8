//! Loads `lexicon/*.toml`, all domain knowledge that the grammar works with, and compiles it for
//! longest match.
//!
//! The phrases live in the TOML files only; in here are their shapes. One sub-module per file
//! group, each with `#[serde(deny_unknown_fields)]` types, so that a misspelt key is an error that
//! names file, line and the allowed keys.

pub mod approximations;
pub mod changes;
pub mod checks;
pub mod confusables;
pub mod documents;
pub mod forms;
pub mod furniture;
pub mod gold_units;
pub mod labels;
pub mod lookalikes;
pub mod multipliers;
pub mod names;
pub mod not_a_quantity;
pub mod numerals;
pub mod periods;
pub mod units;
pub mod variants;

use std::collections::HashSet;

use serde::de::DeserializeOwned;

pub use approximations::Approximations;
pub use changes::Changes;
pub use checks::Checks;
pub use documents::Documents;
pub use forms::Forms;
pub use names::Names;
pub use not_a_quantity::NotQuantities;
pub use numerals::Numerals;
pub use periods::Periods;
pub use units::Units;
pub use variants::Variants;

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
    /// Units and measure words.
    pub units: Units,
    /// Characters of numbers.
    pub numerals: Numerals,
    /// Words that say how exact a number is.
    pub approximations: Approximations,
    /// Words that say a time.
    pub periods: Periods,
    /// Numbers that are no measurement.
    pub not_quantities: NotQuantities,
    /// Words that the grammar of names goes by.
    pub names: Names,
    /// Words that say what a number states.
    pub changes: Changes,
    /// Words that a page's own arithmetic goes by.
    pub checks: Checks,
    /// Words by which a page says what it is.
    pub documents: Documents,
    /// Traditional characters.
    pub variants: Variants,
    /// Characters other than ASCII digits that a number, a time or a fixed word with a number in
    /// it starts with.
    pub triggers: HashSet<char>,
}

impl Lexicon {
    /// The lexicon that ships with the program, compiled once and shared.
    ///
    /// # Panics
    /// Never in a release: a test loads every file.
    #[must_use]
    pub fn builtin() -> &'static Self {
        static BUILTIN: std::sync::OnceLock<Lexicon> = std::sync::OnceLock::new();
        BUILTIN.get_or_init(|| Self::load().unwrap_or_else(|error| panic!("{error}")))
    }

    /// Compiles the files that ship with the program.
    ///
    /// # Errors
    /// When one of them is not of its shape.
    pub fn load() -> Result<Self, LexiconError> {
        macro_rules! file {
            ($table:ident, $name:literal) => {
                $table::load($name, include_str!(concat!("../../lexicon/", $name)))?
            };
        }
        let mut lexicon = Self {
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
            units: file!(Units, "units.toml"),
            numerals: file!(Numerals, "numerals.toml"),
            approximations: file!(Approximations, "approximations.toml"),
            periods: file!(Periods, "periods.toml"),
            not_quantities: file!(NotQuantities, "not_a_quantity.toml"),
            names: file!(Names, "names.toml"),
            changes: file!(Changes, "changes.toml"),
            checks: file!(Checks, "checks.toml"),
            documents: file!(Documents, "documents.toml"),
            variants: file!(Variants, "variants.toml"),
            triggers: HashSet::new(),
        };
        lexicon.triggers = lexicon
            .numerals
            .initials()
            .chain(lexicon.periods.initials())
            .chain(lexicon.not_quantities.initials())
            .chain(lexicon.names.initials())
            .collect();
        Ok(lexicon)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_loads() {
        Lexicon::load().unwrap();
    }

    #[test]
    fn an_unknown_key_is_named_with_the_allowed_ones() {
        let error = Units::load("units.toml", "[[unit]]\nform = [\"人\"]").unwrap_err();
        let message = error.to_string();
        assert!(message.contains("units.toml"), "{message}");
        assert!(message.contains("line 2"), "{message}");
        assert!(message.contains("`forms`"), "{message}");
    }
}
