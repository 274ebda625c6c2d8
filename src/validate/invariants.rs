//! What holds in every record and a schema cannot say: order, ids, bounds, spans.

use std::collections::HashMap;
use std::fmt;
use std::ops::Range;

use jiff::civil::Date;
use smol_str::SmolStr;

use super::{Text, Violation, file_name, files, short};
use crate::base::{DateSpan, Decimal};
use crate::lexicon::multipliers::Multipliers;
use crate::record::{
    Check, CheckKind, CheckStatus, Decision, Indicator, MetadataKey, Piece, Precision, Record,
    SCHEMA, Section, Source,
};

/// Everything in `record` that contradicts itself; empty for a record that is right.
#[must_use]
pub fn invariants(record: &Record) -> Vec<Violation> {
    broken(record, &Text::new(&record.text))
}

/// The same of a record whose text is indexed.
pub(super) fn broken(record: &Record, text: &Text<'_>) -> Vec<Violation> {
    let mut checker = Checker {
        record,
        text,
        files: HashMap::new(),
        own: (0, 0),
        period: None,
        nesting: Vec::new(),
        violations: Vec::new(),
    };
    checker.whole();
    checker.files();
    checker.metadata();
    checker.paragraph_tiling();
    checker.section_tree();
    checker.paragraph_sections();
    let ids = Ids::new(&record.indicators);
    checker.indicators(&ids);
    checker.checks(&ids);
    checker.jumps();
    checker.repairs();
    checker.corrections(&ids);
    checker.diagnostics();
    checker.violations
}

struct Checker<'a> {
    record: &'a Record,
    text: &'a Text<'a>,
    /// Bytes and lines of the record's files by name.
    files: HashMap<&'a str, (u64, u32)>,
    /// Those of the one that positions count in where nothing else is said.
    own: (u64, u32),
    /// First and last day of the period that was found right last: most are that of the page.
    period: Option<(&'a str, &'a str)>,
    /// From which code point on which section is the innermost, in order.
    nesting: Vec<(u32, Option<usize>)>,
    violations: Vec<Violation>,
}

impl<'a> Checker<'a> {
    fn fail(&mut self, pointer: impl fmt::Display, message: impl Into<String>) {
        let pointer = pointer.to_string();
        self.violations.push(Violation::new(pointer, message));
    }

    fn whole(&mut self) {
        let text = self.record.text.as_str();
        if self.record.schema != SCHEMA {
            let found = short(&self.record.schema);
            self.fail("/schema", format!("found {found}, expected {SCHEMA:?}"));
        }
        if text.starts_with('\n') || text.ends_with('\n') || text.contains("\n\n") {
            self.fail(
                "/text",
                "it has an empty paragraph: a line feed at its start or end, or two in a row",
            );
        }
        let document = &self.record.document;
        if let Some(period) = &document.period {
            self.period(format_args!("/document/period"), &period.start, &period.end);
        }
        if let Some(published) = &document.published
            && (published.contains('/') || published.parse::<DateSpan>().is_err())
        {
            let found = short(published);
            self.fail(
                "/document/published",
                format!("found {found}, expected YYYY, YYYY-MM or YYYY-MM-DD"),
            );
        }
    }

    /// Each file has a name of its own.
    fn files(&mut self) {
        if self.record.source.parts.as_ref().is_some_and(Vec::is_empty) {
            self.fail("/source/parts", "found none, expected null");
        }
        for file in files(self.record) {
            let size = (file.bytes, file.lines);
            if self.files.insert(file.name, size).is_some() {
                self.fail(
                    format!("{}/name", file.pointer),
                    format!("found {} again: another file has it", short(file.name)),
                );
            }
        }
        let own = self.files.get(self.record.source.name.as_str());
        self.own = own.copied().unwrap_or_default();
    }

    /// Each key once, in their order; times are times.
    fn metadata(&mut self) {
        let Some(metadata) = &self.record.source.metadata else {
            return;
        };
        if metadata.is_empty() {
            self.fail("/source/metadata", "found none, expected null");
        }
        let mut last = None;
        for (i, known) in metadata.iter().enumerate() {
            let pointer = format_args!("/source/metadata/{i}");
            if last >= Some(known.key) {
                self.fail(
                    format_args!("{pointer}/key"),
                    "it is there already, or stands before a key of an earlier place",
                );
            }
            last = last.max(Some(known.key));
            let value = known.value.as_str();
            let time = value.parse::<DateSpan>().is_ok();
            let (holds, expected) = match known.key {
                MetadataKey::Published => {
                    (time && !value.contains('/'), "YYYY, YYYY-MM or YYYY-MM-DD")
                }
                MetadataKey::Period => (time, "a period in ISO 8601"),
                _ => (!value.is_empty(), "at least a character"),
            };
            if !holds {
                self.fail(
                    format_args!("{pointer}/value"),
                    format!("found {}, expected {expected}", short(value)),
                );
            }
        }
    }

    /// Paragraphs tile the text, one line feed between two.
    fn paragraph_tiling(&mut self) {
        let mut next = 0;
        for (i, paragraph) in self.record.paragraphs.iter().enumerate() {
            let pointer = format_args!("/paragraphs/{i}");
            if paragraph.start != next {
                self.fail(
                    format_args!("{pointer}/start"),
                    format!(
                        "found {}, expected {next}, where the last paragraph's line feed ends",
                        paragraph.start
                    ),
                );
            }
            match self.text.slice(paragraph.start, paragraph.end) {
                None => self.out_of_bounds(pointer, paragraph.start, paragraph.end),
                Some("") => self.fail(pointer, "it is empty"),
                Some(text) if text.contains('\n') => {
                    self.fail(pointer, "it holds a line feed, which ends a paragraph");
                }
                Some(_)
                    if paragraph.end < self.text.len
                        && self.text.slice(paragraph.end, paragraph.end + 1) != Some("\n") =>
                {
                    self.fail(
                        format_args!("{pointer}/end"),
                        "no line feed stands behind it",
                    );
                }
                Some(_) => {}
            }
            next = paragraph.end.saturating_add(1);
            self.source(pointer, &paragraph.source);
        }
        let end = self.record.paragraphs.last().map_or(0, |p| p.end);
        if end < self.text.len {
            let len = self.text.len;
            self.fail(
                "/paragraphs",
                format!("they end at {end}, the text at {len}"),
            );
        }
    }

