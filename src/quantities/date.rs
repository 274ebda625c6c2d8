//! Times: 2021年7月19日, 一九五七年, 1—6月, 6月末, 今年上半年, “十四五”, 近三年.
//!
//! A time is kept as it is said; [`Expression::resolve`] makes days of it when the year that is
//! spoken of is known.

use super::numeral::{Numeral, numeral};
use crate::base::{DateSpan, Span};
use crate::lexicon::Lexicon;
use crate::lexicon::periods::PartRole as Word;

/// Which year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub enum Year {
    /// 2021年.
    Given(i16),
    /// 今年 0, 去年 −1.
    Offset(i16),
    /// 6月: the year that is spoken of.
    Unsaid,
}

/// A time as it is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Expression {
    /// The year, the first of several.
    pub year: Year,
    /// The last year of several: 2021—2025年.
    pub last_year: Option<i16>,
    /// So many years up to and with the one that is spoken of: 近三年.
    pub back: Option<i16>,
    /// First and last month.
    pub months: Option<(i8, i8)>,
    /// Day of the month, first and last.
    pub days: Option<(i8, i8)>,
    /// True for words that only a year that is over is called by: 全年, 年末.
    pub over: bool,
    /// True for words that open a review of a year: 过去一年.
    pub looks_back: bool,
    /// True for words that count from the day they are said on: 今年, 去年.
    pub spoken: bool,
}

/// A time and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Time {
    /// In [`crate::normalize::Clean::text`].
    pub span: Span,
    /// What is said.
    pub expression: Expression,
    /// True behind 比, 较, 是, 由: what something is measured against.
    pub compared: bool,
    /// True when it is part of a name: “十四五”规划, 全年预算.
    pub named: bool,
}

impl Expression {
    const fn of_year(year: Year) -> Self {
        Self {
            year,
            last_year: None,
            back: None,
            months: None,
            days: None,
            over: false,
            spoken: false,
            looks_back: false,
        }
    }

    /// The days, when `anchor` is the year that is spoken of; none when there are no such days.
    #[must_use]
    pub fn resolve(&self, anchor: Option<i16>) -> Option<DateSpan> {
        let year = match self.year {
            Year::Given(year) => year,
            Year::Offset(offset) => anchor?.checked_add(offset)?,
            Year::Unsaid => anchor?,
        };
        let year_span = |y: i16| DateSpan::year(y).ok();
        if let Some(back) = self.back {
            return Some(DateSpan {
                start: year_span(year.checked_sub(back - 1)?)?.start,
                end: year_span(year)?.end,
            });
        }
        if let Some(last) = self.last_year {
            return Some(DateSpan {
                start: year_span(year)?.start,
                end: year_span(last)?.end,
            });
        }
        let Some((first, last)) = self.months else {
            return year_span(year);
        };
        if let Some((day, last_day)) = self.days {
            return Some(DateSpan {
                start: DateSpan::day(year, first, day).ok()?.start,
                end: DateSpan::day(year, last, last_day).ok()?.end,
            });
        }
        Some(DateSpan {
            start: DateSpan::month(year, first).ok()?.start,
            end: DateSpan::month(year, last).ok()?.end,
        })
    }
}

/// Reads forward through a text.
#[derive(Clone, Copy)]
struct Reader<'a> {
    text: &'a str,
    at: usize,
    lexicon: &'a Lexicon,
}

impl Reader<'_> {
    fn take(&mut self, marks: &[char]) -> bool {
        match self.text.get(self.at..).and_then(|r| r.chars().next()) {
            Some(c) if marks.contains(&c) => {
                self.at += c.len_utf8();
                true
            }
            _ => false,
        }
    }

    fn word(&mut self, role: Word) -> bool {
        match self.lexicon.periods.part(role).at(self.text, self.at) {
            Some((end, _)) => {
                self.at = end;
                true
            }
            None => false,
        }
    }

    fn number(&mut self) -> Option<Number> {
        let n = numeral(self.text, self.at, self.lexicon)?;
        let number = Number::of(&n, self.at)?;
        self.at = n.end;
        Some(number)
    }
}

/// A whole number of a few figures without a multiplier word of 万.
#[derive(Clone, Copy)]
struct Number {
    end: usize,
    value: i16,
    /// True when it is written as years are.
    long: bool,
}

impl Number {
    /// The numeral at byte `at`, when it is one.
    fn of(n: &Numeral, at: usize) -> Option<Self> {
        if n.tail != 0 || n.over || n.value.scale() != 0 || n.upper.is_some() {
            return None;
        }
        Some(Self {
            end: n.end,
            value: i16::try_from(n.value.mantissa()).ok()?,
            long: n.row || n.end - at == 4 && !n.han,
        })
    }
}

