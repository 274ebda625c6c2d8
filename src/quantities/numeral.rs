//! Numerals: Arabic with separators and decimals, Chinese, formal, mixed (3万2千).

use crate::base::{Decimal, Span};
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

/// Chinese figures behind a point that are too many to be a number.
const MOST_POINTS: u32 = 18;
/// Digits of the largest number.
const MOST_DIGITS: u32 = 28;
/// Figures before and behind the point of a numeral that is read at one go.
const MOST_PLAIN: usize = 9;
/// The largest number.
const LARGEST: i128 = 10_i128.pow(28) - 1;
/// A power of ten that no number has, were it one with all its digits behind the point.
const MOST_POWER: u32 = 66;
const MINUS: [char; 3] = ['-', '－', '−'];

fn next(text: &str, at: usize) -> Option<char> {
    text.get(at..)?.chars().next()
}

/// The stretches of a numeral, each with the power of ten of its multiplier: most have one only.
#[derive(Debug, Default)]
struct Terms {
    first: Option<(Chunk, u32)>,
    more: Vec<(Chunk, u32)>,
}

impl Terms {
    fn is_empty(&self) -> bool {
        self.first.is_none()
    }

    fn push(&mut self, chunk: Chunk, power: u32) {
        if self.first.is_none() {
            self.first = Some((chunk, power));
        } else {
            self.more.push((chunk, power));
        }
    }

    fn iter(&self) -> impl Iterator<Item = &(Chunk, u32)> {
        self.first.iter().chain(&self.more)
    }

    /// Multiplies all by ten to this power; false when the first gets too large to be a number.
    fn raise(&mut self, power: u32) -> bool {
        for term in self.first.iter_mut().chain(&mut self.more) {
            term.1 += power;
        }
        self.first.is_none_or(|first| first.1 <= MOST_POWER)
    }
}

fn figure_at(text: &str, at: usize, lexicon: &Lexicon) -> Option<Figure> {
    lexicon.numerals.figure(next(text, at)?)
}

/// The numeral that starts at byte `at`.
#[must_use]
pub fn numeral(text: &str, at: usize, lexicon: &Lexicon) -> Option<Numeral> {
    let opening = next(text, at)?;
    if !opening.is_ascii_digit() && opening != '.' && lexicon.numerals.figure(opening).is_none() {
        return None;
    }
    if opening.is_ascii_digit()
        && let Some(n) = plain(text, at, lexicon)
    {
        return Some(n);
    }
    let mut terms = Terms::default();
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
        // 两千万点五: what stands behind the point is a part of one.
        if !terms.is_empty()
            && let Some(points) = point(text, pos, lexicon)
        {
            pos = points.end;
            terms.push(points, 0);
            break;
        }
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
        // 两万两 are twenty thousand of the weight.
        if !terms.is_empty() && chunk.single && lexicon.numerals.leads(next(text, start)) {
            break;
        }
        let mut end = chunk.end;
        let mut marked = chunk.over;
        let (mut power, mut after) = (0, end);
        // Most numerals end here, before a character that is in none.
        if figure_at(text, end, lexicon).is_some() {
            if !marked && let Some(after) = over_mark(text, end, lexicon) {
                marked = true;
                end = after;
            }
            (power, after) = large_power(text, end, lexicon);
        }
        if power == 0 && terms.is_empty() && chunk.end == start {
            return None;
        }
        // Behind 亿 only something smaller belongs to the same number.
        let small = || digits(chunk.mantissa) <= limit.saturating_add(chunk.scale);
        if !terms.is_empty() {
            if power == limit || !small() {
                break;
            }
            // 一万五千亿: the larger multiplier counts all that comes before it.
            if power > limit && !terms.raise(power) {
                return None;
            }
        }
        if marked && power == 0 {
            // 余 before no multiplier must stand before a unit; the caller sees to it.
            over = true;
            terms.push(chunk, 0);
            pos = end;
            break;
        }
        over |= marked;
        terms.push(chunk, power);
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
    let first = terms.first?.0;
    let alone = terms.more.is_empty();
    Some(Numeral {
        end: pos,
        value,
        tail,
        over,
        upper,
        han: first.han,
        bare: alone && first.bare,
        row: alone && first.row && tail == 0,
    })
}

