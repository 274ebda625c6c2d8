//! Things every stage stands on: spans, exact decimals, findings about a page.
//!
//! No Chinese and no input or output in here.

pub mod blocks;
pub mod chars;
pub mod date_span;
pub mod decimal;
pub mod diagnostic;
pub mod digest;
pub mod index;
pub mod legible;
pub mod log;
pub mod marks;
pub mod slip;
pub mod span;

pub use blocks::{Block, blocks};
pub use chars::{CharMap, CharSet};
pub use date_span::DateSpan;
pub use decimal::Decimal;
pub use diagnostic::{Diagnostic, Place, Severity};
pub use digest::sha256;
pub use index::{ByteIndex, CodePointIndex};
pub use legible::{legible, legible_json};
pub use marks::marks;
pub use span::Span;
