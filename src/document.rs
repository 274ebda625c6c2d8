//! Stage 4b: clean text, furniture and dates → what the page says of itself.

mod region;

use crate::base::{DateSpan, Diagnostic, Span};
use crate::decode::Page;
use crate::lexicon::Lexicon;
use crate::normalize::{Clean, Role, is_blank, width};
use crate::quantities::Quantities;
use crate::quantities::date::{self, Time};
use crate::record;

/// What the user knows of a page that the page may not say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hints {
    /// When it was published.
    pub published: Option<DateSpan>,
    /// What time it speaks of.
    pub period: Option<DateSpan>,
    /// The place that it speaks of: its name, or its code of GB/T 2260 (`140826`, `CN140826`).
    pub region: Option<String>,
    /// The body that issued it.
    pub issuer: Option<String>,
    /// Page of the paper: `A1`.
    pub page: Option<String>,
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
    /// True for a report to an assembly, called after the year in which it is given.
    pub annual: bool,
    /// What does not fit.
    pub diagnostics: Vec<Diagnostic>,
}

/// How far into the running text the issuer's name is looked for, in bytes (80 Han characters).
const OPENING: usize = 240;

/// Reads title, issuer, region, period, date and page off the page.
///
/// Title, issuer and dateline are the paragraphs of these roles. What they do not say is looked
/// for in the furniture (date, page), in the words that the text begins with (`2021年，…局`), and in
/// the hints, in this order. The region's code is the one that its name had in the page's year.
#[must_use]
pub fn document(
    page: &Page<'_>,
    clean: &Clean,
    quantities: &Quantities,
    hints: &Hints,
    lexicon: &Lexicon,
) -> Document {
    let text = clean.text.as_str();
    let words = &lexicon.documents;
    let first = |wanted: Role| {
        clean
            .paragraphs
            .iter()
            .find(|p| p.role == wanted)
            .map(|p| p.span)
    };
    let opening = first(Role::Body).map(|s| {
        let end = text.floor_char_boundary((s.end as usize).min(s.start as usize + OPENING));
        Span::new(s.start as usize, end)
    });
    let title = first(Role::Title);
    let issuer = first(Role::Issuer).map(|s| s.of(text)).or_else(|| {
        let named = |s: Span| without_times(s, quantities).find_map(|s| words.body_in(s.of(text)));
        title.and_then(named).or_else(|| opening.and_then(named))
    });
    let published = first(Role::Dateline)
        .and_then(|s| {
            let time = times(s, quantities)
                .iter()
                .find(|t| t.expression.days.is_some())?;
            time.expression.resolve(None)
        })
        .or_else(|| printed_date(page, clean, lexicon))
        .or(hints.published);
    // A report to an assembly is called after the year in which it is given; what it speaks of is
    // the year before, and the hint says so better.
    let annual = title.is_some_and(|s| words.is_called_after_its_year(s.of(text)));
    let said = title
        .filter(|_| !annual)
        .and_then(|s| year_said(times(s, quantities), text))
        .or_else(|| {
            let opening = opening?;
            let time = times(opening, quantities).first()?;
            let starts = time.span.start == opening.start;
            year_said(starts.then_some(time).map(std::slice::from_ref)?, text)
        });
    let before = || {
        let (_, given) = title
            .filter(|_| annual)
            .and_then(|s| year_said(times(s, quantities), text))?;
        DateSpan::year(given.start.year().checked_sub(1)?).ok()
    };
    let period = said.as_ref().map(|s| s.1).or(hints.period).or_else(before);
    let year = period.or(published).map(|days| days.end.year());
    let (region, diagnostics) = region::region(&region::Said {
        page,
        clean,
        quantities,
        hints,
        lexicon,
        issuer,
        year,
    });
    let page_said = clean.furniture.iter().find_map(|f| f.page.clone());
    Document {
        record: record::Document {
            title: title.map(|s| s.of(text).to_owned()),
            issuer: issuer.map(str::to_owned).or_else(|| hints.issuer.clone()),
            region,
            period: period.map(|days| record::DocumentPeriod {
                text: said.map(|s| s.0),
                start: days.start.to_string(),
                end: days.end.to_string(),
            }),
            published: published.map(iso),
            page: page_said.or_else(|| hints.page.clone()),
        },
        period,
        published,
        annual,
        diagnostics,
    }
}

/// The times inside a span of the clean text.
fn times(span: Span, quantities: &Quantities) -> &[Time] {
    let at = |offset: u32| quantities.times.partition_point(|t| t.span.start < offset);
    let (from, to) = (at(span.start), at(span.end));
    quantities.times.get(from..to.max(from)).unwrap_or(&[])
}

