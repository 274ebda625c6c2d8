//! How the numbers of a check hang together, and how far apart they may be.

use super::range::{ONE, Range};
use super::usual::Usual;
use super::{Note, Outcome};

/// How the terms of a check hang together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Equation {
    /// The first is the sum of the others, but for so many percent.
    Sum(u32),
    /// The first is the second over the third, but for so many percent.
    Quotient(u32),
    /// The first is the second less the third.
    Difference,
    /// The first is the second and its growth, the third.
    Growth {
        /// True for what is worth money: it may grow at comparable prices.
        priced: bool,
    },
    /// The first is the second and its change, the third.
    Change,
    /// The first, a growth, is the mean of so many others, which the last ones weigh: levels of the year
    /// before, or those of the same year, which are to be taken back by their growth.
    Mean {
        /// How many.
        parts: usize,
        /// True for levels of the same year.
        grown: bool,
    },
    /// The first is neither ten times nor a tenth of the second.
    Alike,
    /// The second is the first, stated again.
    Same {
        /// True when one slip makes the one of the other.
        slip: bool,
    },
}

/// Prices may rise by so many billionths in a year where the panel tells nothing of them: 8 points.
const PRICES: i128 = 8 * ONE / 100;
/// A growth may be so far from the mean of its parts likewise, beside rounding and weights: 0.2 points.
const MEANS: i128 = 2 * ONE / 1000;

/// How an equation comes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Held {
    pub(super) outcome: Outcome,
    pub(super) note: Option<Note>,
}

impl From<Outcome> for Held {
    fn from(outcome: Outcome) -> Self {
        Self {
            outcome,
            note: None,
        }
    }
}

/// How far apart two sides are, beside the rounding of what is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Gap {
    /// By how much, in billionths: what prices rose by, or what a mean is beside a growth.
    pub(super) by: i128,
    /// What rounding accounts for.
    pub(super) slack: i128,
}

/// What rounding leaves of a difference.
fn decided(left: Range, failed: Outcome) -> Held {
    Held::from(match left.value {
        0 => Outcome::Ok,
        _ if left.holds_zero() => Outcome::Rounding,
        _ => failed,
    })
}

/// `percent` of `value`.
fn percent_of(percent: u32, value: i128) -> Option<i128> {
    Some(value.checked_abs()?.checked_mul(percent.into())? / 100)
}

impl Equation {
    /// How it comes out for `terms`, given what is usual in the panel; none where nothing can be said.
    pub(super) fn held(self, terms: &[Range], usual: Option<Usual>) -> Option<Held> {
        let (&first, rest) = terms.split_first()?;
        match self {
            Self::Sum(percent) => {
                let mut left = first;
                for term in rest {
                    left = left.less(*term)?;
                }
                let near = left.widened(percent_of(percent, first.value)?)?;
                Some(about(decided(left, Outcome::Mismatch), near))
            }
            Self::Quotient(percent) => {
                let &[of, by] = rest else { return None };
                let left = of.raised()?.less(first.times(by)?)?;
                let wide = first.widened(percent_of(percent, first.value)?)?;
                let near = of.raised()?.less(wide.times(by)?)?;
                Some(about(decided(left, Outcome::Mismatch), near))
            }
            Self::Difference => {
                let &[from, by] = rest else { return None };
                let left = first.less(from.less(by)?)?;
                Some(decided(left, Outcome::Mismatch))
            }
            Self::Change => {
                let &[before, change] = rest else { return None };
                let left = first.less(before.plus(change)?)?;
                Some(decided(left, Outcome::Mismatch))
            }
            Self::Growth { priced } => growth(terms, priced, usual),
            Self::Mean { .. } => self.mean(terms, usual),
            Self::Alike => {
                let &[before] = rest else { return None };
                let far = far(first, before)? || far(before, first)?;
                Some(Held::from(match far {
                    true => Outcome::Unlikely,
                    false => Outcome::Ok,
                }))
            }
            Self::Same { slip } => {
                let &[again] = rest else { return None };
                again_stated(first, again, slip)
            }
        }
    }

