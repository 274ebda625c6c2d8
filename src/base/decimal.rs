//! Exact decimal numbers: no binary floating point between the page and the JSON.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// An exact decimal with the digits as written: `8.0` stays `8.0`.
///
/// At most 28 significant digits; what does not fit is refused, never rounded. In JSON it is a
/// number with exactly these digits.
///
/// ```
/// use gongbao::base::Decimal;
/// let value: Decimal = "428050.48".parse()?;
/// assert_eq!(value.scaled(4)?.to_string(), "4280504800");
/// assert_eq!(value.to_string(), "428050.48");
/// # Ok::<(), gongbao::base::decimal::DecimalError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal(rust_decimal::Decimal);

/// A number that has more digits than [`Decimal`] holds, or none at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a decimal of at most 28 digits: {0:?}")]
pub struct DecimalError(pub String);

impl Decimal {
    /// Zero.
    pub const ZERO: Self = Self(rust_decimal::Decimal::ZERO);

    /// `mantissa × 10^-scale`, its trailing zeros kept.
    ///
    /// # Errors
    /// When it has more than 28 digits.
    pub fn new(mantissa: i128, scale: u32) -> Result<Self, DecimalError> {
        rust_decimal::Decimal::try_from_i128_with_scale(mantissa, scale)
            .map(Self)
            .map_err(|_| DecimalError(format!("{mantissa}e-{scale}")))
    }

    /// `mantissa × 10^-scale` without trailing zeros behind the point: 11350 and 2 make 113.5.
    #[must_use]
    pub fn trimmed(mantissa: i32, scale: u32) -> Self {
        Self(rust_decimal::Decimal::new(mantissa.into(), scale.min(28)).normalize())
    }

    /// The value times `10^power`, exact; fraction digits are used up first, so `428050.48`
    /// scaled by 4 is `4280504800` and `3.25` scaled by 1 is `32.5`.
    ///
    /// # Errors
    /// When the result has more than 28 digits.
    pub fn scaled(self, power: u32) -> Result<Self, DecimalError> {
        let scale = self.0.scale();
        if power <= scale {
            return Self::new(self.0.mantissa(), scale - power);
        }
        let fail = || DecimalError(format!("{self} × 10^{power}"));
        let factor = power_of_ten(power - scale).ok_or_else(fail)?;
        let mantissa = self.0.mantissa().checked_mul(factor).ok_or_else(fail)?;
        Self::new(mantissa, 0)
    }

    /// The power of ten that makes `base` of the value: 4 for 12.5 and 125000; none from 17 on, or when
    /// no power does.
    #[must_use]
    pub fn power_to(self, base: Self) -> Option<u32> {
        // The first figure's place in either tells which power it may be.
        let place = |d: Self| {
            let figures = d.mantissa().unsigned_abs().checked_ilog10()?;
            Some(i64::from(figures) - i64::from(d.scale()))
        };
        let power = match (place(self), place(base)) {
            (Some(own), Some(other)) => u32::try_from(other - own).ok()?,
            (None, None) => 0,
            _ => return None,
        };
        (power <= 16 && self.scaled(power).is_ok_and(|v| v == base)).then_some(power)
    }

    /// One of the last digit as written, times `10^power`: 1000 for 12.5 and 4.
    #[must_use]
    pub fn last_digit(self, power: u32) -> Option<Self> {
        Self::new(1, self.scale()).ok()?.scaled(power).ok()
    }

    /// The digits without the point, signed: `-3.20` → `-320`.
    #[must_use]
    pub fn mantissa(self) -> i128 {
        self.0.mantissa()
    }

    /// The mantissa of the same value written with `scale` digits behind the point: `-3.2` at 3 is
    /// `-3200`; none where it has more digits there, or the mantissa is too large.
    #[must_use]
    pub fn mantissa_at(self, scale: u32) -> Option<i128> {
        let missing = power_of_ten(scale.checked_sub(self.scale())?)?;
        self.mantissa().checked_mul(missing)
    }

    /// Number of digits behind the point, trailing zeros counted.
    #[must_use]
    pub fn scale(self) -> u32 {
        self.0.scale()
    }

    /// The sum, exact.
    ///
    /// # Errors
    /// When it has more than 28 digits.
    pub fn checked_add(self, other: Self) -> Result<Self, DecimalError> {
        let fail = || DecimalError(format!("{self} + {other}"));
        let scale = self.scale().max(other.scale());
        let sum = self
            .mantissa_at(scale)
            .zip(other.mantissa_at(scale))
            .and_then(|(a, b)| a.checked_add(b))
            .ok_or_else(fail)?;
        Self::new(sum, scale)
    }

    /// The bytes of its [`Display`](fmt::Display), without the detour over formatting.
    #[must_use]
    pub fn digits(self) -> Digits {
        let mut digits = Digits {
            bytes: [0; Digits::MOST],
            start: Digits::MOST,
        };
        let mut number = itoa::Buffer::new();
        let mantissa = self.mantissa().unsigned_abs();
        // all but the longest fit the quicker division
        let number = match u64::try_from(mantissa) {
            Ok(short) => number.format(short),
            Err(_) => number.format(mantissa),
        };
        let scale = self.scale() as usize;
        let number = number.as_bytes();
        let point = number.len().saturating_sub(scale);
        let (whole, fraction) = number.split_at_checked(point).unwrap_or_default();
        digits.before(fraction);
        if scale > 0 {
            let missing = scale.saturating_sub(number.len());
            (0..missing).for_each(|_| digits.before(b"0"));
            digits.before(b".");
        }
        digits.before(if whole.is_empty() { b"0" } else { whole });
        if self.0.is_sign_negative() {
            digits.before(b"-");
        }
        digits
    }

