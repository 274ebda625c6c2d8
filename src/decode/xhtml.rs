//! What poppler's `pdftotext -bbox-layout` writes: pages, blocks, lines and words with boxes in
//! points.

use super::DecodeError;
use super::build::{Builder, Chunk};
use super::geometry::{Bbox, Sheet, Unit, centi};
use super::xml::{Dialect, Element, Node, Walker};

/// True when an element has what only this format has.
pub(super) fn is_of(element: &Element<'_>) -> bool {
    element.name == "doc" || (element.name == "word" && element.raw("xMin").is_some())
}

fn bbox(element: &Element<'_>) -> Option<Bbox> {
    let edge = |name| element.raw(name).and_then(centi);
    Some(Bbox::new(
        edge("xMin")?,
        edge("yMin")?,
        edge("xMax")?,
        edge("yMax")?,
    ))
}

/// Reads it.
pub(super) fn read(builder: &mut Builder<'_>) -> Result<(), DecodeError> {
    let mut walker = Walker::new(builder.source(), "pdftotext -bbox-layout", Dialect::Html);
    let mut word: Option<(Option<Bbox>, Vec<Chunk>)> = None;
    while let Some(node) = walker.next(builder)? {
        match node {
            Node::Open(element) => match element.name {
                "page" => {
                    let size = |name| element.raw(name).and_then(centi).unwrap_or(0);
                    builder.sheet(Sheet {
                        number: 0,
                        width: size("width"),
                        height: size("height"),
                        unit: Unit::Point,
                    });
                }
                "block" => builder.block(),
                "line" => builder.start_line(bbox(&element)),
                "word" => word = Some((bbox(&element), Vec::new())),
                _ => {}
            },
            Node::Close("word") => {
                if let Some((bbox, text)) = word.take() {
                    builder.word(bbox, None, &text);
                }
            }
            Node::Close("line") => builder.end_line(),
            Node::Close(_) => {}
            Node::Text(text) => {
                if let Some(word) = &mut word {
                    word.1.extend(text);
                }
            }
        }
    }
    walker.finish(builder);
    Ok(())
}
