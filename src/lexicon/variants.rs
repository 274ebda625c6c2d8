//! `lexicon/variants.toml`: traditional characters, and what the grammar reads them as.

use std::borrow::Cow;

use serde::Deserialize;

use super::units::QuantityExample;
use super::{LexiconError, builtin};
use crate::base::{CharMap, CharSet};

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
    from: CharSet,
    to: CharMap<char>,
}

impl Variants {
    pub(super) fn load(file: &str, text: &str) -> Result<Self, LexiconError> {
        let f: File = builtin(file, text)?;
        let (mut set, mut to) = (CharSet::new(), CharMap::new());
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
                set.insert(from);
                to.insert(from, into);
            }
        }
        Ok(Self { from: set, to })
    }

    /// `text` with every variant replaced, byte offsets unchanged; borrowed when it has none.
    #[must_use]
    pub fn fold<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut folded = String::new();
        let mut rest = text;
        while let Some(at) = self.from.first_in(rest)
            && let Some((before, from)) = rest.split_at_checked(at)
        {
            if folded.is_empty() {
                folded.reserve(text.len());
            }
            let mut behind = from.chars();
            folded.push_str(before);
            folded.extend(behind.next().and_then(|c| self.to.get(c)));
            rest = behind.as_str();
        }
        if folded.is_empty() {
            return Cow::Borrowed(text);
        }
        folded.push_str(rest);
        Cow::Owned(folded)
    }
}

#[cfg(test)]
mod tests {
    use crate::lexicon::Lexicon;
    use std::borrow::Cow;

    #[test]
    fn folded_character_by_character() {
        let variants = &Lexicon::builtin().variants;
        assert_eq!(variants.fold("新增億元企業12戶。"), "新增亿元企业12户。");
        assert_eq!(variants.fold("億"), "亿");
        assert!(matches!(variants.fold("新增企业12户。"), Cow::Borrowed(_)));
    }
}
