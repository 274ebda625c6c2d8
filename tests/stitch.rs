//! Articles that go on over pages: what is put together, what is left alone, and how it reads.

use std::fs;
use std::path::Path;

use gongbao::eval::distance;
use gongbao::pipeline::{Input, Stitched};
use gongbao::{Extractor, Record, validate};
use proptest::prelude::*;

/// The articles of some pages; each holds against them.
fn stitch(pages: &[(&str, &str)]) -> Vec<Stitched> {
    let pages: Vec<(&str, &[u8])> = pages.iter().map(|(n, t)| (*n, t.as_bytes())).collect();
    stitch_bytes(&pages)
}

fn stitch_bytes(pages: &[(&str, &[u8])]) -> Vec<Stitched> {
    let inputs: Vec<(&str, Input<'_>)> = pages.iter().map(|&(n, b)| (n, b.into())).collect();
    let articles = Extractor::new().stitch(&inputs);
    for article in &articles {
        if let Ok(record) = &article.result {
            assert_eq!(validate::record(record, pages), []);
        }
    }
    articles
}

fn record(article: &Stitched) -> &Record {
    article.result.as_ref().unwrap()
}

/// The names of each article's files.
fn names(articles: &[Stitched]) -> Vec<String> {
    articles.iter().map(|a| a.names.join("+")).collect()
}

fn texts(articles: &[Stitched]) -> Vec<&str> {
    articles.iter().map(|a| &*record(a).text).collect()
}

/// Codes of the findings about jump lines, with the names of their articles.
fn findings(articles: &[Stitched]) -> Vec<(String, String)> {
    let of = |article: &Stitched| {
        let found = record(article).diagnostics.iter();
        let jumps = found.filter(|d| d.code.starts_with("jump-"));
        let names = article.names.join("+");
        jumps
            .map(|d| (names.clone(), d.code.to_string()))
            .collect::<Vec<_>>()
    };
    articles.iter().flat_map(of).collect()
}

fn found(name: &str, code: &str) -> (String, String) {
    (name.to_owned(), code.to_owned())
}

const A1: &str = "A1版 要闻 2024年2月6日 星期二

　　一、农业
　　全县粮食播种面积41.6万亩，粮食总产量
18.72万吨，增长2.3%；新建高标准农田2.9万
亩，改造渠道126公里，新增灌溉面积1.4万亩，
完成投资0.58亿元，其中上级资金
（下转A2版）
";
const A2: &str = "A2版 综合 2024年2月6日 星期二
（上接A1版）0.41亿元、县级资金0.17亿元。上
年结转的项目全部完工，受益人口比上年又有
较大增加，达到3.27万人，占农村人口的三成。
　　二、工业
　　新增规模以上企业12家，利润增长7.1%。
";

#[test]
fn a_pair_in_any_order() {
    for pages in [
        [("p.txt", A1), ("q.txt", A2)],
        [("q.txt", A2), ("p.txt", A1)],
    ] {
        let articles = stitch(&pages);
        assert_eq!(names(&articles), ["p.txt+q.txt"]);
        assert_eq!(
            record(&articles[0]).text,
            "一、农业\n全县粮食播种面积41.6万亩，粮食总产量18.72万吨，增长2.3%；新建高标准农田2.9万亩，改造\
             渠道126公里，新增灌溉面积1.4万亩，完成投资0.58亿元，其中上级资金0.41亿元、县级资金0.17亿元。上年\
             结转的项目全部完工，受益人口比上年又有较大增加，达到3.27万人，占农村人口的三成。\n二、工业\n新增\
             规模以上企业12家，利润增长7.1%。"
        );
        assert_eq!(findings(&articles), [found("p.txt+q.txt", "jump-stitched")]);
    }
}

#[test]
fn every_span_says_its_file() {
    let articles = stitch(&[("p.txt", A1), ("q.txt", A2)]);
    let record = record(&articles[0]);
    let parts = record.source.parts.as_ref().unwrap();
    assert_eq!(
        (record.source.name.as_str(), &*parts[0].name),
        ("p.txt", "q.txt")
    );
    assert_eq!(parts[0].bytes, A2.len() as u64);
    assert_eq!(record.document.page.as_deref(), Some("A1"));
    // the cut paragraph: positions count in the first file, pieces name both
    let cut = &record.paragraphs[1].source;
    let pieces = cut.pieces.as_ref().unwrap();
    let files: Vec<&str> = pieces.iter().map(|p| &*p.file).collect();
    assert_eq!(files, ["p.txt", "q.txt"]);
    let last = pieces[0].end as usize;
    assert!(A1[..last].ends_with("其中上级资金"));
    assert_eq!((cut.end, cut.end_line), (pieces[0].end, 7));
    // what lies in the second file alone has one piece of it
    let profit = record.indicators.last().unwrap();
    let pieces = profit.source.pieces.as_ref().unwrap();
    assert_eq!(pieces.len(), 1);
    assert_eq!(pieces[0].file, "q.txt");
    assert_eq!(
        &A2[pieces[0].start as usize..pieces[0].end as usize],
        "7.1%"
    );
    assert_eq!(profit.source.line, 6);
    let jumps: Vec<Option<&str>> = record
        .jumps
        .iter()
        .map(|j| j.source.pieces.as_ref().map(|p| &*p[0].file))
        .collect();
    assert_eq!(jumps, [None, Some("q.txt")]);
    // the sum goes over both
    assert_eq!(record.checks.len(), 1);
}

#[test]
fn a_page_without_jump_lines_is_as_extracted() {
    let pages = [
        ("p.txt", A1),
        ("r.txt", "全年新增企业992户。\n"),
        ("q.txt", A2),
    ];
    let articles = stitch(&pages);
    assert_eq!(names(&articles), ["p.txt+q.txt", "r.txt"]);
    let alone = Extractor::new().extract("r.txt", pages[1].1.as_bytes());
    assert_eq!(articles[1].result, alone);
}

#[test]
fn a_chain_of_three() {
    let a1 = "A1 要闻\n　　全县农业生产稳定，粮食总\n（下转A2版）\n";
    let a2 = "A2 综合\n（上接A1版）产量18万吨，比上年\n（下转A3版）\n";
    let a3 = "A3 综合\n（上接A2版）增长2.3%。\n";
    let articles = stitch(&[("3.txt", a3), ("1.txt", a1), ("2.txt", a2)]);
    assert_eq!(names(&articles), ["1.txt+2.txt+3.txt"]);
    assert_eq!(
        record(&articles[0]).text,
        "全县农业生产稳定，粮食总产量18万吨，比上年增长2.3%。"
    );
}

#[test]
fn the_paragraph_ends_where_the_page_says_so() {
    let a1 = A1.replace("，其中上级资金", "。");
    let paragraph = |begin: &str| {
        let a2 = format!("（上接A1版）\n{begin}上");
        let a2 = A2.replace("（上接A1版）0.41亿元、县级资金0.17亿元。上", &a2);
        let articles = stitch(&[("p.txt", &a1), ("q.txt", &a2)]);
        texts(&articles)[0].contains("。\n上年结转")
    };
    assert!(paragraph("　　"));
    assert!(!paragraph(""), "no indent: the paragraph goes on");
}

#[test]
fn articles_beside_it_are_their_own() {
    let a1 = format!("{A1}　　三夏开镰。全县投入联合收割机860台，\n日收割2.1万亩。\n");
    let a2 = format!("　　招聘启事。县人民医院招聘护士24名，\n报名截至2月20日。\n{A2}");
    let articles = stitch(&[("p.txt", &a1), ("q.txt", &a2)]);
    assert_eq!(names(&articles), ["p.txt+q.txt", "p.txt", "q.txt"]);
    let texts = texts(&articles);
    assert!(
        texts[0].starts_with("一、农业") && texts[0].ends_with("增长7.1%。"),
        "{texts:?}"
    );
    assert_eq!(
        texts[1],
        "三夏开镰。全县投入联合收割机860台，日收割2.1万亩。"
    );
    assert_eq!(
        texts[2],
        "招聘启事。县人民医院招聘护士24名，报名截至2月20日。"
    );
    // they are of the same page of the same day
    for article in &articles {
        let published = record(article).document.published.as_deref();
        assert_eq!(published, Some("2024-02-06"));
    }
}

#[test]
fn a_headline_over_the_continuation_is_left_out() {
    let a1 = format!("　　　澜口县2023年经济运行情况\n\n{A1}");
    let a2 = format!("　　　澜口县2023年经济运行情况\n{A2}");
    let articles = stitch(&[("p.txt", &a1), ("q.txt", &a2)]);
    assert_eq!(names(&articles), ["p.txt+q.txt"]);
    let record = record(&articles[0]);
    assert_eq!(record.text.matches("澜口县").count(), 1);
    let said = record
        .diagnostics
        .iter()
        .find(|d| d.code == "beside-the-article");
    let pieces = said.unwrap().source.as_ref().unwrap().pieces.as_ref();
    assert_eq!(pieces.unwrap()[0].file, "q.txt");
}

/// Two articles go from A1 to A2: numbering and headline say which is which.
#[test]
fn the_partner_that_fits() {
    let a1 = "A1 要闻\n澜口县企业服务情况\n　　一、企业\n　　新增企业412户，其中工业\n（下转A2版）\n汀陵县水利建设情况\n　　二、水利\n　　整修山塘318口，新修灌渠126公里。\n（下转A2版）\n";
    let a2 = "A2 综合\n（上接A1版）\n　　三、防汛\n　　储备编织袋25.6万条，组建队伍18支。\n澜口县企业服务情况\n（上接A1版）87户、农业136户，增长4%。\n";
    let articles = stitch(&[("p.txt", a1), ("q.txt", a2)]);
    let texts = texts(&articles);
    assert_eq!(articles.len(), 2, "{texts:?}");
    assert!(texts[0].contains("其中工业87户、农业136户"), "{texts:?}");
    assert!(
        texts[1].contains("二、水利") && texts[1].contains("三、防汛"),
        "{texts:?}"
    );
}

#[test]
fn what_is_ambiguous_is_left_alone() {
    let a1 = "A1 要闻\n　　新增企业412户，其中\n（下转A2版）\n";
    let a2 = "A2 综合\n（上接A1版）工业87户。\n";
    let other = "A2 综合\n（上接A1版）商业32户。\n";
    let articles = stitch(&[("p.txt", a1), ("q.txt", a2), ("r.txt", other)]);
    assert_eq!(names(&articles), ["p.txt", "q.txt", "r.txt"]);
    let expected = ["p.txt", "q.txt", "r.txt"].map(|n| found(n, "jump-ambiguous"));
    assert_eq!(findings(&articles), expected);
    let message = &record(&articles[0]).diagnostics[0].message;
    assert!(
        message.contains("q.txt or （上接A1版） of r.txt"),
        "{message}"
    );
}

#[test]
fn pages_of_other_days_and_labels_are_no_partners() {
    let a1 = "A1 要闻 2024年2月6日\n　　新增企业412户，其中\n（下转A2版）\n";
    let alone = |a2: &str| {
        let articles = stitch(&[("p.txt", a1), ("q.txt", a2)]);
        assert_eq!(names(&articles), ["p.txt", "q.txt"], "{a2}");
        let expected = ["p.txt", "q.txt"].map(|n| found(n, "jump-without-partner"));
        assert_eq!(findings(&articles), expected, "{a2}");
    };
    alone("A2 综合 2024年3月12日\n（上接A1版）工业87户。\n");
    alone("A2 综合 2024年2月7日\n（上接A1版）工业87户。\n");
    alone("A3 综合 2024年2月6日\n（上接A1版）工业87户。\n");
    alone("A2 综合 2024年2月6日\n（上接B1版）工业87户。\n");
    // a figure misread in a folio line that is else the same
    let a1 = "A1 要闻\n2024年2月6日 星期二 责任编辑：何田\n　　新增企业412户，其中\n（下转A2版）\n";
    let a2 = "A2 综合\n2024年2月8日 星期二 责任编辑：何田\n（上接A1版）工业87户。\n";
    let articles = stitch(&[("p.txt", a1), ("q.txt", a2)]);
    assert_eq!(names(&articles), ["p.txt+q.txt"]);
    let a1 = a1.replace("星期二", "星期三");
    assert_eq!(stitch(&[("p.txt", &a1), ("q.txt", a2)]).len(), 2);
}

#[test]
fn days_are_told_apart() {
    let a1 = "A1 要闻 2024年2月6日\n　　新增企业412户，其中\n（下转A2版）\n";
    // days told apart, though both pages are called A2
    let other_day = "A1 要闻 2024年2月7日\n　　新增企业38户，其中\n（下转A2版）\n";
    let articles = stitch(&[
        ("7/a2.txt", "A2 综合 2024年2月7日\n（上接A1版）商业32户。\n"),
        ("6/a1.txt", a1),
        ("6/a2.txt", "A2 综合 2024年2月6日\n（上接A1版）工业87户。\n"),
        ("7/a1.txt", other_day),
    ]);
    assert_eq!(names(&articles), ["6/a1.txt+6/a2.txt", "7/a1.txt+7/a2.txt"]);
}

#[test]
fn the_file_s_name_says_the_page_where_the_page_does_not() {
    let from = "（上接A1版）工业87户。\n";
    let to = "　　新增企业412户，其中\n（下转A2版）\n";
    let articles = stitch(&[("rb-a3.txt", from), ("rb-a2.txt", from), ("rb-a1.txt", to)]);
    assert_eq!(names(&articles), ["rb-a3.txt", "rb-a1.txt+rb-a2.txt"]);
}

#[test]
fn an_article_that_comes_back_to_its_page_is_left_alone() {
    let a1 = "A1 要闻\n（上接A2版）工业87户，增长3%，\n其中（下转A2版）\n";
    let a2 = "A2 综合\n（上接A1版）商业32户，增长4%，\n其中（下转A1版）\n";
    let articles = stitch(&[("p.txt", a1), ("q.txt", a2)]);
    let ink = |t: &str| t.matches('户').count();
    assert_eq!(texts(&articles).iter().map(|t| ink(t)).sum::<usize>(), 2);
    assert!(findings(&articles).iter().any(|f| f.1 == "jump-ambiguous"));
}

/// A numeral that was mended and a space stand for what is on both pages, not for the jump lines.
#[test]
fn what_is_mended_over_a_jump() {
    let pages = [
        ("a1.txt", "　　全县农业生产稳定，完成投资3\n（下转A2版）\n"),
        ("a2.txt", "（上接A1版）.S%，per\n（下转A3版）"),
        ("a3.txt", "（上接A2版）head 5万元。\n"),
    ];
    let articles = stitch(&pages);
    let record = record(&articles[0]);
    assert_eq!(
        record.text,
        "全县农业生产稳定，完成投资3.5%，per head5万元。"
    );
    let pieces = record.repairs[0].source.pieces.as_ref().unwrap();
    let files: Vec<&str> = pieces.iter().map(|p| &*p.file).collect();
    assert_eq!(files, ["a1.txt", "a2.txt"]);
}

#[test]
fn bad_pages_and_names_that_are_given_twice() {
    let articles = stitch(&[
        ("p.txt", A1),
        ("x.txt", " \n"),
        ("q.txt", A2),
        ("p.txt", A1),
    ]);
    assert_eq!(names(&articles), ["p.txt+q.txt", "x.txt", "p.txt"]);
    let error = |i: usize| articles[i].result.as_ref().unwrap_err().to_string();
    assert!(error(1).contains("it is empty"));
    assert!(
        error(2).contains("two of them are called \"p.txt\""),
        "{}",
        error(2)
    );
}

/// Two columns of boxes as RapidOCR lists them, row by row; empty strings are no boxes.
fn boxes(head: &str, columns: [&[&str]; 2]) -> String {
    let entry = |text: &str, x: usize, y: usize, indent: usize| {
        let (left, right) = (x + 20 * indent, x + 20 * (indent + text.chars().count()));
        let (top, bottom) = (y, y + 18);
        format!(
            r#"{{"box": [[{left},{top}],[{right},{top}],[{right},{bottom}],[{left},{bottom}]], "text": "{text}", "score": 0.98}}"#
        )
    };
    let mut all = vec![entry(head, 0, 0, 0)];
    for row in 0..columns[0].len().max(columns[1].len()) {
        for (column, rows) in columns.iter().enumerate() {
            let text = rows.get(row).copied().unwrap_or_default();
            let ink = text.trim_start_matches('　');
            let indent = (text.len() - ink.len()) / '　'.len_utf8();
            if !ink.is_empty() {
                all.push(entry(ink, column * 320, 60 + row * 26, indent));
            }
        }
    }
    format!("[{}]", all.join(",\n"))
}

fn boxed_pages() -> [(&'static str, String); 2] {
    let a1 = boxes(
        "A1要闻2024年2月6日星期二",
        [
            &[
                "　　一、农业",
                "　　全县粮食播种面积比上",
                "年扩大，粮食总产量十八万",
                "吨，新建高标准农田2.9万亩，",
                "完成投资0.58亿元。全县新",
                "增家庭农场37家。",
            ],
            &[
                "　　二、企业",
                "　　全年新增企业412户，其",
                "中工业87户、农业136户、服",
                "务业189户。规模以上工业企",
                "业利润3.46亿元，比上年有",
                "较大（下转A2版）",
            ],
        ],
    );
    let a2 = boxes(
        "A2综合2024年2月6日星期二",
        [
            &[
                "（上接A1版）增长，增幅为",
                "7.1%，居全市第3位。",
                "　　三、民生",
                "　　城镇新增就业2150人，",
                "失业率3.8%；改造老旧小区",
                "14个，惠及居民3270户。",
            ],
            &[
                "　　农村危房改造有序推进，",
                "全年改造412户，每户补助资",
                "金1.8万元。",
                "　　全县建成村级养老服务点",
                "63个，床位比上年增加，达",
                "到1190张。",
            ],
        ],
    );
    [("a1.json", a1), ("a2.json", a2)]
}

#[test]
fn pages_with_boxes() {
    let [(n1, a1), (n2, a2)] = boxed_pages();
    let articles = stitch(&[(n2, &a2), (n1, &a1)]);
    assert_eq!(names(&articles), ["a1.json+a2.json"]);
    let record = record(&articles[0]);
    assert_eq!(
        record.text,
        "一、农业\n全县粮食播种面积比上年扩大，粮食总产量十八万吨，新建高标准农田2.9万亩，完成投资0.58\
         亿元。全县新增家庭农场37家。\n二、企业\n全年新增企业412户，其中工业87户、农业136户、服务业189户。\
         规模以上工业企业利润3.46亿元，比上年有较大增长，增幅为7.1%，居全市第3位。\n三、民生\n城镇新增就业\
         2150人，失业率3.8%；改造老旧小区14个，惠及居民3270户。\n农村危房改造有序推进，全年改造412户，每户\
         补助资金1.8万元。\n全县建成村级养老服务点63个，床位比上年增加，达到1190张。"
    );
    let beds = record.indicators.last().unwrap();
    assert_eq!(beds.source.pieces.as_ref().unwrap()[0].file, n2);
    assert!(beds.source.bbox.is_some());
}

#[test]
fn formats_may_differ() {
    let [(n1, a1), _] = boxed_pages();
    let a2 = "A2 综合\n（上接A1版）增长，增幅为7.1%。\n　　三、民生\n　　城镇新增就业2150人。\n";
    let articles = stitch(&[(n1, &a1), ("a2.txt", a2)]);
    assert_eq!(names(&articles), ["a1.json+a2.txt"]);
    let record = record(&articles[0]);
    assert!(
        record
            .text
            .contains("比上年有较大增长，增幅为7.1%。\n三、民生\n城镇"),
        "{}",
        record.text
    );
    let parts = record.source.parts.as_ref().unwrap();
    assert_eq!((parts[0].format.as_str(), &parts[0].pages), ("text", &None));
    let last = &record.indicators.last().unwrap().source;
    assert_eq!((last.page, last.bbox.is_some()), (None, false));
}

/// The real pairs: two engines, all pages at once, in two orders.
#[test]
fn real_pairs() {
    let Some(shared) = crate::shared() else {
        return;
    };
    let folder = shared.join("ocr/jumps");
    let ids = ["010", "003", "016", "002", "015", "009"];
    // (engine, most wrong characters in 1000 of the first, second and third pair)
    for (file, most) in [("rapidocr.json", [5, 15, 15]), ("ocr.hocr", [45, 35, 25])] {
        let read = |id: &&str| {
            let name = format!("page-{id}/{file}");
            let bytes = fs::read(folder.join(&name)).unwrap();
            (name, bytes)
        };
        let mut pages: Vec<(String, Vec<u8>)> = ids.iter().map(read).collect();
        for _ in 0..2 {
            pages.rotate_left(2);
            let given: Vec<(&str, &[u8])> = pages.iter().map(|(n, b)| (&**n, &**b)).collect();
            let articles = stitch_bytes(&given);
            let pairs = [("002", "003"), ("009", "010"), ("015", "016")];
            let mut expected = pairs.map(|(a, b)| format!("page-{a}/{file}+page-{b}/{file}"));
            let mut found = names(&articles);
            expected.sort();
            found.sort();
            assert_eq!(found, expected);
            for ((first, second), most) in pairs.into_iter().zip(most) {
                let article = articles
                    .iter()
                    .find(|a| a.names[0].contains(first))
                    .unwrap();
                is_like(&folder, record(article), first, second, most);
            }
        }
    }
}

/// Holds the text of a record to the truth of its two pages, and the cut paragraph to one.
fn is_like(folder: &Path, record: &Record, first: &str, second: &str, most: u64) {
    let truth = |id: &str| fs::read_to_string(folder.join(format!("page-{id}/truth.txt"))).unwrap();
    let (a, b) = (truth(first), truth(second));
    let ink = |text: &str| {
        text.split_whitespace()
            .collect::<String>()
            .chars()
            .collect::<Vec<_>>()
    };
    let expected = ink(&format!("{a}{b}"));
    let wrong = distance(&ink(&record.text), &expected) * 1000 / expected.len() as u64;
    assert!(
        wrong <= most,
        "{first}: {wrong} of 1000 characters are wrong"
    );
    let meta = fs::read_to_string(folder.join(format!("page-{first}/meta.json"))).unwrap();
    let meta: serde_json::Value = serde_json::from_str(&meta).unwrap();
    assert_eq!(meta["ends_mid_paragraph"], true, "all of them do");
    let begin: String = ink(&b)[..2].iter().collect();
    assert!(record.text.contains(&begin), "{second}: no {begin}");
    let cut = record.text.lines().find(|p| p.starts_with(&begin));
    assert_eq!(cut, None, "{second}: the paragraph is cut");
}

/// Lines that pages are made of, each with a number of its own so that none is lost or doubled.
fn page() -> impl Strategy<Value = Vec<String>> {
    let line = prop_oneof![
        Just("　　一、农业。".to_owned()),
        Just("（下转A2版）".to_owned()),
        Just("其中（下转A2版）增长，".to_owned()),
        Just("（上接A1版）".to_owned()),
        Just("收入（上接A1版）增长，".to_owned()),
        Just("（下转）".to_owned()),
        Just("A1版 要闻 2024年2月6日 星期二".to_owned()),
        Just("A2版 综合 2024年2月6日 星期二".to_owned()),
        Just(String::new()),
        Just("完成投资3l".to_owned()),
        Just(".S%，per".to_owned()),
        Just("head升，".to_owned()),
        (1000..9999_u32).prop_map(|n| format!("　　全县新增企业{n}户，其中工业")),
        (1000..9999_u32).prop_map(|n| format!("完成投资{n}万元。")),
    ];
    prop::collection::vec(line, 1..9)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Whatever is put together holds, and every figure of every page comes out once.
    #[test]
    fn nothing_is_lost_or_doubled(pages in prop::collection::vec(page(), 1..5)) {
        let pages: Vec<(String, String)> = pages
            .iter()
            .enumerate()
            .map(|(i, lines)| (format!("p{i}.txt"), format!("全县。\n{}\n", lines.join("\n"))))
            .collect();
        let given: Vec<(&str, &str)> = pages.iter().map(|(n, t)| (&**n, &**t)).collect();
        let articles = stitch(&given);
        let figures = |text: &str| -> Vec<String> {
            let runs = text.split(|c: char| !c.is_ascii_digit());
            runs.filter(|r| r.len() == 4 && *r != "2024").map(str::to_owned).collect()
        };
        let mut expected: Vec<String> = pages.iter().flat_map(|(_, t)| figures(t)).collect();
        let mut found: Vec<String> = articles.iter().flat_map(|a| figures(&record(a).text)).collect();
        expected.sort();
        found.sort();
        prop_assert_eq!(found, expected);
    }
}
