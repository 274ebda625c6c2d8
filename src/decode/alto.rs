//! ALTO XML, versions 1 to 4: pages, blocks, lines and `String`s with boxes and confidences.
//!
//! Source: <https://www.loc.gov/standards/alto/>.

use std::collections::{BTreeMap, BTreeSet};

use super::DecodeError;
use super::build::Builder;
use super::geometry::{Bbox, Confidence, Sheet, Unit, centi};
use super::xml::{self, Dialect, Element, Node, Walker};

/// The last release of tesseract that writes confidences wrongly, see [`tesseract_confidence`].
const LAST_WRONG: [u32; 3] = [5, 5, 2];

/// The place in the reading order of what it does not name: behind all else.
const UNNAMED: u32 = u32::MAX;

/// The least sure digit of a `CC`.
const UNSURE: u32 = 9;

/// Reads ALTO.
pub(super) fn read(builder: &mut Builder<'_>) -> Result<(), DecodeError> {
    let source = builder.source();
    let mut walker = Walker::new(source, "ALTO", Dialect::Xml("alto"));
    let mut reader = Reader::default();
    while let Some(node) = walker.next(builder)? {
        match node {
            Node::Open(element) => reader.open(&element, builder),
            Node::Close(name) => reader.close(name, builder),
            Node::Text(text) => reader.text += &xml::written(source, &text),
        }
    }
    reader.order(builder);
    walker.finish(builder);
    Ok(())
}

/// What has been read and is needed further on.
#[derive(Default)]
struct Reader<'d> {
    /// Text of the element that began last.
    text: String,
    unit: Unit,
    program: Program,
    /// The engine is a tesseract that writes confidences wrongly.
    is_wrong: bool,
    /// What the reading order names, with its place there.
    ranks: BTreeMap<&'d str, u32>,
    blocks: Blocks<'d>,
}

impl<'d> Reader<'d> {
    fn open(&mut self, element: &Element<'d>, builder: &mut Builder<'_>) {
        self.text.clear();
        match element.name {
            "ElementRef" => {
                let named = element.raw("REF").unwrap_or_default();
                for id in named.split_ascii_whitespace() {
                    let rank = self.ranks.len() as u32;
                    self.ranks.entry(id).or_insert(rank);
                }
            }
            "preProcessingStep" | "postProcessingStep" => self.program.is_engine = false,
            "ocrProcessingStep" | "Processing" => self.program.is_engine = true,
            "processingSoftware" => self.program.name.clear(),
            "Page" => {
                let size = |name| element.raw(name).and_then(centi).unwrap_or(0);
                builder.sheet(Sheet {
                    number: 0,
                    width: size("WIDTH"),
                    height: size("HEIGHT"),
                    unit: self.unit,
                });
            }
            "ComposedBlock" | "TextBlock" => {
                builder.block();
                self.blocks.open(element);
            }
            "TextLine" => {
                builder.slot(self.slot(element));
                builder.start_line(bbox(element));
            }
            "String" => self.string(element, builder),
            "HYP" => hyphen(element, builder),
            _ => {}
        }
    }

    fn close(&mut self, name: &str, builder: &mut Builder<'_>) {
        match name {
            "MeasurementUnit" => {
                self.unit = match self.text.trim() {
                    "mm10" => Unit::Mm10,
                    "inch1200" => Unit::Inch1200,
                    _ => Unit::Pixel,
                }
            }
            // ALTO 4 says with the step itself whether it made the text.
            "processingCategory" => {
                self.program.is_engine = self.text.trim() == "contentGeneration"
            }
            "softwareName" => self.program.name.insert_str(0, self.text.trim()),
            "softwareVersion" => {
                self.program.name.push(' ');
                self.program.name += self.text.trim();
            }
            "processingSoftware" if self.program.says_more() => {
                self.program.is_known = self.program.is_engine;
                self.is_wrong = is_wrong_tesseract(self.program.name.trim());
                builder.writer = Some(self.program.name.trim().to_owned());
            }
            "ComposedBlock" | "TextBlock" => self.blocks.close(),
            "TextLine" => builder.end_line(),
            _ => {}
        }
    }

