//! What must hold of any bytes that are read as a page, in whatever format.
//!
//! `cargo +nightly fuzz run alto fuzz/corpus/alto samples` begins with the sample pages.

use gongbao::base::Span;
use gongbao::decode::{Format, FormatChoice, Options, Page, decode};

/// Reads `bytes` in `format`; when they are a page, looks at it.
pub fn holds(format: Format, bytes: &[u8]) {
    let options = Options {
        format: FormatChoice::Forced(format),
        ..Options::default()
    };
    if let Ok(page) = decode("fuzz", bytes, options) {
        lines(&page);
        words(&page);
    }
}

/// Lines lie in the text, on boundaries of characters, without their ends, and do not overlap.
fn lines(page: &Page<'_>) {
    let mut spans: Vec<Span> = page.lines.iter().map(|line| line.span).collect();
    spans.sort_by_key(|span| span.start);
    let mut end = 0;
    for span in spans {
        assert!(span.start >= end && span.start <= span.end);
        let text = page.text.get(span.range()).expect("a line of characters");
        assert!(!text.contains(['\n', '\r']));
        end = span.end;
    }
    for line in &page.lines {
        assert!(line.number >= 1 && line.number <= page.file().line_count());
        assert!(page.sheets.is_empty() || (line.sheet as usize) < page.sheets.len());
    }
}

/// Words stand in lines, in the order of the text; their bytes in the order of the source, each
/// byte in one word at most.
fn words(page: &Page<'_>) {
    let (mut end, mut source_end) = (0, 0);
    for word in &page.words {
        assert!(word.span.start >= end && word.span.start < word.span.end);
        end = word.span.end;
        let text = page
            .text
            .get(word.span.range())
            .expect("a word of characters");
        assert_eq!(text.trim(), text);
        let in_line = |l: &Span| l.start <= word.span.start && word.span.end <= l.end;
        assert!(page.lines.iter().any(|line| in_line(&line.span)));
        for (file, piece) in page.source_of(word.span) {
            assert_eq!(file, 0);
            assert!(piece.start >= source_end && piece.start < piece.end);
            source_end = piece.end;
        }
        if let Some(b) = word.bbox {
            assert!(b.x0 <= b.x1 && b.y0 <= b.y1);
        }
        assert!(word.confidence.is_none_or(|c| c.0 <= 10_000));
    }
    assert!(source_end as usize <= page.file().bytes.len());
}
