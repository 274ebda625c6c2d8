//! Pages of bulletins made up from a seed, for benchmarks and fault tests: page n depends on the seed,
//! the options and n only, and is the same bytes on every machine.
//!
//! What the corpora have, blanks not counted, numbers as `gongbao extract` finds them (November 2026):
//!
//! | | pages | characters a page | numbers per 1000 characters | digits per 1000 | sections per 1000 | characters a sentence |
//! | --- | --- | --- | --- | --- | --- | --- |
//! | labelled pages | 10 | 1605 (423–1940) | 37.4 (10–75) | 104 | 5.2 | 49 |
//! | unlabelled reports | 25 | 19 378 (9 763–26 074) | 11.5 (6–16) | 33 | 1.9 | 46 |
//! | pages made by default | 200 | 1659 | 37.5 | 113 | 5.7 | 50 |
//! | reports made | 20 | 21 134 | 12.0 | | 3.6 | |
//!
//! One labelled page is as OCR left it: 1940 characters on 117 lines of at most 18. The others and the
//! reports are a paragraph a line, 12 and 111 lines a page. [`Options::default`] makes pages like
//! the labelled ones, most of them wrapped (68 lines a page) and some spoiled; [`Options::report`] makes
//! them like the reports.

mod words;

use std::fmt::Write as _;
use std::ops::RangeInclusive;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

use words::{COUNTY, FIFTIES, PAPERS, PLAN, POOLS, PROSE, Sum, TOPICS, Topic};

/// Marks that typesetters let no line begin with.
const NO_LINE_START: &str = "，。、；：？！）”%‰";

/// What engines misread, with how often of 1000 such characters at strength 1 (after the team's catalogue of
/// OCR noise, rounded).
const MISREAD: &[(char, &str, u64)] = &[
    ('，', ",", 25),
    ('，', "。", 6),
    ('。', "", 30),
    ('、', "。", 10),
    ('；', ";", 200),
    ('（', "(", 300),
    ('）', ")", 300),
    ('“', "\"", 50),
    ('0', "O", 3),
    ('1', "l", 6),
    ('5', "S", 3),
    ('8', "3", 2),
    ('.', "", 30),
    ('%', "%6", 15),
    ('%', "96", 6),
    ('—', "一", 60),
    ('万', "方", 6),
    ('元', "无", 4),
    ('户', "广", 6),
    ('个', "全", 8),
    ('千', "干", 30),
    ('末', "未", 60),
    ('入', "人", 20),
    ('比', "北", 3),
];

/// What pages are like. Shares are of 100 pages.
#[derive(Debug, Clone)]
pub struct Options {
    /// Characters of a page's text, blanks not counted; a page ends with the paragraph that reaches it.
    pub chars: RangeInclusive<u64>,
    /// Numbers per 1000 characters; above 60 sentences do not go.
    pub density: RangeInclusive<u64>,
    /// Paragraphs of a section.
    pub paragraphs: RangeInclusive<u64>,
    /// Sentences of a paragraph.
    pub sentences: RangeInclusive<u64>,
    /// Pages that are wrapped into lines; the others are a paragraph a line.
    pub wrapped: u64,
    /// Han characters that a line of a wrapped page holds.
    pub width: RangeInclusive<u64>,
    /// Pages with stray spaces.
    pub spaced: u64,
    /// Pages with misread characters.
    pub misread: u64,
    /// Pages with folio and jump lines, reporters and captions.
    pub furniture: u64,
    /// Pages in GB18030, the others are in UTF-8.
    pub gb18030: u64,
    /// Pages of the fifties, with Han numerals.
    pub fifties: u64,
    /// Pages that are no text at all, which nobody can read.
    pub bad: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            chars: 700..=2100,
            density: 18..=68,
            paragraphs: 1..=3,
            sentences: 2..=6,
            wrapped: 70,
            width: 9..=40,
            spaced: 15,
            misread: 20,
            furniture: 30,
            gb18030: 5,
            fifties: 8,
            bad: 0,
        }
    }
}

