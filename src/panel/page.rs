//! What a panel needs of a record, in little room: a hundred thousand of them are held at once.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Query, Stated};
use crate::base::{DateSpan, Decimal};
use crate::record::{Basis, Measure, Precision, Relation, SCHEMA, Status};

/// A record, as far as panels need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Name of the file that it was read from.
    pub name: String,
    /// SHA-256 of that, lower-case hexadecimal: what tells records apart.
    pub sha256: String,
    /// The place that it speaks of: name and code.
    pub region: Option<(String, Option<String>)>,
    /// Date of publication, as the record has it.
    pub published: Option<String>,
    /// Time that it speaks of.
    pub period: Option<DateSpan>,
    /// The numbers on it that may fill cells, in reading order.
    pub statements: Vec<Statement>,
    /// What was left out of it.
    pub left_out: LeftOut,
    /// The texts of the statements, behind each other.
    texts: String,
}

/// Numbers of wanted concepts that fill no cell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Of a page that speaks of no place.
    pub no_region: u64,
    /// Without a time.
    pub no_time: u64,
    /// Of a part of a year, such as a quarter.
    pub part_of_year: u64,
    /// Of several years.
    pub several_years: u64,
    /// Targets, or what else `--status` leaves out.
    pub status: u64,
    /// Against something else than the year before: 年均, 比2020年, 超计划.
    pub basis: u64,
    /// Without a single value: ratios, fractions.
    pub no_value: u64,
}

impl LeftOut {
    /// Adds `other` to it.
    pub(super) fn add(&mut self, other: Self) {
        self.no_region += other.no_region;
        self.no_time += other.no_time;
        self.part_of_year += other.part_of_year;
        self.several_years += other.several_years;
        self.status += other.status;
        self.basis += other.basis;
        self.no_value += other.no_value;
    }
}

/// A text of a page, by its place in [`Page::text`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text {
    start: u32,
    end: u32,
}

/// A number of a page that may fill a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Id of the concept.
    pub concept: Text,
    /// What is stated of it, as columns tell it.
    pub stated: Stated,
    /// The same as the record has it.
    pub measure: Measure,
    /// Id of the indicator in its record.
    pub id: Text,
    /// What it is called.
    pub name: Text,
    /// As written.
    pub value: Decimal,
    /// As written.
    pub unit: Text,
    /// The unit without its multiplier.
    pub base_unit: Text,
    /// How exact it claims to be.
    pub precision: Precision,
    /// The least that it may be, in its unit, where it is not exact.
    pub lower: Option<Decimal>,
    /// The most likewise.
    pub upper: Option<Decimal>,
    /// What it is measured against.
    pub basis: Option<Basis>,
    /// The time it speaks of.
    pub period: DateSpan,
    /// The row of that time: its year, for panels of years.
    pub year: i16,
    /// Whether it has come true.
    pub status: Status,
    /// True for a level that is told again: of an earlier time than its page speaks of, or only said to
    /// measure another number by.
    pub restated: bool,
    /// Number and unit as the page has them.
    pub mention: Text,
    /// The clause around it.
    pub quote: Text,
    /// The file that it stands in, where that is not the page's own.
    pub file: Option<Text>,
    /// Line of its first byte, from 1.
    pub line: u32,
    /// First byte.
    pub start: u64,
    /// One past the last byte.
    pub end: u64,
}

impl Page {
    /// The text at `place`, of a statement of this page.
    #[must_use]
    pub fn text(&self, place: Text) -> &str {
        let range = place.start as usize..place.end as usize;
        self.texts.get(range).unwrap_or_default()
    }

    /// What pages are put in order by: equal ones are one.
    pub(super) fn order(&self, other: &Self) -> std::cmp::Ordering {
        fn key(page: &Page) -> (&str, &str) {
            (&page.name, &page.sha256)
        }
        fn ends(page: &Page) -> impl Ord {
            (&page.published, &page.region, page.period)
        }
        key(self)
            .cmp(&key(other))
            .then_with(|| match self == other {
                true => std::cmp::Ordering::Equal,
                // one page, read twice in different ways
                false => ends(self)
                    .cmp(&ends(other))
                    .then_with(|| self.texts.cmp(&other.texts))
                    .then_with(|| format!("{self:?}").cmp(&format!("{other:?}"))),
            })
    }

