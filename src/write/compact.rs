//! A record as JSON without blanks, straight into memory: the bytes that `serde_json` gives.
//!
//! A page has some thousand fields in ten times its own bytes, so each costs a copy of its name and
//! no more. Names stand here once more; a field or variant that is missing does not compile, and the
//! tests hold every byte against `serde_json`.

use std::io;
use std::sync::Arc;

use smol_str::SmolStr;

use crate::base::{Decimal, Severity};
use crate::record::{
    Basis, Candidate, Check, CheckKind, CheckStatus, Correction, Decision, Document,
    DocumentPeriod, Finding, Indicator, Jump, JumpKind, LabelStyle, Measure, MentionRepair,
    MetadataKey, Metadatum, Original, OtherReading, PageSource, Paragraph, PartRole, Period, Piece,
    Precision, PrintedPage, Record, Region, Relation, Repair, Section, Source, SourcePart, Status,
};

/// Is given what has been written so far, of whole characters.
pub(super) type Passed<'a> = dyn FnMut(&mut Vec<u8>) -> io::Result<()> + 'a;

/// What has a form in JSON.
pub(super) trait Compact {
    /// Appends it to `out`.
    fn write(&self, out: &mut Vec<u8>);

    /// Appends it bit by bit, so that `passed` may take what there is of it and make room.
    ///
    /// # Errors
    /// Those of `passed`.
    fn pieces(&self, out: &mut Vec<u8>, passed: &mut Passed<'_>) -> io::Result<()> {
        self.write(out);
        passed(out)
    }

    /// Appends it as a field: behind `name`, which has its colon, or, when nothing has to be
    /// written, `null`, which is the name with that value.
    #[inline]
    fn field(&self, name: &[u8], _null: &[u8], out: &mut Vec<u8>) {
        out.extend_from_slice(name);
        self.write(out);
    }
}

macro_rules! object {
    (@write $first:ident $(, $field:ident)* $(,)?) => {
        fn write(&self, out: &mut Vec<u8>) {
            let Self { $first $(, $field)* } = self;
            $first.field(
                concat!("{\"", stringify!($first), "\":").as_bytes(),
                concat!("{\"", stringify!($first), "\":null").as_bytes(),
                out,
            );
            $($field.field(
                concat!(",\"", stringify!($field), "\":").as_bytes(),
                concat!(",\"", stringify!($field), "\":null").as_bytes(),
                out,
            );)*
            out.push(b'}');
        }
    };
    (@pieces $first:ident $(, $field:ident)* $(,)?) => {
        fn pieces(&self, out: &mut Vec<u8>, passed: &mut Passed<'_>) -> io::Result<()> {
            let Self { $first $(, $field)* } = self;
            out.extend_from_slice(concat!("{\"", stringify!($first), "\":").as_bytes());
            $first.pieces(out, passed)?;
            $(
                out.extend_from_slice(concat!(",\"", stringify!($field), "\":").as_bytes());
                $field.pieces(out, passed)?;
            )*
            out.push(b'}');
            passed(out)
        }
    };
    ($type:ident in pieces { $($fields:tt)* }) => {
        impl Compact for $type {
            object!(@write $($fields)*);
            object!(@pieces $($fields)*);
        }
    };
    ($type:ident { $($fields:tt)* }) => {
        impl Compact for $type {
            object!(@write $($fields)*);
        }
    };
}

macro_rules! names {
    ($type:ident { $($variant:ident = $name:literal),* $(,)? }) => {
        impl Compact for $type {
            #[inline]
            fn write(&self, out: &mut Vec<u8>) {
                let name = match self {
                    $(Self::$variant => concat!("\"", $name, "\""),)*
                };
                out.extend_from_slice(name.as_bytes());
            }
        }

        #[cfg(test)]
        impl tests::Variants for $type {
            const ALL: &'static [Self] = &[$(Self::$variant),*];
        }
    };
}

