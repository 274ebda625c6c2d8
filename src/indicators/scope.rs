//! The time and the status that a number has from its clause, sentence, paragraph, section or the
//! document.

use smol_str::SmolStr;

use super::Period;
use super::beginnings::Beginnings;
use super::nearby::Times;
use super::why::{Rule, Trace, code, days};
use crate::base::{DateSpan, Span};
use crate::document::Document;
use crate::lexicon::Lexicon;
use crate::lexicon::names::WordGroup;
use crate::quantities::{Time, Year};
use crate::record::Status;
use crate::sections::Sections;

/// How far into a clause a time still leads it, in bytes: 刚刚过去的2025年.
const LEADING: usize = 24;
/// So many years back or more open a review, as fewer may only date a clause.
const LONG_REVIEW: i16 = 5;
/// Headings are shorter than this, in characters.
const HEADING: usize = 40;
/// How many characters of a paragraph a time may stand in that opens it.
const OPENING: usize = 90;

/// A stretch of text whose numbers are of one time and status.
#[derive(Debug, Clone, Default)]
struct Stretch {
    span: Span,
    period: Option<Period>,
    status: Option<Status>,
    /// The stretch before it in which it may lie.
    parent: Option<usize>,
}

/// What holds for the numbers of a page by where they stand.
pub(super) struct Scopes<'a> {
    text: &'a str,
    beginnings: &'a Beginnings,
    times: &'a Times<'a>,
    lexicon: &'a Lexicon,
    document: &'a Document,
    /// Where words stand with which the page turns to what is to be.
    turnings: Vec<u32>,
    /// Sections with a time or a status in their titles, in order; inner ones behind outer ones.
    stretches: Vec<Stretch>,
    /// From where on the page speaks of what is to be.
    turned: Option<Stretch>,
    /// The year that 今年 means, when it is not the one that the page reports on.
    speech: Option<i16>,
    /// The time that a paragraph opened, and holds until another or the next heading.
    carried: Option<Period>,
    /// What an earlier clause of the sentence said of all numbers to come: 预计.
    sentence_status: Option<Status>,
    /// True in a sentence that opens with 一要.
    duty: bool,
    trace: &'a Trace,
}

/// How many times are looked at before a number.
const MOST_TIMES: usize = 32;
/// How many bytes before a number a status word of its clause may stand.
const STATUS_REACH: usize = 240;

fn year_of(days: &DateSpan) -> i16 {
    days.end.year()
}

/// A year that no words say.
fn of_year(year: i16) -> Option<Period> {
    Some(Period {
        text: None,
        days: DateSpan::year(year).ok()?,
        inherited: true,
    })
}

impl<'a> Scopes<'a> {
    #[expect(clippy::too_many_arguments, reason = "all that is known of a page")]
    pub(super) fn new(
        text: &'a str,
        beginnings: &'a Beginnings,
        paragraphs: &[Span],
        sections: &Sections,
        times: &'a Times<'a>,
        document: &'a Document,
        lexicon: &'a Lexicon,
        trace: &'a Trace,
    ) -> Self {
        let turning = &lexicon.names.turning;
        let turns = |&at: &u32| turning.at(text, at as usize).is_some();
        let mut out = Self {
            text,
            beginnings,
            times,
            lexicon,
            document,
            turnings: beginnings.all(WordGroup::Turning).filter(turns).collect(),
            stretches: Vec::new(),
            turned: None,
            speech: None,
            carried: None,
            sentence_status: None,
            duty: false,
            trace,
        };
        out.speech = out
            .year_after()
            .filter(|_| document.annual || !out.turnings.is_empty());
        if sections.sections.is_empty() {
            out.headings(paragraphs);
        } else {
            for section in &sections.sections {
                let duty = lexicon.names.duty.at(section.label.of(text), 0).is_some();
                out.open(section.span, section.title, duty);
            }
        }
        out
    }

