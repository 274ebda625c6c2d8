//! Stage 3: [`Clean`] → the tree of numbered sections. Never looks at quantities.
//!
//! A section starts at a label at the start of a paragraph, or, for 一是 … and the like, behind the
//! end of a clause inside one. It ends where the next one of its level or above starts; one of a
//! series inside a paragraph ends with that paragraph at the latest.

mod numbering;

use crate::base::{Diagnostic, Span};
use crate::lexicon::Lexicon;
use crate::lexicon::labels::LabelMatch;
use crate::normalize::{Clean, Role};
use crate::record::LabelStyle;

/// One section, in the order of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Index of the enclosing section in [`Sections::sections`].
    pub parent: Option<usize>,
    /// Depth, from 1.
    pub level: u32,
    /// Where its label stands in [`Clean::text`].
    pub label: Span,
    /// Number that the label says; none for a dash.
    pub number: Option<u32>,
    /// How the label is written.
    pub style: LabelStyle,
    /// Where its title stands, without the closing full stop.
    pub title: Span,
    /// From its label to its end, subsections included.
    pub span: Span,
}

/// The sections of a page, in reading order.
#[derive(Debug, Clone, Default)]
pub struct Sections {
    /// The tree, flat, in order of [`Section::span`]'s start.
    pub sections: Vec<Section>,
    /// Gaps, repeats and disorder of the numbering.
    pub diagnostics: Vec<Diagnostic>,
}

impl Sections {
    /// Index of the innermost section that holds byte `offset` of the clean text.
    #[must_use]
    pub fn at(&self, offset: usize) -> Option<usize> {
        let last = self
            .sections
            .partition_point(|s| s.span.start as usize <= offset)
            .checked_sub(1)?;
        std::iter::successors(Some(last), |&i| self.sections[i].parent)
            .find(|&i| offset < self.sections[i].span.end as usize)
    }
}

/// A label found in the text.
#[derive(Debug, Clone, Copy)]
struct Found {
    at: usize,
    label: LabelMatch,
    /// Index of its paragraph.
    paragraph: usize,
    /// It stands inside the paragraph.
    inline: bool,
}

/// Finds the sections.
#[must_use]
pub fn sections(clean: &Clean, lexicon: &Lexicon) -> Sections {
    let found = labels(clean, lexicon);
    let mut order = Order::default();
    let mut open: Vec<usize> = Vec::new(); // from the outside in
    let mut out: Vec<Section> = Vec::new();
    let mut kinds: Vec<usize> = Vec::new(); // kind of each section
    for (i, this) in found.iter().enumerate() {
        let paragraph = clean.paragraphs[this.paragraph].span;
        let kind = &lexicon.labels.kinds[this.label.kind];
        order.note(this.label, kind.deepest);
        let rank = order.rank(this.label.kind);
        // The end of what closes here: the text before, without its line feed.
        let end = clean.text[..this.at].trim_end_matches('\n').len();
        while let Some(&top) = open.last() {
            let closed_by_paragraph = out[top].span.end as usize;
            let below = order.rank(kinds[top]) < rank;
            if below && closed_by_paragraph > this.at {
                break;
            }
            out[top].span.end = out[top].span.end.min(end as u32);
            open.pop();
        }
        // A series inside a paragraph ends with it: with the last that is inline, or the first
        // when the second is.
        let next_inline = found.get(i + 1).is_some_and(|n| {
            n.inline && n.paragraph == this.paragraph && n.label.kind == this.label.kind
        });
        let bounded = this.inline || next_inline;
        let span_end = if bounded {
            paragraph.end as usize
        } else {
            clean.text.len()
        };
        let label = Span::new(this.at, this.at + this.label.len);
        let title_limit = match found.get(i + 1) {
            Some(next) if next.paragraph == this.paragraph => next.at,
            _ => paragraph.end as usize,
        };
        out.push(Section {
            parent: open.last().copied(),
            level: open.len() as u32 + 1,
            label,
            number: this.label.number,
            style: kind.style,
            title: title(&clean.text, label.end as usize, title_limit),
            span: Span::new(this.at, span_end),
        });
        kinds.push(this.label.kind);
        open.push(out.len() - 1);
    }
    // What an enclosing section ends with ends its parts.
    for i in 0..out.len() {
        if let Some(parent) = out[i].parent {
            out[i].span.end = out[i].span.end.min(out[parent].span.end);
        }
    }
    let diagnostics = numbering::check(&out, &kinds, clean, lexicon);
    Sections {
        sections: out,
        diagnostics,
    }
}

