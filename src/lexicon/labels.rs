//! `lexicon/labels.toml`: the labels of sections, matched at the start of a text.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::LexiconError;
use crate::base::{CharMap, marks};
use crate::record::LabelStyle;

/// Numerals longer than this (in characters) are no label's.
const MAX_NUMERAL_CHARS: usize = 6;

/// What stands where the number of a label stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Numeral {
    /// 一 … 九十九.
    Han,
    /// 1 … 999.
    Arabic,
    /// Either of these.
    Either,
    /// ① …
    Circled,
    /// One of the entry's words, numbered in order.
    Word,
    /// None.
    None,
}

/// One kind of label.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Label {
    /// Name of the kind.
    pub id: String,
    /// Style in the record.
    pub style: LabelStyle,
    /// What its number is written in.
    pub numeral: Numeral,
    /// What stands before the number, any of these.
    pub before: Vec<String>,
    /// What stands behind it, any of these.
    pub after: Vec<String>,
    /// What engines make of `before`.
    #[serde(default)]
    pub damaged_before: Vec<String>,
    /// What engines make of `after`.
    #[serde(default)]
    pub damaged_after: Vec<String>,
    /// No label when one of these follows (nor when another of its kind does: 一、二、三产业).
    #[serde(default)]
    pub miss_after: Vec<String>,
    /// … but a label all the same when a year follows, four digits and this: 5.2021年.
    pub year_after: Option<String>,
    /// The words of a [`Numeral::Word`] label.
    #[serde(default)]
    pub words: Vec<String>,
    /// It may stand inside a paragraph, behind a clause's end.
    #[serde(default)]
    pub anywhere: bool,
    /// Its numbers run through the page, whatever encloses them.
    #[serde(default)]
    pub through: bool,
    /// It nests below all others, whatever came first.
    #[serde(default)]
    pub deepest: bool,
    /// Texts that begin with such a label.
    pub hit: Vec<LabelExample>,
    /// Texts that do not.
    pub miss: Vec<String>,
}

impl Label {
    /// The characters that such a label can begin with where its marks are these, `han` what Han
    /// numerals are made of.
    fn initials(
        &self,
        han: &[char],
        circled: &[char],
        before: &[String],
        after: &[String],
    ) -> Vec<char> {
        let starts = |list: &[String]| -> Vec<char> {
            list.iter().filter_map(|s| s.chars().next()).collect()
        };
        let mut found = starts(before);
        if found.len() < before.len() {
            let arabic = '1'..='9';
            match self.numeral {
                Numeral::Han => found.extend(han),
                Numeral::Arabic => found.extend(arabic),
                Numeral::Either => found.extend(arabic.chain(han.iter().copied())),
                Numeral::Circled => found.extend(circled),
                Numeral::Word => found.extend(starts(&self.words)),
                Numeral::None => found.extend(starts(after)),
            }
        }
        found
    }

    /// The characters that may stand second in such a label, `han` what Han numerals are made of; none
    /// for any.
    fn seconds(&self, han: &[char]) -> Vec<Option<char>> {
        let after = || self.after.iter().map(|s| s.chars().next());
        let numeral = || -> Vec<Option<char>> {
            let arabic = '0'..='9';
            match self.numeral {
                Numeral::Han => han.iter().copied().map(Some).collect(),
                Numeral::Arabic => arabic.map(Some).collect(),
                Numeral::Either => arabic.chain(han.iter().copied()).map(Some).collect(),
                Numeral::None => after().collect(),
                Numeral::Circled | Numeral::Word => vec![None],
            }
        };
        let mut found = Vec::new();
        for before in &self.before {
            let mut chars = before.chars();
            match (chars.next(), chars.next()) {
                (Some(_), Some(second)) => found.push(Some(second)),
                (Some(_), None) => found.extend(numeral()),
                (None, _) if self.numeral == Numeral::None => {
                    found.extend(self.after.iter().map(|s| s.chars().nth(1)));
                }
                // Numerals have one figure or more.
                (None, _) => found.extend(numeral().into_iter().chain(after())),
            }
        }
        found
    }
}

/// A text and the label that it begins with.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LabelExample {
    /// Clean text.
    pub text: String,
    /// Its label.
    pub label: String,
    /// The label's number.
    pub number: Option<u32>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Numerals {
    digits: String,
    traditional: BTreeMap<char, u32>,
    ten: char,
    hundred: char,
    zero: String,
    confusable: BTreeMap<char, char>,
    circled: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    numerals: Numerals,
    label: Vec<Label>,
}

