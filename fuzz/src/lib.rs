//! What must hold of any bytes, pages and records: the laws that the targets of this folder hold
//! gongbao to. `.ci/fuzz` builds and runs them, `docs/reliability.md` says what came of it.

pub mod grammar;
pub mod pages;
pub mod records;
