//! From clean text back to the page, exactly.

use crate::base::Span;

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

    /// The stretches of the page's text that `span` of the clean text was made from, in reading
    /// order, each at most once; neighbours that touch are one.
    #[must_use]
    pub fn page_spans(&self, span: Span) -> Vec<Span> {
        let mut out: Vec<Span> = Vec::new();
        if span.is_empty() {
            return out;
        }
        let first = self
            .stretches
            .partition_point(|s| s.clean <= span.start)
            .saturating_sub(1);
        for (i, stretch) in self.stretches.iter().enumerate().skip(first) {
            if stretch.clean >= span.end {
                break;
            }
            let found = if stretch.step > 0 {
                Span {
                    start: stretch.page,
                    end: stretch.page + stretch.step,
                }
            } else {
                let end = self
                    .stretches
                    .get(i + 1)
                    .map_or(span.end, |next| next.clean);
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
        out
    }
}
