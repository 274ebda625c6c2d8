//! From decoded characters back to the source bytes, exactly.

use crate::base::Span;

/// One stretch of characters of equal width on both sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stretch {
    /// First byte in the decoded text.
    text: u32,
    /// First byte in the source.
    source: u32,
    /// Bytes of decoded text per step …
    text_unit: u8,
    /// … and of source.
    source_unit: u8,
}

impl Stretch {
    /// The source bytes of the steps that `span` of the text, which begins and ends in it, has part
    /// in.
    fn source_of(self, span: Span) -> Span {
        let before = span.start - self.text;
        let last = (span.end - self.text).saturating_sub(1);
        let at = |byte: u32, steps: u32| {
            let steps = match self.text_unit {
                1 => byte + steps,
                unit => byte / u32::from(unit) + steps,
            };
            self.source + steps * u32::from(self.source_unit)
        };
        Span {
            start: at(before, 0),
            end: at(last, 1),
        }
    }
}

/// For every character of [`crate::decode::Page::text`], the source bytes it was decoded from.
///
/// Kept as stretches in which `text_unit` bytes of text stand for `source_unit` bytes of source
/// (3 for 2 in a run of GB18030 Han, 1 for 1 all through UTF-8), so that a page costs a few entries
/// and a look-up is a binary search and a division. Exact: nothing is interpolated.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ByteMap {
    stretches: Vec<Stretch>,
    text_end: u32,
    source_end: u32,
}

impl ByteMap {
    /// The map of a text that is its own source but for `skip` bytes before it (a byte order
    /// mark).
    #[must_use]
    pub fn identity(skip: usize, len: usize) -> Self {
        Self {
            stretches: vec![Stretch {
                text: 0,
                source: skip as u32,
                text_unit: 1,
                source_unit: 1,
            }],
            text_end: len as u32,
            source_end: (skip + len) as u32,
        }
    }

    /// Appends one step: the next `text` bytes of text come from the `source_len` source bytes at
    /// `source`. Equal steps in a row are one stretch.
    pub fn push(&mut self, text: u8, source: usize, source_len: u8) {
        self.push_run(text, source, source_len, 1);
    }

    /// Appends `count` steps that are equal.
    pub fn push_run(&mut self, text: u8, source: usize, source_len: u8, count: usize) {
        if count == 0 {
            return;
        }
        let (source, count) = (source as u32, count as u32);
        let fits = self.stretches.last().is_some_and(|last| {
            last.text_unit == text && last.source_unit == source_len && source == self.source_end
        });
        if !fits {
            self.stretches.push(Stretch {
                text: self.text_end,
                source,
                text_unit: text,
                source_unit: source_len,
            });
        }
        self.text_end += u32::from(text) * count;
        self.source_end = source + u32::from(source_len) * count;
    }

    /// Appends `len` bytes of text that stand as they are at `source`.
    pub fn push_copy(&mut self, source: usize, len: usize) {
        self.push_run(1, source, 1, len);
    }

    fn stretch_at(&self, text: u32) -> Stretch {
        let i = self.stretches.partition_point(|s| s.text <= text);
        self.stretches[i.saturating_sub(1)]
    }

    /// The source bytes from the first to the last that `span` of the text was decoded from. A
    /// step is never cut: a span inside one gives the whole step. An empty span gives an empty
    /// one.
    #[must_use]
    pub fn source_of(&self, span: Span) -> Span {
        if self.stretches.is_empty() {
            return Span::default();
        }
        let first = self.stretch_at(span.start);
        let steps = (span.start - first.text) / u32::from(first.text_unit);
        let start = first.source + steps * u32::from(first.source_unit);
        if span.is_empty() {
            return Span { start, end: start };
        }
        let last = self.stretch_at(span.end - 1);
        let steps = (span.end - 1 - last.text) / u32::from(last.text_unit) + 1;
        let end = last.source + steps * u32::from(last.source_unit);
        Span { start, end }
    }
}

impl ByteMap {
    /// The stretches of source that `span` of the text was decoded from, in order, cut where the step
    /// changes: those that touch are not joined. Characters that were made (a blank between two words
    /// of mark-up) add none.
    pub fn each_piece(&self, span: Span, mut found: impl FnMut(Span)) {
        if span.is_empty() {
            return;
        }
        let first = self.stretches.partition_point(|s| s.text <= span.start);
        let mut stretches = self
            .stretches
            .iter()
            .skip(first.saturating_sub(1))
            .peekable();
        while let Some(stretch) = stretches.next_if(|s| s.text < span.end) {
            let end = stretches.peek().map_or(self.text_end, |s| s.text);
            let piece = stretch.source_of(Span {
                start: span.start.max(stretch.text),
                end: span.end.min(end).max(stretch.text + 1),
            });
            if !piece.is_empty() {
                found(piece);
            }
        }
    }

