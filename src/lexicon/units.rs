//! `lexicon/units.toml`: units and measure words.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Forms, LexiconError};

/// A text that must give value and unit.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuantityExample {
    /// Clean text of our own making.
    pub text: String,
    /// The value that one quantity in it has.
    pub value: String,
    /// The unit of that quantity.
    pub unit: String,
}

/// Which numbers a unit goes with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Only {
    /// Not behind Chinese figures: 红十字 has no 字.
    Arabic,
    /// Only behind a fraction: 11.7年 is a length, 2021年 a date.
    Decimal,
    /// Only where no word follows: 三十两 is a weight, 两会 none.
    Closed,
    /// Only behind another unit: 645元/月, 35条（段）.
    Second,
}

/// One unit or measure word.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unit {
    /// As the clean text has it.
    pub forms: Vec<String>,
    /// What the record says where that is not the form.
    pub unit: Option<String>,
    /// What is measured: `count`, `money`, `area`, `ratio`, …
    pub dimension: String,
    /// Exact factor to `base`: an integer, a decimal or a fraction.
    pub factor: Option<String>,
    /// The unit that `factor` leads to.
    pub base: Option<String>,
    /// Words that the form is only the beginning of.
    #[serde(default)]
    pub not_before: Vec<String>,
    /// Which numbers it goes with, when not with all.
    pub only: Option<Only>,
    /// Smaller units written behind it, and the power of ten that they are below it: 角 1, 分 2.
    #[serde(default)]
    pub parts: BTreeMap<String, u32>,
    /// Signs that say it before the number: ￥.
    #[serde(default)]
    pub signs: Vec<String>,
    /// Texts that must give value and unit.
    pub hit: Vec<QuantityExample>,
    /// Texts that must not give this unit.
    #[serde(default)]
    pub miss: Vec<String>,
}

super::tables! {
    File("units") { unit: Unit }
}

/// All units, compiled.
#[derive(Debug)]
pub struct Units {
    /// The entries, in the order of the file.
    pub entries: Vec<Unit>,
    forms: Forms,
    signs: Forms,
}

/// A unit found in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found<'a> {
    /// One past its last byte.
    pub end: usize,
    /// What the record says.
    pub name: &'a str,
    /// What is measured.
    pub dimension: &'a str,
    /// Which numbers it goes with, when not with all.
    pub only: Option<Only>,
}

impl Units {
    pub(super) fn compile(File { unit: entries }: File) -> Result<Self, LexiconError> {
        let forms = Forms::new(
            File::NAME,
            entries
                .iter()
                .enumerate()
                .flat_map(|(i, u)| u.forms.iter().map(move |f| (f.as_str(), i))),
        )?;
        let signs = Forms::new(
            File::NAME,
            entries
                .iter()
                .enumerate()
                .flat_map(|(i, u)| u.signs.iter().map(move |s| (s.as_str(), i))),
        )?;
        Ok(Self {
            entries,
            forms,
            signs,
        })
    }

    /// The longest unit that starts at byte `at` and is not the beginning of another word.
    #[must_use]
    pub fn at<'a>(&'a self, text: &'a str, at: usize) -> Option<Found<'a>> {
        self.second_at(text, at)
            .filter(|u| u.only != Some(Only::Second))
    }

    /// The same, with those that only stand behind another unit: 月 of 元/月.
    #[must_use]
    pub fn second_at<'a>(&'a self, text: &'a str, at: usize) -> Option<Found<'a>> {
        let (end, index) = self.forms.at(text, at)?;
        let unit = self.entries.get(index)?;
        let rest = text.get(end..)?;
        let latin = text
            .get(at..end)?
            .ends_with(|c: char| c.is_ascii_alphabetic());
        if unit.not_before.iter().any(|w| rest.starts_with(w.as_str()))
            || (latin && rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
        {
            return None;
        }
        Some(Found {
            end,
            name: unit.unit.as_deref().unwrap_or(text.get(at..end)?),
            dimension: &unit.dimension,
            only: unit.only,
        })
    }

    /// The unit called `name`: one of its forms, or what records say for them.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&Unit> {
        self.entries.get(self.forms.whole(name)?)
    }

    /// True when the unit `name`, a record's without multiplier, is one of `dimension`; of units with a
    /// `/` between, each is one of its own.
    #[must_use]
    pub fn measures(&self, name: &str, dimension: &str) -> bool {
        let mut units = name.split('/');
        let mut dimensions = dimension.split('/');
        loop {
            match (units.next(), dimensions.next()) {
                (None, None) => return true,
                (Some(unit), Some(dimension)) => {
                    let entry = self.forms.whole(unit).and_then(|i| self.entries.get(i));
                    if entry.is_none_or(|entry| entry.dimension != dimension) {
                        return false;
                    }
                }
                _ => return false,
            }
        }
    }

    /// The smaller unit of the unit `name` at byte `at`, 角 of 元: its end and the power of ten that
    /// it is below it.
    #[must_use]
    pub fn part_at(&self, name: &str, text: &str, at: usize) -> Option<(usize, u32)> {
        let unit = self.entries.get(self.forms.whole(name)?)?;
        let rest = text.get(at..)?;
        let fitting = unit.parts.iter().filter(|p| rest.starts_with(p.0.as_str()));
        let (form, power) = fitting.max_by_key(|p| p.0.len())?;
        Some((at + form.len(), *power))
    }

    /// The currency sign at the end of `head`: its length, and name and dimension of its unit.
    #[must_use]
    pub fn sign_before(&self, head: &str) -> Option<(usize, (&str, &str))> {
        let (start, index) = self.signs.before(head, head.len())?;
        let unit = self.entries.get(index)?;
        let name = unit.unit.as_ref().or(unit.forms.first())?;
        Some((head.len() - start, (name, &unit.dimension)))
    }

    /// True when a unit that itself begins with a multiplier (千瓦, 百分点) starts at byte `at`.
    #[must_use]
    pub fn begins(&self, text: &str, at: usize) -> bool {
        self.forms.at(text, at).is_some_and(|(_, i)| {
            let unit = self.entries.get(i);
            unit.is_some_and(|u| u.only != Some(Only::Second))
        })
    }
}