/// What a character is in a Han numeral.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum HanDigit {
    Digit(u32),
    Ten,
    Hundred,
    Zero,
}

/// Some kinds of label: a bit each, shared where there are more than bits.
#[derive(Debug, Clone, Copy, Default)]
struct Kinds(u64);

impl Kinds {
    fn with(self, kind: usize) -> Self {
        Self(self.0 | 1 << (kind % 64))
    }

    fn has(self, kind: usize) -> bool {
        self.0 >> (kind % 64) & 1 == 1
    }

    fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// A label at the start of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LabelMatch {
    /// Index of its kind in [`Labels::kinds`].
    pub kind: usize,
    /// Its number; none for a dash.
    pub number: Option<u32>,
    /// Its length in bytes.
    pub len: usize,
    /// Where its numeral begins, in bytes from its start.
    pub numeral: usize,
    /// Length of the numeral in bytes.
    pub numeral_len: usize,
}

/// All kinds of labels, ready to match.
#[derive(Debug)]
pub struct Labels {
    /// The kinds, in the order of the file.
    pub kinds: Vec<Label>,
    han: CharMap<HanDigit>,
    /// The same with the characters that are read for numerals.
    confusable: CharMap<HanDigit>,
    digits: Vec<char>,
    ten: char,
    circled: Vec<char>,
    /// Which kinds of label a character can begin: everything else is refused at once.
    first: CharMap<Kinds>,
    /// Which kinds a second character can go on with, …
    second: CharMap<Kinds>,
    /// … and which go on with any.
    any_second: Kinds,
    /// The kinds that a character can begin when they are damaged.
    first_damaged: CharMap<Kinds>,
}

impl Labels {
    /// Compiles the file.
    ///
    /// # Errors
    /// When `text` is not of its shape.
    pub fn load(text: &str) -> Result<Self, LexiconError> {
        let file: File = super::builtin("lexicon/labels.toml", text)?;
        let n = file.numerals;
        let digits: Vec<char> = n.digits.chars().collect();
        let mut han = CharMap::new();
        for (i, &c) in digits.iter().enumerate() {
            han.insert(c, HanDigit::Digit(i as u32 + 1));
        }
        for (&c, &value) in &n.traditional {
            han.insert(c, HanDigit::Digit(value));
        }
        han.insert(n.ten, HanDigit::Ten);
        han.insert(n.hundred, HanDigit::Hundred);
        for c in n.zero.chars() {
            han.insert(c, HanDigit::Zero);
        }
        let mut confusable = han.clone();
        for (&read, meant) in &n.confusable {
            if let Some(digit) = han.get(*meant) {
                confusable.insert(read, digit);
            }
        }
        let circled: Vec<char> = n.circled.chars().collect();
        let (mut first, mut first_damaged) = (CharMap::new(), CharMap::new());
        let (mut second, mut any_second): (_, Kinds) = (CharMap::new(), Kinds::default());
        let figures: Vec<char> = (digits.iter().copied())
            .chain(n.traditional.keys().copied())
            .chain([n.ten, n.hundred])
            .chain(n.zero.chars())
            .collect();
        let read: Vec<char> = n.confusable.keys().chain(&figures).copied().collect();
        for (i, kind) in file.label.iter().enumerate() {
            for c in kind.initials(&figures, &circled, &kind.before, &kind.after) {
                let kinds: Kinds = first.get(c).unwrap_or_default();
                first.insert(c, kinds.with(i));
            }
            for c in kind.seconds(&figures) {
                if let Some(c) = c {
                    let kinds: Kinds = second.get(c).unwrap_or_default();
                    second.insert(c, kinds.with(i));
                } else {
                    any_second = any_second.with(i);
                }
            }
            if kind.damaged_before.is_empty() && kind.damaged_after.is_empty() {
                continue;
            }
            let before = [&kind.before[..], &kind.damaged_before].concat();
            let after = [&kind.after[..], &kind.damaged_after].concat();
            for c in kind.initials(&read, &circled, &before, &after) {
                let kinds: Kinds = first_damaged.get(c).unwrap_or_default();
                first_damaged.insert(c, kinds.with(i));
            }
        }
        Ok(Self {
            kinds: file.label,
            han,
            confusable,
            digits,
            ten: n.ten,
            circled,
            first,
            second,
            any_second,
            first_damaged,
        })
    }

