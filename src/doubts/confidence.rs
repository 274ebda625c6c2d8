//! Numbers of whose characters the engine was not sure, by the confidences of their words or lines.

use crate::base::{Diagnostic, Span};
use crate::decode::{Confidence, Page};
use crate::indicators::Indicator;
use crate::lexicon::doubts::Doubts;
use crate::normalize::Clean;

use super::warning;

/// What a file's confidences speak of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Of {
    Words,
    Lines,
}

/// The numbers of `indicators` that are in doubt.
pub(super) fn doubts(
    page: &Page<'_>,
    clean: &Clean,
    indicators: &[Indicator],
    limits: &Doubts,
) -> Vec<Diagnostic> {
    if page.words.is_empty() {
        return Vec::new();
    }
    let of: Vec<Of> = (0..page.files.len()).map(|file| of(page, file)).collect();
    let judged = indicators.iter().filter_map(|x| {
        let spans = clean.map.page_spans(x.mention);
        let file = page.file_at(spans.first()?.start);
        let of = of.get(file).copied()?;
        let what = match of {
            Of::Words => unsure_words(page, &spans, &mended(clean, x.mention), limits),
            Of::Lines => unsure_lines(page, &spans, limits),
        }?;
        Some(warning(&clean.text, x.mention, "low-confidence", &what))
    });
    judged.collect()
}

/// What of the page was mended in `mention`. What an engine said of such a word it said of characters
/// that are no longer there.
fn mended(clean: &Clean, mention: Span) -> Vec<Span> {
    let repairs = clean.repairs.iter().filter(|r| r.span.overlaps(mention));
    repairs.flat_map(|r| clean.map.page_spans(r.span)).collect()
}

/// A file whose lines are one word each, most of them, has confidences of lines.
fn of(page: &Page<'_>, file: usize) -> Of {
    let here = |offset: u32| page.file_at(offset) == file;
    let words = page.words.iter().filter(|w| here(w.span.start)).count();
    let lines = page.lines.iter().filter(|l| here(l.span.start)).count();
    if words * 2 <= lines * 3 {
        Of::Lines
    } else {
        Of::Words
    }
}

/// Why the number made from `spans` of the page is in doubt, by words.
fn unsure_words(
    page: &Page<'_>,
    spans: &[Span],
    mended: &[Span],
    limits: &Doubts,
) -> Option<String> {
    let limits = &limits.words;
    let own = lowest(page, spans, mended).filter(|own| own.0 < limits.own);
    if let Some(own) = own {
        return Some(format!(
            "the engine was not sure of these characters (confidence {})",
            own.decimal()
        ));
    }
    let around = spans
        .iter()
        .filter_map(|&span| around(page, span, limits.reach))
        .min()?;
    (around.0 < limits.around).then(|| {
        format!(
            "the engine could hardly read the words around it (confidence {}): figures may be lost",
            around.decimal()
        )
    })
}

/// The same by lines.
fn unsure_lines(page: &Page<'_>, spans: &[Span], limits: &Doubts) -> Option<String> {
    let lowest = lowest(page, spans, &[]).filter(|line| line.0 < limits.lines.own)?;
    Some(format!(
        "the engine was not sure of the line that it stands in (confidence {})",
        lowest.decimal()
    ))
}

/// The lowest confidence of a word with characters of `spans` and none of `except`.
fn lowest(page: &Page<'_>, spans: &[Span], except: &[Span]) -> Option<Confidence> {
    let words = spans.iter().flat_map(|&s| page.words_in(s));
    let asked = words.filter(|w| !except.iter().any(|s| s.overlaps(w.span)));
    asked.filter_map(|w| w.confidence).min()
}

/// The mean confidence of the words of `span` and `reach` words on each side.
fn around(page: &Page<'_>, span: Span, reach: usize) -> Option<Confidence> {
    let from = page.words.partition_point(|w| w.span.end <= span.start);
    let to = page.words.partition_point(|w| w.span.start < span.end);
    let words = page
        .words
        .get(from.saturating_sub(reach)..page.words.len().min(to + reach))?;
    let known = || words.iter().filter_map(|w| w.confidence);
    let sum: usize = known().map(|c| usize::from(c.0)).sum();
    let mean = sum.checked_div(known().count())?;
    u16::try_from(mean).ok().map(Confidence)
}