impl Options {
    /// Pages that nothing was spoiled of: wrapped or not, in UTF-8, no blanks, furniture or slips.
    #[must_use]
    pub fn clean() -> Self {
        Self {
            spaced: 0,
            misread: 0,
            furniture: 0,
            gb18030: 0,
            ..Self::default()
        }
    }

    /// Pages as long and as poor in numbers as whole reports.
    #[must_use]
    pub fn report() -> Self {
        Self {
            chars: 10_000..=28_000,
            density: 7..=20,
            paragraphs: 2..=6,
            sentences: 2..=7,
            fifties: 0,
            ..Self::default()
        }
    }
}

/// One page and what its maker knows of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    pub bytes: Vec<u8>,
    /// Numbers that the text states; 0 for a bad page.
    pub numbers: usize,
    /// No text: extraction has to fail.
    pub bad: bool,
}

/// Makes the pages of a seed.
///
/// ```ignore
/// let pages = Generator::new(1);
/// assert_eq!(pages.page(7), pages.page(7));
/// ```
#[derive(Debug, Clone)]
pub struct Generator {
    seed: u64,
    options: Options,
}

impl Generator {
    /// Pages with the default options.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self::with(seed, Options::default())
    }

    /// Pages with these options.
    #[must_use]
    pub fn with(seed: u64, options: Options) -> Self {
        Self { seed, options }
    }

    /// The page of this index, each index a stream of its own of the generator of random numbers.
    #[must_use]
    pub fn page(&self, index: u64) -> Page {
        let mut stream = ChaCha8Rng::seed_from_u64(self.seed);
        stream.set_stream(index);
        let mut dice = Dice(stream);
        let options = &self.options;
        if dice.of_100(options.bad) {
            return bad(&mut dice);
        }
        let fifties = dice.of_100(options.fifties);
        let text = Author::new(&mut dice, fifties).write(options);
        let numbers = text.numbers;
        let page = Layout::of(&mut dice, options).set(&mut dice, &text);
        let bytes = if dice.of_100(options.gb18030) {
            encoding_rs::GB18030.encode(&page).0.into_owned()
        } else {
            page.into_bytes()
        };
        Page {
            bytes,
            numbers,
            bad: false,
        }
    }
}

/// A page that is no text: bytes at random, some of them behind the magic number of an archive.
fn bad(dice: &mut Dice) -> Page {
    let mut bytes = if dice.of_100(50) {
        b"PK\x03\x04".to_vec()
    } else {
        vec![0; 4]
    };
    for _ in 0..dice.within(&(64..=512)) {
        bytes.extend(dice.0.next_u64().to_le_bytes());
    }
    Page {
        bytes,
        numbers: 0,
        bad: true,
    }
}

/// Random choices, without floating point.
struct Dice(ChaCha8Rng);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0.next_u64() % limit.max(1)
    }

    fn within(&mut self, range: &RangeInclusive<u64>) -> u64 {
        range.start() + self.below(range.end() - range.start() + 1)
    }

    fn of_100(&mut self, share: u64) -> bool {
        self.below(100) < share
    }

    fn one<'a, T>(&mut self, among: &'a [T]) -> &'a T {
        let last = u64::try_from(among.len()).unwrap_or(u64::MAX);
        &among[usize::try_from(self.below(last)).unwrap_or(0)]
    }
}

/// What a page says: title and the like, then paragraphs.
struct Text {
    front: Vec<String>,
    paragraphs: Vec<String>,
    numbers: usize,
    year: u64,
}

/// The label of the section of this number.
type Label = fn(u64) -> String;

/// Labels of a page's sections from the outermost in.
const LABELS: [[Label; 2]; 4] = [
    [chapter, bracketed],
    [chapter, ordinal],
    [chapter, point],
    [chapter, dash],
];

fn chapter(n: u64) -> String {
    format!("{}、", han(n))
}

fn bracketed(n: u64) -> String {
    format!("（{}）", han(n))
}

