//! The order in which a page is read, with its jump lines: what articles that go on over pages are
//! cut and put together by.

use std::ops::Range;

use super::columns::ends_sentence;
use super::ink::Ink;
use super::{Furniture, Jump, layout, order};
use crate::base::Span;
use crate::decode::Page;
use crate::lexicon::Lexicon;

/// A line as it is read, or a part of one: cut where a jump line begins or ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// Where it stands in [`Page::text`], from left to right; never empty.
    pub pieces: Vec<Span>,
    /// What of it is text: without blanks, furniture and jump lines, forms folded.
    pub text: String,
    /// Room of the blanks before it, in quarters of a Han character.
    pub indent: u32,
    /// Its text ends with a mark that ends a sentence.
    pub ends_sentence: bool,
}

/// A page in reading order.
#[derive(Debug, Clone)]
pub struct Flow {
    /// Its lines and parts of lines.
    pub stretches: Vec<Stretch>,
    /// Its jump lines, each with the stretches that it stands in.
    pub jumps: Vec<(Jump, Range<usize>)>,
    /// What stands around the text.
    pub furniture: Vec<Furniture>,
}

/// The lines of `page` as they are read.
#[must_use]
pub fn flow(page: &Page<'_>, lexicon: &Lexicon) -> Flow {
    let ink = Ink::new(page, lexicon);
    let layout = layout::layout(&ink, lexicon);
    let printed = order::printed(page);
    let mut stretches: Vec<Stretch> = printed
        .iter()
        .flat_map(|line| cut(&line.pieces, &layout.jumps))
        .map(|pieces| Stretch {
            pieces,
            text: String::new(),
            indent: 0,
            ends_sentence: false,
        })
        .collect();
    let pieces = stretches.iter().zip(0..);
    let mut places: Vec<(u32, usize)> = pieces
        .flat_map(|(s, index)| s.pieces.iter().map(move |piece| (piece.start, index)))
        .collect();
    places.sort_unstable();
    let at = |offset: u32| {
        let i = places.partition_point(|&(start, _)| start <= offset);
        let found = places.get(i.saturating_sub(1));
        found.map_or(0, |&(_, index)| index)
    };
    for row in &layout.rows {
        let pieces = ink.map.page_spans(row.ink);
        let first = pieces.first().map_or(0, |piece| at(piece.start));
        if let Some(stretch) = stretches.get_mut(first) {
            if stretch.text.is_empty() {
                stretch.indent = row.indent;
            }
            stretch.text.push_str(ink.row(row));
            stretch.ends_sentence = ends_sentence(ink.row(row));
        }
    }
    let jumps = layout.jumps.into_iter().map(|jump| {
        let (first, last) = (at(jump.span.start), at(jump.span.end - 1));
        (jump, first.min(last)..first.max(last) + 1)
    });
    Flow {
        jumps: jumps.collect(),
        stretches,
        furniture: layout.furniture,
    }
}

/// The pieces of a line, parted where `jumps` begin and end.
fn cut(pieces: &[Span], jumps: &[Jump]) -> Vec<Vec<Span>> {
    let bounds: Vec<u32> = jumps
        .iter()
        .flat_map(|jump| [jump.span.start, jump.span.end])
        .collect();
    let mut out: Vec<Vec<Span>> = Vec::new();
    let mut parted = true;
    for &piece in pieces {
        let mut ends: Vec<u32> = bounds
            .iter()
            .copied()
            .filter(|&at| piece.start < at && at < piece.end)
            .chain([piece.end])
            .collect();
        ends.sort_unstable();
        ends.dedup();
        let mut start = piece.start;
        for end in ends {
            parted |= bounds.contains(&start);
            let span = Span { start, end };
            match out.last_mut() {
                Some(last) if !parted => last.push(span),
                _ => out.push(vec![span]),
            }
            parted = bounds.contains(&end);
            start = end;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::{Options, decode};

    #[test]
    fn lines_are_cut_at_jumps() {
        let text =
            "A2 要闻\n　　全年产值12亿\n元。（下转A3版）三、农业。\n（上接A1版）增长\n3%。\n";
        let page = decode("a.txt", text.as_bytes(), Options::default()).unwrap();
        let flow = flow(&page, Lexicon::builtin());
        let texts: Vec<&str> = flow.stretches.iter().map(|s| &*s.text).collect();
        assert_eq!(
            texts,
            [
                "",
                "全年产值12亿",
                "元。",
                "",
                "三、农业。",
                "",
                "增长",
                "3%。"
            ]
        );
        assert_eq!(flow.stretches[3].pieces[0].of(text), "（下转A3版）");
        assert_eq!(flow.stretches[1].indent, 8);
        let ends: Vec<bool> = flow.stretches.iter().map(|s| s.ends_sentence).collect();
        assert_eq!(ends[1..3], [false, true]);
        let places: Vec<Range<usize>> = flow.jumps.iter().map(|j| j.1.clone()).collect();
        assert_eq!(places, [3..4, 5..6]);
        assert_eq!(flow.furniture[0].page.as_deref(), Some("A2"));
    }

    #[test]
    fn boxes_give_the_order() {
        let mut boxes = Vec::new();
        // row by row over two columns, as RapidOCR lists them
        for row in 0..6 {
            for column in 0..2 {
                let (x, y) = (column * 300, row * 20);
                let text = match (column, row) {
                    (0, 5) => "（下转A2版）".to_owned(),
                    _ => format!("第{column}栏第{row}行的文字一直写到头"),
                };
                boxes.push(format!(
                    r#"{{"box": [[{x},{y}],[{},{y}],[{},{}],[{x},{}]], "text": "{text}", "score": 0.9}}"#,
                    x + 240, x + 240, y + 16, y + 16
                ));
            }
        }
        let json = format!("[{}]", boxes.join(","));
        let page = decode("a.json", json.as_bytes(), Options::default()).unwrap();
        let flow = flow(&page, Lexicon::builtin());
        assert_eq!(flow.jumps[0].1, 5..6);
        assert!(flow.stretches[6].text.starts_with("第1栏第0行"));
    }
}
