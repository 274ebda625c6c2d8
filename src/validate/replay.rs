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
    let mut fail =
        |pointer: String, message: String| violations.push(Violation::new(pointer, message));
    let original = Original { record, pages };
    let text = Text::new(&record.text);
    let walk = |source: &Source, start: u32, end: u32, edges: Edges| {
        let Some(clean) = text.slice(start, end) else {
            return Ok(()); // the invariants say so
        };
        let stretches = original.stretches(source, edges)?;
        give_back(&stretches, clean, start, &record.repairs)
    };
    let squeezed = |source: &Source, expected: &str| {
        let found: String = original
            .stretches(source, Edges::Inked)?
            .iter()
            .flat_map(|s| s.chars())
            .filter(|&c| !is_blank(c))
            .collect();
        if found == expected {
            Ok(())
        } else {
            Err(format!(
                "found {}, but the source has {}",
                short(expected),
                short(&found)
            ))
        }
    };

    for (i, x) in record.paragraphs.iter().enumerate() {
        if let Err(message) = walk(&x.source, x.start, x.end, Edges::Inked) {
            fail(format!("/paragraphs/{i}/source"), message);
        }
    }
    for (i, x) in record.sections.iter().enumerate() {
        if let Err(message) = walk(&x.source, x.start, x.end, Edges::Inked) {
            fail(format!("/sections/{i}/source"), message);
        }
    }
    for (i, x) in record.indicators.iter().enumerate() {
        if let Err(message) = walk(&x.source, x.start, x.end, Edges::Inked) {
            fail(format!("/indicators/{i}/source"), message);
        } else if let Some(repair) = &x.repair
            && !is_of_other(record, x.start, x.end)
            && let Err(message) = squeezed(&x.source, &repair.from)
        {
            fail(format!("/indicators/{i}/repair/from"), message);
        }
    }
    for (i, x) in record.jumps.iter().enumerate() {
        if let Err(message) = squeezed(&x.source, &x.text) {
            fail(format!("/jumps/{i}/text"), message);
        }
    }
    for (i, x) in record.repairs.iter().enumerate() {
        let Some(other) = &x.other else {
            if let Err(message) = walk(&x.source, x.start, x.end, Edges::Inked) {
                fail(format!("/repairs/{i}/source"), message);
            }
            continue;
        };
        if let Err(message) = squeezed(&x.source, &x.from) {
            fail(format!("/repairs/{i}/source"), message);
        }
        let taken = squeezed(&other.source, &other.text)
            .and_then(|()| walk(&other.source, x.start, x.end, Edges::Inked));
        if let Err(message) = taken {
            fail(format!("/repairs/{i}/other/source"), message);
        }
    }
    for (i, x) in record.diagnostics.iter().enumerate() {
        let Some(source) = &x.source else { continue };
        let result = match (x.start, x.end) {
            (Some(start), Some(end)) => walk(source, start, end, Edges::Any),
            _ => original.stretches(source, Edges::Any).map(|_| ()),
        };
        if let Err(message) = result {
            fail(format!("/diagnostics/{i}/source"), message);
        }
    }
    violations
}

/// True when characters of the text from `start` to `end` were taken from another reading: its own
/// source has those, and what stands else is in the repair alone.
fn is_of_other(record: &Record, start: u32, end: u32) -> bool {
    let touched = |r: &&Repair| r.start < end && start < r.end;
    let mut touched = record.repairs.iter().filter(touched);
    touched.any(|r| r.other.is_some())
}

/// The page that the original of `file` gives.
fn page_of<'a>(
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
    if file.bytes != bytes.len() as u64 {
        let (found, expected) = (file.bytes, bytes.len());
        return fail(
            "/bytes",
            format!("found {found}, but the original has {expected}"),
        );
    }
    let sha256 = sha256(bytes);
    if file.sha256 != sha256 {
        let found = file.sha256;
        return fail(
            "/sha256",
            format!("found {found}, but the original has {sha256}: it was changed since"),
        );
    }
    let Ok(encoding) = file.encoding.parse::<EncodingChoice>() else {
        let found = short(file.encoding);
        return fail(
            "/encoding",
            format!("found {found}, which is no encoding that is read"),
        );
    };
    let (format, place) = match file.original {
        Some(original) => (original.reading.as_str(), "/original/reading"),
        None => (file.format, "/format"),
    };
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
    let lines = page.file().line_count();
    if file.lines != lines {
        let found = file.lines;
        return fail(
            "/lines",
            format!("found {found}, but the original has {lines}"),
        );
    }
    Ok(page)
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
    pages: Vec<Page<'a>>,
}

