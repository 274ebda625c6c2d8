//! What a column is called, holds and means.

use std::borrow::Cow;

use schemars::{JsonSchema, SchemaGenerator};
use serde_json::Value;

/// What the cells of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Characters; in Parquet Utf8.
    Text,
    /// A whole number of 64 bits with sign.
    Integer,
    /// An exact decimal; in Parquet decimal128 and, beside it, a double.
    Decimal,
    /// A day, ISO 8601; in Parquet Date32.
    Date,
    /// `true` or `false`.
    Boolean,
    /// A list in JSON; in Parquet Utf8.
    List,
}

/// A column of a table.
#[derive(Debug, Clone)]
pub struct Column {
    /// Unique in its table; no word that SQL reserves.
    pub name: Cow<'static, str>,
    /// What its cells are.
    pub kind: Kind,
    /// What it says, in which unit, and when it is empty.
    pub description: Cow<'static, str>,
    /// True when no cell of it is empty.
    pub required: bool,
    /// All values that it can have, where it is a closed list.
    pub values: Option<Vec<String>>,
}

impl Column {
    /// A column that may have empty cells.
    #[must_use]
    pub fn new(
        name: impl Into<Cow<'static, str>>,
        kind: Kind,
        description: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            name: name.into(),
            kind,
            description: description.into(),
            required: false,
            values: None,
        }
    }

    /// The same without empty cells.
    #[must_use]
    pub fn required(self) -> Self {
        Self {
            required: true,
            ..self
        }
    }

    /// The same with the values of a field of the record.
    pub(super) fn values_of<T: JsonSchema>(self) -> Self {
        let schema = SchemaGenerator::default().into_root_schema_for::<T>();
        Self {
            values: Some(variants(schema.as_value())),
            ..self
        }
    }

    /// The same with these values.
    #[must_use]
    pub fn values(self, values: &[&str]) -> Self {
        Self {
            values: Some(values.iter().map(ToString::to_string).collect()),
            ..self
        }
    }
}

/// The variants of an enumeration, from its schema: with comments each is a `const`, without they are
/// one `enum`.
fn variants(schema: &Value) -> Vec<String> {
    let list = |key: &str| schema[key].as_array().into_iter().flatten();
    let named = list("oneOf").flat_map(|variant| match variant.get("const") {
        Some(value) => vec![value],
        None => variant["enum"].as_array().into_iter().flatten().collect(),
    });
    let values = named.chain(list("enum"));
    values
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{CheckStatus, LabelStyle};

    #[test]
    fn values_are_those_of_the_type() {
        let column = || Column::new("a", Kind::Text, "");
        let found = column().values_of::<CheckStatus>().values.unwrap();
        assert_eq!(found, ["ok", "rounding", "mismatch", "partial"]);
        let found = column().values_of::<LabelStyle>().values.unwrap();
        assert_eq!(found.len(), 10);
        assert!(found.contains(&"han-paren".to_owned()));
    }
}
