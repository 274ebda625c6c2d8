//! The results of the stages → [`Record`]: bytes of the clean text become code points, indices
//! become ids, spans of the page become source bytes and lines. No rules in here.

use std::cell::RefCell;
use std::sync::Arc;

use smol_str::SmolStr;

use crate::base::diagnostic::{Diagnostic, Place};
use crate::base::{CodePointIndex, Decimal, Span, sha256};
use crate::decode::{Bbox, Confidence, Page, SourceFile};
use crate::document::Document;
use crate::indicators::{Indicators, Period};
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
    room: RefCell<Room>,
}

/// Page, box and confidence of a source.
type Printed = (Option<u32>, Option<Box<[Decimal; 4]>>, Option<Box<Decimal>>);

/// Room to work in: there are as many look-ups as numbers.
#[derive(Default)]
struct Room {
    /// Stretches of the page.
    spans: Vec<Span>,
    /// The same, those joined that only white space parts.
    pieces: Vec<Span>,
    /// Stretches of source bytes, each with its file.
    bytes: Vec<(usize, Span)>,
}

impl<'a> Provenance<'a> {
    pub(crate) fn new(page: &'a Page<'a>, clean: &'a Clean) -> Self {
        Self {
            page,
            clean,
            index: CodePointIndex::new(&clean.text),
            room: RefCell::default(),
        }
    }

    pub(crate) fn code_points(&self, span: Span) -> (u32, u32) {
        let at = |offset: u32| self.index.code_points(&self.clean.text, offset as usize) as u32;
        (at(span.start), at(span.end))
    }

    /// The source of a span of the clean text.
    pub(crate) fn of_clean(&self, span: Span) -> Source {
        let mut room = self.room.borrow_mut();
        self.clean.map.page_spans_into(span, &mut room.spans);
        self.source(&mut room)
    }

    /// The source of stretches of the page, in reading order.
    pub(crate) fn of_page(&self, spans: &[Span]) -> Source {
        let mut room = self.room.borrow_mut();
        room.spans.clear();
        room.spans.extend_from_slice(spans);
        self.source(&mut room)
    }

    /// The source of the spans in `room`. White space between two of a file does not part them: it is
    /// the one thing that is dropped without a record.
    fn source(&self, room: &mut Room) -> Source {
        let Room {
            spans,
            pieces,
            bytes,
        } = room;
        pieces.clear();
        for &span in &*spans {
            match pieces.last_mut() {
                Some(last) if self.parted_by_blanks(*last, span) => last.end = span.end,
                _ => pieces.push(span),
            }
        }
        bytes.clear();
        for &piece in &*pieces {
            self.page.sources_into(piece, bytes);
        }
        let first = bytes.first().map_or(0, |&(file, _)| file);
        let file = &self.page.files[first];
        let of_first = bytes.iter().filter(|&&(file, _)| file == first);
        let hull = of_first.map(|&(_, span)| span).reduce(|hull, span| Span {
            start: hull.start.min(span.start),
            end: hull.end.max(span.end),
        });
        let hull = hull.unwrap_or_default();
        let (page, bbox, confidence) = self.printed(pieces);
        Source {
            start: hull.start.into(),
            end: hull.end.into(),
            line: file.line_of(hull.start),
            end_line: file.line_of(hull.end.max(hull.start + 1) - 1),
            pieces: (bytes.len() > 1 || first > 0).then(|| {
                bytes
                    .iter()
                    .map(|&(file, span)| Piece {
                        file: SmolStr::new(&self.page.files[file].name),
                        start: span.start.into(),
                        end: span.end.into(),
                    })
                    .collect()
            }),
            page,
            bbox,
            confidence,
        }
    }

    /// True when `next` goes on behind `last` in the same file, and nothing but white space is between
    /// them.
    fn parted_by_blanks(&self, last: Span, next: Span) -> bool {
        let file = |offset| match self.page.files.len() {
            1 => 0,
            _ => self.page.file_at(offset),
        };
        last.end <= next.start && file(last.start) == file(next.start) && {
            let gap = Span {
                start: last.end,
                end: next.start,
            };
            gap.of(&self.page.text)
                .chars()
                .all(crate::normalize::is_blank)
        }
    }

