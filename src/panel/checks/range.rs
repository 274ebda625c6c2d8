//! Numbers as far as they are known: between which bounds one lies, as whole billionths of the base unit of
//! its dimension. Bounds are rounded outwards, so that what lies within them is never lost.

use crate::base::Decimal;
use crate::base::decimal::power_of_ten;
use crate::panel::Statement;
use crate::panel::convert::Ratio;
use crate::panel::select::last_step;

/// One, and a whole of which percents are parts.
pub(super) const ONE: i128 = 1_000_000_000;

/// A number between its bounds. None of the operations comes out where it takes too large numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) low: i128,
    pub(super) value: i128,
    pub(super) high: i128,
}

impl Range {
    /// The number of `statement`, whose unit is `size` of the base one; none where it is open to a side
    /// (超300).
    pub(super) fn of(statement: &Statement, size: Ratio) -> Option<Self> {
        let own = |value, step| Self::written(value, step, size);
        match last_step(statement) {
            Some(step) => own(statement.value, step),
            None => {
                let low = own(statement.lower?, 0)?.low;
                let high = own(statement.upper?, 0)?.high;
                let value = own(statement.value, 0)?.value;
                (low <= value && value <= high).then_some(Self { low, value, high })
            }
        }
    }

    /// `value`, known to half of `step` of its last digits.
    pub(super) fn written(value: Decimal, step: i128, size: Ratio) -> Option<Self> {
        let (num, den) = size.terms();
        let num = num.checked_mul(ONE)?;
        let den = power_of_ten(value.scale())?
            .checked_mul(2)?
            .checked_mul(den)?;
        let twice = value.mantissa().checked_mul(2)?;
        let low = twice.checked_sub(step)?.checked_mul(num)?;
        let high = twice.checked_add(step)?.checked_mul(num)?;
        Some(Self {
            low: low.div_euclid(den),
            value: twice.checked_mul(num)?.div_euclid(den),
            high: ceiling(high, den)?,
        })
    }

    /// Half of what lies between the bounds.
    pub(super) fn slack(self) -> Option<i128> {
        Some(self.high.checked_sub(self.low)? / 2)
    }

    pub(super) fn plus(self, other: Self) -> Option<Self> {
        Some(Self {
            low: self.low.checked_add(other.low)?,
            value: self.value.checked_add(other.value)?,
            high: self.high.checked_add(other.high)?,
        })
    }

    pub(super) fn less(self, other: Self) -> Option<Self> {
        Some(Self {
            low: self.low.checked_sub(other.high)?,
            value: self.value.checked_sub(other.value)?,
            high: self.high.checked_sub(other.low)?,
        })
    }

    /// The product, in billionths of billionths: to be held against what is [`Self::raised`].
    pub(super) fn times(self, other: Self) -> Option<Self> {
        let ends = [
            self.low.checked_mul(other.low)?,
            self.low.checked_mul(other.high)?,
            self.high.checked_mul(other.low)?,
            self.high.checked_mul(other.high)?,
        ];
        Some(Self {
            low: ends.into_iter().min()?,
            value: self.value.checked_mul(other.value)?,
            high: ends.into_iter().max()?,
        })
    }

    /// The same in billionths of billionths.
    pub(super) fn raised(self) -> Option<Self> {
        Some(Self {
            low: self.low.checked_mul(ONE)?,
            value: self.value.checked_mul(ONE)?,
            high: self.high.checked_mul(ONE)?,
        })
    }

    /// A product in billionths again.
    pub(super) fn lowered(self) -> Option<Self> {
        Some(Self {
            low: self.low.div_euclid(ONE),
            value: self.value.div_euclid(ONE),
            high: ceiling(self.high, ONE)?,
        })
    }

    /// With `room` more on both sides.
    pub(super) fn widened(self, room: i128) -> Option<Self> {
        Some(Self {
            low: self.low.checked_sub(room)?,
            value: self.value,
            high: self.high.checked_add(room)?,
        })
    }

    pub(super) fn holds_zero(self) -> bool {
        self.low <= 0 && 0 <= self.high
    }
}

/// `num / den`, rounded up.
fn ceiling(num: i128, den: i128) -> Option<i128> {
    num.checked_neg()?.div_euclid(den).checked_neg()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(value: &str, size: (i128, i128)) -> Range {
        let size = Ratio::new(size.0, size.1).unwrap();
        Range::written(value.parse().unwrap(), 1, size).unwrap()
    }

    #[test]
    fn a_number_lies_half_a_digit_around_what_is_written() {
        let percent = range("6.2", (1, 100));
        assert_eq!(
            (percent.low, percent.value, percent.high),
            (61_500_000, 62_000_000, 62_500_000)
        );
        assert_eq!(percent.slack(), Some(500_000));
        let fall = range("-6.2", (1, 100));
        assert_eq!((fall.low, fall.high), (-62_500_000, -61_500_000));
    }

    #[test]
    fn bounds_are_rounded_outwards() {
        let thirds = range("1", (2, 3));
        assert_eq!(
            (thirds.low, thirds.value, thirds.high),
            (333_333_333, 666_666_666, 1_000_000_000)
        );
        let fall = range("-1", (2, 3));
        assert_eq!((fall.low, fall.high), (-1_000_000_000, -333_333_333));
    }

    #[test]
    fn products_have_the_bounds_of_all_signs() {
        let (one, other) = (range("2", (1, 1)), range("-3", (1, 1)));
        let product = one.times(other).unwrap().lowered().unwrap();
        assert_eq!(
            (product.low, product.value, product.high),
            (-8_750_000_000, -6_000_000_000, -3_750_000_000)
        );
        assert_eq!(one.raised().unwrap().lowered(), Some(one));
    }

    #[test]
    fn what_is_too_large_is_none() {
        let huge = Ratio::new(i128::MAX, 1).unwrap();
        assert_eq!(Range::written("1".parse().unwrap(), 1, huge), None);
        let large = range("9999999999999999", (1, 1));
        assert_eq!(large.times(large), None);
    }
}
