use super::*;
use crate::Extractor;

const PAGE: &str = "　　绛县2021年工作总结\n　　一、政务服务\n　　（一）窗口提速。全年受理事项62920件，其中行政审批事项7911件、公共\
                    服务事项55009件，办结率98.1%。\n　　（二）放管结合。全年检查企业412户次。\n　　二、项目建设\n　　\
                    全年新开工项目37个，完成投资12.6亿元，同比增长8.4%。\n";

fn read(page: &str) -> Record {
    Extractor::new().extract("a.txt", page.as_bytes()).unwrap()
}

/// What `change` makes of the page, in words.
fn words(change: impl Fn(&str) -> String) -> Vec<String> {
    let changed = change(PAGE);
    assert_ne!(changed, PAGE);
    let changes = compare(&read(PAGE), &read(&changed));
    changes.iter().map(ToString::to_string).collect()
}

fn replaced(from: &str, to: &str) -> Vec<String> {
    assert!(PAGE.contains(from));
    words(|page| page.replace(from, to))
}

#[test]
fn a_figure() {
    assert_eq!(
        replaced("7911", "791"),
        [
            "一、/（一） 行政审批事项: 7911 → 791",
            "一、/（一） 受理事项, sum: ok → mismatch, 62920 stated, 55800 worked out",
            "一、/（一） warning check-failed: added, 62920件",
            "一、/（一） warning check-failed: added, 791件",
        ]
    );
    assert_eq!(
        replaced(
            "新开工项目37个，完成投资12.6亿元",
            "新开工项目38个，完成投资13.7万元"
        ),
        [
            "二、 新开工项目: 37 → 38",
            "二、 完成投资: 12.6 → 13.7",
            "二、 完成投资, unit: 亿元 → 万元",
        ]
    );
}

#[test]
fn words_around_a_figure() {
    assert_eq!(
        replaced("412户次", "412次"),
        ["一、/（二） 检查企业, unit: 户次 → 次"]
    );
    assert_eq!(
        replaced("检查企业", "检查商户"),
        [
            "一、/（二） 检查企业: renamed, 检查企业 → 检查商户",
            "一、/（二） text: （二）放管结合。全年检查企业412户次。 → （二）放管结合。全年检查商户412户次。",
        ]
    );
    let [precision, text] = replaced("37个", "约37个").try_into().unwrap();
    assert_eq!(precision, "二、 新开工项目, precision: exact → about");
    assert!(
        text.starts_with("二、 text: 全年新开工项目37个，"),
        "{text}"
    );
    assert_eq!(
        replaced("2021年", "2022年")[1],
        "document, period: 2021-01-01/2021-12-31 → 2022-01-01/2022-12-31"
    );
}

#[test]
fn sections_that_come_and_go() {
    assert_eq!(
        replaced("　　（二）放管结合。全年检查企业412户次。\n", ""),
        [
            "一、/（二） section: removed, 放管结合",
            "一、/（二） 检查企业: removed, 412户次",
            "一、/（二） text: removed, （二）放管结合。全年检查企业412户次。",
        ]
    );
    assert_eq!(
        replaced("二、项目建设", "二、投资情况"),
        ["二、 section: renamed, 项目建设 → 投资情况"]
    );
    // what stands in a section whose label changed has not moved
    assert_eq!(
        replaced(
            "　　二、项目",
            "　　二、城乡统筹\n　　全年改厕320户。\n　　三、项目"
        ),
        [
            "二、 section, label: 二、 → 三、",
            "二、 section: added, 城乡统筹",
            "二、 改厕: added, 320户",
            "二、 text: added, 全年改厕320户。",
        ]
    );
}

