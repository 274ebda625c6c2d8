//! `lexicon/panel.toml`: the words of panels that are not of the code list.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

/// The file.
///
/// ```
/// use gongbao::lexicon::panel::Words;
/// assert_eq!(Words::builtin().heading("地区生产总值", "growth", "%"), "地区生产总值增速（%）");
/// assert_eq!(Words::builtin().heading("从业人员", "", ""), "从业人员");
/// ```
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// Names of the sheets of a workbook.
    pub sheet: Sheets,
    /// What stands over columns.
    pub heading: Headings,
    measure: BTreeMap<String, String>,
    /// Of line charts.
    pub chart: Chart,
}

/// Names of the sheets of a workbook.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sheets {
    /// The panel itself.
    pub panel: String,
    /// Where its cells come from.
    pub cells: String,
    /// What its columns are.
    pub columns: String,
    /// What was checked.
    pub checks: String,
}

/// What stands over columns.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Headings {
    /// Over names of places.
    pub region: String,
    /// Over their codes.
    pub code: String,
    /// Over years.
    pub year: String,
    /// Over other times.
    pub period: String,
    column: String,
    bare: String,
}

/// Of line charts.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chart {
    /// The fonts, the first that is there.
    pub fonts: String,
}

impl Words {
    /// The file that ships with the program. One that does not parse has no words; a test sees to it
    /// that it does.
    #[must_use]
    pub fn builtin() -> &'static Self {
        static BUILTIN: OnceLock<Words> = OnceLock::new();
        BUILTIN.get_or_init(|| {
            let text = include_str!("../../lexicon/panel.toml");
            super::parse("lexicon/panel.toml", text).unwrap_or_default()
        })
    }

    /// The heading of a column: of the concept's label, what is stated of it, and the unit.
    #[must_use]
    pub fn heading(&self, label: &str, measure: &str, unit: &str) -> String {
        let pattern = match unit {
            "" => &self.heading.bare,
            _ => &self.heading.column,
        };
        let measure = self.measure.get(measure).map_or("", String::as_str);
        pattern
            .replace("{label}", label)
            .replace("{measure}", measure)
            .replace("{unit}", unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_has_all_words() {
        let text = include_str!("../../lexicon/panel.toml");
        let words: Words = crate::lexicon::parse("lexicon/panel.toml", text).unwrap();
        for measure in [
            "share",
            "growth",
            "change",
            "contribution",
            "multiple",
            "rank",
        ] {
            assert!(words.measure.contains_key(measure), "{measure}");
        }
        assert_eq!(words.measure.len(), 6);
    }
}
