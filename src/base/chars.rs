//! Sets and maps of characters in tables: a look-up is a shift and two loads, whatever they hold.
//!
//! Text in Han asks of nearly every character whether it is one of some; hashing each costs more
//! than all that is then done with the few that are. Tables are cut into blocks of 64 code points,
//! of which maps store only those with an entry.

/// Code points per block.
const BLOCK: usize = 64;

/// A map from characters to values.
///
/// ```
/// use gongbao::base::CharMap;
/// let powers: CharMap<u32> = [('万', 4), ('亿', 8)].into_iter().collect();
/// assert_eq!(powers.get('亿'), Some(8));
/// assert_eq!(powers.get('兆'), None);
/// ```
#[derive(Debug, Clone)]
pub struct CharMap<T> {
    /// For each block of code points, which of `values` is its; 0 is the one without entries. There
    /// are 17 408 blocks in all.
    blocks: Vec<u16>,
    values: Vec<[Option<T>; BLOCK]>,
}

impl<T: Copy> CharMap<T> {
    /// A map that holds nothing.
    #[must_use]
    pub fn new() -> Self {
        Self {
            blocks: Vec::new(),
            values: vec![[None; BLOCK]],
        }
    }

    /// Sets the value of `c`; gives the one that it had.
    pub fn insert(&mut self, c: char, value: T) -> Option<T> {
        let point = c as usize;
        let block = point / BLOCK;
        if self.blocks.len() <= block {
            self.blocks.resize(block + 1, 0);
        }
        let place = self.blocks.get_mut(block)?;
        if *place == 0 {
            *place = u16::try_from(self.values.len()).ok()?;
            self.values.push([None; BLOCK]);
        }
        self.values.get_mut(usize::from(*place))?[point % BLOCK].replace(value)
    }

    /// The value of `c`.
    #[inline]
    #[must_use]
    pub fn get(&self, c: char) -> Option<T> {
        let point = c as usize;
        let place = *self.blocks.get(point / BLOCK)?;
        self.values.get(usize::from(place))?[point % BLOCK]
    }
}

impl<T: Copy> Default for CharMap<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Copy> Extend<(char, T)> for CharMap<T> {
    fn extend<I: IntoIterator<Item = (char, T)>>(&mut self, entries: I) {
        for (c, value) in entries {
            self.insert(c, value);
        }
    }
}

impl<T: Copy> FromIterator<(char, T)> for CharMap<T> {
    fn from_iter<I: IntoIterator<Item = (char, T)>>(entries: I) -> Self {
        let mut map = Self::new();
        map.extend(entries);
        map
    }
}

/// A set of characters.
///
/// ```
/// use gongbao::base::CharSet;
/// let stops: CharSet = "。！？".chars().collect();
/// assert!(stops.contains('。'));
/// assert!(!stops.contains('，'));
/// ```
#[derive(Debug, Clone, Default)]
pub struct CharSet {
    /// For each block of 64 code points, a bit each.
    bits: Vec<u64>,
}

impl CharSet {
    /// A set that holds nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds `c`.
    pub fn insert(&mut self, c: char) {
        let point = c as usize;
        let block = point / BLOCK;
        if self.bits.len() <= block {
            self.bits.resize(block + 1, 0);
        }
        if let Some(bits) = self.bits.get_mut(block) {
            *bits |= 1 << (point % BLOCK);
        }
    }

    /// True when `c` is in it.
    #[inline]
    #[must_use]
    pub fn contains(&self, c: char) -> bool {
        let point = c as usize;
        let bits = self.bits.get(point / BLOCK).copied().unwrap_or_default();
        bits >> (point % BLOCK) & 1 == 1
    }

    /// The byte at which the first character of `text` that is in it starts. Nothing is decoded: the
    /// last byte of a character has the six bits that tell it within its block.
    ///
    /// ```
    /// use gongbao::base::CharSet;
    /// let stops: CharSet = "。！？".chars().collect();
    /// assert_eq!(stops.first_in("年末人口。"), Some(12));
    /// assert_eq!(stops.first_in("年末人口"), None);
    /// ```
    #[must_use]
    pub fn first_in(&self, text: &str) -> Option<usize> {
        let mut rest = text.as_bytes();
        loop {
            let (block, last, behind) = match rest {
                [a @ 0xE0..0xF0, b, c, behind @ ..] => (
                    usize::from(a & 0x0F) << 6 | usize::from(b & 0x3F),
                    c,
                    behind,
                ),
                [a @ ..0x80, behind @ ..] => (usize::from(a >> 6), a, behind),
                [a @ ..0xE0, b, behind @ ..] => (usize::from(a & 0x1F), b, behind),
                [a, b, c, d, behind @ ..] => {
                    let high = usize::from(a & 0x07) << 12 | usize::from(b & 0x3F) << 6;
                    (high | usize::from(c & 0x3F), d, behind)
                }
                _ => return None,
            };
            let bits = self.bits.get(block).copied().unwrap_or_default();
            if bits >> (last & 0x3F) & 1 == 1 {
                return Some(text.len() - rest.len());
            }
            rest = behind;
        }
    }