    /// On which printed page stretches of the page begin, the box around what of them stands there,
    /// and how sure the engine was of them.
    fn printed(&self, spans: &[Span]) -> Printed {
        if self.page.words.is_empty() {
            return (None, None, None);
        }
        let words = || spans.iter().flat_map(|&s| self.page.words_in(s));
        let Some(first) = words().next() else {
            return (None, None, None);
        };
        let sheet = self.page.sheets.get(first.sheet as usize);
        let boxes = words().filter(|w| w.sheet == first.sheet);
        let bbox = boxes.filter_map(|w| w.bbox).reduce(Bbox::with);
        let (mut sum, mut chars) = (0_u64, 0_u64);
        for &span in spans {
            for word in self.page.words_in(span) {
                let part = Span {
                    start: word.span.start.max(span.start),
                    end: word.span.end.min(span.end),
                };
                if let Some(confidence) = word.confidence {
                    let n = part.of(&self.page.text).chars().count() as u64;
                    sum += u64::from(confidence.0) * n;
                    chars += n;
                }
            }
        }
        let mean = sum.checked_div(chars).and_then(|m| u16::try_from(m).ok());
        (
            sheet.map(|s| s.number),
            bbox.map(|b| Box::new(b.decimals())),
            mean.map(|m| Box::new(Confidence(m).decimal())),
        )
    }

    fn finding(&self, diagnostic: &Diagnostic) -> Finding {
        let (span, source) = match diagnostic.place {
            Place::Clean(span) => (Some(self.code_points(span)), Some(self.of_clean(span))),
            Place::Page(span) => (None, Some(self.of_page(&[span]))),
            Place::Whole => (None, None),
        };
        Finding {
            severity: diagnostic.severity,
            code: SmolStr::new_static(diagnostic.code),
            message: diagnostic.message.clone(),
            start: span.map(|s| s.0),
            end: span.map(|s| s.1),
            source,
        }
    }
}

fn section_id(index: usize) -> SmolStr {
    id(b's', index)
}

fn indicator_id(index: usize) -> SmolStr {
    id(b'i', index)
}

fn id(letter: u8, index: usize) -> SmolStr {
    let mut number = itoa::Buffer::new();
    let number = number.format(index + 1).as_bytes();
    let mut id = [letter; 24];
    let end = 1 + number.len();
    if let Some(place) = id.get_mut(1..end) {
        place.copy_from_slice(number);
    }
    let id = id.get(..end).and_then(|id| std::str::from_utf8(id).ok());
    SmolStr::new(id.unwrap_or_default())
}

/// So many items are gone through before their room is given back.
const STRETCH: usize = 1024;

/// Makes others of `items`, of which a large page has so many that they should not be there twice: they are
/// gone through from the last on, where a list can give room back.
fn each<T, U>(mut items: Vec<T>, mut make: impl FnMut(usize, T) -> U) -> Vec<U> {
    let mut out = Vec::with_capacity(items.len());
    if items.len() <= STRETCH {
        out.extend(items.into_iter().enumerate().map(|(i, x)| make(i, x)));
        return out;
    }
    while let Some(item) = items.pop() {
        out.push(make(items.len(), item));
        if items.len().is_multiple_of(STRETCH) {
            items.shrink_to_fit();
        }
    }
    out.reverse();
    out
}

/// The periods of the numbers. Nearly all numbers of a page speak of the same one or two, so that
/// those that were asked for last are kept.
#[derive(Default)]
struct Periods {
    kept: [Option<(Period, Arc<record::Period>)>; 4],
    next: usize,
}

