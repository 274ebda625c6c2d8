//! Numbers: which of the old are which of the new, and what changed in them.

use super::change::{Change, Thing, What};
use super::pairs::Pairs;
use super::side::{Both, Side};
use crate::record::{Indicator, Measure, Source};
use crate::write::words::{number, period, word};

/// By place and words, then by place and name, then by section, name and order; last those of one name and
/// number anywhere, and those of one number in a section.
pub(super) fn pairs(both: &Both<'_>) -> Pairs {
    let (old, new) = (&both.old.record.indicators, &both.new.record.indicators);
    let was = |i: usize| {
        let x = old.get(i)?;
        Some(Keys {
            x,
            start: both.texts.start(x.start),
            end: both.texts.end(x.end),
            section: x.section.as_ref().map(|id| both.section_now(Some(id))),
        })
    };
    let is = |j: usize| {
        let x = new.get(j)?;
        Some(Keys {
            x,
            start: Some(x.start),
            end: Some(x.end),
            section: x.section.as_ref().map(|id| both.new.section(Some(id))),
        })
    };
    let mut pairs = Pairs::new(old.len(), new.len());
    macro_rules! by {
        ($($key:expr),* $(,)?) => {$(
            pairs.by(|i| was(i).as_ref().and_then($key), |j| is(j).as_ref().and_then($key));
        )*};
    }
    by!(
        |k| Some((k.start?, k.end?, k.x.mention.clone())),
        |k| Some((k.start?, k.x.name.clone(), k.x.measure)),
        |k| Some((k.end?, k.x.name.clone(), k.x.measure)),
        |k| Some((k.start?, k.end?)),
        |k| Some((k.start?, k.x.measure, k.x.base_unit.clone())),
        |k| Some((k.end?, k.x.measure, k.x.base_unit.clone())),
        |k| Some((
            k.section,
            k.x.name.clone(),
            k.x.measure,
            k.x.mention.clone()
        )),
        |k| Some((k.section, k.x.name.clone(), k.x.measure)),
        |k| Some((k.x.name.clone(), k.x.measure, k.x.mention.clone())),
        |k| Some((k.section, k.x.measure, k.x.mention.clone())),
    );
    pairs
}

/// What an indicator is known by; all places are those of the new record.
struct Keys<'a> {
    x: &'a Indicator,
    start: Option<u32>,
    end: Option<u32>,
    /// None outside of sections; none in there for a section that is no more.
    section: Option<Option<usize>>,
}

/// What changed in numbers.
pub(super) fn changes(both: &Both<'_>, changes: &mut Vec<Change>) {
    let moved = moved(both);
    for (i, old) in both.old.record.indicators.iter().enumerate() {
        let path = both.old.path(old.section.as_deref());
        let change = |what| Change::new(Thing::Indicator, path, name(old), what);
        let before = both.old.context(old);
        let found = both.indicators.new_of(i);
        let Some(new) = found.and_then(|j| both.new.record.indicators.get(j)) else {
            let what = What::Removed(old.mention.to_string());
            let gone = change(what).between(before, None);
            changes.push(gone.at(both.texts.start(old.start)));
            continue;
        };
        let mut found = differences(both, old, new);
        if moved.binary_search(&i).is_ok() {
            found.push(What::Moved {
                to: behind(both, i),
            });
        }
        for what in found {
            let change = change(what).between(before.clone(), both.new.context(new));
            changes.push(change.of_indicator(both.indicators.new_of(i)));
        }
    }
    for j in both.indicators.added() {
        if let Some(new) = both.new.record.indicators.get(j) {
            let path = both.new.path(new.section.as_deref());
            let what = What::Added(new.mention.to_string());
            let change = Change::new(Thing::Indicator, path, name(new), what);
            let change = change.between(None, both.new.context(new));
            changes.push(change.of_indicator(Some(j)));
        }
    }
}

/// `全县生产总值`, `全县生产总值@growth`.
pub(super) fn name(indicator: &Indicator) -> String {
    let name = match indicator.name.as_str() {
        "" => &indicator.mention,
        _ => &indicator.name,
    };
    match indicator.measure {
        Measure::Level | Measure::Rate => name.to_string(),
        measure => format!("{name}@{}", word(&measure)),
    }
}

/// Those that stand in another order, but for those whose paragraph moved: that is said.
fn moved(both: &Both<'_>) -> Vec<usize> {
    let paragraphs = &both.old.record.paragraphs;
    let away = both.texts.paragraphs.moved();
    let mut moved = both.indicators.moved();
    moved.retain(|&i| {
        let Some(indicator) = both.old.record.indicators.get(i) else {
            return true;
        };
        let at = paragraphs.partition_point(|p| p.end <= indicator.start);
        away.binary_search(&at).is_err()
    });
    moved
}

/// Where the old indicator of this number stands now, told by the one before it.
fn behind(both: &Both<'_>, old: usize) -> String {
    let now = both.indicators.new_of(old);
    let before = now.and_then(|j| both.new.record.indicators.get(j.checked_sub(1)?));
    match before {
        Some(before) => format!("behind {} {}", name(before), before.mention),
        None => "to the beginning".to_owned(),
    }
}

