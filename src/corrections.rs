//! What a reviewer decided of numbers → the numbers. Between `indicators` and `reconcile`, so that the checks are
//! those of the right values.
//!
//! A file of corrections is what the review report exports (`docs/report.md`). A correction belongs to a page by
//! the digest of its bytes, and to a number by its place in the clean text. One that fits nothing any more is a
//! finding about the page, and a page that is not read is told by [`Corrections::unseen`]: none is lost unseen.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Value, json};

use crate::base::{ByteIndex, Decimal, Diagnostic, Place, Span, sha256};
use crate::decode::Page;
use crate::indicators::{Applied, Indicator, Indicators};
use crate::lexicon::multipliers::Multipliers;
use crate::normalize::Clean;
use crate::quantities::scan::bounds;
use crate::record::{Decision, Measure, Piece, Precision};

/// The value of [`CorrectionsFile::schema`].
pub const SCHEMA: &str = "gongbao-corrections/1";

/// Code of the finding about a correction that fits nothing.
const UNFIT: &str = "correction-unfit";

/// A file of corrections, as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectionsFile {
    /// Version of this format: `gongbao-corrections/1`.
    pub schema: String,
    /// What wrote it: `gongbao 0.1.0`.
    pub writer: Option<String>,
    /// The pages, each once.
    pub pages: Vec<PageCorrections>,
}

/// What was decided of a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PageCorrections {
    /// Name of the page, as in its record; for people, and to tell that a page was changed.
    pub name: String,
    /// SHA-256 of its bytes, as in its record: which page it is.
    pub sha256: String,
    /// The decisions, in reading order.
    pub corrections: Vec<Correction>,
}

/// What was decided of a number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// First code point of the mention in the record's text.
    pub start: u32,
    /// One past its last code point.
    pub end: u32,
    /// Number and unit as they stand there.
    pub mention: String,
    /// What the indicator was called; decides where several share the mention.
    pub name: String,
    /// What it stated; likewise.
    pub measure: Measure,
    /// The unit that it had.
    pub unit: String,
    /// The value that it had, its digits as text; null for ratios and fractions.
    #[serde(deserialize_with = "digits", serialize_with = "text")]
    #[schemars(with = "Option<String>")]
    pub read: Option<Decimal>,
    /// Where the mention is in the page's file.
    pub source: SourceBytes,
    /// What was decided.
    pub decision: Decision,
    /// The right value in the indicator's unit, signed, its digits as text; where `decision` is `corrected`,
    /// else null.
    #[serde(deserialize_with = "digits", serialize_with = "text")]
    #[schemars(with = "Option<String>")]
    pub value: Option<Decimal>,
    /// What the reviewer has to say.
    pub note: Option<String>,
}

/// Bytes of the page's file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SourceBytes {
    /// First byte.
    pub start: u64,
    /// One past the last byte.
    pub end: u64,
    /// The stretches, where there are several; as in a record.
    pub pieces: Option<Vec<Piece>>,
}

/// The schema of a file of corrections, draft 2020-12.
///
/// ```
/// let schema = gongbao::corrections::schema();
/// assert_eq!(schema["properties"]["schema"]["const"], "gongbao-corrections/1");
/// ```
#[must_use]
pub fn schema() -> Value {
    let generator = SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator();
    let mut schema = generator
        .into_root_schema_for::<CorrectionsFile>()
        .to_value();
    if let Some(version) = schema.pointer_mut("/properties/schema") {
        version["const"] = json!(SCHEMA);
    }
    schema
}

fn digits<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Decimal>, D::Error> {
    let text: Option<String> = Deserialize::deserialize(deserializer)?;
    let value = text.map(|text| text.parse());
    value.transpose().map_err(serde::de::Error::custom)
}

fn text<S: serde::Serializer>(value: &Option<Decimal>, serializer: S) -> Result<S::Ok, S::Error> {
    value.map(|value| value.to_string()).serialize(serializer)
}

