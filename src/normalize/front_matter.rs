//! Title, issuer, dateline: what stands between the top of a page and its running text.

use std::borrow::Cow;
use std::ops::Range;

use super::Role;
use super::columns::{EM, Rows};
use super::joining::Joined;
use super::lost::Shape;
use crate::lexicon::Keys;
use crate::lexicon::furniture::FrontLine;

/// Title, issuer, dateline and the like have no more rows together …
const MAX_FRONT_ROWS: usize = 12;
/// … and none of them has more than this.
const MAX_TITLE_ROWS: usize = 5;

impl Rows<'_> {
    /// Title, issuer, dateline and the like at the top of the page: the rows without clause marks,
    /// parted where the parts are most like these.
    pub(super) fn front_matter(&self) -> Vec<Joined> {
        let is_front = |i: &usize| {
            let ends = |c: char| !matches!(c, '｡' | ':' | '!' | '?');
            let mut marks = self.ink.marks_in(self.rows[*i].ink);
            !marks.any(|(_, c)| ends(c)) && self.labels[*i].is_none_or(|l| l.number.is_none())
        };
        let count = (0..self.len().min(MAX_FRONT_ROWS))
            .take_while(is_front)
            .count();
        // best[k]: best score of a parting of the first k rows, and where its last part begins.
        let mut best: Vec<(i32, usize)> = vec![(0, 0)];
        for end in 1..=count {
            let mut found = (i32::MIN, 0);
            for (start, &(before, _)) in best
                .iter()
                .enumerate()
                .skip(end.saturating_sub(MAX_TITLE_ROWS))
            {
                let score = before + self.front_score(start..end);
                if score > found.0 {
                    found = (score, start);
                }
            }
            best.push(found);
        }
        let mut end = (0..best.len()).max_by_key(|&k| (best[k].0, k)).unwrap_or(0);
        let mut out = Vec::new();
        while end > 0 {
            let start = best[end].1;
            out.push(Joined {
                rows: start..end,
                role: self.front_role(start..end),
                shape: Shape::default(),
            });
            end = start;
        }
        out.reverse();
        let mut titled = false;
        for part in &mut out {
            if part.role == Role::Title && std::mem::replace(&mut titled, true) {
                part.role = Role::Body;
            }
        }
        out
    }

    /// What some rows together are.
    pub(super) fn front_line(&self, range: Range<usize>) -> Option<FrontLine> {
        let rows = self.rows.get(range.clone()).unwrap_or_default();
        // Where rows meet, a word may be made of the ends of both.
        let keys = match rows {
            [row] => row.keys,
            _ => Keys::ALL,
        };
        let chars: u32 = rows.iter().map(|row| row.chars).sum();
        let front = &self.lexicon.front_matter;
        front.classify(&self.joined_text(range), chars as usize, keys)
    }

    fn joined_text(&self, range: Range<usize>) -> Cow<'_, str> {
        if range.len() == 1 {
            return Cow::Borrowed(self.text(range.start));
        }
        range.map(|i| self.text(i)).collect()
    }

    fn front_role(&self, range: Range<usize>) -> Role {
        match self.front_line(range) {
            Some(FrontLine::Title) => Role::Title,
            Some(FrontLine::Issuer) => Role::Issuer,
            Some(FrontLine::Dateline) => Role::Dateline,
            Some(FrontLine::Byline) | None => Role::Body,
        }
    }

    /// How well some rows at the top make one line of front matter.
    fn front_score(&self, range: Range<usize>) -> i32 {
        let last = range.end - 1;
        // A title that names neither place nor year is likely the rest of one.
        let whole = || {
            let text = self.joined_text(range.clone());
            text.contains(|c: char| c.is_ascii_digit())
                || self.lexicon.documents.region_in(&text).is_some()
        };
        let line = self.front_line(range.clone());
        let mut score = match line {
            Some(FrontLine::Dateline) => 80,
            Some(FrontLine::Title) if whole() => 60,
            Some(FrontLine::Title) => 25,
            Some(FrontLine::Issuer) => 50,
            Some(FrontLine::Byline) => 40,
            None if range.start == 0 && self.is_short(last, range.start) => 10,
            None => -10,
        };
        for row in range.start..last {
            score -= match self.short(row) {
                None => 15,
                Some(short) if short.by < 2 * EM => 1,
                // Titles are set larger, their lines end where the sense does.
                Some(_) if line == Some(FrontLine::Title) => 20,
                Some(_) => 40,
            };
        }
        if last + 1 < self.len() && !self.is_short(last, range.start) {
            score -= 25; // full: it may well go on
        }
        score
    }
}
