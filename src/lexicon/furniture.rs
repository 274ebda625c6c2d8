//! `lexicon/furniture.toml`, `lexicon/jumps.toml` and `lexicon/front_matter.toml`: what stands on
//! a page around its text.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use regex::{Captures, Regex};
use serde::Deserialize;

use super::LexiconError;
use super::keys::{KeyWords, Keys};
use crate::base::{CharSet, marks};
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
    /// What a line that the pattern fits begins with, any of these characters.
    #[serde(default)]
    opens: String,
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
    /// What a line has that has one of its keys …
    keys: Keys,
    /// … and what it requires, where it requires something.
    require: Option<Keys>,
    pattern: Option<Pattern>,
}

impl Compiled {
    /// True when its pattern is worth trying on a line: not too long, with a key and what is required.
    fn fits(&self, line: &str, chars: usize, keys: Keys) -> bool {
        let entry = &self.entry;
        self.keys.meet(keys)
            && self.require.is_none_or(|words| words.meet(keys))
            && entry.max_chars.is_none_or(|max| chars <= max)
            && (entry.opens.is_empty() || line.starts_with(|c| entry.opens.contains(c)))
            && one_in(&entry.keys, line)
            && (entry.require.is_empty() || one_in(&entry.require, line))
    }
}

/// True when `line` has one of `words`.
fn one_in(words: &[String], line: &str) -> bool {
    words.iter().any(|word| line.contains(word.as_str()))
}

/// What a 1 is misread as behind the letter of a page.
const MISREAD_1: [char; 2] = ['l', 'I'];

/// The furniture that a page may have, ready to match.
#[derive(Debug, Default)]
pub struct Furniture {
    entries: Vec<Compiled>,
    /// Those that may be glued into a line.
    glued: Vec<usize>,
    exact: BTreeMap<String, usize>,
    longest_exact: usize,
    /// The first characters of `exact`.
    opens_exact: CharSet,
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
    /// Compiles the file; the words that lines are asked for first go to `words`.
    ///
    /// # Errors
    /// When `text` is not of its shape.
    pub fn load(text: &str, words: &mut KeyWords) -> Result<Self, LexiconError> {
        const FILE: &str = "lexicon/furniture.toml";
        let file: FurnitureFile = super::builtin(FILE, text)?;
        let mut out = Self::default();
        for (i, entry) in file.furniture.into_iter().enumerate() {
            for line in &entry.exact {
                out.longest_exact = out.longest_exact.max(line.len());
                out.opens_exact.extend(line.chars().next());
                out.exact.insert(line.clone(), i);
            }
            out.glued.extend(Some(i).filter(|_| entry.glued));
            let require = Some(&entry.require).filter(|words| !words.is_empty());
            out.entries.push(Compiled {
                keys: words.add(&entry.keys),
                require: require.map(|required| words.add(required)),
                pattern: entry.pattern.as_deref().map(Pattern::new),
                entry,
            });
        }
        Ok(out)
    }

    /// The furniture that a whole line is. `line` has no blanks, and so many characters and such
    /// keys. What stands at such a `place` is also tried with the entries for it, of which a part of
    /// the line is enough.
    #[must_use]
    pub fn whole(
        &self,
        line: &str,
        chars: usize,
        keys: Keys,
        place: Option<FurniturePlace>,
    ) -> Option<FurnitureMatch> {
        let whole = |i: usize, page| FurnitureMatch {
            start: 0,
            end: line.len(),
            kind: self.entries[i].entry.kind.clone(),
            page,
        };
        if line.len() <= self.longest_exact
            && line.starts_with(|c| self.opens_exact.contains(c))
            && let Some(&i) = self.exact.get(line)
        {
            return Some(whole(i, None));
        }
        for (i, compiled) in self.entries.iter().enumerate() {
            if !compiled.keys.meet(keys) {
                continue;
            }
            let place_of = compiled.entry.place;
            let here = place_of.is_none_or(|p| place == Some(p));
            if !here || !compiled.fits(line, chars, keys) {
                continue;
            }
            let Some(pattern) = compiled.pattern.as_ref().and_then(Pattern::regex) else {
                continue;
            };
            let found = pattern.find(line);
            if found.is_some_and(|m| place_of.is_some() || m.len() == line.len()) {
                return Some(whole(i, named_page(pattern, line)));
            }
        }
        None
    }

