//! `gongbao snapshot`.

mod differing;
mod folder;
mod html;
mod parallel;
mod pattern;
mod pinned;
mod review;
mod told;

use std::collections::BTreeSet;
use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::sync::atomic::Ordering;

use super::extract::{Reading, caught};
use super::formats;
use super::gathering::{self, Gathering};
use super::messages::{Messages, count};
use super::output::Output;
use super::{EXIT_CODES, Stop};
use crate::batch::inputs::{PageInput, Place};
use crate::batch::metadata::Metadata;
use crate::batch::page::Reader;
use crate::decode::FormatChoice;
use crate::record::Record;
use crate::snapshot::{Change, compare, digest};
use differing::Differing;
use folder::{Folder, Item, Kept, Page};
use html::Html;
use pattern::Pattern;
use told::Tally;

const EXAMPLES: &str = "\
Examples:
  gongbao snapshot pages
      the first time: writes pages/x.txt.gongbao.json beside pages/x.txt, the record
      of each page; later: says what changed
  gongbao snapshot pages --review
      asks what becomes of each change
  gongbao snapshot pages --accept-only '1998/*.txt:*, period'
      takes the changes of these pages whose words are like that
  gongbao snapshot pages --accept
      takes them all
  gongbao snapshot pages --check
      as on a build server: writes and asks nothing, and fails for a new page, too
  gongbao snapshot pages --html changes.html
      what changed as a report for a browser, old beside new; no snapshot is written

Changes are told in words, a line each:

  SECTIONS NAME: OLD → NEW               of a value
  SECTIONS NAME, FIELD: OLD → NEW        of another field
  SECTIONS NAME: added, NEW              or removed, renamed, moved

Names of pages, in --glob and --meta too, count from DIR.

PATTERN is PAGES, PAGES:CHANGES or :CHANGES. PAGES is a glob over names
(* is no /). CHANGES is a glob over all that stands before the colon of such a
line, or over its kind as the summary has it, such as 'indicator value'.

DIR/.gongbao.toml pins options, called as here: format, encoding, published,
period, region, meta, name-pattern, max-bytes, max-lines, timeout, lexicon,
concepts, glob. What is typed goes before it. Paths in it count from DIR.";

const CODES: &str = "\
The code is 1, too, where something changed and was not accepted, and with
--check where a page is new.";

/// Keep what was read of pages beside them, and say what changes
///
/// Where the environment has CI, as on build servers, it is --check.
#[derive(Debug, clap::Args)]
#[command(after_help = format!("{EXAMPLES}\n\n{EXIT_CODES}\n\n{CODES}"))]
pub struct Arguments {
    /// Folder of the pages
    #[arg(value_name = "DIR")]
    folder: PathBuf,

    /// Take all changes into the snapshots
    #[arg(long, group = "what")]
    accept: bool,

    /// Take the changes that are like this; may be given several times
    #[arg(long, value_name = "PATTERN", group = "what")]
    accept_only: Vec<Pattern>,

    /// Ask for each change, on a terminal
    #[arg(long, group = "what")]
    review: bool,

    /// Write and ask nothing; a page without a snapshot is a failure, too
    #[arg(long, visible_alias = "ci", group = "what")]
    check: bool,

    /// Write what changed to this file, as a report with old beside new, and no snapshot
    #[arg(long, value_name = "FILE", conflicts_with_all = ["accept", "accept_only", "review"])]
    html: Option<PathBuf>,

    /// How to read the pages [default: found out from what they say]
    #[arg(short, long, value_name = "NAME", value_parser = formats::of_read())]
    format: Option<FormatChoice>,

    #[command(flatten)]
    gathering: Gathering,

    #[command(flatten)]
    reading: Reading,
}

/// What became of a page.
enum Outcome {
    /// It is as its snapshot has it.
    Same,
    /// It has its first snapshot, or none yet.
    New(String, Box<Change>),
    /// It is not as its snapshot has it.
    Differs(Box<Differing>),
    /// It could not be read, or nothing could be written.
    Failed(String),
}

/// What is done about changes.
struct Job<'a> {
    reader: Reader,
    accept: bool,
    patterns: &'a [Pattern],
    review: bool,
    /// A page without a snapshot is a failure.
    check: bool,
    /// Snapshots are written.
    writes: bool,
    /// What changed is shown with the page.
    html: bool,
}

