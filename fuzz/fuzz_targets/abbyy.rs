//! Any bytes as the XML of ABBYY FineReader.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| gongbao_fuzz::pages::holds(
    gongbao::decode::Format::Abbyy,
    bytes
));
