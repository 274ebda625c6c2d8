//! One thing in which a record and its gold differ.

use std::fmt;

/// What is missing, too much or wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// A number of the gold that is not in the record, or with another value or unit.
    Missed {
        /// The text before it.
        left: String,
        /// Number and unit as labelled.
        mention: String,
        /// The mention in its place, and how it was read; none when there is none.
        found: Option<String>,
    },
    /// A number that was found, with fields that are wrong.
    Wrong {
        /// The text before it.
        left: String,
        /// Number and unit as labelled.
        mention: String,
        /// Name of each wrong field, what was wanted and what was found.
        fields: Vec<(&'static str, String, String)>,
    },
    /// A number of the record that the gold does not have.
    Extra {
        /// Number and unit.
        mention: String,
        /// The clause around it.
        quote: String,
        /// What it was said to measure.
        name: String,
    },
    /// A section of the gold that is not in the record.
    SectionMissed {
        /// Its label and those around it.
        path: String,
        /// Its title.
        title: String,
    },
    /// A section of the record that the gold does not have.
    SectionExtra {
        /// Its label and those around it.
        path: String,
        /// Its title.
        title: String,
    },
    /// A sum of the gold that the record does not have, or not as one that holds.
    CheckMissed {
        /// Mention of the whole.
        total: String,
        /// Mentions of the parts.
        parts: Vec<String>,
    },
    /// A sum of the record that the gold does not have.
    CheckExtra {
        /// Mention of the whole.
        total: String,
        /// Mentions of the parts.
        parts: Vec<String>,
    },
}

/// One line for a person.
impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missed {
                left,
                mention,
                found,
            } => {
                write!(f, "missed   {left}[{mention}]")?;
                match found {
                    Some(found) => write!(f, "  found {found}"),
                    None => Ok(()),
                }
            }
            Self::Wrong {
                left,
                mention,
                fields,
            } => {
                write!(f, "wrong    {left}[{mention}]")?;
                for (i, (field, want, got)) in fields.iter().enumerate() {
                    let between = if i == 0 { " " } else { ";" };
                    write!(f, "{between} {field}: expected {want}, found {got}")?;
                }
                Ok(())
            }
            Self::Extra {
                mention,
                quote,
                name,
            } => write!(f, "extra    {quote} [{mention}]  name {name}"),
            Self::SectionMissed { path, title } => write!(f, "missed   section {path} {title}"),
            Self::SectionExtra { path, title } => write!(f, "extra    section {path} {title}"),
            Self::CheckMissed { total, parts } => {
                write!(f, "missed   sum {total} = {}", parts.join(" + "))
            }
            Self::CheckExtra { total, parts } => {
                write!(f, "extra    sum {total} = {}", parts.join(" + "))
            }
        }
    }
}
