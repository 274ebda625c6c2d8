//! What is said of pages and changes.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::Outcome;
use super::differing::{Differing, Verdict};
use crate::base::legible;
use crate::cli::messages::count;
use crate::cli::progress::grouped;
use crate::snapshot::Change;

/// So many columns of what was and is are shown.
const COLUMNS: usize = 40;

/// The changes of a page, a line each, under its name; those that were accepted in an earlier run left out.
pub fn page(page: &Differing) -> String {
    let shown = |(_, verdict): &&(Change, Verdict)| *verdict != Verdict::Before;
    let mut text = head(page.name(), page.how);
    for (change, verdict) in page.changes.iter().filter(shown) {
        let note = match verdict {
            Verdict::Accepted => "  (accepted)",
            Verdict::Rejected => "  (rejected)",
            Verdict::Open | Verdict::Before => "",
        };
        let _ = writeln!(text, "{}{note}", legible(&change.short(COLUMNS)));
    }
    text.push('\n');
    text
}

/// A page without a snapshot.
pub fn new_page(name: &str, change: &Change) -> String {
    format!("{}{change}\n\n", head(name, "new"))
}

fn head(name: &str, how: &str) -> String {
    format!("==> {}, {how} <==\n", legible(name))
}

/// What a run came to.
#[derive(Debug, Default)]
pub struct Tally {
    /// How many pages are how.
    pages: BTreeMap<&'static str, u64>,
    /// How many changes of each kind there are, those that were accepted in an earlier run left out.
    kinds: BTreeMap<String, u64>,
    /// Changes that are not accepted.
    pub open: u64,
    /// Changes that were accepted now.
    pub accepted: u64,
    /// Changes that were accepted in an earlier run, on pages where others are not.
    before: u64,
    /// Pages without a snapshot, or with their first.
    pub new: u64,
}

/// How pages may be, in the order in which it is said.
const HOW: [&str; 7] = [
    "as before",
    "changed",
    "read otherwise",
    "renamed",
    "missing",
    "new",
    "failed",
];

impl Tally {
    pub fn of(outcomes: &[Outcome]) -> Self {
        let mut tally = Self::default();
        for outcome in outcomes {
            let how = match outcome {
                Outcome::Same => "as before",
                Outcome::Failed(_) => "failed",
                Outcome::New(..) => {
                    tally.new += 1;
                    "new"
                }
                Outcome::Differs(page) => {
                    tally.changes(page);
                    page.how
                }
            };
            *tally.pages.entry(how).or_default() += 1;
        }
        tally
    }

    fn changes(&mut self, page: &Differing) {
        for (change, verdict) in &page.changes {
            match verdict {
                Verdict::Open | Verdict::Rejected => self.open += 1,
                Verdict::Accepted => self.accepted += 1,
                Verdict::Before => {
                    self.before += 1;
                    continue;
                }
            }
            *self.kinds.entry(change.kind()).or_default() += 1;
        }
    }

    /// Pages by how they are, and changes by their kinds, the commonest first.
    pub fn summary(&self) -> String {
        let pages = HOW.iter().filter_map(|how| {
            let count = self.pages.get(how)?;
            Some(format!("{} {how}", grouped(*count)))
        });
        let all: u64 = self.pages.values().sum();
        let pages: Vec<String> = pages.collect();
        let mut text = format!("{}: {}\n", count(all, "page", "pages"), pages.join(", "));
        let mut kinds: Vec<(&String, u64)> = self.kinds.iter().map(|(k, n)| (k, *n)).collect();
        kinds.sort_by_key(|&(kind, n)| (std::cmp::Reverse(n), kind));
        for (kind, n) in kinds {
            let _ = writeln!(text, "{:>7}  {kind}", grouped(n));
        }
        if self.before > 0 {
            let _ = writeln!(text, "{:>7}  accepted before", grouped(self.before));
        }
        text
    }
}
