//! Misread characters of labels and numerals: mended where one reading is left, else reported.
//!
//! Works on the draft of the clean text, in which lines are joined and blanks gone.

use crate::base::diagnostic::Place;
use crate::base::{Diagnostic, Span};
use crate::lexicon::Lexicon;
use crate::lexicon::labels::{LabelMatch, Numeral};

use super::damage::{Marks, Number};
use super::{damage, width};

/// No numeral has so many bytes of figures and what is read for them: it is looked at no further.
const MAX_TOKEN: usize = 512;

/// A change of the draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edit {
    /// What is replaced, in the draft.
    pub(super) span: Span,
    /// By what.
    pub(super) to: String,
    /// Why, in kebab case.
    pub(super) why: &'static str,
}

/// What is wrong with the draft: what to change, and what only to say. Diagnostics have spans of
/// the draft.
#[derive(Debug, Default)]
pub(super) struct Findings {
    pub(super) edits: Vec<Edit>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Looks through the draft; what was `lost` is known.
pub(super) fn find(
    text: &str,
    paragraphs: &[Span],
    lost: Vec<Edit>,
    lexicon: &Lexicon,
) -> Findings {
    let mut found = Findings {
        edits: lost,
        ..Findings::default()
    };
    labels(text, paragraphs, lexicon, &mut found);
    let marks = Marks::new(text, lexicon);
    series(text, paragraphs, &marks.clause_ends, lexicon, &mut found);
    dashes(text, paragraphs, lexicon, &mut found);
    numerals(text, &marks.numbers, lexicon, &mut found);
    damage::find(text, &marks, lexicon, &mut found);
    found.edits.sort_by_key(|e| e.span);
    found.edits.dedup_by(|b, a| {
        let overlaps = b.span.start < a.span.end;
        // A full stop was lost, and what stood before it was misread.
        if overlaps && b.why == "lost-stop" && a.span.end == b.span.end {
            a.to.push('。');
        }
        overlaps
    });
    // What another reading has mended is no longer in doubt.
    let Findings { edits, diagnostics } = &mut found;
    let is_mended = |span: Span| {
        let next = edits.partition_point(|e| e.span.end <= span.start);
        edits.get(next).is_some_and(|e| e.span.overlaps(span))
    };
    diagnostics.retain(|d| !matches!(d.place, Place::Clean(span) if is_mended(span)));
    found
}

/// A label at the start of a paragraph.
#[derive(Debug, Clone, Copy)]
struct Labelled {
    start: usize,
    label: LabelMatch,
    damaged: bool,
}

/// Mends labels whose neighbours in the numbering leave one possibility.
fn labels(text: &str, paragraphs: &[Span], lexicon: &Lexicon, found: &mut Findings) {
    let labelled: Vec<Labelled> = paragraphs
        .iter()
        .filter_map(|p| {
            let rest = p.of(text);
            let intact = lexicon.labels.at(rest);
            let label = intact.or_else(|| lexicon.labels.damaged_at(rest))?;
            let kind = &lexicon.labels.kinds[label.kind];
            if label.number.is_none() && intact.is_none() {
                dashes_doubtful(p.start as usize, rest, label, found);
            }
            (label.number.is_some() && !kind.anywhere).then_some(Labelled {
                start: p.start as usize,
                label,
                damaged: intact.is_none(),
            })
        })
        .collect();
    for (run, above) in runs(&labelled) {
        // Number of the label before, as mended.
        let mut before: Option<u32> = None;
        for (i, &this) in run.iter().enumerate() {
            let from_before = before.map(|n| n + 1);
            let behind = run.get(i + 1).filter(|l| !l.damaged);
            let from_behind = behind.and_then(|l| l.label.number?.checked_sub(1));
            let read = this.label.number;
            let expected = match (from_before, from_behind) {
                (Some(a), Some(b)) if a == b => Some(a),
                // The first below another label is number 1, and so is the one before number 2.
                (None, Some(1)) => Some(1),
                (Some(_), Some(_)) => None,
                (Some(a), None) | (None, Some(a)) if this.damaged && read == Some(a) => Some(a),
                (None, None) if this.damaged && read == Some(1) && above => Some(1),
                _ => None,
            };
            before = expected.or(read.filter(|_| !this.damaged));
            match expected {
                Some(number) if this.damaged || read != Some(number) => {
                    push_label(text, this, number, lexicon, found);
                }
                None if this.damaged && from_before.is_some() => {
                    found.diagnostics.push(Diagnostic::info(
                        "label-doubtful",
                        format!(
                            "{:?} looks like a damaged label, but the numbering around it leaves \
                             more than one reading; left as it is",
                            &text[this.start..this.start + this.label.len]
                        ),
                        Place::Clean(Span::new(this.start, this.start + this.label.len)),
                    ));
                }
                _ => {}
            }
        }
    }
}

/// Mends labels inside paragraphs (`一是…三是…三是…`): one that repeats or skips between two that are
/// two numbers apart. Only such as end alike make a series: 三要素 is a word.
fn series(
    text: &str,
    paragraphs: &[Span],
    clause_ends: &[(usize, char)],
    lexicon: &Lexicon,
    found: &mut Findings,
) {
    let kinds = &lexicon.labels.kinds;
    let mut marks = clause_ends;
    let inside = |p: &Span| {
        let (start, paragraph) = (p.start as usize, p.of(text));
        let first = lexicon.labels.at(paragraph).map(|label| (0, label));
        let own = marks.partition_point(|&(at, _)| at < p.end as usize);
        let (own, behind) = marks.split_at_checked(own).unwrap_or_default();
        marks = behind;
        let own = own
            .iter()
            .map(move |&(at, c)| (at.saturating_sub(start), c));
        let others = lexicon.labels.behind_marks(paragraph, own);
        let all = first.into_iter().chain(others);
        all.map(move |(at, label)| (start + at, label))
    };
    let labelled: Vec<Labelled> = paragraphs
        .iter()
        .flat_map(inside)
        .filter(|(_, l)| kinds[l.kind].anywhere && kinds[l.kind].numeral == Numeral::Han)
        .map(|(start, label)| Labelled {
            start,
            label,
            damaged: false,
        })
        .collect();
    let tail = |l: &Labelled| {
        let end = l.label.numeral + l.label.numeral_len;
        text.get(l.start + end..l.start + l.label.len)
    };
    for three in labelled.windows(3) {
        let [before, this, behind] = three else {
            continue;
        };
        let (Some(a), Some(read), Some(b)) =
            (before.label.number, this.label.number, behind.label.number)
        else {
            continue;
        };
        // A 1 begins another series.
        let odd = b == a + 2 && read != a + 1 && read != 1;
        if odd && tail(before) == tail(this) && tail(this) == tail(behind) {
            push_label(text, *this, a + 1, lexicon, found);
        }
    }
}

/// Says that two strokes at the start of a paragraph may be a dash before a heading.
fn dashes_doubtful(start: usize, paragraph: &str, label: LabelMatch, found: &mut Findings) {
    found.diagnostics.push(Diagnostic::info(
        "label-doubtful",
        format!(
            "{:?} looks like a damaged dash, but may as well be what it reads; left as it is",
            &paragraph[..label.len]
        ),
        Place::Clean(Span::new(start, start + label.len)),
    ));
}

/// Labels of one kind in a row, interrupted by deeper ones only; and whether an outer label (or the
/// start of the page) stands right above the first.
fn runs(labelled: &[Labelled]) -> Vec<(Vec<Labelled>, bool)> {
    let mut order: Vec<usize> = Vec::new(); // kinds from the outside in, as they first appear
    let mut open: Vec<(Vec<Labelled>, bool)> = Vec::new(); // one run a kind of `order`
    let mut out = Vec::new();
    for &this in labelled {
        let depth = order
            .iter()
            .position(|&k| k == this.label.kind)
            .unwrap_or_else(|| {
                order.push(this.label.kind);
                order.len() - 1
            });
        while open.len() > depth + 1 {
            out.extend(open.pop());
        }
        while open.len() < depth + 1 {
            open.push((Vec::new(), true));
        }
        if let Some((run, _)) = open.last_mut() {
            run.push(this);
        }
    }
    out.extend(open);
    out
}

fn push_label(text: &str, this: Labelled, number: u32, lexicon: &Lexicon, found: &mut Findings) {
    let kind = &lexicon.labels.kinds[this.label.kind];
    let printed = &text[this.start..this.start + this.label.len];
    let numeral = match kind.numeral {
        Numeral::Han => lexicon.labels.han(number),
        Numeral::Arabic => Some(number.to_string()),
        _ => None,
    };
    let Some(numeral) = numeral else { return };
    let before = &printed[..this.label.numeral];
    let behind = &printed[this.label.numeral + this.label.numeral_len..];
    let (before, behind) = intact_marks(before, behind, &kind.before, &kind.after);
    let to = format!("{before}{numeral}{behind}");
    if to == printed {
        return;
    }
    let read = &printed[this.label.numeral..this.label.numeral + this.label.numeral_len];
    found.edits.push(Edit {
        span: Span::new(this.start, this.start + this.label.len),
        why: match read == numeral {
            true => "heading-mark",
            false if this.damaged => "heading-numeral",
            false => "heading-order",
        },
        to,
    });
}

/// The marks of a label as printed where they are such marks; else those that go with the other
/// one, full-width or half-width alike.
fn intact_marks<'a>(
    before: &'a str,
    behind: &'a str,
    befores: &'a [String],
    afters: &'a [String],
) -> (&'a str, &'a str) {
    let place = |mark: &str, list: &[String]| list.iter().position(|m| m == mark);
    let get =
        |list: &'a [String], i: usize| list.get(i).or(list.first()).map_or("", String::as_str);
    match (place(before, befores), place(behind, afters)) {
        (Some(_), Some(_)) => (before, behind),
        (Some(i), None) => (before, get(afters, i)),
        (None, Some(i)) => (get(befores, i), behind),
        (None, None) => (get(befores, 0), get(afters, 0)),
    }
}

