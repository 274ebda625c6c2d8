//! What one damaged term would have to be for a check to come out.

use super::Term;
use crate::base::Decimal;
use crate::base::decimal::power_of_ten;
use crate::base::slip::{Slip, neighbours, neighbours_near};
use crate::lexicon::Lexicon;
use crate::record::CheckStatus;

/// A value of one term that would make the check come out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mend {
    /// Index of the indicator.
    pub index: usize,
    /// The value it would have, in its own unit.
    pub value: Decimal,
    /// `Ok`, or `Rounding` when the check would come out by rounding only.
    pub status: CheckStatus,
    /// How likely the slip is, 0 the likeliest.
    pub rank: u8,
}

/// The largest power of ten of a multiplier.
const LARGEST_MULTIPLIER: u32 = 12;
/// Rank of a figure lost or added.
const FIGURES_APART: u8 = 4;

/// How likely a slip is, 0 the likeliest: figures that engines take for one another, the point,
/// the multiplier, any other figure, a figure lost or added. (Engines lose figures more often than
/// they misread them, but a lost one explains ten times as many gaps.)
fn rank(slip: Slip, lexicon: &Lexicon) -> u8 {
    match slip {
        Slip::Figure { written, meant } if lexicon.confusables.alike(written, meant) => 0,
        Slip::Point => 1,
        Slip::Multiplier => 2,
        Slip::Figure { .. } => 3,
        Slip::Lost | Slip::Added => FIGURES_APART,
    }
}

/// How far terms that are added up are from coming out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Balance<'a> {
    /// What is left of those that add less those that take away.
    pub gap: Decimal,
    /// How far it may be off by rounding, twice.
    pub slack: Decimal,
    /// Of each term, whether it adds.
    pub adds: &'a [bool],
}

/// What of a balance is the same for all that one term may be, all numbers at one scale.
struct Window {
    /// The scale, with the power of the term's multiplier.
    scale: u32,
    negative: bool,
    adds: bool,
    base: i128,
    gap: i128,
    /// Twice what the rounding of the other terms may come to.
    slack: i128,
}

impl Balance<'_> {
    /// None where the numbers have too many figures to tell.
    fn window(&self, place: usize, term: &Term) -> Option<Window> {
        let parts = [self.gap, self.slack, term.base, term.step];
        let finest = parts.iter().map(|d| d.scale()).max()?;
        // A multiplier lost is a number with as many places more.
        let finest =
            finest.max((term.value.scale() + LARGEST_MULTIPLIER).saturating_sub(term.power));
        Some(Window {
            scale: finest + term.power,
            negative: term.value.is_negative(),
            adds: *self.adds.get(place)?,
            base: term.base.mantissa_at(finest)?,
            gap: self.gap.mantissa_at(finest)?,
            slack: self
                .slack
                .mantissa_at(finest)?
                .checked_sub(term.step.mantissa_at(finest)?)?
                .max(0),
        })
    }
}

impl Window {
    /// False where the terms do not come out with `mantissa` and `scale` for the size of this one, not
    /// even by rounding; none where there are too many figures to tell.
    fn may_come_out(&self, mantissa: u128, scale: u32) -> Option<bool> {
        let step = power_of_ten(self.scale.checked_sub(scale)?)?;
        let size = i128::try_from(mantissa).ok()?.checked_mul(step)?;
        let signed = if self.negative { -size } else { size };
        let more = signed.checked_sub(self.base)?;
        let more = if self.adds { more } else { -more };
        let left = self.gap.checked_add(more)?.checked_abs()?;
        Some(left.checked_mul(2)? <= self.slack.checked_add(step)?)
    }
}

/// The mends of one term each, likeliest first: exact ones before those by rounding, then by the
/// slip. `comes_out` says how the check comes out with this term for the one of its place in
/// `terms`; it is not asked where `balance` says that it does not.
pub(super) fn mends(
    terms: &[Term],
    lexicon: &Lexicon,
    balance: Option<Balance<'_>>,
    comes_out: impl Fn(usize, &Term) -> Option<CheckStatus>,
) -> Vec<Mend> {
    let mut out = Vec::new();
    for (place, term) in terms.iter().enumerate() {
        let window = balance.and_then(|b| b.window(place, term));
        let near = |mantissa, scale| {
            let known = window
                .as_ref()
                .and_then(|w| w.may_come_out(mantissa, scale));
            known.unwrap_or(true)
        };
        for (value, slip) in neighbours_near(term.value, near) {
            if let Some(other) = term.with(value)
                && let Some(status) = comes_out(place, &other)
            {
                out.push(Mend {
                    index: term.index,
                    value,
                    status,
                    rank: rank(slip, lexicon),
                });
            }
        }
    }
    // A lost figure that comes near is no news where another slip comes out exactly.
    if out.iter().any(|m| m.status == CheckStatus::Ok) {
        out.retain(|m| m.status == CheckStatus::Ok || m.rank < FIGURES_APART);
    }
    out.sort_by_key(|m| (m.status, m.rank, m.index));
    out
}

