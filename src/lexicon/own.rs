//! Users' own words: one file with entries of any of the tables that the grammar looks words up
//! in, in the form that they have in `lexicon/`.
//!
//! The table `T` of `lexicon/F.toml` is `[[F.T]]` there. Three have short names: `[[unit]]`,
//! `[[fixed]]` (`not_a_quantity.fixed`) and `[[name]]` (`names.kept`).

use serde::Deserialize;

use super::units::Unit;
use super::{
    LexiconError, approximations, builtin, changes, concepts, documents, names, not_a_quantity,
    periods, text, units,
};

/// The shape of a user's file.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Own {
    unit: Vec<Unit>,
    fixed: Vec<not_a_quantity::NotAQuantity>,
    name: Vec<names::Kept>,
    approximations: approximations::File,
    changes: changes::File,
    documents: documents::File,
    names: names::File,
    not_a_quantity: not_a_quantity::File,
    periods: periods::File,
    units: units::File,
}

/// The table that a short name stands for.
pub(super) fn table_of(short: &str) -> &str {
    match short {
        "unit" => "units.unit",
        "fixed" => "not_a_quantity.fixed",
        "name" => "names.kept",
        other => other,
    }
}

/// The tables of the built-in files, and what users add to them.
pub(super) struct Files {
    pub(super) approximations: approximations::File,
    pub(super) changes: changes::File,
    pub(super) concepts: concepts::File,
    pub(super) documents: documents::File,
    pub(super) names: names::File,
    pub(super) not_a_quantity: not_a_quantity::File,
    pub(super) periods: periods::File,
    pub(super) units: units::File,
}

impl Files {
    pub(super) fn builtin() -> Result<Self, LexiconError> {
        macro_rules! file {
            ($name:literal) => {
                builtin(concat!("lexicon/", $name, ".toml"), text!($name))?
            };
        }
        Ok(Self {
            approximations: file!("approximations"),
            changes: file!("changes"),
            concepts: file!("concepts"),
            documents: file!("documents"),
            names: file!("names"),
            not_a_quantity: file!("not_a_quantity"),
            periods: file!("periods"),
            units: file!("units"),
        })
    }

    /// Adds a file of users' own concepts.
    pub(super) fn add_concepts(&mut self, own: concepts::File) {
        self.concepts.add(own);
    }

    pub(super) fn add(&mut self, own: Own) {
        self.units.unit.extend(own.unit);
        self.not_a_quantity.fixed.extend(own.fixed);
        self.names.kept.extend(own.name);
        self.approximations.add(own.approximations);
        self.changes.add(own.changes);
        self.documents.add(own.documents);
        self.names.add(own.names);
        self.not_a_quantity.add(own.not_a_quantity);
        self.periods.add(own.periods);
        self.units.add(own.units);
    }
}

#[cfg(test)]
mod tests {
    use crate::lexicon::{Lexicon, entries};

    #[test]
    fn no_table_of_the_builtin_files_is_empty() {
        use super::*;
        let entries = entries::builtin().unwrap();
        for (name, tables) in [
            (units::File::NAME, units::File::TABLES),
            (approximations::File::NAME, approximations::File::TABLES),
            (changes::File::NAME, changes::File::TABLES),
            (documents::File::NAME, documents::File::TABLES),
            (names::File::NAME, names::File::TABLES),
            (not_a_quantity::File::NAME, not_a_quantity::File::TABLES),
            (periods::File::NAME, periods::File::TABLES),
        ] {
            for table in tables {
                let there = |e: &entries::Entry| {
                    e.file == name && e.table.split_once('.').is_some_and(|t| t.1 == *table)
                };
                assert!(entries.iter().any(there), "{name}: no [[{table}]]");
            }
        }
    }

    #[test]
    fn a_form_that_is_there_already_is_refused_with_its_place() {
        let text = "\n[[unit]]\nforms = [\"亩\"]\ndimension = \"area\"\nhit = []\n";
        let message = Lexicon::with([("t.toml", text)]).unwrap_err().to_string();
        assert!(message.starts_with("t.toml: line 2: "), "{message}");
        assert!(message.contains("lexicon/units.toml, line "), "{message}");

        let empty = "[[name]]\nforms = [\"\"]\nhit = []";
        let message = Lexicon::with([("t.toml", empty)]).unwrap_err().to_string();
        assert!(
            message.starts_with("t.toml: line 1: a form is empty"),
            "{message}"
        );

        let twice =
            "[[fixed]]\nforms = [\"四茶一水\", \"四茶一水\"]\nreason = \"slogan\"\nhit = []";
        let message = Lexicon::with([("t.toml", twice)]).unwrap_err().to_string();
        assert!(message.contains("t.toml, line 1, already"), "{message}");
    }

    #[test]
    fn unknown_keys_and_tables_are_named_with_the_allowed_ones() {
        for (text, line, allowed) in [
            ("[[name]]\nform = [\"茶\"]", "line 2", "`forms`"),
            (
                "[[furniture.line]]\nforms = []",
                "line 1",
                "`not_a_quantity`",
            ),
            ("[[names.adverbs]]\nforms = []", "line 1", "`adverb`"),
        ] {
            let message = Lexicon::with([("t.toml", text)]).unwrap_err().to_string();
            assert!(message.starts_with("t.toml: "), "{message}");
            assert!(message.contains(line), "{message}");
            assert!(message.contains(allowed), "{message}");
        }
    }
}
