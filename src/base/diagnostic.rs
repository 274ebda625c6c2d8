//! Findings about a page. They are data: a page with findings is still a page.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Span;

/// How much a finding matters.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; nothing is likely wrong.
    Info,
    /// Something on the page does not fit, or could not be read for sure.
    Warning,
    /// Text was lost or is unusable here.
    Error,
}

/// Where a finding lies: the text that its span counts in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// A span of the page as decoded.
    Page(Span),
    /// A span of the clean text.
    Clean(Span),
    /// The page as a whole.
    Whole,
}

/// One finding of a stage about a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// How much it matters.
    pub severity: Severity,
    /// Kebab-case kind, stable: `numbering-gap`, `undecodable`.
    pub code: &'static str,
    /// One sentence for a person: what was found, what was expected.
    pub message: String,
    /// Where.
    pub place: Place,
}

impl Diagnostic {
    /// A finding of severity [`Severity::Warning`].
    #[must_use]
    pub fn warning(code: &'static str, message: String, place: Place) -> Self {
        Self {
            severity: Severity::Warning,
            code,
            message,
            place,
        }
    }

    /// A finding of severity [`Severity::Info`].
    #[must_use]
    pub fn info(code: &'static str, message: String, place: Place) -> Self {
        Self {
            severity: Severity::Info,
            code,
            message,
            place,
        }
    }
}
