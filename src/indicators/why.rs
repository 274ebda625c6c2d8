//! Why an indicator is what it is: the rules of the grammar by name, and the collector that they
//! are told to. Where nobody asks, telling costs one look at an option and decides nothing.

use std::cell::{Cell, RefCell};
use std::ops::Range;

use serde::Serialize;

/// What of an indicator a rule decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Field {
    /// The text that is the number's own.
    Clause,
    /// [`super::Indicator::measure`].
    Measure,
    /// [`super::Indicator::name`].
    Name,
    /// [`super::Indicator::precision`], where words beyond those beside the number say it.
    Precision,
    /// The sign of [`super::Indicator::value`].
    Sign,
    /// [`super::Indicator::basis`].
    Basis,
    /// [`super::Indicator::period`].
    Period,
    /// [`super::Indicator::status`].
    Status,
    /// What opens parts of a whole before the number.
    Parts,
    /// [`super::Indicator::of`].
    Of,
}

/// Declares the rules: variant, short name, field, and what it does in a sentence.
macro_rules! rules {
    ($($variant:ident $id:literal $field:ident $says:literal)*) => {
        /// A rule of the grammar.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Rule {
            $(#[doc = $says] $variant,)*
        }

        impl Rule {
            /// All of them, in the order in which a number passes them.
            pub const ALL: &[Rule] = &[$(Rule::$variant,)*];

            /// Its short name, kebab-case; stays when the sentence is put better.
            #[must_use]
            pub fn id(self) -> &'static str {
                match self { $(Rule::$variant => $id,)* }
            }

            /// What it decides.
            #[must_use]
            pub fn field(self) -> Field {
                match self { $(Rule::$variant => Field::$field,)* }
            }

            /// What it does, an English sentence without its full stop.
            #[must_use]
            pub fn says(self) -> &'static str {
                match self { $(Rule::$variant => $says,)* }
            }
        }
    };
}

