//! Reads gold: the labels that somebody gave a page by hand.
//!
//! A gold file is one JSON object: `text`, the clean text of the page; `document`, of which `year`
//! and `period` are read; `sections` with `label`, `title` and `level`; `indicators`; `checks`.
//! CONTRIBUTING.md says what the fields of an indicator hold. Fields that are not known here are
//! for others.

use std::collections::HashSet;

use serde::Deserialize;
use serde_json::Value;

use super::flat::squeeze;
use crate::base::{DateSpan, Decimal};
use crate::document::Hints;
use crate::record::{Basis, Measure, Precision, Status};

/// What is wrong with a gold file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}{message}")]
pub struct GoldError {
    /// What it is wrong with, ending in `: `, such as `indicator "g7": `; empty for the file.
    pub place: String,
    /// What was found and what was expected.
    pub message: String,
}

impl GoldError {
    fn new(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            message: message.into(),
        }
    }
}

/// The labels of one page.
#[derive(Debug, Clone)]
pub struct Gold {
    /// What the labeller knew of the page beyond its text: year of publication, time it speaks of.
    pub hints: Hints,
    /// The clean text.
    pub text: String,
    /// The text without white space.
    pub flat: Vec<char>,
    /// The sections, in reading order.
    pub sections: Vec<GoldSection>,
    /// The numeric statements, in reading order.
    pub indicators: Vec<GoldIndicator>,
    /// The page's own sums; none where nobody labelled them.
    pub checks: Option<Vec<GoldCheck>>,
}

/// A section.
#[derive(Debug, Clone, Deserialize)]
pub struct GoldSection {
    /// As printed: `（一）`.
    pub label: String,
    /// The heading behind it.
    pub title: String,
    /// Depth, from 1.
    pub level: u32,
}

/// A sum.
#[derive(Debug, Clone, Deserialize)]
pub struct GoldCheck {
    /// Id of the whole.
    pub total: String,
    /// Ids of its parts.
    pub parts: Vec<String>,
}

/// What a label says that the number is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GoldNumber {
    /// A value in the label's unit.
    Value(Decimal),
    /// The terms of a ratio, or numerator and denominator.
    Terms(Vec<Decimal>),
}

/// One numeric statement.
#[derive(Debug, Clone)]
pub struct GoldIndicator {
    /// Its id in the file.
    pub id: String,
    /// The text just before the mention.
    pub left: String,
    /// Number and unit as the clean text has them.
    pub mention: String,
    /// Its number.
    pub number: GoldNumber,
    /// The unit with its multiplier.
    pub unit: String,
    /// The names that are right.
    pub names: Vec<String>,
    /// What is stated.
    pub measure: Measure,
    /// How exact.
    pub precision: Precision,
    /// Measured against what.
    pub basis: Option<Basis>,
    /// The periods that are right; none in it for an indicator without one.
    pub periods: Vec<Option<DateSpan>>,
    /// Whether it has come true.
    pub status: Status,
    /// Labels of the sections around it, from the outside in: `二、/（三）`.
    pub section: String,
    /// Id of the indicator that it is a part, growth … of.
    pub of: Option<String>,
    /// True when finding it is neither rewarded nor punished.
    pub optional: bool,
    /// Where the mention begins in [`Gold::flat`].
    pub start: usize,
    /// One past its end there.
    pub end: usize,
}

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    document: Option<DocumentFields>,
    text: String,
    #[serde(default)]
    sections: Vec<Value>,
    indicators: Vec<Value>,
    #[serde(default)]
    checks: Option<Vec<Value>>,
}

#[derive(Deserialize)]
struct DocumentFields {
    #[serde(default)]
    year: Option<Value>,
    #[serde(default)]
    period: Option<Value>,
}

#[derive(Deserialize)]
struct IndicatorFields {
    id: String,
    left: String,
    mention: String,
    value: Option<Value>,
    unit: Option<String>,
    #[serde(default)]
    components: Option<Vec<Value>>,
    name: Vec<String>,
    measure: Measure,
    precision: Precision,
    basis: Option<Basis>,
    period: Option<String>,
    #[serde(default)]
    period_also: Vec<String>,
    status: Status,
    section: Option<String>,
    of: Option<String>,
    #[serde(default)]
    optional: bool,
}

