//! Any bytes as RapidOCR's or PaddleOCR's JSON.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| gongbao_fuzz::pages::holds(
    gongbao::decode::Format::RapidOcr,
    bytes
));
