//! `gongbao lexicon`, and reading users' own words for other commands.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::messages::{Messages, count};
use super::output::Output;
use super::{EXIT_CODES, Stop};
use crate::base::legible;
use crate::lexicon::entries::Entry;
use crate::lexicon::{Lexicon, LexiconError, entries};
use crate::lexicon_check::{self, Report as Checked};

const EXAMPLES: &str = "\
Examples:
  gongbao lexicon check words.toml
  gongbao lexicon check a.toml b.toml     files that are used together
  gongbao lexicon check                   the built-in lexicon
  gongbao extract --lexicon words.toml page.txt";

const FILES: &str = "\
A file of words is TOML. Its entries have the keys that they have in gongbao's own lexicon/:

  [[unit]]   units and measure words
  [[fixed]]  words that hold a number and are no quantity: slogans, names of places
  [[name]]   names of indicators that are kept whole, whatever words they hold
  [[F.T]]    the table T of lexicon/F.toml, for approximations, changes, documents, names,
             not_a_quantity, periods and units

Every entry has a hit, and a unit or name of one or two characters a miss that contains it. Entries
are added to the built-in ones; a form that stands there already is refused.";

/// Words that pages are read with
#[derive(Debug, clap::Args)]
#[command(arg_required_else_help = true)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Check(CheckArguments),
    List(ListArguments),
}

/// Read every entry's own examples as pages, and say which come out otherwise
///
/// Findings go to standard output, one a line: file:line: form: example: what was expected, what
/// was read. The line is that on which the entry begins.
#[derive(Debug, clap::Args)]
#[command(after_help = format!("{FILES}\n\n{EXAMPLES}\n\n{EXIT_CODES}"))]
struct CheckArguments {
    /// Files of words, used together [default: the built-in lexicon]
    #[arg(value_name = "FILES")]
    files: Vec<PathBuf>,
}

/// List the built-in entries that examples are read of, with their places
///
/// One a line: file:line: table: forms.
#[derive(Debug, clap::Args)]
struct ListArguments {
    /// Forms that hold this, or tables: units, names.region
    #[arg(value_name = "TEXT", default_value = "", hide_default_value = true)]
    text: String,
}

pub fn run(arguments: &Arguments, messages: &mut Messages) -> Result<(), Stop> {
    match &arguments.command {
        Command::Check(arguments) => check(arguments, messages),
        Command::List(arguments) => list(arguments, messages),
    }
}

fn list(arguments: &ListArguments, messages: &mut Messages) -> Result<(), Stop> {
    let mut output = Output::standard();
    let mut found = false;
    for entry in entries::builtin().map_err(stop)? {
        let whole = entry.table.contains(&arguments.text);
        let forms = entry.forms.iter();
        let forms: Vec<&str> = forms
            .filter(|form| whole || form.contains(&arguments.text))
            .map(String::as_str)
            .collect();
        if !forms.is_empty() {
            found = true;
            let (file, line, table) = (&entry.file, entry.line, &entry.table);
            let forms = forms.join(" ");
            output.write(format!("{file}:{line}: {table}: {forms}\n").as_bytes())?;
        }
    }
    output.close()?;
    if !found {
        messages.note(&format!("no form holds {:?}", arguments.text));
    }
    Ok(())
}

fn check(arguments: &CheckArguments, messages: &mut Messages) -> Result<(), Stop> {
    let found = if arguments.files.is_empty() {
        lexicon_check::builtin()
    } else {
        lexicon_check::own(&pairs(&texts(&arguments.files)?))
    };
    let found = found.map_err(stop)?;
    let mut output = Output::standard();
    write_findings(&found, &mut output)?;
    output.close()?;
    let entries = count(found.entries, "entry", "entries");
    sum_up(&entries, &found, "", messages);
    Ok(())
}

/// Writes what does not hold, a line each.
pub fn write_findings(checked: &Checked, output: &mut Output) -> Result<(), Stop> {
    for finding in &checked.findings {
        output.write(format!("{}\n", legible(&finding.to_string())).as_bytes())?;
    }
    Ok(())
}

/// Says how much was checked, `entries` in words; what does not hold is an error. `more` goes behind it.
pub fn sum_up(entries: &str, checked: &Checked, more: &str, messages: &mut Messages) {
    let examples = count(checked.examples, "example", "examples");
    let findings = count(checked.findings.len(), "finding", "findings");
    let summary = format!("{entries}, {examples}, {findings}{more}");
    if checked.findings.is_empty() {
        messages.note(&summary);
    } else {
        messages.error(&summary);
    }
}

/// The built-in lexicon and the words of `files`.
///
/// `concepts` are files of concepts, added to the built-in list.
pub fn with(files: &[PathBuf], concepts: &[PathBuf]) -> Result<Lexicon, Stop> {
    let (files, concepts) = (texts(files)?, texts(concepts)?);
    Lexicon::with_concepts(pairs(&files), pairs(&concepts)).map_err(stop)
}

/// The entries of the built-in lexicon and of `files`, with their places.
pub fn entries_of(files: &[PathBuf]) -> Result<Vec<Entry>, Stop> {
    let mut all = entries::builtin().map_err(stop)?;
    for (name, text) in texts(files)? {
        all.extend(entries::own(&name, &text).map_err(stop)?);
    }
    Ok(all)
}

pub fn stop(error: LexiconError) -> Stop {
    Stop::Unusable(error.to_string())
}

pub fn pairs(texts: &[(String, String)]) -> Vec<(&str, &str)> {
    texts
        .iter()
        .map(|(n, t)| (n.as_str(), t.as_str()))
        .collect()
}

/// Names and texts of `files`.
pub fn texts(files: &[PathBuf]) -> Result<Vec<(String, String)>, Stop> {
    files.iter().map(|file| text(file)).collect()
}

fn text(file: &Path) -> Result<(String, String), Stop> {
    let name = file.display().to_string();
    match fs::read_to_string(file) {
        // some editors put a byte order mark before what they write
        Ok(text) => Ok((name, text.trim_start_matches('\u{feff}').to_owned())),
        Err(error) => Err(Stop::Unusable(match error.kind() {
            io::ErrorKind::NotFound => format!("{name}: there is no such file; check the name"),
            io::ErrorKind::IsADirectory => format!("{name}: it is a folder; name a file in it"),
            io::ErrorKind::InvalidData => format!("{name}: it is no UTF-8, as TOML is"),
            _ => format!("{name}: it could not be read: {error}"),
        })),
    }
}
