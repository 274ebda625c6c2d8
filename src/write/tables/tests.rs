//! What holds for the rows of every table.

use std::collections::BTreeSet;

use clap::ValueEnum;
use proptest::prelude::*;

use super::*;
use crate::validate::example::{record, record_of_two};

/// How many rows `record` is, from its lists.
fn expected(table: Table, record: &Record) -> usize {
    let observed = |x: &&crate::record::Indicator| x.value.is_some() && x.period.is_some();
    match table {
        Table::Pages => 1,
        Table::Sections => record.sections.len(),
        Table::Indicators => record.indicators.len(),
        Table::Checks => record.checks.len(),
        Table::Diagnostics => record.diagnostics.len(),
        Table::Observations => record.indicators.iter().filter(observed).count(),
    }
}

/// Every law that a row of a table keeps.
fn check(record: &Record) {
    for table in Table::ALL {
        let columns = table.columns();
        let rows = rows(table, record);
        assert_eq!(rows.len(), expected(table, record), "{table:?}");
        let mut keys = BTreeSet::new();
        for row in &rows {
            assert_eq!(row.len(), columns.len(), "{table:?}");
            for (cell, column) in row.iter().zip(columns) {
                let at = format!("{table:?}.{}: {cell:?}", column.name);
                assert!(cell.fits(column.kind), "{at}");
                assert_ne!(*cell, Cell::Text("".into()), "{at}");
                assert!(!column.required || *cell != Cell::Null, "{at}");
                let listed = column.values.as_ref();
                let known = listed.is_none_or(|v| v.contains(&cell.to_string()));
                assert!(known || *cell == Cell::Null, "{at}");
            }
            let key = columns.iter().zip(row);
            let key = key.filter(|(c, _)| table.primary_key().contains(&&*c.name));
            let key: Vec<String> = key.map(|(_, cell)| cell.to_string()).collect();
            assert_eq!(key.len(), table.primary_key().len());
            assert!(keys.insert(key.clone()), "{table:?}: {key:?} twice");
        }
    }
}

#[test]
fn every_row_fits_its_columns() {
    check(&record());
    check(&record_of_two());
}

#[test]
fn columns_are_told_apart_and_described() {
    for table in Table::ALL {
        let mut names = BTreeSet::new();
        for column in table.columns() {
            assert!(
                names.insert(&column.name),
                "{table:?}.{} twice",
                column.name
            );
            assert!(
                column.description.ends_with('.'),
                "{table:?}.{}",
                column.name
            );
            assert!(
                !column.description.contains("  "),
                "{table:?}.{}",
                column.name
            );
        }
        let traced = ["page", "source_start", "source_end", "line", "mention"];
        for name in traced {
            let found = names.iter().any(|n| n.eq_ignore_ascii_case(name));
            assert!(found, "{table:?} has no {name}");
        }
    }
}

#[test]
fn tables_are_named_alike_on_the_command_line() {
    for table in Table::ALL {
        let value = table.to_possible_value().unwrap();
        assert_eq!(value.get_name(), table.name());
    }
    assert_eq!(Table::value_variants(), Table::ALL);
}

proptest! {
    /// Whatever is on the page.
    #[test]
    fn rows_are_those_of_the_record(
        lines in proptest::collection::vec(
            prop_oneof![
                Just("一、工业。"),
                Just("（一）产量。"),
                Just("2021年，全县工业总产值12.50亿元，其中轻工业5亿元，重工业7.5亿元。"),
                Just("产值突破8万元，增长5.30%，占比三分之一。"),
                Just("三次产业比例为22.8:38.8:38.4。"),
                Just("上半年粮食约3吨，-1=2@3。"),
                Just("新增791l件。"),
            ],
            1..12,
        )
    ) {
        let page = lines.join("\n");
        let record = crate::Extractor::new().extract("a.txt", page.as_bytes()).unwrap();
        check(&record);
    }
}
