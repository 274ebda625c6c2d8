//! The command line: the only place that prints, reads the environment or exits.
//!
//! One file a subcommand; `messages` speaks to the person, `output` writes results.

mod batch;
mod completions;
mod concepts;
mod corrections;
mod eval;
mod explain;
mod extract;
mod formats;
mod gathering;
mod lexicon;
mod messages;
mod originals;
mod output;
mod panel;
mod programs;
mod progress;
mod report;
mod schema;
mod snapshot;
mod stitch;
mod validate;
mod volume;

use std::ffi::{OsStr, OsString};
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use crate::base::legible;
use messages::Messages;

/// Some page or record failed.
const FAILED: u8 = 1;
/// The command line cannot be understood.
const USAGE: u8 = 2;
/// A batch was stopped; what shells have for a program that Ctrl-C ended.
const INTERRUPTED: u8 = 130;

const EXIT_CODES: &str = "\
Exit codes:
  0  everything went well; a closed pipe is no error
  1  a page, its gold or a lexicon could not be read, a record or an example does not
     hold, a text to explain is not on its page, or writing failed
  2  the command line could not be understood";

const EXAMPLES: &str = "\
Examples:
  gongbao extract page.txt            the record of a page, as JSON
  gongbao extract -f table page.txt   its indicators, for the eye
  gongbao extract -f outline a.pdf    its sections, as pdftotext or OCR reads them
  gongbao batch pages/ --out tables   an archive of pages, as tables
  gongbao stitch a1.txt a2.txt        articles that go on over pages, one record each
  gongbao explain page.txt --at 7911  by which rules a number was read or left
  gongbao validate records.ndjson     check records against their pages
  gongbao eval --gold labels a.txt    score pages against labels
  gongbao panel records.ndjson --all  one row a place and year, one column a concept
  gongbao snapshot pages/             keep what was read, and say what changes
  gongbao report page.txt -o a.html   page, text and numbers side by side, for review
  gongbao extract --help              everything about one command";

/// Reads OCR'd pages of Chinese bulletins: clean text, numbered sections and every number, as
/// validated JSON in which each points back to the bytes it came from.
#[derive(Debug, Parser)]
#[command(
    name = "gongbao",
    version,
    after_help = format!("{EXAMPLES}\n\n{EXIT_CODES}"),
    max_term_width = 100,
    subcommand_required = true,
    arg_required_else_help = true
)]
struct Arguments {
    /// When to colour messages and tables; auto: on a terminal, unless NO_COLOR is set
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        display_order = 90
    )]
    color: Color,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
enum Command {
    Extract(extract::Arguments),
    Batch(batch::Arguments),
    Stitch(stitch::Arguments),
    Explain(explain::Arguments),
    Validate(validate::Arguments),
    Eval(eval::Arguments),
    Panel(panel::Arguments),
    Snapshot(snapshot::Arguments),
    Report(report::Arguments),
    Schema(schema::Arguments),
    Lexicon(lexicon::Arguments),
    Concepts(concepts::Arguments),
    Completions(completions::Arguments),
}

