//! What each stage of the pipeline costs: `cargo run --release --example stages -- DIR…`.
//!
//! Reads all files of the folders into memory, runs them through the stages on one thread, and prints, by
//! stage, seconds, microseconds a page, MB/s of input and share of the whole; then the same of the pipeline
//! in one go, from bytes to JSON. Seconds are processor time.

#![allow(
    clippy::float_arithmetic,
    clippy::disallowed_types,
    clippy::print_stdout,
    reason = "prints times; no page's numbers go through here"
)]

mod way;

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Parser;
use gongbao::Extractor;
use gongbao::lexicon::Lexicon;
use gongbao::write::ndjson::ndjson;
use regex::bytes::Regex;
use way::{STAGES, Times, now};

/// Time the stages of the pipeline
#[derive(Parser)]
struct Arguments {
    /// Folders of pages, or pages
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// Go through the pages so many times, and tell the quickest
    #[arg(long, default_value_t = 3)]
    rounds: u32,
    /// Time what other programs pay, instead: reading the files and seeing that they are UTF-8, and finding
    /// [0-9]+(\.[0-9]+)? with the crate regex
    #[arg(long)]
    floor: bool,
    /// Tab-separated, without the line of words
    #[arg(long)]
    tsv: bool,
}

type Pages = BTreeMap<PathBuf, Vec<u8>>;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    let mut pages = Pages::new();
    for path in &arguments.paths {
        read(path, &mut pages)?;
    }
    let bytes: usize = pages.values().map(Vec::len).sum();
    let rounds = arguments.rounds;
    let mut rows = Vec::new();
    if arguments.floor {
        rows.push(("utf8", least(rounds, || utf8(&pages))?));
        rows.push(("regex", least(rounds, || count(&pages))?));
    } else {
        let start = now();
        black_box(Lexicon::builtin());
        let loading = now() - start;
        let (times, out) = stages(&pages, rounds)?;
        if !arguments.tsv {
            println!(
                "{} pages, {bytes} bytes, {out} bytes of JSON; lexicon {:.1} ms",
                pages.len(),
                loading.as_secs_f64() * 1e3
            );
        }
        rows.extend(STAGES.into_iter().zip(times));
        rows.push(("all", times.iter().sum()));
        rows.push(("pipeline", least(rounds, || pipeline(&pages))?));
    }
    let whole = rows.iter().find(|(name, _)| *name == "all");
    let whole = whole.map_or(f64::NAN, |(_, time)| time.as_secs_f64());
    for (name, time) in rows {
        let seconds = time.as_secs_f64();
        let page = seconds * 1e6 / pages.len() as f64;
        let speed = bytes as f64 / seconds / 1e6;
        let share = seconds / whole * 100.0;
        if arguments.tsv {
            println!("{name}\t{seconds:.6}\t{page:.2}\t{speed:.2}\t{share:.1}");
        } else {
            println!(
                "{name:<12}{seconds:>10.4} s{page:>10.1} us/page{speed:>10.2} MB/s{share:>7.1} %"
            );
        }
    }
    Ok(())
}

/// The files below `path`, by name.
fn read(path: &Path, pages: &mut Pages) -> std::io::Result<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            read(&entry?.path(), pages)?;
        }
    } else {
        pages.insert(path.to_owned(), fs::read(path)?);
    }
    Ok(())
}

/// Times of the stages in the quickest round, and bytes of JSON.
fn stages(pages: &Pages, rounds: u32) -> Result<(Times, usize), Box<dyn Error>> {
    let mut best: Option<(Duration, Times)> = None;
    let mut written = 0;
    let mut out = Vec::new();
    for _ in 0..rounds.max(1) {
        let mut times = Times::default();
        written = 0;
        for (path, bytes) in pages {
            way::page(&path.to_string_lossy(), bytes, &mut times, &mut out, |_| {})?;
            written += out.len();
        }
        let whole = times.iter().sum();
        if best.is_none_or(|(quickest, _)| whole < quickest) {
            best = Some((whole, times));
        }
    }
    let (_, times) = best.ok_or("no round")?;
    Ok((times, written))
}

/// The least time that `work` takes.
fn least(
    rounds: u32,
    work: impl Fn() -> Result<(), Box<dyn Error>>,
) -> Result<Duration, Box<dyn Error>> {
    let mut best = Duration::MAX;
    for _ in 0..rounds.max(1) {
        let start = now();
        work()?;
        best = best.min(now() - start);
    }
    Ok(best)
}

/// What a user of the library calls: bytes to JSON, nothing between.
fn pipeline(pages: &Pages) -> Result<(), Box<dyn Error>> {
    let extractor = Extractor::new();
    let mut out = Vec::new();
    for (path, bytes) in pages {
        out.clear();
        let record = extractor.extract(&path.to_string_lossy(), bytes)?;
        ndjson(&record, &mut out);
        black_box(&out);
    }
    Ok(())
}

fn utf8(pages: &Pages) -> Result<(), Box<dyn Error>> {
    for path in pages.keys() {
        black_box(String::from_utf8(fs::read(path)?).is_ok());
    }
    Ok(())
}

fn count(pages: &Pages) -> Result<(), Box<dyn Error>> {
    let number = Regex::new(r"[0-9]+(\.[0-9]+)?")?;
    for bytes in pages.values() {
        black_box(number.find_iter(bytes).count());
    }
    Ok(())
}
