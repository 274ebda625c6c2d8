//! The words that a line must have before patterns are tried on it, all looked for in one pass.

use crate::base::{CharMap, CharSet};

/// How many groups of words have a bit of their own.
const BITS: u32 = u64::BITS;

/// Which groups of words a line may have: a bit each, shared where there are more than bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Keys(u64);

impl Keys {
    /// All there are: where nothing is known of a line.
    pub const ALL: Self = Self(u64::MAX);

    /// Those of both.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// False when they have none in common.
    #[must_use]
    pub fn meet(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// Groups of words, compiled.
#[derive(Debug, Default)]
pub struct KeyWords {
    /// The first characters of words …
    initials: CharSet,
    /// … and for each, which of `words`.
    places: CharMap<usize>,
    /// Words with one first character, each with its group.
    words: Vec<Vec<(String, Keys)>>,
    groups: u32,
    /// Groups with words that begin with a figure: nearly every line has some.
    always: Keys,
}

impl KeyWords {
    /// Adds a group of words; gives what lines have that may have one of them.
    pub(super) fn add(&mut self, words: &[String]) -> Keys {
        let group = Keys(1 << (self.groups % BITS));
        self.groups += 1;
        for word in words {
            let Some(first) = word.chars().next().filter(|c| !c.is_ascii_digit()) else {
                self.always = self.always.with(group);
                continue;
            };
            self.initials.insert(first);
            let place = self.places.get(first).unwrap_or(self.words.len());
            self.places.insert(first, place);
            if place == self.words.len() {
                self.words.push(Vec::new());
            }
            if let Some(words) = self.words.get_mut(place) {
                words.push((word.clone(), group));
            }
        }
        group
    }

    /// The characters that words begin with, but for figures.
    #[must_use]
    pub fn initials(&self) -> &CharSet {
        &self.initials
    }

    /// What every line may have.
    #[must_use]
    pub fn always(&self) -> Keys {
        self.always
    }

    /// The groups of the words that `text`, whose first character is `first`, begins with.
    #[must_use]
    pub fn at(&self, first: char, text: &str) -> Keys {
        let words = self
            .places
            .get(first)
            .and_then(|place| self.words.get(place));
        let found = words.into_iter().flatten();
        let found = found.filter(|(word, _)| text.starts_with(word.as_str()));
        found.fold(Keys::default(), |all, &(_, group)| all.with(group))
    }

    /// The groups that `line` may have words of.
    #[must_use]
    pub fn of(&self, line: &str) -> Keys {
        let firsts = self.initials.all_in(line);
        firsts.fold(self.always, |all, (at, c)| {
            all.with(self.at(c, line.get(at..).unwrap_or_default()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_have_the_groups_of_their_words() {
        let mut words = KeyWords::default();
        let own = |list: &[&str]| list.iter().map(|&w| w.to_owned()).collect::<Vec<_>>();
        let proof = words.add(&own(&["校对", "校样"]));
        let paper = words.add(&own(&["日报", "校"]));
        let figures = words.add(&own(&["7", "版"]));
        for (line, want) in [
            ("本版校对", proof.with(paper).with(figures)),
            ("校园", paper.with(figures)),
            ("今日报名", paper.with(figures)),
            ("水库", figures),
            ("", figures),
        ] {
            assert_eq!(words.of(line), want, "{line}");
        }
        assert!(Keys::ALL.meet(proof) && !proof.meet(paper));
    }
}
