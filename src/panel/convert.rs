//! Units into each other, exactly: 万元 into 亿元, 亩 into 公顷, 斤 into 吨.

use crate::base::Decimal;
use crate::base::decimal::power_of_ten;
use crate::lexicon::Lexicon;
use crate::lexicon::multipliers::Multipliers;

/// Digits behind the point of a quotient that does not end.
pub const ROUNDED: u32 = 6;

/// Measure words of things: what is counted is the concept's affair, 家 or 户.
const COUNT: &str = "count";
/// Of index numbers, which are percents of the year before.
const PERCENT: &str = "%";

/// An exact fraction, in lowest terms; its denominator is above zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ratio {
    num: i128,
    den: i128,
}

impl Ratio {
    /// One.
    pub const ONE: Self = Self { num: 1, den: 1 };

    /// `num / den`; none where that is no number.
    #[must_use]
    pub fn new(num: i128, den: i128) -> Option<Self> {
        let shared = gcd(num.checked_abs()?, den.checked_abs()?);
        let (num, den) = (num.checked_div(shared)?, den.checked_div(shared)?);
        match den {
            0 => None,
            1.. => Some(Self { num, den }),
            _ => Some(Self {
                num: num.checked_neg()?,
                den: den.checked_neg()?,
            }),
        }
    }

    /// `number`.
    #[must_use]
    pub fn of(number: Decimal) -> Option<Self> {
        Self::new(number.mantissa(), power_of_ten(number.scale())?)
    }

    /// An integer, a decimal or a fraction, as the factors of units are written.
    fn parse(text: &str) -> Option<Self> {
        let number = |text: &str| text.parse().ok().and_then(Self::of);
        match text.split_once('/') {
            Some((num, den)) => number(num)?.over(number(den)?),
            None => number(text),
        }
    }

    /// The product; none where it is too large.
    #[must_use]
    pub fn times(self, other: Self) -> Option<Self> {
        // crossed first, so that what is in hand stays small
        let a = Self::new(self.num, other.den)?;
        let b = Self::new(other.num, self.den)?;
        Self::new(a.num.checked_mul(b.num)?, a.den.checked_mul(b.den)?)
    }

    /// The quotient; none where it is too large or there is none.
    #[must_use]
    pub fn over(self, other: Self) -> Option<Self> {
        self.times(Self::new(other.den, other.num)?)
    }

    /// Numerator and denominator.
    #[must_use]
    pub fn terms(self) -> (i128, i128) {
        (self.num, self.den)
    }

    /// True when it is less than `other`; none where that takes too large numbers.
    #[must_use]
    pub fn is_below(self, other: Self) -> Option<bool> {
        Some(self.num.checked_mul(other.den)? < other.num.checked_mul(self.den)?)
    }

    /// As a decimal: exact where it ends, else rounded to [`ROUNDED`] digits behind the point, half to
    /// even. None where that has more than 28 digits.
    fn decimal(self) -> Option<Converted> {
        let exact = || {
            let scale = digits_behind(self.den)?;
            let mantissa = self.num.checked_mul(power_of_ten(scale)? / self.den)?;
            Decimal::new(mantissa, scale).ok()
        };
        if let Some(value) = exact() {
            return Some(Converted {
                value,
                rounded: false,
            });
        }
        let num = self.num.checked_mul(power_of_ten(ROUNDED)?)?;
        let (whole, rest) = (num.div_euclid(self.den), num.rem_euclid(self.den));
        let up = match rest.checked_mul(2)?.cmp(&self.den) {
            std::cmp::Ordering::Less => false,
            std::cmp::Ordering::Equal => whole % 2 != 0,
            std::cmp::Ordering::Greater => true,
        };
        let value = Decimal::new(whole.checked_add(i128::from(up))?, ROUNDED).ok()?;
        Some(Converted {
            value,
            rounded: true,
        })
    }
}

fn gcd(mut a: i128, mut b: i128) -> i128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// The digits behind the point of 1 over `den`; none where they do not end.
fn digits_behind(mut den: i128) -> Option<u32> {
    let mut count = |prime: i128| {
        let mut n = 0_u32;
        while den % prime == 0 {
            den /= prime;
            n += 1;
        }
        n
    };
    let digits = count(2).max(count(5));
    (den == 1).then_some(digits)
}

/// A value in another unit than it is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Converted {
    /// The value.
    pub value: Decimal,
    /// True where the quotient does not end: it has [`ROUNDED`] digits behind the point.
    pub rounded: bool,
}

/// How much of what one of a unit is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scale {
    /// What units must have alike to be converted.
    kind: String,
    size: Ratio,
}

impl Scale {
    /// That of `unit`, as records and people write it: `万元`, `元/吨`. `base` is the unit without its
    /// multiplier, where that is known; it tells multiplier and unit apart in units that the lexicon
    /// does not know. An index number has none.
    #[must_use]
    pub fn of(unit: &str, base: Option<&str>, lexicon: &Lexicon) -> Option<Self> {
        if unit.is_empty() {
            return Self::simple(PERCENT, lexicon);
        }
        if let Some(scale) = Self::simple(unit, lexicon) {
            return Some(scale);
        }
        if let Some((first, second)) = unit.split_once('/') {
            let (first, second) = (Self::simple(first, lexicon), Self::simple(second, lexicon));
            if let Some((first, second)) = first.zip(second) {
                return Some(Self {
                    kind: format!("{}/{}", first.kind, second.kind),
                    size: first.size.over(second.size)?,
                });
            }
        }
        let base = base?;
        let power = Multipliers::builtin().power(unit, base)?;
        Some(Self {
            kind: base.to_owned(),
            size: Ratio::new(power_of_ten(power)?, 1)?,
        })
    }

