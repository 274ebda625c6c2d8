//! Laws of the first stages, on random pages: made of fragments as papers print them and engines
//! damage them, and of arbitrary characters.

use gongbao::base::Span;
use gongbao::base::diagnostic::Place;
use gongbao::decode::{Encoding, EncodingChoice, Page, decode};
use gongbao::lexicon::Lexicon;
use gongbao::normalize::width::{fold, is_han};
use gongbao::normalize::{Clean, is_blank, normalize};
use gongbao::sections::{Sections, sections};
use gongbao::{ExtractError, Extractor, Record};
use proptest::prelude::*;

#[allow(dead_code, reason = "the fuzz target uses all of it")]
#[path = "../fuzz/src/grammar.rs"]
mod grammar;
use grammar::Print;

/// Pieces of invented pages: sentences, numerals, labels, furniture, jumps, blanks, damage.
const FRAGMENTS: &[&str] = &[
    "全县新修灌渠",
    "126公里，",
    "完成投资2.46亿元",
    "比上年增长8.3%。",
    "整修山塘318口；",
    "其中",
    "（含水闸）",
    "一、",
    "二、工程建设",
    "（一）",
    "（三）灌渠。",
    "(二)",
    "1.",
    "2．",
    "（1）",
    "①",
    "第三条",
    "——",
    "一是",
    "；二是",
    "首先，",
    "（—）",
    "=、",
    "《三)",
    "79l件",
    "2O23年",
    "12·5亿元",
    "4，2%",
    "9.8%o",
    "14..3%",
    "887 115.5万元",
    "（下转A2版）",
    "(上接第一版)",
    "（下转",
    "第三版）",
    "A1要闻",
    "2023年3月8日 星期三",
    "责任编辑：郑小禾",
    "汀陵日报",
    "图为新修的灌渠。本报记者罗小满摄",
    "▲茶农在采茶。通讯员林舟供图",
    "打印",
    "【字号：",
    "大",
    "—12—",
    "来源：县水利局",
    "汀陵县水利局",
    "2023年工作总结",
    "2024年1月16日",
    "LED",
    "World",
    "Bank",
    "５Ｇ",
    "Type C",
    "\u{F98E}",
    "⼈",
    "⻓",
    "萬",
    "〇",
    "“",
    "”",
    "，",
    "。",
    "：",
    ".",
    "%",
    "|",
    "\u{FFFD}",
    "\u{20000}",
    "e\u{301}",
    "ﬁ",
    " ",
    "  ",
    "      ",
    "\u{3000}",
    "\u{A0}",
    "\u{200B}",
    "\t",
    "\n",
    "\n\n",
    "\r\n",
    "\u{C}",
];

/// A page of fragments; lines cut to a column, or spaced out, in some.
fn fragments() -> impl Strategy<Value = String> {
    let pieces = prop::collection::vec(prop::sample::select(FRAGMENTS), 1..80);
    (pieces, prop::option::of(5_usize..30), any::<bool>()).prop_map(|(pieces, width, spaced)| {
        let text = pieces.concat();
        let Some(width) = width else { return text };
        let mut out = String::new();
        for (i, c) in text.chars().enumerate() {
            if i > 0 && i % width == 0 {
                out.push('\n');
            }
            out.push(c);
            if spaced {
                out.push(' ');
            }
        }
        out
    })
}

fn arbitrary() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[一二三四五六七八九十（）()、。，；：—=0-9lOo.·%‰ \n是要第条章]{0,200}",
        "\\PC{0,200}",
    ]
}

fn page_text() -> impl Strategy<Value = String> {
    prop_oneof![3 => fragments(), 1 => arbitrary()]
}

