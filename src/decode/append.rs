//! Several pages → one: the text of one behind that of the other, everything in it moved along.

use super::{Line, MAX_BYTES, Page, Sheet, SourceFile, Unit, Word};
use crate::base::diagnostic::Place;
use crate::base::{Diagnostic, Span};
use crate::record::PartRole;

/// Why two pages could not be put together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AppendError {
    /// Spans would not fit.
    #[error("together they have more than the {MAX_BYTES} bytes of text that are read")]
    TooLarge,
    /// Pieces of a record say by its name which file they are of.
    #[error("two of them are called {0:?}: a record tells files by their names")]
    SameName(
        /// That name.
        String,
    ),
}

impl<'a> Page<'a> {
    /// Puts `other` behind this page, as its `role`: its text behind a line end, its lines, words
    /// and printed pages behind those of this page, each in its order. What a diagnostic says of a
    /// file as a whole says so by its name from now on.
    ///
    /// ```
    /// use gongbao::decode::{decode, Options};
    /// use gongbao::record::PartRole;
    /// let mut page = decode("a.txt", "产值12".as_bytes(), Options::default())?;
    /// let next = decode("b.txt", "亿元。".as_bytes(), Options::default())?;
    /// page.append(next, PartRole::Continuation)?;
    /// assert_eq!(page.text, "产值12\n亿元。");
    /// assert_eq!(page.files[page.file_at(page.lines[1].span.start)].name, "b.txt");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// See [`AppendError`]; this page stays as it is.
    pub fn append(&mut self, other: Page<'a>, role: PartRole) -> Result<(), AppendError> {
        if self.text.len() + 1 + other.text.len() > MAX_BYTES {
            return Err(AppendError::TooLarge);
        }
        let named = |file: &&SourceFile<'_>| self.files.iter().any(|f| f.name == file.name);
        if let Some(twice) = other.files.iter().find(named) {
            return Err(AppendError::SameName(twice.name.clone()));
        }
        self.end_text();
        name_findings(self);
        let mut other = other;
        name_findings(&mut other);
        if !self.sheets.is_empty() || !other.sheets.is_empty() {
            give_sheet(self);
            give_sheet(&mut other);
        }
        let moved = Moved {
            text: self.text.len() as u32,
            sheets: self.sheets.len() as u32,
            blocks: self.lines.iter().map(|l| l.block).max().unwrap_or(0),
        };
        self.text.to_mut().push_str(&other.text);
        let files = other.files.into_iter();
        self.files.extend(files.map(|f| moved.file(f, role)));
        let first = self.lines.len();
        self.lines
            .extend(other.lines.into_iter().map(|l| moved.line(l)));
        if let Some(line) = self.lines.get_mut(first) {
            line.new_page = true;
        }
        self.words
            .extend(other.words.into_iter().map(|w| moved.word(w)));
        self.sheets.extend(other.sheets);
        self.diagnostics
            .extend(other.diagnostics.into_iter().map(|d| moved.diagnostic(d)));
        Ok(())
    }

    /// Ends the last line of the text with a made line feed, where the file does not.
    fn end_text(&mut self) {
        if self.text.ends_with('\n') {
            return;
        }
        if let Some(file) = self.files.last_mut() {
            self.text.to_mut().push('\n');
            file.map.push(1, file.map.source_end() as usize, 0);
        }
    }
}

/// By how much the indices of a page grow behind another.
struct Moved {
    text: u32,
    sheets: u32,
    blocks: u32,
}

impl Moved {
    fn span(&self, span: Span) -> Span {
        Span {
            start: span.start + self.text,
            end: span.end + self.text,
        }
    }

    fn file<'a>(&self, file: SourceFile<'a>, role: PartRole) -> SourceFile<'a> {
        SourceFile {
            start: file.start + self.text,
            sheets: file.sheets.start + self.sheets..file.sheets.end + self.sheets,
            role: file.role.or(Some(role)),
            ..file
        }
    }

    fn line(&self, line: Line) -> Line {
        Line {
            span: self.span(line.span),
            sheet: line.sheet + self.sheets,
            // 0 is no block
            block: line.block + if line.block > 0 { self.blocks } else { 0 },
            ..line
        }
    }

    fn word(&self, word: Word) -> Word {
        Word {
            span: self.span(word.span),
            sheet: word.sheet + self.sheets,
            ..word
        }
    }

    fn diagnostic(&self, diagnostic: Diagnostic) -> Diagnostic {
        match diagnostic.place {
            Place::Page(span) => Diagnostic {
                place: Place::Page(self.span(span)),
                ..diagnostic
            },
            Place::Clean(_) | Place::Whole => diagnostic,
        }
    }
}

/// Lines without boxes stand on a sheet of their own, lest they get between those of the next file.
fn give_sheet(page: &mut Page<'_>) {
    if page.sheets.is_empty() {
        page.sheets.push(Sheet {
            number: 1,
            width: 0,
            height: 0,
            unit: Unit::Column,
        });
    }
}

