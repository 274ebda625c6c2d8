//! A page of our own and its record, for the tests of whoever checks or writes records.

use std::sync::Arc;

use crate::base::{Decimal, Severity, sha256};
use crate::record::*;

/// An invented page: a full-width digit, a line break in a mention, a jump line inside the
/// first section, a dash for 一 in the second label, white space that is dropped.
pub(crate) const PAGE: &str = "永宁县统计公报\n一、工业\n全年产值１2万\n元，其中轻工业 5万元。\n　（下转 A2版）\n（—）农业。粮食约3吨，gdp per head升。\n";

const TEXT: &str = "永宁县统计公报\n一、工业\n全年产值12万元，其中轻工业5万元。\n（一）农业。粮食约3吨，gdp per head升。";

/// Where `part` stands in the clean text, in code points.
fn position(part: &str) -> (u32, u32) {
    let start = TEXT[..TEXT.find(part).unwrap()].chars().count();
    (start as u32, (start + part.chars().count()) as u32)
}

/// The source bytes from the first of `from` to the last of `to`.
fn source(from: &str, to: &str) -> Source {
    let start = PAGE.find(from).unwrap();
    let end = start + PAGE[start..].find(to).unwrap() + to.len();
    let line = |at: usize| {
        let ends = PAGE.as_bytes()[..at].iter().filter(|&&b| b == b'\n');
        ends.count() as u32 + 1
    };
    Source {
        start: start as u64,
        end: end as u64,
        line: line(start),
        end_line: line(end - 1),
        pieces: None,
        page: None,
        bbox: None,
        confidence: None,
    }
}

fn paragraph(text: &str, section: Option<&str>, source: Source) -> Paragraph {
    let (start, end) = position(text);
    Paragraph {
        start,
        end,
        section: section.map(Into::into),
        source,
    }
}

fn indicator(id: &str, name: &str, mention: &str, source: Source) -> Indicator {
    let (start, end) = position(mention);
    let digits: String = mention.chars().filter(char::is_ascii_digit).collect();
    let value: Decimal = digits.parse().unwrap();
    let unit = mention.trim_start_matches(&digits).to_owned();
    Indicator {
        id: id.into(),
        section: Some("s1".into()),
        name: name.into(),
        concept: None,
        measure: Measure::Level,
        value: Some(value),
        base_value: Some(value.scaled(4).unwrap()),
        base_unit: unit.trim_start_matches('万').into(),
        unit: unit.into(),
        components: None,
        precision: Precision::Exact,
        lower: Some(value),
        upper: Some(value),
        basis: None,
        period: Some(Arc::new(Period {
            text: Some("全年".into()),
            start: "2021-01-01".into(),
            end: "2021-12-31".into(),
            inherited: false,
        })),
        status: Status::Actual,
        of: None,
        relation: None,
        mention: mention.into(),
        quote: mention.into(),
        start,
        end,
        source,
        repair: None,
    }
}