/// Mends dashes that begin paragraphs.
fn dashes(text: &str, paragraphs: &[Span], lexicon: &Lexicon, found: &mut Findings) {
    let dash = &lexicon.confusables.dash;
    // For each paragraph, how many halves it begins with, if a title follows; intact dashes count.
    let halves: Vec<usize> = paragraphs
        .iter()
        .map(|p| {
            let rest = p.of(text);
            let n = rest
                .chars()
                .take(3)
                .take_while(|c| dash.halves.contains(c))
                .count();
            if n == 0 {
                return 0;
            }
            let most = match n {
                2 => dash.max_sentence_chars,
                _ => dash.max_title_chars,
            };
            let mut title = rest.chars().skip(n).take(most);
            let titled = title.clone().next().is_some_and(width::is_han)
                && title.any(|c| matches!(c, '：' | ':' | '。'));
            if titled && n <= 2 { n } else { 0 }
        })
        .collect();
    for (i, p) in paragraphs.iter().enumerate() {
        if halves[i] == 0 {
            continue;
        }
        let rest = p.of(text);
        let beside = |k: Option<usize>| k.and_then(|k| halves.get(k)).is_some_and(|&n| n == 2);
        // A Han character among the halves may as well begin a word: —一般预算：.
        let may_be_a_word = rest.chars().take(halves[i]).any(width::is_han);
        // … or end a number or a word that the row before breaks off in: 九百五十|二公里, 翻|一番.
        let before = i.checked_sub(1).and_then(|k| paragraphs.get(k));
        let breaks_off = before.is_some_and(|before| breaks_off(before.of(text), lexicon));
        let sure = match halves[i] {
            _ if may_be_a_word && breaks_off => false,
            2 if !may_be_a_word => true,
            1 if dash.words.iter().any(|word| rest.starts_with(word)) => false,
            1 | 2 => beside(i.checked_sub(1)) || beside(Some(i + 1)),
            _ => false,
        };
        let len: usize = rest.chars().take(halves[i]).map(char::len_utf8).sum();
        if sure && lexicon.labels.at(rest).is_none() {
            found.edits.push(Edit {
                span: Span::new(p.start as usize, p.start as usize + len),
                to: dash.to.clone(),
                why: "heading-dash",
            });
        }
    }
}

