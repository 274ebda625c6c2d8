//! Other people's suites as a yardstick: what a text is worth must come out as they have it.
//!
//! The suites are Microsoft's Recognizers-Text for Chinese and the tests of a public crawler of
//! city communiqués, in the folder `peers` of `GONGBAO_SHARED`; none of their text is in the
//! project. What we read otherwise on purpose is listed by number in `tests/cases/peers/*.toml`,
//! each with the reason: our definition is another, or what they expect is wrong. An unlisted case
//! that differs fails, and so does a listed one that has come to agree.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use gongbao::base::{Decimal, Span};
use gongbao::decode::{self, EncodingChoice};
use gongbao::document::Hints;
use gongbao::lexicon::Lexicon;
use gongbao::normalize::{self, Clean};
use gongbao::quantities::numeral::numerals;
use gongbao::quantities::{self, Quantity};
use gongbao::record::Precision;
use gongbao::{Extractor, Record};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::shared;

/// A case of Recognizers-Text.
#[derive(Deserialize)]
struct Case {
    input: String,
    results: Vec<Expected>,
}

/// Code points of the input, and what they are worth.
#[derive(Deserialize)]
struct Expected {
    start: usize,
    end_inclusive: usize,
    resolution: Resolution,
}

#[derive(Deserialize)]
struct Resolution {
    value: Option<String>,
    #[serde(default)]
    unit: String,
    #[serde(default, rename = "isoCurrency")]
    iso: Option<String>,
}

/// A sentence of a communiqué and an indicator that is in it.
#[derive(Deserialize)]
struct Sentence {
    sentence: String,
    name: Vec<String>,
    measure: String,
    value: Option<String>,
    doubt: Option<String>,
}

/// What we read otherwise.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Listed {
    differs: Vec<Differs>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Differs {
    /// Numbers of the cases in their file, from 0.
    cases: Vec<usize>,
    /// Why ours is right, or right for bulletins.
    reason: String,
}

fn read<T: DeserializeOwned>(suite: &str) -> Option<Vec<T>> {
    let path = shared()?.join("peers").join(format!("{suite}.json"));
    let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    Some(serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display())))
}

/// Compares what went wrong, by number of the case, with what is listed.
fn settle(suite: &str, cases: usize, wrong: &BTreeMap<usize, String>) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/cases/peers")
        .join(format!("{suite}.toml"));
    let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let listed: Listed =
        toml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut said = BTreeSet::new();
    for entry in &listed.differs {
        assert!(!entry.reason.is_empty(), "{}: no reason", path.display());
        for &case in &entry.cases {
            assert!(said.insert(case), "{}: {case} twice", path.display());
        }
    }
    let mut failures: Vec<String> = wrong
        .iter()
        .filter(|(case, _)| !said.contains(case))
        .map(|(case, why)| format!("{suite} {case} differs: {why}"))
        .collect();
    failures.extend(
        said.iter()
            .filter(|case| !wrong.contains_key(case))
            .map(|case| format!("{suite} {case} agrees: take it off {}", path.display())),
    );
    assert!(
        failures.is_empty(),
        "{} of {cases} cases agree, {} are listed; {} to settle:\n{}",
        cases - wrong.len(),
        said.len(),
        failures.len(),
        failures.join("\n")
    );
    let share = 100 * (cases - wrong.len()) / cases;
    assert!(
        share >= 95,
        "{suite}: only {share} % of {cases} cases agree"
    );
}

fn clean(page: &str) -> Clean {
    let page = decode::decode("case", page.as_bytes(), EncodingChoice::Detect).unwrap();
    normalize::normalize(&page, Lexicon::builtin())
}

/// An exact number: numerator and denominator.
#[derive(Debug, Clone, Copy)]
struct Ratio(i128, i128);

impl Ratio {
    fn of(value: Decimal) -> Option<Self> {
        Some(Self(value.mantissa(), 10_i128.checked_pow(value.scale())?))
    }

