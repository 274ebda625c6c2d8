//! The pages that records were read from: where they lie, and what programs print of them.

use std::fs;
use std::path::{Path, PathBuf};

use super::programs::kept_name;
use crate::base::sha256;
use crate::decode::{Facsimile, Options};
use crate::record::Original;
use crate::transcribe::{Transcriber, Transcript};
use crate::validate::{RecordFile, Violation};

/// The folders in which pages are looked for.
pub fn folders(source_dir: Option<&Path>, file: &Path) -> Vec<PathBuf> {
    match source_dir {
        Some(folder) => vec![folder.to_owned()],
        None => {
            let beside = file.parent().unwrap_or(Path::new(""));
            vec![PathBuf::new(), beside.to_owned()]
        }
    }
}

/// Where the page called `name` lies.
pub fn path_of(name: &str, folders: &[PathBuf]) -> Option<PathBuf> {
    if name == "-" {
        return None; // standard input
    }
    let base = Path::new(name).file_name().map(Path::new);
    let names = [Some(Path::new(name)), base];
    folders
        .iter()
        .flat_map(|folder| names.iter().flatten().map(move |name| folder.join(name)))
        .find(|path| path.is_file())
}

/// What there is of a file of a record.
pub enum Reading {
    /// It is here, or what a program printed of it was kept or is printed again.
    Found(Vec<u8>),
    /// Neither it nor the page is there.
    Nowhere,
    /// The page is not the one that was read.
    Changed(Violation),
    /// The program cannot be asked, or prints something else.
    Unchecked(String),
}

/// The bytes that positions in `file` of a record count in.
pub fn reading(file: &RecordFile<'_>, folders: &[PathBuf], transcriber: &Transcriber) -> Reading {
    let page = path_of(file.name, folders).and_then(|path| fs::read(path).ok());
    match file.original {
        None => page.map_or(Reading::Nowhere, Reading::Found),
        Some(read) => printed(file, read, page, folders, transcriber),
    }
}

/// What the program printed that `file` of a record is.
fn printed(
    file: &RecordFile<'_>,
    read: &Original,
    page: Option<Vec<u8>>,
    folders: &[PathBuf],
    transcriber: &Transcriber,
) -> Reading {
    let kept = kept_name(file.name, &read.reading);
    let mut kept = folders.iter().filter_map(|f| fs::read(f.join(&kept)).ok());
    if let Some(bytes) = kept.find(|bytes| sha256(bytes) == file.sha256) {
        return Reading::Found(bytes);
    }
    let Some(page) = page else {
        return Reading::Nowhere;
    };
    let found = sha256(&page);
    if found != read.sha256 {
        return Reading::Changed(Violation {
            pointer: format!("{}/original/sha256", file.pointer),
            message: format!(
                "found {}, but the original has {found}: it was changed since",
                read.sha256
            ),
        });
    }
    match again(file, read, &page, transcriber) {
        Ok(transcript) if sha256(&transcript.bytes) == file.sha256 => {
            Reading::Found(transcript.bytes)
        }
        Ok(transcript) => Reading::Unchecked(format!(
            "{} reads something else in it here, as with other options, models or fonts; keep \
             what it reads with --keep-readings",
            transcript.original.program
        )),
        Err(why) => Reading::Unchecked(why),
    }
}

/// What is read in `page` here, by the program that read it then.
fn again(
    file: &RecordFile<'_>,
    read: &Original,
    page: &[u8],
    transcriber: &Transcriber,
) -> Result<Transcript, String> {
    let reader = file.reader.unwrap_or_default();
    let kind = Facsimile::of(page).ok_or("it is neither PDF nor image")?;
    let here = transcriber.counterpart(kind, reader);
    if here != reader {
        return Err(format!("it was read by {reader}, and here is {here}"));
    }
    let options = Options {
        encoding: file.encoding.parse().unwrap_or_default(),
        format: read.reading.parse().unwrap_or_default(),
    };
    let transcript = transcriber.transcript(page, options);
    transcript
        .map_err(|error| error.to_string())?
        .ok_or_else(|| "it is neither PDF nor image".to_owned())
}
