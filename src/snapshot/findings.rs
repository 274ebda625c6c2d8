//! Checks, repairs, jump lines and findings: which of the old are which of the new, and what changed.

use std::collections::BTreeSet;

use super::change::{Change, Context, Thing, What};
use super::indicators::name;
use super::pairs::Pairs;
use super::side::{Both, Side};
use crate::record::{Check, CheckStatus, Finding, Jump, Repair};
use crate::write::words::word;

/// A number of a check, by its number in the new record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Term {
    Now(usize),
    /// Of this id in the old record, and gone.
    Gone(String),
}

/// What changed in the page's own arithmetic.
pub(super) fn checks(both: &Both<'_>, changes: &mut Vec<Change>) {
    let (old, new) = (&both.old.record.checks, &both.new.record.checks);
    let was = |id: &str| {
        let now = both
            .old
            .indicator(id)
            .and_then(|i| both.indicators.new_of(i));
        now.map_or_else(|| Term::Gone(id.to_owned()), Term::Now)
    };
    let is = |id: &str| {
        let now = both.new.indicator(id);
        now.map_or_else(|| Term::Gone(id.to_owned()), Term::Now)
    };
    let mut pairs = Pairs::new(old.len(), new.len());
    pairs
        .by(
            |i| old.get(i).map(|c| (c.kind, total(c, was), parts(c, was))),
            |j| new.get(j).map(|c| (c.kind, total(c, is), parts(c, is))),
        )
        .by(
            |i| old.get(i).and_then(|c| Some((c.kind, total(c, was)?))),
            |j| new.get(j).and_then(|c| Some((c.kind, total(c, is)?))),
        )
        .by(
            |i| old.get(i).map(|c| (c.kind, parts(c, was))),
            |j| new.get(j).map(|c| (c.kind, parts(c, is))),
        );
    for (i, check) in old.iter().enumerate() {
        let found = pairs.new_of(i).and_then(|j| new.get(j));
        let Some(now) = found else {
            let still = checked(&both.old, check).and_then(|i| both.indicators.new_of(i));
            let gone = check_change(&both.old, check, What::Removed(status(check)));
            changes.push(gone.of_indicator(still));
            continue;
        };
        let mut differs = |field, old: String, new: String| {
            if old != new {
                let what = What::Changed { field, old, new };
                let change = check_change(&both.old, check, what);
                changes.push(change.of_indicator(checked(&both.new, now)));
            }
        };
        differs("status", status(check), status(now));
        if parts(check, was) != parts(now, is) || total(check, was) != total(now, is) {
            differs("terms", terms(&both.old, check), terms(&both.new, now));
        }
        if status(check) == status(now) {
            let old = candidates(&both.old, check);
            differs("candidates", old, candidates(&both.new, now));
        }
    }
    for j in pairs.added() {
        if let Some(check) = new.get(j) {
            let change = check_change(&both.new, check, What::Added(status(check)));
            changes.push(change.of_indicator(checked(&both.new, check)));
        }
    }
}

fn total(check: &Check, term: impl Fn(&str) -> Term) -> Option<Term> {
    check.total.as_deref().map(term)
}

fn parts(check: &Check, term: impl Fn(&str) -> Term) -> BTreeSet<Term> {
    check.parts.iter().map(|id| term(id)).collect()
}

/// The indicator that a check goes by: its total, or the first of its parts where it has none.
fn checked(side: &Side<'_>, check: &Check) -> Option<usize> {
    let id = check.total.as_deref().or(check.parts.first().map(|p| &**p));
    side.indicator(id?)
}

fn check_change(side: &Side<'_>, check: &Check, what: What) -> Change {
    let checked = checked(side, check).and_then(|i| side.record.indicators.get(i));
    let path = side.path(checked.and_then(|x| x.section.as_deref()));
    let kind = word(&check.kind);
    let called = match checked {
        Some(x) => format!("{}, {kind}", name(x)),
        None => kind,
    };
    let context = checked.and_then(|x| side.context(x));
    let change = Change::new(Thing::Check, path, called, what);
    match change.what {
        What::Added(_) => change.between(None, context),
        _ => change.between(context, None),
    }
}

/// `ok`; `mismatch, 62920 stated, 62910 worked out`.
fn status(check: &Check) -> String {
    let status = word(&check.status);
    match check.status {
        CheckStatus::Mismatch => format!(
            "{status}, {} stated, {} worked out",
            check.expected, check.actual
        ),
        _ => status,
    }
}

fn terms(side: &Side<'_>, check: &Check) -> String {
    let ids = check.total.iter().chain(&check.parts);
    let terms: Vec<&str> = ids
        .map(|id| {
            side.indicator_called(id)
                .map_or(id.as_str(), |x| &x.mention)
        })
        .collect();
    terms.join(" ")
}

fn candidates(side: &Side<'_>, check: &Check) -> String {
    let candidates = check.candidates.iter().map(|candidate| {
        let of = side.indicator_called(&candidate.id);
        let of = of.map_or(candidate.id.as_str(), |x| &x.mention);
        format!("{of} as {}", candidate.value)
    });
    match candidates.collect::<Vec<_>>().join(", ") {
        none if none.is_empty() => "none".to_owned(),
        some => some,
    }
}

