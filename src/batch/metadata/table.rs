//! `--meta pages.csv`: what a table says of pages, by name or glob.
//!
//! The first line names the columns: `path` or `glob` or both, and any of the keys. A cell of `path`
//! is a page's name, and with `*`, `?` or `[` in it a glob as well; one of `glob` always is a glob. `*`
//! and `?` stand for no `/`, `**/` for any folders. Of several rows that are of a page, an exact name goes
//! before a glob and a later row before an earlier one, cell by cell; an empty cell says nothing.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use globset::Glob;

use super::globs::{self, Globs};
use super::value::{self, Value};
use crate::base::Place;
use crate::batch::inputs::told;
use crate::decode::{self, DecodeError, EncodingChoice, Format, FormatChoice, Line, Options, Page};
use crate::record::MetadataKey;

/// Why a table cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MetadataError {
    /// It cannot be read.
    #[error("{file}: {}", told(error).1)]
    Unreadable {
        /// The file.
        file: String,
        /// Why.
        error: io::Error,
    },
    /// It is no text.
    #[error("{file}: {error}; expected a table as CSV, in UTF-8 or GB18030")]
    NotText {
        /// The file.
        file: String,
        /// What it is.
        error: DecodeError,
    },
    /// Something in it makes no sense.
    #[error("{file}: line {line}: {message}")]
    Line {
        /// The file.
        file: String,
        /// Its line, from 1.
        line: u32,
        /// What was found, and what was expected.
        message: String,
    },
}

/// A row that is of no page that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnmatchedRow {
    /// Line of the file, from 1.
    pub line: u32,
    /// Its name or glob.
    pub pages: String,
}

/// A table of what is known of pages. May be shared between threads.
#[derive(Debug)]
pub struct Metadata {
    /// Name of the file, without its folder.
    file: String,
    rows: Vec<Row>,
    /// Indices of the rows with a name, by name, those of one name in the order of the file.
    named: Vec<usize>,
    globs: Globs,
}

#[derive(Debug)]
struct Row {
    line: u32,
    pages: Box<str>,
    values: Box<[(MetadataKey, Value)]>,
    /// Whether a page was asked for that it is of.
    matched: AtomicBool,
}

impl Metadata {
    /// The table in a file of CSV: UTF-8, with or without byte order mark, GB18030, or any other
    /// encoding that pages may have.
    ///
    /// # Errors
    /// See [`MetadataError`].
    pub fn read(path: &Path) -> Result<Self, MetadataError> {
        let file = path.to_string_lossy();
        let bytes = fs::read(path).map_err(|error| MetadataError::Unreadable {
            file: file.to_string(),
            error,
        })?;
        Self::parse(&file, &bytes)
    }

    /// The table in the bytes of a file of this path.
    ///
    /// # Errors
    /// See [`MetadataError`].
    pub fn parse(file: &str, bytes: &[u8]) -> Result<Self, MetadataError> {
        let options = Options {
            encoding: EncodingChoice::Detect,
            format: FormatChoice::Forced(Format::Text),
        };
        let page = decode::decode(file, bytes, options).map_err(|error| {
            let file = file.to_owned();
            MetadataError::NotText { file, error }
        })?;
        let at_line = |(line, message)| MetadataError::Line {
            file: file.to_owned(),
            line,
            message,
        };
        whole(&page).map_err(at_line)?;
        let mut reading = Reading::default();
        reading.rows_of(&page).map_err(at_line)?;
        let Reading {
            rows,
            mut named,
            globs,
            ..
        } = reading;
        named.sort_by(|&a, &b| rows[a].pages.cmp(&rows[b].pages)); // stable: of one name, as they come
        let globs = Globs::new(globs)
            .map_err(|why| at_line((1, format!("its globs are too many or too long: {why}"))))?;
        let file = Path::new(file).file_name().unwrap_or_default();
        Ok(Self {
            file: file.to_string_lossy().into_owned(),
            rows,
            named,
            globs,
        })
    }

