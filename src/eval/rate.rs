//! Shares of counts, exact: no rate is a binary fraction before it is printed.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer, ser};

/// `part` of `whole`, as an exact fraction; nothing of nothing is 0.
///
/// ```
/// use gongbao::eval::Rate;
/// assert_eq!(format!("{:.3}", Rate::new(2, 3)), "0.667");
/// assert_eq!(serde_json::to_string(&Rate::new(1, 8)).unwrap(), "0.125");
/// assert!(Rate::new(3, 4) == Rate::new(6, 8));
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Rate {
    part: u64,
    whole: u64,
}

/// Digits behind the point in JSON: as many as a reader that takes decimals for binary fractions
/// can tell apart.
const JSON_DIGITS: usize = 16;

impl Rate {
    /// All of it.
    pub const ONE: Self = Self { part: 1, whole: 1 };
    /// Half of it.
    pub const HALF: Self = Self { part: 1, whole: 2 };
    /// None of it.
    pub const ZERO: Self = Self { part: 0, whole: 1 };

    /// `part` of `whole`; of a whole of 0, `part` of 1.
    #[must_use]
    pub fn new(part: u64, whole: u64) -> Self {
        Self {
            part,
            whole: whole.max(1),
        }
    }

    /// The numerator.
    #[must_use]
    pub fn part(self) -> u64 {
        self.part
    }

    /// The denominator, at least 1.
    #[must_use]
    pub fn whole(self) -> u64 {
        self.whole
    }

    /// Rounded to so many digits behind the point, halves up.
    fn decimal(self, digits: usize) -> String {
        let digits = digits.min(18); // so that the product fits: 2^64 × 10^18 × 2 < 2^128
        let one = 10_u128.pow(digits as u32);
        let (part, whole) = (u128::from(self.part), u128::from(self.whole));
        let rounded = (2 * part * one + whole) / (2 * whole);
        if digits == 0 {
            return rounded.to_string();
        }
        format!("{}.{:0digits$}", rounded / one, rounded % one)
    }
}

impl PartialEq for Rate {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Rate {}

impl PartialOrd for Rate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Rate {
    fn cmp(&self, other: &Self) -> Ordering {
        let cross = |a: u64, b: u64| u128::from(a) * u128::from(b);
        cross(self.part, other.whole).cmp(&cross(other.part, self.whole))
    }
}

/// With three digits behind the point, or as many as asked for: `{:.4}`.
impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.decimal(f.precision().unwrap_or(3)))
    }
}

impl Serialize for Rate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.decimal(JSON_DIGITS);
        let short = text.trim_end_matches('0');
        let short = match short.strip_suffix('.') {
            Some(_) => format!("{short}0"),
            None => short.to_owned(),
        };
        serde_json::Number::from_str(&short)
            .map_err(ser::Error::custom)?
            .serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounded_by_whole_numbers() {
        for (part, whole, want) in [
            (0, 0, "0.000"),
            (1, 1, "1.000"),
            (2, 3, "0.667"),
            (1, 2000, "0.001"),
            (1, 2001, "0.000"),
            (1999, 2000, "1.000"),
            (u64::MAX, u64::MAX, "1.000"),
            (7, 2, "3.500"),
        ] {
            assert_eq!(Rate::new(part, whole).to_string(), want, "{part}/{whole}");
        }
        assert_eq!(format!("{:.0}", Rate::new(7, 2)), "4");
        assert_eq!(format!("{:.99}", Rate::ONE), "1.000000000000000000");
    }

    #[test]
    fn json_is_a_number() {
        for (part, whole, want) in [
            (0, 7, "0.0"),
            (1, 1, "1.0"),
            (17, 20, "0.85"),
            (2, 3, "0.6666666666666667"),
        ] {
            let json = serde_json::to_string(&Rate::new(part, whole)).unwrap();
            assert_eq!(json, want);
        }
    }

    #[test]
    fn order_is_that_of_the_values() {
        assert!(Rate::new(1, 3) < Rate::new(2, 5));
        assert!(Rate::new(0, 5) == Rate::ZERO);
        assert!(Rate::new(u64::MAX, u64::MAX) >= Rate::ONE);
    }
}
