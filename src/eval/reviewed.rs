//! One record against what a reviewer decided of its page: which numbers that were looked at does it have as
//! they should be.
//!
//! Only what was decided counts. A number is known again by its bytes in the page's file, so that a clean text
//! that is put together otherwise by now costs nothing.

use std::fmt;
use std::ops::AddAssign;

use serde::Serialize;

use super::flat::plain;
use super::score::{read_as, same_value};
use super::tally::{Found, Rates};
use crate::corrections::{Correction, PageCorrections};
use crate::record::{Decision, Indicator, Piece, Record};
use crate::write::words::word;

/// What came out of a comparison.
#[derive(Debug, Clone, Default)]
pub struct ReviewedScore {
    /// The counts, which add up over pages.
    pub tally: ReviewedTally,
    /// The decisions that the record does not follow, in their order.
    pub unmet: Vec<Unmet>,
}

/// How many decisions of a kind there are, and how many of them the record follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Met {
    /// So many were made.
    pub decided: u64,
    /// So many of them are met.
    pub met: u64,
}

/// The counts of one page, or of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReviewedTally {
    /// How many pages.
    pub pages: u64,
    /// Numbers that were right as they were read.
    pub right: Met,
    /// Numbers that were given another value.
    pub corrected: Met,
    /// Numbers that should not be as they were read.
    pub wrong: Met,
    /// Numbers that should be there, and numbers that should not be as they are.
    pub numbers: Found,
    /// Of those that should be there, how many have nothing read at their place.
    pub absent: u64,
}

/// A decision that the record does not follow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmet {
    /// What was decided.
    pub decision: Decision,
    /// What the number was called.
    pub name: String,
    /// Number and unit as printed.
    pub mention: String,
    /// Value and unit that it should have, where it was corrected.
    pub wanted: Option<String>,
    /// How it is read now, where it is read.
    pub found: Option<String>,
}

/// Compares a record with what was decided of its page; the digest of the page is for the caller to compare.
#[must_use]
pub fn score_reviewed(page: &PageCorrections, record: &Record) -> ReviewedScore {
    let pairs = pairs(page, record);
    let mut score = ReviewedScore::default();
    let tally = &mut score.tally;
    tally.pages = 1;
    for (decided, paired) in page.corrections.iter().zip(pairs) {
        let found = paired.and_then(|i| record.indicators.get(i));
        let as_wanted = found.is_some_and(|p| holds(decided, p));
        let met = match decided.decision {
            Decision::Wrong => {
                tally.numbers.extra += u64::from(as_wanted);
                !as_wanted
            }
            Decision::Right | Decision::Corrected => {
                tally.numbers.found += u64::from(as_wanted);
                tally.numbers.missed += u64::from(!as_wanted);
                tally.numbers.extra += u64::from(found.is_some() && !as_wanted);
                tally.absent += u64::from(found.is_none());
                as_wanted
            }
        };
        let kind = match decided.decision {
            Decision::Right => &mut tally.right,
            Decision::Corrected => &mut tally.corrected,
            Decision::Wrong => &mut tally.wrong,
        };
        kind.decided += 1;
        kind.met += u64::from(met);
        if !met {
            score.unmet.push(Unmet {
                decision: decided.decision,
                name: decided.name.clone(),
                mention: decided.mention.clone(),
                wanted: decided
                    .value
                    .map(|value| format!("{value}{}", decided.unit)),
                found: found.map(|p| now(decided, p)),
            });
        }
    }
    score
}

