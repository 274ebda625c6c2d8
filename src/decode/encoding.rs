//! Bytes → characters.

use std::borrow::Cow;
use std::fmt::{self, Write as _};
use std::str::FromStr;

use encoding_rs::DecoderResult;

use super::{ByteMap, DecodeError, detect};
use crate::base::{Diagnostic, Place, Span};

/// Stretches of bad bytes that get a diagnostic of their own; the rest is counted in one.
const MAX_DIAGNOSTICS: usize = 50;

/// Bad bytes that a diagnostic spells out.
const MAX_HEX: usize = 16;

/// A character encoding that pages are read in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// GB18030, which GBK and GB2312 are parts of.
    Gb18030,
    /// Big5 with the Hong Kong characters.
    Big5,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
}

impl Encoding {
    /// The name in the JSON: `UTF-8`, `GB18030`, `Big5`, `UTF-16LE` or `UTF-16BE`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Gb18030 => "GB18030",
            Self::Big5 => "Big5",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
        }
    }

    fn decoder(self) -> encoding_rs::Decoder {
        match self {
            Self::Utf8 => encoding_rs::UTF_8,
            Self::Gb18030 => encoding_rs::GB18030,
            Self::Big5 => encoding_rs::BIG5,
            Self::Utf16Le => encoding_rs::UTF_16LE,
            Self::Utf16Be => encoding_rs::UTF_16BE,
        }
        .new_decoder_without_bom_handling()
    }

    /// The byte order mark: U+FEFF in this encoding; none in Big5.
    pub(super) fn byte_order_mark(self) -> &'static [u8] {
        match self {
            Self::Utf8 => b"\xEF\xBB\xBF",
            Self::Gb18030 => b"\x84\x31\x95\x33",
            Self::Big5 => b"",
            Self::Utf16Le => b"\xFF\xFE",
            Self::Utf16Be => b"\xFE\xFF",
        }
    }

    /// Length of the code that `source` begins with, in bytes of the source and of UTF-8 text, the
    /// text beginning with `text`. `source` must be well-formed.
    fn step(self, source: &[u8], text: u8) -> (u8, u8) {
        let text_len = match text {
            0..0x80 => 1,
            0x80..0xE0 => 2,
            0xE0..0xF0 => 3,
            _ => 4,
        };
        let first = source.first().copied().unwrap_or_default();
        let second = source.get(1).copied().unwrap_or_default();
        match self {
            Self::Utf8 => (text_len, text_len),
            Self::Gb18030 => match (first, second) {
                (0..=0x80, _) => (1, text_len), // 0x80 is the euro sign of code page 936
                (_, b'0'..=b'9') => (4, text_len),
                _ => (2, text_len),
            },
            Self::Big5 => match (first, second) {
                (0..0x80, _) => (1, text_len),
                // the four codes of a letter and a combining mark, 2 + 2 bytes
                (0x88, 0x62 | 0x64 | 0xA3 | 0xA5) => (2, 4),
                _ => (2, text_len),
            },
            Self::Utf16Le | Self::Utf16Be if text_len == 4 => (4, 4),
            Self::Utf16Le | Self::Utf16Be => (2, text_len),
        }
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Which encoding to read a source in.
///
/// ```
/// use gongbao::decode::encoding::{Encoding, EncodingChoice};
/// assert_eq!("gbk".parse(), Ok(EncodingChoice::Forced(Encoding::Gb18030)));
/// assert_eq!("auto".parse(), Ok(EncodingChoice::Detect));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EncodingChoice {
    /// Find out from the bytes.
    #[default]
    Detect,
    /// This one, whatever the bytes look like.
    Forced(Encoding),
}

/// A name that is no encoding, or one that pages are not read in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "not an encoding of Chinese text: {0:?}; expected auto, utf-8, gb18030 (or gbk, gb2312), \
     big5, utf-16le or utf-16be"
)]
pub struct EncodingChoiceError(pub String);

