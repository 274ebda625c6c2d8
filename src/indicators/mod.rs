//! Stage 5: quantities and their clauses → indicators. Never parses a digit again.

mod clause;
mod list;
mod name;
mod reading;
mod relation;
mod scope;

use crate::base::{DateSpan, Decimal, Diagnostic, Span};
use crate::document::Document;
use crate::lexicon::Lexicon;
use crate::normalize::Clean;
use crate::quantities::Quantities;
use crate::record::{Basis, Measure, Precision, Relation, Status};
use crate::sections::Sections;
use clause::Place;
use reading::{Context, Reading};
use relation::{Memory, Said};
use scope::Scopes;

/// One numeric statement; see [`crate::record::Indicator`] for the fields.
#[derive(Debug, Clone, PartialEq)]
pub struct Indicator {
    /// Index of the innermost section.
    pub section: Option<usize>,
    /// What is measured.
    pub name: String,
    /// Id in the concept code list.
    pub concept: Option<String>,
    /// What is stated about it.
    pub measure: Measure,
    /// Signed value as written.
    pub value: Option<Decimal>,
    /// Unit as written, multiplier included.
    pub unit: String,
    /// Value times multiplier.
    pub base_value: Option<Decimal>,
    /// Unit without multiplier.
    pub base_unit: String,
    /// Terms of a ratio or fraction.
    pub components: Option<Vec<Decimal>>,
    /// How exact it claims to be.
    pub precision: Precision,
    /// Lower bound of `value`.
    pub lower: Option<Decimal>,
    /// Upper bound of `value`.
    pub upper: Option<Decimal>,
    /// What a growth or change is measured against.
    pub basis: Option<Basis>,
    /// The time it speaks of.
    pub period: Option<Period>,
    /// Whether it has come true.
    pub status: Status,
    /// Index of the indicator that it is a part, growth, … of.
    pub of: Option<usize>,
    /// What it is of that one.
    pub relation: Option<Relation>,
    /// Number and unit, in [`Clean::text`].
    pub mention: Span,
    /// The clause around it, in [`Clean::text`].
    pub quote: Span,
}

/// The time that an indicator speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// The words it was read from; none when it comes from a hint.
    pub text: Option<String>,
    /// The days.
    pub days: DateSpan,
    /// True when it was not said in the indicator's own clause.
    pub inherited: bool,
}

/// The indicators of a page, in reading order.
#[derive(Debug, Clone, Default)]
pub struct Indicators {
    /// The statements.
    pub indicators: Vec<Indicator>,
    /// What could not be read for sure.
    pub diagnostics: Vec<Diagnostic>,
}

/// Finds the indicators.
#[must_use]
pub fn indicators(
    clean: &Clean,
    sections: &Sections,
    quantities: &Quantities,
    document: &Document,
    lexicon: &Lexicon,
) -> Indicators {
    let paragraphs: Vec<Span> = clean.paragraphs.iter().map(|p| p.span).collect();
    let text = clean.text.as_str();
    let scopes = Scopes::new(
        text,
        &paragraphs,
        sections,
        &quantities.times,
        document,
        lexicon,
    );
    let mut grammar = Grammar {
        text,
        sections,
        quantities,
        lexicon,
        scopes,
        out: Vec::new(),
        topic: None,
        growth: None,
    };
    for &span in &paragraphs {
        grammar.paragraph(span);
    }
    Indicators {
        indicators: grammar.out,
        diagnostics: quantities.diagnostics.clone(),
    }
}

/// The grammar's state while it goes through a page.
struct Grammar<'a> {
    text: &'a str,
    sections: &'a Sections,
    quantities: &'a Quantities,
    lexicon: &'a Lexicon,
    scopes: Scopes<'a>,
    out: Vec<Indicator>,
    /// The number that clauses without a noun speak of.
    topic: Option<usize>,
    /// The growth of the topic that was said first: 增速居全市第三位 speaks of it.
    growth: Option<usize>,
}

/// Where 其中 stands in force.
#[derive(Debug, Default, Clone)]
struct Parts {
    /// Indices of the wholes, one a unit; empty when no 其中 is in force.
    wholes: Vec<(String, usize)>,
    open: bool,
}

