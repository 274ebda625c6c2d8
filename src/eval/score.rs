//! One record against the gold of its page.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::difference::Difference;
use super::distance::distance;
use super::flat::{Alignment, plain, squeeze, squeezed_positions, strip};
use super::gold::{Gold, GoldIndicator, GoldNumber};
use super::rate::Rate;
use super::tally::{FIELDS, Found, Tally};
use crate::base::Decimal;
use crate::base::blocks::shared;
use crate::lexicon::gold_units::GoldUnits;
use crate::record::{CheckKind, CheckStatus, Indicator, Record};
use crate::write::words;

/// What came out of a comparison.
#[derive(Debug, Clone, Default)]
pub struct Score {
    /// The counts, which add up over pages.
    pub tally: Tally,
    /// Everything that was missed, that is not in the gold, and that is wrong; indicators in the
    /// order of the page, then sections, then checks.
    pub differences: Vec<Difference>,
}

/// Compares a record with the gold of its page.
///
/// Positions need not agree to the character: both texts are compared without white space, and the
/// record's is laid beside the gold's, so that a page with OCR errors in it can be scored, too.
#[must_use]
pub fn score(gold: &Gold, record: &Record) -> Score {
    let page = Page::new(gold, record);
    let mut score = Score::default();
    score.tally.pages = 1;
    let pairs = page.pairs();
    page.indicators(&pairs, &mut score);
    page.sections(&mut score);
    page.paragraphs(&mut score.tally);
    page.checks(&pairs, &mut score);
    let (text, flat) = (strip(&record.text), strip(&gold.text));
    score.tally.edits = distance(&text, &flat);
    score.tally.characters = flat.len() as u64;
    score.tally.flat_edits = distance(&page.flat, &gold.flat);
    score.tally.flat_characters = gold.flat.len() as u64;
    score
}

/// Both sides of the comparison.
struct Page<'a> {
    gold: &'a Gold,
    record: &'a Record,
    /// The record's text without white space.
    flat: Vec<char>,
    alignment: Alignment,
    /// For each indicator of the record the stretch of the gold text that its mention stands for.
    spans: Vec<Option<(usize, usize)>>,
    /// Label paths of the record's sections, by id.
    paths: HashMap<&'a str, String>,
}

/// Which indicator of the record belongs to which of the gold; both by index.
struct Pairs {
    /// For each of the gold, one of the record.
    of_gold: Vec<Option<usize>>,
    /// Whether that one has the right place, value and unit.
    right: Vec<bool>,
}

impl Pairs {
    /// The one of the record that is this one of the gold.
    fn right(&self, gold: usize) -> Option<usize> {
        self.of_gold
            .get(gold)
            .copied()
            .flatten()
            .filter(|_| self.right.get(gold) == Some(&true))
    }

    /// All that are right, as indices of gold and record.
    fn all_right(&self) -> impl Iterator<Item = (usize, usize)> {
        (0..self.of_gold.len()).filter_map(|gi| Some((gi, self.right(gi)?)))
    }
}

impl<'a> Page<'a> {
    fn new(gold: &'a Gold, record: &'a Record) -> Self {
        let flat = squeeze(&record.text);
        let alignment = Alignment::new(&flat, &gold.flat);
        let text: Vec<char> = record.text.chars().collect();
        let positions = squeezed_positions(&text);
        let at = |code_point: u32| positions.get(code_point as usize).copied().unwrap_or(0);
        let spans = record
            .indicators
            .iter()
            .map(|p| {
                let mention = text.get(p.start as usize..p.end as usize)?;
                if !p.mention.chars().eq(mention.iter().copied()) {
                    return None; // it does not stand where it says
                }
                alignment.span(at(p.start), at(p.end))
            })
            .collect();
        Self {
            gold,
            record,
            flat,
            alignment,
            spans,
            paths: section_paths(record),
        }
    }