impl FromStr for EncodingChoice {
    type Err = EncodingChoiceError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let lower = name.trim().to_ascii_lowercase();
        // what people write and the WHATWG's list of labels lacks
        let label = match lower.as_str() {
            "auto" | "detect" => return Ok(Self::Detect),
            "cp936" | "ms936" | "windows-936" | "gb-18030" => "gb18030",
            "cp950" | "ms950" | "windows-950" => "big5",
            "utf16" | "utf16le" => "utf-16le",
            "utf16be" => "utf-16be",
            other => other,
        };
        let found = encoding_rs::Encoding::for_label(label.as_bytes());
        Ok(Self::Forced(match found {
            Some(e) if e == encoding_rs::UTF_8 => Encoding::Utf8,
            Some(e) if e == encoding_rs::GBK || e == encoding_rs::GB18030 => Encoding::Gb18030,
            Some(e) if e == encoding_rs::BIG5 => Encoding::Big5,
            Some(e) if e == encoding_rs::UTF_16LE => Encoding::Utf16Le,
            Some(e) if e == encoding_rs::UTF_16BE => Encoding::Utf16Be,
            _ => return Err(EncodingChoiceError(name.to_owned())),
        }))
    }
}

/// The characters of a source.
pub(super) struct Decoded<'a> {
    pub(super) encoding: &'static str,
    pub(super) text: Cow<'a, str>,
    pub(super) map: ByteMap,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Reads `bytes` in the chosen encoding, its byte order mark left out.
pub(super) fn decode(bytes: &[u8], choice: EncodingChoice) -> Result<Decoded<'_>, DecodeError> {
    // two Han of UTF-16 may be any magic number
    let utf16 = matches!(
        choice,
        EncodingChoice::Forced(Encoding::Utf16Le | Encoding::Utf16Be)
    );
    if let Some(why) = detect::other_format(bytes)
        && !utf16
    {
        return Err(DecodeError::Binary { why: why.into() });
    }
    let utf8 = match choice {
        EncodingChoice::Detect | EncodingChoice::Forced(Encoding::Utf8) => {
            simdutf8::basic::from_utf8(bytes).ok()
        }
        EncodingChoice::Forced(_) => None,
    };
    let encoding = match choice {
        EncodingChoice::Detect => detect::encoding(bytes, utf8)?,
        EncodingChoice::Forced(encoding) => encoding,
    };
    let mark = encoding.byte_order_mark();
    let skip = if bytes.starts_with(mark) {
        mark.len()
    } else {
        0
    };
    let mut mending = Mending::new(bytes, encoding, skip);
    let (text, map) = match (encoding, utf8) {
        // a mark is a character of its own
        (Encoding::Utf8, Some(text)) => (
            Cow::Borrowed(&text[skip..]),
            ByteMap::identity(skip, text.len() - skip),
        ),
        (Encoding::Utf8, None) => mending.utf8(skip),
        _ => mending.legacy(skip),
    };
    mending.check_bad(bytes.len() - skip)?;
    if let Some((at, byte)) = detect::many_controls(&text) {
        let at = map.source_of(Span::new(at, at + 1)).start;
        return Err(DecodeError::Binary {
            why: format!(
                "many control characters when read as {encoding} (first {byte:#04X} at byte {at})"
            ),
        });
    }
    Ok(Decoded {
        encoding: encoding.name(),
        text,
        map,
        diagnostics: mending.diagnostics(),
    })
}

/// Bytes in a row that do not decode.
struct BadRun {
    /// Where they stand in the source …
    source: Span,
    /// … and where their U+FFFD begin in the text.
    text: usize,
}

/// Decoding that replaces bad bytes and remembers them.
struct Mending<'a> {
    bytes: &'a [u8],
    encoding: Encoding,
    /// The first [`MAX_DIAGNOSTICS`] runs of bad bytes.
    runs: Vec<BadRun>,
    /// Number of runs beyond these.
    more_runs: usize,
    /// Number of bad bytes in all.
    bad: usize,
    /// Offset of the first bad byte …
    first: usize,
    /// … and the end of the last.
    end: usize,
}

impl<'a> Mending<'a> {
    fn new(bytes: &'a [u8], encoding: Encoding, skip: usize) -> Self {
        Self {
            bytes,
            encoding,
            runs: Vec::new(),
            more_runs: 0,
            bad: 0,
            first: skip,
            end: 0,
        }
    }

    /// The text from byte `skip` on, in damaged UTF-8.
    fn utf8(&mut self, skip: usize) -> (Cow<'a, str>, ByteMap) {
        let rest = &self.bytes[skip..];
        let mut text = String::with_capacity(rest.len() + 64);
        let mut map = ByteMap::default();
        let mut at = skip;
        for chunk in rest.utf8_chunks() {
            text.push_str(chunk.valid());
            map.push_copy(at, chunk.valid().len());
            at += chunk.valid().len();
            self.replace(at, chunk.invalid().len(), &mut text, &mut map);
            at += chunk.invalid().len();
        }
        (text.into(), map)
    }

