//! The stretches that two texts have in common, as Python's `difflib` finds them.
//!
//! The method is that of J. W. Ratcliff and D. Metzener, "Pattern matching: the gestalt approach",
//! Dr. Dobb's Journal 13 (7), July 1988: take the longest stretch that both have, of several the one
//! that begins first in the first text, of these the one that begins first in the second; then
//! likewise in what lies to its left in both, and in what lies to its right. The team's score counts
//! by it ([`crate::eval`]), so this has to find the very same blocks as `SequenceMatcher(None, a, b, autojunk=False)`.
//!
//! `difflib` compares every character with all its likes, again for every block. Here stretches
//! have names (R. Karp, R. Miller, A. Rosenberg, 1972): windows of 1, 2, 4, 8 … characters are
//! numbered so that equal ones have equal numbers, and a window of any length is told by the two
//! numbers that cover it. Whether a range has a common stretch of some length is then a sorted list
//! and look-ups, and the length is found by halving. Time O(n log n) for each *length* of blocks that
//! occurs, not for each block; room O(n log n).

/// A stretch that stands in both texts; positions and size in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Block {
    /// Where it begins in the first text.
    pub a: usize,
    /// Where it begins in the second.
    pub b: usize,
    /// How long it is, at least 1.
    pub size: usize,
}

/// The blocks in their order, which is the same in both texts: of characters, or of whatever numbers stand for.
///
/// ```
/// use gongbao::base::{Block, blocks};
/// let chars = |text: &str| text.chars().collect::<Vec<_>>();
/// let found = blocks(&chars("全年造林12亩"), &chars("全县造林12亩"));
/// assert_eq!(found, [Block { a: 0, b: 0, size: 1 }, Block { a: 2, b: 2, size: 5 }]);
/// ```
#[must_use]
pub fn blocks<T: Copy + Into<u32>>(a: &[T], b: &[T]) -> Vec<Block> {
    let windows = Windows::new(a, b);
    let mut found = Vec::new();
    let mut open = vec![Range {
        a: (0, a.len()),
        b: (0, b.len()),
        most: windows.most(),
    }];
    while let Some(mut rest) = open.pop() {
        let Some((size, index)) = windows.longest(&rest) else {
            continue;
        };
        // To the left of the first block of this size there is none as long; to its right there may
        // be, and the list of windows still serves.
        let mut at = rest.a.0;
        while at + size <= rest.a.1 {
            let Some(b) = windows.first(&index, at, size, rest.b.0) else {
                at += 1;
                continue;
            };
            found.push(Block { a: at, b, size });
            open.push(Range {
                a: (rest.a.0, at),
                b: (rest.b.0, b),
                most: size - 1,
            });
            at += size;
            rest.a.0 = at;
            rest.b.0 = b + size;
        }
        rest.most = size - 1;
        open.push(rest);
    }
    found.sort_unstable();
    found
}

/// Characters that blocks cover.
#[must_use]
pub fn shared(a: &[char], b: &[char]) -> usize {
    blocks(a, b).iter().map(|block| block.size).sum()
}

/// Part of both texts that is still to be looked at, from one position up to before another.
struct Range {
    a: (usize, usize),
    b: (usize, usize),
    /// No block in it is longer.
    most: usize,
}

impl Range {
    fn most(&self) -> usize {
        let room = |(start, end): (usize, usize)| end.saturating_sub(start);
        self.most.min(room(self.a)).min(room(self.b))
    }
}

/// The name of a window that stands in one of the texts only.
const ALONE: u32 = u32::MAX;

/// Names of windows: equal ones have equal names.
struct Windows {
    /// For windows of 2^k characters, by their first character; the second text's behind the
    /// first's.
    names: Vec<Vec<u32>>,
    /// Where the second text begins.
    second: usize,
}

/// Names of the windows of one length in a range of the second text, with their positions in it;
/// sorted.
type Index = Vec<(u64, usize)>;

