//! The law of provenance: the source bytes that a record points to, with the drops, folds and
//! repairs that it records replayed, give back its text.
//!
//! Dropped without a record are blanks ([`is_blank`]); folded are full-width and compatibility
//! forms; everything else that differs between page and text is a repair, or an error.

use super::{RecordFile, Text, Violation, file_name, files, short};
use crate::base::{Span, sha256};
use crate::decode::{EncodingChoice, FormatChoice, Options, Page, decode};
use crate::lexicon::Lexicon;
use crate::normalize::is_blank;
use crate::normalize::width::fold;
use crate::record::{Record, Repair, Source};

/// What in `record` its `originals` (name and bytes of each of its files, in any order) do not give
/// back; empty when all of it holds. Of a page that a
/// program read, they are what it printed.
///
/// ```
/// let bytes = "全年新增企业９92户。".as_bytes();
/// let mut record = gongbao::Extractor::new().extract("a.txt", bytes)?;
/// let originals = [("a.txt", bytes)];
/// assert_eq!(gongbao::validate::replay::replay(&record, &originals), []);
/// record.paragraphs[0].source.end -= 3;
/// assert_eq!(gongbao::validate::replay::replay(&record, &originals).len(), 1);
/// # Ok::<(), gongbao::pipeline::ExtractError>(())
/// ```
#[must_use]
pub fn replay(record: &Record, originals: &[(&str, &[u8])]) -> Vec<Violation> {
    replayed(record, &Text::new(&record.text), originals)
}

/// The same of a record whose text is indexed.
pub(super) fn replayed(
    record: &Record,
    text: &Text<'_>,
    originals: &[(&str, &[u8])],
) -> Vec<Violation> {
    let mut violations = Vec::new();
    let mut pages = Vec::new();
    for file in files(record) {
        match page_of(&file, originals) {
            Ok(page) => pages.push(page),
            Err(violation) => violations.push(violation),
        }
    }
    if !violations.is_empty() {
        return violations;
    }
    held(record, text, pages.iter().collect())
}

/// The same of a record of one file whose page is at hand.
pub(super) fn replayed_with(record: &Record, text: &Text<'_>, page: &Page<'_>) -> Vec<Violation> {
    let files = files(record);
    let sound = match files.as_slice() {
        [file] => is_of(file, page),
        _ => Err(Violation::new(
            "/source/parts",
            "expected null: the page is of one file",
        )),
    };
    match sound {
        Ok(()) => held(record, text, vec![page]),
        Err(violation) => vec![violation],
    }
}

/// What in `record` its `pages`, one a file, do not give back.
fn held(record: &Record, text: &Text<'_>, pages: Vec<&Page<'_>>) -> Vec<Violation> {
    let mut violations = Vec::new();
    let mut fail =
        |pointer: String, message: String| violations.push(Violation::new(pointer, message));
    let original = Original { record, pages };
    let others = Others::new(&record.repairs);
    let mut walker = Walker::new(&original, text);

    for (i, x) in record.paragraphs.iter().enumerate() {
        if let Err(message) = walker.walk(&x.source, x.start, x.end, Edges::Inked) {
            fail(format!("/paragraphs/{i}/source"), message);
        }
    }
    for (i, x) in record.sections.iter().enumerate() {
        if let Err(message) = walker.walk(&x.source, x.start, x.end, Edges::Inked) {
            fail(format!("/sections/{i}/source"), message);
        }
    }
    for (i, x) in record.indicators.iter().enumerate() {
        if let Err(message) = walker.walk(&x.source, x.start, x.end, Edges::Inked) {
            fail(format!("/indicators/{i}/source"), message);
        } else if let Some(repair) = &x.repair
            && !others.touch(x.start, x.end)
            && let Err(message) = walker.squeezed(&x.source, &repair.from)
        {
            fail(format!("/indicators/{i}/repair/from"), message);
        }
    }
    for (i, x) in record.jumps.iter().enumerate() {
        if let Err(message) = walker.squeezed(&x.source, &x.text) {
            fail(format!("/jumps/{i}/text"), message);
        }
    }
    for (i, x) in record.repairs.iter().enumerate() {
        let Some(other) = &x.other else {
            if let Err(message) = walker.walk(&x.source, x.start, x.end, Edges::Inked) {
                fail(format!("/repairs/{i}/source"), message);
            }
            continue;
        };
        if let Err(message) = walker.squeezed(&x.source, &x.from) {
            fail(format!("/repairs/{i}/source"), message);
        }
        let taken = walker
            .squeezed(&other.source, &other.text)
            .and_then(|()| walker.walk(&other.source, x.start, x.end, Edges::Inked));
        if let Err(message) = taken {
            fail(format!("/repairs/{i}/other/source"), message);
        }
    }
    for (i, x) in record.diagnostics.iter().enumerate() {
        let Some(source) = &x.source else { continue };
        let result = match (x.start, x.end) {
            (Some(start), Some(end)) => walker.walk(source, start, end, Edges::Any),
            _ => walker.collect(source, Edges::Any),
        };
        if let Err(message) = result {
            fail(format!("/diagnostics/{i}/source"), message);
        }
    }
    violations
}

