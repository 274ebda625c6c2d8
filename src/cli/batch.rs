//! `gongbao batch`.

use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::ValueEnum;
use serde::Serialize;

use super::corrections::{Reviewed, with};
use super::extract::Reading;
use super::formats::{self, Named};
use super::gathering::{self, Gathering, unused};
use super::messages::{Events, Messages, count};
use super::progress::{Progress, grouped, size};
use super::{EXIT_CODES, INTERRUPTED, Stop};
use crate::base::{legible, sha256};
use crate::batch::files::{self, ERRORS};
use crate::batch::outputs::{OutputFormat, Style};
use crate::batch::{Batch, BatchError, Options, Plan, Summary};
use crate::corrections::Corrections;
use crate::write::tables::Table;

const EXAMPLES: &str = "\
Examples:
  gongbao batch pages/ --out tables
      a folder of pages → tables/csv/indicators.csv and four tables more
  gongbao batch 1998.zip 1999.tar.gz more/ --out tables --format csv,parquet,ndjson
      archives are read where they lie
  gongbao batch @pages.txt --out tables --meta pages.csv
      a list of pages, and a CSV file of what is known of them: path, published, region …
  gongbao batch papers/ --out tables --name-pattern '{paper}-{published}-{page}.txt'
      names that say what a page is
  gongbao batch scans/ --glob '*.hocr' --out tables --dry-run
      what would be done";

const RESUMING: &str = "\
A run that was stopped, however, goes on with the same command: pages that are done are not read
again, a page that was changed is, and what is gone goes. The results are those of a run that was
never stopped. What gongbao needs for that is in DIR/.gongbao; summary.json is written last.
Ctrl-C finishes the pages in hand; a second one ends at once.";

const CODES: &str = "  130  it was stopped, and goes on with the same command";

/// Read an archive of pages and write its tables
///
/// Inputs are files, folders, archives (.zip .tar .tar.gz .tar.zst .gz .zst) and lists of them
/// (@FILE, or - for standard input). Pages that fail are in DIR/errors.ndjson; the run goes on.
#[derive(Debug, clap::Args)]
#[command(after_help = format!("{EXAMPLES}\n\n{RESUMING}\n\n{EXIT_CODES}\n{CODES}"))]
pub struct Arguments {
    /// Pages, folders and archives of pages, @lists of them
    #[arg(value_name = "INPUTS", required = true)]
    inputs: Vec<PathBuf>,

    /// Folder of the results
    #[arg(short, long, value_name = "DIR")]
    out: PathBuf,

    /// What to write, one or more of those below, and how to read the pages [default: csv; found out
    /// from what they say]
    #[arg(short, long, value_name = "NAMES", value_delimiter = ',', value_parser = formats::of_both::<OutputFormat>())]
    format: Vec<Named<OutputFormat>>,

    /// Which tables to write as CSV and Parquet [default: all]
    #[arg(long, value_name = "NAMES", value_delimiter = ',', value_parser = table)]
    tables: Vec<Table>,

    /// Rows that a file has at most, unless one page has more; Excel reads 1,048,576
    #[arg(long, value_name = "N", default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(1..))]
    rows_per_file: u64,

    /// Begin CSV with a byte order mark, so that Excel reads it as UTF-8
    #[arg(long)]
    bom: bool,

    /// Put ' before text in CSV that a spreadsheet would take for a formula
    #[arg(long)]
    csv_safe: bool,

    /// Stop at the first page that fails
    #[arg(long)]
    fail_fast: bool,

    /// Say what would be done with each page, and do nothing
    #[arg(long)]
    dry_run: bool,

    /// Say only what went wrong
    #[arg(short, long)]
    quiet: bool,

    /// How to tell what happens, on standard error
    #[arg(long, value_name = "NAME", default_value = "text")]
    log_format: LogFormat,

    #[command(flatten)]
    gathering: Gathering,

    #[command(flatten)]
    reviewed: Reviewed,