/// Why a file of corrections cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CorrectionsError {
    /// It is not what the report exports.
    #[error(
        "{file}: it is no file of corrections: {message}; expected what gongbao report exports"
    )]
    Shape {
        /// Its name.
        file: String,
        /// What was found, with line and column.
        message: String,
    },
    /// One of the corrections contradicts itself.
    #[error("{file}: {page}: {mention}: {message}")]
    Correction {
        /// Its name.
        file: String,
        /// Name of the page.
        page: String,
        /// The number as it is printed.
        mention: String,
        /// What was found and what was expected.
        message: &'static str,
    },
}

/// The corrections of a file.
///
/// ```
/// use gongbao::corrections::Corrections;
/// let file = r#"{"schema": "gongbao-corrections/1", "writer": null, "pages": []}"#;
/// assert!(Corrections::read("corrections.json", file)?.unseen().is_empty());
/// # Ok::<(), gongbao::corrections::CorrectionsError>(())
/// ```
#[derive(Debug)]
pub struct Corrections {
    file: String,
    pages: Vec<PageCorrections>,
    /// Which of them were asked for.
    seen: Vec<AtomicBool>,
}

impl Corrections {
    /// Reads the text of a file called `file`.
    ///
    /// # Errors
    /// When it is not what the report exports.
    pub fn read(file: &str, text: &str) -> Result<Self, CorrectionsError> {
        let shape = |message: String| CorrectionsError::Shape {
            file: file.to_owned(),
            message,
        };
        let read: CorrectionsFile =
            serde_json::from_str(text).map_err(|error| shape(error.to_string()))?;
        if read.schema != SCHEMA {
            return Err(shape(format!(
                "found schema {:?}, expected {SCHEMA:?}",
                read.schema
            )));
        }
        for page in &read.pages {
            for correction in &page.corrections {
                let message = match (correction.decision, correction.value) {
                    (Decision::Corrected, None) => "found no value, expected one: it is corrected",
                    (Decision::Right | Decision::Wrong, Some(_)) => {
                        "found a value, expected null: it is not corrected"
                    }
                    _ => continue,
                };
                return Err(CorrectionsError::Correction {
                    file: file.to_owned(),
                    page: page.name.clone(),
                    mention: correction.mention.clone(),
                    message,
                });
            }
        }
        Ok(Self {
            file: file.to_owned(),
            seen: read.pages.iter().map(|_| AtomicBool::new(false)).collect(),
            pages: read.pages,
        })
    }

    /// What concerns the page with this name and digest: that of its digest, else what was decided of
    /// another version of it. From then on it counts as seen.
    #[must_use]
    pub fn concerning(&self, name: &str, sha256: &str) -> Vec<&PageCorrections> {
        let found = |is: &dyn Fn(&PageCorrections) -> bool| -> Vec<&PageCorrections> {
            let pages = self.pages.iter().zip(&self.seen);
            let of_page = pages.filter(|(page, _)| is(page));
            of_page
                .map(|(page, seen)| {
                    seen.store(true, Ordering::Relaxed);
                    page
                })
                .collect()
        };
        let exact = found(&|page| page.sha256 == sha256);
        if exact.is_empty() {
            found(&|page| page.name == name)
        } else {
            exact
        }
    }

    /// Names of the pages that nobody asked for, with how many corrections each has.
    #[must_use]
    pub fn unseen(&self) -> Vec<(&str, usize)> {
        let pages = self.pages.iter().zip(&self.seen);
        pages
            .filter(|(_, seen)| !seen.load(Ordering::Relaxed))
            .map(|(page, _)| (page.name.as_str(), page.corrections.len()))
            .collect()
    }

    /// Puts into the indicators of `page` what was decided of them.
    pub fn apply(&self, page: &Page<'_>, clean: &Clean, found: &mut Indicators) {
        let file = page.file();
        let digest = sha256(file.bytes);
        let mut decided = BTreeSet::new();
        for of_page in self.concerning(&file.name, &digest) {
            if of_page.sha256 != digest {
                found.diagnostics.push(self.stale(of_page));
                continue;
            }
            let index = ByteIndex::new(&clean.text);
            for correction in &of_page.corrections {
                let [start, end] = [correction.start, correction.end]
                    .map(|at| index.bytes(&clean.text, at as usize));
                let span = Span::new(start, end.max(start));
                let at = place(correction, span, clean, &found.indicators);
                let at = at.and_then(|at| decided.insert(at).then_some(at).ok_or(TWICE));
                match at.and_then(|at| self.put(correction, at, &mut found.indicators)) {
                    Ok(applied) => found.corrections.push(applied),
                    Err(why) => found.diagnostics.push(self.unfit(correction, span, why)),
                }
            }
        }
        found.corrections.sort_by_key(|applied| applied.indicator);
    }

