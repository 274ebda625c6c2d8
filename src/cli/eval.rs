//! `gongbao eval`.

mod reviewed;

use std::ffi::OsStr;
use std::fmt::{Display, Write};
use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::messages::Messages;
use super::output::Output;
use super::programs::Material;
use super::{EXIT_CODES, Stop, extract, validate};
use crate::base::legible;
use crate::corrections::Corrections;
use crate::decode::Options;
use crate::document::Hints;
use crate::eval::{self, Difference, FIELDS, Gold, Tally};
use crate::pipeline::Extractor;
use crate::record::Record;
use crate::transcribe::Transcriber;
use crate::write;
use crate::write::words::cut_back;

const EXAMPLES: &str = "\
Examples:
  gongbao eval --gold samples samples/*.txt
      read the pages and hold them against samples/NAME.gold.json
  gongbao eval --gold samples -v samples/tiny.txt
      and list what was missed, is too much or wrong
  gongbao eval --gold labels records.ndjson
      records that were written before
  gongbao eval --gold labels --json pages/*.txt | jq .detection.f
      rates and counts of all pages together, as JSON
  gongbao eval --gold corrections.json pages/*.txt
      which of the numbers that a reviewer decided of are as they should be now

Page x.txt and record x.json go with DIR/x.gold.json, each record of an NDJSON
file with the gold of the page that it names as its source.

A page is read with what its gold says of it: document.year as --published,
document.period as --period.

A number is found when its place, value and unit are right; its fields are
counted when it is. Names and titles may differ by a misread character or so
(Ratcliff and Metzener's matching blocks, as Python's difflib finds them). What
the gold calls optional counts neither way. Poor scores are no error.

Where --gold is what a report of gongbao report exports, only numbers that were
decided of count, pages known by their bytes, numbers by their place in them. Right: it
must be there with value, unit, name and measure as they were. Corrected: with
the value that was given. Wrong: it must not be there as it was. Decisions that
cannot be held against a page are told.";

/// Score pages or records against labels by hand, or a reviewer's decisions
///
/// Prints one line a page and one for all: numbers labelled, precision, recall and F1 of finding
/// them, F1 with every field right too, F1 of sections and paragraphs, character error rate. Below
/// stand the fields, the page's sums, and errors that nothing warns of.
#[derive(Debug, clap::Args)]
#[command(after_help = format!("{EXAMPLES}\n\n{EXIT_CODES}"))]
pub struct Arguments {
    /// Pages, or records as .json or .ndjson; - reads records from standard input
    #[arg(value_name = "PATHS", required = true)]
    paths: Vec<PathBuf>,

    /// Where the labels lie, as NAME.gold.json; or corrections.json, as a report of gongbao report exports it
    #[arg(long, value_name = "DIR|FILE", required = true)]
    gold: PathBuf,

    /// List every number, section and sum that was missed, is too much or has wrong fields
    #[arg(short = 'v', long)]
    list: bool,

    /// Print rates and counts of all pages together as one line of JSON instead
    #[arg(long, conflicts_with = "list")]
    json: bool,
}

/// One page and how it did.
struct Row {
    name: String,
    tally: Tally,
    differences: Vec<Difference>,
}

pub fn run(arguments: &Arguments, messages: &mut Messages) -> Result<(), Stop> {
    if arguments.gold.is_file() {
        return reviewed::run(arguments, messages);
    }
    if !arguments.gold.is_dir() {
        return Err(Stop::Usage(format!(
            "--gold {}: there is no such folder; name the one with the NAME.gold.json, or a \
             corrections.json",
            arguments.gold.display()
        )));
    }
    let mut rows = Vec::new();
    let transcriber = Transcriber::default();
    for path in &arguments.paths {
        for scored in scored(path, &arguments.gold, &transcriber) {
            match scored {
                Ok(row) => rows.push(row),
                Err(message) => messages.error(&format!("{}: {message}", path.display())),
            }
        }
    }
    if rows.is_empty() {
        return Ok(()); // each was told of
    }
    let mut all = Tally::default();
    for row in &rows {
        all += &row.tally;
    }
    if arguments.json {
        return print_json(&all.summary());
    }
    let pages = rows.iter().map(|row| (&*row.name, &*row.differences));
    let lists = if arguments.list {
        lists(pages)
    } else {
        String::new()
    };
    print(&[&lists, &table(&rows, &all)])
}

/// One line of JSON.
fn print_json(summary: &impl Serialize) -> Result<(), Stop> {
    let mut line = Vec::new();
    write::ndjson::line(summary, &mut line)
        .map_err(|error| Stop::output("standard output", error))?;
    let mut output = Output::standard();
    output.write(&line)?;
    output.close()
}

fn print(parts: &[&str]) -> Result<(), Stop> {
    let mut output = Output::standard();
    for part in parts {
        output.write(part.as_bytes())?;
    }
    output.close()
}

/// What a path is.
enum Input {
    Page,
    /// A file of records, and whether one that stands in it alone goes by the name of the file.
    Records {
        named: bool,
    },
}

fn input(path: &Path) -> Result<Input, String> {
    let name = path.file_name().unwrap_or(path.as_os_str());
    let name = name.to_string_lossy();
    if name.ends_with(".gold.json") {
        return Err("it is a gold, which --gold finds; name pages or records".to_owned());
    }
    let extension = path.extension().and_then(OsStr::to_str);
    let extension = extension.map(str::to_ascii_lowercase);
    Ok(match extension.as_deref() {
        Some(kind @ ("json" | "ndjson")) => Input::Records {
            named: kind == "json",
        },
        _ if name == "-" => Input::Records { named: false },
        _ => Input::Page,
    })
}

/// What each page or record of a file scores, or what went wrong with it.
fn scored(path: &Path, golds: &Path, transcriber: &Transcriber) -> Vec<Result<Row, String>> {
    match input(path) {
        Err(message) => vec![Err(message)],
        Ok(Input::Page) => vec![page_row(path, golds, transcriber)],
        Ok(Input::Records { named }) => records(path, &|record, alone| {
            let name = if named && alone {
                stem(&path.to_string_lossy())
            } else if record.source.name == "-" {
                return Err(
                    "the record is of standard input, so no gold has its name; save it as NAME.json"
                        .to_owned(),
                );
            } else {
                stem(&record.source.name)
            };
            let gold = gold(&name, golds)?;
            row(name, &gold, &record)
        }),
    }
}

/// A page, read with what its gold knows of it.
fn page_row(path: &Path, golds: &Path, transcriber: &Transcriber) -> Result<Row, String> {
    let material = material(path, transcriber)?;
    let name = stem(&path.to_string_lossy());
    let gold = gold(&name, golds)?;
    let record = page(path, &material, gold.hints.clone())?;
    row(name, &gold, &record)
}

fn material(path: &Path, transcriber: &Transcriber) -> Result<Material, String> {
    Material::of(path, extract::MAX_BYTES, transcriber, Options::default())
}

fn page(path: &Path, material: &Material, hints: Hints) -> Result<Record, String> {
    let extractor = Extractor::new().hints(hints);
    extract::caught(|| {
        extractor
            .extract(&path.to_string_lossy(), material.input())
            .map_err(|error| material.told(&error))
    })
}

/// What `score` makes of the records of a file, and of whether it is the only one there.
fn records<T>(
    path: &Path,
    score: &dyn Fn(Record, bool) -> Result<T, String>,
) -> Vec<Result<T, String>> {
    let text = match validate::read(path) {
        Ok(text) => text,
        Err(message) => return vec![Err(message)],
    };
    let documents = validate::documents(&text);
    let alone = documents.len() == 1;
    let scored = |json: &str| {
        let record = serde_json::from_str(json)
            .map_err(|error| format!("it is no record: {error}; see gongbao validate"))?;
        score(record, alone)
    };
    let told = |&(line, json)| {
        scored(json).map_err(|message| match alone {
            true => message,
            false => format!("line {line}: {message}"),
        })
    };
    documents.iter().map(told).collect()
}

fn row(name: String, gold: &Gold, record: &Record) -> Result<Row, String> {
    let score = extract::caught(|| Ok(eval::score(gold, record)))?;
    Ok(Row {
        name,
        tally: score.tally,
        differences: score.differences,
    })
}

/// The name of a file without folders and extension.
fn stem(path: &str) -> String {
    let file = path.rsplit(['/', std::path::MAIN_SEPARATOR]).next();
    let file = file.unwrap_or(path);
    match file.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem.to_owned(),
        _ => file.to_owned(),
    }
}

fn gold(name: &str, folder: &Path) -> Result<Gold, String> {
    let path = folder.join(format!("{name}.gold.json"));
    let json = fs::read_to_string(&path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            format!("it has no gold: there is no {}", path.display())
        }
        _ => format!("its gold {} could not be read: {error}", path.display()),
    })?;
    let of_reviewer = Corrections::read("", &json).is_ok();
    Gold::read(&json).map_err(|error| match of_reviewer {
        true => format!(
            "its gold {0} holds a reviewer's decisions; name it with --gold {0}",
            path.display()
        ),
        false => format!("its gold {}: {error}", path.display()),
    })
}

/// What each page lists, below its name.
fn lists<'a, T: Display + 'a>(pages: impl Iterator<Item = (&'a str, &'a [T])>) -> String {
    let mut text = String::new();
    for (name, lines) in pages.filter(|(_, lines)| !lines.is_empty()) {
        text.push_str(&format!("==> {} <==\n", legible(name)));
        for line in lines {
            text.push_str(&format!("{}\n", legible(&line.to_string())));
        }
        text.push('\n');
    }
    text
}

/// How wide the names of pages may be, so that a line fits 80 columns.
const NAME: usize = 25;

/// One line a page, one for all, and below what concerns all.
fn table(rows: &[Row], all: &Tally) -> String {
    let mut text = format!(
        "{:NAME$}{:>7}{:>6}{:>6}{:>6}{:>8}{:>7}{:>7}{:>8}\n",
        "page", "numbers", "P", "R", "F1", "record", "sect.", "para.", "CER"
    );
    for row in rows {
        push_line(&mut text, &legible(&row.name), &row.tally);
    }
    if rows.len() > 1 {
        push_line(&mut text, &format!("{} pages", rows.len()), all);
    }
    let found = all.indicators;
    text.push('\n');
    let mut below = |head: &str, what: String| {
        let _ = writeln!(text, "{head:<10}{what}");
    };
    below(
        "numbers",
        format!(
            "{} found, {} missed, {} extra; {} right in every field",
            found.found, found.missed, found.extra, all.whole
        ),
    );
    let fields: Vec<String> = FIELDS
        .iter()
        .enumerate()
        .map(|(i, field)| format!("{field} {}", all.field(i)))
        .collect();
    for (i, half) in fields.chunks(FIELDS.len() / 2).enumerate() {
        below(if i == 0 { "fields" } else { "" }, half.join("  "));
    }
    if !all.checks.is_none() {
        below(
            "sums",
            format!("P {}  R {}", all.checks.precision(), all.checks.recall()),
        );
    }
    below(
        "silent",
        format!(
            "{:.4}: {} of {} labelled numbers are wrong and nothing warns of it",
            all.silent(),
            all.silent,
            all.labelled
        ),
    );
    below(
        "CER",
        format!(
            "{:.4}, without white space {:.4}",
            all.cer(),
            all.cer_flat()
        ),
    );
    text
}

/// The name of a page, as wide as all are.
fn column(name: &str) -> String {
    let name = cut_back(name, NAME - 1);
    let blanks = " ".repeat(NAME.saturating_sub(name.width()));
    format!("{name}{blanks}")
}

fn push_line(text: &mut String, name: &str, tally: &Tally) {
    let numbers = tally.indicators;
    let _ = writeln!(
        text,
        "{}{:>7}{:>6}{:>6}{:>6}{:>8}{:>7}{:>7}{:>8}",
        column(name),
        numbers.found + numbers.missed,
        numbers.precision().to_string(),
        numbers.recall().to_string(),
        numbers.f1().to_string(),
        tally.record_f1().to_string(),
        tally.sections.f1().to_string(),
        tally.paragraphs.f1().to_string(),
        format!("{:.4}", tally.cer()),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_pages() {
        for (path, want) in [
            ("pages/a.txt", "a"),
            ("a.b.json", "a.b"),
            ("a", "a"),
            (".txt", ".txt"),
            ("公报/第1版.txt", "第1版"),
        ] {
            assert_eq!(stem(path), want);
        }
    }

    #[test]
    fn lines_fit_the_terminal() {
        let row = |name: &str| Row {
            name: name.to_owned(),
            tally: Tally::default(),
            differences: Vec::new(),
        };
        let rows = [
            row("a"),
            row("汀陵县人民政府公报第三十七期第一版"),
            row("a-name-that-goes-on-and-on-and-on"),
        ];
        let text = table(&rows, &Tally::default());
        for line in text.lines() {
            assert!(line.width() <= 80, "{line}");
        }
        let ends: Vec<usize> = text.lines().take(5).map(UnicodeWidthStr::width).collect();
        assert!(ends.iter().all(|&end| end == 80), "{text}");
    }
}