    #[command(flatten)]
    reading: Reading,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LogFormat {
    /// Sentences, and progress on a terminal
    Text,
    /// A line of JSON for each event
    Json,
}

fn table(name: &str) -> Result<Table, String> {
    let all = Table::ALL.into_iter().filter(|t| *t != Table::Observations);
    let names: Vec<&str> = all.clone().map(Table::name).collect();
    all.clone()
        .find(|table| table.name() == name)
        .ok_or_else(|| format!("the tables are {}", names.join(", ")))
}

pub fn run(arguments: &Arguments, messages: &mut Messages) -> Result<(), Stop> {
    if arguments.log_format == LogFormat::Json {
        tracing_subscriber::fmt()
            .json()
            .with_max_level(tracing::Level::INFO)
            .with_writer(|| Events)
            .init();
        messages.as_json();
    }
    let corrections = arguments.reviewed.read()?;
    let batch = batch(arguments, corrections.as_ref())?;
    if arguments.dry_run {
        return plan(batch, messages);
    }
    let stop = Arc::new(AtomicBool::new(false));
    stop_on_signals(&stop, messages);
    let talks = arguments.log_format == LogFormat::Text;
    let bar = talks && !arguments.quiet && io::stderr().is_terminal();
    let total = bar.then(|| batch.inputs.clone());
    let progress = Progress::new(total);
    let mut told = Told::new(talks);
    let result = batch.run(&stop, &mut |page| {
        progress.page(page);
        if let Err(failure) = page.result {
            progress.hidden(|| told.failure(&failure.to_string(), messages));
        }
    });
    progress.end();
    let out = &arguments.out;
    match result {
        Ok(summary) => {
            told.end(out, &summary, messages);
            if talks && !arguments.quiet {
                for line in closing(out, &summary) {
                    messages.note(&line);
                }
            } else if !talks {
                log(&summary);
            }
            for line in unused(summary.unread_names, &summary.unmatched) {
                messages.note(&line);
            }
            arguments
                .reviewed
                .tell_unseen(corrections.as_ref(), messages);
            finish(&summary, arguments, messages)
        }
        Err(error) => {
            messages.error(&failed(out, &error));
            Ok(())
        }
    }
}

/// Ctrl-C, and what ends programs otherwise, sets `stop`; a second time it ends at once, for the journal is
/// whole at any moment.
#[expect(
    clippy::exit,
    reason = "the command line decides when the program ends"
)]
fn stop_on_signals(stop: &Arc<AtomicBool>, messages: &mut Messages) {
    let stop = Arc::clone(stop);
    let handled = ctrlc::set_handler(move || {
        if stop.swap(true, Ordering::Relaxed) {
            std::process::exit(INTERRUPTED.into());
        }
    });
    if let Err(error) = handled {
        messages.note(&format!("Ctrl-C will end it at once: {error}"));
    }
}

fn batch(arguments: &Arguments, corrections: Option<&Arc<Corrections>>) -> Result<Batch, Stop> {
    let (mut written, read) = formats::split(&arguments.format)?;
    if written.is_empty() {
        written.push(OutputFormat::Csv);
    }
    let reading = &arguments.reading;
    let gathering = &arguments.gathering;
    let mut inputs = gathering::inputs(
        arguments.inputs.clone(),
        &gathering.glob,
        reading.max_bytes(),
        reading.options(read),
        Some(&arguments.out),
    )?;
    if inputs.wants_standard_input() {
        let mut list = Vec::new();
        io::stdin()
            .lock()
            .read_to_end(&mut list)
            .map_err(|error| Stop::Usage(format!("-: it could not be read: {error}")))?;
        inputs = inputs.with_standard_input(list);
    }
    let mut reader = gathering.reader(reading, read, fingerprint(arguments)?)?;
    reader.extractor = with(reader.extractor, corrections);
    let tables = match arguments.tables.as_slice() {
        [] => Table::ALL.to_vec(),
        some => some.to_vec(),
    };
    let tables = tables.into_iter().filter(|t| *t != Table::Observations);
    Ok(Batch {
        inputs,
        reader,
        options: Options {
            out: arguments.out.clone(),
            formats: written,
            tables: tables.collect(),
            style: Style {
                bom: arguments.bom,
                safe: arguments.csv_safe,
            },
            rows_per_file: arguments.rows_per_file,
            threads: gathering.threads(),
            fail_fast: arguments.fail_fast,
        },
    })
}

/// Names all that a record depends on beside its page: this program to the byte, users' words, and how
/// pages are read.
fn fingerprint(arguments: &Arguments) -> Result<String, Stop> {
    let program = std::env::current_exe().and_then(std::fs::read);
    let program = program.map_or_else(|_| String::new(), |bytes| sha256(&bytes));
    let (_, read) = formats::split(&arguments.format)?;
    let mut words = Vec::new();
    for file in arguments
        .reading
        .lexicon
        .iter()
        .chain(&arguments.reading.concepts)
    {
        // What cannot be read was an error before this.
        words.push(sha256(&std::fs::read(file).unwrap_or_default()));
    }
    Ok(format!(
        "{} {program} {read:?} {words:?} {:?} {:?}",
        env!("CARGO_PKG_VERSION"),
        arguments.reading.options(read),
        (
            arguments.reading.hints(),
            arguments.reading.programs.command(),
        ),
    ))
}

/// Failures as they are told: a few; all are in a file.
struct Told {
    talks: bool,
    failures: u64,
}

impl Told {
    /// So many are told one by one.
    const MOST: u64 = 20;

    fn new(talks: bool) -> Self {
        Self { talks, failures: 0 }
    }

    fn failure(&mut self, message: &str, messages: &mut Messages) {
        self.failures += 1;
        if self.talks && self.failures <= Self::MOST {
            messages.error(message);
        } else {
            messages.fail();
        }
    }

    fn end(&self, out: &Path, summary: &Summary, messages: &mut Messages) {
        let more = self.failures.saturating_sub(Self::MOST);
        if self.talks && more > 0 && !summary.stopped {
            let file = out.join(ERRORS);
            let pages = if more == 1 { "page" } else { "pages" };
            let more = grouped(more);
            messages.error(&format!(
                "{more} {pages} more failed: see {}",
                file.display()
            ));
        }
    }
}

