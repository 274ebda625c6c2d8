//! The columns of a table as Table Schema, the documented column list of `schema/tables/`.

use serde::Serialize;

use super::{Column, Kind, Table, arrow};

/// Table Schema 2.0, its properties in the order in which they are read best.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Schema {
    #[serde(rename = "$schema")]
    profile: &'static str,
    name: &'static str,
    description: &'static str,
    fields: Vec<Field>,
    missing_values: [&'static str; 1],
    primary_key: &'static [&'static str],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    foreign_keys: Vec<ForeignKey>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Field {
    name: String,
    r#type: &'static str,
    description: String,
    #[serde(skip_serializing_if = "Constraints::is_none")]
    constraints: Constraints,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
struct Constraints {
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    required: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    r#enum: Option<Vec<String>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct ForeignKey {
    fields: [&'static str; 1],
    reference: Reference,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Reference {
    resource: &'static str,
    fields: [&'static str; 1],
}

impl Constraints {
    fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

impl Schema {
    /// The columns of `table` as CSV has them.
    ///
    /// ```
    /// use gongbao::write::tables::{Table, schema::Schema};
    /// let schema = serde_json::to_value(Schema::csv(Table::Indicators))?;
    /// assert_eq!(schema["primaryKey"], serde_json::json!(["page", "id"]));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn csv(table: Table) -> Self {
        Self::new(table, table.columns().iter().map(field).collect())
    }

    /// The same as Parquet has them: beside each decimal, a field of doubles.
    #[must_use]
    pub fn parquet(table: Table) -> Self {
        let columns = table.columns().iter();
        Self::new(table, columns.flat_map(parquet_fields).collect())
    }

    /// The same with the page as a key to the table of pages; as it is for that table itself.
    #[must_use]
    pub(super) fn with_key_to_pages(mut self, table: Table) -> Self {
        if table != Table::Pages {
            self.foreign_keys.push(ForeignKey {
                fields: [table.page_column()],
                reference: Reference {
                    resource: Table::Pages.name(),
                    fields: [Table::Pages.page_column()],
                },
            });
        }
        self
    }

    fn new(table: Table, fields: Vec<Field>) -> Self {
        Self {
            profile: "https://datapackage.org/profiles/2.0/tableschema.json",
            name: table.name(),
            description: table.description(),
            fields,
            missing_values: [""],
            primary_key: table.primary_key(),
            foreign_keys: Vec::new(),
        }
    }
}

fn field(column: &Column) -> Field {
    Field {
        name: column.name.clone().into_owned(),
        r#type: match column.kind {
            Kind::Text => "string",
            Kind::Integer => "integer",
            Kind::Decimal => "number",
            Kind::Date => "date",
            Kind::Boolean => "boolean",
            Kind::List => "array",
        },
        description: column.description.clone().into_owned(),
        constraints: Constraints {
            required: column.required,
            r#enum: column.values.clone(),
        },
    }
}

fn parquet_fields(column: &Column) -> Vec<Field> {
    let mut exact = field(column);
    match column.kind {
        Kind::List => {
            exact.r#type = "string";
            vec![exact]
        }
        Kind::Decimal => {
            let mut float = field(column);
            float.name.push_str(arrow::FLOAT);
            float.description = format!(
                "The double that is nearest to {}; has a value also where that has more than {} digits \
                 behind the point and is null.",
                column.name,
                arrow::SCALE
            );
            exact.constraints.required = false;
            vec![exact, float]
        }
        _ => vec![exact],
    }
}
