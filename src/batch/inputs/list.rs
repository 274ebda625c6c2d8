//! Lists of files: one path a line.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

/// How long a line may be, in bytes: longer than any path, so that what is no list ends.
const MAX_LINE: u64 = 1 << 16;

/// What beside paths stands for a list on standard input.
pub(super) fn is_standard(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// The file of the list that `path` asks for.
pub(super) fn file_of(path: &Path) -> Option<&Path> {
    // A path that is no text is taken for that of a file.
    path.to_str()?.strip_prefix('@').map(Path::new)
}

/// The list at `path`.
pub(super) fn open(path: &Path) -> Result<Box<dyn BufRead>, String> {
    let problem = |error: std::io::Error| super::told(&error).1;
    if fs::metadata(path).map_err(problem)?.is_dir() {
        return Err(
            "it is a folder, and @ stands before a list of files; name it without @".to_owned(),
        );
    }
    Ok(Box::new(BufReader::new(File::open(path).map_err(problem)?)))
}

/// A line that names something.
pub(super) struct Line {
    /// Counted from 1.
    pub number: u64,
    /// The path, or what is wrong with it.
    pub path: Result<String, String>,
}

/// The lines of a list that name something: blank ones and those that begin with `#` do not.
pub(super) struct Lines<R> {
    reader: R,
    number: u64,
    ended: bool,
}

impl<R: BufRead> Lines<R> {
    pub fn new(reader: R) -> Self {
        Self {
            reader,
            number: 0,
            ended: false,
        }
    }

    /// The next line, whatever it says; none at the end.
    fn line(&mut self) -> Option<Result<String, String>> {
        let mut line = Vec::new();
        let mut reader = self.reader.by_ref().take(MAX_LINE);
        if let Err(error) = reader.read_until(b'\n', &mut line) {
            self.ended = true;
            return Some(Err(format!("the list could not be read on: {error}")));
        }
        if line.is_empty() {
            return None;
        }
        if line.len() as u64 == MAX_LINE && !line.ends_with(b"\n") {
            self.ended = true;
            return Some(Err(
                "it is too long for a path; a list has one path a line, and the rest of this one is \
                 left out"
                    .to_owned(),
            ));
        }
        let mut line = line.as_slice();
        if self.number == 0 {
            line = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line);
        }
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        Some(path_in(line))
    }
}

/// The path that `line` names, or what is wrong with it.
fn path_in(line: &[u8]) -> Result<String, String> {
    let Ok(line) = str::from_utf8(line) else {
        return Err("it is no UTF-8; write the list in UTF-8".to_owned());
    };
    if line == "-" || line.starts_with('@') {
        return Err(format!(
            "{line:?} asks for another list, which is not followed from a list; name that list itself, \
             or write ./{line} if it is the name of a file"
        ));
    }
    Ok(line.to_owned())
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = Line;

    fn next(&mut self) -> Option<Line> {
        while !self.ended {
            let path = self.line()?;
            self.number += 1;
            if path
                .as_ref()
                .is_ok_and(|p| p.trim().is_empty() || p.starts_with('#'))
            {
                continue;
            }
            return Some(Line {
                number: self.number,
                path,
            });
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_name_something() {
        let list = "\u{FEFF}a.txt\r\n\n  \n# b.txt\n c d.txt \nlast".as_bytes();
        let lines: Vec<(u64, String)> = Lines::new(list)
            .map(|line| (line.number, line.path.unwrap()))
            .collect();
        let want = [(1, "a.txt"), (5, " c d.txt "), (6, "last")];
        assert_eq!(lines, want.map(|(n, p)| (n, p.to_owned())));
    }

    #[test]
    fn what_is_no_path_is_told_and_the_rest_read() {
        let lines: Vec<Line> = Lines::new(&b"\xCF\xD8.txt\n@more\n-\na.txt\n"[..]).collect();
        let wrong = |i: usize| lines[i].path.clone().unwrap_err();
        assert!(wrong(0).contains("UTF-8"));
        assert!(wrong(1).contains("\"@more\" asks for another list"));
        assert!(wrong(2).contains("\"-\" asks for another list"));
        assert_eq!(lines[3].number, 4);
        assert_eq!(lines[3].path, Ok("a.txt".to_owned()));
    }

    #[test]
    fn a_line_without_end_ends() {
        let endless = BufReader::new(std::io::repeat(b'a'));
        let lines: Vec<Line> = Lines::new(endless).collect();
        assert_eq!(lines.len(), 1);
        assert!(lines[0].path.as_ref().unwrap_err().contains("too long"));
    }
}
