//! Pages that programs of the user's read: the options, and what becomes of the bytes of a file.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::extract;
use crate::decode::{self, Options};
use crate::pipeline::{ExtractError, Input};
use crate::transcribe::{self, CommandLine, Transcriber, Transcript};

/// Which programs read PDFs and images.
#[derive(Debug, clap::Args)]
pub struct Programs {
    /// Program that reads images and PDFs without text, {} for the path of the page
    ///
    /// Words are cut as a shell would, quotes honoured, but no shell runs. It may print any format
    /// that is read [default, or where no command or auto is given: tesseract {} - -l chi_sim hocr]
    #[arg(
        long,
        value_name = "COMMAND",
        num_args = 0..=1,
        default_missing_value = AUTO,
        value_parser = command_line
    )]
    ocr: Option<CommandLine>,

    /// How long a program may take for a page
    #[arg(long, value_name = "SECONDS", value_parser = seconds, help = timeout_help())]
    pub timeout: Option<u64>,
}

fn timeout_help() -> String {
    let limit = transcribe::LIMIT.as_secs();
    format!(
        "How long a program may take for a page, in seconds; in a batch, all that is done for it [default: {limit}]"
    )
}

/// A number of seconds, a day at most.
pub fn seconds(text: &str) -> Result<u64, String> {
    text.parse()
        .ok()
        .filter(|seconds| (1..=86_400).contains(seconds))
        .ok_or_else(|| "expected a number of seconds in 1..=86400".to_owned())
}

/// Asks for the default.
const AUTO: &str = "auto";

fn command_line(text: &str) -> Result<CommandLine, String> {
    if text == AUTO {
        return Ok(CommandLine::default());
    }
    text.parse().map_err(|error: transcribe::CommandLineError| {
        format!("{error}; --ocr={AUTO} asks for the default")
    })
}

impl Programs {
    /// How long a page may take.
    pub fn limit(&self) -> Duration {
        self.timeout.map_or(transcribe::LIMIT, Duration::from_secs)
    }

    /// What reads images.
    pub fn command(&self) -> CommandLine {
        self.ocr.clone().unwrap_or_default()
    }

    pub fn transcriber(&self) -> Transcriber {
        Transcriber::new(self.command(), self.limit())
    }
}

/// The bytes of a file, and what a program read in them if they are a PDF or an image.
pub struct Material {
    bytes: Vec<u8>,
    pub transcript: Option<Transcript>,
}

impl Material {
    /// That of the file at `path`, of at most `max_bytes`, or what is wrong with it.
    pub fn of(
        path: &Path,
        max_bytes: u64,
        transcriber: &Transcriber,
        reading: Options,
    ) -> Result<Self, String> {
        let bytes = extract::read(path, max_bytes)?;
        let transcript = transcriber.transcript(&bytes, reading);
        Ok(Self {
            transcript: transcript.map_err(|error| error.to_string())?,
            bytes,
        })
    }

    pub fn input(&self) -> Input<'_> {
        match &self.transcript {
            Some(transcript) => transcript.into(),
            None => (&self.bytes).into(),
        }
    }

    /// The bytes that positions count in: those of the file, or what a program printed of it.
    pub fn into_read(self) -> Vec<u8> {
        match self.transcript {
            Some(transcript) => transcript.bytes,
            None => self.bytes,
        }
    }

    /// What to say of `error`.
    pub fn told(&self, error: &ExtractError) -> String {
        match &self.transcript {
            Some(transcript) => {
                let program = &transcript.original.program;
                format!("what {program} printed of it: {error}")
            }
            None => error.to_string(),
        }
    }
}

/// What the reading of the file called `name` is kept as.
pub fn kept_name(name: &str, format: &str) -> PathBuf {
    let file = Path::new(name).file_name().unwrap_or_default();
    let extension = if format == "text" { "txt" } else { format };
    let mut kept = file.to_owned();
    kept.push(".");
    kept.push(extension);
    kept.into()
}

/// A folder in which readings are kept.
pub struct Readings<'a> {
    folder: &'a Path,
    /// The names that are taken, with those of their pages.
    names: BTreeMap<PathBuf, String>,
}

impl<'a> Readings<'a> {
    pub fn new(folder: &'a Path) -> Self {
        Self {
            folder,
            names: BTreeMap::new(),
        }
    }

    /// Keeps what was read in the page called `name`.
    pub fn keep(&mut self, name: &str, transcript: &Transcript) -> Result<(), String> {
        let format = decode::format_of(&transcript.bytes, transcript.reading);
        let format = format.map_or("text", decode::Format::name);
        let kept = kept_name(name, format);
        let path = self.folder.join(&kept);
        if let Some(other) = self.names.get(&kept) {
            return Err(format!(
                "{} holds the reading of {other}; read pages of one name into folders of their own",
                path.display()
            ));
        }
        fs::create_dir_all(self.folder)
            .and_then(|()| fs::write(&path, &transcript.bytes))
            .map_err(|error| format!("{}: it could not be written: {error}", path.display()))?;
        self.names.insert(kept, name.to_owned());
        Ok(())
    }
}
