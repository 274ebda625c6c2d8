//! Slips of one figure, point or multiplier: what a number may have been before it was misread.

use std::cmp::Ordering;
use std::ops::ControlFlow;

use super::Decimal;
use super::decimal::power_of_ten;

/// How a written number came from the one that was meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slip {
    /// One figure was taken for another.
    Figure {
        /// What is written, `b'0'` to `b'9'`.
        written: u8,
        /// What was meant.
        meant: u8,
    },
    /// The point was lost, came in or moved.
    Point,
    /// The multiplier (万, 亿) was lost or came in: the same figures, a power of ten apart.
    Multiplier,
    /// A figure was lost.
    Lost,
    /// A figure came in.
    Added,
}

/// Powers of ten that multipliers stand for.
const MULTIPLIERS: [u32; 4] = [3, 4, 8, 12];
/// Decimals have mantissas below this one …
const LARGEST: u128 = 1 << 96;
/// … and no more figures behind the point.
const MOST_PLACES: u32 = 28;

/// What a number may have been, its sign left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Candidate {
    mantissa: u128,
    scale: u32,
    slip: Slip,
}

impl Candidate {
    fn is(&self, mantissa: u128, scale: u32) -> bool {
        equal((self.mantissa, self.scale), (mantissa, scale))
    }

    /// The number, with the sign of `written`.
    fn value(&self, written: Decimal) -> Option<Decimal> {
        let size = i128::try_from(self.mantissa).ok()?;
        let signed = if written.is_negative() { -size } else { size };
        Decimal::new(signed, self.scale).ok()
    }
}

/// True when two pairs of mantissa and scale are one number.
fn equal(a: (u128, u32), b: (u128, u32)) -> bool {
    let raised = |(mantissa, scale): (u128, u32), to: u32| mantissa.checked_mul(power(to - scale));
    match a.1.cmp(&b.1) {
        Ordering::Equal => a.0 == b.0,
        Ordering::Less => raised(a, b.1) == Some(b.0),
        Ordering::Greater => raised(b, a.1) == Some(a.0),
    }
}

/// `10^n`; of powers that are too large for any number here, the largest number of all.
fn power(n: u32) -> u128 {
    power_of_ten(n).map_or(u128::MAX, i128::unsigned_abs)
}

/// The slip that makes `meant` of `written`, none when it takes more than one or they are equal.
#[must_use]
pub fn slip(written: Decimal, meant: Decimal) -> Option<Slip> {
    if written.is_negative() != meant.is_negative() {
        return None;
    }
    let meant = (meant.mantissa().unsigned_abs(), meant.scale());
    first(written, meant).map(|found| found.slip)
}

/// The first candidate that is this number.
fn first(written: Decimal, (mantissa, scale): (u128, u32)) -> Option<Candidate> {
    let found = candidates(written, |candidate| match candidate.is(mantissa, scale) {
        true => ControlFlow::Break(candidate),
        false => ControlFlow::Continue(()),
    });
    found.break_value()
}

/// Everything that `written` may have been before one slip, each value once. Signs stay.
#[must_use]
pub fn neighbours(written: Decimal) -> Vec<(Decimal, Slip)> {
    let mut all: Vec<(Candidate, (u128, u32), usize)> = Vec::new();
    let done: ControlFlow<()> = candidates(written, |candidate| {
        let (mut mantissa, mut scale) = (candidate.mantissa, candidate.scale);
        while scale > 0 && mantissa.is_multiple_of(10) {
            mantissa /= 10;
            scale -= 1;
        }
        all.push((candidate, (mantissa, scale), all.len()));
        ControlFlow::Continue(())
    });
    debug_assert!(done.is_continue());
    all.sort_unstable_by_key(|&(_, value, place)| (value, place));
    all.dedup_by_key(|&mut (_, value, _)| value);
    all.sort_unstable_by_key(|&(_, _, place)| place);
    all.iter()
        .filter_map(|(candidate, ..)| Some((candidate.value(written)?, candidate.slip)))
        .collect()
}

/// Those of [`neighbours`] that `near` holds of, given mantissa and scale without the sign: a quick
/// look at numbers that nearly all come to nothing.
#[must_use]
pub fn neighbours_near(
    written: Decimal,
    mut near: impl FnMut(u128, u32) -> bool,
) -> Vec<(Decimal, Slip)> {
    let mut out: Vec<(Decimal, Slip)> = Vec::new();
    let done: ControlFlow<()> = candidates(written, |candidate| {
        if near(candidate.mantissa, candidate.scale)
            && let Some(value) = candidate.value(written)
            // What another slip makes, too, is that one's.
            && first(written, (candidate.mantissa, candidate.scale)) == Some(candidate)
            && out.iter().all(|&(other, _)| other != value)
        {
            out.push((value, candidate.slip));
        }
        ControlFlow::Continue(())
    });
    debug_assert!(done.is_continue());
    out
}

