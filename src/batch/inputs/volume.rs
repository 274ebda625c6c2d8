//! Volumes: METS files, which name the files of their pages.

use std::fs::File;
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use percent_encoding::percent_decode_str;

use crate::decode::{self, Format, FormatChoice, Options, mets};

/// How much of a file is looked at to know whether it is METS, in bytes.
const SAMPLE: u64 = 1 << 16;

/// How names of files end that may be METS.
const EXTENSIONS: [&str; 2] = ["xml", "mets"];

/// The files that the METS file at `path` names, of which these are the `bytes`, in order. One that
/// is not read is a message in its place.
///
/// # Errors
/// A message where it is no METS after all, or names no page.
pub fn pages(path: &Path, bytes: &[u8]) -> Result<Vec<Result<PathBuf, String>>, String> {
    let named = mets::pages(bytes).map_err(|error| error.to_string())?;
    if named.is_empty() {
        return Err("it is METS and names no file of ALTO, PAGE XML or other text".to_owned());
    }
    let folder = path.parent().unwrap_or(Path::new(""));
    let pages = named.iter().map(|page| {
        let path = place(folder, &page.href);
        path.map_err(|why| format!("its page {:?} {why}", page.href))
    });
    Ok(pages.collect())
}

/// True where the file at `path` is to be read as METS: it is, or all are.
#[must_use]
pub fn is_mets(path: &Path, reading: Options) -> bool {
    match reading.format {
        FormatChoice::Forced(format) => format == Format::Mets,
        FormatChoice::Detect => {
            // What is read from a pipe could not be read again.
            path.is_file() && start_of(path).is_some_and(|start| says_mets(&start, reading))
        }
    }
}

/// True where the file at `path` is METS and called as such files are; others are not looked into.
pub(super) fn is_mets_by_name(path: &Path) -> bool {
    let extension = path.extension().and_then(|e| e.to_str());
    extension.is_some_and(|e| EXTENSIONS.iter().any(|known| e.eq_ignore_ascii_case(known)))
        && is_mets(path, Options::default())
}

/// True where `bytes`, of which only the start is looked at, are those of a METS file.
pub(super) fn says_mets(bytes: &[u8], reading: Options) -> bool {
    let sample = usize::try_from(SAMPLE).unwrap_or(usize::MAX);
    let start = bytes.get(..sample).unwrap_or(bytes);
    start.trim_ascii_start().contains(&b'<')
        && decode::format_of(start, reading) == Ok(Format::Mets)
}

fn start_of(path: &Path) -> Option<Vec<u8>> {
    let mut start = Vec::new();
    let file = File::open(path).ok()?;
    file.take(SAMPLE).read_to_end(&mut start).ok()?;
    Some(start)
}

/// The file that `href` names in `folder`: as it stands or, where there is none of that name, with
/// what is written as an address would be (`%20`).
fn place(folder: &Path, href: &str) -> Result<PathBuf, &'static str> {
    let path = folder.join(inside(href)?);
    if path.exists() {
        return Ok(path);
    }
    let decoded = percent_decode_str(href).decode_utf8_lossy();
    Ok(folder.join(inside(&decoded)?))
}

/// The path that `href` is in the folder of its METS file, or why it is none.
fn inside(href: &str) -> Result<PathBuf, &'static str> {
    if href.contains("://") {
        return Err("is on the net, where nothing is read; fetch it and name the file");
    }
    let outside =
        "lies outside of the folder of the METS file, where nothing is read; name it yourself";
    let href = href.replace('\\', "/");
    let mut path = PathBuf::new();
    for part in Path::new(&href).components() {
        match part {
            Component::Normal(part) => path.push(part),
            Component::CurDir => {}
            Component::ParentDir if path.pop() => {}
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => {
                return Err(outside);
            }
        }
    }
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_outside_is_read() {
        for (href, want) in [
            ("alto/1.xml", Some("alto/1.xml")),
            ("./alto/../1.xml", Some("1.xml")),
            ("alto\\1.xml", Some("alto/1.xml")),
            ("../1.xml", None),
            ("alto/../../1.xml", None),
            ("..\\1.xml", None),
            ("/etc/passwd", None),
            ("https://example.org/1.xml", None),
        ] {
            assert_eq!(inside(href).ok().as_deref(), want.map(Path::new), "{href}");
        }
    }
}
