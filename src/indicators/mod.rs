//! Stage 5: quantities and their clauses → indicators. Never parses a digit again.

mod beginnings;
mod clause;
mod concept;
mod list;
mod name;
mod nearby;
mod part;
mod reading;
mod relation;
mod scope;
pub mod why;

use std::collections::BTreeMap;

use smol_str::{SmolStr, format_smolstr};

use crate::base::{DateSpan, Decimal, Diagnostic, Span};
use crate::document::Document;
use crate::lexicon::Lexicon;
use crate::lexicon::names::WordGroup;
use crate::normalize::Clean;
use crate::quantities::scan::bounds;
use crate::quantities::{Quantities, Quantity};
use crate::record::{Basis, Decision, Measure, Precision, Relation, Status};
use crate::sections::Sections;
use beginnings::Beginnings;
use clause::{Place, Places};
use nearby::Times;
use part::Parts;
use reading::{Context, Reading};
use relation::{Memory, Said};
use scope::Scopes;
use why::{Rule, Trace};

/// One numeric statement; see [`crate::record::Indicator`] for the fields.
#[derive(Debug, Clone, PartialEq)]
pub struct Indicator {
    /// Index of the innermost section.
    pub section: Option<usize>,
    /// What is measured.
    pub name: SmolStr,
    /// Id in the concept code list.
    pub concept: Option<Box<str>>,
    /// What is stated about it.
    pub measure: Measure,
    /// Signed value as written.
    pub value: Option<Decimal>,
    /// Unit as written, multiplier included.
    pub unit: SmolStr,
    /// Value times multiplier.
    pub base_value: Option<Decimal>,
    /// Unit without multiplier.
    pub base_unit: SmolStr,
    /// Terms of a ratio or fraction.
    pub components: Option<Box<[Decimal]>>,
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
    pub text: Option<SmolStr>,
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
    /// What a reviewer decided of them; see [`Applied`].
    pub corrections: Vec<Applied>,
}

/// What a reviewer decided of an indicator ([`crate::record::Correction`]).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// Which of the page's.
    pub indicator: usize,
    /// What was decided.
    pub decision: Decision,
    /// The value that was read, where the indicator has the reviewer's.
    pub read: Option<Decimal>,
    /// What the reviewer has to say.
    pub note: Option<String>,
    /// File of the correction.
    pub origin: String,
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
    let nobody = Trace::default();
    explained(clean, sections, quantities, document, lexicon, &nobody)
}

/// Finds the indicators and tells `trace` by which rules.
#[must_use]
pub fn explained(
    clean: &Clean,
    sections: &Sections,
    quantities: &Quantities,
    document: &Document,
    lexicon: &Lexicon,
    trace: &Trace,
) -> Indicators {
    let paragraphs: Vec<Span> = clean.paragraphs.iter().map(|p| p.span).collect();
    let text = quantities.folded.as_deref().unwrap_or(&clean.text);
    let beginnings = Beginnings::of(text, lexicon);
    let times = Times::new(&quantities.times);
    let scopes = Scopes::new(
        text,
        &beginnings,
        &paragraphs,
        sections,
        &times,
        document,
        lexicon,
        trace,
    );
    let mut grammar = Grammar {
        text,
        sections,
        quantities,
        lexicon,
        beginnings: &beginnings,
        times: &times,
        scopes,
        doers: [
            document.record.issuer.as_deref(),
            document.record.region.as_ref().map(|r| r.name.as_str()),
        ],
        trace,
        out: Vec::with_capacity(quantities.quantities.len()),
        topic: None,
        earlier: None,
        growth: None,
        opener: None,
        last_row: Row::default(),
        table: Vec::new(),
        behind: false,
        places: Places::default(),
        memory: Memory::default(),
    };
    for &span in &paragraphs {
        let from = grammar.out.len();
        grammar.paragraph(span);
        grammar.table_row(span, from);
    }
    let concepts = concept::concepts(&grammar.out, text, &paragraphs, sections, lexicon);
    for (indicator, concept) in grammar.out.iter_mut().zip(concepts) {
        let concept = concept.and_then(|index| lexicon.concepts.all.get(index));
        indicator.concept = concept.map(|concept| concept.id.as_str().into());
    }
    if let Some(folded) = &quantities.folded {
        write_as_printed(&mut grammar.out, &clean.text, folded, trace);
    }
    let mut diagnostics = quantities.diagnostics.clone();
    diagnostics.extend(timeless(&grammar.out));
    Indicators {
        indicators: grammar.out,
        diagnostics,
        corrections: Vec::new(),
    }
}

/// One word on all indicators whose time neither the page nor a hint says.
fn timeless(indicators: &[Indicator]) -> Option<Diagnostic> {
    let mut without = indicators.iter().filter(|x| x.period.is_none());
    let first = without.next()?;
    let n = 1 + without.count();
    Some(Diagnostic::warning(
        "period-unknown",
        format!(
            "the page does not say what time {n} of its {} numbers speak of, this one the first; \
             their period is null; --period or --published would tell",
            indicators.len()
        ),
        crate::base::Place::Clean(first.mention),
    ))
}

