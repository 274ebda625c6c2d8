//! `--html`: what changed as a report, old beside new.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::differing::{Differing, Verdict};
use super::told::Tally;
use super::{Arguments, Outcome};
use crate::batch::kept::REPORT;
use crate::cli::Stop;
use crate::cli::originals::Sources;
use crate::cli::output::Output;
use crate::lexicon::Lexicon;
use crate::report::{Changed, Page, Report};

/// The file, which is written whole or not at all.
pub struct Html {
    output: Output,
    sources: Sources,
    folder: PathBuf,
}

impl Html {
    /// Makes sure of the file before anything is read.
    pub fn begin(path: &Path, arguments: &Arguments) -> Result<Self, Stop> {
        let beside = path.parent().and_then(|parent| {
            let parent = if parent.as_os_str().is_empty() {
                Path::new(".")
            } else {
                parent
            };
            parent.canonicalize().ok()
        });
        let root = arguments.folder.canonicalize().ok();
        let inside = beside
            .zip(root)
            .is_some_and(|(at, root)| at.starts_with(root));
        let name = path.file_name().unwrap_or_default();
        if inside && !name.as_encoded_bytes().ends_with(REPORT.as_bytes()) {
            return Err(Stop::Usage(format!(
                "--html {}: among the pages it would be read as one; name it NAME{REPORT}, or put it elsewhere",
                path.display()
            )));
        }
        Ok(Self {
            output: Output::file(path)?,
            sources: Sources {
                transcriber: arguments.reading.programs.transcriber(),
                max_bytes: arguments.reading.max_bytes(),
                pictures: true,
            },
            folder: arguments.folder.clone(),
        })
    }

    /// Writes what became of all pages.
    pub fn write(
        mut self,
        outcomes: &[Outcome],
        tally: &Tally,
        lexicon: &Arc<Lexicon>,
    ) -> Result<(), Stop> {
        let folders = [self.folder];
        let sources = &self.sources;
        self.output.with(|out| {
            let mut report = Report::begin(out, Arc::clone(lexicon))?;
            report.compared(tally.summary());
            for outcome in outcomes {
                match outcome {
                    Outcome::Same => {}
                    Outcome::New(name, change) => report.named(name, "new", change.to_string()),
                    Outcome::Failed(message) => report.unread(message.clone()),
                    Outcome::Differs(page) => differing(page, sources, &folders, &mut report)?,
                }
            }
            report.end().map(drop)
        })?;
        self.output.close()
    }
}

fn differing<W: io::Write>(
    page: &Differing,
    sources: &Sources,
    folders: &[PathBuf],
    report: &mut Report<W>,
) -> io::Result<()> {
    let Some(record) = page.record() else {
        let words: Vec<String> = page.changes.iter().map(|(c, _)| c.to_string()).collect();
        report.named(page.name(), page.how, words.join("; "));
        return Ok(());
    };
    let changes = page.changes.iter().map(|(change, verdict)| {
        let note = match verdict {
            Verdict::Before => "accepted before",
            Verdict::Open | Verdict::Accepted | Verdict::Rejected => "",
        };
        (change, note)
    });
    let changed = Changed {
        how: page.how,
        changes: changes.collect(),
    };
    report.page(&Page {
        record,
        originals: &sources.of(record, folders),
        changed: Some(&changed),
    })
}
