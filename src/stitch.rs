//! Pages of an issue → articles: which jump line goes on at which, and what of each page an article
//! is made of.
//!
//! A pair is a 下转 on one page and a 上接 on another that do not contradict each other. The pages
//! that they name, the dates of the pages, the headline over the 上接, the numbering and the sentence
//! that go on or do not speak for and against it. Where a jump line has several partners of which
//! none is clearly the best, it is reported and left alone.
//!
//! A page is cut behind each 下转 and before each 上接 that has a partner, in reading order; what
//! stands between two cuts is of one article. So an article is taken to fill its page from where
//! the text begins, or goes on, to the jump line.

use std::collections::BTreeMap;

use crate::base::diagnostic::Place;
use crate::base::{Diagnostic, Span};
use crate::decode::{AppendError, Bbox, Line, Page};
use crate::lexicon::Lexicon;
use crate::normalize::flow::{Flow, Stretch};
use crate::normalize::is_blank;
use crate::record::{JumpKind, PartRole};

/// What speaks for a pair, in points, and what against it.
mod weight {
    /// The page says itself that it is the one that is named.
    pub(super) const PAGE: i32 = 20;
    pub(super) const SAME_DATE: i32 = 50;
    /// Dates that differ by one figure: the next day, unless the folio lines are the same but for
    /// figures, which were misread then.
    pub(super) const NEAR_DATE: i32 = -50;
    /// The headline over the one stands over the other too.
    pub(super) const HEADLINE: i32 = 40;
    pub(super) const NUMBERING: i32 = 10;
    pub(super) const NO_NUMBERING: i32 = -10;
    pub(super) const SENTENCE: i32 = 5;
    pub(super) const NO_SENTENCE: i32 = -10;
    /// A pair is that much better than any other of its two jump lines, or left alone.
    pub(super) const CLEARLY: i32 = 10;
}

/// A headline has so many characters or more …
const SHORTEST_HEADLINE: usize = 4;
/// … and so many rows at most.
const HEADLINE_ROWS: usize = 3;
/// The kind of furniture that says page and date.
const FOLIO: &str = "folio";
/// A folio line of so many letters says more than page and date.
const LONG_FOLIO: usize = 6;
/// An indent of so many quarters of a Han character begins a paragraph.
const INDENT: u32 = 6;

/// A page, read on its own.
#[derive(Debug, Clone)]
pub struct Leaf<'a> {
    /// As decoded, of one file.
    pub page: Page<'a>,
    /// In reading order.
    pub flow: Flow,
    /// Page of the paper, `A2`; none where neither the page nor the file's name says it.
    pub label: Option<String>,
    /// Date of the paper, ISO 8601, as the page says it.
    pub published: Option<String>,
}

/// Some stretches of a page that follow each other.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Segment {
    /// Index into the leaves.
    leaf: usize,
    /// First stretch.
    start: usize,
    /// One past the last.
    end: usize,
}

/// An article, or what is left of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    first: Segment,
    /// On other pages, in the order in which it goes on.
    further: Vec<Segment>,
    /// Findings about it, each with the leaf that it is about; places are spans of that page.
    findings: Vec<(usize, Diagnostic)>,
}

/// A jump line: leaf, and index into the jumps of its flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct End {
    leaf: usize,
    jump: usize,
}

/// The page of the paper that a file's name gives: its one word of a letter from A to D and a number.
///
/// ```
/// use gongbao::stitch::label_in_name;
/// assert_eq!(label_in_name("2021-06-17/rb-a2.hocr").as_deref(), Some("A2"));
/// assert_eq!(label_in_name("a1-a2.txt"), None);
/// assert_eq!(label_in_name("page-002.hocr"), None);
/// ```
#[must_use]
pub fn label_in_name(name: &str) -> Option<String> {
    let file = name.rsplit('/').next().unwrap_or(name);
    let stem = file.split('.').next().unwrap_or(file).to_ascii_uppercase();
    let is_label = |word: &&str| {
        let number = word.strip_prefix(['A', 'B', 'C', 'D']).unwrap_or_default();
        (1..=2).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit())
    };
    let mut words = stem
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(is_label);
    let first = words.next()?;
    words.next().is_none().then(|| plain(first))
}

