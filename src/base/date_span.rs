//! Calendar spans in ISO 8601.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

/// A span of whole days, both ends included.
///
/// Reads `2021`, `2021-07`, `2021-07-19` and two of these around a slash (`2025-01/2025-06`, the
/// first day of the first to the last day of the second).
///
/// ```
/// use gongbao::base::DateSpan;
/// let half: DateSpan = "2025-01/2025-06".parse()?;
/// assert_eq!(half.to_string(), "2025-01-01/2025-06-30");
/// # Ok::<(), gongbao::base::date_span::DateSpanError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DateSpan {
    /// First day.
    pub start: Date,
    /// Last day.
    pub end: Date,
}

/// Text that is no period in ISO 8601.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a period: {0:?}; expected YYYY, YYYY-MM, YYYY-MM-DD or two of these around a slash, \
     such as 2025-01/2025-06"
)]
pub struct DateSpanError(pub String);

impl DateSpan {
    /// The year.
    ///
    /// # Errors
    /// When it is not between 1 and 9999.
    pub fn year(year: i16) -> Result<Self, DateSpanError> {
        let fail = || DateSpanError(year.to_string());
        if year < 1 {
            return Err(fail());
        }
        Ok(Self {
            start: Date::new(year, 1, 1).map_err(|_| fail())?,
            end: Date::new(year, 12, 31).map_err(|_| fail())?,
        })
    }

    /// The month, from 1.
    ///
    /// # Errors
    /// When there is no such month.
    pub fn month(year: i16, month: i8) -> Result<Self, DateSpanError> {
        let start =
            Date::new(year, month, 1).map_err(|_| DateSpanError(format!("{year}-{month}")))?;
        Ok(Self {
            start,
            end: start.last_of_month(),
        })
    }

    /// The day.
    ///
    /// # Errors
    /// When there is no such day.
    pub fn day(year: i16, month: i8, day: i8) -> Result<Self, DateSpanError> {
        let start = Date::new(year, month, day)
            .map_err(|_| DateSpanError(format!("{year}-{month}-{day}")))?;
        Ok(Self { start, end: start })
    }

    /// The shortest text that reads as these days.
    ///
    /// ```
    /// use gongbao::base::DateSpan;
    /// let shortest = |text: &str| text.parse().map(DateSpan::shortest);
    /// assert_eq!(shortest("2024-02-01/2024-02-29")?, "2024-02");
    /// assert_eq!(shortest("2024-02/2024-03")?, "2024-02-01/2024-03-31");
    /// # Ok::<(), gongbao::base::date_span::DateSpanError>(())
    /// ```
    #[must_use]
    pub fn shortest(self) -> String {
        let (year, month) = (self.start.year(), self.start.month());
        if Self::year(year) == Ok(self) {
            format!("{year:04}")
        } else if Self::month(year, month) == Ok(self) {
            format!("{year:04}-{month:02}")
        } else if self.start == self.end {
            self.start.to_string()
        } else {
            self.to_string()
        }
    }

    fn side(text: &str) -> Option<Self> {
        let width = [4, 2, 2];
        let mut numbers = [0_i16; 3];
        let mut count = 0;
        for part in text.split('-') {
            if part.len() != *width.get(count)? || !part.bytes().all(|b| b.is_ascii_digit()) {
                return None;
            }
            numbers[count] = part.parse().ok()?;
            count += 1;
        }
        let [year, month, day] = numbers;
        match count {
            1 => Self::year(year),
            2 => Self::month(year, month as i8),
            _ => Self::day(year, month as i8, day as i8),
        }
        .ok()
    }
}

impl FromStr for DateSpan {
    type Err = DateSpanError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (first, last) = text.split_once('/').unwrap_or((text, text));
        match (Self::side(first), Self::side(last)) {
            (Some(first), Some(last)) if first.start <= last.end => Ok(Self {
                start: first.start,
                end: last.end,
            }),
            _ => Err(DateSpanError(text.to_owned())),
        }
    }
}

impl fmt::Display for DateSpan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.start, self.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form() {
        for (text, want) in [
            ("2021", "2021-01-01/2021-12-31"),
            ("2024-02", "2024-02-01/2024-02-29"),
            ("2021-07-19", "2021-07-19/2021-07-19"),
            ("2021/2025", "2021-01-01/2025-12-31"),
            ("2021-01/2021-09", "2021-01-01/2021-09-30"),
        ] {
            assert_eq!(text.parse::<DateSpan>().unwrap().to_string(), want);
        }
    }

    #[test]
    fn the_shortest_form_reads_as_the_same() {
        for text in [
            "2021",
            "2024-02",
            "2021-07-19",
            "2021-01-01/2025-12-31",
            "2021-12-01/2022-12-31",
            "2021-07-02/2021-07-31",
        ] {
            let days: DateSpan = text.parse().unwrap();
            assert_eq!(days.shortest(), text);
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for text in [
            "",
            "21",
            "2021-13",
            "2021-02-30",
            "2022/2021",
            "2021-7",
            "2021/",
            "0000",
            "a-b",
            "2021-01-01-01",
        ] {
            assert!(text.parse::<DateSpan>().is_err(), "{text}");
        }
    }
}