impl Periods {
    fn of(&mut self, period: Period) -> Arc<record::Period> {
        let known = self.kept.iter().flatten().find(|(same, _)| *same == period);
        if let Some((_, known)) = known {
            return Arc::clone(known);
        }
        let made = Arc::new(record::Period {
            text: period.text.clone(),
            start: period.days.start.to_string().into(),
            end: period.days.end.to_string().into(),
            inherited: period.inherited,
        });
        if let Some(place) = self.kept.get_mut(self.next) {
            *place = Some((period, Arc::clone(&made)));
        }
        self.next = (self.next + 1) % self.kept.len();
        made
    }
}

/// The clauses around the numbers: those of a row stand in one, which is made once.
#[derive(Default)]
struct Quotes {
    last: Span,
    text: SmolStr,
}

impl Quotes {
    fn of(&mut self, span: Span, text: &str) -> SmolStr {
        if span != self.last {
            *self = Self {
                last: span,
                text: SmolStr::new(span.of(text)),
            };
        }
        self.text.clone()
    }
}

/// Builds the record of a page.
#[must_use]
pub fn record(
    page: &Page<'_>,
    clean: &Clean,
    sections: &Sections,
    document: &Document,
    indicators: Indicators,
    checks: &[Check],
    doubts: &[Diagnostic],
) -> Record {
    let from = Provenance::new(page, clean);
    let mut periods = Periods::default();
    let mut quotes = Quotes::default();
    let Indicators {
        indicators,
        diagnostics: of_indicators,
        corrections,
    } = indicators;
    let diagnostics = page
        .diagnostics
        .iter()
        .chain(&clean.diagnostics)
        .chain(&sections.diagnostics)
        .chain(&document.diagnostics)
        .chain(&of_indicators)
        .chain(doubts);
    Record {
        schema: record::SCHEMA.to_owned(),
        source: page_source(page),
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
                    label: SmolStr::new(s.label.of(&clean.text)),
                    number: s.number,
                    style: s.style,
                    title: s.title.of(&clean.text).to_owned(),
                    start,
                    end,
                    source: from.of_clean(s.span),
                }
            })
            .collect(),
        indicators: each(indicators, |i, x| {
            let (start, end) = from.code_points(x.mention);
            record::Indicator {
                id: indicator_id(i),
                section: x.section.map(section_id),
                name: x.name,
                concept: x.concept,
                measure: x.measure,
                value: x.value,
                unit: x.unit,
                base_value: x.base_value,
                base_unit: x.base_unit,
                components: x.components,
                precision: x.precision,
                lower: x.lower,
                upper: x.upper,
                basis: x.basis,
                period: x.period.map(|p| periods.of(p)),
                status: x.status,
                of: x.of.map(indicator_id),
                relation: x.relation,
                mention: SmolStr::new(x.mention.of(&clean.text)),
                quote: quotes.of(x.quote, &clean.text),
                start,
                end,
                source: from.of_clean(x.mention),
                repair: mention_repair(page, clean, x.mention).map(Box::new),
            }
        }),
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
                    why: SmolStr::new_static(r.why),
                    source: if r.instead.is_empty() {
                        from.of_clean(r.span)
                    } else {
                        from.of_page(&r.instead)
                    },
                    other: (!r.instead.is_empty()).then(|| record::OtherReading {
                        text: page_text(page, &clean.map.page_spans(r.span)),
                        source: from.of_clean(r.span),
                    }),
                }
            })
            .collect(),
        corrections: corrections
            .into_iter()
            .map(|c| record::Correction {
                indicator: indicator_id(c.indicator),
                decision: c.decision,
                read: c.read,
                note: c.note,
                origin: c.origin,
            })
            .collect(),
        diagnostics: diagnostics.map(|d| from.finding(d)).collect(),
    }
}

/// The files that the page was read from.
fn page_source(page: &Page<'_>) -> record::PageSource {
    let file = page.file();
    let parts: Vec<record::SourcePart> = (1..page.files.len())
        .filter_map(|i| source_part(page, i))
        .collect();
    record::PageSource {
        name: file.name.clone(),
        format: format_name(file),
        reader: reader(file),
        original: original(file),
        bytes: file.bytes.len() as u64,
        sha256: sha256(file.bytes),
        encoding: file.encoding.to_owned(),
        lines: file.line_count(),
        pages: printed_pages(page, 0),
        parts: (!parts.is_empty()).then_some(parts),
        metadata: (!file.metadata.is_empty()).then(|| file.metadata.clone()),
    }
}

