//! Brings what a run that is over left on its target, so that it can go on at another place.

use platform::Work;
use run_folder::{elsewhere::Elsewhere, folder::RunFolder, spec::Task};
use schema::Result;

use super::{job::Job, line::Line, results::CHECKPOINTS, watched::folder_there};

/// Brings the checkpoints, removes the run's folder there and forgets that the run was there. Its events, its log and
/// its answers came here when it ended.
pub(super) async fn bring_back(line: &Line, folder: &RunFolder, work: &Work) -> Result<()> {
    let there = folder_there(folder);
    if let Job::Run(spec) = Job::read(folder)?
        && let Task::Training(training) = &spec.task
    {
        let checkpoints = format!("{there}/{CHECKPOINTS}");
        if line.place.size(&checkpoints).await?.is_some() {
            line.place.fetch(&checkpoints, training.output.checkpoints.as_ref(), work).await?;
        }
    }
    line.place.remove(&there).await?;
    Elsewhere::remove(folder)
}
