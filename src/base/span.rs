//! Half-open byte ranges.

use std::ops::Range;

/// A half-open range `[start, end)` of bytes of one text, always on character boundaries of it.
///
/// Which text is said where a span is stored: the page as decoded ([`crate::decode::Page::text`]),
/// the clean text ([`crate::normalize::Clean::text`]), or the source bytes.
///
/// ```
/// use gongbao::base::Span;
/// let span = Span::new(3, 9);
/// assert_eq!(span.of("年末人口"), "末人");
/// assert_eq!(span.len(), 6);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, serde::Serialize)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span from `start` to `end`, in bytes. Texts are smaller than 4 GiB
    /// ([`crate::decode::MAX_BYTES`] sees to it), so the casts lose nothing.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end && u32::try_from(end).is_ok());
        Self {
            start: start as u32,
            end: end as u32,
        }
    }

    /// Length in bytes.
    #[must_use]
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// True when nothing is covered.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The range, to slice by.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The part of `text` that the span covers.
    ///
    /// # Panics
    /// When `text` is not the text that the span was made for and the span does not fit it.
    #[must_use]
    pub fn of(self, text: &str) -> &str {
        &text[self.range()]
    }

    /// True when `other` lies inside (or equals) this span.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The same place counted from byte `origin`, which is not behind it.
    #[must_use]
    pub fn relative_to(self, origin: u32) -> Self {
        Self {
            start: self.start - origin,
            end: self.end - origin,
        }
    }

    /// The smallest span that covers all of `spans`, in whatever order; empty for none.
    #[must_use]
    pub fn hull(spans: &[Self]) -> Self {
        Self {
            start: spans.iter().map(|s| s.start).min().unwrap_or_default(),
            end: spans.iter().map(|s| s.end).max().unwrap_or_default(),
        }
    }

    /// True when the two share at least one byte.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}