pub fn run(mut arguments: Arguments, messages: &mut Messages) -> Result<(), Stop> {
    if !arguments.folder.is_dir() {
        return Err(Stop::Usage(format!(
            "{}: there is no such folder; name the one with the pages",
            arguments.folder.display()
        )));
    }
    let check = check(&arguments, messages)?;
    if let Some(pinned) = pinned::fill_in(&mut arguments)? {
        for option in pinned.overruled {
            messages.note(&format!(
                "--{option} goes before {option} in {}",
                arguments.folder.join(pinned::FILE).display()
            ));
        }
    }
    let read = arguments.format.unwrap_or_default();
    let job = Job {
        reader: arguments
            .gathering
            .reader(&arguments.reading, read, String::new())?,
        accept: arguments.accept,
        patterns: &arguments.accept_only,
        review: arguments.review,
        check,
        writes: !check && arguments.html.is_none(),
        html: arguments.html.is_some(),
    };
    let html = arguments.html.as_deref();
    let html = html.map(|path| Html::begin(path, &arguments)).transpose()?;
    let items = folder(&arguments, read)?.items();
    let first = !items.iter().any(Item::has_snapshot);
    let outcomes = parallel::map(items, arguments.gathering.threads(), |item| {
        job.outcome(item)
    });
    finish(outcomes, &job, first, html, messages)
}

/// Whether nothing is to be written.
fn check(arguments: &Arguments, messages: &mut Messages) -> Result<bool, Stop> {
    let in_ci = std::env::var("CI").is_ok_and(|ci| !matches!(ci.as_str(), "" | "0" | "false"));
    let writes = [
        (arguments.accept, "--accept"),
        (!arguments.accept_only.is_empty(), "--accept-only"),
        (arguments.review, "--review"),
    ];
    if let Some((_, option)) = writes.iter().find(|(given, _)| *given && in_ci) {
        return Err(Stop::Usage(format!(
            "{option} writes snapshots, and the environment has CI, where none are written; run it where \
             you work, or with CI= before it"
        )));
    }
    if arguments.review && !(io::stdin().is_terminal() && io::stdout().is_terminal()) {
        return Err(Stop::Usage(
            "--review asks on a terminal, and standard input and output are not both one; use \
             --accept-only PATTERN or --accept"
                .to_owned(),
        ));
    }
    if in_ci && !arguments.check {
        messages.note("the environment has CI: no snapshot is written");
    }
    Ok(arguments.check || in_ci)
}

fn folder(arguments: &Arguments, read: FormatChoice) -> Result<Folder<'_>, Stop> {
    let max_bytes = arguments.reading.max_bytes();
    let inputs = gathering::inputs(
        vec![arguments.folder.clone()],
        &arguments.gathering.glob,
        max_bytes,
        arguments.reading.options(read),
        None,
    )?;
    let options = arguments.reading.lexicon.iter();
    let options = options
        .chain(&arguments.reading.concepts)
        .chain(&arguments.gathering.meta);
    Ok(Folder {
        root: &arguments.folder,
        inputs,
        options: options
            .filter_map(|path| path.canonicalize().ok())
            .collect::<BTreeSet<_>>(),
        max_bytes,
    })
}

/// Asks where that is wanted, and says what changed.
fn finish(
    mut outcomes: Vec<Outcome>,
    job: &Job<'_>,
    first: bool,
    html: Option<Html>,
    messages: &mut Messages,
) -> Result<(), Stop> {
    if job.review {
        ask(&mut outcomes, messages)?;
    }
    let mut output = Output::standard();
    for outcome in &outcomes {
        let text = match outcome {
            Outcome::Differs(page) if page.has_news() => told::page(page),
            // the first time, all are
            Outcome::New(name, change) if !first || !job.writes => told::new_page(name, change),
            _ => continue,
        };
        output.write(text.as_bytes())?;
    }
    let tally = Tally::of(&outcomes);
    output.write(tally.summary().as_bytes())?;
    output.close()?;
    if let Some(html) = html {
        html.write(&outcomes, &tally, job.reader.extractor.words())?;
    }
    for outcome in &outcomes {
        if let Outcome::Failed(message) = outcome {
            messages.error(message);
        }
    }
    tell(&tally, job, messages);
    Ok(())
}

/// Goes through the open changes with the person at the terminal.
fn ask(outcomes: &mut [Outcome], messages: &mut Messages) -> Result<(), Stop> {
    let pages = outcomes.iter_mut().filter_map(|outcome| match outcome {
        Outcome::Differs(page) if page.is_open() => Some(&mut **page),
        _ => None,
    });
    let mut pages: Vec<&mut Differing> = pages.collect();
    let mut settle = |page: &Differing| {
        let settled = page.settle();
        settled.map_err(|message| messages.error(&message)).is_ok()
    };
    let (mut input, mut out) = (io::stdin().lock(), io::stdout().lock());
    review::review(&mut pages, &mut input, &mut out, &mut settle)
        .map_err(|error| Stop::output("standard output", error))
}

