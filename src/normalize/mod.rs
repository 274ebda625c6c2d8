//! Stage 2: [`Page`] → [`Clean`]: paragraphs of clean text, every code point of which knows the
//! characters of the page that it was made from. Mends characters of numerals, never computes with
//! them.

pub mod source_map;

use crate::base::{Diagnostic, Span};
use crate::decode::Page;
use crate::lexicon::Lexicon;
use crate::record::JumpKind;
pub use source_map::SourceMap;

/// Clean text and what was taken out of it.
#[derive(Debug, Clone)]
pub struct Clean {
    /// Paragraphs, one line feed between two. No space between Han, nor between Han and digits or
    /// Latin letters; one between two Latin words. Digits are ASCII.
    pub text: String,
    /// From `text` back to [`Page::text`].
    pub map: SourceMap,
    /// The paragraphs of `text`, in order, without their line feeds.
    pub paragraphs: Vec<Paragraph>,
    /// Lines and parts of lines that are no text: folio, editors, captions, crumbs of web pages.
    pub furniture: Vec<Furniture>,
    /// Pointers to other pages.
    pub jumps: Vec<Jump>,
    /// Characters that were changed.
    pub repairs: Vec<Repair>,
    /// What could not be mended for sure.
    pub diagnostics: Vec<Diagnostic>,
}

/// What a paragraph is to the article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The article's title.
    Title,
    /// The body that issued it, on a line of its own.
    Issuer,
    /// A date or occasion below the title, on a line of its own.
    Dateline,
    /// Anything else: headings and running text.
    Body,
}

/// One paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paragraph {
    /// Where it stands in [`Clean::text`].
    pub span: Span,
    /// What it is.
    pub role: Role,
}

/// A stretch of the page that is not part of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Furniture {
    /// Where it stands in [`Page::text`].
    pub span: Span,
    /// Which entry of `lexicon/furniture.toml` knew it: `folio`, `editor`, `caption`, …
    pub kind: String,
    /// The page of the paper that it names: `A1`.
    pub page: Option<String>,
}

/// A jump line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Jump {
    /// Which way.
    pub kind: JumpKind,
    /// The page named: `A2`, `3`.
    pub page: Option<String>,
    /// Where it stands in [`Page::text`].
    pub span: Span,
}

/// A change of characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    /// Where the new characters stand in [`Clean::text`].
    pub span: Span,
    /// What the page has there, white space left out.
    pub from: String,
    /// Kebab-case reason.
    pub why: &'static str,
}

/// True for characters that leave no ink: white space of every kind, control characters and the
/// invisible ones that text layers carry. They are the one thing dropped without a record.
#[must_use]
pub fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
}

/// Cleans a page.
#[must_use]
pub fn normalize(page: &Page<'_>, _lexicon: &Lexicon) -> Clean {
    let text = page.text.trim_end().to_owned();
    let mut paragraphs = Vec::new();
    let mut start = 0;
    for line in text.split('\n') {
        paragraphs.push(Paragraph {
            span: Span::new(start, start + line.len()),
            role: Role::Body,
        });
        start += line.len() + 1;
    }
    let map = SourceMap::identity();
    Clean {
        text,
        map,
        paragraphs,
        furniture: Vec::new(),
        jumps: Vec::new(),
        repairs: Vec::new(),
        diagnostics: Vec::new(),
    }
}
