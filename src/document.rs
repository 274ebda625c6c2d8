//! Stage 4b: clean text, furniture and dates → what the page says of itself.

use crate::base::{DateSpan, Diagnostic, Span};
use crate::decode::Page;
use crate::lexicon::Lexicon;
use crate::normalize::{Clean, Paragraph, Role};
use crate::quantities::Quantities;
use crate::record;

/// What the user knows of a page that the page may not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Hints {
    /// When it was published.
    pub published: Option<DateSpan>,
    /// What time it speaks of.
    pub period: Option<DateSpan>,
}

/// What a page says of itself, the hints filling in what it does not.
#[derive(Debug, Clone, Default)]
pub struct Document {
    /// As it goes into the record.
    pub record: record::Document,
    /// The time it speaks of.
    pub period: Option<DateSpan>,
    /// When it was published.
    pub published: Option<DateSpan>,
    /// What does not fit.
    pub diagnostics: Vec<Diagnostic>,
}

/// How many paragraphs at the top may say what the page is.
const TOP: usize = 6;
/// Titles and issuers are shorter than this, in characters.
const LONGEST: usize = 60;

/// Reads title, issuer, region, period, date and page off the page.
#[must_use]
pub fn document(
    _page: &Page<'_>,
    clean: &Clean,
    quantities: &Quantities,
    hints: Hints,
    lexicon: &Lexicon,
) -> Document {
    let text = clean.text.as_str();
    let words = &lexicon.documents;
    let role = |p: &Paragraph| match p.role {
        Role::Body => guess(p.span.of(text), lexicon),
        said => said,
    };
    let top: Vec<(&Paragraph, Role)> = clean
        .paragraphs
        .iter()
        .take_while(|p| p.role != Role::Body || !ends_a_sentence(p.span.of(text)))
        .take(TOP)
        .map(|p| (p, role(p)))
        .collect();
    let first = |wanted: Role| top.iter().find(|t| t.1 == wanted).map(|t| t.0.span);
    let times = |span: Span| {
        let from = quantities
            .times
            .partition_point(|t| t.span.start < span.start);
        let to = quantities
            .times
            .partition_point(|t| t.span.start < span.end);
        quantities.times.get(from..to.max(from)).unwrap_or(&[])
    };
    let title = first(Role::Title);
    let issuer = first(Role::Issuer)
        .map(|s| s.of(text))
        .or_else(|| title.and_then(|s| words.body_in(s.of(text))))
        .or_else(|| {
            let opening = clean.paragraphs.first()?.span.of(text);
            words.body_in(opening.get(..opening.floor_char_boundary(240))?)
        });
    let region = issuer
        .and_then(|s| words.region_in(s))
        .or_else(|| title.and_then(|s| words.region_in(s.of(text))));
    let dated = first(Role::Dateline)
        .into_iter()
        .chain(title)
        .find_map(|s| {
            let time = times(s).iter().find(|t| t.expression.days.is_some())?;
            time.expression.resolve(None)
        });
    let published = dated.or(hints.published);
    let said = title.and_then(|s| {
        let time = times(s)
            .iter()
            .find(|t| t.expression.last_year.is_none() && t.expression.days.is_none())?;
        Some((
            time.span.of(text).to_owned(),
            time.expression.resolve(None)?,
        ))
    });
    let period = said.as_ref().map(|s| s.1).or(hints.period);
    Document {
        record: record::Document {
            title: title.map(|s| s.of(text).to_owned()),
            issuer: issuer.map(str::to_owned),
            region: region.map(|name| record::Region {
                name: name.to_owned(),
                code: None,
            }),
            period: period.map(|days| record::DocumentPeriod {
                text: said.map(|s| s.0),
                start: days.start.to_string(),
                end: days.end.to_string(),
            }),
            published: published.map(iso),
            page: clean.furniture.iter().find_map(|f| f.page.clone()),
        },
        period,
        published,
        diagnostics: Vec::new(),
    }
}

/// The shortest ISO 8601 form of a span: 2025, 2025-02, 2025-02-15.
fn iso(days: DateSpan) -> String {
    let (start, end) = (days.start, days.end);
    if start == end {
        start.to_string()
    } else if (start.year(), start.month()) == (end.year(), end.month()) {
        format!("{:04}-{:02}", start.year(), start.month())
    } else {
        format!("{:04}", end.year())
    }
}

fn ends_a_sentence(s: &str) -> bool {
    s.ends_with(['。', '；', '！', '：'])
}

/// What a line at the top looks like, when no earlier stage has said.
fn guess(line: &str, lexicon: &Lexicon) -> Role {
    let bare = line.trim_matches(['（', '）', '(', ')']);
    if bare.is_empty() || bare.chars().count() > LONGEST || ends_a_sentence(line) {
        return Role::Body;
    }
    if lexicon.names.numbered(line, &lexicon.numerals) && !lexicon.documents.is_title(line) {
        let time = crate::quantities::date::time(bare, 0, 0, lexicon);
        if time.is_some_and(|t| t.span.end as usize == bare.len()) {
            return Role::Dateline;
        }
        return Role::Body;
    }
    if lexicon.documents.is_title(line) {
        Role::Title
    } else if lexicon.documents.is_body(line) {
        Role::Issuer
    } else {
        let time = crate::quantities::date::time(bare, 0, 0, lexicon);
        match time {
            Some(t) if t.span.end as usize == bare.len() => Role::Dateline,
            _ => Role::Body,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::{EncodingChoice, decode};

    fn read(text: &str, hints: Hints) -> Document {
        let lexicon = Lexicon::builtin();
        let page = decode("t.txt", text.as_bytes(), EncodingChoice::Detect).unwrap();
        let clean = crate::normalize::normalize(&page, lexicon);
        let quantities = crate::quantities::quantities(&clean, lexicon);
        document(&page, &clean, &quantities, hints, lexicon)
    }

    #[test]
    fn title_issuer_and_date_on_their_own_lines() {
        let found = read(
            "临溪县2019年国民经济和社会发展统计公报\n临溪县统计局\n2020年4月16日\n全年粮食产量12万吨。",
            Hints::default(),
        );
        let record = found.record;
        assert_eq!(
            record.title.as_deref(),
            Some("临溪县2019年国民经济和社会发展统计公报")
        );
        assert_eq!(record.issuer.as_deref(), Some("临溪县统计局"));
        assert_eq!(record.region.map(|r| r.name).as_deref(), Some("临溪县"));
        assert_eq!(record.published.as_deref(), Some("2020-04-16"));
        assert_eq!(
            record.period.map(|p| p.start).as_deref(),
            Some("2019-01-01")
        );
    }

    #[test]
    fn hints_fill_in_what_the_page_does_not_say() {
        let hints = Hints {
            published: "2022-02".parse().ok(),
            period: "2021".parse().ok(),
        };
        let found = read("2021年，临溪县行政审批局推行便民服务，办件12件。", hints);
        assert_eq!(found.record.issuer.as_deref(), Some("临溪县行政审批局"));
        assert_eq!(found.record.published.as_deref(), Some("2022-02"));
        assert_eq!(
            found.record.period.map(|p| (p.text, p.end)),
            Some((None, "2021-12-31".into()))
        );
    }
}
