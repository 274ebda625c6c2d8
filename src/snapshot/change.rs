//! One change, and its words.

use std::fmt;

use unicode_width::UnicodeWidthStr;

use crate::record::Record;
use crate::write::words::cut_back;

/// What something changed of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Thing {
    /// The file of the page.
    Page,
    /// What the page says of itself, or what was known of it.
    Document,
    /// A section.
    Section,
    /// A number.
    Indicator,
    /// A piece of the page's own arithmetic.
    Check,
    /// A paragraph.
    Text,
    /// A character that was read as another.
    Repair,
    /// A pointer to another page.
    Jump,
    /// A finding about the page.
    Diagnostic,
    /// Any field of the record that is in none of these.
    Record,
}

impl Thing {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Document => "document",
            Self::Section => "section",
            Self::Indicator => "indicator",
            Self::Check => "check",
            Self::Text => "text",
            Self::Repair => "repair",
            Self::Jump => "jump",
            Self::Diagnostic => "diagnostic",
            Self::Record => "record",
        }
    }
}

/// What became of it. What was and is, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// It was not there.
    Added(String),
    /// It is not there any more.
    Removed(String),
    /// It is called otherwise.
    Renamed {
        /// As it was called.
        old: String,
        /// As it is called.
        new: String,
    },
    /// It stands elsewhere.
    Moved {
        /// Where it stands now, such as `to 二、` or `behind 新增企业`.
        to: String,
    },
    /// It says something else.
    Changed {
        /// In which field.
        field: &'static str,
        /// What it was.
        old: String,
        /// What it is.
        new: String,
    },
}

/// Where a change is to be seen on the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// The clause or text around it.
    pub text: String,
    /// Line of the source.
    pub line: u32,
}

/// One change. `Display` gives its line in words: `二、/（一） 行政审批事项: 7911 → 791`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What something changed of.
    pub thing: Thing,
    /// The labels of the sections around it, outermost first: `二、/（一）`; empty outside of all.
    pub section: String,
    /// What it is called: an indicator by its name, and what is stated of it where that is no level
    /// (`生产总值@growth`).
    pub name: String,
    /// What became of it.
    pub what: What,
    /// Where it was.
    pub before: Option<Context>,
    /// Where it is.
    pub after: Option<Context>,
    /// What of the new record it touches.
    pub now: Now,
}

/// What of the new record a change touches; nothing of it where what changed is gone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Now {
    /// The indicator, by its index.
    pub indicator: Option<usize>,
    /// The first character.
    pub start: Option<u32>,
}

