//! What a page costs: `cargo bench --bench pages`.

#[allow(dead_code, reason = "each program uses its part")]
mod generator;

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use generator::{Generator, Options};
use gongbao::write::json::json;
use gongbao::write::ndjson::ndjson;
use gongbao::{Extractor, Record};

fn main() {
    divan::main();
}

/// The first so many clean pages of seed 1.
fn pages(count: u64) -> Vec<Vec<u8>> {
    let pages = Generator::with(1, Options::clean());
    (0..count).map(|n| pages.page(n).bytes).collect()
}

fn record() -> Record {
    Extractor::new()
        .extract("page.txt", &pages(1)[0])
        .expect("a clean page is read")
}

#[divan::bench(args = [1, 10], sample_count = 20)]
fn extract(bencher: Bencher<'_, '_>, count: u64) {
    let pages = pages(count);
    let extractor = Extractor::new();
    bencher
        .counter(ItemsCount::new(count))
        .counter(BytesCount::of_slice(&pages.concat()))
        .bench(|| {
            for page in &pages {
                let record = extractor.extract("page.txt", page);
                divan::black_box(record.expect("a clean page is read"));
            }
        });
}

#[divan::bench]
fn generate(bencher: Bencher<'_, '_>) {
    let pages = Generator::new(1);
    bencher
        .counter(ItemsCount::new(1_u64))
        .bench(|| pages.page(divan::black_box(7)));
}

#[divan::bench(name = "json")]
fn render_json(bencher: Bencher<'_, '_>) {
    let record = record();
    bencher.bench(|| {
        let mut out = Vec::new();
        json(&record, &mut out).expect("memory is written to");
        out
    });
}

#[divan::bench(name = "ndjson")]
fn render_ndjson(bencher: Bencher<'_, '_>) {
    let record = record();
    bencher.bench(|| {
        let mut out = Vec::new();
        ndjson(&record, &mut out);
        out
    });
}