/// File `index` of the page, which is not its first.
fn source_part(page: &Page<'_>, index: usize) -> Option<record::SourcePart> {
    let file = page.files.get(index)?;
    Some(record::SourcePart {
        role: file.role?,
        name: file.name.clone(),
        format: format_name(file),
        reader: reader(file),
        original: original(file),
        bytes: file.bytes.len() as u64,
        sha256: sha256(file.bytes),
        encoding: file.encoding.to_owned(),
        lines: file.line_count(),
        pages: printed_pages(page, index),
    })
}

fn format_name(file: &SourceFile<'_>) -> String {
    let original = file.original.as_ref();
    let name = original.map_or(file.format.name(), |o| o.kind.name());
    name.to_owned()
}

fn reader(file: &SourceFile<'_>) -> Option<String> {
    let original = file.original.as_ref();
    let program = original.map(|o| o.program.clone());
    program.or_else(|| file.writer.clone())
}

fn original(file: &SourceFile<'_>) -> Option<record::Original> {
    file.original.as_ref().map(|o| record::Original {
        bytes: o.bytes,
        sha256: o.sha256.clone(),
        reading: file.format.name().to_owned(),
    })
}

/// The printed pages of file `index`; none where it has no boxes.
fn printed_pages(page: &Page<'_>, index: usize) -> Option<Vec<record::PrintedPage>> {
    let sheets = page.sheets_of(index);
    let printed = sheets.iter().map(|s| record::PrintedPage {
        number: s.number,
        width: Decimal::trimmed(s.width, 2),
        height: Decimal::trimmed(s.height, 2),
        unit: s.unit.name().to_owned(),
    });
    (!sheets.is_empty()).then(|| printed.collect())
}

/// What the page has where `mention` was mended, none when it was not; where another reading was
/// chosen, what the one has that stands else.
fn mention_repair(page: &Page<'_>, clean: &Clean, mention: Span) -> Option<record::MentionRepair> {
    // they stand in order, and apart
    let first = clean
        .repairs
        .partition_point(|r| r.span.end <= mention.start);
    let behind = clean.repairs.get(first..).unwrap_or_default();
    let repairs = || behind.iter().take_while(|r| r.span.overlaps(mention));
    let first = repairs().next()?;
    let mut from = String::new();
    let mut at = mention.start;
    for repair in repairs() {
        let kept = Span {
            start: at,
            end: repair.span.start.max(at),
        };
        from.push_str(&page_text(page, &clean.map.page_spans(kept)));
        from.push_str(&repair.from);
        at = repair.span.end;
    }
    let rest = Span {
        start: at.min(mention.end),
        end: mention.end,
    };
    from.push_str(&page_text(page, &clean.map.page_spans(rest)));
    Some(record::MentionRepair {
        from,
        why: SmolStr::new_static(first.why),
    })
}

/// The characters of stretches of the page.
fn page_text(page: &Page<'_>, spans: &[Span]) -> String {
    spans.iter().map(|s| squeezed(s.of(&page.text))).collect()
}

/// `text` without its blank characters.
pub(crate) fn squeezed(text: &str) -> String {
    text.chars()
        .filter(|&c| !crate::normalize::is_blank(c))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_are_made_in_their_order() {
        for count in [0, 1, STRETCH, STRETCH + 1, 3 * STRETCH] {
            let items: Vec<String> = (0..count).map(|i| i.to_string()).collect();
            let made = each(items.clone(), |i, item| (i, item));
            assert!(
                made.into_iter().eq(items.into_iter().enumerate()),
                "{count}"
            );
        }
    }

    #[test]
    fn ids_count_from_one() {
        assert_eq!(section_id(0), "s1");
        assert_eq!(indicator_id(1_233), "i1234");
        assert_eq!(indicator_id(usize::MAX - 1), format!("i{}", usize::MAX));
    }
}
