//! Trying out the code list of concepts: its own examples, what it finds on pages, and what it nearly
//! finds.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use crate::lexicon::concepts::{self, Concept, Concepts, plain};
use crate::lexicon::{Lexicon, LexiconError};
use crate::lexicon_check::{Finding, Report};
use crate::pipeline::Extractor;
use crate::record::{Indicator, Record};

/// Dimensions of [`Concept::dimension`] that no unit has.
const OWN_DIMENSIONS: [&str; 2] = ["index", "structure"];

/// Names share at least so many of ten characters, by the longer one, to be near.
const NEAR: usize = 6;

/// Checks the examples of the list that ships with the program.
///
/// # Errors
/// When a file is not of its shape.
pub fn builtin() -> Result<Report, LexiconError> {
    check(Lexicon::builtin_arc(), concepts::files())
}

/// Checks the examples of users' own concepts: pairs of a file's name and its text, used together.
///
/// ```
/// let own = r#"
/// [[concept]]
/// id = "agri.output.kumquats"
/// zh = "金桔产量"
/// en = "Output of kumquats"
/// dimension = "mass"
/// hits = ["全年金桔产量1.2万吨。"]
/// misses = ["金桔种植面积1.2万吨。"]
/// "#;
/// let report = gongbao::concept_check::own(&[("own.toml", own)])?;
/// assert_eq!((report.entries, report.findings.len()), (1, 0));
/// # Ok::<(), gongbao::lexicon::LexiconError>(())
/// ```
///
/// # Errors
/// As [`Lexicon::with_concepts`].
pub fn own(files: &[(&str, &str)]) -> Result<Report, LexiconError> {
    let lexicon = Arc::new(Lexicon::with_concepts([], files.iter().copied())?);
    check(&lexicon, files)
}

fn check(lexicon: &Arc<Lexicon>, files: &[(&str, &str)]) -> Result<Report, LexiconError> {
    let extractor = Extractor::new().lexicon(Arc::clone(lexicon));
    let mut report = Report::default();
    for (file, text) in files {
        for (line, concept) in concepts::entries(file, text)? {
            report.entries += 1;
            report.examples += concept.hits.len() + concept.misses.len();
            let messages = wrong_with(&concept, lexicon, &extractor).into_iter();
            report.findings.extend(messages.map(|message| Finding {
                file: (*file).to_owned(),
                line,
                form: concept.id.clone(),
                message,
            }));
        }
    }
    Ok(report)
}

fn wrong_with(concept: &Concept, lexicon: &Lexicon, extractor: &Extractor) -> Vec<String> {
    let mut wrong = Vec::new();
    let shaped = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._".contains(c);
    if concept.id.is_empty() || !concept.id.chars().all(shaped) {
        wrong.push("its id has other characters than a–z, 0–9, _ and dots".to_owned());
    }
    let known = |dimension: &str| {
        lexicon
            .units
            .entries
            .iter()
            .any(|u| u.dimension == dimension)
    };
    let dimension = concept.dimension.as_str();
    if !OWN_DIMENSIONS.contains(&dimension) && !dimension.split('/').all(known) {
        wrong.push(format!(
            "the dimension {dimension:?} is none of lexicon/units.toml, nor index or structure"
        ));
    }
    if concept
        .least
        .zip(concept.most)
        .is_some_and(|(least, most)| least > most)
    {
        wrong.push("its least is more than its most".to_owned());
    }
    for (examples, what) in [(&concept.hits, "hit"), (&concept.misses, "miss")] {
        if examples.is_empty() {
            wrong.push(format!("it has no {what}; add a sentence"));
        }
    }
    let hits = concept.hits.iter().map(|text| (text, true));
    for (text, wanted) in hits.chain(concept.misses.iter().map(|text| (text, false))) {
        match extractor.extract("example", text.as_bytes()) {
            Ok(record) => {
                let found = record.indicators.iter();
                let mut found = found.filter_map(|x| x.concept.as_deref());
                if found.any(|id| id == concept.id) != wanted {
                    let want = if wanted {
                        "expected it"
                    } else {
                        "expected another or none"
                    };
                    wrong.push(format!("{text}: {want}, read {}", shown(&record)));
                }
            }
            Err(error) => wrong.push(format!("{text}: {error}")),
        }
    }
    wrong
}

/// What was read, for the eye.
fn shown(record: &Record) -> String {
    let said = |x: &Indicator| {
        let concept = x.concept.as_deref().unwrap_or("no concept");
        format!("{} {}: {concept}", x.name, x.unit)
    };
    match record.indicators.iter().map(said).collect::<Vec<_>>() {
        none if none.is_empty() => "nothing".to_owned(),
        some => some.join("; "),
    }
}

/// The names of a list of concepts, to be compared with others.
#[derive(Debug)]
pub struct Names<'a> {
    /// Each concept with its names as code points.
    all: Vec<(&'a Concept, Vec<Vec<char>>)>,
}

impl<'a> Names<'a> {
    /// The names of all concepts of `list`.
    #[must_use]
    pub fn new(list: &'a Concepts) -> Self {
        let names = |concept: &'a Concept| concept.labels().map(|name| code_points(name)).collect();
        Self {
            all: list.all.iter().map(|c| (c, names(c))).collect(),
        }
    }

