//! Records and their pages → one HTML file in which a person holds each number against the page. No input
//! or output of its own: it writes to whatever it is given, a page at a time.
//!
//! The file needs nothing beside itself. What a page shows is JSON in an element of its own, which the script
//! takes apart when the page is opened, so that hundreds of pages are no slower than one. Text of pages is in
//! that JSON only, `<` escaped, and gets into the document as text; a policy in the head lets no script and
//! style run but our own.

mod changed;
mod original;
mod view;

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::base::legible_json;
use crate::lexicon::Lexicon;
use crate::record::Record;
pub use changed::Changed;
pub use original::Original;
use view::{Entry, View};

/// The words of the page in both languages, then what moves it.
const SCRIPT: &str = concat!(
    "\"use strict\";\n",
    include_str!("texts.js"),
    include_str!("elements.js"),
    include_str!("data.js"),
    include_str!("panes.js"),
    include_str!("report.js")
);
const STYLE: &str = include_str!("report.css");

/// A record, and the files that it was read from.
#[derive(Debug)]
pub struct Page<'a> {
    /// The record.
    pub record: &'a Record,
    /// Its files in the order of [`crate::validate::files`], as far as they are known.
    pub originals: &'a [Original],
    /// What changed since its snapshot, in a report that is about that.
    pub changed: Option<&'a Changed<'a>>,
}

/// A page that is named in the index, without one of its own in the report.
#[derive(Debug, Serialize)]
struct Named {
    name: String,
    how: &'static str,
    words: String,
}

/// A report that is being written.
///
/// ```
/// use gongbao::report::{Original, Page, Report};
/// let bytes = "全年新增企业992户。".as_bytes();
/// let extractor = gongbao::Extractor::new();
/// let record = extractor.extract("a.txt", bytes)?;
/// let mut report = Report::begin(Vec::new(), extractor.words().clone())?;
/// let originals = [Original::of(bytes.to_vec())];
/// report.page(&Page { record: &record, originals: &originals, changed: None })?;
/// let html = String::from_utf8(report.end()?)?;
/// assert!(html.starts_with("<!doctype html>") && html.contains("992户"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Report<W> {
    out: W,
    lexicon: Arc<Lexicon>,
    entries: Vec<Entry>,
    /// Labels of the concepts that occur, Chinese and English.
    concepts: BTreeMap<String, [String; 2]>,
    unread: Vec<String>,
    named: Vec<Named>,
    /// What the comparison with snapshots came to; none where there was none.
    summary: Option<String>,
}

/// Everything before the pages.
#[derive(Template)]
#[template(path = "top.html")]
struct Top<'a> {
    /// Digests of all that may run, for the policy.
    style_digest: String,
    script_digest: String,
    style: &'a str,
}

/// Everything behind them.
#[derive(Template)]
#[template(path = "bottom.html")]
struct Bottom<'a> {
    index: &'a str,
    script: &'a str,
}

/// What the page knows of all pages before one is opened.
#[derive(Serialize)]
struct Index<'a> {
    version: &'a str,
    pages: &'a [Entry],
    concepts: &'a BTreeMap<String, [String; 2]>,
    unread: &'a [String],
    named: &'a [Named],
    summary: Option<&'a str>,
}

