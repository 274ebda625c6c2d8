//! What the words around the numbers say: that parts are all, that a whole is divided anew, that a
//! growth is not that of the levels.

use std::borrow::Cow;
use std::cell::OnceCell;

use crate::base::{DateSpan, Span};
use crate::indicators::Indicator;
use crate::lexicon::Lexicon;

/// A page's numbers and the text that they stand in.
pub(super) struct Page<'a> {
    pub all: &'a [Indicator],
    pub text: &'a str,
    pub lexicon: &'a Lexicon,
    /// The times that the numbers of the page speak of; made when asked for.
    days: OnceCell<Vec<DateSpan>>,
    /// The indicators by their names in the characters of the lexicon; made when asked for.
    named: OnceCell<Vec<(Cow<'a, str>, usize)>>,
    /// Where the text has marks that end sentences; made when asked for.
    ends: OnceCell<Vec<u32>>,
}

/// How far from a number its sentence is looked at, in bytes.
const SENTENCE: usize = 480;
/// A time is looked for among so many that were said before it.
const RECENT_DAYS: usize = 8;
/// What more indicators than this are called is no name of one thing.
const MOST_NAMESAKES: usize = 64;

fn is_mark(c: char) -> bool {
    matches!(
        c,
        '，' | '；' | '：' | '。' | '、' | ',' | ';' | ':' | '（' | '(' | '）' | ')' | '！' | '\n'
    )
}

fn ends_sentence(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '!' | '?' | '\n')
}

impl<'a> Page<'a> {
    pub(super) fn new(all: &'a [Indicator], text: &'a str, lexicon: &'a Lexicon) -> Self {
        Self {
            all,
            text,
            lexicon,
            days: OnceCell::new(),
            named: OnceCell::new(),
            ends: OnceCell::new(),
        }
    }

    /// The times that the numbers of the page speak of, each once, but for some that come again: most
    /// pages have two or three.
    pub(super) fn days(&self) -> &[DateSpan] {
        self.days.get_or_init(|| {
            let all = self.all.iter().filter_map(|x| x.period.as_ref());
            let mut out: Vec<DateSpan> = Vec::new();
            for period in all {
                let recent = out.iter().rev().take(RECENT_DAYS);
                if recent.into_iter().all(|&days| days != period.days) {
                    out.push(period.days);
                }
            }
            out
        })
    }

    /// The indicators of this name, in the characters of the lexicon.
    pub(super) fn named(&self, name: &str) -> impl Iterator<Item = usize> {
        let all = self.named.get_or_init(|| {
            let all = self.all.iter().enumerate();
            let named = all.filter(|(_, x)| !x.name.is_empty());
            let mut out: Vec<(Cow<'a, str>, usize)> = named
                .map(|(index, x)| (self.lexicon.variants.fold(&x.name), index))
                .collect();
            out.sort_unstable();
            out
        });
        let from = all.partition_point(|(other, _)| **other < *name);
        let own = all.get(from..).unwrap_or(&[]);
        let count = own.partition_point(|(other, _)| **other == *name);
        let few = if count > MOST_NAMESAKES { 0 } else { count };
        own.iter().take(few).map(|&(_, index)| index)
    }

    pub(super) fn get(&self, index: usize) -> Option<&'a Indicator> {
        self.all.get(index)
    }

