//! Characters → lines.

use super::Line;
use super::encoding::Decoded;
use crate::base::Span;

/// The lines of `text`. CR LF, LF and CR end a line;
/// a form feed does too but counts none. U+0085, U+2028 and U+2029 end none: editors do not count
/// them, and in damaged text they are noise.
pub(super) fn lines(text: &str) -> Vec<Line> {
    let bytes = text.as_bytes();
    // counted first: grown step by step, they would take twice their room
    let ends = memchr::memchr3_iter(b'\n', b'\r', 0x0C, bytes).count();
    let mut lines = Vec::with_capacity(ends + 1);
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
            sheet: 0,
            block: 0,
            bbox: None,
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
            sheet: 0,
            block: 0,
            bbox: None,
        });
    }
    lines
}

/// First source byte of each of the `lines` of a source.
pub(super) fn line_starts(lines: &[Line], decoded: &Decoded<'_>) -> Vec<u32> {
    let mut starts = Vec::with_capacity(lines.len());
    for line in lines {
        if line.number as usize > starts.len() {
            starts.push(decoded.map.source_of(line.span).start);
        }
    }
    starts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn split(text: &str) -> Vec<(&str, u32)> {
        lines(text)
            .iter()
            .map(|l| (l.span.of(text), l.number))
            .collect()
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
        let lines = lines("a\n\x0Cb\n");
        assert!(lines[2].new_page && !lines[1].new_page);
        assert_eq!(lines[2].number, 2);
    }

    #[test]
    fn form_feeds_among_line_ends() {
        assert_eq!(
            split("a\x0C\r\nb\r\x0C\x0Cc"),
            [("a", 1), ("", 1), ("b", 2), ("", 3), ("", 3), ("c", 3)]
        );
        let lines = lines("a\n\x0C");
        assert_eq!((lines.len(), lines[1].number), (2, 2));
    }

    #[test]
    fn other_separators_end_no_line() {
        let text = "甲\u{85}乙\u{2028}丙\u{2029}丁\x0B戊";
        assert_eq!(split(text), [(text, 1)]);
    }

    #[test]
    fn nothing() {
        assert_eq!(split(""), []);
    }

    proptest! {
        #[test]
        fn lines_and_their_ends_are_the_text(text in "[a产\r\n\x0C]{0,30}") {
            let lines = lines(&text);
            let mut end = 0;
            for line in &lines {
                let start = line.span.start as usize;
                // what lies between two lines is one line end
                let between = &text[end..start];
                prop_assert_eq!(end == 0 && start == 0, between.is_empty());
                if !between.is_empty() {
                    prop_assert!(["\r\n", "\r", "\n", "\x0C"].contains(&between));
                }
                prop_assert_eq!(line.new_page, between == "\x0C");
                let before = text[..start].replace("\r\n", "\n").replace('\r', "\n");
                prop_assert_eq!(line.number as usize, before.matches('\n').count() + 1);
                end = line.span.end as usize;
            }
            prop_assert!(["", "\r\n", "\r", "\n", "\x0C"].contains(&&text[end..]));
        }
    }
}
