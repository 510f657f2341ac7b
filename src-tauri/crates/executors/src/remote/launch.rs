//! Sending what a run needs, and starting its worker.

use compute::{Environment, Launch, Parcel, TargetKind};
use platform::{Progress, Work};
use run_folder::elsewhere::Phase;
use schema::{Error, ErrorCode, Result};
use tokio_util::sync::CancellationToken;

use super::{gpus, mirror::Mirror, models::SentFolders, shipment::Shipment, variables::WorkerVariables};

/// The module of the worker.
pub(super) const MODULE: &str = "fine_tuning_worker";
/// Ends the incomplete line that a killed worker left, so that the next attempt starts a new one.
const END_HALF_LINE: &str = "\
import os, sys
if os.path.exists(sys.argv[1]):
    with open(sys.argv[1], 'r+b') as file:
        if file.seek(0, 2):
            file.seek(-1, 2)
            if file.read() != b'\\n':
                file.write(b'\\n')
";

impl Mirror {
    /// Sends what the run needs and starts its worker, each until there is an answer. Both can be repeated: what
    /// lies there is not sent again, and a worker that was started is not started again.
    ///
    /// # Errors
    /// The target refuses. With the code `Cancelled`, its end was asked for before anything was started.
    pub(super) async fn send_and_start(&self, variables: WorkerVariables) -> Result<()> {
        let (line, watched) = (&self.line, &self.watched);
        let python = self.until_answered(true, || line.python_there()).await?;
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
        let connection = &line.connection;
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
        let sent = self.until_answered(true, || connection.send(&shipment.parcel, &work)).await?;
        let job = Parcel::new().with_bytes(shipment.job(&sent)?, format!("{}/job.json", watched.there));
        self.until_answered(true, || connection.send(&job, &silent)).await?;
        let mut environment = variables.public;
        if line.target.settings.kind == TargetKind::Ssh {
            let list = || connection.run(&gpus::LIST, None, Environment::Own);
            let listed = self.until_answered(true, list).await?;
            environment.extend(gpus::variables(&listed.stdout, shipment.processes()));
        }
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
            self.end_half_line().await?;
        }
        // From here on its worker may run there, whatever becomes of the answer.
        watched.record(|known| {
            known.phase = Phase::Starting;
            known.sent = known.to_send;
        })?;
        let started = self.until_answered(false, || line.launcher.start(connection, &launch)).await?;
        watched.record(|known| known.handle = Some(started.handle))
    }

    /// Whether more events are here than there: that an attempt is logged to MLflow is written here.
    async fn has_more_events(&self) -> Result<bool> {
        let (connection, there) = (&self.line.connection, self.events_there());
        let size = self.until_answered(true, || connection.size(&there)).await?;
        let here = self.watched.folder.events().metadata().map_or(0, |found| found.len());
        Ok(size.is_some_and(|size| here > size))
    }

    fn events_there(&self) -> String {
        format!("{}/events.jsonl", self.watched.there)
    }

    async fn end_half_line(&self) -> Result<()> {
        let events = self.events_there();
        let command = ["python3", "-c", END_HALF_LINE, &events];
        let connection = &self.line.connection;
        let run = || connection.run(&command, None, Environment::Own);
        let output = self.until_answered(true, run).await?;
        if output.code == 0 {
            return Ok(());
        }
        let message = format!("The events of the run could not be prepared there: {}", output.stderr.trim());
        Err(Error::new(ErrorCode::File, message))
    }
}