    /// Puts `correction` into the indicator with index `at`.
    fn put(
        &self,
        correction: &Correction,
        at: usize,
        indicators: &mut [Indicator],
    ) -> Result<Applied, &'static str> {
        let indicator = indicators.get_mut(at).ok_or(NOWHERE)?;
        same(indicator, correction)?;
        Ok(Applied {
            indicator: at,
            decision: correction.decision,
            read: correct(indicator, correction.value)?,
            note: correction.note.clone(),
            origin: self.file.clone(),
        })
    }

    /// The finding about corrections of another version of the page.
    fn stale(&self, page: &PageCorrections) -> Diagnostic {
        let message = format!(
            "{}: {} decided of another version of this page (SHA-256 {}…), and left out: review it again",
            self.file,
            match page.corrections.len() {
                1 => "a correction was".to_owned(),
                n => format!("{n} corrections were"),
            },
            page.sha256.get(..12).unwrap_or(&page.sha256),
        );
        Diagnostic::warning(UNFIT, message, Place::Whole)
    }

    /// The finding about a correction that fits nothing.
    fn unfit(&self, correction: &Correction, span: Span, why: &str) -> Diagnostic {
        let to = correction.value.map(|value| format!(" to {value}"));
        let message = format!(
            "{}: the correction of {:?}{} at {}..{} was left out: {why}",
            self.file,
            correction.mention,
            to.unwrap_or_default(),
            correction.start,
            correction.end
        );
        let place = if span.is_empty() {
            Place::Whole
        } else {
            Place::Clean(span)
        };
        Diagnostic::warning(UNFIT, message, place)
    }
}

const TWICE: &str = "the file has another decision about the same number";
const NOWHERE: &str = "no number is read there any more; review the page again";

/// Which of `indicators` the correction is of, whose place is `span` of the clean text.
fn place(
    correction: &Correction,
    span: Span,
    clean: &Clean,
    indicators: &[Indicator],
) -> Result<usize, &'static str> {
    if clean.text.get(span.range()) != Some(correction.mention.as_str()) {
        return Err("other text stands there; review the page again");
    }
    let first = indicators.partition_point(|x| x.mention.start < span.start);
    let there: Vec<(usize, &Indicator)> = indicators
        .iter()
        .enumerate()
        .skip(first)
        .take_while(|(_, x)| x.mention.start == span.start)
        .filter(|(_, x)| x.mention == span)
        .collect();
    let named = |(_, x): &&(usize, &Indicator)| {
        x.name == correction.name && x.measure == correction.measure
    };
    match there.as_slice() {
        [] => Err(NOWHERE),
        [(at, _)] => Ok(*at),
        several => several.iter().find(named).map(|(at, _)| *at).ok_or(
            "several numbers share the place, and none of them has the name and measure that it had",
        ),
    }
}

/// Whether `indicator` is what it was when it was decided of: a decision about another value says nothing.
fn same(indicator: &Indicator, correction: &Correction) -> Result<(), &'static str> {
    let known = correction.decision == Decision::Corrected && correction.value == indicator.value;
    if indicator.unit != correction.unit {
        Err("it is read with another unit now; review it again")
    } else if indicator.value != correction.read && !known {
        Err("another value is read there now; review it again")
    } else {
        Ok(())
    }
}

