//! `lexicon/furniture.toml`, `lexicon/jumps.toml` and `lexicon/front_matter.toml`: what stands on
//! a page around its text.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use memchr::memmem::Finder;
use regex::{Captures, Regex};
use serde::Deserialize;

use super::LexiconError;
use crate::base::{CharMap, CharSet, marks};
use crate::record::JumpKind;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct FurnitureEntry {
    kind: String,
    #[expect(dead_code, reason = "for people; an entry without it does not load")]
    why: String,
    #[serde(default)]
    glued: bool,
    #[serde(default)]
    place: Option<FurniturePlace>,
    #[serde(default)]
    keys: Vec<String>,
    #[serde(default)]
    require: Vec<String>,
    pattern: Option<String>,
    #[serde(default)]
    exact: Vec<String>,
    max_chars: Option<usize>,
    #[cfg_attr(not(test), expect(dead_code, reason = "an entry's own tests"))]
    hit: Vec<String>,
    #[cfg_attr(not(test), expect(dead_code, reason = "an entry's own tests"))]
    miss: Vec<String>,
}

/// Where on a printed page a line stands, as its box shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FurniturePlace {
    /// The first or the last line of the page.
    Edge,
    /// Beside the lines of a column: the caption of a picture in it.
    Float,
    /// Over the columns, in large letters.
    Banner,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FurnitureFile {
    furniture: Vec<FurnitureEntry>,
}

/// A regex that is compiled when it is first asked for: compiling all of them takes far longer than
/// reading a page, and most pages need a few.
#[derive(Debug)]
struct Pattern {
    text: String,
    compiled: OnceLock<Option<Regex>>,
}

impl Pattern {
    fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            compiled: OnceLock::new(),
        }
    }

    /// None when it is no regex, which no pattern of `lexicon/` is: a test compiles them all.
    fn regex(&self) -> Option<&Regex> {
        let compile = || Regex::new(&self.text).ok();
        self.compiled.get_or_init(compile).as_ref()
    }
}

#[derive(Debug)]
struct Compiled {
    entry: FurnitureEntry,
    pattern: Option<Pattern>,
}

/// What a 1 is misread as behind the letter of a page.
const MISREAD_1: [char; 2] = ['l', 'I'];

/// The furniture that a page may have, ready to match.
#[derive(Debug, Default)]
pub struct Furniture {
    entries: Vec<Compiled>,
    exact: BTreeMap<String, usize>,
    longest_exact: usize,
    /// Keys of the entries that a whole line is tried with, …
    keys: Keys,
    /// … of those for short lines alone, …
    short_keys: Keys,
    /// … and of those for lines at a place.
    placed_keys: Keys,
    /// Keys of the entries that may be glued into a line.
    glued_keys: Vec<(Finder<'static>, usize)>,
}

/// A line of so many characters or fewer is short.
const SHORT: usize = 16;

/// Keys of patterns by their first character: most characters of most lines begin none.
#[derive(Debug, Default)]
struct Keys {
    initials: CharSet,
    /// For each initial, which of `groups`.
    group: CharMap<u16>,
    /// Each key with its entry.
    groups: Vec<Vec<(String, usize)>>,
    /// The most characters of a line that any entry is tried on.
    longest: usize,
}

impl Keys {
    /// Adds the keys of entry `i`.
    fn add(&mut self, i: usize, entry: &FurnitureEntry) {
        self.longest = self.longest.max(entry.max_chars.unwrap_or(usize::MAX));
        for key in &entry.keys {
            let Some(c) = key.chars().next() else {
                continue;
            };
            self.initials.insert(c);
            let group = self.group.get(c).unwrap_or(self.groups.len() as u16);
            self.group.insert(c, group);
            if usize::from(group) == self.groups.len() {
                self.groups.push(Vec::new());
            }
            if let Some(keys) = self.groups.get_mut(usize::from(group)) {
                keys.push((key.clone(), i));
            }
        }
    }

    /// Adds the entries to `found` that `line` has a key of, unless they are there.
    fn find(&self, line: &str, chars: usize, found: &mut Vec<usize>) {
        if chars > self.longest {
            return;
        }
        for (at, c) in line.char_indices() {
            if !self.initials.contains(c) {
                continue;
            }
            let group = self.group.get(c).map_or(0, usize::from);
            for (key, i) in self.groups.get(group).into_iter().flatten() {
                if line[at..].starts_with(key.as_str()) && !found.contains(i) {
                    found.push(*i);
                }
            }
        }
    }
}

/// A stretch of a line that is furniture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FurnitureMatch {
    /// First byte in the line.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
    /// Kind of its entry.
    pub kind: String,
    /// Page of the paper that it names.
    pub page: Option<String>,
}