object!(Record in pieces {
    schema,
    source,
    document,
    text,
    paragraphs,
    sections,
    indicators,
    checks,
    jumps,
    repairs,
    corrections,
    diagnostics,
});
object!(PageSource {
    name,
    format,
    reader,
    original,
    bytes,
    sha256,
    encoding,
    lines,
    pages,
    parts,
    metadata,
});
object!(Metadatum { key, value, origin });
object!(SourcePart {
    role,
    name,
    format,
    reader,
    original,
    bytes,
    sha256,
    encoding,
    lines,
    pages,
});
object!(Original {
    bytes,
    sha256,
    reading
});
object!(PrintedPage {
    number,
    width,
    height,
    unit
});
object!(Document {
    title,
    issuer,
    region,
    period,
    published,
    page
});
object!(Region { name, code });
object!(DocumentPeriod { text, start, end });

impl Compact for Source {
    fn write(&self, out: &mut Vec<u8>) {
        let Self {
            start,
            end,
            line,
            end_line,
            pieces,
            page,
            bbox,
            confidence,
        } = self;
        out.extend_from_slice(b"{\"start\":");
        start.write(out);
        out.extend_from_slice(b",\"end\":");
        end.write(out);
        out.extend_from_slice(b",\"line\":");
        line.write(out);
        out.extend_from_slice(b",\"end_line\":");
        end_line.write(out);
        // of plain text, nearly all have none of the others
        if let (None, None, None, None) = (pieces, page, bbox, confidence) {
            let none = br#","pieces":null,"page":null,"bbox":null,"confidence":null}"#;
            return out.extend_from_slice(none);
        }
        pieces.field(b",\"pieces\":", b",\"pieces\":null", out);
        page.field(b",\"page\":", b",\"page\":null", out);
        bbox.field(b",\"bbox\":", b",\"bbox\":null", out);
        confidence.field(b",\"confidence\":", b",\"confidence\":null", out);
        out.push(b'}');
    }
}

object!(Piece { file, start, end });
object!(Paragraph {
    start,
    end,
    section,
    source
});
object!(Section {
    id,
    parent,
    level,
    label,
    number,
    style,
    title,
    start,
    end,
    source,
});
object!(Period {
    text,
    start,
    end,
    inherited
});
object!(MentionRepair { from, why });
object!(Indicator {
    id,
    section,
    name,
    concept,
    measure,
    value,
    unit,
    base_value,
    base_unit,
    components,
    precision,
    lower,
    upper,
    basis,
    period,
    status,
    of,
    relation,
    mention,
    quote,
    start,
    end,
    source,
    repair,
});
object!(Candidate { id, value });
object!(Check {
    kind,
    total,
    parts,
    expected,
    actual,
    status,
    candidates
});
object!(Jump {
    kind,
    page,
    text,
    source
});
object!(Repair {
    start,
    end,
    from,
    to,
    why,
    source,
    other
});
object!(Finding {
    severity,
    code,
    message,
    start,
    end,
    source
});
object!(OtherReading { text, source });
object!(Correction {
    indicator,
    decision,
    read,
    note,
    origin
});

names!(Decision { Right = "right", Wrong = "wrong", Corrected = "corrected" });

names!(MetadataKey {
    Published = "published",
    Period = "period",
    Region = "region",
    Issuer = "issuer",
    Paper = "paper",
    Page = "page",
});
names!(PartRole { Continuation = "continuation", Also = "also" });
names!(LabelStyle {
    Han = "han",
    HanParen = "han-paren",
    Arabic = "arabic",
    ArabicParen = "arabic-paren",
    Circled = "circled",
    Chapter = "chapter",
    Article = "article",
    Ordinal = "ordinal",
    Sequence = "sequence",
    Dash = "dash",
});
names!(Measure {
    Level = "level",
    Rate = "rate",
    Share = "share",
    Growth = "growth",
    Change = "change",
    Contribution = "contribution",
    Multiple = "multiple",
    Ratio = "ratio",
    Rank = "rank",
});
names!(Precision {
    Exact = "exact",
    About = "about",
    Nearly = "nearly",
    Over = "over",
    Under = "under",
    AtLeast = "at_least",
    AtMost = "at_most",
    Range = "range",
});
names!(Basis {
    Yoy = "yoy",
    Mom = "mom",
    Ytd = "ytd",
    Cagr = "cagr",
    Since = "since",
    Peer = "peer",
    Plan = "plan",
});
names!(Status { Actual = "actual", Target = "target", Estimate = "estimate" });
names!(Relation {
    Part = "part",
    Growth = "growth",
    Change = "change",
    Share = "share",
    Rank = "rank",
    Contribution = "contribution",
    Multiple = "multiple",
});
names!(CheckKind {
    Sum = "sum",
    Shares = "shares",
    Share = "share",
    Change = "change",
    Growth = "growth",
});
names!(CheckStatus {
    Ok = "ok",
    Rounding = "rounding",
    Mismatch = "mismatch",
    Partial = "partial",
});
names!(JumpKind { To = "to", From = "from" });
names!(Severity { Info = "info", Warning = "warning", Error = "error" });