    /// The rows that were of none of the pages asked for, in the order of the file.
    #[must_use]
    pub fn unmatched(&self) -> Vec<UnmatchedRow> {
        let open = |row: &&Row| !row.matched.load(Ordering::Relaxed);
        let rows = self.rows.iter().filter(open);
        rows.map(|row| UnmatchedRow {
            line: row.line,
            pages: row.pages.to_string(),
        })
        .collect()
    }

    /// Where what is in this line comes from, for the record of the page called `name`: the file, without its
    /// folder, and the glob that the page is named by. Not the line: tables are sorted, and a page would
    /// have to be read again.
    pub(super) fn origin(&self, line: u32, name: &str) -> String {
        let at = self.rows.partition_point(|row| row.line < line);
        match self.rows.get(at).map(|row| row.pages.as_ref()) {
            Some(glob) if glob != name => format!("{}: {glob}", self.file),
            _ => self.file.clone(),
        }
    }

    /// What is said of the page called `name`, each with the line that it is from.
    pub(super) fn of(&self, name: &str) -> BTreeMap<MetadataKey, (Value, u32)> {
        let globbed = self.globs.rows(name);
        let mut said = BTreeMap::new();
        for row in globbed.iter().chain(self.named(name)) {
            let Some(row) = self.rows.get(*row) else {
                continue;
            };
            row.matched.store(true, Ordering::Relaxed);
            let values = row.values.iter().cloned();
            said.extend(values.map(|(key, value)| (key, (value, row.line))));
        }
        said
    }

    /// The rows with exactly this name.
    fn named(&self, name: &str) -> &[usize] {
        let from = |sought: fn(&str, &str) -> bool| {
            self.named
                .partition_point(|&row| sought(&self.rows[row].pages, name))
        };
        let found = from(|row, name| row < name)..from(|row, name| row <= name);
        self.named.get(found).unwrap_or_default()
    }
}

/// A line, and what is wrong with it.
type AtLine = (u32, String);

/// Fails where bytes of the table did not decode: a name with a hole in it is of no page.
fn whole(page: &Page<'_>) -> Result<(), AtLine> {
    let Some(finding) = page.diagnostics.first() else {
        return Ok(());
    };
    let line = match finding.place {
        Place::Page(span) | Place::Clean(span) => line_of(page, span.start as usize),
        Place::Whole => 1,
    };
    let encoding = page.file().encoding;
    Err((
        line,
        format!("it has bytes that are no {encoding}; save the table anew, in UTF-8 or GB18030"),
    ))
}

/// The number of the line of the first character of the row that begins at or behind `byte` of the
/// text: blank lines before a row are none of it.
fn line_of(page: &Page<'_>, byte: usize) -> u32 {
    let rest = page.text.get(byte..).unwrap_or_default();
    let start = page.text.len() - rest.trim_start_matches(['\r', '\n']).len();
    let starts_by_then = |line: &Line| line.span.start as usize <= start;
    let next = page.lines.partition_point(starts_by_then);
    let line = next.checked_sub(1).and_then(|last| page.lines.get(last));
    line.map_or(1, |line| line.number)
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    /// A page's name, or a glob.
    Path,
    /// A glob.
    Glob,
    /// A value.
    Value(MetadataKey),
    /// Nothing: spreadsheets write columns without a heading behind the others.
    Blank,
}

impl Column {
    fn all() -> impl Iterator<Item = Self> {
        [Self::Path, Self::Glob]
            .into_iter()
            .chain(MetadataKey::ALL.map(Self::Value))
    }

    fn name(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Glob => "glob",
            Self::Value(key) => key.name(),
            Self::Blank => "",
        }
    }
}

/// A table on the way.
#[derive(Default)]
struct Reading {
    rows: Vec<Row>,
    named: Vec<usize>,
    /// The globs, each with its row.
    globs: Vec<(usize, Glob)>,
    /// The words of all rows, each once.
    words: HashSet<Arc<str>>,
}

