//! Rows → columns of Arrow, as Parquet files and data frames have them.
//!
//! A decimal is two columns: `value`, decimal128 with [`SCALE`] digits behind the point, and
//! `value_float`, the double that is nearest. Every decimal of up to 28 digits fits the first exactly when
//! no more than [`SCALE`] of them stand behind the point (a page's own numbers have three or four at most);
//! one that does not is null there, never rounded, and has its double.

use std::borrow::Cow;

use arrow_array::ArrayRef;
use arrow_array::builder::{
    ArrayBuilder, BooleanBuilder, Date32Builder, Decimal128Builder, Float64Builder, Int64Builder,
    StringBuilder,
};
use arrow_schema::{DataType, Field};
use jiff::civil::Date;

use super::{Cell, Column, Kind, Table};
use crate::base::Decimal;
use crate::base::decimal::power_of_ten;

/// Digits of a decimal128; as many as it has room for.
pub const PRECISION: u8 = 38;
/// Those of them behind the point: leaves room for all 28 digits of a [`Decimal`] before it.
pub const SCALE: u8 = 10;
/// What the name of a decimal's column of doubles ends with.
pub const FLOAT: &str = "_float";

/// A row that a table does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a row of the table of {table}: {row}")]
pub struct RowError {
    /// Name of the table.
    pub table: &'static str,
    /// The row.
    pub row: String,
}

/// Rows of a table on their way to Arrow.
///
/// ```
/// use gongbao::write::tables::{Table, arrow::Columns, rows};
/// let record = gongbao::Extractor::new().extract("a.txt", "全年新增企业992户。\n".as_bytes())?;
/// let mut columns = Columns::new(Table::Indicators);
/// for row in rows(Table::Indicators, &record) {
///     columns.push(&row)?;
/// }
/// let fields = columns.fields();
/// let arrays = columns.finish();
/// assert_eq!((fields[0].name().as_str(), arrays[0].len()), ("page", 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Columns {
    name: &'static str,
    columns: Cow<'static, [Column]>,
    builders: Vec<Builder>,
    rows: usize,
}

impl Columns {
    /// Those of `table`, without a row.
    #[must_use]
    pub fn new(table: Table) -> Self {
        Self::of(table.name(), table.columns().into())
    }

    /// `columns` of the table called `name`, without a row.
    #[must_use]
    pub fn of(name: &'static str, columns: Cow<'static, [Column]>) -> Self {
        Self {
            name,
            builders: columns.iter().map(Builder::new).collect(),
            columns,
            rows: 0,
        }
    }

    /// What the arrays are called and hold, in the order of [`Columns::finish`].
    #[must_use]
    pub fn fields(&self) -> Vec<Field> {
        self.columns.iter().flat_map(fields).collect()
    }

    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Appends a row.
    ///
    /// # Errors
    /// When it is one of another table.
    pub fn push(&mut self, row: &[Cell<'_>]) -> Result<(), RowError> {
        let columns = &*self.columns;
        let fits = |(cell, column): (&Cell<'_>, &Column)| cell.fits(column.kind);
        if row.len() != columns.len() || !row.iter().zip(columns).all(fits) {
            return Err(RowError {
                table: self.name,
                row: format!("{row:?}"),
            });
        }
        for (builder, cell) in self.builders.iter_mut().zip(row) {
            builder.push(cell);
        }
        self.rows += 1;
        Ok(())
    }

    /// The rows as arrays; there are none then.
    pub fn finish(&mut self) -> Vec<ArrayRef> {
        self.rows = 0;
        self.builders.iter_mut().flat_map(Builder::finish).collect()
    }
}

/// The columns in Arrow of `column`.
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

    /// What was appended, as the arrays of [`fields`]; empties it.
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
