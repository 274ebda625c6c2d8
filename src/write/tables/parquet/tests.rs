//! What is written is read back by the library's reader.

use std::fs::File;
use std::io::{Seek, Write};

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Decimal128Type, Float64Type, Int64Type};
use arrow_array::{Array, ArrayRef, RecordBatchReader};
use arrow_schema::DataType;
use jiff::civil::Date;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::reader::{FileReader, SerializedFileReader};

use super::*;
use crate::record::Record;
use crate::validate::example::record;
use crate::write::tables::{Cell, Kind};

fn file(table: Table, rows: &[Row<'_>], at_a_time: usize) -> Vec<u8> {
    let mut writer = Writer::new(table, Vec::new()).unwrap();
    for rows in rows.chunks(at_a_time) {
        writer.write(rows).unwrap();
    }
    writer.finish().unwrap()
}

fn opened(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    file.rewind().unwrap();
    file
}

/// The cells of all rows of a file, of decimals both columns.
fn read(bytes: Vec<u8>) -> Vec<Vec<String>> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(opened(&bytes)).unwrap();
    let reader = builder.build().unwrap();
    let schema = reader.schema();
    let mut rows = Vec::new();
    for batch in reader {
        let batch = batch.unwrap();
        for row in 0..batch.num_rows() {
            let cells = batch.columns().iter().zip(schema.fields());
            rows.push(
                cells
                    .map(|(array, field)| shown(array, field.data_type(), row))
                    .collect(),
            );
        }
    }
    rows
}

fn shown(array: &ArrayRef, data_type: &DataType, row: usize) -> String {
    if array.is_null(row) {
        return String::new();
    }
    match data_type {
        DataType::Utf8 => array.as_string::<i32>().value(row).to_owned(),
        DataType::Int64 => array.as_primitive::<Int64Type>().value(row).to_string(),
        DataType::Boolean => array.as_boolean().value(row).to_string(),
        DataType::Float64 => array.as_primitive::<Float64Type>().value(row).to_string(),
        DataType::Date32 => {
            let days = array.as_primitive::<Date32Type>().value(row);
            let span = jiff::Span::new().days(days);
            Date::constant(1970, 1, 1)
                .checked_add(span)
                .unwrap()
                .to_string()
        }
        DataType::Decimal128(38, 10) => array.as_primitive::<Decimal128Type>().value_as_string(row),
        other => panic!("a column of {other}"),
    }
}

/// The same from the rows themselves.
fn expected(table: Table, rows: &[Row<'_>]) -> Vec<Vec<String>> {
    let cells = |row: &Row<'_>| {
        let mut cells = Vec::new();
        for (cell, column) in row.iter().zip(table.columns()) {
            match (cell, column.kind) {
                (Cell::Decimal(number), _) => {
                    let (whole, fraction) = match number.to_string().split_once('.') {
                        Some((whole, fraction)) => (whole.to_owned(), fraction.to_owned()),
                        None => (number.to_string(), String::new()),
                    };
                    cells.push(format!("{whole}.{fraction:0<10}"));
                    let trimmed = fraction.trim_end_matches('0');
                    let point = if trimmed.is_empty() { "" } else { "." };
                    cells.push(format!("{whole}{point}{trimmed}"));
                }
                (_, Kind::Decimal) => cells.extend([String::new(), String::new()]),
                _ => cells.push(cell.to_string()),
            }
        }
        cells
    };
    rows.iter().map(cells).collect()
}

fn with_values(values: &[&str]) -> Record {
    let mut record = record();
    let first = record.indicators[0].clone();
    record.indicators = values
        .iter()
        .map(|value| {
            let mut x = first.clone();
            x.value = Some(value.parse().unwrap());
            x
        })
        .collect();
    record
}

#[test]
fn reads_back_as_it_was() {
    let mut record = record();
    record.indicators[0].value = Some("-8.05".parse().unwrap());
    record.indicators[1].period = None;
    for table in Table::ALL {
        let rows = super::super::rows(table, &record);
        assert_eq!(
            read(file(table, &rows, 99)),
            expected(table, &rows),
            "{table:?}"
        );
    }
}

/// The two columns of `value`.
fn values(record: &Record) -> Vec<(String, String)> {
    let rows = super::super::rows(Table::Indicators, record);
    let bytes = file(Table::Indicators, &rows, 1);
    let fields = Columns::new(Table::Indicators).fields();
    let at = fields.iter().position(|f| f.name() == "value").unwrap();
    let found = read(bytes).into_iter();
    found
        .map(|row| (row[at].clone(), row[at + 1].clone()))
        .collect()
}

#[test]
fn what_does_not_fit_exactly_is_null_and_has_its_double() {
    let record = with_values(&[
        "9999999999999999999999999999",
        "-0.0000000001",
        "1.500000000000000000000000",
        "0.00000000001",
        "-12.12345678901",
    ]);
    let found = values(&record);
    let found: Vec<(&str, &str)> = found
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect();
    assert_eq!(
        found,
        [
            (
                "9999999999999999999999999999.0000000000",
                "10000000000000000000000000000"
            ),
            ("-0.0000000001", "-0.0000000001"),
            ("1.5000000000", "1.5"),
            ("", "0.00000000001"),
            ("", "-12.12345678901"),
        ]
    );
}

#[test]
fn the_bytes_do_not_depend_on_how_rows_come() {
    let numbers: Vec<String> = (0..3000).map(|n| format!("{n}.5")).collect();
    let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
    let record = with_values(&numbers);
    let rows = super::super::rows(Table::Indicators, &record);
    let bytes = file(Table::Indicators, &rows, 3000);
    for at_a_time in [1, 7, 1023, 1024, 1025] {
        assert!(
            file(Table::Indicators, &rows, at_a_time) == bytes,
            "{at_a_time}"
        );
    }
    assert_eq!(read(bytes.clone()).len(), 3000);
    let reader = SerializedFileReader::new(opened(&bytes)).unwrap();
    let metadata = reader.metadata().file_metadata();
    let by = concat!("gongbao ", env!("CARGO_PKG_VERSION"));
    assert_eq!(metadata.created_by(), Some(by));
}

#[test]
fn row_groups_end() {
    let record = record();
    let one = super::super::rows(Table::Indicators, &record);
    let rows: Vec<Row<'_>> = (0..GROUP_ROWS / 3 + 100)
        .flat_map(|_| one.clone())
        .collect();
    let bytes = file(Table::Indicators, &rows, 1000);
    let reader = SerializedFileReader::new(opened(&bytes)).unwrap();
    let groups = reader.metadata().row_groups().iter();
    let groups: Vec<i64> = groups.map(|g| g.num_rows()).collect();
    let rest = rows.len() - GROUP_ROWS;
    assert_eq!(groups, [GROUP_ROWS as i64, rest as i64]);
}

#[test]
fn an_empty_table_is_a_file() {
    assert_eq!(read(file(Table::Checks, &[], 1)).len(), 0);
}

#[test]
fn a_row_of_another_table_is_refused() {
    let record = record();
    let rows = super::super::rows(Table::Pages, &record);
    let mut writer = Writer::new(Table::Checks, Vec::new()).unwrap();
    let error = writer.write(&rows).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
    assert!(error.to_string().contains("checks"));
}

struct Full;

impl Write for Full {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::StorageFull.into())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_full_disk_stays_one() {
    let record = record();
    let rows = super::super::rows(Table::Indicators, &record);
    let written = Writer::new(Table::Indicators, Full)
        .and_then(|mut writer| writer.write(&rows).map(|()| writer))
        .and_then(Writer::finish);
    let error = written.map(|_| ()).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::StorageFull);
}
