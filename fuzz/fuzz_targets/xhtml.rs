//! Any bytes as what `pdftotext -bbox-layout` writes.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| gongbao_fuzz::pages::holds(
    gongbao::decode::Format::Xhtml,
    bytes
));
