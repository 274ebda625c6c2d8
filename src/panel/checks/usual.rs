//! What is usual in a panel: how much dearer a year was, how far growths lie from the mean of their parts,
//! and which relations hold in it at all.

use std::collections::BTreeMap;

use super::Kind;
use super::equations::{Gap, Held};
use super::place::Place;
use super::relations::Relations;
use super::sheet::Sheet;

/// Places of one year that tell how prices moved in it.
const PLACES: usize = 5;
/// Checks that tell how far apart the sides of such a check usually are.
const ENOUGH: usize = 12;
/// A relation that holds in less than half of so many checks does not hold in this panel.
const TRIED: usize = 6;

/// What the two sides of a check are usually apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Usual {
    /// The middle, in billionths: what prices rose by.
    pub(super) centre: i128,
    /// How far from it, beside rounding.
    pub(super) room: i128,
    /// How many checks tell.
    pub(super) checks: usize,
}

/// What the checks of a panel tell of each other.
#[derive(Debug, Default)]
pub(super) struct Survey {
    /// By relation.
    series: Vec<Series>,
}

impl Survey {
    /// Goes through the checks of `panel`, place by place.
    pub(super) fn of(sheet: &Sheet<'_>, relations: &Relations) -> Self {
        let mut series: Vec<Series> = Vec::new();
        series.resize_with(relations.all.len(), Series::default);
        let unknown = Self::default();
        for rows in sheet.places() {
            let place = Place::of(sheet, rows);
            for instance in place.instances(relations, &unknown) {
                let of = instance.relation.and_then(|at| series.get_mut(at));
                if let Some(series) = of {
                    series.add(instance.year, place.apart(&instance), instance.held);
                }
            }
        }
        for (series, relation) in series.iter_mut().zip(&relations.all) {
            series.learn(relation.kind == Kind::Growth);
        }
        Self { series }
    }

    /// What is usual for relation `at` in `year`, where enough checks tell.
    pub(super) fn usual(&self, at: usize, year: i16) -> Option<Usual> {
        let known = &self.series.get(at)?.known;
        known.by_year.get(&year).copied().or(known.other)
    }

    /// True unless relation `at` fails in most of its checks: then it says nothing of a single one.
    pub(super) fn holds(&self, at: usize) -> bool {
        self.series.get(at).is_none_or(Series::holds)
    }
}

/// What is usual for one relation.
#[derive(Debug, Default)]
struct Series {
    years: BTreeMap<i16, Vec<Gap>>,
    tried: usize,
    failed: usize,
    known: Known,
}

/// What the checks of a relation tell, once all are counted.
#[derive(Debug, Default)]
struct Known {
    by_year: BTreeMap<i16, Usual>,
    other: Option<Usual>,
}

impl Series {
    /// Counts a check of `year`: how far apart its sides are, or how it came out.
    fn add(&mut self, year: i16, apart: Option<Gap>, held: Held) {
        match apart {
            Some(apart) => self.years.entry(year).or_default().push(apart),
            None => {
                self.tried += 1;
                self.failed += usize::from(held.outcome.fails());
            }
        }
    }

    /// Works out what is usual. `centred` is true where the two sides are apart by what prices rose by, which a
    /// year has in common; others are apart by nothing.
    fn learn(&mut self, centred: bool) {
        let all: Vec<Gap> = self.years.values().flatten().copied().collect();
        let common = match centred && all.len() >= ENOUGH {
            true => centre(&all),
            false => 0,
        };
        // years whose own middle is known spread about that, others about the one of all
        let (mut told, mut untold) = (Vec::new(), Vec::new());
        let mut centres = BTreeMap::new();
        for (&year, apart) in &self.years {
            let own = centred && apart.len() >= PLACES;
            let middle = if own { centre(apart) } else { common };
            let beyond = apart.iter().map(|apart| apart.beyond(middle));
            match own {
                true => {
                    told.extend(beyond);
                    centres.insert(year, (middle, apart.len()));
                }
                false => untold.extend(beyond),
            }
        }
        if let Some(room) = room(told) {
            let usual = |(year, (centre, checks))| {
                let usual = Usual {
                    centre,
                    room,
                    checks,
                };
                (year, usual)
            };
            self.known.by_year = centres.into_iter().map(usual).collect();
        }
        let checks = untold.len();
        self.known.other = room(untold).map(|room| Usual {
            centre: common,
            room,
            checks,
        });
        self.years = BTreeMap::new();
    }