/// The numeral at byte `at` when it is 12, 3.25 or 12万, a few figures and perhaps a multiplier before
/// a character that is in no numeral; most are. None says nothing.
fn plain(text: &str, at: usize, lexicon: &Lexicon) -> Option<Numeral> {
    let bytes = text.as_bytes();
    let mut mantissa: i64 = 0;
    let mut digits = |from: usize| {
        let row = bytes.get(from..).unwrap_or_default().iter();
        let mut end = from;
        for digit in row.take_while(|b| b.is_ascii_digit()).take(MOST_PLAIN) {
            mantissa = mantissa * 10 + i64::from(digit - b'0');
            end += 1;
        }
        end
    };
    let mut end = digits(at);
    let mut scale = 0;
    if bytes.get(end) == Some(&b'.') {
        let from = end + 1;
        let to = digits(from);
        if to == from || dotted(bytes, end) {
            return None;
        }
        scale = to - from;
        end = to;
    }
    let figure = |c: char| lexicon.numerals.figure(c);
    let mut tail = 0;
    match next(text, end) {
        Some('0'..='9' | '.' | ',' | '，' | 'e' | 'E') => return None,
        Some(c) if matches!(figure(c), Some(Figure::Power(4..))) => {
            (tail, end) = large_power(text, end, lexicon);
            let in_one = |c: char| c.is_ascii_digit() || c == '.' || figure(c).is_some();
            if tail == 0 || next(text, end).is_some_and(in_one) {
                return None;
            }
        }
        Some(c) if figure(c).is_some() => return None,
        _ => {}
    }
    Some(Numeral {
        end,
        value: Decimal::new(mantissa.into(), u32::try_from(scale).ok()?).ok()?,
        tail,
        over: false,
        upper: None,
        han: false,
        bare: false,
        row: false,
    })
}

/// Where a row of figures that starts at byte `at` begins to be short enough for a number: at no
/// byte before it, from `at` on, does a numeral start. `at` when it is short or when there is none.
pub(super) fn behind_overlong(text: &str, at: usize) -> usize {
    let most = MOST_DIGITS as usize;
    let bytes = text.as_bytes();
    let rest = bytes.get(at..).unwrap_or_default();
    if !rest.first().is_some_and(u8::is_ascii_digit) {
        return at;
    }
    let length = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    let behind = rest.get(length + 1..).unwrap_or_default();
    let points = behind.iter().take(most + 1);
    let too_fine = points.filter(|b| b.is_ascii_digit()).count() > most;
    if too_fine && rest.get(length) == Some(&b'.') && !dotted(bytes, at + length) {
        return at + length;
    }
    let lost = rest.get(..length.saturating_sub(most));
    // Zeros at the front count for nothing.
    let last = lost.and_then(|lost| lost.iter().rposition(|&b| b != b'0'));
    last.map_or(at, |last| at + last + 1)
}

/// A fraction, perhaps behind a whole number: 五又三分之一.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fraction {
    /// One past its last byte.
    pub end: usize,
    /// The whole number before it.
    pub whole: Option<Decimal>,
    /// Numerator.
    pub above: Decimal,
    /// Denominator.
    pub below: Decimal,
}

impl Fraction {
    /// Numerator and denominator, the whole number counted in: 16 and 3 of 五又三分之一. None when
    /// the numerator does not fit or a whole number comes with points.
    #[must_use]
    pub fn terms(&self) -> Option<(Decimal, Decimal)> {
        let Some(whole) = self.whole else {
            return Some((self.above, self.below));
        };
        if whole.scale() > 0 || self.below.scale() > 0 {
            return None;
        }
        let parts = whole.mantissa().checked_mul(self.below.mantissa())?;
        let parts = Decimal::new(parts, 0).ok()?;
        Some((parts.checked_add(self.above).ok()?, self.below))
    }
}

/// The fraction that starts at byte `at`: 五分之一, 百万分之五, 五又三分之一, 3/5.
#[must_use]
pub fn fraction(text: &str, at: usize, lexicon: &Lexicon) -> Option<Fraction> {
    fraction_from(text, at, &numeral(text, at, lexicon)?, lexicon)
}

