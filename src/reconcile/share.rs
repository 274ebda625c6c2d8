//! A share against its level and the whole: 增加值38.2亿元，占地区生产总值(86.42亿元)的44.2%.
//!
//! The whole must be sure. It is the number that the share directly stands behind; the level's own
//! whole where the words leave no other (其中…，占比80.4%); or the one level of that name, time and
//! unit on the page that the words behind 占 begin with.

use super::percent::Percent;
use super::wording::Page;
use super::{Check, term};
use crate::indicators::Indicator;
use crate::record::{CheckKind, Measure, Relation};

pub(super) fn share(page: &Page<'_>) -> Vec<Check> {
    let shares = page.all.iter().enumerate();
    shares
        .filter(|(_, x)| x.measure == Measure::Share && x.unit == "%")
        .filter_map(|(index, _)| {
            let (of, whole) = terms(page, index)?;
            let percent = Percent {
                kind: CheckKind::Share,
                stated: term(page.all, index)?,
                of: term(page.all, of)?,
                whole: term(page.all, whole)?,
                less: 0,
            };
            percent.check(page.lexicon)
        })
        .collect()
}

/// The level and the whole of a share.
fn terms(page: &Page<'_>, index: usize) -> Option<(usize, usize)> {
    let share = page.get(index)?;
    let said = share.of.filter(|&of| level(page, of));
    if let Some(whole) = right_before(page, index) {
        // What holds the share is said before the whole, and may have been taken for it.
        let of = said.filter(|&of| of != whole).or_else(|| {
            let before = whole.checked_sub(1)?;
            let joined = page.same_sentence(before, whole)
                && page
                    .lexicon
                    .changes
                    .share_verb
                    .within(page.between(before, whole));
            (joined && level(page, before)).then_some(before)
        })?;
        return alike(page, of, whole).then_some((of, whole));
    }
    let of = said?;
    let words = page.own_words(index);
    let whole = if page.lexicon.checks.bare.whole(words).is_some() {
        let level = page.get(of)?;
        level
            .of
            .filter(|_| level.relation == Some(Relation::Part))?
    } else {
        named(page, index, of, words)?
    };
    let fits = alike(page, of, whole) && same_time(page, of, whole) && same_time(page, of, index);
    fits.then_some((of, whole))
}

fn level(page: &Page<'_>, index: usize) -> bool {
    page.get(index).is_some_and(|x| x.measure == Measure::Level)
}

fn alike(page: &Page<'_>, a: usize, b: usize) -> bool {
    let units = page.get(a).zip(page.get(b));
    a != b && level(page, b) && units.is_some_and(|(a, b)| a.base_unit == b.base_unit)
}

fn same_time(page: &Page<'_>, a: usize, b: usize) -> bool {
    let both = page.get(a).zip(page.get(b));
    both.is_some_and(|(a, b)| {
        a.status == b.status
            && a.period.as_ref().map(|p| p.days) == b.period.as_ref().map(|p| p.days)
    })
}

/// The number right before the share, joined to it by 的 or a bracket: 任务3000人的106.2%.
fn right_before(page: &Page<'_>, index: usize) -> Option<usize> {
    let before = index.checked_sub(1)?;
    let words = page.between(before, index);
    let particle = words.trim_start_matches(['）', ')', '］', ']']);
    let joined = page.lexicon.names.particle.whole(particle).is_some();
    (joined && level(page, before)).then_some(before)
}

/// The level that the words behind 占 name, when there is one only.
fn named(page: &Page<'_>, index: usize, of: usize, words: &str) -> Option<usize> {
    let names = &page.lexicon.names;
    let (_, end, _) = page.lexicon.changes.share_verb.all(words).last()?;
    let mut behind = words.get(end..)?;
    if let Some((end, _)) = names.region.at(behind, 0) {
        behind = behind.get(end..)?;
    }
    let unit = &page.get(of)?.base_unit;
    let fits = |i: &usize| {
        let same = |x: &Indicator| x.measure == Measure::Level && x.base_unit == *unit;
        *i != of && page.get(*i).is_some_and(same) && same_time(page, *i, index)
    };
    // 占财政支出比重 is of 财政支出, 占财政支出增量的 is not.
    let ends_name = |rest: &str| {
        rest.is_empty()
            || names.particle.at(rest, 0).is_some()
            || page.lexicon.changes.share_noun.at(rest, 0).is_some()
    };
    let all: Vec<usize> = behind
        .char_indices()
        .map(|(at, c)| behind.split_at(at + c.len_utf8()))
        .filter(|(_, rest)| ends_name(rest))
        .flat_map(|(name, _)| page.named(name))
        .filter(fits)
        .collect();
    let (&first, others) = all.split_first()?;
    let value = |i: usize| page.get(i).and_then(|x| x.base_value);
    others
        .iter()
        .all(|&i| value(i) == value(first))
        .then_some(first)
}
