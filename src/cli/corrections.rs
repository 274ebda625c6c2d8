//! `--corrections`: what a reviewer decided, as the review report exports it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Stop;
use super::messages::Messages;
use crate::corrections::Corrections;
use crate::pipeline::Extractor;

/// The option.
#[derive(Debug, clap::Args)]
pub struct Reviewed {
    /// What a reviewer decided of these pages: corrections.json, as a report of gongbao report exports it
    #[arg(long = "corrections", value_name = "FILE")]
    pub file: Option<PathBuf>,
}

impl Reviewed {
    /// The corrections, if there are any.
    pub fn read(&self) -> Result<Option<Arc<Corrections>>, Stop> {
        let Some(path) = &self.file else {
            return Ok(None);
        };
        read(path).map(|corrections| Some(Arc::new(corrections)))
    }
}

/// The corrections in the file at `path`.
pub fn read(path: &Path) -> Result<Corrections, Stop> {
    let name = path.display().to_string();
    let text = fs::read_to_string(path)
        .map_err(|error| Stop::Unusable(format!("{name}: it could not be read: {error}")))?;
    Corrections::read(&name, &text).map_err(|error| Stop::Unusable(error.to_string()))
}

/// `extractor`, putting `corrections` into what it reads.
pub fn with(extractor: Extractor, corrections: Option<&Arc<Corrections>>) -> Extractor {
    match corrections {
        Some(corrections) => extractor.corrections(Arc::clone(corrections)),
        None => extractor,
    }
}

impl Reviewed {
    /// Says which corrections are of pages that were not read.
    pub fn tell_unseen(&self, corrections: Option<&Arc<Corrections>>, messages: &mut Messages) {
        if let (Some(file), Some(corrections)) = (&self.file, corrections) {
            tell_unseen(file, corrections, messages);
        }
    }
}

/// Says which of the corrections in `file` are of pages that were not read.
pub fn tell_unseen(file: &Path, corrections: &Corrections, messages: &mut Messages) {
    for (page, count) in corrections.unseen() {
        let what = match count {
            1 => "a correction is".to_owned(),
            count => format!("{count} corrections are"),
        };
        messages.note(&format!(
            "{}: {what} of {page}, which was not among the pages",
            file.display()
        ));
    }
}
