//! The results of the stages and the decisions told on the way → why a number of the page is what
//! it is, or why it is none. Decides nothing itself.

use serde::Serialize;

use crate::base::Span;
use crate::decode::Page;
use crate::indicators::Indicators;
use crate::indicators::why::{Field, Rule, Step};
use crate::lexicon::entries::Entry;
use crate::lexicon::{Forms, Lexicon};
use crate::normalize::{Clean, is_blank, width};
use crate::quantities::{Kind, Left, Quantities, Quantity, Time, Year, reason};
use crate::record::{self, Precision, Record, Source};
use crate::sections::Sections;

/// Of a text that occurs more often only so many places are explained.
pub const MOST_PLACES: usize = 10;
/// How many characters a sentence may go on on each side of a number.
const LONGEST_SIDE: usize = 400;
/// How many characters of a sentence are shown on each side of a number.
const MOST_AROUND: usize = 60;
/// How many characters of what lies between two pieces of a number are shown.
const MOST_BETWEEN: usize = 40;
/// How many numbers of the sentence are named where the text asked for has none.
const MOST_NAMED: usize = 3;

/// Tables of the words that make a measure.
const MEASURE_TABLES: [&str; 8] = [
    "changes.change",
    "changes.peer",
    "changes.contribution",
    "changes.share_verb",
    "changes.share_noun",
    "changes.growth_noun",
    "changes.rate_noun",
    "changes.plan",
];
/// Tables of the words that make a basis.
const BASIS_TABLES: [&str; 4] = [
    "changes.basis",
    "changes.versus",
    "changes.peer",
    "changes.plan",
];

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// A piece of clean text, or of the page as printed; blanks and line breaks do not count.
    Text(String),
    /// A line of the file, from 1.
    Line(u32),
    /// Every number of the page.
    Whole,
}

/// Why the numbers of the places asked for are what they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// Name of the page.
    pub file: String,
    /// The places, in reading order; none when what was asked for is not on the page.
    pub places: Vec<Place>,
    /// How many more places there are.
    pub left_out: usize,
}

/// One place of what was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The clean text there; empty outside of it.
    pub text: String,
    /// Where it came from.
    pub source: Source,
    /// What overlaps it, in reading order.
    pub numbers: Vec<Number>,
    /// What there is to say where nothing overlaps it.
    pub note: Option<String>,
}

/// What a number, or what looks like one, was taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// An indicator.
    Taken,
    /// Nothing, with a reason.
    Left,
    /// A time.
    Time,
}

/// A number, and how it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Number {
    /// What became of it.
    pub outcome: Outcome,
    /// As the clean text has it.
    pub text: String,
    /// Id of the indicator; null for what is none.
    pub indicator: Option<String>,
    /// The sentence before it, cut where it is long.
    pub before: String,
    /// The sentence behind it, likewise.
    pub behind: String,
    /// Where it came from.
    pub source: Source,
    /// How it came about, in the order of the stages.
    pub steps: Vec<Told>,
}

/// One decision, or one thing that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Told {
    /// The stage: `normalize`, `sections`, `quantities`, `indicators`, `reconcile`.
    pub stage: &'static str,
    /// What it is about: `unit`, `measure`, `name`, …
    pub field: &'static str,
    /// What it is behind this step.
    pub value: String,
    /// The rule or the reason, kebab-case, of `docs/rules.md`; null for what was merely read.
    pub rule: Option<String>,
    /// In a sentence without its full stop.
    pub says: String,
    /// The words of the page that made it; empty where none did.
    pub words: String,
    /// The entry of the lexicon that knows the words: `lexicon/units.toml:12`.
    pub entry: Option<String>,
}

const INSIDE: &str = "a verb of realisation in the middle is no part of the name";

/// Words of one table that are cut off names: the forms, the table, and what is said of them.
type Group<'a> = (&'a Forms, &'static str, &'static str);

