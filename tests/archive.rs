//! An archive of made-up communiqués, thirty counties and fifteen years, with known truth and damaged
//! figures: what the panel says, and what its checks find.
//!
//! Growth at comparable prices is weighed by those of a base year that changes every five years; how prices
//! move, [`Market`] says. Levels are worked out to a hundredth of
//! what is printed and rounded one by one, so that sums come out within their rounding only.

use std::collections::BTreeMap;

use gongbao::Extractor;
use gongbao::base::Decimal;
use gongbao::lexicon::Lexicon;
use gongbao::panel::read::{Bytes, Input, read};
use gongbao::panel::{ColumnId, Panel, Query};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

const FIRST: i32 = 2005;
const YEARS: usize = 15;

/// Names of counties that there are not.
const FRONT: [&str; 10] = [
    "青岩", "云岭", "石泉", "松溪", "柳河", "沙坪", "梅林", "竹川", "霜江", "雁塘",
];
const BACK: [&str; 3] = ["东县", "西县", "北县"];

/// Wholes and their parts.
const SUMS: [(&str, &[&str]); 5] = [
    ("gdp", &["gdp.primary", "gdp.secondary", "gdp.tertiary"]),
    ("agri.grain", &["agri.grain.summer", "agri.grain.autumn"]),
    ("retail", &["retail.urban", "retail.rural"]),
    (
        "budget.revenue",
        &["budget.revenue.tax", "budget.revenue.nontax"],
    ),
    ("pop.resident", &["pop.urban", "pop.rural"]),
];
const ALONE: [&str; 3] = ["agri.output.tea", "bank.deposits", "bank.loans"];

/// What gets dearer, and by how many thousandths a year at the least and at the most.
const DEARER: [(&str, i64, i64); 3] = [
    ("gdp.primary", -20, 60),
    ("gdp.secondary", -30, 40),
    ("gdp.tertiary", 0, 35),
];
/// In a market of common prices those of a county move by so many thousandths more or less.
const OWN_PRICES: i64 = 8;
/// In one without, everything gets dearer by so many thousandths, and by as many as this more or less.
const ALONE_DEARER: (i64, i64) = (12, 18);
/// Prices of a base year weigh for so many years.
const BASE: usize = 5;
const MILLION: i64 = 1_000_000;

/// A figure of a page: column, digits and unit.
#[derive(Clone)]
struct Figure {
    column: &'static str,
    value: Decimal,
    unit: &'static str,
}

/// What happened to a figure before it was printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Damage {
    Digit,
    Point,
    Multiplier,
}

struct Random(ChaCha8Rng);

impl Random {
    /// From `least` to `most`.
    fn between(&mut self, least: i64, most: i64) -> i64 {
        let room = u64::try_from(most - least + 1).unwrap();
        least + i64::try_from(self.0.next_u64() % room).unwrap()
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        let last = i64::try_from(all.len() - 1).unwrap();
        all[usize::try_from(self.between(0, last)).unwrap()]
    }
}

type Levels = BTreeMap<&'static str, i64>;

/// One year of one county.
struct Year {
    /// At current prices, in ten-thousandths of 亿元, 万吨, 万人.
    levels: Levels,
    /// What of it would have been printed.
    printed: Levels,
    /// Growth over the year before, in tenths of a percent.
    growths: Levels,
}

/// `num / den`, rounded.
fn rounded(num: i64, den: i64) -> i64 {
    (2 * num + den).div_euclid(2 * den)
}

fn growth(before: i64, now: i64) -> i64 {
    rounded((now - before) * 1000, before)
}

/// How prices move.
struct Market {
    /// By how many thousandths things get dearer in each year.
    years: Vec<Levels>,
    /// By so many more or less in a county.
    own: i64,
}

impl Market {
    /// Gross regional product alone is told at comparable prices, and a year's are much the same everywhere.
    fn common(random: &mut Random) -> Self {
        let year = |random: &mut Random| {
            let dearer = DEARER.iter();
            let of = |&(column, least, most): &(&'static str, i64, i64)| {
                (column, random.between(least, most))
            };
            dearer.map(of).collect()
        };
        Self {
            years: (0..YEARS).map(|_| year(random)).collect(),
            own: OWN_PRICES,
        }
    }

