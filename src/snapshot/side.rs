//! The two records, with what is asked of them often, and what stands for what in them.

use std::collections::HashMap;

use super::change::Context;
use super::indicators;
use super::pairs::Pairs;
use super::sections;
use super::texts::Texts;
use crate::base::ByteIndex;
use crate::record::{Indicator, Record, Section};
use crate::write::words::section_paths;

/// One of the records.
pub(super) struct Side<'a> {
    pub record: &'a Record,
    paths: HashMap<&'a str, String>,
    sections: HashMap<&'a str, usize>,
    indicators: HashMap<&'a str, usize>,
    index: ByteIndex,
}

impl<'a> Side<'a> {
    fn new(record: &'a Record) -> Self {
        let sections = record.sections.iter().enumerate();
        let indicators = record.indicators.iter().enumerate();
        Self {
            record,
            paths: section_paths(record),
            sections: sections.map(|(i, s)| (s.id.as_str(), i)).collect(),
            indicators: indicators.map(|(i, x)| (x.id.as_str(), i)).collect(),
            index: ByteIndex::new(&record.text),
        }
    }

    /// The labels of the section of this id and those around it; empty for none.
    pub fn path(&self, section: Option<&str>) -> &str {
        section
            .and_then(|id| self.paths.get(id))
            .map_or("", String::as_str)
    }

    /// The number of the section of this id.
    pub fn section(&self, id: Option<&str>) -> Option<usize> {
        self.sections.get(id?).copied()
    }

    /// The number of the indicator of this id.
    pub fn indicator(&self, id: &str) -> Option<usize> {
        self.indicators.get(id).copied()
    }

    /// The indicator of this id.
    pub fn indicator_called(&self, id: &str) -> Option<&'a Indicator> {
        self.record.indicators.get(self.indicator(id)?)
    }

    /// Characters of the text; empty where there are none.
    pub fn slice(&self, start: u32, end: u32) -> &'a str {
        let text = &self.record.text;
        let byte = |at: u32| {
            let last = self.index.code_points();
            self.index.bytes(text, (at as usize).min(last))
        };
        text.get(byte(start)..byte(end)).unwrap_or_default()
    }

    /// The labels of the innermost section around a character, and those around that.
    pub fn path_at(&self, at: Option<u32>) -> &str {
        let around = |s: &&Section| at.is_some_and(|at| (s.start..s.end).contains(&at));
        let sections = self.record.sections.iter().filter(around);
        let innermost = sections.max_by_key(|section| section.level);
        self.path(innermost.map(|section| section.id.as_str()))
    }

    /// Where an indicator is to be seen.
    pub fn context(&self, indicator: &Indicator) -> Option<Context> {
        Some(Context {
            text: indicator.quote.to_string(),
            line: indicator.source.line,
        })
    }
}

/// Both records, and which parts of the one are which of the other.
pub(super) struct Both<'a> {
    pub old: Side<'a>,
    pub new: Side<'a>,
    pub texts: Texts,
    pub sections: Pairs,
    pub indicators: Pairs,
}

impl<'a> Both<'a> {
    pub fn new(old: &'a Record, new: &'a Record) -> Self {
        let mut both = Self {
            texts: Texts::new(old, new),
            sections: Pairs::new(old.sections.len(), new.sections.len()),
            indicators: Pairs::new(old.indicators.len(), new.indicators.len()),
            old: Side::new(old),
            new: Side::new(new),
        };
        both.sections = sections::pairs(&both);
        both.indicators = indicators::pairs(&both);
        both
    }

    /// True where both were read from the same bytes, so that places can be compared.
    pub fn same_bytes(&self) -> bool {
        self.old.record.source.sha256 == self.new.record.source.sha256
    }

    /// The new section, by its number, that is the old one of this id: none where there is none or
    /// the old one is in no section.
    pub fn section_now(&self, old: Option<&str>) -> Option<usize> {
        self.sections.new_of(self.old.section(old)?)
    }
}