/// The repairs that were taken from another reading.
struct Others<'a> {
    repairs: Vec<&'a Repair>,
    /// They stand in order, as they should.
    ordered: bool,
}

impl<'a> Others<'a> {
    fn new(repairs: &'a [Repair]) -> Self {
        let repairs: Vec<&Repair> = repairs.iter().filter(|r| r.other.is_some()).collect();
        let ordered = repairs.is_sorted_by(|a, b| a.start <= b.start && a.end <= b.end);
        Self { repairs, ordered }
    }

    /// True when characters of the text from `start` to `end` were taken from another reading: its
    /// own source has those, and what stands else is in the repair alone.
    fn touch(&self, start: u32, end: u32) -> bool {
        if self.ordered {
            let first = self.repairs.partition_point(|r| r.end <= start);
            self.repairs.get(first).is_some_and(|r| r.start < end)
        } else {
            let mut repairs = self.repairs.iter();
            repairs.any(|r| r.start < end && start < r.end)
        }
    }
}

/// The page that the original of `file` gives: the one of its name among `originals`, names and bytes.
///
/// # Errors
/// When there is none, or it is not the file that the record was made of.
pub fn page_of<'a>(
    file: &RecordFile<'_>,
    originals: &[(&str, &'a [u8])],
) -> Result<Page<'a>, Violation> {
    let fail = |field: &str, message: String| {
        Err(Violation::new(format!("{}{field}", file.pointer), message))
    };
    let called = |name: &str| name.replace('\\', "/") == file.name;
    let Some(&(_, bytes)) = originals.iter().find(|(name, _)| called(name)) else {
        return fail(
            "",
            format!("there is no original called {}", short(file.name)),
        );
    };
    is_of_bytes(file, bytes)?;
    let Ok(encoding) = file.encoding.parse::<EncodingChoice>() else {
        let found = short(file.encoding);
        return fail(
            "/encoding",
            format!("found {found}, which is no encoding that is read"),
        );
    };
    let (format, place) = reading(file);
    let Ok(format) = format.parse::<FormatChoice>() else {
        let found = short(format);
        return fail(
            place,
            format!("found {found}, which is no format that is read"),
        );
    };
    let page = match decode(file.name, bytes, Options { encoding, format }) {
        Ok(page) => page,
        Err(error) => return fail("", error.to_string()),
    };
    is_of_lines(file, &page)?;
    Ok(page)
}

/// The format that `file` was read in, and the field that says so.
fn reading<'a>(file: &RecordFile<'a>) -> (&'a str, &'static str) {
    match file.original {
        Some(original) => (original.reading.as_str(), "/original/reading"),
        None => (file.format, "/format"),
    }
}

