//! The pages that records were read from: where they lie, what programs print of them, and their pictures.

use std::fs;
use std::path::{Path, PathBuf};

use super::programs::kept_name;
use crate::base::sha256;
use crate::decode::{Facsimile, Options};
use crate::record::{Original, Record};
use crate::report;
use crate::transcribe::{Transcriber, Transcript};
use crate::validate::{RecordFile, Violation, files};

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

/// What pictures of pages are called behind the last point.
const PICTURES: [&str; 3] = ["png", "jpg", "jpeg"];

/// How the files of records are found for a report.
pub struct Sources {
    /// Reads PDFs and images again.
    pub transcriber: Transcriber,
    /// What a file may have.
    pub max_bytes: u64,
    /// Whether pictures are wanted.
    pub pictures: bool,
}

impl Sources {
    /// The files of a record, as far as they are found in `folders`.
    pub fn of(&self, record: &Record, folders: &[PathBuf]) -> Vec<report::Original> {
        let original = |(i, file): (usize, &RecordFile<'_>)| {
            let bytes = match reading(file, folders, &self.transcriber) {
                Reading::Found(bytes) => Ok(bytes),
                Reading::Nowhere => Err(file.name.to_owned()),
                Reading::Changed(violation) => Err(violation.to_string()),
                Reading::Unchecked(why) => Err(why),
            };
            let path = path_of(file.name, folders);
            report::Original {
                picture: self.picture(record, i, path),
                bytes,
            }
        };
        files(record).iter().enumerate().map(original).collect()
    }

    /// A picture of file `i` of a record, which lies at `path`: itself, or one beside it of the same name
    /// but for what stands behind points.
    pub fn picture(&self, record: &Record, i: usize, path: Option<PathBuf>) -> Option<Vec<u8>> {
        let boxes = match i.checked_sub(1) {
            None => record.source.pages.is_some(),
            Some(part) => record.source.parts.as_ref()?.get(part)?.pages.is_some(),
        };
        if !self.pictures || !boxes {
            return None;
        }
        let path = path?;
        let mut names = vec![path.clone()];
        let mut stem = path;
        while stem.extension().is_some() {
            names.extend(PICTURES.map(|extension| stem.with_extension(extension)));
            stem.set_extension("");
        }
        names
            .into_iter()
            .filter(|name| name.is_file())
            .find_map(|name| {
                let small = fs::metadata(&name).is_ok_and(|about| about.len() <= self.max_bytes);
                let bytes = small.then(|| fs::read(name).ok())??;
                matches!(
                    Facsimile::of(&bytes),
                    Some(Facsimile::Png | Facsimile::Jpeg)
                )
                .then_some(bytes)
            })
    }
}
