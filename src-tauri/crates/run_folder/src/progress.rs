//! The progress of a run, summed up from its events. Reading on costs only the new events.

use std::path::Path;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::{
    events::{self, EndStatus, Entry, Event},
    export::ExportReport,
    pace::{Pace, estimate},
};

pub use crate::measured::{Point, Series, WorkDone};

/// The progress of a run.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct RunProgress {
    /// What the worker does: `loading`, `training`, `generating` and so on.
    pub status: Option<String>,
    /// The same as a sentence.
    pub message: Option<String>,
    /// Steps done.
    pub step: u64,
    /// Steps in all, once they are known.
    pub max_steps: Option<u64>,
    /// Passes over the rows, with fractions.
    pub epoch: Option<f64>,
    /// The time left in seconds, extrapolated from the pace of this attempt.
    pub seconds_left: Option<f64>,
    /// The same and the time of a step, as a text: `about 3 s a step, about 12 min left`.
    pub estimate: Option<String>,
    /// The measurements over the steps, sorted by name: `eval_loss`, `learning_rate`, `loss` and so on.
    pub series: Vec<Series>,
    /// Steps of the checkpoints that were written.
    pub checkpoints: Vec<u64>,
    /// Device, library versions, parameter counts.
    pub facts: Map<String, Value>,
    /// Its MLflow runs.
    pub tracked: Vec<Tracked>,
    /// Messages for the user, at most a hundred.
    pub notes: Vec<Note>,
    /// The progress of each combination of an evaluation.
    pub combinations: Vec<CombinationProgress>,
    /// The folder of the adapter.
    pub adapter: Option<String>,
    /// The folder of the finished model, where the whole of it was trained.
    pub model: Option<String>,
    /// How much of its present part an export has done.
    pub work: Option<WorkDone>,
    /// What came of an export.
    pub report: Option<ExportReport>,
    /// The path or the address of what an export made.
    pub output: Option<String>,
    /// How the last attempt ended.
    #[serde(skip)]
    #[cfg_attr(feature = "typescript", specta(skip))]
    pub end: Option<End>,
    /// The last attempt that began.
    #[serde(skip)]
    #[cfg_attr(feature = "typescript", specta(skip))]
    pub attempt: Option<u32>,
    /// When it ended, in UTC.
    #[serde(skip)]
    #[cfg_attr(feature = "typescript", specta(skip))]
    pub ended_at: Option<String>,
    #[serde(skip)]
    #[cfg_attr(feature = "typescript", specta(skip))]
    offset: u64,
    #[serde(skip)]
    #[cfg_attr(feature = "typescript", specta(skip))]
    pace: Option<Pace>,
}

/// The MLflow run of a training or of an evaluation job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Tracked {
    /// The evaluation job; none for a training.
    pub job: Option<String>,
    /// The tracking URI.
    pub uri: Option<String>,
    /// The experiment's id.
    pub experiment_id: Option<String>,
    /// The run's id.
    pub run_id: Option<String>,
}

/// A message for the user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Note {
    /// Whether it is a warning.
    pub warning: bool,
    /// One or two sentences.
    pub text: String,
}

/// The progress of a combination of an evaluation.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct CombinationProgress {
    /// The evaluation job.
    pub job: String,
    /// `loading`, `generating`, `comparing` or `scored`.
    pub status: Option<String>,
    /// Rows answered or compared.
    pub done: u64,
    /// Rows to answer or compare.
    pub total: Option<u64>,
    /// The metrics by name, such as `exact_match/v1`.
    pub metrics: Map<String, Value>,
}

/// How the worker says that an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// Whether it succeeded.
    pub status: EndStatus,
    /// Why it failed, in a sentence.
    pub message: Option<String>,
    /// What to do about it.
    pub hint: Option<String>,
    /// The folder of the finished adapter.
    pub adapter: Option<String>,
    /// The folder of the finished model.
    pub model: Option<String>,
    /// The path or the address of what an export made.
    pub output: Option<String>,
}

/// A chart has fewer pixels. A longer series loses every second point.
const MOST_POINTS: usize = 1_000;
const MOST_NOTES: usize = 100;
/// In characters.
const LONGEST_NOTE: usize = 2_000;
/// The most series, facts, combinations or MLflow runs; a faulty worker might report any number.
const MOST_NAMES: usize = 1_000;

impl RunProgress {
    /// Reads the events that were written since the last call.
    pub fn catch_up(&mut self, events: &Path) -> std::io::Result<()> {
        let offset = events::read_after(events, self.offset, |entry| self.add(entry))?;
        if offset < self.offset {
            *self = Self::default();
            return self.catch_up(events);
        }
        self.offset = offset;
        Ok(())
    }

    /// How that attempt ended, if its worker said so. The end of an earlier attempt is not returned; a cluster that
    /// starts a worker again counts further.
    pub fn end_of(&self, attempt: u32) -> Option<&End> {
        self.end.as_ref().filter(|_| self.attempt.unwrap_or(1) >= attempt)
    }

    /// Whether the worker of that attempt has begun, or of a later one.
    pub fn has_begun(&self, attempt: u32) -> bool {
        self.attempt >= Some(attempt)
    }

