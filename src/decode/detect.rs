//! Which encoding a source is in, from its bytes alone.
//!
//! Every answer is one of the encodings of Chinese text: there is no Korean or Western page to
//! take a short one for.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};

use super::DecodeError;
use super::encoding::{Encoding, EncodingChoice};
use super::facsimile::Facsimile;

/// How much of a source is looked at where the whole is not needed, in bytes: some thousand Han.
const SAMPLE: usize = 1 << 12;

/// Bytes that are looked at together.
const CHUNK: usize = 64;

/// Where mark-up says its encoding, in bytes from the start.
const DECLARATION: usize = 1 << 10;

/// Magic numbers of what gets mistaken for text, and what to say.
const OTHER_FORMATS: &[(&[u8], &str)] = &[
    (
        b"PK\x03\x04",
        "it begins like a ZIP archive (a .docx or .xlsx is one); unpack it or save it as text first",
    ),
    (
        b"\x1F\x8B\x08",
        "it begins like a gzip archive; unpack it first",
    ),
    (
        b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
        "it begins like an old Office document (.doc, .xls); save it as text first",
    ),
    (
        b"{\\rtf",
        "it begins like a Rich Text document; save it as plain text first",
    ),
    (
        b"\xFF\xFE\0\0",
        "it begins with the byte order mark of UTF-32; convert it to UTF-8 first",
    ),
    (
        b"\0\0\xFE\xFF",
        "it begins with the byte order mark of UTF-32; convert it to UTF-8 first",
    ),
];

/// How the JSON that gongbao writes begins, blanks left out.
const OURS: &[u8] = b"{\"schema\":\"gongbao";

/// What a source is that begins with a known magic number.
pub(super) fn other_format(bytes: &[u8]) -> Option<&'static str> {
    let solid = bytes.iter().filter(|byte| !byte.is_ascii_whitespace());
    if solid.take(OURS.len()).eq(OURS) {
        return Some(
            "it is what gongbao writes, a record or corrections, and no page; name the page itself",
        );
    }
    if let Some(facsimile) = Facsimile::of(bytes) {
        return Some(facsimile.refusal());
    }
    let found = OTHER_FORMATS
        .iter()
        .find(|(magic, _)| bytes.starts_with(magic));
    found.map(|&(_, what)| what)
}

/// The first control character and its byte offset, when more than 1 character in 20 is one.
/// Looks at the start of `text` only.
pub(super) fn many_controls(text: &str) -> Option<(usize, u8)> {
    let sample = &text.as_bytes()[..text.len().min(SAMPLE)];
    // Without leaving a chunk early, so that it is looked at in one piece.
    let any = |chunk: &[u8]| chunk.iter().fold(false, |any, &b| any | is_control(b));
    if !sample.chunks(CHUNK).any(any) {
        return None;
    }
    let controls = sample.iter().filter(|&&b| is_control(b)).count();
    let chars = sample.iter().filter(|&&b| b & 0xC0 != 0x80).count();
    if controls * 20 <= chars {
        return None;
    }
    let first = sample.iter().position(|&b| is_control(b))?;
    Some((first, *sample.get(first)?))
}

fn is_control(byte: u8) -> bool {
    byte < b' ' && !matches!(byte, b'\t'..=b'\r')
}