/// The parts of a span between the times in it: `2026年` is no part of a place's name.
fn without_times(span: Span, quantities: &Quantities) -> impl Iterator<Item = Span> {
    let times = times(span, quantities);
    let starts = std::iter::once(span.start).chain(times.iter().map(|t| t.span.end));
    let ends = times
        .iter()
        .map(|t| t.span.start)
        .chain(std::iter::once(span.end));
    starts
        .zip(ends)
        .filter(|(start, end)| start < end)
        .map(|(start, end)| Span { start, end })
}

/// The first period, no single day, that needs nothing else to be understood.
fn year_said(times: &[Time], text: &str) -> Option<(String, DateSpan)> {
    let time = times
        .iter()
        .find(|t| t.expression.last_year.is_none() && t.expression.days.is_none())?;
    Some((
        time.span.of(text).to_owned(),
        time.expression.resolve(None)?,
    ))
}

/// The day that folio lines or crumbs of a web page name.
fn printed_date(page: &Page<'_>, clean: &Clean, lexicon: &Lexicon) -> Option<DateSpan> {
    clean.furniture.iter().find_map(|furniture| {
        let line: String = furniture
            .span
            .of(&page.text)
            .chars()
            .filter(|&c| !is_blank(c))
            .map(|c| width::fold(c, lexicon).unwrap_or(c))
            .collect();
        let day = |at: usize| {
            let iso = line
                .get(at..at + 10)
                .and_then(|s| s.parse::<DateSpan>().ok());
            iso.or_else(|| date::time(&line, at, at, lexicon)?.expression.resolve(None))
                .filter(|days| days.start == days.end)
        };
        line.char_indices().find_map(|(at, _)| day(at))
    })
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::{EncodingChoice, decode};

    fn read(text: &str, hints: Hints) -> Document {
        let lexicon = Lexicon::builtin();
        let page = decode("t.txt", text.as_bytes(), EncodingChoice::Detect).unwrap();
        let clean = crate::normalize::normalize(&page, lexicon);
        let quantities = crate::quantities::quantities(&clean, lexicon);
        document(&page, &clean, &quantities, &hints, lexicon)
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
            ..Hints::default()
        };
        let found = read("全年办件12件，群众满意率98%。", hints);
        assert_eq!(found.record.published.as_deref(), Some("2022-02"));
        assert_eq!(
            found.record.period.map(|p| (p.text, p.end)),
            Some((None, "2021-12-31".into()))
        );
    }

    #[test]
    fn place_body_and_page_are_those_of_the_page_before_those_of_the_hints() {
        let hints = Hints {
            region: Some("望川市".to_owned()),
            issuer: Some("望川市统计局".to_owned()),
            page: Some("B7".to_owned()),
            ..Hints::default()
        };
        let silent = read("全年办件12件，群众满意率98%。", hints.clone()).record;
        assert_eq!(silent.issuer.as_deref(), Some("望川市统计局"));
        assert_eq!(silent.page.as_deref(), Some("B7"));
        let region = silent.region.unwrap();
        assert_eq!((region.name.as_str(), region.code), ("望川市", None));

        let telling = read(
            "A2版 要闻 2023年3月8日 星期三 责任编辑：郑小禾\n2021年，临溪县行政审批局推行便民服务，办件12件。",
            hints,
        )
        .record;
        assert_eq!(telling.issuer.as_deref(), Some("临溪县行政审批局"));
        assert_eq!(telling.region.map(|r| r.name).as_deref(), Some("临溪县"));
        assert_eq!(telling.page.as_deref(), Some("A2"));
    }

    #[test]
    fn the_opening_words_say_issuer_and_year() {
        let found = read(
            "2021年，临溪县行政审批局推行便民服务，办件12件。",
            Hints::default(),
        );
        assert_eq!(found.record.issuer.as_deref(), Some("临溪县行政审批局"));
        assert_eq!(
            found.record.region.map(|r| r.name).as_deref(),
            Some("临溪县")
        );
        let period = found.record.period.unwrap();
        assert_eq!(
            (period.text.as_deref(), period.end.as_str()),
            (Some("2021年"), "2021-12-31")
        );
    }

    #[test]
    fn the_folio_says_date_and_page() {
        let found = read(
            "A2版 要闻 2023年3月8日 星期三 责任编辑：郑小禾\n全年办件12件。",
            Hints::default(),
        );
        assert_eq!(found.record.published.as_deref(), Some("2023-03-08"));
        assert_eq!(found.record.page.as_deref(), Some("A2"));
    }

    #[test]
    fn a_report_called_after_its_year_speaks_of_the_one_before() {
        let hints = Hints {
            period: "2025".parse().ok(),
            ..Hints::default()
        };
        let found = read(
            "2026年临溪县政府工作报告\n——2026年1月16日在临溪县第十八届人民代表大会第三次会议上\n粮食产量12万吨。",
            hints,
        );
        assert_eq!(
            found.record.region.map(|r| r.name).as_deref(),
            Some("临溪县")
        );
        assert_eq!(found.record.published.as_deref(), Some("2026-01-16"));
        assert_eq!(
            found.record.period.map(|p| p.start).as_deref(),
            Some("2025-01-01")
        );
    }

    /// Name and code of the page's region, and the codes of what was found.
    fn place(text: &str, hints: Hints) -> (String, Vec<&'static str>) {
        let found = read(text, hints);
        let region = found.record.region.map_or_else(String::new, |r| {
            format!("{} {}", r.name, r.code.as_deref().unwrap_or("-"))
        });
        let codes = found.diagnostics.iter().map(|d| d.code).collect();
        (region, codes)
    }

    #[test]
    fn the_code_is_that_of_the_page_s_year() {
        for (title, expected) in [
            ("绛县2021年国民经济和社会发展统计公报", "绛县 140826"),
            ("绛县1998年国民经济和社会发展统计公报", "绛县 142731"),
            ("2026年上海市政府工作报告", "上海市 310000"),
            ("2026年内蒙古自治区政府工作报告", "内蒙古自治区 150000"),
            ("徐汇区2019年工作总结", "徐汇区 310104"),
            ("關於雲南省2019年工作總結", "雲南省 530000"),
            ("云南2019年工作总结", "云南 530000"),
            ("临溪县2019年工作总结", "临溪县 -"),
            ("运城市绛县2019年工作总结", "绛县 140826"),
            ("四川省临溪县2019年工作总结", "临溪县 -"),
        ] {
            let page = format!("{title}\n全年粮食产量12万吨。");
            let (region, codes) = place(&page, Hints::default());
            assert_eq!(region, expected, "{title}");
            assert!(codes.is_empty(), "{title}: {codes:?}");
        }
    }

    #[test]
    fn an_ambiguous_name_needs_more_than_itself() {
        let page = "鼓楼区2019年工作总结\n全年粮食产量12万吨。";
        let (region, codes) = place(page, Hints::default());
        assert_eq!(region, "鼓楼区 -");
        assert_eq!(codes, ["region-ambiguous"]);
        let told = read(page, Hints::default()).diagnostics.remove(0).message;
        assert!(told.contains("350102 (福建省 福州市 鼓楼区)"), "{told}");

        let hinted = |region: &str| Hints {
            region: Some(region.to_owned()),
            ..Hints::default()
        };
        for (hint, expected) in [
            ("350102", "鼓楼区 350102"),
            ("CN410204", "鼓楼区 410204"),
            ("徐州市", "鼓楼区 320302"),
            ("福建", "鼓楼区 350102"),
            ("四川省", "鼓楼区 -"),
        ] {
            assert_eq!(place(page, hinted(hint)).0, expected, "{hint}");
        }
        let margin = format!("来源：南京日报\n{page}");
        assert_eq!(place(&margin, Hints::default()).0, "鼓楼区 320106");
        let issuer = Hints {
            issuer: Some("徐州市统计局".to_owned()),
            ..Hints::default()
        };
        assert_eq!(place(page, issuer).0, "鼓楼区 320302");
    }

    #[test]
    fn a_name_of_other_years_has_no_code() {
        let page = "崇文区2019年工作总结\n全年粮食产量12万吨。";
        let (region, codes) = place(page, Hints::default());
        assert_eq!(
            (region.as_str(), codes),
            ("崇文区 -", vec!["region-other-year"])
        );
    }

    #[test]
    fn the_dateline_of_a_report_says_the_place_where_the_title_does_not() {
        let page = "政府工作报告\n——2026年1月27日在青海省第十四届人民代表大会第四次会议上\n各位代表：\n粮食产量12万吨。";
        assert_eq!(place(page, Hints::default()).0, "青海省 630000");
    }

    #[test]
    fn hints_are_names_or_codes() {
        let page = "2019年，全年粮食产量12万吨。";
        let hinted = |region: &str| {
            let region = Some(region.to_owned());
            place(
                page,
                Hints {
                    region,
                    ..Hints::default()
                },
            )
        };
        for (hint, expected, code) in [
            ("绛县", "绛县 140826", None),
            ("140826", "绛县 140826", None),
            ("CN140826", "绛县 140826", None),
            ("运城市绛县", "运城市绛县 140826", None),
            ("北京", "北京 110000", None),
            ("南京市鼓楼区", "南京市鼓楼区 320106", None),
            ("望川市", "望川市 -", None),
            ("142731", "绛县 -", Some("region-code-unknown")),
            ("999999", "", Some("region-code-unknown")),
            ("鼓楼区", "鼓楼区 -", Some("region-ambiguous")),
        ] {
            let (region, codes) = hinted(hint);
            assert_eq!(region, expected, "{hint}");
            assert_eq!(codes.first().copied(), code, "{hint}");
        }
    }
}
