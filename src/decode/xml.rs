//! XML (and HTML that is nearly XML), event by event, each with its place in the source. Nothing is
//! expanded but characters written as references: a document type can declare what it likes.
//!
//! XML that is not well-formed is an error which says where and what was expected. HTML is read as
//! browsers do as far as OCR engines need it: ends may be missing, values unquoted, names in capitals.
//! A document that stops in the middle is neither: what stands before is read.

use std::ops::Range;

use quick_xml::errors::SyntaxError;
use quick_xml::events::attributes::{AttrError, Attributes};
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Error, Reader};

use super::DecodeError;
use super::build::{Builder, Chunk};

/// References to characters are no longer: `&#x0000004E00;`.
const MAX_REFERENCE: usize = 16;

/// Names of the source that a message shows are cut to so many characters.
const MAX_SHOWN: usize = 40;

/// Elements of HTML that have no end.
const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];

/// Elements of HTML whose text is no mark-up.
const RAW: [&str; 2] = ["script", "style"];

/// Elements of HTML that the next of their kind ends, and those that have to be left for that.
const SIBLINGS: [&str; 7] = ["p", "li", "dt", "dd", "tr", "td", "th"];
const CONTAINERS: [&str; 8] = ["div", "table", "ul", "ol", "dl", "body", "html", "section"];

/// Elements of HTML whose end may be left out.
const OPEN_ENDED: [&str; 3] = ["html", "body", "p"];

/// What a document may not exceed: no page has as much.
#[derive(Debug, Clone, Copy)]
struct Limits {
    /// Elements inside one another.
    depth: usize,
    /// Elements in all.
    elements: usize,
    /// Attributes of one element.
    attributes: usize,
}

const LIMITS: Limits = Limits {
    depth: 256,
    elements: 30_000_000,
    attributes: 256,
};

/// How strictly a document is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// Well-formed XML, whose root is the element of this name.
    Xml(&'static str),
    /// HTML, whatever its root.
    Html,
}

/// What stands next in a document. Each element that begins ends, inner ones first, unless the
/// document breaks off in it.
pub(super) enum Node<'d> {
    /// An element begins; one without content is closed at once.
    Open(Element<'d>),
    /// It ends. Its name, without prefix.
    Close(&'d str),
    /// Text.
    Text(Vec<Chunk>),
}

/// The start of an element.
pub(super) struct Element<'d> {
    /// Its name, without prefix.
    pub(super) name: &'d str,
    start: BytesStart<'d>,
    source: &'d str,
    html: bool,
}

