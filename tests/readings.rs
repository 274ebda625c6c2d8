//! One page as several engines read it: made up, as RapidOCR's JSON and tesseract's hOCR have it.

use gongbao::pipeline::Input;
use gongbao::record::Record;
use gongbao::{ExtractError, Extractor};

/// RapidOCR's JSON of lines one below the other.
fn json(lines: &[&str]) -> String {
    let line = |(i, text): (usize, &&str)| {
        let (top, right) = (40 * i, 30 * text.chars().count());
        let bottom = top + 30;
        format!(
            r#"{{"box":[[0,{top}],[{right},{top}],[{right},{bottom}],[0,{bottom}]],"text":"{text}","score":0.98}}"#
        )
    };
    let lines: Vec<String> = lines.iter().enumerate().map(line).collect();
    format!("[{}]", lines.join(",\n"))
}

/// hOCR of the same lines, a word for each two characters.
fn hocr(lines: &[&str]) -> String {
    let mut out = String::from("<html><body><div class='ocr_page' title='bbox 0 0 900 900'>\n");
    for (i, text) in lines.iter().enumerate() {
        let (top, right) = (40 * i, 30 * text.chars().count());
        let bottom = top + 30;
        out += &format!("<span class='ocr_line' title='bbox 0 {top} {right} {bottom}'>");
        let chars: Vec<char> = text.chars().collect();
        for (at, word) in chars.chunks(2).enumerate() {
            let (left, right) = (60 * at, 60 * at + 30 * word.len());
            let word: String = word.iter().collect();
            out += &format!(
                "<span class='ocrx_word' title='bbox {left} {top} {right} {bottom}; x_wconf 90'>{word}</span> "
            );
        }
        out += "</span>\n";
    }
    out + "</div></body></html>"
}

fn input(text: &str) -> Input<'_> {
    Input::from(text.as_bytes())
}

fn read(one: &str, other: &str) -> Result<Record, ExtractError> {
    let readings = [("a.json", input(one)), ("a.hocr", input(other))];
    Extractor::new().extract_readings(&readings)
}

/// The record of a page that RapidOCR and tesseract read as these lines.
fn both(rapidocr: &[&str], tesseract: &[&str]) -> Record {
    read(&json(rapidocr), &hocr(tesseract)).unwrap()
}

/// What was taken from the other reading: what stood there, what stands, what the other has.
fn taken(record: &Record) -> Vec<(&str, &str, &str)> {
    let repairs = record.repairs.iter();
    repairs
        .filter(|r| r.why == "other-reading")
        .map(|r| {
            let other = r.other.as_ref().unwrap();
            (&*r.from, &*r.to, &*other.text)
        })
        .collect()
}

/// The numbers with a finding of this code.
fn found<'a>(record: &'a Record, code: &str) -> Vec<&'a str> {
    let at = record.diagnostics.iter().filter(|d| d.code == code);
    at.filter_map(|d| Some((d.start?, d.end?)))
        .filter_map(|(start, end)| {
            let mut hit = record.indicators.iter();
            hit.find(|x| x.start < end && start < x.end)
        })
        .map(|x| x.mention.as_str())
        .collect()
}

/// Number and unit of each indicator.
fn mentions(record: &Record) -> Vec<&str> {
    record.indicators.iter().map(|x| &*x.mention).collect()
}

const PAGE: [&str; 5] = [
    "全县新修水渠12公里，加固堤防8公里，",
    "整治山塘45口，新建泵站6座，水利投资",
    "保证率57.3%，其中县级投资增长5.1%；",
    "新栽果树320亩，改造茶园1450亩，茶叶",
    "产量增长4.6%，蔬菜产量2.4万吨。",
];

/// The page with one line read otherwise.
fn but(line: usize, text: &'static str) -> [&'static str; 5] {
    let mut page = PAGE;
    page[line] = text;
    page
}

/// The page as the worse engine has it, with one line read otherwise.
fn poor_but(line: usize, text: &'static str) -> [&'static str; 5] {
    let mut page = but(line, text);
    page[0] = "全县断修水汛12公:里，加因堤昉";
    page[1] = "整治山塘45口，新建永利投资";
    page
}

#[test]
fn readings_that_agree_change_nothing() {
    let record = both(&PAGE, &PAGE);
    let alone = Extractor::new()
        .extract("a.json", json(&PAGE).as_bytes())
        .unwrap();
    assert_eq!(record.text, alone.text);
    assert_eq!(record.indicators, alone.indicators);
    assert_eq!(record.diagnostics, alone.diagnostics);
    assert_eq!(record.repairs, []);
    assert_eq!(record.source.parts.as_ref().map(Vec::len), Some(1));
}

