//! How far a command is, on standard error of a terminal.

use crate::run::progress::Progress;
use indicatif::{ProgressBar, ProgressStyle};

/// A progress bar, which only a terminal shows.
pub struct Bar(ProgressBar);

impl Bar {
    /// A bar for so many steps.
    pub fn new(what: &str, steps: u64) -> Bar {
        let bar = ProgressBar::new(steps);
        let style = "{prefix} [{bar:40}] {human_pos}/{human_len}  {msg}  {eta} left";
        if let Ok(style) = ProgressStyle::with_template(style) {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.set_prefix(what.to_string());
        Bar(bar)
    }

    /// So many steps more.
    pub fn step(&self, steps: u64) {
        self.0.inc(steps);
    }

    /// A word about what goes on.
    pub fn say(&self, message: String) {
        self.0.set_message(message);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

impl Progress for Bar {
    fn done(&self, comparisons: u64, failures: u64) {
        self.0.inc(comparisons);
        if failures > 0 {
            self.0.println(format!("{failures} more differ"));
        }
    }
}
