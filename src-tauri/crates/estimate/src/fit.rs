//! Whether a model that is not on this machine can be trained on it, as far as its number of parameters says.

use python::Accelerator;
use resources::{Method, Tuning};
use schema::text_enum;
use serde::Serialize;
use serde_json::{Map, Value};
use weights::{ModelFacts, Modules};

use super::{Size, SizeSettings, memory::Memory};

text_enum! {
    /// Whether the memory of this machine is enough to train an adapter of a model.
    pub enum Fit {
        /// It is, in the model's own precision.
        Fits = "fits", "Fits";
        /// It is if the model is quantized to 4 bits.
        FitsQuantized = "fits_quantized", "Fits in 4 bits";
        /// It is not.
        TooLarge = "too_large", "Too large";
    }
}

/// The memory that trainings on this machine have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct TrainingMemory {
    /// What computes: the name of an accelerator, or "The processor".
    pub device: String,
    /// Bytes of its memory: of the accelerator, else of the machine. None if the system does not say.
    pub bytes: Option<u64>,
    /// Whether the processor computes, which does so in 32 bits.
    pub on_cpu: bool,
    /// Whether models can be quantized.
    pub quantizes: bool,
    /// The largest number of parameters, in whole millions, of a model in 16 bits that fits; none where `bytes` is.
    pub most_parameters: Option<u64>,
}

impl TrainingMemory {
    /// That of an accelerator, or of the machine where there is none.
    pub fn new(accelerator: Option<&Accelerator>) -> Self {
        Self::with_bytes(accelerator, accelerator.and_then(|one| one.memory_bytes).or_else(machine_memory))
    }

    /// Apple's chips, which report none, share the memory of the machine.
    fn with_bytes(accelerator: Option<&Accelerator>, bytes: Option<u64>) -> Self {
        let memory = Self {
            device: accelerator.map_or("The processor", |one| &one.name).to_owned(),
            bytes,
            on_cpu: accelerator.is_none(),
            quantizes: accelerator.is_some_and(|one| one.quantizes),
            most_parameters: None,
        };
        Self { most_parameters: memory.most_parameters(), ..memory }
    }

    /// About the memory in bytes that training an adapter takes with one row of 1024 tokens at a time, for a
    /// model with that number of parameters and bytes of weights.
    pub fn needed(&self, parameters: u64, bytes: Option<u64>, quantized: bool) -> u64 {
        let four_bits = Map::from_iter([("load_in_4bit".to_owned(), Value::Bool(true))]);
        let arguments = Map::from_iter([
            ("per_device_train_batch_size".to_owned(), Value::from(1)),
            ("max_length".to_owned(), Value::from(1024)),
        ]);
        let settings = SizeSettings {
            arguments: &arguments,
            lora: &Map::from_iter([("r".to_owned(), Value::from(16))]),
            quantization: quantized.then_some(&four_bits),
            method: Method::Sft,
            tuning: Tuning::Lora,
            on_cpu: self.on_cpu,
            evaluates: false,
            processes: 1,
        };
        let size = Size::new(&usual(parameters, bytes), &Modules::default(), &settings);
        size.map_or(u64::MAX, |size| Memory::new(&size).total())
    }

    /// Whether the memory is enough for a model with that number of parameters and bytes of weights. None if
    /// the system does not say how much there is.
    pub fn fit(&self, parameters: u64, bytes: Option<u64>) -> Option<Fit> {
        let memory = self.bytes?;
        Some(match () {
            () if self.needed(parameters, bytes, false) <= memory => Fit::Fits,
            () if self.quantizes && self.needed(parameters, bytes, true) <= memory => Fit::FitsQuantized,
            () => Fit::TooLarge,
        })
    }

    fn most_parameters(&self) -> Option<u64> {
        self.bytes?;
        let fits = |millions: u64| {
            let parameters = millions * 1_000_000;
            self.fit(parameters, Some(2 * parameters)).is_some_and(|fit| fit != Fit::TooLarge)
        };
        // From one million to ten million million.
        let (mut fitting, mut other) = (0_u64, 10_000_000);
        while other - fitting > 1 {
            let middle = fitting.midpoint(other);
            if fits(middle) { fitting = middle } else { other = middle }
        }
        Some(fitting * 1_000_000)
    }
}

/// A model of the usual shape: a decoder whose layers are 128 times as wide as their number, as those from a
/// thousand million to seventy thousand million parameters about are.
fn usual(parameters: u64, bytes: Option<u64>) -> ModelFacts {
    // Each layer has some twelve times the square of its width.
    let layers = (parameters as f64 / (12.0 * 128.0 * 128.0)).cbrt().round().max(1.0) as u64;
    let hidden = 128 * layers;
    ModelFacts {
        parameters: Some(parameters),
        bytes: bytes.unwrap_or(parameters.saturating_mul(2)),
        layers: Some(layers),
        hidden_size: Some(hidden),
        intermediate_size: Some(hidden * 8 / 3),
        vocabulary: Some(64_000),
        ..ModelFacts::default()
    }
}

/// The memory of this machine in bytes.
pub fn machine_memory() -> Option<u64> {
    let mut system = sysinfo::System::new().ok()?;
    system.refresh_memory();
    Some(system.total_memory()).filter(|bytes| *bytes > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gpu(gigabytes: u64, quantizes: bool) -> TrainingMemory {
        let accelerator = Accelerator {
            kind: "cuda".to_owned(),
            name: "GPU".to_owned(),
            memory_bytes: Some(gigabytes << 30),
            bfloat16: true,
            quantizes,
        };
        TrainingMemory::new(Some(&accelerator))
    }

    fn processor(gigabytes: u64) -> TrainingMemory {
        TrainingMemory::with_bytes(None, Some(gigabytes << 30))
    }

    fn in_16_bits(memory: &TrainingMemory, millions: u64) -> Option<Fit> {
        memory.fit(millions * 1_000_000, Some(millions * 2_000_000))
    }

    #[test]
    fn what_fits_is_what_people_train() {
        assert_eq!(in_16_bits(&gpu(24, true), 7_000), Some(Fit::Fits));
        assert_eq!(in_16_bits(&gpu(16, true), 8_000), Some(Fit::FitsQuantized));
        assert_eq!(in_16_bits(&gpu(16, false), 8_000), Some(Fit::TooLarge));
        assert_eq!(in_16_bits(&gpu(24, true), 70_000), Some(Fit::TooLarge));
        assert_eq!(in_16_bits(&gpu(80, true), 70_000), Some(Fit::FitsQuantized));
        let machine = processor(16);
        assert_eq!(in_16_bits(&machine, 135), Some(Fit::Fits));
        assert_eq!(in_16_bits(&machine, 8_000), Some(Fit::TooLarge), "a processor computes in 32 bits");
        assert_eq!(TrainingMemory { bytes: None, ..machine }.fit(1, None), None);
    }

    #[test]
    fn more_parameters_need_more_and_the_largest_that_fits_is_the_border() {
        for memory in [gpu(8, true), gpu(24, false), processor(8)] {
            let needed =
                |millions: u64| memory.needed(millions * 1_000_000, Some(millions * 2_000_000), false);
            let sizes = [10, 135, 500, 1_000, 3_000, 8_000, 32_000, 70_000, 400_000];
            assert!(sizes.windows(2).all(|pair| needed(pair[0]) < needed(pair[1])));
            let most = memory.most_parameters.unwrap() / 1_000_000;
            assert_ne!(in_16_bits(&memory, most), Some(Fit::TooLarge));
            assert_eq!(in_16_bits(&memory, most + 1), Some(Fit::TooLarge));
        }
    }
}
