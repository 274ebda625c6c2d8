//! Numerals that are damaged otherwise than by a letter for a figure: without a true figure left, a
//! wrong multiplier, range dash, percent sign or unit, specks, blots. Mended where the context leaves
//! one reading, else reported.
//!
//! Looks at the characters around a numeral and at how the page writes its percentages, never at what
//! a number is worth.

use crate::base::Span;
use crate::lexicon::confusables::{Confusables, Percent, Rule, Suspect};
use crate::lexicon::numerals::Figure;
use crate::lexicon::{CLAUSE_ENDS, Lexicon};

use super::confusables::{Edit, Findings, doubt};
use super::width;

/// How many changes with one decimal stand on a page that has them always, for each of two figures that has none.
const ALWAYS: usize = 12;
/// How many percentages with one decimal stand on a page for each that has more, where those are rare.
const RARE: usize = 8;
/// No more numbers parted by `、` have one percent sign.
const MOST_IN_ROW: usize = 256;
/// Most characters of a numeral that are looked at.
const LONGEST: usize = 16;

/// Where to look for damage: found in one pass over the draft, of which most is neither.
pub(super) struct Marks<'a> {
    /// All runs of figures and points that begin with a figure.
    pub(super) numbers: Vec<Number<'a>>,
    /// The marks that end clauses, each with its byte.
    pub(super) clause_ends: Vec<(usize, char)>,
    /// The characters that a damaged numeral may have, each with its byte.
    suspects: Vec<(usize, char, Suspect)>,
}

