//! How many characters one text is away from another.

use std::collections::HashMap;

/// One word holds the differences of this many rows.
const ROWS: usize = 64;

/// The fewest insertions, deletions and replacements of characters that make `b` of `a`
/// (Levenshtein).
///
/// 64 rows of the table are worked on at a time, after G. Myers, "A fast bit-vector algorithm for
/// approximate string matching based on dynamic programming", J. ACM 46 (1999): two texts of 30 000
/// characters take some hundredths of a second, not a second. Room: linear in the lengths.
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

/// How a cell of the table differs from the one before it in its row.
#[derive(Clone, Copy)]
struct Step {
    /// 1 where it is one more.
    more: u64,
    /// 1 where it is one less.
    less: u64,
}

/// The last cell of the table of `rows` (not empty) and `columns`, worked out in strips of 64 rows.
fn table(rows: &[char], columns: &[char]) -> u64 {
    let mut number_of: HashMap<char, usize> = HashMap::new();
    let mut number = |&c: &char| {
        let next = number_of.len();
        *number_of.entry(c).or_insert(next)
    };
    let rows: Vec<usize> = rows.iter().map(&mut number).collect();
    let columns: Vec<usize> = columns.iter().map(&mut number).collect();
    // for each distinct character the rows of the strip that it stands in
    let mut standing = vec![0_u64; number_of.len()];
    // along the lower edge of the strip above; the first row of the table grows by one a column
    let mut edge = vec![Step { more: 1, less: 0 }; columns.len()];
    for strip in rows.chunks(ROWS) {
        for (i, &c) in strip.iter().enumerate() {
            standing[c] |= 1 << i;
        }
        let last = strip.len() - 1;
        // rows of the column that are one more, or one less, than the row above
        let (mut up, mut down) = (!0_u64, 0_u64);
        for (step, &c) in edge.iter_mut().zip(&columns) {
            let vertical = standing[c] | down;
            let same = standing[c] | step.less;
            let across = ((same & up).wrapping_add(up) ^ up) | same;
            let grown = down | !(across | up);
            let shrunk = up & across;
            let (grown_in, shrunk_in) = (grown << 1 | step.more, shrunk << 1 | step.less);
            step.more = grown >> last & 1;
            step.less = shrunk >> last & 1;
            up = shrunk_in | !(vertical | grown_in);
            down = grown_in & vertical;
        }
        for &c in strip {
            standing[c] = 0;
        }
    }
    // the first column of the last row, and along that row
    let sum = |part: fn(&Step) -> u64| edge.iter().map(part).sum::<u64>();
    rows.len() as u64 + sum(|step| step.more) - sum(|step| step.less)
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