/// Goes through everything that `written` may have been before one slip, but itself and zero, some
/// of it more than once, until `visit` breaks off.
fn candidates<B>(
    written: Decimal,
    mut visit: impl FnMut(Candidate) -> ControlFlow<B>,
) -> ControlFlow<B> {
    let own = (written.mantissa().unsigned_abs(), written.scale());
    let mut say = |mantissa: u128, scale: u32, slip: Slip| {
        let fits = mantissa > 0 && mantissa < LARGEST && scale <= MOST_PLACES;
        if !fits || equal((mantissa, scale), own) {
            return ControlFlow::Continue(());
        }
        visit(Candidate {
            mantissa,
            scale,
            slip,
        })
    };
    let figures = Figures::of(own);
    figures.misread(&mut say)?;
    figures.pointed(&mut say)?;
    figures.multiplied(&mut say)?;
    figures.lost_or_added(&mut say)
}

/// A number as it is written: 0.05 has three figures, one of them before the point.
struct Figures {
    mantissa: u128,
    scale: u32,
    /// How many figures.
    count: u32,
    /// How many of them stand before the point.
    whole: u32,
    /// The figures, the last one first.
    last_first: [u8; 32],
}

/// No number is written 07: what starts so is no candidate.
impl Figures {
    fn of((mantissa, scale): (u128, u32)) -> Self {
        let count = mantissa
            .checked_ilog10()
            .map_or(1, |n| n + 1)
            .max(scale + 1);
        let mut last_first = [0; 32];
        let mut rest = mantissa;
        for figure in &mut last_first {
            // Division of numbers that fit into 64 bits is many times as quick.
            match u64::try_from(rest) {
                Ok(0) => break,
                Ok(small) => (*figure, rest) = ((small % 10) as u8, u128::from(small / 10)),
                Err(_) => (*figure, rest) = ((rest % 10) as u8, rest / 10),
            }
        }
        Self {
            mantissa,
            scale,
            count,
            whole: count - scale,
            last_first,
        }
    }

    /// The figure at place `at` from the front.
    fn figure(&self, at: u32) -> u8 {
        let place = self.count.checked_sub(at + 1);
        let figure = place.and_then(|place| self.last_first.get(place as usize));
        figure.copied().unwrap_or(0)
    }

    /// True when the first figure is 0.
    fn starts_with_zero(&self) -> bool {
        self.mantissa < power(self.count - 1)
    }

    fn misread<B>(
        &self,
        say: &mut impl FnMut(u128, u32, Slip) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        for at in 0..self.count {
            let unit = power(self.count - 1 - at);
            let figure = self.figure(at);
            let others = self.mantissa - u128::from(figure) * unit;
            let zero = u8::from(at == 0 && self.whole > 1);
            for meant in zero..10 {
                let slip = Slip::Figure {
                    written: b'0' + figure,
                    meant: b'0' + meant,
                };
                say(others + u128::from(meant) * unit, self.scale, slip)?;
            }
        }
        ControlFlow::Continue(())
    }

    fn pointed<B>(
        &self,
        say: &mut impl FnMut(u128, u32, Slip) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        let zero = self.starts_with_zero();
        if !zero || self.count == 1 {
            say(self.mantissa, 0, Slip::Point)?;
        }
        // 3900 has no point to lose: nobody writes 390.0 among whole numbers.
        if self.scale == 0 && self.mantissa.is_multiple_of(10) {
            return ControlFlow::Continue(());
        }
        for whole in 1..self.count {
            if whole == 1 || !zero {
                say(self.mantissa, self.count - whole, Slip::Point)?;
            }
        }
        ControlFlow::Continue(())
    }

    fn multiplied<B>(
        &self,
        say: &mut impl FnMut(u128, u32, Slip) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        for up in MULTIPLIERS {
            match self.scale.checked_sub(up) {
                Some(scale) => say(self.mantissa, scale, Slip::Multiplier)?,
                None => {
                    let more = self.mantissa.checked_mul(power(up - self.scale));
                    say(more.unwrap_or(LARGEST), 0, Slip::Multiplier)?;
                }
            }
            let (mut mantissa, mut scale) = (self.mantissa, self.scale + up);
            if scale > MOST_PLACES {
                continue;
            }
            while scale > 0 && mantissa.is_multiple_of(10) {
                mantissa /= 10;
                scale -= 1;
            }
            say(mantissa, scale, Slip::Multiplier)?;
        }
        ControlFlow::Continue(())
    }

