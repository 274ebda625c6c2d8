//! Boxes → reading order: the lines of a printed page as people read them, column by column.
//!
//! Engines give lines in an order of their own (RapidOCR row by row across the columns) and glue
//! columns on one line at times, so only the boxes count. A page is cut where no line stands: into
//! columns at white corridors, into bands at headings that span columns, again and again until
//! what is left is one column. What spans a corridor with text beside it (the caption of a picture
//! that stands in two columns) floats: it is read behind the columns.
//!
//! All measures are hundredths of the page's unit, see [`crate::decode::geometry`].

use super::width;
use crate::base::Span;
use crate::decode::{Bbox, Page};

/// A gap of so many hundredths of a character or more parts a line: no blank of text is so wide but in
/// tables and stretched lines, whose pieces find together again.
const PIECE_GAP: i32 = 100;
/// A corridor is at least so wide …
const CORRIDOR: i32 = 50;
/// … and has so many pieces of text or more on either side …
const FEWEST_BESIDE: usize = 3;
/// … of so many hundredths of a character or more in the median, lest a table be torn.
const COLUMN: i32 = 450;
/// One piece in so many may span a corridor.
const SPANNING: usize = 10;
/// The first line of a page is apart from the next by so many hundredths of a character.
const EDGE: i32 = 25;
/// Slants are counted in parts of so many.
const SLANT: i32 = 100_000;
/// The slant of columns is looked for between a piece and so many behind it …
const SLANT_REACH: usize = 80;
/// … that stand so many characters below it or more.
const SLANT_ROWS: i32 = 6;
/// No line has more pieces.
const MOST_ON_LINE: usize = 64;
/// How finely corridors are looked for, in parts of a character.
const BINS: i32 = 4;
/// Letters of a headline are so many hundredths of a character high and wide or more.
const BANNER: i32 = 145;
/// Pages are not cut deeper.
const MAX_DEPTH: u32 = 12;
/// Places between bands that are tried where no corridor runs through.
const MAX_BANDS: usize = 24;
/// Rows to each side that show where the edge of a column is.
const REACH: usize = 6;
/// What stands further to the right than this, in hundredths of a character, is no first line of a
/// paragraph but in a column made narrow, or centred.
const FAR: i32 = 330;
/// A gap between two rows that is so many hundredths of a character wider than usual is a blank line.
const BLANK: i32 = 70;

/// A line as it is to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Printed {
    /// Where it stands in [`Page::text`]: stretches from left to right, one for plain text.
    pub(super) pieces: Vec<Span>,
    /// Index into [`Page::lines`] of the first.
    pub(super) line: u32,
    /// What the boxes show; none for plain text.
    pub(super) place: Option<Place>,
}

/// Where a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Standing {
    /// In a column, or over some as a heading.
    #[default]
    Column,
    /// Beside the lines of its columns.
    Float,
    /// Over the columns, in large letters.
    Banner,
}

/// How a line stands in its column, in quarters of a Han character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Place {
    /// Room before it.
    pub(super) indent: u32,
    /// From the column's left edge to where it ends.
    pub(super) width: u32,
    /// A wider gap than usual stands above it.
    pub(super) blank_before: bool,
    /// A number for each first or last line of a printed page, 0 for all others.
    pub(super) edge: u32,
    /// Where in or beside the columns it stands.
    pub(super) standing: Standing,
    /// It begins a heading over columns, the columns below one, or what floats: no paragraph
    /// goes on from the line before.
    pub(super) apart: bool,
}

/// True where no line has a box: they stay as they are.
pub(super) fn is_plain(page: &Page<'_>) -> bool {
    page.lines.iter().all(|line| line.bbox.is_none())
}

/// The lines of `page` in reading order.
pub(super) fn printed(page: &Page<'_>) -> Vec<Printed> {
    if is_plain(page) {
        let plain = |(i, line): (usize, &crate::decode::Line)| Printed {
            pieces: vec![line.span],
            line: i as u32,
            place: None,
        };
        return page.lines.iter().enumerate().map(plain).collect();
    }
    let mut out = Vec::with_capacity(page.lines.len());
    let mut start = 0;
    while start < page.lines.len() {
        let sheet = page.lines[start].sheet;
        let lines = page.lines[start..].iter();
        let end = start + lines.take_while(|l| l.sheet == sheet).count();
        sheet_order(page, start, end, &mut out);
        start = end;
    }
    out
}