    /// The text from byte `skip` on, in any other encoding.
    fn legacy(&mut self, skip: usize) -> (Cow<'a, str>, ByteMap) {
        let mut text = String::with_capacity((self.bytes.len() - skip) / 2 * 3 + 16);
        let mut map = ByteMap::default();
        let mut at = skip; // everything before is in the text
        while at < self.bytes.len() {
            // A decoder that met a malformed code holds back what it read beyond; a new one reads
            // that again, so no state has to be known.
            let mut decoder = self.encoding.decoder();
            let (good, mut read) = (text.len(), at);
            let bad = loop {
                let source = &self.bytes[read..];
                let (result, n) =
                    decoder.decode_to_string_without_replacement(source, &mut text, true);
                read += n;
                match result {
                    DecoderResult::InputEmpty => break 0,
                    DecoderResult::OutputFull => text.reserve((self.bytes.len() - read) * 2 + 16),
                    DecoderResult::Malformed(len, beyond) => {
                        let len = usize::from(len);
                        let start = read - usize::from(beyond) - len;
                        let bad = self.bad_len(start, len);
                        read = start + bad;
                        break bad;
                    }
                }
            };
            self.map_good(at, read - bad, &text.as_bytes()[good..], &mut map);
            self.replace(read - bad, bad, &mut text, &mut map);
            at = read;
        }
        (text.into(), map)
    }

    /// How many of the `len` bytes of a malformed code at `start` are bad: those before a digit or
    /// letter, which stands for itself when the code around it does not hold.
    fn bad_len(&self, start: usize, len: usize) -> usize {
        let cut = || self.bytes.get(start + 1).is_some_and(u8::is_ascii);
        if self.encoding == Encoding::Gb18030 && cut() {
            1
        } else {
            len
        }
    }

    /// Maps the `text` of the well-formed bytes from `start` to `end`, code by code.
    fn map_good(&self, start: usize, end: usize, text: &[u8], map: &mut ByteMap) {
        let source = &self.bytes[start..end];
        let (mut at, mut to) = (0, 0);
        while let (Some(rest), Some(&first)) = (source.get(at..), text.get(to)) {
            let step = self.encoding.step(rest, first);
            let (source_len, text_len) = (usize::from(step.0), usize::from(step.1));
            let run = at;
            (at, to) = (at + source_len, to + text_len);
            while let (Some(rest), Some(&first)) = (source.get(at..), text.get(to))
                && self.encoding.step(rest, first) == step
            {
                (at, to) = (at + source_len, to + text_len);
            }
            map.push_run(step.1, start + run, step.0, (at - run) / source_len);
        }
        debug_assert_eq!((at, to), (source.len(), text.len()));
    }

    /// One U+FFFD for each of the `len` bytes at `start`.
    fn replace(&mut self, start: usize, len: usize, text: &mut String, map: &mut ByteMap) {
        if len == 0 {
            return;
        }
        if self.bad == 0 {
            self.first = start;
        }
        if self.bad == 0 || self.end != start {
            if self.runs.len() < MAX_DIAGNOSTICS {
                self.runs.push(BadRun {
                    source: Span::new(start, start),
                    text: text.len(),
                });
            } else {
                self.more_runs += 1;
            }
        }
        self.bad += len;
        self.end = start + len;
        if self.more_runs == 0
            && let Some(run) = self.runs.last_mut()
        {
            run.source.end = self.end as u32;
        }
        for at in start..self.end {
            text.push(char::REPLACEMENT_CHARACTER);
            map.push(char::REPLACEMENT_CHARACTER.len_utf8() as u8, at, 1);
        }
    }

    /// Fails when too much of the `len` bytes of text is bad. A few bytes are let pass, so that a
    /// short text may end within a character.
    fn check_bad(&self, len: usize) -> Result<(), DecodeError> {
        let bad = self.bad;
        let over = |percent| bad * 100 > len * percent;
        if over(50) || (bad > 3 && over(30)) || (bad > 16 && over(20)) {
            return Err(DecodeError::Undecodable {
                encoding: self.encoding.name(),
                bad,
                bytes: len,
                first: self.first,
            });
        }
        Ok(())
    }

