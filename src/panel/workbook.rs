//! A panel as a workbook for Excel: the panel, where its cells come from, what its columns are, what was
//! checked.

use std::collections::BTreeMap;
use std::io::{self, Write};

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, Url, Workbook, Worksheet, XlsxError,
};

use super::Panel;
use super::tables::Table;
use crate::lexicon::panel::Words;
use crate::write::tables::{Cell, Column, Kind};

/// Rows of a sheet.
const MOST_ROWS: usize = 1 << 20;
/// Columns of a sheet.
const MOST_COLUMNS: usize = 1 << 14;
/// Links of a sheet; pages behind them are named only.
const MOST_LINKS: usize = 65_530;
/// Characters of a cell.
const MOST_CHARACTERS: usize = 32_767;
/// Characters of a link.
const MOST_LINK: usize = 2_000;

/// Writes `panel` to `out`. The same panel gives the same bytes.
///
/// # Errors
/// Those of `out`; [`io::ErrorKind::InvalidInput`] for a panel that is larger than a sheet.
pub fn write(panel: &Panel, out: impl Write + Send) -> io::Result<()> {
    let cells: usize = panel.cells.iter().map(|cell| cell.candidates.len()).sum();
    let checks = panel.checks.checks.len();
    let rows = panel.rows.len().max(cells).max(checks);
    if rows + 2 > MOST_ROWS || panel.columns.len() + 3 > MOST_COLUMNS {
        let message = format!(
            "a sheet has room for {MOST_ROWS} rows and {MOST_COLUMNS} columns, and the panel has {} rows, \
             {} columns, {cells} numbers for its cells and {checks} checks; name a .csv or .parquet file",
            panel.rows.len(),
            panel.columns.len() + 3
        );
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    }
    let sheets = &Words::builtin().sheet;
    let mut book = Workbook::new();
    // nothing of the time it is written at
    let created = ExcelDateTime::from_ymd(2000, 1, 1).map_err(error)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&created));
    let mut formats = Formats::default();
    for (table, name) in [
        (Table::Wide, &sheets.panel),
        (Table::Cells, &sheets.cells),
        (Table::Columns, &sheets.columns),
        (Table::Checks, &sheets.checks),
    ] {
        let sheet = book.add_worksheet_with_low_memory().map_err(error)?;
        sheet.set_name(name).map_err(error)?;
        write_sheet(panel, table, sheet, &mut formats).map_err(error)?;
    }
    book.save_to_writer(out).map_err(error)
}

/// The error of the file below, where it is one.
fn error(error: XlsxError) -> io::Error {
    match error {
        XlsxError::IoError(error) => error,
        other => io::Error::other(other),
    }
}

/// Formats of numbers, by the digits behind the point.
#[derive(Default)]
struct Formats {
    plain: Format,
    decimals: BTreeMap<u32, Format>,
}

impl Formats {
    /// That of a number with so many digits behind the point: as many, and thousands apart.
    fn decimal(&mut self, digits: u32) -> &Format {
        self.decimals.entry(digits).or_insert_with(|| {
            let behind = "0".repeat(digits as usize);
            let point = if digits > 0 { "." } else { "" };
            Format::new().set_num_format(format!("#,##0{point}{behind}"))
        })
    }
}

/// Columns of the panel that say which row it is.
const KEYS: u16 = 3;