fn ordinal(n: u64) -> String {
    format!("{n}.")
}

fn point(n: u64) -> String {
    format!("{}是", han(n))
}

fn dash(_: u64) -> String {
    "——".to_owned()
}

/// Writes the text of one page.
struct Author<'a> {
    dice: &'a mut Dice,
    fifties: bool,
    county: String,
    year: u64,
    numbers: usize,
    chars: usize,
    /// Sentences and totals that the page has.
    said: Vec<&'static str>,
}

impl<'a> Author<'a> {
    fn new(dice: &'a mut Dice, fifties: bool) -> Self {
        let county = COUNTY
            .iter()
            .map(|half| *dice.one(half))
            .collect::<String>()
            + "县";
        let year = if fifties {
            1953 + dice.below(6)
        } else {
            2003 + dice.below(23)
        };
        Self {
            dice,
            fifties,
            county,
            year,
            numbers: 0,
            chars: 0,
            said: Vec::new(),
        }
    }

    fn write(mut self, options: &Options) -> Text {
        let front = self.front();
        let goal = self.dice.within(&options.chars);
        let density = self.dice.within(&options.density);
        let [outer, inner] = *self.dice.one(&LABELS);
        let mut paragraphs = vec![self.prose() + "。"];
        let topics = if self.fifties { FIFTIES } else { TOPICS };
        let start = self.dice.below(100);
        for (section, topic) in (1..).zip(
            topics
                .iter()
                .cycle()
                .skip(usize::try_from(start).unwrap_or(0)),
        ) {
            let last = u64::try_from(self.chars).unwrap_or(u64::MAX) * 5 > goal * 4;
            let topic = if last && !self.fifties { &PLAN } else { topic };
            if section % 3 == 0 {
                self.said.clear(); // long reports come back to things
            }
            let heading = *self.dice.one(topic.heading);
            paragraphs.push(outer(section) + heading);
            self.section(topic, inner, density, options, &mut paragraphs);
            if u64::try_from(self.chars).unwrap_or(u64::MAX) >= goal {
                break;
            }
        }
        Text {
            front,
            paragraphs,
            numbers: self.numbers,
            year: self.year,
        }
    }

    /// Title, issuer and day.
    fn front(&mut self) -> Vec<String> {
        if self.fifties {
            let title = format!(
                "{}{}年生产情况的总结",
                self.county,
                self.year_name(self.year)
            );
            return vec![title, format!("{}人民委员会", self.county)];
        }
        let (issuer, title) = *self.dice.one(PAPERS);
        let (title, _) = self.fill(title);
        let (month, day) = (1 + self.dice.below(4), 1 + self.dice.below(28));
        let date = format!("{}年{month}月{day}日", self.year + 1);
        vec![title, format!("{}{issuer}", self.county), date]
    }

    /// The paragraphs of a section; 一是, 二是 … stand within one, others each before a paragraph.
    fn section(
        &mut self,
        topic: &Topic,
        label: Label,
        density: u64,
        options: &Options,
        paragraphs: &mut Vec<String>,
    ) {
        let series = label(1) == point(1);
        let labelled = self.dice.of_100(35);
        let mut running = String::new();
        for n in 1..=self.dice.within(&options.paragraphs) {
            let mut paragraph = if labelled { label(n) } else { String::new() };
            if labelled && label(n) != dash(n) {
                // a run-in heading
                let (heading, _) = self.fill("{act}");
                paragraph += &heading;
                paragraph.push('。');
                self.chars += heading.chars().count();
            }
            for left in (1..=self.dice.within(&options.sentences)).rev() {
                let sentence = self.sentence(topic, density);
                // what follows a semicolon may be taken for one more part
                let parts = sentence.contains("其中") || sentence.ends_with('）');
                let more = !parts && left > 1 && self.dice.of_100(60);
                paragraph += &sentence;
                paragraph.push(if more { '；' } else { '。' });
            }
            if series {
                running += &paragraph;
            } else {
                paragraphs.push(paragraph);
            }
        }
        if series {
            paragraphs.push(running);
        }
    }