    fn times(self, other: Self) -> Option<Self> {
        let above = self.0.checked_mul(other.0)?;
        let below = self.1.checked_mul(other.1)?;
        let (mut common, mut rest) = (above.abs(), below.abs());
        while rest != 0 {
            (common, rest) = (rest, common % rest);
        }
        let common = common.max(1);
        Some(Self(above / common, below / common))
    }

    fn over(self, other: Self) -> Option<Self> {
        let sign = other.0.signum();
        self.times(Self(other.1 * sign, other.0 * sign))
    }

    fn plus(self, other: Self) -> Option<Self> {
        let sum = self
            .0
            .checked_mul(other.1)?
            .checked_add(other.0.checked_mul(self.1)?)?;
        Some(Self(sum, self.1.checked_mul(other.1)?))
    }

    /// True when `text`, perhaps rounded and with an exponent, is this number.
    fn is(self, text: &str) -> bool {
        let (digits, power) = text.split_once(['E', 'e']).unwrap_or((text, "0"));
        let want = digits.parse().ok().and_then(Self::of);
        let power: i32 = power.parse().unwrap_or(0);
        let scale = 10_i128.checked_pow(power.unsigned_abs());
        let want = want.zip(scale).and_then(|(want, scale)| match power {
            0.. => want.times(Self(scale, 1)),
            _ => want.times(Self(1, scale)),
        });
        let Some(want) = want else { return false };
        // Their last figures are those of binary fractions: as many as they print must agree.
        let figures = digits.trim_start_matches(['-', '0', '.']);
        let figures = figures.chars().filter(char::is_ascii_digit).count();
        let close = |want: Self| {
            let gap = self.plus(Self(-want.0, want.1))?;
            let bound = 10_i128.checked_pow(figures.saturating_sub(2).try_into().ok()?)?;
            let left = gap.0.abs().checked_mul(want.1)?.checked_mul(bound)?;
            Some(left <= want.0.abs().checked_mul(gap.1)?)
        };
        let equal = self.0.checked_mul(want.1) == want.0.checked_mul(self.1);
        equal || figures >= 15 && close(want).unwrap_or(false)
    }
}

/// The exact factor of a unit to its base.
fn factor(unit: &str) -> Ratio {
    let units = &Lexicon::builtin().units.entries;
    let found = units
        .iter()
        .find(|u| u.forms.iter().any(|f| f == unit) && u.factor.is_some());
    let text = found.and_then(|u| u.factor.as_deref()).unwrap_or("1");
    let (above, below) = text.split_once('/').unwrap_or((text, "1"));
    let part = |s: &str| s.parse().ok().and_then(Ratio::of).unwrap();
    part(above).over(part(below)).unwrap()
}

/// Bytes of the input, from code points.
fn bytes(input: &str, expected: &Expected) -> (usize, usize) {
    let at = |n: usize| input.char_indices().nth(n).map_or(input.len(), |c| c.0);
    (at(expected.start), at(expected.end_inclusive + 1))
}

/// First and last byte of the input that `span` of the clean text is made of.
fn source(clean: &Clean, span: Span) -> (usize, usize) {
    let spans = clean.map.page_spans(span);
    let start = spans.first().map_or(0, |s| s.start as usize);
    let end = spans.last().map_or(0, |s| s.end as usize);
    (start, end)
}

/// Runs `check` on every case of a suite that expects something.
fn recognizers(suite: &str, check: impl Fn(&Case) -> Result<(), String>) {
    let name = format!("recognizers-{suite}");
    let Some(cases) = read::<Case>(&name) else {
        return;
    };
    let expecting = |c: &Case| c.results.iter().any(|r| r.resolution.value.is_some());
    let total = cases.iter().filter(|c| expecting(c)).count();
    let all = cases.iter().enumerate().filter(|(_, c)| expecting(c));
    let wrong = all
        .filter_map(|(i, case)| Some((i, check(case).err()?)))
        .collect();
    settle(suite, total, &wrong);
}