    fn section_tree(&mut self) {
        let sections = &self.record.sections;
        let mut open: Vec<usize> = Vec::new();
        self.nesting.push((0, None));
        for (i, section) in sections.iter().enumerate() {
            let pointer = format_args!("/sections/{i}");
            if numbered(&section.id, 's') != Some(i + 1) {
                let found = short(&section.id);
                self.fail(
                    format_args!("{pointer}/id"),
                    format!("found {found}, expected \"s{}\"", i + 1),
                );
            }
            if i > 0 && section.start < sections[i - 1].start {
                self.fail(
                    format_args!("{pointer}/start"),
                    "it begins before the section before it",
                );
            }
            while let Some(&top) = open.last()
                && sections[top].end <= section.start
            {
                self.close(&mut open);
            }
            let around = open.last().map(|&top| &sections[top]);
            if section.parent.as_deref() != around.map(|s| s.id.as_str()) {
                self.fail(
                    format_args!("{pointer}/parent"),
                    format!(
                        "found {:?}, but the innermost section around it is {:?}",
                        section.parent,
                        around.map(|s| &s.id)
                    ),
                );
            }
            if section.level as usize != open.len() + 1 {
                self.fail(
                    format_args!("{pointer}/level"),
                    format!(
                        "found {}, expected {}, one more than its parent's",
                        section.level,
                        open.len() + 1
                    ),
                );
            }
            if around.is_some_and(|around| section.end > around.end) {
                self.fail(
                    format_args!("{pointer}/end"),
                    "it ends behind the section around it",
                );
            }
            self.label_and_title(pointer, section);
            self.source(pointer, &section.source);
            open.push(i);
            self.nesting.push((section.start, Some(i)));
        }
        while !open.is_empty() {
            self.close(&mut open);
        }
    }

    /// Closes the innermost open section.
    fn close(&mut self, open: &mut Vec<usize>) {
        if let Some(closed) = open.pop() {
            let end = self.record.sections[closed].end;
            self.nesting.push((end, open.last().copied()));
        }
    }

    fn label_and_title(&mut self, pointer: fmt::Arguments<'_>, section: &Section) {
        let Some(text) = self.text.slice(section.start, section.end) else {
            return self.out_of_bounds(pointer, section.start, section.end);
        };
        match text.strip_prefix(section.label.as_str()) {
            Some(_) if section.label.is_empty() => {
                self.fail(format_args!("{pointer}/label"), "it is empty");
            }
            None => {
                let (found, expected) = (short(&section.label), short(text));
                self.fail(
                    format_args!("{pointer}/label"),
                    format!("found {found}, but the section begins {expected}"),
                );
            }
            // a title is one line at most, so a missing one is not searched for all over the page
            Some(rest)
                if !rest
                    .lines()
                    .next()
                    .unwrap_or_default()
                    .contains(&section.title) =>
            {
                let found = short(&section.title);
                self.fail(
                    format_args!("{pointer}/title"),
                    format!("found {found}, which is not in the line of the label"),
                );
            }
            Some(_) => {}
        }
    }

