//! Integration tests: one binary, one module a subject.

mod cli; // the command line as people use it
mod layering;
mod lexicon; // rules of the house about src/
mod schema; // schema/ against the types
