//! Any bytes as JSON of PP-StructureV3.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| gongbao_fuzz::pages::holds(
    gongbao::decode::Format::Structure,
    bytes
));
