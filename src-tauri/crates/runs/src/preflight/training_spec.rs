//! The frozen job of a training.

use std::path::PathBuf;

use configs::defaults;
use resources::{FineTuningJob, Tuning};
use serde_json::{Map, Value};

use super::{axolotl::Axolotl, choices::Chosen, prompt::JobPrompt, script::ScriptConfig};
use crate::runs::Runs;
use run_folder::{
    rows::Shares,
    spec::{
        AdapterSpec, DatasetSpec, Framework, ScriptSpec, SelectionSpec, Source, Spec, Task, TrainingOutput,
        TrainingSpec, VERSION,
    },
};

/// What a training refers to, as far as it can be used.
pub(super) struct Parts {
    pub(super) dataset: Option<DatasetSpec>,
    pub(super) prompt: Option<JobPrompt>,
    pub(super) model: Option<Source>,
    pub(super) axolotl: Option<Axolotl>,
    pub(super) script: Option<ScriptConfig>,
    pub(super) chosen: Chosen,
}

/// The settings of a training as its worker gets them.
pub(super) struct Settings {
    pub(super) framework: Framework,
    pub(super) arguments: Map<String, Value>,
    pub(super) lora: Map<String, Value>,
    pub(super) quantization: Option<Map<String, Value>>,
    pub(super) adapter_init: Option<Source>,
    pub(super) processes: u32,
    pub(super) nodes: u32,
    pub(super) devices: Vec<u32>,
}

impl Runs {
    /// The frozen job; none where its dataset or its model can't be used.
    pub(super) fn training_spec(
        &self,
        id: &str,
        job: &FineTuningJob,
        parts: Parts,
        settings: Settings,
        register: bool,
    ) -> Option<Spec> {
        let Parts { dataset, prompt, model, axolotl, script, chosen } = parts;
        let Chosen { planned, chat, ratings, early_stopping_patience } = chosen;
        let (model, dataset) = (model?, dataset?);
        let name = job.adapter_name.clone().unwrap_or_default();
        let shares = Shares::from_job(job);
        let output = self.folder(id).output();
        let trained = if planned.tuning == Tuning::Full { "model" } else { "adapter" };
        let place = match &job.out_dir {
            Some(folder) => PathBuf::from(folder).join(id),
            None => output.join(trained),
        };
        let place = place.display().to_string();
        Some(Spec {
            version: VERSION,
            id: id.to_owned(),
            name: name.clone(),
            dataset,
            prompt: prompt.map(|prompt| prompt.spec),
            seed: defaults::seed(),
            tracking: self.tracking(id.to_owned()),
            selection: SelectionSpec {
                dataset_fraction: shares.dataset_fraction,
                train_test_split: shares.train_test_split,
                sample: None,
                features: Vec::new(),
            },
            rows: None,
            row_format: planned.row_format,
            chat,
            ratings,
            task: Task::Training(Box::new(TrainingSpec {
                framework: settings.framework,
                method: planned.method,
                tuning: planned.tuning,
                adapter_init: settings.adapter_init,
                early_stopping_patience,
                processes: settings.processes,
                nodes: settings.nodes,
                devices: settings.devices,
                model,
                training_arguments: settings.arguments,
                lora: settings.lora,
                quantization: settings.quantization,
                output: TrainingOutput {
                    model: (planned.tuning == Tuning::Full).then(|| place.clone()),
                    adapter: place,
                    checkpoints: output.join("checkpoints").display().to_string(),
                },
                adapter: AdapterSpec { name, register },
                axolotl: axolotl.map(|axolotl| axolotl.text),
                script: job
                    .user_script
                    .clone()
                    .map(|path| ScriptSpec { path, config: script.map(|config| without_mark(config.text)) }),
            })),
        })
    }
}

/// The text without a byte-order mark, which Python's JSON reader refuses.
fn without_mark(text: String) -> String {
    text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)
}