    /// Id of the innermost section at a code point.
    fn section_at(&self, code_point: u32) -> Option<&'a str> {
        let i = self.nesting.partition_point(|n| n.0 <= code_point);
        let (_, section) = *self.nesting.get(i.checked_sub(1)?)?;
        Some(self.record.sections.get(section?)?.id.as_str())
    }

    fn innermost(&mut self, pointer: fmt::Arguments<'_>, section: Option<&str>, start: u32) {
        let around = self.section_at(start);
        if section != around {
            self.fail(
                format_args!("{pointer}/section"),
                format!("found {section:?}, but the innermost section at {start} is {around:?}"),
            );
        }
    }

    fn paragraph_sections(&mut self) {
        for (i, paragraph) in self.record.paragraphs.iter().enumerate() {
            self.innermost(
                format_args!("/paragraphs/{i}"),
                paragraph.section.as_deref(),
                paragraph.start,
            );
        }
    }

    fn indicators(&mut self, ids: &Ids<'a>) {
        let indicators = &self.record.indicators;
        for (i, indicator) in indicators.iter().enumerate() {
            let pointer = format_args!("/indicators/{i}");
            if numbered(&indicator.id, 'i') != Some(i + 1) {
                let found = short(&indicator.id);
                self.fail(
                    format_args!("{pointer}/id"),
                    format!("found {found}, expected \"i{}\"", i + 1),
                );
            }
            if i > 0 && indicator.start < indicators[i - 1].start {
                self.fail(
                    format_args!("{pointer}/start"),
                    "it stands before the indicator before it",
                );
            }
            self.innermost(pointer, indicator.section.as_deref(), indicator.start);
            self.mention_and_quote(pointer, indicator);
            match (&indicator.of, indicator.relation) {
                (None, None) => {}
                (Some(of), Some(_)) if *of == indicator.id => {
                    self.fail(format_args!("{pointer}/of"), "it is the indicator itself");
                }
                (Some(of), Some(_)) if ids.find(of).is_none() => {
                    self.fail(
                        format_args!("{pointer}/of"),
                        format!("there is no indicator {}", short(of)),
                    );
                }
                (Some(_), Some(_)) => {}
                (Some(_), None) => self.fail(
                    format_args!("{pointer}/relation"),
                    "found null, expected one: `of` is not null",
                ),
                (None, Some(_)) => self.fail(
                    format_args!("{pointer}/of"),
                    "found null, expected an id: `relation` is not null",
                ),
            }
            self.value(pointer, indicator);
            if let Some(period) = &indicator.period {
                self.period(format_args!("{pointer}/period"), &period.start, &period.end);
            }
            let first = self
                .record
                .repairs
                .partition_point(|r| r.end <= indicator.start);
            let mended = self
                .record
                .repairs
                .get(first)
                .is_some_and(|r| r.start < indicator.end);
            if mended != indicator.repair.is_some() {
                let message = if mended {
                    "found null, but a repair lies in the mention"
                } else {
                    "expected null: no repair lies in the mention"
                };
                self.fail(format_args!("{pointer}/repair"), message);
            }
            self.source(pointer, &indicator.source);
        }
    }

    fn mention_and_quote(&mut self, pointer: fmt::Arguments<'_>, indicator: &Indicator) {
        let Some(text) = self.text.slice(indicator.start, indicator.end) else {
            return self.out_of_bounds(pointer, indicator.start, indicator.end);
        };
        if text != indicator.mention || text.is_empty() {
            let (found, expected) = (short(&indicator.mention), short(text));
            self.fail(
                format_args!("{pointer}/mention"),
                format!(
                    "found {found}, but the text has {expected} at {}..{}",
                    indicator.start, indicator.end
                ),
            );
        }
        let mention = self.text.byte(indicator.start)..self.text.byte(indicator.end);
        if !quoted(self.text.text, &indicator.quote, mention) {
            let found = short(&indicator.quote);
            self.fail(
                format_args!("{pointer}/quote"),
                format!("found {found}, which is not in the text around the mention"),
            );
        }
    }

    fn value(&mut self, pointer: fmt::Arguments<'_>, indicator: &Indicator) {
        let Some(value) = indicator.value else {
            match &indicator.components {
                None => self.fail(
                    format_args!("{pointer}/value"),
                    "found null, expected a number: `components` is null too",
                ),
                Some(terms) if terms.len() < 2 => {
                    self.fail(
                        format_args!("{pointer}/components"),
                        "expected two terms or more",
                    );
                }
                Some(_) => {}
            }
            for (field, found) in [
                ("base_value", indicator.base_value),
                ("lower", indicator.lower),
                ("upper", indicator.upper),
            ] {
                if found.is_some() {
                    self.fail(
                        format_args!("{pointer}/{field}"),
                        "expected null: `value` is null",
                    );
                }
            }
            return;
        };
        if indicator.components.is_some() {
            self.fail(
                format_args!("{pointer}/components"),
                "expected null: `value` is not null",
            );
        }
        match Multipliers::builtin().power(&indicator.unit, &indicator.base_unit) {
            None => self.fail(
                format_args!("{pointer}/base_unit"),
                format!(
                    "found {}, expected the unit {} without its multipliers",
                    short(&indicator.base_unit),
                    short(&indicator.unit)
                ),
            ),
            Some(power) => {
                // what does not fit 28 digits has no base value
                let expected = value.scaled(power).ok();
                if indicator.base_value != expected {
                    self.fail(
                        format_args!("{pointer}/base_value"),
                        format!(
                            "found {}, expected {}",
                            shown(indicator.base_value),
                            shown(expected)
                        ),
                    );
                }
            }
        }
        if let Some(expected) = bounds_broken(indicator, value) {
            self.fail(
                format_args!("{pointer}/{}", expected.0),
                format!(
                    "found {} for the {} {value}, expected {}",
                    shown(if expected.0 == "lower" {
                        indicator.lower
                    } else {
                        indicator.upper
                    }),
                    precision_name(indicator.precision),
                    expected.1
                ),
            );
        }
    }

    fn checks(&mut self, ids: &Ids<'a>) {
        for (i, check) in self.record.checks.iter().enumerate() {
            let pointer = format_args!("/checks/{i}");
            let mut known = |pointer: fmt::Arguments<'_>, id: &str| {
                if ids.find(id).is_none() {
                    self.fail(pointer, format!("there is no indicator {}", short(id)));
                }
            };
            if let Some(id) = &check.total {
                known(format_args!("{pointer}/total"), id);
            }
            for (k, id) in check.parts.iter().enumerate() {
                known(format_args!("{pointer}/parts/{k}"), id);
            }
            for (k, candidate) in check.candidates.iter().enumerate() {
                known(format_args!("{pointer}/candidates/{k}/id"), &candidate.id);
            }
            if check.status != CheckStatus::Mismatch && !check.candidates.is_empty() {
                self.fail(
                    format_args!("{pointer}/candidates"),
                    "expected none: it is no mismatch",
                );
            }
            self.arithmetic(pointer, check, ids);
        }
    }

    /// What a check of each kind is worked out from, and that it was.
    fn arithmetic(&mut self, pointer: fmt::Arguments<'_>, check: &Check, ids: &Ids<'a>) {
        let find = |id: &SmolStr| ids.find(id);
        let total = check.total.as_ref().and_then(find);
        let parts: Vec<&Indicator> = check.parts.iter().filter_map(find).collect();
        if parts.len() != check.parts.len() || total.is_some() != check.total.is_some() {
            return; // said already
        }
        let sound = |x: &Indicator| {
            let power = Multipliers::builtin().power(&x.unit, &x.base_unit);
            let expected = x.value.zip(power).and_then(|(v, p)| v.scaled(p).ok());
            x.base_value == expected
        };
        if !parts.iter().copied().chain(total).all(sound) {
            return; // said already
        }
        let mut terms = parts.iter().flat_map(|x| match &x.components {
            Some(terms) => terms.iter(),
            None => x.base_value.as_slice().iter(),
        });
        let sum = terms.try_fold(Decimal::ZERO, |sum, &v| sum.checked_add(v).ok());
        let base = |i: usize| parts.get(i).and_then(|x| x.base_value);
        let difference = base(0)
            .zip(base(1))
            .and_then(|(now, before)| now.checked_add(-before).ok());
        let (stated, fewest, most, actual) = match check.kind {
            CheckKind::Sum => (total.and_then(|x| x.base_value), 1, usize::MAX, sum),
            CheckKind::Shares => (Some(Decimal::from(100)), 1, usize::MAX, sum),
            CheckKind::Change => (total.and_then(|x| x.base_value), 2, 2, difference),
            CheckKind::Share | CheckKind::Growth => {
                let stated = total.and_then(|x| x.base_value);
                (stated, 2, 2, Some(check.actual))
            }
        };
        if total.is_none() != (check.kind == CheckKind::Shares) {
            self.fail(
                format_args!("{pointer}/total"),
                "expected null for shares, an id for all other kinds",
            );
        } else if stated != Some(check.expected) {
            self.fail(
                format_args!("{pointer}/expected"),
                format!("found {}, expected {}", check.expected, shown(stated)),
            );
        }
        if !(fewest..=most).contains(&parts.len()) {
            let found = parts.len();
            self.fail(
                format_args!("{pointer}/parts"),
                format!("found {found}, expected {fewest} or more, and 2 but for sums and shares"),
            );
        } else if actual != Some(check.actual) {
            self.fail(
                format_args!("{pointer}/actual"),
                format!("found {}, expected {}", check.actual, shown(actual)),
            );
        }
        let exact = !matches!(check.kind, CheckKind::Share | CheckKind::Growth);
        let contradicts = match check.status {
            CheckStatus::Ok => exact && check.actual != check.expected,
            CheckStatus::Partial => check.kind != CheckKind::Sum || check.actual >= check.expected,
            CheckStatus::Rounding | CheckStatus::Mismatch => {
                exact && check.actual == check.expected
            }
        };
        if contradicts {
            self.fail(
                format_args!("{pointer}/status"),
                format!(
                    "found {:?}, but {} is expected and {} found",
                    check.status, check.expected, check.actual
                ),
            );
        }
    }

    fn jumps(&mut self) {
        for (i, jump) in self.record.jumps.iter().enumerate() {
            self.source(format_args!("/jumps/{i}"), &jump.source);
        }
    }

    fn repairs(&mut self) {
        let mut last = 0;
        for (i, repair) in self.record.repairs.iter().enumerate() {
            let pointer = format_args!("/repairs/{i}");
            match self.text.slice(repair.start, repair.end) {
                None => self.out_of_bounds(pointer, repair.start, repair.end),
                Some(text) if text != repair.to => {
                    let (found, expected) = (short(&repair.to), short(text));
                    self.fail(
                        format_args!("{pointer}/to"),
                        format!(
                            "found {found}, but the text has {expected} at {}..{}",
                            repair.start, repair.end
                        ),
                    );
                }
                Some("") => self.fail(format_args!("{pointer}/to"), "it is empty"),
                Some(_) => {}
            }
            if repair.from == repair.to {
                self.fail(
                    format_args!("{pointer}/from"),
                    "it is the same as `to`: nothing was changed",
                );
            }
            if repair.start < last {
                self.fail(
                    format_args!("{pointer}/start"),
                    "it begins before the repair before it ends",
                );
            }
            last = repair.end;
            self.source(pointer, &repair.source);
            if let Some(other) = &repair.other {
                self.source(format_args!("{pointer}/other"), &other.source);
            }
        }
    }

    fn corrections(&mut self, ids: &Ids<'a>) {
        let mut last = 0;
        for (i, correction) in self.record.corrections.iter().enumerate() {
            let pointer = format_args!("/corrections/{i}");
            let place = numbered(&correction.indicator, 'i').unwrap_or_default();
            let indicator = ids.find(&correction.indicator);
            if indicator.is_none() {
                self.fail(
                    format_args!("{pointer}/indicator"),
                    format!("there is no indicator {}", short(&correction.indicator)),
                );
            } else if place <= last {
                self.fail(
                    format_args!("{pointer}/indicator"),
                    "it does not stand behind the one before it",
                );
            }
            last = place;
            let corrected = correction.decision == Decision::Corrected;
            if corrected != correction.read.is_some() {
                let expected = if corrected { "a value" } else { "null" };
                self.fail(
                    format_args!("{pointer}/read"),
                    format!("found {}, expected {expected}", shown(correction.read)),
                );
            } else if corrected && indicator.is_some_and(|x| x.value.is_none()) {
                self.fail(
                    format_args!("{pointer}/decision"),
                    "found corrected, but the indicator has no one value",
                );
            }
            if correction.origin.is_empty() {
                self.fail(format_args!("{pointer}/origin"), "it is empty");
            }
        }
    }

    fn diagnostics(&mut self) {
        for (i, finding) in self.record.diagnostics.iter().enumerate() {
            let pointer = format_args!("/diagnostics/{i}");
            match (finding.start, finding.end) {
                (None, None) => {}
                (Some(start), Some(end)) => {
                    if self.text.slice(start, end).is_none() {
                        self.out_of_bounds(pointer, start, end);
                    }
                    if finding.source.is_none() {
                        self.fail(
                            format_args!("{pointer}/source"),
                            "found null, but `start` is not null",
                        );
                    }
                }
                _ => self.fail(
                    pointer,
                    "`start` and `end` are not both null or both numbers",
                ),
            }
            if let Some(source) = &finding.source {
                self.source(pointer, source);
            }
        }
    }

    fn out_of_bounds(&mut self, pointer: fmt::Arguments<'_>, start: u32, end: u32) {
        let len = self.text.len;
        self.fail(
            pointer,
            format!("found start {start} and end {end}, expected start ≤ end ≤ {len}, the length of the text"),
        );
    }

    fn period(&mut self, pointer: fmt::Arguments<'_>, start: &'a str, end: &'a str) {
        if self.period == Some((start, end)) {
            return;
        }
        match (start.parse::<Date>(), end.parse::<Date>()) {
            (Ok(first), Ok(last)) if first <= last => self.period = Some((start, end)),
            (Ok(_), Ok(_)) => self.fail(
                pointer,
                format!("it ends on {end}, before its start {start}"),
            ),
            _ => self.fail(
                pointer,
                format!(
                    "found {} to {}, expected two days YYYY-MM-DD",
                    short(start),
                    short(end)
                ),
            ),
        }
    }

    fn source(&mut self, pointer: fmt::Arguments<'_>, source: &Source) {
        let pointer = format_args!("{pointer}/source");
        let file = match &source.pieces {
            None => Some(self.own),
            Some(_) => self.files.get(file_name(self.record, source)).copied(),
        };
        if let Some((bytes, lines)) = file {
            if source.start >= source.end || source.end > bytes {
                self.fail(
                    pointer,
                    format!(
                        "found bytes {}..{}, expected some of 0..{bytes}",
                        source.start, source.end
                    ),
                );
            }
            if source.line < 1 || source.line > source.end_line || source.end_line > lines {
                self.fail(
                    pointer,
                    format!(
                        "found lines {} to {}, expected some of 1 to {lines}",
                        source.line, source.end_line
                    ),
                );
            }
        }
        if let Some(pieces) = &source.pieces {
            self.pieces(pointer, source, pieces);
        }
    }

    /// Pieces lie in the record's files; those in the first piece's file give the positions.
    fn pieces(&mut self, pointer: fmt::Arguments<'_>, source: &Source, pieces: &[Piece]) {
        match pieces {
            [] => self.fail(format_args!("{pointer}/pieces"), "expected some, or null"),
            [piece] if piece.file == self.record.source.name => self.fail(
                format_args!("{pointer}/pieces"),
                "found one in the file of the record's own name, expected null or more",
            ),
            _ => {}
        }
        for (k, piece) in pieces.iter().enumerate() {
            let Some(&(bytes, _)) = self.files.get(piece.file.as_str()) else {
                let found = short(&piece.file);
                return self.fail(
                    format_args!("{pointer}/pieces/{k}/file"),
                    format!("found {found}, which is none of the record's files"),
                );
            };
            if piece.start >= piece.end || piece.end > bytes {
                self.fail(
                    format_args!("{pointer}/pieces/{k}"),
                    format!(
                        "found bytes {}..{}, expected some of 0..{bytes}",
                        piece.start, piece.end
                    ),
                );
            }
        }
        let name = file_name(self.record, source);
        let of_first = || pieces.iter().filter(|p| p.file == name);
        let bounds = of_first()
            .map(|p| p.start)
            .min()
            .zip(of_first().map(|p| p.end).max());
        if bounds.is_some_and(|bounds| bounds != (source.start, source.end)) {
            self.fail(
                format_args!("{pointer}/pieces"),
                format!(
                    "those in {} do not run from byte {} to byte {}",
                    short(name),
                    source.start,
                    source.end
                ),
            );
        }
    }
}

