//! Any bytes as ALTO.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| gongbao_fuzz::pages::holds(
    gongbao::decode::Format::Alto,
    bytes
));
