//! `multipliers.toml`: the characters that multiply the unit behind them.

use std::sync::OnceLock;

use serde::Deserialize;

/// The compiled file.
///
/// ```
/// use gongbao::lexicon::multipliers::Multipliers;
/// assert_eq!(Multipliers::builtin().power("万元", "元"), Some(4));
/// assert_eq!(Multipliers::builtin().power("万元", "吨"), None);
/// ```
#[derive(Debug)]
pub struct Multipliers {
    entries: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    multiplier: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    form: char,
    /// Power of ten.
    power: u32,
    #[cfg_attr(not(test), expect(dead_code, reason = "read by the test of the file"))]
    hit: Vec<Example>,
    #[cfg_attr(not(test), expect(dead_code, reason = "read by the test of the file"))]
    #[serde(default)]
    miss: Vec<Example>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(not(test), expect(dead_code, reason = "read by the test of the file"))]
struct Example {
    unit: String,
    base: String,
    power: u32,
}

impl Multipliers {
    /// The file that ships with the program. One that does not parse knows no multipliers; a test
    /// sees to it that it does.
    #[must_use]
    pub fn builtin() -> &'static Self {
        static BUILTIN: OnceLock<Multipliers> = OnceLock::new();
        BUILTIN.get_or_init(|| {
            let text = include_str!("../../lexicon/multipliers.toml");
            let file = super::parse::<File>("lexicon/multipliers.toml", text);
            Self {
                entries: file.map(|f| f.multiplier).unwrap_or_default(),
            }
        })
    }

    /// The power of ten that `unit` is of `base`: 4 for 万元 of 元; none when `unit` is not `base`
    /// behind multipliers.
    #[must_use]
    pub fn power(&self, unit: &str, base: &str) -> Option<u32> {
        unit.strip_suffix(base)?.chars().try_fold(0_u32, |sum, c| {
            let entry = self.entries.iter().find(|e| e.form == c)?;
            sum.checked_add(entry.power)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_does_what_it_says() {
        let multipliers = Multipliers::builtin();
        assert_eq!(multipliers.entries.len(), 8);
        for entry in &multipliers.entries {
            assert!(!entry.hit.is_empty(), "{} has no hit", entry.form);
            for hit in &entry.hit {
                assert!(hit.unit.contains(entry.form), "{}", hit.unit);
                assert_eq!(
                    multipliers.power(&hit.unit, &hit.base),
                    Some(hit.power),
                    "{}",
                    hit.unit
                );
            }
            for miss in &entry.miss {
                assert!(miss.unit.contains(entry.form), "{}", miss.unit);
                assert_eq!(
                    multipliers.power(&miss.unit, &miss.base),
                    Some(miss.power),
                    "{}",
                    miss.unit
                );
            }
        }
    }

    #[test]
    fn what_is_no_multiplier() {
        let multipliers = Multipliers::builtin();
        assert_eq!(multipliers.power("立方米", "米"), None);
        assert_eq!(multipliers.power("元", "万元"), None);
        assert_eq!(multipliers.power("", ""), Some(0));
    }
}
