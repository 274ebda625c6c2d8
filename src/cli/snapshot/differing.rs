//! A page that is not as its snapshot has it, and what becomes of each change.

use super::folder::{Kept, Page};
use crate::base::legible;
use crate::record::Record;
use crate::snapshot::Change;

/// What became of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing yet.
    Open,
    /// It was accepted in an earlier run.
    Before,
    /// It is accepted.
    Accepted,
    /// It is wrong: the page, its options or gongbao must be mended.
    Rejected,
}

/// A page that is not as its snapshot has it.
#[derive(Debug)]
pub struct Differing {
    /// Its name, and the one before it was renamed.
    pub names: Vec<String>,
    /// In a word or two, what is the matter.
    pub how: &'static str,
    /// What changed, each with what became of it.
    pub changes: Vec<(Change, Verdict)>,
    /// The files of the snapshot that it was compared with.
    old: Kept,
    /// Where the next one goes; none where the page is missing.
    new: Option<(Kept, Box<Record>)>,
}

impl Differing {
    /// The page called `names[0]`, compared with what is kept at `old`.
    pub fn new(
        names: Vec<String>,
        how: &'static str,
        changes: Vec<Change>,
        old: Kept,
        new: Option<(&Page, Box<Record>)>,
    ) -> Result<Self, String> {
        let mut before = old.accepted()?;
        let verdict = |change: Change| {
            let count = before.get_mut(&key(&change)).filter(|count| **count > 0);
            let verdict = count.map_or(Verdict::Open, |count| {
                *count -= 1;
                Verdict::Before
            });
            (change, verdict)
        };
        Ok(Self {
            names,
            how,
            changes: changes.into_iter().map(verdict).collect(),
            old,
            new: new.map(|(page, record)| (Kept::of(&page.path), record)),
        })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.names.first().map_or("", String::as_str)
    }

    /// What is read of it now; none where it is missing, or was let go.
    pub fn record(&self) -> Option<&Record> {
        self.new.as_ref().map(|(_, record)| &**record)
    }

    /// Accepts the open changes of which `takes` is true.
    pub fn accept(&mut self, takes: impl Fn(&[&str], &Change) -> bool) {
        let names: Vec<&str> = self.names.iter().map(String::as_str).collect();
        for (change, verdict) in &mut self.changes {
            if *verdict == Verdict::Open && takes(&names, change) {
                *verdict = Verdict::Accepted;
            }
        }
    }

    /// Says what becomes of the change with this index.
    pub fn decide(&mut self, at: usize, verdict: Verdict) {
        if let Some((_, before)) = self.changes.get_mut(at) {
            *before = verdict;
        }
    }

    /// How many changes have this verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.changes.iter().filter(|(_, v)| *v == verdict).count()
    }

    /// True where some change was not accepted in an earlier run.
    pub fn has_news(&self) -> bool {
        self.count(Verdict::Before) < self.changes.len()
    }

    /// True where some change is not accepted.
    pub fn is_open(&self) -> bool {
        self.count(Verdict::Open) + self.count(Verdict::Rejected) > 0
    }

    /// Writes what was accepted: a new snapshot where that is all, else a list of it beside the old one.
    pub fn settle(&self) -> Result<(), String> {
        if !self.is_open() {
            let Some((new, record)) = &self.new else {
                return self.old.remove();
            };
            new.write(record)?;
            if self.names.len() > 1 {
                self.old.remove()?;
            }
            return Ok(());
        }
        if self.count(Verdict::Accepted) == 0 {
            return Ok(());
        }
        let accepted = |v: &Verdict| matches!(v, Verdict::Before | Verdict::Accepted);
        let changes = self.changes.iter().filter(|(_, v)| accepted(v));
        let lines: Vec<String> = changes.map(|(change, _)| key(change)).collect();
        self.old.accept(&lines)
    }

    /// Lets go of the record, once it is not to be written or shown any more.
    pub fn done(mut self) -> Self {
        self.new = None;
        self
    }
}

/// By what a change that was accepted is known again: its words.
fn key(change: &Change) -> String {
    legible(&change.to_string()).into_owned()
}
