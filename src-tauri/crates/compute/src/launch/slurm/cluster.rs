//! What is known of a cluster, and when it was asked.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use schema::{Error, Result};

use super::{
    answer::Answer,
    jobs::{
        ACCOUNT_FORMAT, PLACES_FORMAT, QUEUE_FORMAT, Queued, Record, Stage, parse_account, parse_places,
        parse_queue, parse_record, stage,
    },
    pauses::Pauses,
    programs::Programs,
};
use crate::{connection::Connection, launch::launcher::Condition};

/// How long after a change more is expected.
const AROUND_A_CHANGE: Duration = Duration::from_secs(60);

/// What is known of a cluster.
#[derive(Debug, Default)]
pub(super) struct Cluster {
    programs: Option<Programs>,
    asked: Option<Asked>,
    changed: Option<Instant>,
    /// Jobs of which neither Slurm nor the run's folder says anything, by their names.
    pub(super) missing: HashMap<String, Missing>,
    /// Since when jobs have an exit code, by their numbers.
    pub(super) ending: HashMap<String, Instant>,
    /// How jobs ended, by their names.
    pub(super) ended: HashMap<String, Condition>,
}

/// A job that is not found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Missing {
    /// Since when.
    pub(super) since: Instant,
    /// When its records were asked for.
    pub(super) asked: Instant,
}

#[derive(Debug)]
struct Asked {
    at: Instant,
    names: Vec<String>,
    answer: Result<Queue, Error>,
}

/// The jobs that were asked for, as far as Slurm has them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Queue {
    jobs: HashMap<String, Queued>,
    places: HashMap<String, u32>,
}

impl Queue {
    pub(super) fn job(&self, name: &str) -> Option<&Queued> {
        self.jobs.get(name)
    }

    /// The place of a job that waits, from 1.
    pub(super) fn place(&self, job: &Queued) -> Option<u32> {
        self.places.get(&job.id).copied()
    }
}

impl Cluster {
    /// The programs of Slurm there.
    pub(super) async fn programs(&mut self, connection: &Connection) -> Result<Programs> {
        if self.programs.is_none() {
            self.programs = Some(Programs::find(connection).await?);
        }
        // Just filled.
        self.programs.clone().ok_or_else(|| Error::internal("looking for Slurm", &"no programs"))
    }

    /// Notes that states will change soon.
    pub(super) fn changed(&mut self) {
        self.changed = Some(Instant::now());
        self.asked = None;
    }

    /// The jobs of these names: the last answer while it is young enough.
    pub(super) async fn queue(
        &mut self,
        connection: &Connection,
        names: &[&str],
        pauses: Pauses,
    ) -> Result<Queue> {
        let busy = self.changed.is_some_and(|at| at.elapsed() < AROUND_A_CHANGE);
        if let Some(asked) = &self.asked {
            let pause = if busy || asked.answer.is_err() { pauses.busy } else { pauses.calm };
            let covers = names.iter().all(|name| asked.names.iter().any(|known| known == name));
            if covers && asked.at.elapsed() < pause {
                return asked.answer.clone();
            }
        }
        let before = self.asked.take().and_then(|asked| asked.answer.ok());
        let answer = self.ask(connection, names).await;
        if let (Some(before), Ok(now)) = (&before, &answer)
            && before != now
        {
            self.changed = Some(Instant::now());
        }
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        self.asked = Some(Asked { at: Instant::now(), names, answer: answer.clone() });
        answer
    }

    /// The jobs of these names, asked for now.
    pub(super) async fn ask(&mut self, connection: &Connection, names: &[&str]) -> Result<Queue> {
        let programs = self.programs(connection).await?;
        let names = format!("--name={}", names.join(","));
        let arguments = ["-h", "-t", "all", &names, "-o", QUEUE_FORMAT];
        let Answer::Text(text) = programs.run(connection, "squeue", &arguments, None).await? else {
            return Ok(Queue::default());
        };
        let jobs = parse_queue(&text);
        let waiting = jobs.values().filter(|job| stage(&job.state) == Stage::Queued);
        let mut partitions: Vec<&str> = waiting.map(|job| job.partition.as_str()).collect();
        partitions.sort_unstable();
        partitions.dedup();
        let mut places = HashMap::new();
        if !partitions.is_empty() {
            let partitions = format!("--partition={}", partitions.join(","));
            let arguments = ["-h", "-t", "PENDING", &partitions, "-S", "P,-p,i", "-o", PLACES_FORMAT];
            if let Answer::Text(text) = programs.run(connection, "squeue", &arguments, None).await? {
                places = parse_places(&text);
                // The queue moves while others' jobs start, which is no change of ours.
                places.retain(|id, _| jobs.values().any(|job| job.id == *id));
            }
        }
        Ok(Queue { jobs, places })
    }

    /// What Slurm's records say of a job: the controller's while it has it, then those of accounting, where there is any.
    pub(super) async fn record(&mut self, connection: &Connection, id: &str) -> Result<Option<Record>> {
        let programs = self.programs(connection).await?;
        let arguments = ["show", "job", "-o", id];
        if let Answer::Text(text) = programs.run(connection, "scontrol", &arguments, None).await?
            && let Some(record) = parse_record(&text)
        {
            return Ok(Some(record));
        }
        let arguments = ["-n", "-P", "-X", "-j", id, "-o", ACCOUNT_FORMAT];
        Ok(match programs.run(connection, "sacct", &arguments, None).await? {
            Answer::Text(text) => parse_account(&text),
            // Most often: accounting is not in use.
            Answer::Refused(_) | Answer::NoSuchJob => None,
        })
    }
}
