//! Where results go: standard output, or a file that is written whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anstream::AutoStream;
use tempfile::NamedTempFile;

use super::Stop;
use super::extract::Format;
use crate::base::legible_json;
use crate::batch::files;
use crate::record::Record;
use crate::write;

/// An output, and its name for messages.
pub struct Output {
    name: String,
    sink: Sink,
}

enum Sink {
    Standard(BufWriter<io::StdoutLock<'static>>),
    /// A device or named pipe, which cannot be replaced.
    Direct(BufWriter<File>),
    /// Takes the place of the file when all is written.
    Whole(BufWriter<NamedTempFile>, PathBuf),
}

impl Output {
    pub fn standard() -> Self {
        Self {
            name: "standard output".to_owned(),
            sink: Sink::Standard(BufWriter::new(io::stdout().lock())),
        }
    }

    pub fn file(path: &Path) -> Result<Self, Stop> {
        let name = path.display().to_string();
        let sink = Self::sink(path).map_err(|error| Stop::Output(name.clone(), error))?;
        Ok(Self { name, sink })
    }

    fn sink(path: &Path) -> io::Result<Sink> {
        let found = fs::metadata(path).ok();
        if found.as_ref().is_some_and(fs::Metadata::is_dir) {
            return Err(io::Error::new(
                io::ErrorKind::IsADirectory,
                "it is a folder; name a file in it",
            ));
        }
        if found.as_ref().is_some_and(|found| !found.is_file()) {
            let file = File::options().write(true).open(path)?;
            return Ok(Sink::Direct(BufWriter::new(file)));
        }
        // A link stays one: what it points to is replaced.
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let file = files::temporary_in(folder)?;
        if let Some(found) = found {
            file.as_file().set_permissions(found.permissions())?;
        }
        Ok(Sink::Whole(BufWriter::new(file), path))
    }

    /// Writes one result whole: JSON, or text that is [`legible`](crate::base::legible()) but for our own
    /// colours.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Stop> {
        let bytes = &*legible_json(bytes);
        let result = match &mut self.sink {
            Sink::Standard(out) => out.write_all(bytes),
            Sink::Direct(out) => out.write_all(bytes),
            Sink::Whole(out, _) => out.write_all(bytes),
        };
        result.map_err(|error| Stop::output(&self.name, error))
    }

    /// Writes a record as JSON bit by bit, which is many times the page.
    pub fn json(&mut self, record: &Record, indented: bool) -> Result<(), Stop> {
        let mut out = BufWriter::new(Legible(match &mut self.sink {
            Sink::Standard(out) => out,
            Sink::Direct(out) => out,
            Sink::Whole(out, _) => out,
        }));
        let result = if indented {
            write::json::json(record, &mut out)
        } else {
            write::ndjson::in_pieces(record, &mut out)
        };
        let result = result.and_then(|()| out.flush());
        result.map_err(|error| Stop::output(&self.name, error))
    }

    /// Writes bytes of any kind to a file, by `write`.
    pub fn with(
        &mut self,
        write: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>,
    ) -> Result<(), Stop> {
        let result = match &mut self.sink {
            Sink::Standard(_) => Err(io::Error::from(io::ErrorKind::Unsupported)),
            Sink::Direct(out) => write(out),
            Sink::Whole(out, _) => write(out),
        };
        result.map_err(|error| Stop::output(&self.name, error))
    }

    /// Finishes: only now a file appears under its name.
    pub fn close(self) -> Result<(), Stop> {
        let result = match self.sink {
            Sink::Standard(mut out) => out.flush(),
            Sink::Direct(mut out) => out.flush(),
            Sink::Whole(out, path) => out
                .into_inner()
                .map_err(io::IntoInnerError::into_error)
                .and_then(|file| file.persist(path).map(drop).map_err(|e| e.error)),
        };
        result.map_err(|error| Stop::output(&self.name, error))
    }
}

/// Takes JSON in pieces of whole characters and makes each [`legible`](legible_json).
struct Legible<'a>(&'a mut dyn Write);

impl Write for Legible<'_> {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        self.0.write_all(&legible_json(piece))?;
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(()) // what is behind is flushed when all pages are written
    }
}

/// How what is written may look.
pub struct Screen {
    color: anstream::ColorChoice,
    /// Of the terminal; none where lines may be as long as they like.
    width: Option<usize>,
}

impl Screen {
    /// Of a file, or of standard output.
    pub fn new(to_file: bool, color: anstream::ColorChoice) -> Self {
        let on_terminal = !to_file && io::stdout().is_terminal();
        let asked = std::env::var("COLUMNS").ok().and_then(|c| c.parse().ok());
        let found = || on_terminal.then(terminal_width);
        Self {
            color: if to_file {
                anstream::ColorChoice::Never
            } else {
                color
            },
            width: asked.filter(|&columns| columns > 0).or_else(found),
        }
    }

    /// Writes a record.
    pub fn record(&self, record: &Record, format: Format, out: &mut Vec<u8>) -> io::Result<()> {
        match format {
            Format::Json => write::json::json(record, out),
            Format::Ndjson => write::ndjson::in_pieces(record, out),
            Format::Text => write::text::text(record, out),
            Format::Outline => write::outline::outline(record, out),
            Format::Table => {
                let mut table = Vec::new();
                let result = write::table::table(record, self.width, &mut table);
                out.extend(coloured(table, self.color));
                result
            }
        }
    }
}

fn terminal_width() -> usize {
    terminal_size::terminal_size().map_or(80, |(width, _)| width.0.into())
}

/// `bytes` with colours as far as `color` and standard output want them.
pub fn coloured(bytes: Vec<u8>, color: anstream::ColorChoice) -> Vec<u8> {
    let color = match color {
        anstream::ColorChoice::Auto => AutoStream::choice(&io::stdout()),
        color => color,
    };
    if color == anstream::ColorChoice::Never {
        anstream::adapter::strip_bytes(&bytes).into_vec()
    } else {
        bytes
    }
}