    /// How far apart its two sides are: what prices rose by where it is a growth, how far from the mean
    /// of its parts a growth is; none for what is exact but for rounding.
    pub(super) fn apart(self, terms: &[Range]) -> Option<Gap> {
        match self {
            Self::Growth { priced: true } => {
                let &[level, before, growth] = terms else {
                    return None;
                };
                let grown = grown(before, growth)?;
                let left = level.raised()?.less(grown.raised()?)?;
                let of = grown.value;
                (of > 0).then_some(Gap {
                    by: left.value.checked_div(of)?,
                    slack: left.slack()?.checked_div(of)?,
                })
            }
            Self::Mean { parts, grown } => Mean::of(terms, parts, grown).map(|mean| mean.apart),
            _ => None,
        }
    }

    fn mean(self, terms: &[Range], usual: Option<Usual>) -> Option<Held> {
        let Self::Mean { parts, grown } = self else {
            return None;
        };
        let mean = Mean::of(terms, parts, grown)?;
        let apart = mean.apart;
        let by = apart.by.checked_abs()?;
        let room = usual.map_or(MEANS, |usual| usual.room);
        Some(if by == 0 {
            Held::from(Outcome::Ok)
        } else if by <= apart.slack {
            Held::from(Outcome::Rounding)
        } else if by <= mean.weights.checked_add(apart.slack)?.checked_add(room)? {
            Held {
                outcome: Outcome::Ok,
                note: Some(Note::Weights),
            }
        } else if mean.outside {
            Held::from(Outcome::Mismatch)
        } else {
            Held::from(Outcome::Unlikely)
        })
    }
}

/// `held`, unless `near` says that it is only as far off as the code list allows for.
fn about(held: Held, near: Range) -> Held {
    match held.outcome.fails() && near.holds_zero() {
        true => Held {
            outcome: Outcome::Ok,
            note: Some(Note::Near),
        },
        false => held,
    }
}

/// A level from that of the year before and its growth.
fn grown(before: Range, growth: Range) -> Option<Range> {
    let one = Range {
        low: ONE,
        value: ONE,
        high: ONE,
    };
    before.times(one.plus(growth)?)?.lowered()
}

fn growth(terms: &[Range], priced: bool, usual: Option<Usual>) -> Option<Held> {
    let &[level, before, growth] = terms else {
        return None;
    };
    let grown = grown(before, growth)?;
    let failed = match priced {
        true => Outcome::Unlikely,
        false => Outcome::Mismatch,
    };
    let held = decided(level.less(grown)?, failed);
    if !priced || !held.outcome.fails() {
        return Some(held);
    }
    let (centre, room) = usual.map_or((0, PRICES), |usual| (usual.centre, usual.room));
    let dearer = ONE.checked_add(centre)?;
    let prices = Range {
        low: dearer,
        value: dearer,
        high: dearer,
    };
    let left = level.raised()?.less(grown.times(prices.widened(room)?)?)?;
    Some(match left.holds_zero() {
        true => Held {
            outcome: Outcome::Ok,
            note: Some(Note::Prices),
        },
        false => held,
    })
}

/// True when `one` is more than ten times `other`, both without their signs, however they were rounded.
/// Nothing can be said of zero, nor of figures of two signs: balances go to and fro.
fn far(one: Range, other: Range) -> Option<bool> {
    let least = |range: Range| match range.low > 0 {
        true => Some(range.low),
        false if range.high < 0 => range.high.checked_neg(),
        false => None,
    };
    let most = |range: Range| Some(range.low.checked_abs()?.max(range.high.checked_abs()?));
    least(other)?;
    if (one.value < 0) != (other.value < 0) {
        return None;
    }
    Some(least(one)? > most(other)?.checked_mul(10)?)
}

/// One fact as it is stated again. Figures are revised, by a tenth at the most as a rule, and seldom in
/// one figure only.
fn again_stated(first: Range, again: Range, slip: bool) -> Option<Held> {
    let left = first.less(again)?;
    let held = decided(left, Outcome::Mismatch);
    if !held.outcome.fails() {
        return Some(held);
    }
    let near = left.widened(percent_of(10, first.value)?)?.holds_zero();
    Some(match (near, slip) {
        (true, false) => Held {
            outcome: Outcome::Ok,
            note: Some(Note::Revised),
        },
        (false, true) => held,
        _ => Held::from(Outcome::Unlikely),
    })
}