rules! {
    TextBefore "text-before" Clause "the text before the number that is its own"
    TextBehind "text-behind" Clause "the text behind the number that is its own"
    Row "row" Clause "numbers joined by nothing but a mark or a word for and share one clause"

    RatioForm "ratio-form" Measure "numbers joined by colons are a ratio"
    RankForm "rank-form" Measure "an ordinal behind a word of ranking is a rank"
    DoublingWord "doubling-word" Measure "a word for doubling is a multiple"
    ContributionWord "contribution-word" Measure "a word of contribution stands before the number"
    ShareVerb "share-verb" Measure "a verb of taking a share stands before the number"
    PlanShare "plan-share" Measure "a percentage of a plan that was fulfilled is a share"
    MultipleOf "multiple-of" Measure "the number says how many times something it is"
    ComparedWithOthers "compared-with-others" Measure "the number says how far something is above or below another"
    BeyondPlan "beyond-plan" Measure "the number says how far a plan was passed"
    EachLevel "each-level" Measure "so much for each is an amount, though a verb of change stands before it"
    GrowthVerb "growth-verb" Measure "a verb of change with a percentage or with times is a growth"
    ChangeVerb "change-verb" Measure "a verb of change with an amount or with points is a change"
    ShareOfNoun "share-of-noun" Measure "a percentage with nothing before it is a share of the noun behind it"
    GrowthNoun "growth-noun" Measure "the name ends with a word for growth"
    ShareNoun "share-noun" Measure "the name ends with a word for a share"
    MeasureOfTopic "measure-of-topic" Measure "a percentage without a noun is what the topic is"
    PlainRate "plain-rate" Measure "a percentage that nothing else is said of is a rate"
    PlainTimes "plain-times" Measure "a number of times that nothing else is said of is a multiple"
    PlainLevel "plain-level" Measure "a number with a unit that nothing else is said of is a level"

    NounBefore "noun-before" Name "the noun phrase before the number"
    NounBehind "noun-behind" Name "the noun phrase behind the number, with what belongs to it before the number"
    PairedInOrder "paired-in-order" Name "as many names as numbers: they are paired in order"
    CollectiveSplit "collective-split" Name "one word for several things, as many as there are numbers, is taken apart"
    HeadForEach "head-for-each" Name "one noun said of each of the numbers just said, in order"
    PartsOfTopic "parts-of-topic" Name "the things that the topic is one word for, in order"
    Respectively "respectively" Name "numbers without a noun go with those just said, in order"
    RateJustSaid "rate-just-said" Name "a change in points without a noun speaks of the rate or share just said"
    GoesOn "goes-on" Name "a number without a noun says more of the same as the one before"
    Topic "topic" Name "a number without a noun speaks of the topic, the last number with a name"
    ClauseBefore "clause-before" Name "a number without a noun takes that of the clause before, which has no number"
    Opener "opener" Name "a number without a noun takes the first name of the paragraph"
    Nameless "nameless" Name "there is no noun to name it by"
    WithoutNew "without-new" Name "a total of what was new drops the word for new"
    NounOfTopic "noun-of-topic" Name "a noun that says nothing alone is put behind the topic's name"
    HeadOfTopic "head-of-topic" Name "another statistic of the same thing takes the place of the topic's"
    WordOnTopic "word-on-topic" Name "a word for each or of doing is put before the topic's name"
    InsideWhole "inside-whole" Name "the whole is named before the part and taken off its name"
    HeadOfWhole "head-of-whole" Name "a part without a statistic of its own takes that of its whole"
    Carried "carried" Name "a verb or statistic that the list says once goes to all of it"
    RowTotal "row-total" Name "a total behind a row is called what the names of the row have in common"

    HolderApproximated "holder-approximated" Precision "a word of approximation stands before the verb of taking a share"
    RowApproximated "row-approximated" Precision "a word of approximation behind a row holds for all of it"

    Downward "downward" Sign "a verb of falling makes the value negative"

    BasisWord "basis-word" Basis "the words before the number say what it is measured against"
    PeerBasis "peer-basis" Basis "it is measured against others"
    EarlierTime "earlier-time" Basis "it is measured against an earlier time"
    PlanBasis "plan-basis" Basis "it is measured against a plan"
    BasisJustSaid "basis-just-said" Basis "the second number of a change has the basis of the first"
    SinceSeveral "since-several" Basis "no word says against what: over several years, against the time before them"
    YoyDefault "yoy-default" Basis "no word says against what: a bulletin means the year before"

    FromTime "from-time" Period "the earlier of two values has the time right before it"
    OwnTime "own-time" Period "a time stands before the number in its clause"
    TimeBehind "time-behind" Period "a time stands behind the number"
    SentenceTime "sentence-time" Period "a time that leads an earlier clause of the sentence holds on"
    ParagraphTime "paragraph-time" Period "the time that opened this or an earlier paragraph holds on"
    HeadingTime "heading-time" Period "the heading, or words by which the page turned to what is to be, give the time"
    DocumentTime "document-time" Period "nothing nearer says a time: that of the document"
    TimeSaidBefore "time-said-before" Period "the page says no time of itself: the year that it said last"
    Timeless "timeless" Period "neither page nor hint says a time"

    Planned "planned" Status "the number is itself the plan"
    ClauseStatus "clause-status" Status "a word before the number in its clause says it"
    SentenceStatus "sentence-status" Status "a word of an earlier clause holds to the end of the sentence"
    DutyStatus "duty-status" Status "a sentence that opens as a task speaks of what is aimed at"
    HeadingStatus "heading-status" Status "the heading, or words by which the page turned to what is to be, say it"
    PastStatus "past-status" Status "under a heading of aims, a time that was over on publication has come true"
    AheadStatus "ahead-status" Status "a time that lies ahead of the page is aimed at"
    ActualDefault "actual-default" Status "no word says otherwise: it has come true"

    PartsOpen "parts-open" Parts "a word of parts says that parts of a number before it follow"
    PartsInside "parts-inside" Parts "a whole with a word for inside behind it says that some of it follow"
    PartsDivided "parts-divided" Parts "a clause without a number says by what a whole is divided"
    PartsInBrackets "parts-in-brackets" Parts "brackets with numbers in them hold parts of the number before them"
    OfTopic "of-topic" Of "it speaks of the topic"
    OfPair "of-pair" Of "it speaks of the number that it is paired with"
    OfRate "of-rate" Of "it speaks of the rate or share just said"
    OfContinued "of-continued" Of "it speaks of what the number before speaks of"
    OfGrowth "of-growth" Of "a comparison or rank of a growth speaks of that growth"
    OfSameName "of-same-name" Of "the nearest number of the same name"
    OfHolder "of-holder" Of "the nearest level of the one that contributes"
    WholeInName "whole-in-name" Of "a part whose name says the whole"
    SomeOfThese "some-of-these" Of "a part: some of those just counted"
    NextPart "next-part" Of "a part like those said before it, of the same unit"
    ListAddsUp "list-adds-up" Of "the numbers of the list add up to this whole"
    LargeEnough "large-enough" Of "the whole is the nearest level of its unit that is large enough"
    NearestWhole "nearest-whole" Of "the whole is the nearest level of its unit"
    TotalBehind "total-behind" Of "a part of the total behind its row"
    IsTotal "is-total" Of "the total of a row is part of nothing"
    LevelBehind "level-behind" Of "the level comes behind its growth"
    ShareOfFirst "share-of-first" Of "the second value of a share speaks of what the first speaks of"
    NotSpokenOf "not-spoken-of" Of "what was found is nothing that such a number can speak of"
    SpeaksOfNothing "speaks-of-nothing" Of "a level that is no part, a rate and a ratio speak of no other number"
}