/// For each decision the indicator that it is of, by index: one that is as it should be before one of its name
/// and measure, and that before one that stands there alone. Each is given away once.
fn pairs<'a>(page: &PageCorrections, record: &'a Record) -> Vec<Option<usize>> {
    let own = &record.source.name;
    let of_indicator = |p: &'a Indicator| {
        let source = &p.source;
        Stretches::new(own, source.start, source.end, source.pieces.as_deref())
    };
    let read: Vec<Stretches<'_>> = record.indicators.iter().map(of_indicator).collect();
    let there: Vec<Vec<usize>> = page
        .corrections
        .iter()
        .map(|decided| {
            let source = &decided.source;
            let place = Stretches::new(
                &page.name,
                source.start,
                source.end,
                source.pieces.as_deref(),
            );
            (0..read.len())
                .filter(|&i| read.get(i).is_some_and(|read| place.is_that_of(read)))
                .collect()
        })
        .collect();
    let mut pairs = vec![None; page.corrections.len()];
    let mut used = vec![false; read.len()];
    /// Whether a decision is of an indicator, of so many that stand there.
    type Fits<'f> = &'f dyn Fn(&Correction, &Indicator, usize) -> bool;
    let fits: [Fits<'_>; 3] = [
        &|decided, p, _| holds(decided, p) && same_statement(decided, p),
        &|decided, p, _| same_statement(decided, p),
        &|_, _, alike| alike == 1,
    ];
    for fit in fits {
        for ((decided, there), pair) in page.corrections.iter().zip(&there).zip(&mut pairs) {
            if pair.is_some() {
                continue;
            }
            let free = there
                .iter()
                .copied()
                .filter(|&i| used.get(i) == Some(&false));
            let mut free = free.filter_map(|i| Some((i, record.indicators.get(i)?)));
            let found = free.find(|(_, p)| fit(decided, p, there.len()));
            if let Some((i, _)) = found {
                *pair = Some(i);
                if let Some(used) = used.get_mut(i) {
                    *used = true;
                }
            }
        }
    }
    pairs
}

/// Whether `p` is what `decided` speaks of: of `right` and `wrong` the number as it was read, name and measure
/// included; of `corrected` the value that was given.
fn holds(decided: &Correction, p: &Indicator) -> bool {
    match decided.value {
        Some(value) => same_value(value, &decided.unit, p),
        None => same_reading(decided, p) && same_statement(decided, p),
    }
}

/// Value and unit as they were; of ratios and fractions, which have no one value, the text.
fn same_reading(decided: &Correction, p: &Indicator) -> bool {
    match decided.read {
        Some(read) => same_value(read, &decided.unit, p),
        None => p.value.is_none() && plain(&p.mention) == plain(&decided.mention),
    }
}

fn same_statement(decided: &Correction, p: &Indicator) -> bool {
    p.measure == decided.measure && plain(&p.name) == plain(&decided.name)
}

/// How `p` is read now, with what is not as it was decided.
fn now(decided: &Correction, p: &Indicator) -> String {
    let mut words = Vec::new();
    let value_holds = match decided.value {
        Some(_) => holds(decided, p),
        None => same_reading(decided, p),
    };
    if !value_holds || decided.decision == Decision::Wrong {
        words.push(read_as(p));
    }
    if plain(&p.name) != plain(&decided.name) {
        words.push(format!("name {}", p.name));
    }
    if p.measure != decided.measure {
        words.push(format!("measure {}", word(&p.measure)));
    }
    words.join(", ")
}

/// Bytes of files.
struct Stretches<'a>(Vec<(&'a str, u64, u64)>);

impl<'a> Stretches<'a> {
    /// Those of a page called `own`, whose name does not count: a page may lie elsewhere by now.
    fn new(own: &str, start: u64, end: u64, pieces: Option<&'a [Piece]>) -> Self {
        let Some(pieces) = pieces else {
            return Self(vec![("", start, end)]);
        };
        let piece = |piece: &'a Piece| {
            let file = if piece.file == own { "" } else { &piece.file };
            (file, piece.start, piece.end)
        };
        Self(pieces.iter().map(piece).collect())
    }

    fn len(&self) -> u64 {
        let len = |&(_, start, end): &(_, u64, u64)| end.saturating_sub(start);
        self.0.iter().map(len).sum()
    }

    /// Whether at least half of what both cover is in both.
    fn is_that_of(&self, other: &Self) -> bool {
        let both: u64 = self
            .0
            .iter()
            .flat_map(|one| other.0.iter().map(move |two| (one, two)))
            .filter(|(one, two)| one.0 == two.0)
            .map(|(one, two)| one.2.min(two.2).saturating_sub(one.1.max(two.1)))
            .sum();
        let all = (self.len() + other.len()).saturating_sub(both);
        both > 0 && 2 * both >= all
    }
}

