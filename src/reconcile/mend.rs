//! What one damaged figure would have to be for a sum to come out.

use super::Term;
use crate::base::Decimal;
use crate::base::slip::one_slip;

/// A value of one term that would make the sum come out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mend {
    /// Index of the indicator.
    pub index: usize,
    /// The value it would have, in its own unit.
    pub value: Decimal,
    /// True for figures that are often taken for each other, a lost point or a lost figure.
    pub likely: bool,
}

/// The mends of one term each, likeliest first.
pub(super) fn mends(total: &Term, parts: &[Term], sum: Decimal) -> Vec<Mend> {
    let mut out = Vec::new();
    let Ok(gap) = total.base.checked_add(-sum) else {
        return out;
    };
    let mut consider = |term: &Term, shift: Decimal| {
        let Some(wanted) = term
            .base
            .checked_add(shift)
            .ok()
            .and_then(|b| term.in_unit(b))
        else {
            return;
        };
        if wanted.is_negative() || wanted == Decimal::ZERO {
            return;
        }
        if let Some(likely) = one_slip(term.value, wanted) {
            out.push(Mend {
                index: term.index,
                value: wanted,
                likely,
            });
        }
    };
    for part in parts {
        consider(part, gap);
    }
    consider(total, -gap);
    out.sort_by_key(|m| (!m.likely, m.index));
    out
}
