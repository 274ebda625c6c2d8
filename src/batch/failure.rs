//! What is said of a page that has no record: a line of `errors.ndjson`.

use serde::{Deserialize, Serialize};

/// How far a page came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// It was to be found: a file, a folder, a list, an archive.
    Inputs,
    /// What is known of it was to be looked up.
    Metadata,
    /// Its bytes were to be read.
    Read,
    /// A program was to read it.
    Transcribe,
    /// Its bytes were to become characters.
    Decode,
    /// Any stage behind that.
    Extract,
    /// Its record was to be held against the page.
    Validate,
    /// Its record was to be written.
    Write,
}

/// What went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// There is no such file.
    NotFound,
    /// It may not be read.
    Denied,
    /// It is no file and no folder.
    NotAFile,
    /// Any other error of reading.
    Unreadable,
    /// An archive is damaged, or unpacks to more than it may.
    Archive,
    /// A list of files cannot be read.
    List,
    /// Another page has its name.
    SameName,
    /// What is known of it makes no sense.
    Metadata,
    /// It has more bytes than it may.
    TooLarge,
    /// It has more lines than it may.
    TooManyLines,
    /// It took longer than it may.
    Timeout,
    /// The program that was to read it is missing or failed.
    Program,
    /// It is no text, or not of the format asked for.
    NotAPage,
    /// Its record does not hold: a bug in gongbao.
    Invalid,
    /// gongbao failed on it: a bug.
    Bug,
}

impl Kind {
    /// As it stands in `errors.ndjson`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Denied => "denied",
            Self::NotAFile => "not-a-file",
            Self::Unreadable => "unreadable",
            Self::Archive => "archive",
            Self::List => "list",
            Self::SameName => "same-name",
            Self::Metadata => "metadata",
            Self::TooLarge => "too-large",
            Self::TooManyLines => "too-many-lines",
            Self::Timeout => "timeout",
            Self::Program => "program",
            Self::NotAPage => "not-a-page",
            Self::Invalid => "invalid",
            Self::Bug => "bug",
        }
    }

    /// True where the same bytes may do better next time.
    #[must_use]
    pub fn may_pass(self) -> bool {
        self != Self::NotAPage
    }
}

/// A page that has no record, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{path}: {message}")]
pub struct Failure {
    /// Its name, as the record would have it.
    pub path: String,
    /// How far it came.
    pub stage: Step,
    /// What went wrong.
    pub kind: Kind,
    /// The same for a person: what was expected, what to do.
    pub message: String,
}

impl Failure {
    /// Of a page that gongbao fails on.
    #[must_use]
    pub fn bug(path: &str, stage: Step) -> Self {
        let message = "gongbao failed on it, which is a bug; please report it with the page";
        Self {
            path: path.to_owned(),
            stage,
            kind: Kind::Bug,
            message: message.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_called_as_it_is_written() {
        for kind in [
            Kind::NotFound,
            Kind::NotAFile,
            Kind::TooManyLines,
            Kind::Bug,
        ] {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
        }
    }
}
