//! Characters → lines.

use super::Line;
use crate::base::Span;

/// The lines of `text`, and how many there are by line ends alone. CR LF, LF and CR end a line;
/// a form feed does too but counts none.
pub(super) fn lines(text: &str) -> (Vec<Line>, u32) {
    let bytes = text.as_bytes();
    let mut lines = Vec::with_capacity(bytes.len() / 48 + 1);
    let (mut start, mut number, mut new_page) = (0, 1, false);
    for end in memchr::memchr3_iter(b'\n', b'\r', 0x0C, bytes) {
        if bytes[end] == b'\n' && end > 0 && bytes[end - 1] == b'\r' {
            start = end + 1; // second half of CR LF
            continue;
        }
        lines.push(Line {
            span: Span::new(start, end),
            number,
            new_page,
        });
        new_page = bytes[end] == 0x0C;
        number += u32::from(!new_page);
        start = end + 1;
    }
    if start < bytes.len() {
        lines.push(Line {
            span: Span::new(start, bytes.len()),
            number,
            new_page,
        });
    }
    let count = lines.last().map_or(0, |line| line.number);
    (lines, count)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<(&str, u32)> {
        let (lines, _) = lines(text);
        lines.iter().map(|l| (l.span.of(text), l.number)).collect()
    }

    #[test]
    fn every_line_end() {
        assert_eq!(
            split("a\nb\r\nc\rd"),
            [("a", 1), ("b", 2), ("c", 3), ("d", 4)]
        );
        assert_eq!(
            split("a\n\r\n\rb\n"),
            [("a", 1), ("", 2), ("", 3), ("b", 4)]
        );
    }

    #[test]
    fn form_feed_ends_a_line_but_counts_none() {
        assert_eq!(split("a\n\x0Cb"), [("a", 1), ("", 2), ("b", 2)]);
        let (lines, count) = lines("a\n\x0Cb\n");
        assert!(lines[2].new_page && !lines[1].new_page);
        assert_eq!(count, 2);
    }

    #[test]
    fn nothing() {
        assert_eq!(split(""), []);
    }
}
