//! Where on a page words may begin that the grammar looks for in every clause: it need not look in
//! those that hold no first character of one.

use super::nearby::Nearby;
use crate::base::Span;
use crate::lexicon::Lexicon;
use crate::lexicon::names::{Groups, WordGroup};

/// The first characters on a page of words that are looked for.
#[derive(Debug)]
pub(super) struct Beginnings {
    /// Where they stand, and the groups that they may begin a word of.
    places: Vec<(u32, Groups)>,
    nearby: Nearby,
}

impl Beginnings {
    pub(super) fn of(text: &str, lexicon: &Lexicon) -> Self {
        let mut places: Vec<(u32, Groups)> = Vec::with_capacity(text.len() / 16);
        let mut nearby = Nearby::default();
        for (at, c) in text.char_indices() {
            let groups = lexicon.names.opened_by(c).or(lexicon.changes.opened_by(c));
            if !groups.is_empty() {
                nearby.add(at as u32, places.len());
                places.push((at as u32, groups));
            }
        }
        Self { places, nearby }
    }

    /// The groups that may have a word in `span`.
    pub(super) fn within(&self, span: Span) -> Groups {
        if span.start >= span.end {
            return Groups::default();
        }
        let from = self.nearby.first(&self.places, span.start, |p| p.0);
        let places = self.places.get(from..).unwrap_or(&[]).iter();
        places
            .take_while(|p| p.0 < span.end)
            .fold(Groups::default(), |all, p| all.or(p.1))
    }

    /// Where words of `group` may begin.
    pub(super) fn all(&self, group: WordGroup) -> impl Iterator<Item = u32> {
        let places = self.places.iter();
        places.filter(move |p| p.1.has(group)).map(|p| p.0)
    }
}