/// The indicators of a record by their ids.
struct Ids<'a> {
    indicators: &'a [Indicator],
    /// Empty where all are numbered as they should be, so that an id says where it is.
    index: HashMap<&'a str, usize>,
}

impl<'a> Ids<'a> {
    fn new(indicators: &'a [Indicator]) -> Self {
        let ids = || indicators.iter().map(|x| x.id.as_str()).zip(0..);
        let mut index = HashMap::new();
        if !ids().all(|(id, i)| numbered(id, 'i') == Some(i + 1)) {
            index.extend(ids());
        }
        Self { indicators, index }
    }

    fn find(&self, id: &str) -> Option<&'a Indicator> {
        let i = if self.index.is_empty() {
            numbered(id, 'i')?.checked_sub(1)?
        } else {
            *self.index.get(id)?
        };
        self.indicators.get(i)
    }
}

/// The number of an id: 12 of `i12`, written like that and in no other way.
fn numbered(id: &str, letter: char) -> Option<usize> {
    let digits = id.strip_prefix(letter)?;
    if digits.is_empty() || digits.starts_with('0') {
        return None;
    }
    digits.bytes().try_fold(0_usize, |number, byte| {
        let digit = byte.checked_sub(b'0').filter(|&digit| digit < 10)?;
        number.checked_mul(10)?.checked_add(digit.into())
    })
}

