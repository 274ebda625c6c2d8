//! The way from bytes to [`Record`]: calls the stages in order. No rules in here.

use std::sync::Arc;

use crate::assemble;
use crate::base::Diagnostic;
use crate::corrections::{Corrections, PageCorrections};
use crate::decode::{self, AppendError, DecodeError, EncodingChoice, FormatChoice, Options, Page};
use crate::document::{self, Document, Hints};
use crate::doubts;
use crate::explain::{self, Asked, Explanation, Known};
use crate::indicators::why::Trace;
use crate::indicators::{self, Indicators};
use crate::lexicon::Lexicon;
use crate::lexicon::entries::Entry;
use crate::normalize::{self, Clean, flow};
use crate::quantities::{self, Quantities};
use crate::readings;
use crate::reconcile::{self, Check};
use crate::record::{Metadatum, PartRole, Record};
use crate::sections::{self, Sections};
use crate::stages::{Seen, Stage, StageView};
use crate::stitch::{self, Article, Leaf};
use crate::transcribe::Transcript;
use crate::validate::{self, Violation};

/// Why a page has no record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExtractError {
    /// The source is no page of text.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// Another reading of the page could not be read.
    #[error("{name}: {error}")]
    Also {
        /// Name of its file.
        name: String,
        /// What is wrong with it.
        error: DecodeError,
    },
    /// Pages of one article, or readings of one page, cannot be put together.
    #[error(transparent)]
    Append(#[from] AppendError),
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
    metadata: Vec<Metadatum>,
    lexicon: Arc<Lexicon>,
    corrections: Option<Arc<Corrections>>,
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
            metadata: Vec::new(),
            lexicon: Arc::clone(Lexicon::builtin_arc()),
            corrections: None,
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

    /// Records what was known of pages beside the pages themselves (`source.metadata`; of a record of
    /// several files it is said of the first). [`Extractor::hints`] is what makes use of it.
    #[must_use]
    pub fn metadata(mut self, metadata: Vec<Metadatum>) -> Self {
        self.metadata = metadata;
        self
    }

    /// Reads with other words than the built-in ones alone; see [`Lexicon::with`].
    #[must_use]
    pub fn lexicon(mut self, lexicon: impl Into<Arc<Lexicon>>) -> Self {
        self.lexicon = lexicon.into();
        self
    }

    /// The words that it reads with.
    #[must_use]
    pub fn words(&self) -> &Arc<Lexicon> {
        &self.lexicon
    }

    /// Puts what a reviewer decided into the pages that it was decided of.
    #[must_use]
    pub fn corrections(mut self, corrections: impl Into<Arc<Corrections>>) -> Self {
        self.corrections = Some(corrections.into());
        self
    }

    /// What concerns the page with this name and digest among [`Extractor::corrections`].
    #[must_use]
    pub fn corrections_of(&self, name: &str, sha256: &str) -> Vec<&PageCorrections> {
        let corrections = self.corrections.as_ref();
        corrections.map_or_else(Vec::new, |c| c.concerning(name, sha256))
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
        let known = self.stages(Stage::Validate, name, page.into(), &Trace::default())?;
        let (record, page) = known.record_and_page();
        held(validate::with_page(&record, &page), record)
    }

    /// The record of one page that several engines have read: `readings` are the name of each of
    /// its files with its bytes or [`Transcript`]; the first gives the record its name, and a format that
    /// was asked for is that of the first. See [`crate::readings`].
    ///
    /// ```
    /// let one = "全年新修水渠12公里，出口增长7.3。".as_bytes();
    /// let other = "全年新修水集12公里，出口增长7.3%。".as_bytes();
    /// let readings = [("a.txt", one.into()), ("b.txt", other.into())];
    /// let record = gongbao::Extractor::new().extract_readings(&readings)?;
    /// assert_eq!(record.text, "全年新修水渠12公里，出口增长7.3%。");
    /// # Ok::<(), gongbao::ExtractError>(())
    /// ```
    ///
    /// # Errors
    /// See [`ExtractError`].
    pub fn extract_readings(&self, readings: &[(&str, Input<'_>)]) -> Result<Record, ExtractError> {
        let known = self.stages_of_readings(Stage::Validate, readings)?;
        let originals: Vec<(&str, &[u8])> = readings
            .iter()
            .map(|&(name, input)| (name, input.bytes))
            .collect();
        sound(known.record(), &originals)
    }

    /// What is known of a page that several engines have read once `last` has run, unchecked; see
    /// [`Extractor::extract_readings`].
    ///
    /// # Errors
    /// When one of `readings` is no text.
    pub fn readings_until(
        &self,
        last: Stage,
        readings: &[(&str, Input<'_>)],
    ) -> Result<StageView, ExtractError> {
        let known = self.stages_of_readings(last, readings)?;
        let seen = Seen::new(&known.page, &known.clean, &known.quantities);
        Ok(StageView::new(last, known.record(), seen))
    }

    /// The records of the articles of some pages, named, of an issue in any order: an article that
    /// goes on over pages (下转, 上接) is one record of several files. In the order of the pages that
    /// they begin on; a page that cannot be read comes with its error in its place.
    ///
    /// Findings of the codes `jump-stitched`, `jump-ambiguous` and `jump-without-partner` say what was
    /// put together and what was not.
    ///
    /// ```
    /// let pages = [
    ///     ("a2.txt", "（上接A1版）\n上年增长5.3%。".as_bytes().into()),
    ///     ("a1.txt", "全年新增企业992户，比\n（下转A2版）".as_bytes().into()),
    /// ];
    /// let articles = gongbao::Extractor::new().stitch(&pages);
    /// let record = articles[0].result.as_ref().unwrap();
    /// assert_eq!(record.text, "全年新增企业992户，比上年增长5.3%。");
    /// assert_eq!(articles[0].names, ["a1.txt", "a2.txt"]);
    /// ```
    #[must_use]
    pub fn stitch(&self, pages: &[(&str, Input<'_>)]) -> Vec<Stitched> {
        let (mut leaves, mut places) = (Vec::new(), Vec::new());
        let mut out: Vec<(usize, Stitched)> = Vec::new();
        for (place, &(name, input)) in pages.iter().enumerate() {
            match self.leaf(name, input, &leaves) {
                Ok(leaf) => {
                    leaves.push(leaf);
                    places.push(place);
                }
                Err(error) => {
                    let names = vec![name.to_owned()];
                    let result = Err(error);
                    out.push((place, Stitched { names, result }));
                }
            }
        }
        for article in stitch::articles(&leaves, &self.lexicon) {
            let files = article.leaves().map(|leaf| leaves[leaf].page.file());
            let stitched = Stitched {
                names: files.map(|file| file.name.clone()).collect(),
                result: self.article(&article, &leaves, pages),
            };
            let first = article.leaves().next().and_then(|leaf| places.get(leaf));
            out.push((first.copied().unwrap_or_default(), stitched));
        }
        out.sort_by_key(|&(place, _)| place);
        out.into_iter().map(|(_, stitched)| stitched).collect()
    }

    /// A page of an issue, read on its own; `others` are those before it.
    fn leaf<'a>(
        &self,
        name: &str,
        input: Input<'a>,
        others: &[Leaf<'a>],
    ) -> Result<Leaf<'a>, ExtractError> {
        let page = self.page(name, input)?;
        let name = &page.file().name;
        if others.iter().any(|other| other.page.file().name == *name) {
            return Err(AppendError::SameName(name.clone()).into());
        }
        let lexicon = &self.lexicon;
        let clean = normalize::normalize(&page, lexicon);
        let quantities = quantities::quantities(&clean, lexicon);
        let unhinted = Hints::default();
        let said = document::document(&page, &clean, &quantities, &unhinted, lexicon).record;
        Ok(Leaf {
            label: said.page.or_else(|| stitch::label_in_name(name)),
            published: said.published,
            flow: flow::flow(&page, lexicon),
            page,
        })
    }

    fn article(
        &self,
        article: &Article,
        leaves: &[Leaf<'_>],
        pages: &[(&str, Input<'_>)],
    ) -> Result<Record, ExtractError> {
        let page = stitch::page(article, leaves)?;
        let known = self.stages_of(Stage::Validate, page, &Trace::default());
        let originals: Vec<(&str, &[u8])> = pages.iter().map(|(n, i)| (*n, i.bytes)).collect();
        sound(known.record(), &originals)
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
        let known = self.stages(last, name, page.into(), &Trace::default())?;
        let seen = Seen::new(&known.page, &known.clean, &known.quantities);
        Ok(StageView::new(last, known.record(), seen))
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
        let indicators = known.indicators.clone();
        let record = assemble::record(
            &known.page,
            &known.clean,
            &known.sections,
            &known.document,
            indicators,
            &known.checks,
            &known.doubts,
        );
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

    fn page<'a>(&self, name: &str, input: Input<'a>) -> Result<Page<'a>, DecodeError> {
        let reading = input.transcript.map_or(self.reading, |t| t.reading);
        let mut page = decode::decode(name, input.bytes, reading)?;
        if let Some(transcript) = input.transcript {
            transcript.sign(&mut page);
        }
        if let Some(file) = page.files.first_mut() {
            file.metadata.clone_from(&self.metadata);
        }
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
        Ok(self.stages_of(last, self.page(name, input)?, trace))
    }

    /// Runs the stages on a page with several `readings`: once with what the grammar chooses, and
    /// again where the sums then choose otherwise.
    fn stages_of_readings<'a>(
        &self,
        last: Stage,
        readings: &[(&str, Input<'a>)],
    ) -> Result<Stages<'a>, ExtractError> {
        let lexicon = &self.lexicon;
        let page = self.page_of_readings(readings)?;
        let cleans: Vec<Clean> = (0..page.files.len())
            .map(|file| normalize::normalize(&page.only(file), lexicon))
            .collect();
        let first = readings::choose(&page, cleans.clone(), &[], lexicon);
        let trace = Trace::default();
        let known = self.behind(Stage::Reconcile, page, first.clean, &trace);
        let indicators = &known.indicators.indicators;
        let settled = readings::settled(&first.open, indicators, &known.checks);
        if settled.is_empty() && last >= Stage::Reconcile {
            return Ok(known);
        }
        let chosen = readings::choose(&known.page, cleans, &settled, lexicon);
        Ok(self.behind(last, known.page, chosen.clean, &trace))
    }

    /// The files of `readings` as one page.
    fn page_of_readings<'a>(
        &self,
        readings: &[(&str, Input<'a>)],
    ) -> Result<Page<'a>, ExtractError> {
        let mut files = readings.iter();
        let &(name, input) = files.next().ok_or(DecodeError::Empty)?;
        let mut page = self.page(name, input)?;
        // other engines write other formats
        let others = self.clone().format(FormatChoice::Detect);
        for &(name, input) in files {
            let other = others.page(name, input).map_err(|error| {
                let name = name.to_owned();
                ExtractError::Also { name, error }
            })?;
            page.append(other, PartRole::Also)?;
        }
        Ok(page)
    }

    /// Runs the stages of a page that is decoded up to `last`.
    fn stages_of<'a>(&self, last: Stage, page: Page<'a>, trace: &Trace) -> Stages<'a> {
        let clean = normalize::normalize(&page, &self.lexicon);
        self.behind(last, page, clean, trace)
    }

    /// Runs the stages behind the clean text up to `last`; those behind it find nothing.
    fn behind<'a>(&self, last: Stage, page: Page<'a>, clean: Clean, trace: &Trace) -> Stages<'a> {
        let runs = |stage| stage <= last;
        let lexicon = &self.lexicon;
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
            document = document::document(&page, &clean, &quantities, &self.hints, lexicon);
        }
        if runs(Stage::Indicators) {
            indicators =
                indicators::explained(&clean, &sections, &quantities, &document, lexicon, trace);
            if let Some(corrections) = &self.corrections {
                corrections.apply(&page, &clean, &mut indicators);
            }
        }
        if runs(Stage::Reconcile) {
            let text = quantities.folded.as_deref().unwrap_or(&clean.text);
            checks = reconcile::reconcile(&indicators.indicators, text, lexicon);
            let found = &indicators.indicators;
            doubts = doubts::doubts(&page, &clean, text, found, &checks, lexicon);
        }
        Stages {
            page,
            clean,
            sections,
            quantities,
            document,
            indicators,
            checks,
            doubts,
        }
    }
}

/// An article that was put together, or a page that could not be read.
#[derive(Debug, Clone, PartialEq)]
pub struct Stitched {
    /// The names of its files, in the order in which it goes on.
    pub names: Vec<String>,
    /// Its record.
    pub result: Result<Record, ExtractError>,
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

impl<'a> Stages<'a> {
    fn record(self) -> Record {
        self.record_and_page().0
    }

    /// All that is left when the others have given their room back: of a large page, they take some
    /// times its size.
    fn record_and_page(self) -> (Record, Page<'a>) {
        drop(self.quantities);
        let record = assemble::record(
            &self.page,
            &self.clean,
            &self.sections,
            &self.document,
            self.indicators,
            &self.checks,
            &self.doubts,
        );
        (record, self.page)
    }
}

/// `record`, if everything in it holds.
fn sound(record: Record, originals: &[(&str, &[u8])]) -> Result<Record, ExtractError> {
    held(validate::record(&record, originals), record)
}

/// `record`, if there are no `violations`.
fn held(violations: Vec<Violation>, record: Record) -> Result<Record, ExtractError> {
    if violations.is_empty() {
        Ok(record)
    } else {
        Err(ExtractError::Invalid(violations))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::MetadataKey;
    use crate::validate::example;

    #[test]
    fn what_was_known_is_recorded_of_the_first_file() {
        let known = vec![Metadatum {
            key: MetadataKey::Paper,
            value: "临溪日报".to_owned(),
            origin: "name".to_owned(),
        }];
        let extractor = Extractor::new().metadata(known.clone());
        let record = extractor.extract("a.txt", "全年办件12件。".as_bytes());
        assert_eq!(record.unwrap().source.metadata, Some(known.clone()));

        let pages = [
            ("a2.txt", "（上接A1版）\n上年增长5.3%。".as_bytes().into()),
            (
                "a1.txt",
                "全年新增企业992户，比\n（下转A2版）".as_bytes().into(),
            ),
        ];
        let stitched = extractor.stitch(&pages).remove(0).result.unwrap().source;
        assert_eq!(stitched.parts.map(|p| p.len()), Some(1));
        assert_eq!(stitched.metadata, Some(known));

        let none = Extractor::new().extract("a.txt", "全年办件12件。".as_bytes());
        assert_eq!(none.unwrap().source.metadata, None);
    }

    #[test]
    fn what_does_not_hold_is_not_handed_out() {
        let page = &[("a.txt", example::PAGE.as_bytes())];
        assert_eq!(sound(example::record(), page), Ok(example::record()));

        let mut wrong = example::record();
        wrong.indicators[1].mention = "6万元".into();
        let error = sound(wrong, page).unwrap_err();
        let message = error.to_string();
        assert!(message.contains("/indicators/1/mention"), "{message}");
        assert!(message.contains("report it"), "{message}");

        let mut astray = example::record();
        astray.indicators[1].source.end -= 3;
        assert!(matches!(sound(astray, page), Err(ExtractError::Invalid(v)) if v.len() == 1));
    }
}