/// Says of findings about the one file of `page` as a whole which file it is.
fn name_findings(page: &mut Page<'_>) {
    if let [file] = page.files.as_slice() {
        for diagnostic in &mut page.diagnostics {
            if diagnostic.place == Place::Whole {
                diagnostic.message = format!("{}: {}", file.name, diagnostic.message);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::{Options, decode};

    const BOXED: &str = r#"[
        {"box": [[0,0],[90,0],[90,10],[0,10]], "text": "产值12亿", "score": 0.9},
        {"box": [[0,20],[90,20],[90,30],[0,30]], "text": "元。", "score": 0.8}]"#;

    fn read<'a>(name: &str, bytes: &'a [u8]) -> Page<'a> {
        decode(name, bytes, Options::default()).unwrap()
    }

    #[test]
    fn everything_moves_along() {
        let gbk = encoding_rs::GBK.encode("增长3%。\r\n二、农业").0;
        let bad = b"\xE4\xBA\xA7\xE5\x80\xBC\xFF\xE5\x85\x83";
        let mut page = read("a.json", BOXED.as_bytes());
        page.append(read("b.txt", &gbk), PartRole::Continuation)
            .unwrap();
        page.append(read("c.json", BOXED.as_bytes()), PartRole::Also)
            .unwrap();
        page.append(read("d.txt", bad), PartRole::Continuation)
            .unwrap();
        let lines: Vec<&str> = page.lines.iter().map(|l| l.span.of(&page.text)).collect();
        assert_eq!(
            lines,
            [
                "产值12亿",
                "元。",
                "增长3%。",
                "二、农业",
                "产值12亿",
                "元。",
                "产值\u{FFFD}元"
            ]
        );
        let sheets: Vec<u32> = page.lines.iter().map(|l| l.sheet).collect();
        assert_eq!(sheets, [0, 0, 1, 1, 2, 2, 3]);
        let printed: Vec<usize> = (0..5).map(|i| page.sheets_of(i).len()).collect();
        assert_eq!(printed, [1, 0, 1, 0, 0]);
        let new_pages: Vec<bool> = page.lines.iter().map(|l| l.new_page).collect();
        assert_eq!(new_pages, [false, false, true, false, true, false, true]);
        let words: Vec<&str> = page.words.iter().map(|w| w.span.of(&page.text)).collect();
        assert_eq!(words, ["产值12亿", "元。", "产值12亿", "元。"]);
        assert_eq!(page.words[2].sheet, 2);
        let roles: Vec<Option<PartRole>> = page.files.iter().map(|f| f.role).collect();
        assert_eq!(
            roles,
            [
                None,
                Some(PartRole::Continuation),
                Some(PartRole::Also),
                Some(PartRole::Continuation)
            ]
        );
        // each line leads back to its own bytes
        for line in &page.lines {
            let pieces = page.source_of(line.span);
            let [(file, span)] = pieces[..] else {
                panic!("{pieces:?}");
            };
            let file = &page.files[file];
            assert_eq!(file.line_of(span.start), line.number);
            let bytes = &file.bytes[span.range()];
            let text = match file.encoding {
                "GB18030" => encoding_rs::GB18030.decode(bytes).0,
                _ => String::from_utf8_lossy(bytes),
            };
            assert_eq!(text, line.span.of(&page.text));
        }
        let undecodable = &page.diagnostics[0];
        let Place::Page(span) = undecodable.place else {
            panic!("{undecodable:?}");
        };
        assert_eq!(span.of(&page.text), "\u{FFFD}");
    }

    #[test]
    fn a_span_over_a_border_has_pieces_of_both() {
        let mut page = read("a.txt", "产值12".as_bytes());
        page.append(read("b.txt", "亿元。".as_bytes()), PartRole::Continuation)
            .unwrap();
        let whole = Span::new(0, page.text.len());
        assert_eq!(
            page.source_of(whole),
            [(0, Span::new(0, 8)), (1, Span::new(0, 9))]
        );
        // the line end between is of neither
        assert_eq!(page.source_of(Span::new(8, 9)), []);
    }

    #[test]
    fn findings_about_a_file_name_it() {
        let broken = "<html><body><div class='ocr_page' title='bbox 0 0 90 90'>\
                      <span class='ocr_line' title='bbox 0 0 90 10'>\
                      <span class='ocrx_word' title='bbox 0 0 90 10'>产值</span></span>\
                      <span class='ocr_line'";
        let mut page = read("a.txt", "产值12".as_bytes());
        page.append(read("b.hocr", broken.as_bytes()), PartRole::Continuation)
            .unwrap();
        let messages: Vec<&str> = page.diagnostics.iter().map(|d| &*d.message).collect();
        assert_eq!(messages.len(), 1);
        assert!(
            messages[0].starts_with("b.hocr: the file breaks off"),
            "{messages:?}"
        );
    }

    #[test]
    fn names_tell_files_apart() {
        let mut page = read("a.txt", "产值12".as_bytes());
        let same = page.append(read("a.txt", "亿元".as_bytes()), PartRole::Also);
        assert_eq!(same, Err(AppendError::SameName("a.txt".to_owned())));
        assert_eq!((page.files.len(), &*page.text), (1, "产值12"));
    }
}
