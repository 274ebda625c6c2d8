//! Parts of a whole: 其中, 按…分, 22项中, brackets, 增产的276个.

use smol_str::SmolStr;

use super::clause::Place;
use super::relation::{Memory, Said};
use super::why::{Rule, id};
use super::{Grammar, Indicator};
use crate::base::slip::slip;
use crate::base::{Decimal, Span};
use crate::quantities::Quantity;
use crate::record::{Measure, Relation};

/// How many numbers before it a part of the same whole may stand.
const MOST_PARTS: usize = 24;
/// Wholes below it are small: nearly any two numbers of them are one slip apart.
const SMALL: i128 = 100;
/// How many bytes behind its first number a list may go on.
const LONGEST_LIST: usize = 1800;
/// How many characters what some of a whole are said to be may have: 增产的.
const LONGEST_KIND: usize = 6;
/// Rows of totals have no more columns than this.
const MOST_TOTALS: usize = 64;
/// How many sentences before a division of a whole (按类型分) that whole may stand.
const DIVIDED_BACK: usize = 3;

/// A whole whose parts are being said.
#[derive(Debug, Clone)]
struct Whole {
    /// Unit without multiplier.
    unit: SmolStr,
    /// Index of the indicator.
    index: usize,
    /// Sum of the parts so far, in base units.
    sum: Decimal,
    /// Twice what the rounding of the parts may come to, in base units.
    slack: Decimal,
    /// How many parts.
    parts: usize,
    /// True when they are the whole: they leave nothing for others.
    done: bool,
}

/// Where 其中 or another word of parts stands in force.
#[derive(Debug, Default, Clone)]
pub(super) struct Parts {
    /// The wholes, one a unit.
    wholes: Vec<Whole>,
    /// True while it is in force.
    open: bool,
    /// True when the first part began with a verb of doing.
    acts: bool,
    /// True when growths were said before any part: 其中出口增长5%.
    grows: bool,
    /// The first sentence in which a whole may stand.
    since: usize,
    /// Index of the first indicator that may be a part.
    from: usize,
    /// True when another partition of the same whole opened: ；其中.
    anew: bool,
    /// True when 按…分 opened it: it divides what the sentence before speaks of first.
    divided: bool,
}

impl Parts {
    /// Opened in a sentence before the indicator `from`; `starts` when the word stands at its start, `anew` behind ；.
    pub(super) fn open(sentence: usize, starts: bool, anew: bool, from: usize) -> Self {
        Self {
            from,
            open: true,
            since: sentence.saturating_sub(usize::from(starts)),
            anew: anew || starts,
            ..Self::default()
        }
    }

    /// 按…分: the same wholes once more, or others a little before.
    pub(super) fn divide(&mut self, sentence: usize, from: usize) {
        self.from = from;
        if !self.open {
            self.since = sentence.saturating_sub(DIVIDED_BACK);
            self.divided = true;
        }
        for whole in &mut self.wholes {
            *whole = Whole::new(&whole.unit, whole.index);
        }
        self.open = true;
        self.anew = true;
        self.grows = false;
    }

    /// No longer in force.
    pub(super) fn close(&mut self) {
        self.open = false;
    }

    /// A number of any measure goes by.
    pub(super) fn see(&mut self, measure: Measure, own: bool) {
        if measure == Measure::Growth && own && self.wholes.is_empty() {
            self.grows = true;
        }
    }

    /// A level comes: may it still be a part?
    pub(super) fn meet(&mut self, acts: bool, place: &Place) {
        if self.wholes.is_empty() {
            self.acts = acts;
            // 其中出口增长5%，税收12亿元: what grows was part, what follows is not.
            if self.grows && place.first {
                self.open = false;
            }
        } else if acts && !self.acts && !place.bracketed {
            self.open = false;
        }
    }