/// The same, when `first` is the numeral at byte `at`.
pub(super) fn fraction_from(
    text: &str,
    at: usize,
    first: &Numeral,
    lexicon: &Lexicon,
) -> Option<Fraction> {
    let full = |n: &Numeral| n.value.scaled(n.tail).ok();
    if matches!(next(text, first.end)?, '/' | '／') {
        return slashed(text, at, first, lexicon);
    }
    let (whole, below) = match lexicon.numerals.and_at(text, first.end) {
        Some(from) => (Some(full(first)?), numeral(text, from, lexicon)?),
        None => (None, *first),
    };
    let from = lexicon.numerals.fraction_at(text, below.end)?;
    let minus = lexicon.numerals.minus_at(text, from);
    let above = numeral(text, minus.unwrap_or(from), lexicon)?;
    let value = full(&above)?;
    Some(Fraction {
        end: above.end,
        whole,
        above: if minus.is_some() { -value } else { value },
        below: full(&below)?,
    })
}

/// 3/5: two short whole numbers and nothing like a third one or a letter beside them.
fn slashed(text: &str, at: usize, above: &Numeral, lexicon: &Lexicon) -> Option<Fraction> {
    let slash = next(text, above.end)?;
    let below = numeral(text, above.end + slash.len_utf8(), lexicon)?;
    let joins = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '／' | '.');
    let apart = !text.get(..at)?.ends_with(joins) && !text.get(below.end..)?.starts_with(joins);
    let plain = |n: &Numeral| !n.han && n.tail == 0 && n.value.scale() == 0 && !n.over;
    let short = below.value > Decimal::ZERO && below.value < Decimal::from(100);
    (apart && short && plain(above) && plain(&below)).then_some(Fraction {
        end: below.end,
        whole: None,
        above: above.value,
        below: below.value,
    })
}

/// Start of the sign before the numeral `n` at byte `at`, not before `floor`: a minus sign before
/// Arabic figures, a word (负) before all. 减负 and the second of two dashes are none.
#[must_use]
pub fn sign(text: &str, at: usize, floor: usize, n: &Numeral, lexicon: &Lexicon) -> Option<usize> {
    let head = text.get(floor..at)?;
    if let Some(start) = lexicon.numerals.minus_before(text, at) {
        return (start >= floor).then_some(start);
    }
    let dash = head.chars().next_back()?;
    let start = at - dash.len_utf8();
    let before = text.get(..start)?.chars().next_back();
    let free = before.is_none_or(|c| !c.is_ascii_alphanumeric() && !is_dash(c));
    (!n.han && MINUS.contains(&dash) && free).then_some(start)
}

/// True for the marks between the ends of a range, and for those that look like them.
pub(super) fn is_dash(c: char) -> bool {
    matches!(c, '—' | '–' | '~' | '～') || MINUS.contains(&c)
}

/// A numeral of a text and what it is worth, whatever it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Worth {
    /// Where it stands, its sign included.
    pub span: Span,
    /// The number, multiplier and sign counted in; zero for a mere fraction.
    pub value: Decimal,
    /// Numerator and denominator of a fraction, to be added to `value`; signed like it.
    pub part: Option<(Decimal, Decimal)>,
}

/// Every numeral of `text`, from left to right, the longest at each place. What they count, and
/// whether they count anything, is not asked: 一 of 一起 is among them. The one behind 百分之 stands
/// for itself.
///
/// ```
/// use gongbao::{lexicon::Lexicon, quantities::numeral::numerals};
/// let found = numerals("负三点五，其中12万6千吨", Lexicon::builtin());
/// let values: Vec<String> = found.iter().map(|n| n.value.to_string()).collect();
/// assert_eq!(values, ["-3.5", "126000"]);
/// ```
#[must_use]
pub fn numerals(text: &str, lexicon: &Lexicon) -> Vec<Worth> {
    let mut out = Vec::new();
    let mut at = 0;
    let mut floor = 0;
    while let Some(c) = next(text, at) {
        let after = at + c.len_utf8();
        if c == '.'
            && text
                .get(..at)
                .is_some_and(|h| h.ends_with(|c: char| c == '.' || c.is_alphanumeric()))
        {
            at = after;
            continue;
        }
        let percent = lexicon.numerals.denominator(c);
        if let Some(from) = percent.and(lexicon.numerals.fraction_at(text, after)) {
            at = from;
        } else if let Some(worth) = worth(text, at, floor, lexicon) {
            floor = worth.span.end as usize;
            at = floor.max(after);
            out.push(worth);
        } else {
            at = after;
        }
    }
    out
}