/// Their numbers are ours where a numeral of ours stands at the same place and is worth the same.
#[test]
fn numbers() {
    recognizers("number", |case| {
        let clean = clean(&case.input);
        let lexicon = Lexicon::builtin();
        let text = lexicon.variants.fold(&clean.text);
        let ours: Vec<_> = numerals(&text, lexicon)
            .into_iter()
            .map(|n| (source(&clean, n.span), n))
            .collect();
        for expected in &case.results {
            let place = bytes(&case.input, expected);
            let want = expected.resolution.value.as_deref().unwrap_or_default();
            let found = ours.iter().any(|(at, n)| {
                let Some(mut worth) = Ratio::of(n.value) else {
                    return false;
                };
                if let Some((above, below)) = n.part {
                    let part = Ratio::of(above).zip(Ratio::of(below));
                    let part = part.and_then(|(a, b)| a.over(b));
                    match part.and_then(|p| worth.plus(p)) {
                        Some(sum) => worth = sum,
                        None => return false,
                    }
                }
                // A dozen is a unit of ours.
                let unit = text.get(n.span.end as usize..).and_then(|rest| {
                    let unit = lexicon.units.at(rest, 0)?;
                    let end = n.span.end as usize + unit.end;
                    (source(&clean, Span::new(n.span.start as usize, end)).1 == place.1)
                        .then(|| factor(unit.name))
                });
                let start = at.0 == place.0;
                start && at.1 == place.1 && worth.is(want)
                    || start
                        && unit
                            .and_then(|f| worth.times(f))
                            .is_some_and(|w| w.is(want))
            });
            if !found {
                let read: Vec<String> = ours
                    .iter()
                    .map(|(_, n)| format!("{}={} {:?}", n.span.of(&clean.text), n.value, n.part))
                    .collect();
                let (start, end) = place;
                return Err(format!(
                    "{} → {want}, read {read:?}",
                    &case.input[start..end]
                ));
            }
        }
        Ok(())
    });
}

/// Their quantities are ours where one of ours overlaps them, is worth the same and has the unit
/// that `units` gives for theirs.
fn quantities_agree(suite: &str, units: impl Fn(&Resolution) -> Vec<&'static str>) {
    recognizers(suite, |case| {
        let clean = clean(&case.input);
        let found = quantities::quantities(&clean, Lexicon::builtin());
        for expected in &case.results {
            let Some(want) = expected.resolution.value.as_deref() else {
                continue;
            };
            let (start, end) = bytes(&case.input, expected);
            let (number, unit) = match want.strip_suffix('%') {
                Some(number) => (number, "%"),
                None => (want, expected.resolution.unit.as_str()),
            };
            let agrees = |q: &Quantity| {
                let (from, to) = source(&clean, q.mention);
                let names = units(&expected.resolution);
                let base = names.first().copied().unwrap_or(unit);
                let worth = match (q.base_value, q.components.as_deref()) {
                    (Some(value), _) => Ratio::of(value)
                        .and_then(|v| v.times(factor(&q.base_unit)))
                        .and_then(|v| v.over(factor(base))),
                    // A fraction is worth so many per cent.
                    (None, Some(&[above, below])) => Ratio::of(above)
                        .zip(Ratio::of(below))
                        .and_then(|(a, b)| a.over(b)?.over(factor(base))),
                    _ => None,
                };
                let unit = names.contains(&q.base_unit.as_str()) || q.components.is_some();
                // Of 5-20% they take the upper end, which is ours too.
                let upper = q.precision == Precision::Range
                    && q.upper.is_some_and(|u| u.to_string() == number);
                let worth = worth.is_some_and(|w| w.is(number)) || upper;
                from < end && to > start && unit && worth
            };
            if !found.quantities.iter().any(agrees) {
                let read: Vec<String> = found
                    .quantities
                    .iter()
                    .map(|q| format!("{}={:?} {}", q.mention.of(&clean.text), q.value, q.unit))
                    .collect();
                let left: Vec<&str> = found.left.iter().map(|l| l.reason.as_str()).collect();
                return Err(format!(
                    "{} → {want} {unit}, read {read:?}, left {left:?}",
                    &case.input[start..end]
                ));
            }
        }
        Ok(())
    });
}