/// A page's label without zeros before its number.
fn plain(label: &str) -> String {
    let at = label.find(|c: char| c.is_ascii_digit()).unwrap_or(0);
    let (letter, number) = label.split_at(at);
    format!("{letter}{}", number.trim_start_matches('0'))
}

/// The articles of `leaves`, in the order of the leaves that they begin on.
#[must_use]
pub fn articles(leaves: &[Leaf<'_>], lexicon: &Lexicon) -> Vec<Article> {
    let pairing = Pairing::new(leaves, lexicon);
    let mut articles = Vec::new();
    for leaf in 0..leaves.len() {
        for segment in pairing.segments(leaf) {
            if pairing.partner_before(&segment).is_some() {
                continue; // goes on from another one
            }
            let mut further: Vec<Segment> = Vec::new();
            while let Some(next) = pairing.next(further.last().unwrap_or(&segment)) {
                further.push(next);
            }
            articles.push(Article {
                first: segment,
                further,
                findings: Vec::new(),
            });
        }
    }
    pairing.leave_out(&mut articles);
    for article in &mut articles {
        pairing.tell(article);
    }
    articles
}

/// The page of `article`, put together.
///
/// # Errors
/// When its pages cannot be put together.
pub fn page<'a>(article: &Article, leaves: &[Leaf<'a>]) -> Result<Page<'a>, AppendError> {
    let mut whole = part(article, &article.first, leaves);
    for segment in &article.further {
        whole.append(part(article, segment, leaves), PartRole::Continuation)?;
    }
    Ok(whole)
}

/// The page of a segment, with what was found about it.
fn part<'a>(article: &Article, segment: &Segment, leaves: &[Leaf<'a>]) -> Page<'a> {
    let leaf = &leaves[segment.leaf];
    let mut page = leaf.page.clone();
    if !leaf.is_whole(segment) {
        page.lines = lines(leaf, segment);
    }
    let findings = article.findings.iter().filter(|f| f.0 == segment.leaf);
    page.diagnostics
        .extend(findings.map(|(_, diagnostic)| diagnostic.clone()));
    page
}

impl Article {
    fn segments(&self) -> impl Iterator<Item = &Segment> {
        std::iter::once(&self.first).chain(&self.further)
    }

    /// The files that it stands in, as indices into the leaves.
    pub fn leaves(&self) -> impl Iterator<Item = usize> {
        self.segments().map(|s| s.leaf)
    }
}

/// The lines of a segment, and those of the whole page that are no text: they say what page it is.
fn lines(leaf: &Leaf<'_>, segment: &Segment) -> Vec<Line> {
    let page = &leaf.page;
    let mut by_place: Vec<&Line> = page.lines.iter().collect();
    by_place.sort_by_key(|line| line.span.start);
    let line_at = |offset: u32| {
        let i = by_place.partition_point(|line| line.span.start <= offset);
        by_place.get(i.saturating_sub(1)).copied()
    };
    let taken = leaf.flow.stretches.iter().enumerate().filter(|(i, s)| {
        let within = (segment.start..segment.end).contains(i);
        within || leaf.is_furniture(s)
    });
    let mut out: Vec<Line> = Vec::new();
    for span in taken.flat_map(|(_, stretch)| &stretch.pieces) {
        let Some(line) = line_at(span.start) else {
            continue;
        };
        match out.last_mut() {
            // What was cut at a jump line and is not parted here is one line again.
            Some(last) if last.span.end == span.start && line.span.contains(last.span) => {
                last.span.end = span.end;
            }
            _ => out.push(Line {
                span: *span,
                ..*line
            }),
        }
    }
    for line in &mut out {
        let words = page.words_in(line.span).iter();
        let around = words.filter_map(|w| w.bbox).reduce(Bbox::with);
        line.bbox = around.or(line.bbox);
    }
    out
}