/// A piece of the words of what changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part<'a> {
    /// Words between.
    Word(&'a str),
    /// What was.
    Old(&'a str),
    /// What is.
    New(&'a str),
}

impl Change {
    pub(super) fn new(thing: Thing, section: &str, name: impl Into<String>, what: What) -> Self {
        Self {
            thing,
            section: section.to_owned(),
            name: name.into(),
            what,
            before: None,
            after: None,
            now: Now::default(),
        }
    }

    /// It touches the new indicator of this index.
    pub(super) fn of_indicator(mut self, index: Option<usize>) -> Self {
        self.now.indicator = index;
        self
    }

    /// It touches this character of the new text.
    pub(super) fn at(mut self, start: Option<u32>) -> Self {
        self.now.start = start;
        self
    }

    pub(super) fn between(mut self, before: Option<Context>, after: Option<Context>) -> Self {
        (self.before, self.after) = (before, after);
        self
    }

    /// The page called `old` is there under another name.
    #[must_use]
    pub fn renamed_page(old: &str, new: &str) -> Self {
        let what = What::Renamed {
            old: old.to_owned(),
            new: new.to_owned(),
        };
        Self::new(Thing::Page, "", Thing::Page.name(), what)
    }

    /// The page of which `snapshot` was made is not there any more.
    #[must_use]
    pub fn missing_page(snapshot: &str) -> Self {
        let what = What::Removed(format!("its snapshot {snapshot} is left"));
        Self::new(Thing::Page, "", Thing::Page.name(), what)
    }

    /// There is no snapshot of the page yet, of which this is the record.
    #[must_use]
    pub fn new_page(record: &Record) -> Self {
        let count = record.indicators.len();
        let plural = if count == 1 { "" } else { "s" };
        let what = What::Added(format!("{count} indicator{plural}"));
        Self::new(Thing::Page, "", Thing::Page.name(), what)
    }

    /// What kind of change it is: `indicator value`, `section added`.
    #[must_use]
    pub fn kind(&self) -> String {
        format!("{} {}", self.thing.name(), self.what.name())
    }

    /// What changed, without what it was and is: `二、/（一） 行政审批事项, unit`.
    #[must_use]
    pub fn label(&self) -> String {
        let mut label = self.section.clone();
        if !label.is_empty() {
            label.push(' ');
        }
        label.push_str(&self.name);
        if let What::Changed { field, .. } = self.what
            && !self.is_main(field)
        {
            label.push_str(", ");
            label.push_str(field);
        }
        label
    }

    /// True for the field that is meant where none is named.
    fn is_main(&self, field: &str) -> bool {
        matches!(
            (self.thing, field),
            (Thing::Page, "bytes")
                | (Thing::Indicator, "value")
                | (Thing::Check, "status")
                | (Thing::Text | Thing::Repair | Thing::Record, "changed")
        )
    }

    /// The same as `Display`, what was and is cut to so many columns each, around where they differ.
    #[must_use]
    pub fn short(&self, columns: usize) -> String {
        if self.thing == Thing::Page {
            return self.to_string(); // names of files
        }
        let what = match &self.what {
            What::Added(new) => What::Added(cut_back(new, columns)),
            What::Removed(old) => What::Removed(cut_back(old, columns)),
            What::Renamed { old, new } => {
                let (old, new) = differing(old, new, columns);
                What::Renamed { old, new }
            }
            What::Changed { field, old, new } => {
                let (old, new) = differing(old, new, columns);
                What::Changed { field, old, new }
            }
            What::Moved { to } => What::Moved {
                to: cut_back(to, columns),
            },
        };
        format!("{}: {what}", self.label())
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.label(), self.what)
    }
}

impl What {
    /// The field that changed, or in a word what became of all of it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Added(_) => "added",
            Self::Removed(_) => "removed",
            Self::Renamed { .. } => "renamed",
            Self::Moved { .. } => "moved",
            Self::Changed { field, .. } => field,
        }
    }

    /// Its words, what was and what is told apart.
    #[must_use]
    pub fn parts(&self) -> Vec<Part<'_>> {
        match self {
            Self::Added(new) if new.is_empty() => vec![Part::Word("added")],
            Self::Added(new) => vec![Part::Word("added, "), Part::New(new)],
            Self::Removed(old) if old.is_empty() => vec![Part::Word("removed")],
            Self::Removed(old) => vec![Part::Word("removed, "), Part::Old(old)],
            Self::Renamed { old, new } => {
                let mut parts = vec![Part::Word("renamed, ")];
                parts.extend(became(old, new));
                parts
            }
            Self::Moved { to } => vec![Part::Word("moved "), Part::New(to)],
            Self::Changed { old, new, .. } => became(old, new).to_vec(),
        }
    }
}

fn became<'a>(old: &'a str, new: &'a str) -> [Part<'a>; 3] {
    [Part::Old(old), Part::Word(" → "), Part::New(new)]
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parts().into_iter().try_for_each(|part| match part {
            Part::Word(text) | Part::Old(text) | Part::New(text) => f.write_str(text),
        })
    }
}

/// So many characters that are the same stay before what differs.
const BEFORE: usize = 6;

/// Both texts, each in so many columns at most, around where they differ.
fn differing(old: &str, new: &str, columns: usize) -> (String, String) {
    let alike = old.chars().zip(new.chars()).take_while(|(a, b)| a == b);
    let skipped = alike.count().saturating_sub(BEFORE);
    let shown = |text: &str| {
        if text.width() <= columns || skipped == 0 {
            return cut_back(text, columns);
        }
        let rest: String = text.chars().skip(skipped).collect();
        format!("…{}", cut_back(&rest, columns.saturating_sub(1)))
    };
    (shown(old), shown(new))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_around_what_differs() {
        let text = |number: &str| {
            format!(
                "全年共受理各类申请事项，其中行政审批事项{number}件，占比九成，余下都是公共服务事项"
            )
        };
        let (old, new) = differing(&text("7911"), &text("791"), 24);
        assert_eq!(
            (old.as_str(), new.as_str()),
            ("…批事项7911件，占比九成…", "…批事项791件，占比九成…"),
        );
        assert_eq!(
            differing("件", "个", 24),
            ("件".to_owned(), "个".to_owned())
        );
    }

    #[test]
    fn kinds_and_labels() {
        let what = |field| What::Changed {
            field,
            old: "a".to_owned(),
            new: "b".to_owned(),
        };
        let change = |field| Change::new(Thing::Indicator, "二、", "植树", what(field));
        assert_eq!(change("value").to_string(), "二、 植树: a → b");
        assert_eq!(change("unit").to_string(), "二、 植树, unit: a → b");
        assert_eq!(change("unit").kind(), "indicator unit");
        let gone = Change::missing_page("a.txt.gongbao.json");
        assert_eq!(gone.kind(), "page removed");
        assert_eq!(
            gone.to_string(),
            "page: removed, its snapshot a.txt.gongbao.json is left"
        );
    }
}
