//! The settings of a job as its worker will use them.

use configs::{ConfigType, parse_config};
use python::Accelerator;
use resources::FineTuningJob;
use schema::Row;
use serde_json::{Map, Value, json};

use super::findings::Found;
use crate::{Framework, Shares};

/// What a form says in fields of its own, the setting that says the same to the trainer, and the one
/// that says it to axolotl.
const SAID_TWICE: [(&str, &str, &str); 2] =
    [("num_epochs", "num_train_epochs", "num_epochs"), ("learning_rate", "learning_rate", "learning_rate")];

/// Numbers that went through 32 bits, as they were meant.
pub(super) fn exact_numbers(fields: &mut Row) {
    for column in ["dataset_fraction", "train_test_split", "learning_rate"] {
        if let Some(value) = fields.get_mut(column)
            && let Some(number) = value.as_f64()
        {
            *value = json!(Shares::exact_number(number));
        }
    }
}

/// Takes over into the job's fields what only the text of its settings says.
pub(super) fn fill_from_text(fields: &mut Row, axolotl: Option<&Map<String, Value>>) {
    let text = fields.get("training_arguments_config").and_then(Value::as_str);
    let arguments = text.and_then(|text| parse_config(Some(ConfigType::TrainingArguments), text).ok());
    for (column, ours, theirs) in SAID_TWICE {
        if is_said(fields, column) {
            continue;
        }
        let said = match axolotl {
            Some(axolotl) => axolotl.get(theirs),
            None => arguments.as_ref().and_then(|arguments| arguments.get(ours)),
        };
        // The column holds whole epochs; a part of one stays with the text.
        let whole = |number: &f64| column != "num_epochs" || number.fract() == 0.0;
        if let Some(number) = said.and_then(Value::as_f64).filter(whole) {
            let value = if column == "num_epochs" { json!(number as i64) } else { json!(number) };
            fields.insert(column.to_owned(), value);
        }
    }
}

/// The training arguments with those of the form laid over them. What the form leaves unsaid is
/// the text's to say, and the job's default where that is silent too.
pub(super) fn arguments(
    job: &FineTuningJob,
    fields: &Row,
    framework: Framework,
    axolotl: Option<&Map<String, Value>>,
    accelerators: &[Accelerator],
    found: &mut Found,
) -> Map<String, Value> {
    let column = "training_arguments_config";
    let given = job.training_arguments_config.as_deref();
    let mut arguments =
        found.settings(column, ConfigType::TrainingArguments, given).unwrap_or_else(|| match framework {
            // It has its own.
            Framework::Axolotl => Map::new(),
            _ => default_arguments(accelerators.iter().find(is_cuda)),
        });
    let of_form = [job.num_epochs.map(Value::from), job.learning_rate.map(|rate| json!(rate))];
    for ((column, ours, theirs), value) in SAID_TWICE.into_iter().zip(of_form) {
        let in_text = match axolotl {
            Some(axolotl) => axolotl.get(theirs).is_some_and(Value::is_number),
            None => arguments.contains_key(ours),
        };
        if let Some(value) = value.filter(|_| is_said(fields, column) || !in_text) {
            arguments.insert(ours.to_owned(), value);
        }
    }
    if framework == Framework::Legacy && device_for(&arguments, accelerators).filter(is_cuda).is_none() {
        fit_to_device(&mut arguments, found);
    }
    arguments
}

/// What is computed on with these arguments; none for the processor.
pub(super) fn device_for<'a>(
    arguments: &Map<String, Value>,
    accelerators: &'a [Accelerator],
) -> Option<&'a Accelerator> {
    let unwanted = ["use_cpu", "no_cuda"].iter().any(|name| arguments.get(*name) == Some(&Value::Bool(true)));
    accelerators.first().filter(|_| !unwanted)
}

pub(super) fn is_cuda(accelerator: &&Accelerator) -> bool {
    accelerator.kind == "cuda"
}

