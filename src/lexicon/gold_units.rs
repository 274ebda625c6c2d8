//! `gold_units.toml`: one form for the units of labels and records, for comparing them.

use std::sync::OnceLock;

use serde::Deserialize;

/// The compiled file.
///
/// ```
/// use gongbao::lexicon::gold_units::GoldUnits;
/// assert_eq!(GoldUnits::builtin().base("万元"), (4, "元"));
/// assert_eq!(GoldUnits::builtin().base("千瓦时"), (0, "千瓦时"));
/// ```
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GoldUnits {
    multiplier: Vec<(char, u32)>,
    whole: Vec<String>,
    measure_word: String,
    same: Vec<(String, String)>,
    #[cfg_attr(not(test), expect(dead_code, reason = "read by the test of the file"))]
    hit: Vec<Example>,
    #[cfg_attr(not(test), expect(dead_code, reason = "read by the test of the file"))]
    miss: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(not(test), expect(dead_code, reason = "read by the test of the file"))]
struct Example {
    unit: String,
    power: u32,
    base: String,
}

impl GoldUnits {
    /// The file that ships with the program. One that does not parse knows nothing; a test sees to
    /// it that it does.
    #[must_use]
    pub fn builtin() -> &'static Self {
        static BUILTIN: OnceLock<GoldUnits> = OnceLock::new();
        BUILTIN.get_or_init(|| {
            let text = include_str!("../../lexicon/gold_units.toml");
            super::parse("gold_units.toml", text).unwrap_or_default()
        })
    }

    /// The power of ten that `unit` begins with, and what is left of it in the form that all units
    /// of its meaning have.
    #[must_use]
    pub fn base<'a>(&'a self, unit: &'a str) -> (u32, &'a str) {
        let (mut power, mut rest) = (0, unit);
        while !self.whole.iter().any(|whole| rest.starts_with(whole))
            && let Some((more, behind)) = self.multiplied(rest)
        {
            power += more;
            rest = behind;
        }
        if let Some(behind) = rest.strip_prefix(&self.measure_word)
            && !behind.is_empty()
        {
            rest = behind;
        }
        let same = self.same.iter().find(|(from, _)| from == rest);
        (power, same.map_or(rest, |(_, to)| to.as_str()))
    }

    fn multiplied<'a>(&self, unit: &'a str) -> Option<(u32, &'a str)> {
        let mut chars = unit.chars();
        let first = chars.next()?;
        let &(_, power) = self.multiplier.iter().find(|(c, _)| *c == first)?;
        Some((power, chars.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_file() {
        let units = GoldUnits::builtin();
        assert!(!units.hit.is_empty() && !units.miss.is_empty());
        for hit in &units.hit {
            assert_eq!(
                units.base(&hit.unit),
                (hit.power, hit.base.as_str()),
                "{}",
                hit.unit
            );
        }
        for unit in &units.miss {
            assert_eq!(units.base(unit), (0, unit.as_str()));
        }
    }
}
