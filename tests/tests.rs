//! Integration tests: one binary, one module a subject.

mod cases;
mod cli; // the command line as people use it
mod layering; // rules of the house about src/
mod schema; // schema/ against the types
