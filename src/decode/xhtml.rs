//! What poppler's `pdftotext -bbox-layout` writes: pages, blocks, lines and words with boxes in
//! points.

use super::DecodeError;
use super::build::Builder;
use super::geometry::{Bbox, Sheet, Unit, centi};
use super::xml::{Element, Node, Walker};

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
    let mut walker = Walker::new(builder.source(), "pdftotext -bbox-layout");
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
                "word" => builder.start_word(bbox(&element), None),
                _ => {}
            },
            Node::Close("word") => builder.end_word(),
            Node::Close("line") => builder.end_line(),
            Node::Close(_) => {}
            Node::Text(chunks) if builder.in_word() => {
                chunks.iter().for_each(|chunk| builder.push(chunk));
            }
            Node::Text(_) => {}
        }
    }
    walker.finish(builder);
    Ok(())
}
