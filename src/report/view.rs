//! What a page of the report is made of: a record with its decimals as text, so that no browser rounds them, and
//! where everything stands in the original.

use serde::Serialize;

use super::Page;
use super::changed::Shown;
use super::original::{File, Originals, Place};
use crate::base::{Decimal, Severity};
use crate::record::{
    Basis, CheckKind, CheckStatus, Decision, Document, Indicator, JumpKind, Measure, MentionRepair,
    Period, Piece, Precision, Record, Relation, Source, Status,
};

/// A page.
#[derive(Debug, Serialize)]
pub(super) struct View<'a> {
    name: &'a str,
    sha256: &'a str,
    format: &'a str,
    encoding: &'a str,
    reader: Option<&'a str>,
    lines: u32,
    document: &'a Document,
    text: &'a str,
    paragraphs: Vec<Paragraph<'a>>,
    sections: Vec<Section<'a>>,
    indicators: Vec<Statement<'a>>,
    checks: Vec<Check<'a>>,
    jumps: Vec<Jump<'a>>,
    repairs: Vec<Repair<'a>>,
    findings: Vec<Finding<'a>>,
    files: Vec<File>,
    /// What changed since its snapshot.
    changes: Option<Shown<'a>>,
}

/// What the index says of a page.
#[derive(Debug, Serialize)]
pub(super) struct Entry {
    name: String,
    sha256: String,
    title: Option<String>,
    region: Option<String>,
    period: Option<[String; 2]>,
    published: Option<String>,
    indicators: usize,
    /// Indicators with a warning.
    doubts: usize,
    /// Indicators without, that were mended.
    mended: usize,
    mismatches: usize,
    checks: usize,
    /// Indicators that a reviewer has decided of.
    reviewed: usize,
    /// How many changes there are since its snapshot, and in a word or two what is the matter.
    changes: Option<usize>,
    how: Option<String>,
}

#[derive(Debug, Serialize)]
struct Paragraph<'a> {
    start: u32,
    end: u32,
    section: Option<&'a str>,
    at: Vec<Place>,
}

#[derive(Debug, Serialize)]
struct Section<'a> {
    id: &'a str,
    parent: Option<&'a str>,
    level: u32,
    label: &'a str,
    title: &'a str,
    start: u32,
    end: u32,
    line: u32,
}

/// An indicator.
#[derive(Debug, Serialize)]
struct Statement<'a> {
    id: &'a str,
    section: Option<&'a str>,
    name: &'a str,
    concept: Option<&'a str>,
    measure: Measure,
    value: Option<String>,
    unit: &'a str,
    base_value: Option<String>,
    base_unit: &'a str,
    components: Option<Vec<String>>,
    precision: Precision,
    lower: Option<String>,
    upper: Option<String>,
    basis: Option<Basis>,
    period: Option<&'a Period>,
    status: Status,
    of: Option<&'a str>,
    relation: Option<Relation>,
    mention: &'a str,
    quote: &'a str,
    start: u32,
    end: u32,
    repair: Option<&'a MentionRepair>,
    bytes: Bytes<'a>,
    at: Vec<Place>,
    /// Indices of the findings that are warnings about it; none where a reviewer has settled it.
    doubts: Vec<usize>,
    /// What a reviewer decided of it before.
    reviewed: Option<Reviewed<'a>>,
    /// Indices of the repairs in it.
    repairs: Vec<usize>,
}

/// What a reviewer decided.
#[derive(Debug, Serialize)]
struct Reviewed<'a> {
    decision: Decision,
    read: Option<String>,
    note: Option<&'a str>,
    origin: &'a str,
}

/// Where something stands in the file, as the record says it.
#[derive(Debug, Serialize)]
struct Bytes<'a> {
    start: u64,
    end: u64,
    line: u32,
    end_line: u32,
    pieces: Option<&'a [Piece]>,
}

#[derive(Debug, Serialize)]
struct Check<'a> {
    kind: CheckKind,
    total: Option<&'a str>,
    parts: Vec<&'a str>,
    expected: String,
    actual: String,
    /// What the terms give less what the page says; none of more than 28 digits.
    difference: Option<String>,
    status: CheckStatus,
    candidates: Vec<Candidate<'a>>,
}

#[derive(Debug, Serialize)]
struct Candidate<'a> {
    id: &'a str,
    value: String,
}