impl Furniture {
    /// Compiles the file.
    ///
    /// # Errors
    /// When `text` is not of its shape.
    pub fn load(text: &str) -> Result<Self, LexiconError> {
        const FILE: &str = "lexicon/furniture.toml";
        let file: FurnitureFile = super::builtin(FILE, text)?;
        let mut out = Self::default();
        for (i, entry) in file.furniture.into_iter().enumerate() {
            for line in &entry.exact {
                out.longest_exact = out.longest_exact.max(line.len());
                out.exact.insert(line.clone(), i);
            }
            let keys = match entry.max_chars {
                _ if entry.place.is_some() => &mut out.placed_keys,
                Some(..=SHORT) => &mut out.short_keys,
                _ => &mut out.keys,
            };
            keys.add(i, &entry);
            for key in entry.keys.iter().filter(|_| entry.glued) {
                out.glued_keys.push((Finder::new(key).into_owned(), i));
            }
            let pattern = entry.pattern.as_deref().map(Pattern::new);
            out.entries.push(Compiled { entry, pattern });
        }
        Ok(out)
    }

    /// The furniture that a whole line is. `line` has no blanks. What stands at such a `place` is
    /// also tried with the entries for it, of which a part of the line is enough.
    #[must_use]
    pub fn whole(
        &self,
        line: &str,
        chars: usize,
        place: Option<FurniturePlace>,
    ) -> Option<FurnitureMatch> {
        let whole = |i: usize, page| FurnitureMatch {
            start: 0,
            end: line.len(),
            kind: self.entries[i].entry.kind.clone(),
            page,
        };
        if line.len() <= self.longest_exact
            && let Some(&i) = self.exact.get(line)
        {
            return Some(whole(i, None));
        }
        for i in self.candidates(line, chars, place.is_some()) {
            let Compiled { entry, pattern } = &self.entries[i];
            let here = entry.place.is_none_or(|p| place == Some(p));
            let Some(pattern) = pattern.as_ref().filter(|_| here).and_then(Pattern::regex) else {
                continue;
            };
            // Captures are dear, and most lines fail at their first characters.
            if pattern.is_match(line)
                && let Some(found) = pattern.captures(line)
                && (entry.place.is_some() || found.get(0).is_some_and(|m| m.len() == line.len()))
            {
                let page = found.name("page").map(|m| m.as_str().to_owned());
                let misread = || Some(found.name("misread")?.as_str().replace(MISREAD_1, "1"));
                let page = page.or_else(misread);
                return Some(whole(i, page));
            }
        }
        None
    }

    /// Furniture glued into a longer line.
    #[must_use]
    pub fn glued(&self, line: &str, chars: usize) -> Option<FurnitureMatch> {
        let keys = self.glued_keys.iter();
        let found = keys.filter(|(key, _)| key.find(line.as_bytes()).is_some());
        let found = found
            .map(|&(_, i)| i)
            .filter(|&i| self.fits(i, line, chars));
        let mut candidates: Vec<usize> = found.collect();
        candidates.sort_unstable();
        candidates.into_iter().find_map(|i| {
            let Compiled { entry, pattern } = &self.entries[i];
            let found = pattern.as_ref()?.regex()?.find(line)?;
            Some(FurnitureMatch {
                start: found.start(),
                end: found.end(),
                kind: entry.kind.clone(),
                page: None,
            })
        })
    }

    /// Entries whose pattern is worth trying on a line, those for places among them where it is at one.
    fn candidates(&self, line: &str, chars: usize, placed: bool) -> Vec<usize> {
        let mut found = Vec::new();
        self.keys.find(line, chars, &mut found);
        if chars <= SHORT {
            self.short_keys.find(line, chars, &mut found);
        }
        if placed {
            self.placed_keys.find(line, chars, &mut found);
        }
        found.retain(|&i| self.fits(i, line, chars));
        found.sort_unstable();
        found
    }

