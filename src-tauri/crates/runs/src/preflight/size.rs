//! How large a training is: its rows, its memory and its disk space.

use configs::defaults;
use platform::disk::format_bytes;
use resources::{FineTuningJob, Method, Tuning};
use schema::column;
use serde_json::{Map, Value};
use weights::ModelFacts;

use super::{context::Preflight, dataset::JobDataset, plan::PlannedRows};
use crate::{
    estimate::{Estimate, Size, estimate},
    rows::Shares,
};

/// The settings of a training that its size depends on.
pub(super) struct SizeSettings<'a> {
    pub(super) arguments: &'a Map<String, Value>,
    pub(super) lora: &'a Map<String, Value>,
    pub(super) quantization: Option<&'a Map<String, Value>>,
    /// How often the weights are updated, if known.
    pub(super) steps: Option<u64>,
    /// Whether the processor computes.
    pub(super) on_cpu: bool,
    /// How many processes train together.
    pub(super) processes: u32,
    /// The number of parameters that are trained, if known.
    pub(super) trainable: Option<u64>,
    pub(super) method: Method,
    pub(super) tuning: Tuning,
}

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

    /// What a training takes; none where the model's files say too little.
    pub(super) fn estimate(
        &self,
        facts: &ModelFacts,
        dataset: &JobDataset,
        settings: &SizeSettings<'_>,
    ) -> Option<Estimate> {
        let SizeSettings { arguments, lora, quantization, .. } = settings;
        let number = |settings: &Map<String, Value>, name: &str, default: u64| {
            settings.get(name).and_then(Value::as_u64).unwrap_or(default)
        };
        let on = |name: &str| quantization.is_some_and(|q| q.get(name) == Some(&Value::Bool(true)));
        let limit = number(arguments, "max_length", 1024);
        estimate(
            facts,
            Size {
                batch: number(arguments, "per_device_train_batch_size", 8),
                length: facts.context_length.map_or(limit, |most| limit.min(most)),
                rank: number(lora, "r", 8),
                targets: targets(lora),
                bits: if on("load_in_4bit") { Some(4) } else { on("load_in_8bit").then_some(8) },
                dataset_bytes: dataset.bytes,
                on_cpu: settings.on_cpu,
                sharing: if settings.on_cpu { settings.processes.into() } else { 1 },
                together: settings.processes > 1,
                checkpoints: checkpoints(arguments, settings.steps),
                trainable: settings.trainable,
                answers: if settings.method == Method::Sft { 1 } else { 2 },
                full: settings.tuning == Tuning::Full,
                compares: matches!(settings.method, Method::Dpo | Method::Kto),
            },
        )
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

/// How many kinds of matrices an adapter changes.
fn targets(lora: &Map<String, Value>) -> u64 {
    match lora.get("target_modules") {
        Some(Value::Array(names)) => names.len() as u64,
        Some(Value::String(all)) if all == "all-linear" => 7,
        // PEFT's choice for most models: two projections of the attention.
        _ => 2,
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

/// The memory of this machine in bytes.
pub(super) fn machine_memory() -> Option<u64> {
    let mut system = sysinfo::System::new().ok()?;
    system.refresh_memory();
    Some(system.total_memory()).filter(|bytes| *bytes > 0)
}
