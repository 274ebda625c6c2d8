//! `gongbao stitch`.

use std::path::{Path, PathBuf};

use super::extract::{self, Format, Reading, caught, name_of};
use super::output::{Output, Screen};
use super::report::Report;
use super::{EXIT_CODES, Stop};
use crate::pipeline::Stitched;

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

    /// How to write the articles
    #[arg(short, long, default_value = "ndjson")]
    format: Format,

    /// Write to this file, whole or not at all
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    #[command(flatten)]
    reading: Reading,
}

pub fn run(
    arguments: &Arguments,
    color: anstream::ColorChoice,
    report: &mut Report,
) -> Result<(), Stop> {
    let paths: Vec<&Path> = arguments.files.iter().map(PathBuf::as_path).collect();
    if paths.iter().any(|path| path.as_os_str() == "-") {
        return Err(Stop::Usage(
            "- is named, but articles are told apart by the names of their pages; name files"
                .to_owned(),
        ));
    }
    if let Some(output) = &arguments.output {
        extract::refuse_input_as_output(output, &paths)?;
    }
    let extractor = arguments.reading.extractor()?;
    let screen = Screen::new(arguments.output.is_some(), color);
    let mut pages: Vec<(String, Vec<u8>)> = Vec::new();
    for path in paths {
        match extract::read(path) {
            Ok(bytes) => pages.push((name_of(path), bytes)),
            Err(message) => report.error(&format!("{}: {message}", name_of(path))),
        }
    }
    let named: Vec<(&str, &[u8])> = pages.iter().map(|(n, b)| (&**n, &**b)).collect();
    let articles = match caught(|| Ok(extractor.stitch(&named))) {
        Ok(articles) => articles,
        Err(message) => {
            report.error(&message);
            return Ok(());
        }
    };
    if arguments.format == Format::Json && articles.len() > 1 {
        return Err(Stop::Usage(format!(
            "-f json is for one article, and there are {}; use -f ndjson, one line an article",
            articles.len()
        )));
    }
    write(&articles, arguments, &screen, report)
}

/// Writes the articles and says what was put together.
fn write(
    articles: &[Stitched],
    arguments: &Arguments,
    screen: &Screen,
    report: &mut Report,
) -> Result<(), Stop> {
    let mut output = match &arguments.output {
        Some(path) => Output::file(path)?,
        None => Output::standard(),
    };
    let headed = !matches!(arguments.format, Format::Json | Format::Ndjson);
    let mut written = 0;
    for article in articles {
        let names = article.names.join(" + ");
        let record = match &article.result {
            Ok(record) => record,
            Err(error) => {
                report.error(&format!("{names}: {error}"));
                continue;
            }
        };
        let mut bytes = Vec::new();
        if headed {
            let line = if written > 0 { "\n" } else { "" };
            bytes.extend_from_slice(format!("{line}==> {names} <==\n").as_bytes());
        }
        screen
            .record(record, arguments.format, &mut bytes)
            .map_err(|error| Stop::output(&names, error))?;
        output.write(&bytes)?;
        written += 1;
        let jumps = record.diagnostics.iter();
        for finding in jumps.filter(|f| f.code.starts_with("jump-")) {
            report.note(&finding.message);
        }
    }
    if written == 0
        && let Some(path) = &arguments.output
    {
        let path = path.display();
        report.error(&format!(
            "{path}: not written: there is no article to write"
        ));
        return Ok(());
    }
    output.close()
}
