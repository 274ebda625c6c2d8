//! What `tesseract … tsv` writes: a row a page, block, paragraph, line and word, its fields parted
//! by tabs. Quotes are text like any other.

use super::DecodeError;
use super::build::{Builder, Chunk};
use super::geometry::{Bbox, Confidence, Sheet, Unit, centi};

/// For messages.
const FORMAT: &str = "tesseract's TSV";

/// The columns that are read, as the header calls them, in the order of files without header.
const COLUMNS: [&str; 12] = [
    "level",
    "page_num",
    "block_num",
    "par_num",
    "line_num",
    "word_num",
    "left",
    "top",
    "width",
    "height",
    "conf",
    "text",
];
const LEVEL: usize = 0;
const PAGE: usize = 1;
const LINE: usize = 4;
const LEFT: usize = 6;
const CONF: usize = 10;
const TEXT: usize = 11;
/// What a row of a word says in column `level`.
const WORD: usize = 5;

/// The fields of a row, each with the byte of the row that it begins at.
fn fields(row: &str) -> impl Iterator<Item = (usize, &str)> {
    row.split('\t').scan(0, |at, field| {
        let start = *at;
        *at += field.len() + 1;
        Some((start, field))
    })
}

/// True for what begins like such a table.
pub(super) fn looks_like(start: &str) -> bool {
    let row = start.lines().next().unwrap_or_default();
    Header::named(row).is_some() || is_structure(row)
}

/// True for a row that begins with ten numbers: a table without header.
fn is_structure(row: &str) -> bool {
    let numbers = fields(row).take(CONF + 1);
    let numbers = numbers.filter(|(_, field)| centi(field).is_some());
    numbers.count() > CONF && matches!(row.as_bytes(), [b'1'..=b'5', b'\t', ..])
}

/// Which field of a row each of [`COLUMNS`] is.
struct Header([usize; COLUMNS.len()]);

impl Header {
    /// As the row says; none when it is no header.
    fn named(row: &str) -> Option<Self> {
        let mut found = [0; COLUMNS.len()];
        for (place, name) in found.iter_mut().zip(COLUMNS) {
            *place = fields(row).position(|(_, field)| field.trim() == name)?;
        }
        Some(Self(found))
    }
}

/// A row of the table.
struct Row<'d> {
    fields: Vec<(usize, &'d str)>,
    header: &'d Header,
}

impl<'d> Row<'d> {
    fn field(&self, column: usize) -> Option<(usize, &'d str)> {
        self.fields.get(self.header.0[column]).copied()
    }

    /// A column of numbers; what stands there when it is none.
    fn number(&self, column: usize) -> Result<i32, (usize, String)> {
        let (at, text) = self.field(column).unwrap_or_default();
        centi(text).ok_or_else(|| {
            let name = COLUMNS[column];
            (at, format!("{text:?} in column {name}; expected a number"))
        })
    }

    fn bbox(&self) -> Result<Bbox, (usize, String)> {
        let number = |i| self.number(LEFT + i);
        let (x, y) = (number(0)?, number(1)?);
        Ok(Bbox::new(x, y, x + number(2)?, y + number(3)?))
    }
}

/// Page, block, paragraph and line that are being read.
type Place = [i32; LINE];

/// Reads it.
pub(super) fn read(builder: &mut Builder<'_>) -> Result<(), DecodeError> {
    let source = builder.source();
    let mut header = Header(std::array::from_fn(|i| i));
    let mut place = [-1; LINE];
    let mut end = 0;
    for line in source.split_inclusive('\n') {
        let start = end;
        end += line.len();
        let row = line.trim_end_matches(['\n', '\r']);
        if let Some(named) = Header::named(row) {
            header = named;
            continue;
        }
        if row.trim().is_empty() {
            continue;
        }
        let fields = fields(row).collect();
        let row = Row {
            fields,
            header: &header,
        };
        let ended = line.ends_with('\n');
        match push(builder, start, &row, &mut place) {
            Ok(()) if ended => {}
            // Without the end of its row a word may lack some of its figures.
            Ok(()) => builder.broken_off(end, "without the end of its last row"),
            Err(_) if !ended => builder.broken_off(end, "inside a row"),
            Err((at, message)) => return Err(builder.malformed(FORMAT, start + at, message)),
        }
    }
    Ok(())
}

/// Begins what a row begins; a word also what is around it and has no row of its own.
fn push(
    builder: &mut Builder<'_>,
    start: usize,
    row: &Row<'_>,
    place: &mut Place,
) -> Result<(), (usize, String)> {
    let level = (row.number(LEVEL)? / 100) as usize;
    if !(1..=WORD).contains(&level) {
        return Err((0, format!("level {level}; expected 1 to {WORD}")));
    }
    let mut of: Place = [0; LINE];
    for (i, number) in of.iter_mut().enumerate() {
        *number = row.number(PAGE + i)?;
    }
    let bbox = row.bbox()?;
    let (conf_at, conf) = row.field(CONF).unwrap_or_default();
    let confidence = Confidence::parse(conf, 100);
    if confidence.is_none() && centi(conf).is_none() {
        return Err((
            conf_at,
            format!("{conf:?} in column conf; expected a number"),
        ));
    }
    let around = level.min(LINE);
    let known = (0..around).take_while(|&i| of[i] == place[i]).count();
    for begun in known.min(level - 1)..around {
        let own = (begun + 1 == level).then_some(bbox);
        match begun {
            0 => builder.sheet(Sheet {
                number: 0,
                width: own.map_or(0, Bbox::width),
                height: own.map_or(0, Bbox::height),
                unit: Unit::Pixel,
            }),
            1 | 2 => builder.block(),
            _ => builder.start_line(own),
        }
    }
    place[..around].copy_from_slice(&of[..around]);
    place[around..].fill(-1);
    if level == WORD
        && let Some((at, text)) = row.field(TEXT)
    {
        let at = start + at;
        builder.word(Some(bbox), confidence, &[Chunk::Copy(at..at + text.len())]);
    }
    Ok(())
}
