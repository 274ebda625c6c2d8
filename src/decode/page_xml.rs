//! PAGE XML of the years 2009 to 2019: regions, lines, words and glyphs with polygons and, for each,
//! one or more readings.
//!
//! Source: <https://github.com/PRImA-Research-Lab/PAGE-XML>.

use std::collections::BTreeMap;

use super::DecodeError;
use super::build::{Builder, Chunk};
use super::geometry::{Bbox, Confidence, Sheet, Unit, centi};
use super::xml::{self, Dialect, Element, Node, Walker};

/// The place in the reading order of what it does not name: behind all else.
const UNNAMED: u32 = u32::MAX;

/// Reads PAGE XML.
pub(super) fn read(builder: &mut Builder<'_>) -> Result<(), DecodeError> {
    let source = builder.source();
    let mut walker = Walker::new(source, "PAGE XML", Dialect::Xml("PcGts"));
    let mut reader = Reader {
        source,
        path: Vec::new(),
        items: Vec::new(),
        reading: None,
        text: Vec::new(),
        order: ReadingOrder::default(),
        regions: 0,
        written: 0,
    };
    while let Some(node) = walker.next(builder)? {
        match node {
            Node::Open(element) => reader.open(&element, builder),
            Node::Close(_) => reader.close(builder),
            Node::Text(text) => reader.text.extend(text),
        }
    }
    // What is whole of a region that the file breaks off in; half a word may be half a number.
    while let Some(item) = reader.items.pop() {
        if matches!(item.level, Level::Region | Level::Line) {
            reader.write(item, builder);
        }
    }
    builder.reorder(|slot| slot as usize);
    walker.finish(builder);
    Ok(())
}

/// What has text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd)]
enum Level {
    Region,
    Line,
    Word,
    Glyph,
}

fn level(name: &str) -> Option<Level> {
    match name {
        "TextLine" => Some(Level::Line),
        "Word" => Some(Level::Word),
        "Glyph" => Some(Level::Glyph),
        // regions of text in tables, pictures … have their place
        _ => name.ends_with("Region").then_some(Level::Region),
    }
}

/// One of several readings.
struct Reading {
    /// The lowest is the best; those without one come first.
    index: Option<i64>,
    confidence: Option<Confidence>,
    text: Vec<Chunk>,
}

/// A region, line, word or glyph.
struct Item {
    level: Level,
    /// Of a region: which it is, from 1.
    number: u32,
    /// Of a region: its place in the reading order.
    rank: u32,
    points: Vec<(i32, i32)>,
    reading: Option<Reading>,
    /// The words of a line, the glyphs of a word.
    parts: Vec<Item>,
    /// Of a region: one of its lines has text.
    has_lines: bool,
}

impl Item {
    fn bbox(&self) -> Option<Bbox> {
        Bbox::around(&self.points)
    }

    /// Its text with confidence: its own, else that of its parts.
    fn text(&self) -> Option<(Option<Confidence>, Vec<Chunk>)> {
        if let Some(reading) = &self.reading {
            return Some((reading.confidence, reading.text.clone()));
        }
        let parts: Vec<_> = self.parts.iter().filter_map(Self::text).collect();
        let least = parts.iter().filter_map(|(confidence, _)| *confidence).min();
        let text: Vec<Chunk> = parts.into_iter().flat_map(|(_, text)| text).collect();
        (!text.is_empty()).then_some((least, text))
    }
}

struct Reader<'d> {
    source: &'d str,
    /// Names of the open elements; empty for one that is misplaced.
    path: Vec<&'d str>,
    /// Open regions, lines, words and glyphs, innermost last.
    items: Vec<Item>,
    /// The reading that is open.
    reading: Option<Reading>,
    /// Text of the element that began last.
    text: Vec<Chunk>,
    order: ReadingOrder<'d>,
    /// Regions so far.
    regions: u32,
    /// The region that the last line was written of.
    written: u32,
}

