//! `gongbao validate`.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::messages::{Messages, count};
use super::originals::{self, Reading};
use super::output::Output;
use super::programs::Programs;
use super::{EXIT_CODES, Stop};
use crate::base::legible;
use crate::record::Record;
use crate::transcribe::Transcriber;
use crate::validate;

const EXAMPLES: &str = "\
Examples:
  gongbao validate record.json
  gongbao validate records/*.ndjson
  gongbao validate --source-dir pages records.ndjson
  gongbao extract page.txt | gongbao validate -

A page is looked for by the name in its record: below --source-dir if given,
else in the current folder, else beside the record. Where it is found, and
with it all other files that the record was read from, every piece of the
record is read from them again. A PDF or image is read by the program
that read it, if it is here in the same version, unless what that printed was
kept (gongbao extract --keep-readings) and lies in one of these folders, too.";

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

    #[command(flatten)]
    programs: Programs,
}

#[derive(Default)]
struct Tally {
    records: usize,
    replayed: usize,
    findings: usize,
}

pub fn run(arguments: &Arguments, messages: &mut Messages) -> Result<(), Stop> {
    let mut output = Output::standard();
    let mut tally = Tally::default();
    let transcriber = arguments.programs.transcriber();
    for file in &arguments.files {
        let text = match read(file) {
            Ok(text) => text,
            Err(message) => {
                messages.error(&format!("{}: {message}", file.display()));
                continue;
            }
        };
        let folders = originals::folders(arguments.source_dir.as_deref(), file);
        for (line, json) in documents(&text) {
            tally.records += 1;
            let found = findings(json, &folders, &transcriber);
            tally.replayed += usize::from(found.replayed);
            tally.findings += found.findings.len();
            for finding in found.findings {
                let finding = format!("{}:{line}: {finding}", file.display());
                output.write(format!("{}\n", legible(&finding)).as_bytes())?;
            }
            if let Some(why) = found.unchecked {
                messages.note(&format!(
                    "{}:{line}: not checked against the page: {why}",
                    file.display()
                ));
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
        messages.error(&summary);
    } else {
        messages.note(&summary);
    }
    Ok(())
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

/// What came of one record.
#[derive(Default)]
struct Found {
    findings: Vec<String>,
    /// True when it was held against its page.
    replayed: bool,
    /// Why it was not, where the page was found.
    unchecked: Option<String>,
}

impl Found {
    fn wrong(findings: impl IntoIterator<Item = impl ToString>) -> Self {
        Self {
            findings: findings.into_iter().map(|f| f.to_string()).collect(),
            ..Self::default()
        }
    }
}

fn findings(json: &str, folders: &[PathBuf], transcriber: &Transcriber) -> Found {
    let value: Value = match serde_json::from_str(json) {
        Ok(value) => value,
        Err(error) => return Found::wrong([format!("/: it is no JSON: {error}")]),
    };
    let shape = validate::schema::validate(&value);
    if !shape.is_empty() {
        return Found::wrong(&shape);
    }
    let record: Record = match serde_json::from_str(json) {
        Ok(record) => record,
        Err(error) => return Found::wrong([format!("/: it is no record: {error}")]),
    };
    let mut found = Found::default();
    let mut extra = None;
    let mut originals: Vec<(&str, Vec<u8>)> = Vec::new();
    let files = validate::files(&record);
    for file in &files {
        match originals::reading(file, folders, transcriber) {
            Reading::Found(bytes) => originals.push((file.name, bytes)),
            Reading::Nowhere => {}
            Reading::Changed(violation) => extra = Some(violation),
            Reading::Unchecked(why) => found.unchecked = Some(why),
        }
    }
    if originals.len() < files.len() {
        originals.clear(); // what goes over several files needs all of them
    }
    found.replayed = !originals.is_empty();
    let originals: Vec<(&str, &[u8])> = originals.iter().map(|(n, b)| (*n, &**b)).collect();
    let violations = validate::record(&record, &originals);
    let violations = extra.iter().chain(&violations);
    found.findings = violations.map(ToString::to_string).collect();
    found
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