/// Runs the first three stages; what is no page holds every law.
fn on(text: &str, check: impl FnOnce(&Page<'_>, &Clean, &Sections) -> Law) -> Law {
    let lexicon = Lexicon::builtin();
    let choice = EncodingChoice::Forced(Encoding::Utf8);
    let Ok(page) = decode("page", text.as_bytes(), choice) else {
        return Ok(());
    };
    let clean = normalize(&page, lexicon);
    let found = sections(&clean, lexicon);
    check(&page, &clean, &found)
}

type Law = Result<(), TestCaseError>;

/// Every character of a text with its place.
fn code_points(text: &str) -> impl Iterator<Item = (Span, char)> {
    text.char_indices()
        .map(|(at, c)| (Span::new(at, at + c.len_utf8()), c))
}

/// A stretch of the page as clean text has it: blanks dropped, forms folded.
fn folded(text: &str) -> String {
    text.chars()
        .filter(|&c| !is_blank(c))
        .map(|c| fold(c, Lexicon::builtin()).unwrap_or(c))
        .collect()
}

fn in_repair(clean: &Clean, span: Span) -> bool {
    clean.repairs.iter().any(|r| r.span.overlaps(span))
}

/// True when the span can be sliced out of the text.
fn fits(text: &str, span: Span) -> bool {
    text.get(span.range()).is_some()
}

fn blanks_are_line_feeds_and_spaces(clean: &Clean) -> Law {
    let chars: Vec<char> = clean.text.chars().collect();
    for (i, &c) in chars.iter().enumerate() {
        if !is_blank(c) || c == '\n' {
            continue;
        }
        let word = |i: Option<usize>| {
            i.and_then(|i| chars.get(i))
                .is_some_and(|&c| !is_han(c) && (c.is_alphanumeric() || c == '.'))
        };
        prop_assert_eq!(c, ' ');
        prop_assert!(
            word(i.checked_sub(1)) && word(Some(i + 1)),
            "{:?}",
            &clean.text
        );
    }
    Ok(())
}

fn paragraphs_tile(clean: &Clean) -> Law {
    let mut at = 0;
    for (i, p) in clean.paragraphs.iter().enumerate() {
        prop_assert_eq!(p.span.start, at + u32::from(i > 0));
        prop_assert!(fits(&clean.text, p.span) && !p.span.is_empty());
        prop_assert!(!p.span.of(&clean.text).contains('\n'));
        at = p.span.end;
    }
    prop_assert_eq!(at as usize, clean.text.len());
    Ok(())
}

/// Every kept code point was made from exactly the characters it points to, in their order.
fn the_map_is_exact(page: &Page<'_>, clean: &Clean) -> Law {
    for p in &clean.paragraphs {
        let mut last = 0;
        for (span, c) in code_points(p.span.of(&clean.text)) {
            let span = Span {
                start: span.start + p.span.start,
                end: span.end + p.span.start,
            };
            let made_from = clean.map.page_spans(span);
            // All of a repair points to all that it replaced; a space may stand for nothing.
            let whole = c == ' ' || in_repair(clean, span);
            let mut at = last;
            for part in &made_from {
                prop_assert!(fits(&page.text, *part));
                prop_assert!(at <= part.start, "{c:?} goes back");
                at = part.end;
                let bytes = &page.file().bytes[page.file().map.source_of(*part).range()];
                prop_assert_eq!(bytes, part.of(&page.text).as_bytes());
            }
            last = if whole {
                made_from.first().map_or(at, |p| p.start)
            } else {
                at
            };
            if !whole {
                let text: String = made_from.iter().map(|s| s.of(&page.text)).collect();
                // A full-width point folds inside numerals only.
                let kept = text.contains('．') && folded(&text).replace('.', "．") == c.to_string();
                prop_assert!(kept || folded(&text) == c.to_string(), "{text:?} → {c:?}");
            }
        }
    }
    for repair in &clean.repairs {
        prop_assert!(fits(&clean.text, repair.span));
        prop_assert_ne!(&repair.from, repair.span.of(&clean.text));
    }
    Ok(())
}

/// All ink of the page is kept, or furniture, or a jump, once.
fn nothing_is_lost(page: &Page<'_>, clean: &Clean) -> Law {
    let mut seen = vec![0_u8; page.text.len()];
    let mut cover = |span: Span| {
        for count in &mut seen[span.range()] {
            *count = count.saturating_add(1);
        }
    };
    for (span, c) in code_points(&clean.text) {
        if c != ' ' && !in_repair(clean, span) {
            clean.map.page_spans(span).into_iter().for_each(&mut cover);
        }
    }
    for repair in &clean.repairs {
        clean
            .map
            .page_spans(repair.span)
            .into_iter()
            .for_each(&mut cover);
    }
    clean.furniture.iter().map(|f| f.span).for_each(&mut cover);
    clean.jumps.iter().map(|j| j.span).for_each(&mut cover);
    for (at, c) in page.text.char_indices() {
        if is_blank(c) {
            continue;
        }
        let count = seen[at];
        prop_assert!(count > 0, "{c:?} at {at} is lost");
        prop_assert!(
            count == 1 || !clean.repairs.is_empty(),
            "{c:?} at {at} is taken twice"
        );
    }
    Ok(())
}

fn sections_nest(clean: &Clean, found: &Sections) -> Law {
    let mut last = 0;
    for (i, s) in found.sections.iter().enumerate() {
        for span in [s.span, s.label, s.title] {
            prop_assert!(fits(&clean.text, span));
            prop_assert!(s.span.contains(span), "{:?}", s);
        }
        prop_assert!(last <= s.span.start);
        prop_assert_eq!(s.label.start, s.span.start);
        last = s.span.start;
        match s.parent.map(|p| (p, &found.sections[p])) {
            Some((p, parent)) => {
                prop_assert!(p < i && parent.span.contains(s.span));
                prop_assert_eq!(s.level, parent.level + 1);
            }
            None => prop_assert_eq!(s.level, 1),
        }
        let sibling = found.sections[..i]
            .iter()
            .rev()
            .find(|other| other.parent == s.parent);
        if let Some(sibling) = sibling {
            prop_assert!(sibling.span.end <= s.span.start, "{:?} {:?}", sibling, s);
        }
    }
    for diagnostic in clean.diagnostics.iter().chain(&found.diagnostics) {
        if let Place::Clean(span) = diagnostic.place {
            prop_assert!(fits(&clean.text, span));
        }
    }
    Ok(())
}

/// Pieces of numbers and of what stands around them.
const NUMBERS: &[&str] = &[
    "一",
    "二",
    "三",
    "五",
    "九",
    "十",
    "百",
    "千",
    "万",
    "亿",
    "兆",
    "零",
    "〇",
    "两",
    "半",
    "几",
    "多",
    "余",
    "点",
    "第",
    "负",
    "成",
    "折",
    "分之",
    "百分之",
    "又",
    "至",
    "到",
    "—",
    "-",
    ".",
    ",",
    "，",
    "/",
    ":",
    " ",
    "0",
    "1",
    "5",
    "20",
    "6.3",
    "1/4",
    "E+",
    "%",
    "‰",
    "元",
    "角",
    "分",
    "斤",
    "打",
    "个",
    "个半",
    "年",
    "月",
    "日",
    "小时",
    "￥",
    "$",
    "零下",
    "三五",
    "一两",
    "收入比",
    "降至",
    "万元",
    "亿吨",
    "以上",
    "左右",
    "近",
    "约",
    "不足",
    "超",
    "下降",
    "增长",
    "占",
    "比",
    "由",
    "翻一番",
    "打对折",
    "首位",
    "全市",
    "居",
    "其中",
    "、",
    "和",
    "（",
    "）",
    "。",
    "\n",
];

/// Text of numbers only, as no page has it.
fn numbers() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(NUMBERS);
    prop::collection::vec(piece, 1..200).prop_map(|pieces| format!("全县{}", pieces.concat()))
}