    /// The label that `text` begins with.
    #[must_use]
    pub fn at(&self, text: &str) -> Option<LabelMatch> {
        let mut chars = text.chars();
        let first = self.first.get(chars.next()?)?;
        let second = chars.next().and_then(|c| self.second.get(c));
        let possible = first.and(second.unwrap_or_default().or(self.any_second));
        if possible.is_empty() {
            return None;
        }
        let mut kinds = (self.kinds.iter().enumerate()).filter(|&(kind, _)| possible.has(kind));
        kinds.find_map(|(kind, label)| {
            self.match_kind(kind, label, text, &label.before, &label.after, &self.han)
        })
    }

    /// The label that `text` begins with when its numeral or one of its marks is read as something
    /// that engines make of it. Meant for texts in which [`Labels::at`] finds none.
    #[must_use]
    pub fn damaged_at(&self, text: &str) -> Option<LabelMatch> {
        let possible = self.first_damaged.get(text.chars().next()?)?;
        let mut kinds = (self.kinds.iter().enumerate()).filter(|&(kind, _)| possible.has(kind));
        kinds.find_map(|(kind, label)| {
            if label.damaged_before.is_empty() && label.damaged_after.is_empty() {
                return None;
            }
            let read = |before: &[String], after: &[String], han| {
                self.match_kind(kind, label, text, before, after, han)
            };
            let (before, after) = (&label.before, &label.after);
            let (bad_before, bad_after) = (&label.damaged_before, &label.damaged_after);
            read(before, after, &self.confusable)
                .or_else(|| read(bad_before, after, &self.han))
                .or_else(|| read(before, bad_after, &self.han))
                .or_else(|| read(bad_before, bad_after, &self.han))
        })
    }

    fn match_kind(
        &self,
        kind: usize,
        label: &Label,
        text: &str,
        before: &[String],
        after: &[String],
        han: &CharMap<HanDigit>,
    ) -> Option<LabelMatch> {
        let longest = |list: &[String], rest: &str| {
            list.iter()
                .filter(|s| rest.starts_with(s.as_str()))
                .map(String::len)
                .max()
        };
        let start = longest(before, text)?;
        let rest = text.get(start..)?;
        let (number, numeral_len) = match label.numeral {
            Numeral::Han => han_numeral(rest, han)?,
            Numeral::Arabic => arabic_numeral(rest)?,
            Numeral::Either => han_numeral(rest, han).or_else(|| arabic_numeral(rest))?,
            Numeral::Circled => {
                let c = rest.chars().next()?;
                let i = self.circled.iter().position(|&x| x == c)?;
                (Some(i as u32 + 1), c.len_utf8())
            }
            Numeral::Word => {
                let i = label
                    .words
                    .iter()
                    .position(|w| rest.starts_with(w.as_str()))?;
                (Some(i as u32 + 1), label.words[i].len())
            }
            Numeral::None => (None, 0),
        };
        let rest = rest.get(numeral_len..)?;
        let end = longest(after, rest)?;
        let behind = rest.get(end..)?;
        let year = || {
            label.year_after.as_deref().is_some_and(|word| {
                behind.bytes().take_while(u8::is_ascii_digit).count() == 4
                    && behind[4..].starts_with(word)
            })
        };
        if label
            .miss_after
            .iter()
            .any(|m| behind.starts_with(m.as_str()))
            && !year()
        {
            return None;
        }
        // Two labels of a kind in a row are a list: the numerals of several things.
        let another = || {
            let (_, len) = han_numeral(behind, han)?;
            longest(after, &behind[len..])
        };
        if label.numeral == Numeral::Han && start == 0 && end > 0 && another().is_some() {
            return None;
        }
        Some(LabelMatch {
            kind,
            number,
            len: start + numeral_len + end,
            numeral: start,
            numeral_len,
        })
    }

    /// The labels that stand inside `text` right behind the end of a clause, with the byte at which
    /// each begins.
    pub fn behind_clauses(&self, text: &str) -> impl Iterator<Item = (usize, LabelMatch)> {
        self.behind_marks(text, marks(text))
    }

    /// The same where the `marks` of `text` are known already, each with its byte.
    pub fn behind_marks(
        &self,
        text: &str,
        marks: impl Iterator<Item = (usize, char)>,
    ) -> impl Iterator<Item = (usize, LabelMatch)> {
        marks
            .filter(|&(_, c)| matches!(c, '。' | '；' | '：' | '，' | ';' | ':' | ','))
            .filter_map(move |(at, c)| {
                let at = at + c.len_utf8();
                Some((at, self.at(&text[at..])?))
            })
    }

