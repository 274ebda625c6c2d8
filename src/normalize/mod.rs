//! Stage 2: [`Page`] → [`Clean`]: paragraphs of clean text, every code point of which knows the
//! characters of the page that it was made from. Mends characters of numerals, never computes with
//! them.

mod columns;
mod confusables;
mod damage;
pub mod flow;
mod front_matter;
mod ink;
mod joining;
mod layout;
mod lost;
mod moves;
mod order;
mod running;
pub mod source_map;
mod spacing;
pub mod width;

use crate::base::diagnostic::Place;
use crate::base::{Diagnostic, Span};
use crate::decode::Page;
use crate::lexicon::Lexicon;
use crate::record::JumpKind;
use confusables::Edit;
use ink::{Ink, Row};
use joining::Joined;
pub(crate) use moves::Moves;
pub use source_map::SourceMap;
use spacing::Blank;

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
    /// Which entry of `lexicon/furniture.toml` knew it: `folio`, `editor`, `caption`, …; `running` for
    /// what is known by being repeated from page to page.
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
    /// Where `from` stands in [`Page::text`] when the new characters are those of another file,
    /// which [`Clean::map`] leads to; empty when it leads to `from`.
    pub instead: Vec<Span>,
}

/// True for characters that leave no ink: white space of every kind, control characters and the
/// invisible ones that text layers carry. They are the one thing dropped without a record.
#[inline]
#[must_use]
pub fn is_blank(c: char) -> bool {
    if matches!(c, '!'..='~' | '\u{3400}'..='\u{9FFF}') {
        return false; // nearly all there is
    }
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
}

/// Cleans a page.
#[must_use]
pub fn normalize(page: &Page<'_>, lexicon: &Lexicon) -> Clean {
    let ink = Ink::new(page, lexicon);
    let layout = layout::layout(&ink, lexicon);
    let rows = layout::part_glued_labels(&ink, layout.rows, lexicon);
    let joined = joining::join(&ink, &rows, lexicon);
    let mut clean = draft(page, &ink, &rows, &joined);
    let lost = if page.words.iter().any(|w| w.confidence.is_some()) {
        let shapes: Vec<_> = joined.iter().map(|j| j.shape).collect();
        lost::find(&clean.text, &clean.paragraphs, &shapes, lexicon)
    } else {
        Vec::new()
    };
    mend(&mut clean, page, lost, lexicon);
    clean.furniture = layout.furniture;
    clean.jumps = layout.jumps;
    clean
}