/// In so many places at most it is looked for a mention in its quote one by one.
const FEW: usize = 16;

/// True when `quote` stands in `text` so that it holds the bytes `mention`.
fn quoted(text: &str, quote: &str, mention: Range<usize>) -> bool {
    // Where the quote has the mention is where it has to stand in the text. All but always that is
    // at the first places that begin like it.
    if let Some((&first, _)) = text
        .as_bytes()
        .get(mention.clone())
        .and_then(<[u8]>::split_first)
    {
        let stands = |at: usize| {
            let start = mention.start.checked_sub(at)?;
            (at + mention.len() <= quote.len()).then_some(())?;
            text.get(start..)?.starts_with(quote).then_some(())
        };
        let mut places = memchr::memchr_iter(first, quote.as_bytes()).take(FEW);
        if places.any(|at| stands(at).is_some()) {
            return true;
        }
    }
    // In this window every occurrence holds the mention.
    let mut first = mention.end.saturating_sub(quote.len());
    while !text.is_char_boundary(first) {
        first += 1;
    }
    let mut last = mention.start.saturating_add(quote.len()).min(text.len());
    while !text.is_char_boundary(last) {
        last -= 1;
    }
    text.get(first..last)
        .is_some_and(|window| window.contains(quote))
}

fn shown(value: Option<Decimal>) -> String {
    value.map_or_else(|| "null".to_owned(), |value| value.to_string())
}