impl Leaf<'_> {
    fn is_whole(&self, segment: &Segment) -> bool {
        segment.end - segment.start == self.flow.stretches.len()
    }

    /// True for what stands around the text.
    fn is_furniture(&self, stretch: &Stretch) -> bool {
        let mut furniture = self.flow.furniture.iter();
        stretch.text.is_empty()
            && furniture.any(|f| stretch.pieces.iter().any(|&piece| f.span.overlaps(piece)))
    }

    /// The letters of the folio lines that have some: weekday, editor.
    fn folios(&self) -> Vec<String> {
        let folios = self.flow.furniture.iter().filter(|f| f.kind == FOLIO);
        let letters = folios.map(|f| {
            let text = f.span.of(&self.page.text).chars();
            text.filter(|c| c.is_alphabetic()).collect::<String>()
        });
        letters
            .filter(|text| text.chars().count() >= LONG_FOLIO)
            .collect()
    }

    /// The stretches with text in some of the flow.
    fn texts(&self, start: usize, end: usize) -> impl DoubleEndedIterator<Item = &Stretch> {
        let stretches = self.flow.stretches.get(start..end).unwrap_or_default();
        stretches.iter().filter(|s| !s.text.is_empty())
    }

    fn jump_text(&self, jump: usize) -> String {
        let text = |(jump, _): &(crate::normalize::Jump, _)| {
            let printed = jump.span.of(&self.page.text);
            printed.chars().filter(|&c| !is_blank(c)).collect()
        };
        self.flow.jumps.get(jump).map(text).unwrap_or_default()
    }
}

/// Which jump lines go on where.
struct Pairing<'a> {
    leaves: &'a [Leaf<'a>],
    /// From each 下转 that has a partner to its 上接.
    next: BTreeMap<End, End>,
    /// From each 上接 that has a partner to its 下转.
    before: BTreeMap<End, End>,
    /// For each jump line without a partner those that it may have.
    open: BTreeMap<End, Vec<End>>,
}