    fn holds(&self) -> bool {
        self.tried < TRIED || self.failed * 2 <= self.tried
    }
}

impl Gap {
    /// By how much it is off `centre`, rounding left out.
    fn beyond(self, centre: i128) -> i128 {
        let off = self.by.saturating_sub(centre).saturating_abs();
        off.saturating_sub(self.slack).max(0)
    }
}

/// The middle of what checks are apart by: nothing where rounding accounts for half of them, which have
/// growth at current prices; else the median.
fn centre(all: &[Gap]) -> i128 {
    let nothing = all.iter().filter(|apart| apart.beyond(0) == 0).count();
    if nothing * 2 >= all.len() {
        return 0;
    }
    let mut by: Vec<i128> = all.iter().map(|apart| apart.by).collect();
    by.sort_unstable();
    by.get(by.len() / 2).copied().unwrap_or(0)
}

/// How far off checks may be: three times what three in four of them stay below. That is 3.5 standard
/// deviations where they are spread evenly, and damaged figures among the others, up to one in four, do not
/// move it.
fn room(mut beyond: Vec<i128>) -> Option<i128> {
    if beyond.len() < ENOUGH {
        return None;
    }
    beyond.sort_unstable();
    beyond.get(beyond.len() * 3 / 4)?.checked_mul(3)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::panel::checks::Outcome;

    /// Tenths of a point.
    const TENTH: i128 = 1_000_000;

    fn learned(years: &[(i16, &[i128])], centred: bool) -> Survey {
        let mut series = Series::default();
        for (year, all) in years {
            for &by in *all {
                let apart = Gap {
                    by: by * TENTH,
                    slack: TENTH / 2,
                };
                series.add(*year, Some(apart), Held::from(Outcome::Ok));
            }
        }
        series.learn(centred);
        Survey {
            series: vec![series],
        }
    }

    #[test]
    fn a_year_has_its_own_prices() {
        let dear: [i128; 8] = [28, 29, 30, 30, 31, 32, 33, 95];
        let cheap: [i128; 8] = [-2, -1, 1, 2, 3, 4, 5, 6];
        let survey = learned(&[(2020, &dear), (2021, &cheap)], true);
        let usual = survey.usual(0, 2020).unwrap();
        assert_eq!((usual.centre, usual.checks), (31 * TENTH, 8));
        assert!((6 * TENTH..12 * TENTH).contains(&usual.room), "{usual:?}");
        assert_eq!(survey.usual(0, 2021).unwrap().centre, 3 * TENTH);
        assert_eq!(survey.usual(0, 2022), None);
    }

    #[test]
    fn what_grows_as_its_levels_do_leaves_no_room() {
        let exact: [i128; 14] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 70];
        let survey = learned(&[(2020, &exact)], true);
        let usual = survey.usual(0, 2020).unwrap();
        assert_eq!((usual.centre, usual.room), (0, 0));
    }

    #[test]
    fn a_place_alone_has_what_its_years_have_in_common() {
        let years: Vec<(i16, [i128; 1])> = (0_i16..14)
            .map(|n| (2006 + n, [10 + i128::from(n % 5)]))
            .collect();
        let years: Vec<(i16, &[i128])> = years.iter().map(|(y, a)| (*y, a.as_slice())).collect();
        let usual = learned(&years, true).usual(0, 2010).unwrap();
        assert_eq!((usual.centre, usual.checks), (12 * TENTH, 14));
        assert_eq!(learned(&years[..11], true).usual(0, 2010), None, "too few");
        // means are about nothing
        assert_eq!(learned(&years, false).usual(0, 2010).unwrap().centre, 0);
    }

    #[test]
    fn a_relation_that_seldom_holds_is_none() {
        let mut series = Series::default();
        for n in 0..6 {
            let outcome = match n < 3 {
                true => Outcome::Rounding,
                false => Outcome::Mismatch,
            };
            series.add(2020, None, Held::from(outcome));
        }
        assert!(series.holds(), "three of six");
        series.add(2020, None, Held::from(Outcome::Mismatch));
        assert!(!series.holds());
    }
}