fn worth(text: &str, at: usize, floor: usize, lexicon: &Lexicon) -> Option<Worth> {
    let n = numeral(text, at, lexicon)?;
    let start = sign(text, at, floor, &n, lexicon);
    let signed = |d: Decimal| if start.is_some() { -d } else { d };
    let start = start.unwrap_or(at);
    if let Some(found) = fraction_from(text, at, &n, lexicon) {
        return Some(Worth {
            span: Span::new(start, found.end),
            value: signed(found.whole.unwrap_or(Decimal::ZERO)),
            part: Some((signed(found.above), found.below)),
        });
    }
    Some(Worth {
        span: Span::new(start, n.end),
        value: signed(n.value.scaled(n.tail).ok()?),
        part: None,
    })
}

/// End of 余 or 多 at byte `at` when a multiplier or a unit follows it, so that 余额 and 多形式 stay
/// words.
fn over_mark(text: &str, at: usize, lexicon: &Lexicon) -> Option<usize> {
    let c = next(text, at)?;
    let end = at + c.len_utf8();
    match lexicon.numerals.figure(c)? {
        Figure::Over => {}
        // 20几户.
        Figure::Some if text.get(..at)?.ends_with('0') => {
            return lexicon.units.at(text, end).map(|_| end);
        }
        _ => return None,
    }
    let power = matches!(
        lexicon.numerals.figure(next(text, end)?),
        Some(Figure::Power(_))
    );
    (power || lexicon.units.at(text, end).is_some()).then_some(end)
}

/// The multiplier of power 4 and more at byte `at`, and its end: 万, 亿, 万亿, 万万, 亿亿, 兆.
fn large_power(text: &str, at: usize, lexicon: &Lexicon) -> (u32, usize) {
    let figure = |at: usize| next(text, at).and_then(|c| lexicon.numerals.figure(c));
    let power = |at: usize| {
        let c = next(text, at)?;
        let Some(Figure::Power(p @ 4..)) = lexicon.numerals.figure(c) else {
            return None;
        };
        let end = at + c.len_utf8();
        // 兆 is a multiplier when the number goes on: 五兆六十二亿; 五兆 are megabytes.
        let goes_on = || p > 8 && matches!(figure(end), Some(Figure::Digit(_) | Figure::Power(1)));
        (goes_on() || !lexicon.units.begins(text, at)).then_some((p, end))
    };
    match power(at) {
        Some((first, end)) => match power(end) {
            Some((second @ 4..=8, end)) if first <= second => (first + second, end),
            _ => (first, end),
        },
        None => (0, at),
    }
}

fn digits(mantissa: i128) -> u32 {
    mantissa.checked_ilog10().map_or(1, |n| n + 1)
}

