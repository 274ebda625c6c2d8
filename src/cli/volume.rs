//! Volumes: METS files, which name the files of their pages.

use std::fs::File;
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use percent_encoding::percent_decode_str;

use super::extract::{name_of, read};
use crate::decode::{self, Format, FormatChoice, Options, mets};

/// How much of a file is looked at to know whether it is METS, in bytes.
const SAMPLE: u64 = 1 << 16;

/// The files to read for `path`, in order: those that it names if it is METS, else itself. One that
/// cannot be is a message in its place.
pub fn pages(path: &Path, reading: Options) -> Vec<Result<PathBuf, String>> {
    if !is_mets(path, reading) {
        return vec![Ok(path.to_owned())];
    }
    let name = name_of(path);
    let named = read(path).and_then(|bytes| mets::pages(&bytes).map_err(|e| e.to_string()));
    let named = match named {
        Ok(named) if named.is_empty() => {
            return vec![Err(format!(
                "{name}: it is METS and names no file of ALTO, PAGE XML or other text"
            ))];
        }
        Ok(named) => named,
        Err(message) => return vec![Err(format!("{name}: {message}"))],
    };
    let folder = path.parent().unwrap_or(Path::new(""));
    named
        .iter()
        .map(|page| {
            let path = place(folder, &page.href);
            path.map_err(|why| format!("{name}: its page {:?} {why}", page.href))
        })
        .collect()
}

fn is_mets(path: &Path, reading: Options) -> bool {
    match reading.format {
        FormatChoice::Forced(format) => format == Format::Mets,
        FormatChoice::Detect => {
            let mut start = Vec::new();
            // What is read from a pipe could not be read again.
            path.is_file()
                && File::open(path)
                    .and_then(|file| file.take(SAMPLE).read_to_end(&mut start))
                    .is_ok()
                && start.trim_ascii_start().contains(&b'<')
                && decode::format_of(&start, reading) == Ok(Format::Mets)
        }
    }
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
