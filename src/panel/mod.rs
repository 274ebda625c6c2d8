//! Records → panel: one row per place and year, one column per concept and what is stated of it.
//!
//! [`read`] takes of each record what may fill cells ([`page`]); `select` puts the candidates of each
//! cell in order and says why the first is taken; [`convert`] brings them into the one unit of their
//! column, exactly; [`checks`] holds the cells against each other. [`tables`] is the panel as rows, wide and long; [`workbook`] as sheets; [`chart`] as
//! lines.

pub mod chart;
pub mod checks;
pub mod convert;
pub mod page;
pub mod read;
mod select;
pub mod tables;
pub mod workbook;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

use crate::base::{DateSpan, Decimal};
use crate::lexicon::Lexicon;
use crate::lexicon::panel::Words;
use crate::record::{Basis, Measure, Status};

pub use checks::Checks;
pub use page::{LeftOut, Page, Statement};
pub use select::Why;

/// What a column says of its concept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stated {
    /// Its level; for concepts that are rates or indices, that.
    Value,
    /// Its part of a whole.
    Share,
    /// Its growth over the year before.
    Growth,
    /// Its change against the year before.
    Change,
    /// What it contributes to a whole's growth.
    Contribution,
    /// How many times the year before it is.
    Multiple,
    /// Its rank.
    Rank,
}

impl Stated {
    /// All of them, in the order of columns.
    pub const ALL: [Self; 7] = [
        Self::Value,
        Self::Share,
        Self::Growth,
        Self::Change,
        Self::Contribution,
        Self::Multiple,
        Self::Rank,
    ];

    /// What stands behind the `@` of a column; nothing for values.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Value => "",
            Self::Share => "share",
            Self::Growth => "growth",
            Self::Change => "change",
            Self::Contribution => "contribution",
            Self::Multiple => "multiple",
            Self::Rank => "rank",
        }
    }

    /// That of an indicator of this measure; a ratio has no single value.
    #[must_use]
    pub fn of(measure: Measure) -> Option<Self> {
        match measure {
            Measure::Level | Measure::Rate => Some(Self::Value),
            Measure::Share => Some(Self::Share),
            Measure::Growth => Some(Self::Growth),
            Measure::Change => Some(Self::Change),
            Measure::Contribution => Some(Self::Contribution),
            Measure::Multiple => Some(Self::Multiple),
            Measure::Rank => Some(Self::Rank),
            Measure::Ratio => None,
        }
    }

    /// True when what is measured against `basis` belongs into its cells: growth over several years does
    /// not, nor does the fulfilment of a plan.
    fn goes_with(self, basis: Option<Basis>) -> bool {
        match self {
            Self::Growth | Self::Change | Self::Multiple => {
                matches!(basis, None | Some(Basis::Yoy))
            }
            Self::Value | Self::Share | Self::Contribution | Self::Rank => {
                basis != Some(Basis::Plan)
            }
        }
    }
}

/// A column: concept and what is stated of it, `gdp` or `gdp@growth`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ColumnId {
    /// Id in the code list.
    pub concept: String,
    /// What is stated of it.
    pub stated: Stated,
}

/// Text that names no column.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a column: {0:?}; expected a concept, with or without one of @share, @growth, @change, \
     @contribution, @multiple and @rank behind it, such as gdp@growth"
)]
pub struct ColumnError(pub String);

impl FromStr for ColumnId {
    type Err = ColumnError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (concept, name) = text.split_once('@').unwrap_or((text, ""));
        let empty = concept.is_empty() || text.ends_with('@');
        let stated = Stated::ALL.into_iter().find(|stated| stated.name() == name);
        match stated {
            Some(stated) if !empty => Ok(Self {
                concept: concept.to_owned(),
                stated,
            }),
            _ => Err(ColumnError(text.to_owned())),
        }
    }
}

impl fmt::Display for ColumnId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.concept)?;
        match self.stated {
            Stated::Value => Ok(()),
            stated => write!(f, "@{}", stated.name()),
        }
    }
}

/// What a panel is asked for.
#[derive(Debug, Clone)]
pub struct Query {
    /// The columns, in their order; none for all that are found, in the order of the code list.
    pub columns: Option<Vec<ColumnId>>,
    /// Units of columns; others have the one that most of their cells are stated in.
    pub units: BTreeMap<ColumnId, String>,
    /// True for a row a year, false for a row for each time that is spoken of.
    pub years: bool,
    /// What numbers must have come to: others fill no cell.
    pub statuses: Vec<Status>,
}

