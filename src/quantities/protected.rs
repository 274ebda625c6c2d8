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

/// The protected stretches of the text in `span`, marks included, in order.
pub(super) fn protected(text: &str, span: Span) -> Vec<Span> {
    let mut out: Vec<Span> = Vec::new();
    // The mark that is open, where, and how many characters ago.
    let mut open: Option<(usize, usize, usize)> = None;
    for (i, c) in span.of(text).char_indices() {
        let at = span.start as usize + i;
        if let Some((pair, start, length)) = open {
            let (opening, closing, most) = PAIRS[pair];
            if c == closing {
                out.push(Span::new(start, at + c.len_utf8()));
                open = None;
                continue;
            }
            if length < most && c != opening {
                open = Some((pair, start, length + 1));
                continue;
            }
            open = None;
        }
        if let Some(pair) = PAIRS.iter().position(|p| p.0 == c) {
            open = Some((pair, at, 0));
        }
    }
    out
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
}