    /// The text from the end of one number to the start of a later one.
    pub(super) fn between(&self, a: usize, b: usize) -> &'a str {
        let span = self.get(a).zip(self.get(b)).map(|(a, b)| Span {
            start: a.mention.end,
            end: b.mention.start,
        });
        span.filter(|s| s.start <= s.end)
            .map_or("", |s| s.of(self.text))
    }

    /// The sentence that a number stands in, as far as it is near.
    pub(super) fn sentence(&self, index: usize) -> &'a str {
        let Some(x) = self.get(index) else { return "" };
        let (before, behind) = (
            self.text.get(..x.mention.start as usize).unwrap_or(""),
            self.text.get(x.mention.start as usize..).unwrap_or(""),
        );
        let near = before.floor_char_boundary(before.len().saturating_sub(SENTENCE));
        let near = before.get(near..).unwrap_or("");
        let far = behind.floor_char_boundary(SENTENCE);
        let far = behind.get(..far).unwrap_or(behind);
        let start = near.rfind(ends_sentence).unwrap_or(0);
        let end = far.find(ends_sentence).unwrap_or(far.len());
        self.text
            .get(before.len() - near.len() + start..before.len() + end)
            .unwrap_or("")
    }

    /// True when both numbers stand in one sentence.
    pub(super) fn same_sentence(&self, a: usize, b: usize) -> bool {
        let between = self.between(a, b);
        // nearly all sentences end near the number
        let near = between.floor_char_boundary(SENTENCE);
        let near = between.get(..near).unwrap_or(between);
        if near.contains(ends_sentence) {
            return false;
        }
        if near.len() == between.len() {
            return true;
        }
        let Some((a, b)) = self.get(a).zip(self.get(b)) else {
            return true;
        };
        let ends = self.ends.get_or_init(|| {
            // Of text in Han hardly a byte is one that such a mark begins with.
            let bytes = self.text.bytes().enumerate();
            let first = bytes.filter(|(_, b)| matches!(b, b'!' | b'?' | b'\n' | 0xE3 | 0xEF));
            let ends = first.filter(|&(at, _)| {
                let rest = self.text.get(at..).unwrap_or("");
                rest.starts_with(ends_sentence)
            });
            ends.map(|(at, _)| at as u32).collect()
        });
        let next = ends.partition_point(|&at| at < a.mention.end);
        ends.get(next).is_none_or(|&at| at >= b.mention.start)
    }

    /// An indicator's name with the characters that the lexicon is written in.
    pub(super) fn name(&self, index: usize) -> Cow<'a, str> {
        let name = self.get(index).map_or("", |x| x.name.as_str());
        self.lexicon.variants.fold(name)
    }

    /// True when the page says that the parts are all of the whole: the whole stands behind them,
    /// or 分别 between it and them without 其中.
    pub(super) fn claims(&self, total: usize, parts: &[usize]) -> bool {
        let Some(&first) = parts.first() else {
            return false;
        };
        if first < total {
            return true;
        }
        let words = self.between(total, first);
        self.lexicon.checks.claim.within(words)
            && !self.lexicon.names.part.within(words)
            && !words.contains(ends_sentence)
    }

    /// True when the parts are known to be all there is: 城镇 and 乡村.
    pub(super) fn are_all(&self, parts: &[usize]) -> bool {
        let names: Vec<Cow<'_, str>> = parts.iter().map(|&p| self.name(p)).collect();
        let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
        self.lexicon.checks.are_all(&names)
    }

    /// True when the page says that there are more: 企业12户、个体30户等.
    pub(super) fn goes_on(&self, last: usize) -> bool {
        let rest = self
            .get(last)
            .and_then(|x| self.text.get(x.mention.end as usize..))
            .unwrap_or("");
        self.lexicon.names.so_on.at(rest, 0).is_some()
    }

    /// True when a new division begins between two parts: 其中, or a clause such as 按形态分.
    pub(super) fn divides(&self, before: usize, behind: usize) -> bool {
        let words = self.between(before, behind);
        let names = &self.lexicon.names;
        names.part.within(words) || words.split(is_mark).any(|clause| names.divides(clause))
    }

    /// The words right before a number, from the number before it, the last mark or the start of its
    /// line on.
    pub(super) fn own_words(&self, index: usize) -> &'a str {
        let Some(x) = self.get(index) else { return "" };
        let before = index.checked_sub(1).and_then(|i| self.get(i));
        let from = before.map_or(0, |b| b.mention.end as usize);
        let lead = self.text.get(from..x.mention.start as usize).unwrap_or("");
        lead.rsplit(is_mark).next().unwrap_or("")
    }

    /// True when growth of this is counted in constant prices, by its name or by a note near it.
    pub(super) fn in_real_terms(&self, change: usize, level: usize) -> bool {
        let checks = &self.lexicon.checks;
        checks.real.within(&self.name(level))
            || checks.real.within(&self.name(change))
            || checks.note.within(self.sentence(change))
    }
}
