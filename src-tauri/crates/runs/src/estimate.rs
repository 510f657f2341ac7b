//! A rough estimate of the memory and disk space that a training takes.

use platform::disk::format_bytes;
use serde::Serialize;
use serde_json::{Map, Value};
use weights::ModelFacts;

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

/// The quantities that the size of a training depends on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    /// Rows of a device's batch.
    pub(crate) batch: u64,
    /// Most tokens of a row.
    pub(crate) length: u64,
    /// The number of parameters that are trained, if known; else it follows from rank and targets.
    pub(crate) trainable: Option<u64>,
    /// Rank of the adapter.
    pub(crate) rank: u64,
    /// How many kinds of matrices the adapter changes.
    pub(crate) targets: u64,
    /// Bits a weight of a quantized base model, 4 or 8; none if it is not quantized.
    pub(crate) bits: Option<u64>,
    /// Whether the processor computes, where weights are loaded in 32 bits.
    pub(crate) on_cpu: bool,
    /// Bytes of the dataset.
    pub(crate) dataset_bytes: u64,
    /// How many checkpoints are kept at once.
    pub(crate) checkpoints: u64,
    /// How many texts of a row are computed at once: two where answers are compared.
    pub(crate) answers: u64,
    /// How many processes share the memory: all of a processor's do, and a GPU's is one's own.
    pub(crate) sharing: u64,
    /// Whether several processes train together.
    pub(crate) together: bool,
    /// Whether all weights are trained.
    pub(crate) full: bool,
    /// Whether the method compares with the model as it was, of which full training keeps a copy.
    pub(crate) compares: bool,
}

/// What torch, transformers and their libraries take before any model is loaded; measured with the
/// versions of the managed environment.
const LIBRARIES: u64 = 900 << 20;
/// Bytes a layer keeps a token for the backward pass, as multiples of the hidden size: the count for a
/// transformer layer in 16 bits without recomputation (Korthikanti and others, 2022, section 4).
const KEPT_A_LAYER: u64 = 34;
/// The same in 32 bits, as a processor computes; measured.
const KEPT_A_LAYER_ON_CPU: u64 = 56;
/// Bytes for the score of a token of the vocabulary: the score itself, its gradient, and what the loss
/// and the trainer's own measures copy. Measured on a processor, with the managed environment.
const A_SCORE: u64 = 32;

/// Estimates a LoRA training of a model whose facts are known.
pub(crate) fn estimate(facts: &ModelFacts, size: Size) -> Option<Estimate> {
    let parameters = facts.parameters?;
    let (hidden, layers) = (facts.hidden_size?, facts.layers?);
    let (vocabulary, length) = (facts.vocabulary.unwrap_or(32_000), size.length);
    let stored = if size.on_cpu { 4 } else { facts.bytes.checked_div(parameters).unwrap_or(2).clamp(1, 4) };
    let weights = match size.bits {
        Some(bits) => product([parameters, bits]) / 8,
        None => product([parameters, stored]),
    };
    let guessed = || product([2, size.rank, hidden, size.targets, layers]);
    let adapter = if size.full { parameters } else { size.trainable.unwrap_or_else(guessed) };
    // Its weights, their gradients and the two means of Adam, four bytes each; and the gradients once more
    // where processes exchange them.
    let learning = product([adapter, if size.together { 20 } else { 16 }]);
    let weights = match (size.full, size.compares) {
        // All weights are among those that are trained.
        (true, false) => 0,
        (true, true) | (false, _) => weights,
    };
    let tokens = product([size.batch, size.answers, length]);
    let a_layer = if size.on_cpu { KEPT_A_LAYER_ON_CPU } else { KEPT_A_LAYER };
    let kept = product([tokens, hidden, layers, a_layer]);
    let scores = product([tokens, vocabulary, A_SCORE]);
    // A checkpoint has the adapter and the optimizer's means.
    let disk = sum([
        product([size.dataset_bytes, 3]),
        product([size.checkpoints, adapter, 12]),
        product([adapter, 4]),
    ]);
    let checkpoints = match size.checkpoints {
        1 => "1 checkpoint".to_owned(),
        count => format!("{count} checkpoints"),
    };
    let rests_on = vec![
        format!("The libraries: {}.", format_bytes(LIBRARIES)),
        if size.full {
            format!(
                "The model with about {} numbers in 32 bits, their gradients and the optimizer: {}.",
                thousands(adapter),
                format_bytes(learning)
            )
        } else {
            format!("The weights of the model: {}.", format_bytes(weights))
        },
        match (size.full, size.compares) {
            (true, true) => format!("A copy of the model to compare with: {}.", format_bytes(weights)),
            (true, false) => String::new(),
            (false, _) => format!(
                "The adapter of rank {} with about {} numbers, its gradients and the optimizer: {}.",
                size.rank,
                thousands(adapter),
                format_bytes(learning)
            ),
        },
        format!(
            "{} {}at once of up to {length} tokens, every one full: {}. Shorter rows take less.",
            size.batch,
            if size.answers == 1 { "rows " } else { "rows with two answers " },
            format_bytes(sum([kept, scores]))
        ),
        format!(
            "On disk the rendered rows, {checkpoints} and the {}.",
            if size.full { "model" } else { "adapter" }
        ),
    ];
    let shared = format!("All of it {} times, once for each process.", size.sharing);
    let rests_on = rests_on
        .into_iter()
        .chain((size.sharing > 1).then_some(shared))
        .filter(|sentence| !sentence.is_empty())
        .collect();
    Some(Estimate {
        memory_bytes: product([sum([LIBRARIES, weights, learning, kept, scores]), size.sharing]),
        disk_bytes: disk,
        rests_on,
    })
}

