//! `lexicon/periods.toml`: words that say a time.

use serde::Deserialize;

use super::{Forms, LexiconError};

/// A text of the year 2024 and the period that its quantity has.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeriodExample {
    /// Clean text of our own making.
    pub text: String,
    /// ISO 8601.
    pub period: String,
}

/// One group of words that say the same time.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeriodWord {
    forms: Vec<String>,
    /// Years from the one that is spoken of.
    pub year: Option<i16>,
    /// First and last month.
    pub months: Option<(i8, i8)>,
    /// First and last year.
    pub span: Option<(i16, i16)>,
    /// So many years, the last the one that is spoken of.
    pub back: Option<i16>,
    /// True for words that only count in quotation marks or before 期间 and the like.
    #[serde(default)]
    pub quoted: bool,
    /// True for words that open a review of a year.
    #[serde(default)]
    pub looks_back: bool,
    /// True for words that count from the day they are said on.
    #[serde(default)]
    pub spoken: bool,
    /// True for words that a year is only called by when it is over.
    #[serde(default)]
    pub over: bool,
    /// Words behind it that make another thing of it: 全年预算.
    #[serde(default)]
    not_before: Vec<String>,
    /// Texts with their periods.
    pub hit: Vec<PeriodExample>,
}

/// Words beside a time that say it is no time of its own.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Beside {
    forms: Vec<String>,
    /// Texts with their periods.
    pub hit: Vec<PeriodExample>,
}

/// A word that dates are made with.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    forms: Vec<String>,
    role: PartRole,
    /// Texts with their periods.
    pub hit: Vec<PeriodExample>,
}

/// What a word does in a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PartRole {
    /// 年.
    Year,
    /// 月, 月份.
    Month,
    /// 日.
    Day,
    /// 末, 底, 期间: said behind a time, no change of it.
    Tail,
    /// 至, 到.
    To,
    /// 来: behind 三年, the years up to now.
    Since,
    /// 近: before 三年, likewise.
    Recent,
    /// 连续: before 三年, how long something has lasted, no time of its own.
    Running,
}

const ROLES: [PartRole; 8] = [
    PartRole::Year,
    PartRole::Month,
    PartRole::Day,
    PartRole::Tail,
    PartRole::To,
    PartRole::Since,
    PartRole::Recent,
    PartRole::Running,
];

super::tables! {
    File("periods") { part: Part, word: PeriodWord, anchor: Beside, plan: Beside }
}

/// All period words, compiled.
#[derive(Debug)]
pub struct Periods {
    /// The words, in the order of the file.
    pub words: Vec<PeriodWord>,
    forms: Forms,
    /// Words before a time that make it what something is compared with.
    pub anchors: Vec<Beside>,
    anchor_forms: Forms,
    /// Words behind a time that make it part of a name.
    pub plans: Vec<Beside>,
    plan_forms: Forms,
    /// The words that dates are made with.
    pub parts: Vec<Part>,
    part_forms: Vec<Forms>,
}

impl Periods {
    pub(super) fn compile(file: File) -> Result<Self, LexiconError> {
        let File {
            part,
            word,
            anchor,
            plan,
        } = file;
        let mut part_forms = Vec::new();
        for role in ROLES {
            let forms = part
                .iter()
                .filter(|p| p.role == role)
                .flat_map(|p| p.forms.iter().map(|f| (f.as_str(), 0)));
            part_forms.push(Forms::new(File::NAME, forms)?);
        }
        let beside = |entries: &[Beside]| {
            Forms::new(
                File::NAME,
                entries
                    .iter()
                    .flat_map(|e| e.forms.iter().map(|f| (f.as_str(), 0))),
            )
        };
        Ok(Self {
            forms: Forms::new(
                File::NAME,
                word.iter()
                    .enumerate()
                    .flat_map(|(i, e)| e.forms.iter().map(move |f| (f.as_str(), i))),
            )?,
            words: word,
            anchor_forms: beside(&anchor)?,
            anchors: anchor,
            plan_forms: beside(&plan)?,
            plans: plan,
            parts: part,
            part_forms,
        })
    }

    /// The word that starts at byte `at`: its end and entry.
    #[must_use]
    pub fn at(&self, text: &str, at: usize) -> Option<(usize, &PeriodWord)> {
        let (end, index) = self.forms.at(text, at)?;
        let word = self.words.get(index)?;
        let rest = text.get(end..)?;
        (!word.not_before.iter().any(|w| rest.starts_with(w.as_str()))).then_some((end, word))
    }

    /// Characters that a period word starts with.
    pub fn initials(&self) -> impl Iterator<Item = char> + '_ {
        self.forms.initials()
    }

    /// The words of one role.
    #[must_use]
    pub fn part(&self, role: PartRole) -> &Forms {
        &self.part_forms[role as usize]
    }

    /// True when a word that makes a comparison of the time behind it ends at byte `at`.
    #[must_use]
    pub fn anchor_before(&self, text: &str, at: usize) -> bool {
        self.anchor_forms.before(text, at).is_some()
    }

    /// The end of the word that starts at byte `at` and makes a name of the time before it.
    #[must_use]
    pub fn plan_at(&self, text: &str, at: usize) -> Option<usize> {
        self.plan_forms.at(text, at).map(|f| f.0)
    }
}