    fn keep(&mut self, text: &str) -> Text {
        let place = |start: usize| Text {
            start: u32::try_from(start).unwrap_or(u32::MAX),
            end: u32::try_from(start + text.len()).unwrap_or(u32::MAX),
        };
        let start = self.texts.len();
        self.texts.push_str(text);
        place(start)
    }

    /// The same for a text that the statement before may have, too.
    fn keep_again(&mut self, text: &str, before: Option<Text>) -> Text {
        match before {
            Some(known) if self.text(known) == text => known,
            _ => self.keep(text),
        }
    }
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct RawRecord<'a> {
    #[serde(borrow)]
    schema: Cow<'a, str>,
    source: RawPageSource,
    #[serde(borrow)]
    document: RawDocument<'a>,
    #[serde(borrow)]
    indicators: Vec<RawIndicator<'a>>,
}

#[derive(Deserialize)]
struct RawPageSource {
    name: String,
    sha256: String,
}

#[derive(Deserialize)]
struct RawDocument<'a> {
    region: Option<RawRegion>,
    #[serde(borrow)]
    period: Option<RawPeriod<'a>>,
    published: Option<String>,
}

#[derive(Deserialize)]
struct RawRegion {
    name: String,
    code: Option<String>,
}

#[derive(Deserialize)]
struct RawPeriod<'a> {
    #[serde(borrow)]
    start: Cow<'a, str>,
    #[serde(borrow)]
    end: Cow<'a, str>,
}

#[derive(Deserialize)]
struct RawIndicator<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    name: Cow<'a, str>,
    concept: Option<String>,
    measure: Measure,
    #[serde(borrow)]
    value: Option<&'a RawValue>,
    #[serde(borrow)]
    unit: Cow<'a, str>,
    #[serde(borrow)]
    base_unit: Cow<'a, str>,
    precision: Precision,
    #[serde(borrow)]
    lower: Option<&'a RawValue>,
    #[serde(borrow)]
    upper: Option<&'a RawValue>,
    basis: Option<Basis>,
    #[serde(borrow)]
    period: Option<RawPeriod<'a>>,
    status: Status,
    of: Option<serde::de::IgnoredAny>,
    relation: Option<Relation>,
    #[serde(borrow)]
    mention: Cow<'a, str>,
    #[serde(borrow)]
    quote: Cow<'a, str>,
    source: RawSource,
}

#[derive(Deserialize)]
struct RawSource {
    start: u64,
    end: u64,
    line: u32,
    pieces: Option<Vec<RawPiece>>,
}

#[derive(Deserialize)]
struct RawPiece {
    file: String,
}

impl RawPeriod<'_> {
    fn days(&self) -> Option<DateSpan> {
        let (start, end) = self.start.parse().ok().zip(self.end.parse().ok())?;
        (start <= end).then_some(DateSpan { start, end })
    }
}

/// What `query` asks for of the record `json`; else what is wrong with it.
pub(super) fn read(json: &[u8], query: &Query) -> Result<Page, String> {
    let expected = "expected a record as gongbao extract or batch writes it";
    let text = simdutf8::compat::from_utf8(json)
        .map_err(|error| format!("it is no UTF-8 (byte {}); {expected}", error.valid_up_to()))?;
    let raw: RawRecord<'_> = serde_json::from_str(text).map_err(|error| {
        let what = match error.classify() {
            serde_json::error::Category::Data => "it is no record",
            _ => "it is no JSON",
        };
        format!("{what}: {error}; {expected}")
    })?;
    if raw.schema != SCHEMA {
        return Err(format!(
            "its schema is {:?}; {expected}, {SCHEMA:?}",
            raw.schema
        ));
    }
    let mut page = Page {
        name: raw.source.name,
        sha256: raw.source.sha256,
        region: raw.document.region.map(|region| (region.name, region.code)),
        published: raw.document.published,
        period: raw.document.period.and_then(|period| period.days()),
        statements: Vec::new(),
        left_out: LeftOut::default(),
        texts: String::new(),
    };
    for indicator in &raw.indicators {
        page.take(indicator, query)
            .map_err(|message| format!("indicator {:?}: {message}; {expected}", indicator.id))?;
    }
    page.texts.shrink_to_fit();
    page.statements.shrink_to_fit();
    Ok(page)
}

