use std::path::Path;

use resources::{Method, Tuning};
use serde_json::{Map, Value, json};
use weights::{Inputs, ModelFacts, Modules};

use super::{memory::Memory, size::ModelSize, *};

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

/// A model of seven thousand million parameters, of which nothing is known but the usual.
fn seven_thousand_million() -> ModelFacts {
    ModelFacts {
        parameters: Some(7_000_000_000),
        hidden_size: Some(4096),
        intermediate_size: Some(11_008),
        layers: Some(32),
        vocabulary: Some(32_000),
        bytes: 14_000_000_000,
        ..ModelFacts::default()
    }
}

/// A training of it on a processor, in rows of 512 tokens.
fn size(method: Method, tuning: Tuning, more: &str) -> Size {
    let mut given = arguments(r#"{"per_device_train_batch_size": 1, "max_length": 512}"#);
    given.extend(arguments(more));
    let settings = SizeSettings {
        arguments: &given,
        lora: &arguments(r#"{"r": 16}"#),
        quantization: None,
        method,
        tuning,
        on_cpu: true,
        evaluates: false,
        processes: 1,
    };
    Size::new(&seven_thousand_million(), &Modules::default(), &settings).unwrap()
}

fn memory(size: Size) -> Memory {
    Memory::new(&size)
}

#[test]
fn a_model_of_seven_thousand_million_in_four_bits_takes_about_what_people_see() {
    let size = Size { bits: Some(4), ..on_gpu(size(Method::Sft, Tuning::Lora, "{}")) };
    let total = memory(size).total();
    assert!((5_000_000_000..10_000_000_000).contains(&total), "{total}");
}

#[test]
fn a_processor_holds_weights_in_32_bits() {
    let weights = |on_cpu| memory(Size { on_cpu, ..size(Method::Sft, Tuning::Lora, "{}") }).weights;
    assert_eq!(weights(true), 2 * weights(false));
    assert_eq!(weights(true), 28_000_000_000);
}

#[test]
fn all_weights_take_sixteen_bytes_each_and_a_comparison_a_copy() {
    let full = |method| memory(size(method, Tuning::Full, "{}"));
    assert_eq!(full(Method::Sft).learning, 16 * 7_000_000_000);
    assert_eq!(full(Method::Sft).weights, 0);
    assert_eq!(full(Method::Dpo).weights, 28_000_000_000);
    assert_eq!(full(Method::Kto).weights, 28_000_000_000);
    assert_eq!(full(Method::Orpo).weights, 0);
    let first = |method| memory(size(method, Tuning::Full, r#"{"precompute_ref_log_probs": true}"#));
    assert_eq!((first(Method::Dpo).weights, first(Method::Kto).weights), (0, 0));
    // The adapter is switched off instead.
    let lora = |method| memory(size(method, Tuning::Lora, "{}"));
    assert_eq!(lora(Method::Dpo).weights, lora(Method::Sft).weights);
    let optimizer =
        |name: &str| memory(size(Method::Sft, Tuning::Full, &format!(r#"{{"optim": "{name}"}}"#))).learning;
    assert_eq!(optimizer("adamw_bnb_8bit"), 10 * 7_000_000_000);
    assert_eq!(optimizer("sgd"), 8 * 7_000_000_000);
}

#[test]
fn two_answers_take_what_two_rows_take() {
    let rows = |method, batch: u64| {
        memory(size(method, Tuning::Lora, &json!({"per_device_train_batch_size": batch}).to_string())).rows
    };
    assert_eq!(rows(Method::Dpo, 1), rows(Method::Sft, 2));
    assert_eq!(rows(Method::Kto, 2), rows(Method::Sft, 2));
    assert!(rows(Method::Reward, 1) < rows(Method::Dpo, 1));
    // ORPO's trainer holds the scores of all tokens, the others' a tile of them.
    assert!(rows(Method::Orpo, 8) > rows(Method::Dpo, 8));
}

/// The same on a GPU, in bfloat16.
fn on_gpu(size: Size) -> Size {
    Size { on_cpu: false, mixed: true, ..size }
}

#[test]
fn keeping_activations_takes_more() {
    let of = |more: &str| memory(on_gpu(size(Method::Sft, Tuning::Lora, more))).rows;
    let rows = |on: bool| of(&json!({"gradient_checkpointing": on}).to_string());
    assert!(rows(false) > 3 * rows(true), "{} {}", rows(false), rows(true));
    // As TRL does.
    assert_eq!(of("{}"), rows(true));
}

#[test]
fn a_larger_batch_of_an_evaluation_counts() {
    let trained = on_gpu(size(Method::Sft, Tuning::Lora, "{}"));
    let with = |evaluated| memory(Size { evaluated, ..trained.clone() }).rows;
    assert_eq!(with(Some(1)), with(None));
    assert!(with(Some(8)) > with(None));
}

#[test]
fn absurd_settings_are_estimated_to_be_absurd() {
    let absurd = Size {
        batch: u64::MAX,
        length: u64::MAX,
        adapter: u64::MAX,
        ..size(Method::Sft, Tuning::Lora, "{}")
    };
    assert_eq!(estimate(&absurd, DiskUse { dataset: 1, checkpoints: 2 }).memory_bytes, u64::MAX);
}

/// The studio's settings of a new adapter, as `memory_case.py` takes them.
const LORA: &str = r#"{"r": 16, "lora_alpha": 32, "lora_dropout": 0.05, "target_modules": "all-linear"}"#;

/// The estimate of a case of `memory_cases.json` without the stack, in bytes.
fn estimated(models: &Value, case: &Value, on_cpu: bool) -> u64 {
    let model = &models[case["model"].as_str().unwrap()];
    let config = model["config"].as_object().unwrap();
    let number = |name: &str| model[name].as_u64().unwrap();
    let stored = if model["dtype"] == "float32" { 4 } else { 2 };
    let facts = ModelFacts {
        parameters: Some(number("parameters")),
        bytes: number("parameters") * stored,
        ..ModelFacts::from_config(config)
    };
    let mut given = arguments(r#"{"save_strategy": "no", "report_to": "none"}"#);
    given.insert("per_device_train_batch_size".to_owned(), case["batch"].clone());
    given.insert("max_length".to_owned(), case["length"].clone());
    given.extend(case["arguments"].as_object().cloned().unwrap_or_default());
    let mut lora = arguments(LORA);
    lora.extend(case["lora"].as_object().cloned().unwrap_or_default());
    let full = case["tuning"] == "full";
    let bits = case["bits"].as_u64();
    let quantization = bits.map(|bits| {
        let mut settings = case["quantization"].as_object().cloned().unwrap_or_default();
        settings.insert(format!("load_in_{bits}bit"), true.into());
        settings
    });
    let settings = SizeSettings {
        arguments: &given,
        lora: &lora,
        quantization: quantization.as_ref(),
        method: serde_json::from_value(case["method"].clone()).unwrap(),
        tuning: if full { Tuning::Full } else { Tuning::Lora },
        on_cpu,
        evaluates: false,
        processes: 1,
    };
    // The modules are those that the files of such a model have.
    let size = Size::new(&facts, &Modules::default(), &settings).unwrap();
    let every = size.inputs;
    let model = ModelSize { linear: number("linear"), output: number("output"), ..size.model };
    let size = Size { model, adapted: every, adapter: number("adapter"), ..size };
    let memory = Memory::new(&size);
    memory.total() - memory.stack
}

/// What `tests/memory_case.py` and `tests/check_gpu.py` of the worker compare with what trainings take: there is
/// no core where they run. `UPDATE_ESTIMATES=1` writes it anew.
#[test]
fn the_estimates_that_trainings_are_measured_by_are_these() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../worker/tests");
    let read = |name: &str| std::fs::read_to_string(tests.join(name)).unwrap_or_default();
    let cases: Value = serde_json::from_str(&read("memory_cases.json")).unwrap();
    let mut estimates = Map::new();
    for (name, case) in cases["cases"].as_object().unwrap() {
        for device in case["on"].as_array().unwrap() {
            let bytes = estimated(&cases["models"], case, device == "cpu");
            let of_case = estimates.entry(name).or_insert_with(|| json!({}));
            of_case[device.as_str().unwrap()] = bytes.into();
        }
    }
    let text = format!("{:#}\n", Value::Object(estimates));
    if std::env::var_os("UPDATE_ESTIMATES").is_some() {
        std::fs::write(tests.join("memory_estimates.json"), &text).unwrap();
    }
    assert_eq!(text, read("memory_estimates.json"), "UPDATE_ESTIMATES=1 writes it anew");
}

#[test]
fn the_usual_inputs_are_those_of_a_llama() {
    let facts = seven_thousand_million();
    let size = ModelSize::new(&facts, &Modules::default()).unwrap();
    let one = Inputs { each: 5 * 4096 + 4096 + 11_008, distinct: 2 * 4096 + 11_008 };
    assert_eq!(size.usual_inputs(), Inputs { each: one.each * 32, distinct: one.distinct * 32 });
}