/// The range of `part` in `source`, which it was cut out of.
fn range_in(source: &str, part: &str) -> Option<Range<usize>> {
    let start = (part.as_ptr() as usize).checked_sub(source.as_ptr() as usize)?;
    let end = start + part.len();
    source.get(start..end).map(|_| start..end)
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

fn is_one_of(name: &str, names: &[&str]) -> bool {
    names.iter().any(|n| n.eq_ignore_ascii_case(name))
}

/// A name as messages show it.
fn shown(name: &str) -> String {
    let short: String = name.chars().take(MAX_SHOWN).collect();
    let dots = if short.len() < name.len() { "…" } else { "" };
    format!("<{short}{dots}>")
}

impl<'d> Element<'d> {
    fn attributes(&self) -> Attributes<'_> {
        let mut attributes = if self.html {
            self.start.html_attributes()
        } else {
            self.start.attributes()
        };
        attributes.with_checks(false); // for names given twice
        attributes
    }

    /// Where the value of an attribute stands in the source.
    fn place(&self, name: &str) -> Option<Range<usize>> {
        let is_named = |key: &str| {
            let key = local(key);
            key == name || (self.html && key.eq_ignore_ascii_case(name))
        };
        let mut found = self
            .attributes()
            .flatten()
            .filter_map(|a| is_named(a.key.0).then(|| range_in(self.source, &a.value))?);
        found.next()
    }

    /// The value of an attribute as it stands, references not read.
    pub(super) fn raw(&self, name: &str) -> Option<&'d str> {
        self.place(name).map(|range| &self.source[range])
    }

    /// The namespace that the element declares for names of its own prefix.
    pub(super) fn namespace(&self) -> Option<&'d str> {
        let declared = match self.start.name().0.split_once(':') {
            Some((prefix, _)) => prefix,
            None => "xmlns",
        };
        self.raw(declared)
    }

    /// The value of an attribute, references read.
    pub(super) fn value(&self, name: &str) -> Option<String> {
        let chunks = self.chunks(name)?;
        Some(written(self.source, &chunks))
    }

    /// The value of an attribute, to be put into a word.
    pub(super) fn chunks(&self, name: &str) -> Option<Vec<Chunk>> {
        self.place(name).map(|range| chunks(self.source, range))
    }

    /// True when attribute `class` names `class`.
    pub(super) fn has_class(&self, class: &str) -> bool {
        self.raw("class")
            .is_some_and(|c| c.split_ascii_whitespace().any(|c| c == class))
    }

    /// What is wrong with the attributes, and where in the source.
    fn fault(&self, limits: Limits) -> Option<(usize, String)> {
        let name = shown(self.name);
        let start = range_in(self.source, &self.start)?.start;
        for (i, attribute) in self.attributes().enumerate() {
            if i >= limits.attributes {
                let most = limits.attributes;
                return Some((start, format!("{name} has more than {most} attributes")));
            }
            if self.html {
                continue;
            }
            let (at, what) = match attribute {
                Ok(a) => {
                    let value = range_in(self.source, &a.value)?;
                    let Some(stray) = memchr::memchr(b'<', a.value.as_bytes()) else {
                        continue;
                    };
                    let what = "a < in a value: either the quote before it is missing, or it has \
                                to be written &lt;";
                    (value.start + stray - start, what)
                }
                Err(AttrError::ExpectedEq(at)) => (at, "expected a name, = and a value in quotes"),
                Err(AttrError::ExpectedValue(at) | AttrError::UnquotedValue(at)) => {
                    (at, "expected a value in quotes behind =")
                }
                Err(AttrError::ExpectedQuote(at, _)) => {
                    (at, "the quote at a value's end is missing")
                }
                Err(AttrError::Duplicated(..)) => continue,
            };
            return Some((start + at, format!("in {name}: {what}")));
        }
        None
    }
}

/// The characters that `chunks` of `source` stand for.
pub(super) fn written(source: &str, chunks: &[Chunk]) -> String {
    let mut out = String::new();
    for chunk in chunks {
        match chunk {
            Chunk::Copy(range) => out.push_str(&source[range.clone()]),
            Chunk::Char(c, _) => out.push(*c),
        }
    }
    out
}

/// The character that a reference (without `&` and `;`) stands for.
fn referred(name: &str) -> Option<char> {
    let code = |text: &str, radix| {
        let is_number = text.chars().all(|c| c.is_digit(radix));
        let code = u32::from_str_radix(text, radix)
            .ok()
            .filter(|_| is_number)?;
        char::from_u32(code).filter(|c| !c.is_control() || c.is_whitespace())
    };
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some('\u{A0}'),
        "shy" => Some('\u{AD}'),
        "permil" => Some('‰'),
        "middot" => Some('·'),
        "mdash" => Some('—'),
        "ndash" => Some('–'),
        "lsquo" => Some('‘'),
        "rsquo" => Some('’'),
        "ldquo" => Some('“'),
        "rdquo" => Some('”'),
        "hellip" => Some('…'),
        "times" => Some('×'),
        "deg" => Some('°'),
        _ => {
            let number = name.strip_prefix('#')?;
            match number.strip_prefix(['x', 'X']) {
                Some(hex) => code(hex, 16),
                None => code(number, 10),
            }
        }
    }
}