/// Whether a gap such as the one between `total` and `parts` that a slip as likely as `best`
/// explains would come up by chance in no more than one of `odds` cases: of all gaps that lists of
/// such numbers could have, this many are one slip away. `fixed` totals have no slips (100 %).
pub(super) fn telling(
    total: &Term,
    parts: &[Term],
    fixed: bool,
    gap: Decimal,
    best: &Mend,
    slack: Option<Decimal>,
    (odds, lexicon): (i128, &Lexicon),
) -> bool {
    let all = || std::iter::once(total).chain(parts);
    let Some(scale) = all().map(|t| t.base.scale()).max() else {
        return false;
    };
    let at_scale = |d: Decimal| d.mantissa_at(scale);
    let bases: Option<Vec<i128>> = all().map(|t| at_scale(t.base)).collect();
    let Some(bases) = bases else { return false };
    // Whole thousands differ by whole thousands: there are fewer gaps than figures.
    let mut grain = 1_i128;
    while bases.iter().all(|b| b % (grain * 10) == 0) && grain < i128::MAX / 100 {
        grain *= 10;
    }
    let Some(possible) = bases.first().map(|b| b / grain) else {
        return false;
    };
    let wide = match (best.status, slack.and_then(at_scale)) {
        (CheckStatus::Rounding, Some(slack)) => slack / 2 / grain,
        _ => 0,
    };
    let mut explained: Vec<(i128, i128)> = Vec::new();
    let skip = usize::from(fixed);
    for (place, term) in all().enumerate().skip(skip) {
        for (value, slip) in neighbours(term.value) {
            if rank(slip, lexicon) > best.rank {
                continue;
            }
            let Some((was, is)) = term
                .with(value)
                .and_then(|t| at_scale(t.base))
                .zip(at_scale(term.base))
            else {
                continue;
            };
            // A part too small or a whole too large leaves a gap above zero.
            let (from, to) = if place == 0 { (was, is) } else { (is, was) };
            let left = to.saturating_sub(from);
            let left = if gap.is_negative() {
                left.saturating_neg()
            } else {
                left
            };
            if left <= 0 || left % grain != 0 {
                continue;
            }
            let left = left / grain;
            explained.push((
                left.saturating_sub(wide).max(1),
                left.saturating_add(wide).min(possible),
            ));
        }
    }
    covered(explained)
        .checked_mul(odds)
        .is_some_and(|n| n <= possible)
}

/// How many whole numbers lie in one at least of `ranges`, first and last of each.
fn covered(mut ranges: Vec<(i128, i128)>) -> i128 {
    ranges.sort_unstable();
    let (mut count, mut upto) = (0, 0);
    for (first, last) in ranges {
        let first = first.max(upto + 1);
        if first <= last {
            count += last - first + 1;
            upto = last;
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Extractor;

    #[test]
    fn what_several_ranges_cover_counts_once() {
        assert_eq!(covered(vec![(3, 8), (1, 5), (10, 9), (12, 12), (4, 6)]), 9);
        assert_eq!(
            covered(vec![(1, i128::from(u64::MAX))]),
            i128::from(u64::MAX)
        );
        assert_eq!(covered(Vec::new()), 0);
    }

    #[test]
    fn terms_of_all_sizes_are_weighed_at_once() {
        // Rounded to hundreds of millions beside single yuan: as many gaps as there are yuan.
        let page = "全县完成投资500亿元，其中：甲业300亿元，乙业100亿元，丙业12345元。";
        let record = Extractor::new().extract("a.txt", page.as_bytes()).unwrap();
        assert_eq!(record.checks.len(), 1);
        assert_eq!(record.checks[0].parts.len(), 3);
    }
}
