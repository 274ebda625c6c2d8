//! The XML of ABBYY FineReader 6 to 10 and later: blocks of paragraphs and lines whose characters
//! have boxes and confidences of their own, from which words are made here.

use super::DecodeError;
use super::build::{Builder, Chunk};
use super::geometry::{Bbox, Confidence, Sheet, Unit, centi};
use super::xml::{self, Dialect, Element, Node, Walker};

/// What stands for a character that the engine says nothing of.
const UNKNOWN: &str = "255";

/// Reads it.
pub(super) fn read(builder: &mut Builder<'_>) -> Result<(), DecodeError> {
    let source = builder.source();
    let mut walker = Walker::new(source, "ABBYY FineReader's XML", Dialect::Xml("document"));
    let mut reader = Reader {
        source,
        character: None,
        word: Word::default(),
        variants: 0,
        formats: 0,
    };
    while let Some(node) = walker.next(builder)? {
        match node {
            Node::Open(element) => reader.open(&element, builder),
            Node::Close(name) => reader.close(name, builder),
            Node::Text(text) => reader.text(text, builder),
        }
    }
    // A word that is cut off may be half a number.
    walker.finish(builder);
    Ok(())
}

fn bbox(element: &Element<'_>) -> Option<Bbox> {
    let edge = |name| element.raw(name).and_then(centi);
    Some(Bbox::new(edge("l")?, edge("t")?, edge("r")?, edge("b")?))
}

fn is_true(element: &Element<'_>, name: &str) -> bool {
    matches!(element.raw(name), Some("true" | "1"))
}

/// A character that is open.
struct Character {
    bbox: Option<Bbox>,
    confidence: Option<Confidence>,
    begins_word: bool,
    text: Vec<Chunk>,
}

/// The characters since the last blank.
#[derive(Default)]
struct Word {
    bbox: Option<Bbox>,
    confidence: Option<Confidence>,
    text: Vec<Chunk>,
}

struct Reader<'d> {
    source: &'d str,
    character: Option<Character>,
    word: Word,
    /// Open lists of other readings, whose characters are not the page's.
    variants: u32,
    /// Open `formatting` elements.
    formats: u32,
}

impl Reader<'_> {
    fn open(&mut self, element: &Element<'_>, builder: &mut Builder<'_>) {
        match element.name {
            "wordRecVariants" | "charRecVariants" => self.variants += 1,
            _ if self.variants > 0 => {}
            "document" => builder.writer = element.value("producer"),
            "page" => {
                let size = |name| element.raw(name).and_then(centi).unwrap_or(0);
                builder.sheet(Sheet {
                    number: 0,
                    width: size("width"),
                    height: size("height"),
                    unit: Unit::Pixel,
                });
            }
            "block" | "cell" | "par" => builder.block(),
            "line" => builder.start_line(bbox(element)),
            "formatting" => self.formats += 1,
            "charParams" => {
                let confidence = element.raw("charConfidence").map(str::trim);
                let confidence = confidence.filter(|&c| c != UNKNOWN);
                self.character = Some(Character {
                    bbox: bbox(element),
                    confidence: confidence.and_then(|c| Confidence::parse(c, 100)),
                    begins_word: is_true(element, "wordStart") || is_true(element, "wordFirst"),
                    text: Vec::new(),
                });
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &str, builder: &mut Builder<'_>) {
        match name {
            "wordRecVariants" | "charRecVariants" => {
                self.variants = self.variants.saturating_sub(1)
            }
            _ if self.variants > 0 => {}
            "charParams" => self.end_character(builder),
            "formatting" => self.formats = self.formats.saturating_sub(1),
            "line" => {
                self.end_word(builder);
                builder.end_line();
            }
            _ => {}
        }
    }

    fn text(&mut self, text: Vec<Chunk>, builder: &mut Builder<'_>) {
        if self.variants > 0 || !builder.in_line() {
            return;
        }
        if let Some(character) = &mut self.character {
            character.text.extend(text);
        } else if self.formats > 0 {
            // Older files have the text of a line without its characters.
            self.word.text.extend(text);
        }
    }

    fn end_character(&mut self, builder: &mut Builder<'_>) {
        let Some(character) = self.character.take() else {
            return;
        };
        let is_blank = xml::written(self.source, &character.text).trim().is_empty();
        if is_blank || character.begins_word {
            self.end_word(builder);
        }
        if is_blank {
            return;
        }
        let word = &mut self.word;
        word.bbox = match (word.bbox, character.bbox) {
            (Some(a), Some(b)) => Some(a.with(b)),
            (a, b) => a.or(b),
        };
        // A number is as sure as its least sure figure.
        word.confidence = match (word.confidence, character.confidence) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        word.text.extend(character.text);
    }

    fn end_word(&mut self, builder: &mut Builder<'_>) {
        let word = std::mem::take(&mut self.word);
        if !word.text.is_empty() {
            builder.word(word.bbox, word.confidence, &word.text);
        }
    }
}