    /// Right numbers first, then what merely overlaps; each is given away once, in the order of
    /// the page.
    fn pairs(&self) -> Pairs {
        let mut of_gold = vec![None; self.gold.indicators.len()];
        let mut used = vec![false; self.record.indicators.len()];
        for same_wanted in [true, false] {
            for (g, slot) in self.gold.indicators.iter().zip(&mut of_gold) {
                if slot.is_some() {
                    continue;
                }
                let fits = |pi: usize| match self.overlap(pi, g) {
                    None => false,
                    Some(_) if !same_wanted => true,
                    Some(share) => share >= Rate::HALF && self.same_number(g, pi),
                };
                let found = (0..used.len()).find(|&pi| !used[pi] && fits(pi));
                if let Some(pi) = found {
                    *slot = Some(pi);
                    used[pi] = true;
                }
            }
        }
        let right = self.gold.indicators.iter().zip(&of_gold).map(|(g, pi)| {
            pi.is_some_and(|pi| {
                self.overlap(pi, g).is_some_and(|share| share >= Rate::HALF)
                    && self.same_number(g, pi)
            })
        });
        Pairs {
            right: right.collect(),
            of_gold,
        }
    }

    /// How much of what a mention and one of the gold cover is in both; none when nothing is.
    fn overlap(&self, pi: usize, g: &GoldIndicator) -> Option<Rate> {
        let (start, end) = (*self.spans.get(pi)?)?;
        let both = end.min(g.end).checked_sub(start.max(g.start))?;
        let covered = end.max(g.end) - start.min(g.start);
        (both > 0).then(|| Rate::new(both as u64, covered as u64))
    }

    fn same_number(&self, g: &GoldIndicator, pi: usize) -> bool {
        let same = |p| same_number(g, p);
        self.record.indicators.get(pi).is_some_and(same)
    }

    fn indicators(&self, pairs: &Pairs, score: &mut Score) {
        let golds = &self.gold.indicators;
        let found = &self.record.indicators;
        let names: BTreeSet<String> = golds
            .iter()
            .flat_map(|g| g.names.iter().map(|name| plain(name)))
            .collect();
        let id_of: HashMap<&str, &str> = pairs
            .all_right()
            .map(|(gi, pi)| (golds[gi].id.as_str(), found[pi].id.as_str()))
            .collect();
        let tally = &mut score.tally;
        // those that may be left out and are there with another value are not held against it
        let mut not_false = 0;
        let mut used = vec![false; found.len()];
        for (gi, g) in golds.iter().enumerate() {
            let pair = pairs.of_gold[gi];
            let right = pairs.right(gi);
            if let Some(pi) = pair {
                used[pi] = true;
                not_false += u64::from(right.is_some() || g.optional);
                tally.silent += u64::from(right.is_none() && self.is_silent(&found[pi]));
            }
            tally.labelled += 1;
            if g.optional {
                continue;
            }
            let Some(pi) = right else {
                tally.indicators.missed += 1;
                score.differences.push(Difference::Missed {
                    left: g.left.clone(),
                    mention: g.mention.clone(),
                    found: pair.map(|pi| read_as(&found[pi])),
                });
                continue;
            };
            tally.indicators.found += 1;
            let wrong = self.wrong_fields(g, &found[pi], &names, &id_of);
            for (slot, field) in tally.fields.iter_mut().zip(FIELDS) {
                *slot += u64::from(!wrong.contains_key(field));
            }
            if wrong.is_empty() {
                tally.whole += 1;
            } else {
                score.differences.push(Difference::Wrong {
                    left: g.left.clone(),
                    mention: g.mention.clone(),
                    fields: FIELDS
                        .iter()
                        .filter_map(|&f| wrong.get(f).cloned().map(|(want, got)| (f, want, got)))
                        .collect(),
                });
            }
        }
        tally.indicators.extra += (found.len() as u64).saturating_sub(not_false);
        for (p, used) in found.iter().zip(used) {
            if !used {
                score.differences.push(Difference::Extra {
                    mention: p.mention.to_string(),
                    quote: p.quote.to_string(),
                    name: p.name.to_string(),
                });
            }
        }
    }