/// Saturating, because a form accepts any number.
fn product<const N: usize>(numbers: [u64; N]) -> u64 {
    numbers.into_iter().fold(1, u64::saturating_mul)
}

fn sum<const N: usize>(numbers: [u64; N]) -> u64 {
    numbers.into_iter().fold(0, u64::saturating_add)
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
pub(crate) fn rows_a_step(arguments: &Map<String, Value>, processes: u32) -> u64 {
    let (summed, batch) = batches(arguments);
    product([summed, batch, processes.into()])
}

/// How often transformers' `Trainer` updates the weights; none for packed rows, whose number is not
/// known before they are tokenized. Each process takes a batch in its turn.
pub(crate) fn steps(rows: u64, arguments: &Map<String, Value>, processes: u32) -> Option<u64> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(text: &str) -> Map<String, Value> {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn steps_are_the_trainers() {
        let count = |rows, text| steps(rows, &arguments(text), 1);
        assert_eq!(count(300, r#"{"per_device_train_batch_size": 8, "num_train_epochs": 1}"#), Some(38));
        assert_eq!(
            count(
                270,
                r#"{"per_device_train_batch_size": 1, "gradient_accumulation_steps": 4, "num_train_epochs": 2}"#
            ),
            Some(136)
        );
        assert_eq!(count(270, r#"{"max_steps": 20}"#), Some(20));
        assert_eq!(count(270, r#"{"packing": true}"#), None);
        assert_eq!(count(3, r#"{"num_train_epochs": 0.5}"#), Some(1));
        let one =
            r#"{"per_device_train_batch_size": 8, "gradient_accumulation_steps": 2, "num_train_epochs": 3}"#;
        let four =
            r#"{"per_device_train_batch_size": 2, "gradient_accumulation_steps": 2, "num_train_epochs": 3}"#;
        for rows in 1..100 {
            // Four processes that take a quarter of the batch each make the same steps.
            assert_eq!(steps(rows, &arguments(four), 4), count(rows, one));
        }
        assert_eq!(rows_a_step(&arguments(four), 4), 16);
    }

    fn seven_thousand_million() -> (ModelFacts, Size) {
        let facts = ModelFacts {
            parameters: Some(7_000_000_000),
            hidden_size: Some(4096),
            layers: Some(32),
            vocabulary: Some(32_000),
            bytes: 14_000_000_000,
            ..ModelFacts::default()
        };
        let size = Size {
            batch: 1,
            length: 512,
            trainable: None,
            rank: 16,
            targets: 2,
            bits: Some(4),
            on_cpu: false,
            dataset_bytes: 1_000_000,
            checkpoints: 2,
            answers: 1,
            sharing: 1,
            together: false,
            full: false,
            compares: false,
        };
        (facts, size)
    }

    #[test]
    fn a_model_of_seven_thousand_million_in_four_bits_takes_about_what_people_see() {
        let (facts, size) = seven_thousand_million();
        let estimate = estimate(&facts, size).unwrap();
        assert!((6_000_000_000..10_000_000_000).contains(&estimate.memory_bytes), "{estimate:?}");
    }

    /// Three trainings of Llama models with random weights, hidden size 768 and 12 layers: the most
    /// memory that the worker ever held (`VmHWM`), on Linux.
    #[test]
    fn trainings_on_a_processor_took_what_is_estimated() {
        for (parameters, vocabulary, batch, took) in [
            (141_183_744, 32_000, 4, 4_724_498_432_u64),
            (141_183_744, 32_000, 1, 2_380_070_912),
            (98_175_744, 4_000, 4, 2_756_259_840),
        ] {
            let facts = ModelFacts {
                parameters: Some(parameters),
                hidden_size: Some(768),
                layers: Some(12),
                vocabulary: Some(vocabulary),
                bytes: parameters * 4,
                ..ModelFacts::default()
            };
            let (_, size) = seven_thousand_million();
            let size = Size { batch, bits: None, on_cpu: true, ..size };
            let estimated = estimate(&facts, size).unwrap().memory_bytes;
            assert!(estimated.abs_diff(took) < took / 10, "{estimated} for {took}");
        }
    }

    #[test]
    fn a_processor_holds_weights_in_32_bits() {
        let (facts, size) = seven_thousand_million();
        let take = |on_cpu| estimate(&facts, Size { bits: None, on_cpu, ..size }).unwrap().memory_bytes;
        // Stored in 16 bits, as is what a layer keeps.
        assert_eq!(take(true) - take(false), 14_000_000_000 + 512 * 4096 * 32 * 22);
    }

    #[test]
    fn all_weights_take_sixteen_bytes_each_and_a_comparison_a_copy() {
        let (facts, size) = seven_thousand_million();
        let size = Size { bits: None, on_cpu: true, ..size };
        let take = |size| estimate(&facts, size).unwrap().memory_bytes;
        let full = take(Size { full: true, ..size });
        assert_eq!(take(Size { full: true, compares: true, ..size }) - full, 28_000_000_000);
        let adapter = 2 * 16 * 4096 * 2 * 32 * 16;
        assert_eq!(full - take(size), 12 * 7_000_000_000 - adapter);
        assert_eq!(
            take(Size { answers: 2, ..size }) - take(size),
            512 * (4096 * 32 * KEPT_A_LAYER_ON_CPU + 32_000 * A_SCORE)
        );
    }

    #[test]
    fn absurd_settings_are_estimated_to_be_absurd() {
        let (facts, size) = seven_thousand_million();
        let absurd = Size { batch: u64::MAX, length: u64::MAX, rank: u64::MAX, ..size };
        assert_eq!(estimate(&facts, absurd).unwrap().memory_bytes, u64::MAX);
    }
}
