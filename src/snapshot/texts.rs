//! Paragraphs and characters: which of the old are which of the new.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use super::change::{Change, Context, Thing, What};
use super::pairs::Pairs;
use super::side::{Both, Side};
use crate::base::{Block, blocks};
use crate::record::{Paragraph, Record, Section};

/// Between two paragraphs that are the same, so many characters at most are laid beside each other as one
/// text; where there are more, paragraph by paragraph.
const MOST: usize = 200_000;

/// The old text beside the new one.
pub(super) struct Texts {
    /// Paragraphs that are the same, or hold at least half of each other.
    pub paragraphs: Pairs,
    /// For each character of the old text the one of the new that it is, in paragraphs that are pairs.
    to: Vec<Option<u32>>,
}

impl Texts {
    pub fn new(old: &Record, new: &Record) -> Self {
        let (old, new) = (Laid::new(old), Laid::new(new));
        let mut texts = Self {
            paragraphs: Pairs::new(old.spans.len(), new.spans.len()),
            to: vec![None; old.chars.len()],
        };
        let (mut names, mut ids) = (HashMap::new(), [Vec::new(), Vec::new()]);
        for (side, ids) in [&old, &new].into_iter().zip(&mut ids) {
            for at in 0..side.spans.len() {
                let next = names.len() as u32;
                ids.push(*names.entry(side.paragraph(at)).or_insert(next));
            }
        }
        let [old_ids, new_ids] = &ids;
        let (mut a, mut b) = (0, 0);
        let end = Block {
            a: old_ids.len(),
            b: new_ids.len(),
            size: 0,
        };
        for block in blocks(old_ids, new_ids).into_iter().chain([end]) {
            texts.gap(&old, &new, a..block.a, b..block.b);
            for i in 0..block.size {
                texts.same(&old, &new, block.a + i, block.b + i);
            }
            (a, b) = (block.a + block.size, block.b + block.size);
        }
        // what is left may have moved
        let mut moved = texts.paragraphs.clone();
        moved.by(|i| old_ids.get(i), |j| new_ids.get(j));
        for i in texts.paragraphs.removed() {
            if let Some(j) = moved.new_of(i) {
                texts.same(&old, &new, i, j);
            }
        }
        texts
    }

    /// Makes a pair of two paragraphs with the same characters.
    fn same(&mut self, old: &Laid, new: &Laid, i: usize, j: usize) {
        self.paragraphs.join(i, j);
        if let (Some(from), Some(to)) = (old.spans.get(i), new.spans.get(j)) {
            for (at, to) in from.clone().zip(to.clone()) {
                self.set(at, to);
            }
        }
    }

    fn set(&mut self, at: usize, to: usize) {
        if let Some(slot) = self.to.get_mut(at) {
            *slot = u32::try_from(to).ok();
        }
    }

    /// Lays paragraphs beside each other that stand between those that are the same.
    fn gap(&mut self, old: &Laid, new: &Laid, olds: Range<usize>, news: Range<usize>) {
        let (Some(a), Some(b)) = (old.stretch(&olds), new.stretch(&news)) else {
            return;
        };
        if a.len() + b.len() > MOST {
            // as many as before: each of them changed a little
            if olds.len() == news.len() && olds.len() > 1 {
                for (i, j) in olds.zip(news) {
                    self.gap(old, new, i..i + 1, j..j + 1);
                }
            }
            return;
        }
        let (Some(of_old), Some(of_new)) = (old.chars.get(a.clone()), new.chars.get(b.clone()))
        else {
            return;
        };
        let found = blocks(of_old, of_new);
        let alike = || {
            let each = |block: &Block| {
                let (i, j) = (a.start + block.a, b.start + block.b);
                (0..block.size).map(move |at| (i + at, j + at))
            };
            found.iter().flat_map(each)
        };
        let mut shared: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        for (i, j) in alike() {
            if let (Some(i), Some(j)) = (old.paragraph_at(i), new.paragraph_at(j)) {
                *shared.entry((i, j)).or_default() += 1;
            }
        }
        let mut shared: Vec<((usize, usize), usize)> = shared.into_iter().collect();
        shared.sort_by_key(|&(pair, count)| (Reverse(count), pair));
        for ((i, j), count) in shared {
            let longer = old.paragraph(i).len().max(new.paragraph(j).len());
            if count * 2 >= longer {
                self.paragraphs.join(i, j);
            }
        }
        for (i, j) in alike() {
            let to = old.paragraph_at(i).and_then(|p| self.paragraphs.new_of(p));
            if to.is_some() && to == new.paragraph_at(j) {
                self.set(i, j);
            }
        }
    }

    /// Where what begins at this character of the old text begins in the new one.
    pub fn start(&self, at: u32) -> Option<u32> {
        self.to.get(at as usize).copied().flatten()
    }

    /// Where what ends before this character of the old text ends in the new one.
    pub fn end(&self, at: u32) -> Option<u32> {
        Some(self.start(at.checked_sub(1)?)? + 1)
    }
}

/// A text as characters, with its paragraphs.
struct Laid {
    chars: Vec<char>,
    spans: Vec<Range<usize>>,
}

impl Laid {
    fn new(record: &Record) -> Self {
        let span = |p: &Paragraph| p.start as usize..p.end as usize;
        Self {
            chars: record.text.chars().collect(),
            spans: record.paragraphs.iter().map(span).collect(),
        }
    }

    fn paragraph(&self, at: usize) -> &[char] {
        let span = self.spans.get(at).cloned();
        span.and_then(|span| self.chars.get(span))
            .unwrap_or_default()
    }

