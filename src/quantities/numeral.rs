//! Numerals: Arabic with separators and decimals, Chinese, formal, mixed (3万2千).

use crate::base::Decimal;
use crate::lexicon::Lexicon;
use crate::lexicon::numerals::Figure;

/// A number without its unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Numeral {
    /// One past its last byte, the multiplier included.
    pub end: usize,
    /// Value without the multiplier that stands right before the unit.
    pub value: Decimal,
    /// Power of ten of that multiplier: 4 万, 8 亿, 12 万亿; else 0.
    pub tail: u32,
    /// True when 余, 多 or the like is written in it.
    pub over: bool,
    /// The upper of two neighbouring figures (三四 before 个), like `value`.
    pub upper: Option<Decimal>,
    /// True for Chinese characters.
    pub han: bool,
    /// True when it is nothing but a multiplier: 百, 千, 万, 亿.
    pub bare: bool,
    /// True for a row of Chinese figures without a multiplier: 一九五七.
    pub row: bool,
}

/// A stretch below 万: digits and their powers.
#[derive(Debug, Clone, Copy, Default)]
struct Chunk {
    end: usize,
    mantissa: i128,
    scale: u32,
    upper: Option<i128>,
    han: bool,
    bare: bool,
    row: bool,
    over: bool,
    /// Power that a lone last figure stands for when it is spoken short: 三百二 is 320.
    single: bool,
}

fn next(text: &str, at: usize) -> Option<char> {
    text.get(at..)?.chars().next()
}

/// The numeral that starts at byte `at`.
#[must_use]
pub fn numeral(text: &str, at: usize, lexicon: &Lexicon) -> Option<Numeral> {
    let mut terms: Vec<(Chunk, u32)> = Vec::new();
    let mut pos = at;
    let mut over = false;
    let mut limit = u32::MAX;
    loop {
        let start = pos;
        // 一千九百五十万零四千: the zero only says that a place is empty.
        let gap = next(text, pos)
            .filter(|&c| !terms.is_empty() && !c.is_ascii_digit())
            .filter(|&c| lexicon.numerals.figure(c) == Some(Figure::Digit(0)))
            .map_or(0, char::len_utf8);
        let chunk = match chunk(text, pos + gap, lexicon) {
            Some(chunk) => Chunk {
                single: chunk.single && gap == 0,
                ..chunk
            },
            // A multiplier alone, 亿度, is one of it.
            None if terms.is_empty() => Chunk {
                end: pos,
                mantissa: 1,
                han: true,
                bare: true,
                ..Chunk::default()
            },
            None => break,
        };
        let mut end = chunk.end;
        let mut marked = chunk.over;
        if !marked && let Some(after) = over_mark(text, end, lexicon) {
            marked = true;
            end = after;
        }
        let (power, after) = large_power(text, end, lexicon);
        if power == 0 && terms.is_empty() && chunk.end == start {
            return None;
        }
        // Behind 亿 only something smaller belongs to the same number.
        let small = digits(chunk.mantissa) <= limit.saturating_add(chunk.scale);
        // 一万五千亿: the larger multiplier counts all that comes before it.
        if !terms.is_empty() && power > limit && small {
            for term in &mut terms {
                term.1 += power;
            }
        } else if !terms.is_empty() && (power == limit || !small) {
            break;
        }
        if marked && power == 0 {
            // 余 before no multiplier must stand before a unit; the caller sees to it.
            over = true;
            terms.push((chunk, 0));
            pos = end;
            break;
        }
        over |= marked;
        terms.push((chunk, power));
        pos = after;
        if power == 0 || marked {
            break;
        }
        if let Some(after) = over_mark(text, pos, lexicon) {
            over = true;
            pos = after;
            break;
        }
        limit = power;
    }
    let (value, tail, upper) = total(&terms)?;
    let first = terms.first()?.0;
    Some(Numeral {
        end: pos,
        value,
        tail,
        over,
        upper,
        han: first.han,
        bare: terms.len() == 1 && first.bare,
        row: terms.len() == 1 && first.row && tail == 0,
    })
}

