//! Changes and growths against two levels: 由18个增加到25个，增加7个; 比上年增加3万人 where last
//! year's level is stated.
//!
//! The level before is the first of 由A…到B, or the one level of the same name and unit a year
//! earlier. Growth in constant prices is never that of the levels: nothing is checked where the
//! name or a word in the sentence says so.

use super::mend::{Balance, mends, telling};
use super::percent::Percent;
use super::wording::Page;
use super::{Check, Term, slack, term, within};
use crate::base::DateSpan;
use crate::indicators::Indicator;
use crate::record::{Basis, CheckKind, CheckStatus, Measure, Status};

/// A change that does not come out looks like a slip by chance in one of so many cases at most.
const ODDS: i128 = 3;

pub(super) fn changes(page: &Page<'_>) -> Vec<Check> {
    let all = page.all.iter().enumerate();
    all.filter(|(_, x)| matches!(x.measure, Measure::Change | Measure::Growth))
        .filter_map(|(index, x)| {
            let of = x.of?;
            let pair = pair(page, of).filter(|p| p.1 < index);
            let compared = !matches!(
                x.basis?,
                Basis::Peer | Basis::Plan | Basis::Cagr | Basis::Mom
            );
            let (before, now) = match pair {
                Some(pair) => pair,
                None => (a_year_before(page, of, x.basis?)?, of),
            };
            if !compared || page.in_real_terms(index, now) {
                return None;
            }
            let (before, now) = (term(page.all, before)?, term(page.all, now)?);
            let stated = term(page.all, index)?;
            if x.measure == Measure::Change {
                return change(page, stated, before, now);
            }
            let percent = Percent {
                kind: CheckKind::Growth,
                stated,
                of: now,
                whole: before,
                less: 100,
            };
            let levels = page.get(now.index)?.measure == Measure::Level;
            (levels && x.unit == "%").then(|| percent.check(page.lexicon))?
        })
        .collect()
}

/// The 由A…到B of which the number `index` is A, else that of which it is B.
fn pair(page: &Page<'_>, index: usize) -> Option<(usize, usize)> {
    let behind = (index, index + 1);
    let before = index.checked_sub(1).map(|before| (before, index));
    let mut either = std::iter::once(behind).chain(before);
    either.find(|&(before, now)| is_pair(page, before, now))
}

/// True for 由A…到B.
fn is_pair(page: &Page<'_>, before: usize, now: usize) -> bool {
    let (Some(a), Some(b)) = (page.get(before), page.get(now)) else {
        return false;
    };
    let words = page.between(before, now);
    a.measure == b.measure
        && matches!(a.measure, Measure::Level | Measure::Rate | Measure::Share)
        && a.name == b.name
        && a.base_unit == b.base_unit
        && page.lexicon.changes.to.within(words)
        && !words.contains(['，', '；', '。', '：', '、', ',', ';', '\n'])
        && page.lexicon.names.from.within(page.own_words(before))
}

/// The one level of this name and unit a year earlier.
fn a_year_before(page: &Page<'_>, now: usize, basis: Basis) -> Option<usize> {
    let x = page.get(now).filter(|_| basis == Basis::Yoy)?;
    let days = x.period.as_ref()?.days;
    // most pages speak of no such time
    if !page.days().iter().any(|&before| follows(before, days)) {
        return None;
    }
    let a_year_earlier = |y: &Indicator| {
        y.base_unit == x.base_unit
            && y.measure == x.measure
            && y.status == Status::Actual
            && y.period.as_ref().is_some_and(|p| follows(p.days, days))
    };
    let name = page.name(now);
    let namesakes = page.named(&name);
    let mut found = namesakes.filter(|&i| page.get(i).is_some_and(a_year_earlier));
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// True when `now` is the same part of the next year.
fn follows(before: DateSpan, now: DateSpan) -> bool {
    let next = |a: jiff::civil::Date, b: jiff::civil::Date| {
        i32::from(a.year()) + 1 == i32::from(b.year()) && a.month() == b.month()
    };
    next(before.start, now.start) && next(before.end, now.end)
}

fn change(page: &Page<'_>, stated: Term, before: Term, now: Term) -> Option<Check> {
    let unit = |t: &Term| page.get(t.index).map(|x| x.base_unit.as_str());
    let points = page.lexicon.checks.points.whole(unit(&stated)?).is_some();
    let same = unit(&stated) == unit(&now);
    if !(same || points && unit(&now) == Some("%")) {
        return None;
    }
    let settled = |stated: &Term, before: &Term, now: &Term| -> Option<CheckStatus> {
        let gap = stated
            .base
            .checked_add(before.base)
            .ok()?
            .checked_add(-now.base)
            .ok()?;
        let rounded = [stated, before, now].iter().any(|t| t.scaled());
        within(gap, slack([stated, before, now])).filter(|&s| rounded || s == CheckStatus::Ok)
    };
    let actual = now.base.checked_add(-before.base).ok()?;
    let mut check = Check {
        kind: CheckKind::Change,
        total: Some(stated.index),
        parts: vec![now.index, before.index],
        expected: stated.base,
        actual,
        status: CheckStatus::Mismatch,
        candidates: Vec::new(),
    };
    if let Some(status) = settled(&stated, &before, &now) {
        check.status = status;
        return Some(check);
    }
    // now = before + change: a sum of two parts.
    let sum = before.base.checked_add(stated.base).ok()?;
    let gap = now.base.checked_add(-sum).ok()?;
    let slack = slack([&stated, &before, &now]);
    let balance = slack.map(|slack| Balance {
        gap,
        slack,
        adds: &[false, false, true],
    });
    let terms = [stated, before, now];
    let found = mends(&terms, page.lexicon, balance, |place, other| match place {
        0 => settled(other, &before, &now),
        1 => settled(&stated, other, &now),
        _ => settled(&stated, &before, other),
    });
    let best = found.first()?;
    let parts = [before, stated];
    telling(&now, &parts, false, gap, best, slack, (ODDS, page.lexicon)).then(|| {
        check.candidates = found.iter().map(|m| (m.index, m.value)).collect();
        check
    })
}
