//! One value of a row.

use std::borrow::Cow;
use std::fmt;

use jiff::civil::Date;
use serde::Serialize;

use super::Kind;
use crate::base::Decimal;

/// One value of a row. There is no empty text: it is [`Cell::Null`], so that an empty cell of CSV can
/// mean one thing only.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell<'a> {
    /// Does not apply, or is not known.
    Null,
    /// Not empty; see [`Cell::text`].
    Text(Cow<'a, str>),
    /// A count, a position, a number of order.
    Integer(i64),
    /// Exact, with the digits as written.
    Decimal(Decimal),
    /// A day.
    Date(Date),
    /// A truth.
    Boolean(bool),
}

impl<'a> Cell<'a> {
    /// A text; `Null` when it is empty.
    #[must_use]
    pub fn text(text: impl Into<Cow<'a, str>>) -> Self {
        let text = text.into();
        if text.is_empty() {
            return Self::Null;
        }
        Self::Text(text)
    }

    /// A text that may not be there.
    #[must_use]
    pub fn optional(text: Option<&'a str>) -> Self {
        text.map_or(Self::Null, Self::text)
    }

    /// A count or position. What is beyond 2^63 does not occur, and would be `Null` rather than wrong.
    #[must_use]
    pub fn integer(number: impl TryInto<i64>) -> Self {
        number.try_into().map_or(Self::Null, Self::Integer)
    }

    /// A decimal that may not be there.
    #[must_use]
    pub fn decimal(number: Option<Decimal>) -> Self {
        number.map_or(Self::Null, Self::Decimal)
    }

    /// A day in ISO 8601; `Null` where `text` is none, which no sound record has.
    #[must_use]
    pub fn date(text: Option<&str>) -> Self {
        let date = text.and_then(|t| t.parse().ok());
        date.map_or(Self::Null, Self::Date)
    }

    /// The name that a field has in the record: `at_least` for `Precision::AtLeast`.
    #[must_use]
    pub fn code(value: impl Serialize) -> Self {
        match serde_json::to_value(value) {
            Ok(serde_json::Value::String(name)) => Self::text(name),
            _ => Self::Null,
        }
    }

    /// A list as JSON has it; `Null` when there is none.
    #[must_use]
    pub fn json(list: Option<impl Serialize>) -> Self {
        let text = list.and_then(|list| serde_json::to_string(&list).ok());
        text.map_or(Self::Null, Self::text)
    }

    /// True when a column of this kind may hold it.
    #[must_use]
    pub fn fits(&self, kind: Kind) -> bool {
        match self {
            Self::Null => true,
            Self::Text(_) => matches!(kind, Kind::Text | Kind::List),
            Self::Integer(_) => kind == Kind::Integer,
            Self::Decimal(_) => kind == Kind::Decimal,
            Self::Date(_) => kind == Kind::Date,
            Self::Boolean(_) => kind == Kind::Boolean,
        }
    }
}

/// As CSV has it: nothing for `Null`, `true`, `2021-12-31`, `8.0`.
impl fmt::Display for Cell<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => Ok(()),
            Self::Text(text) => f.write_str(text),
            Self::Integer(number) => number.fmt(f),
            Self::Decimal(number) => number.fmt(f),
            Self::Date(date) => date.fmt(f),
            Self::Boolean(truth) => truth.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{LabelStyle, Precision};

    #[test]
    fn an_empty_text_is_null() {
        assert_eq!(Cell::text(""), Cell::Null);
        assert_eq!(Cell::optional(Some("")), Cell::Null);
        assert_eq!(Cell::text("元").to_string(), "元");
    }

    #[test]
    fn codes_are_those_of_the_record() {
        assert_eq!(Cell::code(Precision::AtLeast), Cell::text("at_least"));
        assert_eq!(Cell::code(LabelStyle::HanParen), Cell::text("han-paren"));
        assert_eq!(Cell::code(None::<Precision>), Cell::Null);
    }

    #[test]
    fn as_text() {
        let cells = [
            (Cell::Null, ""),
            (Cell::Decimal("-8.0".parse().unwrap()), "-8.0"),
            (Cell::integer(12_u64), "12"),
            (Cell::integer(u64::MAX), ""),
            (Cell::date(Some("2021-12-31")), "2021-12-31"),
            (Cell::date(Some("2021")), ""),
            (Cell::Boolean(true), "true"),
            (Cell::json(Some([1, 2])), "[1,2]"),
        ];
        for (cell, text) in cells {
            assert_eq!(cell.to_string(), text);
        }
    }
}