/// What a run came to, in lines of at most 80 columns where names allow it.
fn closing(out: &Path, summary: &Summary) -> Vec<String> {
    let counts = &summary.counts;
    let tally = &counts.records;
    let done = counts.pages + counts.failed;
    let known = done.saturating_sub(summary.fresh);
    let mut lines = vec![format!(
        "{}, {}; {} read now, {} before",
        count(counts.pages, "page", "pages"),
        size(tally.bytes),
        grouped(summary.fresh),
        grouped(known)
    )];
    if counts.failed > 0 {
        let kinds = counts.failures.iter();
        let kinds: Vec<String> = kinds.map(|(k, n)| format!("{} {k}", grouped(*n))).collect();
        lines.push(format!(
            "{} failed: {}; see {}",
            grouped(counts.failed),
            kinds.join(", "),
            out.join(ERRORS).display()
        ));
    }
    lines.push(format!(
        "{} in {}; {}, {} of which do not come out",
        count(tally.indicators, "indicator", "indicators"),
        count(tally.sections, "section", "sections"),
        count(tally.checks, "check", "checks"),
        grouped(tally.mismatches)
    ));
    let commonest = counts.commonest(10);
    if !commonest.is_empty() {
        lines.push("commonest findings:".to_owned());
        lines.extend(
            commonest
                .iter()
                .map(|(code, n)| format!("  {:>11}  {code}", grouped(*n))),
        );
    }
    if summary.dropped > 0 {
        lines.push(format!(
            "{} of earlier runs dropped: of pages that were changed or are gone",
            count(summary.dropped, "record", "records")
        ));
    }
    if summary.removed > 0 {
        lines.push(format!(
            "{} of an earlier run taken away",
            count(summary.removed, "file", "files")
        ));
    }
    for file in &summary.files {
        lines.push(format!(
            "{}: {}, {}{}",
            out.join(&file.path).display(),
            count(file.rows, "row", "rows"),
            size(file.bytes),
            if file.kept { ", as it was" } else { "" }
        ));
    }
    lines
}

/// As JSON, in one field.
fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn log(summary: &Summary) {
    let counts = &summary.counts;
    tracing::info!(
        pages = counts.pages,
        failed = counts.failed,
        fresh = summary.fresh,
        bytes = counts.records.bytes,
        indicators = counts.records.indicators,
        checks = counts.records.checks,
        mismatches = counts.records.mismatches,
        stopped = summary.stopped,
        dropped = summary.dropped,
        removed = summary.removed,
        sections = counts.records.sections,
        failures = json(&counts.failures),
        commonest = json(&counts.commonest(10)),
        "finished"
    );
}

fn finish(summary: &Summary, arguments: &Arguments, messages: &mut Messages) -> Result<(), Stop> {
    if !summary.stopped {
        return Ok(());
    }
    let out = arguments.out.display();
    if arguments.fail_fast && summary.counts.failed > 0 {
        messages.error(&format!(
            "stopped at a page that failed; mend or leave it out, and run the same command again: what \
             is done is kept in {out}"
        ));
        return Ok(());
    }
    Err(Stop::Interrupted(format!(
        "stopped after {} pages; the same command goes on from there (the results in {out} are not \
         whole until then)",
        grouped(summary.counts.pages)
    )))
}

fn failed(out: &Path, error: &BatchError) -> String {
    let what = if error.is_full() {
        ": the disk is full; make room"
    } else {
        ""
    };
    let next = match error {
        BatchError::Folder(_) | BatchError::Inputs => "".to_owned(),
        error if error.is_damage() => format!(
            "; remove {} and run the same command again: all pages are read again then",
            files::journal(out).display()
        ),
        _ => "; run the same command again then, it goes on from there".to_owned(),
    };
    format!("{}: {error}{what}{next}", out.display())
}

fn plan(batch: Batch, messages: &mut Messages) -> Result<(), Stop> {
    let (mut read, mut kept, mut failed) = (0_u64, 0_u64, 0_u64);
    let mut output = super::output::Output::standard();
    let mut written = Ok(());
    let out = batch.options.out.clone();
    let result = batch.plan(&mut |name, plan| {
        let line = match plan {
            Plan::Extract => {
                read += 1;
                format!("read  {name}")
            }
            Plan::Keep => {
                kept += 1;
                format!("keep  {name}")
            }
            Plan::Fail(failure) => {
                failed += 1;
                format!("fail  {failure}")
            }
        };
        if written.is_ok() {
            written = output.write(format!("{}\n", legible(&line)).as_bytes());
        }
    });
    written?;
    output.close()?;
    if let Err(error) = result {
        messages.error(&self::failed(&out, &error));
        return Ok(());
    }
    messages.note(&format!(
        "{} to be read, {} done before, {} to fail; nothing was done",
        grouped(read),
        grouped(kept),
        grouped(failed)
    ));
    if failed > 0 {
        messages.fail();
    }
    Ok(())
}
