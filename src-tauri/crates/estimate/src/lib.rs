//! The memory and disk space that a training takes, estimated before it starts.
//!
//! Does no I/O, except for asking the system how much memory it has. May use: `schema`, `platform`, `resources`,
//! `weights`, `python`.

mod fit;
mod memory;
mod size;
#[cfg(test)]
mod tests;

use platform::disk::format_bytes;
use serde::Serialize;
use serde_json::{Map, Value};

pub use fit::{Fit, TrainingMemory, machine_memory};
use memory::{Memory, product, sum};
pub use size::{Size, SizeSettings};

/// What a training is expected to take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Estimate {
    /// Memory in bytes: of the GPU where one trains, else of the machine.
    pub memory_bytes: u64,
    /// Disk space in bytes: rows, checkpoints and the adapter.
    pub disk_bytes: u64,
    /// What the numbers are made of, in sentences.
    pub rests_on: Vec<String>,
}

/// The parts of an estimate that are no memory.
#[derive(Debug, Clone, Copy)]
pub struct DiskUse {
    /// Bytes of the dataset.
    pub dataset: u64,
    /// How many checkpoints are kept at once.
    pub checkpoints: u64,
}

/// Estimates what a training takes.
pub fn estimate(size: &Size, disk: DiskUse) -> Estimate {
    let memory = Memory::new(size);
    let trained = size.trained();
    // A checkpoint has what is trained and the optimizer's means.
    let disk_bytes =
        sum([product([disk.dataset, 3]), product([disk.checkpoints, trained, 12]), product([trained, 4])]);
    Estimate {
        memory_bytes: product([memory.total(), size.sharing()]),
        disk_bytes,
        rests_on: sentences(size, &memory, disk.checkpoints),
    }
}

/// What an estimate is made of.
fn sentences(size: &Size, memory: &Memory, checkpoints: u64) -> Vec<String> {
    let checkpoints = match checkpoints {
        1 => "1 checkpoint".to_owned(),
        count => format!("{count} checkpoints"),
    };
    let numbers = thousands(size.trained());
    let learning = format_bytes(memory.learning);
    let weights = format_bytes(memory.weights);
    let mut sentences = vec![format!("The libraries: {}.", format_bytes(memory.stack))];
    if size.full {
        sentences.push(format!(
            "The model with about {numbers} numbers in 32 bits, their gradients and the optimizer: {learning}."
        ));
        if size.copies() {
            sentences.push(format!("A copy of the model to compare with: {weights}."));
        }
    } else {
        sentences.push(format!("The weights of the model: {weights}."));
        sentences.push(format!(
            "The adapter of rank {} with about {numbers} numbers, its gradients and the optimizer: {learning}.",
            size.rank
        ));
    }
    let kept = match size.checkpointing {
        true => "computed again layer by layer",
        false => "kept for all layers",
    };
    let rows = match size.answers() {
        1 => "rows",
        _ => "rows with two answers",
    };
    sentences.push(format!(
        "{} {rows} at once of up to {} tokens, {kept}: {}. Shorter rows take less.",
        size.batch,
        size.length,
        format_bytes(memory.rows)
    ));
    if size.sharing() > 1 {
        sentences.push(format!("All of it {} times, once for each process.", size.sharing()));
    }
    let result = if size.full { "model" } else { "adapter" };
    sentences.push(format!("On disk the rendered rows, {checkpoints} and the {result}."));
    sentences
}

fn thousands(number: u64) -> String {
    match number {
        0..1_000_000 => format!("{} thousand", (number / 1_000).max(1)),
        _ => format!("{:.1} million", number as f64 / 1e6),
    }
}

/// How many batches of a device an update of the weights takes in each process, and rows in such a batch.
fn batches(arguments: &Map<String, Value>) -> (u64, u64) {
    let number = |name: &str, default: f64| arguments.get(name).and_then(Value::as_f64).unwrap_or(default);
    let batch = number("per_device_train_batch_size", 8.0).max(1.0) as u64;
    (number("gradient_accumulation_steps", 1.0).max(1.0) as u64, batch)
}

/// How many rows an update of the weights takes, of all processes together.
pub fn rows_a_step(arguments: &Map<String, Value>, processes: u32) -> u64 {
    let (summed, batch) = batches(arguments);
    product([summed, batch, processes.into()])
}

/// How often transformers' `Trainer` updates the weights; none for packed rows, whose number is not
/// known before they are tokenized. Each process takes a batch in its turn.
pub fn steps(rows: u64, arguments: &Map<String, Value>, processes: u32) -> Option<u64> {
    let number = |name: &str| arguments.get(name).and_then(Value::as_f64);
    if let Some(most) = number("max_steps").filter(|most| *most > 0.0) {
        return Some(most as u64);
    }
    let (summed, batch) = batches(arguments);
    let epochs = number("num_train_epochs").unwrap_or(3.0);
    if arguments.get("packing") == Some(&Value::Bool(true)) {
        return None;
    }
    let an_epoch = rows.div_ceil(batch).div_ceil(processes.into()).div_ceil(summed).max(1);
    Some((epochs * an_epoch as f64).ceil() as u64)
}