/// Gives names and words of time the characters of the page back: they were put together from
/// `folded`, which stands character for character for `text`. A character that the page writes in
/// two ways stays folded.
fn write_as_printed(indicators: &mut [Indicator], text: &str, folded: &str, trace: &Trace) {
    let mut printed: BTreeMap<char, Option<char>> = BTreeMap::new();
    for (folded, written) in folded.chars().zip(text.chars()) {
        let one = printed.entry(folded).or_insert(Some(written));
        if *one != Some(written) {
            *one = None;
        }
    }
    let restore = |words: &str| -> String {
        let one = |c: char| printed.get(&c).copied().flatten().unwrap_or(c);
        words.chars().map(one).collect()
    };
    for indicator in indicators {
        indicator.name = restore(&indicator.name).into();
        if let Some(words) = indicator.period.as_mut().and_then(|p| p.text.as_mut()) {
            *words = restore(words).into();
        }
    }
    trace.restore(restore);
}

/// Of longer names, in bytes, only the end is kept: 人均 put before a topic's name again and again, or
/// text without a mark, would go whole into every number behind it.
const LONGEST_NAME: usize = 480;
/// Names from the clause before have at most so many characters.
const LONGEST_ASIDE: usize = 24;

/// The grammar's state while it goes through a page.
struct Grammar<'a> {
    text: &'a str,
    sections: &'a Sections,
    quantities: &'a Quantities,
    lexicon: &'a Lexicon,
    beginnings: &'a Beginnings,
    times: &'a Times<'a>,
    scopes: Scopes<'a>,
    /// Issuer and region of the page: the doer of what its sentences say was done.
    doers: [Option<&'a str>; 2],
    trace: &'a Trace,
    out: Vec<Indicator>,
    /// The number that clauses without a noun speak of.
    topic: Option<usize>,
    /// The earlier of two values that was said last: 由A提高到B.
    earlier: Option<usize>,
    /// The growth of the topic that was said first: 增速居全市第三位 speaks of it.
    growth: Option<usize>,
    /// The first number of the paragraph that has a name of its own.
    opener: Option<usize>,
    /// The row said last, for the total behind it.
    last_row: Row,
    /// The numbers of the rows of a table that stand right before, a paragraph each.
    table: Vec<usize>,
    /// True when the number said last is named by the noun behind it.
    behind: bool,
    /// Where the numbers of the paragraph stand.
    places: Places,
    /// The numbers of the paragraph so far.
    memory: Memory,
}

/// The row that was said last.
#[derive(Debug, Default, Clone)]
struct Row {
    /// Its indicators.
    indices: Vec<usize>,
    /// What their names have in common.
    head: String,
    sentence: usize,
}