    /// True below zero.
    #[must_use]
    pub fn is_negative(self) -> bool {
        self.0.is_sign_negative() && !self.0.is_zero()
    }
}

/// `10^n`, none where it is too large.
pub(crate) fn power_of_ten(n: u32) -> Option<i128> {
    const POWERS: [i128; 39] = {
        let mut powers = [1; 39];
        let mut n = 1;
        while n < powers.len() {
            powers[n] = powers[n - 1] * 10;
            n += 1;
        }
        powers
    };
    POWERS.get(n as usize).copied()
}

impl std::ops::Neg for Decimal {
    type Output = Self;

    /// Zero has no sign.
    fn neg(self) -> Self {
        if self.0.is_zero() {
            return self;
        }
        Self(-self.0)
    }
}

impl From<i64> for Decimal {
    fn from(value: i64) -> Self {
        Self(value.into())
    }
}

impl FromStr for Decimal {
    type Err = DecimalError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        rust_decimal::Decimal::from_str_exact(text)
            .map(Self)
            .map_err(|_| DecimalError(text.to_owned()))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A [`Decimal`] as it is written, on the stack.
#[derive(Debug, Clone, Copy)]
pub struct Digits {
    bytes: [u8; Self::MOST],
    /// Where it begins: it is written from the last digit on.
    start: usize,
}

impl Digits {
    /// A sign, a zero, a point and 28 digits, and one more for numbers that end below 2^96.
    const MOST: usize = 32;

    /// The bytes, all of them ASCII.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(self.start..).unwrap_or_default()
    }

    fn before(&mut self, bytes: &[u8]) {
        if let Some(start) = self.start.checked_sub(bytes.len())
            && let Some(place) = self.bytes.get_mut(start..self.start)
        {
            place.copy_from_slice(bytes);
            self.start = start;
        }
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serde_json::Number::from_str(&self.0.to_string())
            .map_err(serde::ser::Error::custom)?
            .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = serde_json::Number::deserialize(deserializer)?;
        number.to_string().parse().map_err(de::Error::custom)
    }
}

impl JsonSchema for Decimal {
    fn schema_name() -> Cow<'static, str> {
        "Decimal".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "number", "description": "exact decimal, its digits as written" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn digits_survive_json() {
        for text in ["887115.5", "8.0", "-3.20", "0", "12345678901234567890.123"] {
            let json = serde_json::to_string(&decimal(text)).unwrap();
            assert_eq!(json, text);
            let back: Decimal = serde_json::from_str(&json).unwrap();
            assert_eq!(back.to_string(), text);
        }
    }

    #[test]
    fn scaling_is_exact() {
        let cases = [
            ("428050.48", 4, "4280504800"),
            ("8.0", 8, "800000000"),
            ("3.25", 1, "32.5"),
            ("7911", 0, "7911"),
            ("-5.67", 12, "-5670000000000"),
        ];
        for (value, power, want) in cases {
            assert_eq!(decimal(value).scaled(power).unwrap().to_string(), want);
        }
    }

    #[test]
    fn too_many_digits_are_refused_not_rounded() {
        assert!(
            "1.00000000000000000000000000001"
                .parse::<Decimal>()
                .is_err()
        );
        assert!(
            "99999999999999999999999999999999"
                .parse::<Decimal>()
                .is_err()
        );
        assert!(decimal("9999999999999999").scaled(16).is_err());
        assert!("12a".parse::<Decimal>().is_err());
    }

    #[test]
    fn the_power_between_two_numbers_is_found() {
        for (value, base, power) in [
            ("12.5", "125000", Some(4)),
            ("0.50", "5000", Some(4)),
            ("-3", "-3", Some(0)),
            ("-3", "30", None),
            ("1", "10000000000000000", Some(16)),
            ("1", "100000000000000000", None),
            ("10", "1", None),
            ("12", "130", None),
            ("0", "0.0", Some(0)),
            ("0", "1", None),
        ] {
            assert_eq!(decimal(value).power_to(decimal(base)), power, "{value}");
        }
    }

    #[test]
    fn mantissas_at_a_scale() {
        for (value, scale, mantissa) in [
            ("-3.2", 3, Some(-3200)),
            ("3.20", 2, Some(320)),
            ("3.20", 1, None),
            ("1", 38, Some(10_i128.pow(38))),
            ("2", 38, None),
            ("0", 39, None),
        ] {
            assert_eq!(decimal(value).mantissa_at(scale), mantissa, "{value}");
        }
    }

    #[test]
    fn zero_has_no_sign() {
        assert_eq!((-decimal("0.0")).to_string(), "0.0");
        assert_eq!((-decimal("0.5")).to_string(), "-0.5");
    }

    #[test]
    fn sums_keep_the_finer_scale() {
        let sum = decimal("428050.48")
            .checked_add(decimal("459065.02"))
            .unwrap();
        assert_eq!(sum.to_string(), "887115.50");
        assert!(sum.scaled(2).unwrap() == decimal("88711550"));
    }
}
