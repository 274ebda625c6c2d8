//! Rows of a data frame → pages: their names, where their bytes are, and what else is known of them.

use std::path::PathBuf;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::DataType;

use super::inputs::{Found, PageInput, Place};
use super::{Failure, Kind, PageMetadata, Step};
use crate::record::MetadataKey;

/// Origin, in records, of what a row says of its page.
const ORIGIN: &str = "manifest";

/// Which columns say which pages there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// Paths: names of the pages and, without `content`, of their files. Text.
    pub path: String,
    /// The bytes of the pages: binary, or text, which is UTF-8.
    pub content: Option<String>,
    /// What is known of the pages: of these keys, columns of text that are called so. A null or a blank says
    /// nothing.
    pub metadata: Vec<MetadataKey>,
}

/// Why a data frame is no list of pages.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ManifestError {
    /// It has no column of this name.
    #[error("there is no column {column:?}; the columns are {columns}")]
    Missing {
        /// What was looked for.
        column: String,
        /// What is there.
        columns: String,
    },
    /// A column is of another type.
    #[error("column {column:?} is of type {found}; expected {expected}")]
    Type {
        /// The column.
        column: String,
        /// Its type.
        found: String,
        /// What it may be.
        expected: &'static str,
    },
}

impl Manifest {
    /// The pages of `batch`, a row each and in their order. A row that names none is a failure.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use arrow_array::{ArrayRef, RecordBatch, StringArray};
    /// use gongbao::batch::{inputs::Found, manifest::Manifest};
    /// let paths: ArrayRef = Arc::new(StringArray::from(vec![Some("a.txt"), None]));
    /// let batch = RecordBatch::try_from_iter([("path", paths)])?;
    /// let manifest = Manifest { path: "path".into(), content: None, metadata: vec![] };
    /// let found = manifest.pages(&batch)?;
    /// assert!(matches!(&found[0], Found::Page(page) if page.name == "a.txt"));
    /// assert!(matches!(&found[1], Found::Failed(_)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// When the columns are not there, or hold something else.
    pub fn pages(&self, batch: &RecordBatch) -> Result<Vec<Found>, ManifestError> {
        let paths = Texts::of(batch, &self.path)?;
        let contents = self.content.as_deref().map(|name| Bytes::of(batch, name));
        let contents = contents.transpose()?;
        let known = self.metadata.iter();
        let known = known.map(|&key| Ok((key, Texts::of(batch, key.name())?)));
        let known: Vec<(MetadataKey, Texts<'_>)> = known.collect::<Result<_, _>>()?;
        let page = |row| {
            let page = self.page(row, &paths, contents.as_ref(), &known);
            page.map_or_else(Found::Failed, Found::Page)
        };
        Ok((0..batch.num_rows()).map(page).collect())
    }

    fn page(
        &self,
        row: usize,
        paths: &Texts<'_>,
        contents: Option<&Bytes<'_>>,
        known: &[(MetadataKey, Texts<'_>)],
    ) -> Result<PageInput, Failure> {
        let missing = |path: &str, column: &str| Failure {
            path: path.to_owned(),
            stage: Step::Inputs,
            kind: Kind::List,
            message: format!("row {row} of its batch, from 0, has nothing in column {column:?}"),
        };
        let name = paths.at(row).filter(|name| !name.is_empty());
        let name = name.ok_or_else(|| missing("", &self.path))?;
        let place = match contents {
            None => Place::File(PathBuf::from(name)),
            Some(contents) => {
                let column = self.content.as_deref().unwrap_or_default();
                let bytes = contents.at(row).ok_or_else(|| missing(name, column))?;
                Place::Member(bytes.to_vec())
            }
        };
        let fields = known.iter();
        let fields = fields.filter_map(|(key, texts)| Some((*key, texts.at(row)?)));
        let mut page = PageInput::new(name.to_owned(), place, 0);
        page.known = PageMetadata::of_fields(name, fields, ORIGIN)?;
        Ok(page)
    }
}

fn column<'b>(batch: &'b RecordBatch, name: &str) -> Result<&'b ArrayRef, ManifestError> {
    batch.column_by_name(name).ok_or_else(|| {
        let schema = batch.schema();
        let names = schema.fields().iter().map(|field| field.name().as_str());
        ManifestError::Missing {
            column: name.to_owned(),
            columns: names.collect::<Vec<_>>().join(", "),
        }
    })
}

fn wrong(name: &str, found: &ArrayRef, expected: &'static str) -> ManifestError {
    ManifestError::Type {
        column: name.to_owned(),
        found: found.data_type().to_string(),
        expected,
    }
}

/// A column of text.
struct Texts<'b>(&'b ArrayRef);

