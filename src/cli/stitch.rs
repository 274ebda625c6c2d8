//! `gongbao stitch`.

use std::path::{Path, PathBuf};

use super::extract::{self, Format, Reading, caught, name_of};
use super::formats::{self, Named};
use super::messages::Messages;
use super::output::{Output, Screen};
use super::programs::{Material, Readings};
use super::{EXIT_CODES, Stop, volume};
use crate::base::legible;
use crate::decode::{self, FormatChoice};
use crate::pipeline::{Input, Stitched};

const EXAMPLES: &str = "\
Examples:
  gongbao stitch -o issue.ndjson 2022-03-08/*.hocr
      the pages of an issue, one line of JSON an article
  gongbao stitch -f text a1.txt a2.txt
      the clean text of each article

Pages may be given in any order. Which of them an article goes on at is found by
the pages that its jump lines name (the folio of a page, else a file's name such
as a2.txt, says which page it is), by their dates, headlines and numbering.";

/// Put articles that go on over pages together and write their records
///
/// Give the pages of one issue of a paper: （下转A2版） on one page and （上接A1版） on another are
/// one article, whose record names all its files. Pages without such lines come out as extract
/// writes them. What was put together is told on standard error; so is a jump line whose partner is
/// missing or one of several: it is left alone.
#[derive(Debug, clap::Args)]
#[command(after_help = format!("{EXAMPLES}\n\n{EXIT_CODES}"))]
pub struct Arguments {
    /// Pages of an issue
    #[arg(value_name = "FILES", required = true)]
    files: Vec<PathBuf>,

    /// How to write the articles [default: ndjson] and, given once more, how to read the pages
    /// [default: found out from what they say]
    #[arg(short, long, value_name = "NAME", value_parser = formats::of_both::<Format>())]
    format: Vec<Named<Format>>,

    /// Write to this file, whole or not at all
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Keep what programs read in PDFs and images in this folder, as PAGE.xhtml, PAGE.hocr, …
    #[arg(long, value_name = "DIR")]
    keep_readings: Option<PathBuf>,

    #[command(flatten)]
    reading: Reading,
}

pub fn run(
    arguments: &Arguments,
    color: anstream::ColorChoice,
    messages: &mut Messages,
) -> Result<(), Stop> {
    let paths: Vec<&Path> = arguments.files.iter().map(PathBuf::as_path).collect();
    if paths.iter().any(|path| path.as_os_str() == "-") {
        return Err(Stop::Usage(
            "- is named, but articles are told apart by the names of their pages; name files"
                .to_owned(),
        ));
    }
    let (written, mut read) = extract::formats(&arguments.format)?;
    let format = written.unwrap_or(Format::Ndjson);
    let reading = arguments.reading.options(read);
    let max_bytes = arguments.reading.max_bytes();
    let files: Vec<Result<PathBuf, String>> = paths
        .iter()
        .flat_map(|path| volume::pages(path, reading, max_bytes))
        .collect();
    if read == FormatChoice::Forced(decode::Format::Mets) {
        read = FormatChoice::Detect; // its pages are no METS
    }
    if let Some(output) = &arguments.output {
        let files = files.iter().flatten().map(PathBuf::as_path);
        extract::refuse_input_as_output(output, paths.iter().copied().chain(files))?;
    }
    let extractor = arguments.reading.extractor(read)?;
    let screen = Screen::new(arguments.output.is_some(), color);
    let mut pages: Vec<(String, Material)> = Vec::new();
    for page in materials(arguments, files, read) {
        match page {
            Ok(page) => pages.push(page),
            Err(message) => messages.error(&message),
        }
    }
    let named: Vec<(&str, Input<'_>)> = pages.iter().map(|(n, m)| (&**n, m.input())).collect();
    let articles = match caught(|| Ok(extractor.stitch(&named))) {
        Ok(articles) => articles,
        Err(message) => {
            messages.error(&message);
            return Ok(());
        }
    };
    if format == Format::Json && articles.len() > 1 {
        return Err(Stop::Usage(format!(
            "-f json is for one article, and there are {}; use -f ndjson, one line an article",
            articles.len()
        )));
    }
    write(&articles, arguments, format, &screen, messages)
}

/// The bytes of the files, or what programs read in them, with their names.
fn materials(
    arguments: &Arguments,
    files: Vec<Result<PathBuf, String>>,
    read: FormatChoice,
) -> impl Iterator<Item = Result<(String, Material), String>> {
    let transcriber = arguments.reading.programs.transcriber();
    let options = arguments.reading.options(read);
    let max_bytes = arguments.reading.max_bytes();
    let mut readings = arguments.keep_readings.as_deref().map(Readings::new);
    files.into_iter().map(move |path| {
        let path = path?;
        let name = name_of(&path);
        let told = |message| format!("{name}: {message}");
        let material = Material::of(&path, max_bytes, &transcriber, options).map_err(told)?;
        if let (Some(readings), Some(transcript)) = (&mut readings, &material.transcript) {
            readings.keep(&name, transcript).map_err(told)?;
        }
        Ok((name, material))
    })
}

/// Writes the articles and says what was put together.
fn write(
    articles: &[Stitched],
    arguments: &Arguments,
    format: Format,
    screen: &Screen,
    messages: &mut Messages,
) -> Result<(), Stop> {
    let mut output = match &arguments.output {
        Some(path) => Output::file(path)?,
        None => Output::standard(),
    };
    let headed = !matches!(format, Format::Json | Format::Ndjson);
    let mut written = 0;
    for article in articles {
        let names = article.names.join(" + ");
        let record = match &article.result {
            Ok(record) => record,
            Err(error) => {
                messages.error(&format!("{names}: {error}"));
                continue;
            }
        };
        let mut bytes = Vec::new();
        if headed {
            let line = if written > 0 { "\n" } else { "" };
            bytes.extend_from_slice(format!("{line}==> {} <==\n", legible(&names)).as_bytes());
        }
        screen
            .record(record, format, &mut bytes)
            .map_err(|error| Stop::output(&names, error))?;
        output.write(&bytes)?;
        written += 1;
        let jumps = record.diagnostics.iter();
        for finding in jumps.filter(|f| f.code.starts_with("jump-")) {
            messages.note(&finding.message);
        }
    }
    if written == 0
        && let Some(path) = &arguments.output
    {
        let path = path.display();
        messages.error(&format!(
            "{path}: not written: there is no article to write"
        ));
        return Ok(());
    }
    output.close()
}
