//! An explanation in lines for the eye.

use std::io;

use anstyle::Style;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::base::legible;
use crate::explain::{Explanation, Number, Outcome, Place, Told};
use crate::record::Source;

/// Columns before the text of a step: the indent, the name of the field and a blank.
const HANG: usize = 17;
/// Lines are never cut to fewer columns of text.
const NARROWEST: usize = 20;

/// Writes the places of `explanation`, lines wrapped at `width` columns of a terminal on which a Han
/// character takes two. Numbers are bold, in ANSI codes for the caller to drop where they are not
/// wanted.
///
/// # Errors
/// Those of `out`.
pub fn steps(explanation: &Explanation, width: usize, out: &mut impl io::Write) -> io::Result<()> {
    for (i, place) in explanation.places.iter().enumerate() {
        if i > 0 {
            writeln!(out)?;
        }
        written(&explanation.file, place, width, out)?;
    }
    Ok(())
}

fn written(file: &str, place: &Place, width: usize, out: &mut impl io::Write) -> io::Result<()> {
    if let Some(note) = &place.note {
        writeln!(out, "{}", stands(file, &place.source))?;
        lines(&place.text, 4, width, out)?;
        lines(note, 2, width, out)?;
    }
    for (i, number) in place.numbers.iter().enumerate() {
        if i > 0 {
            writeln!(out)?;
        }
        one(file, number, width, out)?;
    }
    Ok(())
}

fn one(file: &str, number: &Number, width: usize, out: &mut impl io::Write) -> io::Result<()> {
    writeln!(out, "{}", stands(file, &number.source))?;
    let sentence = format!("{}【{}】{}", number.before, number.text, number.behind);
    lines(sentence.trim(), 4, width, out)?;
    let bold = Style::new().bold();
    let became = match (number.outcome, &number.indicator) {
        (Outcome::Taken, Some(id)) => format!("is indicator {id}"),
        (Outcome::Taken, None) => "is a quantity".to_owned(),
        (Outcome::Left, _) => "is no indicator".to_owned(),
        (Outcome::Time, _) => "is a time".to_owned(),
    };
    writeln!(out, "{bold}{}{bold:#} {became}", number.text.trim())?;
    let mut stage = "";
    for step in &number.steps {
        if step.stage != stage {
            stage = step.stage;
            writeln!(out, "  {stage}")?;
        }
        let text = text(step);
        let mut head = format!("    {}", step.field);
        while head.width() < HANG {
            head.push(' ');
        }
        for line in wrapped(&text, width.saturating_sub(HANG).max(NARROWEST)) {
            writeln!(out, "{}", format!("{head}{line}").trim_end())?;
            head = " ".repeat(HANG);
        }
    }
    Ok(())
}

/// File, lines and bytes: `a.txt:24-25: bytes 928 to 930 and 997 to 1000`.
fn stands(file: &str, source: &Source) -> String {
    let lines = if source.line == source.end_line {
        source.line.to_string()
    } else {
        format!("{}-{}", source.line, source.end_line)
    };
    let bytes: Vec<String> = match &source.pieces {
        Some(pieces) => pieces
            .iter()
            .map(|p| format!("{} to {}", p.start, p.end))
            .collect(),
        None => vec![format!("{} to {}", source.start, source.end)],
    };
    format!("{}:{lines}: bytes {}", legible(file), bytes.join(" and "))
}

fn text(step: &Told) -> String {
    let mut text = if step.value.is_empty() {
        "none".to_owned()
    } else {
        step.value.clone()
    };
    text.push_str(" — ");
    text.push_str(&step.says);
    if !step.words.trim().is_empty() && step.words != step.value {
        text.push_str(&format!(": {}", step.words.trim()));
    }
    if let Some(rule) = &step.rule {
        text.push_str(&format!(" [{rule}]"));
    }
    if let Some(entry) = &step.entry {
        text.push_str(&format!(" ({entry})"));
    }
    text
}

/// `text` in lines behind an indent.
fn lines(text: &str, indent: usize, width: usize, out: &mut impl io::Write) -> io::Result<()> {
    for line in wrapped(text, width.saturating_sub(indent).max(NARROWEST)) {
        writeln!(out, "{}{line}", " ".repeat(indent))?;
    }
    Ok(())
}

/// `text` in lines of at most `width` columns, parted at blanks and before Han characters; a longer
/// word stands alone.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut out = Vec::new();
    let mut line = String::new();
    for atom in atoms(text) {
        let room = width.saturating_sub(line.width());
        if atom.width() > room && !line.is_empty() {
            out.push(std::mem::take(&mut line).trim_end().to_owned());
        }
        if line.is_empty() && atom.trim().is_empty() {
            continue;
        }
        line.push_str(atom);
    }
    if !line.trim_end().is_empty() {
        out.push(line.trim_end().to_owned());
    }
    out
}

/// `text` in pieces that stay together: words, blanks, single wide characters with the marks behind
/// them.
fn atoms(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut last: Option<char> = None;
    for (i, c) in text.char_indices() {
        let wide = |c: char| c.width().unwrap_or(0) > 1;
        let parts = last.is_some_and(|l| {
            l == ' ' || c == ' ' || (wide(l) || wide(c)) && !closes(c) && l != '【' && l != '“'
        });
        if parts {
            out.push(text.get(start..i).unwrap_or(""));
            start = i;
        }
        last = Some(c);
    }
    out.push(text.get(start..).unwrap_or(""));
    out
}

/// True for marks that begin no line.
fn closes(c: char) -> bool {
    matches!(
        c,
        '，' | '。' | '；' | '：' | '、' | '）' | '】' | '”' | '》' | '…' | ']' | ')'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_as_wide_as_they_may_be() {
        let text = "粮食产量 — the noun phrase before the number，茶园（面积）。";
        for width in 8..60 {
            let found = wrapped(text, width);
            assert!(
                found.iter().all(|l| l.width() <= width.max(10)),
                "{found:?}"
            );
            let all: String = found.concat();
            let bare = |s: &str| s.replace(' ', "");
            assert_eq!(bare(&all), bare(text));
        }
        assert_eq!(wrapped("茶园，面积", 6), ["茶园，", "面积"]);
        assert_eq!(wrapped("茶园，面积", 5), ["茶", "园，", "面积"]);
        assert!(wrapped("", 10).is_empty());
    }
}