/// Pages made by the grammar of `fuzz/`.
fn made() -> impl Strategy<Value = grammar::Page> {
    prop::collection::vec(any::<u8>(), 0..900).prop_map(|bytes| grammar::Page::new(&bytes))
}

fn record_of(text: &str) -> Result<Record, TestCaseError> {
    let record = Extractor::new().extract("page", text.as_bytes());
    record.map_err(|error| TestCaseError::fail(format!("{error}: {text}")))
}

/// Fails where `print` of `page` is read as something else than the page with a paragraph a line. Cut into lines,
/// it may have other paragraphs (a line that ends with a sentence near the edge may end one or not), but no
/// other text.
fn says_the_same(page: &grammar::Page, print: &Print) -> Law {
    let (clean, printed) = (page.clean(), print.of(page));
    let (expected, found) = (record_of(&clean)?, record_of(&printed)?);
    let flat = |text: &str| text.replace('\n', "");
    prop_assert_eq!(flat(&found.text), flat(&expected.text), "{}", printed);
    if found.text != expected.text {
        prop_assert!(print.width.is_some(), "{}", printed);
        return Ok(());
    }
    prop_assert_eq!(found.indicators.len(), expected.indicators.len());
    for (mut found, expected) in found.indicators.into_iter().zip(expected.indicators) {
        found.source = expected.source.clone();
        prop_assert_eq!(found, expected, "{}", printed);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn clean_text_is_clean(text in page_text()) {
        on(&text, |_, clean, _| {
            blanks_are_line_feeds_and_spaces(clean)?;
            paragraphs_tile(clean)
        })?;
    }

    #[test]
    fn every_code_point_knows_its_source(text in page_text()) {
        on(&text, |page, clean, _| {
            the_map_is_exact(page, clean)?;
            nothing_is_lost(page, clean)
        })?;
    }

    #[test]
    fn sections_are_a_tree(text in page_text()) {
        on(&text, |_, clean, found| sections_nest(clean, found))?;
    }

    #[test]
    fn extraction_is_deterministic(text in page_text()) {
        let extract = || Extractor::new().extract("page", text.as_bytes());
        prop_assert_eq!(extract(), extract());
    }

    #[test]
    fn what_comes_out_holds(text in page_text()) {
        let result = Extractor::new().extract("page", text.as_bytes());
        prop_assert!(!matches!(result, Err(ExtractError::Invalid(_))), "{:?}", result.err());
    }

    #[test]
    fn clean_text_is_clean_already(page in made()) {
        let first = record_of(&page.clean())?;
        prop_assert_eq!(&record_of(&first.text)?.text, &first.text);
    }

    #[test]
    fn blanks_say_nothing(page in made(), blank in prop::sample::select(&grammar::BLANKS[..]), apart in 1_usize..10) {
        says_the_same(&page, &Print { blanks: Some((blank, apart)), ..Print::plain() })?;
    }

    #[test]
    fn line_ends_indents_and_widths_of_digits_say_nothing(page in made(), end in prop::sample::select(&["\n", "\r\n", "\r"][..]), full_width: bool, apart: bool, indented: bool) {
        says_the_same(&page, &Print { end, full_width, apart, indented, ..Print::plain() })?;
    }

    #[test]
    fn lines_say_nothing(page in made(), width in 8_usize..40, indented: bool) {
        let apart = !indented; // what tells paragraphs from lines
        says_the_same(&page, &Print { width: Some(width), apart, indented, ..Print::plain() })?;
    }

    #[test]
    fn numbers_of_any_make_give_a_record_that_holds(text in numbers()) {
        let record = Extractor::new().extract("case", text.as_bytes());
        prop_assert!(record.is_ok(), "{:?}", record.err().map(|e| e.to_string()));
    }
}
