//! What is counted of a page, and of a run.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::failure::Failure;
use crate::record::{CheckStatus, Record};

/// What is counted of a page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Size of what it was read from, in bytes.
    pub bytes: u64,
    /// Sections.
    pub sections: u64,
    /// Indicators.
    pub indicators: u64,
    /// Checks.
    pub checks: u64,
    /// Checks that do not come out.
    pub mismatches: u64,
    /// Repairs.
    pub repairs: u64,
    /// Diagnostics, by code.
    pub diagnostics: BTreeMap<String, u64>,
}

impl Tally {
    /// Of `record`.
    #[must_use]
    pub fn of(record: &Record) -> Self {
        let mut diagnostics = BTreeMap::new();
        for finding in &record.diagnostics {
            *diagnostics.entry(finding.code.to_string()).or_default() += 1;
        }
        let mismatches = record.checks.iter();
        let mismatches = mismatches.filter(|c| c.status == CheckStatus::Mismatch);
        let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        Self {
            bytes: record.source.bytes,
            sections: count(record.sections.len()),
            indicators: count(record.indicators.len()),
            checks: count(record.checks.len()),
            mismatches: count(mismatches.count()),
            repairs: count(record.repairs.len()),
            diagnostics,
        }
    }

    fn add(&mut self, other: &Self) {
        self.bytes += other.bytes;
        self.sections += other.sections;
        self.indicators += other.indicators;
        self.checks += other.checks;
        self.mismatches += other.mismatches;
        self.repairs += other.repairs;
        for (code, n) in &other.diagnostics {
            *self.diagnostics.entry(code.clone()).or_default() += n;
        }
    }
}

/// What is counted of a run: the same however often it was stopped.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Pages with a record.
    pub pages: u64,
    /// Pages, and inputs, without one.
    pub failed: u64,
    /// The latter by what went wrong.
    pub failures: BTreeMap<String, u64>,
    /// What is in the records.
    pub records: Tally,
}

impl Counts {
    /// Counts a page.
    pub fn page(&mut self, tally: &Tally) {
        self.pages += 1;
        self.records.add(tally);
    }

    /// Counts a failure.
    pub fn failure(&mut self, failure: &Failure) {
        self.failed += 1;
        let kind = failure.kind.name().to_owned();
        *self.failures.entry(kind).or_default() += 1;
    }

    /// The commonest diagnostics, `most` at most, the commonest first.
    #[must_use]
    pub fn commonest(&self, most: usize) -> Vec<(&str, u64)> {
        let mut found: Vec<(&str, u64)> = self
            .records
            .diagnostics
            .iter()
            .map(|(code, &n)| (code.as_str(), n))
            .collect();
        found.sort_by_key(|&(code, n)| (std::cmp::Reverse(n), code));
        found.truncate(most);
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commonest_come_first() {
        let mut counts = Counts::default();
        let page = |codes: &[(&str, u64)]| Tally {
            bytes: 10,
            diagnostics: codes.iter().map(|&(c, n)| (c.to_owned(), n)).collect(),
            ..Tally::default()
        };
        counts.page(&page(&[("b", 1), ("a", 1), ("c", 5)]));
        counts.page(&page(&[("c", 1), ("d", 2)]));
        assert_eq!(counts.commonest(3), [("c", 6), ("d", 2), ("a", 1)]);
        assert_eq!((counts.pages, counts.records.bytes), (2, 20));
    }
}
