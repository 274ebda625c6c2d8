//! `--review`: one change at a time.

use std::io::{self, BufRead, Write};

use super::differing::{Differing, Verdict};
use crate::base::legible;
use crate::snapshot::{Change, Context};

/// So many columns of what was and is are shown.
const COLUMNS: usize = 200;

/// Asks what becomes of each open change. `settle` keeps each that is accepted at once, so that no answer is
/// lost with the terminal; one that it cannot keep stays open.
pub fn review(
    pages: &mut [&mut Differing],
    input: &mut dyn BufRead,
    out: &mut dyn Write,
    settle: &mut dyn FnMut(&Differing) -> bool,
) -> io::Result<()> {
    let all: usize = pages.iter().map(|page| page.count(Verdict::Open)).sum();
    let mut number = 0;
    'pages: for page in pages {
        let (name, how) = (legible(page.name()).into_owned(), page.how);
        for at in 0..page.changes.len() {
            let Some((change, Verdict::Open)) = page.changes.get(at) else {
                continue;
            };
            number += 1;
            writeln!(out, "\n{number} of {all}  {name}, {how}")?;
            show(change, out)?;
            match ask(input, out)? {
                Answer::Accept => {
                    page.decide(at, Verdict::Accepted);
                    if !settle(page) {
                        page.decide(at, Verdict::Open);
                    }
                }
                Answer::Reject => page.decide(at, Verdict::Rejected),
                Answer::Skip => {}
                Answer::Quit => break 'pages,
            }
        }
    }
    writeln!(out)
}

enum Answer {
    Accept,
    Reject,
    Skip,
    Quit,
}

/// The end of the input is the end of the review.
fn ask(input: &mut dyn BufRead, out: &mut dyn Write) -> io::Result<Answer> {
    loop {
        write!(out, "accept, reject, skip or quit [a/r/s/q]? ")?;
        out.flush()?;
        let mut line = String::new();
        if input.read_line(&mut line)? == 0 {
            return Ok(Answer::Quit);
        }
        match line.trim().to_ascii_lowercase().as_str() {
            "a" | "accept" => return Ok(Answer::Accept),
            "r" | "reject" => return Ok(Answer::Reject),
            "s" | "skip" => return Ok(Answer::Skip),
            "q" | "quit" => return Ok(Answer::Quit),
            _ => writeln!(
                out,
                "a: take it; r: a mistake, to be mended; s: later; q: end here"
            )?,
        }
    }
}

fn show(change: &Change, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "  {}", legible(&change.short(COLUMNS)))?;
    let mut seen = |head: &str, context: &Option<Context>| match context {
        Some(Context { text, line }) => {
            writeln!(out, "  {head} line {line}: {}", legible(text))
        }
        None => Ok(()),
    };
    if change.before == change.after {
        return seen("at ", &change.before);
    }
    seen("old", &change.before)?;
    seen("new", &change.after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Extractor;
    use crate::cli::snapshot::folder::{Kept, Page};
    use crate::snapshot::compare;

    /// Answers, and how often what was accepted could be kept before them.
    fn review_of(answers: &str, keeps: bool) -> (Vec<usize>, Vec<Verdict>) {
        let folder = tempfile::tempdir().unwrap();
        let page = Page {
            path: folder.path().join("a.txt"),
            name: "a.txt".to_owned(),
        };
        let read = |text: &str| Extractor::new().extract("a.txt", text.as_bytes()).unwrap();
        let old = read("全年造林30亩，育苗12亩。");
        let new = read("全年造林31亩，育苗13亩。");
        let changes = compare(&old, &new);
        assert_eq!(changes.len(), 2);
        let names = vec![page.name.clone()];
        let kept = Kept::of(&page.path);
        let new = Some((&page, Box::new(new)));
        let mut differing = Differing::new(names, "changed", changes, kept, new).unwrap();
        let mut settled = Vec::new();
        let mut settle = |page: &Differing| {
            settled.push(page.count(Verdict::Accepted));
            keeps && page.settle().is_ok()
        };
        let mut pages = [&mut differing];
        review(
            &mut pages,
            &mut answers.as_bytes(),
            &mut Vec::new(),
            &mut settle,
        )
        .unwrap();
        let verdicts = differing.changes.iter().map(|(_, verdict)| *verdict);
        let verdicts = verdicts.collect();
        let accepted = Kept::of(&page.path).accepted().unwrap();
        assert_eq!(accepted.len(), usize::from(keeps && answers == "a\n"));
        (settled, verdicts)
    }

    #[test]
    fn each_answer_is_kept_at_once() {
        let (settled, verdicts) = review_of("a\n", true);
        assert_eq!(settled, [1]);
        assert_eq!(verdicts, [Verdict::Accepted, Verdict::Open]);
        let (settled, verdicts) = review_of("a\na\n", true);
        assert_eq!(settled, [1, 2]);
        assert_eq!(verdicts, [Verdict::Accepted, Verdict::Accepted]);
    }

    #[test]
    fn what_cannot_be_kept_stays_open() {
        let (_, verdicts) = review_of("a\nr\n", false);
        assert_eq!(verdicts, [Verdict::Open, Verdict::Rejected]);
    }
}