    /// The part `quantity` has been said.
    pub(super) fn add(&mut self, quantity: &Quantity, out: &[Indicator]) {
        let Some(whole) = self
            .wholes
            .iter_mut()
            .find(|w| w.unit == quantity.base_unit)
        else {
            return;
        };
        let (Some(value), Some(base)) = (quantity.value, quantity.base_value) else {
            return;
        };
        whole.add(value, base);
        let Some(total) = out.get(whole.index) else {
            return;
        };
        whole.done = whole.parts > 1 && whole.is(total);
    }
}

impl Whole {
    /// No part of it has been said.
    fn new(unit: &str, index: usize) -> Self {
        Self {
            unit: SmolStr::new(unit),
            index,
            sum: Decimal::ZERO,
            slack: Decimal::ZERO,
            parts: 0,
            done: false,
        }
    }

    /// Adds a part; none when the sum has too many digits.
    fn add(&mut self, value: Decimal, base: Decimal) -> Option<()> {
        let step = step(value, base).unwrap_or(Decimal::ZERO);
        let sum = self.sum.checked_add(base).ok()?;
        self.slack = self.slack.checked_add(step).ok()?;
        self.sum = sum;
        self.parts += 1;
        Some(())
    }

    /// True when the parts so far are the whole, as far as their rounding goes.
    fn is(&self, total: &Indicator) -> bool {
        let (Some(value), Some(base)) = (total.value, total.base_value) else {
            return false;
        };
        let Ok(gap) = self.sum.checked_add(-base) else {
            return false;
        };
        let rounded = step(value, base).and_then(|step| {
            // Things counted one by one are not rounded.
            if counted(step, self.slack, self.parts) {
                return None;
            }
            let coarse = self.slack.checked_add(step).ok()?;
            let size = if gap.is_negative() { -gap } else { gap };
            Some(size.checked_add(size).ok()? <= coarse)
        });
        gap == Decimal::ZERO || rounded == Some(true)
    }

    /// True when `value` more would be more than the whole.
    fn is_exceeded_by(&self, value: Decimal, total: &Indicator) -> bool {
        let sum = self.sum.checked_add(value).ok();
        sum.zip(total.base_value)
            .is_some_and(|(sum, total)| sum > total)
    }
}

/// True when one misread figure, of `total` or of one of `parts`, explains that these add up to `sum`.
fn one_slip_explains(
    total: Decimal,
    sum: Decimal,
    parts: impl IntoIterator<Item = Decimal>,
) -> bool {
    let Ok(excess) = sum.checked_add(-total) else {
        return false;
    };
    let without = |part: Decimal| {
        part.checked_add(-excess)
            .is_ok_and(|wanted| wanted > Decimal::ZERO && slip(part, wanted).is_some())
    };
    slip(total, sum).is_some() || parts.into_iter().any(without)
}

/// True when total and parts are all counted to one.
fn counted(step: Decimal, slack: Decimal, parts: usize) -> bool {
    let one = Decimal::from(1);
    step == one && i64::try_from(parts).is_ok_and(|n| slack == Decimal::from(n))
}

/// One of the last digit of `value`, in the base units in which it is `base`.
fn step(value: Decimal, base: Decimal) -> Option<Decimal> {
    value.last_digit(value.power_to(base)?)
}