/// A stretch of a line without wide gaps.
#[derive(Debug, Clone, Copy)]
struct Piece {
    span: Span,
    line: u32,
    bbox: Bbox,
    /// As in [`Place`].
    edge: u32,
    /// Room of a Han character in it.
    advance: i32,
}

impl Piece {
    fn middle(&self) -> i32 {
        self.bbox.y0 / 2 + self.bbox.y1 / 2
    }
}

/// Pieces that are read one after the other, from top to bottom.
struct Flow {
    pieces: Vec<Piece>,
    apart: bool,
    standing: Standing,
}

/// Puts lines `start..end` of the page, which are of one printed page, in order behind `out`.
fn sheet_order(page: &Page<'_>, start: usize, end: usize, out: &mut Vec<Printed>) {
    let Some(em) = character(page, start, end) else {
        // Boxes for none of the lines: the order of the file.
        out.extend((start..end).map(|i| Printed {
            pieces: vec![page.lines[i].span],
            line: i as u32,
            place: None,
        }));
        return;
    };
    let mut pieces = pieces(page, start, end, em);
    mark_edges(&mut pieces, em, page.lines[start].sheet * 2 + 1);
    straighten(&mut pieces, em);
    let mut cutter = Cutter {
        em,
        flows: Vec::new(),
    };
    cutter.region(pieces, false, 0);
    for flow in &cutter.flows {
        rows(flow, em, out);
    }
}

/// Room of a Han character on a printed page: the median over its longer lines.
fn character(page: &Page<'_>, start: usize, end: usize) -> Option<i32> {
    let size = |least: i32| {
        let mut sizes: Vec<i32> = page.lines[start..end]
            .iter()
            .filter_map(|line| {
                let (bbox, quarters) = (line.bbox?, quarters(page, line.span));
                (quarters >= least).then(|| advance(bbox, quarters))
            })
            .collect();
        sizes.sort_unstable();
        sizes.get(sizes.len() / 2).copied().filter(|&s| s > 0)
    };
    size(32).or_else(|| size(4))
}

/// Room of the characters of a stretch of the page, in quarters of a Han character.
fn quarters(page: &Page<'_>, span: Span) -> i32 {
    let text = span.of(&page.text).chars();
    text.map(|c| width::quarters(c) as i32).sum()
}

/// Room of a Han character in a box that holds so many quarters of one.
fn advance(bbox: Bbox, quarters: i32) -> i32 {
    (i64::from(bbox.width()) * 4 / i64::from(quarters.max(1))) as i32
}

/// The lines cut at wide gaps.
fn pieces(page: &Page<'_>, start: usize, end: usize, em: i32) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::new();
    for (i, line) in page.lines.iter().enumerate().take(end).skip(start) {
        let mut begun = false;
        for word in page.words_in(line.span) {
            let Some(bbox) = word.bbox.or(line.bbox) else {
                continue;
            };
            // Of a word that goes on in another line only what stands in this one.
            let span = Span {
                start: word.span.start.max(line.span.start),
                end: word.span.end.min(line.span.end),
            };
            match out.last_mut() {
                Some(last) if begun && bbox.x0 - last.bbox.x1 < em / 100 * PIECE_GAP => {
                    last.span.end = span.end;
                    last.bbox = last.bbox.with(bbox);
                }
                _ => out.push(Piece {
                    span,
                    line: i as u32,
                    bbox,
                    edge: 0,
                    advance: 0,
                }),
            }
            begun = true;
        }
    }
    for piece in &mut out {
        piece.advance = advance(piece.bbox, quarters(page, piece.span));
    }
    out
}

