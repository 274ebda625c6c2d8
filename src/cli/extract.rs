//! `gongbao extract`.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, IsTerminal, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::ValueEnum;

use super::corrections::{Reviewed, with};
use super::formats::{self, Named};
use super::messages::Messages;
use super::output::{Output, Screen};
use super::programs::{Material, Programs, Readings};
use super::{EXIT_CODES, Stop, lexicon, volume};
use crate::base::{DateSpan, legible};
pub use crate::batch::page::MAX_BYTES;
use crate::corrections::Corrections;
use crate::decode::{self, EncodingChoice, FormatChoice, Options};
use crate::document::Hints;
use crate::pipeline::{ExtractError, Extractor, Input};
use crate::record::Record;
use crate::stages::Stage;
use crate::transcribe::Transcriber;
use crate::write;

const EXAMPLES: &str = "\
Examples:
  gongbao extract page.txt
      one page, as an indented JSON object
  gongbao extract -o records.ndjson pages/*.txt
      several, one line of JSON a page
  gongbao extract -f table page.txt | less -S
      the indicators, nothing cut off
  gongbao extract --keep-readings read gazette.pdf scan.png
      a PDF by pdftotext, an image by tesseract; what they print is kept in read/
  gongbao extract --ocr 'my-ocr --lang zh {}' scan.png
      an image by a program of your own
  gongbao extract --encoding gb18030 --published 2022-02-15 old.txt
      an old page that does not say when it is of
  gongbao extract --lexicon words.toml page.txt
      with words of your own; see gongbao lexicon check --help
  gongbao extract page.json --also page.hocr
      a page that two engines have read: the better reading of each number and label
  gongbao extract --corrections corrections.json page.txt
      with what a reviewer decided in a report; see gongbao report --help
  gongbao extract --until normalize page.txt
      the clean text, and what was dropped and mended";

/// Read pages and write their records
///
/// A page is a file as OCR programs write it, of text, XML or JSON, or a PDF or image, which pdftotext
/// or an OCR program on this machine is run on; for a METS file the pages that it names. A page that cannot be read is told on standard error;
/// the others are written all the same, and the exit code is 1.
#[derive(Debug, clap::Args)]
#[command(after_help = format!("{EXAMPLES}\n\n{EXIT_CODES}"))]
pub struct Arguments {
    /// Pages to read; - or none reads standard input
    #[arg(value_name = "PATHS")]
    paths: Vec<PathBuf>,

    /// How to write the records [default: json for one page, ndjson for several] and, given once
    /// more, how to read the pages [default: found out from what they say]
    #[arg(short, long, value_name = "NAME", value_parser = formats::of_both::<Format>())]
    format: Vec<Named<Format>>,

    /// Write to this file, whole or not at all
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// What another engine read of the same page; may be given several times
    #[arg(long, value_name = "FILE")]
    also: Vec<PathBuf>,

    /// Keep what programs read in PDFs and images in this folder, as PAGE.xhtml, PAGE.hocr, …
    #[arg(long, value_name = "DIR")]
    keep_readings: Option<PathBuf>,

    #[command(flatten)]
    reviewed: Reviewed,

    #[command(flatten)]
    reading: Reading,

    /// Show what is known behind this stage instead, as JSON
    #[arg(long, value_name = "STAGE", default_value = "validate")]
    until: Stage,
}

/// How pages are read.
#[derive(Debug, clap::Args)]
pub struct Reading {
    /// Encoding of the pages: UTF-8, GB18030, Big5, UTF-16LE, UTF-16BE [default: found out]
    #[arg(long, value_name = "NAME")]
    pub encoding: Option<EncodingChoice>,

    /// Day, month or year of publication, for pages that do not say: 2022-02-15, 2022-02, 2022
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub published: Option<DateSpan>,

    /// Time the pages speak of, where they do not say: 2021, 2025-01/2025-06
    #[arg(long, value_name = "PERIOD", value_parser = period)]
    pub period: Option<DateSpan>,

    /// Place that the pages speak of, where they do not say: a name or its GB/T 2260 code, 140826
    #[arg(long, value_name = "PLACE")]
    pub region: Option<String>,

    /// Size that a page has at most, in bytes or as 64K, 64M, 1G [default: 64M]
    #[arg(long, value_name = "SIZE", value_parser = bytes)]
    pub max_bytes: Option<u64>,

    /// Words of your own, beside the built-in ones; may be given several times
    #[arg(long, value_name = "FILE")]
    pub lexicon: Vec<PathBuf>,

    /// Concepts of your own, beside the built-in ones; may be given several times
    #[arg(long, value_name = "FILE")]
    pub concepts: Vec<PathBuf>,

    #[command(flatten)]
    pub programs: Programs,
}

impl Reading {
    /// How the bytes of pages in `format` become characters.
    pub fn options(&self, format: FormatChoice) -> Options {
        Options {
            encoding: self.encoding.unwrap_or_default(),
            format,
        }
    }

    /// Size that a page has at most.
    pub fn max_bytes(&self) -> u64 {
        self.max_bytes.unwrap_or(MAX_BYTES)
    }

    /// What is known of all pages.
    pub fn hints(&self) -> Hints {
        Hints {
            published: self.published,
            period: self.period,
            region: self.region.clone(),
            ..Hints::default()
        }
    }

    pub fn extractor(&self, format: FormatChoice) -> Result<Extractor, Stop> {
        let mut extractor = Extractor::new()
            .encoding(self.encoding.unwrap_or_default())
            .format(format)
            .hints(self.hints());
        if !self.lexicon.is_empty() || !self.concepts.is_empty() {
            extractor = extractor.lexicon(lexicon::with(&self.lexicon, &self.concepts)?);
        }
        Ok(extractor)
    }
}

/// How records are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Write: an indented object, of one page
    Json,
    /// Write: one line of JSON a page
    Ndjson,
    /// Write: the clean text
    Text,
    /// Write: the sections with their lines on the page
    Outline,
    /// Write: the indicators, aligned for a terminal: ≈ about, > over, ≥ at least
    Table,
}

/// The format to write and the one to read among those that were named.
pub fn formats(named: &[Named<Format>]) -> Result<(Option<Format>, FormatChoice), Stop> {
    let (written, read) = formats::split(named)?;
    match written.as_slice() {
        [] => Ok((None, read)),
        &[format] => Ok((Some(format), read)),
        _ => Err(Stop::Usage(
            "--format names two formats to write records in; name one of these, and beside it one of \
             the other kind at most, such as -f ndjson -f hocr"
                .to_owned(),
        )),
    }
}

pub fn bytes(text: &str) -> Result<u64, String> {
    let (digits, power) = match text.char_indices().next_back() {
        Some((at, 'k' | 'K')) => (&text[..at], 10),
        Some((at, 'm' | 'M')) => (&text[..at], 20),
        Some((at, 'g' | 'G')) => (&text[..at], 30),
        _ => (text, 0),
    };
    digits
        .parse::<u64>()
        .ok()
        .and_then(|n| n.checked_mul(1 << power))
        .filter(|&n| n > 0)
        .ok_or_else(|| "expected a number of bytes, such as 65536, 64K or 64M".to_owned())
}

pub fn period(text: &str) -> Result<DateSpan, String> {
    text.parse::<DateSpan>()
        .map_err(|_| "expected YYYY, YYYY-MM, YYYY-MM-DD or two of these around a slash, such as 2021 or 2025-01/2025-06".to_owned())
}

pub fn date(text: &str) -> Result<DateSpan, String> {
    text.parse::<DateSpan>()
        .ok()
        .filter(|_| !text.contains('/'))
        .ok_or_else(|| "expected YYYY-MM-DD, YYYY-MM or YYYY, such as 2022-02-15".to_owned())
}

pub fn run(
    arguments: &Arguments,
    color: anstream::ColorChoice,
    messages: &mut Messages,
) -> Result<(), Stop> {
    let job = Job::new(arguments, color)?;
    let mut output = match &arguments.output {
        Some(path) => Output::file(path)?,
        None => Output::standard(),
    };
    let mut written = 0;
    let mut readings = arguments.keep_readings.as_deref().map(Readings::new);
    for page in &job.pages {
        let written_page = page.as_ref().map_err(String::clone).and_then(|path| {
            let page = job.page(path, readings.as_mut());
            page.map_err(|message| format!("{}: {message}", name_of(path)))
        });
        match written_page {
            Ok(result) => {
                if written > 0 && job.headed() {
                    output.write(b"\n")?;
                }
                match result {
                    Written::Bytes(bytes) => output.write(&bytes)?,
                    Written::Json(record) => output.json(&record, job.format == Format::Json)?,
                }
                written += 1;
            }
            Err(message) => messages.error(&message),
        }
    }
    arguments
        .reviewed
        .tell_unseen(job.corrections.as_ref(), messages);
    if written == 0
        && let Some(path) = &arguments.output
    {
        messages.error(&format!(
            "{}: not written: there is no page to write",
            path.display()
        ));
        return Ok(());
    }
    output.close()
}

/// What comes of a page.
enum Written {
    /// To be written as it is.
    Bytes(Vec<u8>),
    /// To be written as JSON, which is so large that it is not made before.
    Json(Box<Record>),
}

/// What was asked for, made sure that it makes sense.
struct Job {
    extractor: Extractor,
    corrections: Option<Arc<Corrections>>,
    transcriber: Transcriber,
    reading: Options,
    /// Size of a page at most.
    max_bytes: u64,
    /// The files to read, in order; a message for what is none.
    pages: Vec<Result<PathBuf, String>>,
    /// Other readings of the one page.
    also: Vec<PathBuf>,
    format: Format,
    until: Stage,
    screen: Screen,
}

impl Job {
    fn new(arguments: &Arguments, color: anstream::ColorChoice) -> Result<Self, Stop> {
        let mut paths: Vec<&Path> = arguments.paths.iter().map(PathBuf::as_path).collect();
        if paths.is_empty() {
            if io::stdin().is_terminal() {
                return Err(Stop::Usage(
                    "no page is named and standard input is a terminal; name a file, e.g. \
                     gongbao extract page.txt"
                        .to_owned(),
                ));
            }
            paths.push(Path::new("-"));
        }
        if !arguments.also.is_empty() && paths.len() > 1 {
            return Err(Stop::Usage(format!(
                "--also is for one page, and {} are named; run gongbao once for each page",
                paths.len()
            )));
        }
        let also = arguments.also.iter().map(PathBuf::as_path);
        let inputs: Vec<&Path> = paths.iter().copied().chain(also).collect();
        if inputs.iter().filter(|p| is_standard(p)).count() > 1 {
            return Err(Stop::Usage(
                "- is named twice; standard input can be read only once".to_owned(),
            ));
        }
        let (written, mut read) = formats(&arguments.format)?;
        let reading = arguments.reading.options(read);
        let max_bytes = arguments.reading.max_bytes();
        let pages = paths
            .iter()
            .flat_map(|path| volume::pages(path, reading, max_bytes));
        let pages: Vec<Result<PathBuf, String>> = pages.collect();
        if read == FormatChoice::Forced(decode::Format::Mets) {
            read = FormatChoice::Detect; // its pages are no METS
        }
        let default = if pages.len() == 1 {
            Format::Json
        } else {
            Format::Ndjson
        };
        let format = written.unwrap_or(default);
        if format == Format::Json && pages.len() > 1 {
            return Err(Stop::Usage(format!(
                "-f json is for one page, and {} are named; use -f ndjson, one line a page",
                pages.len()
            )));
        }
        if arguments.until != Stage::Validate && !matches!(format, Format::Json | Format::Ndjson) {
            return Err(Stop::Usage(
                "--until shows JSON; use -f json or -f ndjson with it, or leave -f out".to_owned(),
            ));
        }
        if let Some(output) = &arguments.output {
            let pages = pages.iter().flatten().map(PathBuf::as_path);
            refuse_input_as_output(output, inputs.iter().copied().chain(pages))?;
        }
        let corrections = arguments.reviewed.read()?;
        Ok(Self {
            extractor: with(arguments.reading.extractor(read)?, corrections.as_ref()),
            corrections,
            transcriber: arguments.reading.programs.transcriber(),
            reading: arguments.reading.options(read),
            max_bytes,
            pages,
            also: arguments.also.clone(),
            format,
            until: arguments.until,
            screen: Screen::new(arguments.output.is_some(), color),
        })
    }

    /// True when each page is told apart by its name.
    fn headed(&self) -> bool {
        self.pages.len() > 1 && !matches!(self.format, Format::Json | Format::Ndjson)
    }

    /// One page, read and written; or what went wrong with it.
    fn page(&self, path: &Path, mut kept: Option<&mut Readings<'_>>) -> Result<Written, String> {
        let mut materials = Vec::with_capacity(1 + self.also.len());
        for (i, path) in std::iter::once(path)
            .chain(self.also.iter().map(PathBuf::as_path))
            .enumerate()
        {
            let name = name_of(path);
            let mut reading = self.reading;
            if i > 0 {
                reading.format = FormatChoice::Detect; // other engines write other formats
            }
            let material = Material::of(path, self.max_bytes, &self.transcriber, reading);
            let material = material.map_err(|message| {
                if i > 0 {
                    format!("{name}: {message}")
                } else {
                    message
                }
            })?;
            if let (Some(kept), Some(transcript)) = (kept.as_mut(), &material.transcript) {
                kept.keep(&name, transcript)?;
            }
            materials.push((name, material));
        }
        caught(|| self.written(&materials))
    }

    /// The record of the page with these readings, the first of which is its own.
    fn written(&self, materials: &[(String, Material)]) -> Result<Written, String> {
        let mut out = Vec::new();
        let Some((name, material)) = materials.first() else {
            return Ok(Written::Bytes(out));
        };
        let readings: Vec<(&str, Input<'_>)> = materials
            .iter()
            .map(|(name, material)| (name.as_str(), material.input()))
            .collect();
        let told = |error: ExtractError| material.told(&error);
        if self.headed() {
            out.extend_from_slice(format!("==> {} <==\n", legible(name)).as_bytes());
        }
        let result = if self.until == Stage::Validate {
            let record = match readings.as_slice() {
                &[(name, input)] => self.extractor.extract(name, input),
                readings => self.extractor.extract_readings(readings),
            };
            let record = record.map_err(told)?;
            if matches!(self.format, Format::Json | Format::Ndjson) {
                return Ok(Written::Json(Box::new(record)));
            }
            self.screen.record(&record, self.format, &mut out)
        } else {
            let view = match readings.as_slice() {
                &[(name, input)] => self.extractor.until(self.until, name, input),
                readings => self.extractor.readings_until(self.until, readings),
            };
            let view = view.map_err(told)?;
            match self.format {
                Format::Json => write::json::json(&view, &mut out),
                _ => write::ndjson::line(&view, &mut out),
            }
        };
        result.map_err(|error| format!("its result could not be written: {error}"))?;
        Ok(Written::Bytes(out))
    }
}

/// What `work` on one page comes to. One page's bug must not lose the results of the others.
pub fn caught<T>(work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        Err("gongbao failed on it, which is a bug; please report it with the page".to_owned())
    })
}

fn is_standard(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// The name for record and messages.
pub fn name_of(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// The bytes of a page, or what is wrong with it; what has more than `max_bytes` is not read to its end.
pub fn read(path: &Path, max_bytes: u64) -> Result<Vec<u8>, String> {
    let too_large = |size: &str| {
        format!("it has {size}more than the {max_bytes} bytes a page may have; see --max-bytes")
    };
    let result = if is_standard(path) {
        bounded(io::stdin().lock(), max_bytes)
    } else if path.is_dir() {
        return Err(format!(
            "it is a folder; name its files, e.g. {}",
            path.join("*.txt").display()
        ));
    } else {
        match fs::metadata(path).map(|about| about.len()) {
            Ok(size) if size > max_bytes => return Err(too_large(&format!("{size} bytes, "))),
            _ => File::open(path).and_then(|file| bounded(file, max_bytes)),
        }
    };
    let result = match result {
        Ok(Some(bytes)) => return Ok(bytes),
        Ok(None) => return Err(too_large("")),
        Err(error) => Err(error),
    };
    result.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => "there is no such file; check the name".to_owned(),
        io::ErrorKind::PermissionDenied => "it may not be read; check its permissions".to_owned(),
        _ => format!("it could not be read: {error}"),
    })
}

/// All that `reader` gives, none when that is more than `max_bytes`.
fn bounded(reader: impl Read, max_bytes: u64) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    reader
        .take(max_bytes.saturating_add(1))
        .read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= max_bytes).then_some(bytes))
}

pub fn refuse_input_as_output<'a>(
    output: &Path,
    paths: impl Iterator<Item = &'a Path>,
) -> Result<(), Stop> {
    let Ok(target) = output.canonicalize() else {
        return Ok(()); // what does not exist yet is no input
    };
    let inputs: HashSet<PathBuf> = paths
        .filter(|path| !is_standard(path))
        .filter_map(|path| path.canonicalize().ok())
        .collect();
    if target.is_file() && inputs.contains(&target) {
        return Err(Stop::Usage(format!(
            "-o {} is one of the pages to read and would be lost; name another file",
            output.display()
        )));
    }
    Ok(())
}