impl Windows {
    fn new<T: Copy + Into<u32>>(a: &[T], b: &[T]) -> Self {
        let mut windows = Self {
            names: Vec::new(),
            second: a.len(),
        };
        let all = a.len() + b.len();
        let letters = a.iter().chain(b).map(|&c| u64::from(c.into()));
        let mut keys: Vec<(u64, usize)> = letters.enumerate().map(|(i, key)| (key, i)).collect();
        let mut width = 1;
        loop {
            let names = named(&mut keys, all, a.len());
            if names.iter().all(|&name| name == ALONE) {
                return windows;
            }
            // a window in both texts is made of two halves that are
            keys = (0..all)
                .filter(|&i| i + 2 * width <= all && !(i < a.len() && i + 2 * width > a.len()))
                .filter_map(|i| Some((pair(names[i], names[i + width])?, i)))
                .collect();
            windows.names.push(names);
            width *= 2;
        }
    }

    /// No common stretch is longer.
    fn most(&self) -> usize {
        (1_usize << self.names.len()) - 1
    }

    /// The window of `size` (at least 1) at this position of both texts laid one behind the other;
    /// none when only one of them has it.
    fn key(&self, at: usize, size: usize) -> Option<u64> {
        let level = size.ilog2();
        let names = self.names.get(level as usize)?;
        pair(*names.get(at)?, *names.get(at + size - (1 << level))?)
    }

    fn index(&self, range: &Range, size: usize) -> Index {
        let (start, end) = range.b;
        let mut index: Index = (start..(end + 1).saturating_sub(size))
            .filter_map(|at| Some((self.key(self.second + at, size)?, at)))
            .collect();
        index.sort_unstable();
        index
    }

    /// The first place in the second text, from `from` on, with the window of `size` that the
    /// first has at `at`.
    fn first(&self, index: &Index, at: usize, size: usize, from: usize) -> Option<usize> {
        let key = self.key(at, size)?;
        let slot = index.partition_point(|&entry| entry < (key, from));
        index
            .get(slot)
            .filter(|&&(found, _)| found == key)
            .map(|&(_, b)| b)
    }

    /// Length of the longest common stretch in the range, and the list of windows of that length.
    fn longest(&self, range: &Range) -> Option<(usize, Index)> {
        // a range with a common stretch has all shorter ones
        let (mut least, mut most) = (0, range.most());
        let mut best = None;
        while least < most {
            let size = least + (most - least).div_ceil(2);
            let index = self.index(range, size);
            let last = range.a.1 - size;
            if (range.a.0..=last).any(|at| self.first(&index, at, size, range.b.0).is_some()) {
                least = size;
                best = Some((size, index));
            } else {
                most = size - 1;
            }
        }
        best
    }
}

fn pair(a: u32, b: u32) -> Option<u64> {
    (a != ALONE && b != ALONE).then_some(u64::from(a) << 32 | u64::from(b))
}

