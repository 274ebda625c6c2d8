//! `gongbao validate`.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::output::Output;
use super::report::Report;
use super::{EXIT_CODES, Stop};
use crate::record::Record;
use crate::validate;

const EXAMPLES: &str = "\
Examples:
  gongbao validate record.json
  gongbao validate records/*.ndjson
  gongbao validate --source-dir pages records.ndjson
  gongbao extract page.txt | gongbao validate -

A page is looked for by the name in its record: below --source-dir if given,
else in the current folder, else beside the record. Where it is found, and with
it all other files that the record was read from, every piece of the record is
read from them again.";

/// Check records against their schema, their invariants and their pages
///
/// Findings go to standard output, one a line: file:line: pointer: what was found, what was
/// expected.
#[derive(Debug, clap::Args)]
#[command(after_help = format!("{EXAMPLES}\n\n{EXIT_CODES}"))]
pub struct Arguments {
    /// Files of records; - reads standard input
    #[arg(value_name = "FILES", required = true)]
    files: Vec<PathBuf>,

    /// Where the pages lie
    #[arg(long, value_name = "DIR")]
    source_dir: Option<PathBuf>,
}

#[derive(Default)]
struct Tally {
    records: usize,
    replayed: usize,
    findings: usize,
}

pub fn run(arguments: &Arguments, report: &mut Report) -> Result<(), Stop> {
    let mut output = Output::standard();
    let mut tally = Tally::default();
    for file in &arguments.files {
        let text = match read(file) {
            Ok(text) => text,
            Err(message) => {
                report.error(&format!("{}: {message}", file.display()));
                continue;
            }
        };
        for (line, json) in documents(&text) {
            tally.records += 1;
            let originals = originals(arguments.source_dir.as_deref(), file);
            for finding in findings(json, &originals, &mut tally) {
                tally.findings += 1;
                let finding = format!("{}:{line}: {finding}\n", file.display());
                output.write(finding.as_bytes())?;
            }
        }
    }
    output.close()?;
    let summary = format!(
        "{}, {} checked against the page, {}",
        count(tally.records, "record", "records"),
        tally.replayed,
        count(tally.findings, "finding", "findings")
    );
    if tally.findings > 0 {
        report.error(&summary);
    } else {
        report.note(&summary);
    }
    Ok(())
}

fn count(n: usize, one: &str, more: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { more })
}

/// The text of a file of records, or what is wrong with it.
pub fn read(file: &Path) -> Result<String, String> {
    let bytes = if file.as_os_str() == "-" {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        fs::read(file)
    };
    let bytes = bytes.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => "there is no such file; check the name".to_owned(),
        _ => format!("it could not be read: {error}"),
    })?;
    let text = String::from_utf8(bytes).map_err(|error| {
        format!(
            "it is no UTF-8 (byte {}), as JSON is",
            error.utf8_error().valid_up_to()
        )
    })?;
    if text.trim().is_empty() {
        return Err("it is empty; expected records as JSON or NDJSON".to_owned());
    }
    Ok(text)
}

/// The records of a file, each with the line on which it begins: NDJSON when its first line is a
/// JSON text of its own, else one.
pub fn documents(text: &str) -> Vec<(usize, &str)> {
    let lines = || {
        text.lines()
            .enumerate()
            .filter(|(_, line)| !line.trim().is_empty())
            .map(|(i, line)| (i + 1, line))
    };
    match lines().next() {
        Some((_, first)) if serde_json::from_str::<Value>(first).is_ok() => lines().collect(),
        Some((line, _)) => {
            // NDJSON with a damaged first line is still one record a line
            let ndjson = lines().nth(1).is_some()
                && lines()
                    .skip(1)
                    .all(|(_, line)| line.starts_with('{') && line.ends_with('}'));
            if ndjson {
                lines().collect()
            } else {
                vec![(line, text)]
            }
        }
        None => Vec::new(),
    }
}

/// The folders in which pages are looked for.
fn originals(source_dir: Option<&Path>, file: &Path) -> Vec<PathBuf> {
    match source_dir {
        Some(folder) => vec![folder.to_owned()],
        None => {
            let beside = file.parent().unwrap_or(Path::new(""));
            vec![PathBuf::new(), beside.to_owned()]
        }
    }
}

/// The page called `name`.
fn original(name: &str, folders: &[PathBuf]) -> Option<Vec<u8>> {
    let base = Path::new(name).file_name().map(Path::new);
    let names = [Some(Path::new(name)), base];
    folders
        .iter()
        .flat_map(|folder| names.iter().flatten().map(move |name| folder.join(name)))
        .find(|path| path.is_file())
        .and_then(|path| fs::read(path).ok())
}

/// The files that `record` was read from, with their names; none unless all of them are found.
fn all_originals<'a>(record: &'a Record, folders: &[PathBuf]) -> Option<Vec<(&'a str, Vec<u8>)>> {
    let parts = record.source.parts.iter().flatten();
    let names = std::iter::once(&record.source.name).chain(parts.map(|part| &part.name));
    names
        .map(|name| {
            let bytes = (name != "-").then(|| original(name, folders));
            Some((name.as_str(), bytes??))
        })
        .collect()
}

fn findings(json: &str, folders: &[PathBuf], tally: &mut Tally) -> Vec<String> {
    let value: Value = match serde_json::from_str(json) {
        Ok(value) => value,
        Err(error) => return vec![format!("/: it is no JSON: {error}")],
    };
    let shape = validate::schema::validate(&value);
    if !shape.is_empty() {
        return shape.iter().map(ToString::to_string).collect();
    }
    let record: Record = match serde_json::from_str(json) {
        Ok(record) => record,
        Err(error) => return vec![format!("/: it is no record: {error}")],
    };
    let originals = all_originals(&record, folders).unwrap_or_default();
    tally.replayed += usize::from(!originals.is_empty());
    let originals: Vec<(&str, &[u8])> = originals.iter().map(|(n, b)| (*n, &**b)).collect();
    let violations = validate::record(&record, &originals);
    violations.iter().map(ToString::to_string).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_record_or_many() {
        assert_eq!(documents("{\n  \"a\": 1\n}\n"), [(1, "{\n  \"a\": 1\n}\n")]);
        assert_eq!(
            documents("{\"a\": 1}\n\n{}\n"),
            [(1, "{\"a\": 1}"), (3, "{}")]
        );
        assert_eq!(
            documents("{\"a\": 1}\n{oops\n"),
            [(1, "{\"a\": 1}"), (2, "{oops")]
        );
        assert_eq!(
            documents("{oops\n{\"a\": 1}\n"),
            [(1, "{oops"), (2, "{\"a\": 1}")]
        );
    }
}
