//! The steps of one command: each is announced, timed, and named when it fails.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};

#[derive(Default)]
pub(crate) struct Steps(Vec<(String, Duration)>);

impl Steps {
    /// Do one step. The first that fails ends the command with its name.
    pub(crate) fn step<T>(&mut self, name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        println!("\n=> {name}");
        let start = Instant::now();
        let result = work().with_context(|| format!("Stopped at the step \"{name}\""));
        let took = start.elapsed();
        println!("   {} {}", if result.is_ok() { "done in" } else { "failed after" }, format_duration(took));
        self.0.push((name.to_owned(), took));
        result
    }

    /// Say what was done and how long it took.
    pub(crate) fn sum_up(&self) {
        println!("\nAll {} steps succeeded:", self.0.len());
        for (name, took) in &self.0 {
            println!("  {:>9}  {name}", format_duration(*took));
        }
        println!("  {:>9}  in all", format_duration(self.0.iter().map(|(_, took)| took).sum()));
    }
}

fn format_duration(time: Duration) -> String {
    match time.as_secs() {
        seconds @ 60.. => format!("{} min {:02} s", seconds / 60, seconds % 60),
        _ => format!("{:.1} s", time.as_secs_f32()),
    }
}
