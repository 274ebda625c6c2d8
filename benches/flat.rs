//! Does a byte cost the same in small pages and in large ones? `cargo run --release --example flat`.
//!
//! Times the stages on ordinary text and on pages of one kind of thing only, at several sizes, and prints
//! nanoseconds of processor time a byte and what grows with the size of the page. A cost that grows more than
//! it may, a page that cannot be read or one that takes too long ends with exit code 1.

#![allow(
    clippy::float_arithmetic,
    clippy::disallowed_types,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::exit,
    reason = "prints times; no page's numbers go through here"
)]

#[allow(dead_code, reason = "each program uses its part")]
mod generator;
mod way;

use std::error::Error;
use std::fmt::Write as _;
use std::process::exit;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use clap::Parser;
use generator::{Generator, Options};
use gongbao::lexicon::Lexicon;
use way::{STAGES, Times};

/// See what a byte costs in small and in large pages
#[derive(Parser)]
struct Arguments {
    /// Only these kinds of pages; all kinds are told by --list
    #[arg(long, value_delimiter = ';')]
    kinds: Vec<String>,
    /// Print the kinds of pages with their first characters, measure nothing
    #[arg(long)]
    list: bool,
    /// Sizes of pages in bytes, the smallest first
    #[arg(
        long,
        value_delimiter = ',',
        default_value = "1000,10000,100000,1000000,10000000"
    )]
    sizes: Vec<usize>,
    /// Growth is counted from the first page at least so large to the largest
    #[arg(long, default_value_t = 100_000)]
    from: usize,
    /// The cost of a byte may grow to so many times
    #[arg(long, default_value_t = 1.5)]
    max_growth: f64,
    /// Measure at most so often where more has grown than may, and take the least
    #[arg(long, default_value_t = 3)]
    rounds: u32,
    /// Seconds that one page may take
    #[arg(long, default_value_t = 60)]
    limit: u64,
    /// A line for each stage, too
    #[arg(long)]
    stages: bool,
}

/// A stage that takes less of a page's time than this part may grow: nothing can be told of so little.
const PART: f64 = 0.1;

/// The small pages are measured for so long at least.
const LONG_ENOUGH: Duration = Duration::from_millis(20);

/// Name, what the page begins with, and what is repeated behind it.
type Kind = (&'static str, &'static str, String);

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    let mut kinds = kinds(arguments.sizes.iter().copied().max().unwrap_or_default());
    if let Some(unknown) = arguments
        .kinds
        .iter()
        .find(|name| !kinds.iter().any(|(kind, ..)| kind == name))
    {
        return Err(format!("no kind of page is called {unknown}: see --list").into());
    }
    kinds.retain(|(name, ..)| {
        arguments.kinds.is_empty() || arguments.kinds.iter().any(|asked| asked == name)
    });
    if arguments.list {
        for (name, start, unit) in &kinds {
            let shown: String = unit.chars().take(20).collect();
            println!("{name}: {:?}", format!("{start}{shown}"));
        }
        return Ok(());
    }
    let _ = Lexicon::builtin();
    let mut head = "| page |".to_owned();
    let mut rule = "| --- |".to_owned();
    for size in &arguments.sizes {
        write!(head, " {} |", name_of(*size))?;
        rule.push_str(" ---: |");
    }
    println!("{head} growth | what grows |\n{rule} ---: | --- |");
    let watch = Watch::start(Duration::from_secs(arguments.limit));
    let mut failed = false;
    for kind in &kinds {
        failed |= !measure(kind, &arguments, &watch)?;
    }
    exit(i32::from(failed));
}

/// Prints the row of a kind of page; false where something grows.
fn measure(kind: &Kind, arguments: &Arguments, watch: &Watch) -> Result<bool, Box<dyn Error>> {
    let (name, start, unit) = kind;
    let pages: Vec<Vec<u8>> = arguments
        .sizes
        .iter()
        .map(|&size| page(start, unit, size))
        .collect();
    let mut costs = vec![None; pages.len()];
    let first = pages
        .iter()
        .position(|page| page.len() * 10 >= arguments.from * 9)
        .unwrap_or_default();
    let mut growing = Vec::new();
    for round in 0..arguments.rounds.max(1) {
        for (place, page) in pages.iter().enumerate() {
            if round == 0 || place == first || place + 1 == pages.len() {
                let cost = cost(name, page, watch)?;
                let least = costs[place].get_or_insert(cost);
                for (least, now) in least.iter_mut().zip(cost) {
                    *least = least.min(now);
                }
            }
        }
        growing = growth(&costs, first, arguments.max_growth);
        if growing.is_empty() {
            break;
        }
    }
    let cells = |cost: &dyn Fn(&Cost) -> f64| -> String {
        let costs: Vec<f64> = costs.iter().flatten().map(cost).collect();
        let mut row: String = costs.iter().map(|cost| format!(" {cost:.1} |")).collect();
        let growth = costs[costs.len() - 1] / costs[first];
        write!(row, " {growth:.2} |").expect("memory is written to");
        row
    };
    println!("| {name} |{} {} |", cells(&whole), growing.join(", "));
    if arguments.stages {
        for (place, stage) in STAGES.iter().enumerate() {
            println!("| – {stage} |{}  |", cells(&|cost| cost[place]));
        }
    }
    Ok(growing.is_empty())
}

