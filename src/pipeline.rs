//! The way from bytes to [`Record`]: calls the stages in order. No rules in here.

use std::sync::Arc;

use crate::assemble;
use crate::base::Diagnostic;
use crate::decode::{self, DecodeError, EncodingChoice, FormatChoice, Options, Page};
use crate::document::{self, Document, Hints};
use crate::doubts;
use crate::explain::{self, Asked, Explanation, Known};
use crate::indicators::why::Trace;
use crate::indicators::{self, Indicators};
use crate::lexicon::Lexicon;
use crate::lexicon::entries::Entry;
use crate::normalize::{self, Clean};
use crate::quantities::{self, Quantities};
use crate::reconcile::{self, Check};
use crate::record::Record;
use crate::sections::{self, Sections};
use crate::stages::{Seen, Stage, StageView};
use crate::transcribe::Transcript;
use crate::validate::{self, Violation};

/// Why a page has no record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExtractError {
    /// The source is no page of text.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// The record contradicts itself or the source bytes: a bug in gongbao, which writes nothing
    /// rather than something wrong.
    #[error(
        "its record does not hold ({} in all, first {}); this is a bug in gongbao, please report it \
         with the page",
        .0.len(),
        .0.first().map(ToString::to_string).unwrap_or_default()
    )]
    Invalid(
        /// What does not hold.
        Vec<Violation>,
    ),
}

/// What a page is read from: the bytes of a file, or what a program printed of one.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    bytes: &'a [u8],
    transcript: Option<&'a Transcript>,
}

impl<'a> From<&'a [u8]> for Input<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            transcript: None,
        }
    }
}

impl<'a, const N: usize> From<&'a [u8; N]> for Input<'a> {
    fn from(bytes: &'a [u8; N]) -> Self {
        Self::from(bytes.as_slice())
    }
}

impl<'a> From<&'a Vec<u8>> for Input<'a> {
    fn from(bytes: &'a Vec<u8>) -> Self {
        Self::from(bytes.as_slice())
    }
}

impl<'a> From<&'a Transcript> for Input<'a> {
    fn from(transcript: &'a Transcript) -> Self {
        Self {
            bytes: &transcript.bytes,
            transcript: Some(transcript),
        }
    }
}

/// Turns pages into records. Cheap to clone and to share between threads.
///
/// ```
/// let record = gongbao::Extractor::new().extract("a.txt", "全年新增企业992户。".as_bytes())?;
/// assert_eq!(record.text, "全年新增企业992户。");
/// # Ok::<(), gongbao::ExtractError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Extractor {
    reading: Options,
    hints: Hints,
    lexicon: Arc<Lexicon>,
}

impl Default for Extractor {
    fn default() -> Self {
        Self::new()
    }
}

impl Extractor {
    /// An extractor that detects encodings and formats and knows nothing of its pages.
    #[must_use]
    pub fn new() -> Self {
        Self {
            reading: Options::default(),
            hints: Hints::default(),
            lexicon: Arc::clone(Lexicon::builtin_arc()),
        }
    }

    /// Reads sources in this encoding.
    #[must_use]
    pub fn encoding(mut self, encoding: EncodingChoice) -> Self {
        self.reading.encoding = encoding;
        self
    }

    /// Reads sources in this format.
    #[must_use]
    pub fn format(mut self, format: FormatChoice) -> Self {
        self.reading.format = format;
        self
    }

    /// Fills in what pages do not say of themselves.
    #[must_use]
    pub fn hints(mut self, hints: Hints) -> Self {
        self.hints = hints;
        self
    }

    /// Reads with other words than the built-in ones alone; see [`Lexicon::with`].
    #[must_use]
    pub fn lexicon(mut self, lexicon: impl Into<Arc<Lexicon>>) -> Self {
        self.lexicon = lexicon.into();
        self
    }

