//! Stage 4: [`Clean`] → the quantities and dates of the text, with their spans. Knows no names.

use crate::lexicon::Lexicon;
use crate::normalize::Clean;

/// Everything in the text that is a number, taken or left.
#[derive(Debug, Clone, Default, serde::Serialize)]
pub struct Quantities {}

/// Finds the quantities.
#[must_use]
pub fn quantities(_clean: &Clean, _lexicon: &Lexicon) -> Quantities {
    Quantities::default()
}
