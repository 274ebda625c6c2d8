//! Pages → Arrow, a row a page: what data frames take.
//!
//! A row has the name of its page and, as lists of structs, its rows of each table, with the columns that the
//! tables have as Parquet; a page that has no record has none in any of them, and one in `errors`. So no page is
//! lost, there is one schema for all, and a table is had by unnesting its column.

use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::{ArrayRef, ListArray, RecordBatch, RecordBatchReader, StructArray};
use arrow_buffer::OffsetBuffer;
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};

use super::page::Extracted;
use super::records::{Passed, Records};
use super::{Failure, Kind, Step};
use crate::write::tables::arrow::{Columns, RowError};
use crate::write::tables::{Cell, Column, Kind as Of, Row, Table, rows};

/// Name of the column of failures; see [`Failure`] for what is in it.
pub const ERRORS: &str = "errors";
/// Name of the column of records as JSON, where it is asked for.
pub const RECORD: &str = "record";

/// Pages of a batch at most, …
const PAGES: usize = 64;
/// … and bytes of text from which on it ends.
const FULL: usize = 32 << 20;
/// Bytes of text of one page that a batch has room for: Arrow counts the bytes of a column in 31 bits.
const MOST: usize = 1 << 30;

/// Which columns a frame has beside the name of the page and its failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    /// The tables, in their order.
    pub tables: Vec<Table>,
    /// True for the record as a line of JSON.
    pub record: bool,
}

impl Default for Shape {
    /// All tables, no record.
    fn default() -> Self {
        Self {
            tables: Table::ALL.to_vec(),
            record: false,
        }
    }
}

impl Shape {
    /// What the columns of a frame are called and hold.
    ///
    /// ```
    /// let schema = gongbao::batch::frame::Shape::default().schema();
    /// let names: Vec<&str> = schema.fields().iter().map(|f| f.name().as_str()).collect();
    /// assert_eq!(names[..3], ["page", "pages", "sections"]);
    /// assert_eq!(names.last(), Some(&"errors"));
    /// ```
    #[must_use]
    pub fn schema(&self) -> SchemaRef {
        let mut fields = vec![Field::new("page", DataType::Utf8, false)];
        let tables = self
            .tables
            .iter()
            .map(|&table| List::new(Columns::new(table), table.name()));
        fields.extend(tables.map(|list| list.field()));
        fields.push(errors().field());
        if self.record {
            fields.push(Field::new(RECORD, DataType::Utf8, true));
        }
        Arc::new(Schema::new(fields))
    }
}

/// Pages on their way to a batch.
///
/// ```
/// use gongbao::batch::frame::{Frame, Shape};
/// use gongbao::batch::{Failure, Kind, Step};
/// let mut frame = Frame::new(Shape::default());
/// frame.push("a.txt", Err(Failure::bug("a.txt", Step::Extract)))?;
/// let batch = frame.finish()?;
/// assert_eq!(batch.num_rows(), 1);
/// # Ok::<(), arrow_schema::ArrowError>(())
/// ```
pub struct Frame {
    shape: Shape,
    schema: SchemaRef,
    names: StringBuilder,
    tables: Vec<List>,
    errors: List,
    records: StringBuilder,
    pages: usize,
    /// Bytes of text, about.
    text: usize,
}

impl Frame {
    /// One of this shape, without a page.
    #[must_use]
    pub fn new(shape: Shape) -> Self {
        let tables = shape.tables.iter();
        Self {
            schema: shape.schema(),
            names: StringBuilder::new(),
            tables: tables
                .map(|&table| List::new(Columns::new(table), table.name()))
                .collect(),
            errors: errors(),
            records: StringBuilder::new(),
            pages: 0,
            text: 0,
            shape,
        }
    }

