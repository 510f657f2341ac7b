//! How large a training will be: its rows, its memory and its disk.

use platform::disk::words;
use resources::FineTuningJob;
use schema::Result;
use serde::Serialize;
use serde_json::{Map, Value};

use super::findings::{Found, UsedDataset};
use crate::{Estimate, Runs, Shares, Size, Source, estimate};

/// How the rows of a dataset are divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, specta::Type)]
pub struct PlannedRows {
    /// Rows that could be trained on.
    pub total: u64,
    /// Rows that are.
    pub train: u64,
    /// Rows held back to evaluate on.
    pub eval: u64,
}

impl Runs {
    /// What a training takes; none where the model's files are not here or say too little.
    #[expect(clippy::too_many_arguments, reason = "what a training is made of")]
    pub(super) async fn training_estimate(
        &self,
        model: &Source,
        dataset: &UsedDataset,
        arguments: &Map<String, Value>,
        lora: &Map<String, Value>,
        quantization: Option<&Map<String, Value>>,
        steps: Option<u64>,
        on_cpu: bool,
    ) -> Result<Option<Estimate>> {
        let Some(facts) = self.inspector.model(&model.id).await?.facts else { return Ok(None) };
        let number = |settings: &Map<String, Value>, name: &str, unsaid: u64| {
            settings.get(name).and_then(Value::as_u64).unwrap_or(unsaid)
        };
        let on = |name: &str| quantization.is_some_and(|q| q.get(name) == Some(&Value::Bool(true)));
        let targets = match lora.get("target_modules") {
            Some(Value::Array(names)) => names.len() as u64,
            Some(Value::String(all)) if all == "all-linear" => 7,
            // What PEFT chooses for most models: two projections of the attention.
            _ => 2,
        };
        let limit = number(arguments, "max_length", 1024);
        let saved = steps.unwrap_or(500) / number(arguments, "save_steps", 500).max(1) + 1;
        Ok(estimate(
            &facts,
            Size {
                batch: number(arguments, "per_device_train_batch_size", 8),
                length: facts.context_length.map_or(limit, |most| limit.min(most)),
                rank: number(lora, "r", 8),
                targets,
                bits: if on("load_in_4bit") { Some(4) } else { on("load_in_8bit").then_some(8) },
                dataset_bytes: dataset.bytes,
                on_cpu,
                checkpoints: match arguments.get("save_total_limit") {
                    // The worker keeps two unless it is told otherwise.
                    None => saved.min(2),
                    Some(limit) => limit.as_u64().map_or(saved, |most| most.min(saved)),
                },
            },
        ))
    }
}

pub(super) fn planned_rows(job: &FineTuningJob, dataset: &UsedDataset, found: &mut Found) -> PlannedRows {
    let total = dataset.train_rows;
    let rows = u32::try_from(total).unwrap_or(u32::MAX);
    let (train, split_off) = Shares::of(job).counts(rows, dataset.held_back_rows.is_some());
    if train == 0 && total > 0 {
        found.refuse(
            "train_test_split",
            format!("Of {total} rows none would be left to train on. Use more of them, or hold back fewer."),
        );
    }
    PlannedRows { total, train: train.into(), eval: dataset.held_back_rows.unwrap_or(split_off.into()) }
}

pub(super) fn check_size(
    estimate: Option<&Estimate>,
    memory: Option<u64>,
    free: Option<u64>,
    found: &mut Found,
) {
    let Some(estimate) = estimate else { return };
    if let Some(free) = free.filter(|free| *free < estimate.disk_bytes) {
        found.refuse(
            "out_dir",
            format!(
                "About {} of disk are needed and {} are free. Free some space, or keep fewer checkpoints (save_total_limit).",
                words(estimate.disk_bytes),
                words(free)
            ),
        );
    }
    if let Some(memory) = memory.filter(|memory| *memory < estimate.memory_bytes) {
        found.warn(
            "training_arguments_config",
            format!(
                "About {} of memory may be needed, and there are {}. Smaller batches or fewer tokens a row need less.",
                words(estimate.memory_bytes),
                words(memory)
            ),
        );
    }
}

pub(super) fn machine_memory() -> Option<u64> {
    let mut system = sysinfo::System::new().ok()?;
    system.refresh_memory();
    Some(system.total_memory()).filter(|bytes| *bytes > 0)
}
