//! Running heads and page numbers: what stands first or last on several printed pages and is the same
//! but for figures that count the pages.

use std::collections::BTreeMap;
use std::ops::Range;

use super::Furniture;
use super::ink::{Ink, Row};
use super::spacing::is_clause_mark;

/// A head is repeated on so many pages or more.
const PAGES: usize = 3;
/// So many lines are heads one below the other.
const LINES: usize = 2;
/// A head has so many characters or fewer.
const CHARS: u32 = 40;
/// A line with fewer letters is a page number and nothing else.
const LETTERS: usize = 2;

/// A line at the edge of a page.
struct Edge {
    /// Index of its row.
    row: usize,
    /// Which page, in order.
    page: i64,
    /// The numbers in it.
    numbers: Vec<i64>,
}

/// Marks the rows of `ink` that are running heads or page numbers; `found` says of each row which
/// furniture it is already.
pub(super) fn mark(ink: &Ink, found: &mut [Option<Furniture>]) {
    let pages = pages(&ink.rows);
    if pages.len() >= PAGES {
        (0..LINES).for_each(|_| mark_outermost(ink, &pages, found));
    }
}

/// The same for the first and last row of each page that is not furniture yet.
fn mark_outermost(ink: &Ink, pages: &[Range<usize>], found: &mut [Option<Furniture>]) {
    let mut alike: BTreeMap<(bool, String), Vec<Edge>> = BTreeMap::new();
    for (page, rows) in (0..).zip(pages) {
        let free = |i: &usize| found[*i].is_none();
        let (head, foot) = (rows.clone().find(free), rows.clone().rfind(free));
        let foot = foot.filter(|_| foot != head);
        for (at_foot, row) in [(false, head), (true, foot)] {
            if let Some(row) = row
                && let Some((shape, numbers)) = shape(ink, &ink.rows[row])
            {
                let edge = Edge { row, page, numbers };
                alike.entry((at_foot, shape)).or_default().push(edge);
            }
        }
    }
    for ((_, shape), mut edges) in alike {
        let counts = keep_agreeing(&mut edges);
        let named = shape.chars().filter(|c| c.is_alphabetic()).count() >= LETTERS;
        if edges.len() < PAGES || !(named || counts) {
            continue;
        }
        for edge in edges {
            found[edge.row] = Some(Furniture {
                span: ink.page_span(ink.rows[edge.row].ink),
                kind: "running".to_owned(),
                page: None,
            });
        }
    }
}

/// The rows of each printed page.
fn pages(rows: &[Row]) -> Vec<Range<usize>> {
    let mut start = 0;
    let pages = rows.chunk_by(|a, b| a.sheet == b.sheet).map(|page| {
        let range = start..start + page.len();
        start = range.end;
        range
    });
    pages.collect()
}

/// A line without its numbers, and these; none for what cannot be a head.
fn shape(ink: &Ink, row: &Row) -> Option<(String, Vec<i64>)> {
    let text = ink.row(row);
    if row.chars > CHARS || text.ends_with(is_clause_mark) {
        return None;
    }
    let (mut shape, mut numbers) = (String::new(), Vec::new());
    for part in text.split_inclusive(|c: char| !c.is_ascii_digit()) {
        let letter = part.trim_start_matches(|c: char| c.is_ascii_digit());
        let digits = &part[..part.len() - letter.len()];
        if !digits.is_empty() {
            shape.push('0');
            numbers.push(digits.parse().ok()?);
        }
        shape.push_str(letter);
    }
    Some((shape, numbers))
}

/// Keeps of lines of one shape those whose numbers are the same or go on by one from page to page, as
/// most of them have it. True when one goes on.
fn keep_agreeing(edges: &mut Vec<Edge>) -> bool {
    let mut counts = false;
    let count = edges.first().map_or(0, |edge| edge.numbers.len());
    for i in 0..count {
        let same = commonest(edges.iter().map(|edge| edge.numbers[i]));
        let offset = |edge: &Edge| edge.numbers[i].saturating_sub(edge.page);
        let running = commonest(edges.iter().map(offset));
        if running.1 > same.1 {
            counts = true;
            edges.retain(|edge| offset(edge) == running.0);
        } else {
            edges.retain(|edge| edge.numbers[i] == same.0);
        }
    }
    counts
}

/// The value that comes up most often, the smallest of several, and how often.
fn commonest(values: impl Iterator<Item = i64>) -> (i64, usize) {
    let mut counts: BTreeMap<i64, usize> = BTreeMap::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    let best = counts.into_iter().rev().max_by_key(|&(_, count)| count);
    best.unwrap_or_default()
}