/// One decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// By which rule.
    pub rule: Rule,
    /// What the field is behind it, as the record has it; of [`Field::Clause`] the text.
    pub value: String,
    /// The words of the page that made it, empty where no words did.
    pub words: String,
}

/// Collects the decisions of a page by indicator; or nothing.
#[derive(Debug, Default)]
pub struct Trace {
    steps: Option<RefCell<Vec<Vec<Step>>>>,
    /// First and last but one of the indicators that are being read.
    of: Cell<(usize, usize)>,
}

impl Trace {
    /// One that collects; [`Trace::default`] does not.
    #[must_use]
    pub fn collecting() -> Self {
        Self {
            steps: Some(RefCell::default()),
            of: Cell::default(),
        }
    }

    /// What was told of each indicator, in order.
    #[must_use]
    pub fn into_steps(self) -> Vec<Vec<Step>> {
        self.steps.map(RefCell::into_inner).unwrap_or_default()
    }

    /// What is told from now on is told of these.
    pub(super) fn turn_to(&self, indicators: Range<usize>) {
        self.of.set((indicators.start, indicators.end));
    }

    /// Tells of those being read that `rule` made `value` of `words`, both as `said` gives them.
    pub(super) fn tell<V: Into<String>, W: Into<String>>(
        &self,
        rule: Rule,
        said: impl FnOnce() -> (V, W),
    ) {
        let (from, to) = self.of.get();
        self.tell_of(from..to, rule, said);
    }

    /// Tells it of others.
    pub(super) fn tell_of<V: Into<String>, W: Into<String>>(
        &self,
        indicators: Range<usize>,
        rule: Rule,
        said: impl FnOnce() -> (V, W),
    ) {
        let Some(steps) = &self.steps else { return };
        let (value, words) = said();
        let step = Step {
            rule,
            value: value.into(),
            words: words.into(),
        };
        let mut steps = steps.borrow_mut();
        if steps.len() < indicators.end {
            steps.resize_with(indicators.end, Vec::new);
        }
        for own in steps.iter_mut().take(indicators.end).skip(indicators.start) {
            own.push(step.clone());
        }
    }

    /// Gives all values and words the characters of the page back.
    pub(super) fn restore(&self, restore: impl Fn(&str) -> String) {
        let Some(steps) = &self.steps else { return };
        for step in steps.borrow_mut().iter_mut().flatten() {
            step.value = restore(&step.value);
            step.words = restore(&step.words);
        }
    }
}

/// `value` as the record writes it: `yoy`, `share`.
pub(super) fn code(value: impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(s)) => s,
        _ => String::new(),
    }
}

/// What [`super::Indicator::of`] is in the record.
pub(super) fn id(of: Option<usize>) -> String {
    of.map_or_else(String::new, |i| format!("i{}", i + 1))
}

/// A period as steps have it: first and last day around a slash, empty for none.
pub(super) fn days(period: Option<&super::Period>) -> String {
    period.map_or_else(String::new, |p| format!("{}/{}", p.days.start, p.days.end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_kept_where_nobody_asks() {
        let off = Trace::default();
        off.turn_to(0..2);
        off.tell(Rule::Topic, || -> (String, String) { unreachable!() });
        assert!(off.into_steps().is_empty());
        let on = Trace::collecting();
        on.turn_to(1..3);
        on.tell(Rule::Topic, || ("茶园", ""));
        let steps = on.into_steps();
        let told: Vec<usize> = steps.iter().map(Vec::len).collect();
        assert_eq!(told, [0, 1, 1]);
    }

    #[test]
    fn names_are_kebab_case_and_single() {
        let mut ids: Vec<&str> = Rule::ALL.iter().map(|r| r.id()).collect();
        assert!(ids.iter().all(|id| {
            id.chars().all(|c| c.is_ascii_lowercase() || c == '-') && !id.ends_with('-')
        }));
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), Rule::ALL.len());
    }
}
