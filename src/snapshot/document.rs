//! What the page says of itself, what was known of it, and how it was read.

use super::change::{Change, Thing, What};
use crate::record::{MetadataKey, Record};

/// What changed in these.
pub(super) fn changes(old: &Record, new: &Record) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut differs = |thing, name: &str, field, old: Option<String>, new: Option<String>| {
        if old != new {
            let [old, new] = [old, new].map(|text| text.unwrap_or_else(|| "none".to_owned()));
            let what = What::Changed { field, old, new };
            changes.push(Change::new(thing, "", name, what));
        }
    };
    let format = |r: &Record| Some(r.source.format.clone());
    differs(Thing::Page, "page", "format", format(old), format(new));
    let encoding = |r: &Record| Some(r.source.encoding.clone());
    differs(
        Thing::Page,
        "page",
        "encoding",
        encoding(old),
        encoding(new),
    );
    for (field, of) in FIELDS {
        differs(Thing::Document, "document", field, of(old), of(new));
    }
    for key in MetadataKey::ALL {
        let known = |r: &Record| {
            let mut known = r.source.metadata.iter().flatten();
            known.find(|m| m.key == key).map(|m| m.value.clone())
        };
        differs(Thing::Document, "known", key.name(), known(old), known(new));
    }
    changes
}

type Field = (&'static str, fn(&Record) -> Option<String>);

const FIELDS: [Field; 7] = [
    ("title", |r| r.document.title.clone()),
    ("issuer", |r| r.document.issuer.clone()),
    ("region", |r| Some(r.document.region.as_ref()?.name.clone())),
    ("region code", |r| r.document.region.as_ref()?.code.clone()),
    ("period", |r| {
        let time = r.document.period.as_ref()?;
        Some(format!("{}/{}", time.start, time.end))
    }),
    ("published", |r| r.document.published.clone()),
    ("page", |r| r.document.page.clone()),
];