impl Grammar<'_> {
    fn paragraph(&mut self, span: Span) {
        self.scopes.enter(span);
        let all = &self.quantities.quantities;
        let first = all.partition_point(|q| q.mention.start < span.start);
        let last = all.partition_point(|q| q.mention.start < span.end);
        let own = all.get(first..last.max(first)).unwrap_or(&[]);
        let places = clause::places(self.text, span, own, first);
        let mut memory = Memory::default();
        let mut parts = Parts::default();
        let mut bracket: Option<Parts> = None;
        let mut sentence = (0, span.start);
        self.topic = None;
        self.growth = None;
        let mut index = 0;
        while let Some(place) = places.get(index) {
            let gap = place.gap.of(self.text);
            if place.first {
                self.scopes.pass(place.gap);
            }
            if place.sentence != sentence.0 {
                let start = gap
                    .rfind(['。', '！', '？', '!', '?'])
                    .and_then(|i| Some(i + gap.get(i..)?.chars().next()?.len_utf8()))
                    .map_or(place.clause.start, |i| place.gap.start + i as u32);
                sentence = (place.sentence, start);
                self.topic = None;
                self.growth = None;
                parts.open = false;
            }
            // 其中 and 按…分 open parts; brackets with numbers in them do so too.
            let lead_head = place.lead.of(self.text);
            let tail_of_gap = gap
                .get((sentence.1.saturating_sub(place.gap.start) as usize).min(gap.len())..)
                .unwrap_or("");
            let names = &self.lexicon.names;
            let opens =
                names.part.within(lead_head) || place.first && names.part.within(tail_of_gap);
            let divides = place.first
                && names
                    .partition
                    .first(tail_of_gap.trim_start_matches(['，', '。', '；']))
                    .is_some_and(|f| f.0 == 0 || tail_of_gap.len() < 60);
            if opens {
                parts = Parts {
                    wholes: Vec::new(),
                    open: true,
                };
            } else if divides {
                parts.open = true;
            }
            match (place.bracketed, bracket.is_some()) {
                (true, false) => {
                    bracket = Some(std::mem::replace(
                        &mut parts,
                        Parts {
                            wholes: Vec::new(),
                            open: true,
                        },
                    ));
                }
                (false, true) => parts = bracket.take().unwrap_or_default(),
                _ => {}
            }
            let run = self.run(&places, index);
            self.row(
                places.get(index..index + run).unwrap_or(&[]),
                &mut memory,
                &mut parts,
                sentence.1,
            );
            index += run;
        }
    }

    /// How many quantities from `index` on are one row: joined by nothing but 、 or 和.
    fn run(&self, places: &[Place], index: usize) -> usize {
        let quantity = |i: usize| {
            places
                .get(i)
                .and_then(|p| self.quantities.quantities.get(p.quantity))
        };
        let mut n = 1;
        while let (Some(place), Some(q), Some(before)) = (
            places.get(index + n),
            quantity(index + n),
            quantity(index + n - 1),
        ) {
            let joined = !place.first
                && place
                    .lead
                    .of(self.text)
                    .chars()
                    .all(|c| c == '、' || self.lexicon.names.joins(c) || c.is_whitespace())
                && q.dimension == before.dimension
                && q.kind == before.kind;
            // A noun behind the number before is what that one counts; the next has its own.
            if !joined || q.dimension == "count" && self.noun_behind(place) {
                break;
            }
            n += 1;
        }
        n
    }

    fn noun_behind(&self, place: &Place) -> bool {
        let tail = place.tail.of(self.text);
        !name::behind(tail, false, self.lexicon).is_empty()
    }

    /// Reads a row of quantities that share one lead.
    fn row(&mut self, places: &[Place], memory: &mut Memory, parts: &mut Parts, sentence: u32) {
        let Some(head) = places.first() else { return };
        let Some(quantity) = self.quantities.quantities.get(head.quantity) else {
            return;
        };
        let topic = self.topic.and_then(|t| self.out.get(t));
        let previous = memory.last().cloned();
        let context = Context {
            text: self.text,
            times: &self.quantities.times,
            lexicon: self.lexicon,
            of_plan: !head.first
                && previous
                    .as_ref()
                    .and_then(|p| self.out.get(p.index))
                    .is_some_and(|x| x.status == Status::Target && x.measure == Measure::Level),
            year: self.scopes.year_at(quantity.mention.start),
            topic: topic.map(|t| t.measure),
        };
        let reading = reading::read(quantity, head, &context);
        let n = places.len();
        let lead = head.lead.of(self.text);
        let respectively = self.lexicon.names.respectively.within(lead);
        let names = list::split(&reading.subject, n, self.lexicon);
        let said = memory.last().map_or(0, |s| s.sentence);
        let pairs: Option<Vec<(String, usize)>> =
            (names.is_none() && n > 1 && respectively && reading.subject.is_empty())
                .then(|| memory.last_levels(n, said.max(head.sentence)))
                .flatten()
                .map(|found| found.iter().map(|s| (s.name.clone(), s.index)).collect());
        for (i, place) in places.iter().enumerate() {
            let subject = names
                .as_ref()
                .and_then(|n| n.get(i))
                .cloned()
                .unwrap_or_else(|| reading.subject.clone());
            let pair = pairs.as_ref().and_then(|p| p.get(i)).cloned();
            self.one(place, &reading, subject, pair, i, memory, parts, sentence);
        }
    }

    /// Adds one indicator.
    #[expect(
        clippy::too_many_arguments,
        reason = "one number with all that is known of it"
    )]
    fn one(
        &mut self,
        place: &Place,
        reading: &Reading,
        subject: String,
        pair: Option<(String, usize)>,
        in_row: usize,
        memory: &mut Memory,
        parts: &mut Parts,
        sentence: u32,
    ) {
        let Some(q) = self.quantities.quantities.get(place.quantity) else {
            return;
        };
        let index = self.out.len();
        let lexicon = self.lexicon;
        let names = &lexicon.names;
        let own = !subject.is_empty();
        let topic = self.topic.and_then(|t| Some((t, self.out.get(t)?.clone())));
        let measure = reading.measure;
        let (mut name, mut of) = match (pair, &topic) {
            (Some((name, at)), _) => (name, Some(at)),
            (None, Some((at, topic))) if !own => (topic.name.clone(), Some(*at)),
            (None, _) => (subject.clone(), None),
        };
        let mut relation_to = relation::relation(measure);
        // 增速, 总量: a noun that needs the topic's name.
        if own
            && names.generic.whole(&subject).is_some()
            && let Some((at, topic)) = &topic
        {
            name = generic(&subject, topic, lexicon);
            of = relation_to.map(|_| *at);
        }
        if let Some(growth) = self.growth
            && (measure == Measure::Change && reading.basis == Some(Basis::Peer)
                || measure == Measure::Rank
                    && own
                    && of.is_some()
                    && names.of_growth.whole(&subject).is_some())
            && of.is_some()
        {
            of = Some(growth);
        }
        if own && of.is_none() && relation_to.is_some() {
            of = memory
                .named(&name)
                .or_else(|| {
                    (measure == Measure::Contribution).then(|| {
                        let holder = lexicon
                            .names
                            .collective_part(&name)
                            .unwrap_or(name.as_str());
                        memory.starting(holder)
                    })?
                })
                .map(|s| s.index);
        }
        let mut part = false;
        if measure == Measure::Level {
            of = None;
            relation_to = None;
            let acts = names.act.at(&subject, 0).is_some();
            if parts.open
                && acts
                && !place.bracketed
                && !parts.wholes.is_empty()
                && !reading.behind
                && parts.wholes.iter().any(|w| w.0 == q.base_unit)
            {
                parts.open = false;
            }
            if parts.open {
                let known = parts
                    .wholes
                    .iter()
                    .find(|w| w.0 == q.base_unit)
                    .map(|w| w.1);
                let whole = known.or_else(|| {
                    let found = if place.bracketed {
                        memory.level_of_unit(&q.base_unit)
                    } else {
                        memory.whole(&q.base_unit)
                    };
                    found.map(|s| s.index)
                });
                if let Some(whole) = whole.filter(|_| own) {
                    if known.is_none() {
                        parts.wholes.push((q.base_unit.clone(), whole));
                    }
                    of = Some(whole);
                    relation_to = Some(Relation::Part);
                    part = true;
                }
            }
            if own && !reading.behind {
                name = carried(name, reading, place, memory, q, part, lexicon);
            }
        } else if of.is_some_and(|o| {
            self.out.get(o).is_some_and(|x| {
                !relation::can_be_spoken_of(x.measure) && x.measure != Measure::Growth
            })
        }) {
            of = None;
        }
        if measure == Measure::Rate || measure == Measure::Ratio {
            of = None;
        }
        if of.is_none() {
            relation_to = None;
        }
        if let Some(at) = of
            && measure == Measure::Growth
            && self
                .out
                .get(at)
                .is_some_and(|x| x.measure == Measure::Growth)
        {
            of = None;
            relation_to = None;
        }
        let period = self.scopes.period_of(
            q.mention.start,
            place.lead,
            place.clause,
            sentence,
            reading.earlier && in_row == 0,
        );
        let status = if reading.planned {
            Status::Target
        } else {
            self.scopes
                .status_of(q.mention.start, place.clause, period.as_ref())
        };
        let basis = match measure {
            Measure::Growth | Measure::Change => Some(reading.basis.unwrap_or_else(|| {
                // 比年初增加11亿元，增长9%: the second number has the first one's basis.
                memory
                    .last()
                    .and_then(|s| self.out.get(s.index))
                    .filter(|x| !own && x.measure == Measure::Change && x.basis == Some(Basis::Ytd))
                    .and_then(|x| x.basis)
                    .unwrap_or(Basis::Yoy)
            })),
            _ => None,
        };
        let sign = |d: Option<Decimal>| d.map(|d| if reading.down { -d } else { d });
        let (lower, upper) = if reading.down {
            (sign(q.upper), sign(q.lower))
        } else {
            (q.lower, q.upper)
        };
        self.out.push(Indicator {
            section: self.sections.at(q.mention.start as usize),
            name: name.clone(),
            concept: None,
            measure,
            value: sign(q.value),
            unit: q.unit.clone(),
            base_value: sign(q.base_value),
            base_unit: q.base_unit.clone(),
            components: q.components.clone(),
            precision: q.precision,
            lower,
            upper,
            basis,
            period,
            status,
            of,
            relation: relation_to,
            mention: q.mention,
            quote: trimmed(self.text, place.clause),
        });
        memory.say(Said {
            index,
            name,
            measure,
            unit: q.base_unit.clone(),
            sentence: place.sentence,
            part,
            own,
        });
        if measure == Measure::Growth && self.growth.is_none() && !own {
            self.growth = Some(index);
        }
        let speaks = !matches!(measure, Measure::Rank | Measure::Contribution);
        if own && speaks && names.generic.whole(&subject).is_none() && !reading.planned {
            self.topic = Some(index);
            self.growth = (measure == Measure::Growth).then_some(index);
        }
    }
}

