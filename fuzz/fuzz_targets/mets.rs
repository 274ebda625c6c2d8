//! Any bytes as METS: a list of files or an error.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(pages) = gongbao::decode::mets::pages(bytes) {
        let mut hrefs: Vec<&str> = pages.iter().map(|page| page.href.as_str()).collect();
        hrefs.sort_unstable();
        assert!(hrefs.is_sorted_by(|a, b| a < b), "a file is named twice");
    }
});