/// All labels that start a section, in order.
fn labels(clean: &Clean, lexicon: &Lexicon) -> Vec<Found> {
    let mut out = Vec::new();
    for (paragraph, p) in clean.paragraphs.iter().enumerate() {
        if p.role != Role::Body {
            continue;
        }
        let text = p.span.of(&clean.text);
        let start = p.span.start as usize;
        let mut series: Vec<Found> = Vec::new();
        if let Some(label) = lexicon.labels.at(text) {
            let first = Found {
                at: start,
                label,
                paragraph,
                inline: false,
            };
            if lexicon.labels.kinds[label.kind].anywhere {
                series.push(first);
            } else {
                out.push(first);
            }
        }
        let opened = !series.is_empty();
        for (at, label) in lexicon.labels.behind_clauses(text) {
            if lexicon.labels.kinds[label.kind].anywhere {
                series.push(Found {
                    at: start + at,
                    label,
                    paragraph,
                    inline: true,
                });
            }
        }
        out.extend(runs(&series, opened));
    }
    out
}

/// Of labels inside a paragraph, those that number a series: 1, 2, … of one kind, or what goes on
/// with the label that opens the paragraph. 一是 alone inside a paragraph is no section.
fn runs(series: &[Found], opened: bool) -> Vec<Found> {
    let mut out: Vec<Found> = Vec::new();
    let mut i = 0;
    while i < series.len() {
        let first = series[i];
        let starts_paragraph = opened && i == 0;
        // One in the middle of a numbering starts no series, however long it goes on.
        if !starts_paragraph && first.label.number != Some(1) {
            i += 1;
            continue;
        }
        let mut run = vec![first];
        let mut next = i + 1;
        while let Some(&candidate) = series.get(next) {
            let last = run[run.len() - 1].label;
            if candidate.label.kind == last.kind
                && candidate.label.number == last.number.map(|n| n + 1)
            {
                run.push(candidate);
            } else if candidate.label.kind == last.kind && candidate.label.number == Some(1) {
                break;
            }
            next += 1;
        }
        if starts_paragraph || run.len() > 1 {
            out.extend(&run);
            i = next;
        } else {
            i += 1;
        }
    }
    out.sort_by_key(|f| f.at);
    out
}

/// A heading's title: the text from `from` to the end of its line, or up to the first full stop,
/// colon or semicolon before `limit`.
fn title(text: &str, from: usize, limit: usize) -> Span {
    let rest = &text[from..limit.max(from)];
    let stop = rest
        .find(['。', '：', '；', ':', ';'])
        .unwrap_or(rest.len());
    let body = rest[..stop].trim_end_matches(['，', ',', '、']);
    let skipped = body.len() - body.trim_start_matches(['，', ',', '、', ' ']).len();
    Span::new(from + skipped, from + body.len())
}

/// The order in which kinds of labels nest: as they first appear in the page, 一是 and the like
/// below all others.
#[derive(Debug, Default)]
struct Order {
    /// Kinds from the outside in, with the number of their first label.
    kinds: Vec<(usize, Option<u32>)>,
    deepest: Vec<usize>,
}

impl Order {
    fn note(&mut self, label: LabelMatch, deepest: bool) {
        if deepest {
            if !self.deepest.contains(&label.kind) {
                self.deepest.push(label.kind);
            }
        } else if !self.kinds.iter().any(|&(k, _)| k == label.kind) {
            // A page that goes on from another starts in the middle of its numbering: a kind that
            // encloses by custom (the order of the lexicon) then does so though it comes later.
            let starts_a_numbering = |n: Option<u32>| n.is_none_or(|n| n == 1);
            let at = self
                .kinds
                .iter()
                .position(|&(k, first)| label.kind < k && !starts_a_numbering(first))
                .unwrap_or(self.kinds.len());
            self.kinds.insert(at, (label.kind, label.number));
        }
    }

