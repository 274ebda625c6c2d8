//! Which earlier number a number is a part, growth, share … of.

use smol_str::SmolStr;

use super::Indicator;
use crate::record::{Measure, Relation};

/// What is known of a number that a later one may speak of, beyond what the indicator says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Said {
    /// Index of the indicator.
    pub index: usize,
    /// What it states.
    pub measure: Measure,
    /// Number of its sentence in the paragraph.
    pub sentence: usize,
    /// True when it is a part of another.
    pub part: bool,
    /// True when its clause had a noun of its own.
    pub own: bool,
}

impl Said {
    /// What it is called.
    pub(super) fn name(self, out: &[Indicator]) -> &str {
        out.get(self.index).map_or("", |x| x.name.as_str())
    }

    /// The same to keep.
    pub(super) fn said_name(self, out: &[Indicator]) -> SmolStr {
        out.get(self.index)
            .map(|x| x.name.clone())
            .unwrap_or_default()
    }

    /// Its unit without multiplier.
    pub(super) fn unit(self, out: &[Indicator]) -> &str {
        out.get(self.index).map_or("", |x| x.base_unit.as_str())
    }
}

/// How many earlier numbers are looked at.
const LOOK_BACK: usize = 48;

/// The numbers of one paragraph so far; `out` is the list of the page's.
#[derive(Debug, Default)]
pub(super) struct Memory {
    said: Vec<Said>,
}

impl Memory {
    pub(super) fn say(&mut self, said: Said) {
        self.said.push(said);
    }

    fn recent(&self) -> impl Iterator<Item = Said> {
        self.said.iter().rev().take(LOOK_BACK).copied()
    }

    /// The last rate or share of a sentence.
    pub(super) fn last_rate(&self, sentence: usize) -> Option<Said> {
        self.recent()
            .find(|s| s.sentence == sentence && matches!(s.measure, Measure::Rate | Measure::Share))
    }

    /// The last one said.
    pub(super) fn last(&self) -> Option<Said> {
        self.said.last().copied()
    }

    /// Forgets all of them.
    pub(super) fn clear(&mut self) {
        self.said.clear();
    }

    /// The levels of this unit from sentence `since` on, nearest first.
    pub(super) fn levels(
        &self,
        unit: &str,
        since: usize,
        out: &[Indicator],
    ) -> impl Iterator<Item = Said> {
        self.recent().filter(move |s| {
            s.measure == Measure::Level && s.sentence >= since && s.unit(out) == unit
        })
    }

    /// The nearest level of this unit.
    pub(super) fn level_of_unit(&self, unit: &str, out: &[Indicator]) -> Option<Said> {
        self.recent()
            .find(|s| s.measure == Measure::Level && s.unit(out) == unit)
    }

    /// The nearest number with this name that another can speak of.
    pub(super) fn named(&self, name: &str, out: &[Indicator]) -> Option<Said> {
        self.recent()
            .find(|s| can_be_spoken_of(s.measure) && s.name(out) == name)
    }

    /// The nearest level whose name starts with `name`.
    pub(super) fn starting(&self, name: &str, out: &[Indicator]) -> Option<Said> {
        self.recent()
            .find(|s| s.measure == Measure::Level && s.name(out).starts_with(name))
    }

    /// The last `n` numbers of a sentence, all of what the last one is, in reading order.
    pub(super) fn last_alike(&self, n: usize, sentence: usize) -> Option<Vec<Said>> {
        let measure = self.last()?.measure;
        let mut found: Vec<Said> = self
            .recent()
            .take(n)
            .take_while(|s| s.sentence == sentence && s.measure == measure)
            .collect();
        found.reverse();
        (found.len() == n).then_some(found)
    }

    /// The last `n` levels and rates of a sentence, in reading order.
    pub(super) fn last_levels(&self, n: usize, sentence: usize) -> Option<Vec<Said>> {
        let mut found: Vec<Said> = self
            .recent()
            .filter(|s| s.sentence == sentence && can_be_spoken_of(s.measure))
            .take(n)
            .collect();
        found.reverse();
        (found.len() == n).then_some(found)
    }
}

/// True for what a growth, change, share or rank can be of.
pub(super) fn can_be_spoken_of(measure: Measure) -> bool {
    matches!(measure, Measure::Level | Measure::Rate | Measure::Share)
}

/// What a number of this measure is of another.
pub(super) fn relation(measure: Measure) -> Option<Relation> {
    match measure {
        Measure::Growth => Some(Relation::Growth),
        Measure::Change => Some(Relation::Change),
        Measure::Share => Some(Relation::Share),
        Measure::Rank => Some(Relation::Rank),
        Measure::Contribution => Some(Relation::Contribution),
        Measure::Multiple => Some(Relation::Multiple),
        Measure::Level | Measure::Rate | Measure::Ratio => None,
    }
}
