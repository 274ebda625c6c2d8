//! Pages made by a grammar: title, numbered headings, sentences with numbers and units, totals with
//! their parts, and the ways in which such a page is printed. All of it is invented.
//!
//! A [`Page`] is made of any bytes, each of which chooses something. [`Page::clean`] is its text with a
//! paragraph a line, [`Print::of`] the same text as a page may have it. `tests/properties.rs` uses the same file.

use std::fmt::Write as _;

const COUNTIES: &[&str] = &["汀陵县", "云岑县", "柏溪县", "沙堰县"];
const HEADINGS: &[&str] = &[
    "水利建设稳步推进",
    "农业生产再获丰收",
    "工业经济运行平稳",
    "民生保障更加有力",
    "教育事业持续发展",
];
const PROSE: &[&str] = &[
    "各项工作取得明显成效",
    "干部作风明显好转",
    "群众满意度稳步提升",
    "全县上下齐心协力",
    "城乡面貌焕然一新",
];
const SUBJECTS: &[&str] = &[
    "全县新修灌渠",
    "完成投资",
    "新增企业",
    "整修山塘",
    "粮食总产量达到",
    "一般公共预算收入",
    "培训农技人员",
    "改造危房",
    "接待游客",
    "造林面积",
];
const THINGS: &[&str] = &[
    "灌渠", "山塘", "水闸", "泵站", "茶叶", "水稻", "城镇", "乡村",
];
const ABOUT: &[&str] = &["", "", "约", "近", "超过", "不足", "共"];
const CHANGES: &[&str] = &[
    "比上年增长",
    "同比增长",
    "较上年同期下降",
    "环比下降",
    "增长",
];
const UNITS: &[&str] = &[
    "公里",
    "亿元",
    "万元",
    "户",
    "口",
    "万吨",
    "人次",
    "万亩",
    "座",
    "%",
    "平方米",
    "件",
    "千瓦时",
    "公顷",
];
/// What stands before, between and behind the parts of a total.
const LISTS: &[[&str; 3]] = &[
    ["，其中", "、", ""],
    ["。其中：", "；", ""],
    ["（", "、", "）"],
    ["，其中，", "，", ""],
];
const HAN: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];

/// Blanks that stray into lines. Wider ones are no strays: a row of them is the corridor between two columns.
pub const BLANKS: [&str; 3] = [" ", "\u{A0}", "\u{200B}"];

/// Choices that bytes make; the first of all when no bytes are left.
struct Choices<'a>(&'a [u8]);

impl Choices<'_> {
    fn byte(&mut self) -> u8 {
        let Some((&first, rest)) = self.0.split_first() else {
            return 0;
        };
        self.0 = rest;
        first
    }

    fn number(&mut self, bytes: u32) -> u32 {
        (0..bytes).fold(0, |n, _| n << 8 | u32::from(self.byte()))
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::from(self.byte()) % limit
    }

    fn one<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }

    fn yes(&mut self) -> bool {
        self.byte() % 2 == 1
    }
}

/// 0 to 99 in Han numerals.
fn han(n: u32) -> String {
    let (tens, ones) = (n / 10 % 10, n % 10);
    let mut out = match tens {
        0 => String::new(),
        1 => "十".to_owned(),
        _ => format!("{}十", HAN[tens as usize]),
    };
    if ones > 0 || tens == 0 {
        out += HAN[ones as usize];
    }
    out
}

/// 0 to 9999 in Han numerals.
fn han_thousands(n: u32) -> String {
    let (thousands, hundreds, rest) = (n / 1000 % 10, n / 100 % 10, n % 100);
    if thousands == 0 && hundreds == 0 {
        return han(rest);
    }
    let mut out = String::new();
    if thousands > 0 {
        let _ = write!(out, "{}千", HAN[thousands as usize]);
    }
    if hundreds > 0 {
        let _ = write!(out, "{}百", HAN[hundreds as usize]);
    }
    if rest > 0 {
        out += match (hundreds, rest) {
            (0, _) | (_, 1..10) => "零",
            (_, 10..20) => "一",
            _ => "",
        };
        out += &han(rest);
    }
    out
}

