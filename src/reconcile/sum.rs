//! Parts against their whole.

use super::mend::mends;
use super::{Check, Term};
use crate::base::Decimal;
use crate::indicators::Indicator;
use crate::record::{CheckKind, CheckStatus, Precision, Relation};

/// The sums that a page lets one do: for every whole, its parts in reading order. A whole may be
/// divided more than once (by place, by kind): a division ends where its parts are the whole.
pub(super) fn sums(indicators: &[Indicator]) -> Vec<Check> {
    let mut parts: Vec<(usize, usize)> = indicators
        .iter()
        .enumerate()
        .filter(|(_, x)| x.relation == Some(Relation::Part))
        .filter_map(|(i, x)| Some((x.of?, i)))
        .collect();
    parts.sort_unstable();
    let mut out = Vec::new();
    let mut rest = parts.as_slice();
    while let Some(&(whole, _)) = rest.first() {
        let n = rest.partition_point(|p| p.0 == whole);
        let (own, others) = rest.split_at(n);
        rest = others;
        let ids: Vec<usize> = own.iter().map(|p| p.1).collect();
        divisions(indicators, whole, &ids, &mut out);
    }
    out.sort_by_key(|c| (c.parts.first().copied(), c.total));
    out
}

fn term(indicators: &[Indicator], index: usize) -> Option<Term> {
    let x = indicators.get(index)?;
    (x.precision == Precision::Exact)
        .then(|| Term::new(index, x.value?, x.base_value?))
        .flatten()
}

/// The divisions of one whole.
fn divisions(indicators: &[Indicator], whole: usize, parts: &[usize], out: &mut Vec<Check>) {
    // A whole or a part that is only about so much does not let one add.
    let Some(total) = term(indicators, whole) else {
        return;
    };
    let mut open: Vec<Term> = Vec::new();
    let mut sum = Decimal::ZERO;
    for &part in parts {
        let Some(part) = term(indicators, part) else {
            return;
        };
        let Ok(next) = sum.checked_add(part.base) else {
            return;
        };
        sum = next;
        open.push(part);
        let status = settled(&total, &open, sum);
        if open.len() > 1
            && let Some(status) = status
        {
            out.push(check(&total, &open, sum, status, Vec::new()));
            open.clear();
            sum = Decimal::ZERO;
        }
    }
    if open.len() < 2 {
        return;
    }
    let short = sum < total.base;
    let candidates = mends(&total, &open, sum);
    let status = if short && !candidates.iter().any(|c| c.likely) {
        CheckStatus::Partial
    } else {
        CheckStatus::Mismatch
    };
    let candidates = if status == CheckStatus::Partial {
        Vec::new()
    } else {
        candidates.into_iter().map(|c| (c.index, c.value)).collect()
    };
    out.push(check(&total, &open, sum, status, candidates));
}

fn check(
    total: &Term,
    parts: &[Term],
    sum: Decimal,
    status: CheckStatus,
    candidates: Vec<(usize, Decimal)>,
) -> Check {
    Check {
        kind: CheckKind::Sum,
        total: total.index,
        parts: parts.iter().map(|p| p.index).collect(),
        expected: total.base,
        actual: sum,
        status,
        candidates,
    }
}

/// Whether the parts are the whole: exactly, or as far as the rounding of the terms goes.
fn settled(total: &Term, parts: &[Term], sum: Decimal) -> Option<CheckStatus> {
    let gap = sum.checked_add(-total.base).ok()?;
    if gap.mantissa() == 0 {
        return Some(CheckStatus::Ok);
    }
    let mut slack = total.step;
    for part in parts {
        slack = slack.checked_add(part.step).ok()?;
    }
    // Each term is off by half of its last digit's step at most.
    let twice = gap.checked_add(gap).ok()?;
    let size = if twice.is_negative() { -twice } else { twice };
    let rounded =
        total.step.scale() > 0 || parts.iter().any(|p| p.step != total.step) || total.scaled;
    (rounded && size <= slack).then_some(CheckStatus::Rounding)
}
