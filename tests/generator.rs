//! The made-up pages of `benches/`: the same on every machine, and read as they were meant.

use gongbao::Extractor;
use sha2::{Digest, Sha256};

#[path = "../benches/generator/mod.rs"]
#[allow(dead_code, reason = "each program uses its part")]
mod pages;

use pages::{Generator, Options, Page};

fn fingerprint(generator: &Generator) -> String {
    let mut hash = Sha256::new();
    for index in 0..40 {
        hash.update(generator.page(index).bytes);
    }
    let digest = hash.finalize();
    digest
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Figures in `docs/performance.md` are comparable only while these stay.
#[test]
fn pages_are_pinned() {
    let bad = Options {
        bad: 50,
        ..Options::default()
    };
    assert_eq!(fingerprint(&Generator::new(1)), "d03b3736f37bba3c");
    assert_eq!(fingerprint(&Generator::new(2)), "a5a80e28f00b8c67");
    assert_eq!(
        fingerprint(&Generator::with(1, Options::clean())),
        "a1c9ad4d24c5eb25"
    );
    assert_eq!(
        fingerprint(&Generator::with(1, Options::report())),
        "0deb24aeaa91fd99"
    );
    assert_eq!(fingerprint(&Generator::with(1, bad)), "a4dfe920db807a9b");
}

#[test]
fn a_page_depends_on_its_index_alone() {
    let generator = Generator::new(3);
    let backwards: Vec<Page> = (0..20).rev().map(|n| generator.page(n)).collect();
    for (n, page) in (0..20).rev().zip(backwards) {
        assert_eq!(Generator::new(3).page(n), page);
    }
    assert_ne!(generator.page(0), generator.page(1));
}

/// Numbers stated and found on the first so many pages, and their characters.
fn counted(generator: &Generator, pages: u64) -> (usize, usize, usize) {
    let (mut stated, mut found, mut chars) = (0, 0, 0);
    for index in 0..pages {
        let page = generator.page(index);
        let record = Extractor::new()
            .extract("page.txt", &page.bytes)
            .unwrap_or_else(|e| panic!("page {index}: {e}"));
        let here = record.indicators.len();
        assert!(
            here.abs_diff(page.numbers) * 4 <= page.numbers + 8,
            "page {index}: {here} of {} numbers",
            page.numbers
        );
        stated += page.numbers;
        found += here;
        chars += record.text.chars().filter(|c| !c.is_whitespace()).count();
    }
    (stated, found, chars)
}

#[test]
fn clean_pages_are_read_in_full() {
    let (stated, found, chars) = counted(&Generator::with(1, Options::clean()), 60);
    assert!(
        found.abs_diff(stated) * 100 <= stated,
        "{found} of {stated} numbers found"
    );
    // the labelled pages have 37.4 numbers per 1000 characters, and 1605 characters a page
    assert!(
        (30..=45).contains(&(found * 1000 / chars)),
        "{found} in {chars}"
    );
    assert!((1284..=1926).contains(&(chars / 60)), "{chars}");
}

#[test]
fn spoiled_pages_are_read_nearly_in_full() {
    let (stated, found, _) = counted(&Generator::new(1), 40);
    assert!(
        found.abs_diff(stated) * 20 <= stated,
        "{found} of {stated} numbers found"
    );
}

#[test]
fn bad_pages_are_refused() {
    let options = Options {
        bad: 30,
        ..Options::default()
    };
    let generator = Generator::with(1, options);
    let pages: Vec<Page> = (0..60).map(|n| generator.page(n)).collect();
    assert!((5..=35).contains(&pages.iter().filter(|page| page.bad).count()));
    for (index, page) in pages.iter().enumerate() {
        let read = Extractor::new().extract("page.txt", &page.bytes);
        assert_eq!(read.is_err(), page.bad, "page {index}");
    }
}