impl<'d> Reader<'d> {
    fn open(&mut self, element: &Element<'d>, builder: &mut Builder<'_>) {
        self.text.clear();
        let parent = self.path.last().copied().unwrap_or_default();
        let name = if self.is_misplaced(element.name) {
            ""
        } else {
            element.name
        };
        self.path.push(name);
        match name {
            name if let Some(level) = level(name) => self.begin(level, element),
            "Page" => {
                let size = |name| element.raw(name).and_then(centi).unwrap_or(0);
                builder.sheet(Sheet {
                    number: 0,
                    width: size("imageWidth"),
                    height: size("imageHeight"),
                    unit: Unit::Pixel,
                });
            }
            "Coords" if level(parent).is_some() => {
                let points = element.raw("points").unwrap_or_default();
                let point = |p: &str| p.split_once(',').and_then(|(x, y)| centi(x).zip(centi(y)));
                self.add_points(points.split_ascii_whitespace().filter_map(point));
            }
            // before 2013
            "Point" if parent == "Coords" && self.is_in_item() => {
                let edge = |name| element.raw(name).and_then(centi);
                self.add_points(edge("x").zip(edge("y")));
            }
            "TextEquiv" if level(parent).is_some() => {
                self.reading = Some(Reading {
                    index: element.raw("index").and_then(|i| i.trim().parse().ok()),
                    confidence: element.raw("conf").and_then(|c| Confidence::parse(c, 1)),
                    text: Vec::new(),
                });
            }
            _ => self.order.open(element),
        }
    }

    /// True for a line in a word, and what else would have what is inside written before what is around:
    /// no page has it, and it counts as no element.
    fn is_misplaced(&self, name: &str) -> bool {
        let Some(level) = level(name) else {
            return false;
        };
        let inside = |around: &Item| around.level >= level && around.level != Level::Region;
        self.path.contains(&"TextEquiv") || self.items.last().is_some_and(inside)
    }

    fn begin(&mut self, level: Level, element: &Element<'d>) {
        let around = self.items.last();
        let rank = match element.raw("id").and_then(|id| self.order.ranks.get(id)) {
            Some(&rank) if level == Level::Region => rank,
            _ => around.map_or(UNNAMED, |item| item.rank),
        };
        self.regions += u32::from(level == Level::Region);
        let number = match level {
            Level::Region => self.regions,
            _ => around.map_or(0, |item| item.number),
        };
        self.items.push(Item {
            level,
            number,
            rank,
            points: Vec::new(),
            reading: None,
            parts: Vec::new(),
            has_lines: false,
        });
    }

    /// True when the element around the one that began last is the child of an item.
    fn is_in_item(&self) -> bool {
        let around = self.path.iter().rev().nth(2);
        around.is_some_and(|name| level(name).is_some())
    }

    fn add_points(&mut self, points: impl IntoIterator<Item = (i32, i32)>) {
        if let Some(item) = self.items.last_mut() {
            item.points.extend(points);
        }
    }

    fn close(&mut self, builder: &mut Builder<'_>) {
        match self.path.pop().unwrap_or_default() {
            "Creator" => builder.writer = Some(xml::written(self.source, &self.text)),
            "Unicode" => {
                if let Some(reading) = &mut self.reading {
                    reading.text = std::mem::take(&mut self.text);
                }
            }
            "TextEquiv" => self.end_reading(),
            name if level(name).is_some() => {
                if let Some(item) = self.items.pop() {
                    self.write(item, builder);
                }
            }
            name => self.order.close(name),
        }
    }

    /// Keeps the reading of the innermost item that has the lowest index.
    fn end_reading(&mut self) {
        let (Some(reading), Some(item)) = (self.reading.take(), self.items.last_mut()) else {
            return;
        };
        let is_blank = xml::written(self.source, &reading.text).trim().is_empty();
        let is_better = match &item.reading {
            Some(known) => reading.index < known.index,
            None => true,
        };
        if is_better && !is_blank {
            item.reading = Some(reading);
        }
    }

    /// Writes an item that is whole, or gives it to the one around it.
    fn write(&mut self, item: Item, builder: &mut Builder<'_>) {
        match item.level {
            Level::Region if !item.has_lines => self.write_text(&item, builder),
            Level::Region => {}
            Level::Line => self.write_line(&item, builder),
            Level::Word | Level::Glyph => {
                if let Some(around) = self.items.last_mut() {
                    around.parts.push(item);
                }
            }
        }
    }

