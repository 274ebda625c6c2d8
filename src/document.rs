//! Stage 4b: clean text, furniture and dates → what the page says of itself.

use crate::base::{DateSpan, Diagnostic};
use crate::decode::Page;
use crate::lexicon::Lexicon;
use crate::normalize::Clean;
use crate::quantities::Quantities;
use crate::record;

/// What the user knows of a page that the page may not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Hints {
    /// When it was published.
    pub published: Option<DateSpan>,
    /// What time it speaks of.
    pub period: Option<DateSpan>,
}

/// What a page says of itself, the hints filling in what it does not.
#[derive(Debug, Clone, Default)]
pub struct Document {
    /// As it goes into the record.
    pub record: record::Document,
    /// The time it speaks of.
    pub period: Option<DateSpan>,
    /// When it was published.
    pub published: Option<DateSpan>,
    /// What does not fit.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads title, issuer, region, period, date and page off the page.
#[must_use]
pub fn document(
    _page: &Page<'_>,
    _clean: &Clean,
    _quantities: &Quantities,
    _hints: Hints,
    _lexicon: &Lexicon,
) -> Document {
    Document::default()
}
