//! Messages to the person, on standard error.

use std::io::{self, Write};

use anstream::AutoStream;
use anstyle::{AnsiColor, Style};

/// Says what went wrong and remembers that something did.
pub struct Report {
    stream: AutoStream<io::Stderr>,
    failed: bool,
    /// Events instead of sentences.
    json: bool,
}

impl Report {
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
        let _ = writeln!(self.stream, "{style}gongbao:{style:#} {message}");
    }
}