/// A number for each distinct key that stands on both sides of `second`, by position; [`ALONE`]
/// for the others.
fn named(keys: &mut [(u64, usize)], all: usize, second: usize) -> Vec<u32> {
    keys.sort_unstable();
    let mut names = vec![ALONE; all];
    for (name, group) in (0_u32..).zip(keys.chunk_by(|x, y| x.0 == y.0)) {
        let stands = |first: bool| group.iter().any(|&(_, at)| (at < second) == first);
        if stands(true) && stands(false) {
            for &(_, at) in group {
                names[at] = name;
            }
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use proptest::prelude::*;

    use super::*;

    fn chars(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    type Blocks = &'static [(usize, usize, usize)];

    fn found(a: &str, b: &str) -> Vec<(usize, usize, usize)> {
        let found = joined(&blocks(&chars(a), &chars(b)));
        found.iter().map(|x| (x.a, x.b, x.size)).collect()
    }

    /// As Python 3.11 gives them: `SequenceMatcher(None, a, b, autojunk=False)
    /// .get_matching_blocks()` without the closing `(len(a), len(b), 0)`.
    #[test]
    fn blocks_of_difflib() {
        let cases: [(&str, &str, Blocks); 10] = [
            ("", "", &[]),
            ("", "a", &[]),
            ("abxcd", "abcd", &[(0, 0, 2), (3, 2, 2)]),
            ("tide", "diet", &[(0, 3, 1)]),
            ("diet", "tide", &[(0, 2, 1), (2, 3, 1)]),
            ("abcab", "abab", &[(0, 0, 2), (3, 2, 2)]),
            (
                "private Thread currentThread;",
                "private volatile Thread currentThread;",
                &[(0, 0, 6), (6, 15, 23)],
            ),
            (
                "全县新修灌渠126公里",
                "全年新增灌区渠道126公里",
                &[(0, 0, 1), (2, 2, 1), (4, 4, 1), (5, 6, 1), (6, 8, 5)],
            ),
            ("xxaaxxaa", "aayyaaxx", &[(2, 4, 4)]),
            (
                "机井9眼，玉米620亩。玉米",
                "玉米62O亩，机井机井9眼。",
                &[(0, 9, 4), (11, 13, 1)],
            ),
        ];
        for (a, b, want) in cases {
            assert_eq!(found(a, b), want, "{a:?} {b:?}");
        }
    }

    /// The method as it is told, character by character.
    fn plainly(a: &[char], b: &[char], at: (usize, usize), found: &mut Vec<Block>) {
        let mut best: Option<Block> = None;
        for i in 0..a.len() {
            for j in 0..b.len() {
                let size = a[i..]
                    .iter()
                    .zip(&b[j..])
                    .take_while(|(x, y)| x == y)
                    .count();
                if size > best.map_or(0, |best| best.size) {
                    best = Some(Block { a: i, b: j, size });
                }
            }
        }
        let Some(Block { a: i, b: j, size }) = best else {
            return;
        };
        plainly(&a[..i], &b[..j], at, found);
        found.push(Block {
            a: at.0 + i,
            b: at.1 + j,
            size,
        });
        plainly(
            &a[i + size..],
            &b[j + size..],
            (at.0 + i + size, at.1 + j + size),
            found,
        );
    }

    /// difflib joins blocks that touch; so are these.
    fn joined(blocks: &[Block]) -> Vec<Block> {
        let mut joined: Vec<Block> = Vec::new();
        for &block in blocks {
            match joined.last_mut() {
                Some(last) if (last.a + last.size, last.b + last.size) == (block.a, block.b) => {
                    last.size += block.size;
                }
                _ => joined.push(block),
            }
        }
        joined
    }

    proptest! {
        #[test]
        fn agrees_with_the_method(a in "[ab]{0,40}|[a-e]{0,60}", b in "[ab]{0,40}|[a-e]{0,60}") {
            let (a, b) = (chars(&a), chars(&b));
            let mut want = Vec::new();
            plainly(&a, &b, (0, 0), &mut want);
            prop_assert_eq!(blocks(&a, &b), want);
        }

        /// Text that was copied with faults, as OCR makes it.
        #[test]
        fn agrees_on_faulty_copies(
            text in "[a-z]{1,120}",
            faults in prop::collection::vec((any::<prop::sample::Index>(), "[a-z]{0,3}"), 0..12)
        ) {
            let mut copy = chars(&text);
            for (at, put) in &faults {
                if !copy.is_empty() {
                    let at = at.index(copy.len());
                    copy.splice(at..=at, put.chars());
                }
            }
            let text = chars(&text);
            let mut want = Vec::new();
            plainly(&copy, &text, (0, 0), &mut want);
            prop_assert_eq!(joined(&blocks(&copy, &text)), joined(&want));
        }
    }

    /// 100 KB of page against a copy with a fault in every tenth character, and the worst that
    /// there is: one character only, 10^9 pairs of likes.
    #[test]
    #[cfg_attr(miri, ignore = "an interpreter takes minutes")]
    fn long_pages_are_no_trouble() {
        let page: Vec<char> = (0..33_000_u32)
            .filter_map(|i| char::from_u32(0x4E00 + (i * i + i / 7) % 509))
            .collect();
        let mut copy = page.clone();
        for c in copy.iter_mut().step_by(10) {
            *c = 'x';
        }
        let start = Instant::now();
        let shared_characters = shared(&copy, &page);
        assert!(shared_characters >= 29_700 - 10, "{shared_characters}");
        let one = vec!['一'; 33_000];
        assert_eq!(shared(&one[..32_999], &one), 32_999);
        let took = start.elapsed();
        assert!(took < Duration::from_secs(60), "{took:?}");
    }
}