/// What changed in characters that were read as others.
pub(super) fn repairs(both: &Both<'_>, changes: &mut Vec<Change>) {
    let (old, new) = (&both.old.record.repairs, &both.new.record.repairs);
    let mut pairs = Pairs::new(old.len(), new.len());
    pairs
        .by(
            |i| {
                old.get(i)
                    .and_then(|r| Some((both.texts.start(r.start)?, &r.why)))
            },
            |j| new.get(j).map(|r| (r.start, &r.why)),
        )
        .by(
            |i| old.get(i).map(|r| (&r.why, &r.from, &r.to)),
            |j| new.get(j).map(|r| (&r.why, &r.from, &r.to)),
        );
    let words = |r: &Repair| format!("{} as {}", r.from, r.to);
    let change = |side: &Side<'_>, r: &Repair, what| {
        let name = format!("repair {}", r.why);
        let context = Context {
            text: words(r),
            line: r.source.line,
        };
        let change = Change::new(Thing::Repair, side.path_at(Some(r.start)), name, what);
        change.between(Some(context), None)
    };
    for (i, repair) in old.iter().enumerate() {
        let was = words(repair);
        let what = match pairs.new_of(i).and_then(|j| new.get(j)).map(words) {
            None => What::Removed(was),
            Some(is) if is == was => continue,
            Some(is) => What::Changed {
                field: "changed",
                old: was,
                new: is,
            },
        };
        let change = change(&both.old, repair, what);
        changes.push(change.at(both.texts.start(repair.start)));
    }
    for repair in pairs.added().into_iter().filter_map(|j| new.get(j)) {
        let change = change(&both.new, repair, What::Added(words(repair)));
        changes.push(change.at(Some(repair.start)));
    }
}

/// What changed in pointers to other pages.
pub(super) fn jumps(both: &Both<'_>, changes: &mut Vec<Change>) {
    let (old, new) = (&both.old.record.jumps, &both.new.record.jumps);
    let mut pairs = Pairs::new(old.len(), new.len());
    pairs.by(
        |i| old.get(i).map(|x| (x.kind, &x.page, &x.text)),
        |j| new.get(j).map(|x| (x.kind, &x.page, &x.text)),
    );
    let change = |jump: &Jump, what| {
        let context = Context {
            text: jump.text.clone(),
            line: jump.source.line,
        };
        let change = Change::new(Thing::Jump, "", "jump", what);
        change.between(Some(context), None)
    };
    for jump in pairs.removed().into_iter().filter_map(|i| old.get(i)) {
        changes.push(change(jump, What::Removed(jump.text.clone())));
    }
    for jump in pairs.added().into_iter().filter_map(|j| new.get(j)) {
        changes.push(change(jump, What::Added(jump.text.clone())));
    }
}

/// What changed in findings: which there are and where, not how they are worded.
pub(super) fn diagnostics(both: &Both<'_>, changes: &mut Vec<Change>) {
    let (old, new) = (&both.old.record.diagnostics, &both.new.record.diagnostics);
    let texts = &both.texts;
    let mut pairs = Pairs::new(old.len(), new.len());
    pairs
        .by(
            |i| {
                old.get(i)
                    .and_then(|d| Some((&d.code, texts.start(d.start?)?)))
            },
            |j| new.get(j).and_then(|d| Some((&d.code, d.start?))),
        )
        .by(
            |i| old.get(i).and_then(|d| Some((&d.code, texts.end(d.end?)?))),
            |j| new.get(j).and_then(|d| Some((&d.code, d.end?))),
        )
        .by(
            |i| old.get(i).map(|d| (&d.code, excerpt(&both.old, d))),
            |j| new.get(j).map(|d| (&d.code, excerpt(&both.new, d))),
        );
    let change = |side: &Side<'_>, d: &Finding, what| {
        let name = format!("{} {}", word(&d.severity), d.code);
        let context = Context {
            text: d.message.clone(),
            line: d.source.as_ref().map_or(1, |source| source.line),
        };
        let change = Change::new(Thing::Diagnostic, side.path_at(d.start), name, what);
        change.between(Some(context), None)
    };
    for (i, finding) in old.iter().enumerate() {
        let what = match pairs.new_of(i).and_then(|j| new.get(j)) {
            None => What::Removed(excerpt(&both.old, finding).to_owned()),
            Some(now) if now.severity == finding.severity => continue,
            Some(now) => What::Changed {
                field: "severity",
                old: word(&finding.severity),
                new: word(&now.severity),
            },
        };
        let start = finding.start.and_then(|start| texts.start(start));
        changes.push(change(&both.old, finding, what).at(start));
    }
    for finding in pairs.added().into_iter().filter_map(|j| new.get(j)) {
        let what = What::Added(excerpt(&both.new, finding).to_owned());
        changes.push(change(&both.new, finding, what).at(finding.start));
    }
}

/// The text that a finding is about; empty where that is in no text.
fn excerpt<'a>(side: &Side<'a>, finding: &Finding) -> &'a str {
    match (finding.start, finding.end) {
        (Some(start), Some(end)) => side.slice(start, end),
        _ => "",
    }
}
