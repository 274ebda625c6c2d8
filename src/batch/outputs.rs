//! What a page adds to each file of results.

use std::io;

use super::page::Extracted;
use crate::record::Record;
use crate::write::tables::{Row, Table, csv};

/// A format of results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, clap::ValueEnum)]
pub enum OutputFormat {
    /// Write: a file of JSON a page, in folders as the pages are
    Json,
    /// Write: a line of JSON a page
    Ndjson,
    /// Write: tables, as CSV
    Csv,
    /// Write: tables, as Parquet
    Parquet,
    /// Write: the observations, as SDMX-CSV 2
    Sdmx,
}

/// One sequence of files that results are written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Output {
    /// Records as lines of JSON.
    Ndjson,
    /// A table as CSV.
    Csv(Table),
    /// A table as Parquet.
    Parquet(Table),
    /// Observations as SDMX-CSV.
    Sdmx,
}

/// How tables are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Style {
    /// CSV begins with a byte order mark, for Excel.
    pub bom: bool,
    /// CSV holds no text that a spreadsheet would take for a formula.
    pub safe: bool,
}

/// What a page adds to a file.
#[derive(Debug)]
pub struct Chunk {
    /// Its bytes; none for Parquet, which is not written row by row.
    pub bytes: Vec<u8>,
    /// How many rows they are.
    pub rows: u64,
}

/// A page as it is written.
#[derive(Debug)]
pub struct Rendered {
    /// Its record.
    pub record: Record,
    /// What it adds to each output, in their order.
    pub chunks: Vec<Chunk>,
}

impl Output {
    /// The outputs of `formats`, with these tables.
    #[must_use]
    pub fn of(formats: &[OutputFormat], tables: &[Table]) -> Vec<Self> {
        let of_format = |format: &OutputFormat| -> Vec<Self> {
            match format {
                OutputFormat::Json => Vec::new(),
                OutputFormat::Ndjson => vec![Self::Ndjson],
                OutputFormat::Csv => tables.iter().copied().map(Self::Csv).collect(),
                OutputFormat::Parquet => tables.iter().copied().map(Self::Parquet).collect(),
                OutputFormat::Sdmx => vec![Self::Sdmx],
            }
        };
        let mut outputs: Vec<Self> = formats.iter().flat_map(of_format).collect();
        outputs.sort_unstable();
        outputs.dedup();
        outputs
    }

    /// The path of its file of this number, from 1.
    #[must_use]
    pub fn path(self, number: u32) -> String {
        let (folder, name, ending) = match self {
            Self::Ndjson => ("ndjson", "records", "ndjson"),
            Self::Csv(table) => ("csv", table.name(), "csv"),
            Self::Parquet(table) => ("parquet", table.name(), "parquet"),
            Self::Sdmx => ("sdmx", Table::Observations.name(), "csv"),
        };
        match number {
            1 => format!("{folder}/{name}.{ending}"),
            number => format!("{folder}/{name}-{number}.{ending}"),
        }
    }

    /// Folders that files of outputs lie in.
    pub const FOLDERS: [&'static str; 4] = ["ndjson", "csv", "parquet", "sdmx"];

    /// True for the path of a file of some output.
    #[must_use]
    pub fn has(path: &str) -> bool {
        let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
        let number = stem.rsplit_once('-').and_then(|(_, n)| n.parse().ok());
        let number = number.unwrap_or(1);
        let tables = Table::ALL.into_iter();
        tables
            .flat_map(|table| [Self::Csv(table), Self::Parquet(table)])
            .chain([Self::Ndjson, Self::Sdmx])
            .any(|output| output.path(number) == path)
    }

    /// What a file of it begins with.
    #[must_use]
    pub fn header(self, style: Style) -> Vec<u8> {
        match self {
            Self::Csv(table) => csv::header(table, style.bom),
            Self::Sdmx => csv::header(Table::Observations, style.bom),
            Self::Ndjson | Self::Parquet(_) => Vec::new(),
        }
    }

    /// What `page` adds to it.
    ///
    /// # Errors
    /// Those of the CSV writer.
    pub fn chunk(self, page: &Extracted, style: Style) -> io::Result<Chunk> {
        let table = match self {
            Self::Ndjson => {
                return Ok(Chunk {
                    bytes: page.line.clone(),
                    rows: 1,
                });
            }
            Self::Csv(table) => table,
            Self::Sdmx => Table::Observations,
            Self::Parquet(table) => {
                return Ok(Chunk {
                    bytes: Vec::new(),
                    rows: count(self.rows(&page.record, table).len()),
                });
            }
        };
        let rows = self.rows(&page.record, table);
        let mut bytes = Vec::new();
        csv::rows(&rows, style.safe, &mut bytes)?;
        Ok(Chunk {
            bytes,
            rows: count(rows.len()),
        })
    }

    fn rows(self, record: &Record, table: Table) -> Vec<Row<'_>> {
        crate::write::tables::rows(table, record)
    }
}

fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_outputs_are_known_by_their_paths() {
        for path in [
            "csv/indicators.csv",
            "parquet/pages-12.parquet",
            "ndjson/records-2.ndjson",
            "sdmx/observations.csv",
        ] {
            assert!(Output::has(path), "{path}");
        }
        for path in [
            "csv/indicators-1.csv",
            "csv/indicators-02.csv",
            "csv/my-notes.csv",
            "csv/indicators.parquet",
            "indicators.csv",
        ] {
            assert!(!Output::has(path), "{path}");
        }
    }
}
