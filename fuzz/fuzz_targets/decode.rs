//! Any bytes in each encoding: every character leads back to bytes that decode to it.
#![no_main]

use gongbao::decode::{Encoding, EncodingChoice, Format, FormatChoice, Options, decode};
use gongbao_fuzz::pages;

const CHOICES: [EncodingChoice; 6] = [
    EncodingChoice::Detect,
    EncodingChoice::Forced(Encoding::Utf8),
    EncodingChoice::Forced(Encoding::Gb18030),
    EncodingChoice::Forced(Encoding::Big5),
    EncodingChoice::Forced(Encoding::Utf16Le),
    EncodingChoice::Forced(Encoding::Utf16Be),
];

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for encoding in CHOICES {
        let options = Options {
            encoding,
            format: FormatChoice::Forced(Format::Text),
        };
        if let Ok(page) = decode("fuzz", bytes, options) {
            pages::is_sound(&page);
            pages::leads_back(&page);
        }
    }
    if let Ok(page) = decode("fuzz", bytes, Options::default()) {
        pages::is_sound(&page);
    }
});
