//! What is known of pages beside the pages themselves: rows of a CSV file (`--meta`), and what
//! their names say (`--name-pattern`). Each value keeps where it is from.

pub mod globs;
mod pattern;
mod table;
mod value;

pub use pattern::{NamePattern, PatternError};
pub use table::{Metadata, MetadataError, UnmatchedRow};

use std::collections::BTreeMap;

use super::{Failure, Kind, Step};
use crate::document::Hints;
use crate::record::{MetadataKey, Metadatum};
use value::Value;

/// The origin of what the page's own name says.
const NAME: &str = "name";

/// What is known of one page.
///
/// ```
/// use gongbao::batch::{Metadata, NamePattern, PageMetadata};
/// use gongbao::document::Hints;
/// let table = Metadata::parse("pages.csv", b"path,published\na/Daily-A1.txt,2022-02-15\n")?;
/// let pattern: NamePattern = "{paper}-{page}.txt".parse()?;
/// let known = PageMetadata::of("a/Daily-A1.txt", Some(&table), Some(&pattern))?;
/// assert_eq!(known.hints(&Hints::default()).published, "2022-02-15".parse().ok());
/// let recorded = known.recorded().unwrap_or_default();
/// let origins: Vec<&str> = recorded.iter().map(|m| m.origin.as_str()).collect();
/// assert_eq!(origins, ["pages.csv", "name", "name"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PageMetadata {
    known: BTreeMap<MetadataKey, Known>,
    name_unread: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Known {
    value: Value,
    origin: String,
}

impl PageMetadata {
    /// What `table` and `pattern` say of the page called `name`: the table's row before the name,
    /// field by field.
    ///
    /// # Errors
    /// When the name has something else where the pattern has a time, and the table has none.
    pub fn of(
        name: &str,
        table: Option<&Metadata>,
        pattern: Option<&NamePattern>,
    ) -> Result<Self, Failure> {
        let mut page = Self::default();
        if let Some(table) = table {
            for (key, (value, line)) in table.of(name) {
                let origin = table.origin(line, name);
                page.known.insert(key, Known { value, origin });
            }
        }
        let Some(pattern) = pattern else {
            return Ok(page);
        };
        let Some(said) = pattern.fields_of(name) else {
            page.name_unread = true;
            return Ok(page);
        };
        for (key, text) in said {
            if page.known.contains_key(&key) {
                continue;
            }
            let read = value::read(key, text).map_err(|expected| {
                let key = key.name();
                Failure {
                    path: name.to_owned(),
                    stage: Step::Metadata,
                    kind: Kind::Metadata,
                    message: format!(
                        "the name has {text:?} where {pattern} has {{{key}}}; expected {expected}; \
                         rename the page, change the pattern, or give it a row of --meta with its {key}"
                    ),
                }
            })?;
            if let Some(value) = read {
                let origin = NAME.to_owned();
                page.known.insert(key, Known { value, origin });
            }
        }
        Ok(page)
    }

    /// What `fields` of its own say of the page called `name`; `origin` is where they are from.
    ///
    /// # Errors
    /// When a time is none.
    pub fn of_fields<'f>(
        name: &str,
        fields: impl IntoIterator<Item = (MetadataKey, &'f str)>,
        origin: &str,
    ) -> Result<Self, Failure> {
        let mut page = Self::default();
        for (key, text) in fields {
            let read = value::read(key, text).map_err(|expected| Failure {
                path: name.to_owned(),
                stage: Step::Metadata,
                kind: Kind::Metadata,
                message: format!("its {} is {text:?}; expected {expected}", key.name()),
            })?;
            if let Some(value) = read {
                let origin = origin.to_owned();
                page.known.insert(key, Known { value, origin });
            }
        }
        Ok(page)
    }

    /// The same with what is `known` put before it, field by field.
    #[must_use]
    pub(super) fn behind(mut self, known: Self) -> Self {
        self.known.extend(known.known);
        self
    }

    /// `base`, what is said of all pages, with what is known of this one put before it.
    #[must_use]
    pub fn hints(&self, base: &Hints) -> Hints {
        let value = |key| self.known.get(&key).map(|known| &known.value);
        let days = |key| value(key).and_then(Value::days);
        let words = |key| value(key).and_then(Value::words).map(str::to_owned);
        let base = base.clone();
        Hints {
            published: days(MetadataKey::Published).or(base.published),
            period: days(MetadataKey::Period).or(base.period),
            region: words(MetadataKey::Region).or(base.region),
            issuer: words(MetadataKey::Issuer).or(base.issuer),
            page: words(MetadataKey::Page).or(base.page),
        }
    }

    /// The same as it goes into the record ([`crate::Extractor::metadata`]); none when nothing is
    /// known.
    #[must_use]
    pub fn recorded(&self) -> Option<Vec<Metadatum>> {
        let recorded = self.known.iter().map(|(&key, known)| Metadatum {
            key,
            value: known.value.recorded(),
            origin: known.origin.clone(),
        });
        (!self.known.is_empty()).then(|| recorded.collect())
    }

