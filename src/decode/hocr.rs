//! hOCR 1.2: HTML whose elements have classes `ocr_page`, `ocr_par`, `ocr_line`, `ocrx_word` and,
//! in `title`, boxes and confidences.
//!
//! Source: <https://kba.github.io/hocr-spec/1.2/>.

use super::DecodeError;
use super::build::Builder;
use super::geometry::{Bbox, Confidence, Sheet, Unit, centi};
use super::xml::{Element, Node, Walker};

/// Classes of elements that are one line.
const LINES: [&str; 6] = [
    "ocr_line",
    "ocrx_line",
    "ocr_header",
    "ocr_footer",
    "ocr_caption",
    "ocr_textfloat",
];

/// The part of a title that begins with `key`.
fn property<'t>(title: &'t str, key: &str) -> Option<&'t str> {
    title.split(';').find_map(|part| {
        let part = part.trim();
        let rest = part.strip_prefix(key)?;
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
    /// Text in it is none of the page: scripts, the head.
    Silent,
    Other,
}

/// Reads hOCR.
pub(super) fn read(builder: &mut Builder<'_>) -> Result<(), DecodeError> {
    let mut walker = Walker::new(builder.source(), "hOCR");
    let mut open: Vec<(&str, Kind)> = Vec::new();
    while let Some(node) = walker.next(builder)? {
        match node {
            Node::Open(element) => {
                let kind = start(builder, &element);
                open.push((element.name, kind));
            }
            Node::Close(name) => {
                let Some(i) = open.iter().rposition(|&(n, _)| n == name) else {
                    continue;
                };
                for (_, kind) in open.drain(i..).rev() {
                    match kind {
                        Kind::Word => builder.end_word(),
                        Kind::Line => builder.end_line(),
                        Kind::Silent | Kind::Other => {}
                    }
                }
            }
            Node::Text(chunks) => {
                if open.iter().any(|&(_, kind)| kind == Kind::Silent) || !builder.in_line() {
                    continue;
                }
                // Text of a line that is in no word: engines without words write it so.
                let bare = !builder.in_word();
                if bare {
                    builder.start_word(None, None);
                }
                chunks.iter().for_each(|chunk| builder.push(chunk));
                if bare {
                    builder.end_word();
                }
            }
        }
    }
    walker.finish(builder);
    Ok(())
}

fn start(builder: &mut Builder<'_>, element: &Element<'_>) -> Kind {
    let title = element.raw("title").unwrap_or_default();
    if matches!(element.name, "script" | "style" | "title") {
        return Kind::Silent;
    }
    if element.name == "meta" && element.raw("name") == Some("ocr-system") {
        builder.writer = element.value("content");
    }
    if element.has_class("ocr_page") {
        let page = bbox(title);
        builder.sheet(Sheet {
            number: 0,
            width: page.map_or(0, Bbox::width),
            height: page.map_or(0, Bbox::height),
            unit: Unit::Pixel,
        });
    } else if element.has_class("ocr_par") || element.has_class("ocr_carea") {
        builder.block();
    } else if LINES.iter().any(|class| element.has_class(class)) {
        builder.start_line(bbox(title));
        return Kind::Line;
    } else if element.has_class("ocrx_word") || element.has_class("ocr_word") {
        builder.start_word(bbox(title), confidence(title));
        return Kind::Word;
    }
    Kind::Other
}