    /// Paragraphs that look like headings, when no sections are known: each holds to the next.
    fn headings(&mut self, paragraphs: &[Span]) {
        let is_heading = |p: &&Span| {
            let s = p.of(self.text);
            self.lexicon.names.numbered(s, &self.lexicon.numerals)
                && !s.ends_with(['。', '；', '：', '，'])
                && s.chars().count() <= HEADING
        };
        let headings: Vec<Span> = paragraphs.iter().filter(is_heading).copied().collect();
        let end = paragraphs.last().map_or(0, |p| p.end);
        for (i, heading) in headings.iter().enumerate() {
            let to = headings.get(i + 1).map_or(end, |h| h.start);
            self.open(
                Span {
                    start: heading.start,
                    end: to,
                },
                *heading,
                false,
            );
        }
    }

    fn open(&mut self, span: Span, title: Span, duty: bool) {
        let said = self.lexicon.names.status_of_title(title.of(self.text));
        let tells = |t: &&Time| !(t.compared || t.named && t.expression.last_year.is_some());
        let times = self.within(title);
        // “十四五”成就和“十五五”目标 opens with the first.
        let time = match said {
            Some((_, true)) => times.iter().find(tells),
            _ => times.iter().rfind(tells),
        };
        let period = time.and_then(|t| self.period(t, span.start, true));
        // 落实重大任务 in a review is no plan.
        let reviewed = self.around(span.start, |s| s.status) == Some(Status::Actual);
        let status = match said.map(|s| s.0) {
            _ if duty => Some(Status::Target),
            Some(Status::Target) if reviewed && period.is_none() => None,
            status => status,
        };
        let untimed = period.is_none() && !duty && status == Some(Status::Target);
        let period = period.or_else(|| {
            let next = self.lexicon.names.next.within(title.of(self.text));
            let year = match (self.year_after(), next) {
                (Some(year), _) => Some(year),
                (None, true) => self.reported().and_then(|y| y.checked_add(1)),
                (None, false) => None,
            };
            year.filter(|_| untimed).and_then(of_year)
        });
        if period.is_some() || status.is_some() {
            let parent = self.holder(span.start);
            self.stretches.push(Stretch {
                span,
                period,
                status,
                parent,
            });
        }
    }

