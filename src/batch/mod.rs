//! Many pages at once. Prints nothing.
//!
//! One thread finds the [`inputs`], in a fixed order; `workers` read them ([`page`]), each within its time; they
//! come out in order (`queue`). From there they go into the files of a folder, with a journal that makes
//! a run resumable ([`run`]), or as they come into batches of Arrow ([`records`], [`frame`]). So results depend
//! on the pages and options alone: not on the number of threads, nor on how often a run was stopped.

pub mod failure;
#[cfg(feature = "command")]
pub mod files;
pub mod frame;
pub mod inputs;
#[cfg(feature = "command")]
pub mod journal;
pub mod kept;
pub mod key;
pub mod manifest;
pub mod metadata;
#[cfg(feature = "command")]
pub mod names;
#[cfg(feature = "command")]
pub mod outputs;
pub mod page;
mod queue;
pub mod records;
#[cfg(feature = "command")]
pub mod run;
#[cfg(feature = "command")]
mod shop;
#[cfg(feature = "command")]
pub mod streams;
pub mod summary;
mod window;
mod workers;

pub use failure::{Failure, Kind, Step};
pub use metadata::{Metadata, NamePattern, PageMetadata};
#[cfg(feature = "command")]
pub use run::{Batch, BatchError, Options, Passed, Plan, Summary};