/// Without CUDA, takes out what needs it, so that arguments made for a GPU train anywhere. The
/// worker does the same (`fit_to_device` in `arguments.py`) where it finds another device than was
/// seen here.
fn fit_to_device(arguments: &mut Map<String, Value>, found: &mut Found) {
    let column = "training_arguments_config";
    for name in ["fp16", "bf16", "tf32"] {
        let Some(value) = arguments.get_mut(name).filter(|value| **value == Value::Bool(true)) else {
            continue;
        };
        *value = Value::Bool(false);
        found.warn(column, format!("'{name}' needs a CUDA device: it trains in 32 bits instead."));
    }
    let optimiser = arguments.get("optim").and_then(Value::as_str).unwrap_or_default().to_owned();
    if ["paged", "8bit", "bnb"].iter().any(|mark| optimiser.contains(mark)) {
        arguments.insert("optim".to_owned(), "adamw_torch".into());
        found.warn(
            column,
            format!("The optimiser '{optimiser}' needs a CUDA device: it trains with 'adamw_torch' instead."),
        );
    }
}

/// Arguments that work on this machine where none are given.
fn default_arguments(cuda: Option<&Accelerator>) -> Map<String, Value> {
    let arguments = if let Some(cuda) = cuda {
        let half = if cuda.bfloat16 { "bf16" } else { "fp16" };
        json!({
            "per_device_train_batch_size": 4, "gradient_accumulation_steps": 4, half: true,
            "gradient_checkpointing": true, "optim": "adamw_torch_fused", "lr_scheduler_type": "cosine",
            "warmup_ratio": 0.03, "max_grad_norm": 1.0, "max_length": 1024, "logging_steps": 1,
            "report_to": "mlflow",
        })
    } else {
        json!({
            "per_device_train_batch_size": 8, "gradient_accumulation_steps": 1, "optim": "adamw_torch",
            "lr_scheduler_type": "cosine", "warmup_ratio": 0.03, "max_grad_norm": 1.0, "max_length": 512,
            "logging_steps": 1, "report_to": "mlflow",
        })
    };
    arguments.as_object().cloned().unwrap_or_default()
}

/// The LoRA settings of the contract's section 3.
pub(super) fn default_lora() -> Map<String, Value> {
    let lora =
        json!({"r": 16, "lora_alpha": 32, "lora_dropout": 0.05, "bias": "none", "task_type": "CAUSAL_LM"});
    lora.as_object().cloned().unwrap_or_default()
}

/// How a model is quantised, by the first of these texts that asks for it; refused where there is no
/// GPU to do it, or not the package for it.
pub(super) fn quantization(
    given: [(&str, Option<&str>); 2],
    cuda: Option<&Accelerator>,
    found: &mut Found,
) -> Option<Map<String, Value>> {
    let lacking = match cuda {
        None => Some("Quantisation needs a CUDA device, and this machine has none. Leave this empty."),
        Some(cuda) if !cuda.quantizes => Some(
            "Quantisation needs the package 'bitsandbytes', which the Python environment lacks. \
             Install it there, or leave this empty.",
        ),
        Some(_) => None,
    };
    let mut chosen = None;
    for (column, text) in given {
        let settings = found.settings(column, ConfigType::BitsandbytesConfig, text);
        let asks = |settings: &Map<String, Value>| {
            ["load_in_4bit", "load_in_8bit"]
                .iter()
                .any(|name| settings.get(*name) == Some(&Value::Bool(true)))
        };
        let settings = settings.filter(asks);
        if let (Some(_), Some(lacking)) = (&settings, lacking) {
            found.refuse(column, lacking);
        }
        chosen = chosen.or(settings);
    }
    chosen
}

fn is_said(fields: &Row, column: &str) -> bool {
    fields.get(column).is_some_and(|value| !value.is_null() && value.as_str() != Some(""))
}