    fn add(&mut self, entry: Entry) {
        let at = entry.time.as_deref().and_then(|time| time.parse().ok());
        match entry.event {
            Event::Started { attempt } => {
                self.end = None;
                self.attempt = attempt;
                self.pace = None;
                self.seconds_left = None;
                self.estimate = None;
                self.work = None;
                self.report = None;
            }
            Event::Status { status, message } => {
                // What was counted belongs to the part before.
                self.work = None;
                self.status = Some(status);
                self.message = message;
            }
            Event::Progress { step, max_steps, epoch } => self.progress(step, max_steps, epoch, at),
            Event::Metrics { step, values, .. } => self.measure(step, &values),
            Event::Checkpoint { step } => {
                while self.checkpoints.last().is_some_and(|last| *last >= step) {
                    self.checkpoints.pop();
                }
                self.checkpoints.push(step);
            }
            Event::Facts(facts) => {
                let room = MOST_NAMES.saturating_sub(self.facts.len());
                self.facts.extend(facts.into_iter().take(room));
            }
            Event::Mlflow { uri, experiment_id, run_id, job } => {
                self.tracked.retain(|tracked| tracked.job != job);
                if self.tracked.len() < MOST_NAMES {
                    self.tracked.push(Tracked { job, uri, experiment_id, run_id });
                }
            }
            Event::Message { level, text } => {
                let text = shortened(&text, LONGEST_NOTE);
                let note = Note { warning: level.as_deref() == Some("warning"), text };
                if self.notes.len() < MOST_NOTES && !self.notes.contains(&note) {
                    self.notes.push(note);
                }
            }
            Event::Combination { job, status, done, total } => {
                let Some(combination) = self.combination(job) else { return };
                combination.status = status.or(combination.status.take());
                combination.done = done.unwrap_or(combination.done);
                combination.total = total.or(combination.total);
            }
            Event::Result { job, metrics } => {
                if let Some(combination) = self.combination(job) {
                    combination.metrics = metrics;
                }
            }
            Event::Work { done, total, unit } => self.work = Some(WorkDone { done, total, unit }),
            Event::Report { report } => self.report = Some(report),
            Event::Ended { status, message, hint, adapter, model, output } => {
                self.seconds_left = None;
                self.estimate = None;
                self.adapter.clone_from(&adapter);
                self.model.clone_from(&model);
                self.output.clone_from(&output);
                self.ended_at = entry.time;
                self.end = Some(End { status, message, hint, adapter, model, output });
            }
        }
    }

    fn combination(&mut self, job: String) -> Option<&mut CombinationProgress> {
        let at = self.combinations.iter().position(|known| known.job == job);
        if at.is_none() && self.combinations.len() < MOST_NAMES {
            self.combinations.push(CombinationProgress { job, ..CombinationProgress::default() });
        }
        match at {
            Some(at) => self.combinations.get_mut(at),
            None => self.combinations.last_mut(),
        }
    }

    fn progress(
        &mut self,
        step: u64,
        max_steps: Option<u64>,
        epoch: Option<f64>,
        at: Option<jiff::Timestamp>,
    ) {
        self.step = step;
        self.max_steps = max_steps.or(self.max_steps);
        self.epoch = epoch.or(self.epoch);
        let Some(at) = at else { return };
        let first = *self.pace.get_or_insert(Pace { step, at });
        let (done, left) =
            (step.saturating_sub(first.step), self.max_steps.map(|max| max.saturating_sub(step)));
        // The clock may have been set back.
        let seconds = at.duration_since(first.at).as_secs_f64().max(0.0);
        let a_step = seconds / done as f64;
        self.seconds_left = left.filter(|_| done > 0).map(|left| a_step * left as f64);
        self.estimate = self.seconds_left.map(|left| estimate(a_step, left));
    }

    /// A resumed run repeats the steps after its checkpoint: the earlier measurements of these steps
    /// are dropped.
    fn measure(&mut self, step: u64, values: &Map<String, Value>) {
        for (name, value) in values {
            let Some(value) = value.as_f64() else { continue };
            let at = match self.series.binary_search_by(|series| series.name.cmp(name)) {
                Ok(at) => at,
                Err(_) if self.series.len() >= MOST_NAMES => continue,
                Err(at) => {
                    self.series.insert(at, Series { name: name.clone(), points: Vec::new() });
                    at
                }
            };
            let Some(Series { points, .. }) = self.series.get_mut(at) else { continue };
            while points.last().is_some_and(|last| last.step >= step) {
                points.pop();
            }
            points.push(Point { step, value });
            if points.len() > 2 * MOST_POINTS {
                let mut at = 0;
                points.retain(|_| {
                    at += 1;
                    at % 2 == 1
                });
            }
        }
    }
}

