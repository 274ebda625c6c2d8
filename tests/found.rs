//! What fuzzing and hostile files found, each as a page of its own.

use gongbao::decode::{Format, FormatChoice};
use gongbao::record::Record;
use gongbao::{ExtractError, Extractor};

fn record(text: &str) -> Record {
    Extractor::new().extract("page", text.as_bytes()).unwrap()
}

/// `grammar`: a paragraph beside one with a dash lost the 一 of its first word, or the 二 that ended a number.
#[test]
fn a_word_that_begins_with_one_is_no_dash() {
    for (page, repairs) in [
        (
            "——三次产业稳步发展。\n一般公共预算收入30万元。\n——各项工作取得成效。\n",
            0,
        ),
        (
            "——整修山塘九百五十\n二公里。各项工作取得成效。\n——三次产业稳步发展。\n",
            0,
        ),
        (
            "——力争全县粮食总产量翻\n一番。各项工作取得成效。\n——三次产业稳步发展。\n",
            0,
        ),
        (
            "——三次产业稳步发展。\n一粮食产量达到30万吨。\n——各项工作取得成效。\n",
            1,
        ),
    ] {
        let record = record(page);
        assert_eq!(record.repairs.len(), repairs, "{}", record.text);
    }
}

/// `tests/hostile.rs`: marks that turn the direction of text were taken for ink.
#[test]
fn marks_of_direction_leave_no_ink() {
    let found = record("全县新修\u{2066}灌渠1\u{2069}26公里。\n");
    assert_eq!(found.text, "全县新修灌渠126公里。");
}

/// `text`, and pages of one kind: of a rounding of 亿 beside terms of a few 元 every single gap was listed,
/// which did not end.
#[test]
fn terms_of_very_different_grain() {
    let begun = std::time::Instant::now();
    for unit in ["元", "万元", "亿元"] {
        record(&format!(
            "全县产值41.27亿元，其中：种植业18.64亿元、林业3.05{unit}、牧业1{unit}、渔业2.51亿元，服务业2.15亿元。\n"
        ));
    }
    record(
        "全年总投资50亿元，其中：工业2023456789元，农业1623456789元，交通1130000001元，水利1元。\n",
    );
    assert!(begun.elapsed().as_secs() < 10, "{:?}", begun.elapsed());
}

/// `xhtml`: behind a byte order mark, where a tag was none, everything was looked for three bytes early.
#[test]
fn byte_order_marks_inside_markup() {
    for page in [
        "<\u{FEFF}塘<修ay><3",
        "修塘<\u{FEFF}\u{FEFF}修塘\u{FFFD}<\u{FFFD}ay><\u{FFFD}ay><3",
        "\u{FEFF}\u{FEFF}<html><body><修塘>7口<\u{FEFF}",
    ] {
        for format in [Format::Xhtml, Format::Hocr, Format::Alto, Format::Abbyy] {
            let extractor = Extractor::new().format(FormatChoice::Forced(format));
            let result = extractor.extract("page", page.as_bytes());
            assert!(!matches!(result, Err(ExtractError::Invalid(_))), "{page}");
        }
    }
}

/// `page`: lines inside words were written before these, against the order of the file.
#[test]
fn elements_inside_out() {
    let text = |text: &str| format!("<TextEquiv><Unicode>{text}</Unicode></TextEquiv>");
    let word = |inside: &str| format!("<Word>{inside}</Word>");
    let line = |inside: &str| format!("<TextLine>{inside}</TextLine>");
    let (one, other) = (word(&text("修塘")), line(&word(&text("7口"))));
    for inside in [
        line(&format!("{one}{other}{}", word(&text("植树")))),
        line(&format!("{one}<TextRegion>{other}</TextRegion>{one}")),
        line(&word(&text(&format!("修塘{other}植树")))),
        line(&format!("{}{one}", word(&format!("{}{one}", text("修塘"))))),
    ] {
        let page = format!(
            "<PcGts><Page imageWidth=\"9\" imageHeight=\"9\"><TextRegion>{inside}</TextRegion></Page></PcGts>"
        );
        let result = Extractor::new().extract("page", page.as_bytes());
        assert!(!matches!(result, Err(ExtractError::Invalid(_))), "{page}");
    }
}

/// `tsv`: a jump line broken over two lines, the second of which stands before the first in the file, had a place
/// that ended before it began.
#[test]
fn a_jump_line_whose_halves_the_file_has_the_other_way_round() {
    let header = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n";
    let line = |block: u32, top: u32, text: &str| {
        let place = format!("1\t{block}\t1\t1");
        let (left, width) = (61, 30 * text.chars().count());
        format!(
            "4\t{place}\t0\t{left}\t{top}\t{width}\t30\t-1\t\n\
             5\t{place}\t1\t{left}\t{top}\t{width}\t30\t95.0\t{text}\n"
        )
    };
    let upper = line(2, 130, "全县新修灌渠126公里。（下转A2");
    let lower = line(1, 176, "版）");
    let page = format!("{header}{lower}{upper}");
    let extractor = Extractor::new().format(FormatChoice::Forced(Format::Tsv));
    let found = extractor.extract("page.tsv", page.as_bytes()).unwrap();
    assert!(
        found.text.contains("全县新修灌渠126公里。"),
        "{}",
        found.text
    );
    // the other way round it is one
    let page = format!("{header}{upper}{lower}");
    let found = extractor.extract("page.tsv", page.as_bytes()).unwrap();
    assert_eq!(found.jumps[0].page.as_deref(), Some("A2"));
}