impl<W: io::Write> Report<W> {
    /// Writes what stands before the pages, whose concepts are called as `lexicon` calls them.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn begin(mut out: W, lexicon: Arc<Lexicon>) -> io::Result<Self> {
        let top = Top {
            style_digest: digest(STYLE),
            script_digest: digest(SCRIPT),
            style: STYLE,
        };
        top.write_into(&mut out).map_err(io::Error::other)?;
        Ok(Self {
            out,
            lexicon,
            entries: Vec::new(),
            concepts: BTreeMap::new(),
            unread: Vec::new(),
            named: Vec::new(),
            summary: None,
        })
    }

    /// Adds a page.
    ///
    /// # Errors
    /// Those of the output.
    pub fn page(&mut self, page: &Page<'_>) -> io::Result<()> {
        let view = View::new(page);
        let number = self.entries.len();
        write!(
            self.out,
            "<script type=\"application/json\" id=\"page-{number}\">"
        )?;
        self.out.write_all(&embedded(&view)?)?;
        self.out.write_all(b"</script>\n")?;
        self.label(page.record);
        self.entries.push(view.entry());
        Ok(())
    }

    /// Says in the index that something could not be shown, and why.
    pub fn unread(&mut self, message: String) {
        self.unread.push(message);
    }

    /// Names a page in the index of which nothing more is shown: in a word or two how it is, such as
    /// `new`, and what there is to say of it.
    pub fn named(&mut self, name: &str, how: &'static str, words: String) {
        self.named.push(Named {
            name: name.to_owned(),
            how,
            words,
        });
    }

    /// Says in the index what a comparison with snapshots came to.
    pub fn compared(&mut self, summary: String) {
        self.summary = Some(summary);
    }

    /// How many pages it has by now.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// True as long as it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Writes what stands behind the pages and gives the output back.
    ///
    /// # Errors
    /// Those of the output.
    pub fn end(mut self) -> io::Result<W> {
        let index = embedded(&Index {
            version: env!("CARGO_PKG_VERSION"),
            pages: &self.entries,
            concepts: &self.concepts,
            unread: &self.unread,
            named: &self.named,
            summary: self.summary.as_deref(),
        })?;
        let bottom = Bottom {
            index: &String::from_utf8_lossy(&index),
            script: SCRIPT,
        };
        bottom.write_into(&mut self.out).map_err(io::Error::other)?;
        Ok(self.out)
    }

    /// Remembers what the concepts of `record` are called.
    fn label(&mut self, record: &Record) {
        let known = &self.lexicon.concepts;
        for id in record.indicators.iter().filter_map(|x| x.concept.as_ref()) {
            if !self.concepts.contains_key(&**id)
                && let Some(concept) = known.get(id)
            {
                let labels = [concept.zh.clone(), concept.en.clone()];
                self.concepts.insert(id.to_string(), labels);
            }
        }
    }
}

/// `value` as JSON that may stand in an element of HTML: nothing in it begins a tag or a comment, and no
/// character in it is one that a terminal obeys.
fn embedded(value: &impl Serialize) -> io::Result<Vec<u8>> {
    let json = serde_json::to_string(value)?;
    let json = json.replace('<', "\\u003c");
    Ok(legible_json(json.as_bytes()).into_owned())
}

/// What the policy calls `text` by.
fn digest(text: &str) -> String {
    format!("sha256-{}", BASE64.encode(Sha256::digest(text)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Extractor;

    fn html(name: &str, text: &str) -> String {
        let record = Extractor::new().extract(name, text.as_bytes()).unwrap();
        let mut report = Report::begin(Vec::new(), Arc::clone(Lexicon::builtin_arc())).unwrap();
        let originals = [Original::of(text.as_bytes().to_vec())];
        let page = Page {
            record: &record,
            originals: &originals,
            changed: None,
        };
        report.page(&page).unwrap();
        String::from_utf8(report.end().unwrap()).unwrap()
    }

    /// The JSON of the element with this id.
    fn json(html: &str, id: &str) -> serde_json::Value {
        let begin = format!("id=\"{id}\">");
        let start = html.find(&begin).unwrap() + begin.len();
        let end = start + html[start..].find("</script>").unwrap();
        serde_json::from_str(&html[start..end]).unwrap()
    }

    #[test]
    fn text_of_pages_is_text() {
        let evil = "</script><script>alert(1)</script><!--";
        let text = format!("{evil}\u{9B}2J全县新增企业\"992\"户。\u{202E}&amp;\n");
        let html = html("a<b>.txt", &text);
        assert_eq!(html.matches("<script").count(), 3, "page, index, ours");
        assert!(!html.contains("alert(1)<"));
        assert!(!html.contains(['\u{9B}', '\u{202E}']));
        assert!(!html.contains("a<b>"));
        let page = json(&html, "page-0");
        assert_eq!(page["files"][0]["text"], text);
        assert_eq!(json(&html, "index")["pages"][0]["name"], "a<b>.txt");
    }

    #[test]
    fn the_policy_is_that_of_what_stands_there() {
        let html = html("a.txt", "全年新增企业992户。");
        let between = |from: &str, to: &str| {
            let start = html.find(from).unwrap() + from.len();
            html[start..start + html[start..].find(to).unwrap()].to_owned()
        };
        let style = between("<style>", "</style>");
        let script = between("<script>", "</script>");
        let policy = between("Content-Security-Policy\" content=\"", "\"");
        assert!(policy.starts_with("default-src 'none';"), "{policy}");
        for text in [style, script] {
            assert!(policy.contains(&digest(&text)), "{policy}");
        }
        assert!(!policy.contains("unsafe"));
        assert!(!html.contains(" style=\"") && !html.contains(" onclick="));
    }

    #[test]
    fn nothing_of_ours_ends_its_element() {
        assert!(!SCRIPT.contains("</script") && !SCRIPT.contains("<!--"));
        assert!(!STYLE.contains("</style"));
    }
}
