//! Stage 6: indicators → the arithmetic between them. Never changes a value.
//!
//! | kind | `total`: the number that is checked | `parts`: what it is worked out from |
//! | --- | --- | --- |
//! | `sum` | the whole | its parts |
//! | `shares` | none: 100 stands nowhere on the page | the shares, or the ratio that lists them |
//! | `share` | the share | its level, the whole |
//! | `change` | the change | the level now, the level before |
//! | `growth` | the growth | the level now, the level before |
//!
//! A check that comes out says little; one that does not is an alarm, and a false alarm costs more
//! than a missed one. So a check is a mismatch only where one slip of one term (a figure, the
//! point, the multiplier) would mend it, or where the page says in words that the parts are all;
//! `sum.rs` says how likely such a slip must be. Shares of a level, changes and growths that
//! differ by more than rounding and that no slip mends are no checks at all: most likely the page
//! speaks of something else (constant prices, another whole) than the numbers that were found.

mod change;
mod mend;
mod percent;
mod share;
mod shares;
mod sum;
mod wording;

use crate::base::Decimal;
use crate::indicators::Indicator;
use crate::lexicon::Lexicon;
use crate::record::{CheckKind, CheckStatus, Precision};
use wording::Page;

/// One piece of arithmetic; the numbers are indices of indicators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What is done.
    pub kind: CheckKind,
    /// The number that is checked; none where the page states none, as for the 100 of shares.
    pub total: Option<usize>,
    /// What it is worked out from.
    pub parts: Vec<usize>,
    /// What the page says, in base units.
    pub expected: Decimal,
    /// What the parts give, in base units; a quotient has two figures more than `expected`.
    pub actual: Decimal,
    /// How it came out.
    pub status: CheckStatus,
    /// Values of one term that would mend it, likeliest first.
    pub candidates: Vec<(usize, Decimal)>,
}

/// A number in a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Term {
    /// Index of the indicator.
    index: usize,
    /// In its own unit.
    value: Decimal,
    /// In base units.
    base: Decimal,
    /// One of its last digit, in base units.
    step: Decimal,
    /// Power of ten of its unit's multiplier.
    power: u32,
}

impl Term {
    fn new(index: usize, value: Decimal, base: Decimal) -> Option<Self> {
        let power = value.power_to(base)?;
        Some(Self {
            index,
            value,
            base,
            step: value.last_digit(power)?,
            power,
        })
    }

    /// The same term if it were `value` in its own unit.
    fn with(&self, value: Decimal) -> Option<Self> {
        Some(Self {
            value,
            base: value.scaled(self.power).ok()?,
            step: value.last_digit(self.power)?,
            ..*self
        })
    }

    /// True when it is written in thousands or with a point: it may be rounded.
    fn scaled(&self) -> bool {
        self.power > 0 || self.value.scale() > 0
    }

    /// How many figures it is written with, zeros in front left out.
    fn figures(&self) -> usize {
        let digits = self.value.mantissa().checked_abs();
        let more = digits.and_then(i128::checked_ilog10).unwrap_or(0);
        1 + more as usize
    }
}

/// An indicator as a term; none when it is only about so much.
fn term(indicators: &[Indicator], index: usize) -> Option<Term> {
    let x = indicators.get(index)?;
    (x.precision == Precision::Exact)
        .then(|| Term::new(index, x.value?, x.base_value?))
        .flatten()
}

/// How far a sum of `terms` may be off, twice: each is off by half of its last digit at most.
fn slack<'t>(terms: impl IntoIterator<Item = &'t Term>) -> Option<Decimal> {
    let mut slack = Decimal::ZERO;
    for term in terms {
        slack = slack.checked_add(term.step).ok()?;
    }
    Some(slack)
}

/// Whether a gap is none, or no more than half of `slack`.
fn within(gap: Decimal, slack: Option<Decimal>) -> Option<CheckStatus> {
    if gap.mantissa() == 0 {
        return Some(CheckStatus::Ok);
    }
    let twice = gap.checked_add(gap).ok()?;
    let size = if twice.is_negative() { -twice } else { twice };
    (size <= slack?).then_some(CheckStatus::Rounding)
}

/// Does the page's own arithmetic. `text` is the text that the spans of `indicators` count in,
/// variants folded ([`crate::quantities::Quantities::folded`]).
#[must_use]
pub fn reconcile(indicators: &[Indicator], text: &str, lexicon: &Lexicon) -> Vec<Check> {
    let page = Page::new(indicators, text, lexicon);
    let mut out = sum::sums(&page);
    out.extend(shares::shares(&page));
    out.extend(share::share(&page));
    out.extend(change::changes(&page));
    let place = |c: &Check| c.parts.iter().copied().chain(c.total).min();
    out.sort_by_key(|c| (place(c), c.kind, c.total));
    out
}
