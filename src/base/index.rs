//! From byte offsets to code points.

/// How many bytes lie between two samples: small enough that a look-up reads a cache line or two.
const STEP: usize = 128;

/// Answers how many code points come before a byte offset of a text, in constant time.
///
/// The JSON speaks in code points (what Python slices by), the stages in bytes; this is the one
/// place where the two meet.
///
/// ```
/// use gongbao::base::CodePointIndex;
/// let text = "产值12亿元";
/// let index = CodePointIndex::new(text);
/// assert_eq!(index.code_points(text, 8), 4); // behind 产值12
/// assert_eq!(index.bytes(text, 4), 8);
/// ```
#[derive(Debug, Clone)]
pub struct CodePointIndex {
    /// Code points that begin before byte `i × STEP`.
    samples: Vec<u32>,
}

fn starts_character(byte: u8) -> bool {
    byte & 0xC0 != 0x80
}

fn count(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&b| starts_character(b)).count()
}

impl CodePointIndex {
    /// Reads `text` once.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut total = 0_usize;
        let mut samples = Vec::with_capacity(text.len() / STEP + 1);
        for chunk in text.as_bytes().chunks(STEP) {
            samples.push(total as u32);
            total += count(chunk);
        }
        samples.push(total as u32);
        Self { samples }
    }

    /// Code points of `text` before byte `offset`. `text` is the one the index was made from.
    #[must_use]
    pub fn code_points(&self, text: &str, offset: usize) -> usize {
        let offset = offset.min(text.len());
        let slot = offset / STEP;
        self.samples[slot] as usize + count(&text.as_bytes()[slot * STEP..offset])
    }

    /// Byte offset of the code point with this number; the length of the text from its end on.
    #[must_use]
    pub fn bytes(&self, text: &str, code_point: usize) -> usize {
        let slot = self
            .samples
            .partition_point(|&n| n as usize <= code_point)
            .saturating_sub(1);
        let mut left = code_point - self.samples[slot] as usize;
        let from = (slot * STEP).min(text.len());
        for (i, &byte) in text.as_bytes()[from..].iter().enumerate() {
            if starts_character(byte) {
                if left == 0 {
                    return from + i;
                }
                left -= 1;
            }
        }
        text.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_counting() {
        let text = "全年a总办件量为62920件，é其中🚀".repeat(23);
        let index = CodePointIndex::new(&text);
        for (n, (offset, _)) in text.char_indices().enumerate() {
            assert_eq!(index.code_points(&text, offset), n);
            assert_eq!(index.bytes(&text, n), offset);
        }
        let n = text.chars().count();
        assert_eq!(index.code_points(&text, text.len()), n);
        assert_eq!(index.bytes(&text, n), text.len());
        assert_eq!(index.bytes(&text, n + 7), text.len());
    }

    #[test]
    fn empty() {
        let index = CodePointIndex::new("");
        assert_eq!(index.code_points("", 0), 0);
        assert_eq!(index.bytes("", 0), 0);
    }
}