impl<'a> Pairing<'a> {
    fn new(leaves: &'a [Leaf<'a>], lexicon: &Lexicon) -> Self {
        let mut out = Self {
            leaves,
            next: BTreeMap::new(),
            before: BTreeMap::new(),
            open: BTreeMap::new(),
        };
        let (to, from) = (out.ends(JumpKind::To), out.ends(JumpKind::From));
        let mut pairs: Vec<(End, End, i32)> = Vec::new();
        for &t in &to {
            for &f in &from {
                if let Some(points) = out.points(t, f, lexicon).filter(|&points| points >= 0) {
                    pairs.push((t, f, points));
                }
            }
        }
        let mut refused = Vec::new();
        while let Some((t, f)) = clearest(&pairs) {
            pairs.retain(|p| p.0 != t && p.1 != f);
            if out.reaches(f.leaf, t.leaf) {
                refused.push((t, f, 0)); // an article does not come back to a page
                continue;
            }
            out.next.insert(t, f);
            out.before.insert(f, t);
        }
        for end in to.into_iter().chain(from) {
            if !out.next.contains_key(&end) && !out.before.contains_key(&end) {
                let partners = pairs
                    .iter()
                    .chain(&refused)
                    .filter_map(|&(t, f, _)| match end {
                        _ if end == t => Some(f),
                        _ if end == f => Some(t),
                        _ => None,
                    });
                out.open.insert(end, partners.collect());
            }
        }
        out
    }

    /// All jump lines of a kind.
    fn ends(&self, kind: JumpKind) -> Vec<End> {
        let leaves = self.leaves.iter().enumerate();
        leaves
            .flat_map(|(leaf, l)| {
                let jumps = l.flow.jumps.iter().enumerate();
                let of_kind = jumps.filter(move |(_, j)| j.0.kind == kind);
                of_kind.map(move |(jump, _)| End { leaf, jump })
            })
            .collect()
    }

    /// The page that a jump line names.
    fn named(&self, end: End) -> Option<String> {
        let jump = &self.leaves[end.leaf].flow.jumps[end.jump].0;
        jump.page.as_deref().map(plain)
    }

    /// What speaks for `to` going on at `from` less what speaks against it; none if it cannot.
    fn points(&self, to: End, from: End, lexicon: &Lexicon) -> Option<i32> {
        if to.leaf == from.leaf {
            return None;
        }
        let (a, b) = (&self.leaves[to.leaf], &self.leaves[from.leaf]);
        let (ahead, back) = (self.named(to), self.named(from));
        if ahead.is_some() && ahead == back {
            return None;
        }
        let mut points = is_page(ahead.as_deref(), b.label.as_deref())?
            + is_page(back.as_deref(), a.label.as_deref())?
            + is_date(a, b)?;
        let (start, end) = self.before_jump(to);
        let (begin, stop) = self.behind_jump(from);
        let above: Vec<&Stretch> = a.texts(start, end).collect();
        if let Some(headline) = self.headline(from)
            && stands_in(&headline, &above)
        {
            points += weight::HEADLINE;
        }
        let mut below = b.texts(begin, stop);
        if let (Some(last), Some(first)) = (above.last(), below.next()) {
            points += sentence(last, first, lexicon);
        }
        Some(points + numbering(&above, b.texts(begin, stop), lexicon))
    }

    /// The stretches of the page up to a jump line, from the jump line before it on.
    fn before_jump(&self, end: End) -> (usize, usize) {
        let jumps = &self.leaves[end.leaf].flow.jumps;
        let at = jumps[end.jump].1.start;
        let before = jumps.iter().map(|j| j.1.end).filter(|&e| e <= at).max();
        (before.unwrap_or(0), at)
    }

    /// The stretches of the page behind a jump line, up to the next one.
    fn behind_jump(&self, end: End) -> (usize, usize) {
        let flow = &self.leaves[end.leaf].flow;
        let at = flow.jumps[end.jump].1.end;
        let starts = flow.jumps.iter().map(|j| j.1.start);
        let behind = starts.filter(|&s| s >= at).min();
        (at, behind.unwrap_or(flow.stretches.len()))
    }

    /// The headline right over a 上接, its marks left out.
    fn headline(&self, from: End) -> Option<String> {
        let (start, end) = self.before_jump(from);
        let rows = self.leaves[from.leaf].texts(start, end).rev();
        let rows: Vec<&Stretch> = rows
            .take_while(|s| !is_running_text(&s.text))
            .take(HEADLINE_ROWS)
            .collect();
        let headline: String = rows.iter().rev().flat_map(|s| letters(&s.text)).collect();
        (headline.chars().count() >= SHORTEST_HEADLINE).then_some(headline)
    }

    /// True when an article leads from page `from` on to page `to`.
    fn reaches(&self, from: usize, to: usize) -> bool {
        let mut seen = vec![from];
        let mut at = 0;
        while let Some(&leaf) = seen.get(at) {
            let next = self.next.iter().filter(|(t, _)| t.leaf == leaf);
            for (_, f) in next {
                if !seen.contains(&f.leaf) {
                    seen.push(f.leaf);
                }
            }
            at += 1;
        }
        seen.contains(&to)
    }

    /// The page cut at the jump lines that have partners.
    fn segments(&self, leaf: usize) -> Vec<Segment> {
        let flow = &self.leaves[leaf].flow;
        let mut cuts = vec![0, flow.stretches.len()];
        for (jump, (_, at)) in flow.jumps.iter().enumerate() {
            let end = End { leaf, jump };
            if self.next.contains_key(&end) {
                cuts.push(at.end);
            } else if self.before.contains_key(&end) {
                cuts.push(at.start);
            }
        }
        cuts.sort_unstable();
        cuts.dedup();
        let segment = |w: &[usize]| Segment {
            leaf,
            start: w[0],
            end: w[1],
        };
        cuts.windows(2).map(segment).collect()
    }

    /// The 上接 with a partner that a segment begins with, and that partner.
    fn partner_before(&self, segment: &Segment) -> Option<(End, End)> {
        let of_leaf = self.before.iter().filter(|(f, _)| f.leaf == segment.leaf);
        let mut found = of_leaf.map(|(&f, &t)| (f, t));
        found.find(|(f, _)| self.place(*f).start == segment.start)
    }

    /// The 下转 with a partner that a segment ends with, and that partner.
    fn partner_behind(&self, segment: &Segment) -> Option<(End, End)> {
        let of_leaf = self.next.iter().filter(|(t, _)| t.leaf == segment.leaf);
        let mut found = of_leaf.map(|(&t, &f)| (t, f));
        found.find(|(t, _)| self.place(*t).end == segment.end)
    }

    fn place(&self, end: End) -> &std::ops::Range<usize> {
        &self.leaves[end.leaf].flow.jumps[end.jump].1
    }

    /// The segment that an article goes on in behind `segment`.
    fn next(&self, segment: &Segment) -> Option<Segment> {
        let (_, from) = self.partner_behind(segment)?;
        let start = self.place(from).start;
        let mut segments = self.segments(from.leaf).into_iter();
        segments.find(|s| s.start == start)
    }

    /// Takes out the rests of cut pages that are no articles, as a headline that is repeated over
    /// the continuation, and says so where the article is.
    fn leave_out(&self, articles: &mut Vec<Article>) {
        let mut left = Vec::new();
        articles.retain(|article| {
            let only = &article.first;
            let leaf = &self.leaves[only.leaf];
            let texts = || leaf.texts(only.start, only.end);
            let is_article = !article.further.is_empty()
                || leaf.is_whole(only)
                || texts().any(|s| is_running_text(&s.text));
            if !is_article {
                left.extend(texts().map(|s| (only.leaf, s.clone())));
            }
            is_article
        });
        for (leaf, stretch) in left {
            let of_leaf = |a: &&mut Article| !a.further.is_empty() && a.leaves().any(|l| l == leaf);
            if let Some(article) = articles.iter_mut().find(of_leaf) {
                let message = format!(
                    "{:?} stands beside the article where it goes on and has no sentence: left out",
                    stretch.text
                );
                let place = stretch
                    .pieces
                    .first()
                    .map_or(Place::Whole, |&s| Place::Page(s));
                let finding = Diagnostic::info("beside-the-article", message, place);
                article.findings.push((leaf, finding));
            }
        }
    }

    /// Says what was put together and what was not.
    fn tell(&self, article: &mut Article) {
        let mut findings = Vec::new();
        for segment in article.segments() {
            let leaf = &self.leaves[segment.leaf];
            for (jump, (found, at)) in leaf.flow.jumps.iter().enumerate() {
                if at.start < segment.start || at.end > segment.end {
                    continue;
                }
                let end = End {
                    leaf: segment.leaf,
                    jump,
                };
                if let Some(finding) = self.finding(end, found.span) {
                    findings.push((segment.leaf, finding));
                }
            }
        }
        article.findings.extend(findings);
    }

    /// What there is to say about a jump line; of a pair its 下转 says it.
    fn finding(&self, end: End, span: Span) -> Option<Diagnostic> {
        let shown = |end: &End| {
            let leaf = &self.leaves[end.leaf];
            format!("{} of {}", leaf.jump_text(end.jump), leaf.page.file().name)
        };
        let place = Place::Page(span);
        if let Some(next) = self.next.get(&end) {
            let message = format!("{} goes on at {}", shown(&end), shown(next));
            return Some(Diagnostic::info("jump-stitched", message, place));
        }
        let partners = self.open.get(&end)?;
        if partners.is_empty() {
            let message = format!(
                "{} has no partner among the pages given; give the page that it names",
                shown(&end)
            );
            return Some(Diagnostic::warning("jump-without-partner", message, place));
        }
        let partners: Vec<String> = partners.iter().map(shown).collect();
        let message = format!(
            "{} may belong to {}: not put together; give the pages of one article alone",
            shown(&end),
            partners.join(" or ")
        );
        Some(Diagnostic::warning("jump-ambiguous", message, place))
    }
}