    fn string(&self, element: &Element<'_>, builder: &mut Builder<'_>) {
        builder.start_word(bbox(element), self.confidence(element));
        // Not ended: a hyphen without a box belongs to it.
        let text = element.chunks("CONTENT").unwrap_or_default();
        text.iter().for_each(|chunk| builder.push(chunk));
    }

    fn confidence(&self, element: &Element<'_>) -> Option<Confidence> {
        let word = element.raw("WC").and_then(|wc| {
            let mended = self.is_wrong.then(|| tesseract_confidence(wc)).flatten();
            mended.or_else(|| Confidence::parse(wc, 1))
        });
        word.or_else(|| by_characters(element.raw("CC")?))
    }

    /// The slot of a line: its place in the reading order, else its block.
    fn slot(&self, line: &Element<'_>) -> u32 {
        if self.ranks.is_empty() {
            return self.blocks.texts;
        }
        let own = line.raw("ID").into_iter();
        let around = self.blocks.open.iter().rev().filter_map(|b| b.id);
        let mut ranks = own.chain(around).filter_map(|id| self.ranks.get(id));
        ranks.next().copied().unwrap_or(UNNAMED)
    }

    fn order(&self, builder: &mut Builder<'_>) {
        if !self.ranks.is_empty() {
            builder.reorder(|slot| slot as usize);
        } else if let Some(ranks) = self.blocks.ranks() {
            builder.reorder(|slot| ranks.get(slot as usize).copied().unwrap_or(0));
        }
    }
}

fn bbox(element: &Element<'_>) -> Option<Bbox> {
    let edge = |name| element.raw(name).and_then(centi);
    let (x, y) = (edge("HPOS")?, edge("VPOS")?);
    Some(Bbox::new(x, y, x + edge("WIDTH")?, y + edge("HEIGHT")?))
}

/// A hyphen that was printed at the end of a line.
fn hyphen(element: &Element<'_>, builder: &mut Builder<'_>) {
    let bbox = bbox(element);
    if bbox.is_some() || !builder.in_word() {
        builder.start_word(bbox, None);
    }
    let text = element.chunks("CONTENT").unwrap_or_default();
    text.iter().for_each(|chunk| builder.push(chunk));
    builder.end_word();
}

/// The confidence that tesseract up to 5.5.2 means by a `WC`. It writes the whole percents behind
/// `0.`: `0.93` of 93, but `0.7` of 7 and `0.100` of 100, so nothing is lost but what is behind the
/// point of the percents.
///
/// Source: <https://github.com/tesseract-ocr/tesseract/issues/4615>.
fn tesseract_confidence(wc: &str) -> Option<Confidence> {
    let percents = wc.trim().strip_prefix("0.")?;
    let is_whole = percents.len() <= 3 && percents.bytes().all(|b| b.is_ascii_digit());
    Confidence::parse(percents, 100).filter(|_| is_whole)
}

/// True for a tesseract that writes confidences so; one that does not say its version is taken for
/// one.
fn is_wrong_tesseract(writer: &str) -> bool {
    let lower = writer.to_ascii_lowercase();
    let Some(version) = lower.strip_prefix("tesseract") else {
        return false;
    };
    let mut numbers = version
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|n| n.parse().ok());
    let Some(major) = numbers.next() else {
        return true;
    };
    let mut next = || numbers.next().unwrap_or(0);
    [major, next(), next()] <= LAST_WRONG
}

/// The confidence of a word by its `CC`, a digit for each character, 0 being sure and 9 unsure: that
/// of the least sure one, for a number is wrong when one figure is.
fn by_characters(cc: &str) -> Option<Confidence> {
    let worst = cc.chars().filter_map(|c| c.to_digit(10)).max()?;
    let full = u32::from(Confidence::FULL);
    Some(Confidence(((UNSURE - worst) * full / UNSURE) as u16))
}

/// A program that the description names.
#[derive(Default)]
struct Program {
    name: String,
    /// It is one of the step that made the text.
    is_engine: bool,
    /// Such a one was met.
    is_known: bool,
}

