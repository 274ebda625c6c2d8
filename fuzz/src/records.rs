//! What must hold of every record, and of a record that somebody has changed.

use arbitrary::Arbitrary;
use gongbao::base::Decimal;
use gongbao::write::tables::{Table, csv, rows};
use gongbao::{ExtractError, Extractor, Record, validate, write};
use serde_json::Value;

/// The record of a page with all that must hold of it; none when the bytes are no page.
///
/// # Panics
/// When a record does not hold, or is not the same a second time.
pub fn of(extractor: &Extractor, bytes: &[u8]) -> Option<Record> {
    let record = match extractor.extract("fuzz", bytes) {
        Ok(record) => record,
        Err(ExtractError::Invalid(violations)) => panic!("does not hold: {violations:#?}"),
        Err(_) => return None,
    };
    assert_eq!(extractor.extract("fuzz", bytes).as_ref(), Ok(&record));
    Some(record)
}

/// Every way to write `record` down works, and its JSON is read back as what it was.
///
/// # Panics
/// When it is not.
pub fn is_written(record: &Record) {
    let mut json = Vec::new();
    write::json::json(record, &mut json).expect("memory is written to");
    let value: Value = serde_json::from_slice(&json).expect("JSON");
    assert_eq!(validate::schema::validate(&value), []);
    let back: Record = serde_json::from_slice(&json).expect("a record");
    assert_eq!(&back, record);

    let mut shown = Vec::new();
    write::text::text(record, &mut shown).expect("memory is written to");
    write::outline::outline(record, &mut shown).expect("memory is written to");
    write::table::table(record, Some(80), &mut shown).expect("memory is written to");
    for table in Table::ALL {
        csv::rows(&rows(table, record), true, &mut shown).expect("memory is written to");
    }
    std::str::from_utf8(&shown).expect("text");
}

/// Changes at places of a record's JSON.
#[derive(Debug, Arbitrary)]
pub struct Changes(Vec<(u16, Change)>);

#[derive(Debug, Arbitrary)]
enum Change {
    Null,
    Number(u32),
    Near(i8),
    Huge(u64),
    Decimal(i64, u8),
    Text(String),
    Cut(u8),
    Doubled,
    Gone,
    /// What stands at another place.
    Swapped(u16),
}

/// `record` with `changes`.
#[must_use]
pub fn changed(record: &Record, changes: &Changes) -> Value {
    let mut value = serde_json::to_value(record).expect("a record is JSON");
    for (at, change) in &changes.0 {
        let mut places = Vec::new();
        pointers(&value, String::new(), &mut places);
        let place = |at: u16| places[usize::from(at) % places.len()].clone();
        let other = match change {
            Change::Swapped(other) => value.pointer(&place(*other)).cloned(),
            _ => None,
        };
        if let Some(found) = value.pointer_mut(&place(*at)) {
            change.apply(found, other);
        }
    }
    value
}

impl Change {
    fn apply(&self, found: &mut Value, other: Option<Value>) {
        *found = match (self, found.take()) {
            (Self::Number(n), _) => (*n).into(),
            (Self::Near(n), Value::Number(x)) => {
                let x = x.as_i64().unwrap_or_default();
                x.saturating_add(i64::from(*n)).into()
            }
            (Self::Huge(n), _) => (*n).into(),
            (Self::Decimal(n, scale), _) => Decimal::new((*n).into(), (*scale).into())
                .ok()
                .and_then(|d| serde_json::to_value(d).ok())
                .unwrap_or_default(),
            (Self::Text(text), _) => text.as_str().into(),
            (Self::Cut(n), Value::Array(mut items)) => {
                items.truncate(usize::from(*n) % (items.len() + 1));
                items.into()
            }
            (Self::Cut(n), Value::String(text)) => text
                .chars()
                .take(usize::from(*n))
                .collect::<String>()
                .into(),
            (Self::Doubled, Value::Array(mut items)) if items.len() < 100 => {
                items.extend(items.clone());
                items.into()
            }
            (Self::Gone, Value::Object(mut fields)) => {
                let first = fields.keys().next().cloned();
                first.and_then(|key| fields.remove(&key));
                fields.into()
            }
            (Self::Swapped(_), was) => other.unwrap_or(was),
            (Self::Null, _) => Value::Null,
            (_, was) => was,
        };
    }
}

/// JSON pointers to all that is in `value`.
fn pointers(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                pointers(item, format!("{at}/{i}"), found);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                pointers(field, format!("{at}/{name}"), found);
            }
        }
        _ => {}
    }
    found.push(at);
}

/// Judges what may be a record, against the `originals` that it may be of. Never panics.
pub fn judge(value: &Value, originals: &[(&str, &[u8])]) {
    let _ = validate::schema::validate(value);
    if let Ok(record) = serde_json::from_value::<Record>(value.clone()) {
        let _ = validate::record(&record, &[]);
        let _ = validate::record(&record, originals);
    }
}