    /// All that is worth money is told at comparable prices, and each has its own: nothing can be learned
    /// of them from others.
    fn alone() -> Self {
        let (dearer, own) = ALONE_DEARER;
        let money = parts().chain(ALONE).filter(|part| unit(part) == "亿元");
        let year: Levels = money.map(|part| (part, dearer)).collect();
        Self {
            years: vec![year; YEARS],
            own,
        }
    }

    /// By how much `column` may have got dearer in year `at`, at the least and at the most.
    fn dearer(&self, at: usize, column: &str) -> (i64, i64) {
        let of = |column: &str| self.years[at].get(column).copied();
        let whole = SUMS.iter().find(|(whole, _)| *whole == column);
        // a whole gets dearer as its parts do, however they are weighed
        let all = match whole {
            Some((_, parts)) => parts.iter().filter_map(|part| of(part)).collect(),
            None => Vec::from_iter(of(column)),
        };
        match (all.iter().min(), all.iter().max()) {
            (Some(least), Some(most)) => (least - self.own, most + self.own),
            _ => (0, 0),
        }
    }
}

fn parts() -> impl Iterator<Item = &'static str> {
    SUMS.iter().flat_map(|(_, parts)| parts.iter().copied())
}

fn years(random: &mut Random, market: &Market) -> Vec<Year> {
    let columns: Vec<&'static str> = parts().chain(ALONE).collect();
    // at the prices of the first year, and by how much dearer everything is since
    let mut volumes: Levels = BTreeMap::new();
    let mut index: Levels = BTreeMap::new();
    for &column in &columns {
        volumes.insert(column, random.between(90_000, 900_000));
        index.insert(column, MILLION);
    }
    let mut base = index.clone();
    let mut all: Vec<Year> = Vec::new();
    for (year, dearer) in market.years.iter().enumerate() {
        let before = volumes.clone();
        if year > 0 {
            for (column, volume) in &mut volumes {
                let most = if column.starts_with("pop") { 15 } else { 110 };
                *volume += *volume * random.between(-20, most) / 1000;
            }
            if year % BASE == 0 {
                base = index.clone();
            }
            for (column, dearer) in dearer {
                let own = random.between(-market.own, market.own);
                let index = index.get_mut(column).unwrap();
                *index += *index * (dearer + own) / 1000;
            }
        }
        let mut levels: Levels = BTreeMap::new();
        let mut growths: Levels = BTreeMap::new();
        for &column in &columns {
            levels.insert(column, volumes[column] * index[column] / MILLION);
            growths.insert(column, growth(before[column], volumes[column]));
        }
        for (whole, parts) in SUMS {
            levels.insert(whole, parts.iter().map(|part| levels[part]).sum());
            let real = |volumes: &Levels| -> i64 {
                let part = |part: &&str| volumes[*part] * base[*part] / MILLION;
                parts.iter().map(part).sum()
            };
            growths.insert(whole, growth(real(&before), real(&volumes)));
        }
        growths.retain(|column, _| year > 0 && !column.starts_with("pop"));
        let printed = levels
            .iter()
            .map(|(&column, &level)| (column, rounded(level, 100)));
        all.push(Year {
            printed: printed.collect(),
            levels,
            growths,
        });
    }
    all
}

