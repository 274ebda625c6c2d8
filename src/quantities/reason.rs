//! Why a number is left: the reasons by code, each with what it means.

use std::borrow::Cow;

use crate::base::Span;

/// Declares the reasons: constant, code, and what it means in a sentence.
macro_rules! reasons {
    ($($constant:ident $code:literal $says:literal)*) => {
        $(#[doc = $says] pub(super) const $constant: &str = $code;)*

        /// Every reason with what it means, a sentence without its full stop: those of
        /// [`super::scan`] and those that the built-in `lexicon/not_a_quantity.toml` gives.
        pub const ALL: &[(&str, &str)] = &[$(($constant, $says),)*];
    };
}

reasons! {
    ARTICLE "article" "one before a noun is an article and counts nothing"
    BAND "band" "the first so many in a hundred are a band of places and no rate"
    CODE "code" "it is part of a name, number or code: a road, telephone, document, standard or version"
    DAMAGED_YEAR "damaged-year" "it is what is left of a year that was misread"
    DENOMINATOR "denominator" "it says for how many something is meant and is no measurement of its own"
    DOTTED_ROW "dotted-row" "figures parted by several points are a date, a version or a chapter"
    EACH_ONE "each-one" "one said twice means each one and counts nothing"
    FIXED_WORD "fixed-word" "it belongs to a fixed word"
    FRAME_WORD "frame-word" "the word behind it makes a heading, a name or a turn of speech of it and is counted nowhere"
    HALF_OF_A_THING "half-of-a-thing" "the half of a thing is no count of it"
    NO_UNIT "no-unit" "no unit or measure word stands behind it"
    NOT_A_RANK "not-a-rank" "nothing before it says that something is ranked"
    NUMBERING "numbering" "a number alone in brackets numbers something"
    ORDINAL "ordinal" "an ordinal numbers something and counts nothing"
    QUALIFIER "qualifier" "it tells what kind of thing the noun behind it is, and stays in the name"
    QUOTED_NAME "quoted-name" "it stands in a title or in a short quotation, which is a name"
    REFERENCE "reference" "a number alone in square brackets refers to a note or is part of a document's number"
    ROW_OF_FIGURES "row-of-figures" "single Chinese figures in a row are a year, a telephone or a code"
    SIZE_CLASS "size-class" "a bare power of ten before a noun tells its size and counts nothing"
    SLOGAN "slogan" "it belongs to a slogan"
    STRAY_FIGURE "stray-figure" "a figure right behind a percent sign is a piece of that sign, misread"
    TIME_OF_DAY "time-of-day" "hour and minutes are a time of day"
    TIME_OR_SCORE "time-or-score" "whole numbers joined by a colon are a time or a score where no word says that they are a ratio"
    TIME_WINDOW "time-window" "the word before it makes a window of time of it"
    UNKNOWN_NUMBER "unknown-number" "how many is not said"
    VAGUE_SIZE "vague-size" "the words say how many figures a number has, not which"
    // A reason that nothing is left for: its words make a number one that is taken.
    AMOUNT "amount" "the number before it is an amount"
}

/// Reasons that are none of the page's: something of the number or behind it was lost or misread.
pub const DAMAGED: [&str; 3] = [NO_UNIT, DAMAGED_YEAR, STRAY_FIGURE];

/// What `code` means; none for one of a user's own lexicon.
#[must_use]
pub fn says(code: &str) -> Option<&'static str> {
    ALL.iter().find(|r| r.0 == code).map(|r| r.1)
}

/// The word of the lexicon for which a number is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Cause {
    /// Its table: `not_a_quantity.after`.
    pub table: &'static str,
    /// Where it stands in the clean text; none where what is measured, and no word, makes it.
    pub word: Option<Span>,
}

/// Why a number is left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Why {
    pub code: Cow<'static, str>,
    pub cause: Option<Cause>,
}

impl Why {
    /// By a word of the lexicon.
    pub fn word(code: &str, table: &'static str, word: Option<Span>) -> Self {
        Self {
            code: Cow::Owned(code.to_owned()),
            cause: Some(Cause { table, word }),
        }
    }
}

impl From<&'static str> for Why {
    fn from(code: &'static str) -> Self {
        Self {
            code: Cow::Borrowed(code),
            cause: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicon;

    #[test]
    fn every_reason_is_explained_once() {
        for code in Lexicon::builtin().not_quantities.reasons() {
            assert!(says(code).is_some(), "{code} of not_a_quantity.toml");
        }
        let mut codes: Vec<&str> = ALL.iter().map(|r| r.0).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), ALL.len());
    }

    #[test]
    fn the_scanner_gives_no_other_reason() {
        let code = include_str!("scan.rs");
        let code = code.split("#[cfg(test)]").next().unwrap();
        for (at, _) in code.match_indices("self.leave(") {
            let call = code[at..].split(')').next().unwrap();
            assert!(!call.contains('"'), "{call}: use a constant of reason.rs");
        }
        for (i, line) in code.lines().enumerate() {
            assert!(
                !line.contains("return Some(\""),
                "scan.rs:{}: use a constant of reason.rs",
                i + 1
            );
        }
    }
}
