//! What on the page is text and what stands around it: furniture and jump lines are taken out of
//! the rows, also where they are glued to a line of text.

use super::ink::{Ink, Row};
use super::{Furniture, Jump};
use crate::base::Span;
use crate::lexicon::Lexicon;

/// Lines this long (in characters) are text: no furniture line has so many.
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
    let roles = whole_lines(ink, lexicon);
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
        // A jump line may be broken over two lines: look at it with the next one.
        if let Some((next, None)) = rows.peek()
            && let Some((jump, rest)) = jump_across(ink, row, **next, lexicon)
        {
            for part in left_of(ink, row, jump.0) {
                push_cut(&mut out, ink, part, lexicon);
            }
            out.jumps.push(jump.1);
            rows.next();
            out.rows.extend(rest);
            continue;
        }
        push_cut(&mut out, ink, row, lexicon);
    }
    out
}

/// For each row, the furniture that it is as a whole.
fn whole_lines(ink: &Ink, lexicon: &Lexicon) -> Vec<Option<Furniture>> {
    let mut found: Vec<Option<Furniture>> = ink
        .rows
        .iter()
        .map(|row| {
            if row.chars > MAX_FURNITURE_CHARS {
                return None;
            }
            let (text, chars) = (ink.row(row), row.chars as usize);
            let m = lexicon.furniture.whole(text, chars)?;
            // Text before a caption is text, though the line ends like a caption.
            if lexicon
                .furniture
                .glued(text, chars)
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
    // A crumb of one character may as well be the end of a broken line: it counts beside others.
    let single: Vec<bool> = ink.rows.iter().map(|row| row.chars == 1).collect();
    let alone = |found: &[Option<Furniture>], i: usize| {
        let beside = |k: usize| found.get(k).is_some_and(Option::is_some) && !single[k];
        let chain = |mut k: usize, step: isize| loop {
            match k.checked_add_signed(step) {
                Some(next) if next < single.len() => k = next,
                _ => return false,
            }
            if beside(k) {
                return true;
            }
            if !(single[k] && found[k].is_some()) {
                return false;
            }
        };
        !chain(i, -1) && !chain(i, 1)
    };
    let lonely: Vec<usize> = (0..found.len())
        .filter(|&i| single[i] && found[i].is_some() && alone(&found, i))
        .collect();
    for i in lonely {
        found[i] = None;
    }
    found
}

/// Cuts what is glued to a row out of it, one thing after the other.
fn push_cut(out: &mut Layout, ink: &Ink, row: Row, lexicon: &Lexicon) {
    let text = ink.row(&row);
    let hole = if let Some(m) = lexicon.jumps.find(text) {
        let at = within(row, m.start, m.end);
        out.jumps.push(Jump {
            kind: m.kind,
            page: m.page,
            span: ink.page_span(at),
        });
        at
    } else if let Some(m) = lexicon.furniture.glued(text, row.chars as usize) {
        let at = within(row, m.start, m.end);
        out.furniture.push(Furniture {
            span: ink.page_span(at),
            kind: m.kind,
            page: m.page,
        });
        at
    } else {
        out.rows.push(row);
        return;
    };
    for part in left_of(ink, row, hole) {
        push_cut(out, ink, part, lexicon);
    }
}

/// Bytes of a row's text as a span of the ink.
fn within(row: Row, start: usize, end: usize) -> Span {
    Span::new(row.ink.start as usize + start, row.ink.start as usize + end)
}

/// What is left of `row` without `hole`: what stands before it, and what stands behind.
fn left_of(ink: &Ink, row: Row, hole: Span) -> Vec<Row> {
    let before = Span {
        start: row.ink.start,
        end: hole.start,
    };
    let behind = Span {
        start: hole.end.min(row.ink.end),
        end: row.ink.end,
    };
    let mut glued = row.glued;
    let mut parts = Vec::with_capacity(2);
    for part in [before, behind] {
        if !part.is_empty() {
            let (chars, quarters) = ink.measure(part);
            parts.push(Row {
                ink: part,
                chars,
                quarters,
                glued,
                ..row
            });
            glued = true;
        }
    }
    parts
}

/// A jump that begins in `row` and ends in `next`: its ink in `row`, the jump, and what is left of
/// `next`.
fn jump_across(
    ink: &Ink,
    row: Row,
    next: Row,
    lexicon: &Lexicon,
) -> Option<((Span, Jump), Vec<Row>)> {
    const TAIL: usize = 36; // bytes: a jump has no more than 12 Han characters
    let (text, more) = (ink.row(&row), ink.row(&next));
    let from = text.ceil_char_boundary(text.len().saturating_sub(TAIL));
    if next.chars > 8
        || lexicon
            .jumps
            .find(&text[from..])
            .is_some_and(|m| m.page.is_some())
    {
        return None;
    }
    let both = format!("{}{more}", &text[from..]);
    let border = text.len() - from;
    let m = lexicon
        .jumps
        .find(&both)
        .filter(|m| m.start < border && m.end > border)?;
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
    Some(((tail, jump), left_of(ink, next, head)))
}
