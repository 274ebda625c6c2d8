//! Writes an archive of made-up pages, to a folder or a `.tar.zst`:
//! `cargo run --release --example pages -- --seed 1 --pages 100000 --out DIR`.
//!
//! Pages are in folders of a thousand: `0000/000123.txt` is page 123.

#[allow(dead_code, reason = "each program uses its part")]
mod generator;

use std::error::Error;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use clap::Parser;
use generator::{Generator, Options};

/// Write an archive of made-up pages
#[derive(Parser)]
struct Arguments {
    /// Same seed, same pages
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many
    #[arg(long, default_value_t = 1000)]
    pages: u64,
    /// A folder, or a file that ends in .tar.zst
    #[arg(long)]
    out: PathBuf,
    /// Of 100 pages so many that are no text
    #[arg(long, default_value_t = 0)]
    bad: u64,
    /// Nothing spoiled: no stray spaces, furniture or misread characters, UTF-8 only
    #[arg(long)]
    clean: bool,
    /// All pages in UTF-8
    #[arg(long)]
    utf8: bool,
    /// Long pages poor in numbers, as whole reports are
    #[arg(long, conflicts_with = "clean")]
    report: bool,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    let options = match (arguments.clean, arguments.report) {
        (true, _) => Options::clean(),
        (_, true) => Options::report(),
        _ => Options::default(),
    };
    let pages = Generator::with(
        arguments.seed,
        Options {
            bad: arguments.bad,
            gb18030: if arguments.utf8 { 0 } else { options.gb18030 },
            ..options
        },
    );
    let named =
        (0..arguments.pages).map(|n| (format!("{:04}/{n:06}.txt", n / 1000), pages.page(n).bytes));
    if arguments.out.to_string_lossy().ends_with(".tar.zst") {
        archive(&arguments.out, named)?;
    } else {
        folder(&arguments.out, named)?;
    }
    Ok(())
}

fn folder(out: &Path, pages: impl Iterator<Item = (String, Vec<u8>)>) -> io::Result<()> {
    for (name, bytes) in pages {
        let path = out.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, bytes)?;
    }
    Ok(())
}

/// The same bytes each time: members are of the year 1970 and nobody's.
fn archive(out: &Path, pages: impl Iterator<Item = (String, Vec<u8>)>) -> io::Result<()> {
    let mut members = tar::Builder::new(zstd::Encoder::new(File::create(out)?, 3)?);
    for (name, bytes) in pages {
        let mut header = tar::Header::new_gnu();
        header.set_size(u64::try_from(bytes.len()).map_err(io::Error::other)?);
        header.set_mode(0o644);
        members.append_data(&mut header, name, &bytes[..])?;
    }
    members.into_inner()?.finish()?.sync_all()
}