    /// True when there is a pattern for names, and the page's name is not like it: it says nothing.
    #[must_use]
    pub fn name_unread(&self) -> bool {
        self.name_unread
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Metadata {
        Metadata::parse("meta/pages.csv", text.as_bytes()).unwrap()
    }

    fn recorded(known: &PageMetadata) -> Vec<(&'static str, String, String)> {
        let recorded = known.recorded().unwrap_or_default().into_iter();
        recorded
            .map(|m| (m.key.name(), m.value, m.origin))
            .collect()
    }

    #[test]
    fn the_table_goes_before_the_name_field_by_field() {
        let table = table("path,page,region\n临溪日报-20220215-A1.txt,B2,\n*.txt,,临溪县\n");
        let pattern: NamePattern = "{paper}-{published}-{page}.txt".parse().unwrap();
        let name = "临溪日报-20220215-A1.txt";
        let known = PageMetadata::of(name, Some(&table), Some(&pattern)).unwrap();
        let said = |key, value: &str, origin: &str| (key, value.to_owned(), origin.to_owned());
        assert_eq!(
            recorded(&known),
            [
                said("published", "2022-02-15", "name"),
                said("region", "临溪县", "pages.csv: *.txt"),
                said("paper", "临溪日报", "name"),
                said("page", "B2", "pages.csv"),
            ]
        );
        assert!(!known.name_unread());
    }

    #[test]
    fn what_is_known_of_the_page_goes_before_what_is_said_of_all() {
        let table = table("path,published,period,issuer\na.txt,2022-02-15,,临溪县统计局\n");
        let base = Hints {
            published: "2020".parse().ok(),
            period: "2019".parse().ok(),
            page: Some("A1".to_owned()),
            ..Hints::default()
        };
        let known = PageMetadata::of("a.txt", Some(&table), None).unwrap();
        let want = Hints {
            published: "2022-02-15".parse().ok(),
            issuer: Some("临溪县统计局".to_owned()),
            ..base.clone()
        };
        assert_eq!(known.hints(&base), want);

        let nothing = PageMetadata::of("b.txt", Some(&table), None).unwrap();
        assert_eq!(nothing.hints(&base), base);
        assert_eq!(nothing.recorded(), None);
    }

    #[test]
    fn a_name_that_is_not_like_the_pattern_says_nothing() {
        let pattern: NamePattern = "{paper}-{page}.txt".parse().unwrap();
        let known = PageMetadata::of("a/b.txt", None, Some(&pattern)).unwrap();
        assert!(known.name_unread());
        assert_eq!(known.recorded(), None);
        assert!(
            !PageMetadata::of("a/b.txt", None, None)
                .unwrap()
                .name_unread()
        );
    }

    #[test]
    fn a_name_with_no_time_where_one_belongs_fails_unless_the_table_has_it() {
        let pattern: NamePattern = "{paper}-{published}.txt".parse().unwrap();
        let failure = PageMetadata::of("d/Daily-2022-02-30.txt", None, Some(&pattern)).unwrap_err();
        assert_eq!(
            (failure.stage, failure.kind),
            (Step::Metadata, Kind::Metadata)
        );
        assert_eq!(
            failure.to_string(),
            "d/Daily-2022-02-30.txt: the name has \"2022-02-30\" where {paper}-{published}.txt has \
             {published}; expected a day, month or year (2022-02-15, 20220215, 2022/2/15, 2022-02, \
             2022); rename the page, change the pattern, or give it a row of --meta with its published"
        );
        let table = table("glob,published\n**/Daily-*.txt,2022-03-02\n");
        let known = PageMetadata::of("d/Daily-2022-02-30.txt", Some(&table), Some(&pattern));
        let said = recorded(&known.unwrap());
        assert_eq!(said[0].1, "2022-03-02");
        assert_eq!((said[1].0, said[1].1.as_str()), ("paper", "Daily"));
    }

    #[test]
    fn what_is_known_fills_in_the_record_and_stands_in_it() {
        let table = table("path,published,region,page\na.txt,2022/2/15,临溪县,A1\n");
        let known = PageMetadata::of("a.txt", Some(&table), None).unwrap();
        let record = crate::Extractor::new()
            .hints(known.hints(&Hints::default()))
            .metadata(known.recorded().unwrap_or_default())
            .extract("a.txt", "全年办件12件。".as_bytes())
            .unwrap();
        assert_eq!(record.source.metadata, known.recorded());
        assert_eq!(record.document.published.as_deref(), Some("2022-02-15"));
        assert_eq!(record.document.page.as_deref(), Some("A1"));
        let region = record.document.region.unwrap();
        assert_eq!((region.name.as_str(), region.code), ("临溪县", None));
    }
}
