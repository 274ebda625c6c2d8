//! The results of the stages → [`Record`]: bytes of the clean text become code points, indices
//! become ids, spans of the page become source bytes and lines. No rules in here.

use sha2::{Digest, Sha256};

use crate::base::diagnostic::{Diagnostic, Place};
use crate::base::{CodePointIndex, Span};
use crate::decode::Page;
use crate::document::Document;
use crate::indicators::Indicators;
use crate::normalize::Clean;
use crate::reconcile::Check;
use crate::record;
use crate::record::{Finding, Piece, Record, Source};
use crate::sections::Sections;

/// Looks up where spans of the clean text and of the page came from.
pub(crate) struct Provenance<'a> {
    page: &'a Page<'a>,
    clean: &'a Clean,
    index: CodePointIndex,
}

impl<'a> Provenance<'a> {
    pub(crate) fn new(page: &'a Page<'a>, clean: &'a Clean) -> Self {
        Self {
            page,
            clean,
            index: CodePointIndex::new(&clean.text),
        }
    }

    pub(crate) fn code_points(&self, span: Span) -> (u32, u32) {
        let at = |offset: u32| self.index.code_points(&self.clean.text, offset as usize) as u32;
        (at(span.start), at(span.end))
    }

    /// The source of a span of the clean text.
    pub(crate) fn of_clean(&self, span: Span) -> Source {
        self.of_page(&self.clean.map.page_spans(span))
    }

    /// The source of stretches of the page, in reading order. White space between two does not
    /// part them: it is the one thing that is dropped without a record.
    pub(crate) fn of_page(&self, spans: &[Span]) -> Source {
        let mut pieces: Vec<Span> = Vec::new();
        for &span in spans {
            match pieces.last_mut() {
                Some(last)
                    if last.end <= span.start
                        && Span {
                            start: last.end,
                            end: span.start,
                        }
                        .of(&self.page.text)
                        .chars()
                        .all(crate::normalize::is_blank) =>
                {
                    last.end = span.end;
                }
                _ => pieces.push(span),
            }
        }
        let bytes: Vec<Span> = pieces.iter().map(|&s| self.page.map.source_of(s)).collect();
        let (source, printed) = (Span::hull(&bytes), Span::hull(spans));
        Source {
            start: source.start.into(),
            end: source.end.into(),
            line: self.line(printed.start),
            end_line: self.line(printed.end.max(printed.start + 1) - 1),
            pieces: (bytes.len() > 1).then(|| {
                bytes
                    .iter()
                    .map(|s| Piece {
                        file: self.page.name.clone(),
                        start: s.start.into(),
                        end: s.end.into(),
                    })
                    .collect()
            }),
        }
    }

    /// The line of a byte of the page's text.
    fn line(&self, offset: u32) -> u32 {
        let i = self.page.lines.partition_point(|l| l.span.start <= offset);
        self.page.lines[i.saturating_sub(1)].number
    }

    fn finding(&self, diagnostic: &Diagnostic) -> Finding {
        let (span, source) = match diagnostic.place {
            Place::Clean(span) => (Some(self.code_points(span)), Some(self.of_clean(span))),
            Place::Page(span) => (None, Some(self.of_page(&[span]))),
            Place::Whole => (None, None),
        };
        Finding {
            severity: diagnostic.severity,
            code: diagnostic.code.to_owned(),
            message: diagnostic.message.clone(),
            start: span.map(|s| s.0),
            end: span.map(|s| s.1),
            source,
        }
    }
}

fn section_id(index: usize) -> String {
    format!("s{}", index + 1)
}

fn indicator_id(index: usize) -> String {
    format!("i{}", index + 1)
}