/// The characters of `range` of `source`, references read; what is none stays as it is.
fn chunks(source: &str, range: Range<usize>) -> Vec<Chunk> {
    let mut out = Vec::new();
    let mut from = range.start;
    for amp in memchr::memchr_iter(b'&', &source.as_bytes()[range.clone()]) {
        let amp = range.start + amp;
        let name = source.as_bytes()[amp + 1..range.end]
            .iter()
            .take(MAX_REFERENCE)
            .position(|&b| b == b';');
        if let Some(len) = name
            && amp >= from
            && let Some(c) = source.get(amp + 1..amp + 1 + len).and_then(referred)
        {
            out.push(Chunk::Copy(from..amp));
            from = amp + len + 2;
            out.push(Chunk::Char(c, amp..from));
        }
    }
    out.push(Chunk::Copy(from..range.end));
    out.retain(|chunk| !matches!(chunk, Chunk::Copy(r) if r.is_empty()));
    out
}

/// The elements that begin in `source`, in order, up to the first thing that no reader would take
/// for mark-up. For a look at what a document is: nothing is checked.
pub(super) fn elements(source: &str) -> impl Iterator<Item = Element<'_>> {
    let mut reader = reader(source);
    let mut inside = false;
    std::iter::from_fn(move || {
        loop {
            let event = match reader.read_event() {
                Err(Error::IllFormed(_)) => continue, // a document type without a name
                event => event.ok()?,
            };
            match event {
                Event::Start(start) | Event::Empty(start) => {
                    inside = true;
                    let name = &source[range_in(source, start.name().0)?];
                    return Some(Element {
                        name: local(name),
                        start,
                        source,
                        html: true,
                    });
                }
                Event::Eof => return None,
                Event::Text(text) if !inside && !text.trim().is_empty() => return None,
                Event::End(_) | Event::GeneralRef(_) | Event::CData(_) if !inside => return None,
                _ => {}
            }
        }
    })
}

fn reader(source: &str) -> Reader<&[u8]> {
    let mut reader = Reader::from_str(source);
    let config = reader.config_mut();
    config.check_end_names = false; // done here, with places, or not at all
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    reader
}

/// Goes through a document.
pub(super) struct Walker<'d> {
    source: &'d str,
    reader: Reader<&'d [u8]>,
    /// Where in `source` the reader began.
    base: usize,
    format: &'static str,
    dialect: Dialect,
    limits: Limits,
    /// Elements that are open: their names as they stand there.
    open: Vec<&'d str>,
    /// Elements that began.
    elements: usize,
    /// Elements whose end comes next.
    closing: usize,
    /// The element that begins when these are closed; true when it ends at once.
    waiting: Option<(Element<'d>, bool)>,
    /// Where the document breaks off.
    broken: Option<usize>,
}

impl<'d> Walker<'d> {
    /// Begins at the start of `source`, which is of `format` (for messages).
    pub(super) fn new(source: &'d str, format: &'static str, dialect: Dialect) -> Self {
        let mut walker = Self {
            source,
            reader: reader(source),
            base: 0,
            format,
            dialect,
            limits: LIMITS,
            open: Vec::new(),
            elements: 0,
            closing: 0,
            waiting: None,
            broken: None,
        };
        walker.go_to(0);
        walker
    }

    fn is_html(&self) -> bool {
        self.dialect == Dialect::Html
    }

    fn position(&self) -> usize {
        self.base + self.reader.buffer_position() as usize
    }

    /// Goes on reading at `at`. Byte order marks there are passed over here: the reader would do so, too, and
    /// not count them.
    fn go_to(&mut self, at: usize) {
        let rest = self.source.get(at..).unwrap_or_default();
        let marked = rest.trim_start_matches('\u{FEFF}');
        self.base = at + rest.len() - marked.len();
        self.reader = reader(marked);
    }

