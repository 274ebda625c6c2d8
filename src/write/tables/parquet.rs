//! Rows → Parquet, zstd.
//!
//! A decimal is two columns: `value`, decimal128 with [`SCALE`] digits behind the point, and
//! `value_float`, the double that is nearest. Every decimal of up to 28 digits fits the first exactly when
//! no more than [`SCALE`] of them stand behind the point (a page's own numbers have three or four at most);
//! one that does not is null there, never rounded, and has its double.
//!
//! The same rows give the same bytes, however they come in: pages and row groups end at rows that are
//! counted, and nothing of the time or machine is written.

use std::borrow::Cow;
use std::io::{self, Write};
use std::sync::Arc;

use arrow_array::builder::{
    ArrayBuilder, BooleanBuilder, Date32Builder, Decimal128Builder, Float64Builder, Int64Builder,
    StringBuilder,
};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use jiff::civil::Date;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;

use super::{Cell, Column, Kind, Row, Table};
use crate::base::Decimal;
use crate::base::decimal::power_of_ten;

/// Digits of a decimal128; as many as it has room for.
pub const PRECISION: u8 = 38;
/// Those of them behind the point: leaves room for all 28 digits of a [`Decimal`] before it.
pub const SCALE: u8 = 10;
/// What the name of a decimal's column of doubles ends with.
pub const FLOAT: &str = "_float";

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
    name: &'static str,
    columns: Cow<'static, [Column]>,
    schema: SchemaRef,
    builders: Vec<Builder>,
    /// In `builders`.
    rows: usize,
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
        let schema = Arc::new(Schema::new(
            columns.iter().flat_map(fields).collect::<Vec<Field>>(),
        ));
        let out =
            ArrowWriter::try_new(out, Arc::clone(&schema), Some(properties())).map_err(io_error)?;
        Ok(Self {
            name,
            schema,
            builders: columns.iter().map(Builder::new).collect(),
            columns,
            rows: 0,
            out,
        })
    }

    /// Takes rows of the table.
    ///
    /// # Errors
    /// Those of `out`; [`io::ErrorKind::InvalidInput`] for a row of another table.
    pub fn write(&mut self, rows: &[Row<'_>]) -> io::Result<()> {
        for row in rows {
            self.push(row)?;
            if self.rows == BATCH {
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

    fn push(&mut self, row: &[Cell<'_>]) -> io::Result<()> {
        let columns = &*self.columns;
        let fits = |(cell, column): (&Cell<'_>, &Column)| cell.fits(column.kind);
        if row.len() != columns.len() || !row.iter().zip(columns).all(fits) {
            let what = format!("not a row of the table of {}: {row:?}", self.name);
            return Err(io::Error::new(io::ErrorKind::InvalidInput, what));
        }
        for (builder, cell) in self.builders.iter_mut().zip(row) {
            builder.push(cell);
        }
        self.rows += 1;
        Ok(())
    }

    fn write_batch(&mut self) -> io::Result<()> {
        if self.rows == 0 {
            return Ok(());
        }
        self.rows = 0;
        let arrays = self.builders.iter_mut().flat_map(Builder::finish).collect();
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), arrays)
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

/// The columns in Parquet of `column`.
fn fields(column: &Column) -> Vec<Field> {
    let name = &*column.name;
    let field = |data_type| Field::new(name, data_type, !column.required);
    match column.kind {
        Kind::Text | Kind::List => vec![field(DataType::Utf8)],
        Kind::Integer => vec![field(DataType::Int64)],
        Kind::Date => vec![field(DataType::Date32)],
        Kind::Boolean => vec![field(DataType::Boolean)],
        // never required: what does not fit is null
        Kind::Decimal => vec![
            Field::new(
                name,
                DataType::Decimal128(PRECISION, SCALE.cast_signed()),
                true,
            ),
            Field::new(
                format!("{name}{FLOAT}"),
                DataType::Float64,
                !column.required,
            ),
        ],
    }
}

/// Cells of one column, on their way to Arrow.
enum Builder {
    Text(StringBuilder),
    Integer(Int64Builder),
    Date(Date32Builder),
    Boolean(BooleanBuilder),
    Decimal(Decimal128Builder, Float64Builder),
}

impl Builder {
    fn new(column: &Column) -> Self {
        match column.kind {
            Kind::Text | Kind::List => Self::Text(StringBuilder::new()),
            Kind::Integer => Self::Integer(Int64Builder::new()),
            Kind::Date => Self::Date(Date32Builder::new()),
            Kind::Boolean => Self::Boolean(BooleanBuilder::new()),
            Kind::Decimal => {
                let data_type = DataType::Decimal128(PRECISION, SCALE.cast_signed());
                let exact = Decimal128Builder::new().with_data_type(data_type);
                Self::Decimal(exact, Float64Builder::new())
            }
        }
    }

    /// Appends `cell`, which is of the kind of the column or null.
    fn push(&mut self, cell: &Cell<'_>) {
        match self {
            Self::Text(builder) => builder.append_option(match cell {
                Cell::Text(text) => Some(text),
                _ => None,
            }),
            Self::Integer(builder) => builder.append_option(match cell {
                Cell::Integer(number) => Some(*number),
                _ => None,
            }),
            Self::Date(builder) => builder.append_option(match cell {
                Cell::Date(date) => Some(days(*date)),
                _ => None,
            }),
            Self::Boolean(builder) => builder.append_option(match cell {
                Cell::Boolean(truth) => Some(*truth),
                _ => None,
            }),
            Self::Decimal(exact, float) => {
                let number = match cell {
                    Cell::Decimal(number) => Some(*number),
                    _ => None,
                };
                exact.append_option(number.and_then(unscaled));
                float.append_option(number.and_then(|n| n.to_string().parse().ok()));
            }
        }
    }

    /// What was appended, as the arrays of [`fields`]; empties the builder.
    fn finish(&mut self) -> Vec<ArrayRef> {
        match self {
            Self::Text(builder) => vec![ArrayBuilder::finish(builder)],
            Self::Integer(builder) => vec![ArrayBuilder::finish(builder)],
            Self::Date(builder) => vec![ArrayBuilder::finish(builder)],
            Self::Boolean(builder) => vec![ArrayBuilder::finish(builder)],
            Self::Decimal(exact, float) => {
                vec![ArrayBuilder::finish(exact), ArrayBuilder::finish(float)]
            }
        }
    }
}

/// Days since 1970-01-01.
fn days(date: Date) -> i32 {
    const EPOCH: Date = Date::constant(1970, 1, 1);
    (date - EPOCH).get_days()
}

/// `number` in units of `10^-SCALE`; none when that is no whole number.
fn unscaled(number: Decimal) -> Option<i128> {
    let Some(surplus) = number.scale().checked_sub(u32::from(SCALE)) else {
        return number.mantissa_at(SCALE.into());
    };
    let (mantissa, surplus) = (number.mantissa(), power_of_ten(surplus)?);
    (mantissa % surplus == 0).then_some(mantissa / surplus)
}

#[cfg(test)]
mod tests;