    fn write_line(&mut self, line: &Item, builder: &mut Builder<'_>) {
        let words: Vec<_> = line
            .parts
            .iter()
            .filter_map(|word| Some((word.bbox(), word.text()?)))
            .collect();
        let own = line.reading.as_ref();
        if words.is_empty() && own.is_none() {
            return;
        }
        self.start_line(line, builder);
        for (bbox, (confidence, text)) in &words {
            builder.word(*bbox, *confidence, text);
        }
        if let Some(reading) = own.filter(|_| words.is_empty()) {
            builder.word(None, reading.confidence, &reading.text);
        }
        builder.end_line();
    }

    /// Writes a region that has no lines: those of its text.
    fn write_text(&mut self, region: &Item, builder: &mut Builder<'_>) {
        let Some(reading) = &region.reading else {
            return;
        };
        for line in lines(self.source, &reading.text) {
            self.start_line(region, builder);
            builder.word(None, reading.confidence, &line);
            builder.end_line();
        }
    }

    /// Begins the line of `item`, which all that is open stands around.
    fn start_line(&mut self, item: &Item, builder: &mut Builder<'_>) {
        for around in &mut self.items {
            around.has_lines = true;
        }
        if self.written != item.number {
            self.written = item.number;
            builder.block();
            builder.slot(item.rank);
        }
        builder.start_line(item.bbox());
    }
}

/// Text cut at its line feeds.
fn lines(source: &str, text: &[Chunk]) -> Vec<Vec<Chunk>> {
    let mut lines = vec![Vec::new()];
    let mut add = |chunk: Option<Chunk>, ends: bool| {
        if let (Some(chunk), Some(line)) = (chunk, lines.last_mut()) {
            line.push(chunk);
        }
        if ends {
            lines.push(Vec::new());
        }
    };
    for chunk in text {
        match chunk {
            Chunk::Char('\n', _) => add(None, true),
            Chunk::Char(..) => add(Some(chunk.clone()), false),
            Chunk::Copy(range) => {
                let mut at = range.start;
                for piece in source[range.clone()].split_inclusive('\n') {
                    let end = at + piece.len();
                    add(Some(Chunk::Copy(at..end)), piece.ends_with('\n'));
                    at = end;
                }
            }
        }
    }
    lines
}

/// What a group of the reading order holds, in its order: index and identifiers of regions.
type Group<'d> = Vec<(i64, Vec<&'d str>)>;

/// The reading order.
#[derive(Default)]
struct ReadingOrder<'d> {
    /// Open groups with their own index, innermost last.
    groups: Vec<(i64, Group<'d>)>,
    /// The places of regions, by identifier.
    ranks: BTreeMap<&'d str, u32>,
}

impl<'d> ReadingOrder<'d> {
    fn open(&mut self, element: &Element<'d>) {
        let index = element.raw("index").and_then(|i| i.trim().parse().ok());
        let index = index.unwrap_or(0);
        let region = element.raw("regionRef").map(|id| (index, vec![id]));
        match element.name {
            "RegionRef" | "RegionRefIndexed" => {
                if let Some((_, group)) = self.groups.last_mut() {
                    group.extend(region);
                }
            }
            // A group may stand for a region whose parts it orders.
            "OrderedGroup" | "OrderedGroupIndexed" | "UnorderedGroup" | "UnorderedGroupIndexed" => {
                let own = region.map(|(_, ids)| (i64::MIN, ids));
                self.groups.push((index, own.into_iter().collect()));
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        if !name.contains("Group") {
            return;
        }
        let Some((index, mut group)) = self.groups.pop() else {
            return;
        };
        group.sort_by_key(|&(index, _)| index);
        let ids: Vec<&str> = group.into_iter().flat_map(|(_, ids)| ids).collect();
        match self.groups.last_mut() {
            Some((_, around)) => around.push((index, ids)),
            None => {
                for id in ids {
                    let rank = self.ranks.len() as u32;
                    self.ranks.entry(id).or_insert(rank);
                }
            }
        }
    }
}
