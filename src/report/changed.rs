//! What changed on a page since its snapshot, as the report shows it.

use serde::Serialize;

use crate::record::Record;
use crate::snapshot::{Change, Context, Part, Thing, What};

/// What changed on a page since its snapshot.
#[derive(Debug, Clone)]
pub struct Changed<'a> {
    /// In a word or two, what is the matter: `changed`, `renamed`.
    pub how: &'a str,
    /// Each change, and in words what became of it: `accepted before`; empty while nothing did.
    pub changes: Vec<(&'a Change, &'a str)>,
}

/// The changes of a page.
#[derive(Debug, Serialize)]
pub(super) struct Shown<'a> {
    how: &'a str,
    all: Vec<ShownChange<'a>>,
}

#[derive(Debug, Serialize)]
struct ShownChange<'a> {
    /// `indicator value`, as the summary on the terminal has it.
    kind: String,
    /// Of an indicator, the field that changed, or `added`, `renamed`, `moved`.
    field: Option<&'a str>,
    /// All that stands before the colon.
    label: String,
    /// What stands behind it.
    parts: Vec<[&'a str; 2]>,
    /// What the field was; none where all of it is new, or moved.
    old: Option<&'a str>,
    /// Id of the indicator.
    id: Option<&'a str>,
    /// First code point of what it touches else.
    start: Option<u32>,
    /// Lines of the source, old and new, with what stands there.
    before: Option<Line<'a>>,
    after: Option<Line<'a>>,
    note: &'a str,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
struct Line<'a> {
    line: u32,
    text: &'a str,
}

impl<'a> Shown<'a> {
    pub fn new(record: &'a Record, changed: &Changed<'a>) -> Self {
        let all = changed.changes.iter();
        Self {
            how: changed.how,
            all: all
                .map(|(change, note)| shown(record, change, note))
                .collect(),
        }
    }

    pub fn how(&self) -> &'a str {
        self.how
    }

    pub fn len(&self) -> usize {
        self.all.len()
    }
}

fn shown<'a>(record: &'a Record, change: &'a Change, note: &'a str) -> ShownChange<'a> {
    let indicator = change.now.indicator.and_then(|i| record.indicators.get(i));
    let line = |context: &'a Option<Context>| {
        context.as_ref().map(|context| Line {
            line: context.line,
            text: &context.text,
        })
    };
    let part = |part| match part {
        Part::Word(text) => ["", text],
        Part::Old(text) => ["old", text],
        Part::New(text) => ["new", text],
    };
    let of_indicator = change.thing == Thing::Indicator;
    ShownChange {
        kind: change.kind(),
        field: of_indicator.then(|| change.what.name()),
        label: change.label(),
        parts: change.what.parts().into_iter().map(part).collect(),
        old: match &change.what {
            What::Renamed { old, .. } | What::Changed { old, .. } | What::Removed(old) => Some(old),
            What::Added(_) | What::Moved { .. } => None,
        },
        id: indicator.map(|x| x.id.as_str()),
        start: change.now.start,
        before: line(&change.before),
        after: line(&change.after),
        note,
    }
}
