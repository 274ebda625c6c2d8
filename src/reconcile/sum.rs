//! Parts against their whole.
//!
//! How a sum that does not come out is read:
//!
//! | parts | one slip of one term mends it | none does |
//! | --- | --- | --- |
//! | claim to be all (分别 without 其中, a total behind them) | mismatch | mismatch |
//! | are all there is by their names (城镇 and 乡村) | mismatch | partial, or no check when they are too much |
//! | say that there are more (等) and are too little | partial | partial |
//! | too little | mismatch, if the slip tells; else partial | partial |
//! | too much | mismatch, if the slip tells; else no check | no check: they overlap |
//!
//! A slip tells when lists that simply are not all would seldom look like it by chance. Of numbers
//! of five figures hardly any gap is one slip wide; of numbers of one or two figures nearly every
//! one is (`mend::telling` counts them).

use std::collections::BTreeSet;

use super::mend::{Balance, Mend, mends, telling};
use super::wording::Page;
use super::{Check, Term, slack, term, within};
use crate::base::Decimal;
use crate::record::{CheckKind, CheckStatus, Measure, Relation};

/// Parts that are too little look like a slip by chance in one of so many cases at most: lists that
/// are not all are common.
const ODDS_OF_SHORT: i128 = 6;
/// The same for parts that are too much: overlapping lists are rare.
const ODDS_OF_OVER: i128 = 2;
/// Longer lists are no sentence of a report; trying every slip of every number takes its time.
const MOST_PARTS: usize = 48;
/// How many numbers before it a total behind its parts is the sum of, at most.
const MOST_BEHIND: usize = 12;

/// The sums that a page lets one do: for every whole, its parts in reading order. A whole may be
/// divided more than once (by place, by kind): a division ends where the page says so or where its
/// parts are the whole.
pub(super) fn sums(page: &Page<'_>) -> Vec<Check> {
    let mut parts: Vec<(usize, usize)> = page
        .all
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
        let Some(total) = term(page.all, whole) else {
            continue;
        };
        for division in ids.chunk_by(|&a, &b| !page.divides(a, b)) {
            if division.len() > MOST_PARTS {
                continue;
            }
            // A part that is only about so much does not let one add.
            let terms: Option<Vec<Term>> = division.iter().map(|&p| term(page.all, p)).collect();
            if let Some(terms) = terms {
                divided(page, &total, &terms, &mut out);
            }
        }
    }
    behind(page, &mut out);
    ahead(page, &mut out);
    out
}

fn added(parts: &[Term]) -> Option<Decimal> {
    let mut parts = parts.iter();
    parts.try_fold(Decimal::ZERO, |sum, p| sum.checked_add(p.base).ok())
}

/// Whether the parts are the whole: exactly, or as far as the rounding of the terms goes.
fn settled(total: &Term, parts: &[Term]) -> Option<CheckStatus> {
    let gap = total.base.checked_add(-added(parts)?).ok()?;
    let rounded = total.scaled() || parts.iter().any(|p| p.step != total.step);
    let slack = slack(parts.iter().chain([total]));
    within(gap, slack).filter(|&s| rounded || s == CheckStatus::Ok)
}

/// The sums of one division, which the page may have divided once more without saying so.
fn divided(page: &Page<'_>, total: &Term, parts: &[Term], out: &mut Vec<Check>) {
    let mut rest = parts;
    while rest.len() > 1 {
        // All of them first, then the fewest that come out exactly, then by rounding.
        let came_out = |want: CheckStatus| {
            let all = std::iter::once(rest.len()).chain(2..rest.len());
            all.filter_map(|n| rest.split_at_checked(n))
                .find(|(own, _)| settled(total, own) == Some(want))
        };
        let found = came_out(CheckStatus::Ok).or_else(|| came_out(CheckStatus::Rounding));
        let Some((own, others)) = found else { break };
        out.extend(check(total, own, settled(total, own), Vec::new()));
        rest = others;
    }
    // The second division may be right where the first is not.
    let right = (2..rest.len().saturating_sub(1))
        .filter_map(|n| rest.split_at_checked(n))
        .find(|(_, last)| settled(total, last) == Some(CheckStatus::Ok));
    if let Some((first, last)) = right {
        out.extend(open(page, total, first));
        out.extend(check(total, last, Some(CheckStatus::Ok), Vec::new()));
    } else if rest.len() > 1 {
        out.extend(open(page, total, rest));
    }
}

/// The mends of a sum.
fn mended(page: &Page<'_>, total: &Term, parts: &[Term]) -> Vec<Mend> {
    let mut terms = parts.to_vec();
    terms.push(*total);
    let mut adds = vec![false; parts.len()];
    adds.push(true);
    let gap = added(parts).and_then(|sum| total.base.checked_add(-sum).ok());
    let balance = gap.zip(slack(&terms)).map(|(gap, slack)| Balance {
        gap,
        slack,
        adds: &adds,
    });
    mends(&terms, page.lexicon, balance, |place, other| {
        if place == parts.len() {
            return settled(other, parts);
        }
        let mut parts = parts.to_vec();
        if let Some(part) = parts.get_mut(place) {
            *part = *other;
        }
        settled(total, &parts)
    })
}

