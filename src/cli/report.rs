//! `gongbao report`.

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::corrections::{Reviewed, with};
use super::extract::{self, Reading, caught, name_of};
use super::formats;
use super::messages::{Messages, count};
use super::originals::{self, Sources};
use super::output::Output;
use super::programs::Material;
use super::{EXIT_CODES, Stop, validate, volume};
use crate::decode::{self, FormatChoice};
use crate::pipeline::Extractor;
use crate::record::Record;
use crate::report::{Original, Page, Report};
use crate::validate::{RecordFile, files, schema};

const EXAMPLES: &str = "\
Examples:
  gongbao report page.txt --out review.html
      a page, read now
  gongbao report pages/*.txt scans/*.hocr --out review.html
      several, with an index; beside a.hocr, a.png or a.jpg is taken for its picture
  gongbao report records.ndjson --out review.html
      records as they are; their pages are looked for by their names: below --source-dir if
      given, else in the current folder, else beside the records";

const CORRECTIONS: &str = "\
What a reviewer decides is kept by the browser and exported as corrections.json, which gongbao extract
and gongbao batch read with --corrections.";

/// What files of records are called behind the last point.
const RECORDS: [&str; 2] = ["json", "ndjson"];

/// Write pages and their numbers as one HTML file, for review
///
/// Original, clean text and indicators stand side by side; what is chosen in one is shown in the
/// others. The file needs no network and nothing beside itself. A page or record that cannot be used is told on standard error and
/// in the file; the exit code is 1.
#[derive(Debug, clap::Args)]
#[command(after_help = format!("{EXAMPLES}\n\n{CORRECTIONS}\n\n{EXIT_CODES}"))]
pub struct Arguments {
    /// Files of records (.json, .ndjson) and pages
    #[arg(value_name = "RECORDS|PAGES", required = true)]
    paths: Vec<PathBuf>,

    /// Write to this file, whole or not at all
    #[arg(short, long, value_name = "FILE")]
    out: PathBuf,

    /// Where the pages of records lie
    #[arg(long, value_name = "DIR")]
    source_dir: Option<PathBuf>,

    /// Leave pictures of pages out, which make the file large
    #[arg(long)]
    no_pictures: bool,

    /// How to read the pages [default: found out from what they say]
    #[arg(short, long, value_name = "NAME", value_parser = formats::of_read())]
    format: Option<FormatChoice>,

    #[command(flatten)]
    reviewed: Reviewed,

    #[command(flatten)]
    reading: Reading,
}

pub fn run(arguments: &Arguments, messages: &mut Messages) -> Result<(), Stop> {
    let inputs = arguments.paths.iter().map(PathBuf::as_path);
    extract::refuse_input_as_output(&arguments.out, inputs)?;
    let read = match arguments.format.unwrap_or_default() {
        FormatChoice::Forced(decode::Format::Mets) => FormatChoice::Detect, // its pages are no METS
        read => read,
    };
    let corrections = arguments.reviewed.read()?;
    let reader = Reader {
        arguments,
        extractor: with(arguments.reading.extractor(read)?, corrections.as_ref()),
        sources: Sources {
            transcriber: arguments.reading.programs.transcriber(),
            max_bytes: arguments.reading.max_bytes(),
            pictures: !arguments.no_pictures,
        },
        read,
        as_they_are: Cell::new(0),
    };
    let mut output = Output::file(&arguments.out)?;
    let mut shown = 0;
    output.with(|out| {
        let mut report = Report::begin(out, Arc::clone(reader.extractor.words()))?;
        for path in &arguments.paths {
            reader.input(path, &mut |page| match page {
                Ok((record, originals)) => report.page(&Page {
                    record: &record,
                    originals: &originals,
                    changed: None,
                }),
                Err(message) => {
                    messages.error(&message);
                    report.unread(message);
                    Ok(())
                }
            })?;
        }
        shown = report.len();
        report.end().map(drop)
    })?;
    if reader.as_they_are.get() > 0 {
        messages.note(&format!(
            "--corrections: nothing of it is put into {}, which are shown as they are; give the pages \
             themselves, or write records with gongbao extract --corrections",
            count(reader.as_they_are.get(), "record", "records")
        ));
    }
    arguments
        .reviewed
        .tell_unseen(corrections.as_ref(), messages);
    if shown == 0 {
        messages.error(&format!(
            "{}: not written: there is no page to show",
            arguments.out.display()
        ));
        return Ok(());
    }
    output.close()?;
    let pages = count(shown, "page", "pages");
    messages.note(&format!("{}: {pages}", arguments.out.display()));
    Ok(())
}

/// A page to show, or what is wrong with it.
type Found = Result<(Record, Vec<Original>), String>;

/// How pages and records are read.
struct Reader<'a> {
    arguments: &'a Arguments,
    extractor: Extractor,
    sources: Sources,
    read: FormatChoice,
    /// Records that corrections are of.
    as_they_are: Cell<usize>,
}

impl Reader<'_> {
    /// Gives what `path` has to `found`, one after the other.
    fn input(
        &self,
        path: &Path,
        found: &mut dyn FnMut(Found) -> std::io::Result<()>,
    ) -> std::io::Result<()> {
        let name = name_of(path);
        if let Some(text) = self.records(path) {
            let text = match text {
                Ok(text) => text,
                Err(message) => return found(Err(format!("{name}: {message}"))),
            };
            let folders = originals::folders(self.arguments.source_dir.as_deref(), path);
            for (line, json) in validate::documents(&text) {
                found(match record(json) {
                    Ok(record) => {
                        self.look_for_corrections(&record);
                        let originals = self.sources.of(&record, &folders);
                        Ok((record, originals))
                    }
                    Err(message) => Err(format!("{name}:{line}: {message}")),
                })?;
            }
            return Ok(());
        }
        let reading = self.arguments.reading.options(self.read);
        for page in volume::pages(path, reading, self.arguments.reading.max_bytes()) {
            let page = page.and_then(|path| {
                let page = self.page(&path);
                page.map_err(|message| format!("{}: {message}", name_of(&path)))
            });
            found(page)?;
        }
        Ok(())
    }

    /// Notes whether there are corrections of the pages of a record, into which none is put.
    fn look_for_corrections(&self, record: &Record) {
        let files = files(record);
        let of = |file: &RecordFile<'_>| self.extractor.corrections_of(file.name, file.sha256);
        let is_corrected = files.iter().map(of).filter(|found| !found.is_empty());
        if is_corrected.count() > 0 {
            self.as_they_are.set(self.as_they_are.get() + 1);
        }
    }

    /// The text of a file of records; none when it is a page. JSON is also what some engines write, so that
    /// the first of it decides.
    fn records(&self, path: &Path) -> Option<Result<String, String>> {
        let extension = path.extension()?.to_str()?;
        if !RECORDS.contains(&extension) || self.arguments.format.is_some() {
            return None;
        }
        let text = validate::read(path);
        let of_engine = |text: &String| {
            let reading = self.arguments.reading.options(FormatChoice::Detect);
            let first = validate::documents(text).into_iter().next();
            let is_record = first.is_some_and(|(_, json)| json.contains("\"gongbao/"));
            !is_record
                && decode::format_of(text.as_bytes(), reading)
                    .is_ok_and(|format| format != decode::Format::Text)
        };
        match &text {
            Ok(json) if of_engine(json) => None,
            _ => Some(text),
        }
    }

    /// The record of a page, read now.
    fn page(&self, path: &Path) -> Found {
        let name = name_of(path);
        let reading = self.arguments.reading.options(self.read);
        let max_bytes = self.arguments.reading.max_bytes();
        let material = Material::of(path, max_bytes, &self.sources.transcriber, reading)?;
        let record = caught(|| {
            let record = self.extractor.extract(&name, material.input());
            record.map_err(|error| material.told(&error))
        })?;
        let picture = self.sources.picture(&record, 0, Some(path.to_owned()));
        let bytes = material.into_read();
        let original = Original {
            bytes: Ok(bytes),
            picture,
        };
        Ok((record, vec![original]))
    }
}

/// A record, or what is wrong with it.
fn record(json: &str) -> Result<Record, String> {
    let value = serde_json::from_str(json).map_err(|error| format!("it is no JSON: {error}"))?;
    match schema::validate(&value).first() {
        Some(violation) => Err(format!("it is no record: {violation}")),
        None => serde_json::from_str(json).map_err(|error| format!("it is no record: {error}")),
    }
}
