//! Characters that an engine left out and the boxes tell of: a full stop behind the last row of a
//! paragraph, a dash before a heading, the numeral of 一是. Thin strokes get lost: RapidOCR lost 。 at 6
//! to 52 of 100 line ends, 一 17 of 366 times, —— 54 of 72 times.
//!
//! Only where an engine read a scan: text layers lose nothing.

use super::columns::is_closer;
use super::confusables::Edit;
use super::{Paragraph, Role, width};
use crate::base::Span;
use crate::lexicon::Lexicon;
use crate::lexicon::labels::LabelMatch;
use crate::record::LabelStyle;

/// A paragraph is sure to be no heading from so many characters on.
const LONG: usize = 40;
/// A first row that begins so many quarters of a character further in than an indent of two has lost one
/// character or more …
const ONE_LOST: u32 = 10;
/// … or so many, two.
const TWO_LOST: u32 = 11;
/// No indent is wider.
const WIDEST: u32 = 22;

/// How a paragraph stands on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Shape {
    /// Room before its first row, in quarters of a Han character.
    pub(super) indent: u32,
    /// Its last row ends before the column does, or the next paragraph is indented.
    pub(super) ends: bool,
    /// It has two rows or more.
    pub(super) rows: bool,
}

/// What was left out in `text`, whose paragraphs stand as `shapes` say.
pub(super) fn find(
    text: &str,
    paragraphs: &[Paragraph],
    shapes: &[Shape],
    lexicon: &Lexicon,
) -> Vec<Edit> {
    let all: Vec<(&Paragraph, &Shape)> = paragraphs.iter().zip(shapes).collect();
    let mut edits: Vec<Edit> = all
        .iter()
        .filter(|(p, s)| p.role == Role::Body && s.rows && s.ends)
        .filter_map(|(p, _)| stop(text, p.span, lexicon))
        .collect();
    numerals(text, &all, lexicon, &mut edits);
    let mut numbered: Vec<u32> = edits.iter().map(|edit| edit.span.start).collect();
    numbered.sort_unstable();
    let others = all
        .iter()
        .filter(|(p, _)| numbered.binary_search(&p.span.start).is_err());
    dashes(text, others, lexicon, &mut edits);
    for paragraph in paragraphs {
        marks_before_ordinals(text, paragraph.span, lexicon, &mut edits);
    }
    edits
}

/// An edit that puts `lost` before the character at `at`, which stands for both.
fn put_before(text: &str, at: usize, lost: &str, why: &'static str) -> Option<Edit> {
    let first = text[at..].chars().next()?;
    Some(Edit {
        span: Span::new(at, at + first.len_utf8()),
        to: format!("{lost}{first}"),
        why,
    })
}

/// The full stop that `paragraph` lost; none where it has one or may be a heading.
fn stop(text: &str, paragraph: Span, lexicon: &Lexicon) -> Option<Edit> {
    let body = paragraph.of(text);
    let last = body.chars().next_back()?;
    let ended = body
        .trim_end_matches(is_closer)
        .ends_with(|c: char| !c.is_alphanumeric() && !matches!(c, '%' | '‰'));
    let inner = body.contains('。');
    let long = body.chars().count() > LONG;
    let labelled = lexicon.labels.at(body).is_some();
    let text_for_sure = inner || long && (!labelled || body.contains(|c: char| c.is_ascii_digit()));
    if ended || !text_for_sure || is_closer(last) && !inner {
        return None;
    }
    let start = paragraph.end as usize - last.len_utf8();
    Some(Edit {
        span: Span::new(start, paragraph.end as usize),
        to: format!("{last}。"),
        why: "lost-stop",
    })
}

