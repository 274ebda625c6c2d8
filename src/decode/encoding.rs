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
