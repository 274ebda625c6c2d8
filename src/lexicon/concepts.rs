//! `lexicon/concepts/*.toml`: the code list of what bulletins state numbers of, and the identities
//! that hold between them.
//!
//! A concept is what is measured (地区生产总值), whatever is said of it: level, growth and rank of one
//! thing have one concept. Concepts that differ in one word only (产量 of each crop) are written as a
//! family and taken apart here.

use std::collections::HashMap;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::LexiconError;
use crate::base::Decimal;
use crate::record::Measure;

/// What concepts are told apart by beside their names.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Within {
    /// The concept that the number is a part of, or one beneath it.
    pub of: Option<String>,
    /// The concept that was named last before it in the same paragraph, or one beneath it.
    pub after: Option<String>,
    /// A word in the title of a section around it.
    pub section: Option<String>,
    /// What it is called there; only there.
    pub names: Vec<String>,
}

/// One concept of the code list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Concept {
    /// Its code: words of ASCII letters, digits and `_`, from the widest to the narrowest, with dots
    /// between.
    pub id: String,
    /// Chinese label; a name, too.
    pub zh: String,
    /// English label.
    pub en: String,
    /// Other names.
    #[serde(default)]
    pub names: Vec<String>,
    /// Names of which a part is free: `*` stands for one character or more.
    #[serde(default)]
    pub patterns: Vec<String>,
    /// What its levels are measured in, a dimension of `lexicon/units.toml` (two with a `/` between for
    /// so much for each); `ratio` for rates, `index` for those and their growth, `structure` for terms of
    /// a ratio.
    pub dimension: String,
    /// The units without multiplier that its levels have; any of the dimension where there is none.
    #[serde(default)]
    pub units: Vec<String>,
    /// The least that its level or rate can be, in its base unit.
    pub least: Option<Decimal>,
    /// The most that its level or rate can be, in its base unit.
    pub most: Option<Decimal>,
    /// The wider concept; where none is said, the one of the id without its last word, if there is one.
    pub broader: Option<String>,
    /// Names that it has in some places only.
    #[serde(default)]
    pub within: Vec<Within>,
    /// Sentences that state it. Left out of the built-in list as the program knows it, as the misses
    /// are; see [`files`].
    #[serde(default)]
    pub hits: Vec<String>,
    /// Sentences that seem to and do not.
    #[serde(default)]
    pub misses: Vec<String>,
}

impl Concept {
    /// What it is called anywhere: its label, then its other names.
    pub fn labels(&self) -> impl Iterator<Item = &String> {
        std::iter::once(&self.zh).chain(&self.names)
    }
}

/// What takes the place of `{id}`, `{zh}` and `{en}` in a family.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Member {
    id: String,
    zh: String,
    en: String,
    /// Other words for `{zh}` in names.
    #[serde(default)]
    also: Vec<String>,
}

/// Concepts that differ in one word.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Family {
    members: Vec<Member>,
    id: String,
    zh: String,
    en: String,
    #[serde(default)]
    names: Vec<String>,
    #[serde(default)]
    patterns: Vec<String>,
    dimension: String,
    #[serde(default)]
    units: Vec<String>,
    least: Option<Decimal>,
    most: Option<Decimal>,
    broader: Option<String>,
    #[serde(default)]
    within: Vec<Within>,
    #[serde(default)]
    hits: Vec<String>,
    #[serde(default)]
    misses: Vec<String>,
}

/// What holds between the levels of concepts in one place and period.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// The concept that comes out.
    pub of: String,
    /// Those that it is the sum of.
    #[serde(default)]
    pub sum: Vec<String>,
    /// The two that it is the quotient of.
    #[serde(default)]
    pub ratio: Vec<String>,
    /// The two that it is the difference of.
    #[serde(default)]
    pub difference: Vec<String>,
    /// How far it may be off beside the rounding, in percent: what is divided by may be a mean over the
    /// year, or prices may be others.
    pub percent: Option<u32>,
}

/// Words at the end of a name that say what is stated of the thing before them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Tail {
    #[serde(default, rename = "hits")]
    _hits: IgnoredAny,
    forms: Vec<String>,
    measures: Vec<Measure>,
}

/// Words that are looked for at one place of a name.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    /// Sentences that show them.
    #[serde(default, rename = "hits")]
    _hits: IgnoredAny,
    forms: Vec<String>,
}

/// The shape of a file.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct File {
    concept: Vec<Concept>,
    family: Vec<Family>,
    identity: Vec<Identity>,
    tail: Vec<Tail>,
    /// Words at the front of a name that do not change what is measured.
    head: Vec<Words>,
    /// Verbs behind which the whole of a share is named: 占…的比重.
    share_verb: Vec<Words>,
}