    /// A sentence with numbers, or one without while the page has more than it should.
    fn sentence(&mut self, topic: &Topic, density: u64) -> String {
        if self.numbers * 1000 > self.chars * usize::try_from(density).unwrap_or(0) {
            return self.prose();
        }
        let sums = topic.sums.len() * 2;
        let sum = self.dice.below(10) < u64::try_from(sums).unwrap_or(0);
        let (sentence, numbers) = if sum && let Some(sum) = self.unsaid(topic.sums, |sum| sum.total)
        {
            self.sum(sum)
        } else if let Some(template) = self.unsaid(topic.says, |says| says) {
            self.fill(template)
        } else {
            return self.prose();
        };
        self.numbers += numbers;
        self.chars += sentence.chars().count() + 1;
        sentence
    }

    /// One of these that the page has not said yet, if a few tries find it: a page states a thing once.
    fn unsaid<'t, T>(&mut self, among: &'t [T], key: fn(&T) -> &'static str) -> Option<&'t T> {
        for _ in 0..6 {
            let one = self.dice.one(among);
            if !self.said.contains(&key(one)) {
                self.said.push(key(one));
                return Some(one);
            }
        }
        None
    }

    fn prose(&mut self) -> String {
        let template = *self.dice.one(PROSE);
        let (sentence, _) = self.fill(template);
        self.chars += sentence.chars().count() + 1;
        sentence
    }

    /// A total and its parts, in one of the ways that bulletins have.
    fn sum(&mut self, sum: &Sum) -> (String, usize) {
        let total = sum.from + self.dice.below(sum.to - sum.from);
        let values = self.split(total, sum.parts.len());
        let of =
            |value: u64, author: &Self| format!("{}{}", author.number(value, sum.places), sum.unit);
        let parts: Vec<String> = (sum.parts.iter().zip(&values))
            .map(|(part, &value)| format!("{part}{}", of(value, self)))
            .collect();
        let whole = format!("{}{}", sum.total, of(total, self));
        let growth = if self.fifties {
            "，比上年增长百分之{11..190/1}"
        } else {
            "，{up}{11..190/1}%"
        };
        match self.dice.below(if self.fifties { 2 } else { 4 }) {
            0 => (
                format!("{whole}，其中{}", parts.join("、")),
                1 + parts.len(),
            ),
            1 => {
                let (grown, one) = self.fill(growth);
                (
                    format!("{whole}{grown}。其中，{}", parts.join("，")),
                    1 + one + parts.len(),
                )
            }
            2 => (format!("{whole}（{}）", parts.join("、")), 1 + parts.len()),
            _ => {
                let mut told = whole + "。其中：";
                for (at, part) in parts.iter().enumerate() {
                    let (grown, _) = self.fill("，增长{11..190/1}%");
                    let _ = write!(told, "{}{part}{grown}", if at == 0 { "" } else { "；" });
                }
                (told, 1 + 2 * parts.len())
            }
        }
    }

    /// `total` in so many parts, none of them 0.
    fn split(&mut self, total: u64, parts: usize) -> Vec<u64> {
        let weights: Vec<u64> = (0..parts).map(|_| self.dice.within(&(10..=60))).collect();
        let weight: u64 = weights.iter().sum();
        let mut values: Vec<u64> = weights
            .iter()
            .map(|w| (total * w / weight).max(1))
            .collect();
        let others: u64 = values.iter().skip(1).sum();
        values[0] = total - others;
        values
    }