/// Full stops before 二是 … inside a paragraph, of a series that is missing that one only.
fn marks_before_ordinals(text: &str, paragraph: Span, lexicon: &Lexicon, edits: &mut Vec<Edit>) {
    let body = paragraph.of(text);
    let kinds = &lexicon.labels.kinds;
    let first = lexicon.labels.at(body).map(|label| (0, label));
    let series: Vec<(usize, LabelMatch)> = first
        .into_iter()
        .chain(lexicon.labels.behind_clauses(body))
        .filter(|(_, label)| kinds[label.kind].style == LabelStyle::Ordinal)
        .collect();
    let tail = |at: usize, l: &LabelMatch| body.get(at + l.numeral + l.numeral_len..at + l.len);
    for (i, (at, label)) in series.iter().enumerate() {
        let next = series.get(i + 1);
        let Some(missing) = label.number.map(|n| n + 1) else {
            continue;
        };
        // Before the one after it, or behind two that follow each other.
        let known = match next {
            Some((_, next)) => next.number == Some(missing + 1),
            None => i > 0 && series[i - 1].1.number.map(|n| n + 2) == Some(missing),
        };
        let end = next.map_or(body.len(), |&(at, _)| at);
        let from = at + label.len;
        let wanted = lexicon.labels.han(missing).zip(tail(*at, label));
        let Some(wanted) = wanted.filter(|_| known).map(|(n, tail)| n + tail) else {
            continue;
        };
        let mut found = body[from..end].match_indices(wanted.as_str());
        if let (Some((offset, _)), None) = (found.next(), found.next())
            && let Some(last) = body[..from + offset].chars().next_back()
            && (last.is_alphanumeric() || matches!(last, '%' | '‰' | '”' | '）'))
        {
            let behind = paragraph.start as usize + from + offset;
            edits.push(Edit {
                span: Span::new(behind - last.len_utf8(), behind),
                to: format!("{last}。"),
                why: "lost-stop",
            });
        }
    }
}

/// Dashes before headings: where several paragraphs begin with a short title and a colon, or a
/// sentence that is one, further in than others.
fn dashes<'a>(
    text: &str,
    all: impl Iterator<Item = &'a (&'a Paragraph, &'a Shape)>,
    lexicon: &Lexicon,
    edits: &mut Vec<Edit>,
) {
    let dash = &lexicon.confusables.dash;
    let found: Vec<(Span, usize, bool)> = all
        .filter(|(p, _)| p.role == Role::Body)
        .filter_map(|(p, shape)| {
            let body = p.span.of(text);
            let halves: usize = body
                .chars()
                .take(2)
                .take_while(|c| dash.halves.contains(c))
                .map(char::len_utf8)
                .sum();
            let further_in = (TWO_LOST..=WIDEST).contains(&shape.indent);
            let mut title = body[halves..].chars().take(dash.max_title_chars);
            let mut sentence = body[halves..].chars().take(dash.max_sentence_chars);
            let titled = title.clone().next().is_some_and(width::is_han)
                && (title.any(|c| matches!(c, '：' | ':'))
                    || halves == 0 && shape.rows && sentence.any(|c| c == '。'));
            let labelled = lexicon.labels.at(body).is_some();
            (titled && !labelled && (further_in || halves > 0))
                .then_some((p.span, halves, further_in))
        })
        .collect();
    if found.len() < 2 || found.iter().all(|&(_, _, further_in)| !further_in) {
        return;
    }
    for (span, halves, _) in found {
        let start = span.start as usize;
        edits.extend(match halves {
            0 => put_before(text, start, &dash.to, "heading-dash"),
            _ => Some(Edit {
                span: Span::new(start, start + halves),
                to: dash.to.clone(),
                why: "heading-dash",
            }),
        });
    }
}

/// The numerals of labels: `是推进…` further in than other first rows, for no sentence begins so, and
/// `（）工业`. They are numbered as they follow each other, where those that are left fit.
fn numerals(text: &str, all: &[(&Paragraph, &Shape)], lexicon: &Lexicon, edits: &mut Vec<Edit>) {
    for (i, kind) in lexicon.labels.kinds.iter().enumerate() {
        let mut labels: Vec<(&str, &str)> = Vec::new();
        let open = kind.before.iter().map(String::as_str);
        match kind.style {
            LabelStyle::Ordinal => labels.extend(
                kind.after
                    .iter()
                    .filter(|tail| tail.chars().count() == 1)
                    .take(1)
                    .map(|tail| ("", tail.as_str())),
            ),
            LabelStyle::HanParen => {
                labels.extend(open.zip(kind.after.iter().map(String::as_str)));
            }
            _ => {}
        }
        for (before, after) in labels {
            let further_in = |shape: &Shape| (ONE_LOST..=WIDEST).contains(&shape.indent);
            let is_lost = |body: &str, shape: &Shape| {
                let rest = body
                    .strip_prefix(before)
                    .and_then(|r| r.strip_prefix(after));
                rest.is_some() && (!before.is_empty() || further_in(shape))
            };
            series(text, all, i, (before, after), is_lost, lexicon, edits);
        }
    }
}