/// End of 余 or 多 at byte `at` when a multiplier or a unit follows it, so that 余额 and 多形式 stay
/// words.
fn over_mark(text: &str, at: usize, lexicon: &Lexicon) -> Option<usize> {
    let c = next(text, at)?;
    if lexicon.numerals.figure(c) != Some(Figure::Over) {
        return None;
    }
    let end = at + c.len_utf8();
    let power = matches!(
        lexicon.numerals.figure(next(text, end)?),
        Some(Figure::Power(_))
    );
    (power || lexicon.units.at(text, end).is_some()).then_some(end)
}

/// The multiplier of power 4, 8 or 12 at byte `at`, and its end.
fn large_power(text: &str, at: usize, lexicon: &Lexicon) -> (u32, usize) {
    let power = |at: usize| match next(text, at).map(|c| (c, lexicon.numerals.figure(c))) {
        Some((c, Some(Figure::Power(p)))) if p >= 4 && !lexicon.units.begins(text, at) => {
            Some((p, at + c.len_utf8()))
        }
        _ => None,
    };
    match power(at) {
        Some((4, end)) => match power(end) {
            Some((8, end)) => (12, end),
            _ => (4, end),
        },
        Some((p, end)) => (p, end),
        None => (0, at),
    }
}

fn digits(mantissa: i128) -> u32 {
    mantissa.checked_ilog10().map_or(1, |n| n + 1)
}

/// Value, tail and upper value of the terms.
fn total(terms: &[(Chunk, u32)]) -> Option<(Decimal, u32, Option<Decimal>)> {
    if let [(chunk, power)] = terms {
        let value = Decimal::new(chunk.mantissa, chunk.scale).ok()?;
        let upper = match chunk.upper {
            Some(upper) => Some(Decimal::new(upper, chunk.scale).ok()?),
            None => None,
        };
        return Some((value, *power, upper));
    }
    let tail = terms.last()?.1;
    let mut sum = Decimal::ZERO;
    let mut above = 0;
    for (chunk, power) in terms {
        // 三万二: the lone last figure counts thousands.
        let power = if *power == 0 && chunk.single && above > 0 {
            above - 1
        } else {
            *power
        };
        let term = Decimal::new(chunk.mantissa, chunk.scale).ok()?;
        sum = sum.checked_add(term.scaled(power).ok()?).ok()?;
        above = power;
    }
    let scale = sum.scale();
    let mut value = Decimal::new(sum.mantissa(), scale.checked_add(tail)?).ok()?;
    // The zeros that the division left are no digits as written.
    while value.scale() > scale && value.mantissa() % 10 == 0 {
        value = Decimal::new(value.mantissa() / 10, value.scale() - 1).ok()?;
    }
    Some((value, tail, None))
}

fn chunk(text: &str, at: usize, lexicon: &Lexicon) -> Option<Chunk> {
    match next(text, at)? {
        c if c.is_ascii_digit() => arabic(text, at, lexicon),
        c if lexicon.numerals.figure(c).is_some() => han(text, at, lexicon),
        _ => None,
    }
}

