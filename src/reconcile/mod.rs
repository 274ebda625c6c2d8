//! Stage 6: indicators → the arithmetic between them. Never changes a value.

use crate::base::Decimal;
use crate::indicators::Indicator;
use crate::record::{CheckKind, CheckStatus};

/// One piece of arithmetic; the numbers are indices of indicators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What is done.
    pub kind: CheckKind,
    /// The total.
    pub total: usize,
    /// The parts.
    pub parts: Vec<usize>,
    /// What the page says, in base units.
    pub expected: Decimal,
    /// What the parts give, in base units.
    pub actual: Decimal,
    /// How it came out.
    pub status: CheckStatus,
    /// Values of one term that would mend it, likeliest first.
    pub candidates: Vec<(usize, Decimal)>,
}

/// Does the page's own arithmetic.
#[must_use]
pub fn reconcile(_indicators: &[Indicator]) -> Vec<Check> {
    Vec::new()
}