/// True for a paragraph that ends within a sentence. Headings do, too, but have numbers and one clause.
fn breaks_off(paragraph: &str, lexicon: &Lexicon) -> bool {
    let heading = || {
        let label = lexicon.labels.at(paragraph);
        let kind = label.and_then(|label| lexicon.labels.kinds.get(label.kind));
        kind.is_some_and(|kind| kind.numeral != Numeral::None) && !paragraph.contains('。')
    };
    paragraph.ends_with(char::is_alphanumeric) && !heading()
}

/// Goes through the digits of the draft.
fn numerals(text: &str, numbers: &[Number<'_>], lexicon: &Lexicon, found: &mut Findings) {
    let mut at = 0;
    for number in numbers {
        at = at.max(number.start);
        while let Some(rest) = text.as_bytes().get(at..number.end)
            && let Some(offset) = rest.iter().position(u8::is_ascii_digit)
        {
            let start = at + offset;
            let figures = rest.iter().skip(offset).take_while(|b| b.is_ascii_digit());
            let end = start + figures.count();
            at = numeral(text, start, end, lexicon, found).max(end);
        }
    }
}

/// One run of digits and what is attached to it; returns where to go on.
fn numeral(text: &str, start: usize, end: usize, lexicon: &Lexicon, found: &mut Findings) -> usize {
    let confusables = &lexicon.confusables;
    let before = text[..start].chars().next_back();
    let behind = text[end..].chars().next();
    let confusable = |c: Option<char>| c.is_some_and(|c| confusables.figure(c).is_some());
    // 98.l%, l.5亿元: over the point.
    let point = Some('.');
    if confusable(before)
        || confusable(behind)
        || before == point && confusable(text[..start].chars().rev().nth(1))
        || behind == point && confusable(text[end..].chars().nth(1))
    {
        return misread_digits(text, start, end, lexicon, found);
    }
    let Some(mark) = behind else { return end };
    let rest = &text[end + mark.len_utf8()..];
    if mark == '%' {
        return behind_percent(text, start, end, lexicon, found);
    }
    if mark == '.'
        && rest.starts_with('.')
        && rest
            .trim_start_matches('.')
            .starts_with(|c: char| c.is_ascii_digit())
    {
        found.diagnostics.push(doubt(
            text,
            start,
            end + rest.len() - rest.trim_start_matches('.').len(),
            "point-doubled",
            "a numeral with two points in a row: a digit or a mark was lost",
        ));
    }
    let point = &confusables.point;
    if !point.dots.contains(&mark) && !point.marks.contains(&mark) {
        return end;
    }
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 {
        return end;
    }
    let follows = |list: &[String]| list.iter().any(|f| rest[digits..].starts_with(f.as_str()));
    let already = text[..start].ends_with('.'); // 1.2·3: no second point
    let quoted = before.is_some_and(|c| matches!(c, '“' | '"' | '‘'));
    // 4·11 may be a day that something is named after, 4·62 is not.
    let day = |digits: &str, last: u32| {
        !digits.starts_with('0') && digits.parse().is_ok_and(|n: u32| (1..=last).contains(&n))
    };
    let date_like = day(&text[start..end], 12) && day(&rest[..digits], 31);
    let measured = rest[digits..].starts_with(width::is_han);
    let is_point = !already
        && !quoted
        && (point.dots.contains(&mark) && (follows(&point.before_dots) || measured && !date_like)
            || point.marks.contains(&mark)
                && digits <= 2
                && follows(&point.before_marks)
                && (digits == 1 && rest[digits..].starts_with(['%', '‰'])
                    || unitless(text, start, end, lexicon)));
    if is_point {
        found.edits.push(Edit {
            span: Span::new(end, end + mark.len_utf8()),
            to: ".".to_owned(),
            why: "decimal-point",
        });
        return end + mark.len_utf8() + digits;
    }
    end
}

/// True when the number at `start..end` has no unit and is no year, ordinal or part of another number.
fn unitless(text: &str, start: usize, end: usize, lexicon: &Lexicon) -> bool {
    let year = end - start == 4
        && (text[start..end].starts_with("19") || text[start..end].starts_with("20"));
    !year && damage::behind_word(text, start, lexicon)
}

/// Letters read for digits: `791l件`, `2O21年`.
fn misread_digits(
    text: &str,
    start: usize,
    end: usize,
    lexicon: &Lexicon,
    found: &mut Findings,
) -> usize {
    let letters = &lexicon.confusables.letters;
    let digit = |c: char| lexicon.confusables.figure(c);
    let of_numeral = |c: char| c.is_ascii_digit() || c == '.' || digit(c).is_some();
    let from = text[..start]
        .char_indices()
        .rev()
        .take(16)
        .take_while(|&(_, c)| of_numeral(c))
        .last()
        .map_or(start, |(i, _)| i);
    let to = end
        + text[end..]
            .chars()
            .take_while(|&c| of_numeral(c))
            .map(char::len_utf8)
            .sum::<usize>();
    if to - from > MAX_TOKEN {
        return to;
    }
    let to = from + text[from..to].trim_end_matches('.').len();
    if to <= end && from == start {
        return end;
    }
    let token = &text[from..to];
    let mended: String = token.chars().map(|c| digit(c).unwrap_or(c)).collect();
    // 4S店: letters that names have too, and letters that a point parts from the figures (1.I类).
    let named = token.contains(|c| letters.digits.contains_key(&c));
    let parted = token
        .split('.')
        .any(|part| !part.contains(|c: char| c.is_ascii_digit()));
    let strong = damage::strongly_measured(text, to, lexicon);
    let sure = (!named && !parted)
        || (!named || token.contains('.') || !text[to..].starts_with(['%', '‰']))
            && damage::behind_word(text, from, lexicon)
            && damage::measured(text, to, lexicon)
            && (strong
                || !letters
                    .not_before
                    .iter()
                    .any(|n| text[to..].starts_with(n.as_str())));
    if !sure && !strong {
        return end;
    }
    let before = text[..from].chars().next_back();
    let behind = text[to..].chars().next();
    let whole = mended.split('.').next().unwrap_or("");
    let well_formed = mended.split('.').count() <= 2
        && mended.split('.').all(|part| !part.is_empty())
        && (whole == "0" || !whole.starts_with('0'));
    let free_before =
        before.is_none_or(|c| !c.is_ascii_alphanumeric() && !lexicon.labels.is_han_digit(c));
    let free_behind = behind.is_some_and(|c| {
        width::is_han(c) && !lexicon.labels.is_han_digit(c)
            || matches!(
                c,
                '%' | '‰' | '，' | '。' | '；' | '、' | '）' | ',' | ';' | ')' | '℃'
            )
    });
    if sure && well_formed && free_before && free_behind && !may_be_sign(token, behind, lexicon) {
        found.edits.push(Edit {
            span: Span::new(from, to),
            to: mended,
            why: "digit-confusable",
        });
    } else if free_before && free_behind && token.chars().any(|c| c.is_ascii_digit()) {
        found.diagnostics.push(doubt(
            text,
            from,
            to,
            "digit-doubtful",
            "letters among digits: no numeral, or more than one, comes of them",
        ));
    }
    to.max(end)
}

/// True when a ring in `token` may as well be half of a percent sign (`4.2o%`, `18.2o4，`), or its
/// first stroke a rule of the page (`|3`).
fn may_be_sign(token: &str, behind: Option<char>, lexicon: &Lexicon) -> bool {
    let is_ring = |c: char| lexicon.confusables.digits.get(&c) == Some(&'0');
    let decimals = token.split_once('.').map_or("", |(_, d)| d);
    token.starts_with('|')
        || token.ends_with('o') && behind == Some('%')
        || decimals.contains(is_ring) && !behind.is_some_and(width::is_han)
}

/// What stands behind a percent sign and should not: `12.3%o`, `63.5%6`.
fn behind_percent(
    text: &str,
    start: usize,
    end: usize,
    lexicon: &Lexicon,
    found: &mut Findings,
) -> usize {
    let permille = &lexicon.confusables.permille;
    let sign = &text[end..];
    let read = permille.read.iter().find(|r| sign.starts_with(r.as_str()));
    let number = damage::numeral_start(text, end);
    let sure = sign.starts_with(permille.sure.as_str())
        && !lexicon.confusables.is_before_percent(&text[..number]);
    if let Some(read) = read {
        let behind = sign[read.len()..].chars().next();
        // A space stays where Latin words stand on both sides of it: with ‰ for the first it would not.
        let done = behind.is_none_or(|c| !c.is_ascii_alphanumeric() && c != ' ');
        let clause = clause_before(&text[..start]);
        let one_in = |names: &[String]| names.iter().any(|n| clause.contains(n.as_str()));
        if done && (sure || one_in(&permille.names) && !one_in(&permille.not_names)) {
            found.edits.push(Edit {
                span: Span::new(end, end + read.len()),
                to: "‰".to_owned(),
                why: "permille-sign",
            });
            return end + read.len();
        }
    }
    let junk = sign[1..]
        .bytes()
        .take_while(u8::is_ascii_alphanumeric)
        .count();
    if junk > 0 {
        found.diagnostics.push(doubt(
            text,
            start,
            end + 1 + junk,
            "percent-doubtful",
            "characters behind a percent sign: it may be ‰, and the digits before it may be wrong",
        ));
    }
    end + 1
}

/// The clause that `text` ends in, at most 24 characters of it.
fn clause_before(text: &str) -> &str {
    let start = text
        .char_indices()
        .rev()
        .take(24)
        .take_while(|&(_, c)| !matches!(c, '，' | '。' | '；' | ',' | ';' | '\n'))
        .last()
        .map_or(text.len(), |(i, _)| i);
    &text[start..]
}

/// A warning about a piece of the draft.
pub(super) fn doubt(
    text: &str,
    start: usize,
    end: usize,
    code: &'static str,
    what: &str,
) -> Diagnostic {
    Diagnostic::warning(
        code,
        format!("{:?}: {what}", &text[start..end]),
        Place::Clean(Span::new(start, end)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicon;

    fn mended(text: &str) -> String {
        let paragraph = Span::new(0, text.len());
        let found = find(text, &[paragraph], Vec::new(), Lexicon::builtin());
        let mut out = String::new();
        let mut at = 0;
        for edit in &found.edits {
            out.push_str(&text[at..edit.span.start as usize]);
            out.push_str(&edit.to);
            at = edit.span.end as usize;
        }
        out + &text[at..]
    }

    #[test]
    fn each_rule_mends_its_hits_and_leaves_its_misses() {
        for (rule, hits, misses) in Lexicon::builtin().confusables.examples() {
            assert!(
                !hits.is_empty() && !misses.is_empty(),
                "[{rule}] has no examples"
            );
            for hit in hits {
                assert_eq!(mended(&hit.text), hit.to, "[{rule}]");
            }
            for miss in misses {
                assert_eq!(&mended(miss), miss, "[{rule}]");
            }
        }
    }
}