const RANGE: [char; 7] = ['—', '–', '-', '~', '～', '－', '−'];

/// The time that starts at byte `at`.
#[must_use]
pub fn time(text: &str, at: usize, floor: usize, lexicon: &Lexicon) -> Option<Time> {
    let n = numeral(text, at, lexicon);
    time_from(text, at, n.as_ref(), floor, lexicon)
}

/// The same, when `n` is the numeral at byte `at`.
pub(super) fn time_from(
    text: &str,
    at: usize,
    n: Option<&Numeral>,
    floor: usize,
    lexicon: &Lexicon,
) -> Option<Time> {
    let mut reader = Reader { text, at, lexicon };
    let expression = expression(&mut reader, n)?;
    let mut start = at;
    // “十四五” with its marks.
    if text.get(..at)?.ends_with('“') && reader.take(&['”']) {
        start -= '“'.len_utf8();
    }
    while reader.word(Word::Tail) {}
    // 近三年, 连续三年: the word before belongs to the time.
    let mut running = false;
    if expression.back.is_some() {
        for role in [Word::Recent, Word::Running] {
            if let Some((from, _)) = lexicon.periods.part(role).before(text, start)
                && from >= floor
            {
                running = role == Word::Running;
                start = from;
            }
        }
    }
    let compared =
        running || start > floor && lexicon.periods.anchor_before(text.get(..start)?, start);
    Some(Time {
        span: Span::new(start, reader.at),
        expression,
        compared,
        named: is_named(text, reader.at, lexicon),
    })
}

/// True when a word behind a time that ends at byte `at` makes a name of it: “十四五”规划. 规划实施 and
/// 计划完成 do not, 规划 and 计划 being verbs there.
fn is_named(text: &str, at: usize, lexicon: &Lexicon) -> bool {
    let names = &lexicon.names;
    lexicon.periods.plan_at(text, at).is_some_and(|end| {
        names.opening.at(text, end).is_none() && names.realised.at(text, end).is_none()
    })
}

fn expression(reader: &mut Reader<'_>, n: Option<&Numeral>) -> Option<Expression> {
    let Reader { text, at, lexicon } = *reader;
    if let Some((end, word)) = lexicon.periods.at(text, at) {
        let quoted = text.get(..at)?.ends_with('“') && text.get(end..)?.starts_with('”');
        let tail = lexicon.periods.part(Word::Tail).at(text, end).is_some()
            || lexicon.periods.plan_at(text, end).is_some();
        if !word.quoted || quoted || tail {
            reader.at = end;
            let mut out = Expression::of_year(match (word.year, word.months, word.span) {
                (_, _, Some((first, _))) => Year::Given(first),
                (Some(0), Some(_), _) | (None, _, _) => Year::Unsaid,
                (Some(offset), _, _) => Year::Offset(offset),
            });
            out.last_year = word.span.map(|s| s.1);
            out.back = word.back;
            out.months = word.months;
            out.over = word.over;
            out.spoken = word.spoken;
            out.looks_back = word.looks_back;
            // 今年一季度, 去年1—6月.
            if out.months.is_none() && out.last_year.is_none() && out.back.is_none() {
                part_of_year(reader, &mut out);
            }
            return Some(out);
        }
    }
    let first = Number::of(n?, at)?;
    let behind = Reader {
        at: first.end,
        ..*reader
    };
    *reader = behind;
    if first.long && (1800..2200).contains(&first.value) {
        let year = first.value;
        let mut ranged = *reader;
        if (ranged.take(&RANGE) || ranged.word(Word::To))
            && let Some(last) = ranged.number()
            && (year..2200).contains(&last.value)
            && ranged.word(Word::Year)
        {
            *reader = ranged;
            let mut out = Expression::of_year(Year::Given(year));
            out.last_year = Some(last.value);
            return Some(out);
        }
        if reader.word(Word::Year) {
            let mut out = Expression::of_year(Year::Given(year));
            let mut ranged = *reader;
            if (ranged.take(&RANGE) || ranged.word(Word::To))
                && let Some(last) = ranged.number()
                && last.long
                && (year..2200).contains(&last.value)
                && ranged.word(Word::Year)
            {
                *reader = ranged;
                out.last_year = Some(last.value);
                return Some(out);
            }
            part_of_year(reader, &mut out);
            return Some(out);
        }
    }
    let mut out = Expression::of_year(Year::Unsaid);
    if months(reader, first, &mut out) {
        return Some(out);
    }
    *reader = behind;
    // 近三年, 三年来: a number of years up to now. 三年行动 is none.
    if !first.long && (2..=50).contains(&first.value) && reader.word(Word::Year) {
        let head = |role: Word| lexicon.periods.part(role).before(text, at).is_some();
        // 五年新设企业12户: at the start of a clause, before a verb.
        let names = &lexicon.names;
        let opens = text
            .get(..at)
            .is_some_and(|h| h.is_empty() || h.ends_with(['，', '。', '；', '、', '：', '\n']));
        let verb = [&names.fresh, &names.act, &names.opening]
            .iter()
            .any(|forms| forms.at(text, reader.at).is_some())
            || lexicon.changes.change_at(text, reader.at)
            || lexicon.changes.basis_at(text, reader.at);
        if opens && verb || head(Word::Running) || head(Word::Recent) || reader.word(Word::Since) {
            out.back = Some(first.value);
            return Some(out);
        }
    }
    None
}

