//! From byte offsets to code points and back.

/// How many bytes lie between two samples of [`CodePointIndex`]: a cache line.
const STEP: usize = 64;

/// How many code points lie between two samples of [`ByteIndex`].
const STRIDE: usize = 8;

/// Answers how many code points come before a byte offset of a text, in constant time.
///
/// The JSON speaks in code points (what Python slices by), the stages in bytes; here and in
/// [`ByteIndex`] is where the two meet.
///
/// ```
/// use gongbao::base::CodePointIndex;
/// let text = "产值12亿元";
/// let index = CodePointIndex::new(text);
/// assert_eq!(index.code_points(text, 8), 4); // behind 产值12
/// ```
#[derive(Debug, Clone)]
pub struct CodePointIndex {
    /// Code points that begin before byte `i × STEP`.
    samples: Vec<u32>,
}

/// How many characters begin in `bytes`, eight at a time.
fn count(bytes: &[u8]) -> u32 {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    let (words, rest) = bytes.as_chunks::<8>();
    let mut total = 0;
    for &word in words {
        // a byte begins a character unless its first two bits are 1 and 0
        let word = u64::from_le_bytes(word);
        let starts = (!word >> 7 | word >> 6) & ONES;
        total += (starts.wrapping_mul(ONES) >> 56) as u32;
    }
    for &byte in rest {
        total += u32::from(byte & 0xC0 != 0x80);
    }
    total
}

impl CodePointIndex {
    /// Reads `text` once.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut total = 0;
        let mut samples = Vec::with_capacity(text.len() / STEP + 2);
        for chunk in text.as_bytes().chunks(STEP) {
            samples.push(total);
            total += count(chunk);
        }
        samples.push(total);
        Self { samples }
    }

    /// Code points of `text` before byte `offset`. `text` is the one the index was made from.
    #[must_use]
    pub fn code_points(&self, text: &str, offset: usize) -> usize {
        let offset = offset.min(text.len());
        let slot = offset / STEP;
        let before = self.samples.get(slot).copied().unwrap_or_default();
        let rest = text.as_bytes().get(slot * STEP..offset);
        (before + rest.map_or(0, count)) as usize
    }
}

/// Answers at which byte of a text its code point of a number begins, in constant time.
///
/// ```
/// use gongbao::base::ByteIndex;
/// let text = "产值12亿元";
/// let index = ByteIndex::new(text);
/// assert_eq!(index.bytes(text, 4), 8);
/// assert_eq!(index.code_points(), 6);
/// ```
#[derive(Debug, Clone)]
pub struct ByteIndex {
    /// Where code point `i × STRIDE` begins.
    samples: Vec<u32>,
    /// How many there are.
    code_points: usize,
}

impl ByteIndex {
    /// Reads `text` once.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut samples = Vec::with_capacity(text.len() / (2 * STRIDE) + 1);
        let mut code_points = 0;
        for (at, _) in text.char_indices() {
            if code_points % STRIDE == 0 {
                samples.push(at as u32);
            }
            code_points += 1;
        }
        Self {
            samples,
            code_points,
        }
    }

    /// How many code points the text has.
    #[must_use]
    pub fn code_points(&self) -> usize {
        self.code_points
    }

    /// Byte offset of the code point with this number; the length of the text from its end on.
    /// `text` is the one the index was made from.
    #[must_use]
    pub fn bytes(&self, text: &str, code_point: usize) -> usize {
        if code_point >= self.code_points {
            return text.len();
        }
        let sample = self.samples.get(code_point / STRIDE);
        let mut at = sample.map_or(text.len(), |&at| at as usize);
        for _ in 0..code_point % STRIDE {
            at += match text.as_bytes().get(at) {
                Some(0..0xC0) => 1,
                Some(0xC0..0xE0) => 2,
                Some(0xE0..0xF0) => 3,
                Some(0xF0..) => 4,
                None => 0,
            };
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_counting() {
        let text = "全年a总办件量为62920件，é其中🚀".repeat(23);
        let (points, bytes) = (CodePointIndex::new(&text), ByteIndex::new(&text));
        for (n, (offset, _)) in text.char_indices().enumerate() {
            assert_eq!(points.code_points(&text, offset), n);
            assert_eq!(bytes.bytes(&text, n), offset);
        }
        let n = text.chars().count();
        assert_eq!(points.code_points(&text, text.len()), n);
        assert_eq!(bytes.code_points(), n);
        assert_eq!(bytes.bytes(&text, n), text.len());
        assert_eq!(bytes.bytes(&text, n + 7), text.len());
    }

    #[test]
    fn every_byte_is_counted() {
        let text = "\u{7F}é产🚀\u{80}\u{7FF}\u{800}\u{FFFF}\u{10000}";
        for end in 0..=text.len() {
            let starts = (0..end).filter(|&i| text.is_char_boundary(i)).count();
            assert_eq!(count(&text.as_bytes()[..end]) as usize, starts, "{end}");
        }
    }

    #[test]
    fn empty() {
        assert_eq!(CodePointIndex::new("").code_points("", 0), 0);
        assert_eq!(ByteIndex::new("").bytes("", 0), 0);
    }
}