/// The sentences of a page: what stands before each figure, and what comes to an end behind it.
fn page(county: &str, year: i32, figures: &BTreeMap<&'static str, Figure>) -> String {
    let told = |column: &str| {
        let figure = &figures[column];
        format!("{}{}", figure.value, figure.unit)
    };
    let grown = |column: &str| match figures.get(column) {
        None => String::new(),
        Some(figure) if figure.value.is_negative() => {
            format!("，下降{}{}", -figure.value, figure.unit)
        }
        Some(figure) => format!("，增长{}{}", figure.value, figure.unit),
    };
    format!(
        "{county}{year}年国民经济和社会发展统计公报\n{county}统计局\n{}年3月8日\n\
         一、综合\n全年地区生产总值{}{}。其中，第一产业增加值{}{}；第二产业增加值{}{}；第三产业增加值{}{}。\n\
         二、农业\n全年粮食总产量{}{}。其中，夏粮产量{}{}；秋粮产量{}{}。茶叶产量{}{}。\n\
         三、国内贸易\n社会消费品零售总额{}{}。其中，城镇消费品零售额{}{}；乡村消费品零售额{}{}。\n\
         四、财政金融\n一般公共预算收入{}{}。其中，税收收入{}{}；非税收入{}{}。\n\
         年末金融机构各项存款余额{}{}，各项贷款余额{}{}。\n\
         五、人口\n年末常住人口{}。其中，城镇人口{}，乡村人口{}。常住人口城镇化率{}。\n",
        year + 1,
        told("gdp"),
        grown("gdp@growth"),
        told("gdp.primary"),
        grown("gdp.primary@growth"),
        told("gdp.secondary"),
        grown("gdp.secondary@growth"),
        told("gdp.tertiary"),
        grown("gdp.tertiary@growth"),
        told("agri.grain"),
        grown("agri.grain@growth"),
        told("agri.grain.summer"),
        grown("agri.grain.summer@growth"),
        told("agri.grain.autumn"),
        grown("agri.grain.autumn@growth"),
        told("agri.output.tea"),
        grown("agri.output.tea@growth"),
        told("retail"),
        grown("retail@growth"),
        told("retail.urban"),
        grown("retail.urban@growth"),
        told("retail.rural"),
        grown("retail.rural@growth"),
        told("budget.revenue"),
        grown("budget.revenue@growth"),
        told("budget.revenue.tax"),
        grown("budget.revenue.tax@growth"),
        told("budget.revenue.nontax"),
        grown("budget.revenue.nontax@growth"),
        told("bank.deposits"),
        grown("bank.deposits@growth"),
        told("bank.loans"),
        grown("bank.loans@growth"),
        told("pop.resident"),
        told("pop.urban"),
        told("pop.rural"),
        told("pop.urbanisation"),
    )
}

/// The unit that levels of a column are told in.
fn unit(column: &str) -> &'static str {
    match column.split(['.', '@']).next() {
        Some("agri") => "万吨",
        Some("pop") => "万人",
        _ => "亿元",
    }
}

/// Damages `figure` in one way or another; none where that way leaves it as it is.
fn damaged(figure: &Figure, random: &mut Random) -> Option<(Figure, Damage)> {
    let digits = figure.value.to_string();
    let mut bad = figure.clone();
    let damage = random.of(&[
        Damage::Digit,
        Damage::Digit,
        Damage::Point,
        Damage::Multiplier,
    ]);
    match damage {
        Damage::Digit => {
            let places: Vec<usize> = digits
                .char_indices()
                .filter(|(_, c)| c.is_ascii_digit())
                .map(|(at, _)| at)
                .collect();
            let at = random.of(&places);
            let new = random.of(b"123456789");
            let mut bytes = digits.into_bytes();
            if bytes[at] == new {
                return None;
            }
            bytes[at] = new;
            bad.value = String::from_utf8(bytes).unwrap().parse().unwrap();
        }
        Damage::Point => bad.value = digits.replace('.', "").parse().unwrap(),
        Damage::Multiplier => {
            bad.unit = match figure.unit {
                "亿元" => "万元",
                "万吨" => "吨",
                "万人" => "人",
                _ => return None,
            }
        }
    }
    Some((bad, damage))
}

/// Where a figure belongs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    county: String,
    year: i16,
    column: String,
}

/// What is true of a figure, and what became of it.
struct Truth {
    value: Decimal,
    damage: Option<Damage>,
    /// True where the damage can be seen, by one who knows how everything was made: with all other
    /// figures of the county as they are, no rounding and no prices give the damaged one.
    visible: bool,
}

struct Archive {
    /// Pages, by name.
    pages: Vec<(String, String)>,
    truth: BTreeMap<Key, Truth>,
}

fn decimal(mantissa: i64, scale: u32) -> Decimal {
    Decimal::new(mantissa.into(), scale).unwrap()
}