/// A page behind all stages.
pub(crate) struct Known<'a> {
    pub page: &'a Page<'a>,
    pub clean: &'a Clean,
    pub sections: &'a Sections,
    pub quantities: &'a Quantities,
    pub indicators: &'a Indicators,
    pub record: &'a Record,
    /// What was told of each indicator.
    pub steps: &'a [Vec<Step>],
    pub lexicon: &'a Lexicon,
    /// The entries of the lexicon with their places.
    pub entries: &'a [Entry],
}

/// Explains what is asked for.
pub(crate) fn explain(known: &Known<'_>, asked: &Asked) -> Explanation {
    let (spans, outside) = match asked {
        Asked::Text(text) => known.find(text),
        Asked::Line(number) => known.line(*number),
        Asked::Whole => {
            let paragraphs = known.clean.paragraphs.iter().map(|p| p.span);
            (paragraphs.collect(), Vec::new())
        }
    };
    let most = match asked {
        Asked::Text(_) => MOST_PLACES,
        Asked::Line(_) | Asked::Whole => usize::MAX,
    };
    let from = crate::assemble::Provenance::new(known.page, known.clean);
    let found = spans.len() + outside.len();
    let mut places: Vec<Place> = spans
        .iter()
        .take(most)
        .map(|&span| known.place(span, &from))
        .collect();
    let rest = most - places.len();
    places.extend(outside.iter().take(rest).map(|&span| Place {
        text: String::new(),
        source: from.of_page(&[span]),
        numbers: Vec::new(),
        note: Some(known.outside(span)),
    }));
    Explanation {
        file: known.page.file().name.clone(),
        left_out: found - places.len(),
        places,
    }
}

/// The characters of a text that are no blanks, folded, and where each stands.
struct Ink {
    text: String,
    /// Start in `text`, and span in the text that it is of.
    at: Vec<(usize, Span)>,
}

impl Ink {
    fn new(of: &str, lexicon: &Lexicon) -> Self {
        let mut ink = Self {
            text: String::with_capacity(of.len()),
            at: Vec::new(),
        };
        for (i, c) in of.char_indices().filter(|(_, c)| !is_blank(*c)) {
            let span = Span::new(i, i + c.len_utf8());
            ink.at.push((ink.text.len(), span));
            ink.text.push(width::fold(c, lexicon).unwrap_or(c));
        }
        ink
    }

    /// Where `wanted` occurs, in the text that this is of.
    fn find(&self, wanted: &str) -> Vec<Span> {
        let mut found = Vec::new();
        if wanted.is_empty() {
            return found;
        }
        for (start, piece) in self.text.match_indices(wanted) {
            let first = self.at.partition_point(|a| a.0 < start);
            let last = self.at.partition_point(|a| a.0 < start + piece.len());
            let first = self.at.get(first);
            let last = last.checked_sub(1).and_then(|i| self.at.get(i));
            if let Some((first, last)) = first.zip(last) {
                found.push(Span {
                    start: first.1.start,
                    end: last.1.end,
                });
            }
        }
        found
    }
}

