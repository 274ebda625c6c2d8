//! Loads `lexicon/*.toml`, all domain knowledge that the grammar works with, and compiles it for
//! longest match.
//!
//! The phrases live in the TOML files only; in here are their shapes. One sub-module per file
//! group, each with `#[serde(deny_unknown_fields)]` types, so that a misspelt key is an error that
//! names file, line and the allowed keys. Users add entries of their own with [`Lexicon::with`].

/// `File("NAME") { TABLE: TYPE, … }`: the shape of `lexicon/NAME.toml`, tables of entries to which
/// users may add.
macro_rules! tables {
    (File($name:literal) { $($table:ident: $entry:ty),* $(,)? }) => {
        #[derive(Default, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub(super) struct File {
            $(pub(super) $table: Vec<$entry>,)*
        }

        impl File {
            pub(super) const NAME: &str = concat!("lexicon/", $name, ".toml");

            #[cfg(test)]
            pub(super) const TABLES: &[&str] = &[$(stringify!($table)),*];

            /// Adds the entries of another file behind its own.
            pub(super) fn add(&mut self, other: Self) {
                $(self.$table.extend(other.$table);)*
            }
        }
    };
}
use tables;

pub mod approximations;
pub mod changes;
pub mod checks;
pub mod concepts;
pub mod confusables;
pub mod documents;
pub mod doubts;
pub mod entries;
pub mod forms;
pub mod furniture;
pub mod gold_units;
pub mod keys;
pub mod labels;
pub mod lookalikes;
pub mod multipliers;
pub mod names;
pub mod not_a_quantity;
pub mod numerals;
mod own;
pub mod panel;
pub mod periods;
pub mod regions;
pub mod units;
pub mod variants;

use std::sync::{Arc, OnceLock};

use serde::de::DeserializeOwned;

use crate::base::{CharMap, CharSet};

pub use approximations::Approximations;
pub use changes::Changes;
pub use checks::Checks;
pub use concepts::Concepts;
pub use documents::Documents;
pub use forms::Forms;
pub use keys::{KeyWords, Keys};
pub use names::Names;
pub use not_a_quantity::NotQuantities;
pub use numerals::Numerals;
pub use periods::Periods;
pub use units::Units;
pub use variants::Variants;

/// Why a lexicon file could not be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {message}")]
pub struct LexiconError {
    /// Name of the file, of the built-in ones with `lexicon/` before it.
    pub file: String,
    /// What is wrong, with line and, for an unknown key, the allowed ones.
    pub message: String,
}

/// Reads one lexicon file.
///
/// # Errors
/// When `text` is no TOML or does not have the shape of `T`; the message names line and keys.
pub fn parse<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, LexiconError> {
    toml::from_str(text).map_err(|error| parse_error(file, &error))
}

/// The text of a built-in file, as the build script leaves it: JSON is read some ten times faster
/// than TOML, and the program starts with it.
macro_rules! text {
    ($name:literal) => {
        include_str!(concat!(env!("OUT_DIR"), "/", $name, ".json"))
    };
}
use text;

/// Reads a built-in file from its [`text`].
fn builtin<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, LexiconError> {
    serde_json::from_str(text).map_err(|error| LexiconError {
        file: file.to_owned(),
        message: error.to_string(),
    })
}

fn parse_error(file: &str, error: &toml::de::Error) -> LexiconError {
    LexiconError {
        file: file.to_owned(),
        message: error.to_string().trim_end().to_owned(),
    }
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
    /// When a number that was read is in doubt.
    pub doubts: doubts::Doubts,
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
    /// What numbers are stated of.
    pub concepts: Concepts,
    /// Traditional characters.
    pub variants: Variants,
    /// Characters that a number, a time or a fixed word with a number in it starts with; a point
    /// (.5) is none.
    pub triggers: CharSet,
    /// What each of them may open.
    pub openings: CharMap<Opening>,
    /// The words that lines are asked for before furniture, jumps and front matter are looked for in them.
    pub keys: KeyWords,
    /// Their first characters and the marks that end clauses: what a line is searched for when it is
    /// first read.
    pub noted: CharSet,
}

/// What a character may open besides a numeral.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Opening {
    /// A word of [`Periods`].
    pub period: bool,
    /// A fixed word of [`NotQuantities`].
    pub fixed: bool,
    /// A phrase of [`Numerals`].
    pub phrase: bool,
    /// A rank: 前.
    pub front: bool,
}

/// The marks that end a clause or a sentence.
pub const CLAUSE_ENDS: [char; 12] = [
    '。', '，', '；', '：', '！', '？', '｡', ',', ';', ':', '!', '?',
];