impl Grammar<'_> {
    fn paragraph(&mut self, span: Span) {
        self.scopes.enter(span);
        let all = &self.quantities.quantities;
        let first = all.partition_point(|q| q.mention.start < span.start);
        let last = all.partition_point(|q| q.mention.start < span.end);
        let own = all.get(first..last.max(first)).unwrap_or(&[]);
        let mut found = std::mem::take(&mut self.places);
        let mut memory = std::mem::take(&mut self.memory);
        found.find(self.text, span, own, first);
        memory.clear();
        self.sentences(span, &found, &mut memory);
        self.places = found;
        self.memory = memory;
    }

    /// Reads the numbers of the paragraph `span`, row by row.
    fn sentences(&mut self, span: Span, found: &Places, memory: &mut Memory) {
        let places = found.all();
        let mut parts = Parts::default();
        let mut bracket: Option<Parts> = None;
        let mut sentence = (0, span.start);
        self.topic = None;
        self.growth = None;
        self.opener = None;
        self.last_row = Row::default();
        let mut index = 0;
        while let Some(place) = places.get(index) {
            let gap = place.gap.of(self.text);
            if place.first {
                self.scopes.pass(place.gap, found.sentence_ends(place.gap));
            }
            if place.sentence != sentence.0 {
                let start = found.sentence_ends(place.gap).next_back();
                sentence = (place.sentence, start.unwrap_or(place.clause.start));
                self.topic = None;
                self.growth = None;
                parts.close();
            }
            // 其中 and 按…分 open parts; brackets with numbers in them do so too.
            let lead_head = place.lead.of(self.text);
            let tail_of_gap = gap
                .get((sentence.1.saturating_sub(place.gap.start) as usize).min(gap.len())..)
                .unwrap_or("");
            let names = &self.lexicon.names;
            let may_open = |span: Span| self.beginnings.within(span).has(WordGroup::Part);
            let opens = may_open(place.lead) && names.part.within(lead_head)
                || place.first && may_open(place.gap) && names.part.within(tail_of_gap);
            let clause_before = tail_of_gap
                .trim_end_matches(name::is_mark)
                .rsplit(name::is_mark)
                .next()
                .unwrap_or("");
            let divides = place.first && names.divides(clause_before);
            // 22项指标中，19项完成; 28个行业中有19个.
            let of_whole = match place.first {
                true => clause_before,
                // 高中19所 opens nothing.
                false => match name::strip_back(lead_head, self.lexicon) {
                    core if core.len() < lead_head.len() && core.chars().count() > 3 => core,
                    _ => "",
                },
            };
            let inside = names.inside.before(of_whole, of_whole.len()).is_some();
            self.tell_opening(opens, inside, divides, of_whole, [tail_of_gap, lead_head]);
            if opens || inside {
                let starts = place.first && sentence.1 >= place.gap.start;
                parts = Parts::open(
                    place.sentence,
                    starts,
                    place.first && gap.contains('；'),
                    self.out.len(),
                );
            } else if divides {
                parts.divide(place.sentence, self.out.len());
            }
            match (place.bracketed, bracket.is_some()) {
                (true, false) => {
                    let next = self.out.len();
                    let told = || ("（", "");
                    self.trace
                        .tell_of(next..next + 1, Rule::PartsInBrackets, told);
                    let inner = Parts::open(place.sentence, false, false, self.out.len());
                    bracket = Some(std::mem::replace(&mut parts, inner));
                }
                (false, true) => parts = bracket.take().unwrap_or_default(),
                _ => {}
            }
            let run = self.run(places, index);
            self.row(
                places.get(index..index + run).unwrap_or(&[]),
                memory,
                &mut parts,
                sentence.1,
            );
            index += run;
            self.scopes
                .pass(place.lead, found.sentence_ends(place.lead));
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
            // A figure left there is a piece of a misread percent sign: 9.7%6、15.3%.
            let lead = place
                .lead
                .of(self.text)
                .trim_start_matches(|c: char| c.is_ascii_digit());
            let joined = !place.first
                && lead
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

    /// The noun of the clause before, when that one has no number: X按可比价格计算，增长5%.
    fn aside(&self, place: &Place) -> Option<SmolStr> {
        let gap = place.gap.of(self.text).trim_end_matches(name::is_mark);
        let start = gap
            .rfind(['，', '。', '；', '：', '！', ','])
            .map_or(0, |i| {
                i + gap
                    .get(i..)
                    .and_then(|r| r.chars().next())
                    .map_or(1, char::len_utf8)
            });
        let clause = Span {
            start: place.gap.start + start as u32,
            end: place.gap.start + gap.len() as u32,
        };
        let text = clause.of(self.text);
        let names = &self.lexicon.names;
        let plain = name::plain(self.text, clause, self.times, self.lexicon);
        // 地区生产总值连跨两个台阶，增长5%.
        let end = names.breaks.first(&plain).map_or(plain.len(), |b| b.0);
        let found = name::before(plain.get(..end).unwrap_or(""), self.lexicon);
        let fits =
            !names.divides(text) && !found.is_empty() && found.chars().count() <= LONGEST_ASIDE;
        (place.first && fits).then_some(found)
    }

    /// Reads a row of quantities that share one lead.
    fn row(&mut self, places: &[Place], memory: &mut Memory, parts: &mut Parts, sentence: u32) {
        let Some(head) = places.first() else { return };
        let Some(quantity) = self.quantities.quantities.get(head.quantity) else {
            return;
        };
        let topic = self.topic.and_then(|t| self.out.get(t));
        let previous = memory.last();
        let earlier = self
            .earlier
            .filter(|&e| !head.first && e + 1 == self.out.len())
            .and_then(|e| self.out.get(e));
        let context = Context {
            text: self.text,
            times: self.times,
            lexicon: self.lexicon,
            of_plan: !head.first
                && previous
                    .and_then(|p| self.out.get(p.index))
                    .is_some_and(|x| x.status == Status::Target && x.measure == Measure::Level),
            after_noun: !head.first && self.behind,
            year: self.scopes.year_at(quantity.mention.start),
            topic: earlier.or(topic).map(|t| t.measure),
            topic_name: topic.map(|t| t.name.as_str()),
            groups: self.beginnings.within(head.lead),
            trace: self.trace,
        };
        self.trace
            .turn_to(self.out.len()..self.out.len() + places.len());
        self.tell_text(places);
        let mut reading = reading::read(quantity, head, &context);
        if let Some(rest) = self.without_doer(&reading.subject) {
            reading.subject = rest;
        }
        reading.subject = shortened(reading.subject);
        let n = places.len();
        let lead = head.lead.of(self.text);
        let respectively = context.groups.has(WordGroup::Respectively)
            && self.lexicon.names.respectively.within(lead);
        let (how, names) = list::split(&reading.subject, n, self.lexicon)
            .or_else(|| {
                let said = respectively && !reading.subject.is_empty();
                said.then(|| self.of_each(&reading.subject, places, memory, topic))?
            })
            .unzip();
        let said = memory.last().map_or(0, |s| s.sentence);
        let pairs: Option<Vec<(SmolStr, usize)>> =
            (names.is_none() && n > 1 && respectively && reading.subject.is_empty())
                .then(|| match reading.measure {
                    Measure::Rank => memory.last_alike(n, said.max(head.sentence)),
                    _ => memory.last_levels(n, said.max(head.sentence)),
                })
                .flatten()
                .map(|found| {
                    let name = |s: &Said| s.said_name(&self.out);
                    found.iter().map(|s| (name(s), s.index)).collect()
                });
        self.behind = reading.behind;
        let from = self.out.len();
        for (i, place) in places.iter().enumerate() {
            let subject = names.as_ref().and_then(|n: &Vec<SmolStr>| n.get(i));
            let subject = subject.unwrap_or(&reading.subject);
            let pair = pairs.as_ref().and_then(|p| p.get(i)).cloned();
            self.trace.turn_to(from + i..from + i + 1);
            let how = match how {
                Some(how) => how,
                None if reading.behind => Rule::NounBehind,
                None => Rule::NounBefore,
            };
            if !subject.is_empty() {
                self.trace
                    .tell(how, || (subject.as_str(), reading.subject.as_str()));
            }
            self.one(place, &reading, subject, pair, i, memory, parts, sentence);
        }
        self.shared_approximation(places, from, respectively);
        if n == 1 && reading.measure == Measure::Level && !reading.behind {
            self.total(head, from);
        }
        if names.is_some() && reading.measure == Measure::Level {
            self.last_row = Row {
                indices: (from..self.out.len()).collect(),
                head: common_ending(names.as_deref().unwrap_or(&[])).to_owned(),
                sentence: head.sentence,
            };
        }
    }

    /// `subject` said of as many things as there are numbers, which stand elsewhere.
    fn of_each(
        &self,
        subject: &str,
        places: &[Place],
        memory: &Memory,
        topic: Option<&Indicator>,
    ) -> Option<(Rule, Vec<SmolStr>)> {
        let names = &self.lexicon.names;
        let n = places.len();
        // 西瓜320亩、辣椒180亩，产值分别达到…: a head for each of the numbers just said.
        if n > 1
            && names.head.whole(subject) == Some(0)
            && let Some(found) = memory.last_levels(n, places.first()?.sentence)
        {
            let own = |s: &Said| {
                let name = s.name(&self.out);
                let stem = name::head(name, self.lexicon);
                let own = name.get(..name.len() - stem.len()).unwrap_or("");
                format_smolstr!("{own}{subject}")
            };
            return Some((Rule::HeadForEach, found.iter().map(own).collect()));
        }
        // 三次产业结构为…，贡献率分别为…: the topic says of what.
        let (_, _, index) = names.collective.first(&topic?.name)?;
        let parts = names.parts_of(index);
        (parts.len() == n && !names.collective.within(subject)).then(|| {
            let of = |part: &String| format_smolstr!("{part}{subject}");
            (Rule::PartsOfTopic, parts.iter().map(of).collect())
        })
    }

    /// `subject` without the page's own issuer or region at its front: 云墩镇新打机井.
    fn without_doer(&self, subject: &str) -> Option<SmolStr> {
        let rest = self
            .doers
            .iter()
            .flatten()
            .find_map(|doer| subject.strip_prefix(doer))?;
        let rest = name::before(rest, self.lexicon);
        (rest.chars().count() > 1).then_some(rest)
    }

    /// 310万吨和750万吨左右, 分别突破15亿元、14亿元: what is said behind a row, or before one that goes to
    /// several things, holds for all of it.
    fn shared_approximation(&mut self, places: &[Place], from: usize, respectively: bool) {
        let quantity =
            |p: Option<&Place>| p.and_then(|p| self.quantities.quantities.get(p.quantity));
        if places.len() < 2 {
            return;
        }
        let last = quantity(places.last()).filter(|q| q.around.end > q.mention.end);
        let first =
            quantity(places.first()).filter(|q| respectively && q.around.start < q.mention.start);
        let Some(said) = last.or(first) else {
            return;
        };
        let precision = said.precision;
        let words = if last.is_some() {
            Span {
                start: said.mention.end,
                end: said.around.end,
            }
        } else {
            Span {
                start: said.around.start,
                end: said.mention.start,
            }
        };
        for (i, x) in self.out.iter_mut().enumerate().skip(from) {
            if x.precision == Precision::Exact {
                x.precision = precision;
                self.trace.tell_of(i..i + 1, Rule::RowApproximated, || {
                    (why::code(precision), words.of(self.text))
                });
                if let Some(value) = x.value.filter(|_| precision != Precision::Range) {
                    (x.lower, x.upper) = bounds(value, precision, None);
                }
            }
        }
    }

    /// 合计42人 behind a row of the same unit: the row's numbers are its parts.
    fn total(&mut self, place: &Place, index: usize) {
        let lead = place.lead.of(self.text);
        let unit = |i: usize| self.out.get(i).map(|x| x.base_unit.as_str());
        let row = &self.last_row;
        let fits = row.sentence == place.sentence
            && !row.indices.is_empty()
            && said_total(lead, &self.lexicon.names.total).is_some()
            && row.indices.iter().all(|&i| unit(i) == unit(index));
        if !fits {
            return;
        }
        let row = std::mem::take(&mut self.last_row);
        for &part in &row.indices {
            if let Some(x) = self.out.get_mut(part) {
                x.of = Some(index);
                x.relation = Some(Relation::Part);
                self.trace
                    .tell_of(part..part + 1, Rule::TotalBehind, || (why::id(x.of), lead));
            }
        }
        if let Some(x) = self.out.get_mut(index) {
            x.of = None;
            x.relation = None;
            self.trace.tell(Rule::IsTotal, || ("", lead));
            if !row.head.is_empty() {
                // 四项合计: how many stays in the name.
                let several = said_total(lead, &self.lexicon.names.total).unwrap_or("");
                x.name = format_smolstr!("{several}{}", row.head);
                self.trace.tell(Rule::RowTotal, || (x.name.as_str(), ""));
                self.topic = Some(index);
            }
        }
    }

    /// Name and `of` of the number before, where one without a noun says more of the same: 从第8位升至
    /// 第5位, 贡献率40%，拉动2个百分点.
    fn goes_on(
        &self,
        place: &Place,
        measure: Measure,
        memory: &Memory,
    ) -> Option<(SmolStr, Option<usize>)> {
        let last = memory.last()?;
        let before = self.out.get(last.index)?;
        if before.measure != measure || last.sentence != place.sentence {
            return None;
        }
        let earlier = self.earlier == Some(last.index) && !place.first;
        match measure {
            // 所占比重由30%提升到32%.
            Measure::Rate | Measure::Share | Measure::Level if earlier => {
                let of = before.of.filter(|_| measure == Measure::Share);
                Some((before.name.clone(), of))
            }
            Measure::Rank if !place.first => Some((before.name.clone(), before.of)),
            Measure::Contribution => {
                let name = &before.name;
                let end = self
                    .lexicon
                    .names
                    .preposition
                    .first(name)
                    .map_or(name.len(), |p| p.0);
                Some((SmolStr::new(name.get(..end).unwrap_or(name)), before.of))
            }
            _ => None,
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
        subject: &SmolStr,
        pair: Option<(SmolStr, usize)>,
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
        let topic = self.topic.and_then(|t| Some((t, self.out.get(t)?)));
        let measure = reading.measure;
        // A change in points speaks of the rate or share just said, whatever the topic is.
        let rate = (!own && q.dimension == "points")
            .then(|| memory.last_rate(place.sentence))
            .flatten()
            .map(|s| (s.said_name(&self.out), s.index));
        let goes_on = (!own && pair.is_none())
            .then(|| self.goes_on(place, measure, memory))
            .flatten();
        let opener = || {
            let opener = self.opener.and_then(|i| self.out.get(i));
            opener.map_or_else(SmolStr::default, |x| x.name.clone())
        };
        let continued = goes_on.is_some();
        let paired = pair.is_some();
        let topical = topic.is_some();
        let rated = rate.is_some();
        let aside = (!own && !topical).then(|| self.aside(place)).flatten();
        let beside = aside.is_some();
        let (mut name, mut of) = match (pair.or(rate), topic) {
            _ if continued => goes_on.unwrap_or_default(),
            (Some((name, at)), _) => (name, Some(at)),
            (None, Some((at, topic))) if !own => (topic.name.clone(), Some(at)),
            (None, None) if !own => (aside.unwrap_or_else(opener), None),
            (None, _) => (subject.clone(), None),
        };
        if !own || continued || paired || rated {
            let (rule, of_rule) = match () {
                () if continued => (Rule::GoesOn, Rule::OfContinued),
                () if paired => (Rule::Respectively, Rule::OfPair),
                () if rated => (Rule::RateJustSaid, Rule::OfRate),
                () if topical => (Rule::Topic, Rule::OfTopic),
                () if beside => (Rule::ClauseBefore, Rule::OfTopic),
                () if name.is_empty() => (Rule::Nameless, Rule::OfTopic),
                () => (Rule::Opener, Rule::OfTopic),
            };
            self.trace.tell(rule, || (name.as_str(), ""));
            if of.is_some() && relation::relation(measure).is_some() {
                self.trace.tell(of_rule, || (why::id(of), ""));
            }
        }
        if !own && measure == Measure::Level {
            // 新增公园12座，累计达到300座.
            let rest = without_fresh(&name, lexicon);
            if rest.len() < name.len() {
                name = self.renamed(Rule::WithoutNew, &name, SmolStr::new(rest));
            }
        }
        let mut relation_to = relation::relation(measure);
        // 增速, 总量: a noun that needs the topic's name.
        let grand = names.grand.whole(subject).is_some();
        let vague = names.generic.whole(subject).is_some();
        if vague && let Some((at, topic)) = topic {
            let whole = topic
                .of
                .filter(|_| grand && topic.relation == Some(Relation::Part));
            let topic = whole.and_then(|w| self.out.get(w)).unwrap_or(topic);
            name = self.renamed(Rule::NounOfTopic, &name, generic(subject, topic, lexicon));
            of = relation_to.map(|_| at);
            self.trace
                .tell(Rule::OfTopic, || (why::id(of), subject.as_str()));
        }
        // 水稻播种面积18万亩，总产7万吨: another head of the same thing.
        if !vague
            && names.yields.whole(subject).is_some()
            && names.total.at(place.lead.of(self.text), 0).is_none()
            && let Some((_, topic)) = &topic
            && matches!(topic.measure, Measure::Level | Measure::Growth)
            && let Some((stem, _)) = names.yields.before(&topic.name, topic.name.len())
            && stem > 0
        {
            let whole = format_smolstr!("{}{subject}", topic.name.get(..stem).unwrap_or(""));
            name = self.renamed(Rule::HeadOfTopic, &name, whole);
        }
        // 人均追回工资; 受理线索153件，办结151件: what is said of the topic in a word.
        if let Some((_, topic)) = &topic
            && (names.per.whole(subject).is_some()
                || names.act.whole(subject).is_some()
                    && topic.base_unit == q.base_unit
                    && names.per.at(&topic.name, 0).is_none())
        {
            let whole = format_smolstr!("{subject}{}", without_fresh(&topic.name, lexicon));
            name = self.renamed(Rule::WordOnTopic, &name, whole);
        }
        if let Some(growth) = self.growth
            && (measure == Measure::Change && reading.basis == Some(Basis::Peer)
                || measure == Measure::Rank
                    && own
                    && of.is_some()
                    && names.of_growth.whole(subject).is_some())
            && of.is_some()
        {
            of = Some(growth);
            self.trace
                .tell(Rule::OfGrowth, || (why::id(of), subject.as_str()));
        }
        if own && of.is_none() && relation_to.is_some() {
            of = memory
                .named(&name, &self.out)
                .or_else(|| {
                    (measure == Measure::Contribution).then(|| {
                        let holder = lexicon
                            .names
                            .collective_part(&name)
                            .unwrap_or(name.as_str());
                        memory.starting(holder, &self.out)
                    })?
                })
                .map(|s| s.index);
            let same = of
                .and_then(|o| self.out.get(o))
                .is_some_and(|x| x.name == name);
            let rule = if same {
                Rule::OfSameName
            } else {
                Rule::OfHolder
            };
            if of.is_some() {
                self.trace.tell(rule, || (why::id(of), name.as_str()));
            }
        }
        let mut part = false;
        parts.see(measure, own);
        if measure == Measure::Level {
            of = None;
            relation_to = None;
            let acts = names.act.at(subject, 0).is_some();
            parts.meet(acts, place);
            if !vague && let Some(whole) = self.whole(place, &mut name, own, memory, parts) {
                of = Some(whole);
                relation_to = Some(Relation::Part);
                part = true;
            }
            if part
                && own
                && let Some(whole) = of.and_then(|o| self.out.get(o))
            {
                let head = head_of_whole(&name, &whole.name, lexicon);
                if !head.is_empty() {
                    let full = format_smolstr!("{name}{head}");
                    name = self.renamed(Rule::HeadOfWhole, &name, full);
                }
            }
            if own
                && !reading.behind
                && !vague
                && let Some(full) = self.carried(&name, reading, place, memory, q)
            {
                name = self.renamed(Rule::Carried, &name, full);
            }
            if !part {
                self.trace.tell(Rule::SpeaksOfNothing, || ("", ""));
            }
        } else if of.is_some_and(|o| {
            self.out.get(o).is_some_and(|x| {
                // 增长5倍、从第13位升至第5位: places of the thing, not of its growth.
                let moved = names.from.within(place.lead.of(self.text)) || continued;
                let growth = x.measure == Measure::Growth
                    && (measure == Measure::Rank && !moved || reading.basis == Some(Basis::Peer));
                !relation::can_be_spoken_of(x.measure) && !growth
            })
        }) {
            of = None;
            self.trace.tell(Rule::NotSpokenOf, || ("", ""));
        }
        // 由4.8%降至1.2%: the second value of a share is no share of the first.
        if measure == Measure::Share
            && let Some(first) = of.and_then(|o| self.out.get(o))
            && first.measure == Measure::Share
        {
            of = first.of;
            self.trace.tell(Rule::ShareOfFirst, || (why::id(of), ""));
        }
        if measure == Measure::Rate || measure == Measure::Ratio {
            of = None;
            self.trace.tell(Rule::SpeaksOfNothing, || ("", ""));
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
            self.trace.tell(Rule::NotSpokenOf, || ("", ""));
        }
        let period = self.scopes.period_of(
            q.mention.start,
            (place.lead, place.tail),
            place.clause,
            sentence,
            reading.earlier && in_row == 0,
        );
        let status = if reading.planned {
            self.trace
                .tell(Rule::Planned, || (why::code(Status::Target), ""));
            Status::Target
        } else {
            self.scopes
                .status_of(q.mention.start, place.clause, period.as_ref())
        };
        // 五年来增长5%: over all of them.
        let several = period
            .as_ref()
            .is_some_and(|p| p.days.start.year() < p.days.end.year());
        let basis = match measure {
            Measure::Growth | Measure::Change => Some(reading.basis.unwrap_or_else(|| {
                // 比年初增加11亿元，增长9%: the second number has the first one's basis.
                memory
                    .last()
                    .and_then(|s| self.out.get(s.index))
                    .filter(|x| !own && x.measure == Measure::Change && x.basis == Some(Basis::Ytd))
                    .and_then(|x| x.basis)
                    .unwrap_or(if several { Basis::Since } else { Basis::Yoy })
            })),
            _ => None,
        };
        if let Some(basis) = basis.filter(|_| reading.basis.is_none()) {
            let rule = match basis {
                Basis::Ytd => Rule::BasisJustSaid,
                Basis::Since => Rule::SinceSeveral,
                _ => Rule::YoyDefault,
            };
            self.trace.tell(rule, || (why::code(basis), ""));
        }
        let precision = match (q.precision, reading.approximate) {
            (Precision::Exact, Some(said)) => said,
            (said, _) => said,
        };
        if precision != q.precision {
            self.trace
                .tell(Rule::HolderApproximated, || (why::code(precision), ""));
        }
        let down = reading.down && q.value != Some(Decimal::ZERO);
        let sign = |d: Option<Decimal>| d.map(|d| if down { -d } else { d });
        let said = match q.value {
            Some(value) if precision != q.precision => bounds(value, precision, None),
            _ => (q.lower, q.upper),
        };
        let (lower, upper) = match down {
            true => (sign(said.1), sign(said.0)),
            false => said,
        };
        if part {
            parts.add(q, &self.out);
        }
        let topic = topic.map(|(at, topic)| (at, topic.measure));
        self.out.push(Indicator {
            section: self.sections.at(q.mention.start as usize),
            name,
            concept: None, // once all of the page are known
            measure,
            value: sign(q.value),
            unit: SmolStr::new(&q.unit),
            base_value: sign(q.base_value),
            base_unit: SmolStr::new(&q.base_unit),
            components: q.components.as_deref().map(Box::from),
            precision,
            lower,
            upper,
            basis,
            period,
            status,
            of,
            relation: relation_to,
            mention: q.mention,
            quote: quote(self.text, place.clause, q.mention),
        });
        memory.say(Said {
            index,
            measure,
            sentence: place.sentence,
            part,
            own: own && !reading.planned,
        });
        // 地区生产总值增长9%，总量突破110亿元; 里程翻一番，达到386公里: the level comes behind its
        // growth.
        if (grand || !own && at_once(self.topic, index))
            && measure == Measure::Level
            && let Some((at, topic)) = topic
            && let Some(relation @ (Relation::Growth | Relation::Multiple)) =
                relation::relation(topic)
            && let Some(x) = self.out.get_mut(at)
            && x.of.is_none()
        {
            x.of = Some(index);
            x.relation = Some(relation);
            self.trace
                .tell_of(at..at + 1, Rule::LevelBehind, || (why::id(x.of), ""));
            self.topic = Some(index);
        } else if grand && measure == Measure::Level {
            self.topic = Some(index);
        }
        if own && self.opener.is_none() {
            self.opener = Some(index);
        }
        if measure == Measure::Growth && self.growth.is_none() && !own {
            self.growth = Some(index);
        }
        let speaks = !matches!(measure, Measure::Rank | Measure::Contribution);
        // 由A增加到B，年均增长C: what follows speaks of B.
        let later = self.earlier == Some(index.wrapping_sub(1)) && !reading.earlier;
        if reading.earlier {
            self.earlier = Some(index);
        }
        if later
            && !own
            && relation::can_be_spoken_of(measure)
            && self.topic == index.checked_sub(1)
        {
            self.topic = Some(index);
        }
        if (own || beside) && speaks && !vague && !reading.planned {
            self.topic = Some(index);
            self.growth = (measure == Measure::Growth).then_some(index);
        }
    }
}

impl Grammar<'_> {
    /// Tells what the clause has beside the first number of a row.
    fn tell_text(&self, places: &[Place]) {
        let Some(head) = places.first() else { return };
        let of = |span: Span| span.of(self.text);
        self.trace.tell(Rule::TextBefore, || (of(head.lead), ""));
        self.trace.tell(Rule::TextBehind, || (of(head.tail), ""));
        if places.len() > 1 {
            self.trace
                .tell(Rule::Row, || (format!("{} numbers", places.len()), ""));
        }
    }

    /// Tells the number to come what opens parts before it, and by which words.
    fn tell_opening(
        &self,
        opens: bool,
        inside: bool,
        divides: bool,
        whole: &str,
        before: [&str; 2],
    ) {
        let names = &self.lexicon.names;
        let next = self.out.len()..self.out.len() + 1;
        let word = || {
            let found = |s: &str| {
                names
                    .part
                    .first(s)
                    .and_then(|f| s.get(f.0..f.1))
                    .map(str::to_owned)
            };
            before.into_iter().rev().find_map(found).unwrap_or_default()
        };
        if opens {
            self.trace.tell_of(next, Rule::PartsOpen, || (word(), ""));
        } else if inside {
            self.trace.tell_of(next, Rule::PartsInside, || (whole, ""));
        } else if divides {
            let [clause, _] = before;
            self.trace
                .tell_of(next, Rule::PartsDivided, || (clause, ""));
        }
    }

    /// `new`, and tells that `rule` made it where it is another than `name`.
    fn renamed(&self, rule: Rule, name: &str, new: SmolStr) -> SmolStr {
        let new = shortened(new);
        if new != name {
            self.trace.tell(rule, || (new.as_str(), name));
        }
        new
    }
}

/// `name`, or its end where it is too long to be one.
fn shortened(name: SmolStr) -> SmolStr {
    match name.len().checked_sub(LONGEST_NAME) {
        Some(over @ 1..) => {
            let end = name.get(name.ceil_char_boundary(over)..);
            SmolStr::new(end.unwrap_or_default())
        }
        _ => name,
    }
}

/// How many a total at the start of `lead` is of: 四项 of 四项合计, nothing of 合计.
fn said_total<'a>(lead: &'a str, total: &crate::lexicon::Forms) -> Option<&'a str> {
    let (at, _, _) = total.first(lead)?;
    let several = lead.get(..at)?;
    (several.chars().count() <= 3).then_some(several)
}