impl Default for Query {
    /// All columns, a row a year, of what has come true or is expected.
    fn default() -> Self {
        Self {
            columns: None,
            units: BTreeMap::new(),
            years: true,
            statuses: vec![Status::Actual, Status::Estimate],
        }
    }
}

impl Query {
    fn wants(&self, concept: &str, stated: Stated) -> bool {
        let asked = |id: &ColumnId| id.stated == stated && id.concept == concept;
        self.columns
            .as_ref()
            .is_none_or(|columns| columns.iter().any(asked))
    }
}

/// A column of a panel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// What it is of.
    pub id: ColumnId,
    /// The unit of its values; none for index numbers.
    pub unit: String,
    /// What its concept is measured in; see [`crate::lexicon::concepts::Concept::dimension`].
    pub dimension: Option<String>,
    /// Chinese label of its concept.
    pub zh: Option<String>,
    /// English label of its concept.
    pub en: Option<String>,
}

impl Column {
    /// The Chinese label of its concept; the id of one that the code list does not have.
    #[must_use]
    pub fn label(&self) -> &str {
        self.zh.as_deref().unwrap_or(&self.id.concept)
    }

    /// What stands over it for people: label, what is stated, unit.
    #[must_use]
    pub fn heading(&self) -> String {
        Words::builtin().heading(self.label(), self.id.stated.name(), &self.unit)
    }
}

/// A place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// Its name in the latest page that speaks of it.
    pub name: String,
    /// GB/T 2260 code, by which it is known where there is one; else by its name.
    pub code: Option<String>,
}

/// A row of a panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowKey {
    /// Place in [`Panel::regions`].
    pub region: usize,
    /// The time: of a whole year for panels of years.
    pub time: DateSpan,
}

/// A number that may fill a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    /// Place in [`Panel::pages`].
    pub page: u32,
    /// Place in [`Page::statements`].
    pub statement: u32,
    /// Its value in the unit of the column; none where it is stated in something else, such as dollars.
    pub value: Option<Decimal>,
    /// True where the value does not end and has [`convert::ROUNDED`] digits behind the point.
    pub rounded: bool,
    /// Why it was taken, or what it stands behind for.
    pub why: Why,
}

/// What is known of one column in one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Place in [`Panel::rows`].
    pub row: usize,
    /// Place in [`Panel::columns`].
    pub column: usize,
    /// All numbers that may fill it, the best first.
    pub candidates: Vec<Candidate>,
    /// True when they differ by more than their rounding.
    pub conflict: bool,
}

impl Cell {
    /// The number that fills it; none where no candidate is in a unit of the column's kind.
    #[must_use]
    pub fn chosen(&self) -> Option<&Candidate> {
        self.candidates
            .first()
            .filter(|first| first.value.is_some())
    }
}

/// Rows of places and times, columns of concepts.
#[derive(Debug, Default)]
pub struct Panel {
    /// True for a row a year.
    pub years: bool,
    /// The columns, in their order.
    pub columns: Vec<Column>,
    /// The places, by code, then name.
    pub regions: Vec<Region>,
    /// The rows, by place and time.
    pub rows: Vec<RowKey>,
    /// The cells that are not empty, by row and column.
    pub cells: Vec<Cell>,
    /// The records, by name.
    pub pages: Vec<Page>,
    /// What fills no cell.
    pub left_out: LeftOut,
    /// Records that were given more than once.
    pub repeated: usize,
    /// What its cells say of each other.
    pub checks: Checks,
}