    fn rank(&self, kind: usize) -> usize {
        let outer = self.kinds.iter().position(|&(k, _)| k == kind);
        let inner = || self.deepest.iter().position(|&k| k == kind).unwrap_or(0);
        outer.unwrap_or_else(|| self.kinds.len() + inner())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::{EncodingChoice, decode};
    use crate::normalize::normalize;

    /// `level label|title` of every section of a page.
    fn outline(page: &str) -> Vec<String> {
        let lexicon = Lexicon::builtin();
        let page = decode("t", page.as_bytes(), EncodingChoice::Detect).unwrap();
        let clean = normalize(&page, lexicon);
        let found = sections(&clean, lexicon);
        found
            .sections
            .iter()
            .map(|s| {
                format!(
                    "{} {}|{}",
                    s.level,
                    s.label.of(&clean.text),
                    s.title.of(&clean.text)
                )
            })
            .collect()
    }

    #[test]
    fn own_lines_and_run_in() {
        let page = "一、水利建设\n（一）渠道。新修渠道12公里。\n（二）山塘。整修山塘8口。\n二、林业。\n全年造林300亩。";
        assert_eq!(
            outline(page),
            [
                "1 一、|水利建设",
                "2 （一）|渠道",
                "2 （二）|山塘",
                "1 二、|林业"
            ]
        );
    }

    #[test]
    fn ordinals_inside_a_paragraph_end_with_it() {
        let page = "一、作风\n全年抓三件事：一是清理文件12件；二是整改问题8个；三是回访群众40户。\n其他工作也有进展，走访企业9家。";
        assert_eq!(
            outline(page),
            [
                "1 一、|作风",
                "2 一是|清理文件12件",
                "2 二是|整改问题8个",
                "2 三是|回访群众40户"
            ]
        );
        let lexicon = Lexicon::builtin();
        let page = decode("t", page.as_bytes(), EncodingChoice::Detect).unwrap();
        let clean = normalize(&page, lexicon);
        let found = sections(&clean, lexicon);
        let at = |needle: &str| found.at(clean.text.find(needle).unwrap());
        assert_eq!(at("回访"), Some(3));
        assert_eq!(at("走访"), Some(0));
        assert_eq!(at("全年"), Some(0));
    }

    #[test]
    fn ordinals_nest_deepest_whatever_came_first() {
        let page = "一是抓春耕。备种12吨。\n二是抓防汛。备袋3万条。\n（一）措施。派员8名。\n一是巡堤。出动40人次。";
        assert_eq!(
            outline(page),
            [
                "1 一是|抓春耕",
                "1 二是|抓防汛",
                "1 （一）|措施",
                "2 一是|巡堤"
            ]
        );
    }

    #[test]
    fn one_alone_inside_a_paragraph_is_no_section() {
        assert!(outline("存在的问题，一是投入不足，缺口12万元。").is_empty());
    }

    #[test]
    fn a_page_that_goes_on_from_another() {
        let page = "（三）农业。产粮3万吨。\n三、下步打算\n（一）抓项目。新建12个。";
        assert_eq!(
            outline(page),
            ["1 （三）|农业", "1 三、|下步打算", "2 （一）|抓项目"]
        );
    }

    #[test]
    fn dashes_circles_and_arabic() {
        let page = "一、目标\n——农业：产粮3万吨。\n——工业：产值2亿元。\n二、任务\n1.修路12公里。\n①主线8公里；②支线4公里。";
        assert_eq!(
            outline(page),
            [
                "1 一、|目标",
                "2 ——|农业",
                "2 ——|工业",
                "1 二、|任务",
                "2 1.|修路12公里",
                "3 ①|主线8公里",
                "3 ②|支线4公里"
            ]
        );
    }
}
