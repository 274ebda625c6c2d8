//! What a check is for: in every sum that a labelled page states, every figure of every number is
//! misread, one at a time, in the bytes of the page. The sum must become a mismatch that names the
//! true value.
//!
//! Each figure is taken for one that looks alike (`lexicon/confusables.toml`) and for one that does
//! not. The last figure of a rounded number may hide in the rounding of the others: 12.5 is 8.3 and
//! 4.1 as well as 4.2. Such damage no arithmetic shows; it is counted apart.

use std::fs;
use std::path::{Path, PathBuf};

use gongbao::base::Decimal;
use gongbao::document::Hints;
use gongbao::lexicon::Lexicon;
use gongbao::record::{Check, CheckKind, CheckStatus, Indicator};
use gongbao::{Extractor, Record};
use serde_json::Value;

/// At least so many of a thousand damaged sums are mismatches, and name the true value.
const PER_MILLE: usize = 980;
const HAN: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

/// A labelled page.
struct Page {
    name: String,
    bytes: Vec<u8>,
    gold: Value,
    extractor: Extractor,
}

impl Page {
    fn read(text: &Path, gold: &Path) -> Self {
        let gold: Value = serde_json::from_slice(&fs::read(gold).unwrap()).unwrap();
        let hint = |key: &str| match &gold["document"][key] {
            Value::Null => None,
            Value::String(said) => said.parse().ok(),
            other => other.to_string().parse().ok(),
        };
        let hints = Hints {
            published: hint("year"),
            period: hint("period"),
            ..Hints::default()
        };
        Self {
            name: text.file_stem().unwrap().to_string_lossy().into_owned(),
            bytes: fs::read(text).unwrap(),
            extractor: Extractor::new().hints(hints),
            gold,
        }
    }

    fn record(&self, bytes: &[u8]) -> Record {
        self.extractor
            .extract(&self.name, bytes)
            .unwrap_or_else(|e| panic!("{}: {e}", self.name))
    }

    /// Start of the number that the gold calls `id`.
    fn labelled(&self, record: &Record, id: &Value) -> Option<u32> {
        let said = self.gold["indicators"].as_array().unwrap();
        let label = said.iter().find(|x| x["id"] == *id)?;
        let (left, mention) = (label["left"].as_str()?, label["mention"].as_str()?);
        let text: Vec<char> = record.text.chars().collect();
        let before = |x: &Indicator| {
            let end = x.start as usize;
            let from = end.saturating_sub(left.chars().count());
            text[from..end].iter().collect::<String>()
        };
        let mut found = record.indicators.iter();
        found
            .find(|x| x.mention == mention && before(x) == left)
            .map(|x| x.start)
    }

    /// The sums of the page that come out and that the gold has too.
    fn sums(&self, record: &Record) -> Vec<Check> {
        let golds: Vec<Vec<Option<u32>>> = self.gold["checks"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|c| {
                let ids = std::iter::once(&c["total"]).chain(c["parts"].as_array().unwrap());
                ids.map(|id| self.labelled(record, id)).collect()
            })
            .collect();
        let comes_out = |c: &&Check| {
            c.kind == CheckKind::Sum && matches!(c.status, CheckStatus::Ok | CheckStatus::Rounding)
        };
        let labelled = |c: &&Check| {
            let starts: Vec<Option<u32>> = starts(record, c).into_iter().map(Some).collect();
            golds.contains(&starts)
        };
        let sums = record.checks.iter();
        sums.filter(comes_out).filter(labelled).cloned().collect()
    }
}

fn indicator<'r>(record: &'r Record, id: &str) -> &'r Indicator {
    record.indicators.iter().find(|x| x.id == id).unwrap()
}

/// Where the total and the parts of a check stand.
fn starts(record: &Record, check: &Check) -> Vec<u32> {
    let ids = check.total.iter().chain(&check.parts);
    ids.map(|id| indicator(record, id).start).collect()
}