    fn within(&self, span: Span) -> &'a [Time] {
        let times = self.times.from(span.start);
        let within = times.iter().take_while(|t| t.span.start < span.end);
        times.get(..within.count()).unwrap_or(&[])
    }

    /// The innermost stretch around `at`.
    fn holder(&self, at: u32) -> Option<usize> {
        let to = self.stretches.partition_point(|s| s.span.start <= at);
        let mut index = to.checked_sub(1)?;
        loop {
            let stretch = self.stretches.get(index)?;
            if at < stretch.span.end {
                return Some(index);
            }
            index = stretch.parent?;
        }
    }

    /// What the innermost stretch around `at` that says something of it says; where the page has
    /// turned to what is to be, headings before that say no more.
    fn around<T>(&self, at: u32, get: impl Fn(&Stretch) -> Option<T>) -> Option<T> {
        let turned = self.turned.as_ref().filter(|t| t.span.start <= at);
        let holding = || {
            let first = self.holder(at).and_then(|i| self.stretches.get(i));
            std::iter::successors(first, |s| s.parent.and_then(|i| self.stretches.get(i)))
        };
        let newer = |s: &&Stretch| turned.is_none_or(|t| t.span.start <= s.span.start);
        holding()
            .take_while(newer)
            .find_map(&get)
            .or_else(|| turned.and_then(&get))
            .or_else(|| holding().skip_while(newer).find_map(&get))
    }

    /// The whole year that the page reports on.
    fn reported(&self) -> Option<i16> {
        let days = self.document.period?;
        let whole = days.start.month() == 1 && days.end.month() == 12;
        whole.then(|| year_of(&days))
    }

    /// The year in which the page was published, when it reports on an earlier one.
    fn year_after(&self) -> Option<i16> {
        let published = year_of(self.document.published.as_ref()?);
        (published > self.reported()?).then_some(published)
    }

    /// The year that is spoken of at byte `at`.
    pub(super) fn year_at(&self, at: u32) -> Option<i16> {
        self.said_year(at)
            .or_else(|| self.document.published.as_ref().map(year_of))
    }

    /// The year that headings, the paragraph or the document say.
    fn said_year(&self, at: u32) -> Option<i16> {
        self.around(at, |s| s.period.as_ref().map(|p| year_of(&p.days)))
            .or_else(|| self.carried.as_ref().map(|p| year_of(&p.days)))
            .or_else(|| self.document.period.as_ref().map(year_of))
    }

    /// The year that a page which says none must mean, by the day of its publication: a year that
    /// is over (全年) is the one before, but for a paper of December; a month yet to come is last
    /// year's. None when the day of publication does not decide.
    fn year_by_publication(&self, time: &Time) -> Option<i16> {
        let published = self.document.published?;
        let year = year_of(&published);
        let whole = published.start.month() == 1 && published.end.month() == 12;
        let month = published.end.month();
        let expression = &time.expression;
        match expression.months {
            None if expression.over || expression.back.is_some() => match (whole, month) {
                (true, _) => None,
                (false, 12) => Some(year),
                (false, _) => year.checked_sub(1),
            },
            Some((first, _)) if expression.year == Year::Unsaid && !whole && first > month => {
                year.checked_sub(1)
            }
            _ => Some(year),
        }
    }

    fn period(&self, time: &Time, at: u32, inherited: bool) -> Option<Period> {
        let said = if time.expression.spoken {
            // In a page on last year that looks back, 去年 is that year.
            let back = matches!(time.expression.year, Year::Offset(..0)) && !time.compared;
            self.speech
                .or_else(|| self.year_after().filter(|_| back))
                .or_else(|| self.document.period.as_ref().map(year_of))
        } else {
            self.said_year(at)
        };
        let year = said.or_else(|| self.year_by_publication(time));
        Some(Period {
            text: Some(time.span.of(self.text).into()),
            days: time.expression.resolve(year)?,
            inherited,
        })
    }

    /// A sentence starts at byte `at`.
    fn sentence(&mut self, at: u32) {
        self.sentence_status = None;
        self.duty = self.lexicon.names.duty.at(self.text, at as usize).is_some();
    }

    /// A sentence at byte `at` that opens with 五年来 or 过去一年 turns to what was then, in this
    /// paragraph and those behind it.
    fn turn(&mut self, at: u32) {
        let Some(time) = self
            .times
            .from(at)
            .first()
            .filter(|t| t.span.start <= at + LEADING as u32)
        else {
            return;
        };
        let expression = &time.expression;
        let years = expression.back.is_some_and(|years| years >= LONG_REVIEW);
        let year = expression.looks_back;
        let between = self
            .text
            .get(at as usize..time.span.start as usize)
            .unwrap_or("");
        if (years || year) && !time.compared && !time.named && !between.contains(['。', '\n']) {
            self.carried = self.period(time, at, true);
        }
    }

    /// The text between two numbers goes by: a sentence may start in it, a status word stand in it.
    /// `ends` are the places in it behind the marks that end sentences.
    pub(super) fn pass(&mut self, span: Span, ends: impl Iterator<Item = u32>) {
        let mut from = span.start;
        for end in ends {
            from = end;
            self.turn(from);
        }
        if self.sentence_status == Some(Status::Estimate) && span.of(self.text).contains('；') {
            self.sentence_status = None;
        }
        if from > span.start {
            self.sentence(from);
        }
        let rest = Span {
            start: from,
            end: span.end,
        };
        if self.beginnings.within(rest).has(WordGroup::Status)
            && let Some((status, true)) = self.lexicon.names.status_in(rest.of(self.text))
        {
            self.sentence_status = Some(status);
        }
    }

    /// A paragraph starts: takes up the time that it opens with, drops the one carried at a heading.
    pub(super) fn enter(&mut self, paragraph: Span) {
        let at = self
            .stretches
            .partition_point(|s| s.span.start < paragraph.start);
        if self
            .stretches
            .get(at)
            .is_some_and(|s| s.span.start == paragraph.start && s.period.is_some())
        {
            self.carried = None;
        }
        self.sentence(paragraph.start);
        let turning = self.turnings.partition_point(|&at| at < paragraph.start);
        let turning = self.turnings.get(turning).copied();
        if let Some(at) = turning.filter(|&at| at < paragraph.end) {
            let year = self.year_after();
            self.carried = None;
            self.turned = Some(Stretch {
                span: Span {
                    start: at,
                    end: u32::MAX,
                },
                period: year.and_then(of_year),
                status: Some(Status::Target),
                parent: None,
            });
        }
        let times = self.within(paragraph);
        if times.is_empty() {
            return;
        }
        let text = paragraph.of(self.text);
        let opening = text.char_indices().take(OPENING);
        let mut ends = opening.filter(|&(_, c)| c == '。').map(|(at, _)| at);
        let upto = ends
            .next()
            .or_else(|| text.char_indices().nth(OPENING).map(|(at, _)| at));
        let opening = upto.and_then(|to| text.get(..to)).unwrap_or(text);
        for time in times {
            let at = (time.span.start - paragraph.start) as usize;
            let Some(before) = opening.get(..at).filter(|_| at < opening.len()) else {
                return;
            };
            let mut backwards = before.char_indices().rev();
            let exclaimed = backwards.find(|&(_, c)| matches!(c, '！' | '!'));
            let sentence = exclaimed.map_or(0, |(i, c)| i + c.len_utf8());
            let whole = time.expression.months.is_none() && !time.compared && !time.named;
            // 去年 is said against the year of the document, not carried and said again, unless it
            // is that year.
            let relative = matches!(time.expression.year, Year::Offset(_));
            if whole && at - sentence <= LEADING {
                let period = self.period(time, paragraph.start, true);
                let own = period.as_ref().map(|p| p.days) == self.document.period;
                if !relative || own {
                    self.carried = period;
                    return;
                }
            }
        }
    }

    /// The time of the number at `at`, in a clause that starts at `clause` of a sentence that
    /// starts at `sentence`; `lead` is the text that is its own.
    pub(super) fn period_of(
        &self,
        at: u32,
        (lead, tail): (Span, Span),
        clause: Span,
        sentence: u32,
        earlier: bool,
    ) -> Option<Period> {
        let back = |to: u32, from: u32| {
            let times = self.times.before(to).iter().rev();
            times
                .take(MOST_TIMES)
                .take_while(move |t| t.span.start >= from)
        };
        // 由上年的22.7…: the time behind 由 is that number's alone.
        if earlier && let Some(time) = back(at, lead.start).next() {
            return self.told(Rule::FromTime, self.period(time, at, false));
        }
        // 由上半年下降3%: so is the time of a change that something turned from.
        let from = |t: &&Time| {
            let head = self.text.get(..t.span.start as usize).unwrap_or("");
            t.span.start >= lead.start && head.ends_with(|c| self.lexicon.names.opens_from(c))
        };
        let mut own = back(at, clause.start);
        if let Some(time) = own.find(|t| (!t.compared || from(t)) && !t.named) {
            return self.told(Rule::OwnTime, self.period(time, at, false));
        }
        // 12个项目三季度开工: the time behind the number, when none stands before it.
        let later = self.within(tail).iter().find(|t| !t.compared && !t.named);
        if let Some(time) = later {
            return self.told(Rule::TimeBehind, self.period(time, at, false));
        }
        // A time that leads an earlier clause of the sentence holds on.
        let carried = back(clause.start, sentence).find(|t| {
            let closed = self
                .text
                .get(t.span.end as usize..)
                .is_some_and(|r| r.starts_with(['，', ',']));
            !t.compared && !t.named && (closed || t.expression.back.is_none() && self.leads(t))
        });
        if let Some(time) = carried {
            return self.told(Rule::SentenceTime, self.period(time, at, true));
        }
        let section = || self.around(at, |s| s.period.clone());
        let by = |rule, found: Option<Period>| found.and_then(|p| self.told(rule, Some(p)));
        by(Rule::ParagraphTime, self.carried.clone())
            .or_else(|| by(Rule::HeadingTime, section()))
            .or_else(|| by(Rule::DocumentTime, self.of_document()))
            .or_else(|| by(Rule::TimeSaidBefore, self.said_before(at)))
            .or_else(|| self.told(Rule::Timeless, None))
    }

    /// `found`, and tells that `rule` found it.
    fn told(&self, rule: Rule, found: Option<Period>) -> Option<Period> {
        self.trace.tell(rule, || {
            let words = found.as_ref().and_then(|p| p.text.clone());
            (days(found.as_ref()), words.unwrap_or_default())
        });
        found
    }

    /// The year that the page said last before byte `at`, for a page that says none of itself: one
    /// that opens a sentence, the year of publication or the one before.
    fn said_before(&self, at: u32) -> Option<Period> {
        let times = self.times.before(at);
        let time = times.iter().rev().take(MOST_TIMES).find(|t| {
            let recent = match (t.expression.year, self.document.published) {
                (Year::Given(year), Some(day)) => (0..=1).contains(&(year_of(&day) - year)),
                (Year::Given(_), None) => true,
                _ => false,
            };
            recent && !t.compared && !t.named && self.leads(t)
        })?;
        let Year::Given(year) = time.expression.year else {
            return None;
        };
        let text = Some(time.span.of(self.text).into());
        of_year(year).map(|p| Period { text, ..p })
    }

    /// True when the time stands at the start of its clause.
    fn leads(&self, time: &Time) -> bool {
        let head = self.text.get(..time.span.start as usize).unwrap_or("");
        let near = head.floor_char_boundary(head.len().saturating_sub(LEADING / 3));
        let near = head.get(near..).unwrap_or("");
        head.is_empty() || near.contains(['，', '。', '；', '：', '！', '\n', ',', ';'])
    }

    fn of_document(&self) -> Option<Period> {
        Some(Period {
            text: self
                .document
                .record
                .period
                .as_ref()
                .and_then(|p| p.text.as_deref().map(SmolStr::new)),
            days: self.document.period?,
            inherited: true,
        })
    }

    /// The status of the number at `at`.
    pub(super) fn status_of(&self, at: u32, clause: Span, period: Option<&Period>) -> Status {
        let names = &self.lexicon.names;
        let reach = (at as usize).saturating_sub(STATUS_REACH);
        let from = self
            .text
            .floor_char_boundary(reach)
            .max(clause.start as usize);
        let lead = self.text.get(from..at as usize).unwrap_or("");
        let near = Span {
            start: from as u32,
            end: at,
        };
        if self.beginnings.within(near).has(WordGroup::Status)
            && let Some((status, _)) = names.status_in(lead)
        {
            let word = || names.status_word(lead).unwrap_or("");
            self.trace
                .tell(Rule::ClauseStatus, || (code(status), word()));
            return status;
        }
        if let Some(status) = self.sentence_status {
            self.trace.tell(Rule::SentenceStatus, || (code(status), ""));
            return status;
        }
        let base = if self.duty {
            Some(Status::Target)
        } else {
            self.around(at, |s| s.status)
        };
        let past = period.is_some_and(|p| {
            self.document
                .published
                .is_some_and(|d| p.days.end < d.start)
        });
        let (rule, status) = self.status_by(base, past, period);
        self.trace.tell(rule, || (code(status), ""));
        status
    }

    /// The status where no word says it.
    fn status_by(
        &self,
        base: Option<Status>,
        past: bool,
        period: Option<&Period>,
    ) -> (Rule, Status) {
        let ahead = period.is_some_and(|p| self.is_ahead(&p.days));
        match base {
            Some(Status::Target) if past => (Rule::PastStatus, Status::Actual),
            Some(Status::Actual) if ahead => (Rule::AheadStatus, Status::Target),
            Some(status) if self.duty => (Rule::DutyStatus, status),
            Some(status) => (Rule::HeadingStatus, status),
            None if ahead => (Rule::AheadStatus, Status::Target),
            None => (Rule::ActualDefault, Status::Actual),
        }
    }

    /// True for days that lie behind those that the page speaks of and were not over when it was
    /// published.
    fn is_ahead(&self, days: &DateSpan) -> bool {
        let published = self.document.published;
        match (self.document.period, published) {
            (Some(said), Some(published)) => days.start > said.end && days.end >= published.end,
            (said, published) => published.or(said).is_some_and(|d| days.start > d.end),
        }
    }
}