/// Numbers the labels of a kind that lost their numerals, in one series after the other.
fn series(
    text: &str,
    all: &[(&Paragraph, &Shape)],
    kind: usize,
    (before, after): (&str, &str),
    is_lost: impl Fn(&str, &Shape) -> bool,
    lexicon: &Lexicon,
    edits: &mut Vec<Edit>,
) {
    let mut number = 0;
    let mut lost: Vec<Edit> = Vec::new();
    for &(paragraph, shape) in all {
        let body = paragraph.span.of(text);
        let found = lexicon.labels.at(body);
        if found.is_none() && is_lost(body, shape) {
            number += 1;
            let Some(numeral) = lexicon.labels.han(number) else {
                return;
            };
            let start = paragraph.span.start as usize;
            lost.push(Edit {
                span: Span::new(start, start + before.len() + after.len()),
                to: format!("{before}{numeral}{after}"),
                why: "heading-numeral",
            });
            continue;
        }
        let Some(label) = found else { continue };
        if label.kind == kind {
            // One that does not follow shows that the numbers are not known.
            let read = label.number.unwrap_or(0);
            if read != number + 1 {
                lost.clear();
            }
            edits.append(&mut lost);
            number = read;
        } else if label.kind < kind {
            edits.append(&mut lost);
            number = 0;
        }
    }
    edits.append(&mut lost);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(body: &[(&str, u32)]) -> Vec<String> {
        let mut text = String::new();
        let (mut paragraphs, mut shapes) = (Vec::new(), Vec::new());
        for (paragraph, indent) in body {
            let start = text.len();
            text.push_str(paragraph);
            paragraphs.push(Paragraph {
                span: Span::new(start, text.len()),
                role: Role::Body,
            });
            shapes.push(Shape {
                indent: *indent,
                ends: true,
                rows: true,
            });
            text.push('\n');
        }
        let edits = find(&text, &paragraphs, &shapes, Lexicon::builtin());
        edits.into_iter().map(|e| e.to).collect()
    }

    #[test]
    fn full_stops() {
        let long = "全县新修水渠12条，整治河道3条，改造泵站6座，受益农田9万亩，惠及群众4万余人，群众满意度达到98.5%";
        assert_eq!(found(&[(long, 8)]), ["%。"]);
        assert_eq!(found(&[("修渠12条。受益“万户千家”", 8)]), ["”。"]);
        // headings, and what has a mark
        assert!(found(&[("二、修水渠，整河道", 8), ("修渠12条。受益如下：", 8)]).is_empty());
        assert!(found(&[("修渠12条。", 8), ("修水渠整河道", 8)]).is_empty());
    }

    #[test]
    fn full_stops_in_a_series() {
        let lost = "一是修渠。修渠12条二是整河。整河3条。三是改泵站。";
        assert_eq!(found(&[(lost, 8)]), ["条。"]);
        let last = "一是修渠。修渠12条。二是整河。整河占8.5%三是改泵站。";
        assert_eq!(found(&[(last, 8)]), ["%。"]);
        // said twice, or a word
        assert!(found(&[("一是修渠。二是二十二是整数。三是改泵站。", 8)]).is_empty());
        assert!(found(&[("一是修渠。经二是整河，又二是修路。三是改泵站。", 8)]).is_empty());
    }

    #[test]
    fn dashes_before_headings() {
        let further = [("修水渠：修渠12条。", 13), ("整河道：整治3条。", 14)];
        assert_eq!(found(&further), ["——修", "——整"]);
        let damaged = [("修水渠：修渠12条。", 13), ("一整河道：整治3条。", 8)];
        assert_eq!(found(&damaged), ["——修", "——"]);
        let sentences = [
            ("这五年，水渠更长。修渠12条。", 16),
            ("这五年，河道更清。整治3条。", 16),
        ];
        assert_eq!(found(&sentences), ["——这", "——这"]);
        // alone, or no further in than others
        assert!(found(&further[..1]).is_empty());
        assert!(found(&[("修水渠：修渠12条。", 8), ("整河道：整治3条。", 8)]).is_empty());
    }

    #[test]
    fn numerals_of_a_series() {
        let lost = [("是修水渠。", 11), ("是整河道。", 11), ("三是改泵站。", 8)];
        assert_eq!(found(&lost), ["一是", "二是"]);
        let contradicted = [("是修水渠。", 11), ("三是改泵站。", 8)];
        assert!(found(&contradicted).is_empty());
        assert!(found(&[("是修水渠。", 8)]).is_empty());
        let bracketed = [("（）水利。", 8), ("（）水产。", 8), ("（三）水运。", 8)];
        assert_eq!(found(&bracketed), ["（一）", "（二）"]);
    }
}
