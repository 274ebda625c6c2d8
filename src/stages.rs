//! The stages by name, and what is known of a page behind each of them: what `--until` shows.

use serde::Serialize;

use crate::assemble::{Provenance, squeezed};
use crate::base::{Decimal, Span};
use crate::decode::Page;
use crate::normalize::Clean;
use crate::quantities::Quantities;
use crate::record::{
    Check, Document, Finding, Indicator, Jump, PageSource, Paragraph, Precision, Record, Repair,
    Section, Source,
};

/// A stage, in the order in which they run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "command", derive(clap::ValueEnum))]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Bytes to lines.
    Decode,
    /// Lines to clean text.
    Normalize,
    /// Clean text to numbered sections.
    Sections,
    /// Clean text to numbers with units, dates, and what the page says of itself.
    Quantities,
    /// Numbers to indicators.
    Indicators,
    /// Indicators to checks.
    Reconcile,
    /// Everything to a record that holds.
    Validate,
}

/// What a page is known to be behind a stage: the fields of [`Record`] that have been found by
/// then, and some that no record has. Fields of later stages are left out.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StageView {
    stage: Stage,
    source: PageSource,
    #[serde(skip_serializing_if = "Option::is_none")]
    lines: Option<Vec<LineView>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    document: Option<Document>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    paragraphs: Option<Vec<Paragraph>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    furniture: Option<Vec<FurnitureView>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sections: Option<Vec<Section>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quantities: Option<Vec<QuantityView>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    times: Option<Vec<StretchView>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    left: Option<Vec<StretchView>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    indicators: Option<Vec<Indicator>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    checks: Option<Vec<Check>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    jumps: Option<Vec<Jump>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    repairs: Option<Vec<Repair>>,
    diagnostics: Vec<Finding>,
}

/// A line of the source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct LineView {
    number: u32,
    /// First byte in the source.
    start: u32,
    /// One past the last byte, the line end left out.
    end: u32,
    text: String,
}

/// What is printed on the page and no part of the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct FurnitureView {
    kind: String,
    page: Option<String>,
    text: String,
    source: Source,
}

/// A number with its unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct QuantityView {
    mention: String,
    kind: String,
    value: Option<Decimal>,
    unit: String,
    base_value: Option<Decimal>,
    base_unit: String,
    dimension: String,
    components: Option<Vec<Decimal>>,
    precision: Precision,
    lower: Option<Decimal>,
    upper: Option<Decimal>,
    /// Code points of the text.
    start: u32,
    end: u32,
    source: Source,
}

/// A stretch of the text that is a time, or a number that is no quantity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct StretchView {
    text: String,
    /// Kebab-case; null for a time.
    reason: Option<String>,
    start: u32,
    end: u32,
    source: Source,
}

/// What the stages know that does not go into a record.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    lines: Vec<LineView>,
    furniture: Vec<FurnitureView>,
    quantities: Vec<QuantityView>,
    times: Vec<StretchView>,
    left: Vec<StretchView>,
    /// How many of the record's diagnostics are the decoder's.
    decode_diagnostics: usize,
}

impl Seen {
    pub(crate) fn new(page: &Page<'_>, clean: &Clean, quantities: &Quantities) -> Self {
        let from = Provenance::new(page, clean);
        let lines = page.lines.iter().map(|line| {
            let file = &page.files[page.file_at(line.span.start)];
            let source = file.map.source_of(line.span.relative_to(file.start));
            LineView {
                number: line.number,
                start: source.start,
                end: source.end,
                text: line.span.of(&page.text).to_owned(),
            }
        });
        let furniture = clean.furniture.iter().map(|f| FurnitureView {
            kind: f.kind.clone(),
            page: f.page.clone(),
            text: squeezed(f.span.of(&page.text)),
            source: from.of_page(&[f.span]),
        });
        let taken = quantities.quantities.iter().map(|q| {
            let (start, end) = from.code_points(q.mention);
            QuantityView {
                mention: q.mention.of(&clean.text).to_owned(),
                kind: format!("{:?}", q.kind).to_lowercase(),
                value: q.value,
                unit: q.unit.clone(),
                base_value: q.base_value,
                base_unit: q.base_unit.clone(),
                dimension: q.dimension.clone(),
                components: q.components.clone(),
                precision: q.precision,
                lower: q.lower,
                upper: q.upper,
                start,
                end,
                source: from.of_clean(q.mention),
            }
        });
        let stretch = |span: Span, reason: Option<&String>| {
            let (start, end) = from.code_points(span);
            StretchView {
                text: span.of(&clean.text).to_owned(),
                reason: reason.cloned(),
                start,
                end,
                source: from.of_clean(span),
            }
        };
        let times = quantities.times.iter().map(|t| stretch(t.span, None));
        let left = quantities
            .left
            .iter()
            .map(|l| stretch(l.span, Some(&l.reason)));
        Self {
            lines: lines.collect(),
            furniture: furniture.collect(),
            quantities: taken.collect(),
            times: times.collect(),
            left: left.collect(),
            decode_diagnostics: page.diagnostics.len(),
        }
    }
}

impl StageView {
    pub(crate) fn new(stage: Stage, record: Record, seen: Seen) -> Self {
        /// `field` if it is known by now.
        fn known<T>(by_now: bool, field: T) -> Option<T> {
            by_now.then_some(field)
        }
        let from = |first: Stage| first <= stage;
        let mut diagnostics = record.diagnostics;
        if stage == Stage::Decode {
            diagnostics.truncate(seen.decode_diagnostics);
        }
        Self {
            stage,
            source: record.source,
            lines: known(stage == Stage::Decode, seen.lines),
            document: known(from(Stage::Quantities), record.document),
            text: known(from(Stage::Normalize), record.text),
            paragraphs: known(from(Stage::Normalize), record.paragraphs),
            furniture: known(from(Stage::Normalize), seen.furniture),
            sections: known(from(Stage::Sections), record.sections),
            quantities: known(from(Stage::Quantities), seen.quantities),
            times: known(from(Stage::Quantities), seen.times),
            left: known(from(Stage::Quantities), seen.left),
            indicators: known(from(Stage::Indicators), record.indicators),
            checks: known(from(Stage::Reconcile), record.checks),
            jumps: known(from(Stage::Normalize), record.jumps),
            repairs: known(from(Stage::Normalize), record.repairs),
            diagnostics,
        }
    }
}