impl Compact for u32 {
    #[inline]
    fn write(&self, out: &mut Vec<u8>) {
        u64::from(*self).write(out);
    }
}

impl Compact for u64 {
    #[inline]
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(itoa::Buffer::new().format(*self).as_bytes());
    }
}

impl Compact for bool {
    #[inline]
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(if *self { b"true" } else { b"false" });
    }
}

impl Compact for Decimal {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.digits().as_bytes());
    }
}

impl Compact for String {
    fn write(&self, out: &mut Vec<u8>) {
        string(self, out);
    }

    fn pieces(&self, out: &mut Vec<u8>, passed: &mut Passed<'_>) -> io::Result<()> {
        out.push(b'"');
        let mut rest = self.as_str();
        while !rest.is_empty() {
            let (piece, behind) = rest.split_at(rest.floor_char_boundary(PIECE));
            characters(piece, out);
            passed(out)?;
            rest = behind;
        }
        out.push(b'"');
        Ok(())
    }
}

impl Compact for str {
    fn write(&self, out: &mut Vec<u8>) {
        string(self, out);
    }
}

impl Compact for SmolStr {
    fn write(&self, out: &mut Vec<u8>) {
        string(self, out);
    }
}

impl<T: Compact + ?Sized> Compact for Box<T> {
    #[inline]
    fn write(&self, out: &mut Vec<u8>) {
        (**self).write(out);
    }
}

impl<T: Compact + ?Sized> Compact for Arc<T> {
    #[inline]
    fn write(&self, out: &mut Vec<u8>) {
        (**self).write(out);
    }
}

impl<T: Compact> Compact for [T] {
    fn write(&self, out: &mut Vec<u8>) {
        list(self, out);
    }
}

impl<T: Compact> Compact for Option<T> {
    #[inline]
    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Some(value) => value.write(out),
            None => out.extend_from_slice(b"null"),
        }
    }

    #[inline]
    fn field(&self, name: &[u8], null: &[u8], out: &mut Vec<u8>) {
        match self {
            Some(value) => value.field(name, null, out),
            None => out.extend_from_slice(null),
        }
    }
}

impl<T: Compact> Compact for Vec<T> {
    fn write(&self, out: &mut Vec<u8>) {
        list(self, out);
    }

    fn pieces(&self, out: &mut Vec<u8>, passed: &mut Passed<'_>) -> io::Result<()> {
        out.push(b'[');
        for (i, item) in self.iter().enumerate() {
            if i > 0 {
                out.push(b',');
            }
            item.write(out);
            passed(out)?;
        }
        out.push(b']');
        Ok(())
    }
}

impl<T: Compact, const N: usize> Compact for [T; N] {
    fn write(&self, out: &mut Vec<u8>) {
        list(self, out);
    }
}

fn list<T: Compact>(items: &[T], out: &mut Vec<u8>) {
    out.push(b'[');
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        item.write(out);
    }
    out.push(b']');
}

/// Appends `text` between quotation marks.
fn string(text: &str, out: &mut Vec<u8>) {
    out.reserve(text.len() + 2);
    out.push(b'"');
    characters(text, out);
    out.push(b'"');
}