/// The encoding of `bytes`, which are `utf8` if they are valid as that.
///
/// In this order: byte order mark; what mark-up says of itself; valid UTF-8; UTF-16 where there are NULs that it explains; UTF-8
/// with damage; UTF-16 of nothing but Han; GB18030 or Big5, whichever reads more like text, unless
/// neither does.
pub(super) fn encoding(bytes: &[u8], utf8: Option<&str>) -> Result<Encoding, DecodeError> {
    for marked in [
        Encoding::Utf8,
        Encoding::Utf16Le,
        Encoding::Utf16Be,
        Encoding::Gb18030,
    ] {
        if bytes.starts_with(marked.byte_order_mark()) {
            return Ok(marked);
        }
    }
    if let Some(nul) = memchr::memchr(0, bytes) {
        // Valid UTF-8 with NULs is ASCII in UTF-16 (each second byte a NUL) or no text.
        let nuls = memchr::memchr_iter(0, bytes).count();
        return match utf16(bytes) {
            Some(found) if utf8.is_none() || nuls * 4 >= bytes.len() => Ok(found),
            _ => Err(DecodeError::Binary {
                why: format!(
                    "a NUL byte at byte {nul} (if it is text all the same, name its encoding \
                     with --encoding)"
                ),
            }),
        };
    }
    let sample = sample(bytes);
    if let Some(declared) = declared(bytes)
        && reads_as(sample, declared, utf8)
    {
        return Ok(declared);
    }
    let is_utf8 = match utf8 {
        Some(text) => !is_chance_utf8(text),
        None => is_damaged_utf8(sample),
    };
    if is_utf8 {
        return Ok(Encoding::Utf8);
    }
    let (gb18030, big5) = (oddity(sample, gb18030_code), oddity(sample, big5_code));
    let high = sample.iter().filter(|b| !b.is_ascii()).count();
    // Without a NUL the evidence has to be strong, for a few characters of Big5 are as many Han in
    // UTF-16 easily. Of the bytes of Han in UTF-16 about half have the top bit, of those in a
    // double-byte encoding three quarters and more.
    if bytes.len().is_multiple_of(2)
        && (bytes.len() >= 16 || bytes.iter().any(|&b| is_control(b)))
        && gb18030.min(big5) * 2 > sample.len()
        && high * 10 <= sample.len() * 7
        && let Some(found) = utf16(bytes)
    {
        return Ok(found);
    }
    if high >= 32 && gb18030.min(big5) * 2 >= high * 3 {
        return Err(DecodeError::UnknownEncoding); // 3 for a code of two bytes
    }
    Ok(match gb18030.cmp(&big5) {
        std::cmp::Ordering::Less => Encoding::Gb18030,
        std::cmp::Ordering::Greater => Encoding::Big5,
        std::cmp::Ordering::Equal => by_frequency(sample),
    })
}

/// The encoding that mark-up names: in its XML declaration (`encoding="GBK"`) or in a `meta` of HTML
/// (`charset=gb2312`). None when it is none that pages are in, or of two bytes for ASCII, for the
/// declaration would not be read then.
fn declared(bytes: &[u8]) -> Option<Encoding> {
    let start = &bytes[..bytes.len().min(DECLARATION)];
    let start = start.trim_ascii_start();
    let rest = if start.starts_with(b"<?xml") {
        let end = memchr::memmem::find(start, b"?>")?;
        let key = memchr::memmem::find(&start[..end], b"encoding")?;
        &start[key + b"encoding".len()..end]
    } else if start.starts_with(b"<") {
        let key = memchr::memmem::find(start, b"charset")?;
        &start[key + b"charset".len()..]
    } else {
        return None;
    };
    let value = rest.trim_ascii_start().strip_prefix(b"=")?;
    let is_quote = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'"' | b'\'');
    let from = value.iter().position(|b| !is_quote(b))?;
    let value = &value[from..];
    let is_label = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    let end = value.iter().position(|b| !is_label(b))?;
    let label = std::str::from_utf8(&value[..end]).ok()?;
    match label.parse() {
        Ok(EncodingChoice::Forced(Encoding::Utf16Le | Encoding::Utf16Be)) | Err(_) => None,
        Ok(EncodingChoice::Forced(encoding)) => Some(encoding),
        Ok(EncodingChoice::Detect) => None,
    }
}

/// True when `sample` can be in the encoding that it is said to be in: at most one in ten of its
/// bytes beyond ASCII does not decode. What is `utf8` and has three bytes for a character was
/// converted without its declaration.
fn reads_as(sample: &[u8], declared: Encoding, utf8: Option<&str>) -> bool {
    if declared == Encoding::Utf8 {
        let is_cut = std::str::from_utf8(sample).is_err_and(|e| e.error_len().is_none());
        return utf8.is_some() || is_cut || is_damaged_utf8(sample);
    }
    if utf8.is_some_and(|text| text.chars().any(|c| c.len_utf8() > 2)) {
        return false;
    }
    let code = match declared {
        Encoding::Big5 => big5_code,
        _ => gb18030_code,
    };
    let high = sample.iter().filter(|b| !b.is_ascii()).count();
    oddity(sample, |bytes| match code(bytes) {
        (len, MALFORMED) => (len, len),
        (len, _) => (len, 0),
    }) * 10
        <= high
}

/// A piece of `bytes` that has what there is beyond ASCII, cut behind a line end where there is one.
fn sample(bytes: &[u8]) -> &[u8] {
    let rest = &bytes[encoding_rs::Encoding::ascii_valid_up_to(bytes)..];
    if rest.len() <= SAMPLE {
        return rest;
    }
    let start = &rest[..SAMPLE];
    memchr::memrchr(b'\n', start).map_or(start, |end| &start[..=end])
}

