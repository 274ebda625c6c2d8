//! Stage 5: quantities and their clauses → indicators. Never parses a digit again.

use crate::base::{DateSpan, Decimal, Diagnostic, Span};
use crate::document::Document;
use crate::lexicon::Lexicon;
use crate::normalize::Clean;
use crate::quantities::Quantities;
use crate::record::{Basis, Measure, Precision, Relation, Status};
use crate::sections::Sections;

/// One numeric statement; see [`crate::record::Indicator`] for the fields.
#[derive(Debug, Clone, PartialEq)]
pub struct Indicator {
    /// Index of the innermost section.
    pub section: Option<usize>,
    /// What is measured.
    pub name: String,
    /// Id in the concept code list.
    pub concept: Option<String>,
    /// What is stated about it.
    pub measure: Measure,
    /// Signed value as written.
    pub value: Option<Decimal>,
    /// Unit as written, multiplier included.
    pub unit: String,
    /// Value times multiplier.
    pub base_value: Option<Decimal>,
    /// Unit without multiplier.
    pub base_unit: String,
    /// Terms of a ratio or fraction.
    pub components: Option<Vec<Decimal>>,
    /// How exact it claims to be.
    pub precision: Precision,
    /// Lower bound of `value`.
    pub lower: Option<Decimal>,
    /// Upper bound of `value`.
    pub upper: Option<Decimal>,
    /// What a growth or change is measured against.
    pub basis: Option<Basis>,
    /// The time it speaks of.
    pub period: Option<Period>,
    /// Whether it has come true.
    pub status: Status,
    /// Index of the indicator that it is a part, growth, … of.
    pub of: Option<usize>,
    /// What it is of that one.
    pub relation: Option<Relation>,
    /// Number and unit, in [`Clean::text`].
    pub mention: Span,
    /// The clause around it, in [`Clean::text`].
    pub quote: Span,
}

/// The time that an indicator speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// The words it was read from; none when it comes from a hint.
    pub text: Option<String>,
    /// The days.
    pub days: DateSpan,
    /// True when it was not said in the indicator's own clause.
    pub inherited: bool,
}

/// The indicators of a page, in reading order.
#[derive(Debug, Clone, Default)]
pub struct Indicators {
    /// The statements.
    pub indicators: Vec<Indicator>,
    /// What could not be read for sure.
    pub diagnostics: Vec<Diagnostic>,
}

/// Finds the indicators.
#[must_use]
pub fn indicators(
    clean: &Clean,
    sections: &Sections,
    quantities: &Quantities,
    _document: &Document,
    _lexicon: &Lexicon,
) -> Indicators {
    let mut out = Indicators {
        diagnostics: quantities.diagnostics.clone(),
        ..Indicators::default()
    };
    for q in &quantities.quantities {
        out.indicators.push(Indicator {
            section: sections.at(q.mention.start as usize),
            name: String::new(),
            concept: None,
            measure: Measure::Level,
            value: q.value,
            unit: q.unit.clone(),
            base_value: q.base_value,
            base_unit: q.base_unit.clone(),
            components: q.components.clone(),
            precision: q.precision,
            lower: q.lower,
            upper: q.upper,
            basis: None,
            period: None,
            status: Status::Actual,
            of: None,
            relation: None,
            mention: q.mention,
            quote: q.mention,
        });
    }
    let _ = &clean;
    out
}