/// The fields that differ, those left out that follow from others.
fn differences(both: &Both<'_>, old: &Indicator, new: &Indicator) -> Vec<What> {
    let mut found = Vec::new();
    let mut differs = |field, old: String, new: String| {
        let differs = old != new;
        if differs {
            let [old, new] = [old, new].map(or_none);
            found.push(What::Changed { field, old, new });
        }
        differs
    };
    let value = differs("value", number(old), number(new));
    let unit = differs("unit", old.unit.to_string(), new.unit.to_string());
    let precision = differs("precision", word(&old.precision), word(&new.precision));
    let measure = differs("measure", word(&old.measure), word(&new.measure));
    if !value && !unit {
        let base = |x: &Indicator| words(x.base_value.as_ref());
        differs("base value", base(old), base(new));
    }
    if !unit {
        let base = |x: &Indicator| x.base_unit.to_string();
        differs("base unit", base(old), base(new));
    }
    if !value && !precision {
        differs(
            "lower",
            words(old.lower.as_ref()),
            words(new.lower.as_ref()),
        );
        differs(
            "upper",
            words(old.upper.as_ref()),
            words(new.upper.as_ref()),
        );
    }
    if !(value || unit || precision) {
        differs("mention", old.mention.to_string(), new.mention.to_string());
    }
    differs("concept", concept(old), concept(new));
    differs("basis", word(&old.basis), word(&new.basis));
    differs("period", period_of(old), period_of(new));
    differs("status", word(&old.status), word(&new.status));
    let of = |side: &Side<'_>, x: &Indicator| {
        let of = x.of.as_deref().and_then(|id| side.indicator_called(id));
        of.map_or_else(String::new, |of| format!("{} {}", name(of), of.mention))
    };
    if !same_of(both, old, new) {
        differs("of", of(&both.old, old), of(&both.new, new));
    }
    if !measure {
        differs("relation", word(&old.relation), word(&new.relation));
    }
    if old.mention == new.mention {
        differs("repair", repair(old), repair(new));
    }
    if both.old.record.text == both.new.record.text {
        differs("quote", old.quote.to_string(), new.quote.to_string());
    }
    if both.same_bytes() {
        differs("place", place(&old.source), place(&new.source));
        let sure = |x: &Indicator| words(x.source.confidence.as_deref());
        differs("confidence", sure(old), sure(new));
    }
    if old.name != new.name {
        found.push(What::Renamed {
            old: old.name.to_string(),
            new: new.name.to_string(),
        });
    }
    if !same_section(both, old, new) {
        let to = match new.section.as_deref() {
            Some(id) => format!("into {}", both.new.path(Some(id))),
            None => "out of all sections".to_owned(),
        };
        found.push(What::Moved { to });
    }
    found
}

fn same_of(both: &Both<'_>, old: &Indicator, new: &Indicator) -> bool {
    let was = old.of.as_deref().and_then(|id| both.old.indicator(id));
    let is = new.of.as_deref().and_then(|id| both.new.indicator(id));
    match was {
        Some(was) => both.indicators.new_of(was).is_some() && both.indicators.new_of(was) == is,
        None => is.is_none(),
    }
}

fn same_section(both: &Both<'_>, old: &Indicator, new: &Indicator) -> bool {
    match old.section.as_deref() {
        Some(id) => {
            let now = both.section_now(Some(id));
            now.is_some() && now == both.new.section(new.section.as_deref())
        }
        None => new.section.is_none(),
    }
}

fn or_none(text: String) -> String {
    if text.is_empty() {
        "none".to_owned()
    } else {
        text
    }
}

/// Empty for none.
fn words(value: Option<&impl ToString>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}

fn concept(x: &Indicator) -> String {
    x.concept.as_deref().unwrap_or_default().to_owned()
}

/// `2021 (全年)`, `2021 (inherited)`.
fn period_of(x: &Indicator) -> String {
    let Some(time) = x.period.as_deref() else {
        return String::new();
    };
    let text = time.text.as_deref().into_iter();
    let notes = text.chain(time.inherited.then_some("inherited"));
    let notes: Vec<&str> = notes.collect();
    match notes.is_empty() {
        true => period(time),
        false => format!("{} ({})", period(time), notes.join(", ")),
    }
}

fn repair(x: &Indicator) -> String {
    let repair = x.repair.as_deref();
    repair.map_or_else(String::new, |r| format!("{} ({})", r.from, r.why))
}

/// `bytes 3402–3411`, with printed page and box where there are any.
fn place(source: &Source) -> String {
    let mut words = match &source.pieces {
        None => format!("bytes {}–{}", source.start, source.end),
        Some(pieces) => {
            let pieces = pieces.iter().map(|p| format!("{}–{}", p.start, p.end));
            format!("bytes {}", pieces.collect::<Vec<_>>().join(", "))
        }
    };
    if let Some(page) = source.page {
        words.push_str(&format!(", page {page}"));
    }
    if let Some(bbox) = &source.bbox {
        let sides = bbox.iter().map(ToString::to_string);
        words.push_str(&format!(", box {}", sides.collect::<Vec<_>>().join(" ")));
    }
    words
}
