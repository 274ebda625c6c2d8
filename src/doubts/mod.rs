//! Stage 6b: what was read → which of it is in doubt. Changes nothing, says why.
//!
//! A wrong number that looks right is what users fear most. So each number whose characters the
//! engine was not sure of, that has a form that nobody prints, or that the page's own arithmetic
//! contradicts, carries a warning; `lexicon/doubts.toml` holds the limits and how often they are
//! right.

mod checked;
mod confidence;
mod form;

use crate::base::{Diagnostic, Place, Span};
use crate::decode::Page;
use crate::indicators::Indicator;
use crate::lexicon::Lexicon;
use crate::normalize::Clean;
use crate::reconcile::Check;

/// The numbers in doubt, in reading order. `text` is the text that the spans of `indicators` count
/// in, variants folded ([`crate::quantities::Quantities::folded`]).
#[must_use]
pub fn doubts(
    page: &Page<'_>,
    clean: &Clean,
    text: &str,
    indicators: &[Indicator],
    checks: &[Check],
    lexicon: &Lexicon,
) -> Vec<Diagnostic> {
    let mut out = confidence::doubts(page, clean, indicators, &lexicon.doubts);
    out.extend(
        indicators
            .iter()
            .filter_map(|x| form::doubt(x, text, lexicon)),
    );
    out.extend(form::rows(indicators, text, lexicon));
    out.extend(checked::doubts(clean, indicators, checks));
    let place = |d: &Diagnostic| match d.place {
        Place::Clean(span) | Place::Page(span) => span.start,
        Place::Whole => 0,
    };
    out.sort_by_key(place);
    out
}

/// A warning about the number at `span` of the clean text.
fn warning(clean_text: &str, span: Span, code: &'static str, what: &str) -> Diagnostic {
    let message = format!("{:?}: {what}", span.of(clean_text));
    Diagnostic::warning(code, message, Place::Clean(span))
}

#[cfg(test)]
mod tests {
    use crate::lexicon::Lexicon;
    use crate::{Extractor, Record};

    fn record(name: &str, page: &str) -> Record {
        Extractor::new().extract(name, page.as_bytes()).unwrap()
    }

    /// The numbers with a warning of this code, in reading order.
    fn doubted(record: &Record, code: &str) -> Vec<String> {
        let at = |d: &&crate::record::Finding| d.code == code;
        let mention = |d: &crate::record::Finding| {
            let mut found = record.indicators.iter();
            found
                .find(|x| (Some(x.start), Some(x.end)) == (d.start, d.end))
                .map(|x| x.mention.to_string())
        };
        record
            .diagnostics
            .iter()
            .filter(at)
            .map(|d| mention(d).unwrap())
            .collect()
    }

    #[test]
    fn each_form_is_doubted_in_its_hits_and_not_in_its_misses() {
        for (rule, hits, misses) in Lexicon::builtin().doubts.examples() {
            assert!(
                !hits.is_empty() && !misses.is_empty(),
                "[{rule}] has no examples"
            );
            for (text, want) in (hits.iter().map(|t| (t, 1))).chain(misses.iter().map(|t| (t, 0))) {
                let found = doubted(&record("a.txt", text), "number-damaged");
                assert_eq!(found.len(), want, "[{rule}] {text}");
            }
        }
    }

    /// A page of one line for each list of words; a confidence for each word.
    fn hocr(lines: &[&[(&str, u32)]]) -> String {
        let mut out = String::from("<html><body><div class='ocr_page' title='bbox 0 0 900 900'>");
        for (y, words) in lines.iter().enumerate() {
            let y = 50 * y;
            out += &format!("<span class='ocr_line' title='bbox 0 {y} 800 {}'>", y + 30);
            for (x, (word, confidence)) in words.iter().enumerate() {
                out += &format!(
                    "<span class='ocrx_word' title='bbox {} {y} {} {}; x_wconf {confidence}'>{word}</span>",
                    80 * x,
                    80 * x + 70,
                    y + 30
                );
            }
            out += "</span>";
        }
        out + "</div></body></html>"
    }

    #[test]
    fn words_of_low_confidence() {
        let page = hocr(&[
            &[
                ("全年", 96),
                ("新建", 95),
                ("水闸", 96),
                ("12", 29),
                ("座", 95),
                ("，", 93),
            ],
            &[
                ("山塘", 96),
                ("8", 90),
                ("口", 92),
                ("，", 93),
                ("水渠", 96),
                ("3", 95),
                ("条", 94),
            ],
        ]);
        let record = record("a.hocr", &page);
        assert_eq!(doubted(&record, "low-confidence"), ["12座"]);
        let said = |d: &crate::record::Finding| d.message.contains("0.29");
        assert!(record.diagnostics.iter().any(said));
    }

    #[test]
    fn a_mended_word_is_not_what_the_engine_was_unsure_of() {
        let page = hocr(&[
            &[("税收", 96), ("增长", 95), ("5.2%6", 12), ("，", 93)],
            &[
                ("投资", 96),
                ("3.7", 95),
                ("亿", 12),
                ("元", 90),
                ("。", 93),
            ],
            &[
                ("出口", 96),
                ("提高", 96),
                ("7", 9),
                ("个", 95),
                ("百", 95),
                ("分", 95),
                ("氮", 60),
            ],
        ]);
        let record = record("a.hocr", &page);
        assert_eq!(record.repairs.len(), 2);
        assert_eq!(doubted(&record, "low-confidence"), ["3.7亿元", "7个百分点"]);
    }

    #[test]
    fn a_number_amid_garble() {
        let page = hocr(&[
            &[
                ("年", 20),
                ("比", 10),
                ("任", 3),
                ("水闸", 80),
                ("12", 95),
                ("座", 95),
                ("加", 8),
                ("号", 12),
            ],
            &[
                ("全年", 96),
                ("山塘", 96),
                ("修好", 95),
                ("水塘", 96),
                ("共", 94),
                ("8", 90),
                ("口", 92),
            ],
        ]);
        let record = record("a.hocr", &page);
        assert_eq!(doubted(&record, "low-confidence"), ["12座"]);
    }

    #[test]
    fn lines_of_low_confidence() {
        let line = |y: u32, text: &str, score: &str| {
            format!(
                r#"{{"box":[[0,{y}],[800,{y}],[800,{0}],[0,{0}]],"text":"{text}","score":{score}}}"#,
                y + 30
            )
        };
        let page = format!(
            "[{},{}]",
            line(0, "全年新建水闸12座，", "0.93"),
            line(50, "山塘8口。", "0.95")
        );
        let record = record("a.json", &page);
        assert_eq!(doubted(&record, "low-confidence"), ["12座"]);
    }

    #[test]
    fn what_a_failed_check_names() {
        // 118 or 131 or 13 may be misread, each by one figure
        let failed = record("a.txt", "幼儿园由118所增加到431所，增加13所。");
        assert_eq!(doubted(&failed, "check-failed"), ["118所", "431所", "13所"]);
        let sound = record("a.txt", "幼儿园由118所增加到131所，增加13所。");
        assert_eq!(doubted(&sound, "check-failed"), Vec::<String>::new());
    }
}