#[test]
fn a_lost_percent_sign_is_taken_with_its_bytes() {
    let rapidocr = json(&but(2, "保证率57.3，其中县级投资增长5.1%；"));
    let tesseract = hocr(&poor_but(2, PAGE[2]));
    let record = read(&rapidocr, &tesseract).unwrap();
    assert_eq!(taken(&record), [("3", "3%", "3%")]);
    let found = record
        .indicators
        .iter()
        .find(|x| x.mention == "57.3%")
        .unwrap();
    let repair = found.repair.as_ref().unwrap();
    assert_eq!((&*repair.from, &*repair.why), ("57.3", "other-reading"));
    // what was taken leads to the other file, what stood there to the first
    let pieces = found.source.pieces.as_ref().unwrap();
    let text = |file: &str, start: u64, end: u64| {
        let file = if file == "a.json" {
            &rapidocr
        } else {
            &tesseract
        };
        file[start as usize..end as usize].to_owned()
    };
    let read: Vec<(&str, String)> = pieces
        .iter()
        .map(|p| (&*p.file, text(&p.file, p.start, p.end)))
        .collect();
    assert_eq!(read[0], ("a.json", "57.".to_owned()));
    assert!(
        read[1..].iter().all(|(file, _)| *file == "a.hocr"),
        "{read:?}"
    );
    let repair = record.repairs.first().unwrap();
    assert_eq!(repair.source.pieces, None);
    assert_eq!(text("a.json", repair.source.start, repair.source.end), "3");
}

#[test]
fn a_percent_sign_that_both_misread() {
    // nothing on the one side, figures on the other
    for misread in [
        "保证率57.36，",
        "保证率57.39%，",
        "保证率57.306，",
        "保证率57.3&，",
    ] {
        let line = format!("{misread}其中县级投资增长5.1%；");
        let mut other: [&str; 5] = poor_but(2, "");
        other[2] = &line;
        let record = both(&but(2, "保证率57.3，其中县级投资增长5.1%；"), &other);
        assert!(
            mentions(&record).contains(&"57.3%"),
            "{misread}: {:?}",
            mentions(&record)
        );
    }
    // what has its sign loses nothing to figures
    let record = both(&PAGE, &poor_but(2, "保证率57.36，其中县级投资增长5.1%；"));
    assert_eq!(taken(&record), []);
    assert_eq!(found(&record, "readings-differ"), [""; 0]);
}

#[test]
fn a_unit_and_figures_of_one_number_from_both() {
    let record = both(
        &but(4, "产量增长4.6%，蔬菜产量二万瓜千吨。"),
        &poor_but(4, "产量增长4.6%，蔬菜产量二万八千叫。"),
    );
    assert_eq!(taken(&record), [("瓜", "八", "八")]);
    assert!(mentions(&record).contains(&"二万八千吨"));

    let record = both(
        &but(4, "产量增长4.6%，蔬菜产量2.4厅吨。"),
        &poor_but(4, "产量增长4.6%，蔬菜产量2.4万吨。"),
    );
    assert_eq!(taken(&record), [("厅", "万", "万")]);
}

#[test]
fn a_decimal_point_that_the_better_engine_lost() {
    let record = both(
        &but(4, "产量增长4.6%，蔬菜产量24万吨。"),
        &poor_but(4, "产量增长4.6%，蔬菜产量2.4万吨。"),
    );
    assert!(mentions(&record).contains(&"2.4万吨"), "{}", record.text);
    // the other has a mark for the point and more for the sign
    let record = both(
        &but(4, "产量增长46，蔬菜产量2.4万吨。"),
        &poor_but(4, "产量增长4e6q%s，蔬菜产量2.4万吨。"),
    );
    assert!(mentions(&record).contains(&"4.6%"), "{}", record.text);
}

#[test]
fn words_stay_as_the_first_has_them() {
    let record = both(&PAGE, &but(0, "全县新修水果.12公里，加固提防8公里，"));
    assert_eq!(taken(&record), []);
    assert!(record.text.starts_with("全县新修水渠12公里，加固堤防"));
}

#[test]
fn a_line_that_the_better_engine_lost() {
    let mut lost = PAGE.to_vec();
    lost.remove(1);
    let mut other = but(1, "整治山塘45口，新建泵站6座，水利投资");
    other[3] = "新栽果柯三己O亩，改追茶园l4so亩，茶叶";
    let record = both(&lost, &other);
    let found = ["12公里", "8公里", "45口", "6座", "57.3%"];
    assert!(mentions(&record).starts_with(&found), "{}", record.text);
    assert_eq!(taken(&record).len(), 1);
    // words that no number is in, and what stands elsewhere, are left out
    other[1] = "整治山塘和沟渠，新建了泵站，水利投资";
    assert_eq!(taken(&both(&lost, &other)), []);
    other[1] = "产量增长4.6%，蔬菜产量2.4万吨，果树";
    assert_eq!(taken(&both(&lost, &other)), []);
}

