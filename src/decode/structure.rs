//! JSON of PP-StructureV3: blocks of a page with label, content and place in reading order, and,
//! unless it was left out, the lines that PaddleOCR read in them.

use super::DecodeError;
use super::build::{Builder, Chunk};
use super::geometry::Bbox;
use super::json::{Object, Value};
use super::rapidocr::{Entry, Reader, TEXTS, bbox, get, sheet};

/// The list of blocks.
const BLOCKS: &str = "parsing_res_list";
/// What PaddleOCR read.
const LINES: &str = "overall_ocr_res";

/// Elements of HTML in a block that begin a line …
const ROWS: [&str; 4] = ["tr", "p", "div", "br"];
/// … and those that begin a word.
const CELLS: [&str; 2] = ["td", "th"];

/// True for what is such JSON.
pub(super) fn looks_like(text: &str) -> bool {
    text.contains("\"parsing_res_list\"")
}

/// A block.
struct Block<'v> {
    bbox: Option<Bbox>,
    /// Its place in reading order. What stands outside of that, as headers and page numbers do,
    /// comes behind the block that the list has before it.
    rank: u32,
    content: Option<Value<'v>>,
}

impl Block<'_> {
    fn holds(&self, line: Bbox) -> bool {
        let (x, y) = (line.x0.midpoint(line.x1), line.y0.midpoint(line.y1));
        self.bbox
            .is_some_and(|b| (b.x0..=b.x1).contains(&x) && (b.y0..=b.y1).contains(&y))
    }

    fn area(&self) -> i64 {
        self.bbox
            .map_or(i64::MAX, |b| i64::from(b.width()) * i64::from(b.height()))
    }
}

fn blocks<'v>(list: &[Value<'v>]) -> Vec<Block<'v>> {
    let mut rank = 0;
    let objects = list.iter().filter_map(|value| value.object());
    let blocks = objects.map(|object| {
        let order = object.get("block_order").and_then(|v| v.number());
        rank = order.and_then(|text| text.parse().ok()).unwrap_or(rank);
        Block {
            bbox: object.get("block_bbox").and_then(|v| bbox(*v)),
            rank,
            content: object.get("block_content").copied(),
        }
    });
    blocks.collect()
}

/// Reads the page that `object` is; false when it is none of this kind.
pub(super) fn page(
    reader: &Reader,
    builder: &mut Builder<'_>,
    object: &Object<'_>,
) -> Result<bool, DecodeError> {
    let Some(list) = object.get(BLOCKS).and_then(|value| value.list()) else {
        return Ok(false);
    };
    let blocks = blocks(&list);
    let read = object.get(LINES).and_then(|value| value.object());
    let lines = match &read {
        Some(read) => match get(read, &TEXTS) {
            Some(texts) => reader.columns(builder, texts, read)?,
            None => Vec::new(),
        },
        None => Vec::new(),
    };
    builder.sheet(sheet(Some(object)));
    let before = builder.blocks();
    if lines.is_empty() {
        for (i, block) in blocks.iter().enumerate() {
            builder.in_block(before + i as u32 + 1);
            builder.slot(block.rank);
            content(builder, block);
        }
    } else {
        lines
            .iter()
            .for_each(|line| place(builder, line, &blocks, before));
    }
    builder.in_block(before + blocks.len() as u32);
    builder.slot(0);
    Ok(true)
}

/// Pushes a line that was read, as one of the smallest block that it stands in; what stands in none
/// comes last.
fn place(builder: &mut Builder<'_>, line: &Entry, blocks: &[Block<'_>], before: u32) {
    let around = line.bbox.and_then(|bbox| {
        let holding = blocks.iter().enumerate().filter(|(_, b)| b.holds(bbox));
        holding.min_by_key(|(_, block)| block.area())
    });
    builder.in_block(around.map_or(0, |(i, _)| before + i as u32 + 1));
    builder.slot(around.map_or(u32::MAX, |(_, block)| block.rank));
    line.push(builder);
}

/// Pushes the content of a block. Its lines have the box of the block, and no score.
fn content(builder: &mut Builder<'_>, block: &Block<'_>) {
    let chunks = block.content.and_then(Value::text).unwrap_or_default();
    let source = builder.source();
    let html = matches!(chunks.first(), Some(Chunk::Copy(range)) if source[range.clone()].trim_start().starts_with('<'));
    let begin = |builder: &mut Builder<'_>| {
        builder.start_line(block.bbox);
        builder.start_word(None, None);
    };
    begin(builder);
    // The tag that is open, as far as it was read.
    let mut tag: Option<String> = None;
    for chunk in chunks {
        match chunk {
            Chunk::Char('\n', _) if tag.is_none() => begin(builder),
            Chunk::Copy(range) if html => {
                let mut at = range.start;
                for part in source[range].split_inclusive(['<', '>']) {
                    let text = part.trim_end_matches(['<', '>']);
                    match &mut tag {
                        Some(tag) => tag.push_str(text),
                        None => builder.push(&Chunk::Copy(at..at + text.len())),
                    }
                    at += part.len();
                    if part.ends_with('<') {
                        tag = Some(String::new());
                    } else if part.ends_with('>') {
                        match tag.take().as_deref().map(element) {
                            Some(name) if ROWS.contains(&name) => begin(builder),
                            Some(name) if CELLS.contains(&name) => builder.start_word(None, None),
                            _ => {}
                        }
                    }
                }
            }
            chunk if tag.is_none() => builder.push(&chunk),
            _ => {}
        }
    }
    builder.end_line();
}

/// The name of the element that a tag begins.
fn element(tag: &str) -> &str {
    let end = tag.find(|c: char| !c.is_ascii_alphanumeric());
    &tag[..end.unwrap_or(tag.len())]
}
