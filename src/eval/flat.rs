//! Texts as they are compared: without white space, one laid beside the other.

use unicode_normalization::UnicodeNormalization;

use crate::base::{Block, blocks};

/// White space as Python's `str.isspace` has it: that of Unicode, and the four separators of ASCII.
fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{1C}'..='\u{1F}')
}

/// The characters that are no white space.
pub(super) fn squeeze(text: &str) -> Vec<char> {
    text.chars().filter(|&c| !is_space(c)).collect()
}

/// For each position in `text`, its end included, how many characters that are no white space lie
/// before it.
pub(super) fn squeezed_positions(text: &[char]) -> Vec<usize> {
    let mut positions = Vec::with_capacity(text.len() + 1);
    let mut kept = 0;
    for &c in text {
        positions.push(kept);
        kept += usize::from(!is_space(c));
    }
    positions.push(kept);
    positions
}

/// Without the white space that it begins and ends with.
pub(super) fn strip(text: &str) -> Vec<char> {
    text.trim_matches(is_space).chars().collect()
}

/// Names, labels and titles as they are compared: without white space, full- and half-width forms
/// and long dashes folded.
pub(super) fn plain(text: &str) -> String {
    text.nfkc()
        .map(|c| if c == '—' { '-' } else { c })
        .filter(|&c| !is_space(c))
        .collect()
}

/// Leads from a squeezed text to the squeezed gold text.
#[derive(Debug)]
pub(super) struct Alignment {
    /// For each character the one that it stands for; none in text that the gold does not have.
    to: Vec<Option<usize>>,
}

impl Alignment {
    /// Lays `text` beside `gold` by the blocks that they have in common; between two blocks,
    /// character for character, what is left over standing for the last.
    pub(super) fn new(text: &[char], gold: &[char]) -> Self {
        if text == gold {
            return Self {
                to: (0..text.len()).map(Some).collect(),
            };
        }
        let mut to = Vec::with_capacity(text.len());
        let mut at = 0; // in gold
        let end = Block {
            a: text.len(),
            b: gold.len(),
            size: 0,
        };
        for block in blocks(text, gold).into_iter().chain([end]) {
            for i in 0..block.a - to.len() {
                let room = block.b - at;
                to.push(room.checked_sub(1).map(|last| at + i.min(last)));
            }
            to.extend((block.b..block.b + block.size).map(Some));
            at = block.b + block.size;
        }
        Self { to }
    }

    /// The character of the gold text that this one stands for.
    pub(super) fn to_gold(&self, at: usize) -> Option<usize> {
        *self.to.get(at)?
    }

    /// What these characters stand for, as start and end; none when they stand for nothing.
    pub(super) fn span(&self, start: usize, end: usize) -> Option<(usize, usize)> {
        let end = end.min(self.to.len());
        let hits = || self.to.get(start..end).into_iter().flatten().flatten();
        Some((*hits().min()?, *hits().max()? + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alignment(text: &str, gold: &str) -> Vec<Option<usize>> {
        Alignment::new(&squeeze(text), &squeeze(gold)).to
    }

    #[test]
    fn equal_texts_stand_for_each_other() {
        assert_eq!(alignment("造 林\n9亩", "造林9亩"), [0, 1, 2, 3].map(Some));
    }

    #[test]
    fn misread_inserted_and_lost_characters() {
        // 9 is read as two characters: both stand for it
        assert_eq!(alignment("造林gq亩", "造林9亩"), [0, 1, 2, 2, 3].map(Some));
        // the caption stands for nothing
        assert_eq!(
            alignment("造林图一9亩", "造林9亩"),
            [Some(0), Some(1), None, None, Some(2), Some(3)]
        );
        assert_eq!(alignment("造亩", "造林9亩"), [Some(0), Some(3)]);
        assert_eq!(alignment("图", ""), [None]);
        assert_eq!(alignment("", "造林"), []);
    }

    #[test]
    fn spans() {
        let alignment = Alignment::new(&squeeze("造林图一9亩"), &squeeze("造林9亩"));
        assert_eq!(alignment.span(2, 4), None);
        assert_eq!(alignment.span(3, 6), Some((2, 4)));
        assert_eq!(alignment.span(4, 99), Some((2, 4)));
        assert_eq!(alignment.span(5, 2), None);
    }

    #[test]
    fn what_is_compared() {
        assert_eq!(plain(" （一） 水—利"), "(一)水-利");
        assert_eq!(squeezed_positions(&['a', ' ', 'b']), [0, 1, 1, 2]);
        assert_eq!(strip(" \u{1C}a b\n"), ['a', ' ', 'b']);
    }
}