/// Appends `text` as it stands between quotation marks.
fn characters(text: &str, out: &mut Vec<u8>) {
    let mut rest = text.as_bytes();
    if holds_special(rest) {
        while let Some(at) = first_special(rest) {
            let (plain, behind) = rest.split_at_checked(at).unwrap_or_default();
            out.extend_from_slice(plain);
            let Some((&byte, behind)) = behind.split_first() else {
                break;
            };
            escaped(byte, out);
            rest = behind;
        }
    }
    out.extend_from_slice(rest);
}

fn first_special(bytes: &[u8]) -> Option<usize> {
    let (chunks, _) = bytes.as_chunks::<LANES>();
    let plain = chunks.iter().position(|chunk| any_special(chunk));
    let plain = plain.unwrap_or(chunks.len()) * LANES;
    let rest = bytes.get(plain..)?;
    Some(plain + rest.iter().position(|&b| special(b))?)
}

/// True for bytes that do not stand for themselves.
#[inline]
fn special(byte: u8) -> bool {
    (byte < 0x20) | (byte == b'"') | (byte == b'\\')
}

/// A text goes in pieces of so many bytes.
pub(super) const PIECE: usize = 1 << 16;

/// How many bytes are looked at together.
const LANES: usize = 16;

#[inline]
fn any_special(bytes: &[u8]) -> bool {
    bytes.iter().fold(false, |any, &b| any | special(b))
}

/// The same of eight bytes, by the arithmetic of one word.
#[inline]
fn word_special(bytes: [u8; 8]) -> bool {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    let word = u64::from_le_bytes(bytes);
    // sets the first bit of each byte below `least`; it may set more, but never where there is none
    let below = |word: u64, least: u8| word.wrapping_sub(ONES * u64::from(least)) & !word;
    let is = |byte: u8| below(word ^ (ONES * u64::from(byte)), 1);
    (below(word, 0x20) | is(b'"') | is(b'\\')) & (ONES << 7) != 0
}

/// True when one of `bytes` is [`special`]: nearly never, so that all are looked at, without a branch
/// for each. The last ones are looked at with those before them.
fn holds_special(bytes: &[u8]) -> bool {
    if let Some(last) = bytes.last_chunk::<LANES>() {
        let (chunks, _) = bytes.as_chunks::<LANES>();
        any_special(last)
            | chunks
                .iter()
                .fold(false, |found, chunk| found | any_special(chunk))
    } else if let (Some(first), Some(last)) = (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        word_special(*first) | word_special(*last)
    } else {
        any_special(bytes)
    }
}

