//! Strings of JSON with their places in the source.

use std::ops::Range;

use serde_json::value::RawValue;

use super::build::Chunk;

/// Where a value stands in `source`, out of which it was read.
pub(super) fn place(source: &str, value: &RawValue) -> Option<Range<usize>> {
    let text = value.get();
    let start = (text.as_ptr() as usize).checked_sub(source.as_ptr() as usize)?;
    let end = start + text.len();
    source.get(start..end).map(|_| start..end)
}

/// The characters of the string at `range` of `source`, its quotes included.
pub(super) fn chunks(source: &str, range: Range<usize>) -> Vec<Chunk> {
    let text = &source[range.clone()];
    if !text.starts_with('"') || text.len() < 2 {
        return Vec::new();
    }
    let end = range.end - 1;
    let (mut out, mut from) = (Vec::new(), range.start + 1);
    while let Some(offset) = memchr::memchr(b'\\', &source.as_bytes()[from..end]) {
        let at = from + offset;
        out.push(Chunk::Copy(from..at));
        let (c, len) = escaped(&source[at..end]);
        out.push(Chunk::Char(c, at..at + len));
        from = at + len;
    }
    out.push(Chunk::Copy(from..end));
    out.retain(|chunk| !matches!(chunk, Chunk::Copy(r) if r.is_empty()));
    out
}

/// The character that the escape at the start of `text` stands for, and the escape's length.
fn escaped(text: &str) -> (char, usize) {
    let unit = |at: usize| {
        let digits = text.get(at..at + 4)?;
        u32::from_str_radix(digits, 16).ok()
    };
    match text.as_bytes().get(1) {
        Some(b'u') => {
            let Some(first) = unit(2) else {
                return ('\\', 1);
            };
            if let Some(c) = char::from_u32(first) {
                return (c, 6);
            }
            let second = text.get(6..8).filter(|&s| s == "\\u").and_then(|_| unit(8));
            match second {
                Some(low @ 0xDC00..=0xDFFF) if (0xD800..0xDC00).contains(&first) => {
                    let code = 0x10000 + ((first - 0xD800) << 10) + (low - 0xDC00);
                    (
                        char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER),
                        12,
                    )
                }
                _ => (char::REPLACEMENT_CHARACTER, 6),
            }
        }
        Some(b'n' | b'r' | b't' | b'b' | b'f') => (' ', 2),
        Some(&b) if b.is_ascii() => (char::from(b), 2),
        _ => ('\\', 1),
    }
}