#[derive(Debug, Serialize)]
struct Jump<'a> {
    kind: JumpKind,
    page: Option<&'a str>,
    text: &'a str,
    line: u32,
    at: Vec<Place>,
}

#[derive(Debug, Serialize)]
struct Repair<'a> {
    start: u32,
    end: u32,
    from: &'a str,
    to: &'a str,
    why: &'a str,
    line: u32,
    at: Vec<Place>,
}

#[derive(Debug, Serialize)]
struct Finding<'a> {
    severity: Severity,
    code: &'a str,
    message: &'a str,
    start: Option<u32>,
    end: Option<u32>,
    line: Option<u32>,
    at: Vec<Place>,
}

/// The finding that stands at one number and speaks of all whose time is not said: an empty field shows that.
const OF_ALL: &str = "period-unknown";

fn digits(value: Option<Decimal>) -> Option<String> {
    value.map(|value| value.to_string())
}

impl<'a> View<'a> {
    pub fn new(page: &Page<'a>) -> Self {
        let record = page.record;
        let originals = Originals::new(record, page.originals);
        let at = |source: &Source| originals.places(source);
        let about = About::new(record);
        let statement =
            |(i, x): (usize, &'a Indicator)| statement(record, x, about.of(i), at(&x.source));
        Self {
            name: &record.source.name,
            sha256: &record.source.sha256,
            format: &record.source.format,
            encoding: &record.source.encoding,
            reader: record.source.reader.as_deref(),
            lines: record.source.lines,
            document: &record.document,
            text: &record.text,
            paragraphs: record
                .paragraphs
                .iter()
                .map(|p| Paragraph {
                    start: p.start,
                    end: p.end,
                    section: p.section.as_deref(),
                    at: at(&p.source),
                })
                .collect(),
            sections: record
                .sections
                .iter()
                .map(|s| Section {
                    id: &s.id,
                    parent: s.parent.as_deref(),
                    level: s.level,
                    label: &s.label,
                    title: &s.title,
                    start: s.start,
                    end: s.end,
                    line: s.source.line,
                })
                .collect(),
            indicators: record
                .indicators
                .iter()
                .enumerate()
                .map(statement)
                .collect(),
            checks: record.checks.iter().map(check).collect(),
            jumps: record
                .jumps
                .iter()
                .map(|j| Jump {
                    kind: j.kind,
                    page: j.page.as_deref(),
                    text: &j.text,
                    line: j.source.line,
                    at: at(&j.source),
                })
                .collect(),
            repairs: record
                .repairs
                .iter()
                .map(|r| Repair {
                    start: r.start,
                    end: r.end,
                    from: &r.from,
                    to: &r.to,
                    why: &r.why,
                    line: r.source.line,
                    at: at(&r.source),
                })
                .collect(),
            findings: record
                .diagnostics
                .iter()
                .map(|d| Finding {
                    severity: d.severity,
                    code: &d.code,
                    message: &d.message,
                    start: d.start,
                    end: d.end,
                    line: d.source.as_ref().map(|s| s.line),
                    at: d.source.as_ref().map(at).unwrap_or_default(),
                })
                .collect(),
            files: originals.shown(),
            changes: page.changed.map(|changed| Shown::new(record, changed)),
        }
    }

    /// What the index says of it.
    pub fn entry(&self) -> Entry {
        let document = self.document;
        let period = document.period.as_ref();
        let doubted = |x: &&Statement<'_>| !x.doubts.is_empty();
        let mended = |x: &&Statement<'_>| x.repair.is_some() || !x.repairs.is_empty();
        Entry {
            name: self.name.to_owned(),
            sha256: self.sha256.to_owned(),
            title: document.title.clone().or_else(|| document.issuer.clone()),
            region: document.region.as_ref().map(|region| region.name.clone()),
            period: period.map(|p| [p.start.clone(), p.end.clone()]),
            published: document.published.clone(),
            indicators: self.indicators.len(),
            doubts: self.indicators.iter().filter(doubted).count(),
            mended: self
                .indicators
                .iter()
                .filter(|x| !doubted(x) && mended(x))
                .count(),
            mismatches: self
                .checks
                .iter()
                .filter(|c| c.status == CheckStatus::Mismatch)
                .count(),
            checks: self.checks.len(),
            reviewed: self
                .indicators
                .iter()
                .filter(|x| x.reviewed.is_some())
                .count(),
            changes: self.changes.as_ref().map(Shown::len),
            how: self
                .changes
                .as_ref()
                .map(|changes| changes.how().to_owned()),
        }
    }
}

/// What is said about each indicator of a record, by index.
struct About {
    doubts: Vec<Vec<usize>>,
    repairs: Vec<Vec<usize>>,
}

impl About {
    fn new(record: &Record) -> Self {
        let findings = record.diagnostics.iter().map(|d| {
            let doubt = d.severity >= Severity::Warning && d.code != OF_ALL;
            d.start.zip(d.end).filter(|_| doubt)
        });
        let repairs = record.repairs.iter().map(|r| Some((r.start, r.end)));
        Self {
            doubts: touched(&record.indicators, findings),
            repairs: touched(&record.indicators, repairs),
        }
    }