/// Builds the record of a page.
#[must_use]
pub fn record(
    page: &Page<'_>,
    clean: &Clean,
    sections: &Sections,
    document: &Document,
    indicators: &Indicators,
    checks: &[Check],
) -> Record {
    let from = Provenance::new(page, clean);
    let diagnostics = page
        .diagnostics
        .iter()
        .chain(&clean.diagnostics)
        .chain(&sections.diagnostics)
        .chain(&document.diagnostics)
        .chain(&indicators.diagnostics);
    Record {
        schema: record::SCHEMA.to_owned(),
        source: record::PageSource {
            name: page.name.clone(),
            format: page.format.name().to_owned(),
            bytes: page.bytes.len() as u64,
            sha256: Sha256::digest(page.bytes)
                .iter()
                .map(|b| format!("{b:02x}"))
                .collect(),
            encoding: page.encoding.to_owned(),
            lines: page.line_count,
        },
        document: document.record.clone(),
        text: clean.text.clone(),
        paragraphs: clean
            .paragraphs
            .iter()
            .map(|p| {
                let (start, end) = from.code_points(p.span);
                record::Paragraph {
                    start,
                    end,
                    section: sections.at(p.span.start as usize).map(section_id),
                    source: from.of_clean(p.span),
                }
            })
            .collect(),
        sections: sections
            .sections
            .iter()
            .enumerate()
            .map(|(i, s)| {
                let (start, end) = from.code_points(s.span);
                record::Section {
                    id: section_id(i),
                    parent: s.parent.map(section_id),
                    level: s.level,
                    label: s.label.of(&clean.text).to_owned(),
                    number: s.number,
                    style: s.style,
                    title: s.title.of(&clean.text).to_owned(),
                    start,
                    end,
                    source: from.of_clean(s.span),
                }
            })
            .collect(),
        indicators: indicators
            .indicators
            .iter()
            .enumerate()
            .map(|(i, x)| {
                let (start, end) = from.code_points(x.mention);
                record::Indicator {
                    id: indicator_id(i),
                    section: x.section.map(section_id),
                    name: x.name.clone(),
                    concept: x.concept.clone(),
                    measure: x.measure,
                    value: x.value,
                    unit: x.unit.clone(),
                    base_value: x.base_value,
                    base_unit: x.base_unit.clone(),
                    components: x.components.clone(),
                    precision: x.precision,
                    lower: x.lower,
                    upper: x.upper,
                    basis: x.basis,
                    period: x.period.as_ref().map(|p| record::Period {
                        text: p.text.clone(),
                        start: p.days.start.to_string(),
                        end: p.days.end.to_string(),
                        inherited: p.inherited,
                    }),
                    status: x.status,
                    of: x.of.map(indicator_id),
                    relation: x.relation,
                    mention: x.mention.of(&clean.text).to_owned(),
                    quote: x.quote.of(&clean.text).to_owned(),
                    start,
                    end,
                    source: from.of_clean(x.mention),
                    repair: mention_repair(page, clean, x.mention),
                }
            })
            .collect(),
        checks: checks
            .iter()
            .map(|c| record::Check {
                kind: c.kind,
                total: c.total.map(indicator_id),
                parts: c.parts.iter().copied().map(indicator_id).collect(),
                expected: c.expected,
                actual: c.actual,
                status: c.status,
                candidates: c
                    .candidates
                    .iter()
                    .map(|&(i, value)| record::Candidate {
                        id: indicator_id(i),
                        value,
                    })
                    .collect(),
            })
            .collect(),
        jumps: clean
            .jumps
            .iter()
            .map(|j| record::Jump {
                kind: j.kind,
                page: j.page.clone(),
                text: squeezed(j.span.of(&page.text)),
                source: from.of_page(&[j.span]),
            })
            .collect(),
        repairs: clean
            .repairs
            .iter()
            .map(|r| {
                let (start, end) = from.code_points(r.span);
                record::Repair {
                    start,
                    end,
                    from: r.from.clone(),
                    to: r.span.of(&clean.text).to_owned(),
                    why: r.why.to_owned(),
                    source: from.of_clean(r.span),
                }
            })
            .collect(),
        diagnostics: diagnostics.map(|d| from.finding(d)).collect(),
    }
}

/// What the page has where `mention` was mended, none when it was not.
fn mention_repair(page: &Page<'_>, clean: &Clean, mention: Span) -> Option<record::MentionRepair> {
    let repair = clean.repairs.iter().find(|r| r.span.overlaps(mention))?;
    let spans = clean.map.page_spans(mention);
    Some(record::MentionRepair {
        from: spans.iter().map(|s| squeezed(s.of(&page.text))).collect(),
        why: repair.why.to_owned(),
    })
}

/// `text` without its blank characters.
pub(crate) fn squeezed(text: &str) -> String {
    text.chars()
        .filter(|&c| !crate::normalize::is_blank(c))
        .collect()
}