/// Appends what stands for a `byte` that does not stand for itself.
#[cold]
fn escaped(byte: u8, out: &mut Vec<u8>) {
    let hex = |digit: u8| digit + if digit < 10 { b'0' } else { b'a' - 10 };
    match byte {
        b'"' => out.extend_from_slice(b"\\\""),
        b'\\' => out.extend_from_slice(b"\\\\"),
        b'\n' => out.extend_from_slice(b"\\n"),
        b'\r' => out.extend_from_slice(b"\\r"),
        b'\t' => out.extend_from_slice(b"\\t"),
        0x08 => out.extend_from_slice(b"\\b"),
        0x0C => out.extend_from_slice(b"\\f"),
        _ => {
            out.extend_from_slice(b"\\u00");
            out.extend_from_slice(&[hex(byte >> 4), hex(byte & 0xF)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use proptest::prelude::*;
    use serde::Serialize;

    use super::*;
    use crate::validate::example::{record, record_of_two};

    /// An enumeration, all of it.
    pub(super) trait Variants: Sized + 'static {
        const ALL: &'static [Self];
    }

    fn check(value: &(impl Compact + Serialize + Debug)) {
        let mut out = Vec::new();
        value.write(&mut out);
        let out = String::from_utf8(out).unwrap();
        assert_eq!(out, serde_json::to_string(value).unwrap(), "{value:?}");

        let (mut taken, mut rest) = (String::new(), Vec::new());
        let mut take = |piece: &mut Vec<u8>| {
            taken.push_str(str::from_utf8(piece).expect("whole characters"));
            piece.clear();
            Ok(())
        };
        value.pieces(&mut rest, &mut take).unwrap();
        taken.push_str(str::from_utf8(&rest).unwrap());
        assert_eq!(taken, out);
    }

    #[test]
    fn long_texts_go_piece_by_piece() {
        let text = "产值\"12".repeat(PIECE / 4);
        let mut pieces = Vec::new();
        let mut take = |piece: &mut Vec<u8>| {
            pieces.push(piece.len());
            Ok(())
        };
        text.pieces(&mut Vec::new(), &mut take).unwrap();
        assert!(pieces.len() > 1, "{pieces:?}");
        check(&text);
    }

    #[test]
    fn names_are_those_of_the_types() {
        fn all<T: Variants + Compact + Serialize + Debug>() {
            T::ALL.iter().for_each(check);
        }
        all::<MetadataKey>();
        all::<PartRole>();
        all::<LabelStyle>();
        all::<Measure>();
        all::<Precision>();
        all::<Basis>();
        all::<Status>();
        all::<Relation>();
        all::<CheckKind>();
        all::<CheckStatus>();
        all::<JumpKind>();
        all::<Severity>();
    }

    /// A record in which every field that may be null is not.
    fn full() -> Record {
        let mut record = record_of_two();
        let decimal = |text: &str| text.parse::<Decimal>().unwrap();
        let original = Original {
            bytes: u64::MAX,
            sha256: "00ff".to_owned(),
            reading: "hocr".to_owned(),
        };
        let page = PrintedPage {
            number: 1,
            width: decimal("2480"),
            height: decimal("0.50"),
            unit: "pixel".to_owned(),
        };
        record.source.reader = Some("reader 1".to_owned());
        record.source.original = Some(original.clone());
        record.source.pages = Some(vec![page.clone(), page.clone()]);
        let part = &mut record.source.parts.as_mut().unwrap()[0];
        part.reader = Some(String::new());
        part.original = Some(original);
        part.pages = Some(vec![page]);
        record.document.region = Some(Region {
            name: "临溪县".to_owned(),
            code: Some("140000".to_owned()),
        });
        record.document.page = Some("A1".to_owned());
        let indicator = &mut record.indicators[0];
        indicator.concept = Some("gdp".into());
        indicator.components = Some([decimal("-22.8"), decimal("38.80")].into());
        indicator.basis = Some(Basis::Yoy);
        indicator.source.page = Some(2);
        indicator.source.bbox = Some(Box::new(["0", "1.5", "-2", "340"].map(decimal)));
        indicator.source.confidence = Some(Box::new(decimal("0.9875")));
        indicator.repair = Some(Box::new(MentionRepair {
            from: "l2\t\"万\\元\u{1}".to_owned(),
            why: "digit-confusable".into(),
        }));
        record.checks[0].candidates.push(Candidate {
            id: "i1".into(),
            value: decimal("120000"),
        });
        let source = record.repairs[0].source.clone();
        record.repairs[0].other = Some(OtherReading {
            text: "（一）".to_owned(),
            source,
        });
        record
    }

    #[test]
    fn records_are_what_serde_writes() {
        check(&record());
        check(&record_of_two());
        check(&full());
        let mut empty = record();
        empty.paragraphs.clear();
        empty.sections.clear();
        check(&empty);
    }

    #[test]
    fn every_character_is_what_serde_writes() {
        for c in ('\0'..'\u{300}').chain(['\u{2028}', '\u{FEFF}', '𠀀']) {
            for before in 0..LANES + 2 {
                check(&format!("{}{c}产\"", "x".repeat(before)));
            }
        }
    }

    proptest! {
        #[test]
        fn strings_are_what_serde_writes(text in "[a-z\"\\\\\n产值12\u{0}-\u{30}]{0,80}") {
            check(&text);
        }

        #[test]
        fn decimals_are_what_serde_writes(
            mantissa in prop_oneof![-100_000..100_000_i128, -(1_i128 << 95)..1 << 95],
            scale in 0..=28_u32,
        ) {
            let decimal = Decimal::new(mantissa, scale).unwrap();
            check(&decimal);
            check(&-decimal);
        }

        #[test]
        fn whole_numbers_are_what_serde_writes(number in any::<u64>(), short in any::<u32>()) {
            check(&number);
            check(&Some(short));
        }
    }
}