impl File {
    /// Of the built-in files, which are read as one.
    pub(super) const NAME: &str = "lexicon/concepts";

    pub(super) fn add(&mut self, other: Self) {
        self.concept.extend(other.concept);
        self.family.extend(other.family);
        self.identity.extend(other.identity);
        self.tail.extend(other.tail);
        self.head.extend(other.head);
        self.share_verb.extend(other.share_verb);
    }
}

/// A name that a concept has in some places only.
#[derive(Debug, Clone, Copy)]
struct Placed {
    concept: usize,
    /// Which of its [`Concept::within`].
    within: usize,
}

/// The built-in files: their names, and their texts with the examples.
#[must_use]
pub fn files() -> &'static [(&'static str, &'static str)] {
    &include!(concat!(env!("OUT_DIR"), "/concept_files.rs"))
}

/// The concepts of one file, built-in or a user's, families taken apart, with the line on which the entry
/// of each begins.
///
/// # Errors
/// When `text` is not of its shape.
pub fn entries(file: &str, text: &str) -> Result<Vec<(usize, Concept)>, LexiconError> {
    let read: Spanned = super::parse(file, text)?;
    let line = |at: usize| {
        1 + text
            .get(..at)
            .map_or(0, |before| before.matches('\n').count())
    };
    let mut out = Vec::new();
    for entry in read.concept {
        out.push((line(entry.span().start), entry.into_inner()));
    }
    for entry in read.family {
        let line = line(entry.span().start);
        let family = entry.into_inner();
        out.extend(family.members.iter().map(|m| (line, family.concept(m))));
    }
    Ok(out)
}

/// A file whose entries know their places.
#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Spanned {
    concept: Vec<toml::Spanned<Concept>>,
    family: Vec<toml::Spanned<Family>>,
}

/// The code list, compiled.
#[derive(Debug, Default)]
pub struct Concepts {
    /// The concepts, in the order of the files.
    pub all: Vec<Concept>,
    /// What holds between them.
    pub identities: Vec<Identity>,
    by_id: HashMap<String, usize>,
    by_name: HashMap<String, Vec<usize>>,
    placed: HashMap<String, Vec<Placed>>,
    /// Pieces of a pattern between its `*`, and the concept.
    patterns: Vec<(Vec<String>, usize)>,
    tails: Vec<(String, Vec<Measure>)>,
    heads: Vec<String>,
    share_verbs: Vec<String>,
}

/// Where a number stands, for names that concepts have in some places only.
pub trait Surroundings {
    /// The concept that it is a part of.
    fn of(&self) -> Option<usize>;
    /// The concept that was named last before it in its paragraph.
    fn after(&self) -> Option<usize>;
    /// True when the title of a section around it holds `word`.
    fn section(&self, word: &str) -> bool;
}

impl Concepts {
    pub(super) fn compile(file: File) -> Result<Self, LexiconError> {
        let mut all = file.concept;
        for family in &file.family {
            all.extend(family.members.iter().map(|member| family.concept(member)));
        }
        let mut out = Self {
            heads: forms(&file.head),
            share_verbs: forms(&file.share_verb),
            tails: tails(file.tail),
            identities: file.identity,
            ..Self::default()
        };
        for (i, concept) in all.iter().enumerate() {
            if out.by_id.insert(concept.id.clone(), i).is_some() {
                return Err(refused(&concept.id, "the id is taken already"));
            }
        }
        for (i, concept) in all.iter_mut().enumerate() {
            out.place(concept)?;
            out.add_names(i, concept)?;
        }
        for identity in &out.identities {
            out.check(identity)?;
        }
        out.all = all;
        Ok(out)
    }

    /// Sees to it that the broader concept of `concept` is in the list, and takes the one of its id where
    /// none is said.
    fn place(&self, concept: &mut Concept) -> Result<(), LexiconError> {
        match &concept.broader {
            Some(broader) if !self.by_id.contains_key(broader) => {
                let message = format!("its broader concept {broader:?} is not in the list");
                return Err(refused(&concept.id, &message));
            }
            Some(_) => {}
            None => {
                let parent = concept.id.rsplit_once('.').map(|(parent, _)| parent);
                let known = parent.filter(|id| self.by_id.contains_key(*id));
                concept.broader = known.map(str::to_owned);
            }
        }
        Ok(())
    }