fn is_of_bytes(file: &RecordFile<'_>, bytes: &[u8]) -> Result<(), Violation> {
    let fail = |field, message| Err(Violation::new(format!("{}{field}", file.pointer), message));
    if file.bytes != bytes.len() as u64 {
        let (found, expected) = (file.bytes, bytes.len());
        let message = format!("found {found}, but the original has {expected}");
        return fail("/bytes", message);
    }
    let sha256 = sha256(bytes);
    if file.sha256 != sha256 {
        let found = file.sha256;
        let message = format!("found {found}, but the original has {sha256}: it was changed since");
        return fail("/sha256", message);
    }
    Ok(())
}

fn is_of_lines(file: &RecordFile<'_>, page: &Page<'_>) -> Result<(), Violation> {
    let (found, expected) = (file.lines, page.file().line_count());
    if found == expected {
        return Ok(());
    }
    Err(Violation::new(
        format!("{}/lines", file.pointer),
        format!("found {found}, but the original has {expected}"),
    ))
}

/// `page` is the one that decoding the file gives.
fn is_of(file: &RecordFile<'_>, page: &Page<'_>) -> Result<(), Violation> {
    let of = page.file();
    let (format, place) = reading(file);
    let same = [
        ("/name", file.name, of.name.as_str()),
        ("/encoding", file.encoding, of.encoding),
        (place, format, of.format.name()),
    ];
    for (field, found, expected) in same {
        if found != expected {
            let (found, expected) = (short(found), short(expected));
            return Err(Violation::new(
                format!("{}{field}", file.pointer),
                format!("found {found}, but the page is of {expected}"),
            ));
        }
    }
    is_of_bytes(file, of.bytes)?;
    is_of_lines(file, page)
}

/// What stands at the ends of a source.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Edges {
    /// Characters that contribute.
    Inked,
    /// Anything.
    Any,
}

/// The pages as the bytes of the record's files give them.
struct Original<'a> {
    record: &'a Record,
    pages: Vec<&'a Page<'a>>,
}

impl<'a> Original<'a> {
    /// The page of the file called `name`.
    fn page(&self, name: &str) -> Result<&'a Page<'a>, String> {
        let found = self
            .pages
            .iter()
            .copied()
            .find(|page| page.file().name == name);
        found.ok_or_else(|| format!("{} is none of the record's files", short(name)))
    }

    /// The page that positions of `source` count in.
    fn page_of(&self, source: &Source) -> Result<&'a Page<'a>, String> {
        match (&source.pieces, self.pages.first().copied()) {
            // the first is the one of the record's own name
            (None, Some(page)) if page.file().name == self.record.source.name => Ok(page),
            _ => self.page(file_name(self.record, source)),
        }
    }
}

/// The span of the text of `page` that was decoded from exactly these bytes.
///
/// # Errors
/// When they are no whole characters of it.
pub fn span_of(page: &Page<'_>, start: u64, end: u64) -> Result<Span, String> {
    let (Ok(first), Ok(last)) = (u32::try_from(start), u32::try_from(end)) else {
        return Err(format!("bytes {start}..{end} are not in the original"));
    };
    let map = &page.file().map;
    let span = Span {
        start: map.text_of(first),
        end: map.text_of(last),
    };
    let text = &page.text;
    let cut = !text.is_char_boundary(span.start as usize)
        || !text.is_char_boundary(span.end as usize)
        || span.start >= span.end
        || map.source_of(span)
            != (Span {
                start: first,
                end: last,
            });
    if cut {
        return Err(format!(
            "bytes {start}..{end} are no whole characters of the original"
        ));
    }
    Ok(span)
}

/// Holds stretches of the originals against stretches of the text.
struct Walker<'w> {
    original: &'w Original<'w>,
    text: &'w Text<'w>,
    lexicon: &'w Lexicon,
    /// The characters that a source points to, in reading order; kept for its room.
    stretches: Vec<&'w str>,
}

impl<'w> Walker<'w> {
    fn new(original: &'w Original<'w>, text: &'w Text<'w>) -> Self {
        Self {
            original,
            text,
            lexicon: Lexicon::builtin(),
            stretches: Vec::new(),
        }
    }

