//! Options of commands that read many pages, and what follows from them.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;
use std::thread;

use super::Stop;
use super::extract::Reading;
use super::progress::grouped;
use crate::batch::inputs::{self, Inputs};
use crate::batch::metadata::{Metadata, NamePattern, UnmatchedRow};
use crate::batch::page::{Limits, MAX_LINES, Reader};
use crate::decode::{self, Format, FormatChoice};

/// So many rows of the metadata that are of no page are told.
const MOST_ROWS: usize = 5;

/// Which pages are read, what is known of them, and by how many threads.
#[derive(Debug, clap::Args)]
pub struct Gathering {
    /// Only files in folders and archives whose names match; ! before it leaves them out
    #[arg(short, long, value_name = "PATTERN")]
    pub glob: Vec<String>,

    /// What is known of pages: CSV with path (or glob), published, period, region, issuer, paper, page
    #[arg(long, value_name = "FILE")]
    pub meta: Option<PathBuf>,

    /// What names of pages say, such as {paper}-{published}-{page}.txt
    #[arg(long, value_name = "PATTERN")]
    pub name_pattern: Option<NamePattern>,

    /// Lines that a page has at most [default: 1000000]
    #[arg(long, value_name = "N")]
    pub max_lines: Option<u64>,

    /// Threads that read pages [default: one for each processor]
    #[arg(short = 'j', long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
}

impl Gathering {
    /// Reads pages in the format `read`, as `reading` and what is known say.
    pub fn reader(
        &self,
        reading: &Reading,
        mut read: FormatChoice,
        fingerprint: String,
    ) -> Result<Reader, Stop> {
        if read == FormatChoice::Forced(Format::Mets) {
            read = FormatChoice::Detect; // its pages are no METS
        }
        let metadata = self.meta.as_deref().map(Metadata::read).transpose();
        Ok(Reader {
            extractor: reading.extractor(read)?,
            hints: reading.hints(),
            transcriber: reading.programs.transcriber(),
            reading: reading.options(read),
            metadata: metadata.map_err(|error| Stop::Unusable(error.to_string()))?,
            pattern: self.name_pattern.clone(),
            unread_names: AtomicU64::new(0),
            limits: Limits {
                max_bytes: reading.max_bytes(),
                max_lines: self.max_lines.unwrap_or(MAX_LINES),
                timeout: reading.programs.limit(),
            },
            fingerprint,
        })
    }

    /// So many threads as were asked for, else one a processor.
    pub fn threads(&self) -> usize {
        threads(self.threads)
    }
}

/// The pages at `paths`, of folders and archives those that pass `globs`; what is in the folder `out` is none.
pub fn inputs(
    paths: Vec<PathBuf>,
    globs: &[String],
    max_bytes: u64,
    reading: decode::Options,
    out: Option<&Path>,
) -> Result<Inputs, Stop> {
    let limits = inputs::Limits {
        max_bytes,
        ..inputs::Limits::default()
    };
    Inputs::new(paths, globs, limits, reading, out).map_err(|error| Stop::Usage(error.to_string()))
}

/// So many threads as were asked for, else one a processor.
pub fn threads(asked: Option<impl Into<usize>>) -> usize {
    match asked {
        Some(threads) => threads.into(),
        None => thread::available_parallelism().map_or(1, Into::into),
    }
}

/// What was known of pages and came to nothing: told even where little is. So many names do not look like
/// the pattern, and these rows are of no page.
pub fn unused(unread_names: u64, unmatched: &[UnmatchedRow]) -> Vec<String> {
    let mut lines = Vec::new();
    if unread_names > 0 {
        let names = match unread_names {
            1 => "1 name does".to_owned(),
            n => format!("{} names do", grouped(n)),
        };
        lines.push(format!("--name-pattern: {names} not look like it"));
    }
    for row in unmatched.iter().take(MOST_ROWS) {
        lines.push(format!(
            "--meta, line {}: none of the pages is {}",
            row.line, row.pages
        ));
    }
    let more = unmatched.len().saturating_sub(MOST_ROWS);
    if more > 0 {
        lines.push(format!("--meta: {more} rows more are of none of the pages"));
    }
    lines
}
