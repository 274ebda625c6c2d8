//! Rows → Parquet, zstd; columns as [`super::arrow`] makes them.
//!
//! The same rows give the same bytes, however they come in: pages and row groups end at rows that are
//! counted, and nothing of the time or machine is written.

use std::borrow::Cow;
use std::io::{self, Write};
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::{ArrowError, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;

use super::arrow::Columns;
use super::{Column, Row, Table};

/// Rows that become columns at a time.
const BATCH: usize = 1024;
/// Rows of a row group at most: a multiple of [`BATCH`].
const GROUP_ROWS: usize = 32 * BATCH;
/// Encoded bytes of a row group from which on it ends, about.
const GROUP_BYTES: usize = 8 << 20;

/// Writes one file of a table; holds a row group in memory.
///
/// ```
/// use gongbao::write::tables::{Table, parquet::Writer, rows};
/// let record = gongbao::Extractor::new().extract("a.txt", "全年新增企业992户。\n".as_bytes())?;
/// let mut writer = Writer::new(Table::Indicators, Vec::new())?;
/// writer.write(&rows(Table::Indicators, &record))?;
/// let bytes = writer.finish()?;
/// assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Writer<W: Write + Send> {
    columns: Columns,
    schema: SchemaRef,
    out: ArrowWriter<W>,
}

impl<W: Write + Send> Writer<W> {
    /// Begins a file of `table`.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn new(table: Table, out: W) -> io::Result<Self> {
        Self::of(table.name(), table.columns().into(), out)
    }

    /// Begins a file of the table called `name`, which has these `columns`.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn of(name: &'static str, columns: Cow<'static, [Column]>, out: W) -> io::Result<Self> {
        let columns = Columns::of(name, columns);
        let schema = Arc::new(Schema::new(columns.fields()));
        let out =
            ArrowWriter::try_new(out, Arc::clone(&schema), Some(properties())).map_err(io_error)?;
        Ok(Self {
            columns,
            schema,
            out,
        })
    }

    /// Takes rows of the table.
    ///
    /// # Errors
    /// Those of `out`; [`io::ErrorKind::InvalidInput`] for a row of another table.
    pub fn write(&mut self, rows: &[Row<'_>]) -> io::Result<()> {
        for row in rows {
            let taken = self.columns.push(row);
            taken.map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
            if self.columns.rows() == BATCH {
                self.write_batch()?;
            }
        }
        Ok(())
    }

    /// Writes what is left and the end of the file, and gives back what it was written to.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn finish(mut self) -> io::Result<W> {
        self.write_batch()?;
        self.out.into_inner().map_err(io_error)
    }

    fn write_batch(&mut self) -> io::Result<()> {
        if self.columns.rows() == 0 {
            return Ok(());
        }
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), self.columns.finish())
            .map_err(|e: ArrowError| io::Error::other(e))?;
        self.out.write(&batch).map_err(io_error)?;
        if self.out.in_progress_size() >= GROUP_BYTES {
            self.out.flush().map_err(io_error)?;
        }
        Ok(())
    }
}

fn properties() -> WriterProperties {
    WriterProperties::builder()
        .set_created_by(concat!("gongbao ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_max_row_group_row_count(Some(GROUP_ROWS))
        .build()
}

/// The error of the file below, where it is one: a full disk stays a full disk.
fn io_error(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(inner) => match inner.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(other) => io::Error::other(other),
        },
        other => io::Error::other(other),
    }
}

#[cfg(test)]
mod tests;
