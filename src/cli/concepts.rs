//! `gongbao concepts`.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;

use super::messages::{Messages, count};
use super::output::Output;
use super::{EXIT_CODES, Stop, extract, lexicon};
use crate::base::legible;
use crate::concept_check::{self, Found, Names, Tally};
use crate::lexicon::Lexicon;
use crate::lexicon::concepts::{self, Concept};
use crate::pipeline::Extractor;

const EXAMPLES: &str = "\
Examples:
  gongbao concepts list agri.grain
  gongbao concepts search GDP
  gongbao concepts test                          the built-in list
  gongbao concepts test my.toml pages/*.txt      what it would find, and nearly does
  gongbao extract --concepts my.toml page.txt";

const FILES: &str = "\
A file of concepts is TOML, with entries as in gongbao's own lexicon/concepts/; docs/concepts.md shows one:

  [[concept]]   id, zh, en, names, dimension, hits, misses
  [[family]]    concepts that differ in one word, taken apart by its members
  [[identity]]  what holds between their levels: a sum, a ratio, a difference";

/// The code list of what numbers are stated of
#[derive(Debug, clap::Args)]
#[command(arg_required_else_help = true)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    List(ListArguments),
    Search(SearchArguments),
    Test(TestArguments),
}

/// List the concepts: id, dimension, label, names
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
struct ListArguments {
    /// Those whose id, label or names hold this
    #[arg(value_name = "TEXT", default_value = "", hide_default_value = true)]
    text: String,

    /// Concepts of your own, beside the built-in ones; may be given several times
    #[arg(long, value_name = "FILE")]
    concepts: Vec<PathBuf>,
}

/// Find the concept of a name, or those with the nearest names
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
struct SearchArguments {
    /// What a number is called
    #[arg(value_name = "NAME")]
    name: String,

    /// Concepts of your own, beside the built-in ones; may be given several times
    #[arg(long, value_name = "FILE")]
    concepts: Vec<PathBuf>,
}

/// Read the concepts' own examples, and try them on pages
///
/// Files that end in .toml are concepts, all others pages. Findings go to standard output, one a line:
/// file:line: id: example: what was expected, what was read. Of pages, it tells which names led to the
/// concepts (match) and which names without a concept are near one of theirs (near), with how often and
/// where first.
#[derive(Debug, clap::Args)]
#[command(after_help = format!("{FILES}\n\n{EXAMPLES}\n\n{EXIT_CODES}"))]
struct TestArguments {
    /// Files of concepts [default: the built-in list], and pages
    #[arg(value_name = "FILES")]
    files: Vec<PathBuf>,
}

pub fn run(arguments: &Arguments, messages: &mut Messages) -> Result<(), Stop> {
    match &arguments.command {
        Command::List(arguments) => list(arguments, messages),
        Command::Search(arguments) => search(arguments, messages),
        Command::Test(arguments) => test(arguments, messages),
    }
}

fn line(concept: &Concept) -> String {
    let names = concept.names.join(" ");
    let (id, dimension, zh) = (&concept.id, &concept.dimension, &concept.zh);
    format!("{id}: {dimension}: {zh} {names}")
        .trim_end()
        .to_owned()
        + "\n"
}

fn list(arguments: &ListArguments, messages: &mut Messages) -> Result<(), Stop> {
    let lexicon = lexicon::with(&[], &arguments.concepts)?;
    let mut output = Output::standard();
    let mut found = false;
    for concept in &lexicon.concepts.all {
        let mut words = std::iter::once(&concept.id).chain(concept.labels());
        if words.any(|word| word.contains(&arguments.text)) {
            found = true;
            output.write(line(concept).as_bytes())?;
        }
    }
    output.close()?;
    if !found {
        messages.note(&format!("no concept holds {:?}", arguments.text));
    }
    Ok(())
}

fn search(arguments: &SearchArguments, messages: &mut Messages) -> Result<(), Stop> {
    /// So many are told.
    const MOST: usize = 8;
    let lexicon = lexicon::with(&[], &arguments.concepts)?;
    let found = Names::new(&lexicon.concepts).nearest(&arguments.name);
    let mut output = Output::standard();
    for concept in found.iter().take(MOST) {
        output.write(line(concept).as_bytes())?;
    }
    output.close()?;
    if found.is_empty() {
        messages.note(&format!("no concept has a name like {:?}", arguments.name));
    }
    Ok(())
}

fn test(arguments: &TestArguments, messages: &mut Messages) -> Result<(), Stop> {
    let is_list = |path: &&PathBuf| path.extension().is_some_and(|e| e == "toml");
    let (files, pages): (Vec<&PathBuf>, Vec<&PathBuf>) = arguments.files.iter().partition(is_list);
    let files: Vec<PathBuf> = files.into_iter().cloned().collect();
    let texts = lexicon::texts(&files)?;
    let pairs = lexicon::pairs(&texts);
    let checked = match pairs.as_slice() {
        [] => concept_check::builtin(),
        own => concept_check::own(own),
    };
    let checked = checked.map_err(lexicon::stop)?;
    let mut output = Output::standard();
    lexicon::write_findings(&checked, &mut output)?;
    let lexicon = lexicon::with(&[], &files)?;
    let mut asked: HashSet<String> = HashSet::new();
    for (name, text) in &pairs {
        let own = concepts::entries(name, text).map_err(lexicon::stop)?;
        asked.extend(own.into_iter().map(|(_, concept)| concept.id));
    }
    if pairs.is_empty() {
        asked.extend(lexicon.concepts.all.iter().map(|c| c.id.clone()));
    }
    let tally = tally(&pages, lexicon, &asked, messages);
    for (what, found) in [("match", &tally.found), ("near", &tally.near)] {
        for ((id, name), (times, first)) in found {
            let told = format!("{what}: {id}: {name} × {times}, {first}");
            output.write(format!("{}\n", legible(&told)).as_bytes())?;
        }
    }
    output.close()?;
    let mut on_pages = String::new();
    if !pages.is_empty() {
        let times = |of: &Found| -> usize { of.values().map(|(times, _)| times).sum() };
        let (numbers, found, near) = (tally.numbers, times(&tally.found), times(&tally.near));
        on_pages = format!("; {numbers} numbers on pages, {found} matches, {near} near");
    }
    let entries = count(checked.entries, "concept", "concepts");
    lexicon::sum_up(&entries, &checked, &on_pages, messages);
    Ok(())
}

/// Counts what the concepts `asked` for find on `pages`.
fn tally(
    pages: &[&PathBuf],
    lexicon: Lexicon,
    asked: &HashSet<String>,
    messages: &mut Messages,
) -> Tally {
    let lexicon = Arc::new(lexicon);
    let extractor = Extractor::new().lexicon(Arc::clone(&lexicon));
    let names = Names::new(&lexicon.concepts);
    let mut tally = Tally::default();
    for path in pages {
        let name = extract::name_of(path);
        let record = extract::read(path, extract::MAX_BYTES).and_then(|bytes| {
            extract::caught(|| {
                let record = extractor.extract(&name, &bytes);
                record.map_err(|error| error.to_string())
            })
        });
        match record {
            Ok(record) => tally.count(&record, asked, &names),
            Err(error) => messages.error(&format!("{name}: {error}")),
        }
    }
    tally
}