/// What kept a number out of its cell.
type Count = fn(&mut LeftOut) -> &mut u64;

impl Page {
    /// Keeps `indicator` if it may fill a cell.
    fn take(&mut self, indicator: &RawIndicator<'_>, query: &Query) -> Result<(), String> {
        let Some(concept) = indicator.concept.as_deref() else {
            return Ok(());
        };
        let Some(stated) = Stated::of(indicator.measure) else {
            return Ok(());
        };
        if !query.wants(concept, stated) {
            return Ok(());
        }
        let place = match self.place(indicator, stated, query) {
            Ok(place) => place,
            Err(count) => {
                *count(&mut self.left_out) += 1;
                return Ok(());
            }
        };
        let Some(value) = decimal(indicator.value)? else {
            self.left_out.no_value += 1;
            return Ok(());
        };
        let (period, year) = place;
        let earlier = self.period.is_some_and(|own| period.end < own.start);
        let beside = indicator.of.is_some() && indicator.relation != Some(Relation::Part);
        let before = self.statements.last().cloned();
        let before = before.as_ref();
        let file = indicator.source.pieces.iter().flatten().next();
        let file = file.filter(|piece| piece.file != self.name);
        let statement = Statement {
            concept: self.keep_again(concept, before.map(|b| b.concept)),
            stated,
            measure: indicator.measure,
            id: self.keep(&indicator.id),
            name: self.keep_again(&indicator.name, before.map(|b| b.name)),
            value,
            unit: self.keep_again(&indicator.unit, before.map(|b| b.unit)),
            base_unit: self.keep_again(&indicator.base_unit, before.map(|b| b.base_unit)),
            precision: indicator.precision,
            lower: decimal(indicator.lower)?,
            upper: decimal(indicator.upper)?,
            basis: indicator.basis,
            period,
            year,
            status: indicator.status,
            restated: stated == Stated::Value && (earlier || beside),
            mention: self.keep(&indicator.mention),
            quote: self.keep_again(&indicator.quote, before.map(|b| b.quote)),
            file: file.map(|piece| self.keep(&piece.file)),
            line: indicator.source.line,
            start: indicator.source.start,
            end: indicator.source.end,
        };
        self.statements.push(statement);
        Ok(())
    }

    /// The time of `indicator` and its year, if it may fill a cell there; else what it is counted as.
    fn place(
        &self,
        indicator: &RawIndicator<'_>,
        stated: Stated,
        query: &Query,
    ) -> Result<(DateSpan, i16), Count> {
        if !query.statuses.contains(&indicator.status) {
            return Err(|l| &mut l.status);
        }
        if !stated.goes_with(indicator.basis) {
            return Err(|l| &mut l.basis);
        }
        if self.region.is_none() {
            return Err(|l| &mut l.no_region);
        }
        let days = indicator.period.as_ref().and_then(RawPeriod::days);
        let Some(days) = days else {
            return Err(|l| &mut l.no_time);
        };
        let year = days.end.year();
        // what there is at the end of a year is that year's: 截至12月31日
        let stock = days.start == days.end && stated == Stated::Value;
        let is_year =
            DateSpan::year(year).is_ok_and(|whole| whole == days || stock && days.end == whole.end);
        match (is_year, query.years) {
            (true, _) | (_, false) => Ok((days, year)),
            _ if days.start.year() == year => Err(|l| &mut l.part_of_year),
            _ => Err(|l| &mut l.several_years),
        }
    }
}

fn decimal(raw: Option<&RawValue>) -> Result<Option<Decimal>, String> {
    let parse = |raw: &RawValue| {
        raw.get()
            .parse()
            .map_err(|_| format!("{} is no decimal", raw.get()))
    };
    raw.map(parse).transpose()
}
