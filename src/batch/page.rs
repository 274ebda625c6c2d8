//! One page of a batch: from where it lies to its record.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::failure::{Failure, Kind, Step};
use super::inputs::{self, PageInput, Place};
use super::key::Key;
use super::metadata::{Metadata, NamePattern, PageMetadata};
use super::summary::Tally;
use crate::base::sha256;
use crate::decode::{Facsimile, Options};
use crate::document::Hints;
use crate::pipeline::{ExtractError, Extractor};
use crate::record::Record;
use crate::transcribe::{self, ProgramError, TranscribeError, Transcriber};
use crate::write;

/// Bytes that a page has at most, where nothing else is asked for.
pub const MAX_BYTES: u64 = 64 << 20;

/// Lines that a page has at most, where nothing else is asked for.
pub const MAX_LINES: u64 = 1_000_000;

/// What a page may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes.
    pub max_bytes: u64,
    /// Line feeds.
    pub max_lines: u64,
    /// Time until its record is there.
    pub timeout: Duration,
}

impl Default for Limits {
    /// [`MAX_BYTES`], [`MAX_LINES`], [`transcribe::LIMIT`].
    fn default() -> Self {
        Self {
            max_bytes: MAX_BYTES,
            max_lines: MAX_LINES,
            timeout: transcribe::LIMIT,
        }
    }
}

/// How pages are read: what their records depend on beside themselves.
#[derive(Debug, Default)]
pub struct Reader {
    /// Reads the bytes.
    pub extractor: Extractor,
    /// What is known of all pages.
    pub hints: Hints,
    /// Reads PDFs and images.
    pub transcriber: Transcriber,
    /// How bytes become characters.
    pub reading: Options,
    /// What is known of pages, by name.
    pub metadata: Option<Metadata>,
    /// What names say.
    pub pattern: Option<NamePattern>,
    /// How many names the pattern did not fit.
    pub unread_names: AtomicU64,
    /// What a page may cost.
    pub limits: Limits,
    /// Names version, lexicon and options: the part of keys that is the same for all pages.
    pub fingerprint: String,
}

/// A page whose bytes are read.
#[derive(Debug)]
pub struct Opened {
    name: String,
    bytes: Vec<u8>,
    metadata: PageMetadata,
    /// Its key.
    pub key: Key,
}

/// A record, with what is kept and counted of it.
#[derive(Debug)]
pub struct Extracted {
    /// The record.
    pub record: Record,
    /// Its line of JSON, the line end included.
    pub line: Vec<u8>,
    /// What is counted of it.
    pub tally: Tally,
}

impl Reader {
    /// Reads the bytes of a page, within the limits.
    ///
    /// # Errors
    /// When it cannot be read, is too large, or what is known of it makes no sense.
    pub fn open(&self, input: PageInput) -> Result<Opened, Failure> {
        let PageInput {
            name, place, known, ..
        } = input;
        let failure = |stage, kind, message| Failure {
            path: name.clone(),
            stage,
            kind,
            message,
        };
        let metadata = PageMetadata::of(&name, self.metadata.as_ref(), self.pattern.as_ref())?;
        let metadata = metadata.behind(known);
        if metadata.name_unread() {
            self.unread_names.fetch_add(1, Ordering::Relaxed);
        }
        let bytes = match place {
            Place::Member(bytes) => bytes,
            Place::File(path) => inputs::read(&path, self.limits.max_bytes)
                .map_err(|(kind, message)| failure(Step::Read, kind, message))?,
        };
        let lines = memchr::memchr_iter(b'\n', &bytes).count() as u64;
        if Facsimile::of(&bytes).is_none() && lines > self.limits.max_lines {
            let message = format!(
                "it has {lines} lines, and {} is the limit: cut it into pages, or give a higher \
                 --max-lines",
                self.limits.max_lines
            );
            return Err(failure(Step::Read, Kind::TooManyLines, message));
        }
        let digest = sha256(&bytes);
        let known = serde_json::to_vec(&metadata.recorded()).unwrap_or_default();
        let corrections = self.extractor.corrections_of(&name, &digest);
        let corrections = serde_json::to_vec(&corrections).unwrap_or_default();
        let key = Key::of(&[
            self.fingerprint.as_bytes(),
            name.as_bytes(),
            &known,
            &corrections,
            digest.as_bytes(),
        ]);
        Ok(Opened {
            name,
            bytes,
            metadata,
            key,
        })
    }

    /// The record of a page.
    ///
    /// # Errors
    /// When it has none.
    pub fn extract(&self, page: &Opened) -> Result<Extracted, Failure> {
        let caught = catch_unwind(AssertUnwindSafe(|| self.extracted(page)));
        let Ok(result) = caught else {
            return Err(Failure::bug(&page.name, Step::Extract));
        };
        result.map_err(|(stage, kind, message)| Failure {
            path: page.name.clone(),
            stage,
            kind,
            message,
        })
    }

    fn extracted(&self, page: &Opened) -> Result<Extracted, (Step, Kind, String)> {
        let transcript = self
            .transcriber
            .transcript(&page.bytes, self.reading)
            .map_err(|error| (Step::Transcribe, of_program(&error), error.to_string()))?;
        let extractor = self
            .extractor
            .clone()
            .hints(page.metadata.hints(&self.hints))
            .metadata(page.metadata.recorded().unwrap_or_default());
        let result = match &transcript {
            Some(transcript) => extractor.extract(&page.name, transcript),
            None => extractor.extract(&page.name, &page.bytes),
        };
        let record = result.map_err(|error| {
            let (stage, kind) = match &error {
                ExtractError::Invalid(_) => (Step::Validate, Kind::Invalid),
                _ if transcript.is_some() => (Step::Transcribe, Kind::Program),
                _ => (Step::Decode, Kind::NotAPage),
            };
            let message = match &transcript {
                Some(t) => format!("what {} printed of it: {error}", t.original.program),
                None => error.to_string(),
            };
            (stage, kind, message)
        })?;
        let mut line = Vec::new();
        write::ndjson::ndjson(&record, &mut line);
        Ok(Extracted {
            tally: Tally::of(&record),
            record,
            line,
        })
    }
}

/// What kind of failure `error` is.
fn of_program(error: &TranscribeError) -> Kind {
    match error {
        TranscribeError::Program(ProgramError::TimedOut { .. })
        | TranscribeError::Page {
            error: ProgramError::TimedOut { .. },
            ..
        } => Kind::Timeout,
        _ => Kind::Program,
    }
}
