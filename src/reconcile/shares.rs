//! Shares of one whole that are all of it: they add to 100.
//!
//! A ratio of three terms or more, or one whose name says that its terms are a structure; and the
//! shares of one sentence. Where neither the name (结构) nor the things (城镇 and 乡村) say that the
//! shares are all, only what comes out is a check: most shares of a sentence are of several wholes.

use super::mend::{Balance, Mend, mends};
use super::wording::Page;
use super::{Check, Term, slack, term, within};
use crate::base::{DateSpan, Decimal};
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
    let structure = &page.lexicon.checks.structure;
    let structure = structure.before(&name, name.len()).is_some();
    let exact = terms.iter().any(|t| t.value.scale() > 0);
    (structure || terms.len() > 2 && exact).then(|| all(page, &[index], &terms, || structure))?
}

/// The shares of one sentence.
fn listed(page: &Page<'_>, own: &[usize], out: &mut Vec<Check>) {
    if own.len() < 2 {
        return;
    }
    let shares: Vec<Share> = own.iter().map(|&i| Share::of(page, i)).collect();
    let mut rest = shares.as_slice();
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

/// One share of a sentence.
struct Share<'a> {
    index: usize,
    name: &'a str,
    days: Option<DateSpan>,
    /// None of one that is about so much or below zero.
    term: Option<Term>,
}

impl<'a> Share<'a> {
    fn of(page: &Page<'a>, index: usize) -> Self {
        let x = page.get(index);
        Self {
            index,
            name: x.map_or("", |x| x.name.as_str()),
            days: x.and_then(|x| x.period.as_ref()).map(|p| p.days),
            term: term(page.all, index).filter(|t| !t.value.is_negative()),
        }
    }
}

fn of_one_whole(page: &Page<'_>, group: &[Share<'_>]) -> Option<Check> {
    let terms: Option<Vec<Term>> = group.iter().map(|share| share.term).collect();
    let terms = terms?;
    // 由14%提高到15.5% is one thing twice.
    let mut others = group.iter().skip(1);
    let apart = group.iter().all(|a| {
        let fits = others.clone().all(|b| a.days == b.days && a.name != b.name);
        others.next();
        fits
    });
    let parts: Vec<usize> = group.iter().map(|share| share.index).collect();
    apart.then(|| all(page, &parts, &terms, || page.are_all(&parts)))?
}

/// The check that `terms` add to 100; when they do not, a check only for those `claimed` to.
fn all(
    page: &Page<'_>,
    parts: &[usize],
    terms: &[Term],
    claimed: impl FnOnce() -> bool,
) -> Option<Check> {
    let hundred = Decimal::from(100);
    let sum = |terms: &[Term]| {
        let mut terms = terms.iter();
        terms.try_fold(Decimal::ZERO, |sum, t| sum.checked_add(t.base).ok())
    };
    let settled = |terms: &[Term]| within(sum(terms)?.checked_add(-hundred).ok()?, slack(terms));
    let (status, found) = match settled(terms) {
        Some(status) => (status, Vec::new()),
        None if !claimed() => return None,
        None => {
            let adds = vec![true; terms.len()];
            let gap = sum(terms).and_then(|sum| sum.checked_add(-hundred).ok());
            let balance = gap.zip(slack(terms)).map(|(gap, slack)| Balance {
                gap,
                slack,
                adds: &adds,
            });
            let found: Vec<Mend> = mends(terms, page.lexicon, balance, |place, other| {
                let mut terms = terms.to_vec();
                if let Some(term) = terms.get_mut(place) {
                    *term = *other;
                }
                settled(&terms)
            });
            if found.is_empty() {
                return None;
            }
            (CheckStatus::Mismatch, found)
        }
    };
    Some(Check {
        kind: CheckKind::Shares,
        total: None,
        parts: parts.to_vec(),
        expected: hundred,
        actual: sum(terms)?,
        status,
        candidates: found.into_iter().map(|m| (m.index, m.value)).collect(),
    })
}