    /// True for characters that Han numerals of labels are made of: 一 to 十, 百, 〇.
    #[must_use]
    pub fn is_han_digit(&self, c: char) -> bool {
        self.han.get(c).is_some()
    }

    /// The number 1 … 99 in Han, as labels write it.
    #[must_use]
    pub fn han(&self, number: u32) -> Option<String> {
        let digit = |d: u32| self.digits.get(d.checked_sub(1)? as usize).copied();
        let mut out = String::new();
        match number {
            1..=9 => out.push(digit(number)?),
            10..=99 => {
                if number >= 20 {
                    out.push(digit(number / 10)?);
                }
                out.push(self.ten);
                out.extend(digit(number % 10));
            }
            _ => return None,
        }
        Some(out)
    }
}

/// A well-formed Han numeral up to 999 at the start of `text`, and its length in bytes.
fn han_numeral(text: &str, han: &CharMap<HanDigit>) -> Option<(Option<u32>, usize)> {
    let (mut total, mut pending, mut len) = (0_u32, None::<u32>, 0);
    let mut last_power = 1000;
    for c in text.chars().take(MAX_NUMERAL_CHARS) {
        match han.get(c) {
            Some(HanDigit::Digit(d)) if pending.is_none() => pending = Some(d),
            Some(HanDigit::Ten) if last_power > 10 => {
                total += pending.take().unwrap_or(1) * 10;
                last_power = 10;
            }
            Some(HanDigit::Hundred) if last_power > 100 => {
                total += pending.take()? * 100;
                last_power = 100;
            }
            Some(HanDigit::Zero) if last_power == 100 && pending.is_none() => last_power = 11,
            Some(_) => return None,
            None => break,
        }
        len += c.len_utf8();
    }
    total += pending.unwrap_or(0);
    (total > 0).then_some((Some(total), len))
}

/// Digits up to 999 without a leading zero at the start of `text`.
fn arabic_numeral(text: &str) -> Option<(Option<u32>, usize)> {
    let len = text.bytes().take_while(u8::is_ascii_digit).count();
    if len == 0 || len > 3 || text.starts_with('0') {
        return None;
    }
    Some((text[..len].parse().ok(), len))
}

#[cfg(test)]
mod tests {
    use crate::lexicon::Lexicon;

    #[test]
    fn entries_hold() {
        let labels = &Lexicon::builtin().labels;
        for (i, kind) in labels.kinds.iter().enumerate() {
            assert!(!kind.hit.is_empty() && !kind.miss.is_empty(), "{}", kind.id);
            for hit in &kind.hit {
                let found = labels
                    .at(&hit.text)
                    .unwrap_or_else(|| panic!("{}: {}", kind.id, hit.text));
                assert_eq!(labels.kinds[found.kind].id, kind.id, "{}", hit.text);
                assert_eq!(hit.text[..found.len], hit.label);
                assert_eq!(found.number, hit.number, "{}", hit.text);
            }
            for miss in &kind.miss {
                assert!(
                    labels.at(miss).is_none_or(|m| m.kind != i),
                    "{}: {miss}",
                    kind.id
                );
            }
        }
    }

    #[test]
    fn han_numerals_both_ways() {
        let labels = &Lexicon::builtin().labels;
        for n in 1..=99 {
            let text = labels.han(n).unwrap();
            let label = labels.at(&format!("（{text}）")).unwrap();
            assert_eq!(label.number, Some(n), "{text}");
        }
        for bad in ["（一二）", "（十十）", "（百）", "（零）", "（）"] {
            assert_eq!(labels.at(bad), None, "{bad}");
        }
        assert_eq!(labels.at("第一百零二条").unwrap().number, Some(102));
    }

    #[test]
    fn damaged_marks() {
        let labels = &Lexicon::builtin().labels;
        let found = labels.damaged_at("《三) 市场").unwrap();
        assert_eq!(
            (found.number, "《三)"),
            (Some(3), &"《三) 市场"[..found.len])
        );
        assert_eq!(labels.damaged_at("一: 强化").unwrap().number, Some(1));
        assert_eq!(labels.damaged_at("（—）造林").unwrap().number, Some(1));
        assert_eq!(labels.damaged_at("=、林业").unwrap().number, Some(2));
        assert_eq!(labels.damaged_at("全县"), None);
    }
}