#[test]
fn percentages() {
    quantities_agree("percent", |_| vec!["%", "‰", "‱", "百分点"]);
}

/// Currencies are compared by their ISO 4217 code, the `base` of `lexicon/units.toml`.
#[test]
fn currencies() {
    quantities_agree("currency", |theirs| {
        let units = &Lexicon::builtin().units.entries;
        let of_code = |code: &str| {
            units
                .iter()
                .filter(|u| u.base.as_deref() == Some(code))
                .map(|u| u.unit.as_deref().unwrap_or(&u.forms[0]))
                .collect()
        };
        match (theirs.iso.as_deref(), theirs.unit.as_str()) {
            (Some(code), _) => of_code(code),
            (None, "Dollar") => of_code("USD"),
            (None, "Bitcoin") => vec!["比特币"],
            (None, _) => vec![],
        }
    });
}

#[test]
fn dimensions() {
    quantities_agree("dimension", |theirs| match theirs.unit.as_str() {
        "Mu" => vec!["亩"],
        "Kilogram" => vec!["千克", "公斤"],
        "Gram" => vec!["克"],
        "Microgram" => vec!["微克"],
        "Ton" => vec!["吨"],
        "Jin" => vec!["斤"],
        "Liang" => vec!["两"],
        "Centimeter" => vec!["厘米", "公分", "cm", "CM"],
        "Meter" => vec!["米", "m"],
        "Kilometer" => vec!["千米", "公里"],
        "Bit" => vec!["比特"],
        "Kilobit" => vec!["千比特"],
        "Kilobyte" => vec!["千字节"],
        "Megabyte" => vec!["兆字节"],
        "Hertz" => vec!["赫兹"],
        "Megahertz" => vec!["兆赫", "兆赫兹"],
        "Kilowatt" => vec!["千瓦"],
        "Kilocalorie" => vec!["千卡"],
        _ => vec![],
    });
}

/// Every sentence of the crawler's tests has the indicator that it looks for.
#[test]
fn communiques() {
    let Some(sentences) = read::<Sentence>("tjcn-dev") else {
        return;
    };
    let sure = |s: &&Sentence| s.doubt.is_none();
    let total = sentences.iter().filter(sure).count();
    let mut wrong = BTreeMap::new();
    for (i, case) in sentences.iter().enumerate().filter(|(_, s)| sure(s)) {
        let hints = Hints {
            period: "2020".parse().ok(),
            ..Hints::default()
        };
        let record: Record = Extractor::new()
            .hints(hints)
            .extract("case", case.sentence.as_bytes())
            .unwrap();
        let found = record.indicators.iter().any(|x| {
            let measure = format!("{:?}", x.measure).to_lowercase();
            x.value.map(|v| v.to_string()) == case.value
                && measure == case.measure
                && case.name.iter().any(|name| alike(name, &x.name))
        });
        if !found {
            let read: Vec<String> = record
                .indicators
                .iter()
                .map(|x| format!("{} {:?} {:?}", x.name, x.measure, x.value))
                .collect();
            wrong.insert(
                i,
                format!("{:?} {:?}, read {read:?}", case.name, case.value),
            );
        }
    }
    settle("communiques", total, &wrong);
}

/// True when two names share three quarters of their characters, in stretches of the same order.
fn alike(a: &str, b: &str) -> bool {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    !b.is_empty() && 8 * shared_characters(&a, &b) >= 3 * (a.len() + b.len())
}

/// Characters in the longest common stretch of `a` and `b` and, again, on both sides of it.
fn shared_characters(a: &[char], b: &[char]) -> usize {
    let mut best = (0, 0, 0);
    for i in 0..a.len() {
        for j in 0..b.len() {
            let length = a[i..]
                .iter()
                .zip(&b[j..])
                .take_while(|(x, y)| x == y)
                .count();
            if length > best.0 {
                best = (length, i, j);
            }
        }
    }
    let (length, i, j) = best;
    if length == 0 {
        return 0;
    }
    length
        + shared_characters(&a[..i], &b[..j])
        + shared_characters(&a[i + length..], &b[j + length..])
}