/// Puts the rows of each paragraph together, with the spaces that stay.
fn draft(page: &Page<'_>, ink: &Ink, rows: &[Row], joined: &[Joined]) -> Clean {
    let mut text = String::with_capacity(ink.text.len() + joined.len());
    let mut map = SourceMap::default();
    let mut paragraphs = Vec::with_capacity(joined.len());
    for paragraph in joined {
        if !text.is_empty() {
            // A paragraph break is made, not copied: it stands for nothing of the page.
            map.made(text.len());
            text.push('\n');
        }
        let start = text.len();
        let mut last: Option<&Row> = None;
        for row in &rows[paragraph.rows.clone()] {
            if let Some(last) = last
                && spacing::judge(&text[start..], ink.row(row)) == Blank::Space
            {
                match blank_between(page, ink, last, row) {
                    Some(between) => map.replace(text.len(), between),
                    None => map.made(text.len()),
                }
                text.push(' ');
            }
            push_row(ink, row, &mut text, &mut map);
            last = Some(row);
        }
        paragraphs.push(Paragraph {
            span: Span::new(start, text.len()),
            role: paragraph.role,
        });
    }
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

/// What of the page a space between two rows stands for; nothing where that is more than blanks: a
/// jump line, another column.
fn blank_between(page: &Page<'_>, ink: &Ink, last: &Row, next: &Row) -> Option<Span> {
    let (start, end) = (ink.page_span(last.ink).end, ink.page_span(next.ink).start);
    let between = page.text.get(start as usize..end as usize)?;
    let found = !between.is_empty() && between.chars().all(is_blank);
    found.then_some(Span { start, end })
}

/// Copies a row, its stray blanks left out.
fn push_row(ink: &Ink, row: &Row, text: &mut String, map: &mut SourceMap) {
    let gaps = ink.gaps_in(row.ink);
    if gaps.is_empty() {
        map.append(text.len(), &ink.map, row.ink);
        text.push_str(ink.row(row));
        return;
    }
    let mut from = row.ink.start;
    let wordless = !ink
        .row(row)
        .contains(|c| width::is_han(c) || spacing::is_clause_mark(c));
    let cells = ink.is_cells(row);
    let mut push = |to: u32, text: &mut String, map: &mut SourceMap| {
        let part = Span {
            start: from,
            end: to,
        };
        map.append(text.len(), &ink.map, part);
        text.push_str(part.of(&ink.text));
        from = to;
    };
    for &gap in gaps {
        let (before, behind) = (
            &ink.text[row.ink.start as usize..gap.at as usize],
            &ink.text[gap.at as usize..row.ink.end as usize],
        );
        if spacing::judge(before, behind) == Blank::Space
            || spacing::parts_numerals(before, behind, gap.wide || cells, wordless)
        {
            push(gap.at, text, map);
            if gap.page.is_empty() {
                map.made(text.len());
            } else {
                map.replace(text.len(), gap.page);
            }
            text.push(' ');
        }
    }
    push(row.ink.end, text, map);
}

/// Mends what was misread or `lost` and reports what may have been.
fn mend(clean: &mut Clean, page: &Page<'_>, lost: Vec<Edit>, lexicon: &Lexicon) {
    let spans: Vec<Span> = clean.paragraphs.iter().map(|p| p.span).collect();
    let mut found = confusables::find(&clean.text, &spans, lost, lexicon);
    if !found.edits.is_empty() {
        apply(clean, page, &found.edits, &mut found.diagnostics);
    }
    clean.diagnostics = found.diagnostics;
}

/// Stretches of the page with nothing but blanks between them as one.
fn over_blanks(page: &Page<'_>, spans: &[Span]) -> Vec<Span> {
    let mut out: Vec<Span> = Vec::with_capacity(spans.len());
    for &span in spans {
        let between = |last: &Span| page.text.get(last.end as usize..span.start as usize);
        match out.last_mut() {
            Some(last) if between(last).is_some_and(|b| b.chars().all(is_blank)) => {
                last.end = span.end;
            }
            _ => out.push(span),
        }
    }
    out
}

/// Applies `edits`, in order and apart, to the draft; spans of paragraphs and diagnostics move along.
fn apply(clean: &mut Clean, page: &Page<'_>, edits: &[Edit], diagnostics: &mut [Diagnostic]) {
    let mut text = String::with_capacity(clean.text.len());
    let mut map = SourceMap::default();
    let mut repairs = Vec::with_capacity(edits.len());
    let mut moves = Moves::default();
    let mut at = 0;
    for edit in edits {
        let kept = Span::new(at, edit.span.start as usize);
        map.append(text.len(), &clean.map, kept);
        text.push_str(kept.of(&clean.text));
        let printed = clean.map.page_spans(edit.span);
        map.replace_all(text.len(), &over_blanks(page, &printed));
        let start = text.len();
        text.push_str(&edit.to);
        repairs.push(Repair {
            span: Span::new(start, text.len()),
            from: printed
                .iter()
                .flat_map(|s| s.of(&page.text).chars())
                .filter(|&c| !is_blank(c))
                .collect(),
            why: edit.why,
            instead: Vec::new(),
        });
        at = edit.span.end as usize;
        moves.push(edit.span, text.len());
    }
    let rest = Span::new(at, clean.text.len());
    map.append(text.len(), &clean.map, rest);
    text.push_str(rest.of(&clean.text));
    for paragraph in &mut clean.paragraphs {
        paragraph.span = moves.span(paragraph.span);
    }
    for diagnostic in diagnostics {
        if let Place::Clean(span) = &mut diagnostic.place {
            *span = moves.span(*span);
        }
    }
    clean.text = text;
    clean.map = map;
    clean.repairs = repairs;
}