/// Marks the first and the last line of a printed page, where they stand apart from the rest, with
/// `number` and the one behind it.
fn mark_edges(pieces: &mut [Piece], em: i32, number: u32) {
    let apart = (i64::from(em) * i64::from(EDGE) / 100) as i32;
    if let Some(first) = pieces.iter().min_by_key(|p| p.middle()).map(|p| p.bbox) {
        let on_line = |p: &Piece| first.y0 < p.middle() && p.bbox.y0 < first.y1;
        let bottom = pieces
            .iter()
            .filter(|p| on_line(p))
            .map(|p| p.bbox.y1)
            .max();
        let next = pieces
            .iter()
            .filter(|p| !on_line(p))
            .map(|p| p.bbox.y0)
            .min();
        if bottom
            .zip(next)
            .is_some_and(|(bottom, next)| next - bottom >= apart)
        {
            pieces
                .iter_mut()
                .filter(|p| on_line(p))
                .for_each(|p| p.edge = number);
        }
    }
    if let Some(last) = pieces.iter().max_by_key(|p| p.middle()).map(|p| p.bbox) {
        let on_line = |p: &Piece| p.middle() < last.y1 && last.y0 < p.bbox.y1;
        let top = pieces
            .iter()
            .filter(|p| on_line(p))
            .map(|p| p.bbox.y0)
            .min();
        let before = pieces
            .iter()
            .filter(|p| !on_line(p))
            .map(|p| p.bbox.y1)
            .max();
        if top
            .zip(before)
            .is_some_and(|(top, before)| top - before >= apart)
        {
            pieces
                .iter_mut()
                .filter(|p| on_line(p))
                .for_each(|p| p.edge = number + 1);
        }
    }
}

/// Undoes the slant of columns on a page that was not laid straight: moves each piece by what left
/// edges of its column move from row to row, in the median. A corridor of a page that slants by one in a
/// hundred would close.
fn straighten(pieces: &mut [Piece], em: i32) {
    pieces.sort_by_key(|p| (p.bbox.y0, p.bbox.x0));
    let mut slants: Vec<i32> = Vec::new();
    for (i, above) in pieces.iter().enumerate() {
        for below in pieces[i + 1..].iter().take(SLANT_REACH) {
            let (across, down) = (below.bbox.x0 - above.bbox.x0, below.bbox.y0 - above.bbox.y0);
            if down > SLANT_ROWS * em && across.abs() < em {
                let slant = i64::from(across) * i64::from(SLANT) / i64::from(down);
                slants.push(slant as i32);
            }
        }
    }
    slants.sort_unstable();
    let Some(&slant) = slants.get(slants.len() / 2) else {
        return;
    };
    for piece in pieces {
        let moved = (i64::from(piece.bbox.y0) * i64::from(slant) / i64::from(SLANT)) as i32;
        piece.bbox.x0 -= moved;
        piece.bbox.x1 -= moved;
    }
}

/// Where lines stand, from top to bottom.
struct Middles(Vec<i32>);

impl Middles {
    fn of<'p>(pieces: impl IntoIterator<Item = &'p Piece>) -> Self {
        let mut middles: Vec<i32> = pieces.into_iter().map(Piece::middle).collect();
        middles.sort_unstable();
        Self(middles)
    }

    /// True when one of them stands at the height of `piece`.
    fn beside(&self, piece: &Piece) -> bool {
        let next = self.0.partition_point(|&m| m <= piece.bbox.y0);
        self.0.get(next).is_some_and(|&m| m < piece.bbox.y1)
    }
}

/// A white corridor from top to bottom.
#[derive(Debug, Clone, Copy)]
struct Corridor {
    left: i32,
    right: i32,
}

/// Cuts a page.
struct Cutter {
    em: i32,
    flows: Vec<Flow>,
}

impl Cutter {
    /// So many hundredths of a character.
    fn em(&self, hundredths: i32) -> i32 {
        (i64::from(self.em) * i64::from(hundredths) / 100) as i32
    }

    /// Puts the pieces of a region in order; `apart` says that no paragraph goes on into it.
    fn region(&mut self, mut pieces: Vec<Piece>, apart: bool, depth: u32) {
        if pieces.is_empty() {
            return;
        }
        if depth < MAX_DEPTH {
            let (banners, rest) = self.banners(&pieces);
            if !banners.is_empty() && !rest.is_empty() {
                self.bands(rest, banners, Standing::Banner, apart, depth);
                return;
            }
            let corridors = self.corridors(&pieces);
            if !corridors.is_empty() {
                self.columns(pieces, &corridors, apart, depth);
                return;
            }
            if let Some(y) = self.band(&pieces) {
                let (above, below) = pieces.into_iter().partition(|p| p.middle() < y);
                self.region(above, apart, depth + 1);
                self.region(below, true, depth + 1);
                return;
            }
        }
        pieces.sort_by_key(|p| (p.middle(), p.bbox.x0));
        self.flow(pieces, apart);
    }