impl Grammar<'_> {
    /// The whole that the level at `place` is a part of.
    ///
    /// `own` says that its clause has a noun; a noun such as 秋粮中晚稻 loses the whole in it.
    pub(super) fn whole(
        &self,
        place: &Place,
        name: &mut SmolStr,
        own: bool,
        memory: &Memory,
        parts: &mut Parts,
    ) -> Option<usize> {
        let q = self.quantities.quantities.get(place.quantity)?;
        let index = self.out.len();
        if own && let Some(whole) = self.whole_in_name(place, name, q, memory) {
            self.trace.tell(Rule::WholeInName, || (id(Some(whole)), ""));
            self.trace.tell(Rule::InsideWhole, || (name.as_str(), ""));
            return Some(whole);
        }
        if own
            && !parts.open
            && let Some(whole) = self.possessor(place, q, memory)
        {
            *parts = Parts::open(place.sentence, false, false, self.out.len());
            return self.taken(Rule::SomeOfThese, self.take(whole, q, place, parts));
        }
        if !parts.open {
            return None;
        }
        // 产业类78个、210亿元: the second number of a part.
        let second = !own
            && !place.first
            && index
                .checked_sub(1)
                .and_then(|i| self.out.get(i))
                .is_some_and(|x| x.relation == Some(Relation::Part));
        if !own && !second {
            return None;
        }
        let known = parts.wholes.iter().find(|w| w.unit == q.base_unit);
        let done = match known {
            Some(whole) => whole.done,
            None => !second && !parts.wholes.is_empty() && parts.wholes.iter().all(|w| w.done),
        };
        if done {
            return None;
        }
        let apart = place.first && place.gap.of(self.text).contains('；');
        if apart {
            // Behind ；, another unit or more than the whole is another matter.
            let over = known.is_some_and(|w| {
                let total = self.out.get(w.index);
                let more = q
                    .base_value
                    .zip(total)
                    .is_some_and(|(v, t)| w.is_exceeded_by(v, t));
                more && !self.is_explained(place, w.index, parts.from)
            });
            if over || known.is_none() && !parts.wholes.is_empty() {
                parts.close();
                return None;
            }
        }
        if let Some(known) = known.map(|w| w.index) {
            if self.fits(name, known) && self.may_be_part(place, known, parts.from) {
                return self.taken(Rule::NextPart, Some(known));
            }
            parts.close();
            return None;
        }
        let (rule, whole) = self.nearest(place, name, q, memory, parts)?;
        self.taken(rule, self.take(whole, q, place, parts))
    }

    /// `whole`, and tells that `rule` found it.
    fn taken(&self, rule: Rule, whole: Option<usize>) -> Option<usize> {
        if whole.is_some() {
            self.trace.tell(rule, || (id(whole), ""));
        }
        whole
    }

    fn take(&self, whole: usize, q: &Quantity, place: &Place, parts: &mut Parts) -> Option<usize> {
        if !self.may_be_part(place, whole, parts.from) {
            return None;
        }
        parts.wholes.push(Whole::new(&q.base_unit, whole));
        Some(whole)
    }

    /// The level before that is the whole: the one that the list to come adds up to, else the
    /// nearest that is large enough, else the nearest.
    fn nearest(
        &self,
        place: &Place,
        name: &str,
        q: &Quantity,
        memory: &Memory,
        parts: &Parts,
    ) -> Option<(Rule, usize)> {
        let since = if place.bracketed {
            place.sentence
        } else {
            parts.since
        };
        let mut candidates: Vec<Said> = memory
            .levels(&q.base_unit, since, &self.out)
            .filter(|s| place.bracketed || s.own && (!parts.anew || !s.part))
            .filter(|s| self.fits(name, s.index))
            .collect();
        if parts.divided {
            candidates.sort_by_key(|s| (std::cmp::Reverse(s.sentence), s.index));
        }
        let base = |s: &&Said| self.out.get(s.index).and_then(|x| x.base_value);
        if candidates.is_empty() {
            return None;
        }
        let sums = self.sums_ahead(place, q);
        candidates
            .iter()
            .find(|s| base(s).is_some_and(|b| sums.contains(&b)))
            .map(|s| (Rule::ListAddsUp, s.index))
            .or_else(|| {
                candidates
                    .iter()
                    .find(|s| base(s).zip(q.base_value).is_some_and(|(b, v)| v <= b))
                    .map(|s| (Rule::LargeEnough, s.index))
            })
            .or_else(|| candidates.first().map(|s| (Rule::NearestWhole, s.index)))
    }

    /// What the numbers of this unit from `place` on add up to, two, three and more of them, to the
    /// end of the sentence.
    fn sums_ahead(&self, place: &Place, q: &Quantity) -> Vec<Decimal> {
        let end = self.end_of_list(place, q);
        let all = &self.quantities.quantities;
        let mut sum = Decimal::ZERO;
        let mut out = Vec::new();
        for next in all.iter().skip(place.quantity).take(MOST_PARTS) {
            if next.mention.start as usize >= end {
                break;
            }
            if next.base_unit != q.base_unit {
                continue;
            }
            let Some(Ok(more)) = next.base_value.map(|v| sum.checked_add(v)) else {
                break;
            };
            sum = more;
            out.push(sum);
        }
        out.drain(..out.len().min(1));
        out
    }

    /// Where the list that `place` stands in must end: with its sentence or its bracket.
    fn end_of_list(&self, place: &Place, q: &Quantity) -> usize {
        let from = q.mention.end as usize;
        let last = self.quantities.quantities.get(place.quantity + MOST_PARTS);
        let far = last.map_or(self.text.len(), |q| q.mention.end as usize);
        let to = self.text.floor_char_boundary(far.min(from + LONGEST_LIST));
        let rest = self.text.get(from..to).unwrap_or("");
        let closes = |c| matches!(c, '。' | '\n') || place.bracketed && matches!(c, '）' | ')');
        from + rest.find(closes).unwrap_or(rest.len())
    }

    /// False for a number for each person or thing and a whole that is not: 人均收入 is no part of 收入.
    fn fits(&self, name: &str, whole: usize) -> bool {
        let per = |name: &str| self.lexicon.names.per.within(name);
        self.out
            .get(whole)
            .is_some_and(|x| per(&x.name) || !per(name))
    }

    /// 秋粮中中晚稻7.88万吨: the whole is named before 中.
    fn whole_in_name(
        &self,
        place: &Place,
        name: &mut SmolStr,
        q: &Quantity,
        memory: &Memory,
    ) -> Option<usize> {
        let (from, to, _) = self.lexicon.names.inside.first(name)?;
        let (holder, rest) = (name.get(..from)?, name.get(to..)?);
        let said = memory.starting(holder, &self.out)?;
        let fits = !holder.is_empty()
            && !rest.is_empty()
            && said.unit(&self.out) == q.base_unit
            && said.sentence + 1 >= place.sentence
            && self.may_be_part(place, said.index, 0);
        let whole = fits.then_some(said.index)?;
        *name = SmolStr::new(rest);
        Some(whole)
    }

    /// 318个农业社，增产的276个: some of those just said.
    fn possessor(&self, place: &Place, q: &Quantity, memory: &Memory) -> Option<usize> {
        let names = &self.lexicon.names;
        let lead = place.lead.of(self.text);
        let last = memory.last()?;
        let whole = self.out.get(last.index)?;
        let fits = place.first
            && names.particle.before(lead, lead.len()).is_some()
            && lead.chars().count() <= LONGEST_KIND
            && last.sentence == place.sentence
            && last.measure == Measure::Level
            && last.unit(&self.out) == q.base_unit
            && q.base_value
                .zip(whole.base_value)
                .is_some_and(|(v, w)| v <= w);
        fits.then_some(last.index)
    }

    /// False for a number larger than the whole, unless one slip of either makes it so: with the
    /// parts before it and those that the sentence goes on with, it would be the whole.
    fn may_be_part(&self, place: &Place, whole: usize, first: usize) -> bool {
        let found = self.against(place, whole);
        found.is_some_and(|(_, value, total)| {
            value <= total || self.is_explained(place, whole, first)
        })
    }

    /// The number at `place`, and its value and the whole's in base units.
    fn against(&self, place: &Place, whole: usize) -> Option<(&Quantity, Decimal, Decimal)> {
        let q = self.quantities.quantities.get(place.quantity)?;
        Some((q, q.base_value?, self.out.get(whole)?.base_value?))
    }

    /// True when one slip of a figure, of this number or of the whole, makes the parts more than the
    /// whole.
    fn is_explained(&self, place: &Place, whole: usize, first: usize) -> bool {
        let all = &self.quantities.quantities;
        let index = self.out.len();
        let Some((q, value, total)) = self.against(place, whole) else {
            return false;
        };
        // The other parts stand right before; those that are the whole are a division of their own.
        let mut others = Decimal::ZERO;
        let mut said: Vec<Decimal> = Vec::new();
        let from = index.saturating_sub(MOST_PARTS).max(first.min(index));
        for x in self.out.get(from..index).unwrap_or(&[]) {
            if x.of == Some(whole) && x.relation == Some(Relation::Part) {
                let Some(part) = x.base_value else {
                    return false;
                };
                match others.checked_add(part) {
                    Ok(sum) if sum == total => {
                        others = Decimal::ZERO;
                        said.clear();
                    }
                    Ok(sum) => {
                        others = sum;
                        said.push(part);
                    }
                    Err(_) => return false,
                }
            }
        }
        let explains = |others: Decimal| {
            let Ok(sum) = others.checked_add(value) else {
                return false;
            };
            let parts = said.iter().copied().chain([value]);
            others > Decimal::ZERO && one_slip_explains(total, sum, parts)
        };
        let end = self.end_of_list(place, q);
        // Of small numbers any is one slip from another: the list must be all that follows.
        let small = total.mantissa() < SMALL;
        let mut found = !small && explains(others);
        for next in all.iter().skip(place.quantity + 1).take(MOST_PARTS) {
            if found || next.mention.start as usize >= end {
                break;
            }
            let level = next.base_unit == q.base_unit;
            match next
                .base_value
                .filter(|_| level)
                .map(|v| others.checked_add(v))
            {
                Some(Ok(sum)) => {
                    others = sum;
                    found = !small && explains(others);
                }
                Some(Err(_)) => return false,
                None => {}
            }
        }
        found || explains(others)
    }

    /// The paragraph `span`, whose numbers are those from `from` on, is done: in a row of a table that
    /// says 合计, each is the whole of the numbers above that add up to it.
    pub(super) fn table_row(&mut self, span: Span, from: usize) {
        let text = span.of(self.text);
        if from == self.out.len() || text.contains(['，', '。', '；', '：', '、']) {
            self.table.clear();
            return;
        }
        if self.lexicon.names.total.at(text, 0).is_none() {
            self.table.extend(from..self.out.len());
            return;
        }
        let above = std::mem::take(&mut self.table);
        for total in (from..self.out.len()).take(MOST_TOTALS) {
            let column: Vec<usize> = above
                .iter()
                .copied()
                .filter(|&i| self.is_summand(i, total))
                .collect();
            if column.len() < 2 || !(self.adds_up(&column, total) || self.slipped(&column, total)) {
                continue;
            }
            for part in column {
                if let Some(x) = self.out.get_mut(part) {
                    x.of = Some(total);
                    x.relation = Some(Relation::Part);
                    self.trace
                        .tell_of(part..part + 1, Rule::TotalBehind, || (id(x.of), ""));
                }
            }
        }
    }

    /// True for a level of the total's unit that is no part yet.
    fn is_summand(&self, index: usize, total: usize) -> bool {
        let pair = self.out.get(index).zip(self.out.get(total));
        pair.is_some_and(|(x, total)| {
            x.measure == Measure::Level && x.of.is_none() && x.base_unit == total.base_unit
        })
    }

    /// True when the numbers are called after the total's thing, and one misread figure explains that
    /// they are not the total.
    fn slipped(&self, column: &[usize], total: usize) -> bool {
        let Some((total, whole)) = self.out.get(total).and_then(|x| Some((x, x.base_value?)))
        else {
            return false;
        };
        let mut values = Vec::new();
        let mut sum = Decimal::ZERO;
        for x in column.iter().filter_map(|&i| self.out.get(i)) {
            match x.base_value.map(|v| (v, sum.checked_add(v))) {
                Some((value, Ok(more))) if x.name.ends_with(total.name.as_str()) => {
                    sum = more;
                    values.push(value);
                }
                _ => return false,
            }
        }
        one_slip_explains(whole, sum, values)
    }

    /// True when the numbers are the total, as far as their rounding goes.
    fn adds_up(&self, column: &[usize], total: usize) -> bool {
        let mut whole = Whole::new("", total);
        let mut numbers = column.iter().filter_map(|&i| self.out.get(i));
        let added = numbers.try_for_each(|x| whole.add(x.value?, x.base_value?));
        added.is_some() && self.out.get(total).is_some_and(|total| whole.is(total))
    }
}
