//! Slips of one figure, point or multiplier: what a number may have been before it was misread.

use std::collections::BTreeSet;
use std::str::FromStr;

use super::Decimal;

/// How a written number came from the one that was meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slip {
    /// One figure was taken for another.
    Figure {
        /// What is written, `b'0'` to `b'9'`.
        written: u8,
        /// What was meant.
        meant: u8,
    },
    /// The point was lost, came in or moved.
    Point,
    /// The multiplier (万, 亿) was lost or came in: the same figures, a power of ten apart.
    Multiplier,
    /// A figure was lost.
    Lost,
    /// A figure came in.
    Added,
}

/// Powers of ten that multipliers stand for.
const MULTIPLIERS: [u32; 4] = [3, 4, 8, 12];

/// The slip that makes `meant` of `written`, none when it takes more than one or they are equal.
#[must_use]
pub fn slip(written: Decimal, meant: Decimal) -> Option<Slip> {
    neighbours(written)
        .into_iter()
        .find(|&(value, _)| value == meant)
        .map(|(_, slip)| slip)
}

/// Everything that `written` may have been before one slip, each value once. Signs stay.
#[must_use]
pub fn neighbours(written: Decimal) -> Vec<(Decimal, Slip)> {
    let text = written.to_string();
    let (sign, figures) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest.as_bytes()),
        None => ("", text.as_bytes()),
    };
    let mut out: Vec<(Decimal, Slip)> = Vec::new();
    let mut known = BTreeSet::new();
    let mut add = |bytes: &[u8], slip: Slip| {
        let Ok(text) = std::str::from_utf8(bytes) else {
            return;
        };
        // No number is written 07 or 5 and a point.
        let whole = text.split('.').next().unwrap_or("");
        if whole.is_empty() || text.ends_with('.') || whole.len() > 1 && whole.starts_with('0') {
            return;
        }
        if let Ok(value) = Decimal::from_str(&format!("{sign}{text}"))
            && value != written
            && value != Decimal::ZERO
            && known.insert(value)
        {
            out.push((value, slip));
        }
    };
    let without = |at: usize| -> Vec<u8> {
        let kept = figures.iter().enumerate().filter(|&(i, _)| i != at);
        kept.map(|(_, &c)| c).collect()
    };
    let with = |at: usize, c: u8| -> Vec<u8> {
        let mut longer = figures.to_vec();
        longer.insert(at.min(longer.len()), c);
        longer
    };
    for (at, &c) in figures.iter().enumerate() {
        if !c.is_ascii_digit() {
            continue;
        }
        for meant in b'0'..=b'9' {
            let mut other = figures.to_vec();
            if let Some(place) = other.get_mut(at) {
                *place = meant;
            }
            add(&other, Slip::Figure { written: c, meant });
        }
    }
    let bare: Vec<u8> = figures.iter().copied().filter(u8::is_ascii_digit).collect();
    add(&bare, Slip::Point);
    for at in 1..bare.len() {
        let mut pointed = bare.clone();
        pointed.insert(at, b'.');
        // 3900 has no point to lose: nobody writes 390.0 among whole numbers.
        if written.scale() > 0 || !pointed.ends_with(b"0") {
            add(&pointed, Slip::Point);
        }
    }
    for power in MULTIPLIERS {
        if let Ok(more) = written.scaled(power) {
            add(
                more.to_string().trim_start_matches('-').as_bytes(),
                Slip::Multiplier,
            );
        }
        if let Ok(less) = Decimal::new(written.mantissa(), written.scale() + power) {
            let less = trimmed(less).to_string();
            add(less.trim_start_matches('-').as_bytes(), Slip::Multiplier);
        }
    }
    for at in 0..=figures.len() {
        for c in b'0'..=b'9' {
            add(&with(at, c), Slip::Lost);
        }
        if figures.get(at).is_some_and(u8::is_ascii_digit) {
            add(&without(at), Slip::Added);
        }
    }
    out
}

/// Without trailing zeros behind the point.
fn trimmed(mut value: Decimal) -> Decimal {
    while value.scale() > 0 && value.mantissa() % 10 == 0 {
        match Decimal::new(value.mantissa() / 10, value.scale() - 1) {
            Ok(shorter) => value = shorter,
            Err(_) => break,
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn between(written: &str, meant: &str) -> Option<Slip> {
        slip(written.parse().unwrap(), meant.parse().unwrap())
    }

    #[test]
    fn one_slip_is_told_from_two() {
        let figure = |w, m| {
            Some(Slip::Figure {
                written: w,
                meant: m,
            })
        };
        assert_eq!(between("897.5", "887.5"), figure(b'9', b'8'));
        assert_eq!(between("12", "18"), figure(b'2', b'8'));
        assert_eq!(between("0.09", "0.39"), figure(b'0', b'3'));
        assert_eq!(between("-5.3", "-5.8"), figure(b'3', b'8'));
        assert_eq!(between("1199", "119.9"), Some(Slip::Point));
        assert_eq!(between("17.9", "1.79"), Some(Slip::Point));
        assert_eq!(between("3900", "390"), Some(Slip::Added));
        assert_eq!(between("3.2", "32000"), Some(Slip::Multiplier));
        assert_eq!(between("5509", "55009"), Some(Slip::Lost));
        assert_eq!(between("3.6", "3.66"), Some(Slip::Lost));
        assert_eq!(between("1833", "183"), Some(Slip::Added));
        assert_eq!(between("897.5", "788.5"), None);
        assert_eq!(between("12", "12"), None);
    }

    #[test]
    fn no_neighbour_is_written_with_a_leading_zero_or_is_nothing() {
        for written in [
            "7",
            "10",
            "0.4",
            "105",
            "86.42",
            "9999999999999999999999999999",
        ] {
            let written: Decimal = written.parse().unwrap();
            let found = neighbours(written);
            assert!(!found.is_empty());
            for (i, &(value, _)) in found.iter().enumerate() {
                assert!(value != written && value != Decimal::ZERO);
                assert!(found.iter().skip(i + 1).all(|&(other, _)| other != value));
            }
        }
    }
}
