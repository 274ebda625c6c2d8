//! Fields of records as people read them.

use std::collections::HashMap;

use jiff::civil::Date;
use serde::Serialize;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::record::{Indicator, Measure, Period, Precision, Record};

/// The name that a value without fields has in the JSON.
pub(crate) fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}

/// The value, or what stands for it: `30`, `30–50`, `22.8:38.8:38.4`, `1/3`.
pub(crate) fn number(indicator: &Indicator) -> String {
    if let (Precision::Range, Some(lower), Some(upper)) =
        (indicator.precision, indicator.lower, indicator.upper)
    {
        return format!("{lower}–{upper}");
    }
    if let Some(value) = indicator.value {
        return value.to_string();
    }
    let between = if indicator.measure == Measure::Ratio {
        ":"
    } else {
        "/"
    };
    let terms: Vec<String> = indicator
        .components
        .iter()
        .flatten()
        .map(ToString::to_string)
        .collect();
    terms.join(between)
}

/// A period as short as ISO 8601 has it: `2021`, `2021-01/2021-06`, `2021-07-19`.
pub(crate) fn period(period: &Period) -> String {
    let (Ok(start), Ok(end)) = (period.start.parse::<Date>(), period.end.parse::<Date>()) else {
        return format!("{}/{}", period.start, period.end);
    };
    let cut = if start.day() != 1 || end != end.last_of_month() {
        10
    } else if start.month() != 1 || end.month() != 12 {
        7
    } else {
        4
    };
    let (start, end) = (start.to_string(), end.to_string());
    let start = start.get(..cut).unwrap_or(&start);
    let end = end.get(..cut).unwrap_or(&end);
    if start == end {
        start.to_owned()
    } else {
        format!("{start}/{end}")
    }
}

/// The labels of each section and those around it, outermost first: `一、/（二）`.
pub(crate) fn section_paths(record: &Record) -> HashMap<&str, String> {
    let mut paths: HashMap<&str, String> = HashMap::new();
    for section in &record.sections {
        let around = section.parent.as_deref().and_then(|id| paths.get(id));
        let path = match around {
            Some(around) => format!("{around}/{}", section.label),
            None => section.label.to_string(),
        };
        paths.insert(&section.id, path);
    }
    paths
}

/// `text` in so many columns at most, its end cut off where it is wider.
pub(crate) fn cut_back(text: &str, width: usize) -> String {
    cut(text, width, text.chars()).map_or_else(|| text.to_owned(), |kept: String| kept + "…")
}

/// The same with its front cut off: of a section, the innermost label says most.
pub(crate) fn cut_front(text: &str, width: usize) -> String {
    cut(text, width, text.chars().rev()).map_or_else(
        || text.to_owned(),
        |kept: String| "…".chars().chain(kept.chars().rev()).collect(),
    )
}

/// The characters of `text` from one side that leave a column for `…`; none when all of it fits.
fn cut(text: &str, width: usize, chars: impl Iterator<Item = char>) -> Option<String> {
    if text.width() <= width {
        return None;
    }
    let mut left = width.saturating_sub(1);
    Some(
        chars
            .take_while(|c| {
                let fits = c.width().unwrap_or(0) <= left;
                left = left.saturating_sub(c.width().unwrap_or(0));
                fits
            })
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cutting_counts_columns() {
        assert_eq!(cut_back("工业增加值", 10), "工业增加值");
        assert_eq!(cut_back("工业增加值", 9), "工业增加…");
        assert_eq!(cut_back("工业增加值", 8), "工业增…");
        assert_eq!(cut_front("一、/（二）", 8), "…/（二）");
    }
}
