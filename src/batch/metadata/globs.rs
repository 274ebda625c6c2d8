//! Many globs over the names of pages.
//!
//! `globset` matches bytes: its `?` and `[…]` stand for one byte, and a Chinese character has three.
//! Globs with one of these are matched as regular expressions over characters instead.

use globset::{Glob, GlobBuilder, GlobSet};
use regex::{Captures, Regex, RegexSet, RegexSetBuilder};

/// Globs, each with the number of its row.
#[derive(Debug, Default)]
pub struct Globs {
    bytes: GlobSet,
    bytes_rows: Vec<usize>,
    characters: RegexSet,
    characters_rows: Vec<usize>,
}

/// Room for the regular expressions of some 10 000 globs, in bytes.
const ROOM: usize = 1 << 28;

/// The glob that `text` is: `*` and `?` are no `/`, `\` takes the next character as it stands, on
/// any machine.
///
/// # Errors
/// When it is none.
pub fn glob(text: &str) -> Result<Glob, globset::Error> {
    GlobBuilder::new(text)
        .literal_separator(true)
        .backslash_escape(true)
        .build()
}

impl Globs {
    /// All of `globs`, each with its row.
    ///
    /// # Errors
    /// Why there are too many.
    pub fn new(globs: Vec<(usize, Glob)>) -> Result<Self, String> {
        let single = |(_, glob): &(usize, Glob)| glob.glob().contains(['?', '[']);
        let (characters, bytes): (Vec<_>, Vec<_>) = globs.into_iter().partition(single);
        let whole = Regex::new(r"\\\\|(?:\\x[0-9a-f]{2})+").map_err(|e| e.to_string())?;
        let regexes = characters.iter().map(|(_, glob)| regex(glob, &whole));
        Ok(Self {
            bytes: GlobSet::new(bytes.iter().map(|(_, glob)| glob)).map_err(|e| e.to_string())?,
            bytes_rows: bytes.into_iter().map(|(row, _)| row).collect(),
            characters: RegexSetBuilder::new(regexes)
                .dot_matches_new_line(true)
                .size_limit(ROOM)
                .build()
                .map_err(|e| e.to_string())?,
            characters_rows: characters.into_iter().map(|(row, _)| row).collect(),
        })
    }

    /// The rows whose globs are of `name`, in ascending order.
    #[must_use]
    pub fn rows(&self, name: &str) -> Vec<usize> {
        let mut rows = Vec::new();
        if !self.bytes_rows.is_empty() {
            let found = self.bytes.matches(name).into_iter();
            rows.extend(found.filter_map(|i| self.bytes_rows.get(i)));
        }
        if !self.characters_rows.is_empty() {
            let found = self.characters.matches(name).into_iter();
            rows.extend(found.filter_map(|i| self.characters_rows.get(i)));
        }
        rows.sort_unstable();
        rows
    }
}

/// The regular expression of a glob, over characters: `globset` writes it over bytes, `(?-u)` and
/// `\xe4\xb8\x80` for 一. `whole` finds such bytes, and escaped backslashes, which begin none.
fn regex(glob: &Glob, whole: &Regex) -> String {
    let bytes = glob.regex();
    let over_characters = bytes.strip_prefix("(?-u)").unwrap_or(bytes);
    let character = |found: &Captures<'_>| {
        let codes = found[0].split("\\x").skip(1);
        let bytes: Option<Vec<u8>> = codes.map(|c| u8::from_str_radix(c, 16).ok()).collect();
        let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
        text.filter(|t| !t.is_empty())
            .unwrap_or_else(|| found[0].to_owned())
    };
    whole.replace_all(over_characters, character).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(text: &str, name: &str) -> bool {
        let globs = Globs::new(vec![(7, glob(text).unwrap())]).unwrap();
        globs.rows(name) == [7]
    }

    #[test]
    fn signs_stand_for_characters() {
        for (text, name) in [
            ("*.txt", "公报.txt"),
            ("**/*.txt", "公报.txt"),
            ("**/*.txt", "a/b/公报.txt"),
            ("公报/**", "公报/a/b.txt"),
            ("?报.txt", "公报.txt"),
            ("第[一-五]期/?.txt", "第三期/1.txt"),
            ("第[!一二]期", "第三期"),
            ("**/[公]?.txt", "a/b/公报.txt"),
            ("{公报,日报}-?.txt", "日报-甲.txt"),
            ("a\\?.[t]xt", "a?.txt"),
            ("a\\\\xe4?", "a\\xe4版"),
            ("令[[]?].txt", "令[一].txt"),
        ] {
            assert!(matches(text, name), "{text} {name}");
        }
        for (text, name) in [
            ("*.txt", "a/公报.txt"),
            ("?.txt", "公报.txt"),
            ("??.txt", "/报.txt"),
            ("第[一-五]期", "第六期"),
            ("第[!一二]期", "第二期"),
            ("第[!一二]期", "第三四期"),
            ("a\\?.[t]xt", "ab.txt"),
            ("a\\\\xe4?", "aä版"),
        ] {
            assert!(!matches(text, name), "{text} {name}");
        }
    }

    #[test]
    fn rows_are_in_their_order() {
        let texts = ["*", "?.txt", "*.txt", "[a].txt", "b*"];
        let globs = texts.iter().enumerate();
        let globs = globs
            .map(|(row, text)| (row, glob(text).unwrap()))
            .collect();
        assert_eq!(Globs::new(globs).unwrap().rows("a.txt"), [0, 1, 2, 3]);
        assert_eq!(Globs::new(Vec::new()).unwrap().rows("a"), [0_usize; 0]);
    }
}
