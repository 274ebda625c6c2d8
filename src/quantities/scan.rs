//! One pass over a paragraph: finds the numbers and puts unit, approximation, range and ratio
//! around them; what is no quantity is left with a reason.

use std::borrow::Cow;

use super::date;
use super::numeral::{Fraction, Numeral, behind_overlong, fraction_from, is_dash, numeral, sign};
use super::protected::protected;
use super::reason::{self, Why};
use super::{Kind, Left, Quantities, Quantity};
use crate::base::{Decimal, Diagnostic, Place, Span};
use crate::lexicon::numerals::{Figure, PhraseKind, TenthAt};
use crate::lexicon::periods::PartRole;
use crate::lexicon::units::{Found, Only};
use crate::lexicon::{Lexicon, Opening};
use crate::normalize::width;
use crate::record::Precision;

/// How many bytes a look back for a governing word goes: about fifteen Han.
const LOOK_BACK: usize = 45;
/// How many characters a noun may have that a time is the size of.
const LONGEST_SIZED: usize = 12;
/// How many characters a note between a number and its unit may have.
const LONGEST_NOTE: usize = 24;
/// How many numbers may share one unit.
const MOST_SHARED: usize = 12;
/// The power of ten of 亿.
const HUNDRED_MILLION: u32 = 8;
/// What a ratio measures, of two numbers or of one.
const NO_UNIT: &str = "ratio-of";
const COLONS: [char; 5] = [':', '：', '∶', '︰', '﹕'];

/// True for marks that end a clause; a unit's noun does not reach over them.
const fn is_stop(c: char) -> bool {
    matches!(
        c,
        '，' | '。' | '；' | '：' | '、' | '！' | '？' | '）' | '\n' | ',' | ';' | ')' | '(' | '（'
    )
}

/// `char::is_alphabetic`, at once for the characters and marks that Chinese is written with.
fn is_letter(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}') || !is_stop(c) && c.is_alphabetic()
}

/// A unit behind a number.
#[derive(Debug, Clone, PartialEq, Eq)]
struct UnitAt<'a> {
    end: usize,
    /// Power of ten written behind the unit's number when the unit was shared: 12、15万吨.
    tail: u32,
    /// True when a later number of the row says it.
    shared: bool,
    /// Where the sign starts that says it before the number: ￥300.
    sign: Option<usize>,
    name: Cow<'a, str>,
    dimension: Cow<'a, str>,
}

impl<'a> UnitAt<'a> {
    /// One that stands behind its number alone.
    fn new(end: usize, name: &'a str, dimension: &'a str) -> Self {
        Self {
            end,
            tail: 0,
            shared: false,
            sign: None,
            name: Cow::Borrowed(name),
            dimension: Cow::Borrowed(dimension),
        }
    }
}

struct Scan<'a> {
    text: &'a str,
    /// The text as written, traditional characters and all.
    written: &'a str,
    span: Span,
    lexicon: &'a Lexicon,
    out: &'a mut Quantities,
    /// End of the last thing read: nothing looks back over it.
    floor: usize,
    /// No numeral starts before this byte: a row of figures that is too long for a number.
    overlong: usize,
}

/// Reads the paragraph `span` of `text`.
///
/// `text` has traditional characters folded, `written` not; their offsets are the same.
pub(crate) fn paragraph(
    text: &str,
    written: &str,
    span: Span,
    lexicon: &Lexicon,
    out: &mut Quantities,
) {
    let protected = protected(text, span);
    let mut names = protected.iter().peekable();
    let mut scan = Scan {
        text,
        written,
        span,
        lexicon,
        out,
        floor: span.start as usize,
        overlong: 0,
    };
    let end = span.end as usize;
    let mut at = span.start as usize;
    while let Some(skipped) = text
        .get(at..end)
        .and_then(|rest| lexicon.triggers.first_in(rest))
    {
        at += skipped;
        if skipped > 0 && scan.is_opening_point(at - 1) {
            at -= 1;
        }
        while names.next_if(|n| n.end as usize <= at).is_some() {}
        let name = names
            .peek()
            .filter(|n| (n.start as usize) < at)
            .map(|n| n.end as usize);
        let read = scan.step(at, name);
        if read > at {
            scan.floor = read;
            at = read;
        } else {
            at += scan.next(at).map_or(1, char::len_utf8);
        }
    }
}

impl<'a> Scan<'a> {
    fn end(&self) -> usize {
        self.span.end as usize
    }

    fn next(&self, at: usize) -> Option<char> {
        self.text.get(at..self.end())?.chars().next()
    }

    fn previous(&self, at: usize) -> Option<char> {
        self.text
            .get(self.span.start as usize..at)?
            .chars()
            .next_back()
    }

    /// .5 at the start of a clause; elsewhere a figure before the point was lost.
    fn is_opening_point(&self, at: usize) -> bool {
        self.next(at) == Some('.')
            && self.next(at + 1).is_some_and(|c| c.is_ascii_digit())
            && self.previous(at).is_none_or(is_stop)
    }

    /// The numeral at byte `at`, where a step begins.
    fn numeral(&mut self, at: usize) -> Option<Numeral> {
        if at < self.overlong {
            return None;
        }
        let n = numeral(self.text, at, self.lexicon);
        if n.is_none() {
            self.overlong = behind_overlong(self.text, at);
        }
        n
    }

    fn leave(&mut self, start: usize, end: usize, why: impl Into<Why>) -> usize {
        let why = why.into();
        self.out.left.push(Left {
            span: Span::new(start, end),
            reason: why.code.into_owned(),
            cause: why.cause,
        });
        end
    }

    /// Reads what starts at byte `at`, if anything does; its end, or `at`.
    fn step(&mut self, at: usize, name_end: Option<usize>) -> usize {
        let lexicon = self.lexicon;
        let opening = self.next(at).and_then(|c| lexicon.openings.get(c));
        let opening = opening.unwrap_or_default();
        let n = self.numeral(at);
        if (opening.period || n.is_some())
            && let Some(time) = date::time_from(self.text, at, n.as_ref(), self.floor, lexicon)
        {
            let end = time.span.end as usize;
            self.out.times.push(time);
            return end;
        }
        if let Some(end) = name_end {
            return match n {
                Some(n) if !n.bare => {
                    self.leave(at, n.end, reason::QUOTED_NAME);
                    n.end.max(at)
                }
                _ => at.min(end),
            };
        }
        // 十分之一 is no 十分.
        if let Some(end) = self.fraction(at, n.as_ref()) {
            return end;
        }
        if opening.fixed
            && let Some((end, reason)) = lexicon.not_quantities.fixed_at(self.text, at)
        {
            let word = Some(Span::new(at, end));
            let why = Why::word(reason, "not_a_quantity.fixed", word);
            return self.leave(at, end, why);
        }
        if opening.phrase
            && let Some(end) = self.phrase(at)
        {
            return end;
        }
        self.number(at, n, opening).unwrap_or(at)
    }