impl Panel {
    /// The panel of `pages`, in whichever order they come.
    #[must_use]
    pub fn of(mut pages: Vec<Page>, query: &Query, lexicon: &Lexicon) -> Self {
        pages.sort_by(Page::order);
        let given = pages.len();
        pages.dedup();
        let mut panel = Self {
            years: query.years,
            repeated: given - pages.len(),
            ..Self::default()
        };
        for page in &pages {
            panel.left_out.add(page.left_out);
        }
        let of_pages = regions(&pages, &mut panel.regions);
        let ids = columns(&pages, query, lexicon);
        let at: HashMap<(&str, Stated), usize> = ids
            .iter()
            .enumerate()
            .map(|(at, id)| ((id.concept.as_str(), id.stated), at))
            .collect();
        let mut found: Vec<(RowKey, usize, Candidate)> = Vec::new();
        for (page, (own, region)) in pages.iter().zip(&of_pages).enumerate() {
            let Some(region) = *region else { continue };
            for (place, statement) in own.statements.iter().enumerate() {
                let Some(&column) = at.get(&(own.text(statement.concept), statement.stated)) else {
                    continue;
                };
                let time = match query.years {
                    true => DateSpan::year(statement.year).unwrap_or(statement.period),
                    false => statement.period,
                };
                let candidate = Candidate {
                    page: u32::try_from(page).unwrap_or(u32::MAX),
                    statement: u32::try_from(place).unwrap_or(u32::MAX),
                    value: None,
                    rounded: false,
                    why: Why::Only,
                };
                found.push((RowKey { region, time }, column, candidate));
            }
        }
        found.sort_by_key(|(row, column, candidate)| {
            (*row, *column, candidate.page, candidate.statement)
        });
        panel.pages = pages;
        for (row, column, candidate) in found {
            if panel.rows.last() != Some(&row) {
                panel.rows.push(row);
            }
            let row = panel.rows.len() - 1;
            match panel.cells.last_mut() {
                Some(cell) if (cell.row, cell.column) == (row, column) => {
                    cell.candidates.push(candidate);
                }
                _ => panel.cells.push(Cell {
                    row,
                    column,
                    candidates: vec![candidate],
                    conflict: false,
                }),
            }
        }
        select::select(&mut panel, ids, query, lexicon);
        panel.checks = Checks::of(&panel, lexicon);
        panel
    }

    /// The page and the number of a candidate.
    #[must_use]
    pub fn statement(&self, candidate: &Candidate) -> Option<(&Page, &Statement)> {
        let page = self.pages.get(candidate.page as usize)?;
        Some((page, page.statements.get(candidate.statement as usize)?))
    }

    /// The text of a time in the rows: a year, or ISO 8601 as short as it can be.
    #[must_use]
    pub fn time(&self, time: DateSpan) -> String {
        time.shortest()
    }
}

/// The first day on which a page can have been published, as far as it is known.
fn date(page: &Page) -> Option<Date> {
    let published = page.published.as_deref().and_then(|text| text.parse().ok());
    let published = published.map(|days: DateSpan| days.start);
    published.or_else(|| page.period.map(|days| days.end))
}

/// The places of `pages`, put into `regions` in their order, and the one of each page.
fn regions(pages: &[Page], regions: &mut Vec<Region>) -> Vec<Option<usize>> {
    // A code tells places apart, whatever they were called at the time; a name does where there is none.
    fn key(page: &Page) -> Option<(bool, &str)> {
        let (name, code) = page.region.as_ref()?;
        Some(match code {
            Some(code) => (false, code),
            None => (true, name),
        })
    }
    let mut latest: BTreeMap<(bool, &str), &Page> = BTreeMap::new();
    for page in pages {
        if let Some(key) = key(page) {
            let known = latest.entry(key).or_insert(page);
            if (date(known), &known.name) < (date(page), &page.name) {
                *known = page;
            }
        }
    }
    let mut at = HashMap::new();
    for (key, page) in &latest {
        if let Some((name, code)) = &page.region {
            at.insert(*key, regions.len());
            regions.push(Region {
                name: name.clone(),
                code: code.clone(),
            });
        }
    }
    let place = |page: &Page| at.get(&key(page)?).copied();
    pages.iter().map(place).collect()
}

/// The columns that are asked for, or all that are found.
fn columns(pages: &[Page], query: &Query, lexicon: &Lexicon) -> Vec<ColumnId> {
    if let Some(columns) = &query.columns {
        return columns.clone();
    }
    let mut found: BTreeSet<(&str, Stated)> = BTreeSet::new();
    for page in pages {
        for statement in &page.statements {
            found.insert((page.text(statement.concept), statement.stated));
        }
    }
    let mut ids: Vec<ColumnId> = found
        .into_iter()
        .map(|(concept, stated)| ColumnId {
            concept: concept.to_owned(),
            stated,
        })
        .collect();
    // the list has families of concepts behind the others: what begins with one word stays together;
    // concepts of users' own lists come last
    fn first_word(id: &str) -> &str {
        id.split('.').next().unwrap_or(id)
    }
    let mut words: HashMap<&str, usize> = HashMap::new();
    for (at, concept) in lexicon.concepts.all.iter().enumerate() {
        words.entry(first_word(&concept.id)).or_insert(at);
    }
    ids.sort_by_key(|id| {
        let word = words.get(first_word(&id.concept)).copied();
        let place = lexicon.concepts.index(&id.concept);
        (word.unwrap_or(usize::MAX), place.unwrap_or(usize::MAX))
    });
    ids
}

#[cfg(test)]
mod tests;