    /// Furniture glued into a longer line of so many characters and such keys.
    #[must_use]
    pub fn glued(&self, line: &str, chars: usize, keys: Keys) -> Option<FurnitureMatch> {
        let glued = self.glued.iter().filter_map(|&i| self.entries.get(i));
        let mut candidates = glued.filter(|e| e.fits(line, chars, keys));
        candidates.find_map(|Compiled { entry, pattern, .. }| {
            let found = pattern.as_ref()?.regex()?.find(line)?;
            Some(FurnitureMatch {
                start: found.start(),
                end: found.end(),
                kind: entry.kind.clone(),
                page: None,
            })
        })
    }
}

/// The page that a line names, by the groups of the pattern that fits it: captures are dear, and most
/// patterns have none.
fn named_page(pattern: &Regex, line: &str) -> Option<String> {
    if pattern.captures_len() == 1 {
        return None;
    }
    let found = pattern.captures(line)?;
    let page = found.name("page").map(|m| m.as_str().to_owned());
    page.or_else(|| Some(found.name("misread")?.as_str().replace(MISREAD_1, "1")))
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
    /// The words that every jump line has one of, …
    words: Vec<String>,
    key: Keys,
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
    /// Compiles the file; the words that lines are asked for first go to `words`.
    ///
    /// # Errors
    /// When `text` is not of its shape.
    pub fn load(text: &str, words: &mut KeyWords) -> Result<Self, LexiconError> {
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
        Ok(Self {
            key: words.add(&all_words),
            words: all_words,
            open: file.open.chars().collect(),
            patterns,
            han_pages: file.han_pages,
            examples: file.jump,
        })
    }

    /// The first jump in a line. `line` has no blanks and such keys.
    #[must_use]
    pub fn find(&self, line: &str, keys: Keys) -> Option<JumpMatch> {
        self.all(line, keys).into_iter().next()
    }

    /// Whether a word of jump lines begins the line or stands behind a bracket: a cheap test before the
    /// patterns.
    fn may_have(&self, line: &str, keys: Keys) -> bool {
        if !self.key.meet(keys) {
            return false;
        }
        let is_word = |rest: &str| {
            let mut words = self.words.iter();
            words.any(|w| rest.starts_with(w.as_str()))
        };
        let mut open = marks(line).filter(|&(_, c)| self.open.contains(c));
        is_word(line) || open.any(|(at, c)| is_word(&line[at + c.len_utf8()..]))
    }

    /// All jumps in a line, in order and apart. `line` has no blanks and such keys.
    #[must_use]
    pub fn all(&self, line: &str, keys: Keys) -> Vec<JumpMatch> {
        let mut found = Vec::new();
        if !self.may_have(line, keys) {
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
    /// What a line that the pattern fits begins with, any of these characters.
    #[serde(default)]
    opens: String,
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

    /// True when it may be said of a line of so many characters.
    fn fits(&self, line: &str, chars: usize) -> bool {
        self.max_chars.is_none_or(|max| chars <= max)
            && (self.opens.is_empty() || line.starts_with(|c| self.opens.contains(c)))
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
    dateline_key: Keys,
    byline_key: Keys,
    /// The characters that titles end with.
    title_ends: CharSet,
    /// The same for issuers.
    issuer_ends: CharSet,
}

/// What a remark behind a title may end with.
const TITLE_CLOSERS: [char; 7] = [']', '］', '〕', '）', ')', '”', '》'];

impl FrontMatter {
    /// Compiles the file; the words that lines are asked for first go to `words`.
    ///
    /// # Errors
    /// When `text` is not of its shape.
    pub fn load(text: &str, words: &mut KeyWords) -> Result<Self, LexiconError> {
        const FILE: &str = "lexicon/front_matter.toml";
        let file: FrontFile = super::builtin(FILE, text)?;
        let pattern = |entry: &FrontEntry| Pattern::new(entry.pattern.as_deref().unwrap_or("$^"));
        // A title may carry a note mark or a bracketed remark: 公报[1], （草案）.
        let endings = file.title.endings.join("|");
        let title = Pattern::new(format!(
            "(?:{endings})(?:[\\[［〔（(][^。，；]{{1,12}}[\\]］〕）)])?[”》]?$"
        ));
        Ok(Self {
            dateline_key: words.add(&file.dateline.keys),
            byline_key: words.add(&file.byline.keys),
            title_ends: file.title.lasts().chain(TITLE_CLOSERS).collect(),
            issuer_ends: file.issuer.lasts().collect(),
            byline: pattern(&file.byline),
            dateline: pattern(&file.dateline),
            title,
            file,
        })
    }

    /// What `line` (without blanks, of so many characters and such keys) is, if it is any of these
    /// as a whole.
    #[must_use]
    pub fn classify(&self, line: &str, chars: usize, keys: Keys) -> Option<FrontLine> {
        let last = line.chars().next_back()?;
        let may_be_dated = self.dateline_key.meet(keys);
        let may_be_other = self.title_ends.contains(last)
            || self.issuer_ends.contains(last)
            || self.file.byline.fits(line, chars) && self.byline_key.meet(keys);
        if !may_be_dated && !may_be_other {
            return None;
        }
        let file = &self.file;
        let matches = |pattern: &Pattern| pattern.regex().is_some_and(|r| r.is_match(line));
        if file.dateline.fits(line, chars)
            && one_in(&file.dateline.keys, line)
            && matches(&self.dateline)
        {
            return Some(FrontLine::Dateline);
        }
        if !may_be_other {
            return None;
        }
        if marks(line).any(|(_, c)| matches!(c, '。' | '，' | '；' | '：' | '！' | '？')) {
            return None;
        }
        if self.title_ends.contains(last) && matches(&self.title) {
            return Some(FrontLine::Title);
        }
        let issued = || (file.issuer.endings.iter()).any(|e| line.ends_with(e.as_str()));
        if file.issuer.fits(line, chars)
            && chars >= 3
            && self.issuer_ends.contains(last)
            && issued()
        {
            return Some(FrontLine::Issuer);
        }
        if file.byline.fits(line, chars) && one_in(&file.byline.keys, line) && matches(&self.byline)
        {
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
        let lexicon = Lexicon::builtin();
        let furniture = &lexicon.furniture;
        let keys = |line: &str| lexicon.keys.of(line);
        for Compiled { entry, .. } in &furniture.entries {
            assert!(
                !entry.hit.is_empty() && !entry.miss.is_empty(),
                "{}",
                entry.kind
            );
            for hit in &entry.hit {
                let n = hit.chars().count();
                let found = if entry.glued {
                    furniture.glued(hit, n, keys(hit))
                } else {
                    furniture.whole(hit, n, keys(hit), entry.place)
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
                    furniture.whole(miss, n, Keys::ALL, entry.place),
                    None,
                    "{}: {miss}",
                    entry.kind
                );
                assert_eq!(
                    furniture.glued(miss, n, Keys::ALL),
                    None,
                    "{}: {miss}",
                    entry.kind
                );
            }
        }
        let page = |line: &str| {
            furniture
                .whole(line, line.chars().count(), keys(line), None)
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
        let lexicon = Lexicon::builtin();
        let jumps = &lexicon.jumps;
        let keys = |line: &str| lexicon.keys.of(line);
        for entry in &jumps.examples {
            for hit in &entry.hit {
                let found = jumps
                    .find(&hit.text, keys(&hit.text))
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
                assert_eq!(jumps.find(miss, Keys::ALL), None, "{miss}");
            }
        }
        let glued = jumps.find("部分乡镇（下转第3版）", Keys::ALL).unwrap();
        assert_eq!(glued.page.as_deref(), Some("3"));
        assert_eq!(glued.start, "部分乡镇".len());
    }

    #[test]
    fn front_matter_entries_hold() {
        let lexicon = Lexicon::builtin();
        let front = &lexicon.front_matter;
        let keys = |line: &str| lexicon.keys.of(line);
        for (entry, want) in [
            (&front.file.title, FrontLine::Title),
            (&front.file.issuer, FrontLine::Issuer),
            (&front.file.byline, FrontLine::Byline),
            (&front.file.dateline, FrontLine::Dateline),
        ] {
            for hit in &entry.hit {
                assert_eq!(
                    front.classify(hit, hit.chars().count(), keys(hit)),
                    Some(want),
                    "{hit}"
                );
            }
            for miss in &entry.miss {
                assert_ne!(
                    front.classify(miss, miss.chars().count(), Keys::ALL),
                    Some(want),
                    "{miss}"
                );
            }
        }
    }
}