impl Gold {
    /// Reads a gold file.
    ///
    /// ```
    /// use gongbao::eval::Gold;
    /// let error = Gold::read(r#"{"text": "造林9亩。", "indicators": [{"id": "g1"}]}"#).unwrap_err();
    /// assert_eq!(error.to_string(), "indicator \"g1\": missing field `left`");
    /// ```
    ///
    /// # Errors
    /// When it is no JSON, lacks a field, has a value that the field cannot have, an id twice or
    /// one that does not exist, or a mention that is not in its text.
    pub fn read(json: &str) -> Result<Self, GoldError> {
        let file: File =
            serde_json::from_str(json).map_err(|error| GoldError::new("", error.to_string()))?;
        let mut gold = Self {
            hints: hints(file.document.as_ref())?,
            flat: squeeze(&file.text),
            text: file.text,
            sections: parts("section", file.sections)?,
            indicators: Vec::with_capacity(file.indicators.len()),
            checks: match file.checks {
                Some(checks) => Some(parts("check", checks)?),
                None => None,
            },
        };
        let mut at = 0;
        for (i, value) in file.indicators.into_iter().enumerate() {
            let place = match value.get("id").and_then(Value::as_str) {
                Some(id) => format!("indicator {id:?}: "),
                None => format!("indicator number {}: ", i + 1),
            };
            let fields: IndicatorFields = serde_json::from_value(value)
                .map_err(|error| GoldError::new(&place, error.to_string()))?;
            let indicator = indicator(fields, &gold.flat, at)
                .map_err(|message| GoldError::new(&place, message))?;
            at = indicator.end;
            gold.indicators.push(indicator);
        }
        gold.ids()?;
        Ok(gold)
    }

    /// Every id stands for one indicator.
    fn ids(&self) -> Result<(), GoldError> {
        let mut known = HashSet::new();
        for g in &self.indicators {
            if !known.insert(g.id.as_str()) {
                return Err(GoldError::new(
                    format!("indicator {:?}: ", g.id),
                    "another one has this id, too; expected one of its own",
                ));
            }
        }
        let unknown = |place: String, id: &str| {
            let message =
                format!("there is no indicator {id:?}; expected the id of one in this file");
            Err(GoldError::new(place, message))
        };
        for g in &self.indicators {
            if let Some(of) = g.of.as_deref().filter(|&of| !known.contains(of)) {
                return unknown(format!("indicator {:?}: of: ", g.id), of);
            }
        }
        for (i, check) in self.checks.iter().flatten().enumerate() {
            let mut ids = check.parts.iter().chain([&check.total]);
            if let Some(id) = ids.find(|&id| !known.contains(id.as_str())) {
                return unknown(format!("check number {}: ", i + 1), id);
            }
        }
        Ok(())
    }
}

fn parts<T: for<'de> Deserialize<'de>>(
    kind: &str,
    values: Vec<Value>,
) -> Result<Vec<T>, GoldError> {
    let read = |(i, value)| {
        serde_json::from_value(value).map_err(|error| {
            GoldError::new(format!("{kind} number {}: ", i + 1), error.to_string())
        })
    };
    values.into_iter().enumerate().map(read).collect()
}

/// What there is to say; an empty word is none.
fn said(value: Option<&Value>) -> Option<String> {
    let text = match value? {
        Value::Null => return None,
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    (!text.is_empty()).then_some(text)
}

fn hints(document: Option<&DocumentFields>) -> Result<Hints, GoldError> {
    let read = |key: &str, value: Option<&Value>| {
        said(value)
            .map(|text| span(&text))
            .transpose()
            .map_err(|message| GoldError::new(format!("document.{key}: "), message))
    };
    Ok(Hints {
        published: read("year", document.and_then(|d| d.year.as_ref()))?,
        period: read("period", document.and_then(|d| d.period.as_ref()))?,
        ..Hints::default()
    })
}

fn span(text: &str) -> Result<DateSpan, String> {
    text.parse().map_err(|error| format!("{error}"))
}

fn period(text: &str) -> Result<Option<DateSpan>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    span(text).map(Some)
}