fn write_sheet(
    panel: &Panel,
    table: Table,
    sheet: &mut Worksheet,
    formats: &mut Formats,
) -> Result<(), XlsxError> {
    let columns = table.columns(panel);
    let bold = Format::new()
        .set_bold()
        .set_align(FormatAlign::Center)
        .set_text_wrap();
    let labels = labels(panel, table);
    let heads = 1 + u32::from(labels.is_some());
    for (at, column) in (0_u16..).zip(&columns) {
        let label = labels
            .iter()
            .flatten()
            .nth(at.into())
            .map_or("", String::as_str);
        sheet.set_column_width(at, width(column, label))?;
    }
    let names: Vec<String> = columns
        .iter()
        .map(|c| c.name.clone().into_owned())
        .collect();
    for (row, texts) in (0..).zip(std::iter::once(&names).chain(&labels)) {
        for (at, text) in (0_u16..).zip(texts) {
            sheet.write_string_with_format(row, at, text, &bold)?;
        }
    }
    let keys = if table == Table::Columns { 1 } else { KEYS };
    sheet.set_freeze_panes(heads, keys)?;
    let mut links = 0;
    let mut row = heads;
    for cells in table.rows(panel) {
        for ((at, cell), column) in (0_u16..).zip(&cells).zip(&columns) {
            let link = table == Table::Cells && column.name == "page" && links < MOST_LINKS;
            match cell {
                Cell::Text(name) if link && name != "-" => {
                    links += usize::from(write_link(sheet, row, at, name)?);
                }
                cell => write_cell(sheet, row, at, cell, formats)?,
            }
        }
        row += 1;
    }
    if table != Table::Columns && row > heads {
        let last = u16::try_from(columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
        sheet.autofilter(heads - 1, 0, row - 1, last)?;
    }
    Ok(())
}

/// A second line of headings, in Chinese and with units; for the panel only.
fn labels(panel: &Panel, table: Table) -> Option<Vec<String>> {
    if table != Table::Wide {
        return None;
    }
    let heading = &Words::builtin().heading;
    let time = if panel.years {
        &heading.year
    } else {
        &heading.period
    };
    let keys = [&heading.code, &heading.region, time].map(Clone::clone);
    let of_concepts = panel.columns.iter().map(super::Column::heading);
    Some(keys.into_iter().chain(of_concepts).collect())
}

/// How wide a column is, in digits.
fn width(column: &Column, label: &str) -> u16 {
    let of_text = unicode_width::UnicodeWidthStr::width(label).max(column.name.len());
    let least = match (&*column.name, column.kind) {
        ("quote", _) => 60,
        ("page", _) => 32,
        (_, Kind::Text) => 14,
        _ => 10,
    };
    u16::try_from(of_text.clamp(least, 60)).unwrap_or(least as u16) + 2
}

/// Writes the name of a page as a link to it, relative to the workbook where the name is; false where it
/// cannot be one.
fn write_link(sheet: &mut Worksheet, row: u32, at: u16, name: &str) -> Result<bool, XlsxError> {
    let link = match name.starts_with('/') {
        true => format!("file://{name}"),
        false => format!("file:///{name}"),
    };
    // these stand for something else in a link
    if link.chars().count() > MOST_LINK || name.contains(['#', '%', '\\']) {
        sheet.write_string(row, at, cut(name))?;
        return Ok(false);
    }
    sheet.write_url_with_text(row, at, Url::new(link), name)?;
    Ok(true)
}

fn write_cell(
    sheet: &mut Worksheet,
    row: u32,
    at: u16,
    cell: &Cell<'_>,
    formats: &mut Formats,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Null => {}
        Cell::Text(text) => {
            sheet.write_string(row, at, cut(text))?;
        }
        Cell::Date(date) => {
            sheet.write_string(row, at, date.to_string())?;
        }
        Cell::Boolean(truth) => {
            sheet.write_boolean(row, at, *truth)?;
        }
        Cell::Integer(number) => write_number(sheet, row, at, &number.to_string(), &formats.plain)?,
        Cell::Decimal(number) => {
            let format = formats.decimal(number.scale());
            write_number(sheet, row, at, &number.to_string(), format)?;
        }
    }
    Ok(())
}

/// Writes the double that is nearest to `digits`: a workbook has no other numbers.
#[allow(clippy::disallowed_types, reason = "numbers of a workbook are doubles")]
fn write_number(
    sheet: &mut Worksheet,
    row: u32,
    at: u16,
    digits: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    if let Ok(number) = digits.parse::<f64>() {
        sheet.write_number_with_format(row, at, number, format)?;
    }
    Ok(())
}

/// As much of `text` as a cell holds.
fn cut(text: &str) -> &str {
    match text.char_indices().nth(MOST_CHARACTERS) {
        Some((end, _)) => text.get(..end).unwrap_or_default(),
        None => text,
    }
}