    /// True when nothing in the record warns of this number.
    fn is_silent(&self, p: &Indicator) -> bool {
        let warned = self.record.diagnostics.iter().any(|d| {
            d.start.is_some_and(|start| start < p.end) && d.end.is_some_and(|end| end > p.start)
        });
        !warned && p.repair.is_none()
    }

    /// The fields that are wrong, with what was wanted and what was found.
    fn wrong_fields(
        &self,
        g: &GoldIndicator,
        p: &Indicator,
        names: &BTreeSet<String>,
        id_of: &HashMap<&str, &str>,
    ) -> BTreeMap<&'static str, (String, String)> {
        let mut wrong = BTreeMap::new();
        let mut check =
            |field, holds: bool, want: &dyn Fn() -> String, got: &dyn Fn() -> String| {
                if !holds {
                    wrong.insert(field, (want(), got()));
                }
            };
        check(
            "name",
            name_holds(&g.names, &p.name, names),
            &|| g.names.join(" | "),
            &|| p.name.to_string(),
        );
        check(
            "measure",
            p.measure == g.measure,
            &|| word(&g.measure),
            &|| word(&p.measure),
        );
        check(
            "precision",
            p.precision == g.precision,
            &|| word(&g.precision),
            &|| word(&p.precision),
        );
        check("basis", p.basis == g.basis, &|| word(&g.basis), &|| {
            word(&p.basis)
        });
        let got = p.period.as_ref().map(|t| format!("{}/{}", t.start, t.end));
        let periods = || g.periods.iter().map(|t| t.map(|t| t.to_string()));
        check(
            "period",
            periods().any(|want| want == got),
            &|| periods().map(or_none).collect::<Vec<_>>().join(" | "),
            &|| or_none(got.clone()),
        );
        check("status", p.status == g.status, &|| word(&g.status), &|| {
            word(&p.status)
        });
        let path = p.section.as_deref().and_then(|id| self.paths.get(id));
        let path = path.map_or("", String::as_str);
        check(
            "section",
            path == plain(&g.section),
            &|| g.section.clone(),
            &|| path.to_owned(),
        );
        // an indicator that was not found has no id to point to
        let want = g.of.as_deref().map(|of| id_of.get(of).copied());
        check(
            "of",
            p.of.as_deref().filter(|of| !of.is_empty()).map(Some) == want,
            &|| {
                let missed = if want == Some(None) {
                    ", which was missed"
                } else {
                    ""
                };
                self.gold_mention(g.of.as_deref()) + missed
            },
            &|| self.mention(p.of.as_deref()),
        );
        wrong
    }

    fn gold_mention(&self, id: Option<&str>) -> String {
        let found = |id| self.gold.indicators.iter().find(|g| g.id == id);
        or_none(id.map(|id| found(id).map_or(id, |g| g.mention.as_str()).to_owned()))
    }

    fn mention(&self, id: Option<&str>) -> String {
        let found = |id| self.record.indicators.iter().find(|p| p.id == id);
        or_none(id.map(|id| found(id).map_or(id, |p| p.mention.as_str()).to_owned()))
    }

    fn sections(&self, score: &mut Score) {
        let wanted = gold_sections(self.gold);
        let got: Vec<(String, String)> = self
            .record
            .sections
            .iter()
            .map(|s| {
                (
                    self.paths.get(s.id.as_str()).cloned().unwrap_or_default(),
                    plain(&s.title),
                )
            })
            .collect();
        let pairs = matched(&wanted, &got);
        score.tally.sections = Found::new(pairs.len(), got.len(), wanted.len());
        for (i, (path, title)) in wanted.iter().enumerate() {
            if !pairs.iter().any(|pair| pair.0 == i) {
                score.differences.push(Difference::SectionMissed {
                    path: path.clone(),
                    title: title.clone(),
                });
            }
        }
        for (j, (path, title)) in got.iter().enumerate() {
            if !pairs.iter().any(|pair| pair.1 == j) {
                score.differences.push(Difference::SectionExtra {
                    path: path.clone(),
                    title: title.clone(),
                });
            }
        }
    }

    /// By where paragraphs end in the gold text.
    fn paragraphs(&self, tally: &mut Tally) {
        let wanted: BTreeSet<_> = ends(&self.gold.text).map(End::In).collect();
        let got: BTreeSet<_> = ends(&self.record.text)
            .map(|end| {
                let Some(last) = end.checked_sub(1) else {
                    return End::In(0);
                };
                let at = self.alignment.to_gold(last);
                // one of text that the gold does not have ends nowhere in it
                at.map_or(End::Beside(end), |at| End::In(at + 1))
            })
            .collect();
        let both = wanted.intersection(&got).count();
        tally.paragraphs = Found::new(both, got.len(), wanted.len());
    }

    /// Sums, told by their terms; of those that hold, in the gold and in the record.
    fn checks(&self, pairs: &Pairs, score: &mut Score) {
        let Some(labelled) = &self.gold.checks else {
            return;
        };
        let gold_of: HashMap<&str, &str> = pairs
            .all_right()
            .map(|(gi, pi)| {
                let (g, p) = (&self.gold.indicators[gi], &self.record.indicators[pi]);
                (p.id.as_str(), g.id.as_str())
            })
            .collect();
        let wanted: BTreeSet<Sum> = labelled
            .iter()
            .map(|check| Sum::new(&check.total, &check.parts, |id| Term::Known(id.to_owned())))
            .collect();
        let (mut claimed, mut sound) = (BTreeSet::new(), BTreeSet::new());
        for check in &self.record.checks {
            if check.kind != CheckKind::Sum || check.status == CheckStatus::Partial {
                continue;
            }
            // A sum has a total; only shares of no stated whole have none.
            let Some(total) = &check.total else { continue };
            let sum = Sum::new(total, &check.parts, |id| match gold_of.get(id) {
                Some(&id) => Term::Known(id.to_owned()),
                None => Term::Unknown(id.to_owned()),
            });
            if check.status != CheckStatus::Mismatch {
                sound.insert(sum.clone());
            }
            claimed.insert(sum);
        }
        let right: BTreeSet<Sum> = wanted.intersection(&sound).cloned().collect();
        score.tally.checks = Found::new(right.len(), claimed.len(), wanted.len());
        let shown = |sum: &Sum| {
            let term = |term: &Term| match term {
                Term::Known(id) => self.gold_mention(Some(id)),
                Term::Unknown(id) => self.mention(Some(id)),
            };
            let parts = sum.parts.iter().map(term).collect();
            (term(&sum.total), parts)
        };
        for sum in wanted.difference(&right) {
            let (total, parts) = shown(sum);
            score
                .differences
                .push(Difference::CheckMissed { total, parts });
        }
        for sum in claimed.difference(&right) {
            let (total, parts) = shown(sum);
            score
                .differences
                .push(Difference::CheckExtra { total, parts });
        }
    }
}