    /// True when `line` is neither too long for entry `i` nor without what it requires.
    fn fits(&self, i: usize, line: &str, chars: usize) -> bool {
        let FurnitureEntry {
            max_chars, require, ..
        } = &self.entries[i].entry;
        max_chars.is_none_or(|max| chars <= max)
            && (require.is_empty() || require.iter().any(|r| line.contains(r.as_str())))
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(not(test), expect(dead_code, reason = "an entry's own tests"))]
struct JumpExample {
    text: String,
    page: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct JumpEntry {
    kind: JumpKind,
    words: Vec<String>,
    #[cfg_attr(not(test), expect(dead_code, reason = "an entry's own tests"))]
    hit: Vec<JumpExample>,
    #[cfg_attr(not(test), expect(dead_code, reason = "an entry's own tests"))]
    miss: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct JumpFile {
    open: String,
    close: String,
    page: String,
    han_pages: BTreeMap<String, String>,
    jump: Vec<JumpEntry>,
}

/// The jump lines, ready to match.
#[derive(Debug)]
pub struct Jumps {
    /// The last characters of `words`: most lines have none.
    lasts: Vec<Finder<'static>>,
    /// The words that every jump line has one of, and their first characters …
    words: Vec<String>,
    initials: CharSet,
    /// … with one of these brackets before it, unless it begins the line.
    open: CharSet,
    patterns: Vec<(JumpKind, Pattern)>,
    han_pages: BTreeMap<String, String>,
    #[cfg_attr(not(test), expect(dead_code, reason = "the entries' own tests"))]
    examples: Vec<JumpEntry>,
}

/// A jump line, or one inside a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JumpMatch {
    /// First byte in the line.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
    /// Which way.
    pub kind: JumpKind,
    /// The page that it names.
    pub page: Option<String>,
}

impl Jumps {
    /// Compiles the file.
    ///
    /// # Errors
    /// When `text` is not of its shape.
    pub fn load(text: &str) -> Result<Self, LexiconError> {
        const FILE: &str = "lexicon/jumps.toml";
        let file: JumpFile = super::builtin(FILE, text)?;
        let class = |set: &str| format!("[{}]", regex::escape(set));
        let mut patterns = Vec::new();
        let mut all_words = Vec::new();
        for entry in &file.jump {
            let mut words = entry.words.clone();
            words.sort_by_key(|w| std::cmp::Reverse(w.len()));
            all_words.extend(words.iter().cloned());
            let words = words.join("|");
            let (open, close, page) = (class(&file.open), class(&file.close), &file.page);
            // In brackets anywhere in a line; without them only as a line of its own, and then it
            // has to say a page.
            patterns.push((
                entry.kind,
                Pattern::new(format!(
                    "{open}(?P<verb>{words})(?:{page})(?P<close>{close})?|{open}(?:{words}){close}"
                )),
            ));
            patterns.push((
                entry.kind,
                Pattern::new(format!("^(?:{words})(?:{page}){close}?$")),
            ));
        }
        let mut lasts: Vec<char> = all_words
            .iter()
            .filter_map(|w| w.chars().next_back())
            .collect();
        lasts.sort_unstable();
        lasts.dedup();
        let finder = |c: &char| Finder::new(c.encode_utf8(&mut [0; 4]).as_bytes()).into_owned();
        Ok(Self {
            lasts: lasts.iter().map(finder).collect(),
            initials: all_words.iter().filter_map(|w| w.chars().next()).collect(),
            words: all_words,
            open: file.open.chars().collect(),
            patterns,
            han_pages: file.han_pages,
            examples: file.jump,
        })
    }

    /// The first jump in a line. `line` has no blanks.
    #[must_use]
    pub fn find(&self, line: &str) -> Option<JumpMatch> {
        self.all(line).into_iter().next()
    }

    /// Whether a word of jump lines begins the line or stands behind a bracket: a cheap test before the
    /// patterns.
    fn may_have(&self, line: &str) -> bool {
        let is_word = |rest: &str| {
            let first = rest.chars().next();
            first.is_some_and(|c| self.initials.contains(c))
                && self.words.iter().any(|w| rest.starts_with(w.as_str()))
        };
        let mut lasts = self.lasts.iter();
        if !lasts.any(|last| last.find(line.as_bytes()).is_some()) {
            return false;
        }
        let mut open = marks(line).filter(|&(_, c)| self.open.contains(c));
        is_word(line) || open.any(|(at, c)| is_word(&line[at + c.len_utf8()..]))
    }

