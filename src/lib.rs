//! gongbao (公报, "bulletin"): from OCR'd pages of Chinese bulletins to validated JSON in which
//! every number points back to the bytes it came from.
//!
//! The modules stand in the order in which the data passes them.

pub mod assemble; // results of the stages → Record
pub mod base; // spans, decimals, findings: what every stage stands on
#[cfg(feature = "frames")]
pub mod batch; // inputs → pages → records → files of tables
#[cfg(feature = "command")]
pub mod cli; // the command line
pub mod concept_check; // concepts + pages → what they find, and nearly find
pub mod corrections; // 5b indicators + what a reviewer decided → indicators
pub mod decode; // 1  bytes → Page
pub mod document; // 4b clean text + furniture + dates → what the page says of itself
pub mod doubts; // 6b page + indicators + checks → which numbers are in doubt
pub mod eval; // gold + record → what was found, missed and wrong
pub mod explain; // results of the stages + decisions told → why a number is what it is
pub mod indicators; // 5  quantities + clauses → indicators
pub mod lexicon; // lexicon/*.toml → compiled tables
pub mod lexicon_check; // lexicon/*.toml → what its examples are not read as
pub mod normalize; // 2  Page → Clean
#[cfg(feature = "command")]
pub mod panel; // records → a row a place and year, a column a concept
pub mod pipeline; // Extractor: the only caller of the stages
pub mod quantities; // 4  Clean → quantities
pub mod readings; // 2b several readings of a page → one
pub mod reconcile; // 6  indicators → checks
pub mod record; // the output types
#[cfg(feature = "command")]
pub mod report; // records + pages → HTML for review
pub mod sections; // 3  Clean → section tree
pub mod snapshot; // two records of a page → what changed, in words
pub mod stages; // results of the first stages → what --until shows
pub mod stitch; // pages of an issue → articles that go on over them
pub mod transcribe; // 0  PDF or image → what a program prints of it
pub mod validate; // 7  record → findings
pub mod write; // 8  records → bytes

pub use pipeline::{ExtractError, Extractor};
pub use record::Record;
