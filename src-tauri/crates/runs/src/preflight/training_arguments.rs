//! The training arguments as the worker gets them.

use configs::{ConfigType, current_names, defaults, parse_config};
use python::Accelerator;
use resources::FineTuningJob;
use schema::column;
use serde_json::{Map, Value, json};

use super::{
    context::Preflight,
    device::{device_for, is_cuda},
};
use crate::request::TrainingRequest;
use run_folder::{rows::Shares, spec::Framework};

const COLUMN: &str = column!(FineTuningJob, training_arguments_config);

/// The numbers that a job has in columns of their own and that its arguments may have too.
#[derive(Clone, Copy)]
struct Twice {
    /// The name among transformers' arguments.
    argument: &'static str,
    /// The name in axolotl's configuration.
    axolotl: &'static str,
}

const EPOCHS: Twice = Twice { argument: "num_train_epochs", axolotl: "num_epochs" };
const LEARNING_RATE: Twice = Twice { argument: "learning_rate", axolotl: "learning_rate" };

/// The texts that may give a number that the request does not.
pub(super) struct GivenTexts<'a> {
    /// The training arguments.
    pub(super) arguments: Option<&'a str>,
    /// axolotl's configuration, if axolotl trains.
    pub(super) axolotl: Option<&'a Map<String, Value>>,
}

impl GivenTexts<'_> {
    fn value(&self, twice: Twice) -> Option<Value> {
        if let Some(axolotl) = self.axolotl {
            return axolotl.get(twice.axolotl).cloned();
        }
        let arguments = parse_config(Some(ConfigType::TrainingArguments), self.arguments?).ok()?;
        arguments.get(twice.argument).cloned()
    }
}

/// Rounds shares and rates that may have passed through the 32-bit floats of the wire contract.
pub(super) fn round_numbers(request: &mut TrainingRequest) {
    for number in [&mut request.dataset_fraction, &mut request.train_test_split, &mut request.learning_rate] {
        *number = number.map(Shares::exact_number);
    }
}

/// Fills the columns of the job that only a text gives.
pub(super) fn fill_from_texts(request: &mut TrainingRequest, texts: &GivenTexts<'_>) {
    if request.num_epochs.is_none() {
        // The column holds whole numbers. A fraction of an epoch stays in the text.
        let whole = texts.value(EPOCHS).and_then(|value| value.as_f64()).filter(|n| n.fract() == 0.0);
        request.num_epochs = whole.map(|number| number as i64);
    }
    if request.learning_rate.is_none() {
        request.learning_rate = texts.value(LEARNING_RATE).and_then(|value| value.as_f64());
    }
}

impl Preflight<'_> {
    /// The arguments of the job's text with the numbers of its columns laid over them. A number that
    /// the request does not give is the text's, else the column's default.
    pub(super) fn training_arguments(
        &mut self,
        job: &FineTuningJob,
        request: &TrainingRequest,
        framework: Framework,
        axolotl: Option<&Map<String, Value>>,
        accelerators: &[Accelerator],
    ) -> Map<String, Value> {
        let given = job.training_arguments_config.as_deref();
        let mut arguments = self
            .diagnostics
            .settings(COLUMN, ConfigType::TrainingArguments, given)
            .unwrap_or_else(|| match framework {
                // axolotl's configuration has them.
                Framework::Axolotl => Map::new(),
                _ => {
                    let cuda = accelerators.iter().find(is_cuda);
                    let gpu = cuda.map(|cuda| defaults::Gpu { bfloat16: cuda.bfloat16 });
                    defaults::of_job(ConfigType::TrainingArguments, gpu).unwrap_or_default()
                }
            });
        for (twice, given, value) in [
            (EPOCHS, request.num_epochs.is_some(), job.num_epochs.map(Value::from)),
            (LEARNING_RATE, request.learning_rate.is_some(), job.learning_rate.map(|rate| json!(rate))),
        ] {
            let in_text = match axolotl {
                Some(axolotl) => axolotl.get(twice.axolotl).is_some_and(Value::is_number),
                None => arguments.contains_key(twice.argument),
            };
            if let Some(value) = value.filter(|_| given || !in_text) {
                arguments.insert(twice.argument.to_owned(), value);
            }
        }
        let device = device_for(&current_names(&arguments), accelerators);
        if framework == Framework::Legacy && device.filter(is_cuda).is_none() {
            self.fit_to_device(&mut arguments);
        }
        arguments
    }

    /// Without CUDA, replaces what needs it, so that arguments made for a GPU train anywhere. The
    /// worker applies the same rules where it finds another device than was found here.
    fn fit_to_device(&mut self, arguments: &mut Map<String, Value>) {
        let rules = defaults::without_cuda();
        for name in &rules.switches {
            let Some(value) = arguments.get_mut(name).filter(|value| **value == Value::Bool(true)) else {
                continue;
            };
            *value = Value::Bool(false);
            let message = format!("'{name}' needs a CUDA device: 32 bits are used instead.");
            self.diagnostics.warn(COLUMN, message);
        }
        let optimizer = arguments.get("optim").and_then(Value::as_str).unwrap_or_default().to_owned();
        if rules.optimizers.iter().any(|part| optimizer.contains(part)) {
            let replacement = &rules.optimizer;
            arguments.insert("optim".to_owned(), replacement.as_str().into());
            let message =
                format!("The optimizer '{optimizer}' needs a CUDA device: '{replacement}' is used instead.");
            self.diagnostics.warn(COLUMN, message);
        }
    }
}