    /// From the first of these paragraphs to the last.
    fn stretch(&self, paragraphs: &Range<usize>) -> Option<Range<usize>> {
        let spans = self.spans.get(paragraphs.clone())?;
        let stretch = spans.first()?.start..spans.last()?.end;
        (stretch.start <= stretch.end && stretch.end <= self.chars.len()).then_some(stretch)
    }

    fn paragraph_at(&self, at: usize) -> Option<usize> {
        let found = self.spans.partition_point(|span| span.end <= at);
        self.spans.get(found)?.contains(&at).then_some(found)
    }
}

/// What changed in paragraphs, numbers and headings that are said to have changed left out.
pub(super) fn changes(both: &Both<'_>, changes: &mut Vec<Change>) {
    let pairs = &both.texts.paragraphs;
    let (headings, headings_now) = (headings(&both.old), headings(&both.new));
    let numbers = numbers(&both.old, |i| both.indicators.new_of(i));
    let masks: BTreeSet<(u32, u32)> = numbers.chain(headings.iter().copied()).collect();
    let numbers = self::numbers(&both.new, |j| both.indicators.old_of(j));
    let masks_now: BTreeSet<(u32, u32)> = numbers.chain(headings_now.iter().copied()).collect();
    for (i, paragraph) in both.old.record.paragraphs.iter().enumerate() {
        let (text, before) = said(&both.old, paragraph);
        let path = both.old.path(paragraph.section.as_deref());
        let change = |what| Change::new(Thing::Text, path, "text", what);
        let Some(j) = pairs.new_of(i) else {
            if !headings.contains(&(paragraph.start, paragraph.end)) {
                changes.push(change(What::Removed(text)).between(before, None));
            }
            continue;
        };
        let Some(now) = both.new.record.paragraphs.get(j) else {
            continue;
        };
        let (new, after) = said(&both.new, now);
        if masked(&both.old, paragraph, &masks) != masked(&both.new, now, &masks_now) {
            let what = What::Changed {
                field: "changed",
                old: text,
                new,
            };
            changes.push(change(what).between(before, after).at(Some(now.start)));
        }
    }
    changes.extend(pairs.moved().into_iter().filter_map(|i| moved(both, i)));
    for j in pairs.added() {
        if let Some(now) = both.new.record.paragraphs.get(j)
            && !headings_now.contains(&(now.start, now.end))
        {
            let (text, after) = said(&both.new, now);
            let path = both.new.path(now.section.as_deref());
            let change = Change::new(Thing::Text, path, "text", What::Added(text));
            changes.push(change.between(None, after).at(Some(now.start)));
        }
    }
}

/// The text of a paragraph, and where it stands.
fn said(side: &Side<'_>, paragraph: &Paragraph) -> (String, Option<Context>) {
    let text = side.slice(paragraph.start, paragraph.end);
    let context = Context {
        text: text.to_owned(),
        line: paragraph.source.line,
    };
    (text.to_owned(), Some(context))
}

/// So many characters of a paragraph tell which it is.
const TELLING: usize = 8;

fn opening(side: &Side<'_>, paragraph: &Paragraph) -> String {
    let text = side.slice(paragraph.start, paragraph.end);
    let mut opening: String = text.chars().take(TELLING).collect();
    if opening.len() < text.len() {
        opening.push('…');
    }
    opening
}

fn moved(both: &Both<'_>, old: usize) -> Option<Change> {
    let paragraph = both.old.record.paragraphs.get(old)?;
    let j = both.texts.paragraphs.new_of(old)?;
    let now = both.new.record.paragraphs.get(j)?;
    let before = j
        .checked_sub(1)
        .and_then(|j| both.new.record.paragraphs.get(j));
    let to = match before {
        Some(before) => format!("behind {}", opening(&both.new, before)),
        None => "to the beginning".to_owned(),
    };
    let name = format!("text {}", opening(&both.old, paragraph));
    let path = both.old.path(paragraph.section.as_deref());
    let change = Change::new(Thing::Text, path, name, What::Moved { to });
    let change = change.between(said(&both.old, paragraph).1, said(&both.new, now).1);
    Some(change.at(Some(now.start)))
}

/// Where the numbers of a text stand that are in the other, too.
fn numbers(
    side: &Side<'_>,
    other: impl Fn(usize) -> Option<usize>,
) -> impl Iterator<Item = (u32, u32)> {
    let indicators = side.record.indicators.iter().enumerate();
    let numbers = indicators.filter(move |(i, _)| other(*i).is_some());
    numbers.map(|(_, x)| (x.start, x.end))
}

/// Where headings stand: what becomes of sections is said of them.
fn headings(side: &Side<'_>) -> BTreeSet<(u32, u32)> {
    let sections = side.record.sections.iter();
    sections
        .filter_map(|section| heading(side, section))
        .collect()
}

/// Label and title of a section, where they stand side by side.
fn heading(side: &Side<'_>, section: &Section) -> Option<(u32, u32)> {
    let heading = format!("{}{}", section.label, section.title);
    let length = u32::try_from(heading.chars().count()).ok()?;
    let end = section.start.checked_add(length)?;
    (side.slice(section.start, end) == heading).then_some((section.start, end))
}

/// A paragraph with one sign in the place of each of the `masks`.
fn masked(side: &Side<'_>, paragraph: &Paragraph, masks: &BTreeSet<(u32, u32)>) -> String {
    let mut text = String::new();
    let mut at = paragraph.start;
    for &(start, end) in masks.range((paragraph.start, 0)..(paragraph.end, 0)) {
        if start < at {
            continue; // inside of another
        }
        text.push_str(side.slice(at, start));
        text.push('\0');
        at = end;
    }
    text.push_str(side.slice(at, paragraph.end));
    text
}