    /// A figure more or less at each place of the text: before the point and behind it are two.
    fn lost_or_added<B>(
        &self,
        say: &mut impl FnMut(u128, u32, Slip) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        let zero = self.starts_with_zero();
        let point = u32::from(self.scale > 0);
        let (mut before, mut rest) = (0, self.mantissa);
        for at in 0..=self.count + point {
            let behind = at > self.whole;
            let figure = at - u32::from(behind);
            let unit = power(self.count - figure);
            let scale = self.scale + u32::from(behind);
            if behind || at == 0 || !zero {
                for lost in u128::from(at == 0)..10 {
                    say((before * 10 + lost) * unit + rest, scale, Slip::Lost)?;
                }
            }
            // The point itself is no figure.
            if figure < self.count && (behind || at < self.whole) {
                let unit = power(self.count - 1 - figure);
                let own = u128::from(self.figure(figure));
                rest -= own * unit;
                self.without(before * unit + rest, behind, say)?;
                before = before * 10 + own;
            }
        }
        ControlFlow::Continue(())
    }

    /// `left` is what a figure was taken from.
    fn without<B>(
        &self,
        left: u128,
        behind: bool,
        say: &mut impl FnMut(u128, u32, Slip) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        // Neither a point nor nothing may stand at an end.
        let (whole, scale) = match behind {
            true => (self.whole, self.scale - 1),
            false => (self.whole - 1, self.scale),
        };
        let bare = whole == 0 || behind && scale == 0;
        let zero = whole > 1 && left < power(self.count - 2);
        match bare || zero {
            true => ControlFlow::Continue(()),
            false => say(left, scale, Slip::Added),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn between(written: &str, meant: &str) -> Option<Slip> {
        slip(written.parse().unwrap(), meant.parse().unwrap())
    }

    #[test]
    fn one_slip_is_told_from_two() {
        let figure = |w, m| {
            Some(Slip::Figure {
                written: w,
                meant: m,
            })
        };
        assert_eq!(between("897.5", "887.5"), figure(b'9', b'8'));
        assert_eq!(between("12", "18"), figure(b'2', b'8'));
        assert_eq!(between("0.09", "0.39"), figure(b'0', b'3'));
        assert_eq!(between("-5.3", "-5.8"), figure(b'3', b'8'));
        assert_eq!(between("1199", "119.9"), Some(Slip::Point));
        assert_eq!(between("17.9", "1.79"), Some(Slip::Point));
        assert_eq!(between("3900", "390"), Some(Slip::Added));
        assert_eq!(between("3.2", "32000"), Some(Slip::Multiplier));
        assert_eq!(between("5509", "55009"), Some(Slip::Lost));
        assert_eq!(between("3.6", "3.66"), Some(Slip::Lost));
        assert_eq!(between("1833", "183"), Some(Slip::Added));
        assert_eq!(between("897.5", "788.5"), None);
        assert_eq!(between("12", "12"), None);
    }

    #[test]
    fn those_near_are_those_of_all_that_fit() {
        for written in ["7", "105", "86.42", "-0.50", "100", "12345678"] {
            let written: Decimal = written.parse().unwrap();
            for fits in [
                |m: u128, _: u32| m.is_multiple_of(3),
                |m: u128, _: u32| m > 500,
                |_: u128, scale: u32| scale == 0,
            ] {
                let mut wanted = neighbours(written);
                wanted.retain(|(value, _)| fits(value.mantissa().unsigned_abs(), value.scale()));
                assert_eq!(neighbours_near(written, fits), wanted, "{written}");
            }
        }
    }

    #[test]
    fn no_neighbour_is_written_with_a_leading_zero_or_is_nothing() {
        for written in [
            "7",
            "10",
            "0.4",
            "105",
            "86.42",
            "9999999999999999999999999999",
        ] {
            let written: Decimal = written.parse().unwrap();
            let found = neighbours(written);
            assert!(!found.is_empty());
            for (i, &(value, _)) in found.iter().enumerate() {
                assert!(value != written && value != Decimal::ZERO);
                assert!(found.iter().skip(i + 1).all(|&(other, _)| other != value));
            }
        }
    }
}
