//! Globs: which files of folders and members of archives are wanted.

use std::cell::Cell;
use std::path::Path;

use ignore::Match;
use ignore::overrides::{Override, OverrideBuilder};

use super::{Failure, InputsError, Kind, Step};

/// The patterns of `--glob`.
#[derive(Debug, Clone)]
pub(super) struct Globs {
    all: Override,
    /// Those that include, one by one, each with its text: one that matches nothing is told.
    including: Vec<(String, Override)>,
}

impl Globs {
    pub fn new(globs: &[String]) -> Result<Self, InputsError> {
        let including = globs.iter().filter(|glob| !glob.starts_with('!'));
        Ok(Self {
            all: compiled(globs)?,
            including: including
                .map(|glob| Ok((glob.clone(), compiled(std::slice::from_ref(glob))?)))
                .collect::<Result<_, _>>()?,
        })
    }

    /// The patterns, for who must own them.
    pub fn patterns(&self) -> Override {
        self.all.clone()
    }
}

fn compiled(globs: &[String]) -> Result<Override, InputsError> {
    // Paths come relative to the folder or archive that was named.
    let mut builder = OverrideBuilder::new("");
    for glob in globs {
        let wrong = |why: String| InputsError::Glob {
            glob: glob.clone(),
            why,
        };
        if glob.trim_start_matches('!').trim().is_empty() {
            return Err(wrong("it is empty".to_owned()));
        }
        builder.add(glob).map_err(|e| wrong(e.to_string()))?;
    }
    builder.build().map_err(|error| InputsError::Glob {
        glob: globs.join(" "),
        why: error.to_string(),
    })
}

/// The globs, and what came of them so far.
pub(super) struct Sieve<'a> {
    globs: &'a Globs,
    used: Vec<Cell<bool>>,
    /// They left nothing of a folder or archive, which is told already.
    emptied: Cell<bool>,
}

impl<'a> Sieve<'a> {
    pub fn new(globs: &'a Globs) -> Self {
        Self {
            globs,
            used: vec![Cell::new(false); globs.including.len()],
            emptied: Cell::new(false),
        }
    }

    pub fn globs(&self) -> &'a Globs {
        self.globs
    }

    /// Whether the file at `path` is wanted.
    pub fn takes(&self, path: &Path) -> bool {
        self.note(path);
        !self.globs.all.matched(path, false).is_ignore()
    }

    /// Whether the file at `path`, in which there is one called `unpacked`, is wanted.
    pub fn takes_either(&self, path: &Path, unpacked: &Path) -> bool {
        let excluded = self.excludes(path) || self.excludes(unpacked);
        !excluded && (self.takes(path) || self.takes(unpacked))
    }

    /// Whether the archive at `path` is wanted: its members that pass, or all.
    pub fn takes_archive(&self, path: &Path) -> Option<Members> {
        self.note(path);
        // Like a folder, it need not match a pattern for what is in it to do so.
        match self.globs.all.matched(path, true) {
            Match::Ignore(_) => None,
            Match::Whitelist(_) => Some(Members::All),
            Match::None => Some(Members::Passing),
        }
    }

    /// Whether the file at `path` is excluded by its own name.
    pub fn excludes(&self, path: &Path) -> bool {
        // As for folders, matching nothing is not being excluded.
        self.globs.all.matched(path, true).is_ignore()
    }

    /// Whether a folder above `path` is excluded.
    pub fn is_inside_excluded(&self, path: &Path) -> bool {
        let mut above = path.ancestors().skip(1);
        above.any(|folder| self.globs.all.matched(folder, true).is_ignore())
    }

    /// Notes that globs left nothing of what they were applied to, and says so.
    pub fn emptied(&self, left: u64) -> String {
        self.emptied.set(true);
        format!(
            "--glob leaves nothing of it: {left} in it do not match; patterns count from the folder \
             or archive that is named, such as 2021/*.txt"
        )
    }

    /// A failure for each glob that matched nothing, where that was not told otherwise.
    pub fn unused(&self) -> Vec<Failure> {
        if self.emptied.get() {
            return Vec::new();
        }
        let globs = self.globs.including.iter().zip(&self.used);
        globs
            .filter(|(_, used)| !used.get())
            .map(|((glob, _), _)| Failure {
                path: glob.clone(),
                stage: Step::Inputs,
                kind: Kind::NotFound,
                message:
                    "--glob with this pattern matches no file in the folders and archives that \
                          are named; check the pattern"
                        .to_owned(),
            })
            .collect()
    }

    fn note(&self, path: &Path) {
        for ((_, glob), used) in self.globs.including.iter().zip(&self.used) {
            if !used.get() && glob.matched(path, false).is_whitelist() {
                used.set(true);
            }
        }
    }
}

/// Which members of an archive are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Members {
    /// All that are not excluded.
    All,
    /// Those that pass the globs.
    Passing,
}
