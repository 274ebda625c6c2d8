//! Stretches in which numbers are parts of names: book titles and short quotations.

use crate::base::Span;

/// Opening mark, closing mark, and the most characters between them that still make a name.
const PAIRS: [(char, char, usize); 6] = [
    ('“', '”', 18),
    ('‘', '’', 18),
    ('《', '》', 60),
    ('「', '」', 18),
    ('『', '』', 18),
    ('〈', '〉', 60),
];

/// What the marks begin with in UTF-8; no Han does.
const LEADS: [u8; 2] = [0xE2, 0xE3];

/// The protected stretches of the text in `span`, marks included, in order.
pub(super) fn protected(text: &str, span: Span) -> Vec<Span> {
    let mut out: Vec<Span> = Vec::new();
    let inside = span.of(text);
    // The mark that is open, and where.
    let mut open: Option<(usize, usize)> = None;
    for at in memchr::memchr2_iter(LEADS[0], LEADS[1], inside.as_bytes()) {
        let rest = inside.get(at..).unwrap_or_default();
        let Some(c) = rest.chars().next().filter(|&c| is_mark(c)) else {
            continue;
        };
        if let Some((pair, start)) = open {
            let (opening, closing, most) = PAIRS[pair];
            let name = inside.get(start..at).unwrap_or_default();
            let length = name.chars().skip(1).take(most + 1).count();
            if length <= most && c == closing {
                let start = span.start as usize + start;
                let end = span.start as usize + at + c.len_utf8();
                out.push(Span::new(start, end));
                open = None;
                continue;
            }
            if length < most && c != opening {
                continue;
            }
        }
        let pair = PAIRS.iter().position(|p| p.0 == c);
        open = pair.map(|pair| (pair, at));
    }
    out
}

/// True for what may be one of the marks.
const fn is_mark(c: char) -> bool {
    matches!(c, '‘'..='”' | '〈'..='』')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_quotations_and_titles_only() {
        let text =
            "抓好“三件事”，学《条例12条》；“这一年我们走访农户三百二十户，办成实事四十五件”。";
        let spans = protected(text, Span::new(0, text.len()));
        let found: Vec<&str> = spans.iter().map(|s| s.of(text)).collect();
        assert_eq!(found, ["“三件事”", "《条例12条》"]);
    }

    #[test]
    fn marks_that_open_again_or_too_early() {
        for (text, found) in [
            ("‘十户“联保”’", "‘十户“联保”’"),
            ("“六户，“三户”", "“三户”"),
            ("《办法（12条），“三包”", ""),
            (
                "“自查自纠，即知即改，逐户上门，共3批、18户，《村规》",
                "《村规》",
            ),
            ("”三户“", ""),
        ] {
            let spans = protected(text, Span::new(0, text.len()));
            let stretches: String = spans.iter().map(|s| s.of(text)).collect();
            assert_eq!(stretches, found, "{text}");
        }
    }

    #[test]
    fn every_mark_is_looked_at() {
        for mark in PAIRS.iter().flat_map(|p| [p.0, p.1]) {
            assert!(is_mark(mark), "{mark}");
            assert!(LEADS.contains(&mark.to_string().as_bytes()[0]), "{mark}");
        }
    }
}