/// Runs the command that the process was started with.
#[must_use]
pub fn run() -> ExitCode {
    let typed: Vec<OsString> = std::env::args_os().collect();
    // Known before the rest is: help and usage errors are coloured, too.
    let color = color_of(&typed);
    let (clap_color, stream_color) = match color {
        Color::Auto => (clap::ColorChoice::Auto, anstream::ColorChoice::Auto),
        Color::Always => (clap::ColorChoice::Always, anstream::ColorChoice::Always),
        Color::Never => (clap::ColorChoice::Never, anstream::ColorChoice::Never),
    };
    let parse = |typed: &[OsString]| {
        Arguments::command()
            .color(clap_color)
            .try_get_matches_from(typed)
            .and_then(|matches| Arguments::from_arg_matches(&matches))
    };
    let arguments = match parse(&typed) {
        Ok(arguments) => arguments,
        // It quotes what was typed, which may be the name of a file.
        Err(error) => return usage_error(&parse(&shown(&typed)).err().unwrap_or(error)),
    };
    let mut messages = Messages::new(stream_color);
    let result = match arguments.command {
        Command::Extract(arguments) => extract::run(&arguments, stream_color, &mut messages),
        Command::Batch(arguments) => batch::run(&arguments, &mut messages),
        Command::Stitch(arguments) => stitch::run(&arguments, stream_color, &mut messages),
        Command::Explain(arguments) => explain::run(&arguments, stream_color, &mut messages),
        Command::Validate(arguments) => validate::run(&arguments, &mut messages),
        Command::Eval(arguments) => eval::run(&arguments, &mut messages),
        Command::Panel(arguments) => panel::run(&arguments, &mut messages),
        Command::Snapshot(arguments) => snapshot::run(arguments, &mut messages),
        Command::Report(arguments) => report::run(&arguments, &mut messages),
        Command::Schema(arguments) => schema::run(&arguments),
        Command::Lexicon(arguments) => lexicon::run(&arguments, &mut messages),
        Command::Concepts(arguments) => concepts::run(&arguments, &mut messages),
        Command::Completions(arguments) => completions::run(&arguments),
    };
    match result {
        Ok(()) => {}
        Err(Stop::Usage(message)) => {
            messages.error(&message);
            return ExitCode::from(USAGE);
        }
        Err(Stop::Output(name, error)) => {
            messages.error(&format!("{name}: it could not be written: {error}"));
        }
        Err(Stop::Unusable(message)) => messages.error(&message),
        Err(Stop::Interrupted(message)) => {
            messages.note(&message);
            return ExitCode::from(INTERRUPTED);
        }
        Err(Stop::ClosedPipe) => {}
    }
    if messages.failed() {
        ExitCode::from(FAILED)
    } else {
        ExitCode::SUCCESS
    }
}

/// Why a command cannot go on.
#[derive(Debug)]
enum Stop {
    /// What was asked for makes no sense; the message says what would.
    Usage(String),
    /// What the user gave beside the pages, such as words of their own, cannot be used.
    Unusable(String),
    /// The named output could not be written.
    Output(String, std::io::Error),
    /// Somebody stopped it; the message says how to go on.
    Interrupted(String),
    /// Nobody reads the output any more.
    ClosedPipe,
}

impl Stop {
    /// For an error in writing to `name`.
    fn output(name: &str, error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            Self::ClosedPipe
        } else {
            Self::Output(name.to_owned(), error)
        }
    }
}

/// What was typed as a terminal may show it.
fn shown(typed: &[OsString]) -> Vec<OsString> {
    let words = typed.iter().map(|word| word.to_string_lossy());
    words
        .map(|word| legible(&word).into_owned().into())
        .collect()
}

/// Help and version go to standard output with code 0, errors to standard error with code 2.
fn usage_error(error: &clap::Error) -> ExitCode {
    // A closed pipe here is no error either.
    let _ = error.print();
    u8::try_from(error.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from)
}

fn color_of(typed: &[OsString]) -> Color {
    let mut color = Color::Auto;
    let mut words = typed.iter().map(OsString::as_os_str);
    while let Some(word) = words.next() {
        let value = match word.to_str() {
            Some("--") => break,
            Some("--color") => words.next().and_then(OsStr::to_str),
            Some(word) => word.strip_prefix("--color="),
            None => None,
        };
        if let Some(found) = value.and_then(|v| Color::from_str(v, false).ok()) {
            color = found;
        }
    }
    color
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn colour_is_known_before_the_rest() {
        let of = |words: &[&str]| color_of(&words.iter().map(OsString::from).collect::<Vec<_>>());
        assert_eq!(
            of(&["gongbao", "--color", "never", "extract"]),
            Color::Never
        );
        assert_eq!(of(&["gongbao", "extract", "--color=always"]), Color::Always);
        assert_eq!(
            of(&["gongbao", "extract", "--", "--color=always"]),
            Color::Auto
        );
        assert_eq!(of(&["gongbao", "--color"]), Color::Auto);
    }
}