    /// The template with its slots filled, and how many numbers it states.
    fn fill(&mut self, template: &str) -> (String, usize) {
        let (mut out, mut numbers) = (String::new(), 0_usize);
        let mut rest = template;
        while let Some((before, behind)) = rest.split_once('{') {
            out += before;
            let (slot, behind) = behind.split_once('}').expect("a slot ends");
            rest = behind;
            match slot {
                "+1" => numbers += 1,
                "-1" => numbers -= 1,
                "county" => out += &self.county,
                "ratio" => {
                    let shares = self.split(1000, 3);
                    let shares: Vec<String> = shares.iter().map(|&s| self.number(s, 1)).collect();
                    out += &shares.join("∶");
                    numbers += 1;
                }
                _ if slot.starts_with('Y') => out += &self.year_slot(slot),
                _ if slot.contains("..") => {
                    out += &self.number_slot(slot);
                    numbers += 1;
                }
                _ => {
                    let (_, pool) = (POOLS.iter())
                        .find(|(name, _)| *name == slot)
                        .expect("a pool");
                    let word = *self.dice.one(pool);
                    out += &self.fill(word).0;
                }
            }
        }
        (out + rest, numbers)
    }

    /// `Y`, `Y-4`, `Y+5`.
    fn year_slot(&self, slot: &str) -> String {
        let offset: i64 = slot[1..].parse().unwrap_or(0);
        self.year_name(self.year.saturating_add_signed(offset))
    }

    fn year_name(&self, year: u64) -> String {
        if !self.fifties {
            return year.to_string();
        }
        year.to_string()
            .chars()
            .map(|c| HAN[c.to_digit(10).unwrap_or(0) as usize])
            .collect()
    }

    /// `10..99`, `105..990/1`, `4..90*1000`.
    fn number_slot(&mut self, slot: &str) -> String {
        let (range, places) = slot.split_once('/').unwrap_or((slot, "0"));
        let (range, times) = range.split_once('*').unwrap_or((range, "1"));
        let (low, high) = range.split_once("..").expect("a range");
        let [low, high, times] = [low, high, times].map(|n| n.parse().expect("a number"));
        let value = self.dice.within(&(low..=high)) * times;
        self.number(value, places.parse().expect("decimal places"))
    }

    /// `value` with so many of its digits behind the point.
    fn number(&self, value: u64, places: u32) -> String {
        let unit = 10_u64.pow(places);
        let (whole, part) = (value / unit, value % unit);
        match (self.fifties, places) {
            (false, 0) => whole.to_string(),
            (false, _) => format!("{whole}.{part:0width$}", width = places as usize),
            (true, 0) => han(whole),
            (true, _) if part == 0 => han(whole),
            (true, _) => format!(
                "{}点{}",
                han(whole),
                HAN[usize::try_from(part).unwrap_or(0) % 10]
            ),
        }
    }
}

const HAN: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];

/// A whole number in Han numerals: 10305 is 一万零三百零五.
fn han(number: u64) -> String {
    for (unit, name) in [(100_000_000, "亿"), (10_000, "万")] {
        if number >= unit {
            return above(number, unit, name);
        }
    }
    for (unit, name) in [(1000, "千"), (100, "百"), (10, "十")] {
        if number >= unit {
            let plain = above(number, unit, name);
            let ten = unit == 10 && number < 20;
            return if ten {
                plain.replacen("一十", "十", 1)
            } else {
                plain
            };
        }
    }
    HAN[usize::try_from(number).unwrap_or(0)].to_owned()
}

/// `number` by `unit`, called `name`, and what is left; 零 where a place is empty.
fn above(number: u64, unit: u64, name: &str) -> String {
    let (times, left) = (number / unit, number % unit);
    let zero = if left > 0 && left < unit / 10 {
        "零"
    } else {
        ""
    };
    let left = match left {
        0 => String::new(),
        10..20 => format!("一{}", han(left)),
        _ => han(left),
    };
    format!("{}{name}{zero}{left}", han(times))
}

/// Where blanks stray to.
#[derive(Clone, Copy, PartialEq)]
enum Strays {
    None,
    /// Where Han meets digits.
    Joints,
    /// After one character of thirty.
    Anywhere,
    /// Between all Han characters, as PDF text layers have them.
    All,
}