/// Where a paragraph ends, in squeezed characters.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum End {
    /// Of the gold text.
    In(usize),
    /// Of the record's text, in what the gold does not have.
    Beside(usize),
}

/// How many characters that are no white space stand up to the end of each line.
fn ends(text: &str) -> impl Iterator<Item = usize> {
    text.split('\n').scan(0, |before, line| {
        *before += squeeze(line).len();
        Some(*before)
    })
}

/// An indicator of a sum.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Term {
    /// By its id in the gold.
    Known(String),
    /// By its id in the record, being none of the gold.
    Unknown(String),
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Sum {
    total: Term,
    /// In an order of their own.
    parts: Vec<Term>,
}

impl Sum {
    fn new<T: AsRef<str>>(total: &str, parts: &[T], term: impl Fn(&str) -> Term) -> Self {
        let mut parts: Vec<Term> = parts.iter().map(|id| term(id.as_ref())).collect();
        parts.sort();
        Self {
            total: term(total),
            parts,
        }
    }
}

/// The word that a value has in the JSON.
fn word(value: &impl serde::Serialize) -> String {
    or_none(Some(words::word(value)).filter(|word| !word.is_empty()))
}

/// A mention, with value and unit where they are not plain to see in it.
pub(super) fn read_as(p: &Indicator) -> String {
    let number = |value: Option<Decimal>, unit: &str| {
        let value = value.map_or_else(String::new, |value| value.to_string());
        format!("{value}{unit}")
    };
    let mut words = vec![p.mention.to_string()];
    for read in [number(p.value, &p.unit), number(p.base_value, &p.base_unit)] {
        if !read.is_empty() && words.last() != Some(&read) {
            words.push(read);
        }
    }
    words.join(" = ")
}

