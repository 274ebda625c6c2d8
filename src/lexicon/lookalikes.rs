//! `lexicon/lookalikes.toml`: code points that look like a Han character without being it.

use serde::Deserialize;

use super::LexiconError;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[expect(dead_code, reason = "for people; a file without it does not load")]
    why: String,
    fold: Vec<(char, char)>,
}

/// Look-alike code points beyond those that Unicode's compatibility forms fold.
#[derive(Debug)]
pub struct Lookalikes {
    /// Sorted by the look-alike.
    fold: Vec<(char, char)>,
}

impl Lookalikes {
    /// Compiles the file.
    ///
    /// # Errors
    /// When `text` is not of its shape.
    pub fn load(text: &str) -> Result<Self, LexiconError> {
        let File { mut fold, .. } = super::builtin("lexicon/lookalikes.toml", text)?;
        fold.sort_unstable();
        Ok(Self { fold })
    }

    /// The character that `c` looks like.
    #[must_use]
    pub fn fold(&self, c: char) -> Option<char> {
        let i = self.fold.binary_search_by_key(&c, |&(from, _)| from).ok()?;
        Some(self.fold[i].1)
    }
}
