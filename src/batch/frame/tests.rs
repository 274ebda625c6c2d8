//! Batches hold what the tables hold, row for row.

use std::fs;
use std::sync::Arc;

use arrow_array::StringArray;
use arrow_array::cast::AsArray;

use super::*;
use crate::batch::inputs::{Inputs, Limits};
use crate::batch::manifest::Manifest;
use crate::batch::page::Reader;

const ONE: &str = "全年新增企业992户，增长5.30%。其中，个体户310户。\n";
const OTHER: &str = "全镇植树30亩，修渠12处。\n";

fn manifest(pages: &[(&str, &[u8])]) -> Records {
    let paths: ArrayRef = Arc::new(StringArray::from_iter_values(pages.iter().map(|p| p.0)));
    let contents = arrow_array::BinaryArray::from_iter_values(pages.iter().map(|p| p.1));
    let contents: ArrayRef = Arc::new(contents);
    let batch = RecordBatch::try_from_iter([("path", paths), ("content", contents)]).unwrap();
    let manifest = Manifest {
        path: "path".to_owned(),
        content: Some("content".to_owned()),
        metadata: Vec::new(),
    };
    let found = manifest.pages(&batch).unwrap();
    Records::of_pages(found, Arc::new(Reader::default()), 2).unwrap()
}

fn batches(records: Records, shape: &Shape) -> Vec<RecordBatch> {
    let frames = Frames::new(records, shape.clone());
    assert_eq!(frames.schema(), shape.schema());
    frames.map(Result::unwrap).collect()
}

/// All rows of the list in `column`, as arrays.
fn unnested(batches: &[RecordBatch], column: &str) -> Vec<Vec<ArrayRef>> {
    let lists = batches
        .iter()
        .map(|batch| batch.column_by_name(column).unwrap());
    lists
        .map(|list| {
            list.as_list::<i32>()
                .values()
                .as_struct()
                .columns()
                .to_vec()
        })
        .collect()
}

#[test]
fn unnested_it_is_the_tables() {
    let pages: [(&str, &[u8]); 3] = [
        ("a.txt", ONE.as_bytes()),
        ("bad", b"\0\x01\x02"),
        ("b.txt", OTHER.as_bytes()),
    ];
    let batches = batches(manifest(&pages), &Shape::default());
    assert_eq!(batches.len(), 1);
    let extractor = crate::Extractor::new();
    let good = [pages[0], pages[2]];
    let records = good.map(|(name, bytes)| extractor.extract(name, bytes).unwrap());
    for table in Table::ALL {
        let mut columns = Columns::new(table);
        for row in records.iter().flat_map(|record| rows(table, record)) {
            columns.push(&row).unwrap();
        }
        assert_eq!(
            unnested(&batches, table.name()),
            [columns.finish()],
            "{table:?}"
        );
    }
    let lists = batches[0].column_by_name("indicators").unwrap();
    let lengths: Vec<usize> = lists.as_list::<i32>().offsets().lengths().collect();
    assert_eq!(lengths, [3, 0, 2]);
    let names: Vec<_> = batches[0]
        .column(0)
        .as_string::<i32>()
        .iter()
        .flatten()
        .collect();
    assert_eq!(names, ["a.txt", "bad", "b.txt"]);
    let errors = &unnested(&batches, ERRORS)[0];
    let texts: Vec<&str> = errors
        .iter()
        .take(3)
        .map(|a| a.as_string::<i32>().value(0))
        .collect();
    assert_eq!(texts, ["bad", "decode", "not-a-page"]);
}

#[test]
fn many_pages_are_many_batches_in_their_order() {
    let names: Vec<String> = (0..150).map(|n| format!("{n}.txt")).collect();
    let pages: Vec<(&str, &[u8])> = names.iter().map(|n| (n.as_str(), ONE.as_bytes())).collect();
    let shape = Shape {
        tables: vec![Table::Indicators],
        record: true,
    };
    let batches = batches(manifest(&pages), &shape);
    let rows: Vec<usize> = batches.iter().map(RecordBatch::num_rows).collect();
    assert_eq!(rows, [64, 64, 22]);
    let found = batches
        .iter()
        .flat_map(|batch| batch.column(0).as_string::<i32>().iter().flatten());
    assert!(found.eq(names.iter().map(String::as_str)));
    let line = batches[2].column_by_name(RECORD).unwrap();
    let record: crate::Record = serde_json::from_str(line.as_string::<i32>().value(21)).unwrap();
    assert_eq!(record.source.name, "149.txt");
}

#[test]
fn folders_give_their_pages_and_failures() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.txt"), ONE).unwrap();
    let paths = vec![folder.path().to_owned(), folder.path().join("none.txt")];
    let inputs = Inputs::new(paths, &[], Limits::default(), Default::default(), None).unwrap();
    let records = Records::of(inputs, Arc::new(Reader::default()), 1).unwrap();
    let batches = batches(records, &Shape::default());
    assert_eq!(batches[0].num_rows(), 2);
    let errors = &unnested(&batches, ERRORS)[0];
    assert_eq!(errors[2].as_string::<i32>().value(0), "not-found");
}

#[test]
fn who_wants_no_more_waits_for_nothing() {
    let names: Vec<String> = (0..500).map(|n| format!("{n}.txt")).collect();
    let pages: Vec<(&str, &[u8])> = names
        .iter()
        .map(|n| (n.as_str(), OTHER.as_bytes()))
        .collect();
    let mut frames = Frames::new(manifest(&pages), Shape::default());
    assert_eq!(frames.next().unwrap().unwrap().num_rows(), 64);
    drop(frames); // must not hang
}
