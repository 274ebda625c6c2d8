//! Records without what may differ from run to run, and what is left where nothing else changed.

use serde_json::Value;

use super::change::{Change, Thing, What};
use super::digest;
use crate::record::{Record, Source};

/// `record` without names of files, names of programs and the wording of findings.
pub(super) fn plain(record: &Record) -> Record {
    let mut plain = record.clone();
    plain.source.name.clear();
    plain.source.reader = None;
    for part in plain.source.parts.iter_mut().flatten() {
        part.name.clear();
        part.reader = None;
    }
    for known in plain.source.metadata.iter_mut().flatten() {
        known.origin.clear();
    }
    for finding in &mut plain.diagnostics {
        finding.message.clear();
    }
    sources(&mut plain, |source| {
        for piece in source.pieces.iter_mut().flatten() {
            piece.file = "".into();
        }
    });
    plain
}

fn sources(record: &mut Record, mut each: impl FnMut(&mut Source)) {
    record
        .paragraphs
        .iter_mut()
        .for_each(|x| each(&mut x.source));
    record.sections.iter_mut().for_each(|x| each(&mut x.source));
    record
        .indicators
        .iter_mut()
        .for_each(|x| each(&mut x.source));
    record.jumps.iter_mut().for_each(|x| each(&mut x.source));
    for repair in &mut record.repairs {
        each(&mut repair.source);
        if let Some(other) = &mut repair.other {
            each(&mut other.source);
        }
    }
    let findings = record.diagnostics.iter_mut();
    findings.filter_map(|x| x.source.as_mut()).for_each(each);
}

/// The file of the page is another; the same was read in it.
pub(super) fn page(old: &Record, new: &Record) -> Change {
    let words = |record: &Record| {
        let bytes = match &record.source.original {
            Some(original) => original.bytes,
            None => record.source.bytes,
        };
        let digest: String = digest(record).chars().take(8).collect();
        format!("{bytes} bytes, SHA-256 {digest}…")
    };
    let what = What::Changed {
        field: "bytes",
        old: words(old),
        new: words(new),
    };
    Change::new(Thing::Page, "", "page", what)
}

/// For each field of the two records that differs the first place in it that does.
pub(super) fn details(old: &Record, new: &Record) -> Vec<Change> {
    let value = |record| serde_json::to_value(record).unwrap_or_default();
    let (Value::Object(old), Value::Object(new)) = (value(old), value(new)) else {
        return Vec::new();
    };
    let fields = old.iter().filter_map(|(field, old)| {
        let (mut found, mut count) = (None, 0);
        differences(
            &format!("/{field}"),
            old,
            new.get(field)?,
            &mut |at, old, new| {
                count += 1;
                found.get_or_insert_with(|| (at.to_owned(), old.to_string(), new.to_string()));
            },
        );
        let (at, old, mut new) = found?;
        if count > 1 {
            new.push_str(&format!(" (and {} more)", count - 1));
        }
        let field = "changed";
        let what = What::Changed { field, old, new };
        Some(Change::new(Thing::Record, "", format!("record {at}"), what))
    });
    fields.collect()
}

/// Calls `each` with the JSON pointer and the values of all that differs.
fn differences(at: &str, old: &Value, new: &Value, each: &mut dyn FnMut(&str, &Value, &Value)) {
    match (old, new) {
        (Value::Object(a), Value::Object(b)) => {
            for (key, old) in a {
                let new = b.get(key).unwrap_or(&Value::Null);
                differences(&format!("{at}/{key}"), old, new, each);
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (i, (old, new)) in a.iter().zip(b).enumerate() {
                differences(&format!("{at}/{i}"), old, new, each);
            }
        }
        (old, new) if old != new => each(at, old, new),
        _ => {}
    }
}
