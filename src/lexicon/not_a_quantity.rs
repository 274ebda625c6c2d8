//! `lexicon/not_a_quantity.toml`: numbers that are no measurement, each kind with its reason.

use serde::Deserialize;

use super::{Forms, LexiconError};

/// One group of words.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotAQuantity {
    forms: Vec<String>,
    /// Kebab-case reason.
    pub reason: String,
    /// True for words that cancel the numeral right before them.
    #[serde(default)]
    before: bool,
    /// Texts in which no quantity may be found.
    pub hit: Vec<String>,
    /// Texts that hold a form and a quantity all the same.
    #[serde(default)]
    pub miss: Vec<String>,
}

super::tables! {
    File("not_a_quantity") {
        fixed: NotAQuantity,
        code_suffix: NotAQuantity,
        after: NotAQuantity,
        before: NotAQuantity,
        window: NotAQuantity,
        amount: NotAQuantity,
        sized: NotAQuantity,
        populated: NotAQuantity,
        graded: NotAQuantity,
        grade: NotAQuantity,
        clock: NotAQuantity,
    }
}

/// All of the file, compiled.
#[derive(Debug)]
pub struct NotQuantities {
    entries: Vec<NotAQuantity>,
    fixed: Forms,
    cancels: Forms,
    code_suffix: Forms,
    after: Forms,
    before: Forms,
    window: Forms,
    amount: Forms,
    sized: Forms,
    populated: Forms,
    graded: Forms,
    grade: Forms,
    clock: Forms,
}

impl NotQuantities {
    pub(super) fn compile(f: File) -> Result<Self, LexiconError> {
        let mut entries = Vec::new();
        let mut compile = |group: Vec<NotAQuantity>| {
            let base = entries.len();
            let forms = Forms::new(
                File::NAME,
                group
                    .iter()
                    .enumerate()
                    .flat_map(|(i, e)| e.forms.iter().map(move |w| (w.as_str(), base + i))),
            );
            entries.extend(group);
            forms
        };
        let (cancels, fixed) = f.fixed.into_iter().partition(|e| e.before);
        Ok(Self {
            fixed: compile(fixed)?,
            cancels: compile(cancels)?,
            code_suffix: compile(f.code_suffix)?,
            after: compile(f.after)?,
            before: compile(f.before)?,
            window: compile(f.window)?,
            amount: compile(f.amount)?,
            sized: compile(f.sized)?,
            populated: compile(f.populated)?,
            graded: compile(f.graded)?,
            grade: compile(f.grade)?,
            clock: compile(f.clock)?,
            entries,
        })
    }

    fn reason(&self, index: usize) -> &str {
        self.entries.get(index).map_or("", |e| e.reason.as_str())
    }

    /// The reasons that the entries give.
    pub fn reasons(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|e| e.reason.as_str())
    }

    /// Characters that a fixed word starts with.
    pub fn initials(&self) -> impl Iterator<Item = char> + '_ {
        self.fixed.initials()
    }

    /// A fixed word that starts at byte `at`: its end and reason.
    #[must_use]
    pub fn fixed_at(&self, text: &str, at: usize) -> Option<(usize, &str)> {
        let (end, index) = self.fixed.at(text, at)?;
        Some((end, self.reason(index)))
    }

    /// End and reason of a frame word behind a numeral that ends at byte `at`: it is no quantity.
    #[must_use]
    pub fn cancelled(&self, text: &str, at: usize) -> Option<(usize, &str)> {
        let (end, index) = self.cancels.at(text, at)?;
        Some((end, self.reason(index)))
    }

    /// End, reason and table of what makes a numeral that ends at byte `at` part of a code.
    #[must_use]
    pub fn code_at(&self, text: &str, at: usize) -> Option<(usize, &str, &'static str)> {
        let (found, table) = match self.code_suffix.at(text, at) {
            Some(found) => (found, "not_a_quantity.code_suffix"),
            None => (self.after.at(text, at)?, "not_a_quantity.after"),
        };
        Some((found.0, self.reason(found.1), table))
    }

    /// Start and reason of what makes a numeral that starts at byte `at` part of a code.
    #[must_use]
    pub fn code_before(&self, text: &str, at: usize) -> Option<(usize, &str)> {
        let (start, index) = self.before.before(text, at)?;
        Some((start, self.reason(index)))
    }

    /// Start and reason of what makes a span of days that starts at byte `at` a window of time.
    #[must_use]
    pub fn window_before(&self, text: &str, at: usize) -> Option<(usize, &str)> {
        let (start, index) = self.window.before(text, at)?;
        Some((start, self.reason(index)))
    }

    /// True when what starts at byte `at` is an amount, not a thing.
    #[must_use]
    pub fn amount_at(&self, text: &str, at: usize) -> bool {
        self.amount.at(text, at).is_some()
    }

    /// Start, end and reason of the word in `noun` that makes a time before it the size of it.
    #[must_use]
    pub fn sized(&self, noun: &str) -> Option<(usize, usize, &str)> {
        let (from, to, index) = self.sized.first(noun)?;
        Some((from, to, self.reason(index)))
    }

    /// True when what starts at byte `at` makes a class of a bare number before it.
    #[must_use]
    pub fn populated_at(&self, text: &str, at: usize) -> bool {
        self.populated.at(text, at).is_some()
    }

    /// End and reason of what makes a grade of a measure whose unit ends at byte `at`: 30万吨级.
    #[must_use]
    pub fn graded_at(&self, text: &str, at: usize) -> Option<(usize, &str)> {
        let (end, index) = self.graded.at(text, at)?;
        Some((end, self.reason(index)))
    }

    /// The reason why a number of this dimension before a noun is a grade of that noun.
    #[must_use]
    pub fn grade(&self, dimension: &str) -> Option<&str> {
        self.grade.whole(dimension).map(|i| self.reason(i))
    }

    /// End and reason of a word for the hour (时) at byte `at`.
    #[must_use]
    pub fn clock_at(&self, text: &str, at: usize) -> Option<(usize, &str)> {
        let (end, index) = self.clock.at(text, at)?;
        Some((end, self.reason(index)))
    }
}
