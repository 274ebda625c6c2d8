//! What the readers of formats make of small sources: cases as data, `tests/cases/decode/FORMAT.toml`.

use std::fs;
use std::path::{Path, PathBuf};

use gongbao::decode::{self, Bbox, FormatChoice, Options, Page};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    case: Vec<Case>,
}

/// A source and what is read out of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    pub name: String,
    pub source: String,
    /// The format that is to be found; by default the one that the file of cases is called.
    detected: Option<String>,
    /// The format that it is read in; by default the one that is found.
    forced: Option<String>,
    /// Each line, behind ` @ ` its box `x0 y0 x1 y1`; empty where `error` is.
    #[serde(default)]
    lines: Vec<String>,
    /// Each word, behind ` @ ` its box, behind ` ~ ` its confidence.
    words: Option<Vec<String>>,
    /// The block of each line.
    blocks: Option<Vec<u32>>,
    /// The sheet of each line, from 1.
    sheets: Option<Vec<u32>>,
    /// True for each line that a new printed page begins with.
    new_pages: Option<Vec<bool>>,
    /// `width height unit` of each sheet.
    sizes: Option<Vec<String>>,
    /// The program that wrote it.
    writer: Option<String>,
    /// `code: message`, or some words of it; always compared.
    #[serde(default)]
    diagnostics: Vec<String>,
    /// Words of the error.
    error: Option<String>,
}

fn shown(bbox: Option<Bbox>) -> String {
    bbox.map_or_else(String::new, |b| {
        format!(" @ {}", b.decimals().map(|d| d.to_string()).join(" "))
    })
}

/// The cases of the formats called so, each with its file.
pub fn cases(formats: &[&str]) -> Vec<(PathBuf, Case)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/decode");
    let load = |name: &&str| {
        let path = folder.join(format!("{name}.toml"));
        let text = fs::read_to_string(&path).unwrap();
        let file: File =
            toml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        file.case.into_iter().map(move |case| (path.clone(), case))
    };
    formats.iter().flat_map(load).collect()
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, found: &T, wanted: &T) -> Result<(), String> {
    if found == wanted {
        return Ok(());
    }
    Err(format!(
        "  {what}\n    found  {found:?}\n    wanted {wanted:?}"
    ))
}

impl Case {
    /// Reads it and compares, and looks at the page with `law` too.
    pub fn check(&self, path: &Path, law: impl Fn(&Page<'_>)) -> Result<(), String> {
        let stem = path.file_stem().unwrap().to_str().unwrap();
        let forced = self.forced.as_deref().unwrap_or("auto");
        let options = Options {
            format: forced.parse::<FormatChoice>().unwrap(),
            ..Options::default()
        };
        let page = match decode::decode("case", self.source.as_bytes(), options) {
            Ok(page) => page,
            Err(error) => {
                let error = error.to_string();
                return match &self.error {
                    Some(wanted) if error.contains(wanted) => Ok(()),
                    wanted => same("error", &Some(&error), &wanted.as_ref()),
                };
            }
        };
        same("error", &None, &self.error)?;
        let wanted = match (&self.detected, &self.forced) {
            (Some(format), _) | (None, Some(format)) => format,
            (None, None) => stem,
        };
        same("format", &page.file().format.name(), &wanted)?;
        self.compare(&page)?;
        law(&page);
        Ok(())
    }

    fn compare(&self, page: &Page<'_>) -> Result<(), String> {
        let lines = || page.lines.iter();
        let boxed = |text: &str, bbox| format!("{text}{}", shown(bbox));
        let found: Vec<_> = lines()
            .map(|l| boxed(l.span.of(&page.text), l.bbox))
            .collect();
        same("lines", &found, &self.lines)?;
        if let Some(words) = &self.words {
            let found = page.words.iter().map(|w| {
                let sure = w.confidence.map(|c| format!(" ~ {}", c.decimal()));
                boxed(w.span.of(&page.text), w.bbox) + &sure.unwrap_or_default()
            });
            same("words", &found.collect::<Vec<_>>(), words)?;
        }
        if let Some(blocks) = &self.blocks {
            same("blocks", &lines().map(|l| l.block).collect(), blocks)?;
        }
        if let Some(sheets) = &self.sheets {
            same("sheets", &lines().map(|l| l.sheet + 1).collect(), sheets)?;
        }
        if let Some(new_pages) = &self.new_pages {
            let found = lines().map(|l| l.new_page).collect();
            same("new pages", &found, new_pages)?;
        }
        if let Some(sizes) = &self.sizes {
            let found = page.sheets.iter();
            let found =
                found.map(|s| format!("{} {} {}", s.width / 100, s.height / 100, s.unit.name()));
            same("sizes", &found.collect(), sizes)?;
        }
        if let Some(writer) = &self.writer {
            let found = page.file().writer.clone().unwrap_or_default();
            same("writer", &found, writer)?;
        }
        let found = page.diagnostics.iter();
        let found: Vec<_> = found
            .map(|d| format!("{}: {}", d.code, d.message))
            .collect();
        let as_wanted = found.len() == self.diagnostics.len()
            && found
                .iter()
                .zip(&self.diagnostics)
                .all(|(found, wanted)| found.contains(wanted.as_str()));
        if as_wanted {
            return Ok(());
        }
        same("diagnostics", &found, &self.diagnostics)
    }
}