/// How a page is set and what became of it.
struct Layout {
    /// Half-width columns of a line.
    columns: Option<usize>,
    indent: &'static str,
    /// What stands between two lines.
    feed: &'static str,
    strays: Strays,
    /// How much stronger than in the table characters are misread.
    misread: u64,
    furniture: bool,
}

impl Layout {
    fn of(dice: &mut Dice, options: &Options) -> Self {
        let wrapped = dice.of_100(options.wrapped);
        let width = dice.within(&options.width);
        Self {
            columns: wrapped.then(|| usize::try_from(width * 2).unwrap_or(usize::MAX)),
            indent: if dice.of_100(50) { "　　" } else { "" },
            feed: if dice.of_100(20) { "\n\n" } else { "\n" },
            strays: if dice.of_100(options.spaced) {
                *dice.one(&[Strays::Joints, Strays::Anywhere, Strays::All])
            } else {
                Strays::None
            },
            misread: if dice.of_100(options.misread) {
                1 + dice.below(3)
            } else {
                0
            },
            furniture: dice.of_100(options.furniture),
        }
    }

    fn set(&self, dice: &mut Dice, text: &Text) -> String {
        let mut lines = Vec::new();
        if self.furniture {
            lines.push(folio(dice, text.year + 1));
        }
        for line in &text.front {
            lines.push(self.misread(dice, line));
        }
        let jump = dice.below(u64::try_from(text.paragraphs.len()).unwrap_or(1));
        for (n, paragraph) in (0..).zip(&text.paragraphs) {
            let printed = format!("{}{}", self.indent, self.misread(dice, paragraph));
            match self.columns {
                Some(columns) => lines.extend(wrap(&printed, columns)),
                None => lines.push(printed),
            }
            if self.furniture && n == jump {
                lines.push(
                    (*dice.one(&["本报记者 何田 摄", "图为政务服务大厅。", "（下转A2版）"]))
                        .to_owned(),
                );
            }
        }
        let mut page = String::new();
        for line in &lines {
            page += &self.stray(dice, line);
            page += self.feed;
        }
        page
    }

    fn misread(&self, dice: &mut Dice, line: &str) -> String {
        if self.misread == 0 {
            return line.to_owned();
        }
        let mut out = String::new();
        for c in line.chars() {
            let slip = (MISREAD.iter())
                .find(|(right, _, rate)| *right == c && dice.below(1000) < rate * self.misread);
            match slip {
                Some((_, wrong, _)) => out += wrong,
                None => out.push(c),
            }
        }
        out
    }

    fn stray(&self, dice: &mut Dice, line: &str) -> String {
        let mut out = String::new();
        let mut last = None;
        for c in line.chars() {
            let joint = last.is_some_and(|l: char| {
                l.is_ascii_digit() != c.is_ascii_digit() && c != '.' && l != '.'
            });
            let blank = match self.strays {
                Strays::None => false,
                Strays::Joints => joint,
                Strays::Anywhere => last.is_some() && dice.below(30) == 0,
                Strays::All => joint || last.is_some_and(|l| !l.is_ascii() && !c.is_ascii()),
            };
            if blank {
                out.push(' ');
            }
            out.push(c);
            last = Some(c);
        }
        out
    }
}

/// The first line of a newspaper page.
fn folio(dice: &mut Dice, year: u64) -> String {
    let page = 1 + dice.below(8);
    let (month, day) = (1 + dice.below(12), 1 + dice.below(28));
    let weekday = dice.one(&["一", "二", "三", "四", "五", "六", "日"]);
    format!("A{page}版要闻 {year}年{month}月{day}日 星期{weekday} 责任编辑：何田")
}

/// Lines of so many half-width columns: a Han character takes two, and no line begins with a closing mark.
fn wrap(paragraph: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let (mut line, mut used) = (String::new(), 0);
    for c in paragraph.chars() {
        let room = if c.is_ascii() { 1 } else { 2 };
        if used + room > columns && !NO_LINE_START.contains(c) {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        line.push(c);
        used += room;
    }
    lines.push(line);
    lines
}