/// The first pair that is clearly better than every other one of its two jump lines.
fn clearest(pairs: &[(End, End, i32)]) -> Option<(End, End)> {
    let clear = |&&(t, f, points): &&(End, End, i32)| {
        let mut rivals = pairs.iter().filter(|p| (p.0 == t) != (p.1 == f));
        rivals.all(|p| p.2 + weight::CLEARLY <= points)
    };
    pairs.iter().find(clear).map(|p| (p.0, p.1))
}

/// Whether the page named is the page: none if it is another one.
fn is_page(named: Option<&str>, label: Option<&str>) -> Option<i32> {
    match (named, label) {
        (Some(named), Some(label)) if lacks_letter(named, label) || lacks_letter(label, named) => {
            Some(0)
        }
        (Some(named), Some(label)) => (named == label).then_some(weight::PAGE),
        _ => Some(0),
    }
}

/// True where the one label is the other without its letter, or with a figure for it.
fn lacks_letter(label: &str, other: &str) -> bool {
    let number = other.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let letters = other.len() - number.len();
    let figures = label.bytes().all(|b| b.is_ascii_digit());
    let before = label.strip_suffix(number).map(str::len);
    letters > 0 && figures && before.is_some_and(|n| n == 0 || n == letters)
}

/// Whether two pages are of one day: none if they are not.
fn is_date(one: &Leaf<'_>, other: &Leaf<'_>) -> Option<i32> {
    let (Some(a), Some(b)) = (&one.published, &other.published) else {
        return Some(0);
    };
    let unlike = a.chars().zip(b.chars()).filter(|(a, b)| a != b).count();
    let folios = one.folios();
    let same_folio = || other.folios().iter().any(|folio| folios.contains(folio));
    match unlike + a.len().abs_diff(b.len()) {
        0 => Some(weight::SAME_DATE),
        1 | 2 if same_folio() => Some(0),
        1 => Some(weight::NEAR_DATE),
        _ => None,
    }
}

