//! `lexicon/checks.toml`: words that a page's own arithmetic goes by.

use serde::Deserialize;

use super::{Forms, LexiconError, builtin};

/// A text and what its only check comes to; kind `none` when there is none.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckExample {
    /// The text.
    pub text: String,
    /// The check's kind.
    pub kind: String,
    /// Its status.
    pub status: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    forms: Vec<String>,
    hit: Vec<CheckExample>,
    #[serde(default)]
    miss: Vec<CheckExample>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Whole {
    /// The forms of each thing.
    things: Vec<Vec<String>>,
    hit: Vec<CheckExample>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    claim: Vec<Group>,
    behind: Vec<Group>,
    all: Vec<Whole>,
    structure: Vec<Group>,
    real: Vec<Group>,
    note: Vec<Group>,
    bare: Vec<Group>,
    points: Vec<Group>,
}

/// All words of the file, compiled.
#[derive(Debug)]
pub struct Checks {
    /// Say that the parts behind them are all.
    pub claim: Forms,
    /// Say that a number is the sum of those before it.
    pub behind: Forms,
    /// What names end with whose terms are shares of one whole.
    pub structure: Forms,
    /// In names: growth is counted in constant prices.
    pub real: Forms,
    /// Near a growth: it is counted otherwise than the levels.
    pub note: Forms,
    /// Between a part and its share of the whole.
    pub bare: Forms,
    /// Units of the difference of two percentages.
    pub points: Forms,
    /// Things that are all there is, the entry of a form its place in the list.
    wholes: Vec<(usize, Forms)>,
    examples: Vec<CheckExample>,
}

impl Checks {
    pub(super) fn load(file: &str, text: &str) -> Result<Self, LexiconError> {
        let f: File = builtin(file, text)?;
        let mut examples = Vec::new();
        let mut forms = |groups: &[Group]| {
            for group in groups {
                examples.extend(group.hit.iter().chain(&group.miss).cloned());
            }
            let words = groups.iter().flat_map(|g| &g.forms);
            Forms::new(file, words.map(|w| (w.as_str(), 0)))
        };
        let (claim, behind) = (forms(&f.claim)?, forms(&f.behind)?);
        let (structure, bare) = (forms(&f.structure)?, forms(&f.bare)?);
        let (real, note) = (forms(&f.real)?, forms(&f.note)?);
        let points = forms(&f.points)?;
        let mut wholes = Vec::new();
        for whole in &f.all {
            examples.extend(whole.hit.iter().cloned());
            let things = whole.things.iter().enumerate();
            let words = things.flat_map(|(i, t)| t.iter().map(move |w| (w.as_str(), i)));
            wholes.push((whole.things.len(), Forms::new(file, words)?));
        }
        Ok(Self {
            claim,
            behind,
            structure,
            real,
            note,
            bare,
            points,
            wholes,
            examples,
        })
    }

    /// True when `names` are things that are all there is, each said once: 城镇…, 乡村….
    #[must_use]
    pub fn are_all(&self, names: &[&str]) -> bool {
        self.wholes.iter().any(|(n, forms)| {
            let mut told: Vec<usize> = names
                .iter()
                .filter_map(|name| forms.first(name).map(|found| found.2))
                .collect();
            told.sort_unstable();
            told.dedup();
            names.len() == *n && told.len() == *n
        })
    }

    /// The entries' own tests.
    #[must_use]
    pub fn examples(&self) -> &[CheckExample] {
        &self.examples
    }
}
