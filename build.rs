//! Turns `lexicon/*.toml` into JSON, which is read some ten times faster when the program starts; the
//! files of `lexicon/concepts/` become one, without the examples that only their tests read. Sorts the
//! rows of `lexicon/regions/regions.tsv`, which are searched as they are.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var("OUT_DIR")?);
    println!("cargo::rerun-if-changed=lexicon");
    for entry in fs::read_dir(root.join("lexicon"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == "toml") {
            let json = json(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            let name = path.with_extension("json");
            fs::write(out.join(name.file_name().ok_or("no name")?), json)?;
        }
    }
    regions(&root.join("lexicon/regions/regions.tsv"), &out)?;
    concepts(&root.join("lexicon/concepts"), &out)
}

/// Writes the rows of the table twice, by code and by name, with the columns in one order: name, code,
/// parent, first and last revision, short name.
fn regions(table: &Path, out: &Path) -> Result<(), Box<dyn Error>> {
    let text = fs::read_to_string(table)?;
    let mut rows = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if line.starts_with('#') {
            continue;
        }
        let columns: Vec<&str> = line.split('\t').collect();
        let &[code, name, parent, first, last, short] = columns.as_slice() else {
            let columns = columns.len();
            return Err(format!("{}:{number}: {columns} columns, not 6", table.display()).into());
        };
        rows.push([name, code, parent, first, last, short]);
    }
    for (file, key) in [("regions-by-name.tsv", 0), ("regions-by-code.tsv", 1)] {
        rows.sort_unstable_by_key(|row| (row[key], row[1], row[3]));
        let lines: String = rows.iter().map(|row| row.join("\t") + "\n").collect();
        fs::write(out.join(file), lines)?;
    }
    Ok(())
}

/// Puts the files of `folder` together, and writes down their names and texts for their tests.
fn concepts(folder: &Path, out: &Path) -> Result<(), Box<dyn Error>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)? {
        paths.push(entry?.path());
    }
    paths.retain(|path| path.extension().is_some_and(|e| e == "toml"));
    paths.sort();
    let mut all = toml::Table::new();
    let mut texts = String::from("[\n");
    for path in &paths {
        let table: toml::Table = toml::from_str(&fs::read_to_string(path)?)
            .map_err(|error| format!("{}: {error}", path.display()))?;
        for (name, entries) in table {
            let toml::Value::Array(mut entries) = entries else {
                return Err(format!("{}: {name} is no [[{name}]]", path.display()).into());
            };
            for entry in entries.iter_mut().filter_map(toml::Value::as_table_mut) {
                entry.remove("hits");
                entry.remove("misses");
            }
            let known = all
                .entry(name)
                .or_insert_with(|| toml::Value::Array(Vec::new()));
            if let Some(known) = known.as_array_mut() {
                known.append(&mut entries);
            }
        }
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .ok_or("no name")?;
        writeln!(
            texts,
            "    (\"lexicon/concepts/{name}\", include_str!({path:?})),"
        )?;
    }
    texts.push_str("]\n");
    fs::write(out.join("concepts.json"), serde_json::to_string(&all)?)?;
    fs::write(out.join("concept_files.rs"), texts)?;
    Ok(())
}

fn json(path: &Path) -> Result<String, Box<dyn Error>> {
    let table: toml::Table = toml::from_str(&fs::read_to_string(path)?)?;
    Ok(serde_json::to_string(&table)?)
}
