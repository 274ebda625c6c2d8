//! `lexicon/approximations.toml`: words beside a number that say how exact it is.

use serde::Deserialize;

use super::{Forms, LexiconError};
use crate::record::Precision;

/// A text in which a number has a precision.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrecisionExample {
    /// Clean text of our own making.
    pub text: String,
    /// The precision of its one quantity.
    pub precision: Precision,
}

/// One group of words.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approximation {
    forms: Vec<String>,
    /// What they say.
    pub precision: Precision,
    /// True for words that make a class of a noun behind them (500万元以上项目).
    #[serde(default)]
    pub qualifier: bool,
    /// Characters before the form that make another word of it: 附近.
    #[serde(default)]
    not_after: Vec<String>,
    /// Only before a multiplier without a figure: 上百户, but no 上3户.
    #[serde(default)]
    pub bare: bool,
    /// Only where no word follows: 一倍多, but no 一户多业.
    #[serde(default)]
    closed: bool,
    /// Texts in which it applies.
    pub hit: Vec<PrecisionExample>,
    /// Texts in which it does not: their number is exact.
    #[serde(default)]
    pub miss: Vec<String>,
}

super::tables! {
    File("approximations") { before: Approximation, after: Approximation }
}

/// All approximations, compiled.
#[derive(Debug)]
pub struct Approximations {
    /// Those before a number.
    pub before: Vec<Approximation>,
    before_forms: Forms,
    /// Those after its unit.
    pub after: Vec<Approximation>,
    after_forms: Forms,
}

impl Approximations {
    pub(super) fn compile(File { before, after }: File) -> Result<Self, LexiconError> {
        let compile = |entries: &[Approximation]| {
            Forms::new(
                File::NAME,
                entries
                    .iter()
                    .enumerate()
                    .flat_map(|(i, e)| e.forms.iter().map(move |f| (f.as_str(), i))),
            )
        };
        Ok(Self {
            before_forms: compile(&before)?,
            after_forms: compile(&after)?,
            before,
            after,
        })
    }

    /// The word that ends at byte `at`, where a number starts: its start and what it says.
    #[must_use]
    pub fn before(&self, text: &str, at: usize, bare: bool) -> Option<(usize, Precision)> {
        self.before_number(text, at, || bare)
    }

    /// The same, when whether the number is a multiplier without a figure is to be found out yet.
    #[must_use]
    pub fn before_number(
        &self,
        text: &str,
        at: usize,
        bare: impl FnOnce() -> bool,
    ) -> Option<(usize, Precision)> {
        let (start, index) = self.before_forms.before(text, at)?;
        let entry = self.before.get(index)?;
        let head = text.get(..start)?;
        let other = entry.not_after.iter().any(|w| head.ends_with(w.as_str()));
        (!other && (!entry.bare || bare())).then_some((start, entry.precision))
    }

    /// What the word before a number that `text` starts with says.
    #[must_use]
    pub fn opens(&self, text: &str) -> Option<Precision> {
        let (_, index) = self.before_forms.at(text, 0)?;
        self.before
            .get(index)
            .filter(|e| !e.bare)
            .map(|e| e.precision)
    }

    /// True when `text` ends with such a form that is the end of another word: 签约, 节约.
    #[must_use]
    pub fn ends_in_another_word(&self, text: &str) -> bool {
        self.before_forms
            .before(text, text.len())
            .and_then(|(_, index)| self.before.get(index))
            .is_some_and(|entry| !entry.bare && self.before(text, text.len(), false).is_none())
    }

    /// The word that starts at byte `at`: its end and what it says.
    #[must_use]
    pub fn after(&self, text: &str, at: usize) -> Option<(usize, &Approximation)> {
        let (end, index) = self.after_forms.at(text, at)?;
        let entry = self.after.get(index)?;
        let follows = text.get(end..)?.starts_with(char::is_alphanumeric);
        (!entry.closed || !follows).then_some((end, entry))
    }
}