fn or_none(text: Option<String>) -> String {
    text.unwrap_or_else(|| "none".to_owned())
}

/// The labels of each section and those around it, by id.
fn section_paths(record: &Record) -> HashMap<&str, String> {
    let by_id: HashMap<&str, usize> = record
        .sections
        .iter()
        .enumerate()
        .map(|(i, s)| (s.id.as_str(), i))
        .collect();
    let path = |from: &str| {
        let mut labels = Vec::new();
        let mut next = Some(from);
        // no deeper than there are sections: parents that go round in a circle end, too
        while let Some(&i) = next.and_then(|id| by_id.get(id))
            && labels.len() < record.sections.len()
        {
            let section = &record.sections[i];
            labels.push(plain(&section.label));
            next = section.parent.as_deref();
        }
        labels.reverse();
        labels.join("/")
    };
    by_id.keys().map(|&id| (id, path(id))).collect()
}

/// Label path and title of each section of the gold; paths follow from the levels.
fn gold_sections(gold: &Gold) -> Vec<(String, String)> {
    let mut open: Vec<(u32, String)> = Vec::new();
    let mut sections = Vec::new();
    for section in &gold.sections {
        open.retain(|(level, _)| *level < section.level);
        open.push((section.level, plain(&section.label)));
        let labels: Vec<&str> = open.iter().map(|(_, label)| label.as_str()).collect();
        sections.push((labels.join("/"), plain(&section.title)));
    }
    sections
}