/// Parts that do not come out.
fn open(page: &Page<'_>, total: &Term, parts: &[Term]) -> Option<Check> {
    let ids: Vec<usize> = parts.iter().map(|p| p.index).collect();
    let gap = total.base.checked_add(-added(parts)?).ok()?;
    let short = !gap.is_negative();
    let claimed = page.claims(total.index, &ids);
    let mends = mended(page, total, parts);
    let more = short && ids.last().is_some_and(|&last| page.goes_on(last));
    let odds = if short { ODDS_OF_SHORT } else { ODDS_OF_OVER };
    let tells = |best: &Mend| {
        let slack = slack(parts.iter().chain([total]));
        page.are_all(&ids) || telling(total, parts, false, gap, best, slack, (odds, page.lexicon))
    };
    if claimed || !more && mends.first().is_some_and(tells) {
        return check(total, parts, Some(CheckStatus::Mismatch), mends);
    }
    let status = short.then_some(CheckStatus::Partial);
    check(total, parts, status, Vec::new())
}

fn check(
    total: &Term,
    parts: &[Term],
    status: Option<CheckStatus>,
    mends: Vec<Mend>,
) -> Option<Check> {
    Some(Check {
        kind: CheckKind::Sum,
        total: Some(total.index),
        parts: parts.iter().map(|p| p.index).collect(),
        expected: total.base,
        actual: added(parts)?,
        status: status?,
        candidates: mends.into_iter().map(|m| (m.index, m.value)).collect(),
    })
}

/// Totals behind numbers that stand in no relation to them: 县内12人，县外30人，共42人.
fn behind(page: &Page<'_>, out: &mut Vec<Check>) {
    let known: BTreeSet<usize> = out.iter().filter_map(|c| c.total).collect();
    for (index, x) in page.all.iter().enumerate() {
        if x.measure != Measure::Level {
            continue;
        }
        let words = page.own_words(index);
        let says = page.lexicon.checks.behind.at(words, 0).is_some();
        if !says || known.contains(&index) {
            continue;
        }
        let Some(total) = term(page.all, index) else {
            continue;
        };
        let mut parts: Vec<Term> = Vec::new();
        for before in (index.saturating_sub(2 * MOST_BEHIND)..index).rev() {
            let Some(y) = page.get(before) else { break };
            if parts.len() == MOST_BEHIND || !page.same_sentence(before, index) {
                break;
            }
            // Growths and other things between them are stepped over.
            if y.measure == Measure::Level && y.base_unit == x.base_unit {
                match term(page.all, before) {
                    Some(part) => parts.push(part),
                    None => break,
                }
            }
        }
        parts.reverse();
        let came_out = (0..parts.len().saturating_sub(1))
            .filter_map(|n| parts.get(n..))
            .find(|own| settled(&total, own).is_some());
        if let Some(own) = came_out {
            out.extend(check(&total, own, settled(&total, own), Vec::new()));
        } else if parts.len() > 1
            && page.lexicon.names.total.at(words, 0).is_some()
            && let mends = mended(page, &total, &parts)
            && let Some(best) = mends.first()
            && let Some(sum) = added(&parts)
            && let Ok(gap) = total.base.checked_add(-sum)
            && telling(
                &total,
                &parts,
                false,
                gap,
                best,
                slack(parts.iter().chain([&total])),
                (ODDS_OF_OVER, page.lexicon),
            )
        {
            out.extend(check(&total, &parts, Some(CheckStatus::Mismatch), mends));
        }
    }
}

/// Rows that 分别 divides a whole into and that stand in no relation to it, where they come out:
/// 学校312所，幼儿园、小学分别为194所、118所.
fn ahead(page: &Page<'_>, out: &mut Vec<Check>) {
    let known: BTreeSet<usize> = out.iter().filter_map(|c| c.total).collect();
    for (index, x) in page.all.iter().enumerate() {
        if x.measure != Measure::Level || known.contains(&index) {
            continue;
        }
        let behind = page.all.iter().enumerate().skip(index + 1);
        let mut row = behind
            .skip_while(|(_, y)| y.of == Some(index) && y.measure != Measure::Level)
            .take_while(|(i, y)| {
                y.measure == Measure::Level
                    && y.of.is_none()
                    && y.base_unit == x.base_unit
                    && page.same_sentence(index, *i)
            })
            .take(MOST_BEHIND)
            .map(|(i, _)| i)
            .peekable();
        let claimed = row
            .peek()
            .is_some_and(|&first| page.claims(index, &[first]));
        if !claimed {
            continue;
        }
        let row: Vec<Term> = row.map_while(|i| term(page.all, i)).collect();
        if let Some(total) = term(page.all, index)
            && row.len() > 1
        {
            out.extend(check(&total, &row, settled(&total, &row), Vec::new()));
        }
    }
}