impl ReviewedTally {
    /// Decisions of all kinds.
    #[must_use]
    pub fn decisions(&self) -> Met {
        let mut all = self.right;
        all += self.corrected;
        all += self.wrong;
        all
    }

    /// Rates and counts as one object for JSON.
    #[must_use]
    pub fn summary(&self) -> ReviewedSummary {
        ReviewedSummary {
            pages: self.pages,
            decisions: self.decisions(),
            detection: self.numbers.rates(),
            right: self.right,
            corrected: self.corrected,
            wrong: self.wrong,
            absent: self.absent,
            counts: self.numbers,
        }
    }
}

impl AddAssign for Met {
    fn add_assign(&mut self, other: Self) {
        self.decided += other.decided;
        self.met += other.met;
    }
}

impl AddAssign<&Self> for ReviewedTally {
    fn add_assign(&mut self, other: &Self) {
        self.pages += other.pages;
        self.right += other.right;
        self.corrected += other.corrected;
        self.wrong += other.wrong;
        self.numbers += other.numbers;
        self.absent += other.absent;
    }
}

/// What `gongbao eval --json` prints of decisions.
#[derive(Debug, Clone, Serialize)]
pub struct ReviewedSummary {
    pages: u64,
    decisions: Met,
    detection: Rates,
    right: Met,
    corrected: Met,
    wrong: Met,
    absent: u64,
    counts: Found,
}

