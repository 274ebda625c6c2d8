//! Pages by their paths, those of METS files among them.

use std::path::{Path, PathBuf};

use super::extract::{name_of, read};
use crate::batch::inputs::volume;
use crate::decode::Options;

/// The files to read for `path`, in order: those that it names if it is METS, else itself. One that
/// cannot be is a message in its place. METS of more than `max_bytes` is not read.
pub fn pages(path: &Path, reading: Options, max_bytes: u64) -> Vec<Result<PathBuf, String>> {
    if !volume::is_mets(path, reading) {
        return vec![Ok(path.to_owned())];
    }
    let told = |message: String| format!("{}: {message}", name_of(path));
    match read(path, max_bytes).and_then(|bytes| volume::pages(path, &bytes)) {
        Ok(pages) => pages.into_iter().map(|page| page.map_err(told)).collect(),
        Err(message) => vec![Err(told(message))],
    }
}