impl<'a> Marks<'a> {
    pub(super) fn new(text: &'a str, lexicon: &Lexicon) -> Self {
        let (mut numbers, mut suspects) = (Vec::<Number<'_>>::new(), Vec::new());
        let mut clause_ends = Vec::new();
        let mut end = 0;
        for (at, c) in lexicon.confusables.noted.all_in(text) {
            if at >= end && c.is_ascii_digit() {
                let rest = behind(text, at);
                let (mut len, mut points, mut whole) = (0, 0_usize, 0);
                for byte in rest.bytes().take_while(|&b| of_number(b)) {
                    points += usize::from(byte == b'.');
                    len += 1;
                    whole += usize::from(points == 0);
                }
                end = at + len;
                numbers.push(Number {
                    start: at,
                    end,
                    printed: rest.get(..len).unwrap_or_default(),
                    points,
                    whole,
                });
            } else if !c.is_ascii_digit() && CLAUSE_ENDS.contains(&c) {
                clause_ends.push((at, c));
            }
            if let Some(suspect) = lexicon.confusables.suspect(c) {
                suspects.push((at, c, suspect));
            }
        }
        Self {
            numbers,
            clause_ends,
            suspects,
        }
    }
}

/// True for figures and points.
fn of_number(byte: u8) -> bool {
    byte.is_ascii_digit() || byte == b'.'
}

/// Looks through the draft.
pub(super) fn find(text: &str, marks: &Marks<'_>, lexicon: &Lexicon, found: &mut Findings) {
    for &(at, c, suspect) in &marks.suspects {
        match suspect.rule {
            Some(Rule::Lone) => lone(text, at, lexicon, found),
            Some(Rule::Thousand) => thousand(text, at, lexicon, found),
            Some(Rule::Range) => range(text, at, lexicon, found),
            Some(Rule::Blot) => blot(text, at, c, lexicon, found),
            None => {}
        }
        if suspect.speck {
            speck(text, at, c, lexicon, found);
        }
    }
    units(text, marks, lexicon, found);
    percent_points(text, marks, lexicon, found);
    percentages(text, &marks.numbers, lexicon, found);
}

/// The characters of `text` from byte `at` on; nothing when that is no place in it.
fn behind(text: &str, at: usize) -> &str {
    text.get(at..).unwrap_or("")
}

/// The text before byte `at`.
fn before(text: &str, at: usize) -> &str {
    text.get(..at).unwrap_or("")
}

/// Where the figures and points that end at byte `at` start.
pub(super) fn numeral_start(text: &str, at: usize) -> usize {
    let head = before(text, at).bytes().rev().take(LONGEST);
    at - head.take_while(|&b| of_number(b)).count()
}

/// How many of the first characters of `text` are figures or points.
fn numeral_len(text: &str) -> usize {
    let head = text.bytes().take(LONGEST);
    head.take_while(|&b| of_number(b)).count()
}

/// True for 万 and 亿, as the page writes them.
fn is_large(c: char, lexicon: &Lexicon) -> bool {
    matches!(lexicon.numerals.figure(c), Some(Figure::Power(4..)))
}

/// True when what stands at byte `at` makes a measurement of a number before it: a percent sign, 万
/// and 亿, a unit.
pub(super) fn measured(text: &str, at: usize, lexicon: &Lexicon) -> bool {
    strongly_measured(text, at, lexicon) || lexicon.units.at(text, at).is_some()
}

/// The same without units: some begin other words.
pub(super) fn strongly_measured(text: &str, at: usize, lexicon: &Lexicon) -> bool {
    let next = behind(text, at).chars().next();
    next.is_some_and(|c| matches!(c, '%' | '‰' | '℃') || is_large(c, lexicon))
}

/// A word stands before: neither a label, nor a code, nor another numeral.
pub(super) fn behind_word(text: &str, at: usize, lexicon: &Lexicon) -> bool {
    before(text, at).chars().next_back().is_some_and(|c| {
        width::is_han(c)
            && !lexicon.labels.is_han_digit(c)
            && lexicon.numerals.figure(c).is_none_or(|f| f == Figure::Over)
    })
}

/// `lO场`: letters only.
fn lone(text: &str, at: usize, lexicon: &Lexicon, found: &mut Findings) {
    let digits = &lexicon.confusables.digits;
    let letter = |c: char| c.is_ascii_alphabetic() && digits.contains_key(&c);
    if before(text, at).ends_with(letter) {
        return;
    }
    let token: String = behind(text, at)
        .chars()
        .take(LONGEST)
        .take_while(|&c| letter(c))
        .collect();
    let end = at + token.len();
    let to: String = token
        .chars()
        .filter_map(|c| digits.get(&c).copied())
        .collect();
    let figure_behind = behind(text, end).starts_with(|c: char| c.is_ascii_digit() || c == '.');
    if behind_word(text, at, lexicon) && !figure_behind && measured(text, end, lexicon) {
        found.edits.push(Edit {
            span: Span::new(at, end),
            to,
            why: "digit-confusable",
        });
    }
}

/// `3干人`, `三干零六人`, `三干二百人`.
fn thousand(text: &str, at: usize, lexicon: &Lexicon, found: &mut Findings) {
    let thousand = &lexicon.confusables.thousand;
    let rest = behind(text, at);
    let end = at + thousand.read.len_utf8();
    let mut words = thousand.not_words.iter();
    let of_digits = before(text, at).ends_with(|c: char| c.is_ascii_digit())
        && !words.any(|w| rest.starts_with(w.as_str()))
        && lexicon.units.at(text, end).is_some();
    if of_digits || between_figures(text, at, end, lexicon) {
        found.edits.push(Edit {
            span: Span::new(at, end),
            to: thousand.to.clone(),
            why: "multiplier-confusable",
        });
    }
}

/// True for what stands between Han figures as a thousand would, before a zero or hundreds.
fn between_figures(text: &str, at: usize, end: usize, lexicon: &Lexicon) -> bool {
    let figure = |c: char| lexicon.numerals.figure(c);
    let mut rest = behind(text, end).chars().map(figure);
    let front = before(text, at).chars().next_back().and_then(figure);
    matches!(front, Some(Figure::Digit(1..)))
        && match rest.next().flatten() {
            Some(Figure::Digit(0)) => matches!(rest.next().flatten(), Some(Figure::Digit(_))),
            Some(Figure::Digit(_)) => rest.next().flatten() == Some(Figure::Power(2)),
            _ => false,
        }
}

/// `30一50人`, `5%一5.5%`.
fn range(text: &str, at: usize, lexicon: &Lexicon, found: &mut Findings) {
    let range = &lexicon.confusables.range;
    if !before(text, at).ends_with(|c: char| c.is_ascii_digit() || matches!(c, '%' | '‰')) {
        return;
    }
    let start = numeral_start(text, at);
    let from = at + range.read.len_utf8();
    let end = from + numeral_len(behind(text, from));
    let (low, high) = (
        text.get(start..at).unwrap_or(""),
        text.get(from..end).unwrap_or(""),
    );
    let whole = |n: &str| !n.is_empty() && !n.starts_with('0') && !n.contains('.');
    // No sign goes before one.
    let between_signs = ['%', '‰']
        .iter()
        .any(|&sign| before(text, at).ends_with(sign) && behind(text, end).starts_with(sign));
    // Figures alone: of as many the later in order, else more of them.
    let rises = low.len() + 1 == high.len() || low.len() == high.len() && low < high;
    let of_figures = whole(low)
        && whole(high)
        && rises
        && behind_word(text, start, lexicon)
        && measured(text, end, lexicon);
    if of_figures || between_signs && !high.is_empty() {
        found.edits.push(Edit {
            span: Span::new(at, from),
            to: range.to.clone(),
            why: "range-dash",
        });
    }
}

/// `600:万亩`, `48217.6.万元`.
fn speck(text: &str, at: usize, mark: char, lexicon: &Lexicon, found: &mut Findings) {
    let Some(last) = before(text, at).chars().next_back() else {
        return;
    };
    let from = at + mark.len_utf8();
    let Some(next) = behind(text, from).chars().next() else {
        return;
    };
    if !last.is_ascii_digit() {
        return;
    }
    // Behind a word that only begins like a unit another word goes on.
    let ends = |at: usize| {
        lexicon.units.at(text, at).is_some_and(|u| {
            let next = behind(text, u.end).chars().next();
            next.is_none_or(|c| !c.is_alphanumeric())
                || lexicon.approximations.after(text, u.end).is_some()
        })
    };
    let large = is_large(next, lexicon) && ends(from + next.len_utf8());
    let point = matches!(mark, '.' | '·');
    if !(large || point && ends(from)) {
        return;
    }
    let start = numeral_start(text, at);
    let number = text.get(start..at).unwrap_or("");
    let long = number.len() > 1 && number.split('.').count() <= 2;
    if !long || !behind_word(text, start, lexicon) {
        return;
    }
    if large && point && !number.contains('.') {
        found.diagnostics.push(doubt(
            text,
            start,
            from + next.len_utf8(),
            "number-damaged",
            "a point without figures behind it: they may be lost",
        ));
    } else {
        // The figure before goes with the mark, so that something stands for it.
        found.edits.push(Edit {
            span: Span::new(at - last.len_utf8(), from),
            to: last.to_string(),
            why: "stray-mark",
        });
    }
}

/// `企业■6家`.
fn blot(text: &str, at: usize, mark: char, lexicon: &Lexicon, found: &mut Findings) {
    let from = at + mark.len_utf8();
    let end = from + numeral_len(behind(text, from));
    let start = numeral_start(text, at);
    if (start < at || end > from)
        && behind_word(text, start, lexicon)
        && measured(text, end, lexicon)
    {
        found.diagnostics.push(doubt(
            text,
            start,
            end,
            "number-damaged",
            "a figure of this number was lost",
        ));
    }
}

/// `320方元`, `5946广，`.
fn units(text: &str, marks: &Marks<'_>, lexicon: &Lexicon, found: &mut Findings) {
    for &(at, c, _) in marks.suspects.iter().filter(|(.., s)| s.unit) {
        let end = at + c.len_utf8();
        let behind_figure = |after: &[String]| {
            let head = before(text, at);
            let tail = after.iter().find_map(|a| head.strip_suffix(a.as_str()));
            let head = if after.is_empty() { Some(head) } else { tail };
            head.is_some_and(|h| h.ends_with(|c: char| c.is_ascii_digit()))
        };
        let mut entries = lexicon.confusables.unit.iter();
        let entry = entries.find(|u| {
            let mut follow = u.before.iter();
            u.read.contains(&c)
                && behind_figure(&u.after)
                && follow.any(|f| behind(text, end).starts_with(f.as_str()))
        });
        if let Some(unit) = entry {
            found.edits.push(Edit {
                span: Span::new(at, end),
                to: unit.to.clone(),
                why: "unit-confusable",
            });
        }
    }
}

/// `0.9个百分氮`.
fn percent_points(text: &str, marks: &Marks<'_>, lexicon: &Lexicon, found: &mut Findings) {
    let unit = &lexicon.confusables.percent_point;
    for &(at, ..) in marks.suspects.iter().filter(|(.., s)| s.percent_point) {
        if !behind(text, at).starts_with(unit.head.as_str()) {
            continue;
        }
        let from = at + unit.head.len();
        let Some(tail) = behind(text, from).chars().next() else {
            continue;
        };
        if before(text, at).ends_with(|c: char| c.is_ascii_digit())
            && width::is_han(tail)
            && !unit.not_tails.contains(&tail)
        {
            found.edits.push(Edit {
                span: Span::new(from, from + tail.len_utf8()),
                to: unit.to.clone(),
                why: "unit-confusable",
            });
        }
    }
}

/// A run of figures and points.
#[derive(Clone, Copy)]
pub(super) struct Number<'a> {
    pub(super) start: usize,
    pub(super) end: usize,
    printed: &'a str,
    /// How many points it has.
    points: usize,
    /// Bytes before the first of them.
    whole: usize,
}