/// One line for a person.
impl fmt::Display for Unmet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let how = match self.decision {
            Decision::Wrong => "extra ",
            Decision::Right | Decision::Corrected => "missed",
        };
        write!(
            f,
            "{how}   {} [{}]  {}",
            self.name,
            self.mention,
            word(&self.decision)
        )?;
        if let Some(wanted) = &self.wanted {
            write!(f, " to {wanted}")?;
        }
        match &self.found {
            Some(found) => write!(f, ", found {found}"),
            None => f.write_str(", nothing is read there"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Extractor;
    use crate::base::Decimal;
    use crate::corrections::SourceBytes;

    const PAGE: &str = "全年造林30亩，其中杉木12亩、油茶18亩。\n";

    fn record(text: &str) -> Record {
        Extractor::new().extract("a.txt", text.as_bytes()).unwrap()
    }

    /// What `decisions` say of the numbers of `record`, in their order.
    fn reviewed(record: &Record, decisions: &[(Decision, Option<&str>)]) -> PageCorrections {
        let decided =
            |(p, (decision, value)): (&Indicator, &(Decision, Option<&str>))| Correction {
                start: p.start,
                end: p.end,
                mention: p.mention.to_string(),
                name: p.name.to_string(),
                measure: p.measure,
                unit: p.unit.to_string(),
                read: p.value,
                source: SourceBytes {
                    start: p.source.start,
                    end: p.source.end,
                    pieces: p.source.pieces.clone(),
                },
                decision: *decision,
                value: value.map(|value| value.parse().unwrap()),
                note: None,
            };
        PageCorrections {
            name: "elsewhere/a.txt".to_owned(),
            sha256: record.source.sha256.clone(),
            corrections: record
                .indicators
                .iter()
                .zip(decisions)
                .map(decided)
                .collect(),
        }
    }

    const ALL: [(Decision, Option<&str>); 3] = [
        (Decision::Right, None),
        (Decision::Corrected, Some("13")),
        (Decision::Wrong, None),
    ];

    fn counts(score: &ReviewedScore) -> [u64; 3] {
        let Found {
            found,
            extra,
            missed,
        } = score.tally.numbers;
        [found, extra, missed]
    }

    fn shown(score: &ReviewedScore) -> Vec<String> {
        score.unmet.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_is_read_as_before_is_scored_by_what_was_decided() {
        let record = record(PAGE);
        let score = score_reviewed(&reviewed(&record, &ALL), &record);
        assert_eq!(counts(&score), [1, 2, 1]);
        assert_eq!(
            shown(&score),
            [
                "missed   杉木 [12亩]  corrected to 13亩, found 12亩",
                "extra    油茶 [18亩]  wrong, found 18亩",
            ]
        );
        // nobody decided of the third
        let score = score_reviewed(&reviewed(&record, &ALL[..2]), &record);
        assert_eq!(counts(&score), [1, 1, 1]);
        assert_eq!(score.tally.decisions(), Met { decided: 2, met: 1 });
    }

    #[test]
    fn what_is_read_rightly_now_is_found() {
        let before = record(PAGE);
        let page = reviewed(&before, &ALL);
        let mut now = before.clone();
        now.indicators[1].value = Some(13.into());
        now.indicators[1].base_value = Some(13.into());
        now.indicators.remove(2);
        let score = score_reviewed(&page, &now);
        assert_eq!(counts(&score), [2, 0, 0]);
        assert_eq!(score.tally.decisions(), Met { decided: 3, met: 3 });
        assert!(score.unmet.is_empty());
    }

    #[test]
    fn each_field_of_what_was_right_counts() {
        let before = record(PAGE);
        let page = reviewed(&before, &ALL[..1]);
        type Change<'c> = &'c dyn Fn(&mut Indicator);
        let changes: [(Change<'_>, &str); 4] = [
            (&|p| p.value = Some(31.into()), "found 30亩 = 31亩 = 30亩"),
            (&|p| p.unit = "公顷".into(), "found 30亩 = 30公顷 = 30亩"),
            (&|p| p.name = "种树".into(), "found name 种树"),
            (
                &|p| p.measure = crate::record::Measure::Change,
                "found measure change",
            ),
        ];
        for (change, said) in changes {
            let mut now = before.clone();
            change(&mut now.indicators[0]);
            let score = score_reviewed(&page, &now);
            assert_eq!(counts(&score), [0, 1, 1], "{said}");
            assert!(
                shown(&score)[0].ends_with(&format!("right, {said}")),
                "{:?}",
                shown(&score)
            );
        }
    }

    #[test]
    fn what_is_not_there_is_missed_and_not_too_much() {
        let before = record(PAGE);
        let mut now = before.clone();
        now.indicators.clear();
        let score = score_reviewed(&reviewed(&before, &ALL), &now);
        assert_eq!(counts(&score), [0, 0, 2]);
        assert_eq!(score.tally.absent, 2);
        assert_eq!(score.tally.wrong, Met { decided: 1, met: 1 });
        assert_eq!(
            shown(&score)[0],
            "missed   造林 [30亩]  right, nothing is read there"
        );
    }

    /// Places are bytes of the file, whatever has become of the clean text.
    #[test]
    fn another_clean_text_costs_nothing() {
        let before = record(PAGE);
        let mut now = before.clone();
        for p in &mut now.indicators {
            p.start += 40;
            p.end += 40;
        }
        let score = score_reviewed(&reviewed(&before, &ALL[..1]), &now);
        assert_eq!(counts(&score), [1, 0, 0]);
    }

    #[test]
    fn numbers_that_share_a_place_are_told_apart_by_name() {
        let mut before = record("全年造林30亩。\n");
        let mut other = before.indicators[0].clone();
        other.name = "育苗".into();
        before.indicators.push(other);
        let mut page = reviewed(&before, &[(Decision::Wrong, None), (Decision::Right, None)]);
        page.corrections.reverse();
        let score = score_reviewed(&page, &before);
        assert_eq!(counts(&score), [1, 1, 0]);
        // the other one is not what was decided of
        let mut now = before.clone();
        now.indicators.remove(1);
        now.indicators.push(now.indicators[0].clone());
        let score = score_reviewed(&page, &now);
        assert_eq!(counts(&score), [0, 1, 1]);
    }

    #[test]
    fn ratios_are_held_against_what_is_printed() {
        let before = record("三次产业结构比为12.5:40.1:47.4。\n");
        let page = reviewed(&before, &ALL[..1]);
        assert_eq!(page.corrections[0].read, None::<Decimal>);
        assert_eq!(counts(&score_reviewed(&page, &before)), [1, 0, 0]);
        let mut now = before.clone();
        now.indicators[0].mention = "12.5:40.1".into();
        assert_eq!(counts(&score_reviewed(&page, &now)), [0, 1, 1]);
    }
}
