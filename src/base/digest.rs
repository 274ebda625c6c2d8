//! Fingerprints of files.

use sha2::{Digest, Sha256};

/// The SHA-256 of `bytes`, 64 lower-case hexadecimal digits.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    let digits = digest.iter().flat_map(|&b| [b >> 4, b & 0xF]);
    let digits = digits.filter_map(|d| char::from_digit(d.into(), 16));
    let mut text = String::with_capacity(64);
    text.extend(digits);
    text
}