/// What to do next.
fn tell(tally: &Tally, job: &Job<'_>, messages: &mut Messages) {
    let reader = &job.reader;
    let unmatched = reader.metadata.as_ref().map(Metadata::unmatched);
    let unread = reader.unread_names.load(Ordering::Relaxed);
    for line in gathering::unused(unread, &unmatched.unwrap_or_default()) {
        messages.note(&line);
    }
    if tally.new > 0 {
        let new = count(tally.new, "page has no snapshot", "pages have no snapshot");
        if job.check {
            messages.error(&format!(
                "{new}; run it without --check or CI to have it written"
            ));
        } else if job.html {
            messages.note(&format!("{new}; run it without --html to have it written"));
        } else {
            messages.note(&count(tally.new, "snapshot written", "snapshots written"));
        }
    }
    if tally.accepted > 0 {
        messages.note(&count(
            tally.accepted,
            "change accepted",
            "changes accepted",
        ));
    }
    if tally.open > 0 {
        let open = count(tally.open, "change is", "changes are");
        messages.error(&format!(
            "{open} not accepted; --review asks for each, --accept takes all"
        ));
    } else if tally.accepted == 0 && !job.patterns.is_empty() {
        let patterns: Vec<&str> = job.patterns.iter().map(Pattern::text).collect();
        messages.note(&format!(
            "nothing changed that is like {}",
            patterns.join(" or ")
        ));
    }
}

impl Job<'_> {
    fn outcome(&self, item: Item) -> Outcome {
        let done = |page: &Page, work: &dyn Fn() -> Result<Outcome, String>| {
            let bug = |message| Err(format!("{}: {message}", page.path.display()));
            caught(|| Ok(work())).unwrap_or_else(bug)
        };
        let outcome = match item {
            Item::Failed(message) => Err(message),
            Item::Page(page) => done(&page, &|| self.page(&page)),
            Item::Renamed(page, was) => done(&page, &|| self.renamed(&page, &was)),
            Item::Missing(page) => self.missing(&page),
        };
        outcome.unwrap_or_else(Outcome::Failed)
    }

    fn missing(&self, page: &Page) -> Result<Outcome, String> {
        let kept = Kept::of(&page.path);
        let change = Change::missing_page(&kept.file_name());
        let names = vec![page.name.clone()];
        self.settled(Differing::new(names, "missing", vec![change], kept, None)?)
    }

    fn record(&self, page: &Page) -> Result<Record, String> {
        let input = PageInput::new(page.name.clone(), Place::File(page.path.clone()), 0);
        let opened = self.reader.open(input);
        let read = opened.and_then(|opened| self.reader.extract(&opened));
        let read = read.map_err(|failure| format!("{}: {}", page.path.display(), failure.message));
        Ok(read?.record)
    }

    fn page(&self, page: &Page) -> Result<Outcome, String> {
        let kept = Kept::of(&page.path);
        let record = self.record(page)?;
        if !kept.exists() {
            let change = Change::new_page(&record);
            if self.writes {
                kept.write(&record)?;
            }
            return Ok(Outcome::New(page.name.clone(), Box::new(change)));
        }
        let old = kept.read()?;
        let changes = compare(&old, &record);
        if changes.is_empty() {
            if self.writes {
                kept.forget_accepted()?;
            }
            return Ok(Outcome::Same);
        }
        let how = if digest(&old) == digest(&record) {
            "read otherwise"
        } else {
            "changed"
        };
        let names = vec![page.name.clone()];
        let new = Some((page, Box::new(record)));
        self.settled(Differing::new(names, how, changes, kept, new)?)
    }

    fn renamed(&self, page: &Page, was: &Page) -> Result<Outcome, String> {
        let kept = Kept::of(&was.path);
        let (old, record) = (kept.read()?, self.record(page)?);
        let mut changes = vec![Change::renamed_page(&was.name, &page.name)];
        changes.extend(compare(&old, &record));
        let names = vec![page.name.clone(), was.name.clone()];
        let new = Some((page, Box::new(record)));
        self.settled(Differing::new(names, "renamed", changes, kept, new)?)
    }

    /// Accepts what is to be accepted without a question.
    fn settled(&self, mut page: Differing) -> Result<Outcome, String> {
        if self.accept {
            page.accept(|_, _| true);
        }
        page.accept(|names, change| self.patterns.iter().any(|p| p.takes(names, change)));
        if !(self.review && page.is_open()) {
            if self.writes {
                page.settle()?;
            }
            if !self.html {
                page = page.done();
            }
        }
        Ok(Outcome::Differs(Box::new(page)))
    }
}