impl Reading {
    fn rows_of(&mut self, page: &Page<'_>) -> Result<(), AtLine> {
        let mut csv = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(page.text.as_bytes());
        let mut columns: Option<Vec<Column>> = None;
        let mut record = csv::StringRecord::new();
        loop {
            let line = line_of(page, csv.position().byte() as usize);
            let more = csv.read_record(&mut record).map_err(|error| {
                let message = match error.kind() {
                    csv::ErrorKind::UnequalLengths {
                        expected_len, len, ..
                    } => {
                        format!("it has {len} cells, expected {expected_len} as in the first line")
                    }
                    _ => error.to_string(),
                };
                (line, message)
            })?;
            if !more {
                return Ok(());
            }
            match &columns {
                None => columns = Some(header(&record).map_err(|message| (line, message))?),
                Some(columns) => self
                    .row(line, columns, &record)
                    .map_err(|message| (line, message))?,
            }
        }
    }

    fn row(
        &mut self,
        line: u32,
        columns: &[Column],
        record: &csv::StringRecord,
    ) -> Result<(), String> {
        let mut pages: Option<(Column, &str)> = None;
        let mut values = Vec::new();
        for (&column, cell) in columns.iter().zip(record) {
            let cell = cell.trim();
            match column {
                _ if cell.is_empty() => {}
                Column::Blank => {
                    return Err(format!("{cell:?} stands in a column without a heading"));
                }
                Column::Path | Column::Glob if pages.is_some() => {
                    return Err("it has both path and glob, expected one of them".to_owned());
                }
                Column::Path | Column::Glob => pages = Some((column, cell)),
                Column::Value(key) => {
                    let name = key.name();
                    let read = value::read(key, cell).map_err(|expected| {
                        format!("column {name}: found {cell:?}, expected {expected}")
                    })?;
                    values.extend(read.map(|value| (key, self.shared(value))));
                }
            }
        }
        let Some((column, pages)) = pages else {
            return match values.is_empty() {
                true => Ok(()), // spreadsheets write rows of commas
                false => Err("it names no page: its path or glob is empty".to_owned()),
            };
        };
        let row = self.rows.len();
        if column == Column::Path {
            self.named.push(row);
        }
        if column == Column::Glob || pages.contains(['*', '?', '[']) {
            let glob = globs::glob(pages).map_err(|error| no_glob(column, pages, &error))?;
            self.globs.push((row, glob));
        }
        self.rows.push(Row {
            line,
            pages: pages.into(),
            values: values.into(),
            matched: AtomicBool::new(false),
        });
        Ok(())
    }

    /// `value`, its words those of an earlier row where that has the same.
    fn shared(&mut self, value: Value) -> Value {
        let Value::Words(words) = value else {
            return value;
        };
        if let Some(same) = self.words.get(&words) {
            return Value::Words(Arc::clone(same));
        }
        self.words.insert(Arc::clone(&words));
        Value::Words(words)
    }
}

fn no_glob(column: Column, text: &str, error: &globset::Error) -> String {
    format!(
        "column {}: {text:?} is no glob ({}); a sign that is meant as it stands is put in brackets, \
         such as [[]",
        column.name(),
        error.kind()
    )
}

