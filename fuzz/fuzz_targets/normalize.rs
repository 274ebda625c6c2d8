//! Any text through the first stages: the clean text is clean, knows where it comes from, and is as
//! it is when it is cleaned again.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| gongbao_fuzz::pages::is_cleaned(text));
