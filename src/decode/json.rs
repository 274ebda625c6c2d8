//! JSON read value by value, each with its place in the source; what was cut off is completed.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::value::RawValue;

use super::DecodeError;
use super::build::{Builder, Chunk};

/// One or more values of JSON that follow each other.
pub(super) struct Document<'d> {
    /// The source; where that breaks off, what is whole of it and the brackets that it lacks.
    text: Cow<'d, str>,
    /// What the source breaks off in.
    broken: Option<&'static str>,
}

impl<'d> Document<'d> {
    /// Reads the source of `builder`, which is of `format` (for messages).
    ///
    /// # Errors
    /// What is no JSON; but that the source breaks off is none.
    pub(super) fn new(builder: &Builder<'d>, format: &'static str) -> Result<Self, DecodeError> {
        let source = builder.source();
        let Err(error) = values(source) else {
            return Ok(Self {
                text: Cow::Borrowed(source),
                broken: None,
            });
        };
        if !error.is_eof() {
            let at = offset(source, error.line(), error.column());
            let message = error.to_string();
            let what = message.rsplit_once(" at line ").map_or(&*message, |m| m.0);
            return Err(builder.malformed(format, at, what.to_owned()));
        }
        let open = scan(source).open;
        Ok(Self {
            text: Cow::Owned(whole(source)),
            broken: Some(match open.last() {
                Some(b'{') => "inside an object",
                Some(_) => "inside a list",
                None => "inside a value",
            }),
        })
    }

    /// Its values.
    pub(super) fn values(&self) -> Vec<Value<'_>> {
        let found = values(&self.text).unwrap_or_default();
        let with = |raw| Value {
            raw,
            source: &self.text,
        };
        found.into_iter().map(with).collect()
    }

    /// True when the source breaks off.
    pub(super) fn is_broken(&self) -> bool {
        self.broken.is_some()
    }

    /// Says so to `builder` when the source breaks off.
    pub(super) fn finish(&self, builder: &mut Builder<'_>) {
        if let Some(inside) = self.broken {
            builder.broken_off(builder.source().len(), inside);
        }
    }
}

fn values(text: &str) -> serde_json::Result<Vec<&RawValue>> {
    let stream = serde_json::Deserializer::from_str(text).into_iter();
    stream.collect()
}

/// The byte at a line and column as `serde_json` counts them: both from 1, columns in bytes.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let before = text.split_inclusive('\n').take(line.saturating_sub(1));
    let start: usize = before.map(str::len).sum();
    text.floor_char_boundary(start + column.saturating_sub(1))
}

/// What [`scan`] finds.
#[derive(Default)]
struct Scan {
    /// One past the last value that is whole.
    end: usize,
    /// The brackets that are open at the end.
    open: Vec<u8>,
}

/// Goes over JSON that is right as far as it goes.
fn scan(text: &str) -> Scan {
    let mut found = Scan::default();
    let bytes = text.as_bytes();
    // In an object a string before a colon is a key, which is no value.
    let mut value = true;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'[' | b'{' => {
                found.open.push(byte);
                value = byte == b'[';
            }
            b']' | b'}' => {
                found.open.pop();
                found.end = at;
            }
            b':' => value = true,
            b',' => {
                found.end = at - 1;
                value = found.open.last() != Some(&b'{');
            }
            b'"' => {
                while let Some(&byte) = bytes.get(at) {
                    at += if byte == b'\\' { 2 } else { 1 };
                    if byte == b'"' {
                        found.end = if value { at } else { found.end };
                        break;
                    }
                }
            }
            _ => {}
        }
    }
    found
}

/// The values of `text` that are whole, in brackets that are closed.
fn whole(text: &str) -> String {
    let mut out = text[..scan(text).end].to_owned();
    for bracket in scan(&out).open.into_iter().rev() {
        out.push(if bracket == b'[' { ']' } else { '}' });
    }
    out
}

/// A value.
#[derive(Clone, Copy)]
pub(super) struct Value<'v> {
    raw: &'v RawValue,
    source: &'v str,
}

/// The values of an object by their keys, `null` left out.
pub(super) type Object<'v> = BTreeMap<Cow<'v, str>, Value<'v>>;

impl<'v> Value<'v> {
    fn within(self, raw: &'v RawValue) -> Self {
        Self { raw, ..self }
    }

    /// The values of a list.
    pub(super) fn list(self) -> Option<Vec<Self>> {
        let items: Vec<&'v RawValue> = serde_json::from_str(self.raw.get()).ok()?;
        Some(items.into_iter().map(|raw| self.within(raw)).collect())
    }

    /// The values of an object.
    pub(super) fn object(self) -> Option<Object<'v>> {
        let items: BTreeMap<Cow<'v, str>, &'v RawValue> =
            serde_json::from_str(self.raw.get()).ok()?;
        let items = items.into_iter().map(|(k, raw)| (k, self.within(raw)));
        Some(items.filter(|(_, value)| !value.is_null()).collect())
    }

    /// True for `null`.
    pub(super) fn is_null(self) -> bool {
        self.raw.get() == "null"
    }

    /// A number as it is written; it may stand in quotes.
    pub(super) fn number(self) -> Option<&'v str> {
        let text = self.raw.get();
        let text = text
            .strip_prefix('"')
            .map_or(text, |t| t.trim_end_matches('"'));
        let sign = text.strip_prefix(['-', '+']).unwrap_or(text);
        sign.starts_with(|c: char| c.is_ascii_digit() || c == '.')
            .then_some(text)
    }

    /// The characters of a string.
    pub(super) fn text(self) -> Option<Vec<Chunk>> {
        if !self.raw.get().starts_with('"') {
            return None;
        }
        Some(chunks(self.source, self.place()))
    }

    /// Where it stands in the source.
    pub(super) fn place(self) -> Range<usize> {
        let text = self.raw.get();
        // It was cut out of the source.
        let start = (text.as_ptr() as usize).saturating_sub(self.source.as_ptr() as usize);
        start..start + text.len()
    }
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
        Some(b'n') => ('\n', 2),
        Some(b'r' | b't' | b'b' | b'f') => (' ', 2),
        Some(&b) if b.is_ascii() => (char::from(b), 2),
        _ => ('\\', 1),
    }
}