#[test]
fn what_moves() {
    let moved = words(|page| {
        let lines: Vec<&str> = page.lines().collect();
        let order = [0, 4, 5, 1, 2, 3].map(|i| lines[i]);
        order.join("\n")
    });
    assert_eq!(
        moved,
        [
            "二、 text 二、项目建设: moved behind 绛县2021年工…",
            "二、 text 全年新开工项目3…: moved behind 二、项目建设",
            "一、 warning numbering-order: added, 一、",
        ]
    );
    let swapped = replaced(
        "完成投资12.6亿元，同比增长8.4%",
        "同比增长8.4%，完成投资12.6亿元",
    );
    assert_eq!(
        swapped[0],
        "二、 完成投资: moved behind 新开工项目@growth 8.4%"
    );
    let into = replaced(
        "检查企业412户次。\n　　二、项目建设\n　　全年新开工项目37个，",
        "检查企业412户次。\n　　新开工项目37个。\n　　二、项目建设\n　　全年",
    );
    assert!(into.contains(&"二、 新开工项目: moved into 一、/（二）".to_owned()));
}

#[test]
fn another_file_in_which_the_same_is_read() {
    let [page] = replaced("总结\n", "总结\r\n").try_into().unwrap();
    assert!(
        page.starts_with("page: 363 bytes, SHA-256 95f02ffe… → 364 bytes"),
        "{page}"
    );
}

#[test]
fn what_is_no_change() {
    let old = read(PAGE);
    let mut new = old.clone();
    new.source.name = "elsewhere/b.txt".to_owned();
    new.source.reader = Some("pdftotext 99".to_owned());
    assert_eq!(compare(&old, &new), []);
}

#[test]
fn no_field_is_overlooked() {
    let old = read(PAGE);
    let mut new = old.clone();
    new.paragraphs[1].source.line += 1;
    new.paragraphs[2].source.line += 1;
    let words: Vec<String> = compare(&old, &new)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        words,
        ["record /paragraphs/1/source/line: 2 → 3 (and 1 more)"]
    );
    let mut new = old.clone();
    new.indicators[0].source.start += 1;
    let [place] = compare(&old, &new).try_into().unwrap();
    assert_eq!(place.kind(), "indicator place");
}

#[test]
fn records_from_anywhere_are_compared() {
    let old = read(PAGE);
    let mut new = old.clone();
    for x in &mut new.indicators {
        (x.start, x.end) = (x.end, u32::MAX);
    }
    for x in &mut new.sections {
        (x.start, x.end, x.parent) = (u32::MAX, 0, Some(x.id.clone()));
    }
    for x in &mut new.paragraphs {
        (x.start, x.end) = (x.end.wrapping_mul(7), x.start);
    }
    assert!(!compare(&old, &new).is_empty());
    assert!(!compare(&new, &old).is_empty());
}

#[test]
fn a_long_page_of_which_every_paragraph_changed() {
    let page = |unit: &str| -> String {
        let each =
            |n| format!("　　第{n}村全年完成荒山荒坡人工造林面积{n}{unit}，村道两旁都栽上了树。\n");
        (100..3900).map(each).collect()
    };
    let changes = compare(&read(&page("亩")), &read(&page("公顷")));
    assert_eq!(changes.len(), 3800);
    assert!(
        changes
            .iter()
            .all(|change| change.kind() == "indicator unit")
    );
}

#[test]
fn any_figure_of_any_number() {
    let old = read(PAGE);
    for x in &old.indicators {
        for at in x.source.start as usize..x.source.end as usize {
            let digit = PAGE.as_bytes()[at];
            if !digit.is_ascii_digit() {
                continue;
            }
            let other = if digit == b'9' { "8" } else { "9" };
            let page = format!("{}{other}{}", &PAGE[..at], &PAGE[at + 1..]);
            let changes = compare(&old, &read(&page));
            let values = changes.iter().filter(|c| c.kind() == "indicator value");
            let values: Vec<(&str, &What)> = values.map(|c| (c.name.as_str(), &c.what)).collect();
            let [(_, What::Changed { old: was, .. })] = values.as_slice() else {
                panic!("{}: {values:?}", x.mention);
            };
            assert!(x.mention.starts_with(was), "{}: {was}", x.mention);
        }
    }
}
