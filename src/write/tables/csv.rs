//! Rows → CSV.
//!
//! UTF-8, commas, quotes only where they are needed and doubled inside, as RFC 4180 has it, but for the
//! end of lines: `\n`, which every reader takes and which leaves no carriage return in the last column of
//! those that cut lines themselves. An empty cell is null; no text is empty. Decimals have the digits of
//! the page.
//!
//! A file is a [`header`] and any number of [`rows`] behind it, so that these can be made apart from each
//! other.

use std::io;

use csv::{QuoteStyle, Terminator, Writer, WriterBuilder};

use super::{Cell, Column, Row, Table};

/// U+FEFF, by which Excel knows UTF-8.
const BOM: &[u8] = "\u{FEFF}".as_bytes();
/// What spreadsheets take for the beginning of a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// The first line of a file of `table`, behind a byte order mark where `bom` says so.
#[must_use]
pub fn header(table: Table, bom: bool) -> Vec<u8> {
    header_of(table.columns(), bom)
}

/// The same of a table with these `columns`.
#[must_use]
pub fn header_of(columns: &[Column], bom: bool) -> Vec<u8> {
    let names: Vec<&str> = columns.iter().map(|c| &*c.name).collect();
    let mut out = if bom { BOM.to_vec() } else { Vec::new() };
    out.extend_from_slice(names.join(",").as_bytes());
    out.push(b'\n');
    out
}

/// Appends `rows` to `out`, a line each (more where a text has line feeds). With `safe`, texts that
/// spreadsheets would take for formulas (`=`, `+`, `-`, `@`, tab or carriage return first) get an
/// apostrophe before them; numbers never do.
///
/// # Errors
/// None that is known of: writing into memory.
pub fn rows(rows: &[Row<'_>], safe: bool, out: &mut Vec<u8>) -> io::Result<()> {
    let mut writer = writer(out);
    let mut field = String::new();
    for row in rows {
        for cell in row {
            field.clear();
            render(cell, safe, &mut field)?;
            writer.write_field(&field)?;
        }
        writer.write_record(None::<&[u8]>)?;
    }
    writer.flush()
}

fn writer(out: &mut Vec<u8>) -> Writer<&mut Vec<u8>> {
    WriterBuilder::new()
        .has_headers(false)
        .flexible(true)
        .quote_style(QuoteStyle::Necessary)
        .terminator(Terminator::Any(b'\n'))
        .from_writer(out)
}

fn render(cell: &Cell<'_>, safe: bool, field: &mut String) -> io::Result<()> {
    use std::fmt::Write;
    if safe && matches!(cell, Cell::Text(text) if text.starts_with(FORMULA)) {
        field.push('\'');
    }
    write!(field, "{cell}").map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate::example::record;

    fn file(table: Table, all: &[Row<'_>], bom: bool, safe: bool) -> Vec<u8> {
        let mut out = header(table, bom);
        rows(all, safe, &mut out).unwrap();
        out
    }

    #[test]
    fn reads_back_as_it_was() {
        let mut record = record();
        record.indicators[0].name = "产值,\"净\"\r\n与 其他".into();
        record.indicators[0].value = Some("8.0".parse().unwrap());
        for table in Table::ALL {
            let all = super::super::rows(table, &record);
            let bytes = file(table, &all, false, false);
            let mut reader = csv::Reader::from_reader(&*bytes);
            let names: Vec<&str> = table.columns().iter().map(|c| &*c.name).collect();
            assert_eq!(reader.headers().unwrap(), names);
            let found: Vec<Vec<String>> = reader
                .records()
                .map(|r| r.unwrap().iter().map(str::to_owned).collect())
                .collect();
            let expected: Vec<Vec<String>> = all
                .iter()
                .map(|row| row.iter().map(ToString::to_string).collect())
                .collect();
            assert_eq!(found, expected, "{table:?}");
        }
    }

    #[test]
    fn pieces_make_the_same_file_as_all_at_once() {
        let record = record();
        let all = super::super::rows(Table::Indicators, &record);
        let mut pieces = header(Table::Indicators, true);
        for row in &all {
            rows(std::slice::from_ref(row), false, &mut pieces).unwrap();
        }
        assert_eq!(pieces, file(Table::Indicators, &all, true, false));
        assert!(pieces.starts_with(&[0xEF, 0xBB, 0xBF]));
        assert!(!pieces.contains(&b'\r'));
    }

    #[test]
    fn formulas_become_text_when_asked_for() {
        let cells = |safe| {
            let row = vec![
                Cell::text("=1+1"),
                Cell::text("-5%"),
                Cell::text("@a"),
                Cell::text("a=1"),
                Cell::Decimal("-5.0".parse().unwrap()),
                Cell::Null,
            ];
            let mut out = Vec::new();
            rows(&[row], safe, &mut out).unwrap();
            String::from_utf8(out).unwrap()
        };
        assert_eq!(cells(false), "=1+1,-5%,@a,a=1,-5.0,\n");
        assert_eq!(cells(true), "'=1+1,'-5%,'@a,a=1,-5.0,\n");
    }
}