/// A record of [`PAGE`] in which everything holds.
pub(crate) fn record() -> Record {
    let whole = TEXT.chars().count() as u32;
    let mut section = source("一、", "升。");
    let (first, second) = (source("一、", "5万元。"), source("（—）", "升。"));
    let piece = |s: &Source| Piece {
        file: "a.txt".into(),
        start: s.start,
        end: s.end,
    };
    section.pieces = Some(vec![piece(&first), piece(&second)]);
    let mut part = indicator("i2", "轻工业产值", "5万元", source("5万", "元"));
    part.of = Some("i1".into());
    part.relation = Some(Relation::Part);
    part.quote = "其中轻工业5万元".into();
    let mut about = indicator("i3", "粮食产量", "3吨", source("3", "吨"));
    about.section = Some("s2".into());
    about.precision = Precision::About;
    about.base_value = about.value;
    (about.lower, about.upper) = (None, None);
    let (heading, heading_end) = position("（一）");
    Record {
        schema: SCHEMA.to_owned(),
        source: PageSource {
            name: "a.txt".to_owned(),
            format: "text".to_owned(),
            reader: None,
            original: None,
            bytes: PAGE.len() as u64,
            sha256: sha256(PAGE.as_bytes()),
            encoding: "UTF-8".to_owned(),
            lines: 6,
            pages: None,
            parts: None,
            metadata: Some(vec![Metadatum {
                key: MetadataKey::Published,
                value: "2022-02".to_owned(),
                origin: "pages.csv".to_owned(),
            }]),
        },
        document: Document {
            title: Some("永宁县统计公报".to_owned()),
            published: Some("2022-02".to_owned()),
            period: Some(DocumentPeriod {
                text: None,
                start: "2021-01-01".to_owned(),
                end: "2021-12-31".to_owned(),
            }),
            ..Document::default()
        },
        text: TEXT.to_owned(),
        paragraphs: vec![
            paragraph("永宁县统计公报", None, source("永", "报")),
            paragraph("一、工业", Some("s1"), source("一、", "业")),
            paragraph(
                "全年产值12万元，其中轻工业5万元。",
                Some("s1"),
                source("全年", "5万元。"),
            ),
            paragraph(
                "（一）农业。粮食约3吨，gdp per head升。",
                Some("s2"),
                source("（—）", "升。"),
            ),
        ],
        sections: vec![
            Section {
                id: "s1".into(),
                parent: None,
                level: 1,
                label: "一、".into(),
                number: Some(1),
                style: LabelStyle::Han,
                title: "工业".to_owned(),
                start: position("一、").0,
                end: whole,
                source: section,
            },
            Section {
                id: "s2".into(),
                parent: Some("s1".into()),
                level: 2,
                label: "（一）".into(),
                number: Some(1),
                style: LabelStyle::HanParen,
                title: "农业".to_owned(),
                start: heading,
                end: whole,
                source: source("（—）", "升。"),
            },
        ],
        indicators: vec![
            indicator("i1", "工业产值", "12万元", source("１2", "元")),
            part,
            about,
        ],
        checks: vec![Check {
            kind: CheckKind::Sum,
            total: Some("i1".into()),
            parts: vec!["i2".into()],
            expected: 120_000.into(),
            actual: 50_000.into(),
            status: CheckStatus::Partial,
            candidates: Vec::new(),
        }],
        jumps: vec![Jump {
            kind: JumpKind::To,
            page: Some("A2".to_owned()),
            text: "（下转A2版）".to_owned(),
            source: source("（下转", "）"),
        }],
        corrections: vec![Correction {
            indicator: "i1".into(),
            decision: Decision::Right,
            read: None,
            note: None,
            origin: "corrections.json".to_owned(),
        }],
        repairs: vec![Repair {
            start: heading,
            end: heading_end,
            from: "（—）".to_owned(),
            to: "（一）".to_owned(),
            why: "heading-numeral".into(),
            source: source("（—）", "）"),
            other: None,
        }],
        diagnostics: vec![Finding {
            severity: Severity::Info,
            code: "sample".into(),
            message: "an example".to_owned(),
            start: Some(heading),
            end: Some(heading_end),
            source: Some(source("（—）", "）")),
        }],
    }
}

/// [`PAGE`] as two files, cut behind the jump line.
pub(crate) fn pages() -> [(&'static str, &'static [u8]); 2] {
    let (first, second) = PAGE.as_bytes().split_at(PAGE.find("（—）").unwrap());
    [("a.txt", first), ("b.txt", second)]
}

/// A record of [`pages`] in which everything holds.
pub(crate) fn record_of_two() -> Record {
    let mut record = record();
    let [(_, first), (name, second)] = pages();
    let page = &mut record.source;
    page.parts = Some(vec![SourcePart {
        role: PartRole::Continuation,
        name: name.to_owned(),
        format: page.format.clone(),
        reader: None,
        original: None,
        bytes: second.len() as u64,
        sha256: sha256(second),
        encoding: page.encoding.clone(),
        lines: 1,
        pages: None,
    }]);
    (page.bytes, page.sha256, page.lines) = (first.len() as u64, sha256(first), 5);
    let split = first.len() as u64;
    let of_second = |source: &mut Source| {
        source.start -= split;
        source.end -= split;
        (source.line, source.end_line) = (1, 1);
        source.pieces = Some(vec![Piece {
            file: name.into(),
            start: source.start,
            end: source.end,
        }]);
    };
    of_second(&mut record.paragraphs[3].source);
    of_second(&mut record.sections[1].source);
    of_second(&mut record.indicators[2].source);
    of_second(&mut record.repairs[0].source);
    of_second(record.diagnostics[0].source.as_mut().unwrap());
    let over_both = &mut record.sections[0].source;
    let pieces = over_both.pieces.as_mut().unwrap();
    pieces[1] = Piece {
        file: name.into(),
        start: 0,
        end: over_both.end - split,
    };
    (over_both.end, over_both.end_line) = (pieces[0].end, 4);
    record
}
