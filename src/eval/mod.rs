//! Gold and record → how well the record does: what was found, missed, too much and wrong, and the
//! counts and rates that follow. No input or output.
//!
//! Gold is what was labelled by hand ([`Gold`]), or what a reviewer decided of numbers that were read
//! ([`crate::corrections`]).
//!
//! The counts are those of the team's score.py, number for number; `tests/eval.rs` compares the two
//! on every labelled page. Names and titles are held to be alike, and a text is laid beside the
//! gold's, by the matching blocks of Ratcliff and Metzener that Python's `difflib` finds
//! ([`crate::base::blocks()`]): a common subsequence, if not always the longest, because it prefers long
//! stretches. Rates are exact fractions until they are printed.

mod difference;
mod distance;
mod flat;
pub mod gold;
mod rate;
mod reviewed;
mod score;
mod tally;

pub use difference::Difference;
pub use distance::distance;
pub use gold::{Gold, GoldError};
pub use rate::Rate;
pub use reviewed::{Met, ReviewedScore, ReviewedSummary, ReviewedTally, Unmet, score_reviewed};
pub use score::{Score, score};
pub use tally::{FIELDS, Found, Summary, Tally};