/// The name of what a generic noun says of the topic: 总量 of 茶园.
fn generic(noun: &str, topic: &Indicator, lexicon: &Lexicon) -> String {
    let head = name::head(&topic.name, lexicon);
    if lexicon.names.head.whole(noun).is_some() && head.chars().count() >= noun.chars().count() {
        // 收入增长2%、支出超过70亿元: the one takes the place of the other.
        let keep: usize = topic
            .name
            .char_indices()
            .rev()
            .nth(noun.chars().count().saturating_sub(1))
            .map_or(0, |c| c.0);
        return format!("{}{noun}", topic.name.get(..keep).unwrap_or(""));
    }
    format!("{}{noun}", topic.name)
}

/// The name with what the list says once: 新增 of 新增企业, 增加值 of 第一产业增加值.
fn carried(
    name: String,
    reading: &Reading,
    place: &Place,
    memory: &Memory,
    q: &crate::quantities::Quantity,
    part: bool,
    lexicon: &Lexicon,
) -> String {
    let names = &lexicon.names;
    let Some(last) = memory.last() else {
        return name;
    };
    if last.sentence != place.sentence || last.measure != Measure::Level {
        // 第一产业增加值…，增长4%；第二产业…: the level before the growth.
        return match memory.level_of_unit(&q.base_unit) {
            Some(level) if level.sentence == place.sentence => with_head(name, level, lexicon),
            _ => name,
        };
    }
    if let Some((end, _)) = names.fresh.at(&last.name, 0)
        && (last.unit == q.base_unit || !place.first)
        && !place.bracketed
        && !reading.stated
        && names.fresh.at(&name, 0).is_none()
        && names.act.at(&name, 0).is_none()
        && end < last.name.len()
    {
        let verb = last.name.get(..end).unwrap_or("");
        return format!("{verb}{name}");
    }
    if part || last.unit == q.base_unit {
        return with_head(name, last, lexicon);
    }
    name
}

fn with_head(name: String, before: &Said, lexicon: &Lexicon) -> String {
    let head = name::head(&before.name, lexicon);
    let own = before
        .name
        .get(..before.name.len() - head.len())
        .unwrap_or("");
    let alike =
        own.chars().next_back().is_some() && own.chars().next_back() == name.chars().next_back();
    if head.is_empty() || !alike || !name::head(&name, lexicon).is_empty() {
        return name;
    }
    name + head
}

/// The clause without the blanks around it.
fn trimmed(text: &str, clause: Span) -> Span {
    let s = clause.of(text);
    let start = clause.start as usize + (s.len() - s.trim_start().len());
    let end = start + s.trim().len();
    Span::new(start, end)
}