/// The most pairs of sections in their order, by index, that have equal paths and titles alike but
/// for a misread character or so.
fn matched(wanted: &[(String, String)], got: &[(String, String)]) -> Vec<(usize, usize)> {
    let alike: Vec<Vec<bool>> = wanted
        .iter()
        .map(|w| {
            let alike = |g: &(String, String)| {
                w.0 == g.0 && (w.1 == g.1 || likeness(&w.1, &g.1) >= Rate::new(85, 100))
            };
            got.iter().map(alike).collect()
        })
        .collect();
    // best[i][j]: pairs among those from i and j on
    let mut best = vec![vec![0_u32; got.len() + 1]; wanted.len() + 1];
    for i in (0..wanted.len()).rev() {
        for j in (0..got.len()).rev() {
            let both = best[i + 1][j + 1] + u32::from(alike[i][j]);
            best[i][j] = best[i + 1][j].max(best[i][j + 1]).max(both);
        }
    }
    let (mut pairs, mut i, mut j) = (Vec::new(), 0, 0);
    while i < wanted.len() && j < got.len() {
        if alike[i][j] && best[i][j] == best[i + 1][j + 1] + 1 {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if best[i + 1][j] >= best[i][j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

/// How much of two texts is in blocks that both have, in order: a common subsequence, if not always
/// the longest.
fn likeness(a: &str, b: &str) -> Rate {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.is_empty() || b.is_empty() {
        return Rate::ZERO;
    }
    Rate::new(2 * shared(&a, &b) as u64, (a.len() + b.len()) as u64)
}

/// A name that the gold lists, or one much like it that is not as like the name of something else
/// on the page.
fn name_holds(wanted: &[String], got: &str, names: &BTreeSet<String>) -> bool {
    let got = plain(got);
    let wanted: Vec<String> = wanted.iter().map(|name| plain(name)).collect();
    if wanted.contains(&got) {
        return true;
    }
    let own = wanted.iter().map(|name| likeness(name, &got)).max();
    let own = own.unwrap_or(Rate::ZERO);
    own >= Rate::new(3, 4)
        && names
            .iter()
            .filter(|name| !wanted.contains(name))
            .all(|name| likeness(name, &got) < own)
}

/// Value and unit agree, as written and in base units.
fn same_number(g: &GoldIndicator, p: &Indicator) -> bool {
    match &g.number {
        GoldNumber::Terms(terms) => p.components.as_deref().unwrap_or_default() == terms,
        GoldNumber::Value(value) => same_value(*value, &g.unit, p),
    }
}

/// `p` has this value, as written and in base units.
pub(super) fn same_value(value: Decimal, unit: &str, p: &Indicator) -> bool {
    let wanted = base(value, unit);
    let written = p.value.map(|value| base(value, &p.unit));
    let in_base = p.base_value.map(|value| base(value, &p.base_unit));
    wanted.is_some() && written == Some(wanted) && in_base == Some(wanted)
}

/// Value and unit with the unit's multiplier moved into the value; none when that has more than 28
/// digits.
fn base(value: Decimal, unit: &str) -> Option<(Decimal, &str)> {
    let (power, unit) = GoldUnits::builtin().base(unit);
    Some((value.scaled(power).ok()?, unit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::gold::tests::example;
    use crate::pipeline::Extractor;

    fn record(text: &str) -> Record {
        let hints = Gold::read(&example().to_string()).unwrap().hints;
        let extractor = Extractor::new().hints(hints);
        extractor.extract("example.txt", text.as_bytes()).unwrap()
    }

    fn shown(score: &Score) -> Vec<String> {
        score.differences.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_page_as_labelled() {
        let gold = Gold::read(&example().to_string()).unwrap();
        let score = score(&gold, &record(&gold.text));
        assert_eq!(shown(&score), [""; 0]);
        let found = |found| Found {
            found,
            extra: 0,
            missed: 0,
        };
        let want = Tally {
            pages: 1,
            indicators: found(3),
            fields: [3; FIELDS.len()],
            whole: 3,
            silent: 0,
            labelled: 3,
            sections: found(1),
            paragraphs: found(2),
            checks: found(1),
            edits: 0,
            characters: 27,
            flat_edits: 0,
            flat_characters: 26,
        };
        assert_eq!(score.tally, want);
    }

    /// A caption in the text and a misread number: places still agree, and the number is wrong
    /// without a word once what is said of its sum is left out.
    #[test]
    fn a_page_with_faults() {
        let gold = Gold::read(&example().to_string()).unwrap();
        let faulty = "一、造林\n全年造林30亩，其中杉木图一 新植林地12亩、油茶78亩。";
        let mut found = record(faulty);
        assert_eq!(score(&gold, &found).tally.silent, 0);
        found.diagnostics.clear();
        let score = score(&gold, &found);
        assert_eq!(score.tally.indicators.found, 2, "{:?}", shown(&score));
        assert_eq!(score.tally.silent, 1);
        assert!(shown(&score).contains(&"missed   油茶[18亩]  found 78亩".to_owned()));
        assert_eq!(score.tally.flat_edits, 7);
    }

    #[test]
    fn what_is_optional_counts_neither_way() {
        let mut file = example();
        file["indicators"][2]["optional"] = true.into();
        let gold = Gold::read(&file.to_string()).unwrap();
        for text in [
            gold.text.clone(),
            gold.text.replace("18亩", "78亩"),
            gold.text.replace("、油茶18亩", ""),
        ] {
            let tally = score(&gold, &record(&text)).tally;
            let Found {
                found,
                extra,
                missed,
            } = tally.indicators;
            assert_eq!((found, extra, missed), (2, 0, 0), "{text}");
        }
    }

    #[test]
    fn names_like_a_listed_one() {
        let names: BTreeSet<String> = ["粮食种植面积", "油料种植面积", "粮食总产量"]
            .map(str::to_owned)
            .into();
        let holds = |wanted: &str, got: &str| name_holds(&[wanted.to_owned()], got, &names);
        assert!(holds("粮食种植面积", "粮食 种植面积"));
        assert!(holds("粮食种植面积", "粮良种植面积"));
        assert!(!holds("粮食种植面积", "粮食"));
        assert!(
            !holds("粮食种植面积", "油料种植面积"),
            "another name of the page"
        );
        assert!(!holds("粮食种植面积", ""));
    }

    #[test]
    fn numbers_agree_as_written_and_in_base_units() {
        let gold = |value: &str, unit: &str| {
            let mut file = example();
            file["indicators"][0]["value"] = value.into();
            file["indicators"][0]["unit"] = unit.into();
            Gold::read(&file.to_string()).unwrap().indicators[0].clone()
        };
        let mut p = record("全年造林3.20万亩。").indicators[0].clone();
        assert!(same_number(&gold("3.2", "万亩"), &p));
        assert!(same_number(&gold("32000", "亩"), &p));
        assert!(!same_number(&gold("3.2", "亩"), &p));
        assert!(!same_number(&gold("1/3", "万亩"), &p));
        p.base_value = Some(Decimal::from(3200));
        assert!(!same_number(&gold("3.2", "万亩"), &p));
        p.value = None;
        p.components = Some([1.into(), 3.into()].into());
        assert!(same_number(&gold("1/3", "万亩"), &p));
    }

    #[test]
    fn sections_pair_in_their_order() {
        let sections = |list: &[(&str, &str)]| -> Vec<(String, String)> {
            let own = |(path, title): &(&str, &str)| ((*path).to_owned(), (*title).to_owned());
            list.iter().map(own).collect()
        };
        let wanted = sections(&[
            ("一、", "农田水利建设情况"),
            ("二、", "造林"),
            ("三、", "养殖"),
        ]);
        let got = sections(&[
            ("一、", "农田水利建没情况"), // one of eight misread
            ("三、", "养殖"),
            ("二、", "造林"),
            ("三、", "养"),
        ]);
        // of two that changed places one pairs
        assert_eq!(matched(&wanted, &got), [(0, 0), (2, 1)]);
    }

    /// What looks the same in both is told apart.
    #[test]
    fn a_wrong_multiplier_is_shown() {
        let mut file = example();
        file["text"] = "一、造林\n全年造林30万亩，其中杉木12亩、油茶18亩。".into();
        file["indicators"][0]["mention"] = "30万亩".into();
        file["indicators"][0]["unit"] = "万亩".into();
        let gold = Gold::read(&file.to_string()).unwrap();
        let mut wrong = record(&gold.text);
        wrong.indicators[0].base_value = Some(Decimal::from(3000));
        wrong.indicators[1].of = Some(wrong.indicators[0].id.clone());
        let shown = shown(&score(&gold, &wrong));
        assert_eq!(shown[0], "missed   全年造林[30万亩]  found 30万亩 = 3000亩");
        let want = "wrong    其中杉木[12亩]  of: expected 30万亩, which was missed, found 30万亩";
        assert_eq!(shown[1], want);
    }

    /// Records come from anywhere.
    #[test]
    fn no_record_breaks_it() {
        let gold = Gold::read(&example().to_string()).unwrap();
        let mut odd = record(&gold.text);
        odd.sections[0].parent = Some(odd.sections[0].id.clone());
        odd.indicators[0].start = u32::MAX;
        odd.indicators[1].end = 1;
        odd.indicators[2].of = Some("nobody".into());
        odd.checks[0].total = Some("nobody".into());
        let tally = score(&gold, &odd).tally;
        assert_eq!(tally.indicators.found, 1);
        odd.text.clear();
        assert_eq!(score(&gold, &odd).tally.indicators.missed, 3);
    }
}