/// Gives `indicator` the value of a reviewer, if there is one; returns what it had.
fn correct(
    indicator: &mut Indicator,
    value: Option<Decimal>,
) -> Result<Option<Decimal>, &'static str> {
    let Some(value) = value else {
        return Ok(None);
    };
    let read = indicator
        .value
        .ok_or("it has several values, and a correction says one")?;
    let power = Multipliers::builtin().power(&indicator.unit, &indicator.base_unit);
    let power = power.ok_or("nothing is known of its unit")?;
    let within = indicator.lower.is_none_or(|lower| lower <= value)
        && indicator.upper.is_none_or(|upper| value <= upper);
    if indicator.precision == Precision::Range {
        if !within {
            return Err("it is a range, and the value is not in it");
        }
    } else {
        (indicator.lower, indicator.upper) = bounds(value, indicator.precision, None);
    }
    indicator.value = Some(value);
    indicator.base_value = value.scaled(power).ok();
    Ok(Some(read))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::sha256;
    use crate::record::Record;
    use crate::{Extractor, record};

    const PAGE: &str = "2023年全年投资3.86亿元，其中公路1.45亿元、桥梁0.92亿元、渡口1.29亿元。\n";

    fn read(page: &str, corrections: Option<Corrections>) -> Record {
        let mut extractor = Extractor::new();
        if let Some(corrections) = corrections {
            extractor = extractor.corrections(corrections);
        }
        extractor.extract("a.txt", page.as_bytes()).unwrap()
    }

    /// A file that decides one thing of the indicator of `record` with this mention.
    fn file(record: &Record, mention: &str, change: impl Fn(&mut Correction)) -> CorrectionsFile {
        let x = record.indicators.iter().find(|x| x.mention == mention);
        let x = x.unwrap();
        let mut correction = Correction {
            start: x.start,
            end: x.end,
            mention: x.mention.to_string(),
            name: x.name.to_string(),
            measure: x.measure,
            unit: x.unit.to_string(),
            read: x.value,
            source: SourceBytes {
                start: x.source.start,
                end: x.source.end,
                pieces: None,
            },
            decision: Decision::Corrected,
            value: Some("3.66".parse().unwrap()),
            note: Some("见手稿".to_owned()),
        };
        change(&mut correction);
        CorrectionsFile {
            schema: SCHEMA.to_owned(),
            writer: None,
            pages: vec![PageCorrections {
                name: "a.txt".to_owned(),
                sha256: record.source.sha256.clone(),
                corrections: vec![correction],
            }],
        }
    }

    fn corrections(file: &CorrectionsFile) -> Corrections {
        let text = serde_json::to_string(file).unwrap();
        Corrections::read("c.json", &text).unwrap()
    }

    #[test]
    fn a_corrected_value_is_checked_anew_and_recorded() {
        let before = read(PAGE, None);
        assert_eq!(before.checks[0].status, record::CheckStatus::Mismatch);
        let after = read(PAGE, Some(corrections(&file(&before, "3.86亿元", |_| {}))));
        let x = &after.indicators[0];
        let decimal = |text: &str| Some(text.parse::<Decimal>().unwrap());
        assert_eq!(
            (x.value, x.base_value),
            (decimal("3.66"), decimal("366000000"))
        );
        assert_eq!((x.lower, x.upper), (x.value, x.value));
        assert_eq!(x.mention, "3.86亿元", "the page is what it is");
        assert_eq!(after.checks[0].status, record::CheckStatus::Ok);
        assert!(after.diagnostics.is_empty(), "{:?}", after.diagnostics);
        let said = &after.corrections[0];
        assert_eq!(said.indicator, "i1");
        assert_eq!(said.decision, Decision::Corrected);
        assert_eq!(said.read, decimal("3.86"));
        assert_eq!(said.note.as_deref(), Some("见手稿"));
        assert_eq!(said.origin, "c.json");
    }

    #[test]
    fn what_fits_nothing_is_told() {
        let before = read(PAGE, None);
        let told = |page: &str, change: &dyn Fn(&mut CorrectionsFile)| {
            let mut file = file(&before, "3.86亿元", |_| {});
            change(&mut file);
            let record = read(page, Some(corrections(&file)));
            assert!(record.corrections.len() < 2);
            let found = record.diagnostics.iter().filter(|d| d.code == UNFIT);
            let found: Vec<String> = found.map(|d| d.message.clone()).collect();
            assert_eq!(found.len(), 1, "{found:?}");
            found[0].clone()
        };
        let other = PAGE.replace("渡口", "码头");
        assert!(told(&other, &|_| {}).contains("another version"));
        assert!(told(PAGE, &|f| f.pages[0].corrections[0].start = 1).contains("other text"));
        assert!(told(PAGE, &|f| f.pages[0].corrections[0].end = 9999).contains("other text"));
        let elsewhere = |f: &mut CorrectionsFile| {
            let c = &mut f.pages[0].corrections[0];
            (c.start, c.end, c.mention) = (0, 5, "2023年".to_owned());
        };
        assert!(told(PAGE, &elsewhere).contains("no number"));
        let misread = |f: &mut CorrectionsFile| {
            f.pages[0].corrections[0].read = Some("38.6".parse().unwrap());
        };
        assert!(told(PAGE, &misread).contains("another value"));
        let unit = |f: &mut CorrectionsFile| f.pages[0].corrections[0].unit = "万元".to_owned();
        assert!(told(PAGE, &unit).contains("another unit"));
        let twice = |f: &mut CorrectionsFile| {
            let again = f.pages[0].corrections[0].clone();
            f.pages[0].corrections.push(again);
        };
        assert!(told(PAGE, &twice).contains("another decision"));
    }

    #[test]
    fn decisions_without_a_value_change_none() {
        let before = read(PAGE, None);
        let right = file(&before, "3.86亿元", |c| {
            c.decision = Decision::Right;
            c.value = None;
        });
        let mut after = read(PAGE, Some(corrections(&right)));
        assert_eq!(after.corrections.remove(0).read, None);
        assert_eq!(after, before);
    }

    #[test]
    fn zero_and_precision() {
        for (page, mention, value, base, lower, upper) in [
            (
                "全年投资0万元。",
                "0万元",
                "5",
                "50000",
                Some("5"),
                Some("5"),
            ),
            (
                "办件1.2万余件。",
                "1.2万余件",
                "1.5",
                "15000",
                Some("1.5"),
                None,
            ),
            ("办件近70件。", "70件", "80", "80", None, Some("80")),
            (
                "气温零下20余℃。",
                "零下20余℃",
                "-30",
                "-30",
                None,
                Some("-30"),
            ),
        ] {
            let before = read(page, None);
            let at = before
                .indicators
                .iter()
                .find(|x| x.mention.contains(mention));
            let mention = at
                .map(|x| x.mention.to_string())
                .unwrap_or_else(|| before.indicators[0].mention.to_string());
            let changed = file(&before, &mention, |c| {
                c.value = Some(value.parse().unwrap())
            });
            let after = read(page, Some(corrections(&changed)));
            let x = &after.indicators[0];
            let shown = |d: Option<Decimal>| d.map(|d| d.to_string());
            assert_eq!(shown(x.base_value).as_deref(), Some(base), "{page}");
            assert_eq!(shown(x.lower).as_deref(), lower, "{page}");
            assert_eq!(shown(x.upper).as_deref(), upper, "{page}");
        }
    }

    #[test]
    fn files_that_are_none_say_so() {
        for (text, part) in [
            ("", "EOF"),
            (
                "{\"schema\": \"x\", \"writer\": null, \"pages\": []}",
                "found schema",
            ),
            (
                "{\"schema\": \"gongbao-corrections/1\", \"writer\": null, \"pages\": [], \"a\": 1}",
                "unknown field",
            ),
        ] {
            let error = Corrections::read("c.json", text).unwrap_err().to_string();
            assert!(
                error.starts_with("c.json: ") && error.contains(part),
                "{error}"
            );
        }
        let before = read(PAGE, None);
        let mut without = file(&before, "3.86亿元", |c| c.value = None);
        let text = serde_json::to_string(&without).unwrap();
        assert!(Corrections::read("c.json", &text).is_err());
        without.pages[0].corrections[0].decision = Decision::Wrong;
        let known = corrections(&without);
        assert_eq!(known.unseen(), [("a.txt", 1)]);
        let digest = sha256(PAGE.as_bytes());
        assert_eq!(known.concerning("b.txt", &digest).len(), 1);
        assert!(known.unseen().is_empty());
    }
}