    fn diagnostics(self) -> Vec<Diagnostic> {
        let mut found: Vec<_> = self.runs.iter().map(|run| self.diagnostic(run)).collect();
        if self.more_runs > 0 {
            let listed: usize = self.runs.iter().map(|run| run.source.len()).sum();
            let message = format!(
                "{} more bytes in {} places do not decode as {}; each replaced by U+FFFD",
                self.bad - listed,
                self.more_runs,
                self.encoding
            );
            found.push(Diagnostic::warning("undecodable", message, Place::Whole));
        }
        found
    }

    fn diagnostic(&self, run: &BadRun) -> Diagnostic {
        let bad = &self.bytes[run.source.range()];
        let mut hex = String::new();
        for byte in bad.iter().take(MAX_HEX) {
            let _ = write!(hex, " {byte:02X}"); // a String takes everything
        }
        if bad.len() > MAX_HEX {
            hex.push_str(" …");
        }
        let message = match bad.len() {
            1 => format!(
                "byte {} does not decode as {}:{hex}; replaced by U+FFFD",
                run.source.start, self.encoding
            ),
            n => format!(
                "{n} bytes from byte {} on do not decode as {}:{hex}; each replaced by U+FFFD",
                run.source.start, self.encoding
            ),
        };
        let width = char::REPLACEMENT_CHARACTER.len_utf8();
        let place = Place::Page(Span::new(run.text, run.text + bad.len() * width));
        Diagnostic::warning("undecodable", message, place)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ALL: [Encoding; 5] = [
        Encoding::Utf8,
        Encoding::Gb18030,
        Encoding::Big5,
        Encoding::Utf16Le,
        Encoding::Utf16Be,
    ];

    /// `text` in `encoding`, or nothing when it has other characters.
    fn encode(text: &str, encoding: Encoding) -> Option<Vec<u8>> {
        let encoder = match encoding {
            Encoding::Utf8 => return Some(text.into()),
            Encoding::Gb18030 => encoding_rs::GB18030,
            Encoding::Big5 => encoding_rs::BIG5,
            Encoding::Utf16Le => {
                return Some(text.encode_utf16().flat_map(u16::to_le_bytes).collect());
            }
            Encoding::Utf16Be => {
                return Some(text.encode_utf16().flat_map(u16::to_be_bytes).collect());
            }
        };
        let (bytes, _, unmappable) = encoder.encode(text);
        (!unmappable).then(|| bytes.into_owned())
    }

    fn forced(bytes: &[u8], encoding: Encoding) -> Result<Decoded<'_>, DecodeError> {
        decode(bytes, EncodingChoice::Forced(encoding))
    }

    /// Decoding without the checks on the whole.
    fn mended(bytes: &[u8], encoding: Encoding) -> (Cow<'_, str>, ByteMap, usize) {
        let mut mending = Mending::new(bytes, encoding, 0);
        let (text, map) = match encoding {
            Encoding::Utf8 => mending.utf8(0),
            _ => mending.legacy(0),
        };
        let bad = mending.bad;
        (text, map, bad)
    }

    /// Checks the law of the map: each character's source bytes decode to it, and all of them in
    /// order are all of `bytes`.
    fn check_map(bytes: &[u8], encoding: Encoding) {
        let (text, map, bad) = mended(bytes, encoding);
        let (mut end, mut replaced) = (0, 0);
        let mut last = Span::default();
        for (at, c) in text.char_indices() {
            let span = map.source_of(Span::new(at, at + c.len_utf8()));
            let source = &bytes[span.range()];
            if span == last {
                continue; // second code point of a code of Big5
            }
            assert_eq!(span.start, end, "gap before {c:?} in {bytes:02X?}");
            let (alone, _, alone_bad) = mended(source, encoding);
            if alone_bad > 0 {
                assert_eq!((c, source.len()), (char::REPLACEMENT_CHARACTER, 1));
                replaced += 1;
            } else {
                assert!(text[at..].starts_with(&*alone), "{c:?} from {source:02X?}");
            }
            (end, last) = (span.end, span);
        }
        assert_eq!((end as usize, replaced), (bytes.len(), bad));
    }