    fn flow(&mut self, pieces: Vec<Piece>, apart: bool) {
        self.flows.push(Flow {
            pieces,
            apart,
            standing: Standing::Column,
        });
    }

    /// Headlines: letters much larger than the text's, and nothing beside them. And the rest.
    fn banners(&self, pieces: &[Piece]) -> (Vec<Piece>, Vec<Piece>) {
        // Lines that slant are high, stretched ones wide.
        let large = |p: &Piece| p.bbox.height().min(p.advance) >= self.em(BANNER);
        let text = Middles::of(pieces.iter().filter(|p| !large(p)));
        let alone = |p: &Piece| large(p) && !text.beside(p);
        pieces.iter().partition(|&p| alone(p))
    }

    /// The corridors between the columns of a region, from left to right.
    fn corridors(&self, pieces: &[Piece]) -> Vec<Corridor> {
        let Some(all) = pieces.iter().map(|p| p.bbox).reduce(Bbox::with) else {
            return Vec::new();
        };
        let bin = (self.em / BINS).max(1);
        let count = (all.width() / bin + 1) as usize;
        if pieces.len() < 2 * FEWEST_BESIDE || count > 1 << 16 {
            return Vec::new();
        }
        // How many pieces cover each bin: what begins less what ends, added up.
        let mut changes = vec![0_i32; count + 1];
        for piece in pieces {
            changes[((piece.bbox.x0 - all.x0) / bin) as usize] += 1;
            changes[((piece.bbox.x1 - all.x0) / bin) as usize + 1] -= 1;
        }
        let few = (pieces.len() / SPANNING) as i32;
        let mut found: Vec<Corridor> = Vec::new();
        let (mut covered, mut from) = (0, None);
        for (i, change) in changes.iter().enumerate().take(count) {
            covered += change;
            if covered <= few {
                from.get_or_insert(i);
                continue;
            }
            if let Some(from) = from.take() {
                let corridor = Corridor {
                    left: all.x0 + from as i32 * bin,
                    right: all.x0 + i as i32 * bin,
                };
                if from > 0 && corridor.right - corridor.left >= self.em(CORRIDOR) {
                    found.push(corridor);
                }
            }
        }
        self.with_columns_beside(found, pieces)
    }

    /// The corridors that have a column on either side.
    fn with_columns_beside(&self, corridors: Vec<Corridor>, pieces: &[Piece]) -> Vec<Corridor> {
        let is_column = |left: i32, right: i32| {
            let mut widths: Vec<i32> = pieces
                .iter()
                .filter(|p| p.bbox.x0 >= left - self.em && p.bbox.x1 <= right + self.em)
                .map(|p| p.bbox.width())
                .collect();
            widths.sort_unstable();
            widths.len() >= FEWEST_BESIDE && widths[widths.len() / 2] >= self.em(COLUMN)
        };
        let mut out: Vec<Corridor> = Vec::new();
        for (i, &corridor) in corridors.iter().enumerate() {
            let left = out.last().map_or(i32::MIN / 2, |c| c.right);
            let next = corridors.get(i + 1);
            let right = next.map_or(i32::MAX / 2, |c| c.left);
            if is_column(left, corridor.left) && is_column(corridor.right, right) {
                out.push(corridor);
            }
        }
        out
    }

