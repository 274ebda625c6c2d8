//! Clauses: where each quantity of a paragraph stands, and the text before and behind it.

use crate::base::Span;
use crate::quantities::Quantity;

/// A quantity in its clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// Index of the quantity in the page's list.
    pub quantity: usize,
    /// The clause.
    pub clause: Span,
    /// From the clause's start, or from the quantity before it in the clause, to the quantity.
    pub lead: Span,
    /// From the quantity to the clause's end or to the next quantity in it.
    pub tail: Span,
    /// From the end of the quantity before it in the paragraph, or from the paragraph's start, to
    /// the clause's start.
    pub gap: Span,
    /// Number of the sentence in the paragraph.
    pub sentence: usize,
    /// True when it is the first quantity of its clause.
    pub first: bool,
    /// True when it stands in brackets that hold numbers.
    pub bracketed: bool,
}

/// Brackets longer than this many bytes are no insertion.
const LONGEST_BRACKET: usize = 360;

/// What a mark does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Does {
    EndSentence,
    EndClause,
    Open,
    Close,
}

/// A mark of a paragraph.
#[derive(Debug, Clone, Copy)]
struct Mark {
    at: u32,
    len: u32,
    does: Does,
}

/// The marks of `paragraph`. Goes by first bytes: of text in Han hardly one is that of a mark.
fn marks(text: &str, paragraph: Span, out: &mut Vec<Mark>) {
    out.clear();
    let piece = paragraph.of(text);
    let mut next = 0;
    while let Some(&byte) = piece.as_bytes().get(next) {
        let i = next;
        next += match byte {
            0..0x80 => 1,
            0x80..0xE0 => 2,
            0xE0..0xF0 => 3,
            0xF0.. => 4,
        };
        if !matches!(
            byte,
            b'!' | b'?' | b',' | b';' | b':' | b'(' | b')' | 0xE2 | 0xE3 | 0xEF
        ) {
            continue;
        }
        let Some(c) = piece.get(i..).and_then(|rest| rest.chars().next()) else {
            continue;
        };
        let does = match c {
            '。' | '！' | '？' | '!' | '?' => Does::EndSentence,
            '，' | '；' | '：' | ',' | ';' | ':' | '∶' => Does::EndClause,
            '（' | '(' => Does::Open,
            '）' | ')' => Does::Close,
            _ => continue,
        };
        out.push(Mark {
            at: paragraph.start + i as u32,
            len: c.len_utf8() as u32,
            does,
        });
    }
}

/// Pairs of brackets that hold no quantity: they are stepped over.
fn insertions(marks: &[Mark], quantities: &[Quantity]) -> Vec<Span> {
    let mut open: Vec<u32> = Vec::new();
    let mut out: Vec<Span> = Vec::new();
    for mark in marks {
        match mark.does {
            Does::Open => open.push(mark.at),
            Does::Close => {
                let Some(start) = open.pop() else { continue };
                let span = Span {
                    start,
                    end: mark.at + mark.len,
                };
                let first = quantities.partition_point(|q| q.mention.end <= span.start);
                let holds = quantities
                    .get(first)
                    .is_some_and(|q| q.mention.start < span.end);
                if !holds && span.len() <= LONGEST_BRACKET {
                    // An inner pair goes into the outer one.
                    while out.last().is_some_and(|s| span.contains(*s)) {
                        out.pop();
                    }
                    out.push(span);
                }
            }
            Does::EndSentence | Does::EndClause => {}
        }
    }
    out
}

/// The places of a paragraph's quantities; kept from paragraph to paragraph for their room.
#[derive(Debug, Default)]
pub(super) struct Places {
    marks: Vec<Mark>,
    places: Vec<Place>,
}

impl Places {
    /// The places, in order.
    pub(super) fn all(&self) -> &[Place] {
        &self.places
    }

    /// Behind the marks in `span` that end sentences.
    pub(super) fn sentence_ends(&self, span: Span) -> impl DoubleEndedIterator<Item = u32> {
        let from = self.marks.partition_point(|m| m.at < span.start);
        let own = self.marks.get(from..).unwrap_or(&[]);
        let to = own.partition_point(|m| m.at < span.end);
        let ends = own.get(..to).unwrap_or(&[]).iter();
        ends.filter(|m| m.does == Does::EndSentence)
            .map(|m| m.at + m.len)
    }