/// 1,234,567.89 and a small multiplier behind it: 5千.
fn arabic(text: &str, at: usize, lexicon: &Lexicon) -> Option<Chunk> {
    let bytes = text.as_bytes();
    let digit = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_digit);
    let mut mantissa: i128 = 0;
    let mut scale = 0;
    let mut push = |i: usize| -> Option<()> {
        let d = i128::from(bytes.get(i)? - b'0');
        mantissa = mantissa.checked_mul(10)?.checked_add(d)?;
        (mantissa < 10_i128.pow(28)).then_some(())
    };
    let mut pos = at;
    while digit(pos) {
        push(pos)?;
        pos += 1;
    }
    let grouped = pos - at <= 3 && bytes.get(at) != Some(&b'0');
    while grouped
        && bytes.get(pos) == Some(&b',')
        && (1..4).all(|i| digit(pos + i))
        && !digit(pos + 4)
    {
        for i in 1..4 {
            push(pos + i)?;
        }
        pos += 4;
    }
    if bytes.get(pos) == Some(&b'.') && digit(pos + 1) {
        pos += 1;
        while digit(pos) {
            push(pos)?;
            scale += 1;
            pos += 1;
        }
    }
    let mut chunk = Chunk {
        end: pos,
        mantissa,
        scale,
        single: false,
        ..Chunk::default()
    };
    if let Some(c) = next(text, pos)
        && let Some(Figure::Power(p)) = lexicon.numerals.figure(c)
        && p < 4
        && !lexicon.units.begins(text, pos)
        && lexicon
            .numerals
            .fraction_at(text, pos + c.len_utf8())
            .is_none()
    {
        let value = Decimal::new(mantissa, scale).ok()?.scaled(p).ok()?;
        chunk.mantissa = value.mantissa();
        chunk.scale = value.scale();
        chunk.end = pos + c.len_utf8();
    }
    Some(chunk)
}

/// 一千三百零六, 三百零五点四, 一九五七, 三四.
fn han(text: &str, at: usize, lexicon: &Lexicon) -> Option<Chunk> {
    let figure =
        |at: usize| next(text, at).map(|c| (lexicon.numerals.figure(c), at + c.len_utf8()));
    let mut out = Chunk {
        end: at,
        han: true,
        ..Chunk::default()
    };
    let mut pending: Option<i128> = None;
    let mut zero = false;
    let mut last = u32::MAX;
    let mut figures = 0;
    while let Some((Some(found), end)) = figure(out.end) {
        match found {
            Figure::Digit(d) => {
                let d = i128::from(d);
                match pending {
                    None if d == 0 && last != u32::MAX => zero = true,
                    None => pending = Some(d),
                    Some(before)
                        if last == u32::MAX
                            && !(d == before + 1
                                && figures == 1
                                && !row_goes_on(text, end, lexicon)) =>
                    {
                        if figures >= 18 {
                            return None;
                        }
                        out.row = true;
                        pending = Some(before * 10 + d);
                    }
                    Some(before) if d == before + 1 && out.upper.is_none() => {
                        out.upper = Some(out.mantissa + d);
                    }
                    Some(_) => break,
                }
                figures += 1;
            }
            Figure::Power(p) if p < 4 => {
                if p >= last || lexicon.units.begins(text, out.end) || out.row {
                    break;
                }
                let unit = 10_i128.pow(p);
                if let Some(upper) = out.upper {
                    out.upper = Some(out.mantissa + (upper - out.mantissa) * unit);
                }
                out.bare = pending.is_none() && out.mantissa == 0 && p >= 2;
                out.mantissa += pending.take().unwrap_or(1) * unit;
                last = p;
                zero = false;
            }
            Figure::Some if last == 1 && pending.is_none() => {
                out.over = true;
                out.end = end;
                break;
            }
            Figure::Point if pending.is_some() || out.mantissa > 0 => {
                let Some((Some(Figure::Digit(_)), _)) = figure(end) else {
                    break;
                };
                out.mantissa += pending.take().unwrap_or(0);
                out.end = end;
                while let Some((Some(Figure::Digit(d)), end)) = figure(out.end) {
                    if out.scale >= 18 {
                        return None;
                    }
                    out.mantissa = out.mantissa * 10 + i128::from(d);
                    out.scale += 1;
                    out.end = end;
                }
                return Some(out);
            }
            Figure::Half if out.end == at => {
                out.mantissa = 5;
                out.scale = 1;
                out.end = end;
                return Some(out);
            }
            _ => break,
        }
        out.end = end;
    }
    if out.end == at {
        return None;
    }
    if let Some(d) = pending {
        // 三百二 is 320, 三百零二 is 302.
        let short = (2..4).contains(&last) && !zero && out.upper.is_none();
        out.mantissa += if short { d * 10_i128.pow(last - 1) } else { d };
        out.single = last == u32::MAX && figures == 1;
    }
    Some(out)
}

