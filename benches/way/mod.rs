//! The pipeline stage by stage with a clock between the stages, for the programs in the folder above.
//! `Extractor` does the same in one go.

use std::error::Error;
use std::time::Duration;

use gongbao::document::Hints;
use gongbao::lexicon::Lexicon;
use gongbao::write::ndjson::ndjson;
use gongbao::{
    assemble, decode, document, doubts, indicators, normalize, quantities, reconcile, sections,
    validate,
};
use rustix::time::{ClockId, clock_gettime};

/// The stages in the order in which a page passes them; `free` gives back what they have made.
pub const STAGES: [&str; 12] = [
    "decode",
    "normalize",
    "sections",
    "quantities",
    "document",
    "indicators",
    "reconcile",
    "doubts",
    "assemble",
    "validate",
    "json",
    "free",
];

/// What each of [`STAGES`] took.
pub type Times = [Duration; STAGES.len()];

/// Processor time of this thread: what other programs take of the core is not counted.
#[must_use]
pub fn now() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(
        u64::try_from(time.tv_sec).unwrap_or_default(),
        u32::try_from(time.tv_nsec).unwrap_or_default(),
    )
}

/// Takes a page through all stages. `out` is then its JSON, each of `times` longer by what the stage took;
/// `begun` is told the stages that begin.
///
/// # Errors
/// When the page cannot be read, or its record does not hold.
pub fn page(
    name: &str,
    bytes: &[u8],
    times: &mut Times,
    out: &mut Vec<u8>,
    begun: impl Fn(&'static str),
) -> Result<(), Box<dyn Error>> {
    let lexicon = Lexicon::builtin();
    let mut clock = STAGES.iter().zip(times).peekable();
    let mut last = now();
    if let Some((stage, _)) = clock.peek() {
        begun(stage);
    }
    let mut lap = || {
        let time = now();
        if let Some((_, took)) = clock.next() {
            *took += time - last;
        }
        if let Some((stage, _)) = clock.peek() {
            begun(stage);
        }
        last = time;
    };
    let page = decode::decode(name, bytes, decode::Options::default())?;
    lap();
    let clean = normalize::normalize(&page, lexicon);
    lap();
    let sections = sections::sections(&clean, lexicon);
    lap();
    let quantities = quantities::quantities(&clean, lexicon);
    lap();
    let hints = Hints::default();
    let document = document::document(&page, &clean, &quantities, &hints, lexicon);
    lap();
    let found = indicators::indicators(&clean, &sections, &quantities, &document, lexicon);
    lap();
    let text = quantities.folded.as_deref().unwrap_or(&clean.text);
    let checks = reconcile::reconcile(&found.indicators, text, lexicon);
    lap();
    let doubts = doubts::doubts(&page, &clean, text, &found.indicators, &checks, lexicon);
    lap();
    let record = assemble::record(&page, &clean, &sections, &document, found, &checks, &doubts);
    lap();
    let violations = validate::with_page(&record, &page);
    lap();
    if let Some(violation) = violations.first() {
        return Err(format!("{name}: {violation}").into());
    }
    out.clear();
    ndjson(&record, out);
    lap();
    drop((page, clean, sections, quantities, document));
    drop((checks, doubts, record));
    lap();
    Ok(())
}
