//! Starting a training.

use std::path::{Path, PathBuf};

use configs::ConfigType;
use python::Accelerator;
use resources::{Described as _, FineTuningFramework, FineTuningJob};
use schema::{Choice, Error, ErrorCode, FieldProblem, Result, Row, TableName, lenient};
use serde::Serialize;
use serde_json::{Map, Value};
use store::{Run, RunKind};
use uuid::Uuid;

use super::{
    axolotl::MadePrompt,
    findings::Found,
    script::check_script,
    settings::{arguments, default_lora, device_for, exact_numbers, fill_from_text, is_cuda, quantization},
    size::{PlannedRows, check_size, machine_memory, planned_rows},
};
use crate::{
    AdapterSpec, Estimate, Framework, RunFolder, Runs, SEED, ScriptSpec, SelectionSpec, Shares, Spec, Task,
    Tracking, TrainingOutput, TrainingRequest, TrainingSpec, VERSION, steps,
};

/// What starting a training would do, said before it does.
#[derive(Debug, Clone, PartialEq, Serialize, specta::Type)]
pub struct TrainingPlan {
    /// Why it can't start, by the column of the job; `python` where the environment is at fault.
    pub problems: Vec<FieldProblem>,
    /// What to know before it starts, likewise.
    pub warnings: Vec<FieldProblem>,
    /// How the rows are divided, once the dataset is chosen and readable.
    pub rows: Option<PlannedRows>,
    /// How often the weights change; none where it is not known before.
    pub steps: Option<u64>,
    /// What it will take; none where the model's files are not here or say too little.
    pub estimate: Option<Estimate>,
    /// What it runs on, in words.
    pub device: String,
    /// Whether a model can be quantised there.
    pub quantises: bool,
    /// The machine's memory, or the GPU's, in bytes.
    pub memory_bytes: Option<u64>,
    /// What is free on the disk it writes to, in bytes.
    pub free_bytes: Option<u64>,
    /// The training arguments as they will be used, as JSON.
    pub training_arguments: String,
    /// The LoRA settings as they will be used, as JSON.
    pub lora: String,
}

/// The texts of a job that a request may name by a config's id.
const TEXTS: [(&str, ConfigType); 4] = [
    ("training_arguments_config", ConfigType::TrainingArguments),
    ("model_bnb_config", ConfigType::BitsandbytesConfig),
    ("adapter_bnb_config", ConfigType::BitsandbytesConfig),
    ("lora_config", ConfigType::LoraConfig),
];

/// A training laid out, as far as it can be.
struct LaidOut {
    plan: TrainingPlan,
    /// The job, behind what is made with it.
    rows: Vec<(TableName, Row)>,
    spec: Option<Spec>,
}

impl Runs {
    /// What starting a training would do. Everything that would stop it is in the plan.
    pub async fn plan_training(&self, request: &TrainingRequest) -> Result<TrainingPlan> {
        Ok(self.lay_out_training(&Uuid::new_v4().to_string(), request).await?.plan)
    }

    /// Starts a training: makes the job, freezes it in a run folder and queues the run. Nothing is
    /// made unless all of it can be.
    pub async fn start_training(&self, request: &TrainingRequest) -> Result<Run> {
        let id = Uuid::new_v4().to_string();
        let LaidOut { plan, rows, spec } = self.lay_out_training(&id, request).await?;
        let Some(spec) = spec.filter(|_| plan.problems.is_empty()) else {
            return Err(refusal(plan.problems));
        };
        self.freeze_and_queue(&spec, rows, RunKind::Training).await
    }

    /// Makes the folder and the rows of a run, and queues it. Nothing is left if that fails.
    pub(super) async fn freeze_and_queue(
        &self,
        spec: &Spec,
        rows: Vec<(TableName, Row)>,
        kind: RunKind,
    ) -> Result<Run> {
        let folder = RunFolder::of(self.store.path(), &spec.id);
        folder.create()?;
        let made = async {
            folder.write_spec(spec)?;
            self.store.create_with_run(rows, &spec.id, kind, &spec.name).await
        };
        if let Err(error) = made.await {
            folder.remove()?;
            return Err(error);
        }
        self.changed.notify_waiters();
        self.store.run(&spec.id).await
    }

