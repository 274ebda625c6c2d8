//! The folder: its pages, and the snapshots beside them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use ignore::{DirEntry, WalkBuilder};

use crate::base::sha256;
use crate::batch::inputs::{self, Found, Inputs, Place};
use crate::batch::kept::{ACCEPTED, INNER, SNAPSHOT};
use crate::cli::Stop;
use crate::cli::output::Output;
use crate::record::{Record, SCHEMA};
use crate::snapshot::digest;

/// A page that was found.
#[derive(Debug, Clone)]
pub struct Page {
    /// Where it lies.
    pub path: PathBuf,
    /// The same from the folder on, with `/` between its parts.
    pub name: String,
}

/// Files that a page of this path has, or had, beside it.
#[derive(Debug, Clone)]
pub struct Kept {
    snapshot: PathBuf,
    accepted: PathBuf,
}

impl Kept {
    pub fn of(page: &Path) -> Self {
        let with = |ending: &str| {
            let mut path = OsString::from(page);
            path.push(ending);
            PathBuf::from(path)
        };
        Self {
            snapshot: with(SNAPSHOT),
            accepted: with(ACCEPTED),
        }
    }

    /// The name of the snapshot without its folder.
    pub fn file_name(&self) -> String {
        let name = self.snapshot.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }

    pub fn exists(&self) -> bool {
        self.snapshot.is_file()
    }

    /// The record that was kept.
    pub fn read(&self) -> Result<Record, String> {
        let what = self.snapshot.display();
        let bytes =
            fs::read(&self.snapshot).map_err(|e| format!("{what}: it could not be read: {e}"))?;
        let record: Record = serde_json::from_slice(&bytes).map_err(|error| {
            format!("{what}: it is no snapshot: {error}; remove it to have it written anew")
        })?;
        if record.schema != SCHEMA {
            return Err(format!(
                "{what}: it is of the format {}, and this is {SCHEMA}; remove it to have it written anew",
                record.schema
            ));
        }
        Ok(record)
    }

    /// The words of changes that were accepted, each with how often.
    pub fn accepted(&self) -> Result<BTreeMap<String, usize>, String> {
        let mut counts = BTreeMap::new();
        if self.accepted.is_file() {
            let text = fs::read_to_string(&self.accepted)
                .map_err(|e| format!("{}: it could not be read: {e}", self.accepted.display()))?;
            for line in text.lines() {
                *counts.entry(line.to_owned()).or_default() += 1;
            }
        }
        Ok(counts)
    }

    /// Writes the record whole or not at all; what was accepted is in it.
    pub fn write(&self, record: &Record) -> Result<(), String> {
        let written = || {
            let mut output = Output::file(&self.snapshot)?;
            output.json(record, true)?;
            output.close()
        };
        written().map_err(|stop| told(&self.snapshot, stop))?;
        self.forget_accepted()
    }

    /// Notes the words of changes that were accepted, a line each.
    pub fn accept(&self, lines: &[String]) -> Result<(), String> {
        let written = || {
            let mut output = Output::file(&self.accepted)?;
            for line in lines {
                output.write(format!("{line}\n").as_bytes())?;
            }
            output.close()
        };
        written().map_err(|stop| told(&self.accepted, stop))
    }

    pub fn forget_accepted(&self) -> Result<(), String> {
        removed(&self.accepted)
    }

    /// Takes both files away.
    pub fn remove(&self) -> Result<(), String> {
        removed(&self.snapshot)?;
        self.forget_accepted()
    }
}

fn removed(path: &Path) -> Result<(), String> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(format!(
            "{}: it could not be removed: {error}",
            path.display()
        )),
        _ => Ok(()),
    }
}

fn told(path: &Path, stop: Stop) -> String {
    let path = path.display();
    match stop {
        Stop::Output(_, error) => format!("{path}: it could not be written: {error}"),
        _ => format!("{path}: it could not be written"),
    }
}

/// What there is to do.
#[derive(Debug)]
pub enum Item {
    /// A page, with or without a snapshot.
    Page(Page),
    /// A page without a snapshot, which has the bytes of one that is missing.
    Renamed(Page, Page),
    /// A snapshot without its page.
    Missing(Page),
    /// What is no page.
    Failed(String),
}