/// Nanoseconds a byte by stage.
type Cost = [f64; STAGES.len()];

fn whole(cost: &Cost) -> f64 {
    cost.iter().sum()
}

/// What costs more per byte in the last page than in the one at `first`.
fn growth(costs: &[Option<Cost>], first: usize, allowed: f64) -> Vec<String> {
    let (Some(Some(small)), Some(Some(large))) = (costs.get(first), costs.last()) else {
        return Vec::new();
    };
    let all = [("all", whole(small), whole(large))];
    let stages = STAGES
        .iter()
        .zip(small)
        .zip(large)
        .map(|((stage, small), large)| (*stage, *small, *large));
    all.into_iter()
        .chain(stages)
        .filter(|(_, small, now)| *now > small * allowed && *now > whole(large) * PART)
        .map(|(stage, small, now)| format!("**{stage} {small:.1} → {now:.1}**"))
        .collect()
}

fn cost(name: &str, page: &[u8], watch: &Watch) -> Result<Cost, Box<dyn Error>> {
    let mut least = Cost::default();
    let mut spent = Duration::ZERO;
    let mut out = Vec::new();
    while spent < LONG_ENOUGH {
        let mut times = Times::default();
        watch.page(Some(format!("{name}, {} bytes", page.len())));
        way::page("page.txt", page, &mut times, &mut out, |stage| {
            watch.stage(stage)
        })
        .map_err(|error| format!("{name}, {} bytes: {error}", page.len()))?;
        watch.page(None);
        for (least, time) in least.iter_mut().zip(times) {
            let cost = time.as_secs_f64() * 1e9 / page.len() as f64;
            *least = if spent.is_zero() {
                cost
            } else {
                least.min(cost)
            };
        }
        spent += times.iter().sum::<Duration>();
    }
    Ok(least)
}

/// Ends the program when a page takes too long, and says which one and in which stage.
struct Watch(Arc<Mutex<Option<Begun>>>);

/// When a page began, which one it is, and the stage that it is in.
type Begun = (Instant, String, &'static str);

impl Watch {
    fn start(limit: Duration) -> Self {
        let current: Arc<Mutex<Option<Begun>>> = Arc::default();
        let seen = Arc::clone(&current);
        thread::spawn(move || {
            loop {
                thread::sleep(Duration::from_millis(100));
                let seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
                if let Some((since, page, stage)) = &*seen
                    && since.elapsed() > limit
                {
                    eprintln!("{page}: not done in {} s, now in {stage}", limit.as_secs());
                    exit(1);
                }
            }
        });
        Self(current)
    }

    /// A page begins, or is done.
    fn page(&self, name: Option<String>) {
        let mut current = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *current = name.map(|name| (Instant::now(), name, ""));
    }

    fn stage(&self, begun: &'static str) {
        let mut current = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, _, stage)) = &mut *current {
            *stage = begun;
        }
    }
}

fn name_of(size: usize) -> String {
    match size {
        size if size >= 1_000_000 => format!("{} MB", size as f64 / 1e6),
        size if size >= 1000 => format!("{} KB", size as f64 / 1e3),
        size => format!("{size} B"),
    }
}

/// `start` and then `unit` again and again, no more than `size` bytes.
fn page(start: &str, unit: &str, size: usize) -> Vec<u8> {
    let mut page = start.to_owned();
    while page.len() < size {
        page.push_str(unit);
    }
    page.truncate(page.floor_char_boundary(size));
    page.into_bytes()
}