/// True when a row of figures goes on at byte `at`, so that 一二 is the start of 一二三 and no
/// "one or two".
fn row_goes_on(text: &str, at: usize, lexicon: &Lexicon) -> bool {
    next(text, at).is_some_and(|c| {
        matches!(
            lexicon.numerals.figure(c),
            Some(Figure::Digit(_) | Figure::Point)
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (String, u32, &str) {
        let n = numeral(text, 0, Lexicon::builtin()).unwrap();
        (n.value.to_string(), n.tail, &text[n.end..])
    }

    #[test]
    fn arabic_numerals() {
        for (text, value, tail, rest) in [
            ("887115.5万元", "887115.5", 4, "元"),
            ("8.0亿元", "8.0", 8, "元"),
            ("2.8万亿元", "2.8", 12, "元"),
            ("2000万千瓦", "2000", 4, "千瓦"),
            ("2000千瓦", "2000", 0, "千瓦"),
            ("1,234,567人", "1234567", 0, "人"),
            ("12,34人", "12", 0, ",34人"),
            ("5千人", "5000", 0, "人"),
            ("1.5百分点", "1.5", 0, "百分点"),
            ("3万2千人", "32000", 0, "人"),
            ("1亿2000万元", "12000", 4, "元"),
            ("9万众", "9", 4, "众"),
        ] {
            assert_eq!(read(text), (value.to_owned(), tail, rest), "{text}");
        }
    }

    #[test]
    fn chinese_numerals() {
        for (text, value, tail, rest) in [
            ("一亿二千三百四十五万斤", "12345", 4, "斤"),
            ("两千零五人", "2005", 0, "人"),
            ("一九五七年", "1957", 0, "年"),
            ("三百零五点四万元", "305.4", 4, "元"),
            ("七万八千亩", "78000", 0, "亩"),
            ("三万二", "32000", 0, ""),
            ("三百二", "320", 0, ""),
            ("三百零二", "302", 0, ""),
            ("十四斤", "14", 0, "斤"),
            ("二十一点五", "21.5", 0, ""),
            ("叁佰贰拾萬元", "320", 4, "元"),
            ("三億元", "3", 8, "元"),
            ("一万五千亿元", "15000", 8, "元"),
            ("一千九百五十万零四千斤", "19504000", 0, "斤"),
            ("三万零五人", "30005", 0, "人"),
            ("亿度", "1", 8, "度"),
            ("百亿次", "100", 8, "次"),
            ("三千瓦", "3", 0, "千瓦"),
            ("十几个", "10", 0, "个"),
        ] {
            assert_eq!(read(text), (value.to_owned(), tail, rest), "{text}");
        }
    }

    #[test]
    fn more_than_is_seen_only_before_multiplier_or_unit() {
        let over = |text: &str| numeral(text, 0, Lexicon::builtin()).unwrap();
        assert!(over("70余次").over);
        assert!(over("1.2万余个").over);
        assert!(over("二百一十余万方").over);
        assert_eq!(over("二百一十余万方").tail, 4);
        assert!(!over("20余额").over);
        assert!(!over("3多形式").over);
    }

    #[test]
    fn neighbours_are_a_range() {
        let n = numeral("三四百人", 0, Lexicon::builtin()).unwrap();
        assert_eq!(n.value.to_string(), "300");
        assert_eq!(n.upper.unwrap().to_string(), "400");
        let n = numeral("十五六个", 0, Lexicon::builtin()).unwrap();
        assert_eq!(
            (n.value.to_string(), n.upper.unwrap().to_string()),
            ("15".into(), "16".into())
        );
    }

    #[test]
    fn too_many_digits_are_no_number() {
        assert!(numeral(&"9".repeat(40), 0, Lexicon::builtin()).is_none());
        assert!(numeral(&"九".repeat(40), 0, Lexicon::builtin()).is_none());
    }
}