impl Item {
    /// True where it is, or was, kept.
    pub fn has_snapshot(&self) -> bool {
        match self {
            Self::Page(page) => Kept::of(&page.path).exists(),
            Self::Renamed(..) | Self::Missing(_) => true,
            Self::Failed(_) => false,
        }
    }
}

/// Where pages are looked for.
pub struct Folder<'a> {
    pub root: &'a Path,
    /// The pages.
    pub inputs: Inputs,
    /// Files of words, concepts and metadata, which are no pages.
    pub options: BTreeSet<PathBuf>,
    pub max_bytes: u64,
}

impl Folder<'_> {
    /// All pages in their order, then what is missing.
    pub fn items(&self) -> Vec<Item> {
        let (mut items, mut archives) = (Vec::new(), BTreeSet::new());
        self.inputs.each(&mut |found| {
            match found {
                Found::Failed(failure) => items.push(Item::Failed(failure.to_string())),
                Found::Page(input) => match input.place {
                    Place::File(path) if self.is_option(&path) => {}
                    Place::File(path) => items.push(Item::Page(self.page(path))),
                    Place::Member(_) => {
                        let archive = input.name.split("!/").next().unwrap_or_default();
                        if archives.insert(archive.to_owned()) {
                            items.push(Item::Failed(format!(
                                "{archive}: no snapshot can lie beside a page in an archive; unpack it"
                            )));
                        }
                    }
                },
            }
            ControlFlow::Continue(())
        });
        let missing = self.missing();
        if !missing.is_empty() {
            self.find_renamed(&mut items, missing);
        }
        items
    }

    fn page(&self, path: PathBuf) -> Page {
        let name = inputs::name_of(path.strip_prefix(self.root).unwrap_or(&path));
        Page { path, name }
    }

    /// True for a file that an option names.
    fn is_option(&self, path: &Path) -> bool {
        let is_option = |path: PathBuf| self.options.contains(&path);
        !self.options.is_empty() && path.canonicalize().is_ok_and(is_option)
    }

    /// Pages of which there is a snapshot alone. What is to be ignored may well be a snapshot.
    fn missing(&self) -> Vec<Page> {
        let entries = WalkBuilder::new(self.root)
            .standard_filters(false)
            .hidden(true)
            .follow_links(true)
            .sort_by_file_name(Ord::cmp)
            .filter_entry(|entry| entry.depth() == 0 || !entry.path().join(INNER).is_dir())
            .build();
        let mut missing = Vec::new();
        // what cannot be gone through is told by the search for pages
        for path in entries.flatten().map(DirEntry::into_path) {
            let name = path.file_name().and_then(OsStr::to_str);
            let Some(name) = name.and_then(|name| name.strip_suffix(SNAPSHOT)) else {
                continue;
            };
            let page = self.page(path.with_file_name(name));
            if path.is_file() && !page.path.exists() && self.inputs.takes(Path::new(&page.name)) {
                missing.push(page);
            }
        }
        missing
    }

    /// Finds pages without a snapshot that have the bytes of one that is missing.
    fn find_renamed(&self, items: &mut Vec<Item>, missing: Vec<Page>) {
        let mut by_digest: BTreeMap<String, VecDeque<Page>> = BTreeMap::new();
        let mut others = Vec::new();
        for page in missing {
            match Kept::of(&page.path).read() {
                Ok(record) => {
                    let digest = digest(&record).to_owned();
                    by_digest.entry(digest).or_default().push_back(page);
                }
                Err(message) => others.push(Item::Failed(message)),
            }
        }
        for item in &mut *items {
            let Item::Page(page) = item else { continue };
            if Kept::of(&page.path).exists() {
                continue;
            }
            let Ok(bytes) = inputs::read(&page.path, self.max_bytes) else {
                continue; // said when it is read
            };
            let same = by_digest.get_mut(&sha256(&bytes));
            if let Some(was) = same.and_then(VecDeque::pop_front) {
                *item = Item::Renamed(page.clone(), was);
            }
        }
        let mut left: Vec<Page> = by_digest.into_values().flatten().collect();
        left.sort_by(|a, b| a.name.cmp(&b.name));
        items.extend(left.into_iter().map(Item::Missing));
        items.append(&mut others);
    }
}
