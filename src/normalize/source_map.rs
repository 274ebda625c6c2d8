//! From clean text back to the page, exactly.

use crate::base::Span;

/// [`Stretch::page`] of text that was made and stands for nothing.
const NOTHING: u32 = u32::MAX;

/// One stretch of clean text and the characters of the page that it was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stretch {
    /// First byte in the clean text.
    clean: u32,
    /// First byte in the page's text.
    page: u32,
    /// Bytes of the page's text that a step stands for; 0 for a copy, in which every byte stands
    /// for one.
    step: u32,
}

/// For every code point of [`super::Clean::text`], the characters of the page's text.
///
/// Stretches of copied text cost one entry each; a folded or repaired code point costs one of its
/// own. Exact: a code point of a repair points to all characters that the repair replaced.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourceMap {
    stretches: Vec<Stretch>,
}

impl SourceMap {
    /// The map of a text that was taken over whole.
    #[must_use]
    pub fn identity() -> Self {
        Self {
            stretches: vec![Stretch {
                clean: 0,
                page: 0,
                step: 0,
            }],
        }
    }

    /// Says that the clean text from byte `clean` on is a copy of the page's from byte `page` on.
    pub fn copy(&mut self, clean: usize, page: usize) {
        let (clean, page) = (clean as u32, page as u32);
        if let Some(last) = self.stretches.last()
            && last.step == 0
            && last.page != NOTHING
            && clean - last.clean == page.wrapping_sub(last.page)
        {
            return;
        }
        self.stretches.push(Stretch {
            clean,
            page,
            step: 0,
        });
    }

    /// Says that the clean text from byte `clean` on, up to the next entry, stands for all of
    /// `page`.
    pub fn replace(&mut self, clean: usize, page: Span) {
        self.stretches.push(Stretch {
            clean: clean as u32,
            page: page.start,
            step: page.len() as u32,
        });
    }

    /// The same where it stands for several stretches of the page.
    pub fn replace_all(&mut self, clean: usize, pages: &[Span]) {
        for &page in pages {
            self.replace(clean, page);
        }
    }

    /// Says that the clean text from byte `clean` on, up to the next entry, was made by us and
    /// stands for nothing of the page: the line feed between paragraphs.
    pub fn made(&mut self, clean: usize) {
        self.stretches.push(Stretch {
            clean: clean as u32,
            page: NOTHING,
            step: 0,
        });
    }

    /// Takes over what `other` says of `span` of its text, for the text from byte `at` on.
    pub fn append(&mut self, at: usize, other: &Self, span: Span) {
        if span.is_empty() {
            return;
        }
        for stretch in other.stretches.iter().skip(other.first_at(span.start)) {
            if stretch.clean >= span.end {
                break;
            }
            let skipped = span.start.saturating_sub(stretch.clean);
            let clean = at + (stretch.clean + skipped - span.start) as usize;
            if stretch.page == NOTHING {
                self.made(clean);
            } else if stretch.step > 0 {
                self.replace(
                    clean,
                    Span {
                        start: stretch.page,
                        end: stretch.page + stretch.step,
                    },
                );
            } else {
                self.copy(clean, (stretch.page + skipped) as usize);
            }
        }
    }

    /// The first entry for the clean text at byte `clean`.
    fn first_at(&self, clean: u32) -> usize {
        let behind = self.stretches.partition_point(|s| s.clean <= clean);
        let mut first = behind.saturating_sub(1);
        while let Some([before, this]) = first
            .checked_sub(1)
            .and_then(|i| self.stretches.get(i..=first))
            && before.clean == this.clean
        {
            first -= 1;
        }
        first
    }

    /// The stretches of the page's text that `span` of the clean text was made from, in reading
    /// order, each at most once; neighbours that touch are one.
    #[must_use]
    pub fn page_spans(&self, span: Span) -> Vec<Span> {
        let mut out = Vec::new();
        self.page_spans_into(span, &mut out);
        out
    }

    /// The same instead of what `out` held.
    pub fn page_spans_into(&self, span: Span, out: &mut Vec<Span>) {
        out.clear();
        if span.is_empty() {
            return;
        }
        let first = self.first_at(span.start);
        let mut stretches = self.stretches.iter().skip(first).peekable();
        while let Some(stretch) = stretches.next_if(|s| s.clean < span.end) {
            if stretch.page == NOTHING {
                continue;
            }
            let found = if stretch.step > 0 {
                Span {
                    start: stretch.page,
                    end: stretch.page + stretch.step,
                }
            } else {
                let end = stretches.peek().map_or(span.end, |next| next.clean);
                Span {
                    start: stretch.page + span.start.max(stretch.clean) - stretch.clean,
                    end: stretch.page + span.end.min(end) - stretch.clean,
                }
            };
            match out.last_mut() {
                Some(last) if last.end == found.start => last.end = found.end,
                Some(last) if *last == found => {}
                _ => out.push(found),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Page 「产 值１２」 (a space, full-width digits) → clean 「产值12」, and behind it two bytes that
    /// replace two stretches of the page.
    fn example() -> SourceMap {
        let mut map = SourceMap::default();
        map.copy(0, 0);
        map.copy(3, 4);
        map.replace(6, Span::new(7, 10));
        map.replace(7, Span::new(10, 13));
        map.replace_all(8, &[Span::new(20, 23), Span::new(40, 41)]);
        map.copy(10, 41);
        map
    }

    #[test]
    fn copies_and_replacements() {
        let map = example();
        assert_eq!(
            map.page_spans(Span::new(0, 6)),
            [Span::new(0, 3), Span::new(4, 7)]
        );
        assert_eq!(map.page_spans(Span::new(3, 8)), [Span::new(4, 13)]);
        assert_eq!(map.page_spans(Span::new(7, 8)), [Span::new(10, 13)]);
        assert_eq!(map.page_spans(Span::new(4, 4)), []);
    }

    #[test]
    fn copies_that_go_on_are_one_entry() {
        let mut map = SourceMap::default();
        map.copy(0, 10);
        map.copy(5, 15);
        assert_eq!(map.stretches.len(), 1);
        map.copy(8, 19);
        assert_eq!(map.stretches.len(), 2);
    }

    #[test]
    fn what_replaces_several_stretches_stands_for_all_of_them() {
        let map = example();
        let both = [Span::new(20, 23), Span::new(40, 41)];
        for at in [8, 9] {
            assert_eq!(map.page_spans(Span::new(at, at + 1)), both);
        }
        assert_eq!(map.page_spans(Span::new(7, 10)).len(), 3);
        assert_eq!(map.page_spans(Span::new(7, 8)), [Span::new(10, 13)]);
        assert_eq!(map.page_spans(Span::new(10, 11)), [Span::new(41, 42)]);
    }

    #[test]
    fn appending_keeps_every_answer() {
        let map = example();
        for (start, end) in [
            (0, 8),
            (3, 8),
            (1, 7),
            (6, 7),
            (7, 8),
            (2, 5),
            (7, 11),
            (9, 10),
        ] {
            let mut out = SourceMap::default();
            out.copy(0, 100);
            out.append(20, &map, Span::new(start, end));
            assert_eq!(
                out.page_spans(Span::new(20, 20 + end - start)),
                map.page_spans(Span::new(start, end)),
                "{start}..{end}"
            );
        }
    }
}