/// Writes the text of a page.
struct Author<'a> {
    choices: Choices<'a>,
    out: String,
}

impl Author<'_> {
    fn word(&mut self, list: &[&str]) {
        let word = self.choices.one(list);
        self.out += word;
    }

    fn number(&mut self) {
        let number = match self.choices.below(4) {
            0 => (self.choices.number(3) % 10_000_000).to_string(),
            1 => self.choices.number(1).to_string(),
            2 => {
                let whole = self.choices.number(2);
                format!("{whole}.{}", self.choices.number(1) % 100)
            }
            _ => han_thousands(self.choices.number(2) % 10_000),
        };
        self.out += &number;
    }

    /// A name, a number and its unit, which is given back.
    fn level(&mut self) -> &'static str {
        self.word(SUBJECTS);
        self.word(ABOUT);
        self.number();
        let unit = self.choices.one(UNITS);
        self.out += unit;
        unit
    }

    fn total_and_parts(&mut self) {
        let unit = self.level();
        let [before, between, behind] = self.choices.one(LISTS);
        self.out += before;
        for part in 0..2 + self.choices.below(3) {
            if part > 0 {
                self.out += between;
            }
            self.word(THINGS);
            self.number();
            self.out += unit;
        }
        self.out += behind;
    }

    fn sentence(&mut self) {
        match self.choices.below(11) {
            0 => self.word(PROSE),
            1 | 2 => self.total_and_parts(),
            3 => {
                self.level();
                self.out.push('，');
                self.word(CHANGES);
                self.number();
                self.out.push('%');
            }
            4 => {
                self.word(THINGS);
                self.out += "占";
                self.number();
                self.out.push('%');
            }
            5 => {
                self.word(SUBJECTS);
                let from = self.choices.number(2);
                let to = from + self.choices.number(1);
                let _ = write!(self.out, "{from}至{to}");
                self.word(UNITS);
            }
            6 => {
                self.word(THINGS);
                let _ = write!(self.out, "居全市第{}位", self.choices.below(20) + 1);
            }
            7 => {
                let [a, b, c] = [(); 3].map(|()| self.choices.number(1));
                let _ = write!(self.out, "三次产业结构为{a}.1:{b}.2:{c}.3");
            }
            8 => {
                self.word(THINGS);
                self.out += "产量翻一番";
            }
            9 => {
                let (year, month) = (1990 + self.choices.below(40), 1 + self.choices.below(12));
                let _ = write!(self.out, "{year}年{month}月，");
                self.level();
            }
            _ => {
                self.level();
                for _ in 0..self.choices.below(3) {
                    self.out.push('，');
                    self.level();
                }
            }
        }
    }

    /// Writes the label of this number, from 1; no style is none.
    fn label(&mut self, style: usize, n: u32) {
        let label = match style {
            0 => format!("{}、", han(n)),
            1 => format!("（{}）", han(n)),
            2 => format!("{}是", han(n)),
            3 => format!("{n}."),
            4 => "——".to_owned(),
            _ => String::new(),
        };
        self.out += &label;
    }

    /// What was written since this was asked last.
    fn taken(&mut self) -> String {
        std::mem::take(&mut self.out)
    }

    fn page(mut self) -> Vec<String> {
        let mut paragraphs = Vec::new();
        if self.choices.yes() {
            self.word(COUNTIES);
            let _ = write!(self.out, "{}年工作总结", 1990 + self.choices.below(40));
            paragraphs.push(self.taken());
        }
        // Labels count up, without gaps: others are mended, by what stands around them.
        let outer = self.choices.below(2);
        for section in 1..=1 + self.choices.number(1) % 5 {
            self.label(outer, section);
            self.word(HEADINGS);
            paragraphs.push(self.taken());
            let inner = outer + 1 + self.choices.below(6);
            for paragraph in 1..=1 + self.choices.number(1) % 4 {
                self.label(inner, paragraph);
                for _ in 0..1 + self.choices.below(5) {
                    self.sentence();
                    self.out.push('。');
                }
                paragraphs.push(self.taken());
            }
        }
        paragraphs
    }
}