/// What the columns hold, by the first line.
fn header(record: &csv::StringRecord) -> Result<Vec<Column>, String> {
    let mut columns = Vec::with_capacity(record.len());
    for name in record {
        let name = name.trim().to_ascii_lowercase();
        if name.is_empty() {
            columns.push(Column::Blank);
            continue;
        }
        let Some(column) = Column::all().find(|c| c.name() == name) else {
            let names: Vec<&str> = Column::all().map(Column::name).collect();
            return Err(format!(
                "there is no column {name:?}; expected any of {}, parted by commas",
                names.join(", ")
            ));
        };
        if columns.contains(&column) {
            return Err(format!("column {name:?} is there twice"));
        }
        columns.push(column);
    }
    if !columns.contains(&Column::Path) && !columns.contains(&Column::Glob) {
        return Err("no column says which pages its rows are of; expected path or glob".to_owned());
    }
    Ok(columns)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;
    use std::time::{Duration, Instant};

    use proptest::prelude::*;

    use super::*;

    fn table(text: &str) -> Metadata {
        Metadata::parse("dir/pages.csv", text.as_bytes()).unwrap()
    }

    fn error(bytes: &[u8]) -> String {
        let error = Metadata::parse("dir/pages.csv", bytes).unwrap_err();
        error.to_string()
    }

    fn said(table: &Metadata, name: &str) -> Vec<(&'static str, String, u32)> {
        let said = table.of(name).into_iter();
        said.map(|(key, (value, line))| (key.name(), value.recorded(), line))
            .collect()
    }

    fn unmatched(table: &Metadata) -> Vec<(u32, String)> {
        let rows = table.unmatched().into_iter();
        rows.map(|row| (row.line, row.pages)).collect()
    }

    #[test]
    fn an_exact_name_goes_before_globs_and_later_rows_before_earlier_ones() {
        let table = table(
            "path,glob,published,region,issuer,paper,page\n\
             d/a.txt,,2022-02-15,,,,A1\n\
             ,d/*.txt,2021,临溪县,,临溪日报,\n\
             **/*.txt,,,望川市,,,B2\n\
             d/a.txt,,2022-02-16,,临溪县统计局,,\n",
        );
        let of = |key, value: &str, line| (key, value.to_owned(), line);
        assert_eq!(
            said(&table, "d/a.txt"),
            [
                of("published", "2022-02-16", 5),
                of("region", "望川市", 4),
                of("issuer", "临溪县统计局", 5),
                of("paper", "临溪日报", 3),
                of("page", "A1", 2),
            ]
        );
        assert_eq!(
            said(&table, "d/e/a.txt"),
            [of("region", "望川市", 4), of("page", "B2", 4)]
        );
        assert_eq!(said(&table, "a.hocr"), []);
        assert_eq!(
            said(&table, "x/d/a.txt").len(),
            2,
            "no tail of a name is a name"
        );
    }

    #[test]
    fn a_name_with_signs_of_globs_in_it_is_a_name_too() {
        let table = table("path,page\n[2022]3.txt,A1\n令?.txt,A2\n[[]*.txt,A3\n");
        let page = |name| {
            said(&table, name)
                .into_iter()
                .map(|s| s.1)
                .collect::<String>()
        };
        assert_eq!(page("[2022]3.txt"), "A1");
        assert_eq!(page("23.txt"), "A1", "a class of characters");
        assert_eq!(page("令一.txt"), "A2");
        assert_eq!(page("[x.txt"), "A3");
        assert_eq!(page("令/.txt"), "");
    }

    #[test]
    fn rows_of_no_page_are_told() {
        let table = table("path,page\na.txt,A1\nb.txt,A2\n\n,\n*.md,A3\nc*.txt,\n");
        let _ = table.of("a.txt");
        let _ = table.of("c1.txt");
        let want = [(3, "b.txt".to_owned()), (6, "*.md".to_owned())];
        assert_eq!(unmatched(&table), want);
    }

    #[test]
    fn encodings_byte_order_marks_and_line_ends() {
        let text = "path,published,issuer\r\n公报/一.txt,2022/2/15,临溪县统计局\r\n公报/二.txt,,望川市统计局\r\n";
        let (gb18030, _, _) = encoding_rs::GB18030.encode(text);
        let marked = format!("\u{FEFF}{text}");
        let mac = text.replace("\r\n", "\r");
        let forms: [&[u8]; 4] = [text.as_bytes(), marked.as_bytes(), &gb18030, mac.as_bytes()];
        for bytes in forms {
            let table = Metadata::parse("pages.csv", bytes).unwrap();
            assert_eq!(said(&table, "公报/一.txt")[0].1, "2022-02-15");
            let second = ("issuer", "望川市统计局".to_owned(), 3);
            assert_eq!(said(&table, "公报/二.txt"), [second]);
        }
    }

    #[test]
    fn lines_are_those_of_an_editor() {
        let table = table("\n path , Page\r\n\r\n\"a\n.txt\",A1\n\n\nb.txt,\"A\"\"2\"\nc.txt,A3");
        assert_eq!(said(&table, "a\n.txt"), [("page", "A1".to_owned(), 4)]);
        assert_eq!(said(&table, "b.txt"), [("page", "A\"2".to_owned(), 8)]);
        assert_eq!(said(&table, "c.txt"), [("page", "A3".to_owned(), 9)]);
    }

    #[test]
    fn errors_say_where_and_what_was_expected() {
        let cases: [(&str, &str); 11] = [
            (
                "path,publshed\n",
                "line 1: there is no column \"publshed\"; expected any of path, glob, published, \
                 period, region, issuer, paper, page, parted by commas",
            ),
            ("path;page\n", "line 1: there is no column \"path;page\"; "),
            ("path,page,path\n", "line 1: column \"path\" is there twice"),
            ("page,paper\n", "line 1: no column says which pages"),
            (
                "path,published\n\na.txt,Feb 2022\n",
                "line 3: column published: found \"Feb 2022\", expected a day, month or year (",
            ),
            (
                "path,published\na.txt,2021/2022\n",
                "line 2: column published: found \"2021/2022\", expected a day",
            ),
            (
                "path,period\na.txt,\nb.txt,2022-13\n",
                "line 3: column period: found \"2022-13\", expected a period (",
            ),
            (
                "path,page\na.txt,A1,2\n",
                "line 2: it has 3 cells, expected 2 as in the first line",
            ),
            ("path,page\n,A1\n", "line 2: it names no page"),
            (
                "path,glob,page\na.txt,*.txt,A1\n",
                "line 2: it has both path and glob",
            ),
            (
                "path,page\na[1.txt,A1\n",
                "line 2: column path: \"a[1.txt\" is no glob (",
            ),
        ];
        for (text, want) in cases {
            let found = error(text.as_bytes());
            let want = format!("dir/pages.csv: {want}");
            assert!(found.starts_with(&want), "{found}\n{want}");
        }
    }

    #[test]
    fn what_is_no_table_is_refused() {
        let found = error(b"PK\x03\x04 a workbook");
        assert!(found.starts_with("dir/pages.csv: "), "{found}");
        assert!(
            found.ends_with("; expected a table as CSV, in UTF-8 or GB18030"),
            "{found}"
        );
        assert!(error(b"").ends_with("; expected a table as CSV, in UTF-8 or GB18030"));

        let mut damaged = "path,issuer\na.txt,临溪县统计局\nb.txt,"
            .as_bytes()
            .to_vec();
        damaged.extend(b"\xFF\xFF\n");
        let found = error(&damaged);
        let want = "dir/pages.csv: line 3: it has bytes that are no UTF-8; save the table anew, in \
                    UTF-8 or GB18030";
        assert_eq!(found, want);

        let missing = Metadata::read(Path::new("no/such/pages.csv")).unwrap_err();
        assert_eq!(
            missing.to_string(),
            "no/such/pages.csv: there is no such file; check the name"
        );
    }

    proptest! {
        #[test]
        fn no_table_panics(rows in "(path|glob),(page|published)\\n([a版\",\\n\\r*?\\[\\]{}\\\\/0-9!^-]|2022)*", name in ".*") {
            if let Ok(table) = Metadata::parse("pages.csv", rows.as_bytes()) {
                let lines = rows.lines().count() as u32 + rows.matches('\r').count() as u32;
                let known = table.of(&name);
                prop_assert!(known.values().all(|(_, line)| (2..=lines).contains(line)));
                prop_assert!(table.unmatched().windows(2).all(|w| w[0].line < w[1].line));
            }
        }
    }

    #[test]
    fn many_rows_are_looked_up_at_once() {
        const ROWS: usize = 100_000;
        let mut text = "path,published,issuer\n公报/**,2020,\n".to_owned();
        for i in 0..ROWS {
            writeln!(text, "公报/{:03}/{i}.txt,2022-02-15,临溪县统计局", i % 500).unwrap();
        }
        let table = table(&text);
        let start = Instant::now();
        for i in (0..ROWS).rev() {
            let said = table.of(&format!("公报/{:03}/{i}.txt", i % 500));
            let (value, line) = &said[&MetadataKey::Published];
            assert_eq!(
                (value.recorded().as_str(), *line),
                ("2022-02-15", i as u32 + 3)
            );
        }
        // 2 s on a slow machine; one pass over the rows for each page would be hours
        assert!(start.elapsed() < Duration::from_secs(60));
        assert_eq!(table.unmatched(), []);
    }
}