    async fn lay_out_training(&self, id: &str, request: &TrainingRequest) -> Result<LaidOut> {
        let mut found = Found::default();
        let mut fields = request.fields.clone();
        self.inline_configs(&mut fields, &TEXTS, &mut found).await?;
        let user_config = self.user_config(&mut fields, &mut found).await?;
        exact_numbers(&mut fields);
        let axolotl = self.axolotl(&fields, &mut found).await?;
        let of_axolotl = axolotl.as_ref().map(|axolotl| &axolotl.settings);
        fill_from_text(&mut fields, of_axolotl);
        fields.insert("id".to_owned(), id.into());
        let (mut row, problems) =
            self.store.try_new(TableName::FineTuningJobs.table(), fields.clone()).await?;
        found.problems.extend(problems);
        let job: FineTuningJob = lenient(&row);
        let framework = framework(&job);
        let dataset = match &job.dataset_id {
            Some(id) => self.used_dataset(id.as_str(), &mut found).await?,
            None => None,
        };
        let prompt = match (&job.prompt_id, &axolotl, &dataset) {
            (Some(id), ..) => {
                let spec = self.used_prompt(id.as_str(), dataset.as_ref(), &mut found).await?;
                spec.map(|spec| MadePrompt { spec, row: None })
            }
            (None, Some(axolotl), Some(dataset)) => self.axolotl_prompt(axolotl, dataset, &mut found).await?,
            _ => None,
        };
        let model = match &job.base_model_id {
            Some(id) => self.used_model(id.as_str(), &mut found).await?,
            None => None,
        };
        if job.num_workers.is_some_and(|workers| workers > 1) {
            found.refuse("num_workers", "This machine trains with one worker.");
        }
        check_script(job.user_script.as_deref(), &mut found);
        check_writable(job.out_dir.as_deref(), &mut found);
        let accelerators = self.python.worker_accelerators().await;
        let accelerators = found.or_refuse("python", accelerators)?.unwrap_or_default();
        let arguments = arguments(&job, &fields, framework, of_axolotl, &accelerators, &mut found);
        let accelerator = device_for(&arguments, &accelerators);
        let cuda = accelerator.filter(is_cuda);
        let lora = found
            .settings("lora_config", ConfigType::LoraConfig, job.lora_config.as_deref())
            .unwrap_or_else(|| if framework == Framework::Axolotl { Map::new() } else { default_lora() });
        let quantization = quantization(
            [
                ("adapter_bnb_config", job.adapter_bnb_config.as_deref()),
                ("model_bnb_config", job.model_bnb_config.as_deref()),
            ],
            cuda,
            &mut found,
        );
        let rows = dataset.as_ref().map(|dataset| planned_rows(&job, dataset, &mut found));
        let steps =
            rows.and_then(|rows| steps(rows.train, &arguments)).filter(|_| framework == Framework::Legacy);
        let estimate = match (&model, &dataset) {
            (Some(model), Some(dataset)) => {
                let on_cpu = accelerator.is_none();
                self.training_estimate(
                    model,
                    dataset,
                    &arguments,
                    &lora,
                    quantization.as_ref(),
                    steps,
                    on_cpu,
                )
                .await?
            }
            _ => None,
        };
        let folder = RunFolder::of(self.store.path(), id);
        let adapter_folder = match &job.out_dir {
            Some(folder) => PathBuf::from(folder).join(id),
            None => folder.output().join("adapter"),
        };
        let memory_bytes = cuda.map_or_else(machine_memory, |cuda| cuda.memory_bytes);
        let free_bytes = platform::disk::free(folder.path());
        check_size(estimate.as_ref(), memory_bytes, free_bytes, &mut found);
        let plan = TrainingPlan {
            problems: found.problems,
            warnings: found.warnings,
            rows,
            steps,
            estimate,
            device: device(accelerator),
            quantises: cuda.is_some_and(|cuda| cuda.quantizes),
            memory_bytes,
            free_bytes,
            training_arguments: pretty(&arguments),
            lora: pretty(&lora),
        };
        let name = job.adapter_name.clone().unwrap_or_default();
        let shares = Shares::of(&job);
        let spec = match (model, dataset) {
            (Some(model), Some(dataset)) => Some(Spec {
                version: VERSION,
                id: id.to_owned(),
                name: name.clone(),
                dataset: dataset.spec,
                prompt: prompt.as_ref().map(|prompt| prompt.spec.clone()),
                seed: SEED,
                tracking: Tracking { uri: self.tracking_uri(), experiment: id.to_owned() },
                selection: SelectionSpec {
                    dataset_fraction: shares.dataset_fraction,
                    train_test_split: shares.train_test_split,
                    sample: None,
                    features: Vec::new(),
                },
                rows: None,
                task: Task::Training(Box::new(TrainingSpec {
                    framework,
                    model,
                    training_arguments: arguments,
                    lora,
                    quantization,
                    output: TrainingOutput {
                        adapter: adapter_folder.display().to_string(),
                        checkpoints: folder.output().join("checkpoints").display().to_string(),
                    },
                    adapter: AdapterSpec { name, register: request.auto_add_adapter },
                    axolotl: axolotl.map(|axolotl| axolotl.text),
                    script: job.user_script.map(|path| ScriptSpec {
                        path,
                        config: user_config.as_ref().map(|config| config.text.clone()),
                    }),
                })),
            }),
            _ => None,
        };
        let mut rows = Vec::new();
        if let Some(MadePrompt { spec, row: made }) = prompt {
            row.insert("prompt_id".to_owned(), spec.id.into());
            rows.extend(made.map(|made| (TableName::Prompts, made)));
        }
        if let Some(config) = user_config {
            row.insert("user_config_id".to_owned(), config.id.into());
            rows.extend(config.row.map(|made| (TableName::Configs, made)));
        }
        rows.push((TableName::FineTuningJobs, row));
        Ok(LaidOut { plan, rows, spec })
    }