/// The first `most` characters of a text, with an ellipsis if it is longer.
pub fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn progress(lines: &str) -> RunProgress {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("events.jsonl");
        std::fs::write(&path, lines).unwrap();
        let mut progress = RunProgress::default();
        progress.catch_up(&path).unwrap();
        progress
    }

    #[test]
    fn the_time_left_follows_from_the_pace() {
        let read = progress(
            "{\"time\":\"2026-01-01T00:00:00Z\",\"event\":\"progress\",\"step\":10,\"max_steps\":40}\n\
             {\"time\":\"2026-01-01T00:00:20Z\",\"event\":\"progress\",\"step\":20,\"max_steps\":40}\n",
        );
        assert_eq!((read.step, read.max_steps, read.seconds_left), (20, Some(40), Some(40.0)));
    }

    #[test]
    fn what_is_estimated_says_so() {
        let started =
            "{\"time\":\"2026-01-01T00:00:00Z\",\"event\":\"progress\",\"step\":0,\"max_steps\":240}\n";
        assert_eq!(progress(started).estimate, None);
        let step = "{\"time\":\"2026-01-01T00:00:03Z\",\"event\":\"progress\",\"step\":1}\n";
        let read = progress(&format!("{started}{step}"));
        assert_eq!(read.estimate.as_deref(), Some("about 3 s a step, about 12 min left"));
        let ended = progress(&format!("{started}{step}{{\"event\":\"ended\",\"status\":\"stopped\"}}\n"));
        assert_eq!(ended.estimate, None);
    }

    #[test]
    fn a_resumed_run_draws_one_curve() {
        let read = progress(
            "{\"event\":\"started\"}\n\
             {\"event\":\"metrics\",\"step\":1,\"values\":{\"loss\":5.0}}\n\
             {\"event\":\"metrics\",\"step\":2,\"values\":{\"loss\":4.0}}\n\
             {\"event\":\"metrics\",\"step\":3,\"values\":{\"loss\":null}}\n\
             {\"event\":\"ended\",\"status\":\"stopped\"}\n\
             {\"event\":\"started\"}\n\
             {\"event\":\"metrics\",\"step\":2,\"values\":{\"loss\":3.5}}\n",
        );
        let points: Vec<(u64, f64)> = read.series[0].points.iter().map(|p| (p.step, p.value)).collect();
        assert_eq!(points, [(1, 5.0), (2, 3.5)]);
        assert_eq!(read.end, None);
    }

    #[test]
    fn a_long_run_keeps_a_curve_of_its_whole_length() {
        let lines = (1..=50_000)
            .map(|step| format!("{{\"event\":\"metrics\",\"step\":{step},\"values\":{{\"loss\":1.0}}}}\n"));
        let points = &progress(&lines.collect::<String>()).series[0].points;
        assert!(points.len() <= 2 * MOST_POINTS);
        assert_eq!(points[0].step, 1);
        assert!(points[points.len() - 1].step > 49_000);
    }

    #[test]
    fn absurd_numbers_and_floods_do_no_harm() {
        let many = |line: &dyn Fn(usize) -> String| (0..100_000).map(line).collect::<String>();
        let read = progress(
            &[
                "{\"event\":\"metrics\",\"step\":1,\"values\":{\"loss\":NaN}}\n\
                 {\"event\":\"metrics\",\"step\":1,\"values\":{\"loss\":1e999}}\n\
                 {\"event\":\"metrics\",\"step\":-1,\"values\":{\"loss\":1.0}}\n\
                 {\"event\":\"metrics\",\"step\":2,\"values\":{\"loss\":1e308}}\n\
                 {\"time\":\"2026-01-01T00:00:20Z\",\"event\":\"progress\",\"step\":1,\"max_steps\":18446744073709551615}\n\
                 {\"time\":\"2026-01-01T00:00:10Z\",\"event\":\"progress\",\"step\":2}\n"
                    .to_owned(),
                many(&|n| format!("{{\"event\":\"message\",\"text\":\"{n}{}\"}}\n", "x".repeat(20))),
                many(&|n| format!("{{\"event\":\"checkpoint\",\"step\":{n}}}\n")),
                many(&|n| format!("{{\"event\":\"combination\",\"job\":\"{n}\"}}\n")),
                many(&|n| format!("{{\"event\":\"mlflow\",\"job\":\"{n}\"}}\n")),
                many(&|n| format!("{{\"event\":\"facts\",\"{n}\":1}}\n")),
                many(&|n| format!("{{\"event\":\"metrics\",\"step\":3,\"values\":{{\"{n}\":1}}}}\n")),
                format!("{{\"event\":\"message\",\"text\":\"{}\"}}\n", "x".repeat(500_000)),
            ]
            .concat(),
        );
        let loss = read.series.iter().find(|series| series.name == "loss").unwrap();
        assert_eq!(loss.points, [Point { step: 2, value: 1e308 }]);
        assert_eq!(read.seconds_left, Some(0.0));
        assert_eq!((read.notes.len(), read.checkpoints.len()), (MOST_NOTES, 100_000));
        let names = [read.combinations.len(), read.tracked.len(), read.facts.len(), read.series.len()];
        assert_eq!(names, [MOST_NAMES; 4]);
        let long = format!("{{\"event\":\"message\",\"text\":\"{}\"}}\n", "é".repeat(300_000));
        assert_eq!(progress(&long).notes[0].text.chars().count(), LONGEST_NOTE + 1);
    }
}
