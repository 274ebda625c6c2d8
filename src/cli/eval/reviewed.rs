//! `gongbao eval --gold corrections.json`: pages and records against a reviewer's decisions.

use std::fmt::Write;
use std::path::Path;

use super::{
    Arguments, Input, column, extract, input, lists, material, page, print, print_json, records,
};
use crate::base::legible;
use crate::cli::Stop;
use crate::cli::corrections::{self, tell_unseen};
use crate::cli::messages::{Messages, count};
use crate::corrections::Corrections;
use crate::document::Hints;
use crate::eval::{Met, ReviewedScore, ReviewedTally, score_reviewed};
use crate::record::Record;
use crate::transcribe::Transcriber;

/// One page and how it did.
struct Row {
    name: String,
    score: ReviewedScore,
}

/// What became of a page or record.
enum Scored {
    Row(Box<Row>),
    /// Nobody decided anything of it.
    Undecided,
}

pub fn run(arguments: &Arguments, messages: &mut Messages) -> Result<(), Stop> {
    let gold = Gold {
        name: arguments.gold.display().to_string(),
        corrections: corrections::read(&arguments.gold)?,
    };
    let transcriber = Transcriber::default();
    let (mut rows, mut undecided) = (Vec::new(), 0);
    for path in &arguments.paths {
        for scored in gold.scored(path, &transcriber) {
            match scored {
                Ok(Scored::Row(row)) => rows.push(*row),
                Ok(Scored::Undecided) => undecided += 1,
                Err(message) => messages.error(&format!("{}: {message}", path.display())),
            }
        }
    }
    if undecided > 0 {
        let pages = count(undecided, "page has", "pages have");
        messages.note(&format!(
            "{}: {pages} no decision in it, and no score",
            gold.name
        ));
    }
    tell_unseen(Path::new(&gold.name), &gold.corrections, messages);
    if rows.is_empty() {
        messages.error(&format!(
            "{}: none of its decisions is of these pages, so that there is nothing to score",
            gold.name
        ));
        return Ok(());
    }
    let mut all = ReviewedTally::default();
    for row in &rows {
        all += &row.score.tally;
    }
    if arguments.json {
        return print_json(&all.summary());
    }
    let pages = rows.iter().map(|row| (&*row.name, &*row.score.unmet));
    let lists = if arguments.list {
        lists(pages)
    } else {
        String::new()
    };
    print(&[&lists, &table(&rows, &all)])
}

struct Gold {
    name: String,
    corrections: Corrections,
}

impl Gold {
    fn scored(&self, path: &Path, transcriber: &Transcriber) -> Vec<Result<Scored, String>> {
        match input(path) {
            Err(message) => vec![Err(message)],
            Ok(Input::Page) => {
                let material = material(path, transcriber);
                let record = material.and_then(|read| page(path, &read, Hints::default()));
                vec![record.and_then(|record| self.score(&record))]
            }
            Ok(Input::Records { .. }) => records(path, &|record, _| self.score(&record)),
        }
    }

    fn score(&self, record: &Record) -> Result<Scored, String> {
        let (name, sha256) = (&record.source.name, &record.source.sha256);
        if let Some(applied) = record.corrections.first() {
            return Err(format!(
                "{name}: the record has the decisions of {} in it, so that they would be held against \
                 themselves; read the page without --corrections",
                applied.origin
            ));
        }
        let mut score = ReviewedScore::default();
        let mut decided = 0;
        for page in self.corrections.concerning(name, sha256) {
            let number = page.corrections.len();
            if page.sha256 != *sha256 {
                let were = count(number, "decision is", "decisions are");
                return Err(format!(
                    "{name}: it was changed since it was reviewed: {were} of a version with SHA-256 {}…, \
                     and count for nothing; review it again",
                    page.sha256.get(..12).unwrap_or(&page.sha256)
                ));
            }
            decided += number;
            let of_page = extract::caught(|| Ok(score_reviewed(page, record)))?;
            score.tally += &of_page.tally;
            score.unmet.extend(of_page.unmet);
        }
        if decided == 0 {
            return Ok(Scored::Undecided);
        }
        score.tally.pages = 1;
        let name = name.to_string();
        Ok(Scored::Row(Box::new(Row { name, score })))
    }
}

/// One line a page, one for all, and below what became of the decisions.
fn table(rows: &[Row], all: &ReviewedTally) -> String {
    let mut text = format!(
        "{:<25}{:>9}{:>6}{:>7}{:>7}{:>6}{:>6}{:>6}\n",
        "page", "decisions", "met", "missed", "extra", "P", "R", "F1"
    );
    let mut line = |name: &str, tally: &ReviewedTally| {
        let (decisions, numbers) = (tally.decisions(), tally.numbers);
        let _ = writeln!(
            text,
            "{}{:>9}{:>6}{:>7}{:>7}{:>6}{:>6}{:>6}",
            column(name),
            decisions.decided,
            decisions.met,
            numbers.missed,
            numbers.extra,
            numbers.precision().to_string(),
            numbers.recall().to_string(),
            numbers.f1().to_string(),
        );
    };
    for row in rows {
        line(&legible(&row.name), &row.score.tally);
    }
    if rows.len() > 1 {
        line(&format!("{} pages", rows.len()), all);
    }
    let Met { decided, met } = all.decisions();
    let decisions = count(decided as usize, "decision", "decisions");
    let _ = writeln!(text, "\n{decisions}, {met} met:");
    let mut below = |kind: &str, Met { decided, met }: Met, what: &str| {
        let _ = writeln!(text, "  {kind:<11}{met} of {decided} {what}");
    };
    below("right", all.right, "are read as they were");
    below(
        "corrected",
        all.corrected,
        "are read with the value that was given",
    );
    below("wrong", all.wrong, "are not read like that any more");
    if all.absent > 0 {
        let _ = writeln!(
            text,
            "  {:<11}{} of those missed: nothing is read at their place",
            "absent", all.absent
        );
    }
    text
}
