//! Pages made by a grammar: however they are printed, they say the same.
#![no_main]

use gongbao_fuzz::grammar::{Page, Print};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let (print, page) = bytes.split_at(bytes.len().min(8));
    gongbao_fuzz::pages::says_the_same(&Page::new(page), &Print::new(print));
});
