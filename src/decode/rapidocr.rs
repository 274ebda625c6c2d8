//! JSON of RapidOCR and PaddleOCR: boxes with text and score, as entries or as parallel lists. Boxes
//! have four corners, or are two of them.

use super::DecodeError;
use super::build::{Builder, Chunk};
use super::geometry::{Bbox, Confidence, Sheet, Unit, centi};
use super::json::{Document, Object, Value};
use super::structure;

/// For messages.
const FORMAT: &str = "JSON of RapidOCR or PaddleOCR";
/// Lists and objects around the pages are no deeper.
const MAX_DEPTH: usize = 6;

/// What an entry's text is called: by RapidOCR, PaddleOCR, PaddleHub and `PPOCRLabel` …
const TEXT: [&str; 4] = ["text", "txt", "rec_text", "transcription"];
/// … its box …
const BOX: [&str; 6] = [
    "box",
    "points",
    "poly",
    "bbox",
    "text_region",
    "text_box_position",
];
/// … and its score.
const SCORE: [&str; 3] = ["score", "confidence", "rec_score"];
/// What parallel lists of them are called.
pub(super) const TEXTS: [&str; 2] = ["rec_texts", "txts"];
const BOXES: [&str; 4] = ["rec_polys", "rec_boxes", "boxes", "dt_polys"];
const SCORES: [&str; 2] = ["rec_scores", "scores"];
/// What a page or several may stand in.
const AROUND: [&str; 9] = [
    "res",
    "result",
    "results",
    "data",
    "pages",
    "layoutParsingResults",
    "ocrResults",
    "overall_ocr_res",
    "prunedResult",
];

/// True for what begins like such JSON.
pub(super) fn looks_like(text: &str) -> bool {
    let key = |names: &[&str]| {
        names
            .iter()
            .any(|name| text.contains(&format!("\"{name}\"")))
    };
    let compact: String = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .take(64)
        .collect();
    let compact = compact.replace("null,", "");
    let inner = compact.trim_start_matches('[');
    let depth = compact.len() - inner.len();
    let nested = depth > 2 && inner.starts_with(|c: char| c.is_ascii_digit() || "-\"".contains(c));
    key(&TEXTS) || key(&TEXT) && key(&BOX) || nested
}

/// A piece of text that the engine read.
pub(super) struct Entry {
    pub(super) bbox: Option<Bbox>,
    pub(super) score: Option<Confidence>,
    pub(super) text: Vec<Chunk>,
}

impl Entry {
    /// Pushes it as a line of one word.
    pub(super) fn push(&self, builder: &mut Builder<'_>) {
        builder.start_line(self.bbox);
        builder.word(self.bbox, self.score, &self.text);
        builder.end_line();
    }
}

/// Reads it.
pub(super) fn read(builder: &mut Builder<'_>) -> Result<(), DecodeError> {
    let document = Document::new(builder, FORMAT)?;
    let values = document.values();
    let reader = Reader {
        broken: document.is_broken(),
    };
    // An entry a line is one page, as a list of entries is.
    if values.iter().any(|value| entry(*value).is_some()) {
        reader.entries(builder, &values)?;
    } else {
        for value in values {
            reader.pages(builder, value, 0)?;
        }
    }
    builder.reorder(|slot| slot as usize);
    document.finish(builder);
    Ok(())
}

/// The first of `names` that an object has.
pub(super) fn get<'v>(object: &Object<'v>, names: &[&str]) -> Option<Value<'v>> {
    names.iter().find_map(|&name| object.get(name).copied())
}

fn numbers(list: &[Value<'_>]) -> Option<Vec<i32>> {
    list.iter().map(|value| centi(value.number()?)).collect()
}

/// A box: four or more points, or two opposite corners, or the points one number after the other.
pub(super) fn bbox(value: Value<'_>) -> Option<Bbox> {
    let list = value.list()?;
    let flat = match numbers(&list) {
        Some(flat) => flat,
        None => {
            let points = list.iter().map(|point| numbers(&point.list()?));
            let points = points.collect::<Option<Vec<_>>>()?;
            if points.iter().any(|point| point.len() != 2) {
                return None;
            }
            points.concat()
        }
    };
    let points: Vec<_> = flat.chunks_exact(2).map(|p| (p[0], p[1])).collect();
    (points.len() > 1).then(|| Bbox::around(&points)).flatten()
}

fn score(value: Value<'_>) -> Option<Confidence> {
    Confidence::parse(value.number()?, 1)
}

/// An entry, if `value` is one. One without text is too.
fn entry(value: Value<'_>) -> Option<Entry> {
    if let Some(object) = value.object() {
        let around = get(&object, &BOX);
        let text = get(&object, &TEXT);
        if text.is_none() && around.and_then(bbox).is_none() {
            return None;
        }
        return Some(Entry {
            bbox: around.and_then(bbox),
            score: get(&object, &SCORE).and_then(score),
            text: text.and_then(Value::text).unwrap_or_default(),
        });
    }
    let list = value.list()?;
    let (&first, rest) = list.split_first()?;
    let bbox = bbox(first);
    // Behind a box PaddleOCR 2 keeps text and score in a list of their own.
    let inner = rest.first().and_then(|value| value.list());
    let behind = match bbox {
        Some(_) => inner.as_deref().unwrap_or(rest),
        None => &list,
    };
    let (text, sure) = match behind {
        [text, sure, ..] => (text.text(), score(*sure)),
        [text] => (text.text(), None),
        [] => (None, None),
    };
    // Without a box, only a text and its score are an entry.
    if bbox.is_none() && (text.is_none() || sure.is_none()) {
        return None;
    }
    Some(Entry {
        bbox,
        score: sure,
        text: text.unwrap_or_default(),
    })
}

/// The sheet of a page; `object` may say how large it is.
pub(super) fn sheet(object: Option<&Object<'_>>) -> Sheet {
    let size = |name| {
        object
            .and_then(|o| o.get(name))
            .and_then(|v| centi(v.number()?))
    };
    Sheet {
        number: 0,
        width: size("width").unwrap_or(0),
        height: size("height").unwrap_or(0),
        unit: Unit::Pixel,
    }
}

/// One of parallel lists.
struct Column<'v> {
    name: &'static str,
    at: usize,
    items: Vec<Value<'v>>,
}