/// Value, tail and upper value of the terms.
fn total(terms: &Terms) -> Option<(Decimal, u32, Option<Decimal>)> {
    let Some((_, tail)) = terms.more.last() else {
        let (chunk, power) = &terms.first?;
        let value = Decimal::new(chunk.mantissa, chunk.scale).ok()?;
        let upper = match chunk.upper {
            Some(upper) => Some(Decimal::new(upper, chunk.scale).ok()?),
            None => None,
        };
        return Some((value, *power, upper));
    };
    let mut sum = Decimal::ZERO;
    let mut above = 0;
    for (chunk, power) in terms.iter() {
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
    let mut value = Decimal::new(sum.mantissa(), scale.checked_add(*tail)?).ok()?;
    // The zeros that the division left are no digits as written.
    while value.scale() > scale && value.mantissa() % 10 == 0 {
        value = Decimal::new(value.mantissa() / 10, value.scale() - 1).ok()?;
    }
    Some((value, *tail, None))
}

fn chunk(text: &str, at: usize, lexicon: &Lexicon) -> Option<Chunk> {
    match next(text, at)? {
        c if c.is_ascii_digit() || c == '.' => arabic(text, at, lexicon),
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
        // No overflow: what it is multiplied from has been found small enough.
        let figure = i128::from(bytes.get(i)?.wrapping_sub(b'0'));
        mantissa = mantissa.wrapping_mul(10).wrapping_add(figure);
        (mantissa <= LARGEST).then_some(())
    };
    let mut pos = at;
    while digit(pos) {
        push(pos)?;
        pos += 1;
    }
    // OCR gives the full-width comma for the other; behind ￥20 it ends the number.
    let said = || {
        let head = text.get(..at);
        head.is_some_and(|head| lexicon.units.sign_before(head).is_some())
    };
    let grouped = pos - at <= 3 && bytes.get(at) != Some(&b'0');
    let mut behind = next(text, pos);
    while grouped
        && let Some(mark @ (',' | '，')) = behind
        && let first = pos + mark.len_utf8()
        && (first..first + 3).all(digit)
        && !digit(first + 3)
        && !(mark == '，' && said())
    {
        for i in first..first + 3 {
            push(i)?;
        }
        pos = first + 3;
        behind = next(text, pos);
    }
    if behind == Some('.') && digit(pos + 1) && !dotted(bytes, pos) {
        pos += 1;
        while digit(pos) {
            push(pos)?;
            scale += 1;
            if scale > MOST_DIGITS {
                return None;
            }
            pos += 1;
        }
        behind = next(text, pos);
    }
    // 1.27E+09, as spreadsheets print it.
    if matches!(behind, Some('e' | 'E'))
        && let Some((power, end)) = exponent(text, pos)
    {
        let raised = match u32::try_from(power) {
            Ok(up) => Decimal::new(mantissa, scale).ok()?.scaled(up).ok()?,
            Err(_) => Decimal::new(mantissa, scale + power.unsigned_abs()).ok()?,
        };
        return Some(Chunk {
            end,
            mantissa: raised.mantissa(),
            scale: raised.scale(),
            ..Chunk::default()
        });
    }
    if pos == at {
        return None;
    }
    let mut chunk = Chunk {
        end: pos,
        mantissa,
        scale,
        single: false,
        ..Chunk::default()
    };
    let figure = behind.and_then(|c| lexicon.numerals.figure(c));
    if matches!(figure, Some(Figure::Power(_)))
        && let Some((power, end)) = small_power(text, pos, lexicon)
    {
        let value = Decimal::new(mantissa, scale).ok()?.scaled(power).ok()?;
        chunk.mantissa = value.mantissa();
        chunk.scale = value.scale();
        chunk.end = end;
        if chunk.scale == 0 {
            below(text, &mut chunk, power, lexicon);
        }
    }
    Some(chunk)
}

/// The multiplier below 万 at byte `at`, and its end; 千瓦 and 百分之 have none.
fn small_power(text: &str, at: usize, lexicon: &Lexicon) -> Option<(u32, usize)> {
    let c = next(text, at)?;
    let Some(Figure::Power(power)) = lexicon.numerals.figure(c) else {
        return None;
    };
    let end = at + c.len_utf8();
    let part = lexicon.units.begins(text, at) || lexicon.numerals.fraction_at(text, end).is_some();
    (power < 4 && !part).then_some((power, end))
}

/// Adds what goes on below a multiplier: 4百 of 5千4百, 零20 of 1千零20.
fn below(text: &str, chunk: &mut Chunk, mut power: u32, lexicon: &Lexicon) {
    loop {
        let zero = next(text, chunk.end)
            .filter(|&c| !c.is_ascii_digit())
            .filter(|&c| lexicon.numerals.figure(c) == Some(Figure::Digit(0)));
        let from = chunk.end + zero.map_or(0, char::len_utf8);
        let figures = text.get(from..).unwrap_or("");
        let first_four = figures.bytes().take(4);
        let length = first_four.take_while(u8::is_ascii_digit).count();
        if !(1..4).contains(&length) || text.as_bytes().get(from + length) == Some(&b'.') {
            return;
        }
        let Ok(value) = figures.get(..length).unwrap_or("").parse::<i128>() else {
            return;
        };
        let (p, end) = match small_power(text, from + length, lexicon) {
            Some(found) => found,
            None if zero.is_some() => (0, from + length),
            None => return,
        };
        if value >= 10_i128.pow(power.saturating_sub(p)) || p >= power {
            return;
        }
        chunk.mantissa += value * 10_i128.pow(p);
        chunk.end = end;
        power = p;
    }
}

/// True when the figures behind the point at byte `at` end before another point with figures, or
/// those before it begin behind one: 2.10.3 is a date or a version.
fn dotted(bytes: &[u8], at: usize) -> bool {
    let digit = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_digit);
    let behind = (at + 1..).take_while(|&i| digit(i)).count();
    let before = (0..at).rev().take_while(|&i| digit(i)).count();
    let end = at + 1 + behind;
    let start = at - before;
    bytes.get(end) == Some(&b'.') && digit(end + 1)
        || before > 0 && start > 1 && bytes.get(start - 1) == Some(&b'.') && digit(start - 2)
}

