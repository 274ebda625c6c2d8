//! `lexicon/documents.toml`: words by which a page says what it is.

use serde::Deserialize;

use super::{Forms, LexiconError};

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Group {
    forms: Vec<String>,
    /// Lines of our own making that hold a form.
    #[expect(dead_code, reason = "read by `entries`")]
    hit: Vec<String>,
}

super::tables! {
    File("documents") { called_after_its_year: Group, body: Group, region: Group, not_place: Group }
}

/// All words of the file, compiled.
#[derive(Debug)]
pub struct Documents {
    called_after_its_year: Forms,
    body: Forms,
    region: Forms,
    not_place: Forms,
}

impl Documents {
    pub(super) fn compile(f: File) -> Result<Self, LexiconError> {
        let forms = |groups: &[Group]| {
            Forms::new(
                File::NAME,
                groups
                    .iter()
                    .flat_map(|g| g.forms.iter().map(|w| (w.as_str(), 0))),
            )
        };
        Ok(Self {
            called_after_its_year: forms(&f.called_after_its_year)?,
            body: forms(&f.body)?,
            region: forms(&f.region)?,
            not_place: forms(&f.not_place)?,
        })
    }

    /// True for the title of a report that is called after the year in which it is given, not the
    /// one that it speaks of.
    #[must_use]
    pub fn is_called_after_its_year(&self, title: &str) -> bool {
        self.called_after_its_year.first(title).is_some()
    }

    /// The name of an issuing body in `text`: from the place that opens it to the word that ends
    /// it.
    #[must_use]
    pub fn body_in<'t>(&self, text: &'t str) -> Option<&'t str> {
        let region = self.region_in(text)?;
        let start = text.find(region)?;
        let rest = text.get(start + region.len()..)?;
        let clause = rest
            .find(|c: char| !c.is_alphabetic())
            .map_or(rest, |i| rest.get(..i).unwrap_or(rest));
        let (_, end, _) = self.body.first(clause)?;
        text.get(start..start + region.len() + end)
    }

    /// The first name of a place in `text`: the characters of its clause up to 省, 市, 县 ….
    #[must_use]
    pub fn region_in<'t>(&self, text: &'t str) -> Option<&'t str> {
        for (_, end, _) in self.region.all(text).take(16) {
            let head = text.get(..end)?;
            if self.not_place.before(text, end).is_some() {
                continue;
            }
            let start = head
                .char_indices()
                .rev()
                .find(|c| !c.1.is_alphabetic())
                .map_or(0, |c| c.0 + c.1.len_utf8());
            let name = text.get(start..end)?;
            if (2..=12).contains(&name.chars().count()) {
                return Some(name);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use crate::lexicon::Lexicon;

    #[test]
    fn bodies_and_places() {
        let documents = &Lexicon::builtin().documents;
        for (line, body, place) in [
            ("临溪县统计局", Some("临溪县统计局"), Some("临溪县")),
            (
                "，临溪县林业工作站全年造林",
                Some("临溪县林业工作站"),
                Some("临溪县"),
            ),
            ("全县粮食产量", None, None),
        ] {
            assert_eq!(documents.body_in(line), body, "{line}");
            assert_eq!(documents.region_in(line), place, "{line}");
        }
        assert!(documents.is_called_after_its_year("临溪县政府工作报告"));
        assert!(!documents.is_called_after_its_year("临溪县水利局工作报告"));
    }
}