    /// Findings that are warnings about indicator `i`, and repairs in it.
    fn of(&self, i: usize) -> (Vec<usize>, Vec<usize>) {
        let of = |all: &[Vec<usize>]| all.get(i).cloned().unwrap_or_default();
        (of(&self.doubts), of(&self.repairs))
    }
}

/// For each indicator, which of `spans` share characters with its mention.
fn touched(
    indicators: &[Indicator],
    spans: impl Iterator<Item = Option<(u32, u32)>>,
) -> Vec<Vec<usize>> {
    let mut out = vec![Vec::new(); indicators.len()];
    for (number, span) in spans.enumerate() {
        let Some((start, end)) = span else { continue };
        let first = indicators.partition_point(|x| x.start < start);
        let before = indicators.iter().enumerate().take(first).rev();
        let before = before.take_while(|(_, x)| x.end > start);
        let behind = indicators.iter().enumerate().skip(first);
        let behind = behind.take_while(|(_, x)| x.start < end);
        for (i, _) in before.chain(behind) {
            if let Some(found) = out.get_mut(i) {
                found.push(number);
            }
        }
    }
    out
}

fn statement<'a>(
    record: &'a Record,
    x: &'a Indicator,
    (mut doubts, repairs): (Vec<usize>, Vec<usize>),
    at: Vec<Place>,
) -> Statement<'a> {
    let place = record
        .corrections
        .binary_search_by_key(&ordinal(&x.id), |c| ordinal(&c.indicator));
    let reviewed = place.ok().and_then(|i| record.corrections.get(i));
    if reviewed.is_some_and(|c| c.decision != Decision::Wrong) {
        doubts.clear(); // somebody has settled it
    }
    Statement {
        id: &x.id,
        section: x.section.as_deref(),
        name: &x.name,
        concept: x.concept.as_deref(),
        measure: x.measure,
        value: digits(x.value),
        unit: &x.unit,
        base_value: digits(x.base_value),
        base_unit: &x.base_unit,
        components: x
            .components
            .as_ref()
            .map(|terms| terms.iter().map(ToString::to_string).collect()),
        precision: x.precision,
        lower: digits(x.lower),
        upper: digits(x.upper),
        basis: x.basis,
        period: x.period.as_deref(),
        status: x.status,
        of: x.of.as_deref(),
        relation: x.relation,
        mention: &x.mention,
        quote: &x.quote,
        start: x.start,
        end: x.end,
        repair: x.repair.as_deref(),
        bytes: Bytes {
            start: x.source.start,
            end: x.source.end,
            line: x.source.line,
            end_line: x.source.end_line,
            pieces: x.source.pieces.as_deref(),
        },
        at,
        doubts,
        reviewed: reviewed.map(|c| Reviewed {
            decision: c.decision,
            read: digits(c.read),
            note: c.note.as_deref(),
            origin: &c.origin,
        }),
        repairs,
    }
}

/// The number in an id of an indicator, by which they are in order.
fn ordinal(id: &str) -> Option<usize> {
    id.strip_prefix('i')?.parse().ok()
}

fn check(check: &crate::record::Check) -> Check<'_> {
    let negated = Decimal::new(-check.expected.mantissa(), check.expected.scale());
    let difference = negated.and_then(|expected| check.actual.checked_add(expected));
    Check {
        kind: check.kind,
        total: check.total.as_deref(),
        parts: check.parts.iter().map(|id| id.as_str()).collect(),
        expected: check.expected.to_string(),
        actual: check.actual.to_string(),
        difference: digits(difference.ok()),
        status: check.status,
        candidates: check
            .candidates
            .iter()
            .map(|c| Candidate {
                id: &c.id,
                value: c.value.to_string(),
            })
            .collect(),
    }
}
