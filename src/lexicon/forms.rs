//! A set of forms, compiled for longest match at a place and before a place.
//!
//! Two tries of characters, one read forwards and one backwards. Nearly every look-up fails, and
//! nearly all of those at the first character: a table of first (last) characters answers them.

use super::LexiconError;
use crate::base::CharMap;

/// Forms and the entry that each belongs to (an index into the entries' list).
#[derive(Debug)]
pub struct Forms {
    forwards: Trie,
    backwards: Trie,
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
        let (mut ahead, mut back) = (Vec::new(), Vec::new());
        for (form, owner) in forms {
            if form.is_empty() {
                return Err(fail("a form is empty; write at least one character".into()));
            }
            ahead.push((form.chars().collect(), owner));
            back.push((form.chars().rev().collect(), owner));
        }
        let twice = |form: String| {
            fail(format!(
                "the form {form:?} is said twice; keep it in one entry only"
            ))
        };
        Ok(Self {
            forwards: Trie::new(ahead).map_err(twice)?,
            backwards: Trie::new(back).map_err(twice)?,
        })
    }

    /// The longest form that starts at byte `at` of `text`: its end and its entry.
    #[inline]
    #[must_use]
    pub fn at(&self, text: &str, at: usize) -> Option<(usize, usize)> {
        let rest = text.get(at..)?;
        let (length, owner) = self.forwards.longest(rest.chars())?;
        Some((at + length, owner))
    }

    /// The longest form that ends at byte `at` of `text`: its start and its entry.
    #[inline]
    #[must_use]
    pub fn before(&self, text: &str, at: usize) -> Option<(usize, usize)> {
        let head = text.get(..at)?;
        let (length, owner) = self.backwards.longest(head.chars().rev())?;
        Some((at - length, owner))
    }

    /// The characters that the forms start with.
    pub fn initials(&self) -> impl Iterator<Item = char> + '_ {
        self.forwards.initials.iter().copied()
    }

    /// The entry of `text` as a whole.
    #[must_use]
    pub fn whole(&self, text: &str) -> Option<usize> {
        let (length, owner) = self.forwards.longest(text.chars())?;
        (length == text.len()).then_some(owner)
    }

    /// All forms in `text`, leftmost longest, not overlapping: start, end and entry.
    pub fn all<'t>(
        &self,
        text: &'t str,
    ) -> impl Iterator<Item = (usize, usize, usize)> + use<'_, 't> {
        let mut rest = text.chars();
        std::iter::from_fn(move || {
            loop {
                let here = rest.clone();
                let found = self.forwards.longest(here.clone());
                if let Some((length, owner)) = found {
                    let start = text.len() - here.as_str().len();
                    rest = here.as_str().get(length..)?.chars();
                    return Some((start, start + length, owner));
                }
                rest.next()?;
            }
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
        self.first(text).is_some()
    }
}

/// Words by their characters.
#[derive(Debug)]
struct Trie {
    /// The node behind a first character.
    roots: CharMap<u32>,
    initials: Vec<char>,
    nodes: Vec<Node>,
    /// The characters that go on from nodes, each with the node behind it; those of a node stand
    /// together and are sorted.
    steps: Vec<(char, u32)>,
}

#[derive(Debug, Clone, Copy)]
struct Node {
    /// Of the word that ends here.
    owner: Option<usize>,
    /// Where its characters stand in `steps`.
    from: usize,
    to: usize,
}

impl Trie {
    /// The word that is said twice, if one is.
    fn new(mut words: Vec<(Vec<char>, usize)>) -> Result<Self, String> {
        words.sort();
        let twice = words.windows(2).find(|pair| pair[0].0 == pair[1].0);
        if let Some(pair) = twice {
            return Err(pair[0].0.iter().collect());
        }
        let mut trie = Self {
            roots: CharMap::new(),
            initials: Vec::new(),
            nodes: Vec::new(),
            steps: Vec::new(),
        };
        for group in words.chunk_by(|a, b| a.0.first() == b.0.first()) {
            if let Some(&initial) = group.first().and_then(|(word, _)| word.first()) {
                let node = trie.node(group, 1);
                trie.roots.insert(initial, node);
                trie.initials.push(initial);
            }
        }
        Ok(trie)
    }

    /// Adds the node behind the first `depth` characters, which all of `words` share.
    fn node(&mut self, words: &[(Vec<char>, usize)], depth: usize) -> u32 {
        let here = self.nodes.len();
        // sorted: the word that ends here comes first
        let ends = words.first().filter(|(word, _)| word.len() == depth);
        let longer = &words[usize::from(ends.is_some())..];
        self.nodes.push(Node {
            owner: ends.map(|&(_, owner)| owner),
            from: 0,
            to: 0,
        });
        let mut steps = Vec::new();
        for group in longer.chunk_by(|a, b| a.0.get(depth) == b.0.get(depth)) {
            if let Some(&c) = group.first().and_then(|(word, _)| word.get(depth)) {
                steps.push((c, self.node(group, depth + 1)));
            }
        }
        let from = self.steps.len();
        self.steps.append(&mut steps);
        if let Some(node) = self.nodes.get_mut(here) {
            (node.from, node.to) = (from, self.steps.len());
        }
        u32::try_from(here).unwrap_or(u32::MAX)
    }

    /// The longest word that `chars` begin with: its bytes and its entry.
    #[inline]
    fn longest(&self, mut chars: impl Iterator<Item = char>) -> Option<(usize, usize)> {
        let first = chars.next()?;
        let root = self.roots.get(first)?;
        self.longest_from(root, first.len_utf8(), chars)
    }

    fn longest_from(
        &self,
        root: u32,
        mut bytes: usize,
        chars: impl Iterator<Item = char>,
    ) -> Option<(usize, usize)> {
        let mut node = self.nodes.get(root as usize)?;
        let mut best = node.owner.map(|owner| (bytes, owner));
        for c in chars {
            let steps = self.steps.get(node.from..node.to)?;
            let Ok(step) = steps.binary_search_by_key(&c, |step| step.0) else {
                break;
            };
            bytes += c.len_utf8();
            node = self.nodes.get(steps.get(step)?.1 as usize)?;
            if let Some(owner) = node.owner {
                best = Some((bytes, owner));
            }
        }
        best
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
    fn all_are_leftmost_longest_and_apart() {
        let forms = Forms::new("t.toml", [("人", 0), ("人次", 1), ("次日", 2)]).unwrap();
        let found: Vec<_> = forms.all("9人次日，3人").collect();
        assert_eq!(found, [(1, 7, 1), (14, 17, 0)]);
        assert_eq!(forms.first("次日"), Some((0, 6, 2)));
        assert!(!forms.within("次"));
        assert_eq!(forms.whole("人次"), Some(1));
        assert_eq!(forms.whole("人次日"), None);
    }

    #[test]
    fn no_forms_and_no_text_are_fine() {
        let none = Forms::new("t.toml", []).unwrap();
        assert_eq!((none.at("人", 0), none.before("人", 3)), (None, None));
        let forms = Forms::new("t.toml", [("人", 0)]).unwrap();
        assert_eq!((forms.at("人", 3), forms.before("人", 0)), (None, None));
        // within a character and beyond the text
        assert_eq!((forms.at("人", 1), forms.before("人", 4)), (None, None));
    }

    #[test]
    fn a_form_said_twice_is_refused() {
        let error = Forms::new("t.toml", [("人", 0), ("人", 1)]).unwrap_err();
        assert!(error.to_string().contains("said twice"), "{error}");
    }
}
