//! Stage 6: indicators → the arithmetic between them. Never changes a value.

mod mend;
mod sum;

use crate::base::Decimal;
use crate::indicators::Indicator;
use crate::record::{CheckKind, CheckStatus};

/// One piece of arithmetic; the numbers are indices of indicators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What is done.
    pub kind: CheckKind,
    /// The total.
    pub total: usize,
    /// The parts.
    pub parts: Vec<usize>,
    /// What the page says, in base units.
    pub expected: Decimal,
    /// What the parts give, in base units.
    pub actual: Decimal,
    /// How it came out.
    pub status: CheckStatus,
    /// Values of one term that would mend it, likeliest first.
    pub candidates: Vec<(usize, Decimal)>,
}

/// A number in a sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Term {
    /// Index of the indicator.
    index: usize,
    /// In its own unit.
    value: Decimal,
    /// In base units.
    base: Decimal,
    /// One of its last digit, in base units.
    step: Decimal,
    /// Power of ten of its unit's multiplier.
    power: u32,
    /// True when it is written in thousands or with a point: it may be rounded.
    scaled: bool,
}

impl Term {
    fn new(index: usize, value: Decimal, base: Decimal) -> Option<Self> {
        let power = (0..=16).find(|&p| value.scaled(p).is_ok_and(|v| v == base))?;
        Some(Self {
            index,
            value,
            base,
            step: Decimal::new(1, value.scale()).ok()?.scaled(power).ok()?,
            power,
            scaled: power > 0 || value.scale() > 0,
        })
    }

    /// A value in base units, in the unit of this term.
    fn in_unit(&self, base: Decimal) -> Option<Decimal> {
        let scale = self.value.scale();
        let exact = Decimal::new(base.mantissa(), base.scale() + self.power).ok()?;
        // Written with as many decimals as the term has, when that is exact.
        let mut out = exact;
        while out.scale() > scale && out.mantissa() % 10 == 0 {
            out = Decimal::new(out.mantissa() / 10, out.scale() - 1).ok()?;
        }
        while out.scale() < scale {
            out = Decimal::new(out.mantissa().checked_mul(10)?, out.scale() + 1).ok()?;
        }
        Some(out)
    }
}

/// Does the page's own arithmetic.
#[must_use]
pub fn reconcile(indicators: &[Indicator]) -> Vec<Check> {
    sum::sums(indicators)
}

#[cfg(test)]
mod tests {
    use crate::Extractor;
    use crate::record::CheckStatus;

    fn checks(text: &str) -> Vec<(CheckStatus, usize, Vec<String>)> {
        let record = Extractor::new().extract("t.txt", text.as_bytes()).unwrap();
        record
            .checks
            .iter()
            .map(|c| {
                let mends = c.candidates.iter().map(|m| m.value.to_string()).collect();
                (c.status, c.parts.len(), mends)
            })
            .collect()
    }

    #[test]
    fn parts_that_are_the_whole() {
        let found = checks("全县茶叶加工户4210户，其中企业310户、个体3900户。");
        assert_eq!(found, [(CheckStatus::Ok, 2, vec![])]);
    }

    #[test]
    fn rounded_parts() {
        let found = checks("全县茶叶产量12.5万吨，其中绿茶8.3万吨，红茶4.1万吨。");
        assert_eq!(found, [(CheckStatus::Rounding, 2, vec![])]);
    }

    #[test]
    fn some_parts_only() {
        let found = checks("全县茶叶产量9123吨，其中绿茶2310吨，红茶1204吨。");
        assert_eq!(found, [(CheckStatus::Partial, 2, vec![])]);
    }

    #[test]
    fn a_misread_figure_is_named_and_left_alone() {
        let found = checks("全县茶叶加工户4210户，其中企业310户、个体3908户。");
        assert_eq!(
            found,
            [(
                CheckStatus::Mismatch,
                2,
                vec!["4218".to_owned(), "3900".to_owned()]
            )]
        );
    }

    #[test]
    fn about_so_many_do_not_add_up() {
        assert!(checks("全县茶叶加工户4210余户，其中企业310户、个体3900户。").is_empty());
    }

    #[test]
    fn one_whole_divided_twice() {
        let found = checks(
            "零售额30.5亿元。按经营地分，城镇20.3亿元；乡村10.2亿元。按形态分，商品25.1亿元；餐饮5.4亿元。",
        );
        assert_eq!(
            found,
            [(CheckStatus::Ok, 2, vec![]), (CheckStatus::Ok, 2, vec![])]
        );
    }
}
