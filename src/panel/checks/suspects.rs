//! Which numbers of checks that do not come out are the ones to doubt.
//!
//! Of all numbers of the checks that hang together, the one is doubted in which one slip (a figure, a point, a
//! multiplier: [`crate::base::slip`]) explains the most of them, less those that would fail without it. It is
//! then taken for mended, or for unknown where several values would fit, and the checks that still fail are
//! looked at again.

use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BTreeSet};

use super::place::{Instance, Place};
use super::range::Range;
use super::{Finding, Kind, Outcome};
use crate::base::Decimal;
use crate::base::slip::{Slip, neighbours};
use crate::panel::convert::{Ratio, convert};

/// Cells that are looked at together. More of them hang together where nothing fits, and then one is
/// not likelier than the other.
const MOST_CELLS: usize = 64;

/// What is known of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Holds,
    Fails,
    /// It fails, and a number was named for it.
    Told,
}

/// What one cell has to do with checks that do not come out.
#[derive(Debug)]
struct Explained {
    cell: usize,
    /// Those that a slip mends; without such a slip, those that the cell takes part in.
    checks: Vec<usize>,
    /// How many others such a slip breaks.
    broken: usize,
    /// What the number may have been, and what was slipped.
    fixes: Vec<(Decimal, Slip)>,
}

impl Explained {
    /// How well it explains that checks fail; more is better.
    fn weight(&self) -> (bool, usize, Reverse<usize>) {
        let net = self.checks.len().saturating_sub(self.broken);
        (!self.fixes.is_empty(), net, Reverse(self.broken))
    }
}

/// What is in doubt in `place`; places of checks are those in `instances`.
pub(super) fn findings(mut place: Place<'_>, instances: &[Instance]) -> Vec<Finding> {
    let state = |instance: &Instance| match instance.held.outcome.fails() {
        true => State::Fails,
        false => State::Holds,
    };
    let states: Vec<State> = instances.iter().map(state).collect();
    if !states.contains(&State::Fails) {
        return Vec::new();
    }
    let mut touching: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, instance) in instances.iter().enumerate() {
        for &cell in &instance.cells {
            touching.entry(cell).or_default().push(at);
        }
    }
    let mut finder = Finder {
        instances,
        touching,
        states,
        mended: BTreeSet::new(),
        explained: BTreeMap::new(),
    };
    let mut out = Vec::new();
    for first in 0..instances.len() {
        while finder.states.get(first) == Some(&State::Fails) {
            match finder.finding(first, &mut place) {
                Some(finding) => out.push(finding),
                None => break,
            }
        }
    }
    out
}

struct Finder<'i> {
    instances: &'i [Instance],
    /// The checks of each cell.
    touching: BTreeMap<usize, Vec<usize>>,
    states: Vec<State>,
    /// Cells that were named for others, and taken for mended or unknown.
    mended: BTreeSet<usize>,
    /// What is worked out already.
    explained: BTreeMap<usize, Explained>,
}

