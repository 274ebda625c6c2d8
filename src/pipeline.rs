//! The way from bytes to [`Record`]: calls the stages in order. No rules in here.

use crate::assemble;
use crate::decode::{self, DecodeError, EncodingChoice};
use crate::document::{self, Hints};
use crate::indicators;
use crate::lexicon::Lexicon;
use crate::normalize;
use crate::quantities;
use crate::reconcile;
use crate::record::Record;
use crate::sections;

/// Turns pages into records. Cheap to clone and to share between threads.
///
/// ```
/// let record = gongbao::Extractor::new().extract("a.txt", "全年新增企业992户。".as_bytes())?;
/// assert_eq!(record.text, "全年新增企业992户。");
/// # Ok::<(), gongbao::decode::DecodeError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Extractor {
    encoding: EncodingChoice,
    hints: Hints,
    lexicon: &'static Lexicon,
}

impl Default for Extractor {
    fn default() -> Self {
        Self::new()
    }
}

impl Extractor {
    /// An extractor that detects encodings and knows nothing of its pages.
    #[must_use]
    pub fn new() -> Self {
        Self {
            encoding: EncodingChoice::Detect,
            hints: Hints::default(),
            lexicon: Lexicon::builtin(),
        }
    }

    /// Reads sources in this encoding.
    #[must_use]
    pub fn encoding(mut self, encoding: EncodingChoice) -> Self {
        self.encoding = encoding;
        self
    }

    /// Fills in what pages do not say of themselves.
    #[must_use]
    pub fn hints(mut self, hints: Hints) -> Self {
        self.hints = hints;
        self
    }

    /// The record of one page called `name`.
    ///
    /// # Errors
    /// When `bytes` are no text; see [`DecodeError`].
    pub fn extract(&self, name: &str, bytes: &[u8]) -> Result<Record, DecodeError> {
        let page = decode::decode(name, bytes, self.encoding)?;
        let clean = normalize::normalize(&page, self.lexicon);
        let sections = sections::sections(&clean, self.lexicon);
        let quantities = quantities::quantities(&clean, self.lexicon);
        let document = document::document(&page, &clean, &quantities, self.hints, self.lexicon);
        let indicators =
            indicators::indicators(&clean, &sections, &quantities, &document, self.lexicon);
        let checks = reconcile::reconcile(&indicators.indicators);
        Ok(assemble::record(
            &page,
            &clean,
            &sections,
            &document,
            &indicators,
            &checks,
        ))
    }
}