fn precision_name(precision: Precision) -> &'static str {
    match precision {
        Precision::Exact => "exact",
        Precision::About => "about",
        Precision::Nearly => "nearly",
        Precision::Over => "over",
        Precision::Under => "under",
        Precision::AtLeast => "at_least",
        Precision::AtMost => "at_most",
        Precision::Range => "range",
    }
}

/// Which bound breaks the rules of the indicator's precision, and what was expected of it.
fn bounds_broken(indicator: &Indicator, value: Decimal) -> Option<(&'static str, String)> {
    // Of a negative value they bound its size, so the sides change places.
    let negative = value.is_negative();
    let (near, far) = if negative {
        ((indicator.upper, "upper"), (indicator.lower, "lower"))
    } else {
        ((indicator.lower, "lower"), (indicator.upper, "upper"))
    };
    let equal = |(bound, field): (Option<Decimal>, &'static str)| {
        (bound != Some(value)).then(|| (field, value.to_string()))
    };
    let open = |(bound, field): (Option<Decimal>, &'static str)| {
        bound.is_some().then(|| (field, "null".to_owned()))
    };
    match indicator.precision {
        Precision::Exact => equal(near).or_else(|| equal(far)),
        Precision::About => open(near).or_else(|| open(far)),
        Precision::Nearly | Precision::Under | Precision::AtMost => {
            open(near).or_else(|| equal(far))
        }
        Precision::AtLeast => equal(near).or_else(|| open(far)),
        Precision::Over => equal(near).or_else(|| {
            let beyond = |bound| {
                if negative {
                    bound < value
                } else {
                    bound > value
                }
            };
            let side = if negative { "less" } else { "more" };
            (!far.0.is_none_or(beyond)).then(|| (far.1, format!("null or {side} than {value}")))
        }),
        Precision::Range => {
            let lower = indicator.lower.is_none_or(|lower| lower > value);
            let upper = indicator.upper.is_none_or(|upper| upper < value);
            if lower {
                Some(("lower", format!("at most {value}")))
            } else {
                upper.then(|| ("upper", format!("at least {value}")))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::record::{Candidate, MentionRepair, Piece};
    use crate::validate::example::{record, record_of_two};

    #[test]
    fn the_record_is_right() {
        assert_eq!(invariants(&record()), []);
    }

    fn decimal(text: &str) -> Option<Decimal> {
        Some(text.parse().unwrap())
    }

    /// A name, what breaks the record, and the one pointer that is to be reported.
    type Case = (&'static str, fn(&mut Record), &'static str);

    /// Lets the period of the first indicator begin on this day.
    fn begin(record: &mut Record, day: &str) {
        let period = record.indicators[0].period.as_mut().unwrap();
        Arc::make_mut(period).start = day.into();
    }

    #[test]
    fn one_broken_field_is_one_violation() {
        let cases: &[Case] = &[
            ("version", |r| r.schema = "gongbao/0".into(), "/schema"),
            (
                "correction of nothing",
                |r| r.corrections[0].indicator = "i9".into(),
                "/corrections/0/indicator",
            ),
            (
                "two corrections of one number",
                |r| {
                    let again = r.corrections[0].clone();
                    r.corrections.push(again);
                },
                "/corrections/1/indicator",
            ),
            (
                "a confirmed number that was read as another",
                |r| r.corrections[0].read = r.indicators[0].value,
                "/corrections/0/read",
            ),
            (
                "a corrected number that was read as nothing",
                |r| r.corrections[0].decision = Decision::Corrected,
                "/corrections/0/read",
            ),
            (
                "corrected by nobody",
                |r| r.corrections[0].origin.clear(),
                "/corrections/0/origin",
            ),
            (
                "published",
                |r| r.document.published = Some("2022/2023".into()),
                "/document/published",
            ),
            (
                "metadata of nothing",
                |r| r.source.metadata = Some(Vec::new()),
                "/source/metadata",
            ),
            (
                "a key twice",
                |r| {
                    let known = r.source.metadata.as_mut().unwrap();
                    known.push(known[0].clone());
                },
                "/source/metadata/1/key",
            ),
            (
                "a time that is none",
                |r| r.source.metadata.as_mut().unwrap()[0].value = "February".into(),
                "/source/metadata/0/value",
            ),
            (
                "document period",
                |r| r.document.period.as_mut().unwrap().end = "2020-12-31".into(),
                "/document/period",
            ),
            ("gap", |r| r.paragraphs[1].start += 1, "/paragraphs/1/start"),
            (
                "last paragraph",
                |r| drop(r.paragraphs.pop()),
                "/paragraphs",
            ),
            (
                "beyond the text",
                |r| r.paragraphs[3].end += 1,
                "/paragraphs/3",
            ),
            (
                "paragraph's section",
                |r| r.paragraphs[2].section = None,
                "/paragraphs/2/section",
            ),
            (
                "paragraph's outer section",
                |r| r.paragraphs[3].section = Some("s1".into()),
                "/paragraphs/3/section",
            ),
            ("level", |r| r.sections[1].level = 3, "/sections/1/level"),
            (
                "parent",
                |r| r.sections[1].parent = None,
                "/sections/1/parent",
            ),
            (
                "unknown parent",
                |r| r.sections[1].parent = Some("s9".into()),
                "/sections/1/parent",
            ),
            (
                "label",
                |r| r.sections[1].label = "（二）".into(),
                "/sections/1/label",
            ),
            (
                "empty label",
                |r| r.sections[1].label = "".into(),
                "/sections/1/label",
            ),
            (
                "title",
                |r| r.sections[0].title = "农业".into(),
                "/sections/0/title",
            ),
            (
                "section beyond the text",
                |r| r.sections[0].end += 1,
                "/sections/0",
            ),
            (
                "indicator's id",
                |r| r.indicators[2].id = "i7".into(),
                "/indicators/2/id",
            ),
            (
                "indicator's section",
                |r| r.indicators[2].section = Some("s1".into()),
                "/indicators/2/section",
            ),
            (
                "mention",
                |r| r.indicators[1].mention = "6万元".into(),
                "/indicators/1/mention",
            ),
            (
                "quote",
                |r| r.indicators[1].quote = "其中重工业5万元".into(),
                "/indicators/1/quote",
            ),
            (
                "quote of another place",
                |r| r.indicators[1].quote = "全年产值12万元".into(),
                "/indicators/1/quote",
            ),
            (
                "of itself",
                |r| r.indicators[1].of = Some("i2".into()),
                "/indicators/1/of",
            ),
            (
                "of none",
                |r| r.indicators[1].of = Some("i4".into()),
                "/indicators/1/of",
            ),
            (
                "relation without of",
                |r| r.indicators[1].of = None,
                "/indicators/1/of",
            ),
            (
                "of without relation",
                |r| r.indicators[1].relation = None,
                "/indicators/1/relation",
            ),
            (
                "value and components",
                |r| r.indicators[0].components = Some([1.into(), 2.into()].into()),
                "/indicators/0/components",
            ),
            (
                "base value",
                |r| r.indicators[0].base_value = decimal("12000"),
                "/indicators/0/base_value",
            ),
            (
                "no base value",
                |r| r.indicators[0].base_value = None,
                "/indicators/0/base_value",
            ),
            (
                "base unit",
                |r| r.indicators[0].base_unit = "吨".into(),
                "/indicators/0/base_unit",
            ),
            (
                "lower",
                |r| r.indicators[0].lower = decimal("11"),
                "/indicators/0/lower",
            ),
            (
                "upper",
                |r| r.indicators[0].upper = None,
                "/indicators/0/upper",
            ),
            (
                "about has no bounds",
                |r| r.indicators[2].upper = decimal("4"),
                "/indicators/2/upper",
            ),
            ("period", |r| begin(r, "2022-01-01"), "/indicators/0/period"),
            ("no date", |r| begin(r, "2021"), "/indicators/0/period"),
            (
                "repair without one",
                |r| {
                    r.indicators[0].repair = Some(Box::new(MentionRepair {
                        from: "l2万元".into(),
                        why: "digit-confusable".into(),
                    }))
                },
                "/indicators/0/repair",
            ),
            (
                "total",
                |r| r.checks[0].total = Some("i9".into()),
                "/checks/0/total",
            ),
            (
                "part",
                |r| r.checks[0].parts.push("i9".into()),
                "/checks/0/parts/1",
            ),
            (
                "candidates",
                |r| {
                    r.checks[0].candidates.push(Candidate {
                        id: "i1".into(),
                        value: 5.into(),
                    })
                },
                "/checks/0/candidates",
            ),
            ("no total", |r| r.checks[0].total = None, "/checks/0/total"),
            (
                "no parts",
                |r| {
                    r.checks[0].parts.clear();
                    r.checks[0].actual = 0.into();
                },
                "/checks/0/parts",
            ),
            (
                "expected",
                |r| r.checks[0].expected = 120_001.into(),
                "/checks/0/expected",
            ),
            (
                "actual",
                |r| r.checks[0].actual = 50_001.into(),
                "/checks/0/actual",
            ),
            (
                "check status",
                |r| r.checks[0].status = CheckStatus::Ok,
                "/checks/0/status",
            ),
            ("to", |r| r.repairs[0].to = "（二）".into(), "/repairs/0/to"),
            (
                "from",
                |r| r.repairs[0].from = "（一）".into(),
                "/repairs/0/from",
            ),
            (
                "diagnostic",
                |r| r.diagnostics[0].end = Some(900),
                "/diagnostics/0",
            ),
            (
                "half a diagnostic",
                |r| r.diagnostics[0].end = None,
                "/diagnostics/0",
            ),
            (
                "diagnostic's source",
                |r| r.diagnostics[0].source = None,
                "/diagnostics/0/source",
            ),
            (
                "empty source",
                |r| r.paragraphs[0].source.end = 0,
                "/paragraphs/0/source",
            ),
            (
                "source beyond the page",
                |r| r.jumps[0].source.end = 9999,
                "/jumps/0/source",
            ),
            (
                "line 0",
                |r| r.repairs[0].source.line = 0,
                "/repairs/0/source",
            ),
            (
                "lines in disorder",
                |r| r.indicators[0].source.end_line = 2,
                "/indicators/0/source",
            ),
            (
                "lines beyond the page",
                |r| r.sections[1].source.end_line = 7,
                "/sections/1/source",
            ),
            (
                "pieces outside",
                |r| r.sections[0].source.end -= 1,
                "/sections/0/source/pieces",
            ),
            (
                "one piece",
                |r| {
                    let piece = Piece {
                        file: "a.txt".into(),
                        start: r.jumps[0].source.start,
                        end: r.jumps[0].source.end,
                    };
                    r.jumps[0].source.pieces = Some(vec![piece]);
                },
                "/jumps/0/source/pieces",
            ),
            (
                "piece of another file",
                |r| r.sections[0].source.pieces.as_mut().unwrap()[1].file = "b.txt".into(),
                "/sections/0/source/pieces/1/file",
            ),
        ];
        for (name, break_it, pointer) in cases {
            let mut record = record();
            break_it(&mut record);
            let found = invariants(&record);
            let pointers: Vec<&str> = found.iter().map(|v| v.pointer.as_str()).collect();
            assert_eq!(pointers, [*pointer], "{name}: {found:?}");
        }
    }

    #[test]
    fn several_files() {
        assert_eq!(invariants(&record_of_two()), []);
        let cases: &[Case] = &[
            (
                "a name twice",
                |r| r.source.parts.as_mut().unwrap()[0].name = "a.txt".into(),
                "/source/parts/0/name",
            ),
            (
                "beyond the other file",
                |r| r.source.parts.as_mut().unwrap()[0].lines = 0,
                "/repairs/0/source",
            ),
            (
                "positions of another file than the first piece's",
                |r| r.sections[0].source.pieces.as_mut().unwrap().swap(0, 1),
                "/sections/0/source/pieces",
            ),
            (
                "a piece beyond its file",
                |r| r.sections[0].source.pieces.as_mut().unwrap()[1].end += 900,
                "/sections/0/source/pieces/1",
            ),
            (
                "no pieces",
                |r| r.paragraphs[3].source.pieces = Some(Vec::new()),
                "/paragraphs/3/source/pieces",
            ),
        ];
        for (name, break_it, pointer) in cases {
            let mut record = record_of_two();
            break_it(&mut record);
            let found = invariants(&record);
            assert!(
                found.iter().any(|v| v.pointer == *pointer),
                "{name}: {found:?}"
            );
        }
        let mut record = record_of_two();
        record.source.parts = Some(Vec::new());
        let pointers: Vec<String> = invariants(&record).into_iter().map(|v| v.pointer).collect();
        assert_eq!(
            pointers,
            [
                "/source/parts",
                "/paragraphs/3/source/pieces/0/file",
                "/sections/0/source/pieces/1/file",
                "/sections/1/source/pieces/0/file",
                "/indicators/2/source/pieces/0/file",
                "/repairs/0/source/pieces/0/file",
                "/diagnostics/0/source/pieces/0/file"
            ]
        );
    }

    /// Breaks that cannot but break several fields: the one that matters is among them.
    #[test]
    fn broken_frames_are_seen() {
        let cases: &[Case] = &[
            ("final line feed", |r| r.text.push('\n'), "/text"),
            (
                "swapped sections",
                |r| r.sections.swap(0, 1),
                "/sections/1/start",
            ),
            (
                "section's id",
                |r| r.sections[0].id = "s3".into(),
                "/sections/0/id",
            ),
            (
                "section in section",
                |r| {
                    r.sections[0].end -= 1;
                    r.sections[0].source.end -= 1;
                },
                "/sections/1/end",
            ),
            (
                "order of indicators",
                |r| r.indicators.swap(0, 1),
                "/indicators/1/start",
            ),
            (
                "neither value nor components",
                |r| r.indicators[0].value = None,
                "/indicators/0/value",
            ),
            (
                "bounds of components",
                |r| {
                    r.indicators[0].value = None;
                    r.indicators[0].components = Some([1.into(), 2.into()].into());
                },
                "/indicators/0/upper",
            ),
            (
                "overlapping repairs",
                |r| {
                    let twice = r.repairs[0].clone();
                    r.repairs.push(twice);
                },
                "/repairs/1/start",
            ),
            (
                "unmarked repair",
                |r| {
                    r.repairs[0].start = r.indicators[2].start;
                    r.repairs[0].end = r.indicators[2].end;
                },
                "/indicators/2/repair",
            ),
        ];
        for (name, break_it, pointer) in cases {
            let mut record = record();
            break_it(&mut record);
            let found = invariants(&record);
            assert!(
                found.iter().any(|v| v.pointer == *pointer),
                "{name}: {found:?}"
            );
        }
    }

    #[test]
    fn bounds_by_precision() {
        use Precision::*;
        // precision, value, lower, upper, the field that is wrong
        let cases = [
            (Exact, "5", "5", "5", ""),
            (About, "5", "", "", ""),
            (Nearly, "5", "", "5", ""),
            (Nearly, "5", "5", "", "lower"),
            (Over, "70", "70", "80", ""),
            (Over, "5", "5", "", ""),
            (Over, "5", "5", "5", "upper"),
            (Over, "-5", "", "-5", ""),
            (Over, "-5", "-6", "-5", ""),
            (Over, "-5", "-5", "", "upper"),
            (Over, "-5", "-4", "-5", "lower"),
            (AtLeast, "5", "5", "", ""),
            (AtLeast, "5", "5", "6", "upper"),
            (AtLeast, "-5", "", "-5", ""),
            (Under, "5", "", "5", ""),
            (Under, "5", "0", "5", "lower"),
            (AtMost, "5", "", "5", ""),
            (AtMost, "-5", "-5", "", ""),
            (Range, "3", "3", "5", ""),
            (Range, "-3", "-5", "-3", ""),
            (Range, "3", "4", "5", "lower"),
            (Range, "3", "1", "2", "upper"),
            (Range, "3", "3", "", "upper"),
        ];
        for (precision, value, lower, upper, wrong) in cases {
            let mut indicator = record().indicators.remove(0);
            let value: Decimal = value.parse().unwrap();
            indicator.precision = precision;
            indicator.lower = lower.parse().ok();
            indicator.upper = upper.parse().ok();
            let found = bounds_broken(&indicator, value);
            let found = found.map_or("", |f| f.0);
            assert_eq!(found, wrong, "{precision:?} {value} {lower:?} {upper:?}");
        }
    }
}
