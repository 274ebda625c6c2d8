//! `lexicon/documents.toml`: words by which a page says what it is.

use std::ops::Range;

use serde::Deserialize;

use super::{Forms, LexiconError, regions};

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Group {
    forms: Vec<String>,
    /// Lines of our own making that hold a form.
    #[expect(dead_code, reason = "read by `entries`")]
    hit: Vec<String>,
}

super::tables! {
    File("documents") {
        called_after_its_year: Group,
        body: Group,
        region: Group,
        before_place: Group,
        before_body: Group,
        not_place: Group,
    }
}

/// All words of the file, compiled.
#[derive(Debug)]
pub struct Documents {
    called_after_its_year: Forms,
    body: Forms,
    region: Forms,
    before_place: Forms,
    before_body: Forms,
    not_place: Forms,
}

/// Where a text names a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Its name.
    pub name: Range<usize>,
    /// Before it, the names of the places that it lies in: `运城市` of `运城市绛县`; else empty.
    pub around: Range<usize>,
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
            before_place: forms(&f.before_place)?,
            before_body: forms(&f.before_body)?,
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
        let place = self.place_in(text)?;
        let start = place.around.start;
        let start = self.before_body.before(text, start).map_or(start, |b| b.0);
        let rest = text.get(place.name.end..)?;
        let clause = rest
            .find(|c: char| !c.is_alphabetic())
            .map_or(rest, |i| rest.get(..i).unwrap_or(rest));
        let (_, end, _) = self.body.first(clause)?;
        text.get(start..place.name.end + end)
    }

    /// The first name of a place in `text`, see [`Documents::place_in`].
    #[must_use]
    pub fn region_in<'t>(&self, text: &'t str) -> Option<&'t str> {
        text.get(self.place_in(text)?.name)
    }

    /// The first place that `text` names, and of places that lie in each other (运城市绛县) the smallest: a
    /// name of the table of regions at the start of a clause, else the characters of the clause up to
    /// 省, 市, 县 ….
    #[must_use]
    pub fn place_in(&self, text: &str) -> Option<Place> {
        let is_mark = |c: char| !c.is_alphabetic();
        let mut next = 0;
        text.split_inclusive(is_mark).find_map(|piece| {
            let at = next;
            next += piece.len();
            let clause = piece.trim_end_matches(is_mark);
            let start = self.behind_leads(clause);
            let run = clause.get(start..)?;
            let mut name = 0..self.place_at(run)?;
            while let Some(end) = self.inner_at(run.get(name.clone())?, run.get(name.end..)?) {
                name = name.end..name.end + end;
            }
            let start = at + start;
            Some(Place {
                name: start + name.start..start + name.end,
                around: start..start + name.start,
            })
        })
    }

    /// Where in `clause` a place's name may begin: behind 关于 and the like.
    fn behind_leads(&self, clause: &str) -> usize {
        let mut start = 0;
        let lead = |at| {
            let lead = self.before_place.at(clause, at);
            lead.or_else(|| self.before_body.at(clause, at))
        };
        while let Some((end, _)) = lead(start) {
            start = end;
        }
        start
    }

    /// The end of the place's name that `run` begins with.
    fn place_at(&self, run: &str) -> Option<usize> {
        let known = regions::name_at(run);
        let known = known.filter(|&end| !run.get(..end).is_some_and(|name| self.is_general(name)));
        known.or_else(|| {
            let ends = self.region.all(run).take(16);
            ends.filter(|&(start, end, _)| start > 0 && self.not_place.before(run, end).is_none())
                .map(|(_, end, _)| end)
                .find(|&end| {
                    let name = run.get(..end).unwrap_or_default();
                    (2..=12).contains(&name.chars().count())
                })
        })
    }

    /// The end of the name at the start of `rest`, behind `outer`, of a place that lies in that one: one of
    /// the table that does, or one before a word that ends the names of bodies or before the end.
    fn inner_at(&self, outer: &str, rest: &str) -> Option<usize> {
        let known = regions::name_at(rest).filter(|&end| {
            let inner = rest.get(..end).unwrap_or_default();
            regions::lies_in(inner, outer) || (!regions::is_known(outer) && !self.is_general(inner))
        });
        known.or_else(|| {
            let end = self.place_at(rest)?;
            let name = rest.get(..end)?;
            let behind = rest.get(end..)?;
            let is_whole = behind.is_empty() || self.body.at(behind, 0).is_some();
            (is_whole && (2..=8).contains(&name.chars().count())).then_some(end)
        })
    }

    /// True for a word that ends like a place's name, which it may be, and mostly is none: 城区.
    fn is_general(&self, name: &str) -> bool {
        self.not_place.whole(name).is_some()
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
            ("自治区人民政府", None, None),
            // official names hold words that others end with
            ("广州市统计局", Some("广州市统计局"), Some("广州市")),
            ("东城区统计局", Some("东城区统计局"), Some("东城区")),
            ("临州市统计局", Some("临州市统计局"), Some("临州市")),
            (
                "积石山保安族东乡族撒拉族自治县统计局",
                Some("积石山保安族东乡族撒拉族自治县统计局"),
                Some("积石山保安族东乡族撒拉族自治县"),
            ),
            // of places in each other the smallest
            (
                "山西省运城市绛县统计局",
                Some("山西省运城市绛县统计局"),
                Some("绛县"),
            ),
            (
                "四川省临溪县统计局",
                Some("四川省临溪县统计局"),
                Some("临溪县"),
            ),
            ("晋城市城区统计局", Some("晋城市城区统计局"), Some("城区")),
            ("城区居民收入", None, None),
            ("上海市城市建设规划", None, Some("上海市")),
            // before the name
            ("关于四川省2025年", None, Some("四川省")),
            ("在云南省第十四届会议上", None, Some("云南省")),
            ("中共临溪县委员会", Some("中共临溪县委员会"), Some("临溪县")),
        ] {
            assert_eq!(documents.body_in(line), body, "{line}");
            assert_eq!(documents.region_in(line), place, "{line}");
        }
        assert!(documents.is_called_after_its_year("临溪县政府工作报告"));
        assert!(!documents.is_called_after_its_year("临溪县水利局工作报告"));
    }
}
