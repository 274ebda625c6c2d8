//! Any text as running text: the numbers and dates in it, without the stages before.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| gongbao_fuzz::pages::is_counted(text));