    /// That of a unit of the lexicon behind any multipliers.
    fn simple(unit: &str, lexicon: &Lexicon) -> Option<Self> {
        unit.char_indices().find_map(|(at, _)| {
            let base = unit.get(at..)?;
            let entry = lexicon.units.named(base)?;
            let power = Multipliers::builtin().power(unit, base)?;
            let factor = entry
                .factor
                .as_deref()
                .map_or(Some(Ratio::ONE), Ratio::parse)?;
            let kind = match (entry.dimension.as_str(), &entry.base, &entry.factor) {
                (COUNT, ..) => COUNT,
                (_, Some(base), _) => base,
                (dimension, None, Some(_)) => dimension,
                (_, None, None) => base,
            };
            Some(Self {
                kind: kind.to_owned(),
                size: Ratio::new(power_of_ten(power)?, 1)?.times(factor)?,
            })
        })
    }

    /// What a value in this unit is multiplied by to be one in the base unit of its dimension; for index
    /// numbers and percents, of a whole.
    #[must_use]
    pub fn size(&self) -> Ratio {
        self.size
    }

    /// What it measures: units of one kind can be converted.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// What a value in this unit is multiplied by to be one in `other`; none where they do not measure
    /// the same.
    #[must_use]
    pub fn to(&self, other: &Self) -> Option<Ratio> {
        (self.kind == other.kind).then(|| self.size.over(other.size))?
    }
}

/// `value` times `factor`. Where that only moves the point, the digits stay as written: 8.0 万元 are
/// 0.00080 亿元.
#[must_use]
pub fn convert(value: Decimal, factor: Ratio) -> Option<Converted> {
    let power = |n: i128| (0..=28).find(|&power| power_of_ten(power) == Some(n));
    let moved = match (factor.num, factor.den) {
        (num, 1) => power(num).and_then(|up| value.scaled(up).ok()),
        (1, den) => power(den).and_then(|down| {
            let scale = value.scale().checked_add(down)?;
            Decimal::new(value.mantissa(), scale).ok()
        }),
        _ => None,
    };
    match moved {
        Some(value) => Some(Converted {
            value,
            rounded: false,
        }),
        None => Ratio::of(value)?.times(factor)?.decimal(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scale(unit: &str) -> Scale {
        Scale::of(unit, None, Lexicon::builtin()).unwrap()
    }

    fn converted(value: &str, from: &str, to: &str) -> Option<String> {
        let factor = scale(from).to(&scale(to))?;
        convert(value.parse().unwrap(), factor).map(|c| match c.rounded {
            true => format!("~{}", c.value),
            false => c.value.to_string(),
        })
    }

    #[test]
    fn units_of_one_dimension() {
        for (value, from, to, want) in [
            ("864000.0", "万元", "亿元", "86.40000"),
            ("8.0", "万元", "亿元", "0.00080"),
            ("1.5", "万亿元", "亿元", "15000"),
            ("86.4", "亿元", "亿元", "86.4"),
            ("32.1", "万亩", "公顷", "21400"),
            ("7", "亩", "公顷", "~0.466667"),
            ("-7", "亩", "公顷", "~-0.466667"),
            ("300", "斤", "吨", "0.15"),
            ("32.15", "万人", "人", "321500"),
            ("2.4", "元/公斤", "元/吨", "2400"),
            ("6", "‰", "%", "0.6"),
            ("7.3", "万名", "人", "73000"),
            ("12", "家", "户", "12"),
            ("3", "千瓦", "万千瓦", "0.0003"),
        ] {
            assert_eq!(
                converted(value, from, to).as_deref(),
                Some(want),
                "{value}{from} in {to}"
            );
        }
    }

    #[test]
    fn others_are_no_units_of_it() {
        for (from, to) in [
            ("万元", "吨"),
            ("美元", "元"),
            ("百分点", "%"),
            ("亩", "公里"),
            ("元/公斤", "元"),
        ] {
            assert_eq!(converted("1", from, to), None, "{from} in {to}");
        }
        assert_eq!(Scale::of("没有的", None, Lexicon::builtin()), None);
        let own = Scale::of("万篾筐", Some("篾筐"), Lexicon::builtin()).unwrap();
        let one = Scale::of("篾筐", Some("篾筐"), Lexicon::builtin()).unwrap();
        assert_eq!(own.to(&one), Ratio::new(10_000, 1));
    }

    #[test]
    fn what_does_not_end_is_rounded() {
        let rounded = |num, den| Ratio::new(num, den).unwrap().decimal().unwrap();
        assert_eq!(rounded(2, 3).value.to_string(), "0.666667");
        assert_eq!(rounded(1, 3).value.to_string(), "0.333333");
        assert!(rounded(1, 3).rounded);
        // ends, but only far behind: 2^-40 has 40 digits
        assert_eq!(rounded(1, 1 << 40).value.to_string(), "0.000000");
        assert!(rounded(1, 1 << 40).rounded);
    }

    #[test]
    fn what_is_too_large_is_none() {
        let huge = Ratio::new(i128::MAX, 1).unwrap();
        assert_eq!(huge.times(huge), None);
        assert_eq!(Ratio::new(1, 0), None);
        assert_eq!(Ratio::new(2, -4), Ratio::new(-1, 2));
        assert_eq!(
            convert("9999999999999999999999999999".parse().unwrap(), huge),
            None
        );
    }

    #[test]
    fn every_factor_of_the_lexicon_is_read() {
        for unit in &Lexicon::builtin().units.entries {
            if let Some(factor) = &unit.factor {
                assert!(Ratio::parse(factor).is_some(), "{factor}");
            }
        }
    }
}