impl Lexicon {
    /// The lexicon that ships with the program, compiled once and shared.
    ///
    /// # Panics
    /// Never in a release: a test loads every file.
    #[must_use]
    pub fn builtin() -> &'static Self {
        Self::builtin_arc()
    }

    /// The same, to be kept beside lexicons with users' words.
    pub(crate) fn builtin_arc() -> &'static Arc<Self> {
        static BUILTIN: OnceLock<Arc<Lexicon>> = OnceLock::new();
        BUILTIN.get_or_init(|| Arc::new(Self::load().unwrap_or_else(|error| panic!("{error}"))))
    }

    /// Compiles the files that ship with the program.
    ///
    /// # Errors
    /// When one of them is not of its shape.
    pub fn load() -> Result<Self, LexiconError> {
        Self::compile(own::Files::builtin()?)
    }

    /// The lexicon that ships with the program and users' own words: `files` are pairs of a file's
    /// name, for messages, and its text. The table `T` of `lexicon/F.toml` is `[[F.T]]` in them,
    /// `[[unit]]`, `[[fixed]]` and `[[name]]` are short for `units.unit`, `not_a_quantity.fixed`
    /// and `names.kept`; entries look the same.
    ///
    /// ```
    /// use gongbao::{Extractor, lexicon::Lexicon};
    /// let own = r#"
    /// [[unit]]
    /// forms = ["篾筐"]
    /// dimension = "count"
    /// hit = [{ text = "收茶37篾筐。", value = "37", unit = "篾筐" }]
    /// "#;
    /// let extractor = Extractor::new().lexicon(Lexicon::with([("own.toml", own)])?);
    /// let record = extractor.extract("a.txt", "全年收茶992篾筐。".as_bytes()).unwrap();
    /// assert_eq!(record.indicators[0].unit, "篾筐");
    /// # Ok::<(), gongbao::lexicon::LexiconError>(())
    /// ```
    ///
    /// # Errors
    /// When a file is not of its shape, and when a form stands in its table already: entries are
    /// added, none is replaced.
    pub fn with<'a>(
        files: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, LexiconError> {
        Self::with_concepts(files, [])
    }

    /// The same, with users' own concepts: files as those of `lexicon/concepts/`.
    ///
    /// ```
    /// use gongbao::{Extractor, lexicon::Lexicon};
    /// let own = r#"
    /// [[concept]]
    /// id = "agri.output.kumquats"
    /// zh = "金桔产量"
    /// en = "Output of kumquats"
    /// dimension = "mass"
    /// "#;
    /// let lexicon = Lexicon::with_concepts([], [("own.toml", own)])?;
    /// let extractor = Extractor::new().lexicon(lexicon);
    /// let record = extractor.extract("a.txt", "金桔产量992吨。".as_bytes()).unwrap();
    /// assert_eq!(record.indicators[0].concept.as_deref(), Some("agri.output.kumquats"));
    /// # Ok::<(), gongbao::lexicon::LexiconError>(())
    /// ```
    ///
    /// # Errors
    /// As [`Lexicon::with`], and when an id is taken already or asks for one that is not there.
    pub fn with_concepts<'a>(
        files: impl IntoIterator<Item = (&'a str, &'a str)>,
        concepts: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, LexiconError> {
        let mut all = own::Files::builtin()?;
        let mut entries = Vec::new();
        for (file, text) in files {
            entries.extend(entries::own(file, text)?);
            all.add(parse(file, text)?);
        }
        for (file, text) in concepts {
            all.add_concepts(parse(file, text)?);
        }
        entries::refuse_unusable(&entries)?;
        Self::compile(all)
    }

    fn compile(files: own::Files) -> Result<Self, LexiconError> {
        macro_rules! file {
            ($table:ident, $name:literal) => {
                $table::load(concat!("lexicon/", $name, ".toml"), text!($name))?
            };
        }
        let mut words = KeyWords::default();
        let mut lexicon = Self {
            labels: labels::Labels::load(text!("labels"))?,
            furniture: furniture::Furniture::load(text!("furniture"), &mut words)?,
            jumps: furniture::Jumps::load(text!("jumps"), &mut words)?,
            front_matter: furniture::FrontMatter::load(text!("front_matter"), &mut words)?,
            confusables: confusables::Confusables::load(text!("confusables"))?,
            doubts: doubts::Doubts::load(text!("doubts"))?,
            lookalikes: lookalikes::Lookalikes::load(text!("lookalikes"))?,
            units: Units::compile(files.units)?,
            numerals: file!(Numerals, "numerals"),
            approximations: Approximations::compile(files.approximations)?,
            periods: Periods::compile(files.periods)?,
            not_quantities: NotQuantities::compile(files.not_a_quantity)?,
            names: Names::compile(files.names)?,
            changes: Changes::compile(files.changes)?,
            documents: Documents::compile(files.documents)?,
            checks: file!(Checks, "checks"),
            concepts: Concepts::compile(files.concepts)?,
            variants: file!(Variants, "variants"),
            triggers: CharSet::new(),
            openings: CharMap::new(),
            keys: words,
            noted: CharSet::new(),
        };
        let mut may_open = |c: char, say: fn(&mut Opening)| {
            let mut opening = lexicon.openings.get(c).unwrap_or_default();
            say(&mut opening);
            lexicon.openings.insert(c, opening);
            lexicon.triggers.insert(c);
        };
        let numerals = &lexicon.numerals;
        numerals.initials().for_each(|c| may_open(c, |_| {}));
        let phrases = numerals.phrase_initials();
        phrases.for_each(|c| may_open(c, |o| o.phrase = true));
        let periods = lexicon.periods.initials();
        periods.for_each(|c| may_open(c, |o| o.period = true));
        let fixed = lexicon.not_quantities.initials();
        fixed.for_each(|c| may_open(c, |o| o.fixed = true));
        let fronts = lexicon.names.initials();
        fronts.for_each(|c| may_open(c, |o| o.front = true));
        lexicon.noted = lexicon.keys.initials().clone();
        lexicon.noted.extend(CLAUSE_ENDS);
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
        let text = "[[unit]]\nform = [\"人\"]";
        let error = parse::<units::File>(units::File::NAME, text)
            .map(|_| ())
            .unwrap_err();
        let message = error.to_string();
        assert!(message.contains("lexicon/units.toml"), "{message}");
        assert!(message.contains("line 2"), "{message}");
        assert!(message.contains("`forms`"), "{message}");
    }
}
