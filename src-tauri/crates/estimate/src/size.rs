//! The quantities that the size of a training depends on.

use resources::{Method, Tuning};
use serde_json::{Map, Value};
use weights::{Inputs, ModelFacts, Modules};

/// The settings of a training that its size depends on.
#[derive(Clone, Copy)]
pub struct SizeSettings<'a> {
    /// The training arguments in today's names.
    pub arguments: &'a Map<String, Value>,
    /// The settings of the adapter, names of PEFT's `LoraConfig`.
    pub lora: &'a Map<String, Value>,
    /// The settings of quantization, names of transformers' `BitsAndBytesConfig`.
    pub quantization: Option<&'a Map<String, Value>>,
    /// The method.
    pub method: Method,
    /// What of the model is trained.
    pub tuning: Tuning,
    /// Whether the processor computes.
    pub on_cpu: bool,
    /// Whether rows are held back to evaluate on.
    pub evaluates: bool,
    /// How many processes train together.
    pub processes: u32,
}

/// The quantities that the memory of a training depends on.
#[derive(Debug, Clone)]
pub struct Size {
    pub(crate) method: Method,
    /// Whether all weights are trained.
    pub(crate) full: bool,
    /// Whether what the model said before the training is computed at its start, and kept.
    pub(crate) compares_first: bool,
    /// Whether the processor computes, which does so in 32 bits.
    pub(crate) on_cpu: bool,
    /// How many processes train together.
    pub(crate) processes: u64,
    /// Whether a GPU computes in 16 bits what loses little by it.
    pub(crate) mixed: bool,
    /// Rows of a batch.
    pub(crate) batch: u64,
    /// Rows of a batch of an evaluation; none where nothing is evaluated.
    pub(crate) evaluated: Option<u64>,
    /// Most tokens of a row.
    pub(crate) length: u64,
    /// Whether activations are computed again instead of being kept.
    pub(crate) checkpointing: bool,
    /// Whether gradients of several batches are summed.
    pub(crate) accumulates: bool,
    /// Bytes that the optimizer holds for each trained parameter.
    pub(crate) optimizer: u64,
    /// Whether the optimizer computes with all parameters at once.
    pub(crate) at_once: bool,
    /// Whether it computes with single numbers, without copies of weights.
    pub(crate) fused: bool,
    /// Whether the adapter drops some of its inputs.
    pub(crate) dropout: bool,
    /// Rank of the adapter.
    pub(crate) rank: u64,
    /// The number of parameters that the adapter has.
    pub(crate) adapter: u64,
    /// What goes into the modules that get an adapter.
    pub(crate) adapted: Inputs,
    /// What goes into all linear layers.
    pub(crate) inputs: Inputs,
    /// Bits of a weight of a quantized model, 4 or 8; none if it is not quantized.
    pub(crate) bits: Option<u64>,
    /// Whether the scales of a model in 4 bits are quantized too.
    pub(crate) nested: bool,
    pub(crate) model: ModelSize,
}

/// The sizes of a model, in numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ModelSize {
    pub(crate) parameters: u64,
    /// The parameters that quantizing packs.
    pub(crate) linear: u64,
    /// The parameters of an output layer of its own.
    pub(crate) output: u64,
    /// Bytes of a weight in the files.
    pub(crate) stored: u64,
    pub(crate) vocabulary: u64,
    pub(crate) layers: u64,
    /// The width of a layer.
    pub(crate) hidden: u64,
    pub(crate) intermediate: u64,
    pub(crate) attention: u64,
    pub(crate) key_value: u64,
    pub(crate) gated: bool,
}

impl ModelSize {
    /// The sizes of a model; none where its files say too little. What is not known of its layers is taken
    /// to be as in most models.
    pub(crate) fn new(facts: &ModelFacts, modules: &Modules) -> Option<Self> {
        let (parameters, hidden) = (facts.parameters?, facts.hidden_size?);
        let vocabulary = facts.vocabulary.unwrap_or(32_000);
        let attention = facts.attention_size.unwrap_or(hidden);
        let embeddings = vocabulary.saturating_mul(hidden);
        let output = modules.output_parameters();
        let rest = || parameters.saturating_sub(embeddings).saturating_sub(output);
        Some(Self {
            parameters,
            linear: modules.linear_parameters().unwrap_or_else(rest).min(parameters),
            output,
            stored: facts.bytes.checked_div(parameters).unwrap_or(2).clamp(1, 4),
            vocabulary,
            layers: facts.layers?,
            hidden,
            intermediate: facts.intermediate_size.unwrap_or(hidden.saturating_mul(4)),
            attention,
            key_value: facts.key_value_size.unwrap_or(attention),
            gated: modules.is_gated() || !modules.are_known(),
        })
    }