impl Finder<'_> {
    fn of_cell(&self, cell: usize) -> &[usize] {
        self.touching.get(&cell).map_or(&[], Vec::as_slice)
    }

    fn is(&self, check: usize, state: State) -> bool {
        self.states.get(check) == Some(&state)
    }

    /// The likeliest number to doubt for check `first` and those that hang together with it.
    fn finding(&mut self, first: usize, place: &mut Place<'_>) -> Option<Finding> {
        let group = self.group(first);
        for &cell in &group {
            if !self.explained.contains_key(&cell) {
                let explained = self.explain(cell, place);
                self.explained.insert(cell, explained);
            }
        }
        let of_group = group.iter().filter_map(|cell| self.explained.get(cell));
        let best = of_group
            .clone()
            .max_by_key(|x| (x.weight(), Reverse(x.cell)))?;
        let mut likely: Vec<&Explained> = of_group.filter(|x| x.checks == best.checks).collect();
        likely.retain(|x| x.weight() == best.weight());
        likely.sort_by_key(|x| (x.fixes.iter().all(|fix| rare(fix.1)), x.cell));
        let mut told = best.checks.clone();
        let suspects: Vec<usize> = likely.iter().map(|x| x.cell).collect();
        let fix = match likely.as_slice() {
            [only] => match only.fixes.as_slice() {
                [(value, _)] => Some(*value),
                _ => None,
            },
            _ => None,
        };
        let mismatch = told.iter().any(|&check| {
            let instance = self.instances.get(check);
            instance.is_some_and(|i| i.held.outcome == Outcome::Mismatch)
        });
        for &check in &told {
            self.set(check, State::Told);
        }
        let mut fits = None;
        if let [cell] = *suspects.as_slice() {
            let range = fix
                .zip(place.sheet.like(cell))
                .and_then(|(value, like)| written(value, like));
            fits = fix.and_then(|value| in_column(place, cell, value));
            place.set(cell, range);
            self.mended.insert(cell);
            told.extend(self.look_again(cell, place));
        }
        Some(Finding {
            checks: told,
            suspects,
            fits,
            outcome: match mismatch {
                true => Outcome::Mismatch,
                false => Outcome::Unlikely,
            },
        })
    }

    fn set(&mut self, check: usize, state: State) {
        if let Some(slot) = self.states.get_mut(check) {
            *slot = state;
        }
        let cells = self.instances.get(check).map(|i| &i.cells);
        for cell in cells.into_iter().flatten() {
            self.explained.remove(cell);
        }
    }

    /// Sees which checks of `cell` fail now that it is mended or unknown; those that do no more.
    fn look_again(&mut self, cell: usize, place: &Place<'_>) -> Vec<usize> {
        let mended = place.range(cell).is_some();
        let mut explained = Vec::new();
        for check in self.of_cell(cell).to_vec() {
            let instance = self.instances.get(check);
            let held = instance.and_then(|instance| place.held(instance, None));
            let fails = held.is_some_and(|held| held.outcome.fails());
            if self.is(check, State::Fails) && !fails {
                explained.push(check);
            }
            let state = match (fails, mended) {
                (true, _) if self.is(check, State::Told) => State::Told,
                (true, _) => State::Fails,
                (false, true) => State::Holds,
                (false, false) => State::Told,
            };
            self.set(check, state);
        }
        explained
    }

    /// The cells of the failing checks that share cells with check `first`, directly or over others.
    fn group(&self, first: usize) -> BTreeSet<usize> {
        let mut cells = BTreeSet::new();
        let mut seen = BTreeSet::from([first]);
        let mut left = vec![first];
        while let Some(check) = left.pop() {
            for &cell in self.instances.get(check).into_iter().flat_map(|i| &i.cells) {
                if cells.len() >= MOST_CELLS || !cells.insert(cell) {
                    continue;
                }
                for &other in self.of_cell(cell) {
                    if self.is(other, State::Fails) && seen.insert(other) {
                        left.push(other);
                    }
                }
            }
        }
        cells
    }

    fn all_jumps(&self, checks: &[usize]) -> bool {
        let mut of = checks.iter().filter_map(|&check| self.instances.get(check));
        of.all(|instance| instance.kind == Kind::Jump)
    }

    /// What a slip in the number of `cell` would mend.
    fn explain(&self, cell: usize, place: &Place<'_>) -> Explained {
        let own = |state| {
            let checks = self.of_cell(cell).iter().copied();
            checks.filter(move |&check| self.is(check, state))
        };
        let holds = |check: usize, range: Range| {
            let instance = self.instances.get(check)?;
            let held = place.held(instance, Some((cell, range)))?;
            Some(!held.outcome.fails())
        };
        let mut best = Explained {
            cell,
            checks: own(State::Fails).collect(),
            broken: 0,
            fixes: Vec::new(),
        };
        if place.range(cell).is_none() || self.mended.contains(&cell) {
            return best;
        }
        let Some((value, like)) = value(place, cell).zip(place.sheet.like(cell)) else {
            return best;
        };
        for (value, slip) in slips(value, like.1) {
            let Some(range) = written(value, like) else {
                continue;
            };
            let comes_out = |check: &usize| holds(*check, range) == Some(true);
            let checks: Vec<usize> = own(State::Fails).filter(comes_out).collect();
            if checks.is_empty() || self.all_jumps(&checks) && !of_ten(slip) {
                continue;
            }
            let breaks = |check: &usize| holds(*check, range) == Some(false);
            let this = Explained {
                cell,
                checks,
                broken: own(State::Holds).filter(breaks).count(),
                fixes: vec![(value, slip)],
            };
            match this.weight().cmp(&best.weight()) {
                _ if this.broken >= this.checks.len() => {}
                Ordering::Greater => best = this,
                Ordering::Equal => best.fixes.extend(this.fixes),
                Ordering::Less => {}
            }
        }
        best
    }
}