    /// 翻一番, 首位.
    fn phrase(&mut self, at: usize) -> Option<usize> {
        let (end, phrase) = self.lexicon.numerals.phrase_at(self.text, at)?;
        let kind = match phrase.kind {
            PhraseKind::Doubling => Kind::Doubling,
            PhraseKind::Number => Kind::Number,
            PhraseKind::Rank if self.ranked(at) => Kind::Rank,
            PhraseKind::Rank => return Some(self.leave(at, end, reason::NOT_A_RANK)),
        };
        let dimension = match kind {
            Kind::Number => "ratio",
            _ => "phrase",
        };
        let unit = UnitAt::new(end, &phrase.unit, dimension);
        let value = Decimal::from(phrase.value);
        let (around, precision) = self.approximation(at, end);
        self.push(
            kind,
            Span::new(at, end),
            around,
            value,
            unit,
            precision,
            None,
        );
        Some(around.end as usize)
    }

    /// A ranking word stands a little before in the clause.
    fn ranked(&self, at: usize) -> bool {
        let lowest = at.saturating_sub(LOOK_BACK).max(self.floor);
        let Some(head) = self.text.get(self.span.start as usize..at) else {
            return false;
        };
        let base = self.span.start as usize;
        for (i, c) in head.char_indices().rev() {
            let place = base + i + c.len_utf8();
            // 居全国第二、第七: the row goes on.
            if c == '、' && self.ends_rank(base + i) {
                return true;
            }
            if place < lowest || is_stop(c) {
                return false;
            }
            if self
                .lexicon
                .numerals
                .ranking_before(self.text, place)
                .is_some_and(|s| s >= base)
            {
                return true;
            }
        }
        false
    }

    /// True when the quantity said last is a rank that ends at byte `at`.
    fn ends_rank(&self, at: usize) -> bool {
        let last = self.out.quantities.last();
        last.is_some_and(|q| q.kind == Kind::Rank && q.around.end as usize == at)
    }

    /// A numeral `n` at byte `at` and what it belongs to; its end, none when there is no numeral.
    fn number(&mut self, at: usize, n: Option<Numeral>, opening: Opening) -> Option<usize> {
        let lexicon = self.lexicon;
        let numerals = &lexicon.numerals;
        if let Some(Figure::Ordinal) = self.next(at).and_then(|c| numerals.figure(c)) {
            return self.ordinal(at);
        }
        if opening.front
            && let Some(end) = self.front_rank(at)
        {
            return Some(end);
        }
        let n = n.filter(|n| n.end <= self.end())?;
        // 零下 of 零下5℃ is its sign.
        if n.han && numerals.minus_at(self.text, at).is_some() {
            return None;
        }
        let before = self.previous(at);
        // 数十, 几百: how many is not said.
        let opens = self.next(at).and_then(|c| numerals.figure(c));
        if numerals.unknown_before(self.text, at) && matches!(opens, Some(Figure::Power(_)))
            || before.and_then(|c| numerals.figure(c)) == Some(Figure::Some)
        {
            return Some(self.leave(at, n.end, reason::UNKNOWN_NUMBER));
        }
        if let Some(end) = self.ratio(at, &n) {
            return Some(end);
        }
        if let Some((end, why)) = self.clock(&n) {
            return Some(self.leave(at, end, why));
        }
        let tenth = numerals.tenth_at(self.text, n.end);
        let found = lexicon.units.at(self.text, n.end);
        let behind = found.and_then(|found| self.compound(n.end, found));
        let fits = found.is_some_and(|found| goes_with(&found, &n)) && behind.is_some();
        if let Some(why) = self.code(at, &n, fits || tenth.is_some()) {
            return Some(self.leave(at, n.end, why));
        }
        if let Some(tenth) = tenth
            && !n.bare
            && n.tail == 0
            && (n.value <= Decimal::from(10) || tenth.two_figures && n.value < Decimal::from(100))
        {
            return self.tenths(at, &n, tenth);
        }
        // 三大攻坚战, but 37大卡.
        let unit_end = found.map_or(0, |u| u.end);
        if let Some((end, reason)) = lexicon.not_quantities.cancelled(self.text, n.end)
            && end >= unit_end
        {
            let word = Some(Span::new(n.end, end));
            let why = Why::word(reason, "not_a_quantity.fixed", word);
            return Some(self.leave(at, n.end, why));
        }
        if let Some(end) = self.range(at, &n, behind.as_ref()) {
            return Some(end);
        }
        if let Some(unit) = found.and_then(|found| self.halved_unit(&n, &found)) {
            let value = n.value.checked_add(Decimal::new(5, 1).ok()?).ok()?;
            return self.quantity(at, Numeral { value, ..n }, unit);
        }
        let unit = match behind.filter(|_| fits) {
            Some(unit) => Some(unit),
            None => self.unit_elsewhere(at, &n),
        };
        let Some(unit) = unit else {
            let why = self.code_behind(n.end).unwrap_or(reason::NO_UNIT.into());
            return Some(self.leave(at, n.end, why));
        };
        self.quantity(at, n, unit)
    }

