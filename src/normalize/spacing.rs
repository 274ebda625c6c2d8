//! Which of the blanks between characters are spaces.

use unicode_segmentation::UnicodeSegmentation;

use super::width;

/// Bytes to each side of a blank that are looked at: no word or numeral is longer.
const REACH: usize = 64;

/// What a blank between two characters is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Blank {
    /// Nothing: the printer's or the engine's.
    Stray,
    /// The space between two words.
    Space,
}

/// Judges the blank between two stretches of ink, which may be the end of a line.
pub(super) fn judge(before: &str, behind: &str) -> Blank {
    let (Some(last), Some(first)) = (before.chars().next_back(), behind.chars().next()) else {
        return Blank::Stray;
    };
    if width::is_han(last)
        || width::is_han(first)
        || !last.is_alphabetic()
        || !first.is_alphabetic()
    {
        return Blank::Stray;
    }
    // Letters on both sides: a space where both are words by Unicode's rules.
    let head = last_word(before);
    let behind = &behind[..behind.floor_char_boundary(REACH)];
    let tail = behind.unicode_words().next().unwrap_or("");
    if head.is_empty() || !behind.starts_with(tail) {
        return Blank::Stray;
    }
    // One capital next to capitals is a letter torn off a short form: L ED.
    let capitals = |word: &str| word.chars().all(char::is_uppercase);
    let torn = (head.chars().count() == 1 || tail.chars().count() == 1)
        && capitals(head)
        && capitals(tail);
    if torn { Blank::Stray } else { Blank::Space }
}

/// The run of letters that `text` ends with, at most [`REACH`] bytes of it.
fn last_word(text: &str) -> &str {
    let from = text.ceil_char_boundary(text.len().saturating_sub(REACH));
    let tail = &text[from..];
    let start = tail
        .char_indices()
        .rev()
        .take_while(|&(_, c)| c.is_alphabetic() && !width::is_han(c))
        .last()
        .map_or(tail.len(), |(i, _)| i);
    &tail[start..]
}

/// Marks of running text; figures of a table have none between them.
pub(super) fn is_clause_mark(c: char) -> bool {
    matches!(
        c,
        '，' | '、' | '。' | '；' | '：' | '（' | '）' | '“' | '”'
    )
}

/// Whether a gap inside a row parts two numerals of a table, which must not become one. `before`
/// and `behind` are the row's ink on its two sides: `887 115.5` is one number, `12.5 13.6` are two.
/// `wide`: the gap is too wide for a stray space, or parts the cells of a table; `wordless`: the row has neither Han nor clause marks.
pub(super) fn parts_numerals(before: &str, behind: &str, wide: bool, wordless: bool) -> bool {
    let numeric = |c: char| c.is_ascii_digit() || c == '.';
    // A blank beside a point is inside a numeral.
    if !before.ends_with(|c: char| c.is_ascii_digit())
        || !behind.starts_with(|c: char| c.is_ascii_digit())
    {
        return false;
    }
    let head = before.chars().rev().take(REACH).take_while(|&c| numeric(c));
    let tail = behind.chars().take(REACH).take_while(|&c| numeric(c));
    // Two points make two numbers, and so do two figures or more in a row without a word.
    wide || wordless && head.clone().nth(1).is_some() && tail.clone().nth(1).is_some()
        || head.clone().any(|c| c == '.') && tail.clone().any(|c| c == '.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_between_words_only() {
        for (before, behind, want) in [
            ("大厅", "LED屏", Blank::Stray),
            ("LED", "屏", Blank::Stray),
            ("国家", "级", Blank::Stray),
            ("World", "Bank贷款", Blank::Space),
            ("L", "ED屏", Blank::Stray),
            ("PM", "2.5", Blank::Stray),
            ("12", "亿元", Blank::Stray),
            ("Type", "C接口", Blank::Space),
            ("，", "A级", Blank::Stray),
        ] {
            assert_eq!(judge(before, behind), want, "{before}|{behind}");
        }
    }
}
