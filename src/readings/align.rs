//! Two readings of a page laid beside each other, character by character.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use crate::base::{Block, Span, blocks};
use crate::normalize::is_blank;

/// Stretches that both have count as the same page's from this size on.
const TELLING: usize = 4;

/// A clean text without its blanks.
pub(super) struct Inked {
    chars: Vec<char>,
    /// Where each stands in the clean text.
    spans: Vec<Span>,
}

impl Inked {
    fn new(text: &str) -> Self {
        let inked = text.char_indices().filter(|&(_, c)| !is_blank(c));
        let (chars, spans) = inked
            .map(|(at, c)| (c, Span::new(at, at + c.len_utf8())))
            .unzip();
        Self { chars, spans }
    }

    pub(super) fn len(&self) -> usize {
        self.chars.len()
    }

    pub(super) fn chars(&self, range: &Range<usize>) -> &[char] {
        self.chars.get(range.clone()).unwrap_or_default()
    }

    /// The places of these characters in the clean text.
    pub(super) fn spans(&self, range: &Range<usize>) -> &[Span] {
        self.spans.get(range.clone()).unwrap_or_default()
    }

    /// From the first to the last of these characters in the clean text; none for no characters.
    pub(super) fn span(&self, range: &Range<usize>) -> Option<Span> {
        let spans = self.spans(range);
        (!spans.is_empty()).then(|| Span::hull(spans))
    }

    /// Characters as they are compared: forms and dashes alike.
    fn keys(&self) -> Vec<char> {
        let key = |c: char| match c {
            '—' | '–' | '－' | '―' => '-',
            c => {
                let mut folded = std::iter::once(c).nfkc();
                folded
                    .next()
                    .filter(|_| folded.next().is_none())
                    .unwrap_or(c)
            }
        };
        self.chars.iter().copied().map(key).collect()
    }
}

/// Where the two differ: characters of the one that stand for those of the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Difference {
    pub base: Range<usize>,
    pub other: Range<usize>,
}

/// Two readings beside each other.
pub(super) struct Aligned {
    pub base: Inked,
    pub other: Inked,
    /// In reading order, at least one character alike between two.
    pub differences: Vec<Difference>,
    /// Characters in stretches that only readings of one page share.
    shared: usize,
}

impl Aligned {
    pub(super) fn new(base: &str, other: &str) -> Self {
        let (base, other) = (Inked::new(base), Inked::new(other));
        let found = blocks(&base.keys(), &other.keys());
        let long = found.iter().filter(|block| block.size >= TELLING);
        let shared = long.map(|block| block.size).sum();
        let end = Block {
            a: base.len(),
            b: other.len(),
            size: 0,
        };
        let mut differences = Vec::new();
        let (mut a, mut b) = (0, 0);
        for block in found.into_iter().chain([end]) {
            if (a, b) != (block.a, block.b) {
                differences.push(Difference {
                    base: a..block.a,
                    other: b..block.b,
                });
            }
            (a, b) = (block.a + block.size, block.b + block.size);
        }
        Self {
            base,
            other,
            differences,
            shared,
        }
    }

    /// True when they cannot but be readings of one page: a quarter of the shorter one stands in
    /// the other in the same order. (Pages of one kind share 6 in 100 at most, readings of a poor
    /// scan half: `../shared/ocr`.)
    pub(super) fn are_of_one_page(&self) -> bool {
        self.shared * 4 >= self.base.len().min(self.other.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_lie_between_what_is_alike() {
        let aligned = Aligned::new("水塘 7.3（口）\n全部", "水塘7.3%(口)金部");
        let found: Vec<(&[char], &[char])> = aligned
            .differences
            .iter()
            .map(|d| (aligned.base.chars(&d.base), aligned.other.chars(&d.other)))
            .collect();
        assert_eq!(found, [(&[][..], &['%'][..]), (&['全'], &['金'])]);
        assert!(aligned.are_of_one_page());
    }

    #[test]
    fn other_pages_are_told() {
        let one = "全县新修水塘12口，新建水闸8座，投资320万元。";
        let other = "全市新办企业45户，税收增长6.1%，出口下降2.4%。";
        assert!(!Aligned::new(one, other).are_of_one_page());
        assert!(Aligned::new(one, one).are_of_one_page());
    }
}
