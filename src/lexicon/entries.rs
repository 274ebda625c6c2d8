//! The entries of lexicon files with their examples and their places: what the entries' own tests
//! read. The grammar works with the compiled tables and never asks for these.

use std::collections::HashMap;

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue, ValueDeserializer};

use super::{LexiconError, parse_error};
use crate::record::{Basis, Measure, Precision, Status};

/// Files of the built-in lexicon whose entries show what is read of a page. The others (labels,
/// furniture …) are tested beside the code that loads them.
const BUILTIN: [(&str, &str); 9] = [
    ("units", include_str!("../../lexicon/units.toml")),
    ("numerals", include_str!("../../lexicon/numerals.toml")),
    (
        "approximations",
        include_str!("../../lexicon/approximations.toml"),
    ),
    ("periods", include_str!("../../lexicon/periods.toml")),
    (
        "not_a_quantity",
        include_str!("../../lexicon/not_a_quantity.toml"),
    ),
    ("names", include_str!("../../lexicon/names.toml")),
    ("changes", include_str!("../../lexicon/changes.toml")),
    ("documents", include_str!("../../lexicon/documents.toml")),
    ("variants", include_str!("../../lexicon/variants.toml")),
];

/// One entry: words that mean the same, and texts that show it.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Name of the file.
    pub file: String,
    /// Where it begins, from 1.
    pub line: usize,
    /// File below `lexicon/` and table in it: `units.unit`, also where the file says `unit`.
    pub table: String,
    /// As the clean text has them.
    pub forms: Vec<String>,
    /// Of a unit, what the record says where that is not the form.
    pub unit: Option<String>,
    /// Of a word that says whether a number has come true, what it says.
    pub status: Option<Status>,
    /// Why forms stand there that the grammar reads as others.
    pub as_written: Option<String>,
    /// Texts in which it counts.
    pub hits: Vec<Hit>,
    /// Texts in which it does not.
    pub misses: Vec<String>,
}

/// A text in which an entry counts, and what is read there; what the entry's table does not speak
/// of is none.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct Hit {
    /// Clean text of our own making.
    pub text: String,
    /// Digits of the value.
    pub value: Option<String>,
    /// Unit of that value.
    pub unit: Option<String>,
    /// What the quantity is called.
    pub name: Option<String>,
    /// How exact the number is.
    pub precision: Option<Precision>,
    /// Its time, ISO 8601.
    pub period: Option<String>,
    /// What is stated.
    pub measure: Option<Measure>,
    /// What it is measured against.
    pub basis: Option<Basis>,
}

/// A hit is a text alone where there is nothing to say of it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Text(String),
    Said(Hit),
}

impl From<Written> for Hit {
    fn from(written: Written) -> Self {
        match written {
            Written::Text(text) => Self {
                text,
                ..Self::default()
            },
            Written::Said(hit) => hit,
        }
    }
}

/// What entries of all tables have; the types of the tables see to the rest.
#[derive(Deserialize)]
struct Common {
    #[serde(default)]
    forms: Vec<String>,
    unit: Option<String>,
    status: Option<Status>,
    as_written: Option<String>,
    #[serde(default)]
    hit: Vec<Written>,
    #[serde(default)]
    miss: Vec<String>,
}

/// The entries of the built-in lexicon.
///
/// # Errors
/// When a file is not of its shape.
pub fn builtin() -> Result<Vec<Entry>, LexiconError> {
    let mut entries = Vec::new();
    for (name, text) in BUILTIN {
        let file = format!("lexicon/{name}.toml");
        let tables = DeTable::parse(text).map_err(|e| parse_error(&file, &e))?;
        add(&mut entries, &file, text, name, tables.into_inner())?;
    }
    Ok(entries)
}

/// The entries of a file of users' own words (see [`super::Lexicon::with`]).
///
/// # Errors
/// When `text` is not of its shape.
pub fn own(file: &str, text: &str) -> Result<Vec<Entry>, LexiconError> {
    super::parse::<super::own::Own>(file, text)?;
    let tables = DeTable::parse(text).map_err(|e| parse_error(file, &e))?;
    let mut entries = Vec::new();
    for (key, value) in tables.into_inner() {
        let key = key.into_inner();
        match value.into_inner() {
            DeValue::Table(tables) => add(&mut entries, file, text, &key, tables)?,
            DeValue::Array(list) => {
                let table = super::own::table_of(&key);
                add_list(&mut entries, file, text, table, list)?;
            }
            _ => {}
        }
    }
    entries.sort_by_key(|e| e.line);
    Ok(entries)
}