    #[test]
    fn names() {
        for (name, want) in [
            ("gbk", Encoding::Gb18030),
            ("GB2312", Encoding::Gb18030),
            ("cp936", Encoding::Gb18030),
            ("x-gbk", Encoding::Gb18030),
            ("gb18030", Encoding::Gb18030),
            ("Big5-HKSCS", Encoding::Big5),
            ("cp950", Encoding::Big5),
            ("utf8", Encoding::Utf8),
            ("utf-16", Encoding::Utf16Le),
            ("UTF-16BE", Encoding::Utf16Be),
        ] {
            assert_eq!(name.parse(), Ok(EncodingChoice::Forced(want)), "{name}");
        }
        for encoding in ALL {
            let back = encoding.name().parse();
            assert_eq!(back, Ok(EncodingChoice::Forced(encoding)));
        }
        assert_eq!(" auto ".parse(), Ok(EncodingChoice::Detect));
        for name in ["", "euc-kr", "shift_jis", "latin1", "gbk18030"] {
            let error = name.parse::<EncodingChoice>().unwrap_err().to_string();
            assert!(error.contains(&format!("{name:?}")) && error.contains("gb18030"));
        }
    }

    #[test]
    fn valid_utf8_is_not_copied() {
        for (bytes, text) in [
            ("产值12亿元".as_bytes(), "产值12亿元"),
            ("\u{FEFF}产值".as_bytes(), "产值"),
            (b"GDP", "GDP"),
        ] {
            let decoded = decode(bytes, EncodingChoice::Detect).unwrap();
            assert_eq!(decoded.encoding, "UTF-8");
            assert!(matches!(decoded.text, Cow::Borrowed(t) if t == text));
            let end = decoded.map.source_of(Span::new(0, text.len())).end;
            assert_eq!(end as usize, bytes.len());
        }
    }

    #[test]
    fn byte_order_marks_are_left_out() {
        for encoding in ALL {
            let Some(bytes) = encode("\u{FEFF}产值", encoding) else {
                continue; // Big5 has none
            };
            for choice in [EncodingChoice::Detect, EncodingChoice::Forced(encoding)] {
                let decoded = decode(&bytes, choice).unwrap();
                assert_eq!(
                    (decoded.encoding, &*decoded.text),
                    (encoding.name(), "产值")
                );
                let mark = encoding.byte_order_mark().len() as u32;
                assert_eq!(decoded.map.source_of(Span::new(0, 3)).start, mark);
            }
        }
    }

    #[test]
    fn each_bad_byte_is_one_replacement_with_its_offset() {
        for (bytes, encoding, text, messages) in [
            (
                &b"12\xFF\xFE34567890\x80"[..],
                Encoding::Utf8,
                "12\u{FFFD}\u{FFFD}34567890\u{FFFD}",
                &[
                    "2 bytes from byte 2 on do not decode as UTF-8: FF FE; each replaced by U+FFFD",
                    "byte 12 does not decode as UTF-8: 80; replaced by U+FFFD",
                ][..],
            ),
            // A lead byte without a trail; a cut-off last character.
            (
                b"\xB2\xFA\xD6 12\xB2\xFA\xD6",
                Encoding::Gb18030,
                "产\u{FFFD} 12产\u{FFFD}",
                &[
                    "byte 2 does not decode as GB18030: D6; replaced by U+FFFD",
                    "byte 8 does not decode as GB18030: D6; replaced by U+FFFD",
                ],
            ),
            // Four bytes that begin a code and end as something else.
            (
                b"\x81\x30\x81A\xB2\xFA1234",
                Encoding::Gb18030,
                "\u{FFFD}0丄产1234",
                &["byte 0 does not decode as GB18030: 81; replaced by U+FFFD"],
            ),
            // A lone surrogate and an odd last byte.
            (
                b"\xA7\x4E\x00\xD8\x41\x00\x42\x00\x43\x00\x44",
                Encoding::Utf16Le,
                "产\u{FFFD}\u{FFFD}ABC\u{FFFD}",
                &[
                    "2 bytes from byte 2 on do not decode as UTF-16LE: 00 D8; each replaced by U+FFFD",
                    "byte 10 does not decode as UTF-16LE: 44; replaced by U+FFFD",
                ],
            ),
        ] {
            let decoded = forced(bytes, encoding).unwrap();
            assert_eq!(decoded.text, text);
            let found: Vec<_> = decoded.diagnostics.iter().map(|d| &*d.message).collect();
            assert_eq!(found, messages);
            for diagnostic in &decoded.diagnostics {
                let Place::Page(span) = diagnostic.place else {
                    panic!("{diagnostic:?}");
                };
                assert!(span.of(&decoded.text).chars().all(|c| c == '\u{FFFD}'));
            }
        }
    }

