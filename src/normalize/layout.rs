//! What on the page is text and what stands around it: furniture and jump lines are taken out of
//! the rows, also where they are glued to a line of text.

use std::collections::BTreeMap;

use super::ink::{Ink, Row};
use super::order::Standing;
use super::{Furniture, Jump, running};
use crate::base::Span;
use crate::lexicon::furniture::{FrontLine, FurniturePlace};
use crate::lexicon::{Keys, Lexicon};

/// Lines this long (in characters) are text: no jump or furniture line has so many.
const MAX_FURNITURE_CHARS: u32 = 160;

/// Rows of text, and what was taken out.
pub(super) struct Layout {
    pub(super) rows: Vec<Row>,
    pub(super) furniture: Vec<Furniture>,
    pub(super) jumps: Vec<Jump>,
}

/// Takes furniture and jumps out of the rows of `ink`.
pub(super) fn layout(ink: &Ink, lexicon: &Lexicon) -> Layout {
    let mut out = Layout {
        rows: Vec::with_capacity(ink.rows.len()),
        furniture: Vec::new(),
        jumps: Vec::new(),
    };
    let mut roles = whole_lines(ink, lexicon);
    running::mark(ink, &mut roles);
    let mut blank_before = false;
    let mut rows = ink.rows.iter().zip(roles).peekable();
    while let Some((row, furniture)) = rows.next() {
        let mut row = *row;
        row.blank_before |= std::mem::take(&mut blank_before);
        if let Some(furniture) = furniture {
            out.furniture.push(furniture);
            blank_before = row.blank_before;
            continue;
        }
        // A jump line may be broken over two lines: look at it with the next one, which stands behind it in
        // the page's file, too, for its place is one stretch of that.
        if row.chars <= MAX_FURNITURE_CHARS
            && let Some((next, None)) = rows.peek()
            && row.line < next.line
            && let Some((jump, rest)) = jump_across(ink, row, **next, lexicon)
        {
            cut(&mut out.rows, ink, row, &[jump.0]);
            out.jumps.push(jump.1);
            rows.next();
            out.rows.extend(rest);
            continue;
        }
        push_cut(&mut out, ink, row, lexicon);
    }
    out
}

/// Parts rows at labels glued to the sentence before them: `…12公里。（二）山塘。…`. Only a label that
/// goes on with the numbering of its kind is one for sure; in the reports counted there is no other
/// behind a full stop.
pub(super) fn part_glued_labels(ink: &Ink, rows: Vec<Row>, lexicon: &Lexicon) -> Vec<Row> {
    let kinds = &lexicon.labels.kinds;
    let mut numbers: Vec<Option<u32>> = vec![None; kinds.len()];
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        let text = ink.row(&row);
        let mut note = |at: usize, starts_row: bool| {
            let label = lexicon.labels.at(&text[at..])?;
            let number = label.number?;
            let last = &mut numbers[label.kind];
            let goes_on = !kinds[label.kind].anywhere && last.is_some_and(|n| n + 1 == number);
            if starts_row || goes_on {
                *last = Some(number);
            }
            goes_on.then_some(at)
        };
        note(0, true);
        let stops = ink.marks_in(row.ink).filter(|&(_, c)| c == '。');
        let cuts: Vec<usize> = stops
            .map(|(at, c)| at + c.len_utf8())
            .filter_map(|at| note(at, false))
            .collect();
        if cuts.is_empty() {
            out.push(row);
            continue;
        }
        let mut start = 0;
        for end in cuts.into_iter().chain([text.len()]) {
            out.push(part(
                ink,
                row,
                within(row, start, end),
                row.glued && start == 0,
            ));
            start = end;
        }
    }
    out
}

/// For each row, the furniture that it is as a whole.
fn whole_lines(ink: &Ink, lexicon: &Lexicon) -> Vec<Option<Furniture>> {
    let mut found: Vec<Option<Furniture>> = ink
        .rows
        .iter()
        .enumerate()
        .map(|(i, row)| {
            if row.chars > MAX_FURNITURE_CHARS {
                return None;
            }
            let (text, chars) = (ink.row(row), row.chars as usize);
            let is_title = || {
                let below = ink.rows.get(i + 1);
                let front = &lexicon.front_matter;
                let below = below
                    .and_then(|next| front.classify(ink.row(next), next.chars as usize, next.keys));
                matches!(below, Some(line) if line != FrontLine::Title)
            };
            let place = match row.standing {
                _ if row.edge > 0 => Some(FurniturePlace::Edge),
                Standing::Float => Some(FurniturePlace::Float),
                Standing::Banner if !is_title() => Some(FurniturePlace::Banner),
                Standing::Banner | Standing::Column => None,
            };
            let m = lexicon.furniture.whole(text, chars, row.keys, place)?;
            // Text before a caption is text, though the line ends like a caption.
            if lexicon
                .furniture
                .glued(text, chars, row.keys)
                .is_some_and(|g| g.start > 0)
            {
                return None;
            }
            Some(Furniture {
                span: ink.page_span(row.ink),
                kind: m.kind,
                page: m.page,
            })
        })
        .collect();
    // What stands on the line of a running head is part of it.
    let heads: BTreeMap<u32, String> = ink
        .rows
        .iter()
        .zip(&found)
        .filter(|(row, _)| row.edge > 0)
        .filter_map(|(row, f)| Some((row.edge, f.as_ref()?.kind.clone())))
        .collect();
    for (row, found) in ink.rows.iter().zip(&mut found) {
        if let Some(kind) = heads.get(&row.edge) {
            found.get_or_insert_with(|| Furniture {
                span: ink.page_span(row.ink),
                kind: kind.clone(),
                page: None,
            });
        }
    }
    // A crumb of one character may as well be the end of a broken line: it counts beside others,
    // unless it is a sign that no line is broken before.
    let single: Vec<bool> = ink
        .rows
        .iter()
        .map(|row| row.chars == 1 && !matches!(ink.row(row), ">" | "›" | "»" | "|"))
        .collect();
    // Runs of such rows stay where a longer piece of furniture stands right before or behind.
    let mut start = 0;
    while start < found.len() {
        let run = (start..found.len())
            .take_while(|&i| single[i] && found[i].is_some())
            .count();
        let end = start + run;
        let beside = |i: Option<usize>| i.and_then(|i| found.get(i)).is_some_and(Option::is_some);
        if run > 0 && !beside(start.checked_sub(1)) && !beside(Some(end)) {
            found[start..end].fill(None);
        }
        start = end + 1;
    }
    found
}

