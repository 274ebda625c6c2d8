//! Numbers of a form that nobody prints: something was lost or added in reading.

use crate::base::{Decimal, Diagnostic};
use crate::indicators::Indicator;
use crate::lexicon::Lexicon;
use crate::lexicon::numerals::Figure;
use crate::record::{Measure, Precision};

use super::warning;

/// The doubt about one number of `text`, by its form.
pub(super) fn doubt(x: &Indicator, text: &str, lexicon: &Lexicon) -> Option<Diagnostic> {
    let what = if has_lost_point(x, text) {
        "a zero in front of other figures: a point was lost or a figure is too many"
    } else if is_behind_mark(x, text, lexicon) {
        "a mark stands right before it that may have been a figure"
    } else if is_bare(x, text, lexicon) {
        "a multiplier without a figure: the figures before it may be lost"
    } else if has_gap(x, text, lexicon) {
        "no figure between two powers of ten: one was lost"
    } else if is_piece(x, text, lexicon) {
        "a piece of a thing that is whole: its figures or its unit may be misread"
    } else if is_odd_share(x, text, lexicon) {
        "a share that is none: its figures or its unit may be misread"
    } else {
        return None;
    };
    Some(warning(text, x.mention, "number-damaged", what))
}

/// `052万亩`.
fn has_lost_point(x: &Indicator, text: &str) -> bool {
    let mut chars = x.mention.of(text).chars();
    chars.next() == Some('0') && chars.next().is_some_and(|c| c.is_ascii_digit())
}

/// `销售额.51亿元`.
fn is_behind_mark(x: &Indicator, text: &str, lexicon: &Lexicon) -> bool {
    head(x, text).ends_with(lexicon.doubts.stray.marks.as_slice())
}

/// `培育企业万家`.
fn is_bare(x: &Indicator, text: &str, lexicon: &Lexicon) -> bool {
    let numerals = &lexicon.numerals;
    let Some(first) = x.mention.of(text).chars().next() else {
        return false;
    };
    let behind = x.mention.start as usize + first.len_utf8();
    matches!(numerals.figure(first), Some(Figure::Power(2..)))
        && x.precision == Precision::Exact
        && numerals.fraction_at(text, behind).is_none()
        && !ends_with_any(head(x, text), &lexicon.doubts.bare.after)
}

/// `一百十万元`. 万千瓦 is no such: from 千 on a power may begin a unit.
fn has_gap(x: &Indicator, text: &str, lexicon: &Lexicon) -> bool {
    let mut before = None;
    x.mention.of(text).chars().any(|c| {
        let figure = lexicon.numerals.figure(c);
        let gap = match (before, figure) {
            (Some(Figure::Power(high)), Some(Figure::Power(low @ 1..=2))) => low < high,
            _ => false,
        };
        before = figure;
        gap
    })
}

/// True for a unit of this dimension.
fn measures(unit: &str, dimension: &str, lexicon: &Lexicon) -> bool {
    let found = lexicon.units.at(unit, 0);
    found.is_some_and(|u| u.end == unit.len() && u.dimension == dimension)
}

/// `水闸1.2座`.
fn is_piece(x: &Indicator, text: &str, lexicon: &Lexicon) -> bool {
    let whole = &lexicon.doubts.whole;
    x.value == x.base_value
        && x.value.is_some_and(|v| v.scale() > 0)
        && measures(&x.unit, &whole.dimension, lexicon)
        && !whole.units_except.iter().any(|unit| x.unit == *unit)
        && !whole
            .except
            .iter()
            .any(|w| x.quote.of(text).contains(w.as_str()))
}

/// `占比138.6%`, `占比8.4年`.
fn is_odd_share(x: &Indicator, text: &str, lexicon: &Lexicon) -> bool {
    let share = &lexicon.doubts.share;
    let odd = if x.measure == Measure::Share && measures(&x.unit, &share.dimension, lexicon) {
        x.value > Decimal::new(100, 0).ok()
    } else {
        x.components.is_none()
            && !x.unit.is_empty()
            && ends_with_any(head(x, text), &share.before)
            && !measures(&x.unit, &share.dimension, lexicon)
    };
    let excepted = |w: &String| x.quote.of(text).contains(w.as_str());
    odd && !share.except.iter().any(excepted)
}

fn head<'t>(x: &Indicator, text: &'t str) -> &'t str {
    text.get(..x.mention.start as usize).unwrap_or("")
}

fn ends_with_any(head: &str, words: &[String]) -> bool {
    words.iter().any(|w| head.ends_with(w.as_str()))
}

/// The doubts about numbers that are none beside the others of their row: `7.5%、417.4%、7.3%`.
pub(super) fn rows(indicators: &[Indicator], text: &str, lexicon: &Lexicon) -> Vec<Diagnostic> {
    let (row, dimension) = (&lexicon.doubts.row, &lexicon.doubts.share.dimension);
    let joined = |a: &Indicator, b: &Indicator| {
        let between = text.get(a.mention.end as usize..b.mention.start as usize);
        a.unit == b.unit && between.is_some_and(|m| row.marks.iter().any(|mark| mark == m))
    };
    let rows = indicators.chunk_by(joined).filter(|row| {
        let unit = row.first().map_or("", |x| x.unit.as_str());
        row.len() > 2 && measures(unit, dimension, lexicon)
    });
    let odd = rows.filter_map(|numbers| {
        let size = |x: &Indicator| x.value.map(|v| if v.is_negative() { -v } else { v });
        let mut by_size: Vec<&Indicator> = numbers.iter().collect();
        by_size.sort_by_key(|x| size(x));
        let [.., second, largest] = by_size.as_slice() else {
            return None;
        };
        let mut most = Decimal::ZERO;
        for _ in 0..row.times {
            most = most.checked_add(size(second)?).ok()?;
        }
        (most > Decimal::ZERO && size(largest)? > most).then_some(*largest)
    });
    let what = "many times the others of its row: a figure is too many or a point was lost";
    odd.map(|x| warning(text, x.mention, "number-damaged", what))
        .collect()
}
