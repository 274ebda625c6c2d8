//! A value as people write it → what it is.

use std::sync::Arc;

use crate::base::DateSpan;
use crate::record::MetadataKey;

/// What may stand for the day of publication.
const PUBLISHED: &str = "a day, month or year (2022-02-15, 20220215, 2022/2/15, 2022-02, 2022)";

/// What may stand for a period.
const PERIOD: &str = "a period (2021, 2021-07, 202107, 2021-01/2021-06)";

/// A value of one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// Of `published` and `period`.
    Days(DateSpan),
    /// Of all others; rows share what they have in common.
    Words(Arc<str>),
}

impl Value {
    pub(super) fn days(&self) -> Option<DateSpan> {
        match self {
            Self::Days(days) => Some(*days),
            Self::Words(_) => None,
        }
    }

    pub(super) fn words(&self) -> Option<&str> {
        match self {
            Self::Days(_) => None,
            Self::Words(words) => Some(words),
        }
    }

    /// The text that goes into the record.
    pub(super) fn recorded(&self) -> String {
        match self {
            Self::Days(days) => days.shortest(),
            Self::Words(words) => words.to_string(),
        }
    }
}

/// What `text` says of `key`: nothing when it is blank; `Err` says what was expected.
pub(super) fn read(key: MetadataKey, text: &str) -> Result<Option<Value>, &'static str> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let value = match key {
        MetadataKey::Published => day(text).map(Value::Days).ok_or(PUBLISHED)?,
        MetadataKey::Period => text
            .parse()
            .ok()
            .or_else(|| day(text))
            .map(Value::Days)
            .ok_or(PERIOD)?,
        _ => Value::Words(text.into()),
    };
    Ok(Some(value))
}

/// A day, month or year: `20220215`, or numbers parted by one of `-/.`, as spreadsheets write them
/// (`2022/2/15`).
fn day(text: &str) -> Option<DateSpan> {
    // Spreadsheets have a time of day with each day.
    let midnight = [" 0:00", " 00:00", " 0:00:00", " 00:00:00"];
    let text = midnight
        .iter()
        .find_map(|end| text.strip_suffix(end))
        .unwrap_or(text);
    if text.len() > 4 && text.bytes().all(|b| b.is_ascii_digit()) {
        let (year, rest) = text.split_at_checked(4)?;
        return match rest.split_at_checked(2)? {
            (month, "") => format!("{year}-{month}"),
            (month, day) => format!("{year}-{month}-{day}"),
        }
        .parse()
        .ok();
    }
    let separator = text.chars().find(|c| !c.is_ascii_digit()).unwrap_or('-');
    if !matches!(separator, '-' | '/' | '.') {
        return None;
    }
    let parts: Vec<String> = text
        .split(separator)
        .map(|part| match part.len() {
            1 => format!("0{part}"),
            _ => part.to_owned(),
        })
        .collect();
    let text = parts.join("-");
    if text.contains('/') {
        return None; // two days
    }
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recorded(key: MetadataKey, text: &str) -> Option<String> {
        read(key, text).ok()?.map(|v| v.recorded())
    }

    #[test]
    fn days_in_every_form() {
        for (text, want) in [
            ("2022-02-15", "2022-02-15"),
            ("20220215", "2022-02-15"),
            (" 2022/2/15 ", "2022-02-15"),
            ("2022/2/15 0:00", "2022-02-15"),
            ("2022.12.5", "2022-12-05"),
            ("2022-2", "2022-02"),
            ("2022/2", "2022-02"),
            ("202202", "2022-02"),
            ("2022", "2022"),
        ] {
            let got = recorded(MetadataKey::Published, text);
            assert_eq!(got.as_deref(), Some(want), "{text}");
            let got = recorded(MetadataKey::Period, text);
            assert_eq!(got.as_deref(), Some(want), "{text}");
        }
    }

    #[test]
    fn periods_may_have_two_ends() {
        for (text, want) in [
            ("2021-01/2021-06", Some("2021-01-01/2021-06-30")),
            ("2021-01-01/2021-12-31", Some("2021")),
            ("2021/2025", Some("2021-01-01/2025-12-31")),
            ("2025/2021", None),
        ] {
            assert_eq!(
                recorded(MetadataKey::Period, text).as_deref(),
                want,
                "{text}"
            );
            assert_eq!(read(MetadataKey::Published, text), Err(PUBLISHED), "{text}");
        }
    }

    #[test]
    fn what_is_no_day_is_refused() {
        for text in [
            "2022-02-30",
            "2022-13",
            "20221301",
            "2022021",
            "22-02-15",
            "2022-02/15",
            "2/15/2022",
            "Feb 2022",
            "2022-",
            "-",
            "2022年2月15日",
            "0000",
            "２０２２",
            "20220215/20220216",
        ] {
            assert_eq!(read(MetadataKey::Published, text), Err(PUBLISHED), "{text}");
            assert_eq!(read(MetadataKey::Period, text), Err(PERIOD), "{text}");
        }
    }

    #[test]
    fn blanks_say_nothing() {
        for key in MetadataKey::ALL {
            assert_eq!(read(key, " \u{3000}"), Ok(None));
        }
        assert_eq!(recorded(MetadataKey::Page, " A1 ").as_deref(), Some("A1"));
    }
}
