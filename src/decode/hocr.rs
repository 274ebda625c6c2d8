//! hOCR 1.2: HTML whose elements have classes `ocr_page`, `ocr_par`, `ocr_line`, `ocrx_word` and,
//! in `title`, boxes and confidences.
//!
//! Source: <https://kba.github.io/hocr-spec/1.2/>.

use super::DecodeError;
use super::build::{Builder, Chunk};
use super::geometry::{Bbox, Confidence, Sheet, Unit, centi};
use super::xml::{Dialect, Element, Node, Walker};

/// Classes of elements that are one line.
const LINES: [&str; 6] = [
    "ocr_line",
    "ocrx_line",
    "ocr_header",
    "ocr_footer",
    "ocr_caption",
    "ocr_textfloat",
];

/// Classes of elements that are words.
const WORDS: [&str; 2] = ["ocrx_word", "ocr_word"];

/// True when an element has a class or name that only hOCR has.
pub(super) fn is_of(element: &Element<'_>) -> bool {
    let classes = element.raw("class").unwrap_or_default();
    let mut classes = classes.split_ascii_whitespace();
    let is_known = |class: &str| {
        LINES.contains(&class)
            || WORDS.contains(&class)
            || matches!(class, "ocr_page" | "ocr_carea" | "ocr_par")
    };
    classes.any(is_known) || (is_meta(element) && element.raw("name") == Some("ocr-system"))
}

fn is_meta(element: &Element<'_>) -> bool {
    element.name.eq_ignore_ascii_case("meta")
}

/// The part of a title that begins with `key`, parts being parted by semicolons outside quotes.
fn property<'t>(title: &'t str, key: &str) -> Option<&'t str> {
    let mut quote = None;
    let mut parts = title.split(|c: char| {
        match quote {
            Some(open) if open == c => quote = None,
            None if c == '"' => quote = Some(c),
            _ => {}
        }
        quote.is_none() && c == ';'
    });
    parts.find_map(|part| {
        let rest = part.trim().strip_prefix(key)?;
        rest.starts_with(char::is_whitespace).then(|| rest.trim())
    })
}

fn bbox(title: &str) -> Option<Bbox> {
    let mut numbers = property(title, "bbox")?.split_ascii_whitespace().map(centi);
    let mut next = || numbers.next().flatten();
    Some(Bbox::new(next()?, next()?, next()?, next()?))
}

fn confidence(title: &str) -> Option<Confidence> {
    Confidence::parse(property(title, "x_wconf")?, 100)
}

/// What an open element is to the page.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Line,
    Word,
    /// Text in it is none of the page: the head.
    Silent,
    Other,
}

/// A word whose end has not been met.
#[derive(Default)]
struct OpenWord {
    bbox: Option<Bbox>,
    confidence: Option<Confidence>,
    text: Vec<Chunk>,
}

/// Reads hOCR.
pub(super) fn read(builder: &mut Builder<'_>) -> Result<(), DecodeError> {
    let mut walker = Walker::new(builder.source(), "hOCR", Dialect::Html);
    let mut open: Vec<Kind> = Vec::new();
    let mut word: Option<OpenWord> = None;
    while let Some(node) = walker.next(builder)? {
        match node {
            Node::Open(element) => {
                let kind = start(builder, &element, &mut word);
                open.push(kind);
            }
            Node::Close(_) => match open.pop() {
                Some(Kind::Word) => end_word(builder, &mut word),
                Some(Kind::Line) => {
                    end_word(builder, &mut word);
                    builder.end_line();
                }
                _ => {}
            },
            Node::Text(text) => {
                // Text of a line that is in no word: engines without words write it so.
                if !open.contains(&Kind::Silent) && (word.is_some() || builder.in_line()) {
                    word.get_or_insert_default().text.extend(text);
                }
            }
        }
    }
    // A word that is cut off may be half a number.
    if !walker.is_broken() {
        end_word(builder, &mut word);
    }
    walker.finish(builder);
    Ok(())
}

fn end_word(builder: &mut Builder<'_>, word: &mut Option<OpenWord>) {
    if let Some(word) = word.take() {
        builder.word(word.bbox, word.confidence, &word.text);
    }
}

fn start(builder: &mut Builder<'_>, element: &Element<'_>, word: &mut Option<OpenWord>) -> Kind {
    if element.name.eq_ignore_ascii_case("title") {
        return Kind::Silent;
    }
    if is_meta(element) && element.raw("name") == Some("ocr-system") {
        builder.writer = element.value("content");
    }
    if !is_of(element) {
        return Kind::Other;
    }
    end_word(builder, word);
    let title = element.value("title").unwrap_or_default();
    if element.has_class("ocr_page") {
        let page = bbox(&title);
        builder.sheet(Sheet {
            number: 0,
            width: page.map_or(0, Bbox::width),
            height: page.map_or(0, Bbox::height),
            unit: Unit::Pixel,
        });
    } else if element.has_class("ocr_par") || element.has_class("ocr_carea") {
        builder.block();
    } else if LINES.iter().any(|class| element.has_class(class)) {
        builder.start_line(bbox(&title));
        return Kind::Line;
    } else if WORDS.iter().any(|class| element.has_class(class)) {
        *word = Some(OpenWord {
            bbox: bbox(&title),
            confidence: confidence(&title),
            text: Vec::new(),
        });
        return Kind::Word;
    }
    Kind::Other
}