fn add(
    entries: &mut Vec<Entry>,
    file: &str,
    text: &str,
    name: &str,
    tables: DeTable<'_>,
) -> Result<(), LexiconError> {
    for (key, value) in tables {
        if let DeValue::Array(list) = value.into_inner() {
            let table = format!("{name}.{}", key.get_ref());
            add_list(entries, file, text, &table, list)?;
        }
    }
    Ok(())
}

fn add_list(
    entries: &mut Vec<Entry>,
    file: &str,
    text: &str,
    table: &str,
    list: DeArray<'_>,
) -> Result<(), LexiconError> {
    let (mut line, mut counted) = (1, 0);
    for value in list {
        let start = value.span().start;
        line += text
            .get(counted..start)
            .map_or(0, |between| between.matches('\n').count());
        counted = start;
        let entry: Spanned<DeValue<'_>> = value;
        let common = Common::deserialize(ValueDeserializer::from(entry))
            .map_err(|e| parse_error(file, &e))?;
        entries.push(Entry {
            file: file.to_owned(),
            line,
            table: table.to_owned(),
            forms: common.forms,
            unit: common.unit,
            status: common.status,
            as_written: common.as_written,
            hits: common.hit.into_iter().map(Hit::from).collect(),
            misses: common.miss,
        });
    }
    Ok(())
}

/// Refuses forms that are empty or stand in their table already, in the built-in lexicon or in an
/// earlier entry.
///
/// # Errors
/// Names the places.
pub(super) fn refuse_unusable(own: &[Entry]) -> Result<(), LexiconError> {
    let builtin = builtin()?;
    let mut places: HashMap<(&str, &str), &Entry> = HashMap::new();
    for entry in &builtin {
        places.extend(
            entry
                .forms
                .iter()
                .map(|f| ((set(entry), f.as_str()), entry)),
        );
    }
    for entry in own {
        for form in &entry.forms {
            if form.is_empty() {
                return Err(LexiconError {
                    file: entry.file.clone(),
                    message: format!(
                        "line {}: a form is empty; write at least one character",
                        entry.line
                    ),
                });
            }
            if let Some(other) = places.insert((set(entry), form), entry) {
                return Err(LexiconError {
                    file: entry.file.clone(),
                    message: format!(
                        "line {}: the form {form:?} stands in {}, line {}, already; leave it out",
                        entry.line, other.file, other.line
                    ),
                });
            }
        }
    }
    Ok(())
}

/// The tables whose forms are looked up together.
fn set(entry: &Entry) -> &str {
    match entry.table.as_str() {
        "names.past_title" => "names.status_title",
        table => table,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "\
# 两个条目
[[unit]]
forms = [\"篾筐\"]
dimension = \"count\"
hit = [{ text = \"收茶37篾筐。\", value = \"37\", unit = \"篾筐\" }]

[[periods.word]]
forms = [\"本茶季\"]
year = 0
hit = [{ text = \"本茶季，收茶37吨。\", period = \"2024\" }]
";

    #[test]
    fn entries_know_their_place_and_table() {
        let entries = own("t.toml", OWN).unwrap();
        let places: Vec<_> = entries.iter().map(|e| (e.line, e.table.as_str())).collect();
        assert_eq!(places, [(2, "units.unit"), (7, "periods.word")]);
        assert_eq!(entries[0].hits[0].unit.as_deref(), Some("篾筐"));
        assert_eq!(entries[1].hits[0].period.as_deref(), Some("2024"));
    }

    #[test]
    fn builtin_entries_know_theirs() {
        let entries = builtin().unwrap();
        let mu = entries.iter().find(|e| e.forms.contains(&"亩".to_owned()));
        let mu = mu.unwrap();
        assert_eq!(
            (mu.file.as_str(), mu.table.as_str()),
            ("lexicon/units.toml", "units.unit")
        );
        let text = include_str!("../../lexicon/units.toml");
        assert_eq!(text.lines().nth(mu.line - 1), Some("[[unit]]"));
    }
}
