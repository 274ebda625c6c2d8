//! Stage 7: record → findings against schema and invariants. No input, output or change.
