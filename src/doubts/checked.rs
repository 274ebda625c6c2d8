//! Numbers that the page's own arithmetic contradicts.

use std::collections::BTreeSet;

use crate::base::Diagnostic;
use crate::indicators::Indicator;
use crate::normalize::Clean;
use crate::reconcile::Check;
use crate::record::{CheckKind, CheckStatus};

use super::warning;

/// A warning at each number that may be the wrong one of a check that does not come out.
pub(super) fn doubts(clean: &Clean, indicators: &[Indicator], checks: &[Check]) -> Vec<Diagnostic> {
    let failed = checks.iter().filter(|c| c.status == CheckStatus::Mismatch);
    let at = |check: &Check| {
        let terms = suspects(check).into_iter();
        let warned = terms.filter_map(|i| {
            let span = indicators.get(i)?.mention;
            let what = said(check, i);
            Some(warning(&clean.text, span, "check-failed", &what))
        });
        warned.collect::<Vec<_>>()
    };
    failed.flat_map(at).collect()
}

/// What is checked and what one slip would mend; all terms where no slip does, or nothing else is.
fn suspects(check: &Check) -> BTreeSet<usize> {
    let mendable = check.candidates.iter().map(|&(i, _)| i);
    let mut out: BTreeSet<usize> = mendable.collect();
    if out.is_empty() {
        out.extend(&check.parts);
    }
    out.extend(check.total);
    out
}

/// What is said of term `i`.
fn said(check: &Check, i: usize) -> String {
    let kind = match check.kind {
        CheckKind::Sum => "a sum",
        CheckKind::Shares => "a row of shares",
        CheckKind::Share => "a share",
        CheckKind::Change => "a change",
        CheckKind::Growth => "a growth",
    };
    let mut out = format!(
        "{kind} does not come out: the page says {}, its terms give {}",
        check.expected, check.actual
    );
    let mut candidates = check.candidates.iter();
    if let Some((_, value)) = candidates.find(|&&(term, _)| term == i) {
        out.push_str(&format!("; {value} here would mend it"));
    }
    out
}