    /// The record of one page called `name`, its invariants checked and the page's bytes replayed
    /// against it. `page` are its bytes or a [`Transcript`].
    ///
    /// # Errors
    /// See [`ExtractError`].
    pub fn extract<'a>(
        &self,
        name: &str,
        page: impl Into<Input<'a>>,
    ) -> Result<Record, ExtractError> {
        let input = page.into();
        let (record, _) = self.run(Stage::Validate, name, input)?;
        sound(record, input.bytes)
    }

    /// What is known of the page called `name` once `last` has run, unchecked.
    ///
    /// ```
    /// use gongbao::stages::Stage;
    /// let extractor = gongbao::Extractor::new();
    /// let view = extractor.until(Stage::Decode, "a.txt", "全年新增\n企业992户。".as_bytes())?;
    /// assert_eq!(serde_json::to_value(&view).unwrap()["lines"][1]["start"], 13);
    /// # Ok::<(), gongbao::ExtractError>(())
    /// ```
    ///
    /// # Errors
    /// When `page` is no text.
    pub fn until<'a>(
        &self,
        last: Stage,
        name: &str,
        page: impl Into<Input<'a>>,
    ) -> Result<StageView, ExtractError> {
        let (record, seen) = self.run(last, name, page.into())?;
        Ok(StageView::new(last, record, seen))
    }

    /// Why what is asked for of the page called `name` was read as it was. `entries` are those of
    /// the lexicon, with their places ([`crate::lexicon::entries`]).
    ///
    /// ```
    /// use gongbao::explain::Asked;
    /// use gongbao::lexicon::entries;
    /// let page = "全年新增企业992户。".as_bytes();
    /// let asked = Asked::Text("992户".to_owned());
    /// let entries = entries::builtin()?;
    /// let told = gongbao::Extractor::new().explain("a.txt", page, &asked, &entries)?;
    /// let steps = &told.places[0].numbers[0].steps;
    /// assert!(steps.iter().any(|s| s.field == "measure" && s.value == "level"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// When `page` is no text.
    pub fn explain<'a>(
        &self,
        name: &str,
        page: impl Into<Input<'a>>,
        asked: &Asked,
        entries: &[Entry],
    ) -> Result<Explanation, ExtractError> {
        let trace = Trace::collecting();
        let known = self.stages(Stage::Validate, name, page.into(), &trace)?;
        let record = known.record();
        let steps = trace.into_steps();
        let known = Known {
            page: &known.page,
            clean: &known.clean,
            sections: &known.sections,
            quantities: &known.quantities,
            indicators: &known.indicators,
            record: &record,
            steps: &steps,
            lexicon: &self.lexicon,
            entries,
        };
        Ok(explain::explain(&known, asked))
    }

    fn run(
        &self,
        last: Stage,
        name: &str,
        input: Input<'_>,
    ) -> Result<(Record, Seen), ExtractError> {
        let known = self.stages(last, name, input, &Trace::default())?;
        let seen = if last == Stage::Validate {
            Seen::default()
        } else {
            Seen::new(&known.page, &known.clean, &known.quantities)
        };
        Ok((known.record(), seen))
    }

    fn page<'a>(&self, name: &str, input: Input<'a>) -> Result<Page<'a>, DecodeError> {
        let Some(transcript) = input.transcript else {
            return decode::decode(name, input.bytes, self.reading);
        };
        let mut page = decode::decode(name, input.bytes, transcript.reading)?;
        transcript.sign(&mut page);
        Ok(page)
    }

    /// Runs the stages up to `last`; those behind it find nothing.
    fn stages<'a>(
        &self,
        last: Stage,
        name: &str,
        input: Input<'a>,
        trace: &Trace,
    ) -> Result<Stages<'a>, ExtractError> {
        let runs = |stage| stage <= last;
        let lexicon = &self.lexicon;
        let page = self.page(name, input)?;
        let clean = normalize::normalize(&page, lexicon);
        let mut sections = Sections::default();
        let mut quantities = Quantities::default();
        let mut document = Document::default();
        let mut indicators = Indicators::default();
        let mut checks = Vec::new();
        let mut doubts = Vec::new();
        if runs(Stage::Sections) {
            sections = sections::sections(&clean, lexicon);
        }
        if runs(Stage::Quantities) {
            quantities = quantities::quantities(&clean, lexicon);
            document = document::document(&page, &clean, &quantities, self.hints, lexicon);
        }
        if runs(Stage::Indicators) {
            indicators =
                indicators::explained(&clean, &sections, &quantities, &document, lexicon, trace);
        }
        if runs(Stage::Reconcile) {
            let text = quantities.folded.as_deref().unwrap_or(&clean.text);
            checks = reconcile::reconcile(&indicators.indicators, text, lexicon);
            let found = &indicators.indicators;
            doubts = doubts::doubts(&page, &clean, text, found, &checks, lexicon);
        }
        Ok(Stages {
            page,
            clean,
            sections,
            quantities,
            document,
            indicators,
            checks,
            doubts,
        })
    }
}

/// What the stages made of a page.
struct Stages<'a> {
    page: Page<'a>,
    clean: Clean,
    sections: Sections,
    quantities: Quantities,
    document: Document,
    indicators: Indicators,
    checks: Vec<Check>,
    doubts: Vec<Diagnostic>,
}

impl Stages<'_> {
    fn record(&self) -> Record {
        assemble::record(
            &self.page,
            &self.clean,
            &self.sections,
            &self.document,
            &self.indicators,
            &self.checks,
            &self.doubts,
        )
    }
}

/// `record`, if everything in it holds.
fn sound(record: Record, bytes: &[u8]) -> Result<Record, ExtractError> {
    let violations = validate::record(&record, Some(bytes));
    if violations.is_empty() {
        Ok(record)
    } else {
        Err(ExtractError::Invalid(violations))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate::example;

    #[test]
    fn what_does_not_hold_is_not_handed_out() {
        let page = example::PAGE.as_bytes();
        assert_eq!(sound(example::record(), page), Ok(example::record()));

        let mut wrong = example::record();
        wrong.indicators[1].mention = "6万元".to_owned();
        let error = sound(wrong, page).unwrap_err();
        let message = error.to_string();
        assert!(message.contains("/indicators/1/mention"), "{message}");
        assert!(message.contains("report it"), "{message}");

        let mut astray = example::record();
        astray.indicators[1].source.end -= 3;
        assert!(matches!(sound(astray, page), Err(ExtractError::Invalid(v)) if v.len() == 1));
    }
}