impl Program {
    /// True when it is the writer rather than those before it.
    fn says_more(&self) -> bool {
        !self.name.trim().is_empty() && !self.is_known
    }
}

/// A block, or several in one.
struct Block<'d> {
    id: Option<&'d str>,
    /// Identifier of the block to be read next.
    next: Option<&'d str>,
    /// Number of its first block of text …
    first: u32,
    /// … and of its last.
    last: u32,
}

/// The blocks of the layout and what leads from one to another.
#[derive(Default)]
struct Blocks<'d> {
    open: Vec<Block<'d>>,
    done: Vec<Block<'d>>,
    /// Number of blocks of text so far, the number of the last.
    texts: u32,
}

impl<'d> Blocks<'d> {
    fn open(&mut self, element: &Element<'d>) {
        let first = self.texts + 1;
        self.texts += u32::from(element.name == "TextBlock");
        self.open.push(Block {
            id: element.raw("ID"),
            next: element.raw("IDNEXT"),
            first,
            last: first,
        });
    }

    fn close(&mut self) {
        if let Some(mut block) = self.open.pop() {
            block.last = self.texts;
            self.done.push(block);
        }
    }

    /// The places of the blocks of text, by their numbers; none where no block leads to another.
    fn ranks(&self) -> Option<Vec<usize>> {
        let firsts: BTreeMap<&str, u32> = self
            .done
            .iter()
            .filter(|b| b.first <= b.last)
            .filter_map(|b| Some((b.id?, b.first)))
            .collect();
        let mut links: BTreeMap<u32, u32> = self
            .done
            .iter()
            .filter_map(|b| Some((b.last, *firsts.get(b.next?)?)))
            .collect();
        if links.is_empty() {
            return None;
        }
        // Blocks in a block that is led to, or leads on, are read one after another.
        let named: BTreeSet<&str> = self.done.iter().filter_map(|b| b.next).collect();
        let is_named =
            |b: &&Block<'_>| b.next.is_some() || b.id.is_some_and(|id| named.contains(id));
        for block in self.done.iter().filter(is_named) {
            for inner in block.first..block.last {
                links.entry(inner).or_insert(inner + 1);
            }
        }
        let mut ranks = vec![None; self.texts as usize + 1];
        let mut count = 0;
        let led_to: BTreeSet<u32> = links.values().copied().collect();
        let starts = (0..=self.texts).filter(|b| !led_to.contains(b));
        // Blocks in a circle have no start.
        for start in starts.chain(0..=self.texts) {
            let mut block = Some(start);
            while let Some(at) = block
                && let Some(rank @ None) = ranks.get_mut(at as usize)
            {
                *rank = Some(count);
                count += 1;
                block = links.get(&at).copied();
            }
        }
        Some(
            ranks
                .into_iter()
                .map(|rank| rank.unwrap_or(count))
                .collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn confidences_of_tesseract() {
        for (wc, want) in [
            ("0.93", Some(9300)),
            ("0.7", Some(700)),
            ("0.0", Some(0)),
            ("0.100", Some(10000)),
            ("1.0", None),
            ("0.9312", None),
            ("0.", None),
            ("0.x", None),
        ] {
            assert_eq!(tesseract_confidence(wc), want.map(Confidence), "{wc}");
        }
    }

    #[test]
    fn versions_of_tesseract() {
        for (writer, want) in [
            ("tesseract 5.3.0", true),
            ("tesseract 5.5.2-12-g1a2b", true),
            ("tesseract v5.1.0.20220510", true),
            ("Tesseract 4", true),
            ("tesseract", true),
            ("tesseract 5.5.3", false),
            ("tesseract 6.0.0", false),
            ("ABBYY FineReader 11", false),
        ] {
            assert_eq!(is_wrong_tesseract(writer), want, "{writer}");
        }
    }

    #[test]
    fn least_sure_character() {
        assert_eq!(by_characters("000"), Some(Confidence(10000)));
        assert_eq!(by_characters("0 9 0"), Some(Confidence(0)));
        assert_eq!(by_characters("03"), Some(Confidence(6666)));
        assert_eq!(by_characters(""), None);
    }
}
