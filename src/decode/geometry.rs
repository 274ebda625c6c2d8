//! Where something stands on a printed page, and how sure an engine is of it: in whole hundredths,
//! so that it comes out the same on every machine.

use crate::base::Decimal;

/// Hundredths in a unit of a page.
pub const CENTI: i32 = 100;
/// No coordinate is larger, in units: 1 million pixels. Sums and small multiples of coordinates in
/// hundredths fit 32 bits.
const MAX: i32 = 1_000_000;

/// What coordinates count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// Pixels of the scan.
    #[default]
    Pixel,
    /// Points of 1/72 inch (PDF).
    Point,
    /// Tenths of a millimetre (ALTO).
    Mm10,
    /// 1/1200 inch (ALTO).
    Inch1200,
    /// Half the room of a Han character (text laid out with blanks).
    Column,
}

impl Unit {
    /// The name in the JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pixel => "pixel",
            Self::Point => "point",
            Self::Mm10 => "mm10",
            Self::Inch1200 => "inch1200",
            Self::Column => "column",
        }
    }
}

/// A printed page of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sheet {
    /// Which of its file, from 1.
    pub number: u32,
    /// Width in hundredths of `unit`, 0 where the source does not say.
    pub width: i32,
    /// Height likewise.
    pub height: i32,
    /// What coordinates count.
    pub unit: Unit,
}

/// A box, in hundredths of its page's unit, from the top left corner; `x0 <= x1`, `y0 <= y1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Bbox {
    /// Left edge.
    pub x0: i32,
    /// Upper edge.
    pub y0: i32,
    /// Right edge.
    pub x1: i32,
    /// Lower edge.
    pub y1: i32,
}

impl Bbox {
    /// The box between two corners, whichever they are.
    #[must_use]
    pub fn new(x0: i32, y0: i32, x1: i32, y1: i32) -> Self {
        Self {
            x0: x0.min(x1),
            y0: y0.min(y1),
            x1: x0.max(x1),
            y1: y0.max(y1),
        }
    }

    /// The box around points, none around none.
    #[must_use]
    pub fn around(points: &[(i32, i32)]) -> Option<Self> {
        let boxes = points.iter().map(|&(x, y)| Self::new(x, y, x, y));
        boxes.reduce(Self::with)
    }

    /// The smallest box around both.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self {
            x0: self.x0.min(other.x0),
            y0: self.y0.min(other.y0),
            x1: self.x1.max(other.x1),
            y1: self.y1.max(other.y1),
        }
    }

    /// Width.
    #[must_use]
    pub fn width(self) -> i32 {
        self.x1 - self.x0
    }

    /// Height.
    #[must_use]
    pub fn height(self) -> i32 {
        self.y1 - self.y0
    }

    /// The edges in units of the page: `[x0, y0, x1, y1]`.
    #[must_use]
    pub fn decimals(self) -> [Decimal; 4] {
        [self.x0, self.y0, self.x1, self.y1].map(|c| Decimal::trimmed(c, 2))
    }
}

/// How sure an engine is, in ten-thousandths from 0 to 10000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Confidence(pub u16);

impl Confidence {
    /// Certain.
    pub const FULL: u16 = 10_000;

    /// As a decimal from 0 to 1.
    #[must_use]
    pub fn decimal(self) -> Decimal {
        Decimal::trimmed(self.0.into(), 4)
    }

    /// From a number between 0 and `full` as an engine writes it (`0.9993` of 1, `25.25` of 100);
    /// none when it is no such number. What lies beyond is taken for the nearest.
    #[must_use]
    pub fn parse(text: &str, full: u32) -> Option<Self> {
        if text.trim_start().starts_with('-') {
            return None;
        }
        let scaled = scaled(text, i64::from(Self::FULL))? / i64::from(full.max(1));
        Some(Self(scaled.clamp(0, Self::FULL.into()) as u16))
    }
}

/// `text` times `factor`, cut to a whole number; none when it is no plain decimal. `5e-05`, as
/// programs write small ones, is a decimal too.
fn scaled(text: &str, factor: i64) -> Option<i64> {
    let text = text.trim();
    let (text, exponent) = match text.split_once(['e', 'E']) {
        Some((text, exponent)) => (text, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if !plain(whole) || !plain(fraction) || whole.len() + fraction.len() == 0 || whole.len() > 9 {
        return None;
    }
    let power = 10_i64
        .checked_pow(exponent.unsigned_abs())
        .unwrap_or(i64::MAX);
    let mut place = if exponent < 0 {
        factor / power
    } else {
        factor.checked_mul(power)?
    };
    let mut value = whole.parse().unwrap_or(0_i64).checked_mul(place)?;
    for digit in fraction.bytes() {
        place /= 10;
        value = value.checked_add(i64::from(digit - b'0') * place)?;
    }
    Some(if negative { -value } else { value })
}

/// A coordinate in hundredths; none when it is no plain decimal, or far off any page.
#[must_use]
pub fn centi(text: &str) -> Option<i32> {
    let value = i32::try_from(scaled(text, CENTI.into())?).ok()?;
    (value.abs() < MAX * CENTI).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates() {
        for (text, want) in [
            ("113", Some(11300)),
            ("34.800000", Some(3480)),
            ("-1", Some(-100)),
            ("338.3", Some(33830)),
            (".5", Some(50)),
            ("1.25e2", Some(12500)),
            ("1e99", None),
            ("1e", None),
            ("", None),
            ("99999999", None),
        ] {
            assert_eq!(centi(text), want, "{text}");
        }
    }

    #[test]
    fn confidences() {
        assert_eq!(Confidence::parse("25.252304", 100), Some(Confidence(2525)));
        assert_eq!(Confidence::parse("0.9993", 1), Some(Confidence(9993)));
        assert_eq!(Confidence::parse("100", 100), Some(Confidence(10000)));
        assert_eq!(Confidence::parse("9.5e-01", 1), Some(Confidence(9500)));
        assert_eq!(Confidence::parse("5.3e-05", 1), Some(Confidence(0)));
        assert_eq!(Confidence::parse("-1", 100), None);
        assert_eq!(Confidence::parse("1.2", 1), Some(Confidence(10000)));
    }

    #[test]
    fn boxes() {
        let found = Bbox::around(&[(30, 20), (10, 25), (12, 18)]);
        assert_eq!(found, Some(Bbox::new(10, 18, 30, 25)));
        assert_eq!(Bbox::around(&[]), None);
    }
}