impl<'b> Texts<'b> {
    fn of(batch: &'b RecordBatch, name: &str) -> Result<Self, ManifestError> {
        let found = column(batch, name)?;
        match found.data_type() {
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Null => {
                Ok(Self(found))
            }
            _ => Err(wrong(name, found, "text")),
        }
    }

    fn at(&self, row: usize) -> Option<&'b str> {
        if self.0.is_null(row) {
            return None;
        }
        match self.0.data_type() {
            DataType::Utf8 => Some(self.0.as_string::<i32>().value(row)),
            DataType::LargeUtf8 => Some(self.0.as_string::<i64>().value(row)),
            DataType::Utf8View => Some(self.0.as_string_view().value(row)),
            _ => None,
        }
    }
}

/// A column of bytes.
struct Bytes<'b>(&'b ArrayRef);

impl<'b> Bytes<'b> {
    fn of(batch: &'b RecordBatch, name: &str) -> Result<Self, ManifestError> {
        let found = column(batch, name)?;
        match found.data_type() {
            DataType::Binary | DataType::LargeBinary | DataType::BinaryView => Ok(Self(found)),
            _ if Texts::of(batch, name).is_ok() => Ok(Self(found)),
            _ => Err(wrong(name, found, "binary or text")),
        }
    }

    fn at(&self, row: usize) -> Option<&'b [u8]> {
        if self.0.is_null(row) {
            return None;
        }
        match self.0.data_type() {
            DataType::Binary => Some(self.0.as_binary::<i32>().value(row)),
            DataType::LargeBinary => Some(self.0.as_binary::<i64>().value(row)),
            DataType::BinaryView => Some(self.0.as_binary_view().value(row)),
            _ => Texts(self.0).at(row).map(str::as_bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{BinaryArray, Int64Array, LargeStringArray, StringArray, StringViewArray};

    use super::*;
    use crate::document::Hints;

    fn manifest(content: Option<&str>, metadata: &[MetadataKey]) -> Manifest {
        Manifest {
            path: "path".to_owned(),
            content: content.map(str::to_owned),
            metadata: metadata.to_vec(),
        }
    }

    fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
        RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(n, a)| (n, a, true)))
            .unwrap()
    }

    fn paths() -> ArrayRef {
        Arc::new(StringArray::from(vec!["a.txt", "b.txt"]))
    }

    #[test]
    fn bytes_come_as_they_are_whatever_holds_them() {
        let gb = b"\xd6\xb2\xca\xf7".as_slice(); // not UTF-8
        let columns: [(ArrayRef, &[u8]); 3] = [
            (Arc::new(BinaryArray::from(vec![Some(gb), None])), gb),
            (
                Arc::new(LargeStringArray::from(vec![Some("植树"), None])),
                "植树".as_bytes(),
            ),
            (
                Arc::new(StringViewArray::from(vec![Some("植树"), None])),
                "植树".as_bytes(),
            ),
        ];
        for (column, expected) in columns {
            let batch = batch(vec![("path", paths()), ("content", column)]);
            let found = manifest(Some("content"), &[]).pages(&batch).unwrap();
            let Found::Page(page) = &found[0] else {
                panic!("{found:?}")
            };
            assert_eq!(page.place, Place::Member(expected.to_vec()));
            let Found::Failed(failure) = &found[1] else {
                panic!("{found:?}")
            };
            assert_eq!((failure.path.as_str(), failure.kind), ("b.txt", Kind::List));
        }
    }

    #[test]
    fn columns_say_what_is_known() {
        let days: ArrayRef = Arc::new(StringArray::from(vec!["2022/2/15", "last year"]));
        let batch = batch(vec![("path", paths()), ("published", days)]);
        let found = manifest(None, &[MetadataKey::Published])
            .pages(&batch)
            .unwrap();
        let Found::Page(page) = &found[0] else {
            panic!("{found:?}")
        };
        assert_eq!(
            page.known.hints(&Hints::default()).published,
            "2022-02-15".parse().ok()
        );
        assert_eq!(page.known.recorded().unwrap()[0].origin, "manifest");
        let Found::Failed(failure) = &found[1] else {
            panic!("{found:?}")
        };
        assert!(failure.message.contains("last year"), "{failure}");
    }

    #[test]
    fn what_is_no_list_of_pages_is_told() {
        let numbers: ArrayRef = Arc::new(Int64Array::from(vec![1, 2]));
        let batch = batch(vec![("name", paths()), ("path", numbers)]);
        let error = manifest(None, &[]).pages(&batch).unwrap_err();
        assert_eq!(
            error.to_string(),
            "column \"path\" is of type Int64; expected text"
        );
        let asked = Manifest {
            path: "file".to_owned(),
            ..manifest(None, &[])
        };
        let error = asked.pages(&batch).unwrap_err();
        assert_eq!(
            error.to_string(),
            "there is no column \"file\"; the columns are name, path"
        );
    }
}
