//! How large a training is: its rows, its memory and its disk space.

use configs::defaults;
use estimate::{DiskUse, Estimate, Size, SizeSettings, estimate};
use platform::disk::format_bytes;
use resources::FineTuningJob;
use schema::column;
use serde_json::{Map, Value};
use weights::{ModelFacts, Modules};

use super::{context::Preflight, dataset::JobDataset, plan::PlannedRows};
use run_folder::rows::Shares;

impl Preflight<'_> {
    /// How the rows of the dataset are divided. Refused where none is left to train on.
    pub(super) fn planned_rows(&mut self, job: &FineTuningJob, dataset: &JobDataset) -> PlannedRows {
        let total = dataset.train_rows;
        let rows = u32::try_from(total).unwrap_or(u32::MAX);
        let (train, split_off) = Shares::from_job(job).counts(rows, dataset.held_back_rows.is_some());
        if train == 0 && total > 0 {
            self.diagnostics.refuse(
                column!(FineTuningJob, train_test_split),
                format!(
                    "Of {total} rows none would be left to train on. Use more of them, or hold back fewer."
                ),
            );
        }
        PlannedRows { total, train: train.into(), eval: dataset.held_back_rows.unwrap_or(split_off.into()) }
    }

    /// What a training takes, of which so many updates are planned; none where the model's files say too
    /// little.
    pub(super) fn estimate(
        &self,
        (facts, modules): (&ModelFacts, &Modules),
        dataset: &JobDataset,
        settings: &SizeSettings<'_>,
        steps: Option<u64>,
    ) -> Option<Estimate> {
        let size = Size::new(facts, modules, settings)?;
        let checkpoints = checkpoints(settings.arguments, steps);
        Some(estimate(&size, DiskUse { dataset: dataset.bytes, checkpoints }))
    }

    /// Refuses a training that the disk is too small for, and warns of too little memory. All sizes
    /// in bytes.
    pub(super) fn check_size(&mut self, estimate: Option<&Estimate>, memory: Option<u64>, free: Option<u64>) {
        let Some(estimate) = estimate else { return };
        if let Some(free) = free.filter(|free| *free < estimate.disk_bytes) {
            self.diagnostics.refuse(
                column!(FineTuningJob, out_dir),
                format!(
                    "About {} of disk are needed and {} are free. Free some space, or keep fewer checkpoints (save_total_limit).",
                    format_bytes(estimate.disk_bytes),
                    format_bytes(free)
                ),
            );
        }
        if let Some(memory) = memory.filter(|memory| *memory < estimate.memory_bytes) {
            self.diagnostics.warn(
                column!(FineTuningJob, training_arguments_config),
                format!(
                    "About {} of memory may be needed, and there are {}. Smaller batches or fewer tokens a row need less.",
                    format_bytes(estimate.memory_bytes),
                    format_bytes(memory)
                ),
            );
        }
    }
}

/// How many checkpoints are kept at once.
fn checkpoints(arguments: &Map<String, Value>, steps: Option<u64>) -> u64 {
    let defaults = defaults::checkpoints();
    let every = arguments.get("save_steps").and_then(Value::as_u64).unwrap_or(defaults.save_steps).max(1);
    let saved = steps.unwrap_or(defaults.save_steps) / every + 1;
    match arguments.get("save_total_limit") {
        None => saved.min(defaults.save_total_limit),
        Some(limit) => limit.as_u64().map_or(saved, |most| most.min(saved)),
    }
}