impl<'a> Original<'a> {
    /// The characters that `source` points to, in reading order.
    fn stretches(&self, source: &Source, edges: Edges) -> Result<Vec<&str>, String> {
        let page = self.page(file_name(self.record, source))?;
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
        let stretches = match &source.pieces {
            None => vec![whole.of(&page.text)],
            Some(pieces) => pieces
                .iter()
                .map(|p| {
                    let page = self.page(&p.file)?;
                    Ok(span_of(page, p.start, p.end)?.of(&page.text))
                })
                .collect::<Result<_, String>>()?,
        };
        let first = stretches.first().and_then(|s| s.chars().next());
        let last = stretches.last().and_then(|s| s.chars().next_back());
        if edges == Edges::Inked && first.into_iter().chain(last).any(is_blank) {
            return Err(format!(
                "bytes {}..{} begin or end with white space, which does not contribute",
                source.start, source.end
            ));
        }
        Ok(stretches)
    }

    /// The page of the file called `name`.
    fn page(&self, name: &str) -> Result<&Page<'a>, String> {
        let found = self.pages.iter().find(|page| page.file().name == name);
        found.ok_or_else(|| format!("{} is none of the record's files", short(name)))
    }
}

/// The span of the text of `page` that was decoded from exactly these bytes.
fn span_of(page: &Page<'_>, start: u64, end: u64) -> Result<Span, String> {
    let (Ok(first), Ok(last)) = (u32::try_from(start), u32::try_from(end)) else {
        return Err(format!("bytes {start}..{end} are not in the original"));
    };
    let span = Span {
        start: text_offset(page, first),
        end: text_offset(page, last),
    };
    let text = &page.text;
    let cut = !text.is_char_boundary(span.start as usize)
        || !text.is_char_boundary(span.end as usize)
        || span.start >= span.end
        || page.file().map.source_of(span)
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

/// The first byte of the text of `page` that comes from source byte `byte` or a later one.
fn text_offset(page: &Page<'_>, byte: u32) -> u32 {
    let (mut low, mut high) = (0, page.text.len() as u32);
    while low < high {
        let middle = low + (high - low) / 2;
        let at = Span {
            start: middle,
            end: middle + 1,
        };
        if page.file().map.source_of(at).start < byte {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

/// Walks the source `stretches` against `clean`, which starts at code point `start` of the text;
/// both have to be used up.
fn give_back(
    stretches: &[&str],
    clean: &str,
    start: u32,
    repairs: &[Repair],
) -> Result<(), String> {
    let lexicon = Lexicon::builtin();
    // What parts two stretches, mark-up or the end of a column, parts words as a blank does.
    let parted = stretches.iter().flat_map(|s| s.chars().chain([' ']));
    let mut source = parted.peekable();
    let mut repairs = &repairs[repairs.partition_point(|r| r.end <= start)..];
    let mut clean = clean.chars();
    let mut at = start;
    while let Some(c) = clean.next() {
        let mut dropped = false;
        while source.next_if(|&s| is_blank(s)).is_some() {
            dropped = true;
        }
        while repairs
            .first()
            .is_some_and(|r| r.end <= at || is_copied(r, lexicon))
        {
            repairs = repairs.get(1..).unwrap_or_default();
        }
        if let Some((repair, rest)) = repairs.split_first()
            && repair.start <= at
        {
            // also when the span begins or ends inside it: what was changed has no parts
            repairs = rest;
            let from = repair.other.as_ref().map_or(&repair.from, |o| &o.text);
            for from in from.chars().filter(|&c| !is_blank(c)) {
                while source.next_if(|&s| is_blank(s)).is_some() {}
                let found = source.next();
                if !found.is_some_and(|s| gives(s, from, lexicon)) {
                    return Err(format!(
                        "expected {from:?} of the repair of {} at code point {at}, but the source has {}",
                        short(&repair.from),
                        named(found)
                    ));
                }
            }
            let more = repair.end.saturating_sub(at + 1);
            for _ in 0..more {
                if clean.next().is_none() {
                    break;
                }
            }
            at = repair.end;
            continue;
        }
        if c == '\n' {
            // between paragraphs; the page need not have one there
        } else if is_blank(c) {
            if !dropped {
                return Err(format!(
                    "the text has a space at code point {at}, the source has none"
                ));
            }
        } else {
            let found = source.next();
            if !found.is_some_and(|s| gives(s, c, lexicon)) {
                return Err(format!(
                    "the text has {c:?} at code point {at}, the source has {}",
                    named(found)
                ));
            }
        }
        at += 1;
    }
    match source.find(|&s| !is_blank(s)) {
        None => Ok(()),
        Some(left) => Err(format!(
            "the source goes on with {left:?} behind the end of the text"
        )),
    }
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
                    r.indicators[0].repair = Some(MentionRepair {
                        from: "l2万元".into(),
                        why: "digit-confusable".into(),
                    })
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
        pieces[1].file = "a.txt".to_owned();
        assert_eq!(pointers(&record, &pages()), ["/sections/0/source"]);
    }

    fn repair(start: u32, end: u32, from: &str) -> Repair {
        Repair {
            start,
            end,
            from: from.to_owned(),
            to: String::new(),
            why: String::new(),
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