/// Cuts what is glued to a row out of it.
fn push_cut(out: &mut Layout, ink: &Ink, row: Row, lexicon: &Lexicon) {
    let text = ink.row(&row);
    let jumps = lexicon.jumps.all(text, row.keys);
    if !jumps.is_empty() {
        let mut holes = Vec::with_capacity(jumps.len());
        for m in jumps {
            let at = within(row, m.start, m.end);
            out.jumps.push(Jump {
                kind: m.kind,
                page: m.page,
                span: ink.page_span(at),
            });
            holes.push(at);
        }
        cut(&mut out.rows, ink, row, &holes);
    } else if let Some((at, kind)) = caption_beside(ink, &row, lexicon) {
        out.furniture.push(Furniture {
            span: ink.page_span(at),
            kind,
            page: None,
        });
        cut(&mut out.rows, ink, row, &[at]);
    } else if let Some(m) = lexicon.furniture.glued(text, row.chars as usize, row.keys) {
        let at = within(row, m.start, m.end);
        out.furniture.push(Furniture {
            span: ink.page_span(at),
            kind: m.kind,
            page: m.page,
        });
        cut(&mut out.rows, ink, row, &[at]);
    } else {
        out.rows.push(row);
    }
}

/// The last piece of a row, if it is the caption of a picture beside the column, and its kind.
fn caption_beside(ink: &Ink, row: &Row, lexicon: &Lexicon) -> Option<(Span, String)> {
    row.width?;
    let gap = ink.gaps_in(row.ink).iter().rfind(|g| g.page.is_empty())?;
    let piece = Span {
        start: gap.at,
        end: row.ink.end,
    };
    let text = piece.of(&ink.text);
    let place = Some(FurniturePlace::Float);
    let chars = text.chars().count();
    let found = lexicon.furniture.whole(text, chars, row.keys, place)?;
    Some((piece, found.kind))
}

/// Bytes of a row's text as a span of the ink.
fn within(row: Row, start: usize, end: usize) -> Span {
    Span::new(row.ink.start as usize + start, row.ink.start as usize + end)
}

/// Some ink of a row as a row of its own.
fn part(ink: &Ink, row: Row, span: Span, glued: bool) -> Row {
    let (chars, quarters) = ink.measure(span);
    Row {
        ink: span,
        chars,
        quarters,
        glued,
        ..row
    }
}

/// Pushes what is left of `row` without `holes`, which are in order and apart.
fn cut(rows: &mut Vec<Row>, ink: &Ink, row: Row, holes: &[Span]) {
    let mut glued = row.glued;
    let mut start = row.ink.start;
    let ends = holes.iter().map(|h| (h.start, h.end));
    for (end, next) in ends.chain([(row.ink.end, row.ink.end)]) {
        if start < end {
            rows.push(part(ink, row, Span { start, end }, glued));
            glued = true;
        }
        start = next;
    }
}

/// A jump that begins in `row` and ends in `next`: its ink in `row`, the jump, and what is left of
/// `next`.
fn jump_across(
    ink: &Ink,
    row: Row,
    next: Row,
    lexicon: &Lexicon,
) -> Option<((Span, Jump), Option<Row>)> {
    const TAIL: usize = 36; // bytes: a jump has no more than 12 Han characters
    if next.chars > 8 {
        return None;
    }
    let (text, more) = (ink.row(&row), ink.row(&next));
    let from = text.ceil_char_boundary(text.len().saturating_sub(TAIL));
    let both = format!("{}{more}", &text[from..]);
    let border = text.len() - from;
    let m = lexicon
        .jumps
        .find(&both, Keys::ALL)
        .filter(|m| m.start < border && m.end > border)?;
    // What names its page in `row` may still have its last characters in `next`, but no other page.
    let known = lexicon.jumps.find(&text[from..], row.keys);
    let known = known.and_then(|m| m.page);
    if known.is_some() && m.page != known {
        return None;
    }
    let tail = within(row, from + m.start, text.len());
    let head = within(next, 0, m.end - border);
    let jump = Jump {
        kind: m.kind,
        page: m.page,
        span: Span {
            start: ink.page_span(tail).start,
            end: ink.page_span(head).end,
        },
    };
    let mut rest = Vec::new();
    cut(&mut rest, ink, next, &[head]);
    Some(((tail, jump), rest.pop()))
}