impl<'v> Column<'v> {
    /// The first of `names` that `object` has.
    fn of(object: &Object<'v>, names: &[&'static str]) -> Option<Self> {
        names.iter().find_map(|&name| {
            let value = object.get(name)?;
            Some(Self {
                name,
                at: value.place().start,
                items: value.list()?,
            })
        })
    }
}

/// Reads pages.
pub(super) struct Reader {
    /// The source breaks off: what is missing at its end is no error.
    pub(super) broken: bool,
}

impl Reader {
    /// A page or several, in whatever they stand.
    fn pages(
        &self,
        builder: &mut Builder<'_>,
        value: Value<'_>,
        depth: usize,
    ) -> Result<(), DecodeError> {
        let unknown = |builder: &Builder<'_>, what| {
            Err(builder.malformed(FORMAT, value.place().start, format!(
                "{what}; expected boxes with text and score, or the lists rec_texts, rec_polys and \
                 rec_scores"
            )))
        };
        if depth > MAX_DEPTH {
            return unknown(builder, "lists inside lists");
        }
        if let Some(object) = value.object() {
            if structure::page(self, builder, &object)? {
                return Ok(());
            }
            if let Some(texts) = get(&object, &TEXTS) {
                builder.sheet(sheet(Some(&object)));
                let entries = self.columns(builder, texts, &object)?;
                entries.iter().for_each(|entry| entry.push(builder));
                return Ok(());
            }
            return match get(&object, &AROUND) {
                Some(inner) => self.pages(builder, inner, depth + 1),
                None if self.broken => Ok(()),
                None => unknown(builder, "an object without text"),
            };
        }
        let Some(items) = value.list() else {
            if value.is_null() {
                builder.sheet(sheet(None)); // a page on which nothing was found
                return Ok(());
            }
            return unknown(builder, "a value that is no page");
        };
        if items.is_empty() || items.iter().any(|item| entry(*item).is_some()) {
            return self.entries(builder, &items);
        }
        // Behind its pages RapidOCR may say how long each of its steps took.
        let timing = |item: &Value<'_>| item.number().is_some();
        let pages = items.into_iter().filter(|item| {
            let list = item.list().unwrap_or_default();
            !timing(item) && (list.is_empty() || !list.iter().all(timing))
        });
        for page in pages {
            self.pages(builder, page, depth + 1)?;
        }
        Ok(())
    }

    /// A page of entries.
    fn entries(&self, builder: &mut Builder<'_>, items: &[Value<'_>]) -> Result<(), DecodeError> {
        builder.sheet(sheet(None));
        for item in items {
            match entry(*item) {
                Some(entry) => entry.push(builder),
                None if item.is_null() || self.broken => {}
                None => {
                    let message = "expected a box with text and score".to_owned();
                    return Err(builder.malformed(FORMAT, item.place().start, message));
                }
            }
        }
        Ok(())
    }

    /// The entries of parallel lists.
    pub(super) fn columns(
        &self,
        builder: &Builder<'_>,
        texts: Value<'_>,
        object: &Object<'_>,
    ) -> Result<Vec<Entry>, DecodeError> {
        let texts = texts.list().unwrap_or_default();
        let boxes = Column::of(object, &BOXES);
        let scores = Column::of(object, &SCORES);
        for column in boxes.iter().chain(&scores) {
            if column.items.len() != texts.len() && !self.broken {
                let message = format!(
                    "{} has {} entries where there are {} texts; expected as many",
                    column.name,
                    column.items.len(),
                    texts.len()
                );
                return Err(builder.malformed(FORMAT, column.at, message));
            }
        }
        let entries = texts.iter().enumerate().map(|(i, text)| Entry {
            bbox: boxes.as_ref().and_then(|c| bbox(*c.items.get(i)?)),
            score: scores.as_ref().and_then(|c| score(*c.items.get(i)?)),
            text: text.text().unwrap_or_default(),
        });
        Ok(entries.collect())
    }
}
