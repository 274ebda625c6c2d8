//! Clean text with what was chosen from another reading put in.

use super::alternatives::{Change, Piece, Two};
use crate::base::{Place, Span};
use crate::decode::Page;
use crate::normalize::{Clean, Moves, Repair, SourceMap, is_blank};

/// Why a repair of this stage was made.
pub const OTHER_READING: &str = "other-reading";

/// The base of `two` with `changes`, in order and apart; and where its places are now.
pub(super) fn splice(two: &Two<'_>, page: &Page<'_>, changes: &[Change]) -> (Clean, Moves) {
    let base = two.base;
    let mut text = String::with_capacity(base.text.len());
    let mut map = SourceMap::default();
    let mut moves = Moves::default();
    let mut taken = Vec::with_capacity(changes.len());
    let mut replaced = Vec::with_capacity(changes.len());
    let mut at = 0;
    for change in changes {
        let Some(span) = two.aligned.base.span(&change.base) else {
            continue;
        };
        let kept = Span {
            start: at,
            end: span.start,
        };
        map.append(text.len(), &base.map, kept);
        text.push_str(kept.of(&base.text));
        let start = text.len();
        for piece in &change.pieces {
            put(two, piece, &mut text, &mut map);
        }
        let instead = base.map.page_spans(span);
        taken.push(Repair {
            span: Span::new(start, text.len()),
            from: inked(page, &instead),
            why: OTHER_READING,
            instead,
        });
        moves.push(span, text.len());
        replaced.push(span);
        at = span.end;
    }
    let rest = Span {
        start: at,
        end: base.text.len() as u32,
    };
    map.append(text.len(), &base.map, rest);
    text.push_str(rest.of(&base.text));
    let clean = Clean {
        text,
        map,
        repairs: repairs(base, &replaced, &moves, taken),
        ..moved(base, &replaced, &moves)
    };
    (clean, moves)
}

/// The repairs of the base that still stand, and those that were `taken`.
fn repairs(base: &Clean, replaced: &[Span], moves: &Moves, taken: Vec<Repair>) -> Vec<Repair> {
    let gone = |span: Span| replaced.iter().any(|r| r.overlaps(span));
    let kept = base.repairs.iter().filter(|r| !gone(r.span));
    let mut out: Vec<Repair> = kept
        .map(|r| Repair {
            span: moves.span(r.span),
            ..r.clone()
        })
        .chain(taken)
        .collect();
    out.sort_by_key(|r| r.span);
    out
}

/// The base with its paragraphs and findings at their new places; what was said of characters that
/// were replaced is said no more.
fn moved(base: &Clean, replaced: &[Span], moves: &Moves) -> Clean {
    let mut out = base.clone();
    for paragraph in &mut out.paragraphs {
        paragraph.span = moves.span(paragraph.span);
    }
    out.diagnostics.retain_mut(|diagnostic| {
        let Place::Clean(span) = &mut diagnostic.place else {
            return true;
        };
        let stands = !replaced.iter().any(|r| r.overlaps(*span));
        *span = moves.span(*span);
        stands
    });
    out
}

fn put(two: &Two<'_>, piece: &Piece, text: &mut String, map: &mut SourceMap) {
    let other = two.other;
    match piece {
        Piece::Copied(range) => {
            for &span in two.aligned.other.spans(range) {
                map.append(text.len(), &other.map, span);
                text.push_str(span.of(&other.text));
            }
        }
        Piece::Percent(range) | Piece::Point(range) => {
            if let Some(span) = two.aligned.other.span(range) {
                map.replace_all(text.len(), &other.map.page_spans(span));
            }
            text.push_str(&two.piece(piece));
        }
    }
}

/// The characters of stretches of the page without blanks.
fn inked(page: &Page<'_>, spans: &[Span]) -> String {
    let chars = spans.iter().flat_map(|s| s.of(&page.text).chars());
    chars.filter(|&c| !is_blank(c)).collect()
}
