//! Any bytes through the whole pipeline: what comes out holds, is the same each time, and can be
//! written in every format.
#![no_main]

use gongbao::Extractor;
use gongbao_fuzz::records;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Some(record) = records::of(&Extractor::new(), bytes) {
        records::is_written(&record);
    }
});