    /// Concepts whose names share most of their characters with `name`, the nearest first.
    ///
    /// ```
    /// use gongbao::{concept_check::Names, lexicon::Lexicon};
    /// let names = Names::new(&Lexicon::builtin().concepts);
    /// assert_eq!(names.nearest("粮食生产总产量")[0].id, "agri.grain");
    /// ```
    #[must_use]
    pub fn nearest(&self, name: &str) -> Vec<&'a Concept> {
        let name = code_points(name);
        let mut found: Vec<(usize, &Concept)> = Vec::new();
        for (concept, names) in &self.all {
            let best = names.iter().map(|other| alike(&name, other)).max();
            found.extend(best.filter(|&n| n >= NEAR * 10).map(|n| (n, *concept)));
        }
        // stable: the order of the list decides between equals
        found.sort_by_key(|&(alike, _)| Reverse(alike));
        found.into_iter().map(|(_, concept)| concept).collect()
    }
}

fn code_points(name: &str) -> Vec<char> {
    plain(name).chars().collect()
}

/// How much of the longer of two names both have, in hundredths.
fn alike(name: &[char], other: &[char]) -> usize {
    let longer = name.len().max(other.len());
    if longer == 0 || name.len().min(other.len()) * 10 < longer * NEAR {
        return 0; // nothing that they share could be enough
    }
    crate::base::blocks::shared(name, other) * 100 / longer
}

/// Numbers by concept and name: how many, and where the first stands.
pub type Found = BTreeMap<(String, String), (usize, String)>;

/// What a list of concepts finds on pages.
#[derive(Debug, Default)]
pub struct Tally {
    /// Numbers of all pages.
    pub numbers: usize,
    /// Those of the concepts asked for.
    pub found: Found,
    /// Numbers without a concept whose name is near one of a concept asked for.
    pub near: Found,
}

impl Tally {
    /// Counts the numbers of `record`, with the concepts `asked` for.
    pub fn count(&mut self, record: &Record, asked: &HashSet<String>, names: &Names<'_>) {
        for x in &record.indicators {
            self.numbers += 1;
            let place = || format!("{}:{}", record.source.name, x.source.line);
            if let Some(id) = &x.concept {
                if asked.contains(&**id) {
                    let key = (id.to_string(), x.name.to_string());
                    self.found.entry(key).or_insert_with(|| (0, place())).0 += 1;
                }
            } else if let Some(concept) = names.nearest(&x.name).first()
                && asked.contains(&concept.id)
            {
                let key = (concept.id.clone(), format!("{} {}", x.name, x.unit));
                self.near.entry(key).or_insert_with(|| (0, place())).0 += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is wrong with a concept of these keys.
    fn wrong(keys: &str) -> Vec<String> {
        let text = format!("[[concept]]\nen = \"Kumquats\"\n{keys}\n");
        let report = own(&[("t.toml", &text)]).unwrap();
        report.findings.into_iter().map(|f| f.message).collect()
    }

    const SOUND: &str = "id = \"agri.kumquats\"\nzh = \"金桔产量\"\ndimension = \"mass\"\n";

    #[test]
    fn examples_are_read() {
        let text = |hits: &str, misses: &str| {
            format!("{SOUND}hits = [\"{hits}\"]\nmisses = [\"{misses}\"]")
        };
        assert_eq!(wrong(&text("金桔产量3吨。", "金桔产值3万元。")), [""; 0]);
        assert_eq!(
            wrong(&text("金桔产量3户。", "金桔产量3吨。")),
            [
                "金桔产量3户。: expected it, read 金桔产量 户: no concept",
                "金桔产量3吨。: expected another or none, read 金桔产量 吨: agri.kumquats",
            ]
        );
    }

    #[test]
    fn what_is_missing_or_unknown_is_told() {
        assert_eq!(
            wrong(SOUND),
            [
                "it has no hit; add a sentence",
                "it has no miss; add a sentence"
            ]
        );
        let found = wrong(
            "id = \"Agri 1\"\nzh = \"金桔产量\"\ndimension = \"weight\"\nleast = 3\nmost = 2\n\
             hits = []\nmisses = []",
        );
        assert!(found[0].starts_with("its id has other"), "{found:?}");
        assert!(
            found[1].starts_with("the dimension \"weight\""),
            "{found:?}"
        );
        assert!(found[2].starts_with("its least"), "{found:?}");
    }

    #[test]
    fn ids_are_unique_and_what_is_named_is_there() {
        for (keys, message) in [
            ("id = \"gdp\"", "the id is taken already"),
            (
                "id = \"x\"\nbroader = \"nothing\"",
                "its broader concept \"nothing\"",
            ),
            (
                "id = \"x\"\nwithin = [{ of = \"nothing\", names = [\"金桔\"] }]",
                "it asks for \"nothing\"",
            ),
        ] {
            let text = format!(
                "[[concept]]\n{keys}\nzh = \"金桔产量\"\nen = \"Kumquats\"\ndimension = \"mass\""
            );
            let error = own(&[("t.toml", &text)]).unwrap_err().to_string();
            assert!(error.contains(message), "{error}");
        }
        let error = own(&[("t.toml", "[[concept]]\nid = \"x\"\nname = \"y\"")]).unwrap_err();
        assert!(error.to_string().contains("line 3"), "{error}");
    }

    #[test]
    fn near_names() {
        let names = Names::new(&Lexicon::builtin().concepts);
        let ids = |name| -> Vec<&str> {
            let found = names.nearest(name).into_iter().take(1);
            found.map(|c| c.id.as_str()).collect()
        };
        assert_eq!(ids("地区生产总值"), ["gdp"]);
        assert_eq!(ids("规上企业工业增加值"), ["industry.scale"]);
        assert_eq!(ids("幸福河湖"), [""; 0]);
    }
}
