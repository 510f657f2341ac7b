//! Sending what a run needs, and starting its worker.

use compute::{Launch, Parcel};
use platform::{Progress, Work};
use run_folder::elsewhere::Phase;
use schema::Result;
use tokio_util::sync::CancellationToken;

use super::{mirror::Mirror, models::SentFolders, shipment::Shipment, variables::WorkerVariables};

/// The module of the worker.
pub(super) const MODULE: &str = "fine_tuning_worker";

impl Mirror {
    /// Sends what the run needs and starts its worker, each until there is an answer. Both can be repeated: what
    /// lies there is not sent again, and a worker that was started is not started again.
    ///
    /// # Errors
    /// The target refuses. With the code `Cancelled`, its end was asked for before anything was started.
    pub(super) async fn send_and_start(&self, variables: WorkerVariables) -> Result<()> {
        let (line, watched) = (&self.line, &self.watched);
        let python = self.until_answered(true, || line.place.python()).await?;
        let mut shipment = Shipment::new(
            &watched.folder,
            &self.python.worker_folder()?,
            &watched.there,
            &self.hub,
            &line.target.settings,
        )?;
        if watched.elsewhere().sends_history {
            shipment = shipment.with_history(&watched.folder, &watched.there)?;
        } else if watched.attempt > 1 && self.has_more_events().await? {
            shipment = shipment.with_events(&watched.folder, &watched.there);
        }
        let place = &line.place;
        // Hashing is cancelled by the end of this call.
        let stop = CancellationToken::new();
        let _stop = stop.clone().drop_guard();
        let silent = Work::new(stop.clone(), |_| {});
        let reported = std::sync::Arc::clone(watched);
        let work = Work::new(stop, move |progress: Progress| {
            // The total is known once all is hashed.
            if let Some(total) = progress.total {
                reported.note(|known| (known.sent, known.to_send) = (progress.done, total));
            }
        });
        let sent = self.until_answered(true, || place.send(&shipment.parcel, &work)).await?;
        let job = Parcel::new().with_bytes(shipment.job(&sent)?, format!("{}/job.json", watched.there));
        self.until_answered(true, || place.send(&job, &silent)).await?;
        let mut environment = variables.public;
        let processes = shipment.processes();
        environment.extend(self.until_answered(true, || place.device_variables(processes)).await?);
        let launch = Launch {
            run: watched.run.clone(),
            folder: watched.there.clone(),
            attempt: watched.attempt,
            python,
            worker: SentFolders::worker(&sent),
            module: MODULE.to_owned(),
            arguments: ["run", "."].map(str::to_owned).to_vec(),
            environment,
            secrets: variables.secret,
            nodes: shipment.nodes(),
            processes: 1,
        };
        if watched.attempt > 1 {
            let events = format!("{}/events.jsonl", watched.there);
            self.until_answered(true, || place.end_half_line(&events)).await?;
        }
        // From here on its worker may run there, whatever becomes of the answer.
        watched.record(|known| {
            known.phase = Phase::Starting;
            known.sent = known.to_send;
        })?;
        let started = self.until_answered(false, || place.start(&launch)).await?;
        watched.record(|known| {
            known.job = place.job(&started.handle).map(str::to_owned);
            known.handle = Some(started.handle);
        })
    }

    /// Whether more events are here than there: that an attempt is logged to MLflow is written here.
    async fn has_more_events(&self) -> Result<bool> {
        let (place, watched) = (&self.line.place, &self.watched);
        let sizes = self.until_answered(true, || place.sizes(&watched.there)).await?;
        let there = sizes.and_then(|sizes| sizes.get("events.jsonl").copied());
        let here = watched.folder.events().metadata().map_or(0, |found| found.len());
        Ok(there.is_some_and(|there| here > there))
    }
}