/// True when the topic was said right before.
fn at_once(topic: Option<usize>, index: usize) -> bool {
    topic.is_some_and(|t| t + 1 == index)
}

/// The name of what a generic noun says of the topic: 总量 of 茶园.
fn generic(noun: &str, topic: &Indicator, lexicon: &Lexicon) -> SmolStr {
    let head = name::head(&topic.name, lexicon);
    if lexicon.names.head.whole(noun).is_some() && head.chars().count() >= noun.chars().count() {
        // 收入增长2%、支出超过70亿元: the one takes the place of the other.
        let keep: usize = topic
            .name
            .char_indices()
            .rev()
            .nth(noun.chars().count().saturating_sub(1))
            .map_or(0, |c| c.0);
        return format_smolstr!("{}{noun}", topic.name.get(..keep).unwrap_or(""));
    }
    format_smolstr!("{}{noun}", without_fresh(&topic.name, lexicon))
}

impl Grammar<'_> {
    /// The name with what the list says once, none where it says nothing: 新增 of 新增企业, 增加值 of
    /// 第一产业增加值.
    fn carried(
        &self,
        name: &str,
        reading: &Reading,
        place: &Place,
        memory: &Memory,
        q: &Quantity,
    ) -> Option<SmolStr> {
        let names = &self.lexicon.names;
        let last = memory.last()?;
        if last.sentence != place.sentence || last.measure != Measure::Level {
            // 第一产业增加值…，增长4%；第二产业…: the level before the growth.
            let level = memory.level_of_unit(&q.base_unit, &self.out)?;
            let near = level.sentence == place.sentence;
            return near.then(|| with_head(name, level.name(&self.out), self.lexicon))?;
        }
        let (before, alike) = (last.name(&self.out), last.unit(&self.out) == q.base_unit);
        if let Some((end, _)) = names.fresh.at(before, 0)
            && (alike || !place.first)
            && !place.bracketed
            && !reading.stated
            && names.fresh.at(name, 0).is_none()
            && names.act.at(name, 0).is_none()
            && name::head(name, self.lexicon).is_empty()
            && end < before.len()
        {
            let verb = before.get(..end).unwrap_or("");
            return Some(format_smolstr!("{verb}{name}"));
        }
        alike.then(|| with_head(name, before, self.lexicon))?
    }
}

