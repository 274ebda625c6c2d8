//! Where places of a text are once stretches of it have been replaced.

use crate::base::Span;

/// Replacements in a text, in order and apart.
#[derive(Debug, Default)]
pub(crate) struct Moves {
    /// What was replaced, and where its replacement ends in the new text.
    replaced: Vec<(Span, u32)>,
}

impl Moves {
    /// Says that `old` of the text was replaced by what ends at byte `end` of the new one.
    pub(crate) fn push(&mut self, old: Span, end: usize) {
        self.replaced.push((old, end as u32));
    }

    /// The place of byte `offset` in the new text. Inside a replacement there is no such place: the
    /// start of it is taken.
    pub(crate) fn place(&self, offset: u32) -> u32 {
        let next = self.replaced.partition_point(|r| r.0.end <= offset);
        let inside = self.replaced.get(next).filter(|r| r.0.start < offset);
        let offset = inside.map_or(offset, |r| r.0.start);
        let before = next.checked_sub(1).and_then(|i| self.replaced.get(i));
        let (old, new) = before.map_or((0, 0), |r| (r.0.end, r.1));
        offset - old + new
    }

    /// The place of `span` in the new text.
    pub(crate) fn span(&self, span: Span) -> Span {
        Span {
            start: self.place(span.start),
            end: self.place(span.end),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_before_in_and_behind_replacements() {
        let mut moves = Moves::default();
        assert_eq!(moves.place(7), 7);
        // abcdefgh → aXYZdeh
        moves.push(Span::new(1, 3), 4);
        moves.push(Span::new(5, 7), 6);
        let places: Vec<u32> = (0..=8).map(|at| moves.place(at)).collect();
        assert_eq!(places, [0, 1, 1, 4, 5, 6, 6, 6, 7]);
        assert_eq!(moves.span(Span::new(0, 3)), Span::new(0, 4));
    }
}
