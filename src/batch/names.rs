//! Names of pages as paths of files.

use std::fmt::Write;

use crate::base::sha256;

/// A part of a path is at most so long, in bytes, with room for an ending.
const LONGEST: usize = 200;

/// The path, with `/` separators, that the file for the page called `name` has below a folder.
///
/// It leads nowhere else: `..` and what file systems do not take are written as in addresses
/// (`%2E%2E`); what is empty or `.` between slashes is left out. Parts that are too long for a file
/// system end in a digest.
///
/// ```
/// use gongbao::batch::names::path_of;
/// assert_eq!(path_of("pages/a.txt"), "pages/a.txt");
/// assert_eq!(path_of("a.zip!/../b:1.txt"), "a.zip!/%2E%2E/b%3A1.txt");
/// ```
#[must_use]
pub fn path_of(name: &str) -> String {
    let parts = name.split('/').filter(|p| !matches!(*p, "" | "."));
    let parts: Vec<String> = parts.map(part).collect();
    parts.join("/")
}

fn part(part: &str) -> String {
    let mut out = String::with_capacity(part.len());
    for c in part.chars() {
        let harmless =
            !c.is_control() && !matches!(c, '%' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|');
        if harmless && part != ".." {
            out.push(c);
        } else {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                let _ = write!(out, "%{byte:02X}"); // a string takes all
            }
        }
    }
    if out.len() > LONGEST {
        let digest = sha256(part.as_bytes());
        let kept = out.floor_char_boundary(LONGEST - 17);
        out.truncate(kept);
        out.push('~');
        out.extend(digest.chars().take(16));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leads_outside() {
        for (name, path) in [
            ("/etc/passwd", "etc/passwd"),
            ("../../a.txt", "%2E%2E/%2E%2E/a.txt"),
            ("./a//b.txt", "a/b.txt"),
            ("a\\..\\b\n.txt", "a%5C..%5Cb%0A.txt"),
            ("县报/2021年.txt", "县报/2021年.txt"),
            ("100%.txt", "100%25.txt"),
        ] {
            assert_eq!(path_of(name), path);
        }
    }

    #[test]
    fn long_parts_stay_apart() {
        let (a, b) = ("县".repeat(100) + "a", "县".repeat(100) + "b");
        let paths = [path_of(&a), path_of(&b)];
        assert_ne!(paths[0], paths[1]);
        assert!(paths.iter().all(|p| p.len() <= LONGEST));
    }
}