/// What all names end with.
fn common_ending(names: &[SmolStr]) -> &str {
    let Some((first, others)) = names.split_first() else {
        return "";
    };
    let mut start = first.len();
    for (at, _) in first.char_indices().rev() {
        let ending = first.get(at..).unwrap_or("");
        if !others.iter().all(|n| n.ends_with(ending)) {
            break;
        }
        start = at;
    }
    first.get(start..).unwrap_or("")
}

/// The name without the verb that says that it is new.
fn without_fresh<'a>(name: &'a str, lexicon: &Lexicon) -> &'a str {
    let names = &lexicon.names;
    let verb = names.fresh.at(name, 0).or_else(|| names.act.at(name, 0));
    match verb.and_then(|(end, _)| name.get(end..)) {
        Some(rest) if rest.chars().count() > 1 => rest,
        _ => name,
    }
}

/// The head that a part takes over from its whole: 总产量 for 小麦 of 粮食总产量, else nothing.
fn head_of_whole<'w>(name: &str, whole: &'w str, lexicon: &Lexicon) -> &'w str {
    let head = name::head(whole, lexicon);
    if head.is_empty()
        || head == whole
        || !name::head(name, lexicon).is_empty()
        || lexicon.names.head.whole(name).is_some()
    {
        return "";
    }
    head
}