/// The part of a year behind it: 上半年, 7月19日.
fn part_of_year(reader: &mut Reader<'_>, out: &mut Expression) {
    if let Some((end, word)) = reader.lexicon.periods.at(reader.text, reader.at)
        && word.months.is_some()
    {
        reader.at = end;
        out.months = word.months;
        return;
    }
    let before = *reader;
    let first = reader.number();
    if !first.is_some_and(|first| months(reader, first, out)) {
        *reader = before;
    }
}

/// 7月, 1—6月, 7月19日, 3月19日至20日, when `first`, which has been read, is the first number.
fn months(reader: &mut Reader<'_>, first: Number, out: &mut Expression) -> bool {
    let month = |n: Number| i8::try_from(n.value).ok().filter(|m| (1..=12).contains(m));
    let Some(first) = month(first) else {
        return false;
    };
    let said = reader.word(Word::Month);
    let mut last = first;
    let mut ranged = *reader;
    if (ranged.take(&RANGE) || ranged.word(Word::To))
        && let Some(n) = ranged.number().and_then(month)
        && n >= first
        && ranged.word(Word::Month)
    {
        *reader = ranged;
        last = n;
    } else if !said {
        return false;
    }
    out.months = Some((first, last));
    let mut dated = *reader;
    let day = |r: &mut Reader<'_>| {
        let n = r.number()?;
        i8::try_from(n.value).ok().filter(|d| (1..=31).contains(d))
    };
    if let Some(first) = day(&mut dated)
        && dated.word(Word::Day)
    {
        *reader = dated;
        out.days = Some((first, first));
        if (dated.take(&RANGE) || dated.word(Word::To))
            && let Some(last) = day(&mut dated)
            && last >= first
            && dated.word(Word::Day)
        {
            *reader = dated;
            out.days = Some((first, last));
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (String, &str) {
        let time = time(text, 0, 0, Lexicon::builtin()).unwrap();
        let days = time.expression.resolve(Some(2024)).unwrap();
        (days.to_string(), &text[time.span.end as usize..])
    }

    #[test]
    fn every_form() {
        for (text, days, rest) in [
            ("2021年7月19日，", "2021-07-19/2021-07-19", "，"),
            ("2021年7911件", "2021-01-01/2021-12-31", "7911件"),
            ("一九五七年全县", "1957-01-01/1957-12-31", "全县"),
            ("二〇二一年", "2021-01-01/2021-12-31", ""),
            ("1—6月，", "2024-01-01/2024-06-30", "，"),
            ("6月末，", "2024-06-01/2024-06-30", "，"),
            ("6月份，", "2024-06-01/2024-06-30", "，"),
            ("3月19日至20日，", "2024-03-19/2024-03-20", "，"),
            ("2021—2025年，", "2021-01-01/2025-12-31", "，"),
            ("去年上半年", "2023-01-01/2023-06-30", ""),
            ("今年一季度", "2024-01-01/2024-03-31", ""),
            ("前三季度", "2024-01-01/2024-09-30", ""),
            ("2021年上半年", "2021-01-01/2021-06-30", ""),
            ("2025年末", "2025-01-01/2025-12-31", ""),
            ("四年来", "2021-01-01/2024-12-31", ""),
        ] {
            assert_eq!(read(text), (days.to_owned(), rest), "{text}");
        }
    }

    #[test]
    fn plans_count_in_marks_or_before_their_word() {
        let text = "“十四五”期间";
        let lexicon = Lexicon::builtin();
        let found = time(text, 3, 0, lexicon).unwrap();
        assert_eq!(found.span.of(text), text);
        assert_eq!(found.expression.last_year, Some(2025));
        assert!(time("一五一十", 0, 0, lexicon).is_none());
    }

    #[test]
    fn numbers_that_are_no_times() {
        for text in ["2000公里", "13月", "5年规划", "125.5%", "20家"] {
            assert_eq!(time(text, 0, 0, Lexicon::builtin()), None, "{text}");
        }
    }
}
