//! `--review`: one change at a time.

use std::io::{self, BufRead, Write};

use super::differing::{Differing, Verdict};
use crate::base::legible;
use crate::snapshot::{Change, Context};

/// So many columns of what was and is are shown.
const COLUMNS: usize = 200;

/// Asks what becomes of each open change. `settle` is called for each page behind its last question.
pub fn review(
    pages: &mut [&mut Differing],
    input: &mut dyn BufRead,
    out: &mut dyn Write,
    settle: &mut dyn FnMut(&Differing),
) -> io::Result<()> {
    let all: usize = pages.iter().map(|page| page.count(Verdict::Open)).sum();
    let mut number = 0;
    for page in pages {
        let (name, how) = (legible(page.name()).into_owned(), page.how);
        let mut goes_on = true;
        for (change, verdict) in &mut page.changes {
            if *verdict != Verdict::Open {
                continue;
            }
            number += 1;
            writeln!(out, "\n{number} of {all}  {name}, {how}")?;
            show(change, out)?;
            match ask(input, out)? {
                Answer::Accept => *verdict = Verdict::Accepted,
                Answer::Reject => *verdict = Verdict::Rejected,
                Answer::Skip => {}
                Answer::Quit => {
                    goes_on = false;
                    break;
                }
            }
        }
        settle(page);
        if !goes_on {
            break;
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
