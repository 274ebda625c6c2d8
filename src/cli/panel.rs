//! `gongbao panel`.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use ignore::WalkBuilder;

use super::gathering::threads;
use super::messages::{Messages, count};
use super::output::Output;
use super::{EXIT_CODES, Stop, extract, lexicon};
use crate::batch::files::{ERRORS, PACKAGE, SUMMARY};
use crate::batch::kept::INNER;
use crate::lexicon::Lexicon;
use crate::panel::chart::{self, ChartError};
use crate::panel::checks::{Checks, Outcome};
use crate::panel::convert::{ROUNDED, Scale};
use crate::panel::read::{self, Bytes, Input};
use crate::panel::tables::Table;
use crate::panel::{ColumnId, LeftOut, Panel, Query, workbook};
use crate::record::Status;
use crate::write::tables::{Row, csv, parquet};

const EXAMPLES: &str = "\
Examples:
  gongbao panel records.ndjson --columns gdp,gdp@growth,pop.resident --out panel.csv
      a row a place and year; panel.cells.csv says of each cell where it comes
      from, panel.columns.csv what the columns are, panel.checks.csv which
      cells do not fit each other
  gongbao panel results/ --all --out panel.xlsx
      all that gongbao batch found, as a workbook
  gongbao extract -f ndjson pages/*.txt | gongbao panel - --columns gdp
      to standard output, as CSV
  gongbao panel records.ndjson --columns agri.grain --unit agri.grain=kg
  gongbao panel records.ndjson --columns gdp --plot gdp=gdp.svg
      a line a place, over the years

A column is a concept, gdp, for its level (or rate), or what is stated of it:
gdp@growth, @share, @change, @contribution, @multiple, @rank. Growth, change and
multiple are those over the year before.

A cell is what the latest page says of place and year (by its date of
publication, else the end of the time that it speaks of, else its name); on one
page, what has come true before estimates, a level before one that is told
again, an exact number before an approximate one, then the first. The table of
cells lists all of them and why.";

/// Put records together: a row a place and year, a column a concept
///
/// Every value of a column is in one unit, which it is converted to exactly; one that does not end there
/// (7亩 in 公顷) is rounded to 6 digits behind the point. What is stated in something else, such as
/// dollars, does not fill a cell. Numbers of quarters and other times that are no whole year fill no cell of
/// a year; they are counted on standard error.
#[derive(Debug, clap::Args)]
#[command(after_help = format!("{EXAMPLES}\n\n{EXIT_CODES}"))]
pub struct Arguments {
    /// Records as gongbao extract and batch write them: .ndjson, .jsonl and .json, folders of these; -
    /// reads standard input
    #[arg(value_name = "RECORDS", required = true)]
    records: Vec<PathBuf>,

    /// What a row is
    #[arg(long, value_name = "KEYS", default_value = "region,year")]
    rows: Rows,

    /// The columns, in their order
    #[arg(
        long,
        value_name = "COLUMNS",
        value_delimiter = ',',
        required_unless_present = "all",
        conflicts_with = "all"
    )]
    columns: Vec<ColumnId>,

    /// All columns that the records have, in the order of the code list
    #[arg(long)]
    all: bool,

    /// Write to this .csv, .parquet or .xlsx, whole or not at all; beside the first two FILE.cells,
    /// FILE.columns and FILE.checks. Without it: CSV to standard output, the panel only
    #[arg(short, long, visible_alias = "output", value_name = "FILE")]
    out: Option<PathBuf>,

    /// Unit of a column, gdp=亿元 [default: the one that most of its cells are stated in]
    #[arg(long, value_name = "COLUMN=UNIT", value_parser = pair)]
    unit: Vec<(ColumnId, String)>,

    /// What numbers must have come to
    #[arg(
        long,
        value_name = "STATUS",
        value_delimiter = ',',
        default_value = "actual,estimate"
    )]
    status: Vec<Come>,

    /// Draw a column as a line chart, gdp=gdp.svg [FILE default: COLUMN.svg]
    #[arg(long, value_name = "COLUMN[=FILE]")]
    plot: Vec<String>,

    /// Concepts of your own that the records were read with: labels, broader concepts, identities; may be
    /// given several times
    #[arg(long, value_name = "FILE")]
    concepts: Vec<PathBuf>,

    /// CSV begins with a byte order mark, by which Excel knows UTF-8
    #[arg(long)]
    bom: bool,

    /// In CSV, texts that spreadsheets would take for formulas get an apostrophe before them
    #[arg(long)]
    csv_safe: bool,

    /// Threads that read records [default: one a processor]
    #[arg(short, long, value_name = "N")]
    jobs: Option<usize>,
}

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Rows {
    /// A place and a year
    #[value(name = "region,year")]
    Years,
    /// A place and any time: year, quarter, month, several years
    #[value(name = "region,period")]
    Periods,
}

/// What a number has come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Come {
    /// It has come true
    Actual,
    /// It is expected
    Estimate,
    /// It is aimed at
    Target,
}

/// Column and unit.
fn pair(text: &str) -> Result<(ColumnId, String), String> {
    let (column, unit) = text
        .split_once('=')
        .filter(|(_, unit)| !unit.is_empty())
        .ok_or("expected COLUMN=UNIT, such as agri.grain=kg")?;
    let column = column.parse().map_err(|error| format!("{error}"))?;
    Ok((column, unit.to_owned()))
}

/// How the panel is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Csv,
    Parquet,
    Xlsx,
}

pub fn run(arguments: &Arguments, messages: &mut Messages) -> Result<(), Stop> {
    let format = match &arguments.out {
        Some(path) => format_of(path)?,
        None => Format::Csv,
    };
    let lexicon = &lexicon::with(&[], &arguments.concepts)?;
    let query = query(arguments, lexicon)?;
    let plots = plots(arguments, &query)?;
    let inputs = inputs(&arguments.records)?;
    let paths: Vec<PathBuf> = inputs.iter().filter_map(path_of).collect();
    let outputs = arguments
        .out
        .iter()
        .chain(plots.iter().map(|(_, path)| path));
    for output in outputs {
        extract::refuse_input_as_output(output, paths.iter().map(PathBuf::as_path))?;
    }
    let panel = panel(arguments, inputs, &query, lexicon, messages)?;
    refuse_unknown(&panel, lexicon)?;
    write(arguments, format, &panel)?;
    for (column, path) in &plots {
        plot(&panel, column, path, messages)?;
    }
    tell(arguments, &panel, messages);
    Ok(())
}

fn format_of(path: &Path) -> Result<Format, Stop> {
    match path.extension().and_then(|e| e.to_str()) {
        Some("csv") => Ok(Format::Csv),
        Some("parquet") => Ok(Format::Parquet),
        Some("xlsx") => Ok(Format::Xlsx),
        _ => Err(Stop::Usage(format!(
            "--out {}: expected a name that ends with .csv, .parquet or .xlsx",
            path.display()
        ))),
    }
}

fn query(arguments: &Arguments, lexicon: &Lexicon) -> Result<Query, Stop> {
    let mut columns: Vec<ColumnId> = Vec::new();
    for column in &arguments.columns {
        if !columns.contains(column) {
            columns.push(column.clone());
        }
    }
    let mut units = BTreeMap::new();
    for (column, unit) in &arguments.unit {
        if !arguments.all && !columns.contains(column) {
            return Err(Stop::Usage(format!(
                "--unit {column}={unit}: {column} is none of --columns"
            )));
        }
        if Scale::of(unit, None, lexicon).is_none() {
            return Err(Stop::Usage(format!(
                "--unit {column}={unit}: there is no such unit; expected one of lexicon/units.toml, with or \
                 without multipliers before it"
            )));
        }
        units.insert(column.clone(), unit.clone());
    }
    let status = |come: &Come| match come {
        Come::Actual => Status::Actual,
        Come::Estimate => Status::Estimate,
        Come::Target => Status::Target,
    };
    Ok(Query {
        columns: (!arguments.all).then_some(columns),
        units,
        years: arguments.rows == Rows::Years,
        statuses: arguments.status.iter().map(status).collect(),
    })
}

/// The columns to be drawn, and where to.
fn plots(arguments: &Arguments, query: &Query) -> Result<Vec<(ColumnId, PathBuf)>, Stop> {
    let plot = |text: &String| {
        let (column, path) = match text.split_once('=') {
            Some((column, path)) => (column, PathBuf::from(path)),
            None => (&**text, PathBuf::from(format!("{text}.svg"))),
        };
        let usage = |message: String| Stop::Usage(format!("--plot {text}: {message}"));
        let column: ColumnId = column.parse().map_err(|error| usage(format!("{error}")))?;
        if query
            .columns
            .as_ref()
            .is_some_and(|columns| !columns.contains(&column))
        {
            return Err(usage(format!("{column} is none of --columns")));
        }
        if path.extension().is_none_or(|e| e != "svg") {
            return Err(usage("expected a name that ends with .svg".to_owned()));
        }
        if !query.years {
            return Err(usage(ChartError::NotYears.to_string()));
        }
        Ok((column, path))
    };
    arguments.plot.iter().map(plot).collect()
}

fn path_of(input: &Input) -> Option<PathBuf> {
    match &input.bytes {
        Bytes::File(path) => Some(path.clone()),
        Bytes::Stream(_) => None,
    }
}

/// The files of records, those of folders in the order of their names.
fn inputs(paths: &[PathBuf]) -> Result<Vec<Input>, Stop> {
    let mut inputs = Vec::new();
    let file = |path: &Path| Input {
        name: path.display().to_string(),
        bytes: Bytes::File(path.to_owned()),
    };
    let mut standard = 0;
    for path in paths {
        if path.as_os_str() == "-" {
            standard += 1;
            inputs.push(Input {
                name: "standard input".to_owned(),
                bytes: Bytes::Stream(Box::new(io::stdin())),
            });
        } else if fs::metadata(path).is_ok_and(|found| found.is_dir()) {
            let found = folder(path)?;
            if found.is_empty() {
                let path = path.display();
                return Err(Stop::Unusable(format!(
                    "{path}: there are no records in it; expected files .ndjson, .jsonl or .json, as \
                     gongbao extract and batch write them"
                )));
            }
            inputs.extend(found.iter().map(|path| file(path)));
        } else {
            inputs.push(file(path));
        }
    }
    if standard > 1 {
        return Err(Stop::Usage(
            "- is named more than once; standard input is read once".to_owned(),
        ));
    }
    Ok(inputs)
}

/// What batch writes beside records.
const OTHER_FILES: [&str; 3] = [PACKAGE, SUMMARY, ERRORS];

/// The files in `root` and below that may be records.
fn folder(root: &Path) -> Result<Vec<PathBuf>, Stop> {
    let mut paths = Vec::new();
    let walk = WalkBuilder::new(root)
        .standard_filters(false)
        .sort_by_file_name(Ord::cmp)
        .filter_entry(|entry| entry.file_name() != INNER)
        .build();
    for entry in walk {
        let entry = entry.map_err(|error| Stop::Unusable(error.to_string()))?;
        let name = entry.file_name().to_string_lossy();
        let is_record = [".ndjson", ".jsonl", ".json"]
            .iter()
            .any(|e| name.ends_with(e));
        let is_file = entry.file_type().is_some_and(|kind| !kind.is_dir());
        if is_file && is_record && !OTHER_FILES.contains(&&*name) {
            paths.push(entry.path().to_owned());
        }
    }
    Ok(paths)
}

/// Reads the records and puts them together; tells those that could not be read.
fn panel(
    arguments: &Arguments,
    inputs: Vec<Input>,
    query: &Query,
    lexicon: &Lexicon,
    messages: &mut Messages,
) -> Result<Panel, Stop> {
    let names: Vec<String> = inputs.iter().map(|input| input.name.clone()).collect();
    let found = read::read(inputs, threads(arguments.jobs), query)
        .map_err(|error| Stop::Unusable(format!("the system gives no threads: {error}")))?;
    for unread in &found.unread {
        let name = names.get(unread.input).map_or("", String::as_str);
        let message = &unread.message;
        match unread.line {
            0 => messages.error(&format!("{name}: {message}")),
            line => messages.error(&format!("{name}:{line}: {message}")),
        }
    }
    if found.pages.is_empty() {
        return Err(Stop::Unusable(
            "there is no record to make a panel of; nothing is written".to_owned(),
        ));
    }
    Ok(Panel::of(found.pages, query, lexicon))
}

/// Refuses columns that neither the code list nor any record knows.
fn refuse_unknown(panel: &Panel, lexicon: &Lexicon) -> Result<(), Stop> {
    for (at, column) in panel.columns.iter().enumerate() {
        let concept = &column.id.concept;
        let known = lexicon.concepts.get(concept).is_some();
        if known || panel.cells.iter().any(|cell| cell.column == at) {
            continue;
        }
        let near: Vec<&str> = lexicon
            .concepts
            .all
            .iter()
            .map(|c| c.id.as_str())
            .filter(|id| {
                id.split('.')
                    .any(|word| concept.split('.').any(|own| own == word))
            })
            .take(6)
            .collect();
        let near = match near.is_empty() {
            true => String::new(),
            false => format!(" (such as {})", near.join(", ")),
        };
        return Err(Stop::Usage(format!(
            "--columns {}: there is no concept {concept:?}; expected one of the code list in \
             lexicon/concepts{near}, or of the records",
            column.id
        )));
    }
    Ok(())
}

/// The table beside `out`: panel.cells.csv beside panel.csv.
fn beside(out: &Path, table: Table) -> PathBuf {
    let extension = out.extension().and_then(|e| e.to_str()).unwrap_or_default();
    match table {
        Table::Wide => out.to_owned(),
        _ => out.with_extension(format!("{}.{extension}", table.name())),
    }
}

fn write(arguments: &Arguments, format: Format, panel: &Panel) -> Result<(), Stop> {
    let Some(out) = &arguments.out else {
        let mut output = Output::standard();
        let mut bytes = Vec::new();
        csv_table(arguments, panel, Table::Wide, &mut bytes)
            .map_err(|error| Stop::output("standard output", error))?;
        output.write(&bytes)?;
        return output.close();
    };
    if format == Format::Xlsx {
        let mut output = Output::file(out)?;
        output.with(|file| workbook::write(panel, file))?;
        return output.close();
    }
    // All are written before the first appears; the panel itself is the last.
    let mut outputs = Vec::new();
    for table in [Table::Checks, Table::Columns, Table::Cells, Table::Wide] {
        let mut output = Output::file(&beside(out, table))?;
        output.with(|file| match format {
            Format::Parquet => parquet_table(panel, table, file),
            _ => csv_table(arguments, panel, table, file),
        })?;
        outputs.push(output);
    }
    outputs.into_iter().try_for_each(Output::close)
}

/// Rows that are written at a time.
const ROWS: usize = 1024;

/// Gives `take` the rows of `table`, some at a time.
fn rows_of<'p>(
    panel: &'p Panel,
    table: Table,
    mut take: impl FnMut(&[Row<'p>]) -> io::Result<()>,
) -> io::Result<()> {
    let mut rows = table.rows(panel);
    loop {
        let some: Vec<Row<'p>> = rows.by_ref().take(ROWS).collect();
        if some.is_empty() {
            return Ok(());
        }
        take(&some)?;
    }
}

fn csv_table(
    arguments: &Arguments,
    panel: &Panel,
    table: Table,
    out: &mut dyn Write,
) -> io::Result<()> {
    out.write_all(&csv::header_of(&table.columns(panel), arguments.bom))?;
    let mut bytes = Vec::new();
    rows_of(panel, table, |rows| {
        bytes.clear();
        csv::rows(rows, arguments.csv_safe, &mut bytes)?;
        out.write_all(&bytes)
    })
}

fn parquet_table(panel: &Panel, table: Table, out: &mut (dyn Write + Send)) -> io::Result<()> {
    let columns = Cow::Owned(table.columns(panel));
    let mut writer = parquet::Writer::of(table.name(), columns, out)?;
    rows_of(panel, table, |rows| writer.write(rows))?;
    writer.finish().map(drop)
}

fn plot(
    panel: &Panel,
    column: &ColumnId,
    path: &Path,
    messages: &mut Messages,
) -> Result<(), Stop> {
    let at = panel.columns.iter().position(|known| known.id == *column);
    let drawn = match at {
        Some(at) => chart::chart(panel, at),
        None => Err(ChartError::Empty),
    };
    let chart = match drawn {
        Ok(chart) => chart,
        Err(error) => {
            messages.error(&format!("--plot {column}: {error}"));
            return Ok(());
        }
    };
    if chart.left_out > 0 {
        messages.note(&format!(
            "--plot {column}: the first {} places are drawn, {} are not",
            chart::MOST_LINES,
            chart.left_out
        ));
    }
    let mut output = Output::file(path)?;
    output.write(chart.svg.as_bytes())?;
    output.close()
}

/// Says how the checks came out, and how many cells are in doubt.
fn tell_checks(arguments: &Arguments, panel: &Panel, messages: &mut Messages) {
    let Checks { checks, findings } = &panel.checks;
    if checks.is_empty() {
        return;
    }
    let counts = Outcome::ALL.map(|outcome| {
        let found = checks.iter().filter(|check| check.outcome == outcome);
        format!("{} {}", found.count(), outcome.name())
    });
    let mut message = format!("checks: {}", counts.join(", "));
    if !findings.is_empty() {
        let table = match arguments.out {
            Some(_) => "the table of checks has them",
            None => "--out writes a table of them",
        };
        let one = findings.iter().filter(|f| f.suspects.len() == 1).count();
        let fitting = findings.iter().filter(|f| f.fits.is_some()).count();
        message.push_str(&format!(
            "\n{} in doubt: {one} for sure, {} for one of several; {} ({table})",
            count(findings.len(), "number is", "numbers are"),
            findings.len() - one,
            count(fitting, "value would fit", "values would fit")
        ));
    }
    messages.note(&message);
}

/// Says what the panel is, and what found no place in it.
fn tell(arguments: &Arguments, panel: &Panel, messages: &mut Messages) {
    let filled = panel
        .cells
        .iter()
        .filter(|cell| cell.chosen().is_some())
        .count();
    let conflicts = panel.cells.iter().filter(|cell| cell.conflict).count();
    let mut message = [
        count(panel.pages.len(), "record", "records"),
        count(panel.rows.len(), "row", "rows"),
        count(panel.columns.len(), "column", "columns"),
        count(filled, "cell", "cells"),
    ]
    .join(", ");
    if conflicts > 0 {
        message.push_str(&format!(
            "; in {conflicts} of them pages or numbers contradict each other"
        ));
    }
    messages.note(&message);
    tell_checks(arguments, panel, messages);
    if panel.repeated > 0 {
        messages.note(&format!(
            "{} given more than once",
            count(panel.repeated, "record was", "records were")
        ));
    }
    let candidates = panel.cells.iter().flat_map(|cell| &cell.candidates);
    let (mut rounded, mut in_others) = (0_u64, 0_u64);
    for candidate in candidates {
        rounded += u64::from(candidate.rounded);
        in_others += u64::from(candidate.value.is_none());
    }
    let LeftOut {
        no_region,
        no_time,
        part_of_year,
        several_years,
        status,
        basis,
        no_value,
    } = panel.left_out;
    let counts = [
        (
            part_of_year,
            "of a part of a year: --rows region,period has them",
        ),
        (
            several_years,
            "of several years: --rows region,period has them",
        ),
        (no_time, "without a time"),
        (
            no_region,
            "of pages that speak of no place; name it with --region or --meta when they are read",
        ),
        (
            status,
            "of another status than --status asks for: it may name targets",
        ),
        (basis, "against something else than the year before"),
        (no_value, "without a single value"),
        (
            in_others,
            "in units that measure something else than their column's",
        ),
    ];
    let said: Vec<String> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    if !said.is_empty() {
        messages.note(&format!("numbers that fill no cell:\n{}", said.join("\n")));
    }
    if rounded > 0 {
        messages.note(&format!(
            "{rounded} values do not end in the unit of their column and have {ROUNDED} digits behind the point"
        ));
    }
}