    /// What `source` points to is the text from code point `start` to `end`.
    fn walk(&mut self, source: &Source, start: u32, end: u32, edges: Edges) -> Result<(), String> {
        if start > end || end > self.text.len {
            return Ok(()); // the invariants say so
        }
        self.collect(source, edges)?;
        if self.is_same(start, end) {
            return Ok(());
        }
        self.give_back(&self.stretches, start, end)
    }

    /// What `source` points to is `expected` but for blanks.
    fn squeezed(&mut self, source: &Source, expected: &str) -> Result<(), String> {
        self.collect(source, Edges::Inked)?;
        let stretches = self.stretches.iter();
        let found = stretches.flat_map(|s| s.chars()).filter(|&c| !is_blank(c));
        if found.clone().eq(expected.chars()) {
            return Ok(());
        }
        Err(format!(
            "found {}, but the source has {}",
            short(expected),
            short(&found.collect::<String>())
        ))
    }

    /// Collects the characters that `source` points to.
    fn collect(&mut self, source: &Source, edges: Edges) -> Result<(), String> {
        let page = self.original.page_of(source)?;
        let whole = span_of(page, source.start, source.end)?;
        let file = page.file();
        let at = |byte: u64| u32::try_from(byte).map_or(0, |byte| file.line_of(byte));
        let lines = (at(source.start), at(source.end.saturating_sub(1)));
        if lines != (source.line, source.end_line) {
            return Err(format!(
                "found lines {} to {}, but bytes {}..{} stand in lines {} to {}",
                source.line, source.end_line, source.start, source.end, lines.0, lines.1
            ));
        }
        self.stretches.clear();
        match &source.pieces {
            None => self.stretches.push(whole.of(&page.text)),
            Some(pieces) => {
                for p in pieces {
                    let page = self.original.page(&p.file)?;
                    let span = span_of(page, p.start, p.end)?;
                    self.stretches.push(span.of(&page.text));
                }
            }
        }
        let first = self.stretches.first().and_then(|s| s.chars().next());
        let last = self.stretches.last().and_then(|s| s.chars().next_back());
        if edges == Edges::Inked && first.into_iter().chain(last).any(is_blank) {
            return Err(format!(
                "bytes {}..{} begin or end with white space, which does not contribute",
                source.start, source.end
            ));
        }
        Ok(())
    }

    /// True when the source has the text from code point `start` to `end` as it is, and nothing of it was
    /// mended: nearly all numbers.
    fn is_same(&self, start: u32, end: u32) -> bool {
        let [source] = self.stretches.as_slice() else {
            return false;
        };
        let repairs = self.original.record.repairs.as_slice();
        let next = repairs.partition_point(|r| r.end <= start);
        self.text.slice(start, end) == Some(*source)
            && repairs.get(next).is_none_or(|r| r.start >= end)
    }

    /// Walks the source `stretches` against the text from code point `start` to `end`; both have to
    /// be used up.
    fn give_back(&self, stretches: &[&str], start: u32, end: u32) -> Result<(), String> {
        let text = self.text.text;
        let (from, to) = (self.text.byte(start), self.text.byte(end));
        let code_point = |at: usize| {
            let walked = text.get(from..at).unwrap_or_default();
            start as usize + walked.chars().count()
        };
        let mut source = Parted::new(stretches);
        let mut repairs = self.repairs(start);
        let mut repair = repairs.next();
        let mut at = from;
        while at < to {
            let dropped = source.skip_blanks();
            while repair.as_ref().is_some_and(|r| r.end <= at) {
                repair = repairs.next();
            }
            if let Some(here) = repair.take_if(|r| r.start <= at) {
                // also when the span begins or ends inside it: what was changed has no parts
                if let Err((from, found)) = self.mended(&mut source, here.repair) {
                    return Err(format!(
                        "expected {from:?} of the repair of {} at code point {}, but the source has {}",
                        short(&here.repair.from),
                        code_point(at),
                        named(found)
                    ));
                }
                at = here.end;
                repair = repairs.next();
                continue;
            }
            let stop = repair.as_ref().map_or(to, |r| r.start).min(to);
            let same = source.skip_same(text.get(at..stop).unwrap_or_default());
            if same > 0 {
                at += same;
                continue;
            }
            let Some(c) = text.get(at..to).and_then(|rest| rest.chars().next()) else {
                break;
            };
            if is_blank(c) {
                // between paragraphs the page need not have one
                if c != '\n' && !dropped {
                    return Err(format!(
                        "the text has a space at code point {}, the source has none",
                        code_point(at)
                    ));
                }
                at += c.len_utf8();
                continue;
            }
            let found = source.next();
            if !found.is_some_and(|s| gives(s, c, self.lexicon)) {
                return Err(format!(
                    "the text has {c:?} at code point {}, the source has {}",
                    code_point(at),
                    named(found)
                ));
            }
            at += c.len_utf8();
        }
        source.skip_blanks();
        match source.next() {
            None => Ok(()),
            Some(left) => Err(format!(
                "the source goes on with {left:?} behind the end of the text"
            )),
        }
    }

