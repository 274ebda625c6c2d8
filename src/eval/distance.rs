//! How many characters one text is away from another.

use std::collections::HashMap;

/// One word holds the differences of this many rows.
const ROWS: usize = 64;

/// The fewest insertions, deletions and replacements of characters that make `b` of `a`
/// (Levenshtein).
///
/// 64 rows of the table are worked on at a time, after G. Myers, "A fast bit-vector algorithm for
/// approximate string matching based on dynamic programming", J. ACM 46 (1999): two texts of 30 000
/// characters take some hundredths of a second, not a second. Room: linear in the lengths, and one
/// bit for each distinct character at each place of the shorter text.
///
/// ```
/// use gongbao::eval::distance;
/// let chars = |text: &str| text.chars().collect::<Vec<_>>();
/// assert_eq!(distance(&chars("造林12亩"), &chars("造林72亩。")), 2);
/// ```
#[must_use]
pub fn distance(a: &[char], b: &[char]) -> u64 {
    let (rows, columns) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    // what both begin and end with changes nothing
    let head = both(rows.iter(), columns.iter());
    let (rows, columns) = (&rows[head..], &columns[head..]);
    let tail = both(rows.iter().rev(), columns.iter().rev());
    let rows = &rows[..rows.len() - tail];
    let columns = &columns[..columns.len() - tail];
    if rows.is_empty() {
        return columns.len() as u64;
    }
    table(rows, columns)
}

fn both<'a>(a: impl Iterator<Item = &'a char>, b: impl Iterator<Item = &'a char>) -> usize {
    a.zip(b).take_while(|(a, b)| a == b).count()
}

/// The vertical differences in 64 rows of one column of the table.
#[derive(Clone, Copy)]
struct Word {
    /// Rows that are one more than the row above.
    up: u64,
    /// Rows that are one less.
    down: u64,
}

/// The last cell of the table of `rows` (not empty) and `columns`.
fn table(rows: &[char], columns: &[char]) -> u64 {
    let words = rows.len().div_ceil(ROWS);
    // for each distinct character the rows that it stands in, `words` words each
    let mut place_of: HashMap<char, usize> = HashMap::new();
    let mut standing: Vec<u64> = Vec::new();
    for (i, &c) in rows.iter().enumerate() {
        let next = standing.len();
        let at = *place_of.entry(c).or_insert(next);
        if at == next {
            standing.resize(next + words, 0);
        }
        standing[at + i / ROWS] |= 1 << (i % ROWS);
    }
    let nowhere = vec![0; words];
    let mut column = vec![Word { up: !0, down: 0 }; words];
    let last_row = 1_u64 << ((rows.len() - 1) % ROWS);
    let mut cell = rows.len() as u64;
    for c in columns {
        let same = match place_of.get(c) {
            Some(&at) => &standing[at..at + words],
            None => &nowhere,
        };
        // the first row of the table grows by one a column
        let (mut more, mut less) = (1, 0);
        for (w, (word, &same)) in column.iter_mut().zip(same).enumerate() {
            let vertical = same | word.down;
            let same = same | less;
            let across = ((same & word.up).wrapping_add(word.up) ^ word.up) | same;
            let grown = word.down | !(across | word.up);
            let shrunk = word.up & across;
            if w + 1 == words {
                cell += u64::from(grown & last_row != 0);
                cell -= u64::from(shrunk & last_row != 0);
            }
            let (grown_in, shrunk_in) = (grown << 1 | more, shrunk << 1 | less);
            (more, less) = (grown >> (ROWS - 1), shrunk >> (ROWS - 1));
            word.up = shrunk_in | !(vertical | grown_in);
            word.down = grown_in & vertical;
        }
    }
    cell
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn chars(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    /// Row by row, as it is defined.
    fn plainly(a: &[char], b: &[char]) -> u64 {
        let mut above: Vec<u64> = (0..=b.len() as u64).collect();
        for (i, x) in a.iter().enumerate() {
            let mut row = vec![i as u64 + 1];
            for (j, y) in b.iter().enumerate() {
                row.push(
                    (above[j] + u64::from(x != y))
                        .min(above[j + 1] + 1)
                        .min(row[j] + 1),
                );
            }
            above = row;
        }
        above[b.len()]
    }

    #[test]
    fn known_distances() {
        for (a, b, want) in [
            ("", "", 0),
            ("", "造林", 2),
            ("kitten", "sitting", 3),
            ("造林12亩", "造林12亩", 0),
            ("abc", "xyz", 3),
        ] {
            assert_eq!(distance(&chars(a), &chars(b)), want, "{a} {b}");
            assert_eq!(distance(&chars(b), &chars(a)), want, "{b} {a}");
        }
    }

    proptest! {
        /// Also over the borders of words.
        #[test]
        fn agrees_with_the_definition(a in "[abc]{0,200}", b in "[abcd]{0,200}") {
            let (a, b) = (chars(&a), chars(&b));
            prop_assert_eq!(distance(&a, &b), plainly(&a, &b));
        }
    }

    #[test]
    fn long_texts_are_no_trouble() {
        let a: Vec<char> = (0..30_000_u32)
            .filter_map(|i| char::from_u32(0x4E00 + i * 7919 % 997))
            .collect();
        let b: Vec<char> = (0..30_000_u32)
            .filter_map(|i| char::from_u32(0x4E00 + i * 7907 % 991))
            .collect();
        let found = distance(&a, &b);
        assert!(found > 0 && found <= 30_000, "{found}");
    }
}