    /// Puts a region with columns in order.
    fn columns(&mut self, pieces: Vec<Piece>, corridors: &[Corridor], apart: bool, depth: u32) {
        let slack = self.em; // boxes are not exact
        // From the first to the last column that a piece stands in.
        let columns = |p: &Piece| {
            let first = corridors.partition_point(|c| c.right <= p.bbox.x0 + slack);
            let last = corridors.partition_point(|c| c.left < p.bbox.x1 - slack);
            (first.min(last), last)
        };
        let (spanning, mut inside): (Vec<Piece>, Vec<Piece>) = pieces.into_iter().partition(|p| {
            let (first, last) = columns(p);
            first < last
        });
        let mut lines_of: Vec<Vec<&Piece>> = vec![Vec::new(); corridors.len() + 1];
        for piece in &inside {
            lines_of[columns(piece).0].push(piece);
        }
        let lines_of: Vec<Middles> = lines_of.into_iter().map(Middles::of).collect();
        let (mut floats, mut headings, mut glued) = (Vec::new(), Vec::new(), Vec::new());
        for piece in spanning {
            let (first, last) = columns(&piece);
            if lines_of[first].beside(&piece) {
                floats.push(piece);
            } else if lines_of[first + 1..=last].iter().any(|m| m.beside(&piece)) {
                // A line of the first column with what stands right of it on the same box.
                glued.push(piece);
            } else {
                headings.push(piece);
            }
        }
        inside.extend(glued);
        // Columns that a heading stands over belong together.
        let mut joined = vec![false; corridors.len()];
        for heading in &headings {
            let (first, last) = columns(heading);
            joined[first..last].fill(true);
        }
        let mut groups: Vec<Vec<Piece>> = vec![Vec::new()];
        let mut group_of = vec![0];
        for &joined in &joined {
            if !joined {
                groups.push(Vec::new());
            }
            group_of.push(groups.len() - 1);
        }
        let whole = groups.len() == 1;
        for piece in inside.iter().chain(&headings) {
            let (column, _) = columns(piece); // of one that is glued, the first
            groups[group_of[column]].push(*piece);
        }
        if whole {
            self.bands(inside, headings, Standing::Column, apart, depth);
        } else {
            for (i, group) in groups.into_iter().enumerate() {
                self.region(group, apart && i == 0, depth + 1);
            }
        }
        self.float(floats);
    }

    /// Puts a region in order whose columns all stand under headings: band by band.
    fn bands(
        &mut self,
        mut inside: Vec<Piece>,
        mut headings: Vec<Piece>,
        standing: Standing,
        apart: bool,
        depth: u32,
    ) {
        headings.sort_by_key(Piece::middle);
        inside.sort_by_key(Piece::middle);
        let mut apart = apart;
        let mut headings = headings.into_iter().peekable();
        let mut inside = inside.into_iter().peekable();
        while inside.peek().is_some() || headings.peek().is_some() {
            let top = headings.peek().map_or(i32::MAX, Piece::middle);
            let mut band = Vec::new();
            while let Some(piece) = inside.next_if(|p| p.middle() < top) {
                band.push(piece);
            }
            if !band.is_empty() {
                self.region(band, apart, depth + 1);
                apart = true;
            }
            let next = inside.peek().map_or(i32::MAX, Piece::middle);
            let mut block = Vec::new();
            while let Some(heading) = headings.next_if(|h| h.middle() <= next) {
                block.push(heading);
            }
            if !block.is_empty() {
                self.flows.push(Flow {
                    pieces: block,
                    apart,
                    standing,
                });
                apart = true;
            }
        }
    }

    /// What floats is read behind the rest, each block of it apart.
    fn float(&mut self, mut floats: Vec<Piece>) {
        floats.sort_by_key(|p| (p.middle(), p.bbox.x0));
        for piece in floats {
            self.flows.push(Flow {
                pieces: vec![piece],
                apart: true,
                standing: Standing::Float,
            });
        }
    }

    /// Where a region that no corridor runs through falls into two parts, of which one has columns:
    /// at the widest such gap.
    fn band(&self, pieces: &[Piece]) -> Option<i32> {
        let mut order: Vec<&Piece> = pieces.iter().collect();
        order.sort_by_key(|p| p.bbox.y0);
        let mut bottom = i32::MIN;
        let mut gaps: Vec<(i32, i32)> = Vec::new();
        for piece in order {
            if bottom > i32::MIN && piece.bbox.y0 >= bottom {
                gaps.push((piece.bbox.y0 - bottom, piece.bbox.y0 / 2 + bottom / 2));
            }
            bottom = bottom.max(piece.bbox.y1);
        }
        gaps.sort_unstable_by(|a, b| b.cmp(a));
        gaps.truncate(MAX_BANDS);
        gaps.into_iter().map(|(_, y)| y).find(|&y| {
            let (above, below): (Vec<Piece>, Vec<Piece>) =
                pieces.iter().partition(|p| p.middle() < y);
            !self.corridors(&above).is_empty() || !self.corridors(&below).is_empty()
        })
    }
}