/// The growth columns have the names that pages are asked for.
fn growth_of(column: &str) -> &'static str {
    let own = |name: &&&str| name.strip_suffix("@growth") == Some(column);
    GROWTHS.iter().find(own).unwrap()
}

/// The figures of a page, none of them damaged.
fn figures(year: &Year) -> BTreeMap<&'static str, Figure> {
    let mut figures = BTreeMap::new();
    let mut add = |column, value, unit| {
        let figure = Figure {
            column,
            value,
            unit,
        };
        figures.insert(column, figure);
    };
    for (&column, &level) in &year.printed {
        add(column, decimal(level, 2), unit(column));
    }
    for (&column, &tenths) in &year.growths {
        add(growth_of(column), decimal(tenths, 1), "%");
    }
    let (urban, resident) = (year.levels["pop.urban"], year.levels["pop.resident"]);
    let rate = rounded(urban * 10_000, resident);
    add("pop.urbanisation", decimal(rate, 2), "%");
    figures
}

fn archive(mut random: Random, market: &Market) -> Archive {
    let mut out = Archive {
        pages: Vec::new(),
        truth: BTreeMap::new(),
    };
    for (front, back) in FRONT.iter().flat_map(|f| BACK.iter().map(move |b| (f, b))) {
        let county = format!("{front}{back}");
        let years = years(&mut random, market);
        for (at, year) in years.iter().enumerate() {
            let number = FIRST + i32::try_from(at).unwrap();
            let mut figures = figures(year);
            for figure in figures.values_mut() {
                let key = Key {
                    county: county.clone(),
                    year: i16::try_from(number).unwrap(),
                    column: figure.column.to_owned(),
                };
                let mut truth = Truth {
                    value: figure.value,
                    damage: None,
                    visible: false,
                };
                if random.between(0, 99) < 3
                    && let Some((bad, damage)) = damaged(figure, &mut random)
                    && (bad.value != figure.value || bad.unit != figure.unit)
                {
                    *figure = bad;
                    truth.damage = Some(damage);
                    truth.visible = visible(&years, at, figure, market);
                }
                out.truth.insert(key, truth);
            }
            let text = page(&county, number, &figures);
            out.pages.push((format!("{county}-{number}.txt"), text));
        }
    }
    out
}

/// True when the damaged `figure` of year `at` contradicts the others; see [`Truth::visible`].
fn visible(years: &[Year], at: usize, figure: &Figure, market: &Market) -> bool {
    if figure.unit != "%" && figure.unit != unit(figure.column) {
        return true; // everything is in some sum or series, and no prices make ten thousand of one
    }
    let mantissa = i64::try_from(figure.value.mantissa_at(2).unwrap()).unwrap();
    if figure.column == "pop.urbanisation" {
        // in hundredths of a percent; both terms are rounded to some 2000th of them at the worst
        let (urban, resident) = (
            years[at].printed["pop.urban"],
            years[at].printed["pop.resident"],
        );
        let off = (urban * 10_000 - mantissa * resident).abs();
        return off * 2 > resident + 10_000 + mantissa.abs();
    }
    if let Some(column) = figure.column.strip_suffix("@growth") {
        let tenths = mantissa / 10;
        let (now, before) = (years[at].printed[column], years[at - 1].printed[column]);
        return !grows(now, before, tenths, market.dearer(at, column))
            || mean_is_off(&years[at], &years[at - 1], column, tenths);
    }
    let mut printed = years[at].printed.clone();
    printed.insert(figure.column, mantissa);
    let mut own = SUMS
        .iter()
        .filter(|(whole, parts)| *whole == figure.column || parts.contains(&figure.column));
    let sum_is_off = own.any(|(whole, parts)| {
        let sum: i64 = parts.iter().map(|part| printed[part]).sum();
        let terms = i64::try_from(parts.len() + 1).unwrap();
        (printed[whole] - sum).abs() * 2 > terms
    });
    let grows = |year: usize, now: &Levels, before: &Levels| {
        let tenths = years[year].growths.get(figure.column);
        tenths.is_none_or(|&tenths| {
            let (now, before) = (now[figure.column], before[figure.column]);
            grows(now, before, tenths, market.dearer(year, figure.column))
        })
    };
    sum_is_off
        || at > 0 && !grows(at, &printed, &years[at - 1].printed)
        || at + 1 < YEARS && !grows(at + 1, &years[at + 1].printed, &printed)
}

