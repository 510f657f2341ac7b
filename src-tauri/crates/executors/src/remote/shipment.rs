//! What is sent for a run, and its job as it is carried out there.

use std::path::Path;

use compute::{Parcel, Sent, TargetSettings};
use hub::Hub;
use run_folder::{
    folder::RunFolder,
    spec::{Framework, Source, Spec, Task},
};
use schema::{Error, ErrorCode, Result};

use super::{
    models::{SentFolders, fetch_there},
    results::{ADAPTER, CHECKPOINTS, MODEL, of_job},
};

/// The training script of the user's own, in the run's folder.
const SCRIPT: &str = "script.py";
/// From a run's folder there to the target's folder.
const UP: &str = "../../";

/// What is sent for a run: its rows, the worker's package, and every model and adapter that lies in a folder.
#[derive(Debug)]
pub(super) struct Shipment {
    spec: Spec,
    /// Everything but the job.
    pub(super) parcel: Parcel,
    folders: SentFolders,
}

impl Shipment {
    /// What a prepared run needs in its folder `there`, with the worker's package.
    ///
    /// # Errors
    /// The job can't be read, or is none that other machines can carry out.
    pub(super) fn new(
        folder: &RunFolder,
        worker: &Path,
        there: &str,
        hub: &Hub,
        settings: &TargetSettings,
    ) -> Result<Self> {
        let mut spec = folder.spec()?;
        for source in sources_mut(&mut spec) {
            fetch_there(source, hub, settings);
        }
        let (folders, mut parcel) = SentFolders::pack(worker, sources(&spec));
        let mut rows = vec![folder.train(), folder.eval()];
        rows.extend(spec.further_rows().iter().map(|(name, _)| folder.rows(name)));
        for path in rows.into_iter().filter(|path| path.is_file()) {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            parcel = parcel.with_file(path, format!("{there}/{name}"));
        }
        if let Task::Training(training) = &spec.task {
            if training.framework == Framework::Axolotl {
                return Err(Error::new(ErrorCode::Invalid, "axolotl trains on this machine only.")
                    .hint("Choose this machine, or train without axolotl."));
            }
            if let Some(script) = &training.script {
                parcel = parcel.with_file(&script.path, format!("{there}/{SCRIPT}"));
            }
        }
        Ok(Self { spec, parcel, folders })
    }

    /// The same with what earlier attempts wrote here: events, log, checkpoints, and the answers of an evaluation.
    ///
    /// # Errors
    /// Some of it can't be read.
    pub(super) fn with_history(mut self, folder: &RunFolder, there: &str) -> Result<Self> {
        for path in [folder.events(), folder.log()].into_iter().filter(|path| path.is_file()) {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            self.parcel = self.parcel.with_own_file(path, format!("{there}/{name}"));
        }
        let folders: Vec<(String, String)> = match &self.spec.task {
            Task::Training(training) => vec![(training.output.checkpoints.clone(), CHECKPOINTS.to_owned())],
            Task::Evaluation(evaluation) => {
                let answers = evaluation.combinations.iter();
                answers.map(|one| (one.folder.clone(), of_job(&one.job))).collect()
            }
        };
        for (here, name) in folders {
            let here = Path::new(&here);
            if here.is_dir() {
                self.parcel = self.parcel.with_own_folder(here, &format!("{there}/{name}"))?;
            }
        }
        Ok(self)
    }

    /// The nodes on which the run works, at least 1. An evaluation works on one.
    pub(super) fn nodes(&self) -> u32 {
        match &self.spec.task {
            Task::Training(training) => training.nodes.max(1),
            Task::Evaluation(_) => 1,
        }
    }

    /// The processes that work together, each on a device of its own, at least 1.
    pub(super) fn processes(&self) -> u32 {
        match &self.spec.task {
            Task::Training(training) => training.processes.max(1),
            Task::Evaluation(_) => 1,
        }
    }

    /// `job.json` as the worker there reads it, by what was sent: with places of that machine instead of this
    /// one's, and the processes of each node.
    pub(super) fn job(&self, sent: &Sent) -> Result<Vec<u8>> {
        let (mut spec, nodes) = (self.spec.clone(), self.nodes());
        if is_of_this_machine(&spec.tracking.uri) {
            spec.tracking.uri = String::new();
        }
        for source in sources_mut(&mut spec) {
            if let Some(there) = self.folders.place(source, sent) {
                source.source = format!("{UP}{there}");
            }
        }
        match &mut spec.task {
            Task::Training(training) => {
                ADAPTER.clone_into(&mut training.output.adapter);
                CHECKPOINTS.clone_into(&mut training.output.checkpoints);
                training.output.model = training.output.model.take().map(|_| MODEL.to_owned());
                // Devices are chosen by their indexes on this machine.
                training.devices.clear();
                training.processes = (training.processes / nodes).max(1);
                training.nodes = 1;
                if let Some(script) = &mut training.script {
                    SCRIPT.clone_into(&mut script.path);
                }
            }
            Task::Evaluation(evaluation) => {
                for combination in &mut evaluation.combinations {
                    combination.folder = of_job(&combination.job);
                }
            }
        }
        serde_json::to_vec_pretty(&spec).map_err(|error| Error::internal("writing the job", &error))
    }
}

/// Whether a tracking address means nothing on other machines: a file, or a server of this machine alone.
pub(super) fn is_of_this_machine(uri: &str) -> bool {
    let Some((scheme, rest)) = uri.split_once("://") else { return true };
    let host = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let host = host.rsplit('@').next().unwrap_or(host);
    let name = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) => address,
        None => host.split(':').next().unwrap_or(host),
    };
    let is_loopback = name.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback());
    !matches!(scheme, "http" | "https" | "databricks") || name == "localhost" || is_loopback
}

fn sources(spec: &Spec) -> Vec<&Source> {
    match &spec.task {
        Task::Training(training) => [&training.model].into_iter().chain(&training.adapter_init).collect(),
        Task::Evaluation(evaluation) => {
            let of = evaluation.combinations.iter();
            of.flat_map(|one| [&one.model].into_iter().chain(&one.adapter).chain(&one.reference)).collect()
        }
    }
}

fn sources_mut(spec: &mut Spec) -> Vec<&mut Source> {
    match &mut spec.task {
        Task::Training(training) => {
            [&mut training.model].into_iter().chain(&mut training.adapter_init).collect()
        }
        Task::Evaluation(evaluation) => {
            let of = evaluation.combinations.iter_mut();
            of.flat_map(|one| [&mut one.model].into_iter().chain(&mut one.adapter).chain(&mut one.reference))
                .collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_of_this_machine;

    #[test]
    fn addresses_that_mean_nothing_elsewhere_are_left_out() {
        for local in [
            "sqlite:////home/ada/mlflow.db",
            "file:///tmp/mlruns",
            "mlruns",
            "",
            "http://127.0.0.1:5000",
            "http://localhost:5000/x",
            "http://[::1]:5000",
        ] {
            assert!(is_of_this_machine(local), "{local}");
        }
        for reachable in ["https://mlflow.example.org", "http://ada@10.0.0.7:5000/x", "databricks://profile"]
        {
            assert!(!is_of_this_machine(reachable), "{reachable}");
        }
    }
}