/// Pieces on one line of a column.
struct Row {
    pieces: Vec<Piece>,
    bbox: Bbox,
}

/// Puts the pieces of a flow together to rows and measures how these stand in their column.
fn rows(flow: &Flow, em: i32, out: &mut Vec<Printed>) {
    let mut rows: Vec<Row> = Vec::new();
    for &piece in &flow.pieces {
        match rows.last_mut() {
            Some(row) if is_beside(row, &piece) => {
                row.pieces.push(piece);
                row.bbox = row.bbox.with(piece.bbox);
            }
            _ => rows.push(Row {
                pieces: vec![piece],
                bbox: piece.bbox,
            }),
        }
    }
    let quarters = |room: i32| (i64::from(room.max(0)) * 4 + i64::from(em) / 2) as u32 / em as u32;
    let gaps = gaps(&rows);
    let usual = usual(&gaps);
    for row in &mut rows {
        row.pieces.sort_by_key(|p| p.bbox.x0);
    }
    for (i, row) in rows.iter().enumerate() {
        let edge = left_edge(&rows, i, em);
        let wider =
            i > 0 && i64::from(gaps[i - 1] - usual) * 100 >= i64::from(em) * i64::from(BLANK);
        out.push(Printed {
            pieces: row.pieces.iter().map(|p| p.span).collect(),
            line: row.pieces.first().map_or(0, |p| p.line),
            place: Some(Place {
                indent: quarters(row.bbox.x0 - edge),
                width: quarters(row.bbox.x1 - edge),
                blank_before: wider,
                edge: row.pieces.first().map_or(0, |p| p.edge),
                standing: flow.standing,
                apart: flow.apart && i == 0,
            }),
        });
    }
}

/// True when `piece` stands on the line of `row`, not over or under any of it.
fn is_beside(row: &Row, piece: &Piece) -> bool {
    let on_line = row.pieces.iter().any(|p| {
        let shared = p.bbox.y1.min(piece.bbox.y1) - p.bbox.y0.max(piece.bbox.y0);
        shared * 2 > p.bbox.height().min(piece.bbox.height())
    });
    let clear = |p: &Piece| {
        let shared = p.bbox.x1.min(piece.bbox.x1) - p.bbox.x0.max(piece.bbox.x0);
        shared * 2 < p.bbox.width().min(piece.bbox.width())
    };
    row.pieces.len() < MOST_ON_LINE && on_line && row.pieces.iter().all(clear)
}

/// Between each row and the next, from bottom to top.
fn gaps(rows: &[Row]) -> Vec<i32> {
    let pairs = rows.windows(2);
    pairs.map(|w| w[1].bbox.y0 - w[0].bbox.y1).collect()
}

fn usual(gaps: &[i32]) -> i32 {
    let mut sorted = gaps.to_vec();
    sorted.sort_unstable();
    sorted.get(sorted.len() / 2).copied().unwrap_or(0)
}

/// Left edge of the column at row `i`: the leftmost of the rows nearby, but for rows that stand far
/// to the right, where a picture makes the column narrow.
fn left_edge(rows: &[Row], i: usize, em: i32) -> i32 {
    let x = rows[i].bbox.x0;
    let far = (i64::from(em) * i64::from(FAR) / 100) as i32;
    let beside = [i.checked_sub(1), Some(i + 1)];
    let in_company = beside
        .into_iter()
        .flatten()
        .filter_map(|k| rows.get(k))
        .any(|row| (x - row.bbox.x0).abs() <= far);
    let near = i.saturating_sub(REACH)..(i + REACH + 1).min(rows.len());
    let edges = rows[near].iter().map(|row| row.bbox.x0);
    edges
        .filter(|&edge| !in_company || x - edge <= far)
        .min()
        .unwrap_or(x)
}