/// The power of ten written behind a number with the letter at byte `at`, `E+09`, and its end.
fn exponent(text: &str, at: usize) -> Option<(i32, usize)> {
    let sign = next(text, at + 1)?;
    let minus = MINUS.contains(&sign);
    let first = match sign {
        '+' => at + 2,
        _ if minus => at + 1 + sign.len_utf8(),
        _ => at + 1,
    };
    let rest = text.get(first..)?;
    let first_three = rest.bytes().take(3);
    let length = first_three.take_while(u8::is_ascii_alphanumeric).count();
    let power: i32 = rest.get(..length)?.parse().ok()?;
    ((1..=2).contains(&length) && power >= 0)
        .then_some((if minus { -power } else { power }, first + length))
}

/// 点五 behind a multiplier.
fn point(text: &str, at: usize, lexicon: &Lexicon) -> Option<Chunk> {
    let mark = next(text, at)?;
    if lexicon.numerals.figure(mark) != Some(Figure::Point) {
        return None;
    }
    let mut out = Chunk {
        end: at + mark.len_utf8(),
        han: true,
        ..Chunk::default()
    };
    while let Some(c) = next(text, out.end)
        && let Some(Figure::Digit(d)) = lexicon.numerals.figure(c)
        && !lexicon.numerals.leads(Some(c))
        && out.scale < MOST_POINTS
    {
        out.mantissa = out.mantissa * 10 + i128::from(d);
        out.scale += 1;
        out.end += c.len_utf8();
    }
    (out.scale > 0).then_some(out)
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
    // 三五户: three to five.
    if let Some((end, lower, upper)) = lexicon.numerals.either_at(text, at)
        && lexicon.units.at(text, end).is_some()
    {
        out.mantissa = lower.into();
        out.upper = Some(upper.into());
        out.end = end;
        return Some(out);
    }
    let mut pending: Option<i128> = None;
    let mut zero = false;
    let mut last = u32::MAX;
    let mut figures = 0;
    while let Some((Some(found), end)) = figure(out.end) {
        match found {
            Figure::Digit(d) => {
                // 三十两 are thirty of the weight; 三千两百 is a number.
                // 一两次 is once or twice.
                let either = figures == 1 && pending == Some(1) && last == u32::MAX;
                if out.end > at
                    && lexicon.numerals.leads(next(text, out.end))
                    && !matches!(figure(end), Some((Some(Figure::Power(2..)), _)))
                    && !(either && lexicon.units.at(text, end).is_some())
                {
                    break;
                }
                let d = i128::from(d);
                let power = matches!(figure(end), Some((Some(Figure::Power(..4)), _)));
                match pending {
                    None if d == 0 && last != u32::MAX => zero = true,
                    // Behind three or four hundred, no more of it follows.
                    None if out.upper.is_some() => break,
                    None => pending = Some(d),
                    // What a zero at the front stands for was lost: 零一十六.
                    Some(0) if figures == 1 && last == u32::MAX && power => pending = Some(d),
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
                // 零十 is ten.
                out.mantissa += pending.take().filter(|&d| d > 0).unwrap_or(1) * unit;
                last = p;
                zero = false;
            }
            Figure::Some if (last == 1 || zero) && pending.is_none() => {
                out.over = true;
                out.end = end;
                break;
            }
            Figure::Point if pending.is_some() || out.mantissa > 0 => {
                let Some(points) = point(text, out.end, lexicon) else {
                    break;
                };
                // 两千三点一 is 2300.1, 两千零三点一 is 2003.1.
                let short = (2..4).contains(&last) && !zero;
                let place = if short { 10_i128.pow(last - 1) } else { 1 };
                out.mantissa += pending.take().unwrap_or(0) * place;
                out.mantissa = out.mantissa * 10_i128.pow(points.scale) + points.mantissa;
                out.scale = points.scale;
                out.end = points.end;
                return (points.scale < MOST_POINTS).then_some(out);
            }
            Figure::Half if out.end == at => {
                out.mantissa = 5;
                out.scale = 1;
                out.end = end;
                // 半百 is fifty.
                if let Some((Some(Figure::Power(2)), end)) = figure(end) {
                    out.mantissa = 50;
                    out.scale = 0;
                    out.end = end;
                }
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
        out.bare = false;
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
            ("5千4百担", "5400", 0, "担"),
            ("1千零20人", "1020", 0, "人"),
            ("1.27E+09元", "1270000000", 0, "元"),
            ("5E级", "5", 0, "E级"),
            ("2.10.3版", "2", 0, ".10.3版"),
            ("1，234人", "1234", 0, "人"),
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
            ("三十两", "30", 0, "两"),
            ("三千两百两", "3200", 0, "两"),
            ("两千三点一", "2300.1", 0, ""),
            ("两千零三点一", "2003.1", 0, ""),
            ("两千万点五", "20000000.5", 0, ""),
            ("五兆六十二亿元", "50062", 8, "元"),
            ("三亿亿次", "3", 16, "次"),
            ("半百", "50", 0, ""),
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
        let n = numeral("三四百六人", 0, Lexicon::builtin()).unwrap();
        assert_eq!((n.upper.unwrap().to_string(), n.end), ("400".into(), 9));
        let n = numeral("零一十六眼", 0, Lexicon::builtin()).unwrap();
        assert_eq!(
            (n.value.to_string(), n.upper, n.end),
            ("16".into(), None, 12)
        );
        let n = numeral("十五六个", 0, Lexicon::builtin()).unwrap();
        assert_eq!(
            (n.value.to_string(), n.upper.unwrap().to_string()),
            ("15".into(), "16".into())
        );
    }

    #[test]
    fn fractions() {
        let read = |text: &str| {
            let found = fraction(text, 0, Lexicon::builtin()).unwrap();
            let (above, below) = found.terms().unwrap();
            (
                above.to_string(),
                below.to_string(),
                text[found.end..].to_owned(),
            )
        };
        for (text, above, below, rest) in [
            ("五分之一", "1", "5", ""),
            ("百万分之五", "5", "1000000", ""),
            ("三百五又三分之一", "1051", "3", ""),
            ("3/5的", "3", "5", "的"),
        ] {
            assert_eq!(
                read(text),
                (above.into(), below.into(), rest.into()),
                "{text}"
            );
        }
        for text in ["3/5/2021", "3/5a", "3/0", "1.5/2", "五分"] {
            assert_eq!(fraction(text, 0, Lexicon::builtin()), None, "{text}");
        }
    }

    #[test]
    fn signs_are_free_of_words_and_figures() {
        let signed = |text: &str| numerals(text, Lexicon::builtin())[0].value.is_negative();
        for text in ["负三点五", "降至负2", "-2.5", "（－3）"] {
            assert!(signed(text), "{text}");
        }
        for text in ["减负3亿元", "肩负三项", "A-3", "——3"] {
            assert!(!signed(text), "{text}");
        }
    }

    #[test]
    fn too_many_digits_are_no_number() {
        assert!(numeral(&"9".repeat(40), 0, Lexicon::builtin()).is_none());
        assert!(numeral(&"九".repeat(40), 0, Lexicon::builtin()).is_none());
    }

    #[test]
    fn multipliers_that_raise_each_other_are_no_number() {
        let text = "三万五亿".repeat(2000);
        assert!(numeral(&text, 0, Lexicon::builtin()).is_none());
    }

    #[test]
    fn no_numeral_starts_in_an_overlong_row() {
        let nines = "9".repeat(29);
        let rows = [
            nines.repeat(2),
            format!("{nines}0000{nines}"),
            format!("00007{}", "0".repeat(40)),
            format!("0007.{}", "0".repeat(40)),
            format!("0007.{}.5", "0".repeat(40)),
            format!("00{nines}户"),
            "0".repeat(60),
            "7户".to_owned(),
        ];
        for row in rows {
            let figures = row.bytes().take_while(u8::is_ascii_digit).count();
            let starts = (0..figures).map(|at| numeral(&row, at, Lexicon::builtin()).is_some());
            let first = starts.clone().position(|starts| starts);
            if first != Some(0) {
                assert_eq!(behind_overlong(&row, 0), first.unwrap_or(figures), "{row}");
            }
        }
    }
}