    /// Where measurements go: where the environment says, else a file beside the database.
    pub(super) fn tracking_uri(&self) -> String {
        let set = std::env::var("MLFLOW_TRACKING_URI").ok().filter(|uri| !uri.trim().is_empty());
        // The worker hears the whole address from the environment; a file is no place for a password.
        set.map(|uri| without_credentials(&uri)).unwrap_or_else(|| {
            let file = self.store.path().with_file_name("mlflow.db");
            format!("sqlite:///{}", file.display())
        })
    }
}

/// An address without the name and password it may carry.
fn without_credentials(uri: &str) -> String {
    let Some((scheme, rest)) = uri.split_once("://") else { return uri.to_owned() };
    let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    format!("{scheme}://{}{path}", host.rsplit('@').next().unwrap_or(host))
}

/// All that stands against starting, as one error.
pub fn refusal(problems: Vec<FieldProblem>) -> Error {
    let python = problems.iter().any(|problem| problem.column == "python");
    let error = Error::invalid(problems);
    if python { Error { code: ErrorCode::NoPython, ..error } } else { error }
}

/// Refuses a folder that nothing can be written into.
fn check_writable(folder: Option<&str>, found: &mut Found) {
    // One that is not there is refused with the row.
    let Some(folder) = folder.filter(|folder| Path::new(folder).is_dir()) else { return };
    if let Err(error) = tempfile::tempfile_in(folder) {
        found.refuse(
            "out_dir",
            format!("Nothing can be written into {folder}: {error}. Choose another folder."),
        );
    }
}

fn framework(job: &FineTuningJob) -> Framework {
    match job.framework_type.as_ref().and_then(Choice::known) {
        _ if job.user_script.is_some() => Framework::Script,
        Some(FineTuningFramework::Axolotl) => Framework::Axolotl,
        _ => Framework::Legacy,
    }
}

/// What is computed on, in words.
pub(super) fn device(accelerator: Option<&Accelerator>) -> String {
    match accelerator {
        Some(accelerator) => accelerator.name.clone(),
        None => "The processor.".to_owned(),
    }
}

fn pretty(settings: &Map<String, Value>) -> String {
    serde_json::to_string_pretty(settings).unwrap_or_default()
}