    /// The unit of a number that has none right behind it.
    fn unit_elsewhere(&mut self, at: usize, n: &Numeral) -> Option<UnitAt<'a>> {
        self.shared_unit(n)
            .or_else(|| self.noted_unit(n))
            .or_else(|| self.signed_unit(at, n))
            .or_else(|| self.no_unit(at, n))
            .or_else(|| self.bare_unit(at, n))
            .or_else(|| self.unknown_unit(at, n))
    }

    /// A numeral with its unit, unless something around it makes it none.
    fn quantity(&mut self, at: usize, n: Numeral, mut unit: UnitAt<'a>) -> Option<usize> {
        let mut n = n;
        let mut end = unit.end.max(n.end);
        // 十四斤半.
        if n.han
            && n.tail == 0
            && let Some(after) = self.half(end)
        {
            n.value = n.value.checked_add(Decimal::new(5, 1).ok()?).ok()?;
            end = after;
            unit.end = after;
        }
        if n.tail == 0 && !n.over && unit.end > n.end {
            end = self.parts(&mut n, &mut unit, end);
        }
        let from = unit.sign.unwrap_or(at);
        let minus = sign(self.text, from, self.floor, &n, self.lexicon);
        let start = minus.unwrap_or(from);
        let mention = Span::new(start, end);
        let (around, mut precision) = if unit.shared {
            let (from, precision) = self.approximated_from(start);
            (Span::new(from, end), precision)
        } else {
            self.approximation(start, end)
        };
        if let Some(why) = self.left_for(&n, mention, around, &unit, precision) {
            self.leave(start, around.end as usize, why);
            return Some(around.end as usize);
        }
        if n.over && precision == Precision::Exact {
            precision = Precision::Over;
        }
        let value = if minus.is_some() { -n.value } else { n.value };
        let mut upper = n.upper;
        if n.upper.is_some() {
            precision = Precision::Range;
        } else if n.over && precision == Precision::Over {
            upper = Some(next_step(n.value)?);
        }
        // A unit said once keeps its multiplier for the numbers before it.
        if n.tail > 0 {
            unit.tail = n.tail;
        }
        self.push(Kind::Number, mention, around, value, unit, precision, upper);
        Some(around.end as usize)
    }

    /// Adds the parts of a unit that are written behind it, 50元6角三分, to `n`; the end of the last.
    fn parts(&self, n: &mut Numeral, unit: &mut UnitAt<'_>, mut end: usize) -> usize {
        let lexicon = self.lexicon;
        let mut above = 0;
        while let from = lexicon.numerals.and_at(self.text, end).unwrap_or(end)
            && let Some(part) = numeral(self.text, from, lexicon)
            && !part.bare
            && !part.over
            && part.tail == 0
            && part.value.scale() == 0
            && let Some((after, power)) = lexicon.units.part_at(&unit.name, self.text, part.end)
            && power > above
            && part.value.mantissa() < 10_i128.pow(power - above)
            && lexicon.numerals.fraction_at(self.text, part.end).is_none()
            && lexicon
                .units
                .at(self.text, part.end)
                .is_none_or(|u| u.end <= after)
            && let Ok(value) = Decimal::new(part.value.mantissa(), power)
            && let Ok(sum) = n.value.checked_add(value)
        {
            n.value = sum;
            unit.end = after;
            end = after;
            above = power;
        }
        end
    }

    /// Why the number is no quantity after all, by what stands around it.
    fn left_for(
        &self,
        n: &Numeral,
        mention: Span,
        around: Span,
        unit: &UnitAt<'_>,
        precision: Precision,
    ) -> Option<Why> {
        let words = &self.lexicon.not_quantities;
        let start = mention.start as usize;
        let after = around.end as usize;
        let next = self.next(after);
        let noun_follows = next.is_some_and(is_letter)
            && !words.amount_at(self.text, after)
            && !self.lexicon.changes.change_at(self.text, after);
        if n.bare && !n.over && precision == Precision::Exact && noun_follows {
            return Some(reason::SIZE_CLASS.into());
        }
        // 后半篇, 前半场: a half of a thing is no count of it.
        let half = || Decimal::new(5, 1).is_ok_and(|h| h == n.value);
        if n.han && n.tail == 0 && unit.dimension == "count" && half() {
            return Some(reason::HALF_OF_A_THING.into());
        }
        let measured = !matches!(&*unit.dimension, "count" | "ratio" | "points" | "times");
        let class = after > mention.end as usize
            && matches!(
                precision,
                Precision::AtLeast | Precision::Under | Precision::AtMost
            );
        let counted = next.is_some_and(|c| c.is_ascii_digit());
        if class && measured && (noun_follows || counted) {
            return Some(reason::QUALIFIER.into());
        }
        // 30万吨级航道.
        let unit_end = mention.end as usize;
        if measured && let Some((to, reason)) = words.graded_at(self.text, unit_end) {
            let word = Some(Span::new(unit_end, to));
            return Some(Why::word(reason, "not_a_quantity.graded", word));
        }
        if noun_follows && let Some(reason) = words.grade(&unit.dimension) {
            return Some(Why::word(reason, "not_a_quantity.grade", None));
        }
        if unit.dimension == "time" && noun_follows {
            let tail = self.text.get(after..self.end()).unwrap_or("");
            let noun: String = tail
                .chars()
                .take(LONGEST_SIZED)
                .take_while(|&c| !is_stop(c))
                .collect();
            if let Some((from, to, reason)) = words.sized(&noun) {
                let word = Some(Span::new(after + from, after + to));
                return Some(Why::word(reason, "not_a_quantity.sized", word));
            }
        }
        if unit.dimension == "time"
            && let Some((from, reason)) = words.window_before(self.text, start)
        {
            let word = Some(Span::new(from, start));
            return Some(Why::word(reason, "not_a_quantity.window", word));
        }
        // 一 before a noun is an article; behind one it counts: 水库一座.
        if !n.han || n.tail > 0 || n.over || n.value != Decimal::from(1) {
            return None;
        }
        // 一天一调度, 一家一户: one each.
        let digit = |c: char| self.lexicon.numerals.figure(c) == Some(Figure::Digit(1));
        let each = self.out.left.last().is_some_and(|l| {
            l.span.end as usize == start
                && matches!(l.reason.as_str(), reason::ARTICLE | reason::EACH_ONE)
                && l.span.of(self.text).starts_with(digit)
        });
        if each || next.is_some_and(digit) {
            return Some(reason::EACH_ONE.into());
        }
        let head = self.text.get(self.span.start as usize..start);
        let named = head.is_some_and(|head| {
            let last = head.chars().rev().take(2);
            last.filter(|&c| is_letter(c)).count() == 2
        });
        let article = unit.dimension == "count" && (next.is_some_and(|c| !is_stop(c)) || !named);
        article.then(|| reason::ARTICLE.into())
    }

    /// 8时30分: the end of a time of day whose hour `n` is, and why it is no quantity.
    fn clock(&self, n: &Numeral) -> Option<(usize, Why)> {
        let lexicon = self.lexicon;
        let within = |n: &Numeral, most: i64| {
            n.tail == 0 && !n.over && n.value.scale() == 0 && n.value <= Decimal::from(most)
        };
        let (from, reason) = lexicon.not_quantities.clock_at(self.text, n.end)?;
        let minutes = numeral(self.text, from, lexicon)?;
        let unit = lexicon.units.at(self.text, minutes.end)?;
        (within(n, 24) && within(&minutes, 59) && unit.dimension == "score").then(|| {
            let word = Some(Span::new(n.end, from));
            (unit.end, Why::word(reason, "not_a_quantity.clock", word))
        })
    }

    /// Why the numeral, with a unit behind it or not, is part of a name or number of another kind.
    fn code(&self, at: usize, n: &Numeral, unit: bool) -> Option<Why> {
        let words = &self.lexicon.not_quantities;
        let before = self.previous(at);
        let after = self.next(n.end);
        if matches!(before, Some('[' | '［' | '〔' | '【'))
            && matches!(after, Some(']' | '］' | '〕' | '】'))
        {
            return Some(reason::REFERENCE.into());
        }
        if before == Some('（') && after == Some('）') || before == Some('(') && after == Some(')')
        {
            return Some(reason::NUMBERING.into());
        }
        // 9.7%6、15.3%: a figure right behind a percent sign is a piece of the misread sign.
        if matches!(before, Some('%' | '‰' | '％')) {
            return Some(reason::STRAY_FIGURE.into());
        }
        // “365天不落幕: the closing mark was lost.
        if matches!(before, Some('“' | '《' | '‘')) && n.tail == 0 {
            return Some(reason::QUOTED_NAME.into());
        }
        // 一九五人年: a damaged year.
        if n.row
            && self.text.get(n.end..self.end()).is_some_and(|r| {
                r.char_indices()
                    .skip(1)
                    .take(2)
                    .any(|(i, _)| self.lexicon.periods.part(PartRole::Year).at(r, i).is_some())
            })
        {
            return Some(reason::DAMAGED_YEAR.into());
        }
        // 2.10.3 is a date or a version.
        let figure = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        if !n.han && before == Some('.') && figure(self.previous(at.saturating_sub(1)))
            || after == Some('.') && figure(self.next(n.end + 1))
        {
            return Some(reason::DOTTED_ROW.into());
        }
        if matches!(before, Some('×' | '+' | '·' | '/'))
            || matches!(after, Some('×' | '·')) && !unit
        {
            return Some(reason::CODE.into());
        }
        if let Some(letter) = before
            && letter.is_ascii_alphabetic()
        {
            let head = self.text.get(self.span.start as usize..at)?;
            let letters = head
                .chars()
                .rev()
                .take(8)
                .take_while(char::is_ascii_alphabetic)
                .count();
            if letters < 3 || !unit {
                return Some(reason::CODE.into());
            }
        }
        if n.row && !unit {
            return Some(reason::ROW_OF_FIGURES.into());
        }
        if after.is_some_and(|c| c.is_ascii_alphabetic()) && !unit {
            return Some(self.code_behind(n.end).unwrap_or(reason::CODE.into()));
        }
        // 县道331 is a road; 县道28.6公里 is a length. 每10万人 is never a count.
        if let Some((from, reason)) = words.code_before(self.text, at)
            && (!unit || reason != reason::CODE)
        {
            let word = Some(Span::new(from, at));
            return Some(Why::word(reason, "not_a_quantity.before", word));
        }
        None
    }

    /// Why what stands at byte `at`, behind a numeral, makes it part of a code.
    fn code_behind(&self, at: usize) -> Option<Why> {
        let (end, reason, table) = self.lexicon.not_quantities.code_at(self.text, at)?;
        Some(Why::word(reason, table, Some(Span::new(at, end))))
    }

    /// The unit's name in the characters of the page, where it is the unit's form.
    fn as_written(&self, at: usize, found: &Found<'a>) -> &'a str {
        if self.text.get(at..found.end) == Some(found.name) {
            self.written.get(at..found.end).unwrap_or(found.name)
        } else {
            found.name
        }
    }

    /// The multiplier before a unit in the characters of the page.
    fn tail_as_written(&self, mention: Span, power: u32) -> &'a str {
        let numerals = &self.lexicon.numerals;
        if power == 0 {
            return numerals.tail(power);
        }
        let large = |c: char| matches!(numerals.figure(c), Some(Figure::Power(4..)));
        let written = mention.of(self.written);
        let Some(end) = written.rfind(large) else {
            return numerals.tail(power);
        };
        let end = end
            + written
                .get(end..)
                .and_then(|r| r.chars().next())
                .map_or(0, char::len_utf8);
        let head = written.get(..end).unwrap_or("");
        let start = head.trim_end_matches(large).len();
        let tail = head.get(start..).unwrap_or("");
        let said = tail.chars().map(|c| match numerals.figure(c) {
            Some(Figure::Power(p)) => p,
            _ => 0,
        });
        if said.sum::<u32>() == power {
            tail
        } else {
            numerals.tail(power)
        }
    }

    /// The unit at byte `at`, compounds included.
    fn unit_at(&self, at: usize) -> Option<UnitAt<'a>> {
        self.compound(at, self.lexicon.units.at(self.text, at)?)
    }

    /// The unit `found` at byte `at`, with what it is divided by: 微克/立方米.
    fn compound(&self, at: usize, found: Found<'a>) -> Option<UnitAt<'a>> {
        let units = &self.lexicon.units;
        if found.only == Some(Only::Closed) && !self.next(found.end).is_none_or(is_stop) {
            return None;
        }
        let mut unit = UnitAt::new(found.end, self.as_written(at, &found), found.dimension);
        while matches!(self.next(unit.end), Some('/' | '／')) {
            let slash = self.next(unit.end).map_or(0, char::len_utf8);
            let from = unit.end + slash;
            // 吨标准煤/万元: the divisor may have a multiplier of its own.
            let divisor = units.second_at(self.text, from).or_else(|| {
                let c = self.next(from)?;
                matches!(self.lexicon.numerals.figure(c), Some(Figure::Power(_)))
                    .then(|| units.at(self.text, from + c.len_utf8()))?
            });
            let Some(divisor) = divisor else { break };
            let name = unit.name.to_mut();
            name.push('/');
            name.push_str(self.text.get(from..divisor.end)?);
            let dimension = unit.dimension.to_mut();
            dimension.push('/');
            dimension.push_str(divisor.dimension);
            unit.end = divisor.end;
        }
        self.second_unit(&mut unit);
        (unit.end <= self.end()).then_some(unit)
    }

    /// Adds the measure word in brackets that may stand for the first: 9.56万套（间）.
    fn second_unit(&self, unit: &mut UnitAt<'_>) {
        let (open, close) = match self.next(unit.end) {
            Some('（') => ('（', '）'),
            Some('(') => ('(', ')'),
            _ => return,
        };
        let from = unit.end + open.len_utf8();
        let second = self.lexicon.units.second_at(self.text, from);
        if let Some(second) = second
            && unit.dimension == "count"
            && second.dimension == "count"
            && self.next(second.end) == Some(close)
            && let Some(written) = self.text.get(unit.end..second.end + close.len_utf8())
        {
            unit.name.to_mut().push_str(written);
            unit.end = second.end + close.len_utf8();
        }
    }

    /// 个小时 of 两个半小时, with the half inside, when `count` is the unit behind the number.
    fn halved_unit(&self, n: &Numeral, count: &Found<'_>) -> Option<UnitAt<'a>> {
        let units = &self.lexicon.units;
        if n.tail > 0 {
            return None;
        }
        let half = self.next(count.end)?;
        if self.lexicon.numerals.figure(half) != Some(Figure::Half) {
            return None;
        }
        let from = count.end + half.len_utf8();
        let measure = self.text.get(n.end..count.end)?;
        let rest: String = self.text.get(from..self.end())?.chars().take(4).collect();
        let whole = format!("{measure}{rest}");
        let found = units.at(&whole, 0).filter(|u| u.end > measure.len())?;
        Some(UnitAt {
            name: Cow::Owned(found.name.to_owned()),
            dimension: Cow::Owned(found.dimension.to_owned()),
            ..UnitAt::new(from + found.end - measure.len(), "", "")
        })
    }

    /// The unit that a later number of the same row says: 0.5、0.9个百分点.
    fn shared_unit(&self, n: &Numeral) -> Option<UnitAt<'a>> {
        if n.bare || n.han && n.row {
            return None;
        }
        let lexicon = self.lexicon;
        let mut at = n.end;
        for _ in 0..MOST_SHARED {
            let c = self.next(at)?;
            if c != '、' && !lexicon.names.joins(c) {
                return None;
            }
            at += c.len_utf8();
            let next = numeral(self.text, at, lexicon)?;
            if next.bare || next.han != n.han {
                return None;
            }
            at = next.end;
            if let Some(mut unit) = self.unit_at(at) {
                if unit.dimension == "time"
                    || (n.han && next.value.scale() == 0 && n.value < Decimal::from(10))
                {
                    return None;
                }
                unit.end = n.end;
                unit.tail = next.tail;
                unit.shared = true;
                return Some(unit);
            }
        }
        None
    }

    /// ￥300, $20万: the currency stands before the number.
    fn signed_unit(&self, at: usize, n: &Numeral) -> Option<UnitAt<'a>> {
        let head = self.text.get(self.span.start as usize..at)?;
        let (length, unit) = self.lexicon.units.sign_before(head)?;
        let start = at - length;
        (!n.han && start >= self.floor).then(|| UnitAt {
            sign: Some(start),
            ..UnitAt::new(n.end, unit.0, unit.1)
        })
    }

    /// 城乡居民收入比降至2.2: a ratio to one, said as one number without a unit.
    fn no_unit(&self, at: usize, n: &Numeral) -> Option<UnitAt<'a>> {
        let lexicon = self.lexicon;
        if n.han || n.tail > 0 || n.value.scale() == 0 {
            return None;
        }
        let closed = self.next(n.end).is_none_or(|c| !c.is_alphanumeric())
            || lexicon
                .approximations
                .after(self.text, n.end)
                .is_some_and(|(end, _)| self.next(end).is_none_or(is_stop))
            || lexicon.names.stated.at(self.text, n.end).is_some();
        if !closed {
            return None;
        }
        let mut place = self.approximated_from(at).0;
        while let Some((start, _)) = lexicon.names.stated.before(self.text, place) {
            place = start.max(self.span.start as usize);
            if place < self.floor || lexicon.numerals.unitless_before(self.text, place) {
                break;
            }
        }
        // 由2.35降至2.2: the first number says of what.
        let first = self.out.quantities.last().is_some_and(|q| {
            q.mention.end as usize == place && q.unit.is_empty() && q.dimension == NO_UNIT
        });
        (first || lexicon.numerals.unitless_before(self.text, place))
            .then(|| UnitAt::new(n.end, "", NO_UNIT))
    }

    /// 276.38（不含军工）亿元: a note stands between number and unit.
    fn noted_unit(&self, n: &Numeral) -> Option<UnitAt<'a>> {
        if n.han || n.tail > 0 || !matches!(self.next(n.end)?, '（' | '(') {
            return None;
        }
        let rest = self.text.get(n.end..self.end())?;
        let close = rest
            .char_indices()
            .take(LONGEST_NOTE)
            .find(|c| matches!(c.1, '）' | ')'))?;
        let from = n.end + close.0 + close.1.len_utf8();
        let bare = numeral(self.text, from, self.lexicon).filter(|m| m.bare && m.tail > 0);
        let mut unit = self.unit_at(bare.map_or(from, |m| m.end))?;
        unit.tail = bare.map_or(0, |m| m.tail);
        Some(unit)
    }

    /// 用户突破3500万: the multiplier is all the unit that there is.
    fn bare_unit(&mut self, at: usize, n: &Numeral) -> Option<UnitAt<'a>> {
        if n.tail == 0 || n.bare || n.han {
            return None;
        }
        let code = self.lexicon.not_quantities.code_at(self.text, n.end);
        let class = self.lexicon.not_quantities.populated_at(self.text, n.end);
        let latin = self.next(n.end).is_some_and(|c| c.is_ascii_alphanumeric());
        if code.is_some() || class || latin {
            return None;
        }
        self.doubt_bare(at, n);
        Some(UnitAt::new(n.end, "", "count"))
    }

    /// Says that the unit behind a multiplier may be misread: 6200万雷以上, 3.26亿王瓦时. People stand
    /// there without one (30万群众), but not as one character, nor behind 亿.
    fn doubt_bare(&mut self, at: usize, n: &Numeral) {
        let Some(c) = self.next(n.end).filter(|&c| width::is_han(c)) else {
            return;
        };
        let end = n.end + c.len_utf8();
        let approximations = &self.lexicon.approximations;
        let closed = |at: usize| {
            self.next(at).is_none_or(is_stop) || approximations.after(self.text, at).is_some()
        };
        if !closed(n.end)
            && (closed(end) || n.tail >= HUNDRED_MILLION && n.value.scale() > 0)
            && self.lexicon.names.stated.at(self.text, n.end).is_none()
        {
            self.out.diagnostics.push(Diagnostic::info(
                "unit-doubtful",
                format!("{c:?} behind the multiplier is no unit: it may be one misread"),
                Place::Clean(Span::new(at, end)),
            ));
        }
    }

    /// A measure word that no lexicon knows, between two that one knows: 水缸30口、木犁12挂、.
    fn unknown_unit(&mut self, at: usize, n: &Numeral) -> Option<UnitAt<'a>> {
        let c = self.next(n.end)?;
        let end = n.end + c.len_utf8();
        if !self.next(end).is_none_or(is_stop) {
            return None;
        }
        let last = self.out.quantities.last()?;
        let gap = self.text.get(last.around.end as usize..at)?;
        let listed = last.mention.start >= self.span.start
            && last.dimension == "count"
            && gap.len() <= LOOK_BACK
            && gap.starts_with(['、', '，'])
            && !gap.contains(['。', '；'])
            && self.previous(at).is_some_and(is_letter);
        if !listed
            || n.bare
            || !is_letter(c)
            || c.is_ascii()
            || self.lexicon.numerals.figure(c).is_some()
            || self
                .lexicon
                .not_quantities
                .code_at(self.text, n.end)
                .is_some()
        {
            return None;
        }
        let name = self.text.get(n.end..end)?;
        self.out.diagnostics.push(Diagnostic::info(
            "unknown-measure-word",
            format!("{name:?} is in no list of measure words; taken as one because it stands in a row of counts"),
            Place::Clean(Span::new(at, end)),
        ));
        Some(UnitAt::new(end, name, "count"))
    }

    /// 第5位, 全国第一; other ordinals are left.
    fn ordinal(&mut self, at: usize) -> Option<usize> {
        let lexicon = self.lexicon;
        let from = at + self.next(at)?.len_utf8();
        let n = numeral(self.text, from, lexicon)?;
        let closed = self.next(n.end).is_none_or(is_stop);
        let place = lexicon
            .units
            .at(self.text, n.end)
            .filter(|u| u.dimension == "count");
        let end = match place {
            Some(unit) if lexicon.names.places(unit.name) => unit.end,
            _ if closed && self.ranked(at) => n.end,
            _ => return Some(self.leave(at, n.end, reason::ORDINAL)),
        };
        self.rank(at, end, n.value, Precision::Exact)
    }

    /// 前三, 前10位 behind a ranking word.
    fn front_rank(&mut self, at: usize) -> Option<usize> {
        let c = self.next(at)?;
        if !self.lexicon.names.fronts(c) || !self.ranked(at) {
            return None;
        }
        let n = numeral(self.text, at + c.len_utf8(), self.lexicon)?;
        let closed = |end: usize| self.next(end).is_none_or(is_stop);
        let end = match self.lexicon.units.at(self.text, n.end) {
            Some(unit) if self.lexicon.names.places(unit.name) && closed(unit.end) => unit.end,
            _ if closed(n.end) && !n.bare => n.end,
            _ => return None,
        };
        self.rank(at, end, n.value, Precision::AtMost)
    }

    fn rank(
        &mut self,
        at: usize,
        end: usize,
        value: Decimal,
        precision: Precision,
    ) -> Option<usize> {
        let unit = UnitAt::new(end, self.lexicon.names.rank_unit(), "rank");
        let span = Span::new(at, end);
        self.push(Kind::Rank, span, span, value, unit, precision, None);
        Some(end)
    }

    /// 百分之八点六, 五分之一.
    fn fraction(&mut self, at: usize, first: Option<&Numeral>) -> Option<usize> {
        let lexicon = self.lexicon;
        let numerals = &lexicon.numerals;
        let c = self.next(at)?;
        let after = at + c.len_utf8();
        if let Some(unit) = numerals.denominator(c)
            && let Some(from) = numerals.fraction_at(self.text, after)
        {
            let mut n = numeral(self.text, from, lexicon)?;
            self.percent_range(at, &mut n);
            return self.quantity(at, n, UnitAt::new(n.end, unit, "ratio"));
        }
        let found = fraction_from(self.text, at, first?, lexicon)?;
        // 占全国1/4; dates and pages are written so too.
        let slash = self.text.get(at..found.end)?.contains(['/', '／']);
        let tail = self.text.get(found.end..self.end())?;
        let closed = tail.chars().next().is_none_or(is_stop)
            || lexicon.names.stated_particle(tail).is_some()
            || lexicon.approximations.after(self.text, found.end).is_some();
        let named = self.previous(at).is_some_and(is_letter)
            || self.after_fraction(at)
            || lexicon.names.stated_particle(tail).is_some();
        if slash && !(closed && named && found.above < found.below) {
            return None;
        }
        let no_part = found.above >= found.below;
        let (above, below) = found.terms()?;
        let Fraction { end, .. } = found;
        let span = Span::new(at, end);
        if !slash && no_part {
            self.out.diagnostics.push(Diagnostic::warning(
                "number-damaged",
                "a fraction that is no part of the whole: a figure may be misread".to_owned(),
                Place::Clean(span),
            ));
        }
        let (around, precision) = self.approximation(at, end);
        self.out.quantities.push(Quantity {
            mention: span,
            around,
            kind: Kind::Fraction,
            value: None,
            unit: String::new(),
            base_value: None,
            base_unit: String::new(),
            dimension: "fraction".into(),
            components: Some(vec![above, below]),
            precision,
            lower: None,
            upper: None,
        });
        Some(around.end as usize)
    }

    /// Adds the upper end that follows `n` to it: 百分之三至五, 百分之三到百分之五.
    fn percent_range(&self, at: usize, n: &mut Numeral) {
        let lexicon = self.lexicon;
        let Some(from) = self.range_mark(n.end) else {
            return;
        };
        let prefix = self.next(from).and_then(|c| {
            lexicon.numerals.denominator(c)?;
            let after = from + c.len_utf8();
            let start = lexicon.numerals.fraction_at(self.text, after)?;
            (self.next(at) == Some(c)).then_some(start)
        });
        let Some(upper) = numeral(self.text, prefix.unwrap_or(from), lexicon) else {
            return;
        };
        // A unit behind the second says that it is no per cent: 百分之三至5元.
        let other = prefix.is_none() && self.unit_at(upper.end).is_some();
        let plain = n.tail == 0 && upper.tail == 0 && !upper.bare && !n.over && !upper.over;
        if plain && !other && n.value < upper.value && !self.source_before(at) {
            n.upper = Some(upper.value);
            n.end = upper.end;
        }
    }

    /// End of what parts the two ends of a range at byte `at`: a dash, 至, 到.
    fn range_mark(&self, at: usize) -> Option<usize> {
        let c = self.next(at)?;
        if is_dash(c) {
            return Some(at + c.len_utf8());
        }
        let (end, _) = self.lexicon.periods.part(PartRole::To).at(self.text, at)?;
        Some(end)
    }

    /// True behind a fraction and a mark that joins: 1/4、1/3.
    fn after_fraction(&self, at: usize) -> bool {
        let gap = self.out.quantities.last().and_then(|q| {
            let fraction = q.kind == Kind::Fraction;
            self.text
                .get(q.mention.end as usize..at)
                .filter(|_| fraction)
        });
        gap.is_some_and(|gap| {
            let mut chars = gap.chars();
            let join = chars.next();
            join.is_some_and(|c| c == '、' || self.lexicon.names.joins(c)) && chars.next().is_none()
        })
    }

    /// 三成, 一成二, 七成半, 八折.
    fn tenths(&mut self, at: usize, n: &Numeral, tenth: TenthAt<'a>) -> Option<usize> {
        let mut n = *n;
        let whole = n.value > Decimal::from(10);
        let percent = |d: Decimal| if whole { Some(d) } else { d.scaled(1).ok() };
        let mut value = percent(n.value)?;
        n.upper = n.upper.and_then(percent);
        n.end = tenth.end;
        if let Some(c) = self.next(n.end).filter(|_| tenth.goes_on) {
            match self.lexicon.numerals.figure(c) {
                Some(Figure::Digit(d)) => {
                    value = value.checked_add(Decimal::from(i64::from(d))).ok()?;
                    n.end += c.len_utf8();
                }
                Some(Figure::Half) => {
                    value = value.checked_add(Decimal::from(5)).ok()?;
                    n.end += c.len_utf8();
                }
                Some(Figure::Over) => {
                    n.over = true;
                    n.end += c.len_utf8();
                }
                _ => {}
            }
        }
        n.value = value;
        self.quantity(at, n, UnitAt::new(n.end, tenth.unit, "ratio"))
    }

    /// 22.8:38.8:38.4; times and scores are none.
    fn ratio(&mut self, at: usize, first: &Numeral) -> Option<usize> {
        let colon = |at: usize| self.next(at).filter(|c| COLONS.contains(c));
        colon(first.end)?;
        let mut terms = vec![*first];
        let mut end = first.end;
        while terms.len() < MOST_SHARED {
            let Some(c) = colon(end) else {
                break;
            };
            let from = end + c.len_utf8();
            if !self.next(from).is_some_and(|c| c.is_ascii_digit()) {
                break;
            }
            let term = numeral(self.text, from, self.lexicon)?;
            end = term.end;
            terms.push(term);
        }
        if terms.len() < 2 || terms.iter().any(|t| t.han || t.tail > 0) {
            return None;
        }
        let lowest = at.saturating_sub(LOOK_BACK);
        let mut governed = false;
        let head = self.text.get(self.span.start as usize..at)?;
        for (i, _) in head.char_indices().rev() {
            let place = self.span.start as usize + i;
            if place < lowest {
                break;
            }
            governed |= self.lexicon.names.ratio.at(self.text, place).is_some();
        }
        let decimal = terms.iter().any(|t| t.value.scale() > 0);
        if !decimal && !governed {
            return Some(self.leave(at, end, reason::TIME_OR_SCORE));
        }
        let span = Span::new(at, end);
        let (around, precision) = self.approximation(at, end);
        self.out.quantities.push(Quantity {
            mention: span,
            around,
            kind: Kind::Ratio,
            value: None,
            unit: String::new(),
            base_value: None,
            base_unit: String::new(),
            dimension: NO_UNIT.into(),
            components: Some(terms.iter().map(|t| t.value).collect()),
            precision,
            lower: None,
            upper: None,
        });
        Some(around.end as usize)
    }

    /// 30—50人, 500至800元, 3%—5%, when `own` is the unit behind the first.
    fn range(&mut self, at: usize, first: &Numeral, own: Option<&UnitAt<'a>>) -> Option<usize> {
        let mut pos = own.map_or(first.end, |u| u.end);
        pos = self.range_mark(pos)?;
        let second = numeral(self.text, pos, self.lexicon)?;
        // 三至五成.
        let ten = Decimal::from(10);
        if own.is_none()
            && let Some(tenth) = self.lexicon.numerals.tenth_at(self.text, second.end)
            && first.value < second.value
            && second.value <= ten
            && !self.source_before(at)
        {
            let n = Numeral {
                upper: Some(second.value),
                end: second.end,
                ..*first
            };
            return self.tenths(at, &n, tenth);
        }
        let unit = self.unit_at(second.end)?;
        let agree = own.is_none_or(|u| u.name == unit.name);
        if !agree || second.bare || first.bare || self.source_before(at) {
            return None;
        }
        // 500至800万元 have one multiplier; of 8000至1.2万元 and 5000万至1.2亿元 the lower has its own.
        let own_tail = first.tail > 0 || first.value > second.value;
        let tail = if own_tail { first.tail } else { second.tail };
        let upper = second.value.scaled(second.tail.checked_sub(tail)?).ok()?;
        if first.value > upper {
            return None;
        }
        let span = Span::new(at, unit.end);
        let (around, _) = self.approximation(at, unit.end);
        let unit = UnitAt { tail, ..unit };
        let n = Numeral {
            upper: Some(upper),
            tail,
            ..*first
        };
        if let Some(why) = self.left_for(&n, span, around, &unit, Precision::Range) {
            return Some(self.leave(at, around.end as usize, why));
        }
        self.push(
            Kind::Number,
            span,
            around,
            first.value,
            unit,
            Precision::Range,
            Some(upper),
        );
        Some(around.end as usize)
    }

    /// True when 由 or 从 stands a little before in the clause: 由15个到20个 are two numbers.
    fn source_before(&self, at: usize) -> bool {
        let lowest = at.saturating_sub(LOOK_BACK).max(self.span.start as usize);
        let head = self.text.get(self.span.start as usize..at).unwrap_or("");
        for (i, c) in head.char_indices().rev() {
            let place = self.span.start as usize + i;
            if place < lowest || is_stop(c) {
                return false;
            }
            if self.lexicon.names.opens_from(c) {
                return true;
            }
        }
        false
    }

    /// End of the 半 at byte `at` that adds a half to the unit before it.
    fn half(&self, at: usize) -> Option<usize> {
        let c = self.next(at)?;
        let end = at + c.len_utf8();
        let half = self.lexicon.numerals.figure(c) == Some(Figure::Half);
        (half && self.next(end).is_none_or(is_stop)).then_some(end)
    }

    fn approximated_from(&self, start: usize) -> (usize, Precision) {
        let bare = || numeral(self.text, start, self.lexicon).is_some_and(|n| n.bare);
        let approximations = &self.lexicon.approximations;
        match approximations.before_number(self.text, start, bare) {
            Some((from, precision)) if from >= self.floor => (from, precision),
            _ => (start, Precision::Exact),
        }
    }

    /// The span with the approximations before and after it, and what they say.
    fn approximation(&self, start: usize, end: usize) -> (Span, Precision) {
        let (from, before) = self.approximated_from(start);
        let mut to = end;
        let mut after = Precision::Exact;
        if let Some((e, entry)) = self.lexicon.approximations.after(self.text, end)
            && e <= self.end()
        {
            to = e;
            after = entry.precision;
        }
        let precision = if before == Precision::Exact {
            after
        } else {
            before
        };
        (Span::new(from, to), precision)
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "one place where a quantity is put together"
    )]
    fn push(
        &mut self,
        kind: Kind,
        mention: Span,
        around: Span,
        value: Decimal,
        unit: UnitAt<'_>,
        precision: Precision,
        upper: Option<Decimal>,
    ) {
        let place = Place::Clean(mention);
        let Ok(base_value) = value.scaled(unit.tail) else {
            self.out.diagnostics.push(Diagnostic::warning(
                "number-too-long",
                format!(
                    "{} has more than 28 digits in base units; left out",
                    mention.of(self.text)
                ),
                place,
            ));
            return;
        };
        let (lower, upper) = bounds(value, precision, upper);
        let tail = self.tail_as_written(mention, unit.tail);
        let mut name = String::with_capacity(tail.len() + unit.name.len());
        name.push_str(tail);
        name.push_str(&unit.name);
        self.out.quantities.push(Quantity {
            mention,
            around,
            kind,
            value: Some(value),
            unit: name,
            base_value: Some(base_value),
            base_unit: unit.name.into_owned(),
            dimension: unit.dimension.into_owned(),
            components: None,
            precision,
            lower,
            upper,
        });
    }
}

