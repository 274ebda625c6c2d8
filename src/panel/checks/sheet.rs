//! A panel laid out for looking up: cells by row and column, and their numbers in base units.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range as Span;

use super::range::Range;
use crate::lexicon::Lexicon;
use crate::panel::convert::{Ratio, Scale};
use crate::panel::{Candidate, Panel};

/// A panel, its rows and the units of its numbers.
pub(super) struct Sheet<'p> {
    pub(super) panel: &'p Panel,
    /// The first cell of each row; one more behind the last.
    starts: Vec<usize>,
    /// By column: the units that its numbers are written in.
    written: Vec<HashMap<&'p str, Written>>,
    /// By column: what it measures.
    pub(super) kinds: Vec<Option<String>>,
    /// By column: how much of the base unit its own unit is.
    units: Vec<Option<Ratio>>,
}

/// How numbers of a column are written in one unit.
struct Written {
    /// How much of the base unit it is.
    size: Option<Ratio>,
    /// How many numbers have how many digits behind the point.
    digits: BTreeMap<u32, usize>,
}

impl<'p> Sheet<'p> {
    pub(super) fn of(panel: &'p Panel, lexicon: &Lexicon) -> Self {
        let mut starts = Vec::with_capacity(panel.rows.len() + 1);
        for (at, cell) in panel.cells.iter().enumerate() {
            // rows are those that have cells
            while starts.len() <= cell.row {
                starts.push(at);
            }
        }
        starts.resize(panel.rows.len() + 1, panel.cells.len());
        let mut written = Vec::new();
        written.resize_with(panel.columns.len(), HashMap::new);
        let mut sheet = Self {
            panel,
            written,
            starts,
            kinds: vec![None; panel.columns.len()],
            units: vec![None; panel.columns.len()],
        };
        for cell in &panel.cells {
            for candidate in cell.candidates.iter().filter(|c| c.value.is_some()) {
                sheet.learn(cell.column, candidate, lexicon);
            }
        }
        sheet
    }

    fn learn(&mut self, column: usize, candidate: &Candidate, lexicon: &Lexicon) {
        let Some((page, statement)) = self.panel.statement(candidate) else {
            return;
        };
        let unit = page.text(statement.unit);
        let digits = statement.value.scale();
        let Some(written) = self.written.get_mut(column) else {
            return;
        };
        if let Some(written) = written.get_mut(unit) {
            *written.digits.entry(digits).or_default() += 1;
            return;
        }
        let scale = |unit| Scale::of(unit, Some(page.text(statement.base_unit)), lexicon);
        let own = scale(unit);
        let first = Written {
            size: own.as_ref().map(Scale::size),
            digits: BTreeMap::from([(digits, 1)]),
        };
        written.insert(unit, first);
        let (kind, size) = (self.kinds.get_mut(column), self.units.get_mut(column));
        let known = self.panel.columns.get(column);
        if let (Some(kind @ None), Some(size), Some(known)) = (kind, size, known) {
            *kind = own.map(|own| own.kind().to_owned());
            *size = scale(&known.unit).as_ref().map(Scale::size);
        }
    }

    /// The rows of each place.
    pub(super) fn places(&self) -> impl Iterator<Item = Span<usize>> {
        let rows = &self.panel.rows;
        let mut end = 0;
        rows.chunk_by(|a, b| a.region == b.region).map(move |rows| {
            end += rows.len();
            end - rows.len()..end
        })
    }

    /// How much of the base unit the unit of `column` is.
    pub(super) fn unit(&self, column: usize) -> Option<Ratio> {
        self.units.get(column).copied().flatten()
    }

    /// The first cell of `row`.
    pub(super) fn start(&self, row: usize) -> usize {
        let end = self.panel.cells.len();
        self.starts.get(row).copied().unwrap_or(end)
    }

    /// The cell of `row` in `column`.
    pub(super) fn cell(&self, row: usize, column: usize) -> Option<usize> {
        let (start, end) = (self.start(row), self.start(row + 1));
        let cells = self.panel.cells.get(start..end)?;
        let at = cells
            .binary_search_by_key(&column, |cell| cell.column)
            .ok()?;
        Some(start + at)
    }

    pub(super) fn year(&self, row: usize) -> i16 {
        let row = self.panel.rows.get(row);
        row.map_or(0, |row| row.time.start.year())
    }

    fn written(&self, column: usize, candidate: &Candidate) -> Option<&Written> {
        let (page, statement) = self.panel.statement(candidate)?;
        self.written.get(column)?.get(page.text(statement.unit))
    }

    /// How the number of `cell` is written: how much of the base unit its unit is, and how many digits behind the
    /// point most such numbers have.
    pub(super) fn like(&self, cell: usize) -> Option<(Ratio, u32)> {
        let cell = self.panel.cells.get(cell)?;
        let written = self.written(cell.column, cell.chosen()?)?;
        let digits = written.digits.iter().max_by_key(|(_, count)| **count)?;
        Some((written.size?, *digits.0))
    }

    /// How much of the base unit the unit is that `candidate` is written in.
    fn size(&self, column: usize, candidate: &Candidate) -> Option<Ratio> {
        self.written(column, candidate)?.size
    }

    /// The number of a candidate of a cell in `column`.
    pub(super) fn candidate(&self, column: usize, candidate: &Candidate) -> Option<Range> {
        candidate.value?;
        let (_, statement) = self.panel.statement(candidate)?;
        Range::of(statement, self.size(column, candidate)?)
    }

    /// The number of `cell`.
    pub(super) fn range(&self, cell: usize) -> Option<Range> {
        let cell = self.panel.cells.get(cell)?;
        self.candidate(cell.column, cell.chosen()?)
    }
}
