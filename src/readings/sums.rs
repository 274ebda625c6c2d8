//! What the page's own arithmetic says about numbers that two readings have differently.

use super::Open;
use crate::base::Decimal;
use crate::indicators::Indicator;
use crate::reconcile::Check;
use crate::record::CheckStatus;

/// A place that arithmetic has decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// As in [`Open::reading`].
    pub reading: usize,
    /// As in [`Open::at`].
    pub at: u32,
    /// True when the other reading is right.
    pub other: bool,
}

/// Which of `open` the `checks` decide: the number that stands where one with it comes out exactly,
/// the other where one with that would.
#[must_use]
pub fn settled(open: &[Open], indicators: &[Indicator], checks: &[Check]) -> Vec<Settled> {
    let decided = open.iter().filter_map(|open| {
        let terms = indicators.iter().enumerate();
        let terms = terms.filter(|(_, x)| x.mention.overlaps(open.span));
        let says = |(i, x): (usize, &Indicator)| verdict(open, i, x, checks);
        let other = terms.filter_map(says).max()?;
        Some(Settled {
            reading: open.reading,
            at: open.at,
            other,
        })
    });
    decided.collect()
}

/// True for the other reading of indicator `i`, false for the one that stands; none where no check
/// tells.
fn verdict(open: &Open, i: usize, x: &Indicator, checks: &[Check]) -> Option<bool> {
    let of = checks
        .iter()
        .filter(|c| c.total == Some(i) || c.parts.contains(&i));
    let mends = |c: &Check| {
        c.status == CheckStatus::Mismatch
            && c.candidates
                .iter()
                .any(|&(term, value)| term == i && open.others.iter().any(|&o| is(x, value, o)))
    };
    if of.clone().any(mends) {
        Some(true)
    } else {
        of.clone()
            .any(|c| c.status == CheckStatus::Ok)
            .then_some(false)
    }
}

/// True when `value`, in the unit of `x`, is `other` in base units.
fn is(x: &Indicator, value: Decimal, other: Decimal) -> bool {
    let power = x.value.zip(x.base_value).and_then(|(v, b)| v.power_to(b));
    let scaled = power.and_then(|power| value.scaled(power).ok());
    // 下降 makes the value of an indicator negative, which no reading is
    scaled.is_some_and(|v| v == other || -v == other)
}