/// True when a unit goes with such numbers.
fn goes_with(unit: &Found<'_>, n: &Numeral) -> bool {
    match unit.only {
        None | Some(Only::Closed) => true,
        Some(Only::Second) => false,
        Some(Only::Arabic) => !n.han || n.tail > 0,
        // 11.7年 is a length; 20.2026年 is a number and a year.
        Some(Only::Decimal) => n.value.scale() > 0 && n.value.scale() < 3,
    }
}

/// The next step of the last figure that is not zero: 70 → 80, 8450 → 8460, 1.2 → 1.3.
fn next_step(value: Decimal) -> Option<Decimal> {
    let mut mantissa = value.mantissa();
    let mut step: i128 = 1;
    while mantissa != 0 && mantissa % 10 == 0 {
        mantissa /= 10;
        step = step.checked_mul(10)?;
    }
    value
        .checked_add(Decimal::new(step, value.scale()).ok()?)
        .ok()
}

/// Lower and upper bound that a precision implies; `upper` is the one that the writing gives. Of a
/// negative value they bound its size.
pub(crate) fn bounds(
    value: Decimal,
    precision: Precision,
    upper: Option<Decimal>,
) -> (Option<Decimal>, Option<Decimal>) {
    if value.is_negative() {
        let (near, far) = bounds(-value, precision, upper);
        return (far.map(|d| -d), near.map(|d| -d));
    }
    match precision {
        Precision::Exact => (Some(value), Some(value)),
        Precision::About => (None, None),
        Precision::Over | Precision::AtLeast | Precision::Range => (Some(value), upper),
        Precision::Nearly | Precision::Under | Precision::AtMost => (None, Some(value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan(text: &str) -> Quantities {
        let mut out = Quantities::default();
        let span = Span::new(0, text.len());
        let lexicon = Lexicon::builtin();
        paragraph(&lexicon.variants.fold(text), text, span, lexicon, &mut out);
        out
    }

    /// Mentions, values and units of the quantities in `text`.
    fn read(text: &str) -> Vec<String> {
        let shown = |q: &Quantity| {
            let value = match (&q.value, &q.components) {
                (Some(v), _) => v.to_string(),
                (None, Some(c)) => {
                    let terms: Vec<String> = c.iter().map(ToString::to_string).collect();
                    terms.join(":")
                }
                (None, None) => String::new(),
            };
            format!("{}={value} {}", q.mention.of(text), q.unit)
        };
        scan(text).quantities.iter().map(shown).collect()
    }

    #[test]
    fn numbers_with_units() {
        for (text, want) in [
            ("总投资887.5万元。", &["887.5万元=887.5 万元"][..]),
            (
                "占2.8万亿元，办件3920个。",
                &["2.8万亿元=2.8 万亿元", "3920个=3920 个"],
            ),
            (
                "装机2000万千瓦，外送1亿千瓦。",
                &["2000万千瓦=2000 万千瓦", "1亿千瓦=1 亿千瓦"],
            ),
            (
                "走访70余次、谈话40多人次。",
                &["70余次=70 次", "40多人次=40 人次"],
            ),
            ("余额一百二十万余元。", &["一百二十万余元=120 万元"]),
            (
                "均价26.3微克/立方米。",
                &["26.3微克/立方米=26.3 微克/立方米"],
            ),
            (
                "压缩至3个工作日，提高0.6个百分点。",
                &["3个工作日=3 工作日", "0.6个百分点=0.6 百分点"],
            ),
            ("减负2500亿元。", &["2500亿元=2500 亿元"]),
            ("增长-8.7%。", &["-8.7%=-8.7 %"]),
            ("用户突破3500万、下载9次。", &["3500万=3500 万", "9次=9 次"]),
            (
                "产值276.38（不含军工）亿元。",
                &["276.38（不含军工）亿元=276.38 亿元"],
            ),
            ("每亩增加十四斤半。", &["十四斤半=14.5 斤"]),
        ] {
            assert_eq!(read(text), want, "{text}");
        }
    }

    #[test]
    fn rows_ranges_ratios_and_fractions() {
        for (text, want) in [
            (
                "分别下降0.5、0.9个百分点。",
                &["0.5=0.5 百分点", "0.9个百分点=0.9 百分点"][..],
            ),
            ("产量12、15万吨。", &["12=12 万吨", "15万吨=15 万吨"]),
            ("每期30—50人。", &["30—50人=30 人"]),
            ("补助500至800元。", &["500至800元=500 元"]),
            (
                "由15个工作日压缩至3个工作日。",
                &["15个工作日=15 工作日", "3个工作日=3 工作日"],
            ),
            (
                "结构为22.8:38.8:38.4。",
                &["22.8:38.8:38.4=22.8:38.8:38.4 "],
            ),
            ("收入比为2.5∶1。", &["2.5∶1=2.5:1 "]),
            ("占总数的五分之一。", &["五分之一=1:5 "]),
            (
                "增长百分之八点六，下降千分之三。",
                &["百分之八点六=8.6 %", "千分之三=3 ‰"],
            ),
            ("增长一成二，占三成。", &["一成二=12 %", "三成=30 %"]),
        ] {
            assert_eq!(read(text), want, "{text}");
        }
    }

    #[test]
    fn ranks() {
        for (text, want) in [
            ("总量居全市第5位。", &["第5位=5 位"][..]),
            (
                "产量稳居全省第一，单产居首位。",
                &["第一=1 位", "首位=1 位"],
            ),
            ("位列全市前三。", &["前三=3 位"]),
            ("第一产业投资和第三次普查。", &[]),
            ("把安全放在首位。", &[]),
        ] {
            assert_eq!(read(text), want, "{text}");
        }
    }

    #[test]
    fn what_is_no_quantity_has_a_reason() {
        for (text, reason) in [
            ("打好三大攻坚战。", "frame-word"),
            ("打造一个平台。", "article"),
            ("拨打12345热线。", "code"),
            ("整修国道331沿线。", "code"),
            ("建成5G基站。", "code"),
            ("设立“7×24小时自助区”。", "quoted-name"),
            ("贯彻《12条措施》。", "quoted-name"),
            ("架设220千伏线路。", "qualifier"),
            ("500万元以上项目开工。", "qualifier"),
            ("60岁及以上人口增加。", "qualifier"),
            ("第十六届会议。", "ordinal"),
            ("会议8:30开始。", "time-or-score"),
            ("走访数十户。", "unknown-number"),
            ("连续3个月下降。", "time-window"),
            ("工业[3]增加值。", "reference"),
            ("增长9.7%6。", "stray-figure"),
            ("首发经济3.0、直播。", "no-unit"),
        ] {
            let found = scan(text);
            let reasons: Vec<&str> = found.left.iter().map(|l| l.reason.as_str()).collect();
            assert!(reasons.contains(&reason), "{text}: {reasons:?}");
            let stray = reason == "stray-figure";
            assert_eq!(found.quantities.len(), usize::from(stray), "{text}");
        }
    }

    #[test]
    fn an_article_counts_behind_its_noun() {
        assert_eq!(read("修建水库一座，打井三眼。"), ["一座=1 座", "三眼=3 眼"]);
    }

    #[test]
    fn unknown_measure_words_in_a_row_of_counts() {
        let text = "购置水缸30口、犁铧12挂、箩筐40只。";
        assert_eq!(read(text), ["30口=30 口", "12挂=12 挂", "40只=40 只"]);
        let found = scan(text);
        assert_eq!(found.diagnostics.len(), 1);
        assert_eq!(found.diagnostics[0].code, "unknown-measure-word");
    }

    #[test]
    fn bounds_follow_from_the_words() {
        let bounds = |text: &str| {
            let q = scan(text).quantities.remove(0);
            let show = |d: Option<Decimal>| d.map_or("-".to_owned(), |d| d.to_string());
            format!("{}..{}", show(q.lower), show(q.upper))
        };
        for (text, want) in [
            ("办件70件。", "70..70"),
            ("办件70余件。", "70..80"),
            ("办件8450余件。", "8450..8460"),
            ("办件1.2万余件。", "1.2..1.3"),
            ("办件超70件。", "70..-"),
            ("办件近70件。", "-..70"),
            ("办件70件左右。", "-..-"),
            ("办件70件以上。", "70..-"),
            ("办件不超过70件。", "-..70"),
            ("办件70—90件。", "70..90"),
            ("气温零下20余℃。", "-30..-20"),
            ("气温负20℃以上。", "-..-20"),
            ("气温近-20℃。", "-20..-"),
        ] {
            assert_eq!(bounds(text), want, "{text}");
        }
    }

    #[test]
    fn numbers_that_do_not_fit_are_told_and_left_out() {
        let found = scan("总额9999999999999999999999999亿元。");
        assert!(found.quantities.is_empty());
        assert_eq!(found.diagnostics[0].code, "number-too-long");
    }
}
