//! Stage 8: records → bytes. Computes nothing; the same record gives the same bytes everywhere.

pub mod json;
pub mod ndjson;
pub mod outline;
pub mod steps;
pub mod table;
pub mod text;
