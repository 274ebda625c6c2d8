//! Any bytes as PAGE XML.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| gongbao_fuzz::pages::holds(
    gongbao::decode::Format::PageXml,
    bytes
));