    #[test]
    fn many_bad_places_are_counted() {
        let bytes = b"0123456789\xFF".repeat(120);
        let decoded = forced(&bytes, Encoding::Utf8).unwrap();
        assert_eq!(decoded.diagnostics.len(), MAX_DIAGNOSTICS + 1);
        assert_eq!(
            decoded.diagnostics[MAX_DIAGNOSTICS].message,
            "70 more bytes in 70 places do not decode as UTF-8; each replaced by U+FFFD"
        );
    }

    #[test]
    fn one_code_of_big5_for_two_code_points() {
        let decoded = forced(b"\xA4\x40\x88\x62\xA4\x40", Encoding::Big5).unwrap();
        assert_eq!(decoded.text, "一\u{CA}\u{304}一");
        for span in [Span::new(3, 5), Span::new(5, 7), Span::new(3, 7)] {
            assert_eq!(decoded.map.source_of(span), Span::new(2, 4));
        }
        assert_eq!(decoded.map.source_of(Span::new(7, 10)), Span::new(4, 6));
    }

    #[test]
    fn every_code_of_the_double_byte_encodings() {
        for encoding in [Encoding::Gb18030, Encoding::Big5] {
            let mut bytes = vec![b'1'];
            for lead in 0x80..=0xFF {
                for trail in 0x00..=0xFF {
                    bytes.extend([lead, trail, b'1']);
                }
            }
            check_map(&bytes, encoding);
        }
    }

    #[test]
    fn mostly_undecodable() {
        let gbk = encode("全县实现地区生产总值", Encoding::Gb18030).unwrap();
        assert_eq!(
            forced(&gbk, Encoding::Utf8).err(),
            Some(DecodeError::Undecodable {
                encoding: "UTF-8",
                bad: 12, // 4 pairs happen to be valid
                bytes: 20,
                first: 2
            })
        );
    }

    #[test]
    fn control_characters_are_no_text() {
        let Err(DecodeError::Binary { why }) = forced(b"\xB2\xFA\x02\x03", Encoding::Gb18030)
        else {
            panic!("taken for text");
        };
        assert!(why.ends_with("(first 0x02 at byte 2)"), "{why}");
    }

    /// Bytes that the encodings stumble over.
    fn any_bytes() -> impl Strategy<Value = Vec<u8>> {
        let byte = prop_oneof![
            any::<u8>(),
            b'0'..=b'9',
            0x81..=0xFE_u8,
            prop_oneof![Just(0x80), Just(0x88), Just(0x62), Just(0xFF), Just(0xD8)],
        ];
        prop::collection::vec(byte, 0..60)
    }

    /// Text that GB18030 and Unicode agree on, in planes 0 and 2.
    fn any_text() -> impl Strategy<Value = String> {
        let char = prop_oneof![
            prop::char::range(' ', '~'),
            prop::char::range('\u{4E00}', '\u{9FA5}'),
            prop::char::range('\u{20000}', '\u{2A6D6}'),
            prop::sample::select(vec!['，', '。', '％', '１', '·', '\n', '㎡', '①', 'é']),
        ];
        prop::collection::vec(char, 0..40).prop_map(String::from_iter)
    }

    proptest! {
        #[test]
        fn the_map_is_exact(bytes in any_bytes()) {
            for encoding in ALL {
                check_map(&bytes, encoding);
            }
        }

        #[test]
        fn no_bytes_panic(bytes in any_bytes()) {
            for encoding in ALL {
                let _ = forced(&bytes, encoding);
            }
            let _ = decode(&bytes, EncodingChoice::Detect);
            let _ = decode(&bytes.repeat(200), EncodingChoice::Detect);
        }

        #[test]
        fn what_is_encoded_decodes_to_the_same(text in any_text()) {
            for encoding in ALL {
                if let Some(bytes) = encode(&text, encoding) {
                    let decoded = forced(&bytes, encoding).unwrap();
                    prop_assert_eq!(&*decoded.text, &*text);
                    prop_assert!(decoded.diagnostics.is_empty());
                    check_map(&bytes, encoding);
                }
            }
        }

        #[test]
        fn big5_decodes_to_the_same(
            text in prop::collection::vec(prop::sample::select(
                "糧食總產量萬公噸，比上年增長。0123456789.%一二三\n".chars().collect::<Vec<_>>()
            ), 0..40).prop_map(String::from_iter)
        ) {
            for encoding in ALL {
                let bytes = encode(&text, encoding).unwrap();
                prop_assert_eq!(&*forced(&bytes, encoding).unwrap().text, &*text);
            }
        }
    }
}