    /// The repairs from code point `start` of the text on that changed something.
    fn repairs(&self, start: u32) -> impl Iterator<Item = Mended<'w>> {
        let repairs = self.original.record.repairs.as_slice();
        let first = repairs.partition_point(|r| r.end <= start);
        let (text, lexicon) = (self.text, self.lexicon);
        let repairs = repairs.get(first..).unwrap_or_default().iter();
        repairs
            .filter(|r| !is_copied(r, lexicon))
            .map(|repair| Mended {
                start: text.byte(repair.start),
                end: text.byte(repair.end),
                repair,
            })
    }

    /// The source goes on with what `repair` replaced; else the character that was expected and the
    /// one that is there.
    fn mended(&self, source: &mut Parted<'_>, repair: &Repair) -> Result<(), (char, Option<char>)> {
        let from = repair.other.as_ref().map_or(&repair.from, |o| &o.text);
        for from in from.chars().filter(|&c| !is_blank(c)) {
            source.skip_blanks();
            let found = source.next();
            if !found.is_some_and(|s| gives(s, from, self.lexicon)) {
                return Err((from, found));
            }
        }
        Ok(())
    }
}

/// A repair and where it lies in the text, in bytes.
struct Mended<'a> {
    start: usize,
    end: usize,
    repair: &'a Repair,
}

/// The characters of stretches of the source. What parts two, mark-up or the end of a column, parts
/// words as a blank does, so that a blank follows on each.
struct Parted<'s> {
    /// What is left of this stretch.
    rest: &'s str,
    /// The blank behind it is still to come.
    open: bool,
    /// Those behind it.
    behind: std::slice::Iter<'s, &'s str>,
}

impl<'s> Parted<'s> {
    fn new(stretches: &'s [&'s str]) -> Self {
        let mut parted = Self {
            rest: "",
            open: false,
            behind: stretches.iter(),
        };
        parted.turn();
        parted
    }

    /// Goes on to the next stretch.
    fn turn(&mut self) {
        let next = self.behind.next();
        self.open = next.is_some();
        self.rest = next.copied().unwrap_or_default();
    }

    fn next(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        if let Some(c) = chars.next() {
            self.rest = chars.as_str();
            return Some(c);
        }
        let blank = self.open.then_some(' ');
        self.turn();
        blank
    }

    /// Goes on to the next character that is no blank; true when there was a blank.
    fn skip_blanks(&mut self) -> bool {
        let mut any = false;
        loop {
            match self.rest.as_bytes().first() {
                Some(&byte) if !may_be_blank(byte) => return any,
                Some(_) => {
                    let mut chars = self.rest.chars();
                    if !chars.next().is_some_and(is_blank) {
                        return any;
                    }
                    self.rest = chars.as_str();
                }
                None if self.open => self.turn(),
                None => return any,
            }
            any = true;
        }
    }

    /// Goes on behind the characters that this stretch has in common with the beginning of `text`:
    /// so many bytes.
    fn skip_same(&mut self, text: &str) -> usize {
        let mut same = common(self.rest.as_bytes(), text.as_bytes());
        while !text.is_char_boundary(same) {
            same -= 1;
        }
        self.rest = self.rest.get(same..).unwrap_or_default();
        same
    }
}