/// True for slips that make a number ten times as large or small, with the same figures: what a jump tells
/// of. Any figure more or less would mend one, too.
fn of_ten(slip: Slip) -> bool {
    matches!(slip, Slip::Point | Slip::Multiplier)
}

/// True for slips that are rarer than others: figures are misread more often than lost.
fn rare(slip: Slip) -> bool {
    matches!(slip, Slip::Lost | Slip::Added)
}

/// What `written` may have been before one slip in a column of numbers with so many digits behind the point.
/// A whole number has lost that point, also where [`neighbours`] sees none (5410 among hundredths was 54.10, 9
/// among tenths 0.9); and no figure was lost beyond the digits of the others.
fn slips(written: Decimal, digits: u32) -> Vec<(Decimal, Slip)> {
    let most = digits.max(written.scale());
    let mut all = neighbours(written);
    all.retain(|(value, slip)| *slip != Slip::Lost || value.scale() <= most);
    let pointed = Decimal::new(written.mantissa(), digits).ok();
    if let Some(value) = pointed.filter(|_| written.scale() == 0 && digits > 0)
        && all.iter().all(|(other, _)| *other != value)
    {
        all.push((value, Slip::Point));
    }
    all
}

/// The number of `cell` as it is written.
fn value(place: &Place<'_>, cell: usize) -> Option<Decimal> {
    let panel = place.sheet.panel;
    let chosen = panel.cells.get(cell)?.chosen()?;
    Some(panel.statement(chosen)?.1.value)
}

/// `value` in a unit of this size, as exact as numbers with so many digits behind the point are: 1 among tenths
/// is 1.0.
fn written(value: Decimal, (size, digits): (Ratio, u32)) -> Option<Range> {
    let scale = value.scale().max(digits);
    let value = Decimal::new(value.mantissa_at(scale)?, scale).ok()?;
    Range::written(value, 1, size)
}

/// `value`, as written where the number of `cell` is, in the unit of its column.
fn in_column(place: &Place<'_>, cell: usize, value: Decimal) -> Option<Decimal> {
    let panel = place.sheet.panel;
    let (own, _) = place.sheet.like(cell)?;
    let of_column = place.sheet.unit(panel.cells.get(cell)?.column)?;
    convert(value, own.over(of_column)?).map(|found| found.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(written: &str, digits: u32, meant: &str) -> bool {
        let meant: Decimal = meant.parse().unwrap();
        let all = slips(written.parse().unwrap(), digits);
        all.iter().filter(|(value, _)| *value == meant).count() == 1
    }

    #[test]
    fn a_column_tells_where_a_point_was() {
        assert!(has("5410", 2, "54.10"));
        assert!(!has("5410", 0, "54.10"));
        assert!(has("9", 1, "0.9"));
        assert!(has("4713", 2, "47.13"));
    }

    #[test]
    fn a_column_tells_how_many_figures_may_be_lost() {
        assert!(has("39.42", 3, "39.142"));
        assert!(!has("39.42", 2, "39.142"));
        assert!(has("39.4", 2, "39.42"));
        assert!(has("39.42", 2, "139.42"));
    }
}