fn figure(c: char) -> Option<u8> {
    let value = c.to_digit(10).map(|d| d as usize);
    let value = value.or_else(|| HAN.iter().position(|&h| h == c));
    value.map(|v| b'0' + v as u8)
}

fn written(figure: u8, like: char) -> char {
    if like.is_ascii_digit() {
        figure as char
    } else {
        HAN[(figure - b'0') as usize]
    }
}

/// One figure that looks like `figure` and one that does not, neither it nor `not`.
fn misreadings(figure: u8, place: usize, not: Option<u8>) -> Vec<u8> {
    let alike = |&f: &u8| Lexicon::builtin().confusables.alike(figure, f);
    let turned: Vec<u8> = (0..10)
        .map(|i| b'0' + (usize::from(figure - b'0') * 3 + place * 7 + i) as u8 % 10)
        .filter(|&f| f != figure && Some(f) != not)
        .collect();
    let one = turned.iter().copied().find(alike);
    let other = turned.iter().copied().find(|f| !alike(f));
    one.into_iter().chain(other).collect()
}

/// The bytes of the page with one figure misread, for every figure of one number.
struct Damage {
    bytes: Vec<u8>,
    what: String,
    /// True for the number's last figure.
    last: bool,
}

fn damages(page: &Page, record: &Record, x: &Indicator) -> Vec<Damage> {
    let encoding = encoding_rs::Encoding::for_label(record.source.encoding.as_bytes()).unwrap();
    let (start, end) = (x.source.start as usize, x.source.end as usize);
    let (slice, _, bad) = encoding.decode(&page.bytes[start..end]);
    assert!(!bad, "{}: {}", page.name, x.mention);
    let chars: Vec<char> = slice.chars().collect();
    let places: Vec<usize> = (0..chars.len())
        .filter(|&i| figure(chars[i]).is_some())
        .collect();
    let mut out = Vec::new();
    for (nth, &at) in places.iter().enumerate() {
        let c = chars[at];
        let first = nth == 0 || !c.is_ascii_digit();
        // 0 stays where only a 0 can stand before the point.
        let not = first.then_some(b'0');
        for other in misreadings(figure(c).unwrap(), at, not) {
            let mut changed = chars.clone();
            changed[at] = written(other, c);
            let text: String = changed.iter().collect();
            let (coded, _, bad) = encoding.encode(&text);
            assert!(!bad, "{}: {text}", page.name);
            let mut bytes = page.bytes[..start].to_vec();
            bytes.extend_from_slice(&coded);
            bytes.extend_from_slice(&page.bytes[end..]);
            out.push(Damage {
                bytes,
                what: format!("{}: {} read {text}", page.name, x.mention),
                last: nth + 1 == places.len(),
            });
        }
    }
    out
}

/// One of the last digit of a number, in base units.
fn step(x: &Indicator) -> Decimal {
    let (value, base) = (x.value.unwrap(), x.base_value.unwrap());
    value.last_digit(value.power_to(base).unwrap()).unwrap()
}

/// True when the misread number differs by no more than half of what the last digits of the sum's
/// numbers stand for, `slack` in all: 4108 read 4168 among parts of 1.86万.
fn hides(damaged: &Record, x: &Indicator, slack: Decimal) -> bool {
    let misread = damaged.indicators.iter().find(|y| y.start == x.start);
    let Some(base) = misread.and_then(|y| y.base_value) else {
        return false;
    };
    let change = base.checked_add(-x.base_value.unwrap()).unwrap();
    let size = if change.is_negative() {
        -change
    } else {
        change
    };
    size.checked_add(size).unwrap() <= slack
}

#[derive(Default)]
struct Tally {
    sums: usize,
    damaged: usize,
    unseen: usize,
    mismatches: usize,
    named: usize,
    first: usize,
    missed: Vec<String>,
}

