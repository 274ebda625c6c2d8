//! `lexicon/names.toml`: words that the grammar of names goes by.

use serde::Deserialize;

use super::{Forms, LexiconError, parse};

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    forms: Vec<String>,
    /// Texts with one quantity at least.
    hit: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    join: Vec<Group>,
    place: Vec<Group>,
    front: Vec<Group>,
    from: Vec<Group>,
    ratio: Vec<Group>,
}

/// All words of the file, compiled.
#[derive(Debug)]
pub struct Names {
    join: Vec<char>,
    place: Vec<String>,
    front: Vec<char>,
    from: Vec<char>,
    ratio: Forms,
    examples: Vec<String>,
}

fn characters(groups: &[Group]) -> Vec<char> {
    groups
        .iter()
        .flat_map(|g| &g.forms)
        .filter_map(|f| f.chars().next())
        .collect()
}

impl Names {
    pub(super) fn load(file: &str, text: &str) -> Result<Self, LexiconError> {
        let f: File = parse(file, text)?;
        Ok(Self {
            join: characters(&f.join),
            place: f.place.iter().flat_map(|g| g.forms.clone()).collect(),
            front: characters(&f.front),
            from: characters(&f.from),
            ratio: Forms::new(
                file,
                f.ratio
                    .iter()
                    .flat_map(|g| g.forms.iter().map(|w| (w.as_str(), 0))),
            )?,
            examples: [&f.join, &f.place, &f.front, &f.from, &f.ratio]
                .into_iter()
                .flatten()
                .flat_map(|g| g.hit.clone())
                .collect(),
        })
    }

    /// True for 和, 及, 与.
    #[must_use]
    pub fn joins(&self, c: char) -> bool {
        self.join.contains(&c)
    }

    /// True for measure words of ranks.
    #[must_use]
    pub fn place(&self, unit: &str) -> bool {
        self.place.iter().any(|p| p == unit)
    }

    /// True for what opens a class of ranks: 前.
    #[must_use]
    pub fn front(&self, c: char) -> bool {
        self.front.contains(&c)
    }

    /// True for what opens the earlier of two values: 由, 从.
    #[must_use]
    pub fn from(&self, c: char) -> bool {
        self.from.contains(&c)
    }

    /// Characters that a number may start with: 前 of 前三.
    pub fn initials(&self) -> impl Iterator<Item = char> + '_ {
        self.front.iter().copied()
    }

    /// The unit of a rank.
    #[must_use]
    pub fn rank_unit(&self) -> &str {
        self.place.first().map_or("", String::as_str)
    }

    /// True when a word of ratios starts at byte `at`.
    #[must_use]
    pub fn ratio_word_at(&self, text: &str, at: usize) -> bool {
        self.ratio.at(text, at).is_some()
    }

    /// The entries' own tests.
    #[must_use]
    pub fn examples(&self) -> &[String] {
        &self.examples
    }
}