    /// All jumps in a line, in order and apart. `line` has no blanks.
    #[must_use]
    pub fn all(&self, line: &str) -> Vec<JumpMatch> {
        let mut found = Vec::new();
        if !self.may_have(line) {
            return found;
        }
        for (kind, pattern) in &self.patterns {
            let Some(regex) = pattern.regex() else {
                continue;
            };
            for jump in regex.captures_iter(line) {
                let Some(whole) = jump.get(0).filter(|_| is_complete(&jump, line)) else {
                    continue;
                };
                let page = jump.name("page").map(|m| {
                    let page = m.as_str();
                    self.han_pages
                        .get(page)
                        .cloned()
                        .unwrap_or_else(|| page.replace(MISREAD_1, "1"))
                });
                found.push(JumpMatch {
                    start: whole.start(),
                    end: whole.end(),
                    kind: *kind,
                    page,
                });
            }
        }
        found.sort_by_key(|m| m.start);
        found.dedup_by(|b, a| b.start < a.end);
        found
    }
}

/// False for a page that may as well be the beginning of another number or word: what stands behind
/// it is neither the word for a page nor a bracket, nor does the line end there (where a verb of one
/// character is no sure sign either).
fn is_complete(jump: &Captures<'_>, line: &str) -> bool {
    let at_end = jump.get(0).is_some_and(|m| m.end() == line.len());
    jump.name("page").is_none()
        || jump.name("word").is_some()
        || jump.name("close").is_some()
        || at_end
            && jump
                .name("verb")
                .is_none_or(|verb| verb.as_str().chars().nth(1).is_some())
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct FrontEntry {
    #[expect(dead_code, reason = "for people; an entry without it does not load")]
    why: String,
    #[serde(default)]
    endings: Vec<String>,
    #[serde(default)]
    keys: Vec<String>,
    pattern: Option<String>,
    max_chars: Option<usize>,
    #[cfg_attr(not(test), expect(dead_code, reason = "an entry's own tests"))]
    hit: Vec<String>,
    #[cfg_attr(not(test), expect(dead_code, reason = "an entry's own tests"))]
    miss: Vec<String>,
}

impl FrontEntry {
    /// The last characters of its endings.
    fn lasts(&self) -> impl Iterator<Item = char> {
        self.endings.iter().filter_map(|e| e.chars().next_back())
    }

    /// Finders of its keys.
    fn finders(&self) -> Vec<Finder<'static>> {
        let keys = self.keys.iter();
        keys.map(|key| Finder::new(key).into_owned()).collect()
    }

    /// True when it may be said of lines of so many characters.
    fn fits(&self, chars: usize) -> bool {
        self.max_chars.is_none_or(|max| chars <= max)
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FrontFile {
    title: FrontEntry,
    issuer: FrontEntry,
    byline: FrontEntry,
    dateline: FrontEntry,
}

/// What a line between the top of the page and the running text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrontLine {
    /// Ends like a title.
    Title,
    /// Ends like the name of a body.
    Issuer,
    /// Office and name of a person.
    Byline,
    /// A date or an occasion.
    Dateline,
}

/// How titles, issuers and datelines are known.
#[derive(Debug)]
pub struct FrontMatter {
    file: FrontFile,
    byline: Pattern,
    dateline: Pattern,
    title: Pattern,
    dateline_keys: Vec<Finder<'static>>,
    byline_keys: Vec<Finder<'static>>,
    /// The characters that titles end with.
    title_ends: CharSet,
    /// The same for issuers.
    issuer_ends: CharSet,
}

/// What a remark behind a title may end with.
const TITLE_CLOSERS: [char; 7] = [']', '］', '〕', '）', ')', '”', '》'];

impl FrontMatter {
    /// Compiles the file.
    ///
    /// # Errors
    /// When `text` is not of its shape.
    pub fn load(text: &str) -> Result<Self, LexiconError> {
        const FILE: &str = "lexicon/front_matter.toml";
        let file: FrontFile = super::builtin(FILE, text)?;
        let pattern = |entry: &FrontEntry| Pattern::new(entry.pattern.as_deref().unwrap_or("$^"));
        // A title may carry a note mark or a bracketed remark: 公报[1], （草案）.
        let endings = file.title.endings.join("|");
        let title = Pattern::new(format!(
            "(?:{endings})(?:[\\[［〔（(][^。，；]{{1,12}}[\\]］〕）)])?[”》]?$"
        ));
        Ok(Self {
            dateline_keys: file.dateline.finders(),
            byline_keys: file.byline.finders(),
            title_ends: file.title.lasts().chain(TITLE_CLOSERS).collect(),
            issuer_ends: file.issuer.lasts().collect(),
            byline: pattern(&file.byline),
            dateline: pattern(&file.dateline),
            title,
            file,
        })
    }

    /// What `line` (without blanks) is, if it is any of these as a whole.
    #[must_use]
    pub fn classify(&self, line: &str) -> Option<FrontLine> {
        let chars = line.chars().count();
        let last = line.chars().next_back()?;
        let file = &self.file;
        let matches = |pattern: &Pattern| pattern.regex().is_some_and(|r| r.is_match(line));
        let has_one =
            |keys: &[Finder<'_>]| keys.iter().any(|key| key.find(line.as_bytes()).is_some());
        if file.dateline.fits(chars) && has_one(&self.dateline_keys) && matches(&self.dateline) {
            return Some(FrontLine::Dateline);
        }
        if marks(line).any(|(_, c)| matches!(c, '。' | '，' | '；' | '：' | '！' | '？')) {
            return None;
        }
        if self.title_ends.contains(last) && matches(&self.title) {
            return Some(FrontLine::Title);
        }
        let issued = || (file.issuer.endings.iter()).any(|e| line.ends_with(e.as_str()));
        if file.issuer.fits(chars) && chars >= 3 && self.issuer_ends.contains(last) && issued() {
            return Some(FrontLine::Issuer);
        }
        if file.byline.fits(chars) && has_one(&self.byline_keys) && matches(&self.byline) {
            return Some(FrontLine::Byline);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicon;

    #[test]
    fn furniture_entries_hold() {
        let furniture = &Lexicon::builtin().furniture;
        for Compiled { entry, .. } in &furniture.entries {
            assert!(
                !entry.hit.is_empty() && !entry.miss.is_empty(),
                "{}",
                entry.kind
            );
            for hit in &entry.hit {
                let n = hit.chars().count();
                let found = if entry.glued {
                    furniture.glued(hit, n)
                } else {
                    furniture.whole(hit, n, entry.place)
                };
                assert!(
                    found.is_some_and(|f| f.kind == entry.kind),
                    "{}: {hit}",
                    entry.kind
                );
            }
            for miss in &entry.miss {
                let n = miss.chars().count();
                assert_eq!(
                    furniture.whole(miss, n, entry.place),
                    None,
                    "{}: {miss}",
                    entry.kind
                );
                assert_eq!(furniture.glued(miss, n), None, "{}: {miss}", entry.kind);
            }
        }
        let page = |line: &str| {
            furniture
                .whole(line, line.chars().count(), None)
                .unwrap()
                .page
        };
        assert_eq!(page("A2版要闻").as_deref(), Some("A2"));
    }

    #[test]
    fn every_pattern_is_a_regex() {
        let Lexicon {
            furniture,
            jumps,
            front_matter: front,
            ..
        } = Lexicon::builtin();
        let furniture = furniture.entries.iter().filter_map(|e| e.pattern.as_ref());
        let jumps = jumps.patterns.iter().map(|p| &p.1);
        let front = [&front.byline, &front.dateline, &front.title];
        for pattern in furniture.chain(jumps).chain(front) {
            assert!(pattern.regex().is_some(), "{}", pattern.text);
        }
    }

    #[test]
    fn jump_entries_hold() {
        let jumps = &Lexicon::builtin().jumps;
        for entry in &jumps.examples {
            for hit in &entry.hit {
                let found = jumps
                    .find(&hit.text)
                    .unwrap_or_else(|| panic!("{}", hit.text));
                assert_eq!(
                    (found.start, found.end),
                    (0, hit.text.len()),
                    "{}",
                    hit.text
                );
                assert_eq!(found.page, hit.page, "{}", hit.text);
                assert_eq!(found.kind, entry.kind, "{}", hit.text);
            }
            for miss in &entry.miss {
                assert_eq!(jumps.find(miss), None, "{miss}");
            }
        }
        let glued = jumps.find("部分乡镇（下转第3版）").unwrap();
        assert_eq!(glued.page.as_deref(), Some("3"));
        assert_eq!(glued.start, "部分乡镇".len());
    }

    #[test]
    fn front_matter_entries_hold() {
        let front = &Lexicon::builtin().front_matter;
        for (entry, want) in [
            (&front.file.title, FrontLine::Title),
            (&front.file.issuer, FrontLine::Issuer),
            (&front.file.byline, FrontLine::Byline),
            (&front.file.dateline, FrontLine::Dateline),
        ] {
            for hit in &entry.hit {
                assert_eq!(front.classify(hit), Some(want), "{hit}");
            }
            for miss in &entry.miss {
                assert_ne!(front.classify(miss), Some(want), "{miss}");
            }
        }
    }
}
