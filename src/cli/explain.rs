//! `gongbao explain`.

use std::path::{Path, PathBuf};

use super::extract::{Reading, caught, name_of};
use super::formats;
use super::messages::Messages;
use super::output::{Output, coloured};
use super::programs::Material;
use super::{EXIT_CODES, Stop, lexicon};
use crate::decode::FormatChoice;
use crate::explain::{Asked, Explanation};
use crate::write;

const EXAMPLES: &str = "\
Examples:
  gongbao explain page.txt --at 7911
      how that number was read, or why it was left; where it occurs too often, give the words
      beside it, too
  gongbao explain page.txt --line 129
      all numbers of a line of the file
  gongbao explain --json page.txt --at 7911 | jq '.places[].numbers[].steps[]'
      for machines";

/// How wide lines are.
const WIDTH: usize = 80;

/// Say by which rules a number of a page was read or left
///
/// Every number that stands in the text asked for, or overlaps it, is explained step by step: what
/// was mended and joined, the numeral and its unit, the measure, the name, the basis, the time, the
/// status, the number that it is a part or growth of, and the checks. The short names in square
/// brackets are those of docs/rules.md; the places in round ones are entries of the lexicon.
#[derive(Debug, clap::Args)]
#[command(after_help = format!("{EXAMPLES}\n\n{EXIT_CODES}"))]
pub struct Arguments {
    /// The page to read; - reads standard input
    #[arg(value_name = "FILE")]
    path: PathBuf,

    /// A piece of the clean text or of the page as printed; blanks and line breaks do not count
    #[arg(long, value_name = "TEXT", required_unless_present_any = ["line", "all"])]
    at: Option<String>,

    /// A line of the file, from 1
    #[arg(long, value_name = "N", conflicts_with = "at")]
    line: Option<u32>,

    /// Every number of the page
    #[arg(long, conflicts_with_all = ["at", "line"])]
    all: bool,

    /// Write JSON
    #[arg(long)]
    json: bool,

    /// How to read the page [default: found out from what it says]
    #[arg(short, long, value_name = "NAME", value_parser = formats::of_read())]
    format: Option<FormatChoice>,

    #[command(flatten)]
    reading: Reading,
}

pub fn run(
    arguments: &Arguments,
    color: anstream::ColorChoice,
    messages: &mut Messages,
) -> Result<(), Stop> {
    let entries = lexicon::entries_of(&arguments.reading.lexicon)?;
    let format = arguments.format.unwrap_or_default();
    let extractor = arguments.reading.extractor(format)?;
    let transcriber = arguments.reading.programs.transcriber();
    let reading = arguments.reading.options(format);
    let asked = match (&arguments.at, arguments.line) {
        (Some(text), _) => Asked::Text(text.clone()),
        (None, Some(line)) => Asked::Line(line),
        (None, None) => Asked::Whole,
    };
    let name = name_of(&arguments.path);
    let max_bytes = arguments.reading.max_bytes();
    let material = Material::of(&arguments.path, max_bytes, &transcriber, reading);
    let told = material.and_then(|material| {
        caught(|| {
            extractor
                .explain(&name, material.input(), &asked, &entries)
                .map_err(|error| material.told(&error))
        })
    });
    let told = match told {
        Ok(told) => told,
        Err(message) => {
            messages.error(&format!("{name}: {message}"));
            return Ok(());
        }
    };
    if told.places.is_empty() {
        messages.error(&missing(&arguments.path, &asked));
        return Ok(());
    }
    written(&told, arguments.json, color)?;
    if told.left_out > 0 {
        messages.note(&format!(
            "{} more {} not shown; ask for a longer piece of text, with the words beside the number",
            told.left_out,
            if told.left_out == 1 {
                "place is"
            } else {
                "places are"
            }
        ));
    }
    Ok(())
}

fn written(told: &Explanation, json: bool, color: anstream::ColorChoice) -> Result<(), Stop> {
    let mut output = Output::standard();
    let mut bytes = Vec::new();
    let result = if json {
        write::json::json(told, &mut bytes)
    } else {
        write::steps::steps(told, WIDTH, &mut bytes)
    };
    result.map_err(|error| Stop::output("standard output", error))?;
    let bytes = if json { bytes } else { coloured(bytes, color) };
    output.write(&bytes)?;
    output.close()
}

/// What to say where the page has nothing of what was asked for.
fn missing(path: &Path, asked: &Asked) -> String {
    let name = path.display();
    match asked {
        Asked::Text(text) if text.trim().is_empty() => {
            format!("{name}: --at is empty; give a piece of its text, such as --at 7911")
        }
        Asked::Text(text) => format!(
            "{name}: {text:?} is not on the page, neither as printed nor in its clean text; try a \
             shorter piece, copied from gongbao extract -f text {name}, or name its line with --line"
        ),
        Asked::Whole => format!("{name}: it has no text"),
        Asked::Line(number) => format!(
            "{name}: it has no line {number}, or an empty one; gongbao extract -f table {name} shows \
             the lines of its indicators"
        ),
    }
}
