//! `datapackage.json`: what the files of tables are, as a Frictionless Data Package 2.0.

use std::io;

use serde::Serialize;

use super::Table;
use super::schema::Schema;
use crate::write::json;

/// How the files of a resource are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Format {
    /// CSV; SDMX-CSV for observations.
    Csv,
    /// Parquet.
    Parquet,
}

/// The files of one table in one format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// What their rows are.
    pub table: Table,
    /// How they are written.
    pub format: Format,
    /// The files in the order of their rows; at least one.
    pub files: Vec<File>,
}

/// A file of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Where it is, relative to the package, `/` separators: `csv/indicators-2.csv`.
    pub path: String,
    /// Its rows, the header not counted.
    pub rows: u64,
    /// Its size.
    pub bytes: u64,
}

/// The package of `resources`, which come in the order in which they are to be listed.
///
/// Nothing of the time is in it: the same files, the same bytes. Rows of CSV point to their pages with a
/// foreign key when the pages are there as CSV, too. (Ids within a page, such as `section` of an
/// indicator, are unique only together with it, and may be empty: tools take a key that is empty in part
/// for a broken one, so that these are described in words.)
///
/// Several files are one resource, with a list of paths: tools read those of CSV as one table and leave out
/// the headers behind the first. Files of Parquet are listed with their columns, but not as a table:
/// frictionless would read them through pandas, where integers with nulls are doubles, and call these
/// errors. `format` is what tells it.
///
/// # Errors
/// None that is known of: writing into memory.
///
/// ```
/// use gongbao::write::tables::{Table, package::{File, Format, Resource, package}};
/// let pages = Resource {
///     table: Table::Pages,
///     format: Format::Csv,
///     files: vec![File { path: "csv/pages.csv".to_owned(), rows: 1, bytes: 400 }],
/// };
/// let package: serde_json::Value = serde_json::from_slice(&package(&[pages])?)?;
/// assert_eq!(package["resources"][0]["name"], "pages");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn package(resources: &[Resource]) -> io::Result<Vec<u8>> {
    let pages = |r: &Resource| r.table == Table::Pages && r.format == Format::Csv;
    let has_pages = resources.iter().any(pages);
    let package = Package {
        profile: "https://datapackage.org/profiles/2.0/datapackage.json",
        name: "gongbao",
        title: "Numbers of bulletins, with their places on the pages",
        created_by: concat!("gongbao ", env!("CARGO_PKG_VERSION")),
        resources: resources.iter().map(|r| listed(r, has_pages)).collect(),
    };
    let mut bytes = Vec::new();
    json::json(&package, &mut bytes)?;
    Ok(bytes)
}

#[derive(Serialize)]
struct Package<'a> {
    #[serde(rename = "$schema")]
    profile: &'static str,
    name: &'static str,
    title: &'static str,
    created_by: &'static str,
    resources: Vec<Listed<'a>>,
}

/// A resource as the package lists it.
#[derive(Serialize)]
struct Listed<'a> {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    r#type: Option<&'static str>,
    description: &'static str,
    path: Path<'a>,
    format: &'static str,
    mediatype: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    encoding: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dialect: Option<Dialect>,
    /// Of one file only: tools do not agree on what it is of several.
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<u64>,
    /// Of tables.
    #[serde(skip_serializing_if = "Option::is_none")]
    rows: Option<u64>,
    schema: Schema,
}

/// One file is a text, several are a list.
#[derive(Serialize)]
#[serde(untagged)]
enum Path<'a> {
    One(&'a str),
    Several(Vec<&'a str>),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Dialect {
    line_terminator: &'static str,
}

fn listed(resource: &Resource, has_pages: bool) -> Listed<'_> {
    let (table, files) = (resource.table, resource.files.as_slice());
    let (path, bytes) = match files {
        [file] => (Path::One(&file.path), Some(file.bytes)),
        files => {
            let paths = files.iter().map(|file| file.path.as_str());
            (Path::Several(paths.collect()), None)
        }
    };
    match resource.format {
        Format::Csv => Listed {
            name: table.name().to_owned(),
            r#type: Some("table"),
            description: table.description(),
            path,
            format: "csv",
            mediatype: "text/csv",
            encoding: Some("utf-8"),
            dialect: Some(Dialect {
                line_terminator: "\n",
            }),
            bytes,
            rows: Some(files.iter().map(|file| file.rows).sum()),
            schema: match Schema::csv(table) {
                schema if has_pages => schema.with_key_to_pages(table),
                schema => schema,
            },
        },
        Format::Parquet => Listed {
            name: format!("{}-parquet", table.name()),
            r#type: None,
            description: table.description(),
            path,
            format: "apache-parquet",
            mediatype: "application/vnd.apache.parquet",
            encoding: None,
            dialect: None,
            bytes,
            rows: None,
            schema: Schema::parquet(table),
        },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn resource(table: Table, format: Format, paths: &[&str]) -> Resource {
        let file = |path: &&str| File {
            path: (*path).to_owned(),
            rows: 3,
            bytes: 100,
        };
        Resource {
            table,
            format,
            files: paths.iter().map(file).collect(),
        }
    }

    fn packed(resources: &[Resource]) -> Value {
        serde_json::from_slice(&package(resources).unwrap()).unwrap()
    }

    #[test]
    fn rows_point_to_pages_where_these_are() {
        let pages = resource(Table::Pages, Format::Csv, &["csv/pages.csv"]);
        let sdmx = resource(Table::Observations, Format::Csv, &["sdmx/observations.csv"]);
        let both = packed(&[pages, sdmx.clone()]);
        let key = json!([{
            "fields": ["PAGE"],
            "reference": { "resource": "pages", "fields": ["page"] },
        }]);
        assert_eq!(both["resources"][1]["schema"]["foreignKeys"], key);
        let none = Value::Null;
        assert_eq!(both["resources"][0]["schema"].get("foreignKeys"), None);
        let alone = packed(&[sdmx]);
        assert_eq!(alone["resources"][0]["schema"]["foreignKeys"], none);
    }

    #[test]
    fn several_files_are_one_resource() {
        let paths = ["csv/checks.csv", "csv/checks-2.csv"];
        let packed = packed(&[resource(Table::Checks, Format::Csv, &paths)]);
        let listed = &packed["resources"][0];
        assert_eq!(listed["path"], json!(paths));
        assert_eq!(listed["rows"], 6);
        assert_eq!(listed.get("bytes"), None);
    }

    #[test]
    fn parquet_has_its_doubles() {
        let packed = packed(&[resource(Table::Checks, Format::Parquet, &["a.parquet"])]);
        let listed = &packed["resources"][0];
        assert_eq!(listed["name"], "checks-parquet");
        assert_eq!(listed["bytes"], 100);
        let fields = listed["schema"]["fields"].as_array().unwrap();
        let field = |name: &str| fields.iter().find(|f| f["name"] == name).unwrap();
        assert_eq!(field("actual").get("constraints"), None); // what does not fit is null
        assert_eq!(field("actual_float")["constraints"]["required"], true);
    }
}
