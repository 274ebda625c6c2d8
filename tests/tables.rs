//! Tables of the sample pages as a run over many pages lays them out, and the checked-in column lists.
//!
//! The folder that is left in `target/tmp/tables` is for `.ci/tables.py`, which opens it with the tools
//! that people use.

use std::fs;
use std::path::{Path, PathBuf};

use gongbao::record::Record;
use gongbao::write::tables::package::{File, Format, Resource, package};
use gongbao::write::tables::schema::Schema;
use gongbao::write::tables::{Table, csv, parquet, rows};
use gongbao::{Extractor, write};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn checked_in_column_lists_are_in_step_with_the_columns() {
    let folder = root().join("schema/tables");
    let mut stale = Vec::new();
    for table in Table::ALL {
        let mut generated = Vec::new();
        write::json::json(&Schema::csv(table), &mut generated).unwrap();
        let path = folder.join(format!("{}.json", table.name()));
        if std::env::var_os("GONGBAO_BLESS").is_some() {
            fs::create_dir_all(&folder).unwrap();
            fs::write(&path, &generated).unwrap();
        }
        if fs::read(&path).unwrap_or_default() != generated {
            stale.push(path);
        }
    }
    assert!(
        stale.is_empty(),
        "{stale:?} are not what the columns in src/write/tables/ give. When the columns are right, write \
         them anew and look at the difference:\n    GONGBAO_BLESS=1 cargo test --test tests tables\n    \
         git diff schema/"
    );
}

/// The sample pages in every format.
fn samples() -> Vec<Record> {
    let mut paths: Vec<PathBuf> = fs::read_dir(root().join("samples"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            let name = path.to_string_lossy();
            [".txt", ".hocr", ".tsv", ".xml"]
                .iter()
                .any(|e| name.ends_with(e))
        })
        .collect();
    paths.sort();
    let records: Vec<Record> = paths
        .iter()
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap();
            let name = format!("samples/{name}");
            Extractor::new()
                .extract(&name, &fs::read(path).unwrap())
                .unwrap()
        })
        .collect();
    assert!(records.len() > 20, "samples/ has {} pages", records.len());
    records
}

/// Writes files of `table`, a new one after every `pages` pages, and says what they are.
fn files(out: &Path, table: Table, format: Format, pages: usize, records: &[Record]) -> Resource {
    let folder = match (table, format) {
        (Table::Observations, _) => "sdmx",
        (_, Format::Csv) => "csv",
        (_, Format::Parquet) => "parquet",
    };
    let extension = folder.replace("sdmx", "csv");
    fs::create_dir_all(out.join(folder)).unwrap();
    let mut resource = Resource {
        table,
        format,
        files: Vec::new(),
    };
    for (records, number) in records.chunks(pages).zip(1..) {
        let suffix = if number > 1 {
            format!("-{number}")
        } else {
            String::new()
        };
        let path = format!("{folder}/{}{suffix}.{extension}", table.name());
        let rows: Vec<_> = records
            .iter()
            .flat_map(|record| rows(table, record))
            .collect();
        let bytes = match format {
            Format::Csv => {
                let mut bytes = csv::header(table, number % 2 == 0);
                csv::rows(&rows, false, &mut bytes).unwrap();
                bytes
            }
            Format::Parquet => {
                let mut writer = parquet::Writer::new(table, Vec::new()).unwrap();
                writer.write(&rows).unwrap();
                writer.finish().unwrap()
            }
        };
        fs::write(out.join(&path), &bytes).unwrap();
        resource.files.push(File {
            path,
            rows: rows.len() as u64,
            bytes: bytes.len() as u64,
        });
    }
    resource
}

#[test]
fn sample_pages_as_a_folder_of_tables() {
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("tables");
    let _ = fs::remove_dir_all(&out);
    let records = samples();
    fs::create_dir_all(out.join("ndjson")).unwrap();
    let mut lines = Vec::new();
    for record in &records {
        write::ndjson::ndjson(record, &mut lines);
    }
    fs::write(out.join("ndjson/records.ndjson"), lines).unwrap();
    let mut resources = Vec::new();
    for format in [Format::Csv, Format::Parquet] {
        for table in Table::ALL {
            if (table, format) != (Table::Observations, Format::Parquet) {
                resources.push(files(&out, table, format, 10, &records));
            }
        }
    }
    fs::write(out.join("datapackage.json"), package(&resources).unwrap()).unwrap();
    for resource in resources {
        assert!(resource.files.len() > 2, "{resource:?}");
        let rows = resource.files.iter().map(|file| file.rows);
        assert!(rows.sum::<u64>() >= 10, "{resource:?}");
    }
}