    /// The characters of `text` that are in it, each with the byte at which it starts.
    ///
    /// ```
    /// use gongbao::base::CharSet;
    /// let stops: CharSet = "。！？".chars().collect();
    /// let found: Vec<_> = stops.all_in("年末。人口？").collect();
    /// assert_eq!(found, [(6, '。'), (15, '？')]);
    /// ```
    #[inline]
    pub fn all_in<'a>(&'a self, text: &'a str) -> impl Iterator<Item = (usize, char)> + 'a {
        let bits = self.bits.as_slice();
        let mut rest = text.as_bytes();
        std::iter::from_fn(move || {
            loop {
                let at = text.len() - rest.len();
                let (point, behind) = match rest {
                    [a @ 0xE0..0xF0, b, c, behind @ ..] => {
                        let high = usize::from(a & 0x0F) << 12 | usize::from(b & 0x3F) << 6;
                        (high | usize::from(c & 0x3F), behind)
                    }
                    [a @ ..0x80, behind @ ..] => (usize::from(*a), behind),
                    [a @ ..0xE0, b, behind @ ..] => {
                        (usize::from(a & 0x1F) << 6 | usize::from(b & 0x3F), behind)
                    }
                    [a, b, c, d, behind @ ..] => {
                        let high = usize::from(a & 0x07) << 18 | usize::from(b & 0x3F) << 12;
                        let low = usize::from(c & 0x3F) << 6 | usize::from(d & 0x3F);
                        (high | low, behind)
                    }
                    _ => return None,
                };
                rest = behind;
                let block = bits.get(point / BLOCK).copied().unwrap_or_default();
                if block >> (point % BLOCK) & 1 == 1 {
                    return Some((at, char::from_u32(u32::try_from(point).ok()?)?));
                }
            }
        })
    }
}

impl Extend<char> for CharSet {
    fn extend<I: IntoIterator<Item = char>>(&mut self, chars: I) {
        for c in chars {
            self.insert(c);
        }
    }
}

impl FromIterator<char> for CharSet {
    fn from_iter<I: IntoIterator<Item = char>>(chars: I) -> Self {
        let mut set = Self::new();
        set.extend(chars);
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first and last characters of blocks and of Unicode.
    const EDGES: [char; 9] = [
        '\0',
        '\u{3f}',
        '\u{40}',
        '一',
        '万',
        '\u{ffff}',
        '\u{3ffff}',
        '\u{40000}',
        '\u{10ffff}',
    ];

    #[test]
    fn maps_give_what_was_put_in() {
        let mut map = CharMap::new();
        for (i, c) in EDGES.into_iter().enumerate() {
            assert_eq!(map.get(c), None);
            assert_eq!(map.insert(c, i), None);
        }
        for (i, c) in EDGES.into_iter().enumerate() {
            assert_eq!(map.get(c), Some(i), "{c:?}");
            assert_eq!(map.insert(c, i + 100), Some(i), "{c:?}");
            assert_eq!(map.get(c), Some(i + 100), "{c:?}");
        }
        assert_eq!(map.get('丁'), None);
        assert_eq!(map.get('\u{40001}'), None);
    }

    #[test]
    #[cfg_attr(miri, ignore = "an interpreter takes an hour for all characters")]
    fn a_map_may_hold_every_character() {
        let map: CharMap<char> = ('\0'..=char::MAX).map(|c| (c, c)).collect();
        assert!(('\0'..=char::MAX).all(|c| map.get(c) == Some(c)));
    }

    #[test]
    fn sets_hold_what_was_put_in() {
        let set: CharSet = EDGES.into_iter().collect();
        for c in EDGES {
            assert!(set.contains(c), "{c:?}");
        }
        for c in ['\u{1}', '丁', '\u{10fffe}'] {
            assert!(!set.contains(c), "{c:?}");
        }
    }

    #[test]
    fn the_first_in_a_text_is_where_it_stands() {
        // an interpreter takes an hour for all of them
        let step = if cfg!(miri) { 9973 } else { 7 };
        let set: CharSet = EDGES.into_iter().collect();
        for point in (0..0x11_0000).step_by(step).filter_map(char::from_u32) {
            let text = format!("a年é𠀀{point}\u{10fffe}万");
            let want = text.find(|c| set.contains(c));
            assert_eq!(set.first_in(&text), want, "{point:?}");
            let want = text.char_indices().filter(|&(_, c)| set.contains(c));
            assert!(set.all_in(&text).eq(want), "{point:?}");
        }
        for c in EDGES {
            assert_eq!(set.first_in(&format!("年{c}")), Some(3), "{c:?}");
        }
        assert_eq!(set.first_in(""), None);
    }
}