/// Whether the sentence, or the paragraph, goes on from the one row to the other.
fn sentence(last: &Stretch, first: &Stretch, lexicon: &Lexicon) -> i32 {
    let labelled = lexicon
        .labels
        .at(&first.text)
        .is_some_and(|l| l.number.is_some());
    let begins = labelled || first.indent >= INDENT;
    match (last.ends_sentence, begins) {
        (false, true) => weight::NO_SENTENCE,
        (true, true) | (false, false) => weight::SENTENCE,
        (true, false) => 0,
    }
}

/// Whether the first label of the continuation goes on with the numbering before it.
fn numbering<'a>(
    above: &[&Stretch],
    mut below: impl Iterator<Item = &'a Stretch>,
    lexicon: &Lexicon,
) -> i32 {
    let labels = &lexicon.labels;
    let label = |text: &str| labels.at(text).and_then(|l| Some((l.kind, l.number?)));
    let Some((kind, number)) = below.find_map(|s| label(&s.text)) else {
        return 0;
    };
    let of_kind = |s: &&Stretch| label(&s.text).filter(|l| l.0 == kind);
    match above.iter().rev().find_map(of_kind) {
        Some((_, last)) if last + 1 == number => weight::NUMBERING,
        _ if number == 1 => 0,
        _ => weight::NO_NUMBERING,
    }
}

/// True when some rows after each other are the headline.
fn stands_in(headline: &str, rows: &[&Stretch]) -> bool {
    (0..rows.len()).any(|start| {
        let mut text = String::new();
        rows[start..].iter().take(HEADLINE_ROWS + 1).any(|row| {
            text.extend(letters(&row.text));
            text == headline
        })
    })
}

/// Letters and digits.
fn letters(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().filter(|c| c.is_alphanumeric())
}

/// True for rows that have a sentence or a part of one.
fn is_running_text(text: &str) -> bool {
    text.contains(is_sentence_mark)
}

/// A mark that headlines do not have and sentences have.
fn is_sentence_mark(c: char) -> bool {
    matches!(c, '。' | '，' | '；' | ',' | ';')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_pages() {
        let cases = [
            (Some("A2"), Some("A2"), Some(weight::PAGE)),
            (Some("A2"), Some("A3"), None),
            (Some("A2"), Some("B2"), None),
            (Some("2"), Some("3"), None),
            (Some("A2"), None, Some(0)),
            (None, Some("A2"), Some(0)),
            // the letter left out, or read as a figure
            (Some("A2"), Some("2"), Some(0)),
            (Some("2"), Some("A2"), Some(0)),
            (Some("A2"), Some("42"), Some(0)),
            (Some("A2"), Some("43"), None),
            (Some("2"), Some("12"), None),
        ];
        for (named, label, points) in cases {
            assert_eq!(is_page(named, label), points, "{named:?} {label:?}");
        }
    }

    #[test]
    fn zeros_before_a_number_say_nothing() {
        assert_eq!(plain("A02"), "A2");
        assert_eq!(plain("12"), "12");
        assert_eq!(label_in_name("x/2021_A02版.json").as_deref(), Some("A2"));
        assert_eq!(label_in_name("x/2021_A02.json").as_deref(), Some("A2"));
    }

    #[test]
    fn the_clearest_pair_and_no_other() {
        let [a, b, c, d] = [0, 1, 2, 3].map(|leaf| End { leaf, jump: 0 });
        assert_eq!(clearest(&[(a, b, 40)]), Some((a, b)));
        assert_eq!(clearest(&[(a, b, 40), (a, c, 35)]), None);
        assert_eq!(clearest(&[(a, b, 40), (a, c, 30)]), Some((a, b)));
        assert_eq!(clearest(&[(a, b, 40), (d, b, 40)]), None);
        assert_eq!(
            clearest(&[(a, b, 40), (a, c, 40), (d, c, 60)]),
            Some((d, c))
        );
    }
}