/// True when a level of `now` may be one of `before` that has grown by so many tenths of a percent and
/// got dearer by this many thousandths, at the least and at the most.
fn grows(now: i64, before: i64, tenths: i64, (least, most): (i64, i64)) -> bool {
    // now = before * (1 + growth) * (1 + dearer), each known to half a digit
    let [now, before] = [now, before].map(i128::from);
    let grown = |half: i128, dearer: i64| {
        (2 * before + half) * (2000 + 2 * i128::from(tenths) + half) * (1000 + i128::from(dearer))
    };
    let level = |half: i128| (2 * now + half) * 2_000_000;
    grown(-1, least) <= level(1) && level(-1) <= grown(1, most)
}

/// True when growth `tenths` of `column` cannot be that of a whole or a part beside the other growths of
/// the year: 0.3 points beyond rounding, which is what other weights account for.
fn mean_is_off(year: &Year, before: &Year, column: &str, tenths: i64) -> bool {
    let own = |(whole, parts): &&(&str, &[&str])| *whole == column || parts.contains(&column);
    let Some(&(whole, parts)) = SUMS.iter().find(own) else {
        return false;
    };
    let growth = |own: &str| {
        if own == column {
            tenths
        } else {
            year.growths[own]
        }
    };
    let total: i64 = parts.iter().map(|part| before.printed[part]).sum();
    let sum: i64 = parts
        .iter()
        .map(|part| before.printed[part] * growth(part))
        .sum();
    (sum - growth(whole) * total).abs() > 4 * total
}

const GROWTHS: [&str; 16] = [
    "gdp@growth",
    "gdp.primary@growth",
    "gdp.secondary@growth",
    "gdp.tertiary@growth",
    "agri.grain@growth",
    "agri.grain.summer@growth",
    "agri.grain.autumn@growth",
    "agri.output.tea@growth",
    "retail@growth",
    "retail.urban@growth",
    "retail.rural@growth",
    "budget.revenue@growth",
    "budget.revenue.tax@growth",
    "budget.revenue.nontax@growth",
    "bank.deposits@growth",
    "bank.loans@growth",
];

fn panel(archive: &Archive) -> Panel {
    let extractor = Extractor::new();
    let mut records = Vec::new();
    for (name, text) in &archive.pages {
        let record = extractor.extract(name, text.as_bytes()).unwrap();
        serde_json::to_writer(&mut records, &record).unwrap();
        records.push(b'\n');
    }
    let mut columns: Vec<ColumnId> = archive
        .truth
        .keys()
        .map(|key| key.column.parse().unwrap())
        .collect();
    columns.sort();
    columns.dedup();
    let units = columns
        .iter()
        .filter(|id| !id.to_string().contains('@') && id.concept != "pop.urbanisation")
        .map(|id| (id.clone(), unit(&id.concept).to_owned()));
    let query = Query {
        units: units.collect(),
        columns: Some(columns),
        ..Query::default()
    };
    let input = Input {
        name: "archive".to_owned(),
        bytes: Bytes::Stream(Box::new(std::io::Cursor::new(records))),
    };
    let found = read(vec![input], 2, &query).unwrap();
    Panel::of(found.pages, &query, Lexicon::builtin())
}

/// What came of it, in figures.
#[derive(Debug, Default)]
struct Score {
    /// Figures that were not damaged, and cells that have them.
    sound: usize,
    right: usize,
    /// Figures that were damaged.
    damaged: usize,
    /// Of these, those that are in a check at all, and those that a finding names.
    touched: usize,
    flagged: usize,
    /// Of these, those that can be seen, those that a finding names and those that it names first.
    visible: usize,
    flagged_visible: usize,
    named_first: usize,
    findings: usize,
    /// Findings that name no damaged figure.
    false_alarms: usize,
    suggestions: usize,
    right_suggestions: usize,
}

