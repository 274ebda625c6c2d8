//! What must hold of any bytes that are read as a page, in whatever format.

use gongbao::base::Span;
use gongbao::decode::{Encoding, EncodingChoice, Format, FormatChoice, Options, Page, decode};
use gongbao::lexicon::Lexicon;
use gongbao::normalize::{Clean, Paragraph, Role, SourceMap, is_blank, normalize};
use gongbao::quantities::quantities;
use gongbao::sections::sections;
use gongbao::{Extractor, Record};
use serde_json::Value;

use crate::grammar::{self, Print};
use crate::records;

/// Reads `bytes` in `format`; when they are a page, looks at it and at its record.
///
/// # Panics
/// When something does not hold, here as below.
pub fn holds(format: Format, bytes: &[u8]) {
    let format = FormatChoice::Forced(format);
    let options = Options {
        format,
        ..Options::default()
    };
    if let Ok(page) = decode("fuzz", bytes, options) {
        is_sound(&page);
        records::of(&Extractor::new().format(format), bytes);
    }
}

/// Lines and words of a page are where they say.
pub fn is_sound(page: &Page<'_>) {
    lines(page);
    words(page);
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

/// Every character of a page of plain text stands for bytes of its own, in their order, and what
/// these are when they are decoded alone is that character again.
pub fn leads_back(page: &Page<'_>) {
    let file = page.file();
    let encoding = encoding_rs::Encoding::for_label(file.encoding.as_bytes()).expect("a name");
    let mut last = Span::default();
    for (at, c) in page.text.char_indices() {
        let source = file.map.source_of(Span::new(at, at + c.len_utf8()));
        // one code of Big5 may be two characters
        assert!(source == last || source.start >= last.end && source.start < source.end);
        last = source;
        let bytes = &file.bytes[source.range()];
        if c != '\u{FFFD}' {
            let (text, _) = encoding.decode_without_bom_handling(bytes);
            assert!(text.contains(c), "{bytes:x?} is {text:?}, not {c:?}");
        }
    }
    assert!(last.end as usize <= file.bytes.len());
}

/// The clean text of any text: paragraphs without a line feed, each character of which the page has
/// in its place.
pub fn is_cleaned(text: &str) {
    let lexicon = Lexicon::builtin();
    let encoding = EncodingChoice::Forced(Encoding::Utf8);
    let options = Options {
        encoding,
        format: FormatChoice::Forced(Format::Text),
    };
    let Ok(page) = decode("fuzz", text.as_bytes(), options) else {
        return;
    };
    let clean = normalize(&page, lexicon);
    let mut at = 0;
    for (i, paragraph) in clean.paragraphs.iter().enumerate() {
        assert_eq!(paragraph.span.start, at + u32::from(i > 0));
        let text = clean.text.get(paragraph.span.range()).expect("characters");
        assert!(!text.is_empty() && !text.contains('\n'));
        at = paragraph.span.end;
    }
    assert_eq!(at as usize, clean.text.len());
    for (at, c) in clean.text.char_indices() {
        assert!(c == '\n' || c == ' ' || !is_blank(c), "{c:?}");
        for part in clean.map.page_spans(Span::new(at, at + c.len_utf8())) {
            assert!(page.text.get(part.range()).is_some());
        }
    }
    let taken = clean.furniture.iter().map(|f| f.span);
    for span in taken.chain(clean.jumps.iter().map(|j| j.span)) {
        assert!(page.text.get(span.range()).is_some());
    }
    for repair in &clean.repairs {
        let to = clean.text.get(repair.span.range()).expect("characters");
        assert_ne!(to, repair.from);
    }
    let found = sections(&clean, lexicon);
    for section in &found.sections {
        assert!(clean.text.get(section.span.range()).is_some());
        assert!(section.span.contains(section.label) && section.span.contains(section.title));
    }
}

/// The numbers of any text, taken as running text that nothing was cleaned of: in their order, not
/// one in two, with bounds about their values.
pub fn is_counted(text: &str) {
    let clean = running(text);
    let found = quantities(&clean, Lexicon::builtin());
    let mut end = 0;
    for quantity in &found.quantities {
        let mention = clean.text.get(quantity.mention.range());
        assert!(mention.is_some_and(|m| !m.is_empty()));
        assert!(quantity.around.contains(quantity.mention));
        assert!(quantity.mention.start >= end);
        end = quantity.mention.end;
        assert!(
            quantity
                .lower
                .is_none_or(|l| quantity.upper.is_none_or(|u| l <= u))
        );
    }
    let left = found.left.iter().map(|left| left.span);
    for span in left.chain(found.times.iter().map(|time| time.span)) {
        assert!(clean.text.get(span.range()).is_some_and(|s| !s.is_empty()));
    }
}

/// `text` as clean text, a line a paragraph.
fn running(text: &str) -> Clean {
    let lines: Vec<&str> = text.split('\n').filter(|line| !line.is_empty()).collect();
    let mut at = 0;
    let mut paragraphs = Vec::new();
    for line in &lines {
        paragraphs.push(Paragraph {
            span: Span::new(at, at + line.len()),
            role: Role::Body,
        });
        at += line.len() + 1;
    }
    Clean {
        text: lines.join("\n"),
        map: SourceMap::identity(),
        paragraphs,
        furniture: Vec::new(),
        jumps: Vec::new(),
        repairs: Vec::new(),
        diagnostics: Vec::new(),
    }
}

/// A page however it is printed says what it says with a paragraph a line: the same text and the same
/// indicators.
///
/// Where it is cut into lines, one that ends with a sentence near the edge may be the end of a paragraph or
/// not, and nobody can tell; then the text is the same but for where paragraphs end, and the indicators are
/// where these came out, too.
pub fn says_the_same(page: &grammar::Page, print: &Print) {
    let extractor = Extractor::new();
    let (clean, printed) = (page.clean(), print.of(page));
    let [expected, found] = [&clean, &printed].map(|text| {
        let record = extractor.extract("fuzz", text.as_bytes());
        record.unwrap_or_else(|error| panic!("{error}: {text}"))
    });
    let flat = |text: &str| text.replace('\n', "");
    assert_eq!(
        flat(&found.text),
        flat(&expected.text),
        "\n{clean}\n--- printed:\n{printed}"
    );
    if found.text != expected.text {
        assert!(print.width.is_some(), "\n{clean}\n--- printed:\n{printed}");
        return;
    }
    let (expected, found) = (said(&expected), said(&found));
    for (expected, found) in expected.iter().zip(&found) {
        assert_eq!(found, expected, "\n{clean}\n--- printed:\n{printed}");
    }
    assert_eq!(found.len(), expected.len());
}

/// The indicators of a record without where the file has them.
fn said(record: &Record) -> Vec<Value> {
    let mut all = Vec::new();
    for indicator in &record.indicators {
        let mut value = serde_json::to_value(indicator).expect("JSON");
        if let Some(fields) = value.as_object_mut() {
            fields.remove("source");
        }
        all.push(value);
    }
    all
}
