//! `lexicon/variants.toml`: traditional characters, and what the grammar reads them as.

use std::borrow::Cow;

use serde::Deserialize;

use super::units::QuantityExample;
use super::{LexiconError, builtin};
use crate::base::CharMap;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Variant {
    from: String,
    to: String,
    #[expect(dead_code, reason = "read by `entries`")]
    hit: Vec<QuantityExample>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    variant: Vec<Variant>,
}

/// The characters, compiled.
#[derive(Debug)]
pub struct Variants {
    to: CharMap<char>,
}

impl Variants {
    pub(super) fn load(file: &str, text: &str) -> Result<Self, LexiconError> {
        let f: File = builtin(file, text)?;
        let mut to = CharMap::new();
        for entry in &f.variant {
            let (a, b) = (entry.from.chars().count(), entry.to.chars().count());
            for (from, into) in entry.from.chars().zip(entry.to.chars()) {
                // Offsets of the folded text are those of the text: no character changes length.
                if a != b || from.len_utf8() != into.len_utf8() {
                    return Err(LexiconError {
                        file: file.to_owned(),
                        message: format!(
                            "{from:?} and {into:?}: from and to pair up one by one, with as many bytes each"
                        ),
                    });
                }
                to.insert(from, into);
            }
        }
        Ok(Self { to })
    }

    /// `text` with every variant replaced, byte offsets unchanged; borrowed when it has none.
    #[must_use]
    pub fn fold<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if !text.chars().any(|c| self.to.get(c).is_some()) {
            return Cow::Borrowed(text);
        }
        let fold = |c: char| self.to.get(c).unwrap_or(c);
        Cow::Owned(text.chars().map(fold).collect())
    }
}