/// A page: what it says.
#[derive(Debug, Clone)]
pub struct Page {
    paragraphs: Vec<String>,
}

impl Page {
    /// The page that `bytes` choose.
    #[must_use]
    pub fn new(bytes: &[u8]) -> Self {
        let author = Author {
            choices: Choices(bytes),
            out: String::new(),
        };
        Self {
            paragraphs: author.page(),
        }
    }

    /// The page with a paragraph a line.
    #[must_use]
    pub fn clean(&self) -> String {
        self.paragraphs.join("\n") + "\n"
    }
}

/// How a page is printed: nothing of this is said by the page.
#[derive(Debug, Clone)]
pub struct Print {
    /// Han characters that a line holds.
    pub width: Option<usize>,
    /// A blank, and after how many characters one strays in where blanks may.
    pub blanks: Option<(&'static str, usize)>,
    /// Full-width digits.
    pub full_width: bool,
    /// What ends a line.
    pub end: &'static str,
    /// Blank lines between paragraphs.
    pub apart: bool,
    /// Two Han characters of blank before each paragraph.
    pub indented: bool,
}

/// Marks that typesetters let no line begin with.
const NO_LINE_START: &str = "，。、；：）%";

impl Print {
    /// A paragraph a line, as [`Page::clean`] has it.
    #[must_use]
    pub fn plain() -> Self {
        Self {
            width: None,
            blanks: None,
            full_width: false,
            end: "\n",
            apart: false,
            indented: false,
        }
    }

    /// The print that `bytes` choose.
    #[must_use]
    pub fn new(bytes: &[u8]) -> Self {
        let mut choices = Choices(bytes);
        let width = 8 + choices.below(33);
        let blanks = (choices.one(&BLANKS), 1 + choices.below(9));
        Self {
            width: choices.yes().then_some(width),
            blanks: choices.yes().then_some(blanks),
            full_width: choices.yes(),
            end: choices.one(&["\n", "\r\n", "\r"]),
            apart: choices.yes(),
            indented: choices.yes(),
        }
    }

    /// `page` as this prints it.
    #[must_use]
    pub fn of(&self, page: &Page) -> String {
        let mut out = String::new();
        for paragraph in &page.paragraphs {
            if self.indented {
                out += "\u{3000}\u{3000}";
            }
            self.paragraph(paragraph, &mut out);
            out += self.end;
            if self.apart {
                out += self.end;
            }
        }
        out
    }

    fn paragraph(&self, text: &str, out: &mut String) {
        let mut used = if self.indented { 4 } else { 0 };
        let mut last = None;
        for (i, c) in text.chars().enumerate() {
            let room = if c.is_ascii() { 1 } else { 2 };
            let full = self.width.is_some_and(|width| used + room > width * 2);
            let inside = last.is_some_and(|l| in_numeral(l) && in_numeral(c));
            if full && !NO_LINE_START.contains(c) && !inside {
                *out += self.end;
                used = 0;
            } else if let Some((blank, apart)) = self.blanks
                && i % apart == apart - 1
                && !inside
            {
                *out += blank;
            }
            out.push(match c {
                '0'..='9' if self.full_width => char::from_u32(c as u32 + 0xFEE0).unwrap_or(c),
                _ => c,
            });
            used += room;
            last = Some(c);
        }
    }
}

/// True for characters of which two are not parted.
fn in_numeral(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '%' | ':')
}
