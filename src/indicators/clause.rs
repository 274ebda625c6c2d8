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

fn ends_sentence(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '!' | '?')
}

fn ends_clause(c: char) -> bool {
    matches!(c, '，' | '；' | '：' | ',' | ';' | ':' | '∶')
}

/// Pairs of brackets that hold no quantity: they are stepped over.
fn insertions(text: &str, paragraph: Span, quantities: &[Quantity]) -> Vec<Span> {
    let mut open: Vec<usize> = Vec::new();
    let mut out: Vec<Span> = Vec::new();
    for (i, c) in paragraph.of(text).char_indices() {
        let at = paragraph.start as usize + i;
        match c {
            '（' | '(' => open.push(at),
            '）' | ')' => {
                let Some(start) = open.pop() else { continue };
                let span = Span::new(start, at + c.len_utf8());
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
            _ => {}
        }
    }
    out
}

/// The places of `quantities`, all of one paragraph, `first` the index of the first.
pub(super) fn places(
    text: &str,
    paragraph: Span,
    quantities: &[Quantity],
    first: usize,
) -> Vec<Place> {
    let skipped = insertions(text, paragraph, quantities);
    let mut skip = skipped.iter().peekable();
    let mut next = 0;
    let mut clause_start = paragraph.start as usize;
    let mut clause_first = 0;
    let mut sentence = 0;
    let mut depth = 0_usize;
    let mut out: Vec<Place> = Vec::new();
    let mut resume = 0;
    for (i, c) in paragraph.of(text).char_indices() {
        let at = paragraph.start as usize + i;
        if at < resume {
            continue;
        }
        while skip.next_if(|s| (s.start as usize) < at).is_some() {}
        if let Some(span) = skip.next_if(|s| s.start as usize == at) {
            resume = span.end as usize;
            continue;
        }
        if let Some(q) = quantities.get(next)
            && q.mention.start as usize == at
        {
            resume = q.mention.end as usize;
            next += 1;
            continue;
        }
        let (opens, closes) = (matches!(c, '（' | '('), matches!(c, '）' | ')'));
        if !(ends_sentence(c) || ends_clause(c) || opens || closes) {
            continue;
        }
        push(
            text,
            quantities,
            first,
            clause_first..next,
            Span::new(clause_start, at),
            sentence,
            depth > 0,
            paragraph,
            &mut out,
        );
        clause_first = next;
        clause_start = at + c.len_utf8();
        sentence += usize::from(ends_sentence(c));
        depth = (depth + usize::from(opens)).saturating_sub(usize::from(closes));
    }
    push(
        text,
        quantities,
        first,
        clause_first..next,
        Span::new(clause_start, paragraph.end as usize),
        sentence,
        depth > 0,
        paragraph,
        &mut out,
    );
    out
}

#[expect(
    clippy::too_many_arguments,
    reason = "one clause with all that is known of it"
)]
fn push(
    _text: &str,
    quantities: &[Quantity],
    first: usize,
    range: std::ops::Range<usize>,
    clause: Span,
    sentence: usize,
    bracketed: bool,
    paragraph: Span,
    out: &mut Vec<Place>,
) {
    let start = range.start;
    let end = range.end;
    for index in range {
        let Some(q) = quantities.get(index) else {
            return;
        };
        let before = index.checked_sub(1).and_then(|i| quantities.get(i));
        let lead_start = match before {
            Some(b) if index > start => b.around.end,
            _ => clause.start,
        };
        let tail_end = match quantities.get(index + 1) {
            Some(n) if index + 1 < end => n.around.start,
            _ => clause.end,
        };
        let gap_start = before.map_or(paragraph.start, |b| b.around.end);
        out.push(Place {
            quantity: first + index,
            clause,
            lead: Span {
                start: lead_start.min(q.around.start),
                end: q.around.start,
            },
            tail: Span {
                start: q.around.end.min(tail_end),
                end: tail_end,
            },
            gap: Span {
                start: gap_start.min(clause.start),
                end: clause.start,
            },
            sentence,
            first: index == start,
            bracketed,
        });
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
        let places = places(text, span, &found.quantities, 0);
        let shown: Vec<(&str, &str, bool)> = places
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
        assert_eq!(places.last().map(|p| p.sentence), Some(1));
    }
}
