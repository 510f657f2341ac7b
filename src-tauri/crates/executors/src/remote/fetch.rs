//! Brings the results of a run.

use std::time::Duration;

use platform::{Progress, Work};
use run_folder::elsewhere::Phase;
use schema::{Error, ErrorCode, Result};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::{job::Job, mirror::Mirror, results::ResultPlace, watched::Wish};

/// How long to wait before results are fetched again that could not be written here.
const AGAIN: Duration = Duration::from_secs(10);

impl Mirror {
    /// Fetches the results that are there and puts each into its place whole. If `insists`, until it is done or the
    /// run's end is asked for, or their place here is taken.
    pub(super) async fn fetch_results(&self, insists: bool) -> Result<()> {
        let mut results = Job::read(&self.watched.folder)?.results(&self.watched.folder);
        if !insists {
            // What is unfinished is not put where a person looks for a result.
            results.retain(|result| result.is_own);
        }
        let is_begun = self.watched.elsewhere().phase == Phase::Fetching;
        if !is_begun {
            // What lies there later is what an interrupted fetch of this run has placed.
            for result in results.iter().filter(|_| self.watched.attempt == 1) {
                result.check_free()?;
            }
            self.watched.record(|known| {
                known.phase = Phase::Fetching;
                known.left_there = insists.then(|| self.watched.there.clone());
            })?;
        }
        // A wish from before the worker's end has been fulfilled.
        let is_stoppable = insists && !self.watched.is_to_stop();
        loop {
            match self.fetch_all(&results, is_stoppable).await {
                Err(error)
                    if insists && !matches!(error.code, ErrorCode::Cancelled | ErrorCode::Conflict) =>
                {
                    self.watched.note(|known| known.reason = Some(error.message));
                    tokio::select! {
                        () = sleep(AGAIN) => {}
                        () = self.watched.until_wished(Wish::Stop), if is_stoppable => {}
                    }
                }
                fetched => return fetched,
            }
        }
    }

    async fn fetch_all(&self, results: &[ResultPlace], is_stoppable: bool) -> Result<()> {
        let (place, watched) = (&self.line.place, &self.watched);
        let mut found = Vec::new();
        let mut all = 0;
        for result in results {
            let there = format!("{}/{}", watched.there, result.there);
            let size = self.until_answered(is_stoppable, || place.size(&there)).await?;
            if let Some(size) = size {
                all += size;
                found.push((result, there, size));
            }
        }
        watched.note(|known| (known.fetched, known.to_fetch) = (0, all));
        let stop = CancellationToken::new();
        let _stop = stop.clone().drop_guard();
        let mut before = 0;
        for (result, there, size) in found {
            let staging = result.staging(&watched.run);
            if let Some(parent) = staging.parent() {
                std::fs::create_dir_all(parent).map_err(|error| Error::file("create", parent, &error))?;
            }
            let reported = std::sync::Arc::clone(watched);
            let work = Work::new(stop.clone(), move |progress: Progress| {
                reported.note(|known| known.fetched = before + progress.done);
            });
            self.until_answered(is_stoppable, || place.fetch(&there, &staging, &work)).await?;
            result.put_in_place(&staging)?;
            before += size;
        }
        Ok(())
    }
}
