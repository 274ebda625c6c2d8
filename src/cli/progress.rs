//! How far a batch is, on a terminal.

use std::cell::Cell;
use std::thread;
use std::time::Duration;

use indicatif::{HumanBytes, HumanCount, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::batch::Passed;
use crate::batch::inputs::Inputs;

/// Pages a second, bytes a second, failures and the time left.
pub struct Progress {
    bar: ProgressBar,
    pages: Cell<u64>,
    failed: Cell<u64>,
}

impl Progress {
    /// Over `inputs`; none shows nothing.
    pub fn new(inputs: Option<Inputs>) -> Self {
        let bar = match inputs {
            None => ProgressBar::hidden(),
            Some(inputs) => {
                let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
                let style = "{wide_bar} {percent:>3}%  {msg}  {binary_bytes_per_sec}  {eta} left";
                if let Ok(style) = ProgressStyle::with_template(style) {
                    bar.set_style(style.progress_chars("=> "));
                }
                bar.enable_steady_tick(Duration::from_millis(200));
                let sized = bar.clone();
                // It may take a while in a large archive, and nobody waits for it.
                thread::spawn(move || sized.set_length(inputs.size()));
                bar
            }
        };
        Self {
            bar,
            pages: Cell::new(0),
            failed: Cell::new(0),
        }
    }

    /// A page went by.
    pub fn page(&self, page: &Passed<'_>) {
        if self.bar.is_hidden() {
            return;
        }
        self.pages.set(self.pages.get() + 1);
        self.failed
            .set(self.failed.get() + u64::from(page.result.is_err()));
        let seconds = self.bar.elapsed().as_secs().max(1);
        let failed = match self.failed.get() {
            0 => String::new(),
            failed => format!("  {} failed", grouped(failed)),
        };
        self.bar.set_message(format!(
            "{} pages  {}/s{failed}",
            grouped(self.pages.get()),
            grouped(self.pages.get() / seconds)
        ));
        self.bar.inc(page.weight);
    }

    /// Does something while the bar is out of the way.
    pub fn hidden(&self, work: impl FnOnce()) {
        self.bar.suspend(work);
    }

    /// Takes the bar away.
    pub fn end(&self) {
        self.bar.finish_and_clear();
    }
}

/// `1,234,567`.
pub fn grouped(n: u64) -> String {
    HumanCount(n).to_string()
}

/// `1.50 MiB`.
pub fn size(bytes: u64) -> String {
    HumanBytes(bytes).to_string()
}