impl Tally {
    fn page(&mut self, page: &Page) {
        let record = page.record(&page.bytes);
        for sum in page.sums(&record) {
            self.sums += 1;
            let places = starts(&record, &sum);
            let terms = sum.total.iter().chain(&sum.parts);
            let slack = terms.fold(Decimal::ZERO, |slack, id| {
                slack.checked_add(step(indicator(&record, id))).unwrap()
            });
            for id in sum.total.iter().chain(&sum.parts) {
                let x = indicator(&record, id);
                let Some(truth) = x.value else { continue };
                for damage in damages(page, &record, x) {
                    self.one(page, &damage, &places, x, truth, slack);
                }
            }
        }
    }

    fn one(
        &mut self,
        page: &Page,
        damage: &Damage,
        places: &[u32],
        x: &Indicator,
        truth: Decimal,
        slack: Decimal,
    ) {
        let at = x.start;
        self.damaged += 1;
        let record = page.record(&damage.bytes);
        let mut sums = record.checks.iter().filter(|c| c.kind == CheckKind::Sum);
        let same = sums.find(|c| starts(&record, c) == places);
        match same.map(|c| c.status) {
            Some(CheckStatus::Rounding) if damage.last || hides(&record, x, slack) => {
                self.unseen += 1;
            }
            Some(CheckStatus::Mismatch) => {
                self.mismatches += 1;
                let mut named = same.unwrap().candidates.iter();
                let place =
                    named.position(|c| c.value == truth && indicator(&record, &c.id).start == at);
                match place {
                    Some(place) => {
                        self.named += 1;
                        self.first += usize::from(place < 3);
                    }
                    None => self
                        .missed
                        .push(format!("{}: truth not named", damage.what)),
                }
            }
            status => self.missed.push(format!("{}: {status:?}", damage.what)),
        }
    }

    #[expect(clippy::print_stderr, reason = "rates are for people to read")]
    fn report(&self, what: &str) {
        let seen = self.damaged - self.unseen;
        eprintln!(
            "{what}: {} sums, {} misread figures; {} of them within the rounding of the sum's own \
             numbers; of the other {seen}, {} are mismatches ({} %), {} name the true \
             value ({} %), {} among the first three",
            self.sums,
            self.damaged,
            self.unseen,
            self.mismatches,
            rate(self.mismatches, seen),
            self.named,
            rate(self.named, seen),
            self.first,
        );
        for missed in &self.missed {
            eprintln!("  {missed}");
        }
    }

    fn holds(&self, what: &str, fewest: usize) {
        self.report(what);
        let seen = self.damaged - self.unseen;
        assert!(self.sums >= fewest, "{what}: only {} sums", self.sums);
        let enough = |n: usize| n * 1000 >= seen * PER_MILLE;
        assert!(
            enough(self.mismatches) && enough(self.named),
            "{what}: {} mismatches and {} true values named of {seen}:\n{}",
            self.mismatches,
            self.named,
            self.missed.join("\n")
        );
    }
}

/// Per cent with one figure behind the point.
fn rate(n: usize, of: usize) -> String {
    let tenths = n * 1000 / of.max(1);
    format!("{}.{}", tenths / 10, tenths % 10)
}

fn tally(golds: &Path, pages: &Path) -> Tally {
    let mut found: Vec<PathBuf> = fs::read_dir(golds)
        .unwrap_or_else(|e| panic!("{}: {e}", golds.display()))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().ends_with(".gold.json"))
        .collect();
    found.sort();
    let mut tally = Tally::default();
    for gold in found {
        let name = gold.file_name().unwrap().to_string_lossy().into_owned();
        let stem = name.strip_suffix(".gold.json").unwrap();
        tally.page(&Page::read(&pages.join(format!("{stem}.txt")), &gold));
    }
    tally
}

#[test]
fn misread_figures_of_the_samples_are_found() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    tally(&samples, &samples).holds("samples", 15);
}

#[test]
fn misread_figures_of_the_corpus_are_found() {
    let Some(shared) = crate::shared() else {
        return;
    };
    tally(&shared.join("gold"), &shared.join("corpus")).holds("corpus", 20);
}