/// How many bytes `a` and `b` begin with alike.
fn common(a: &[u8], b: &[u8]) -> usize {
    let (a_words, _) = a.as_chunks::<8>();
    let (b_words, _) = b.as_chunks::<8>();
    for (at, (a, b)) in a_words.iter().zip(b_words).enumerate() {
        let differing = u64::from_le_bytes(*a) ^ u64::from_le_bytes(*b);
        if differing != 0 {
            return at * 8 + differing.trailing_zeros() as usize / 8;
        }
    }
    let alike = a_words.len().min(b_words.len()) * 8;
    let rest = a.iter().skip(alike).zip(b.iter().skip(alike));
    alike + rest.take_while(|(a, b)| a == b).count()
}

/// False for bytes that begin no blank: nearly all.
#[inline]
fn may_be_blank(byte: u8) -> bool {
    const TABLE: [bool; 256] = {
        let mut table = [false; 256];
        let mut byte = 0;
        while byte < table.len() {
            table[byte] = matches!(byte, 0..=0x20 | 0x7F | 0xC2 | 0xE1..=0xE3 | 0xEF);
            byte += 1;
        }
        table
    };
    TABLE[usize::from(byte)]
}

/// True for what was taken from another reading as it stands there: the characters of the source are
/// those of the text.
fn is_copied(repair: &Repair, lexicon: &Lexicon) -> bool {
    repair.other.as_ref().is_some_and(|other| {
        let (text, to) = (other.text.chars(), repair.to.chars());
        text.clone().count() == to.clone().count()
            && text.zip(to).all(|(s, c)| gives(s, c, lexicon))
    })
}

/// True when the page's `source` is `c`, as it stands or folded. Folding comes before mending, so
/// that what a repair replaces may be a folded form, too.
fn gives(source: char, c: char, lexicon: &Lexicon) -> bool {
    source == c || fold(source, lexicon) == Some(c)
}

