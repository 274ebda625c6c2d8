//! What one damaged term would have to be for a check to come out.

use std::collections::BTreeSet;

use super::Term;
use crate::base::Decimal;
use crate::base::slip::{Slip, neighbours};
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

/// The mends of one term each, likeliest first: exact ones before those by rounding, then by the
/// slip. `comes_out` says how the check comes out with this term for the one of its place in
/// `terms`.
pub(super) fn mends(
    terms: &[Term],
    lexicon: &Lexicon,
    comes_out: impl Fn(usize, &Term) -> Option<CheckStatus>,
) -> Vec<Mend> {
    let mut out = Vec::new();
    for (place, term) in terms.iter().enumerate() {
        for (value, slip) in neighbours(term.value) {
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
    let at_scale = |d: Decimal| -> Option<i128> {
        let up = 10_i128.checked_pow(scale.checked_sub(d.scale())?)?;
        d.mantissa().checked_mul(up)
    };
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
    let mut explained: BTreeSet<i128> = BTreeSet::new();
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
            let left = if place == 0 { is - was } else { was - is };
            let left = if gap.is_negative() { -left } else { left };
            if left <= 0 || left % grain != 0 {
                continue;
            }
            let left = left / grain;
            explained.extend((left - wide..=left + wide).filter(|g| (1..=possible).contains(g)));
        }
    }
    (explained.len() as i128)
        .checked_mul(odds)
        .is_some_and(|n| n <= possible)
}