    /// Makes `concept`, the one at `index`, known by all that it is called.
    fn add_names(&mut self, index: usize, concept: &Concept) -> Result<(), LexiconError> {
        for label in concept.labels() {
            let same = self.by_name.entry(plain(label)).or_default();
            if !same.contains(&index) {
                same.push(index);
            }
        }
        for pattern in &concept.patterns {
            let pieces = plain(pattern).split('*').map(str::to_owned).collect();
            self.patterns.push((pieces, index));
        }
        for (place, within) in concept.within.iter().enumerate() {
            let mut asked = [&within.of, &within.after].into_iter().flatten();
            if let Some(unknown) = asked.find(|id| !self.by_id.contains_key(*id)) {
                let message = format!("it asks for {unknown:?}, which is not in the list");
                return Err(refused(&concept.id, &message));
            }
            for label in &within.names {
                let placed = self.placed.entry(plain(label)).or_default();
                placed.push(Placed {
                    concept: index,
                    within: place,
                });
            }
        }
        Ok(())
    }

    /// Sees to it that `identity` is whole, and of concepts of the list.
    fn check(&self, identity: &Identity) -> Result<(), LexiconError> {
        let mut named = std::iter::once(&identity.of).chain(identity.terms());
        if let Some(unknown) = named.find(|id| !self.by_id.contains_key(*id)) {
            let message = format!("its identity names {unknown:?}, which is not in the list");
            return Err(refused(&identity.of, &message));
        }
        if !identity.is_one() {
            let message = "an identity has either a sum of two or more, a ratio of two or a difference of two";
            return Err(refused(&identity.of, message));
        }
        Ok(())
    }

    /// The place in [`Self::all`] of the concept with this id.
    #[must_use]
    pub fn index(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// The concept with this id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Concept> {
        self.all.get(self.index(id)?)
    }

    /// True when concept `index` is the one called `id`, or beneath it.
    #[must_use]
    pub fn is_beneath(&self, index: usize, id: &str) -> bool {
        let mut at = Some(index);
        // no list has so many levels: one that goes round in a circle ends here
        for _ in 0..16 {
            let Some(concept) = at.and_then(|at| self.all.get(at)) else {
                return false;
            };
            if concept.id == id {
                return true;
            }
            at = concept.broader.as_deref().and_then(|id| self.index(id));
        }
        false
    }

    /// The concept of what is called `name`, of which `measure` is stated: the first that
    /// `fits`, of the name as it is, then without the words at its ends. None where several fit.
    #[must_use]
    pub fn find(
        &self,
        name: &str,
        measure: Measure,
        around: &impl Surroundings,
        fits: impl Fn(&Concept) -> bool,
    ) -> Option<usize> {
        let name = plain(name);
        let mut name = name.as_str();
        let mut found = self.named(name, around, &fits);
        while found.is_none()
            && let Some(core) = self.core(name, measure)
        {
            name = core;
            found = self.named(name, around, &fits);
        }
        found
    }

    /// `name` without one of the words at its ends.
    fn core<'n>(&self, name: &'n str, measure: Measure) -> Option<&'n str> {
        if measure == Measure::Share {
            let verbs = self.share_verbs.iter();
            let first = verbs.filter_map(|verb| name.find(verb.as_str())).min();
            if let Some(start) = first.filter(|&start| start > 0) {
                return name.get(..start);
            }
        }
        let of_measure = |tail: &&(String, Vec<Measure>)| tail.1.contains(&measure);
        let mut tails = self.tails.iter().filter(of_measure);
        let tail = tails.find_map(|(form, _)| name.strip_suffix(form.as_str()));
        let mut heads = self.heads.iter();
        let head = || heads.find_map(|form| name.strip_prefix(form.as_str()));
        tail.or_else(head).filter(|core| !core.is_empty())
    }

    fn named(
        &self,
        name: &str,
        around: &impl Surroundings,
        fits: &impl Fn(&Concept) -> bool,
    ) -> Option<usize> {
        let fitting = |&index: &usize| self.all.get(index).is_some_and(fits);
        if let Some(placed) = self.placed.get(name) {
            let here = |p: &&Placed| self.holds(**p, around);
            let found = placed.iter().filter(here).map(|p| p.concept);
            if let Some(found) = only(found.filter(fitting)) {
                return Some(found);
            }
        }
        if let Some(same) = self.by_name.get(name) {
            return only(same.iter().copied().filter(fitting));
        }
        let matching = self
            .patterns
            .iter()
            .filter(|(pieces, _)| like(name, pieces));
        only(matching.map(|(_, index)| *index).filter(fitting))
    }

    /// True where all that a name asks of its place is so.
    fn holds(&self, placed: Placed, around: &impl Surroundings) -> bool {
        let concept = self.all.get(placed.concept);
        let Some(within) = concept.and_then(|c| c.within.get(placed.within)) else {
            return false;
        };
        let beneath = |found: Option<usize>, asked: &Option<String>| {
            asked
                .as_ref()
                .is_none_or(|id| found.is_some_and(|found| self.is_beneath(found, id)))
        };
        beneath(around.of(), &within.of)
            && beneath(around.after(), &within.after)
            && within
                .section
                .as_ref()
                .is_none_or(|word| around.section(word))
    }
}