fn key(panel: &Panel, cell: usize) -> Key {
    let cell = &panel.cells[cell];
    let row = &panel.rows[cell.row];
    Key {
        county: panel.regions[row.region].name.clone(),
        year: row.time.start.year(),
        column: panel.columns[cell.column].id.to_string(),
    }
}

/// The score, and what was missed or is wrong.
fn score(archive: &Archive, panel: &Panel) -> (Score, Vec<String>) {
    let mut score = Score::default();
    let mut told = Vec::new();
    let checks = &panel.checks;
    let cells: BTreeMap<Key, usize> = (0..panel.cells.len())
        .map(|at| (key(panel, at), at))
        .collect();
    for (key, truth) in &archive.truth {
        let at = cells.get(key).copied();
        let value = at.and_then(|at| panel.cells[at].chosen()?.value);
        let Some(damage) = truth.damage else {
            score.sound += 1;
            score.right += usize::from(value == Some(truth.value));
            continue;
        };
        score.damaged += 1;
        let Some(at) = at.filter(|at| checks.checks.iter().any(|c| c.cells.contains(at))) else {
            continue;
        };
        let named = |first: bool| {
            let mut findings = checks.findings.iter();
            findings.any(|f| match first {
                true => f.suspects.first() == Some(&at),
                false => f.suspects.contains(&at),
            })
        };
        score.touched += 1;
        score.flagged += usize::from(named(false));
        score.visible += usize::from(truth.visible);
        score.flagged_visible += usize::from(truth.visible && named(false));
        score.named_first += usize::from(truth.visible && named(true));
        if truth.visible && !named(false) {
            let truth = truth.value;
            told.push(format!(
                "missed {key:?}: {damage:?}, {truth} became {value:?}"
            ));
        }
    }
    for finding in &checks.findings {
        score.findings += 1;
        let suspects: Vec<Key> = finding.suspects.iter().map(|&at| key(panel, at)).collect();
        let truth = |key: &Key| archive.truth.get(key);
        let bad = |key: &Key| truth(key).is_some_and(|truth| truth.damage.is_some());
        if !suspects.iter().any(bad) {
            score.false_alarms += 1;
            told.push(format!("false alarm {suspects:?}"));
        }
        if let (Some(fits), [first, ..]) = (finding.fits, suspects.as_slice()) {
            score.suggestions += 1;
            let right = truth(first).is_some_and(|truth| truth.value == fits);
            score.right_suggestions += usize::from(right);
            if !right {
                told.push(format!("suggested {fits} for {first:?}"));
            }
        }
    }
    (score, told)
}

fn random() -> Random {
    Random(ChaCha8Rng::seed_from_u64(1))
}

/// The score of an archive, held to what both kinds of prices let one expect.
#[expect(clippy::print_stderr, reason = "figures for people who look")]
fn held(archive: &Archive) -> (Score, String) {
    let panel = panel(archive);
    let (score, told) = score(archive, &panel);
    let text = format!("{}\n{score:?}", told.join("\n"));
    eprintln!("{text}");
    assert!(score.damaged > 200 && score.visible > 200, "{text}");
    assert!(
        score.right * 100 >= score.sound * 99,
        "cells that are right: {text}"
    );
    assert!(
        score.flagged_visible * 10 >= score.visible * 9,
        "damage that can be seen and is found: {text}"
    );
    // of all sound figures
    assert!(
        score.false_alarms * 1000 <= score.sound * 5,
        "false alarms: {text}"
    );
    assert!(
        score.right_suggestions * 100 >= score.suggestions * 95,
        "suggestions: {text}"
    );
    assert!(
        score.suggestions * 2 >= score.flagged,
        "few suggestions: {text}"
    );
    (score, text)
}

#[test]
fn damaged_figures_of_an_archive_are_found() {
    let mut random = random();
    let market = Market::common(&mut random);
    let (score, text) = held(&archive(random, &market));
    assert!(
        score.flagged * 10 >= score.touched * 9,
        "damage that is found, what nobody can see included: {text}"
    );
    assert!(
        score.named_first * 10 >= score.visible * 9,
        "damage that can be seen and is named first: {text}"
    );
}

#[test]
fn damage_that_can_be_seen_is_found_where_no_prices_are_known() {
    held(&archive(random(), &Market::alone()));
}
