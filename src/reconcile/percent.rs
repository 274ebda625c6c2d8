//! One number in percent of another, against what the page says.

use super::mend::{Mend, mends};
use super::{Check, Term};
use crate::base::Decimal;
use crate::base::decimal::power_of_ten;
use crate::lexicon::Lexicon;
use crate::record::{CheckKind, CheckStatus};

/// How many figures a quotient has beyond those of the stated number.
const MORE_FIGURES: u32 = 2;
/// A slip of a number of fewer figures says nothing: any of them is one figure from another.
const FEWEST_FIGURES: usize = 3;
/// The least likely slip that says something. Growths of the same levels counted otherwise lie near
/// each other, and some other figure of one of three numbers often leads from one to the other.
const LEAST_LIKELY: u8 = 2;

/// A stated percentage, and what it is worked out from.
pub(super) struct Percent {
    pub kind: CheckKind,
    /// What the page says.
    pub stated: Term,
    /// The number that is so many percent …
    pub of: Term,
    /// … of this one.
    pub whole: Term,
    /// What is subtracted from the quotient: 100 for a growth.
    pub less: i64,
}

/// How a percentage comes out.
enum Outcome {
    Known(CheckStatus),
    /// One in the last figure more than rounding allows: cut off instead of rounded, most likely.
    Near,
    Apart,
}

/// The quotient in percent of two whole numbers, rounded half up to `scale` figures.
fn quotient(of: i128, whole: i128, scale: u32) -> Option<i128> {
    let above = of.checked_mul(200)?.checked_mul(power_of_ten(scale)?)?;
    Some(above.checked_add(whole)?.div_euclid(whole.checked_mul(2)?))
}

impl Percent {
    /// Mantissas of level and whole and of their last digits, at one scale.
    fn at_one_scale(&self) -> Option<[i128; 4]> {
        let terms = [&self.of, &self.whole];
        let scale = terms
            .iter()
            .map(|t| t.base.scale().max(t.step.scale()))
            .max()?;
        Some([
            self.of.base.mantissa_at(scale)?,
            self.whole.base.mantissa_at(scale)?,
            self.of.step.mantissa_at(scale)?,
            self.whole.step.mantissa_at(scale)?,
        ])
    }

    fn worked_out(&self, scale: u32) -> Option<i128> {
        let [of, whole, ..] = self.at_one_scale()?;
        if of <= 0 || whole <= 0 {
            return None;
        }
        let less = i128::from(self.less).checked_mul(power_of_ten(scale)?)?;
        quotient(of, whole, scale)?.checked_sub(less)
    }

    fn outcome(&self) -> Option<Outcome> {
        let scale = self.stated.value.scale();
        let stated = self.stated.value.mantissa();
        let found = self.worked_out(scale)?;
        if found == stated {
            return Some(Outcome::Known(CheckStatus::Ok));
        }
        // The quotient at its most and its least, each term off by half of its last digit.
        let [of, whole, of_step, whole_step] = self.at_one_scale()?;
        let less = i128::from(self.less).checked_mul(power_of_ten(scale)?)?;
        let unit = power_of_ten(scale)?.checked_mul(200)?;
        let twice = stated.checked_add(less)?.checked_mul(2)?;
        let (of, whole) = (of.checked_mul(2)?, whole.checked_mul(2)?);
        let most = of.checked_add(of_step)?.checked_mul(unit)?
            >= twice
                .checked_sub(1)?
                .checked_mul(whole.checked_sub(whole_step)?)?;
        let least = of.checked_sub(of_step)?.checked_mul(unit)?
            <= twice
                .checked_add(1)?
                .checked_mul(whole.checked_add(whole_step)?)?;
        Some(if most && least {
            Outcome::Known(CheckStatus::Rounding)
        } else if (found - stated).abs() <= 1 {
            Outcome::Near
        } else {
            Outcome::Apart
        })
    }

    fn came_out(&self) -> Option<CheckStatus> {
        match self.outcome()? {
            Outcome::Known(status) => Some(status),
            Outcome::Near | Outcome::Apart => None,
        }
    }

    /// The check; none when it does not come out and no slip of one term would mend it.
    pub(super) fn check(&self, lexicon: &Lexicon) -> Option<Check> {
        let (status, mends) = match self.outcome()? {
            Outcome::Known(status) => (status, Vec::new()),
            Outcome::Near => return None,
            Outcome::Apart => (CheckStatus::Mismatch, self.mends(lexicon)?),
        };
        let scale = self.stated.value.scale().checked_add(MORE_FIGURES)?;
        Some(Check {
            kind: self.kind,
            total: Some(self.stated.index),
            parts: vec![self.of.index, self.whole.index],
            expected: self.stated.base,
            actual: Decimal::new(self.worked_out(scale)?, scale).ok()?,
            status,
            candidates: mends.into_iter().map(|m| (m.index, m.value)).collect(),
        })
    }

    /// What would mend it; none when no slip does that says something.
    fn mends(&self, lexicon: &Lexicon) -> Option<Vec<Mend>> {
        let terms = [self.stated, self.of, self.whole];
        let found = mends(&terms, lexicon, None, |place, other| {
            let (mut stated, mut of, mut whole) = (self.stated, self.of, self.whole);
            match place {
                0 => stated = *other,
                1 => of = *other,
                _ => whole = *other,
            }
            Self {
                kind: self.kind,
                stated,
                of,
                whole,
                less: self.less,
            }
            .came_out()
        });
        let figures = |m: &Mend| {
            let term = terms.iter().find(|t| t.index == m.index);
            term.map_or(0, Term::figures)
        };
        let tells = found
            .iter()
            .any(|m| figures(m) >= FEWEST_FIGURES && m.rank <= LEAST_LIKELY);
        tells.then_some(found)
    }
}
