//! Days as SDMX writes them: FREQ and TIME_PERIOD.

use jiff::civil::Date;

/// A stretch of time in SDMX: a code of CL_FREQ, and the time itself.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TimePeriod {
    /// `D`, `M`, `Q`, `S`, `A` for one of these; `A2`, `A3`, `A4`, `A5`, `A10` for as many calendar years;
    /// `_O` for others.
    pub(super) freq: &'static str,
    /// `2021-07-19`, `2021-07`, `2021-Q3`, `2021-S2`, `2021`; otherwise a first day and how long:
    /// `2023-01-01/P9M`, `2021-01-01/P5Y`, `2021-07-03/P10D`.
    pub(super) time: String,
}

impl TimePeriod {
    /// From the first to the last day, both in it.
    pub(super) fn new(start: Date, end: Date) -> Self {
        let year = start.year();
        if start == end {
            return Self::of("D", start.to_string());
        }
        let Some(months) = whole_months(start, end) else {
            let days = i64::from((end - start).get_days()) + 1;
            return Self::of("_O", format!("{start}/P{days}D"));
        };
        // how many of the stretches of this length the year has before it, if it begins with one
        let nth = |length: i16| {
            let before = i16::from(start.month()) - 1;
            (months == length && before % length == 0).then_some(before / length + 1)
        };
        if months == 1 {
            Self::of("M", format!("{year:04}-{:02}", start.month()))
        } else if let Some(quarter) = nth(3) {
            Self::of("Q", format!("{year:04}-Q{quarter}"))
        } else if let Some(half) = nth(6) {
            Self::of("S", format!("{year:04}-S{half}"))
        } else if nth(12).is_some() {
            Self::of("A", format!("{year:04}"))
        } else if months % 12 == 0 {
            Self::of(
                years(start, months / 12),
                format!("{start}/P{}Y", months / 12),
            )
        } else {
            Self::of("_O", format!("{start}/P{months}M"))
        }
    }

    fn of(freq: &'static str, time: String) -> Self {
        Self { freq, time }
    }
}

/// How many months it is from the first day of one to the last day of one.
fn whole_months(start: Date, end: Date) -> Option<i16> {
    if start.day() != 1 || end != end.last_of_month() {
        return None;
    }
    let months = i16::from(end.month()) - i16::from(start.month()) + 1;
    (end.year() - start.year())
        .checked_mul(12)?
        .checked_add(months)
}

/// The frequency of so many years from `start`.
fn years(start: Date, years: i16) -> &'static str {
    match (start.month(), years) {
        (1, 2) => "A2",
        (1, 3) => "A3",
        (1, 4) => "A4",
        (1, 5) => "A5",
        (1, 10) => "A10",
        _ => "_O",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form() {
        let cases = [
            ("2021-07-19", "2021-07-19", "D", "2021-07-19"),
            ("2024-02-01", "2024-02-29", "M", "2024-02"),
            ("2021-07-01", "2021-09-30", "Q", "2021-Q3"),
            ("2021-07-01", "2021-12-31", "S", "2021-S2"),
            ("2021-01-01", "2021-06-30", "S", "2021-S1"),
            ("1957-01-01", "1957-12-31", "A", "1957"),
            ("2023-01-01", "2023-09-30", "_O", "2023-01-01/P9M"),
            ("2023-01-01", "2023-02-28", "_O", "2023-01-01/P2M"),
            ("2021-02-01", "2021-04-30", "_O", "2021-02-01/P3M"),
            ("2021-01-01", "2025-12-31", "A5", "2021-01-01/P5Y"),
            ("2016-01-01", "2025-12-31", "A10", "2016-01-01/P10Y"),
            ("2020-01-01", "2025-12-31", "_O", "2020-01-01/P6Y"),
            ("2020-07-01", "2021-06-30", "_O", "2020-07-01/P1Y"),
            ("2021-12-01", "2022-01-31", "_O", "2021-12-01/P2M"),
            ("2021-12-30", "2022-01-02", "_O", "2021-12-30/P4D"),
            ("2021-01-01", "2021-07-19", "_O", "2021-01-01/P200D"),
        ];
        for (start, end, freq, time) in cases {
            let found = TimePeriod::new(start.parse().unwrap(), end.parse().unwrap());
            assert_eq!((found.freq, found.time.as_str()), (freq, time));
        }
    }

    #[test]
    fn no_time_is_too_long() {
        let (first, last) = (Date::constant(1, 1, 1), Date::constant(9999, 12, 31));
        // more months than 16 bits hold
        assert_eq!(TimePeriod::new(first, last).time, "0001-01-01/P3652059D");
    }
}
