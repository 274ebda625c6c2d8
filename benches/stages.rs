//! What each stage of the pipeline costs: `cargo run --release --example stages -- DIR…`.
//!
//! Reads all files of the folders into memory, runs them through the stages on one thread, and prints, by
//! stage, seconds, microseconds a page, MB/s of input and share of the whole.

#![allow(
    clippy::float_arithmetic,
    clippy::disallowed_types,
    clippy::print_stdout,
    reason = "prints times; no page's numbers go through here"
)]

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::Parser;
use gongbao::document::Hints;
use gongbao::lexicon::Lexicon;
use gongbao::write::ndjson::ndjson;
use gongbao::{
    assemble, decode, document, doubts, indicators, normalize, quantities, reconcile, sections,
    validate,
};

/// Time the stages of the pipeline
#[derive(Parser)]
struct Arguments {
    /// Folders of pages, or pages
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// Go through the pages so many times, and tell the quickest
    #[arg(long, default_value_t = 3)]
    rounds: u32,
    /// Tab-separated, without the line of words
    #[arg(long)]
    tsv: bool,
}

/// The stages, in the order in which a page passes them.
const STAGES: [&str; 11] = [
    "decode",
    "normalize",
    "sections",
    "quantities",
    "document",
    "indicators",
    "reconcile",
    "doubts",
    "assemble",
    "validate",
    "json",
];

type Times = [Duration; STAGES.len()];

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    let mut pages = BTreeMap::new();
    for path in &arguments.paths {
        read(path, &mut pages)?;
    }
    let start = Instant::now();
    black_box(Lexicon::builtin());
    let loading = start.elapsed();

    let mut best: Option<(Duration, Times, usize)> = None;
    for _ in 0..arguments.rounds.max(1) {
        let (times, out) = round(&pages)?;
        let whole = times.iter().sum();
        if best.is_none_or(|(quickest, ..)| whole < quickest) {
            best = Some((whole, times, out));
        }
    }
    let (whole, times, out) = best.ok_or("no round")?;
    let bytes: usize = pages.values().map(Vec::len).sum();
    if !arguments.tsv {
        println!(
            "{} pages, {bytes} bytes, {out} bytes of JSON; lexicon {:.1} ms",
            pages.len(),
            loading.as_secs_f64() * 1e3
        );
    }
    let row = |name: &str, time: Duration| {
        let seconds = time.as_secs_f64();
        let page = seconds * 1e6 / pages.len() as f64;
        let speed = bytes as f64 / seconds / 1e6;
        let share = seconds / whole.as_secs_f64() * 100.0;
        if arguments.tsv {
            println!("{name}\t{seconds:.6}\t{page:.2}\t{speed:.2}\t{share:.1}");
        } else {
            println!(
                "{name:<12}{seconds:>10.4} s{page:>10.1} us/page{speed:>10.2} MB/s{share:>7.1} %"
            );
        }
    };
    for (name, time) in STAGES.iter().zip(times) {
        row(name, time);
    }
    row("all", whole);
    Ok(())
}

/// The files below `path`, by name.
fn read(path: &Path, pages: &mut BTreeMap<PathBuf, Vec<u8>>) -> std::io::Result<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            read(&entry?.path(), pages)?;
        }
    } else {
        pages.insert(path.to_owned(), fs::read(path)?);
    }
    Ok(())
}

/// Times of one round, and bytes of JSON.
fn round(pages: &BTreeMap<PathBuf, Vec<u8>>) -> Result<(Times, usize), Box<dyn Error>> {
    let lexicon = Lexicon::builtin();
    let mut times = [Duration::ZERO; STAGES.len()];
    let mut written = 0;
    let mut out = Vec::new();
    for (path, bytes) in pages {
        let name = path.to_string_lossy();
        let mut last = Instant::now();
        let mut clock = times.iter_mut();
        let mut lap = || {
            let now = Instant::now();
            if let Some(time) = clock.next() {
                *time += now - last;
            }
            last = now;
        };
        let page = decode::decode(&name, bytes, decode::Options::default())?;
        lap();
        let clean = normalize::normalize(&page, lexicon);
        lap();
        let sections = sections::sections(&clean, lexicon);
        lap();
        let quantities = quantities::quantities(&clean, lexicon);
        lap();
        let hints = Hints::default();
        let document = document::document(&page, &clean, &quantities, &hints, lexicon);
        lap();
        let found = indicators::indicators(&clean, &sections, &quantities, &document, lexicon);
        lap();
        let text = quantities.folded.as_deref().unwrap_or(&clean.text);
        let checks = reconcile::reconcile(&found.indicators, text, lexicon);
        lap();
        let doubts = doubts::doubts(&page, &clean, text, &found.indicators, &checks, lexicon);
        lap();
        let record = assemble::record(&page, &clean, &sections, &document, found, &checks, &doubts);
        lap();
        let violations = validate::record(&record, &[(&name, bytes)]);
        lap();
        if let Some(violation) = violations.first() {
            return Err(format!("{name}: {violation}").into());
        }
        out.clear();
        ndjson(&record, &mut out);
        written += out.len();
        lap();
        drop((page, clean, sections, quantities, document));
    }
    Ok((times, written))
}