fn named(c: Option<char>) -> String {
    c.map_or_else(|| "nothing left".to_owned(), |c| format!("{c:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{MentionRepair, Piece};
    use crate::validate::example::{PAGE, pages, record, record_of_two};

    #[test]
    fn the_page_gives_the_record_back() {
        assert_eq!(replay(&record(), &[("a.txt", PAGE.as_bytes())]), []);
    }

    type Case = (&'static str, fn(&mut Record), &'static str);

    #[test]
    fn one_broken_field_is_one_violation() {
        let cases: &[Case] = &[
            ("size", |r| r.source.bytes += 1, "/source/bytes"),
            (
                "hash",
                |r| r.source.sha256.replace_range(..1, "x"),
                "/source/sha256",
            ),
            ("lines", |r| r.source.lines = 5, "/source/lines"),
            (
                "one byte short",
                |r| r.paragraphs[0].source.end -= 1,
                "/paragraphs/0/source",
            ),
            (
                "one character short",
                |r| r.paragraphs[0].source.end -= 3,
                "/paragraphs/0/source",
            ),
            (
                "one character more",
                |r| r.jumps[0].source.end += 1,
                "/jumps/0/text",
            ),
            (
                "a line end more",
                |r| r.paragraphs[0].source.end += 1,
                "/paragraphs/0/source",
            ),
            (
                "wrong line",
                |r| r.indicators[2].source.line -= 1,
                "/indicators/2/source",
            ),
            (
                "wrong last line",
                |r| r.indicators[0].source.end_line = 3,
                "/indicators/0/source",
            ),
            (
                "white space first",
                |r| r.indicators[1].source.start -= 1,
                "/indicators/1/source",
            ),
            (
                "shifted mention",
                |r| r.indicators[2].start -= 1,
                "/indicators/2/source",
            ),
            (
                "jump line in a section",
                |r| r.sections[0].source.pieces = None,
                "/sections/0/source",
            ),
            (
                "pieces in disorder",
                |r| r.sections[0].source.pieces.as_mut().unwrap().reverse(),
                "/sections/0/source",
            ),
            (
                "jump's text",
                |r| r.jumps[0].text = "（下转A3版）".into(),
                "/jumps/0/text",
            ),
            (
                "bytes far away",
                |r| r.paragraphs[1].source.end = 1 << 40,
                "/paragraphs/1/source",
            ),
            (
                "mention's repair",
                |r| {
                    r.indicators[0].repair = Some(Box::new(MentionRepair {
                        from: "l2万元".into(),
                        why: "digit-confusable".into(),
                    }))
                },
                "/indicators/0/repair/from",
            ),
        ];
        for (name, break_it, pointer) in cases {
            let mut record = record();
            break_it(&mut record);
            let found = replay(&record, &[("a.txt", PAGE.as_bytes())]);
            let pointers: Vec<&str> = found.iter().map(|v| v.pointer.as_str()).collect();
            assert_eq!(pointers, [*pointer], "{name}: {found:?}");
        }
    }

    #[test]
    fn an_unrecorded_change_is_seen_wherever_it_shows() {
        let mut record = record();
        record.repairs.clear();
        let found = replay(&record, &[("a.txt", PAGE.as_bytes())]);
        let pointers: Vec<&str> = found.iter().map(|v| v.pointer.as_str()).collect();
        let expected = [
            "/paragraphs/3/source",
            "/sections/0/source",
            "/sections/1/source",
            "/diagnostics/0/source",
        ];
        assert_eq!(pointers, expected);
    }

    #[test]
    fn a_changed_byte_is_seen() {
        let changed = PAGE.replace("5万元", "6万元");
        let found = replay(&record(), &[("a.txt", changed.as_bytes())]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].pointer, "/source/sha256");
    }

    #[test]
    fn a_page_at_hand_must_be_that_of_the_record() {
        type Change = fn(&mut Record);
        let page = decode("a.txt", PAGE.as_bytes(), Options::default()).unwrap();
        let found = |record: &Record| -> Vec<String> {
            let found = replayed_with(record, &Text::new(&record.text), &page);
            found.into_iter().map(|v| v.pointer).collect()
        };
        assert_eq!(found(&record()), [""; 0]);
        assert_eq!(found(&record_of_two()), ["/source/parts"]);
        let changes: [(&str, Change); 7] = [
            ("/source/name", |r| r.source.name = "b.txt".to_owned()),
            ("/source/encoding", |r| {
                r.source.encoding = "Big5".to_owned()
            }),
            ("/source/format", |r| r.source.format = "hocr".to_owned()),
            ("/source/bytes", |r| r.source.bytes += 1),
            ("/source/sha256", |r| r.source.sha256.insert(0, '0')),
            ("/source/lines", |r| r.source.lines += 1),
            ("/paragraphs/0/source", |r| r.paragraphs[0].source.end -= 3),
        ];
        for (pointer, change) in changes {
            let mut record = record();
            change(&mut record);
            assert_eq!(found(&record), [pointer]);
        }
    }

    #[test]
    fn several_files() {
        let [first, second] = pages();
        assert_eq!(replay(&record_of_two(), &[first, second]), []);
        assert_eq!(replay(&record_of_two(), &[second, first]), []);
        let pointers = |record: &Record, originals: &[(&str, &[u8])]| -> Vec<String> {
            let found = replay(record, originals).into_iter();
            found.map(|v| v.pointer).collect()
        };
        assert_eq!(pointers(&record_of_two(), &[first]), ["/source/parts/0"]);
        let swapped = [(first.0, second.1), (second.0, first.1)];
        assert_eq!(
            pointers(&record_of_two(), &swapped),
            ["/source/bytes", "/source/parts/0/bytes"]
        );
        let mut record = record_of_two();
        record.source.parts.as_mut().unwrap()[0].lines = 2;
        assert_eq!(pointers(&record, &pages()), ["/source/parts/0/lines"]);
        // positions that are right in the other file only
        let mut record = record_of_two();
        record.paragraphs[3].source.pieces = None;
        assert_eq!(pointers(&record, &pages()), ["/paragraphs/3/source"]);
        let mut record = record_of_two();
        let pieces = record.sections[0].source.pieces.as_mut().unwrap();
        pieces[1].file = "a.txt".into();
        assert_eq!(pointers(&record, &pages()), ["/sections/0/source"]);
    }

    fn repair(start: u32, end: u32, from: &str) -> Repair {
        Repair {
            start,
            end,
            from: from.to_owned(),
            to: String::new(),
            why: "".into(),
            source: Source {
                start: 0,
                end: 0,
                line: 0,
                end_line: 0,
                pieces: None::<Vec<Piece>>,
                page: None,
                bbox: None,
                confidence: None,
            },
            other: None,
        }
    }

    /// Walks `stretches` against `clean`, which stands at code point `start` of a text.
    fn give_back(
        stretches: &[&str],
        clean: &str,
        start: u32,
        repairs: &[Repair],
    ) -> Result<(), String> {
        let mut record = record();
        record.repairs = repairs.to_vec();
        record.text = "某".repeat(start as usize) + clean;
        let text = Text::new(&record.text);
        let pages = Vec::new();
        let original = Original {
            record: &record,
            pages,
        };
        Walker::new(&original, &text).give_back(stretches, start, text.len)
    }

    #[test]
    fn blanks_begin_with_few_bytes() {
        for c in ('\0'..=char::MAX).filter(|&c| is_blank(c)) {
            let text = format!("{c}a");
            let stretches = [text.as_str()];
            let mut source = Parted::new(&stretches);
            assert!(source.skip_blanks(), "{c:?}");
            assert_eq!(source.next(), Some('a'), "{c:?}");
        }
        let stretches = ["一、，（“—é1．"];
        assert!(!Parted::new(&stretches).skip_blanks());
    }

    #[test]
    fn common_beginnings() {
        let text = "0123456789".repeat(5);
        for end in 0..50 {
            let mut other = text.clone();
            assert_eq!(common(text.as_bytes(), &other.as_bytes()[..end]), end);
            other.replace_range(end..=end, "x");
            assert_eq!(common(text.as_bytes(), other.as_bytes()), end);
        }
    }

    #[test]
    fn drops_folds_and_repairs() {
        let good: &[(&[&str], &str, u32, &[Repair])] = &[
            (&["产 值\r\n１２\u{200B}亿"], "产值12亿", 7, &[]),
            (&["⽬\u{F9DC}"], "目隆", 0, &[]),
            (&["一段。", "二段"], "一段。\n二段", 0, &[]),
            (&["per\nhead"], "per head", 0, &[]),
            (&["l4. .3%"], "14.3%", 5, &[repair(5, 8, "l4..")]),
            (&["１l"], "11", 5, &[repair(5, 7, "1l")]),
            // a mention that ends inside a repair, and one that begins in it
            (&["l4"], "1", 5, &[repair(5, 7, "l4")]),
            (&["l4%"], "4%", 6, &[repair(5, 7, "l4")]),
            (
                &["l4%"],
                "14%",
                5,
                &[repair(0, 2, "xx"), repair(5, 6, "l"), repair(20, 22, "yy")],
            ),
        ];
        for (source, clean, start, repairs) in good {
            assert_eq!(give_back(source, clean, *start, repairs), Ok(()), "{clean}");
        }
        let bad: &[(&[&str], &str, &[Repair])] = &[
            (&["产值1"], "产值", &[]),
            (&["产"], "产值", &[]),
            (&["产.值"], "产值", &[]),
            (&["perhead"], "per head", &[]),
            (&["，"], "。", &[]),
            (&["l4"], "14", &[]),
            (&["I4"], "14", &[repair(0, 1, "l")]),
            (&["14"], "14", &[repair(0, 1, "l")]),
        ];
        for (source, clean, repairs) in bad {
            assert!(give_back(source, clean, 0, repairs).is_err(), "{clean}");
        }
    }
}
