//! Records as rows of tables: CSV, Parquet, SDMX-CSV, and the data package that describes them.
//!
//! A table is a list of [`Column`]s and, for each record, rows of as many [`Cell`]s. Every row has the
//! name of its page, the bytes of the source that it stands on, their line, and the text there: it can
//! be joined to the rows of other tables and traced to the page. `schema/tables/` has the columns as
//! Table Schema, generated from here.

#[cfg(feature = "frames")]
pub mod arrow;
mod cell;
mod checks;
mod column;
pub mod csv;
mod diagnostics;
mod indicators;
mod observations;
#[cfg(feature = "command")]
pub mod package;
mod pages;
#[cfg(feature = "command")]
pub mod parquet;
mod place;
#[cfg(feature = "command")]
pub mod schema;
mod sections;
mod time_period;

pub use cell::Cell;
pub use column::{Column, Kind};

use std::sync::LazyLock;

use crate::record::Record;

/// Cells in the order of the columns of their table.
pub type Row<'r> = Vec<Cell<'r>>;

/// What one row is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "command", derive(clap::ValueEnum))]
pub enum Table {
    /// Pages: where each came from, what it says of itself, how much is on it
    Pages,
    /// Numbered sections
    Sections,
    /// Numeric statements
    Indicators,
    /// The pages' own arithmetic
    Checks,
    /// Findings about pages
    Diagnostics,
    /// Indicators of one value and a time, as SDMX observations
    Observations,
}

impl Table {
    /// All, in the order in which a data package lists them.
    pub const ALL: [Self; 6] = [
        Self::Pages,
        Self::Sections,
        Self::Indicators,
        Self::Checks,
        Self::Diagnostics,
        Self::Observations,
    ];

    /// Name of the table, of its files and of its data resource: `indicators`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pages => "pages",
            Self::Sections => "sections",
            Self::Indicators => "indicators",
            Self::Checks => "checks",
            Self::Diagnostics => "diagnostics",
            Self::Observations => "observations",
        }
    }

    /// What a row of it is, in a sentence or two.
    #[must_use]
    pub fn description(self) -> &'static str {
        match self {
            Self::Pages => {
                "One row a page: the file, what the page says of itself, how much is on it."
            }
            Self::Sections => "One row a numbered section, in reading order.",
            Self::Indicators => {
                "One row a numeric statement of fact, change or target, in reading order."
            }
            Self::Checks => "One row a piece of the page's own arithmetic.",
            Self::Diagnostics => "One row a finding about a page.",
            Self::Observations => {
                "SDMX-CSV 2.0. One row an indicator that has one value and a time; those without either \
                 (ratios, fractions, times that the page does not say) are rows of the table of \
                 indicators only. What is measured is OBS_VALUE × 10^UNIT_MULT UNIT_MEASURE. Dimensions \
                 are FREQ, REF_AREA, INDICATOR, TIME_PERIOD, MEASURE, BASIS, PAGE and ID; the last two \
                 tell statements of the same thing on several pages apart."
            }
        }
    }

    /// Its columns, in the order of the cells.
    #[must_use]
    pub fn columns(self) -> &'static [Column] {
        static COLUMNS: LazyLock<[Vec<Column>; 6]> = LazyLock::new(|| {
            [
                pages::columns(),
                sections::columns(),
                indicators::columns(),
                checks::columns(),
                diagnostics::columns(),
                observations::columns(),
            ]
        });
        let [
            pages,
            sections,
            indicators,
            checks,
            diagnostics,
            observations,
        ] = &*COLUMNS;
        match self {
            Self::Pages => pages,
            Self::Sections => sections,
            Self::Indicators => indicators,
            Self::Checks => checks,
            Self::Diagnostics => diagnostics,
            Self::Observations => observations,
        }
    }

    /// The columns that no two rows have alike.
    #[must_use]
    pub fn primary_key(self) -> &'static [&'static str] {
        match self {
            Self::Pages => &["page"],
            Self::Observations => &["PAGE", "ID"],
            _ => &["page", "id"],
        }
    }

    /// The column that names the page.
    #[must_use]
    pub fn page_column(self) -> &'static str {
        match self {
            Self::Observations => "PAGE",
            _ => "page",
        }
    }
}

/// The rows that `record` is in `table`, in the order of the record.
///
/// ```
/// use gongbao::write::tables::{Cell, Table, rows};
/// let page = "全年新增企业992户，增长5.30%。\n".as_bytes();
/// let record = gongbao::Extractor::new().extract("a.txt", page)?;
/// let rows = rows(Table::Indicators, &record);
/// let value = Table::Indicators.columns().iter().position(|c| c.name == "value").unwrap();
/// assert_eq!(rows[1][0], Cell::text("a.txt"));
/// assert_eq!(rows[1][value], Cell::Decimal("5.30".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn rows(table: Table, record: &Record) -> Vec<Row<'_>> {
    match table {
        Table::Pages => vec![pages::row(record)],
        Table::Sections => sections::rows(record),
        Table::Indicators => indicators::rows(record),
        Table::Checks => checks::rows(record),
        Table::Diagnostics => diagnostics::rows(record),
        Table::Observations => observations::rows(record),
    }
}

#[cfg(feature = "command")]
#[cfg(test)]
mod tests;