    /// What stands next; none at the end.
    pub(super) fn next(&mut self, builder: &Builder<'_>) -> Result<Option<Node<'d>>, DecodeError> {
        loop {
            if self.closing > 0 {
                self.closing -= 1;
                if let Some(name) = self.open.pop() {
                    return Ok(Some(Node::Close(local(name))));
                }
            }
            if let Some((element, ends)) = self.waiting.take() {
                return Ok(Some(self.enter(element, ends)));
            }
            let at = self.position();
            let text = match self.reader.read_event() {
                Ok(Event::Start(start)) => self.start(start, at, false, builder)?,
                Ok(Event::Empty(start)) => self.start(start, at, true, builder)?,
                Ok(Event::End(end)) => {
                    let name = range_in(self.source, end.name().0).unwrap_or_default();
                    self.end(&self.source[name], at, builder)?;
                    continue;
                }
                Ok(Event::Text(text)) => range_in(self.source, &text),
                Ok(Event::CData(text)) => range_in(self.source, &text),
                Ok(Event::GeneralRef(_)) => {
                    return Ok(Some(Node::Text(chunks(self.source, at..self.position()))));
                }
                Ok(Event::Eof) => {
                    self.eof(builder)?;
                    return Ok(None);
                }
                Ok(Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_)) => {
                    continue;
                }
                Err(error) => {
                    if self.goes_on(&error, builder)? {
                        continue;
                    }
                    return Ok(None);
                }
            };
            if let Some(range) = text {
                return Ok(Some(Node::Text(vec![Chunk::Copy(range)])));
            }
        }
    }

    /// An element begins at `at`; it is given out when those that it ends are closed. The range of
    /// what is text after all.
    fn start(
        &mut self,
        start: BytesStart<'d>,
        at: usize,
        ends: bool,
        builder: &Builder<'_>,
    ) -> Result<Option<Range<usize>>, DecodeError> {
        let name = range_in(self.source, start.name().0).unwrap_or_default();
        let name = &self.source[name];
        let begins_well = |c: char| match self.dialect {
            Dialect::Html => c.is_ascii_alphabetic(),
            Dialect::Xml(_) => c.is_alphabetic() || c == '_' || c == ':',
        };
        if !name.starts_with(begins_well) {
            let message = "a < that begins no element: a plain one is written &lt;".to_owned();
            return match self.dialect {
                Dialect::Xml(_) => Err(builder.malformed(self.format, at, message)),
                Dialect::Html => {
                    self.go_to(at + 1);
                    Ok(Some(at..at + 1))
                }
            };
        }
        let element = Element {
            name: local(name),
            start,
            source: self.source,
            html: self.is_html(),
        };
        self.check(&element, at, builder)?;
        if self.is_html() {
            self.closing = self.ended_by(element.name);
        }
        self.waiting = Some((element, ends));
        Ok(None)
    }

    fn check(
        &mut self,
        element: &Element<'_>,
        at: usize,
        builder: &Builder<'_>,
    ) -> Result<(), DecodeError> {
        let Limits {
            depth, elements, ..
        } = self.limits;
        self.elements += 1;
        let root = match self.dialect {
            Dialect::Xml(root) if self.elements == 1 && element.name != root => Some(root),
            _ => None,
        };
        let (at, message) = if let Some(root) = root {
            let found = shown(element.name);
            let message = format!("its root is {found}; expected <{root}>");
            (at, message)
        } else if self.open.len() >= depth {
            let message = format!("more than {depth} elements inside one another, as no page has");
            (at, message)
        } else if self.elements > elements {
            (at, format!("more than {elements} elements, as no page has"))
        } else {
            match element.fault(self.limits) {
                Some(fault) => fault,
                None => return Ok(()),
            }
        };
        Err(builder.malformed(self.format, at, message))
    }

    /// How many open elements of HTML end where `name` begins.
    fn ended_by(&self, name: &str) -> usize {
        if !is_one_of(name, &SIBLINGS) {
            return 0;
        }
        let mut inner = self.open.iter().rev().map(|open| local(open));
        let found =
            inner.position(|open| open.eq_ignore_ascii_case(name) || is_one_of(open, &CONTAINERS));
        match found {
            Some(i) if local(self.open[self.open.len() - 1 - i]).eq_ignore_ascii_case(name) => {
                i + 1
            }
            _ => 0,
        }
    }