/// Ordinary text of at least `size` bytes in several shapes, and pages of one kind of thing.
fn kinds(size: usize) -> Vec<Kind> {
    let ordinary = ordinary(size);
    let one_line = ordinary.replace('\n', "");
    let bare = one_line.chars().filter(|c| c.is_alphanumeric()).collect();
    let boxes = |lines| hocr(&ordinary, lines, size);
    let mut kinds = vec![
        ("ordinary", "", ordinary.clone()),
        ("one line", "", one_line.clone()),
        ("no punctuation", "", bare),
        ("lines of 8", "", wrapped(&one_line, 8)),
        ("hOCR", HOCR, boxes(60)),
        ("hOCR, one sheet", HOCR, boxes(usize::MAX)),
    ];
    kinds.extend(KINDS.map(|(name, start, unit)| (name, start, unit.to_owned())));
    kinds
}

/// Pages of one kind of thing. Blanks alone are no page, so these begin with a character.
const KINDS: [(&str, &str, &str); 41] = [
    ("digits", "", "1234567890"),
    ("一", "", "一"),
    ("十", "", "十"),
    ("亿", "", "亿"),
    ("1亿", "", "1亿"),
    ("1.", "", "1."),
    ("1,", "", "1,"),
    ("1 1", "", "1 "),
    ("l1 (misread)", "", "l1"),
    ("一1", "", "一1"),
    ("（", "", "（"),
    ("（）", "", "（）"),
    ("“", "", "“"),
    ("%", "", "%"),
    ("5%", "", "5%"),
    ("。", "", "。"),
    ("，", "", "，"),
    ("：", "", "："),
    ("、", "", "、"),
    ("-", "", "-"),
    ("甲", "", "甲"),
    ("年", "", "年"),
    ("spaces", "甲", " "),
    ("line feeds", "甲", "\n"),
    ("其中", "", "其中"),
    ("其中：", "", "其中："),
    ("其中：甲1亿元，", "", "其中：甲1亿元，"),
    ("其中，甲1户，乙2户。", "", "其中，甲1户，乙2户。"),
    ("甲1户，", "", "甲1户，"),
    ("1个、", "", "1个、"),
    ("12.5%，", "", "12.5%，"),
    ("增长", "", "增长"),
    ("增长5%", "", "增长5%"),
    ("同比增长5%；", "", "同比增长5%；"),
    ("一、 headings", "", "一、工业\n二、农业\n"),
    ("（一） headings", "", "（一）工业\n"),
    ("1. headings", "", "1．工业\n"),
    ("dates", "", "2023年5月1日"),
    ("2023年", "", "2023年"),
    ("cells", "", "甲\t1\t2.5\n"),
    ("jump lines", "", "甲1户\n（下转第2版）\n"),
];

/// Pages as the generator makes them, one behind the other.
fn ordinary(size: usize) -> String {
    let options = Options {
        gb18030: 0,
        ..Options::default()
    };
    let pages = Generator::with(1, options);
    let mut text = String::new();
    for number in 0.. {
        if text.len() >= size {
            break;
        }
        text.push_str(&String::from_utf8_lossy(&pages.page(number).bytes));
        text.push('\n');
    }
    text
}

fn wrapped(text: &str, width: usize) -> String {
    let characters: Vec<char> = text.chars().collect();
    let lines = characters.chunks(width).map(|line| line.iter().collect());
    lines.collect::<Vec<String>>().join("\n")
}

const HOCR: &str = "<html><head><meta name='ocr-system' content='made up'/></head><body>\n";

/// The lines of `text` as an OCR program writes them, so many on a sheet, at least `size` bytes; nothing is
/// closed, so that it can be cut off anywhere.
fn hocr(text: &str, lines: usize, size: usize) -> String {
    let mut out = String::new();
    for (number, line) in text.lines().enumerate() {
        let row = number % lines;
        if row == 0 {
            out.push_str("<div class='ocr_page' title='bbox 0 0 2000 9000'>\n");
        }
        let (top, bottom) = (row * 40, row * 40 + 30);
        let right = 40 * line.chars().count();
        let line_box = format!("bbox 0 {top} {right} {bottom}");
        write!(out, "<span class='ocr_line' title='{line_box}'>").expect("memory is written to");
        for (place, character) in line.chars().enumerate() {
            let (left, right) = (place * 40, place * 40 + 38);
            let word_box = format!("bbox {left} {top} {right} {bottom}; x_wconf 90");
            write!(
                out,
                "<span class='ocrx_word' title='{word_box}'>{character}</span>"
            )
            .expect("memory is written to");
        }
        out.push_str("</span>\n");
        if out.len() > size {
            break;
        }
    }
    out
}