/// A growth beside the mean of the growths of its parts.
struct Mean {
    apart: Gap,
    /// What other weights may account for: prices of a base year weigh otherwise than those of last
    /// year, and with weights two fifths off the mean moves by a tenth of what lies between the parts.
    weights: i128,
    /// True when it lies beyond all of the parts, where no weights bring it.
    outside: bool,
}

impl Mean {
    fn of(terms: &[Range], parts: usize, grown: bool) -> Option<Self> {
        let (&whole, rest) = terms.split_first()?;
        let (growths, levels) = rest.split_at_checked(parts)?;
        if growths.len() != levels.len() {
            return None;
        }
        let (mut total, mut sum, mut slack) = (0_i128, 0_i128, 0_i128);
        for (growth, level) in growths.iter().zip(levels) {
            let weight = match grown {
                false => level.value,
                true => {
                    let index = ONE.checked_add(growth.value).filter(|index| *index > 0)?;
                    level.value.checked_mul(ONE)?.checked_div(index)?
                }
            };
            if weight <= 0 {
                return None;
            }
            total = total.checked_add(weight)?;
            sum = sum.checked_add(weight.checked_mul(growth.value)?)?;
            slack = slack.checked_add(weight.checked_mul(growth.slack()?)?)?;
        }
        let least = growths.iter().map(|growth| growth.low).min()?;
        let most = growths.iter().map(|growth| growth.high).max()?;
        Some(Self {
            apart: Gap {
                by: sum.checked_div(total)?.checked_sub(whole.value)?,
                slack: slack.checked_div(total)?.checked_add(whole.slack()?)?,
            },
            weights: most.checked_sub(least)? / 10,
            outside: whole.high < least || most < whole.low,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::panel::convert::Ratio;

    fn terms(texts: &[&str]) -> Vec<Range> {
        let one = |text: &&str| {
            let (digits, size) = match text.strip_suffix('%') {
                Some(digits) => (digits, Ratio::new(1, 100)),
                None => (*text, Ratio::new(1, 1)),
            };
            Range::written(digits.parse().unwrap(), 1, size.unwrap()).unwrap()
        };
        texts.iter().map(one).collect()
    }

    fn held(equation: Equation, texts: &[&str]) -> (Outcome, Option<Note>) {
        let held = equation.held(&terms(texts), None).unwrap();
        (held.outcome, held.note)
    }

    #[test]
    fn a_sum_comes_out_exactly_or_within_its_rounding() {
        let sum = Equation::Sum(0);
        assert_eq!(held(sum, &["86.4", "40.1", "46.3"]), (Outcome::Ok, None));
        assert_eq!(
            held(sum, &["86.5", "40.1", "46.3"]),
            (Outcome::Rounding, None)
        );
        assert_eq!(
            held(sum, &["86.9", "40.1", "46.3"]),
            (Outcome::Mismatch, None)
        );
        assert_eq!(
            held(Equation::Sum(1), &["86.9", "40.1", "46.3"]),
            (Outcome::Ok, Some(Note::Near))
        );
    }

    #[test]
    fn quotients_differences_and_changes() {
        let share = Equation::Quotient(0);
        assert_eq!(
            held(share, &["46.4%", "40.1", "86.4"]),
            (Outcome::Rounding, None)
        );
        assert_eq!(
            held(share, &["48.4%", "40.1", "86.4"]),
            (Outcome::Mismatch, None)
        );
        assert_eq!(
            held(Equation::Quotient(5), &["48.4%", "40.1", "86.4"]),
            (Outcome::Ok, Some(Note::Near))
        );
        let balance = Equation::Difference;
        assert_eq!(held(balance, &["-6.2", "40.1", "46.3"]).0, Outcome::Ok);
        assert_eq!(held(balance, &["6.2", "40.1", "46.3"]).0, Outcome::Mismatch);
        let change = Equation::Change;
        assert_eq!(held(change, &["86.4", "80.1", "6.3"]).0, Outcome::Ok);
        assert_eq!(held(change, &["86.4", "80.1", "3.6"]).0, Outcome::Mismatch);
    }

    #[test]
    fn growth_of_quantities_is_exact_but_for_rounding() {
        let growth = Equation::Growth { priced: false };
        assert_eq!(
            held(growth, &["12.40", "12.00", "3.3%"]).0,
            Outcome::Rounding
        );
        assert_eq!(
            held(growth, &["12.40", "12.00", "3.8%"]).0,
            Outcome::Mismatch
        );
    }

    #[test]
    fn growth_of_money_may_be_at_comparable_prices() {
        let growth = Equation::Growth { priced: true };
        let level = |growth_of| ["86.40", "80.10", growth_of];
        assert_eq!(held(growth, &level("7.9%")), (Outcome::Rounding, None));
        assert_eq!(
            held(growth, &level("6.2%")),
            (Outcome::Ok, Some(Note::Prices))
        );
        assert_eq!(held(growth, &level("26.2%")).0, Outcome::Unlikely);
        // where prices are known, less room is left
        let usual = Usual {
            centre: 16_000_000,
            room: 4_000_000,
            checks: 12,
        };
        let told = |text| {
            growth
                .held(&terms(&level(text)), Some(usual))
                .unwrap()
                .outcome
        };
        assert_eq!(told("6.2%"), Outcome::Ok);
        assert_eq!(told("5.2%"), Outcome::Unlikely);
        assert_eq!(told("7.9%"), Outcome::Rounding, "at current prices");
        let apart = growth.apart(&terms(&level("6.2%"))).unwrap();
        assert!(
            (15_600_000..15_800_000).contains(&apart.by),
            "1.57 %: {apart:?}"
        );
    }

    #[test]
    fn the_growth_of_a_whole_is_the_mean_of_its_parts() {
        let mean = Equation::Mean {
            parts: 2,
            grown: false,
        };
        let whole = |growth| [growth, "4.0%", "8.0%", "30", "10"];
        assert_eq!(held(mean, &whole("5.0%")), (Outcome::Ok, None));
        assert_eq!(held(mean, &whole("5.1%")).0, Outcome::Rounding);
        assert_eq!(
            held(mean, &whole("5.4%")),
            (Outcome::Ok, Some(Note::Weights))
        );
        assert_eq!(held(mean, &whole("6.5%")).0, Outcome::Unlikely);
        assert_eq!(held(mean, &whole("8.9%")).0, Outcome::Mismatch);
        // 31.2 and 10.8 are 30 and 10 of the year before
        let grown = Equation::Mean {
            parts: 2,
            grown: true,
        };
        assert_eq!(
            held(grown, &["5.0%", "4.0%", "8.0%", "31.2", "10.8"]).0,
            Outcome::Ok
        );
        assert_eq!(mean.held(&terms(&whole("5.0%")[..4]), None), None);
    }

    #[test]
    fn ten_times_as_much_is_a_jump() {
        let alike = Equation::Alike;
        assert_eq!(held(alike, &["864", "80.1"]).0, Outcome::Unlikely);
        assert_eq!(held(alike, &["8.64", "96.1"]).0, Outcome::Unlikely);
        assert_eq!(held(alike, &["700", "80.1"]).0, Outcome::Ok);
        // 1 may be a half more: 14 is not surely ten times as much
        assert_eq!(held(alike, &["14", "1"]).0, Outcome::Ok);
        let nothing = alike.held(&terms(&["12.0", "-0.4"]), None);
        assert_eq!(nothing, None, "a balance that turns");
    }

    #[test]
    fn a_fact_that_is_stated_again() {
        let same = Equation::Same { slip: false };
        let slip = Equation::Same { slip: true };
        assert_eq!(held(same, &["86.4", "86.4"]).0, Outcome::Ok);
        assert_eq!(held(same, &["86.4", "86.41"]).0, Outcome::Rounding);
        assert_eq!(
            held(same, &["86.4", "87.2"]),
            (Outcome::Ok, Some(Note::Revised))
        );
        assert_eq!(held(same, &["86.4", "53.7"]).0, Outcome::Unlikely);
        assert_eq!(held(slip, &["86.4", "81.4"]).0, Outcome::Unlikely);
        assert_eq!(held(slip, &["86.4", "46.4"]).0, Outcome::Mismatch);
    }
}
