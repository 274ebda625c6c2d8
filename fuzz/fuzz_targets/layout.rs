//! Any bytes as text in columns.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| gongbao_fuzz::pages::holds(
    gongbao::decode::Format::Layout,
    bytes
));
