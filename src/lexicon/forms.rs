//! A set of forms, compiled for longest match at a place and for look-up before a place.

use std::collections::HashMap;

use aho_corasick::{AhoCorasick, Anchored, Input, MatchKind, StartKind};

use super::LexiconError;

/// Forms and the entry that each belongs to (an index into the entries' list).
#[derive(Debug)]
pub struct Forms {
    automaton: AhoCorasick,
    owners: Vec<usize>,
    by_text: HashMap<String, usize>,
    longest: usize,
}

impl Forms {
    /// Compiles `forms`, pairs of form and entry.
    ///
    /// # Errors
    /// When a form is empty or said twice.
    pub fn new<'a>(
        file: &str,
        forms: impl IntoIterator<Item = (&'a str, usize)>,
    ) -> Result<Self, LexiconError> {
        let fail = |message: String| LexiconError {
            file: file.to_owned(),
            message,
        };
        let mut by_text = HashMap::new();
        let mut patterns = Vec::new();
        let mut owners = Vec::new();
        for (form, owner) in forms {
            if form.is_empty() {
                return Err(fail("a form is empty; write at least one character".into()));
            }
            if by_text.insert(form.to_owned(), owner).is_some() {
                return Err(fail(format!(
                    "the form {form:?} is said twice; keep it in one entry only"
                )));
            }
            patterns.push(form);
            owners.push(owner);
        }
        let longest = patterns.iter().map(|p| p.len()).max().unwrap_or_default();
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .start_kind(StartKind::Both)
            .build(&patterns)
            .map_err(|e| fail(e.to_string()))?;
        Ok(Self {
            automaton,
            owners,
            by_text,
            longest,
        })
    }

    /// The longest form that starts at byte `at` of `text`: its end and its entry.
    #[must_use]
    pub fn at(&self, text: &str, at: usize) -> Option<(usize, usize)> {
        let input = Input::new(text).range(at..).anchored(Anchored::Yes);
        let found = self.automaton.find(input)?;
        Some((found.end(), *self.owners.get(found.pattern().as_usize())?))
    }

    /// The longest form that ends at byte `at` of `text`: its start and its entry.
    #[must_use]
    pub fn before(&self, text: &str, at: usize) -> Option<(usize, usize)> {
        let lowest = at.saturating_sub(self.longest);
        let head = text.get(..at)?;
        let mut best = None;
        for (start, _) in head.char_indices().rev() {
            if start < lowest {
                break;
            }
            if let Some(&owner) = text.get(start..at).and_then(|s| self.by_text.get(s)) {
                best = Some((start, owner));
            }
        }
        best
    }

    /// The characters that the forms start with.
    pub fn initials(&self) -> impl Iterator<Item = char> + '_ {
        self.by_text.keys().filter_map(|f| f.chars().next())
    }

    /// The entry of `text` as a whole.
    #[must_use]
    pub fn whole(&self, text: &str) -> Option<usize> {
        self.by_text.get(text).copied()
    }

    /// All forms in `text`, leftmost longest, not overlapping: start, end and entry.
    pub fn all<'t>(
        &self,
        text: &'t str,
    ) -> impl Iterator<Item = (usize, usize, usize)> + use<'_, 't> {
        self.automaton.find_iter(text).filter_map(|m| {
            let owner = *self.owners.get(m.pattern().as_usize())?;
            Some((m.start(), m.end(), owner))
        })
    }

    /// The first form in `text`.
    #[must_use]
    pub fn first(&self, text: &str) -> Option<(usize, usize, usize)> {
        self.all(text).next()
    }

    /// True when `text` holds a form.
    #[must_use]
    pub fn within(&self, text: &str) -> bool {
        self.automaton.is_match(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn longest_wins_at_and_before_a_place() {
        let forms = Forms::new(
            "t.toml",
            [("人", 0), ("人次", 1), ("超过", 2), ("不超过", 3)],
        )
        .unwrap();
        let text = "不超过9人次";
        assert_eq!(forms.at(text, 10), Some((16, 1)));
        assert_eq!(forms.before(text, 9), Some((0, 3)));
        assert_eq!(forms.at(text, 9), None);
    }

    #[test]
    fn a_form_said_twice_is_refused() {
        let error = Forms::new("t.toml", [("人", 0), ("人", 1)]).unwrap_err();
        assert!(error.to_string().contains("said twice"), "{error}");
    }
}