fn indicator(fields: IndicatorFields, flat: &[char], at: usize) -> Result<GoldIndicator, String> {
    let number = number(&fields)?;
    let mut periods = vec![
        period(fields.period.as_deref().unwrap_or_default())
            .map_err(|message| format!("period: {message}"))?,
    ];
    for also in &fields.period_also {
        periods.push(period(also).map_err(|message| format!("period_also: {message}"))?);
    }
    if fields.name.is_empty() {
        return Err("name: the list is empty; expected at least one acceptable name".to_owned());
    }
    let (left, mention) = (squeeze(&fields.left), squeeze(&fields.mention));
    if mention.is_empty() {
        return Err("mention: it is empty; expected number and unit as in the text".to_owned());
    }
    let sought = [left.as_slice(), mention.as_slice()].concat();
    // a `left` may reach back over the mention before it
    let found = find(flat, &sought, at.saturating_sub(40)).or_else(|| find(flat, &sought, 0));
    let Some(found) = found else {
        return Err(format!(
            "{}[{}] is not in its text; expected `left` and `mention` as they stand there",
            fields.left, fields.mention
        ));
    };
    let start = found + left.len();
    Ok(GoldIndicator {
        number,
        periods,
        start,
        end: start + mention.len(),
        id: fields.id,
        left: fields.left,
        mention: fields.mention,
        unit: fields.unit.unwrap_or_default(),
        names: fields.name,
        measure: fields.measure,
        precision: fields.precision,
        basis: fields.basis,
        status: fields.status,
        section: fields.section.unwrap_or_default(),
        of: fields.of.filter(|of| !of.is_empty()),
        optional: fields.optional,
    })
}

fn number(fields: &IndicatorFields) -> Result<GoldNumber, String> {
    let decimal = |key: &str, text: &str| {
        text.parse::<Decimal>().map_err(|error| {
            format!("{key}: {error}; expected a number such as \"887115.5\" or a fraction such as \"1/3\"")
        })
    };
    if let Some(terms) = fields
        .components
        .as_deref()
        .filter(|terms| !terms.is_empty())
    {
        let terms = terms
            .iter()
            .map(|term| decimal("components", &said(Some(term)).unwrap_or_default()));
        return Ok(GoldNumber::Terms(terms.collect::<Result<_, _>>()?));
    }
    let Some(value) = said(fields.value.as_ref()) else {
        return Err("it has neither `value` nor `components`; expected one of them".to_owned());
    };
    if value.contains('/') {
        let terms = value.split('/').map(|term| decimal("value", term));
        return Ok(GoldNumber::Terms(terms.collect::<Result<_, _>>()?));
    }
    Ok(GoldNumber::Value(decimal("value", &value)?))
}

fn find(text: &[char], sought: &[char], from: usize) -> Option<usize> {
    let at = text
        .get(from..)?
        .windows(sought.len())
        .position(|w| w == sought)?;
    Some(from + at)
}

#[cfg(test)]
pub(super) mod tests {
    use serde_json::json;

    use super::*;

    /// A gold file of one village with three numbers and a sum.
    pub(crate) fn example() -> Value {
        let indicator =
            |id: &str, left: &str, mention: &str, value: &str, name: &str, of: Option<&str>| {
                json!({
                    "id": id, "left": left, "mention": mention, "value": value, "unit": "亩",
                    "name": [name], "measure": "level", "precision": "exact", "basis": null,
                    "period": "2022", "status": "actual", "section": "一、", "of": of,
                    "rel": null, "components": null, "optional": false
                })
            };
        json!({
            "page": "example",
            "document": {"year": 2023, "period": "2022"},
            "text": "一、造林\n全年造林30亩，其中杉木12亩、油茶18亩。",
            "sections": [{"label": "一、", "title": "造林", "level": 1}],
            "indicators": [
                indicator("g1", "全年造林", "30亩", "30", "造林", None),
                indicator("g2", "其中杉木", "12亩", "12", "杉木", Some("g1")),
                indicator("g3", "油茶", "18亩", "18", "油茶", Some("g1")),
            ],
            "checks": [{"total": "g1", "parts": ["g2", "g3"]}]
        })
    }