#[test]
fn labels() {
    let first = [
        "一、农田水利",
        "全县新修水渠12公里，加固堤防8公里。",
        "绿色农业：新栽果树320亩。",
    ];
    let other = [
        "一、农田水利",
        "全县新修水渠12公里，加固堤防8公里。",
        "——绿色农业：新栽果树320亩。",
    ];
    let record = both(&first, &other);
    let labels: Vec<&str> = record.sections.iter().map(|s| &*s.label).collect();
    assert_eq!(labels, ["一、", "——"]);
    assert_eq!(taken(&record), [("绿", "——绿", "——绿")]);
}

#[test]
fn where_nothing_decides_the_first_stands_and_says_so() {
    let record = both(&PAGE, &but(3, "新栽果树320亩，改造茶园1480亩，茶叶"));
    assert!(mentions(&record).contains(&"1450亩"));
    assert_eq!(found(&record, "readings-differ"), ["1450亩"]);
    let finding = record
        .diagnostics
        .iter()
        .find(|d| d.code == "readings-differ");
    let message = &finding.unwrap().message;
    assert!(
        message.contains("1480") && message.contains("1450"),
        "{message}"
    );
}

const SUM: [&str; 3] = [
    "全年新栽果树1450亩，其中梨树320亩，",
    "桃树480亩，李树650亩。全县新修水渠",
    "12公里，加固堤防8公里，投资保证率57.3%。",
];

#[test]
fn sums_decide() {
    let mut wrong = SUM;
    wrong[1] = "桃树430亩，李树650亩。全县新修水渠";
    // whichever of the files has it
    let record = both(&wrong, &SUM);
    assert_eq!(taken(&record), [("3", "8", "8")]);
    assert!(mentions(&record).contains(&"480亩"));
    assert_eq!(found(&record, "readings-differ"), [""; 0]);
    let record = both(&SUM, &wrong);
    assert_eq!(taken(&record), []);
    assert!(mentions(&record).contains(&"480亩"));
    assert_eq!(found(&record, "readings-differ"), [""; 0]);
}

#[test]
fn the_order_of_files_decides_nothing_that_evidence_does() {
    let poor = [
        "全县断修水渠12公里，加国堤防B公里，",
        "",
        "保证率57.3%，其中县",
        "",
        "产量增长4.6%",
    ];
    let one = json(&but(2, "保证率57.3，其中县级投资增长5.1%；"));
    let other = hocr(&poor);
    let forward = [("a.json", input(&one)), ("a.hocr", input(&other))];
    let backward = [forward[1], forward[0]];
    let extractor = Extractor::new();
    let forward = extractor.extract_readings(&forward).unwrap();
    let backward = extractor.extract_readings(&backward).unwrap();
    assert_eq!(forward.text, backward.text);
    assert_eq!(mentions(&forward), mentions(&backward));
    assert!(mentions(&forward).contains(&"57.3%"));
    assert_eq!(
        (&*forward.source.name, &*backward.source.name),
        ("a.json", "a.hocr")
    );
}

#[test]
fn readings_of_other_pages_are_told() {
    let other = hocr(&[
        "市图书馆藏书26万册，",
        "办证读者9400人，",
        "接待读者31万人次。",
    ]);
    let one = json(&PAGE);
    let record = read(&one, &other).unwrap();
    let alone = Extractor::new().extract("a.json", one.as_bytes()).unwrap();
    assert_eq!(record.indicators, alone.indicators);
    assert_eq!(taken(&record), []);
    let finding = record
        .diagnostics
        .iter()
        .find(|d| d.code == "not-the-same-page");
    assert!(finding.unwrap().message.contains("a.hocr"));
}

#[test]
fn three_readings() {
    let one = json(&but(2, "保证率57.3，其中县级投资增长5.1%；"));
    let two = hocr(&poor_but(2, "保证率57.3，其中县级投资增长5.1%；"));
    let three = poor_but(2, PAGE[2]).join("\n");
    let readings = [
        ("a.json", input(&one)),
        ("a.hocr", input(&two)),
        ("a.txt", input(&three)),
    ];
    let record = Extractor::new().extract_readings(&readings).unwrap();
    assert_eq!(taken(&record), [("3", "3%", "3%")]);
    assert_eq!(record.source.parts.as_ref().map(Vec::len), Some(2));
}

#[test]
fn the_same_files_give_the_same_record() {
    let one = json(&but(2, "保证率57.3，其中县级投资增长5.1%；"));
    let other = hocr(&but(3, "新栽果树320亩，改造茶园1480亩，茶叶"));
    assert_eq!(read(&one, &other).unwrap(), read(&one, &other).unwrap());
}

#[test]
fn errors_name_the_file() {
    let bad = read(&json(&PAGE), " \n").unwrap_err().to_string();
    assert!(bad.starts_with("a.hocr: it is empty"), "{bad}");
    let page = json(&PAGE);
    let twice = [("a.json", input(&page)), ("a.json", input(&page))];
    let same = Extractor::new().extract_readings(&twice).unwrap_err();
    assert!(same.to_string().contains("a.json"), "{same}");
}