    /// Finds those of `quantities`, all of `paragraph`, `first` the index of the first.
    pub(super) fn find(
        &mut self,
        text: &str,
        paragraph: Span,
        quantities: &[Quantity],
        first: usize,
    ) {
        self.places.clear();
        if quantities.is_empty() {
            self.marks.clear();
            return;
        }
        marks(text, paragraph, &mut self.marks);
        let skipped = insertions(&self.marks, quantities);
        let mut skip = skipped.iter().peekable();
        let mut next = 0;
        let mut clause = Clause {
            start: paragraph.start,
            first: 0,
            sentence: 0,
            depth: 0,
        };
        let mut resume = 0;
        for mark in &self.marks {
            // Quantities before the mark are stepped over, whatever marks they hold.
            while let Some(q) = quantities.get(next)
                && q.mention.start < mark.at
                && q.mention.start >= resume
            {
                resume = q.mention.end;
                next += 1;
            }
            if mark.at < resume {
                continue;
            }
            while skip.next_if(|s| s.start < mark.at).is_some() {}
            if let Some(span) = skip.next_if(|s| s.start == mark.at) {
                resume = span.end;
                continue;
            }
            if let Some(q) = quantities.get(next)
                && q.mention.start == mark.at
            {
                resume = q.mention.end;
                next += 1;
                continue;
            }
            let span = Span {
                start: clause.start,
                end: mark.at,
            };
            self.places
                .extend(clause.places(quantities, first, next, span, paragraph));
            clause.first = next;
            clause.start = mark.at + mark.len;
            clause.sentence += usize::from(mark.does == Does::EndSentence);
            clause.depth = (clause.depth + usize::from(mark.does == Does::Open))
                .saturating_sub(usize::from(mark.does == Does::Close));
        }
        while let Some(q) = quantities.get(next)
            && q.mention.start >= resume
        {
            resume = q.mention.end;
            next += 1;
        }
        let span = Span {
            start: clause.start,
            end: paragraph.end,
        };
        self.places
            .extend(clause.places(quantities, first, next, span, paragraph));
    }
}

/// A clause whose end is still to come.
#[derive(Debug, Clone, Copy)]
struct Clause {
    start: u32,
    /// The first of the paragraph's quantities in it.
    first: usize,
    sentence: usize,
    /// In how many brackets it stands.
    depth: usize,
}

impl Clause {
    /// The places of its quantities, up to the one before `next`.
    fn places(
        self,
        quantities: &[Quantity],
        offset: usize,
        next: usize,
        span: Span,
        paragraph: Span,
    ) -> impl Iterator<Item = Place> {
        (self.first..next).filter_map(move |index| {
            let q = quantities.get(index)?;
            let before = index.checked_sub(1).and_then(|i| quantities.get(i));
            let lead_start = match before {
                Some(b) if index > self.first => b.around.end,
                _ => span.start,
            };
            let tail_end = match quantities.get(index + 1) {
                Some(n) if index + 1 < next => n.around.start,
                _ => span.end,
            };
            let gap_start = before.map_or(paragraph.start, |b| b.around.end);
            Some(Place {
                quantity: offset + index,
                clause: span,
                lead: Span {
                    start: lead_start.min(q.around.start),
                    end: q.around.start,
                },
                tail: Span {
                    start: q.around.end.min(tail_end),
                    end: tail_end,
                },
                gap: Span {
                    start: gap_start.min(span.start),
                    end: span.start,
                },
                sentence: self.sentence,
                first: index == self.first,
                bracketed: self.depth > 0,
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicon;
    use crate::quantities::{Quantities, scan};

    #[test]
    fn leads_and_tails() {
        let text =
            "全县茶园（含新植，下同）12亩、果园30亩（苹果18亩，梨12亩），增长5%。走访4个村寨。";
        let mut found = Quantities::default();
        let span = Span::new(0, text.len());
        scan::paragraph(text, text, span, Lexicon::builtin(), &mut found);
        let mut places = Places::default();
        places.find(text, span, &found.quantities, 0);
        let shown: Vec<(&str, &str, bool)> = places
            .all()
            .iter()
            .map(|p| (p.lead.of(text), p.tail.of(text), p.bracketed))
            .collect();
        assert_eq!(
            shown,
            [
                ("全县茶园（含新植，下同）", "、果园", false),
                ("、果园", "", false),
                ("苹果", "", true),
                ("梨", "", true),
                ("增长", "", false),
                ("走访", "村寨", false),
            ]
        );
        assert_eq!(places.all().last().map(|p| p.sentence), Some(1));
    }
}