impl Identity {
    /// The concepts that it comes out of.
    pub fn terms(&self) -> impl Iterator<Item = &String> {
        self.sum.iter().chain(&self.ratio).chain(&self.difference)
    }

    /// True when it is of one kind, with as many terms as that has.
    fn is_one(&self) -> bool {
        matches!(
            (self.sum.len(), self.ratio.len(), self.difference.len()),
            (2.., 0, 0) | (0, 2, 0) | (0, 0, 2)
        )
    }
}

impl Family {
    fn concept(&self, member: &Member) -> Concept {
        let filled = |text: &String| fill(text, &member.id, &member.zh, &member.en);
        let all = |texts: &[String]| -> Vec<String> {
            let words = || std::iter::once(&member.zh).chain(&member.also);
            let one = |text: &String| -> Vec<String> {
                match text.contains("{zh}") {
                    true => words()
                        .map(|zh| fill(text, &member.id, zh, &member.en))
                        .collect(),
                    false => vec![filled(text)],
                }
            };
            texts.iter().flat_map(one).collect()
        };
        let within = |within: &Within| Within {
            of: within.of.as_ref().map(filled),
            after: within.after.as_ref().map(filled),
            section: within.section.as_ref().map(filled),
            names: all(&within.names),
        };
        let label = filled(&self.zh);
        let mut names = all(std::slice::from_ref(&self.zh));
        names.extend(all(&self.names));
        names.retain(|name| *name != label);
        Concept {
            id: filled(&self.id),
            zh: label,
            en: filled(&self.en),
            names,
            patterns: all(&self.patterns),
            dimension: self.dimension.clone(),
            units: self.units.clone(),
            least: self.least,
            most: self.most,
            broader: self.broader.as_ref().map(filled),
            within: self.within.iter().map(within).collect(),
            hits: self.hits.iter().map(filled).collect(),
            misses: self.misses.iter().map(filled).collect(),
        }
    }
}

/// `text` with what stands for `{id}`, `{zh}` and `{en}`. In one pass: some thousand are filled at every
/// start.
fn fill(text: &str, id: &str, zh: &str, en: &str) -> String {
    let mut out = String::with_capacity(text.len() + zh.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('{') {
        out.push_str(before);
        let words = [("id}", id), ("zh}", zh), ("en}", en)];
        let mut filled = words
            .iter()
            .filter_map(|(key, word)| Some((word, behind.strip_prefix(key)?)));
        let (word, after) = filled.next().unwrap_or((&"{", behind));
        out.push_str(word);
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The words of `entries` with their measures, the longest first.
fn tails(entries: Vec<Tail>) -> Vec<(String, Vec<Measure>)> {
    let mut all = Vec::new();
    for Tail {
        forms, measures, ..
    } in entries
    {
        all.extend(forms.into_iter().map(|form| (form, measures.clone())));
    }
    all.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.0.cmp(&b.0)));
    all
}

/// The words of `entries`, the longest first.
fn forms(entries: &[Words]) -> Vec<String> {
    let mut all: Vec<String> = entries.iter().flat_map(|e| e.forms.clone()).collect();
    all.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    all
}

fn refused(id: &str, message: &str) -> LexiconError {
    LexiconError {
        file: File::NAME.to_owned(),
        message: format!("concept {id:?}: {message}"),
    }
}

/// `name` without its quotation marks, and without what stands in brackets: that only says more of it.
#[must_use]
pub fn plain(name: &str) -> String {
    let mut depth = 0_usize;
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '(' | '[' | '\u{FF08}' | '\u{3014}' => depth += 1,
            ')' | ']' | '\u{FF09}' | '\u{3015}' => depth = depth.saturating_sub(1),
            '\u{201C}' | '\u{201D}' | '\u{300A}' | '\u{300B}' | '\u{300C}' | '\u{300D}' => {}
            c if depth == 0 && !c.is_whitespace() => out.push(c),
            _ => {}
        }
    }
    out
}

/// The one that all of `found` are.
fn only(mut found: impl Iterator<Item = usize>) -> Option<usize> {
    let first = found.next()?;
    found.all(|other| other == first).then_some(first)
}

/// True when `name` is made of `pieces` with something between each two of them.
fn like(name: &str, pieces: &[String]) -> bool {
    let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else {
        return false;
    };
    let Some(mut rest) = name.strip_prefix(first.as_str()) else {
        return false;
    };
    let between = pieces
        .get(1..pieces.len().saturating_sub(1))
        .unwrap_or_default();
    for piece in between {
        let Some((before, behind)) = rest.split_once(piece.as_str()) else {
            return false;
        };
        if before.is_empty() {
            return false;
        }
        rest = behind;
    }
    rest.strip_suffix(last.as_str())
        .is_some_and(|free| !free.is_empty())
}