impl Known<'_> {
    fn text(&self) -> &str {
        self.quantities
            .folded
            .as_deref()
            .unwrap_or(&self.clean.text)
    }

    /// Where `wanted` stands in the clean text, and where on the page outside of it.
    fn find(&self, wanted: &str) -> (Vec<Span>, Vec<Span>) {
        let folded = self.lexicon.variants.fold(wanted);
        let clean = Ink::new(&folded, self.lexicon).text;
        let found = Ink::new(self.text(), self.lexicon).find(&clean);
        if !found.is_empty() {
            return (found, Vec::new());
        }
        let printed = Ink::new(wanted, self.lexicon).text;
        let found = Ink::new(&self.page.text, self.lexicon).find(&printed);
        self.of_page(found)
    }

    fn line(&self, number: u32) -> (Vec<Span>, Vec<Span>) {
        let lines = self.page.lines.iter().filter(|l| l.number == number);
        self.of_page(lines.map(|l| l.span).collect())
    }

    /// Spans of the page as spans of the clean text, and those that nothing of it was made from.
    fn of_page(&self, spans: Vec<Span>) -> (Vec<Span>, Vec<Span>) {
        if spans.is_empty() {
            return (Vec::new(), Vec::new());
        }
        // For every character of the clean text what of the page it was made from, by the page.
        let mut made: Vec<(Span, Span)> = Vec::new();
        for (i, c) in self.clean.text.char_indices() {
            let span = Span::new(i, i + c.len_utf8());
            made.extend(self.clean.map.page_spans(span).iter().map(|&p| (p, span)));
        }
        made.sort_unstable();
        let longest = made.iter().map(|m| m.0.len()).max().unwrap_or(0) as u32;
        let mut inside = Vec::new();
        let mut outside = Vec::new();
        for printed in spans {
            let lowest = printed.start.saturating_sub(longest);
            let first = made.partition_point(|m| m.0.start < lowest);
            let mut own: Vec<Span> = made
                .iter()
                .skip(first)
                .take_while(|m| m.0.start < printed.end)
                .filter(|m| m.0.overlaps(printed))
                .map(|m| m.1)
                .collect();
            own.sort_unstable();
            // Of several columns a line may come into the text in several pieces.
            let mut pieces: Vec<Span> = Vec::new();
            for span in own {
                match pieces.last_mut() {
                    Some(last) if last.end + 1 >= span.start => last.end = span.end,
                    _ => pieces.push(span),
                }
            }
            if pieces.is_empty() {
                outside.push(printed);
            }
            inside.extend(pieces);
        }
        (inside, outside)
    }

    /// What is said of a place that is no part of the clean text.
    fn outside(&self, span: Span) -> String {
        let furniture = self.clean.furniture.iter().find(|f| f.span.overlaps(span));
        if let Some(furniture) = furniture {
            return format!(
                "it is furniture of the page ({}) and no part of the text; nothing is read of it",
                furniture.kind
            );
        }
        if self.clean.jumps.iter().any(|j| j.span.overlaps(span)) {
            return "it is a jump line and no part of the text".to_owned();
        }
        "nothing of the text was made from it".to_owned()
    }

    fn place(&self, span: Span, from: &crate::assemble::Provenance<'_>) -> Place {
        let mut numbers: Vec<(Span, Number)> = Vec::new();
        for (i, q) in self.quantities.quantities.iter().enumerate() {
            if q.around.overlaps(span) {
                numbers.push((q.mention, self.taken(i, q, from)));
            }
        }
        for left in &self.quantities.left {
            if left.span.overlaps(span) {
                numbers.push((left.span, self.left(left, from)));
            }
        }
        for time in &self.quantities.times {
            if time.span.overlaps(span) {
                numbers.push((time.span, self.time(time, from)));
            }
        }
        numbers.sort_by_key(|n| n.0);
        let note = numbers.is_empty().then(|| self.nothing(span));
        Place {
            text: span.of(&self.clean.text).to_owned(),
            source: from.of_clean(span),
            numbers: numbers.into_iter().map(|n| n.1).collect(),
            note,
        }
    }

    /// What is said where no number is; names those of the sentence.
    fn nothing(&self, span: Span) -> String {
        let sentence = self.sentence(span);
        let near: Vec<&str> = self
            .quantities
            .quantities
            .iter()
            .map(|q| q.mention)
            .chain(self.quantities.left.iter().map(|l| l.span))
            .filter(|m| self.label_around(*m).is_none())
            .filter(|m| sentence.contains(*m))
            .take(MOST_NAMED)
            .map(|m| m.of(&self.clean.text))
            .collect();
        match near.as_slice() {
            [] => "no number stands here, nor in the sentence around it".to_owned(),
            near => format!(
                "no number stands here; the sentence has {}: ask for one of them",
                near.join(", ")
            ),
        }
    }

    /// The sentence around `span`, within its paragraph.
    fn sentence(&self, span: Span) -> Span {
        let ends = ['。', '！', '？', '!', '?', '\n'];
        let head = self.clean.text.get(..span.start as usize).unwrap_or("");
        let mut start = head.len();
        for (i, c) in head.char_indices().rev().take(LONGEST_SIDE) {
            if ends.contains(&c) {
                break;
            }
            start = i;
        }
        let tail = self.clean.text.get(span.end as usize..).unwrap_or("");
        let mut end = 0;
        for (i, c) in tail.char_indices().take(LONGEST_SIDE) {
            if c != '\n' {
                end = i + c.len_utf8();
            }
            if ends.contains(&c) {
                break;
            }
        }
        Span::new(start, span.end as usize + end)
    }

    fn number(
        &self,
        span: Span,
        outcome: Outcome,
        indicator: Option<String>,
        from: &crate::assemble::Provenance<'_>,
        steps: Vec<Told>,
    ) -> Number {
        let sentence = self.sentence(span);
        let piece = |from: u32, to: u32| {
            let span = Span {
                start: from,
                end: to.max(from),
            };
            span.of(&self.clean.text)
        };
        let before = piece(sentence.start, span.start);
        let behind = piece(span.end, sentence.end);
        let (longer, shorter) = (before.chars().count(), behind.chars().count());
        let mut shown_before: String = before
            .chars()
            .skip(longer.saturating_sub(MOST_AROUND))
            .collect();
        let mut shown_behind: String = behind.chars().take(MOST_AROUND).collect();
        if longer > MOST_AROUND {
            shown_before.insert(0, '…');
        }
        if shorter > MOST_AROUND {
            shown_behind.push('…');
        }
        let mut all = self.normalized(span);
        all.extend(steps);
        Number {
            outcome,
            text: span.of(&self.clean.text).to_owned(),
            indicator,
            before: shown_before,
            behind: shown_behind,
            source: from.of_clean(span),
            steps: all,
        }
    }

    /// Repairs of it, and what was taken out of the middle of it.
    fn normalized(&self, span: Span) -> Vec<Told> {
        let mut out = Vec::new();
        for repair in self.clean.repairs.iter().filter(|r| r.span.overlaps(span)) {
            out.push(Told {
                rule: Some(repair.why.to_owned()),
                words: repair.from.clone(),
                ..told(
                    "normalize",
                    "repair",
                    repair.span.of(&self.clean.text),
                    "the page has other characters there, of which this is the one reading left",
                )
            });
        }
        let pieces = self.clean.map.page_spans(span);
        for (before, after) in pieces.iter().zip(pieces.iter().skip(1)) {
            let (start, end) = (before.end.min(after.start), before.end.max(after.start));
            let between = Span { start, end };
            let gap = between.of(&self.page.text);
            let ink: String = gap.chars().filter(|&c| !is_blank(c)).collect();
            if ink.is_empty() {
                let (value, says) = if gap.contains(['\n', '\r']) {
                    (
                        "line break",
                        "the number goes on in the next line and was joined",
                    )
                } else {
                    ("blank", "a blank inside the number was dropped")
                };
                out.push(told("normalize", "joined", value, says));
                continue;
            }
            let kind = self
                .clean
                .furniture
                .iter()
                .find(|f| f.span.overlaps(between));
            let jump = self.clean.jumps.iter().any(|j| j.span.overlaps(between));
            let value = match kind {
                Some(furniture) => furniture.kind.as_str(),
                None if jump => "jump",
                None => "other lines",
            };
            let mut words: String = ink.chars().take(MOST_BETWEEN).collect();
            if words.len() < ink.len() {
                words.push('…');
            }
            out.push(Told {
                words,
                ..told(
                    "normalize",
                    "taken out",
                    value,
                    "what the page has in the middle of the number is no part of it",
                )
            });
        }
        out
    }

    /// The entry of a table beginning with `table` that has the form `word`.
    fn entry(&self, table: &str, word: &str) -> Option<String> {
        let word = self.lexicon.variants.fold(word);
        self.entries
            .iter()
            .filter(|e| e.table.starts_with(table))
            .find(|e| {
                e.forms.iter().any(|f| *f == word) || e.unit.as_deref() == Some(word.as_ref())
            })
            .map(|e| format!("{}:{}", e.file, e.line))
    }

    /// The entry whose longest form stands in `words`.
    fn entry_within(&self, tables: &[&str], words: &str) -> Option<String> {
        let words = self.lexicon.variants.fold(words);
        self.entries
            .iter()
            .filter(|e| tables.iter().any(|t| e.table.starts_with(t)))
            .flat_map(|e| e.forms.iter().map(move |f| (f, e)))
            .filter(|(form, _)| !form.is_empty() && words.contains(form.as_str()))
            .max_by_key(|(form, e)| (form.len(), std::cmp::Reverse(e.line)))
            .map(|(_, e)| format!("{}:{}", e.file, e.line))
    }

    /// The label of a section that `span` is in.
    fn label_around(&self, span: Span) -> Option<Span> {
        let mut labels = self.sections.sections.iter().map(|s| s.label);
        labels.find(|l| l.contains(span))
    }

    fn left(&self, left: &Left, from: &crate::assemble::Provenance<'_>) -> Number {
        let word = left.cause.and_then(|c| c.word);
        let words = word.map_or("", |w| w.of(&self.clean.text));
        let entry = left.cause.and_then(|cause| match cause.word {
            Some(_) => self.entry(cause.table, words),
            None => self
                .entries
                .iter()
                .find(|e| e.table == cause.table)
                .map(|e| format!("{}:{}", e.file, e.line)),
        });
        let says = reason::says(&left.reason)
            .unwrap_or("a word of a lexicon of your own says that it is no quantity");
        let mut steps = Vec::new();
        if let Some(label) = self.label_around(left.span) {
            let says = "it is the label of a section, or part of it";
            steps.push(told("sections", "label", label.of(&self.clean.text), says));
        }
        let step = Told {
            rule: Some(left.reason.clone()),
            words: words.to_owned(),
            entry,
            ..told("quantities", "left", "no indicator", says)
        };
        steps.push(step);
        self.number(left.span, Outcome::Left, None, from, steps)
    }

    fn time(&self, time: &Time, from: &crate::assemble::Provenance<'_>) -> Number {
        let words = time.span.of(&self.clean.text);
        let mut steps = vec![told(
            "quantities",
            "time",
            words,
            "a date or a word of time; it becomes the period of numbers and is none itself",
        )];
        if time.compared {
            let says = "it is what something is measured against and no period of a number";
            steps.push(told("quantities", "use", "compared", says));
        }
        if time.named {
            let says = "it is part of a name and no period of a number";
            steps.push(told("quantities", "use", "named", says));
        }
        let sentence = self.sentence(time.span);
        let of = self
            .indicators
            .indicators
            .iter()
            .zip(&self.record.indicators);
        let users: Vec<&record::Indicator> = of
            .filter(|(x, _)| sentence.contains(x.mention))
            .map(|(_, r)| r)
            .filter(|r| r.period.as_ref().and_then(|p| p.text.as_deref()) == Some(words))
            .collect();
        if let Some(period) = users.first().and_then(|r| r.period.as_ref()) {
            let ids: Vec<&str> = users.iter().map(|r| r.id.as_str()).collect();
            steps.push(Told {
                words: ids.join(", "),
                ..told(
                    "indicators",
                    "period",
                    &format!("{}/{}", period.start, period.end),
                    "the days it stands for, as the numbers of the sentence take it",
                )
            });
        } else if matches!(time.expression.year, Year::Given(_))
            && let Some(days) = time.expression.resolve(None)
        {
            let days = format!("{}/{}", days.start, days.end);
            let says = "the days it stands for; it names its year itself";
            steps.push(told("indicators", "period", &days, says));
        } else {
            let says = "no number of its sentence takes its time from it";
            steps.push(told("indicators", "period", "not used", says));
        }
        self.number(time.span, Outcome::Time, None, from, steps)
    }

    fn taken(&self, index: usize, q: &Quantity, from: &crate::assemble::Provenance<'_>) -> Number {
        let mut steps = self.quantity(q);
        let of = &self.indicators.indicators;
        // Quantities become indicators one by one, in order.
        let position = of
            .get(index)
            .filter(|x| x.mention == q.mention)
            .map(|_| index)
            .or_else(|| of.iter().position(|x| x.mention == q.mention));
        let x = position.and_then(|i| self.record.indicators.get(i));
        if let Some((i, x)) = position.zip(x) {
            self.indicator(i, x, &mut steps);
            self.checks(x, &mut steps);
        }
        self.number(
            q.mention,
            Outcome::Taken,
            x.map(|x| x.id.to_string()),
            from,
            steps,
        )
    }

    fn quantity(&self, q: &Quantity) -> Vec<Told> {
        let mut out = Vec::new();
        let terms = || {
            let terms: Vec<String> = q
                .components
                .iter()
                .flatten()
                .map(ToString::to_string)
                .collect();
            terms
        };
        let (value, says) = match (q.kind, q.value) {
            (Kind::Rank, Some(v)) => (v.to_string(), "a place in a ranking"),
            (Kind::Doubling, Some(v)) => (v.to_string(), "a word for so many times"),
            (Kind::Fraction, _) => (terms().join("/"), "a fraction: numerator and denominator"),
            (Kind::Ratio, _) => (terms().join(":"), "numbers joined by colons"),
            (_, Some(v)) => (v.to_string(), "the numeral"),
            (_, None) => (String::new(), "the numeral"),
        };
        out.push(told("quantities", "number", &value, says));
        if q.unit.is_empty() {
            let says = "there is none: a ratio, a fraction or a bare multiplier";
            out.push(told("quantities", "unit", "none", says));
        } else {
            let says = format!("of the dimension {}", q.dimension);
            let first = q.base_unit.split(['/', '／']).next().unwrap_or("");
            out.push(Told {
                entry: self
                    .entry("units.", &q.base_unit)
                    .or_else(|| self.entry("units.", first)),
                ..told("quantities", "unit", &q.unit, &says)
            });
        }
        let multiplier = q.unit.strip_suffix(q.base_unit.as_str()).unwrap_or("");
        if let Some(base) = q.base_value.filter(|_| !multiplier.is_empty()) {
            let base = format!("{base} {}", q.base_unit);
            out.push(Told {
                words: multiplier.to_owned(),
                ..told(
                    "quantities",
                    "base",
                    base.trim_end(),
                    "in base units, a multiplier belongs to the unit",
                )
            });
        }
        let before = Span {
            start: q.around.start,
            end: q.mention.start,
        };
        let behind = Span {
            start: q.mention.end,
            end: q.around.end,
        };
        let words = [
            (before, "approximations.before"),
            (behind, "approximations.after"),
        ];
        let mut said = false;
        for (span, table) in words.into_iter().filter(|w| !w.0.is_empty()) {
            said = true;
            let word = span.of(&self.clean.text);
            out.push(Told {
                words: word.to_owned(),
                entry: self.entry(table, word),
                ..told(
                    "quantities",
                    "precision",
                    &precision(q),
                    "a word of approximation beside the number",
                )
            });
        }
        if !said {
            let says = match q.precision {
                Precision::Exact => "no word of approximation beside the number",
                Precision::Range => "two numbers are the ends of a range",
                _ => "the number itself says so",
            };
            out.push(told("quantities", "precision", &precision(q), says));
        }
        out
    }

    fn indicator(&self, index: usize, x: &record::Indicator, out: &mut Vec<Told>) {
        if let Some(section) = x.section.as_deref() {
            let says = "the innermost section around it";
            out.push(told("indicators", "section", &self.section(section), says));
        }
        let nothing = Vec::new();
        let steps = self.steps.get(index).unwrap_or(&nothing);
        let lead = steps
            .iter()
            .find(|s| s.rule == Rule::TextBefore)
            .map_or("", |s| s.value.as_str());
        for field in [
            Field::Clause,
            Field::Measure,
            Field::Name,
            Field::Precision,
            Field::Sign,
            Field::Basis,
            Field::Period,
            Field::Status,
            Field::Parts,
            Field::Of,
        ] {
            let own = |s: &&Step| {
                s.rule.field() == field && !(field == Field::Clause && s.value.is_empty())
            };
            for step in steps.iter().filter(own) {
                let tables: &[&str] = match field {
                    Field::Measure if step.rule == Rule::RankForm => &["numerals.ranking"],
                    Field::Measure => &MEASURE_TABLES,
                    Field::Basis => &BASIS_TABLES,
                    Field::Parts => &["names.part", "names.inside", "names.partition"],
                    Field::Status => &["names.status"],
                    Field::Precision => &["approximations."],
                    Field::Period => &["periods."],
                    _ => &[],
                };
                let words = match field {
                    Field::Parts => &step.value,
                    _ => &step.words,
                };
                let entry = self.entry_within(tables, words);
                out.push(Told {
                    stage: "indicators",
                    field: field_name(field),
                    value: step.value.clone(),
                    rule: Some(step.rule.id().to_owned()),
                    says: step.rule.says().to_owned(),
                    words: step.words.clone(),
                    entry,
                });
                if step.rule == Rule::NounBefore {
                    self.cut(lead, &step.value, out);
                }
            }
        }
        if let Some(of) = self
            .record
            .indicators
            .iter()
            .find(|o| Some(&o.id) == x.of.as_ref())
        {
            let relation = x.relation.map(said).unwrap_or_default();
            out.push(Told {
                words: format!("{} {}", of.name, of.mention),
                ..told(
                    "indicators",
                    "relation",
                    &format!("{relation} of {}", of.id),
                    "what it is of that number",
                )
            });
        }
    }

    /// What was cut off the text before the number to make `name` of it, word by word.
    fn cut(&self, lead: &str, name: &str, out: &mut Vec<Told>) {
        let Some(at) = lead.find(name).filter(|_| !name.is_empty()) else {
            self.cut_inside(lead, name, out);
            return;
        };
        let front = lead.get(..at).unwrap_or("");
        let back = lead.get(at + name.len()..).unwrap_or("");
        let names = &self.lexicon.names;
        let in_front: [Group<'_>; 4] = [
            (
                &names.region,
                "names.region",
                "a word of place is no part of the name",
            ),
            (
                &names.adverb,
                "names.adverb",
                "an adverb is no part of the name",
            ),
            (
                &names.part,
                "names.part",
                "a word that opens parts is no part of the name",
            ),
            (
                &names.realised,
                "names.realised",
                "a verb of realisation is no part of the name",
            ),
        ];
        let at_back: [Group<'_>; 2] = [
            (
                &names.stated,
                "names.stated",
                "a verb of statement is no part of the name",
            ),
            (
                &names.per,
                "names.per",
                "for how many is no part of the name",
            ),
        ];
        for (piece, groups) in [(front, &in_front[..]), (back, &at_back[..])] {
            let folded = self.lexicon.variants.fold(piece);
            let mut at = 0;
            while at < folded.len() {
                let longest = groups
                    .iter()
                    .filter_map(|g| Some((g.0.at(&folded, at)?.0, g.1, g.2)))
                    .max_by_key(|g| g.0);
                let Some((end, table, says)) = longest.filter(|l| l.0 > at) else {
                    at += folded
                        .get(at..)
                        .and_then(|r| r.chars().next())
                        .map_or(1, char::len_utf8);
                    continue;
                };
                let word = piece.get(at..end).unwrap_or("");
                out.push(Told {
                    words: word.to_owned(),
                    entry: self.entry(table, word),
                    ..told("indicators", "cut off", word, says)
                });
                at = end;
            }
        }
    }

    /// The verb of realisation that was cut out of the middle to make `name`, if one was.
    fn cut_inside(&self, lead: &str, name: &str, out: &mut Vec<Told>) {
        let names = &self.lexicon.names;
        let groups = [
            (&names.inner, "names.inner"),
            (&names.realised, "names.realised"),
        ];
        for (forms, table) in groups {
            for (from, to, _) in forms.all(lead) {
                let (head, tail) = (lead.get(..from), lead.get(to..));
                let (head, tail) = (head.unwrap_or(""), tail.unwrap_or(""));
                let whole = name.char_indices().skip(1).any(|(i, _)| {
                    let (first, last) = name.split_at(i);
                    head.ends_with(first) && tail.starts_with(last)
                });
                if whole {
                    let word = lead.get(from..to).unwrap_or("");
                    out.push(Told {
                        words: word.to_owned(),
                        entry: self.entry(table, word),
                        ..told("indicators", "cut out", word, INSIDE)
                    });
                    return;
                }
            }
        }
    }

    /// Labels and title of a section, those around it before it.
    fn section(&self, id: &str) -> String {
        let mut path = Vec::new();
        let mut next = Some(id);
        while let Some(section) =
            next.and_then(|id| self.record.sections.iter().find(|s| s.id == id))
        {
            path.push(format!("{}{}", section.label, section.title));
            next = section.parent.as_deref();
            if path.len() > self.record.sections.len() {
                break;
            }
        }
        path.reverse();
        path.join(" / ")
    }

    fn checks(&self, x: &record::Indicator, out: &mut Vec<Told>) {
        let mut found = false;
        for check in &self.record.checks {
            if check.total.as_ref() != Some(&x.id) && !check.parts.contains(&x.id) {
                continue;
            }
            found = true;
            let total = check.total.as_deref().unwrap_or("100");
            let mut says = format!(
                "{total} against {}: the page says {}, worked out {}",
                check.parts.join(", "),
                check.expected,
                check.actual
            );
            for (i, mend) in check.candidates.iter().enumerate() {
                says.push_str(if i == 0 { "; mended by " } else { " or " });
                says.push_str(&format!("{} = {}", mend.id, mend.value));
            }
            out.push(told(
                "reconcile",
                "check",
                &format!("{} {}", said(check.kind), said(check.status)),
                &says,
            ));
        }
        if !found {
            let says = "the page has no arithmetic that it surely takes part in";
            out.push(told("reconcile", "check", "none", says));
        }
    }
}

fn told(stage: &'static str, field: &'static str, value: &str, says: &str) -> Told {
    Told {
        stage,
        field,
        value: value.to_owned(),
        rule: None,
        says: says.to_owned(),
        words: String::new(),
        entry: None,
    }
}

fn field_name(field: Field) -> &'static str {
    match field {
        Field::Clause => "clause",
        Field::Measure => "measure",
        Field::Name => "name",
        Field::Precision => "precision",
        Field::Sign => "sign",
        Field::Basis => "basis",
        Field::Period => "period",
        Field::Status => "status",
        Field::Parts => "parts",
        Field::Of => "of",
    }
}

/// `value` as the record writes it.
fn said(value: impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(s)) => s,
        _ => String::new(),
    }
}

/// The precision with the bounds that it implies.
fn precision(q: &Quantity) -> String {
    let name = said(q.precision);
    let bound = |d: Option<crate::base::Decimal>| d.map_or("open".to_owned(), |d| d.to_string());
    match q.precision {
        Precision::Exact => name,
        _ => format!("{name}, {} to {}", bound(q.lower), bound(q.upper)),
    }
}
