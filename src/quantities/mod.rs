//! Stage 4: [`Clean`] → the quantities and dates of the text, with their spans. Knows no names.
//!
//! [`numeral`] reads numbers, [`scan`] puts unit, approximation, range and ratio around them and
//! says which are no quantities and why, [`date`] reads times.

pub mod date;
pub mod numeral;
mod protected;
pub mod reason;
pub mod scan;

use std::borrow::Cow;

use crate::base::{Decimal, Diagnostic, Span};
use crate::lexicon::Lexicon;
use crate::normalize::Clean;
use crate::record::Precision;
pub use date::{Expression, Time, Year};

/// What a quantity is by its form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A number with a unit.
    Number,
    /// 22.8:38.8:38.4.
    Ratio,
    /// 三分之二.
    Fraction,
    /// 翻一番.
    Doubling,
    /// 第5位, 首位.
    Rank,
}

/// A number with its unit.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Quantity {
    /// Number and unit, in [`Clean::text`].
    pub mention: Span,
    /// The same with the approximations around it.
    pub around: Span,
    /// What it is by its form.
    pub kind: Kind,
    /// Value as written, without the unit's multiplier; none for ratios and fractions.
    pub value: Option<Decimal>,
    /// Unit with its multiplier.
    pub unit: String,
    /// Value times multiplier.
    pub base_value: Option<Decimal>,
    /// Unit without multiplier.
    pub base_unit: String,
    /// What the unit measures, of `lexicon/units.toml`.
    pub dimension: String,
    /// Terms of a ratio; numerator and denominator of a fraction.
    pub components: Option<Vec<Decimal>>,
    /// How exact it claims to be.
    pub precision: Precision,
    /// Lower bound of `value`.
    pub lower: Option<Decimal>,
    /// Upper bound of `value`.
    pub upper: Option<Decimal>,
}

/// A number that is no quantity.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Left {
    /// Where it stands in [`Clean::text`].
    pub span: Span,
    /// Kebab-case reason, of [`reason::ALL`] or of a user's own lexicon.
    pub reason: String,
    /// The word of the lexicon that made it, where one did.
    pub cause: Option<reason::Cause>,
}

/// Everything in the text that is a number, taken or left.
#[derive(Debug, Clone, Default, serde::Serialize)]
pub struct Quantities {
    /// Taken, in reading order.
    pub quantities: Vec<Quantity>,
    /// Times, in reading order.
    pub times: Vec<Time>,
    /// Left, in reading order.
    pub left: Vec<Left>,
    /// What could not be read for sure.
    pub diagnostics: Vec<Diagnostic>,
    /// The clean text with traditional characters read as the lexicon has them, byte offsets
    /// unchanged; none when it has none.
    #[serde(skip)]
    pub folded: Option<String>,
}

/// Finds the quantities.
#[must_use]
pub fn quantities(clean: &Clean, lexicon: &Lexicon) -> Quantities {
    let mut out = Quantities::default();
    let folded = lexicon.variants.fold(&clean.text);
    for paragraph in &clean.paragraphs {
        scan::paragraph(&folded, &clean.text, paragraph.span, lexicon, &mut out);
    }
    if let Cow::Owned(folded) = folded {
        out.folded = Some(folded);
    }
    out
}
