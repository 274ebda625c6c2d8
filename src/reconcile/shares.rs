//! Shares of one whole that are all of it: they add to 100.
//!
//! A ratio of three terms or more, or one whose name says that its terms are a structure; and the
//! shares of one sentence. Where neither the name (结构) nor the things (城镇 and 乡村) say that the
//! shares are all, only what comes out is a check: most shares of a sentence are of several wholes.

use super::mend::{Mend, mends};
use super::wording::Page;
use super::{Check, Term, slack, term, within};
use crate::base::Decimal;
use crate::record::{CheckKind, CheckStatus, Measure};

/// How many shares one sentence divides a whole into, at most.
const MOST_SHARES: usize = 8;

pub(super) fn shares(page: &Page<'_>) -> Vec<Check> {
    let ratios = page.all.iter().enumerate();
    let mut out: Vec<Check> = ratios.filter_map(|(i, _)| ratio(page, i)).collect();
    let shares: Vec<usize> = (0..page.all.len())
        .filter(|&i| {
            page.get(i)
                .is_some_and(|x| x.measure == Measure::Share && x.unit == "%")
        })
        .collect();
    for own in shares.chunk_by(|&a, &b| page.same_sentence(a, b)) {
        listed(page, own, &mut out);
    }
    out
}

/// 22.8:38.8:38.4.
fn ratio(page: &Page<'_>, index: usize) -> Option<Check> {
    let x = page.get(index).filter(|x| x.measure == Measure::Ratio)?;
    let values = x.components.as_ref()?;
    let terms: Option<Vec<Term>> = values.iter().map(|&v| Term::new(index, v, v)).collect();
    let terms = terms?;
    let name = page.name(index);
    let structure = page
        .lexicon
        .checks
        .structure
        .before(&name, name.len())
        .is_some();
    let exact = terms.iter().any(|t| t.value.scale() > 0);
    if structure {
        return all(page, vec![index], &terms, true);
    }
    (terms.len() > 2 && exact).then(|| all(page, vec![index], &terms, false))?
}

/// The shares of one sentence.
fn listed(page: &Page<'_>, own: &[usize], out: &mut Vec<Check>) {
    let mut rest = own;
    while rest.len() > 1 {
        let found = (2..=rest.len().min(MOST_SHARES))
            .rev()
            .filter_map(|n| rest.split_at_checked(n))
            .find_map(|(group, others)| Some((of_one_whole(page, group)?, others)));
        rest = match found {
            Some((check, others)) => {
                out.push(check);
                others
            }
            None => rest.get(1..).unwrap_or(&[]),
        };
    }
}

fn of_one_whole(page: &Page<'_>, group: &[usize]) -> Option<Check> {
    let named = |&i: &usize| {
        page.get(i)
            .map(|x| (x.name.as_str(), x.period.as_ref().map(|p| p.days)))
    };
    let told: Option<Vec<_>> = group.iter().map(named).collect();
    let told = told?;
    // 由14%提高到15.5% is one thing twice.
    let apart = told
        .iter()
        .enumerate()
        .all(|(i, a)| told.iter().skip(i + 1).all(|b| a.0 != b.0 && a.1 == b.1));
    let terms: Option<Vec<Term>> = group.iter().map(|&i| term(page.all, i)).collect();
    let terms = terms.filter(|t| apart && t.iter().all(|t| !t.value.is_negative()))?;
    all(page, group.to_vec(), &terms, page.are_all(group))
}

/// The check that `terms` add to 100; when they do not, a check only for those `claimed` to.
fn all(page: &Page<'_>, parts: Vec<usize>, terms: &[Term], claimed: bool) -> Option<Check> {
    let hundred = Decimal::from(100);
    let sum = |terms: &[Term]| {
        let mut terms = terms.iter();
        terms.try_fold(Decimal::ZERO, |sum, t| sum.checked_add(t.base).ok())
    };
    let settled = |terms: &[Term]| within(sum(terms)?.checked_add(-hundred).ok()?, slack(terms));
    let (status, found) = match settled(terms) {
        Some(status) => (status, Vec::new()),
        None => {
            let found: Vec<Mend> = mends(terms, page.lexicon, |place, other| {
                let mut terms = terms.to_vec();
                if let Some(term) = terms.get_mut(place) {
                    *term = *other;
                }
                settled(&terms)
            });
            if !claimed || found.is_empty() {
                return None;
            }
            (CheckStatus::Mismatch, found)
        }
    };
    Some(Check {
        kind: CheckKind::Shares,
        total: None,
        parts,
        expected: hundred,
        actual: sum(terms)?,
        status,
        candidates: found.into_iter().map(|m| (m.index, m.value)).collect(),
    })
}