    fn enter(&mut self, element: Element<'d>, ends: bool) -> Node<'d> {
        let name = element.name;
        let full = range_in(self.source, element.start.name().0).unwrap_or_default();
        self.open.push(&self.source[full]);
        if ends || (self.is_html() && is_one_of(name, &VOID)) {
            self.closing = 1;
        } else if self.is_html() && is_one_of(name, &RAW) {
            self.skip_raw(name);
        }
        Node::Open(element)
    }

    /// Goes to the end of an element whose text is no mark-up.
    fn skip_raw(&mut self, name: &str) {
        let from = self.position();
        let rest = &self.source.as_bytes()[from..];
        let ends = memchr::memmem::find_iter(rest, b"</");
        let is_end = |&at: &usize| {
            let found = rest.get(at + 2..at + 2 + name.len());
            found.is_some_and(|n| n.eq_ignore_ascii_case(name.as_bytes()))
        };
        let end = { ends }.find(is_end).unwrap_or(rest.len());
        self.go_to(from + end);
    }

    /// The end of element `name` stands at `at`.
    fn end(&mut self, name: &str, at: usize, builder: &Builder<'_>) -> Result<(), DecodeError> {
        if self.is_html() {
            let is_inline = !is_one_of(name, &SIBLINGS) && !is_one_of(name, &CONTAINERS);
            let same = |open: &&str| local(open).eq_ignore_ascii_case(local(name));
            let mut inner = self.open.iter().rev();
            let found = inner
                .position(|open| same(open) || (is_inline && is_one_of(local(open), &CONTAINERS)));
            if let Some(i) = found
                && same(&self.open[self.open.len() - 1 - i])
            {
                self.closing = i + 1;
            }
            return Ok(());
        }
        let found = shown(name).replacen('<', "</", 1);
        let message = match self.open.last() {
            Some(&open) if open == name => {
                self.closing = 1;
                return Ok(());
            }
            Some(open) => {
                let place = range_in(self.source, open).unwrap_or_default();
                let (line, _) = builder.line_column(place.start);
                let expected = shown(open);
                let end = expected.replacen('<', "</", 1);
                format!("{found} where {end} was expected, the end of {expected} in line {line}")
            }
            None => format!("{found} ends an element that was not begun"),
        };
        Err(builder.malformed(self.format, at, message))
    }

    fn eof(&mut self, builder: &Builder<'_>) -> Result<(), DecodeError> {
        if let Dialect::Xml(root) = self.dialect
            && self.elements == 0
        {
            let message = format!("no element in it; expected <{root}>");
            return Err(builder.malformed(self.format, 0, message));
        }
        let may_stay = |open: &&str| self.is_html() && is_one_of(local(open), &OPEN_ENDED);
        if !self.open.iter().all(may_stay) {
            self.broken = Some(self.source.len());
        }
        Ok(())
    }

    /// What becomes of mark-up that cannot be read: true when it was stepped over, false when the
    /// document breaks off in it.
    fn goes_on(&mut self, error: &Error, builder: &Builder<'_>) -> Result<bool, DecodeError> {
        let at = self.base + self.reader.error_position() as usize;
        let at = at.min(self.source.len());
        let rest = &self.source[at..];
        let Error::Syntax(error) = error else {
            // A document type without a name: nothing that is needed.
            return match self.dialect {
                Dialect::Html => Ok(true),
                Dialect::Xml(_) => Err(builder.malformed(self.format, at, error.to_string())),
            };
        };
        let message = match error {
            SyntaxError::UnclosedSingleQuotedAttributeValue
            | SyntaxError::UnclosedDoubleQuotedAttributeValue
                if rest.get(1..).is_some_and(|r| r.contains('<')) =>
            {
                let name = rest[1..]
                    .split(|c: char| c.is_whitespace() || c == '>')
                    .next();
                let name = shown(name.unwrap_or_default());
                format!("in {name}: the quote at a value's end is missing")
            }
            SyntaxError::InvalidBangMarkup
            | SyntaxError::UnclosedComment
            | SyntaxError::UnclosedCData
            | SyntaxError::UnclosedDoctype
                if !begins_declaration(rest) =>
            {
                "<! begins neither a comment nor a document type nor CDATA here".to_owned()
            }
            SyntaxError::UnclosedPI | SyntaxError::UnclosedXmlDecl if rest.contains("?>") => {
                "<?> is no processing instruction".to_owned()
            }
            _ => {
                self.broken = Some(at);
                return Ok(false);
            }
        };
        match self.dialect {
            Dialect::Xml(_) => Err(builder.malformed(self.format, at, message)),
            Dialect::Html => {
                // to browsers a comment up to the next >
                let end = memchr::memchr(b'>', rest.as_bytes()).map_or(rest.len(), |i| i + 1);
                self.go_to(at + end);
                Ok(true)
            }
        }
    }

    /// True when the document broke off.
    pub(super) fn is_broken(&self) -> bool {
        self.broken.is_some()
    }

    /// Says so to `builder` when the document broke off.
    pub(super) fn finish(&self, builder: &mut Builder<'_>) {
        if let Some(at) = self.broken {
            let inside = match self.open.last() {
                Some(name) => format!("inside {}", shown(name)),
                None => "inside a tag".to_owned(),
            };
            builder.broken_off(at, &inside);
        }
    }
}

/// True when `rest` begins a comment, CDATA or a document type, or is cut off before one can tell.
fn begins_declaration(rest: &str) -> bool {
    ["<!--", "<![CDATA[", "<!DOCTYPE"].iter().any(|opener| {
        let len = opener.len().min(rest.len());
        let (start, opener) = (&rest.as_bytes()[..len], &opener.as_bytes()[..len]);
        start.eq_ignore_ascii_case(opener)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::{EncodingChoice, encoding};

    /// What stands in `source` in order, names with `/` where they end, and where it breaks off.
    fn walk(
        source: &str,
        dialect: Dialect,
        limits: Limits,
    ) -> Result<(String, Option<usize>), DecodeError> {
        let decoded = encoding::decode(source.as_bytes(), EncodingChoice::Detect)?;
        let builder = Builder::new(&decoded);
        let mut walker = Walker::new(source, "test", dialect);
        walker.limits = limits;
        let mut out = Vec::new();
        while let Some(node) = walker.next(&builder)? {
            out.push(match node {
                Node::Open(element) => element.name.to_owned(),
                Node::Close(name) => format!("/{name}"),
                Node::Text(text) => format!("'{}'", written(source, &text)),
            });
        }
        Ok((out.join(" "), walker.broken))
    }

    fn html(source: &str) -> String {
        walk(source, Dialect::Html, LIMITS).unwrap().0
    }

    fn refused(source: &str, limits: Limits) -> String {
        let result = walk(source, Dialect::Xml("a"), limits);
        result.err().map_or_else(String::new, |e| e.to_string())
    }

    #[test]
    fn html_as_browsers_read_it() {
        for (source, want) in [
            ("<p>1<p>2<div>3</div>", "p '1' /p p '2' div '3' /div"),
            ("<ul><li>1<li>2</ul>", "ul li '1' /li li '2' /li /ul"),
            (
                "<td>1<table><td>2</table>3<td>",
                "td '1' table td '2' /td /table '3' /td td",
            ),
            ("<b><br>1<br/>2</br></b>", "b br /br '1' br /br '2' /b"),
            ("<div><span></div></span>", "div span /span /div"),
            ("<span><div></span></div></span>", "span div /div /span"),
            ("<A>1</a>", "A '1' /A"),
            (
                "1 < 2 <3 <é> <b>4</b>",
                "'1 ' '<' ' 2 ' '<' '3 ' '<' 'é> ' b '4' /b",
            ),
            ("<script>a<b</script>c", "script /script 'c'"),
            ("<SCRIPT></x></SCRIPT >c", "SCRIPT /SCRIPT 'c'"),
            ("<!foo>1<!-x>2<!DOCTYPE>3<?>4", "'1' '2' '3' '4'"),
        ] {
            assert_eq!(html(source), want, "{source}");
        }
    }

    #[test]
    fn depth() {
        let nested = |n: usize| "<a>".repeat(n) + &"</a>".repeat(n);
        let limits = Limits { depth: 5, ..LIMITS };
        assert_eq!(refused(&nested(5), limits), "");
        let want = "as test, line 1, column 16: more than 5 elements inside one another";
        assert!(refused(&nested(6), limits).starts_with(want));
        assert_eq!(refused(&nested(LIMITS.depth), LIMITS), "");
        assert!(refused(&nested(100_000), LIMITS).contains("more than 256 elements"));
        let unclosed = "<p>".repeat(10_000);
        assert!(walk(&unclosed, Dialect::Html, LIMITS).is_ok());
    }

    #[test]
    fn counts() {
        let limits = Limits {
            elements: 3,
            attributes: 2,
            ..LIMITS
        };
        assert_eq!(refused("<a><b/><c x='1' y='2'/></a>", limits), "");
        assert!(refused("<a><b/><c/><d/></a>", limits).contains("column 12: more than 3 elements"));
        let found = refused("<a><b x='1' y='2' z='3'/></a>", limits);
        assert!(found.contains("<b> has more than 2 attributes"), "{found}");
        let many: String = (0..100_000).map(|i| format!(" a{i}='1'")).collect();
        assert!(refused(&format!("<a{many}/>"), LIMITS).contains("more than 256 attributes"));
    }

    #[test]
    fn huge_values_and_names() {
        let long = "塘".repeat(1_000_000);
        assert_eq!(refused(&format!("<a x='{long}'>{long}</a>"), LIMITS), "");
        let found = refused(&format!("<a><{long}></a>"), LIMITS);
        assert!(
            found.len() < 1000 && found.contains("塘…>"),
            "{} bytes",
            found.len()
        );
        let references = "&#x4E00;".repeat(100_000);
        assert_eq!(
            refused(&format!("<a x='{references}'>{references}</a>"), LIMITS),
            ""
        );
    }

    #[test]
    fn references() {
        for (name, want) in [
            ("amp", Some('&')),
            ("#20135", Some('产')),
            ("#x4EA7", Some('产')),
            ("#X4ea7", Some('产')),
            ("#10", Some('\n')),
            ("#0", None),
            ("#7", None),
            ("#xD800", None),
            ("#x110000", None),
            ("#+65", None),
            ("#", None),
            ("#x", None),
            ("", None),
            ("unknown", None),
        ] {
            assert_eq!(referred(name), want, "{name}");
        }
    }

    #[test]
    fn where_it_breaks_off() {
        for (source, want) in [
            ("<a>1</a>", None),
            ("<a>1", Some(4)),
            ("<a>1<", Some(4)),
            ("<a>1<b", Some(4)),
            ("<a>1<b x='2>", Some(4)),
            ("<a>1</a", Some(4)),
            ("<a>1<!", Some(4)),
            ("<a>1<!-", Some(4)),
            ("<a>1<!-- </a>", Some(4)),
            ("<a>1<![CDATA[2]]", Some(4)),
            ("<a>1<?x", Some(4)),
            ("<!DOCTYPE a [<!ENTITY", Some(0)),
        ] {
            let (_, broken) = walk(source, Dialect::Xml("a"), LIMITS).unwrap();
            assert_eq!(broken, want, "{source}");
            let (_, broken) = walk(source, Dialect::Html, LIMITS).unwrap();
            assert_eq!(broken, want, "{source}");
        }
    }

    #[test]
    fn other_faults() {
        for (source, want) in [
            ("<a><!x></a>", "column 4: <! begins neither"),
            ("<a><?></a>", "column 4: <?> is no processing instruction"),
            ("<a><></a>", "column 4: a < that begins no element"),
            ("<a><b x></a>", "column 8: in <b>: expected a name, ="),
            (
                "<a><b x=></a>",
                "in <b>: expected a value in quotes behind =",
            ),
            (
                "<a></a></a>",
                "column 8: </a> ends an element that was not begun",
            ),
            (
                "<a>\n</b></a>",
                "line 2, column 1: </b> where </a> was expected, the end of <a> in line 1",
            ),
        ] {
            let found = refused(source, LIMITS);
            assert!(found.contains(want), "{source}: {found}");
        }
    }
}
