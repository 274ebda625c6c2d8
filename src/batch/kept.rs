//! What gongbao keeps beside pages and among results, none of which is a page.

use std::path::Path;

/// What gongbao keeps for itself in a folder of results.
pub const INNER: &str = ".gongbao";
/// How the names of what `gongbao snapshot` keeps beside a page end, behind that of the page: its record, …
pub const SNAPSHOT: &str = ".gongbao.json";
/// … the changes that were accepted while others of the page were not, …
pub const ACCEPTED: &str = ".gongbao.accepted";
/// … and a report of what changed, which may lie among the pages.
pub const REPORT: &str = ".gongbao.html";

/// True for what is kept beside pages and is none itself.
///
/// ```
/// use gongbao::batch::kept::is_kept;
/// assert!(is_kept("pages/a.txt.gongbao.json".as_ref()));
/// assert!(!is_kept("pages/a.json".as_ref()));
/// ```
#[must_use]
pub fn is_kept(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().as_encoded_bytes();
    let mut endings = [SNAPSHOT, ACCEPTED, REPORT].iter();
    endings.any(|ending| name.ends_with(ending.as_bytes()))
}
