//! Messages to the person, on standard error.

use std::io::{self, Write};

use anstream::AutoStream;
use anstyle::{AnsiColor, Style};

use super::progress::grouped;
use crate::base::{legible, legible_json};

/// Says what went wrong and remembers that something did.
pub struct Messages {
    stream: AutoStream<io::Stderr>,
    failed: bool,
    /// Events instead of sentences.
    json: bool,
}

impl Messages {
    pub fn new(color: anstream::ColorChoice) -> Self {
        Self {
            stream: AutoStream::new(io::stderr(), color),
            failed: false,
            json: false,
        }
    }

    /// From now on what is said is a line of JSON each, as the subscriber to events writes it.
    pub fn as_json(&mut self) {
        self.json = true;
    }

    /// True once something went wrong.
    pub fn failed(&self) -> bool {
        self.failed
    }

    /// One line about what went wrong and what to do.
    pub fn error(&mut self, message: &str) {
        self.failed = true;
        if self.json {
            tracing::error!("{message}");
            return;
        }
        let red = Style::new().bold().fg_color(Some(AnsiColor::Red.into()));
        self.say(red, message);
    }

    /// Something went wrong that was told elsewhere.
    pub fn fail(&mut self) {
        self.failed = true;
    }

    /// One line about what was done.
    pub fn note(&mut self, message: &str) {
        if self.json {
            tracing::info!("{message}");
            return;
        }
        self.say(Style::new().bold(), message);
    }

    fn say(&mut self, style: Style, message: &str) {
        // Where standard error is closed there is nobody to tell that it is.
        let _ = writeln!(self.stream, "{style}gongbao:{style:#} {}", shown(message));
    }
}

/// Standard error for events, each a line of JSON that is written at once.
pub struct Events;

impl Write for Events {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        io::stderr().write_all(&legible_json(line))?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

/// `message` as a terminal may have it: lines behind the first indented, so that none looks like a message
/// of its own, and none without end.
fn shown(message: &str) -> String {
    const MOST: usize = 2000;
    let mut out = String::new();
    for (i, line) in message.trim_end().split('\n').enumerate() {
        if i > 0 {
            out.push_str("\n  ");
        }
        let line = legible(line);
        match line.char_indices().nth(MOST) {
            Some((end, _)) => {
                out.push_str(line.get(..end).unwrap_or_default());
                out.push('…');
            }
            None => out.push_str(&line),
        }
    }
    out
}

/// A number of things in words: `1 entry`, `1,200 entries`.
pub fn count(n: impl TryInto<u64>, one: &str, more: &str) -> String {
    let n = n.try_into().unwrap_or(u64::MAX);
    format!("{} {}", grouped(n), if n == 1 { one } else { more })
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn messages_look_like_what_they_are() {
        assert_eq!(shown("a.txt: no"), "a.txt: no");
        assert_eq!(
            shown("a\ngongbao: all is well\u{1B}[2J\r"),
            "a\n  gongbao: all is well\\u{1b}[2J"
        );
        assert!(shown(&"[".repeat(1_000_000)).len() < 3000);
    }
}