/// True when valid UTF-8 is likelier a few Han in GBK: one in six of these makes a two-byte
/// character of UTF-8, of Cyrillic, Arabic and the like. Chinese UTF-8 has three bytes a character,
/// and the signs of Latin 1 (`·`, `×`, `°`) stand alone.
fn is_chance_utf8(text: &str) -> bool {
    if text.len() > 64 || text.is_ascii() {
        return false;
    }
    let other = |c: &char| !c.is_ascii();
    text.chars().filter(other).all(|c| c.len_utf8() == 2)
        && text.chars().filter(other).any(|c| c >= '\u{100}')
        && oddity(text.as_bytes(), gb18030_code) == 0
}

/// True when there are nine times as many bytes in Han and other usual characters of UTF-8 as bad
/// ones; twice as many do from 20 Han on, which no other encoding makes by chance. Two-byte
/// characters say nothing, see [`is_chance_utf8`]; nor does a last character that is cut off.
fn is_damaged_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad, mut end) = (0, 0, 0);
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars().filter(|c| c.len_utf8() > 2) {
            let usual = u16::try_from(u32::from(c)).is_ok_and(is_usual);
            good += if usual { c.len_utf8() } else { 0 };
        }
        end += chunk.valid().len() + chunk.invalid().len();
        let is_cut = end == bytes.len()
            && std::str::from_utf8(chunk.invalid()).is_err_and(|e| e.error_len().is_none());
        bad += if is_cut { 0 } else { chunk.invalid().len() };
    }
    (good > 0 && good >= bad * 9) || (good >= 60 && good >= bad * 2)
}

/// The byte order in which 9 in 10 of the two-byte units are characters of Chinese pages.
fn utf16(bytes: &[u8]) -> Option<Encoding> {
    let (units, _) = bytes[..bytes.len().min(SAMPLE)].as_chunks::<2>();
    let count = |read: fn([u8; 2]) -> u16| {
        let usual = units.iter().filter(|&&unit| is_usual(read(unit)));
        usual.count()
    };
    let (le, be) = (count(u16::from_le_bytes), count(u16::from_be_bytes));
    let most = le.max(be);
    if most == 0 || most * 10 < units.len() * 9 {
        return None;
    }
    Some(if le >= be {
        Encoding::Utf16Le
    } else {
        Encoding::Utf16Be
    })
}

/// Code points that Chinese pages are made of.
fn is_usual(unit: u16) -> bool {
    matches!(unit,
        0x09..=0x0D | 0x20..=0x7E // ASCII
        | 0xA0..=0xFF             // · × ° ±
        | 0x2010..=0x203B         // dashes, quotes
        | 0x2100..=0x22FF         // ℃ № Ⅰ → ≤
        | 0x2460..=0x25FF         // ① ⑴, boxes
        | 0x3000..=0x303F         // 、。《》
        | 0x3400..=0x9FFF         // Han, and units such as ㎡
        | 0xFF01..=0xFF5E // full-width forms
    )
}

/// One code of a double-byte encoding: its length in bytes and how odd it is on a Chinese page,
/// from 0 (frequent characters and punctuation) to [`MALFORMED`].
type Code = (usize, usize);

const MALFORMED: usize = 10;

/// How little `bytes` read like text: the sum over all codes.
fn oddity(bytes: &[u8], code: impl Fn(&[u8]) -> Code) -> usize {
    let (mut at, mut sum) = (0, 0);
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let (len, odd) = match rest {
            [lead, ..] if is_control(*lead) => (1, MALFORMED),
            [0x80..=0xFF, _, ..] => code(rest),
            _ => (1, 0), // ASCII, or a last code that is cut off: says nothing
        };
        at += len;
        sum += odd;
    }
    sum
}