    #[test]
    fn a_gold_is_read() {
        let gold = Gold::read(&example().to_string()).unwrap();
        assert_eq!(gold.hints.published, "2023".parse().ok());
        assert_eq!(gold.hints.period, "2022".parse().ok());
        let spans: Vec<_> = gold.indicators.iter().map(|g| (g.start, g.end)).collect();
        assert_eq!(spans, [(8, 11), (16, 19), (22, 25)]);
        assert_eq!(
            gold.indicators[1].number,
            GoldNumber::Value(Decimal::from(12))
        );
    }

    #[test]
    fn terms_of_ratios_and_fractions() {
        let number = |value: Value, components: Value| {
            let mut file = example();
            file["indicators"][0]["value"] = value;
            file["indicators"][0]["components"] = components;
            Gold::read(&file.to_string()).unwrap().indicators[0]
                .number
                .clone()
        };
        let terms = |terms: &[i64]| GoldNumber::Terms(terms.iter().map(|&t| t.into()).collect());
        assert_eq!(number(json!(null), json!(["2", 3])), terms(&[2, 3]));
        assert_eq!(number(json!("1/3"), json!(null)), terms(&[1, 3]));
        assert_eq!(number(json!(7), json!([])), GoldNumber::Value(7.into()));
    }

    #[test]
    fn a_broken_gold_says_where_and_what_was_expected() {
        let cases = [
            (
                "/indicators/1/mention",
                json!("13亩"),
                "indicator \"g2\": 其中杉木[13亩] is not in its text; expected",
            ),
            (
                "/indicators/1/mention",
                json!(" "),
                "indicator \"g2\": mention: it is empty; expected number",
            ),
            (
                "/indicators/0/value",
                json!("三十"),
                "indicator \"g1\": value: not a decimal of at most 28 digits: \"三十\"; expected a number",
            ),
            (
                "/indicators/0/value",
                json!(null),
                "indicator \"g1\": it has neither `value` nor `components`",
            ),
            (
                "/indicators/2/measure",
                json!("count"),
                "indicator \"g3\": unknown variant `count`, expected one of `level`",
            ),
            (
                "/indicators/2/period",
                json!("2022-13"),
                "indicator \"g3\": period: not a period: \"2022-13\"; expected YYYY",
            ),
            (
                "/indicators/2/name",
                json!([]),
                "indicator \"g3\": name: the list is empty",
            ),
            (
                "/indicators/2/of",
                json!("g9"),
                "indicator \"g3\": of: there is no indicator \"g9\"",
            ),
            (
                "/indicators/2/id",
                json!("g2"),
                "indicator \"g2\": another one has this id",
            ),
            (
                "/indicators/2/id",
                json!(3),
                "indicator number 3: invalid type",
            ),
            (
                "/checks/0/parts/1",
                json!("g7"),
                "check number 1: there is no indicator \"g7\"",
            ),
            (
                "/sections/0/level",
                json!("one"),
                "section number 1: invalid type",
            ),
            (
                "/document/year",
                json!("this"),
                "document.year: not a period: \"this\"",
            ),
        ];
        for (pointer, value, want) in cases {
            let mut file = example();
            *file.pointer_mut(pointer).unwrap() = value;
            let error = Gold::read(&file.to_string()).unwrap_err().to_string();
            assert!(error.starts_with(want), "{pointer}: {error}");
        }
        let error = Gold::read("{\"text\": \"\"}").unwrap_err().to_string();
        assert!(error.starts_with("missing field `indicators`"), "{error}");
    }
}
