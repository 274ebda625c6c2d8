//! `--accept-only`: which changes of which pages.

use std::str::FromStr;

use globset::GlobBuilder;

use crate::base::legible;
use crate::batch::metadata::globs::{self, Globs};
use crate::snapshot::Change;

/// `PAGES`, `PAGES:CHANGES` or `:CHANGES`, globs over names of pages and over changes.
#[derive(Debug, Clone)]
pub struct Pattern {
    text: String,
    pages: Option<Matcher>,
    changes: Option<Matcher>,
}

/// One glob. Behind an `Arc`, for clap wants to clone what it reads.
type Matcher = std::sync::Arc<Globs>;

impl Pattern {
    /// True for a change of a page with these names, one of them before it was renamed.
    pub fn takes(&self, names: &[&str], change: &Change) -> bool {
        let page = |glob: &Matcher| names.iter().any(|name| is_of(glob, name));
        let words =
            |glob: &Matcher| is_of(glob, &legible(&change.label())) || is_of(glob, &change.kind());
        self.pages.as_ref().is_none_or(page) && self.changes.as_ref().is_none_or(words)
    }

    /// As it was typed.
    pub fn text(&self) -> &str {
        &self.text
    }
}

fn is_of(glob: &Globs, text: &str) -> bool {
    !glob.rows(text).is_empty()
}

impl FromStr for Pattern {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (pages, changes) = match text.split_once(':') {
            Some((pages, changes)) => (pages, Some(changes)),
            None => (text, None),
        };
        let expected = "expected PAGES, PAGES:CHANGES or :CHANGES, such as 'a*.txt:* unit'";
        if text.is_empty() || changes == Some("") {
            return Err(format!("nothing is asked for; {expected}"));
        }
        let wrong = |error: globset::Error| format!("{error}; {expected}");
        let matcher = |glob| Globs::new(vec![(0, glob)]).map(Matcher::new);
        let pages = (!pages.is_empty()).then(|| globs::glob(pages).map_err(wrong));
        // In the words of a change, a slash stands between labels: it parts nothing.
        let words = |text| {
            let glob = GlobBuilder::new(text).backslash_escape(true).build();
            glob.map_err(wrong)
        };
        Ok(Self {
            text: text.to_owned(),
            pages: pages.transpose()?.map(matcher).transpose()?,
            changes: changes.map(words).transpose()?.map(matcher).transpose()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Extractor;
    use crate::snapshot::compare;

    #[test]
    fn pages_and_changes() {
        let read = |text: &str| Extractor::new().extract("a.txt", text.as_bytes()).unwrap();
        let page = "一、政务\n（一）窗口。全年受理事项7911件。";
        let changes = compare(&read(page), &read(&page.replace("7911件", "791项")));
        let takes = |pattern: &str| -> Vec<String> {
            let pattern: Pattern = pattern.parse().unwrap();
            let taken = changes.iter().filter(|c| pattern.takes(&["1998/a.txt"], c));
            taken.map(Change::label).collect()
        };
        let (value, unit) = ("一、/（一） 受理事项", "一、/（一） 受理事项, unit");
        for all in [
            "1998/a.txt",
            "1998/*",
            "**/a.txt",
            "1998/*:*受理*",
            ":一、*",
        ] {
            assert_eq!(takes(all), [value, unit], "{all}");
        }
        for none in ["a.txt", "*.txt", ":受理事项", ":二、*", "1999/*:*"] {
            assert_eq!(takes(none), [""; 0], "{none}");
        }
        assert_eq!(takes(":*, unit"), [unit]);
        assert_eq!(takes("1998/*:indicator value"), [value]);
        for bad in ["", "a.txt:", ":[a"] {
            assert!(bad.parse::<Pattern>().is_err(), "{bad}");
        }
    }
}