/// The code of GB18030 that `bytes` begin with.
///
/// GB2312 orders 3755 frequent characters by sound in rows B0 to D7 and 3008 rare ones behind,
/// all with both bytes above A0. What GBK adds hardly occurs on a page.
fn gb18030_code(bytes: &[u8]) -> Code {
    let &[lead, trail, ..] = bytes else {
        return (1, 0);
    };
    match (lead, trail) {
        (0x80 | 0xFF, _) => (1, MALFORMED),
        (_, b'0'..=b'9') => match bytes.get(2..4) {
            Some([0x81..=0xFE, b'0'..=b'9']) => (4, 2),
            None => (bytes.len(), 0), // cut off
            Some(_) => (1, MALFORMED),
        },
        (0xB0..=0xD7 | 0xA1 | 0xA3, 0xA1..=0xFE) => (2, 0),
        (0xD8..=0xF7 | 0xA2 | 0xA6 | 0xA8 | 0xA9, 0xA1..=0xFE) => (2, 1),
        (0xA4 | 0xA5 | 0xA7, 0xA1..=0xFE) => (2, 4), // kana, Cyrillic
        (0xAA..=0xAF | 0xF8..=0xFE, 0xA1..=0xFE) => (2, 6), // not assigned
        (_, 0x40..=0x7E | 0x80..=0xFE) => (2, 4),
        (_, 0..0x80) => (1, MALFORMED),
        _ => (2, MALFORMED),
    }
}

/// The code of Big5 that `bytes` begin with.
///
/// Big5 orders 5401 frequent characters by strokes from A440 to C67E and 7652 rare ones from C940
/// on.
fn big5_code(bytes: &[u8]) -> Code {
    let &[lead, trail, ..] = bytes else {
        return (1, 0);
    };
    match (lead, trail) {
        (0x80 | 0xFF, _) => (1, MALFORMED),
        (0xA4..=0xC5 | 0xA1, 0x40..=0x7E | 0xA1..=0xFE) | (0xC6, 0x40..=0x7E) => (2, 0),
        (0xA2 | 0xA3, 0x40..=0x7E | 0xA1..=0xFE) => (2, 1),
        (0xC9..=0xF9, 0x40..=0x7E | 0xA1..=0xFE) => (2, 4),
        (0x87.., 0x40..=0x7E | 0xA1..=0xFE) => (2, 5), // Hong Kong
        (_, 0..0x80) => (1, MALFORMED),
        _ => (2, MALFORMED),
    }
}

