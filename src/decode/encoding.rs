//! Bytes → characters.

use std::borrow::Cow;

use super::{ByteMap, DecodeError};
use crate::base::Diagnostic;

/// Which encoding to read a source in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EncodingChoice {
    /// Find out from the bytes.
    #[default]
    Detect,
}

/// A name that is no encoding.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an encoding that is read: {0:?}; expected UTF-8 or auto")]
pub struct EncodingError(pub String);

impl std::str::FromStr for EncodingChoice {
    type Err = EncodingError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name.to_ascii_lowercase().as_str() {
            "auto" | "utf-8" | "utf8" => Ok(Self::Detect),
            _ => Err(EncodingError(name.to_owned())),
        }
    }
}

/// The characters of a source.
pub(super) struct Decoded<'a> {
    pub(super) encoding: &'static str,
    pub(super) text: Cow<'a, str>,
    pub(super) map: ByteMap,
    pub(super) diagnostics: Vec<Diagnostic>,
}

pub(super) fn decode(bytes: &[u8], _choice: EncodingChoice) -> Result<Decoded<'_>, DecodeError> {
    let text = String::from_utf8_lossy(bytes);
    let map = ByteMap::identity(0, text.len());
    Ok(Decoded {
        encoding: "UTF-8",
        text,
        map,
        diagnostics: Vec::new(),
    })
}