    /// The first byte of the text that was decoded from source byte `byte` or a later one; the end
    /// of the text where there is none.
    #[must_use]
    pub fn text_of(&self, byte: u32) -> u32 {
        let next = self.stretches.partition_point(|s| s.source < byte);
        let behind = self.stretches.get(next).map_or(self.text_end, |s| s.text);
        let before = next.checked_sub(1).and_then(|i| self.stretches.get(i));
        before.filter(|s| s.source_unit > 0).map_or(behind, |s| {
            let steps = (byte - s.source).div_ceil(s.source_unit.into());
            let at = u64::from(s.text) + u64::from(steps) * u64::from(s.text_unit);
            u32::try_from(at).map_or(behind, |at| at.min(behind))
        })
    }

    /// One past the source byte that was mapped last.
    #[must_use]
    pub fn source_end(&self) -> u32 {
        self.source_end
    }

    /// Where the text is its own source but for a mark before it: the length of that.
    #[must_use]
    pub fn skipped(&self) -> Option<u32> {
        match self.stretches.as_slice() {
            [s] if (s.text_unit, s.source_unit) == (1, 1) => Some(s.source),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_of_gb18030() {
        // 产值12亿: 2+2+1+1+2 source bytes, 3+3+1+1+3 of text
        let mut map = ByteMap::default();
        for (text, source, len) in [(3, 0, 2), (3, 2, 2), (1, 4, 1), (1, 5, 1), (3, 6, 2)] {
            map.push(text, source, len);
        }
        assert_eq!(map.stretches.len(), 3);
        assert_eq!(map.source_of(Span::new(0, 3)), Span::new(0, 2));
        assert_eq!(map.source_of(Span::new(3, 8)), Span::new(2, 6));
        assert_eq!(map.source_of(Span::new(7, 11)), Span::new(5, 8));
        assert_eq!(map.source_of(Span::new(8, 8)), Span::new(6, 6));
    }

    #[test]
    fn gaps_in_the_source_are_kept() {
        let mut map = ByteMap::default();
        map.push_copy(10, 3);
        map.push_copy(20, 3);
        assert_eq!(map.source_of(Span::new(0, 3)), Span::new(10, 13));
        assert_eq!(map.source_of(Span::new(3, 6)), Span::new(20, 23));
        assert_eq!(map.source_of(Span::new(0, 6)), Span::new(10, 23));
    }

    #[test]
    fn pieces() {
        let mut map = ByteMap::default();
        map.push_copy(10, 3);
        map.push(1, 13, 0); // made
        map.push_copy(20, 3);
        map.push(1, 23, 5); // &amp;
        let pieces = |start, end| {
            let mut found = Vec::new();
            map.each_piece(Span::new(start, end), |piece| found.push(piece));
            found
        };
        assert_eq!(
            pieces(1, 8),
            [Span::new(11, 13), Span::new(20, 23), Span::new(23, 28)]
        );
        assert_eq!(pieces(3, 4), []);
        assert_eq!(pieces(7, 8), [Span::new(23, 28)]);
        assert_eq!(map.skipped(), None);
        assert_eq!(ByteMap::identity(3, 6).skipped(), Some(3));
    }

    #[test]
    fn back_from_the_source() {
        let mut map = ByteMap::default();
        map.push_copy(10, 3);
        map.push(1, 13, 0); // made
        map.push_run(3, 20, 2, 4);
        map.push(1, 28, 5); // &amp;
        map.push_copy(40, 2);
        let len = 19;
        let start = |at: u32| {
            map.source_of(Span {
                start: at,
                end: at + 1,
            })
            .start
        };
        for byte in 0..50 {
            let first = (0..len).find(|&at| start(at) >= byte).unwrap_or(len);
            assert_eq!(map.text_of(byte), first, "{byte}");
        }
        assert_eq!(ByteMap::default().text_of(3), 0);
        assert_eq!(ByteMap::identity(3, 6).text_of(u32::MAX), 6);
    }

    #[test]
    fn byte_order_mark() {
        let map = ByteMap::identity(3, 6);
        assert_eq!(map.source_of(Span::new(0, 3)), Span::new(3, 6));
    }
}
