//! Counts that add up over pages, and the rates that follow from them.

use std::ops::AddAssign;

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::rate::Rate;

/// The fields of an indicator that are compared once place, value and unit are right.
pub const FIELDS: [&str; 8] = [
    "name",
    "measure",
    "precision",
    "basis",
    "period",
    "status",
    "section",
    "of",
];

/// How many of a kind were found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Found {
    /// In the gold and in the record.
    #[serde(rename = "tp")]
    pub found: u64,
    /// In the record only.
    #[serde(rename = "fp")]
    pub extra: u64,
    /// In the gold only.
    #[serde(rename = "fn")]
    pub missed: u64,
}

impl Found {
    /// Of `got` and `wanted`, `both` are the same.
    pub(super) fn new(both: usize, got: usize, wanted: usize) -> Self {
        Self {
            found: both as u64,
            extra: got.saturating_sub(both) as u64,
            missed: wanted.saturating_sub(both) as u64,
        }
    }

    /// Found of all in the record; 1 when there is none in it.
    #[must_use]
    pub fn precision(self) -> Rate {
        of_those(self.found, self.found + self.extra)
    }

    /// Found of all in the gold; 1 when there is none in it.
    #[must_use]
    pub fn recall(self) -> Rate {
        of_those(self.found, self.found + self.missed)
    }

    /// The harmonic mean of both.
    #[must_use]
    pub fn f1(self) -> Rate {
        of_those(2 * self.found, 2 * self.found + self.extra + self.missed)
    }

    /// True when neither side has any.
    #[must_use]
    pub fn is_none(self) -> bool {
        self == Self::default()
    }

    pub(super) fn rates(self) -> Rates {
        Rates {
            p: self.precision(),
            r: self.recall(),
            f: self.f1(),
        }
    }
}

fn of_those(part: u64, whole: u64) -> Rate {
    if whole == 0 {
        Rate::ONE
    } else {
        Rate::new(part, whole)
    }
}

impl AddAssign for Found {
    fn add_assign(&mut self, other: Self) {
        self.found += other.found;
        self.extra += other.extra;
        self.missed += other.missed;
    }
}

/// The counts of one page, or of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// How many pages.
    pub pages: u64,
    /// Indicators with their place, value and unit right. Optional ones are counted nowhere.
    pub indicators: Found,
    /// Of those found, how many have each of [`FIELDS`] right.
    pub fields: [u64; FIELDS.len()],
    /// Of those found, how many have all of them right.
    pub whole: u64,
    /// Indicators with a wrong value or unit and neither a finding nor a repair there.
    pub silent: u64,
    /// Indicators of the gold, optional ones too.
    pub labelled: u64,
    /// Sections with label, place in the tree and title right.
    pub sections: Found,
    /// Ends of paragraphs.
    pub paragraphs: Found,
    /// Sums that hold, with all their terms.
    pub checks: Found,
    /// Characters by which the text differs from the gold's.
    pub edits: u64,
    /// Characters of the gold's text.
    pub characters: u64,
    /// The same without white space.
    pub flat_edits: u64,
    /// Characters of the gold's text without white space.
    pub flat_characters: u64,
}

impl Tally {
    /// F1 of records: an indicator counts when all of its fields are right.
    #[must_use]
    pub fn record_f1(&self) -> Rate {
        let Found {
            found,
            extra,
            missed,
        } = self.indicators;
        Rate::new(
            2 * self.whole,
            (found + extra).max(1) + (found + missed).max(1),
        )
    }

    /// How many of the indicators that were found have this field right; by place in [`FIELDS`].
    #[must_use]
    pub fn field(&self, field: usize) -> Rate {
        let hits = self.fields.get(field).copied().unwrap_or_default();
        Rate::new(hits, self.indicators.found)
    }

    /// Error rate of characters.
    #[must_use]
    pub fn cer(&self) -> Rate {
        Rate::new(self.edits, self.characters)
    }

    /// Error rate of characters, white space left out.
    #[must_use]
    pub fn cer_flat(&self) -> Rate {
        Rate::new(self.flat_edits, self.flat_characters)
    }

    /// How many of all labelled numbers are wrong without a word about it.
    #[must_use]
    pub fn silent(&self) -> Rate {
        Rate::new(self.silent, self.labelled)
    }

    /// Rates and counts as one object for JSON.
    #[must_use]
    pub fn summary(&self) -> Summary {
        Summary {
            pages: self.pages,
            indicators: self.indicators.found + self.indicators.missed,
            detection: self.indicators.rates(),
            record_f1: self.record_f1(),
            fields: Named(std::array::from_fn(|i| self.field(i))),
            sections_f1: self.sections.f1(),
            paragraphs_f1: self.paragraphs.f1(),
            checks: (!self.checks.is_none()).then(|| self.checks.rates()),
            cer: self.cer(),
            cer_flat: self.cer_flat(),
            silent: self.silent(),
            counts: Counts {
                indicators: self.indicators,
                whole: self.whole,
                fields: Named(self.fields),
                sections: self.sections,
                paragraphs: self.paragraphs,
                checks: self.checks,
                cer: [self.edits, self.characters],
                cer_flat: [self.flat_edits, self.flat_characters],
                silent: [self.silent, self.labelled],
            },
        }
    }
}

impl AddAssign<&Self> for Tally {
    fn add_assign(&mut self, other: &Self) {
        self.pages += other.pages;
        self.indicators += other.indicators;
        for (own, more) in self.fields.iter_mut().zip(other.fields) {
            *own += more;
        }
        self.whole += other.whole;
        self.silent += other.silent;
        self.labelled += other.labelled;
        self.sections += other.sections;
        self.paragraphs += other.paragraphs;
        self.checks += other.checks;
        self.edits += other.edits;
        self.characters += other.characters;
        self.flat_edits += other.flat_edits;
        self.flat_characters += other.flat_characters;
    }
}

/// What `gongbao eval --json` prints: the summary object of the team's score.py, and the counts
/// that it follows from.
#[derive(Debug, Clone, Serialize)]
pub struct Summary {
    pages: u64,
    indicators: u64,
    detection: Rates,
    record_f1: Rate,
    fields: Named<Rate>,
    sections_f1: Rate,
    paragraphs_f1: Rate,
    checks: Option<Rates>,
    cer: Rate,
    cer_flat: Rate,
    silent: Rate,
    counts: Counts,
}

#[derive(Debug, Clone, Serialize)]
struct Counts {
    indicators: Found,
    whole: u64,
    fields: Named<u64>,
    sections: Found,
    paragraphs: Found,
    checks: Found,
    cer: [u64; 2],
    cer_flat: [u64; 2],
    silent: [u64; 2],
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct Rates {
    p: Rate,
    r: Rate,
    f: Rate,
}

/// One value for each of [`FIELDS`].
#[derive(Debug, Clone)]
struct Named<T>([T; FIELDS.len()]);

impl<T: Serialize> Serialize for Named<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(FIELDS.len()))?;
        for (field, value) in FIELDS.iter().zip(&self.0) {
            map.serialize_entry(field, value)?;
        }
        map.end()
    }
}