    /// True when it is as large as a batch should be.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.pages >= PAGES || self.text >= FULL
    }

    /// Appends the page called `name`.
    ///
    /// # Errors
    /// None that a page can cause: rows are those of their tables.
    pub fn push(&mut self, name: &str, page: Result<Extracted, Failure>) -> Result<(), ArrowError> {
        let page = page.and_then(|page| self.fitting(name, page));
        match &page {
            Ok(page) => {
                for (list, &table) in self.tables.iter_mut().zip(&self.shape.tables) {
                    let rows = rows(table, &page.record);
                    self.text += bytes(&rows);
                    list.push(&rows).map_err(invalid)?;
                }
                self.errors.push(&[]).map_err(invalid)?;
            }
            Err(failure) => {
                for list in &mut self.tables {
                    list.push(&[]).map_err(invalid)?;
                }
                self.errors.push(&[error(failure)]).map_err(invalid)?;
            }
        }
        if self.shape.record {
            let line = page
                .as_ref()
                .ok()
                .and_then(|page| str::from_utf8(&page.line).ok());
            self.text += line.map_or(0, str::len);
            self.records.append_option(line.map(str::trim_end));
        }
        self.names.append_value(name);
        self.pages += 1;
        Ok(())
    }

    /// `page`, unless it is larger than a row can be.
    fn fitting(&self, name: &str, page: Extracted) -> Result<Extracted, Failure> {
        let own = if self.shape.record {
            page.line.len()
        } else {
            0
        };
        let of_table = |&table: &Table| bytes(&rows(table, &page.record));
        let large = page.line.len() > MOST / 16; // no table repeats a text more often
        if own > MOST
            || large
                && self
                    .shape
                    .tables
                    .iter()
                    .map(of_table)
                    .any(|text| text > MOST)
        {
            return Err(Failure {
                path: name.to_owned(),
                stage: Step::Write,
                kind: Kind::TooLarge,
                message: "what is on it has more text than a row of a data frame has room for (1 GiB): cut it \
                          into pages, or use gongbao batch"
                    .to_owned(),
            });
        }
        Ok(page)
    }

    /// The pages as a batch; there are none then.
    ///
    /// # Errors
    /// None that a page can cause.
    pub fn finish(&mut self) -> Result<RecordBatch, ArrowError> {
        (self.pages, self.text) = (0, 0);
        let mut columns: Vec<ArrayRef> = vec![Arc::new(self.names.finish())];
        for list in self.tables.iter_mut().chain([&mut self.errors]) {
            columns.push(Arc::new(list.finish()?));
        }
        if self.shape.record {
            columns.push(Arc::new(self.records.finish()));
        }
        RecordBatch::try_new(Arc::clone(&self.schema), columns)
    }
}

fn invalid(error: RowError) -> ArrowError {
    ArrowError::InvalidArgumentError(error.to_string())
}

/// Bytes of the texts of `rows`.
fn bytes(rows: &[Row<'_>]) -> usize {
    let cells = rows.iter().flatten();
    cells
        .map(|cell| match cell {
            Cell::Text(text) => text.len(),
            _ => 0,
        })
        .sum()
}

fn errors() -> List {
    let text =
        |name: &'static str, what: &'static str| Column::new(name, Of::Text, what).required();
    let columns = vec![
        Column::new("path", Of::Text, "Name of the page, where it has one."),
        text("stage", "How far it came."),
        text("kind", "What went wrong."),
        text("message", "The same for a person."),
    ];
    List::new(Columns::of(ERRORS, columns.into()), ERRORS)
}

fn error(failure: &Failure) -> Row<'_> {
    vec![
        Cell::text(failure.path.as_str()),
        Cell::code(failure.stage),
        Cell::code(failure.kind),
        Cell::text(failure.message.as_str()),
    ]
}

/// Rows of a table, page by page, as lists of structs.
struct List {
    name: &'static str,
    columns: Columns,
    /// How many rows each page has.
    lengths: Vec<usize>,
}

impl List {
    fn new(columns: Columns, name: &'static str) -> Self {
        Self {
            name,
            columns,
            lengths: Vec::new(),
        }
    }

    /// What a row is, under the name that Spark and Parquet give it.
    fn item(&self) -> Field {
        let row = DataType::Struct(self.columns.fields().into());
        Field::new("element", row, false)
    }

    fn field(&self) -> Field {
        Field::new(self.name, DataType::List(Arc::new(self.item())), false)
    }

    fn push(&mut self, rows: &[Row<'_>]) -> Result<(), RowError> {
        for row in rows {
            self.columns.push(row)?;
        }
        self.lengths.push(rows.len());
        Ok(())
    }

    fn finish(&mut self) -> Result<ListArray, ArrowError> {
        let item = Arc::new(self.item());
        let fields = self.columns.fields().into();
        let rows = self.columns.rows();
        let arrays = self.columns.finish();
        let structs = StructArray::try_new_with_length(fields, arrays, None, rows)?;
        let offsets = OffsetBuffer::from_lengths(self.lengths.drain(..));
        ListArray::try_new(item, offsets, Arc::new(structs), None)
    }
}

/// Batches of the pages of [`Records`], as they come.
pub struct Frames {
    records: Records,
    frame: Frame,
    ended: bool,
}

impl Frames {
    /// Those of `records`, in this shape.
    #[must_use]
    pub fn new(records: Records, shape: Shape) -> Self {
        Self {
            records,
            frame: Frame::new(shape),
            ended: false,
        }
    }

    fn batch(&mut self) -> Result<Option<RecordBatch>, ArrowError> {
        while !self.ended && !self.frame.is_full() {
            match self.records.next() {
                Some(Ok(Passed { name, page, .. })) => self.frame.push(&name, page)?,
                Some(Err(error)) => return Err(ArrowError::ExternalError(Box::new(error))),
                None => self.ended = true,
            }
        }
        match self.frame.pages {
            0 => Ok(None),
            _ => self.frame.finish().map(Some),
        }
    }
}

impl Iterator for Frames {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        let batch = self.batch();
        if batch.is_err() {
            self.ended = true;
        }
        batch.transpose()
    }
}

impl RecordBatchReader for Frames {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.frame.schema)
    }
}

#[cfg(test)]
mod tests;
