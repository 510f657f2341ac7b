//! How the jobs of runs stand: by the files that they leave, then by the queue, then by Slurm's records.

use std::time::{Duration, Instant};

use schema::Result;

use super::{
    Pauses,
    cluster::{Cluster, Missing, Queue},
    end,
    jobs::{Queued, Stage, exit_of_shell, stage},
    marks::{Marks, TOKENS},
    reason, request,
};
use crate::{
    connection::Connection,
    launch::launcher::{Condition, RunThere},
    workers::Look,
};

/// How long a shared file system may take to show on the login node what was written on another.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long Slurm may take to say why a job ended that has written its exit code.
const ENDING: Duration = Duration::from_secs(10);

/// How the jobs of the runs stand, in their order.
pub(super) async fn look(
    cluster: &mut Cluster,
    connection: &Connection,
    runs: &[RunThere<'_>],
    pauses: Pauses,
) -> Result<Vec<Condition>> {
    let requeued = request::may_requeue(&connection.settings().options);
    let folders: Vec<&str> = runs.iter().map(|run| run.folder).collect();
    let looks = connection.look(&folders).await?;
    let mut conditions: Vec<Option<Condition>> = Vec::with_capacity(runs.len());
    for (run, seen) in runs.iter().zip(&looks) {
        let name = request::job_name(run.run, run.attempt);
        let known = cluster.ended.get(&name).cloned();
        conditions.push(match known {
            Some(known) => Some(known),
            None if !seen.there => Some(Condition::FolderGone),
            // A job that Slurm may start again ends more than once.
            None if requeued => None,
            None => exit(cluster, connection, run, seen).await?,
        });
    }
    let left: Vec<String> = runs
        .iter()
        .zip(&conditions)
        .filter(|(_, condition)| condition.is_none())
        .map(|(run, _)| request::job_name(run.run, run.attempt))
        .collect();
    let queue = if left.is_empty() {
        Queue::default()
    } else {
        let names: Vec<&str> = left.iter().map(String::as_str).collect();
        cluster.queue(connection, &names, pauses).await?
    };
    let mut all = Vec::with_capacity(runs.len());
    for ((run, seen), condition) in runs.iter().zip(&looks).zip(conditions) {
        let condition = match condition {
            Some(condition) => condition,
            None => ask(cluster, connection, run, seen, &queue, pauses).await?,
        };
        if matches!(condition, Condition::Ended { .. } | Condition::Vanished(_)) {
            if seen.sizes.contains_key(TOKENS) {
                // The job never came to the place where it removes them.
                connection.remove(&format!("{}/{TOKENS}", run.folder)).await?;
            }
            cluster.ended.insert(request::job_name(run.run, run.attempt), condition.clone());
        }
        all.push(condition);
    }
    Ok(all)
}

/// How a run stands whose folder does not say that it is over.
async fn ask(
    cluster: &mut Cluster,
    connection: &Connection,
    run: &RunThere<'_>,
    seen: &Look,
    queue: &Queue,
    pauses: Pauses,
) -> Result<Condition> {
    let name = request::job_name(run.run, run.attempt);
    let marks = Marks::new(run.attempt);
    let started = seen.sizes.contains_key(&marks.started());
    if let Some(job) = queue.job(&name)
        && let Some(condition) = alive(job, queue, started)
    {
        cluster.missing.remove(&name);
        return Ok(condition);
    }
    let id = match queue.job(&name).map(|job| job.id.clone()).or_else(|| run.handle.map(str::to_owned)) {
        Some(id) => id,
        None if started => {
            text(connection, &format!("{}/{}", run.folder, marks.started())).await?.unwrap_or_default()
        }
        None => return Ok(Condition::NotStarted),
    };
    if cluster.missing.get(&name).is_some_and(|missing| missing.asked.elapsed() < pauses.busy) {
        return Ok(Condition::Running { handle: id });
    }
    let record = cluster.record(connection, &id).await?;
    if let Some(record) = &record
        && stage(&record.state) != Stage::Over
    {
        // It came back into the queue since that was asked.
        return Ok(Condition::Running { handle: id });
    }
    // Its last files may be newer than the look that saw it running.
    let newer = connection.look(&[run.folder]).await?;
    if let Some(seen) = newer.first()
        && let Some(ended) = exit(cluster, connection, run, seen).await?
    {
        return Ok(ended);
    }
    if let Some(record) = record {
        return Ok(Condition::Ended { exit: record.exit, why: end::in_words(&record) });
    }
    let now = Instant::now();
    let since = cluster.missing.get(&name).map_or(now, |missing| missing.since);
    cluster.missing.insert(name, Missing { since, asked: now });
    if since.elapsed() < PATIENCE {
        return Ok(Condition::Running { handle: id });
    }
    Ok(Condition::Vanished(format!(
        "Slurm no longer has the job {id}, and the job left no exit code: it was cancelled before it started, or it was \
         killed on its node."
    )))
}

/// The condition of a job that is not over.
fn alive(job: &Queued, queue: &Queue, started: bool) -> Option<Condition> {
    let handle = job.id.clone();
    let waiting = |reason| {
        let starts_at = job.start.clone();
        Condition::Waiting { handle: job.id.clone(), reason, place: queue.place(job), starts_at }
    };
    Some(match stage(&job.state) {
        Stage::Over => return None,
        Stage::Running => Condition::Running { handle },
        Stage::Queued if job.state == "SUSPENDED" => waiting(Some("Suspended by Slurm.".to_owned())),
        Stage::Queued if job.state == "CONFIGURING" => {
            waiting(Some("Its nodes are being started.".to_owned()))
        }
        Stage::Queued => waiting(reason::in_words(&job.reason)),
        Stage::Unknown if started => Condition::Running { handle },
        Stage::Unknown => waiting(Some(format!("Slurm's state: {}.", job.state))),
    })
}

/// How the attempt ended, if its folder says so.
async fn exit(
    cluster: &mut Cluster,
    connection: &Connection,
    run: &RunThere<'_>,
    seen: &Look,
) -> Result<Option<Condition>> {
    let marks = Marks::new(run.attempt);
    if !seen.sizes.contains_key(&marks.exit()) {
        return Ok(None);
    }
    let code = text(connection, &format!("{}/{}", run.folder, marks.exit())).await?;
    let exit = code.and_then(|code| code.parse::<i32>().ok()).map(exit_of_shell);
    let mut why = seen.sizes.contains_key(&marks.limit()).then(|| end::NEAR_LIMIT.to_owned());
    if why.is_none()
        && let Some(id) = text(connection, &format!("{}/{}", run.folder, marks.started())).await?
        && let Ok(Some(record)) = cluster.record(connection, &id).await
    {
        let since = *cluster.ending.entry(id).or_insert_with(Instant::now);
        let is_odd = exit != Some(0) || seen.sizes.contains_key(&marks.cancelled());
        if is_odd && stage(&record.state) != Stage::Over && since.elapsed() < ENDING {
            return Ok(None);
        }
        // A worker that ends in time leaves no sign of who cancelled its job. Without an answer, the code is all there is.
        why = end::in_words(&record);
    }
    if why.is_none() && seen.sizes.contains_key(&marks.cancelled()) {
        why = Some(end::CANCELLED.to_owned());
    }
    Ok(Some(Condition::Ended { exit, why }))
}

/// The text of a small file there, without the white space around it.
pub(super) async fn text(connection: &Connection, path: &str) -> Result<Option<String>> {
    let bytes = connection.read(path).await?;
    Ok(bytes.map(|bytes| String::from_utf8_lossy(&bytes).trim().to_owned()))
}