/// `name` with the head of the name `before`, when it lacks one and is called alike.
fn with_head(name: &str, before: &str, lexicon: &Lexicon) -> Option<SmolStr> {
    let head = name::head(before, lexicon);
    let own = before.get(..before.len() - head.len()).unwrap_or("");
    let alike =
        own.chars().next_back().is_some() && own.chars().next_back() == name.chars().next_back();
    let fits = !head.is_empty() && alike && name::head(name, lexicon).is_empty();
    fits.then(|| format_smolstr!("{name}{head}"))
}

/// Quotes longer than this many bytes are cut around their number, so that a clause that is one
/// endless list does not go whole into each of its numbers.
const LONGEST_QUOTE: usize = 720;

/// The clause around `mention` without the blanks around it.
fn quote(text: &str, clause: Span, mention: Span) -> Span {
    let mut span = clause;
    if clause.len() > LONGEST_QUOTE {
        let from = (mention.start as usize).saturating_sub(LONGEST_QUOTE / 2);
        let to = (mention.end as usize + LONGEST_QUOTE / 2).min(text.len());
        span = Span::new(
            text.floor_char_boundary(from).max(clause.start as usize),
            text.floor_char_boundary(to)
                .min(clause.end as usize)
                .max(mention.end as usize),
        );
    }
    let s = span.of(text);
    let start = span.start as usize + (s.len() - s.trim_start().len());
    Span::new(start, start + s.trim().len())
}

#[cfg(test)]
mod tests {
    use super::LONGEST_NAME;
    use crate::Extractor;

    #[test]
    fn names_do_not_grow_without_end() {
        let again = |once: &str| once.repeat(400);
        for page in [
            format!("茶园1元，{}", again("人均2元，")),
            format!("茶园1元，{}", again("总量3元，")),
            format!("{}有茶园4亩{}", again("甲乙丙丁"), again("，增长5%")),
            format!("现有6个{}{}", again("甲乙丙丁"), again("，增长5%")),
        ] {
            let record = Extractor::new().extract("a.txt", page.as_bytes()).unwrap();
            assert!(record.indicators.len() > 400);
            let longest = record.indicators.iter().map(|x| x.name.len()).max();
            assert!(longest <= Some(LONGEST_NAME), "{longest:?}");
        }
    }
}
