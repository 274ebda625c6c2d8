//! XML (and HTML that is nearly XML), event by event, each with its place in the source. Nothing is
//! expanded but characters written as references: a document type can declare what it likes.

use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::DecodeError;
use super::build::{Builder, Chunk};

/// No page nests its elements deeper.
const MAX_DEPTH: usize = 256;
/// Nor has it more elements, or attributes of one element.
const MAX_ELEMENTS: usize = 30_000_000;
/// References to characters are no longer: `&#x0000004E00;`.
const MAX_REFERENCE: usize = 16;

/// Elements of HTML that have no end.
const VOID: [&str; 10] = [
    "area", "base", "br", "col", "hr", "img", "input", "link", "meta", "wbr",
];

/// What stands next in a document.
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

impl<'d> Element<'d> {
    /// Where the value of an attribute stands in the source.
    fn place(&self, name: &str) -> Option<Range<usize>> {
        let mut attributes = self.start.attributes();
        attributes.with_checks(false);
        let mut found = attributes.flatten().filter_map(|a| {
            let key = range_in(self.source, a.key.0)?;
            let value = range_in(self.source, &a.value)?;
            (local(&self.source[key]) == name).then_some(value)
        });
        found.next()
    }

    /// The value of an attribute as it stands, references not read.
    pub(super) fn raw(&self, name: &str) -> Option<&'d str> {
        self.place(name).map(|range| &self.source[range])
    }

    /// The value of an attribute, references read.
    pub(super) fn value(&self, name: &str) -> Option<String> {
        let chunks = self.chunks(name)?;
        let mut out = String::new();
        for chunk in chunks {
            match chunk {
                Chunk::Copy(range) => out.push_str(&self.source[range]),
                Chunk::Char(c, _) => out.push(c),
            }
        }
        Some(out)
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
}

/// The character that a reference (without `&` and `;`) stands for.
fn referred(name: &str) -> Option<char> {
    let code = |text: &str, radix| {
        u32::from_str_radix(text, radix)
            .ok()
            .and_then(char::from_u32)
    };
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some('\u{A0}'),
        "permil" => Some('‰'),
        "middot" => Some('·'),
        "mdash" => Some('—'),
        "ndash" => Some('–'),
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

/// Goes through a document.
pub(super) struct Walker<'d> {
    source: &'d str,
    reader: Reader<&'d [u8]>,
    format: &'static str,
    open: Vec<&'d str>,
    elements: usize,
    /// The end of an element that closes itself comes next.
    pending: Option<&'d str>,
    /// Where the document breaks off.
    broken: Option<usize>,
}

impl<'d> Walker<'d> {
    /// Begins at the start of `source`, which is of `format` (for messages).
    pub(super) fn new(source: &'d str, format: &'static str) -> Self {
        let mut reader = Reader::from_str(source);
        let config = reader.config_mut();
        config.check_end_names = false; // HTML
        config.allow_unmatched_ends = true;
        config.allow_dangling_amp = true;
        Self {
            source,
            reader,
            format,
            open: Vec::new(),
            elements: 0,
            pending: None,
            broken: None,
        }
    }

    /// What stands next; none at the end.
    pub(super) fn next(&mut self, builder: &Builder<'_>) -> Result<Option<Node<'d>>, DecodeError> {
        if let Some(name) = self.pending.take() {
            return Ok(Some(Node::Close(name)));
        }
        loop {
            let at = self.reader.buffer_position() as usize;
            let event = match self.reader.read_event() {
                Ok(event) => event,
                Err(error) => {
                    let place = (self.reader.error_position() as usize).min(self.source.len());
                    // An element, comment or section that is not finished at the end.
                    if matches!(error, quick_xml::Error::Syntax(_)) {
                        self.broken = Some(place);
                        return Ok(None);
                    }
                    return Err(builder.malformed(self.format, place, error.to_string()));
                }
            };
            match event {
                Event::Start(start) => return self.start(start, at, builder).map(Some),
                Event::Empty(start) => {
                    let node = self.start(start, at, builder)?;
                    if let Node::Open(element) = &node {
                        if self.open.last() == Some(&element.name) && !is_void(element.name) {
                            self.open.pop();
                        }
                        self.pending = Some(element.name);
                    }
                    return Ok(Some(node));
                }
                Event::End(end) => {
                    let Some(range) = range_in(self.source, end.name().0) else {
                        continue;
                    };
                    let name = local(&self.source[range]);
                    // Elements that were forgotten to be closed end with the one around them.
                    if let Some(i) = self.open.iter().rposition(|&o| o == name) {
                        self.open.truncate(i);
                    }
                    return Ok(Some(Node::Close(name)));
                }
                Event::Text(text) => {
                    let Some(range) = range_in(self.source, &text) else {
                        continue;
                    };
                    return Ok(Some(Node::Text(vec![Chunk::Copy(range)])));
                }
                Event::GeneralRef(_) => {
                    let end = self.reader.buffer_position() as usize;
                    return Ok(Some(Node::Text(chunks(self.source, at..end))));
                }
                Event::CData(text) => {
                    let Some(range) = range_in(self.source, &text) else {
                        continue;
                    };
                    return Ok(Some(Node::Text(vec![Chunk::Copy(range)])));
                }
                Event::Eof => {
                    if !self.open.is_empty() {
                        self.broken = Some(self.source.len());
                    }
                    return Ok(None);
                }
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
            }
        }
    }

    fn start(
        &mut self,
        start: BytesStart<'d>,
        at: usize,
        builder: &Builder<'_>,
    ) -> Result<Node<'d>, DecodeError> {
        let name = range_in(self.source, start.name().0).unwrap_or_default();
        let name = local(&self.source[name]);
        self.elements += 1;
        if !is_void(name) {
            self.open.push(name);
        }
        if self.open.len() > MAX_DEPTH || self.elements > MAX_ELEMENTS {
            let message = format!(
                "more than {MAX_DEPTH} elements inside one another or {MAX_ELEMENTS} in all, as no \
                 page has"
            );
            return Err(builder.malformed(self.format, at, message));
        }
        Ok(Node::Open(Element {
            name,
            start,
            source: self.source,
        }))
    }

    /// Says so to `builder` when the document broke off.
    pub(super) fn finish(&self, builder: &mut Builder<'_>) {
        if let Some(at) = self.broken {
            let inside = match self.open.last() {
                Some(name) => format!("inside <{name}>"),
                None => "inside a tag".to_owned(),
            };
            builder.broken_off(at, &inside);
        }
    }
}

fn is_void(name: &str) -> bool {
    VOID.contains(&name)
}