    /// The inputs of all linear layers, where each has the usual ones.
    pub(super) fn usual_inputs(&self) -> Inputs {
        let Self { hidden, intermediate, attention, layers, .. } = *self;
        let into_mlp = hidden.saturating_mul(if self.gated { 2 } else { 1 });
        let each = hidden.saturating_mul(3).saturating_add(into_mlp).saturating_add(attention);
        Inputs {
            each: each.saturating_add(intermediate).saturating_mul(layers),
            distinct: hidden.saturating_mul(2).saturating_add(intermediate).saturating_mul(layers),
        }
    }
}

impl Size {
    /// The quantities of a training with these settings; none where the model's files say too little.
    pub fn new(facts: &ModelFacts, modules: &Modules, settings: &SizeSettings<'_>) -> Option<Self> {
        let SizeSettings { arguments, lora, quantization, .. } = *settings;
        let model = ModelSize::new(facts, modules)?;
        let number = |settings: &Map<String, Value>, name: &str, default: u64| {
            settings.get(name).and_then(Value::as_u64).unwrap_or(default)
        };
        let flag = |settings: &Map<String, Value>, name: &str| settings.get(name).and_then(Value::as_bool);
        let quantizes = |name: &str| quantization.is_some_and(|given| flag(given, name) == Some(true));
        let limit = number(arguments, "max_length", 1024);
        let rank = number(lora, "r", 8);
        let full = settings.tuning == Tuning::Full;
        let trained = (!full && modules.are_known()).then(|| modules.trained(lora));
        let (adapted, adapter) =
            trained.map(|trained| (trained.inputs, trained.parameters)).unwrap_or_default();
        // PEFT's choice for most models: the projections of queries and of values.
        let width = model.hidden.saturating_mul(model.layers);
        let guessed = || Inputs { each: width.saturating_mul(2), distinct: width };
        let evaluates = settings.evaluates
            && arguments.get("eval_strategy").and_then(Value::as_str).is_none_or(|when| when != "no");
        let optimizer = arguments.get("optim").and_then(Value::as_str).unwrap_or("adamw_torch_fused");
        Some(Self {
            method: settings.method,
            full,
            compares_first: flag(arguments, "precompute_ref_log_probs") == Some(true),
            on_cpu: settings.on_cpu,
            processes: settings.processes.into(),
            // TRL computes in bfloat16 unless it is set otherwise.
            mixed: !settings.on_cpu
                && (flag(arguments, "bf16") != Some(false) || flag(arguments, "fp16") == Some(true)),
            batch: number(arguments, "per_device_train_batch_size", 8),
            evaluated: evaluates.then(|| number(arguments, "per_device_eval_batch_size", 8)),
            length: facts.context_length.map_or(limit, |most| limit.min(most)),
            // So does TRL with activations.
            checkpointing: flag(arguments, "gradient_checkpointing") != Some(false),
            accumulates: number(arguments, "gradient_accumulation_steps", 1) > 1,
            optimizer: bytes_of(optimizer),
            at_once: !settings.on_cpu && optimizer == "adamw_torch",
            fused: optimizer == "adamw_torch_fused",
            // The other methods of TRL switch it off.
            dropout: (settings.method == Method::Sft || flag(arguments, "disable_dropout") == Some(false))
                && lora.get("lora_dropout").and_then(Value::as_f64).is_some_and(|share| share > 0.0),
            rank,
            adapter: adapter.unwrap_or_else(|| rank.saturating_mul(guessed().each).saturating_mul(2)),
            adapted: adapted.unwrap_or_else(guessed),
            inputs: modules.inputs().unwrap_or_else(|| model.usual_inputs()),
            bits: if quantizes("load_in_4bit") { Some(4) } else { quantizes("load_in_8bit").then_some(8) },
            nested: quantizes("bnb_4bit_use_double_quant"),
            model,
        })
    }

    /// How many texts of a row are computed at once: two where answers are compared.
    pub(crate) fn answers(&self) -> u64 {
        match self.method {
            Method::Sft | Method::Kto => 1,
            Method::Dpo | Method::Orpo | Method::Reward => 2,
        }
    }

    /// How many processes share the memory: all of a processor's do, and a GPU's is one's own.
    pub(crate) fn sharing(&self) -> u64 {
        if self.on_cpu { self.processes.max(1) } else { 1 }
    }

    /// The number of parameters that are trained.
    pub(crate) fn trained(&self) -> u64 {
        if self.full { self.model.parameters } else { self.adapter }
    }

    /// Whether a second copy of the model is held, to compare with it as it was.
    pub(crate) fn copies(&self) -> bool {
        self.full && !self.compares_first && matches!(self.method, Method::Dpo | Method::Kto)
    }
}

/// The bytes that an optimizer of transformers holds for each parameter: two means in 32 bits for Adam's kind.
fn bytes_of(optimizer: &str) -> u64 {
    match optimizer {
        name if name.contains("8bit") => 2,
        name if name.contains("adafactor") || name == "sgd" => 0,
        name if name.contains("lion") || name.contains("rmsprop") || name == "adagrad" => 4,
        _ => 8,
    }
}