/// GB18030 unless chardetng, which knows how frequent characters are, says Big5.
fn by_frequency(bytes: &[u8]) -> Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    if detector.guess(None, Utf8Detection::Deny) == encoding_rs::BIG5 {
        Encoding::Big5
    } else {
        Encoding::Gb18030
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoding(bytes: &[u8]) -> Result<Encoding, DecodeError> {
        super::encoding(bytes, std::str::from_utf8(bytes).ok())
    }

    const SIMPLIFIED: &[&str] = &[
        "粮食总产量12.6万吨，比上年增长3.4%。",
        "全县实现地区生产总值86.2亿元，按可比价格计算增长7.1%",
        "二〇二三年国民经济和社会发展统计公报",
        "年末总人口41.3万人，其中农业人口29.8万人",
        "一、农业生产稳步发展",
        "12月底，全区金融机构各项存款余额",
        "濮河镇新修水渠３２公里，灌溉面积扩大",
        "各公社、生产大队认真贯彻会议精神",
        "本报讯 近日，我市夏粮收购工作全面结束",
        "教育卫生事业有了新的进步，在校学生5210人",
        "工业总产值突破八千万元，创历史最高水平",
        "鄱家岭水库蓄水位降至二十米以下",
        "社会消费品零售额",
        "城镇居民人均可支配收入",
        "固定资产投资",
        "猪牛羊存栏",
    ];

    const TRADITIONAL: &[&str] = &[
        "糧食總產量12.6萬公噸，比上年增長3.4%。",
        "全縣實現生產總值86.2億元，按可比價格計算增長7.1%",
        "年底總人口41.3萬人，其中農業人口29.8萬人",
        "一、農業生產穩步發展",
        "本報訊 近日，本市夏糧收購工作全面結束",
        "教育衛生事業有了新的進步，在校學生5210人",
        "工業總產值突破八千萬元，創歷史最高水平",
        "民國五十二年度臺北縣統計要覽",
        "社會消費品零售額",
        "固定資產投資",
        "豬牛羊存欄",
        "各級學校學生人數較上年度增加",
        "稻米收穫面積為三千二百公頃",
        "鐵路客運量及貨運量均有增加",
    ];

    #[test]
    fn declarations_are_heeded_where_they_hold() {
        // 年 as a page of Big5 has it is 疏 in GB18030; alone it tells nothing.
        let gb18030 = |head: &str, text: &str| {
            let (text, ..) = encoding_rs::GB18030.encode(text);
            [head.as_bytes(), &text].concat()
        };
        let xml = |label: &str| format!("<?xml version='1.0' encoding = \"{label}\"?><alto>");
        for (bytes, want) in [
            (gb18030(&xml("GB18030"), "年"), Encoding::Gb18030),
            (gb18030(&xml("gbk"), "豬"), Encoding::Gb18030),
            (gb18030(&xml("Big5"), "年"), Encoding::Big5),
            (gb18030(&xml("ISO-8859-1"), "粮食总产量"), Encoding::Gb18030),
            (
                gb18030("<html><meta charset=gb2312><p>", "年"),
                Encoding::Gb18030,
            ),
            (
                gb18030("<html><meta content='text/html; charset=big5'><p>", "年"),
                Encoding::Big5,
            ),
            // said wrongly
            (
                gb18030(&xml("UTF-8"), "粮食总产量12.6万吨"),
                Encoding::Gb18030,
            ),
            ((xml("GBK") + "粮食总产量").into_bytes(), Encoding::Utf8),
            ((xml("UTF-16") + "粮食总产量").into_bytes(), Encoding::Utf8),
            // two characters of UTF-8 by chance
            (gb18030(&xml("GBK"), "专业"), Encoding::Gb18030),
        ] {
            assert_eq!(
                encoding(&bytes),
                Ok(want),
                "{}",
                String::from_utf8_lossy(&bytes)
            );
        }
    }

    /// Every piece of `text` that begins and ends at a character, with its number of Han.
    fn pieces(text: &str) -> impl Iterator<Item = (&str, usize)> {
        text.char_indices().flat_map(move |(start, _)| {
            let ends = text[start..]
                .char_indices()
                .map(|(at, c)| at + c.len_utf8());
            ends.map(move |len| {
                let piece = &text[start..start + len];
                (piece, piece.chars().filter(|c| c.len_utf8() == 3).count())
            })
        })
    }

    fn encode(text: &str, encoding: Encoding) -> Vec<u8> {
        let encoder = match encoding {
            Encoding::Gb18030 => encoding_rs::GB18030,
            Encoding::Big5 => encoding_rs::BIG5,
            Encoding::Utf16Le => return text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Encoding::Utf16Be => return text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            Encoding::Utf8 => return text.into(),
        };
        let (bytes, _, unmappable) = encoder.encode(text);
        assert!(!unmappable, "{text}");
        bytes.into_owned()
    }

    #[test]
    fn three_han_tell_the_encoding() {
        let all = [
            (SIMPLIFIED, Encoding::Gb18030),
            (TRADITIONAL, Encoding::Big5),
        ];
        for (texts, want) in all {
            let (mut short, mut short_right) = (0, 0);
            for (piece, han) in texts.iter().flat_map(|text| pieces(text)) {
                let got = encoding(&encode(piece, want));
                match han {
                    0 => assert_eq!(got, Ok(Encoding::Utf8), "{piece}"),
                    1..=2 => {
                        short += 1;
                        short_right += usize::from(got == Ok(want));
                        let utf16 = [Ok(Encoding::Utf16Le), Ok(Encoding::Utf16Be)];
                        assert!(!utf16.contains(&got), "{piece}");
                    }
                    _ => assert_eq!(got, Ok(want), "{piece}"),
                }
            }
            assert!(
                short_right * 100 >= short * 85,
                "{short_right} of {short} in {want}"
            );
        }
    }

    #[test]
    fn cut_anywhere() {
        let simplified = SIMPLIFIED.concat();
        let traditional = TRADITIONAL.concat();
        for len in [6, 7, 8, 9, 10, 11, 12, 13, 16, 19, 20, 21, 40, 100, 101] {
            for (text, want) in [
                (&simplified, Encoding::Utf8),
                (&simplified, Encoding::Gb18030),
                (&traditional, Encoding::Big5),
            ] {
                let cut = &encode(text, want)[..len];
                assert_eq!(encoding(cut), Ok(want), "{len} bytes");
            }
        }
    }

    #[test]
    fn utf16_without_mark() {
        for text in SIMPLIFIED.iter().chain(TRADITIONAL) {
            for want in [Encoding::Utf16Le, Encoding::Utf16Be] {
                let with_line_end = format!("{text}\n");
                assert_eq!(encoding(&encode(&with_line_end, want)), Ok(want), "{text}");
                if text.chars().count() >= 8 {
                    assert_eq!(encoding(&encode(text, want)), Ok(want), "{text}");
                }
            }
        }
        assert_eq!(
            encoding(&encode("GDP 86.2", Encoding::Utf16Be)),
            Ok(Encoding::Utf16Be)
        );
    }

    #[test]
    fn no_han_are_too_few_for_utf8() {
        for text in SIMPLIFIED.iter().chain(TRADITIONAL) {
            for (piece, _) in pieces(text) {
                assert_eq!(encoding(piece.as_bytes()), Ok(Encoding::Utf8), "{piece}");
            }
        }
        for text in ["5×3", "25°", "a·b", "±0.5", "café, naïve"] {
            assert_eq!(encoding(text.as_bytes()), Ok(Encoding::Utf8), "{text}");
        }
    }

    #[test]
    fn gbk_that_is_valid_utf8() {
        let bytes = encode("模式", Encoding::Gb18030);
        assert!(std::str::from_utf8(&bytes).is_ok());
        assert_eq!(encoding(&bytes), Ok(Encoding::Gb18030));
    }

    #[test]
    fn damage_does_not_change_the_encoding() {
        let simplified = SIMPLIFIED.join("\n");
        let traditional = TRADITIONAL.join("\n");
        for (text, want) in [
            (&simplified, Encoding::Utf8),
            (&simplified, Encoding::Gb18030),
            (&traditional, Encoding::Big5),
        ] {
            let bytes = encode(text, want);
            for at in (0..bytes.len()).step_by(7) {
                for bad in [0x01, 0x80, 0xFF, b'0'] {
                    let mut bytes = bytes.clone();
                    bytes[at] = bad;
                    let also = (at + 400) % bytes.len();
                    bytes[also] = bad;
                    assert_eq!(encoding(&bytes), Ok(want), "{bad} at {at}");
                }
            }
        }
    }

    #[test]
    fn traditional_characters_in_gbk() {
        for text in TRADITIONAL.iter().filter(|text| text.chars().count() > 8) {
            let bytes = encode(text, Encoding::Gb18030);
            assert_eq!(encoding(&bytes), Ok(Encoding::Gb18030), "{text}");
        }
        let all = encode(&TRADITIONAL.concat(), Encoding::Gb18030);
        assert_eq!(encoding(&all), Ok(Encoding::Gb18030));
    }

    #[test]
    fn heavy_damage_is_told_from_gbk() {
        let mut bytes = SIMPLIFIED.concat().into_bytes();
        for at in (0..bytes.len()).step_by(16) {
            bytes[at] = 0xFF;
        }
        assert_eq!(encoding(&bytes), Ok(Encoding::Utf8));
    }

    #[test]
    fn other_encodings_of_some_length_are_refused() {
        let (japanese, _, _) = encoding_rs::SHIFT_JIS
            .encode("これはとうきょうのしんぶんです。けいざいがせいちょうした");
        let noise: Vec<u8> = (0..400_u32)
            .map(|i| (i.wrapping_mul(2_654_435_761) >> 13 | 0x80) as u8)
            .collect();
        for bytes in [&japanese[..], &noise] {
            assert_eq!(encoding(bytes), Err(DecodeError::UnknownEncoding));
        }
    }

    #[test]
    fn no_text() {
        for (bytes, want) in [
            (&b"%PDF-1.4\n1 0 obj"[..], "PDF"),
            (b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR", "PNG"),
            (b"PK\x03\x04\x14\0", "ZIP"),
            (b"{\n  \"schema\": \"gongbao/1\",", "a record"),
        ] {
            assert!(other_format(bytes).unwrap().contains(want));
        }
        for (bytes, at) in [
            (&b"\0\0\0\0"[..], "byte 0"),
            (b"abc\0defg", "byte 3"),
            ("产值\0增长".as_bytes(), "byte 6"),
            (
                b"\x7FELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\x3E\0",
                "byte 7",
            ),
        ] {
            let Err(DecodeError::Binary { why }) = encoding(bytes) else {
                panic!("{bytes:?} was taken for {:?}", encoding(bytes));
            };
            assert!(why.contains(&format!("{at} ")), "{why}");
        }
        assert_eq!(
            many_controls("产值\u{1}12亿元，比上年增长7.1%，其中工业"),
            None
        );
        assert_eq!(many_controls("产值\u{1}12"), Some((6, 1)));
        assert_eq!(many_controls("a\tb\r\n\x0C\n"), None);
    }
}
