//! Text that people are shown and that may come from anywhere: names of files, words of pages.

use std::borrow::Cow;

/// `text` on one line, with nothing in it that a terminal obeys or that turns what stands beside it: control
/// characters, line ends among them, and marks of direction are written as Rust writes them.
///
/// ```
/// use gongbao::base::legible;
/// assert_eq!(legible("a\u{1B}[2J\n.txt"), "a\\u{1b}[2J\\n.txt");
/// assert_eq!(legible("公报.txt"), "公报.txt");
/// ```
#[must_use]
pub fn legible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_obeyed) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if is_obeyed(c) {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// `json` with the control characters and marks of direction that JSON allows in strings, but terminals
/// obey, as escapes. It says the same.
///
/// ```
/// use gongbao::base::legible_json;
/// assert_eq!(&*legible_json("\"\u{9B}2J\"".as_bytes()), br#""\u009b2J""#);
/// ```
#[must_use]
pub fn legible_json(json: &[u8]) -> Cow<'_, [u8]> {
    // The code point and its length in UTF-8.
    let obeyed = |at: usize| match *json.get(at..)? {
        [0x7F, ..] => Some((0x7F, 1)),
        [0xC2, c @ 0x80..=0x9F, ..] => Some((u32::from(c), 2)),
        [0xE2, 0x80, c @ (0x8E | 0x8F | 0xA8..=0xAE), ..] => Some((0x1F80 + u32::from(c), 3)),
        [0xE2, 0x81, c @ 0xA6..=0xA9, ..] => Some((0x1FC0 + u32::from(c), 3)),
        _ => None,
    };
    let mut places = memchr::memchr3_iter(0x7F, 0xC2, 0xE2, json)
        .filter_map(|at| obeyed(at).map(|(c, length)| (at, c, length)))
        .peekable();
    if places.peek().is_none() {
        return Cow::Borrowed(json);
    }
    let (mut out, mut from) = (Vec::with_capacity(json.len() + 64), 0);
    for (at, c, length) in places {
        out.extend_from_slice(json.get(from..at).unwrap_or_default());
        out.extend_from_slice(format!("\\u{c:04x}").as_bytes());
        from = at + length;
    }
    out.extend_from_slice(json.get(from..).unwrap_or_default());
    Cow::Owned(out)
}

fn is_obeyed(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_terminals_obey_is_written_out() {
        for (text, shown) in [
            ("\u{1B}]0;x\u{7}", "\\u{1b}]0;x\\u{7}"),
            ("\u{9B}31m", "\\u{9b}31m"),
            ("a\rb\tc\u{7F}\0", "a\\rb\\tc\\u{7f}\\u{0}"),
            ("a\u{202E}txt.exe", "a\\u{202e}txt.exe"),
            ("·公报 é", "·公报 é"),
        ] {
            assert_eq!(legible(text), shown);
        }
    }

    #[test]
    fn json_says_the_same() {
        for text in [
            "·公报\u{7F}é",
            "\u{80}\u{9F}\u{A0}",
            "",
            "\u{9B}\u{9B}",
            "“\u{200E}\u{202E}—\u{2028}\u{2066}\u{2069}…",
        ] {
            let json = serde_json::to_vec(text).unwrap();
            let shown = legible_json(&json).into_owned();
            assert_eq!(serde_json::from_slice::<String>(&shown).unwrap(), text);
            let shown = String::from_utf8(shown).unwrap();
            assert!(!shown.contains(is_obeyed), "{shown:?}");
        }
    }
}
