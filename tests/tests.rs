//! Integration tests: one binary, one module a subject.

mod cases;
mod cli; // the command line as people use it
mod layering; // rules of the house about src/
mod properties; // laws of the first stages on random pages
mod schema; // schema/ against the types