impl<'a> Number<'a> {
    /// Its decimals; empty where it has none, none where it is no numeral.
    fn decimals(&self) -> Option<&'a str> {
        match self.points {
            0 => Some(""),
            1 => self.printed.get(self.whole + 1..),
            _ => None,
        }
    }

    /// It ends in two decimals of which the last is what percent signs leave: 8 and 9.
    fn one_too_many(&self) -> bool {
        self.decimals()
            .is_some_and(|d| d.len() == 2 && d.ends_with(['8', '9']))
    }
}

/// How a page writes its percentages.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Style {
    /// In no way that tells.
    Mixed,
    /// With one decimal where they have any, but for one in so many as [`RARE`] says.
    Mostly,
    /// With one decimal, or as whole numbers: none has more.
    OneAtMost,
}

/// How the percentages of the page that may be intact are written.
fn style(text: &str, numbers: &[Number<'_>], lexicon: &Lexicon) -> Style {
    let (least, permille) = (
        lexicon.confusables.percent.least,
        lexicon.confusables.permille.sure.as_str(),
    );
    let (mut one, mut none, mut more, mut doubtful) = (0_usize, 0_usize, 0_usize, 0_usize);
    for number in numbers {
        let sign = behind(text, number.end);
        if !sign.starts_with('%') || sign.starts_with(permille) {
            continue;
        }
        match number.decimals().map(str::len) {
            Some(0) => none += 1,
            Some(1) => one += 1,
            _ if number.one_too_many() => doubtful += 1,
            Some(_) => more += 1,
            None => {}
        }
    }
    if one < least || more * RARE > one || doubtful * 2 > one {
        Style::Mixed
    } else if more > 0 || none * 2 > one {
        Style::Mostly
    } else {
        Style::OneAtMost
    }
}

/// True when `rest`, which follows a number, begins with a percent sign, or goes on with numbers parted
/// by `、` of which one has it.
fn row_ends_in_percent(mut rest: &str) -> bool {
    for _ in 0..MOST_IN_ROW {
        let Some(next) = rest.strip_prefix('、') else {
            break;
        };
        match numeral_len(next) {
            0 => return false,
            len => rest = behind(next, len),
        }
    }
    rest.starts_with('%')
}

/// True where changes have one decimal, whole ones of two figures hardly ever.
fn whole_is_odd(changes: &[Stated<'_>]) -> bool {
    let changes = || {
        changes
            .iter()
            .filter(|c| c.stated && c.rest.starts_with('%'))
    };
    let one = changes().filter(|c| c.scale() == Some(1)).count();
    let none = changes().filter(|c| c.is_whole()).count();
    one >= ALWAYS && none * ALWAYS <= one
}

/// A number, and what tells how its percent sign was read.
struct Stated<'a> {
    text: &'a str,
    number: Number<'a>,
    /// Its decimals; none where it has several points.
    decimals: Option<&'a str>,
    /// What stands behind it.
    rest: &'a str,
    /// A word that a percentage follows stands right before it.
    stated: bool,
    style: Style,
}

impl<'a> Stated<'a> {
    fn new(text: &'a str, number: Number<'a>, style: Style, confusables: &Confusables) -> Self {
        let head = before(text, number.start);
        Self {
            text,
            number,
            decimals: number.decimals(),
            rest: behind(text, number.end),
            stated: confusables.is_before_percent(head),
            style,
        }
    }

    /// How many decimals it has.
    fn scale(&self) -> Option<usize> {
        self.decimals.map(str::len)
    }

    /// It has two figures and no point.
    fn is_whole(&self) -> bool {
        self.scale() == Some(0) && self.number.printed.len() == 2
    }

    /// Whether any of what follows may be true of it; of most numbers nothing is.
    fn is_odd(&self) -> bool {
        let glued = || {
            before(self.text, self.number.start)
                .as_bytes()
                .last()
                .copied()
        };
        self.stated
            || self.rest.starts_with('%')
            || self.number.points > 1
            || self.number.one_too_many()
            || glued().is_some_and(|b| b.is_ascii_alphabetic())
    }

    /// A clause ends `at` bytes behind the number.
    fn clause_ends(&self, at: usize) -> bool {
        let rest = behind(self.rest, at);
        let next = rest.strip_prefix(['：', ':']);
        rest.starts_with(['，', '。', '；', ',', ';', '\n'])
            || next.is_some_and(|next| !next.starts_with(|c: char| c.is_ascii_digit()))
    }

    /// The change that makes a percentage of it: how many bytes of the number and of what follows the sign stands
    /// for.
    fn sign(&self, of_number: usize, of_rest: usize) -> Edit {
        let end = self.number.end;
        Edit {
            span: Span::new(end - of_number, end + of_rest),
            to: "%".to_owned(),
            why: "percent-sign",
        }
    }

    /// `2..3%`.
    fn doubled_point(&self) -> Option<Edit> {
        if self.number.points < 2 {
            return None;
        }
        let (whole, decimal) = self.number.printed.split_once("..")?;
        let start = self.number.start + whole.len();
        let one = decimal.len() == 1 && !whole.contains('.') && decimal != ".";
        (self.style > Style::Mostly && one && self.rest.starts_with('%')).then(|| Edit {
            span: Span::new(start, start + "..".len()),
            to: ".".to_owned(),
            why: "decimal-point",
        })
    }

    /// `2.39%6` for 2.3%.
    fn sign_as_more(&self, percent: &Percent) -> Option<Edit> {
        let tails = percent.as_more.iter().filter_map(|m| m.strip_prefix('9'));
        let tail = tails.into_iter().find(|t| self.rest.starts_with(t))?;
        let ends = !behind(self.rest, tail.len()).starts_with(|c: char| c.is_ascii_alphanumeric());
        let nine = self.scale() == Some(2) && self.number.printed.ends_with('9');
        (self.style > Style::Mixed && nine && ends).then(|| self.sign(1, tail.len()))
    }

    /// `2.3%6` for 2.3%; a 9 before the sign may be a piece of it too, and ‰ be printed.
    fn sign_and_more(&self, percent: &Percent) -> Option<Edit> {
        let junk = self.rest.strip_prefix('%')?.chars().next()?;
        let len = '%'.len_utf8() + junk.len_utf8();
        let whole = self.number.printed.split('.').next()?;
        let intact = match self.scale()? {
            0 => whole.len() <= 2 && !whole.ends_with('9'),
            scale => scale == 1,
        };
        let never_permille =
            self.stated || whole.len() >= 2 && whole >= percent.above_permille.as_str();
        let known = percent.behind.contains(&junk)
            || percent.behind_or_permille.contains(&junk) && never_permille;
        let glued =
            before(self.text, self.number.start).ends_with(|c: char| c.is_ascii_alphanumeric());
        let ends = self.clause_ends(len) || behind(self.rest, len).starts_with('、');
        (known && intact && ends && !glued).then(|| self.sign(0, len))
    }

    /// `增长2.396，` for 2.3%.
    fn sign_as_digits(&self, percent: &Percent) -> Option<Edit> {
        let decimals = self.decimals.filter(|d| d.len() == 3)?;
        let read = percent
            .as_digits
            .iter()
            .any(|d| decimals.ends_with(d.as_str()));
        (self.style > Style::Mixed && self.stated && self.clause_ends(0) && read)
            .then(|| self.sign(2, 0))
    }

    /// `增长2.3，` for 2.3%. The last figure goes with the sign, so that something stands for it.
    fn sign_lost(&self) -> Option<Edit> {
        let last = self.number.printed.get(self.number.printed.len() - 1..)?;
        let lost = self.stated && self.scale() == Some(1) && self.clause_ends(0);
        lost.then(|| Edit {
            to: format!("{last}%"),
            ..self.sign(last.len(), 0)
        })
    }

    /// What is left in doubt: from where on, which code, why.
    fn doubt(
        &self,
        whole_is_odd: bool,
        lexicon: &Lexicon,
    ) -> Option<(usize, &'static str, &'static str)> {
        let &Number {
            start,
            end,
            printed,
            ..
        } = &self.number;
        let percent = self.rest.starts_with('%');
        if self.number.points > 1 && printed.contains("..") {
            return None; // said elsewhere
        }
        let Some(scale) = self.scale() else {
            return strongly_measured(self.text, end, lexicon).then_some((
                start,
                "number-damaged",
                "a number with more than one point: which is the decimal one cannot be said",
            ));
        };
        if self.style > Style::Mixed && self.number.one_too_many() && row_ends_in_percent(self.rest)
        {
            return Some((
                start,
                "percent-doubtful",
                "one decimal more than the percentages of the page have: the last figure may be a \
                 piece of a percent sign",
            ));
        }
        if whole_is_odd && self.stated && self.is_whole() && percent {
            return Some((
                start,
                "percent-doubtful",
                "a whole percentage where changes on the page have one decimal: a point may be lost",
            ));
        }
        if self.stated && self.clause_ends(0) && (scale >= 2 || scale == 0 && printed.len() <= 3) {
            return Some((
                start,
                "percent-doubtful",
                "a change without a unit: its last figures may be a percent sign, or it was lost",
            ));
        }
        let head = before(self.text, start);
        let letter = head.chars().next_back().filter(char::is_ascii_alphabetic)?;
        let from = start - letter.len_utf8();
        (strongly_measured(self.text, end, lexicon)
            && !lexicon.confusables.digits.contains_key(&letter)
            && behind_word(self.text, from, lexicon))
        .then_some((
            from,
            "number-damaged",
            "a letter at the start of a number: a figure was lost",
        ))
    }
}

/// Percent signs read for digits or lost, points doubled, and what is left in doubt of both.
fn percentages(text: &str, numbers: &[Number<'_>], lexicon: &Lexicon, found: &mut Findings) {
    let percent = &lexicon.confusables.percent;
    let style = style(text, numbers, lexicon);
    let stated = numbers
        .iter()
        .map(|&n| Stated::new(text, n, style, &lexicon.confusables));
    let stated: Vec<Stated<'_>> = stated.collect();
    let whole_is_odd = whole_is_odd(&stated);
    for this in stated.iter().filter(|this| this.is_odd()) {
        let mended = this
            .doubled_point()
            .or_else(|| this.sign_as_more(percent))
            .or_else(|| this.sign_and_more(percent))
            .or_else(|| this.sign_as_digits(percent))
            .or_else(|| this.sign_lost());
        if let Some(edit) = mended {
            found.edits.push(edit);
        } else if let Some((from, code, what)) = this.doubt(whole_is_odd, lexicon) {
            found
                .diagnostics
                .push(doubt(text, from, this.number.end, code, what));
        }
    }
}
