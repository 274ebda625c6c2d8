//! What a page costs: `cargo bench --bench pages`.

#[allow(dead_code, reason = "each program uses its part")]
mod generator;
#[allow(dead_code, reason = "each program uses its part")]
mod way;

use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use generator::{Generator, Options};
use gongbao::document::{self, Hints};
use gongbao::lexicon::Lexicon;
use gongbao::write::json::json;
use gongbao::write::ndjson::ndjson;
use gongbao::{
    Extractor, Record, assemble, decode, doubts, indicators, normalize, quantities, reconcile,
    sections, validate,
};
use way::STAGES;

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
                black_box(record.expect("a clean page is read"));
            }
        });
}

/// One stage on one page, with what the stages before it make; `json` has a bench of its own.
#[divan::bench(args = STAGES.into_iter().take_while(|&stage| stage != "json"))]
fn stage(bencher: Bencher<'_, '_>, stage: &str) {
    let bytes = &pages(1)[0];
    let lexicon = Lexicon::builtin();
    let hints = Hints::default();
    let options = decode::Options::default();
    let page = decode::decode("page.txt", bytes, options).expect("a clean page is read");
    let clean = normalize::normalize(&page, lexicon);
    let sections = sections::sections(&clean, lexicon);
    let quantities = quantities::quantities(&clean, lexicon);
    let document = document::document(&page, &clean, &quantities, &hints, lexicon);
    let found = indicators::indicators(&clean, &sections, &quantities, &document, lexicon);
    let text = quantities.folded.as_deref().unwrap_or(&clean.text);
    let checks = reconcile::reconcile(&found.indicators, text, lexicon);
    let doubts = doubts::doubts(&page, &clean, text, &found.indicators, &checks, lexicon);
    let assemble =
        |found| assemble::record(&page, &clean, &sections, &document, found, &checks, &doubts);
    let record = assemble(found.clone());
    let bencher = bencher.counter(BytesCount::of_slice(bytes));
    match stage {
        "decode" => bencher.bench(|| decode::decode("page.txt", black_box(bytes), options)),
        "normalize" => bencher.bench(|| normalize::normalize(black_box(&page), lexicon)),
        "sections" => bencher.bench(|| sections::sections(black_box(&clean), lexicon)),
        "quantities" => bencher.bench(|| quantities::quantities(black_box(&clean), lexicon)),
        "document" => bencher
            .bench(|| document::document(&page, black_box(&clean), &quantities, &hints, lexicon)),
        "indicators" => bencher.bench(|| {
            indicators::indicators(
                black_box(&clean),
                &sections,
                &quantities,
                &document,
                lexicon,
            )
        }),
        "reconcile" => {
            bencher.bench(|| reconcile::reconcile(black_box(&found.indicators), text, lexicon))
        }
        "doubts" => bencher.bench(|| {
            doubts::doubts(
                &page,
                black_box(&clean),
                text,
                &found.indicators,
                &checks,
                lexicon,
            )
        }),
        "assemble" => bencher.with_inputs(|| found.clone()).bench_values(assemble),
        "validate" => {
            bencher.bench(|| validate::record(black_box(&record), &[("page.txt", bytes)]))
        }
        other => panic!("no stage {other}"),
    }
}

#[divan::bench]
fn generate(bencher: Bencher<'_, '_>) {
    let pages = Generator::new(1);
    bencher
        .counter(ItemsCount::new(1_u64))
        .bench(|| pages.page(black_box(7)));
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
