//! Starting a training.

use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{
    super::Studio,
    planning::{Found, UsedDataset},
};
use crate::{
    error::{Error, ErrorCode, FieldProblem, Result},
    jobs::{
        AdapterSpec, Estimate, Framework, PromptSpec, Run, RunFolder, RunKind, SEED, ScriptSpec,
        SelectionSpec, Shares, Size, Source, Spec, Task, Tracking, TrainingOutput, TrainingRequest,
        TrainingSpec, VERSION, estimate, steps,
    },
    python::Accelerator,
    resources::{Config, ConfigType, FineTuningFramework, FineTuningJob, TableName},
    schema::{Choice, Id, Row, lenient},
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
    /// The machine's memory, or the GPU's, in bytes.
    pub memory_bytes: Option<u64>,
    /// What is free on the disk it writes to, in bytes.
    pub free_bytes: Option<u64>,
    /// The training arguments as they will be used, as JSON.
    pub training_arguments: String,
    /// The LoRA settings as they will be used, as JSON.
    pub lora: String,
}

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

/// The texts of a job that a request may name by a config's id.
const TEXTS: [&str; 4] =
    ["training_arguments_config", "model_bnb_config", "adapter_bnb_config", "lora_config"];

/// A training laid out, as far as it can be.
struct LaidOut {
    plan: TrainingPlan,
    row: Row,
    spec: Option<Spec>,
}

impl Studio {
    /// What starting a training would do. Everything that would stop it is in the plan.
    pub async fn plan_training(&self, request: &TrainingRequest) -> Result<TrainingPlan> {
        Ok(self.lay_out_training(&Uuid::new_v4().to_string(), request).await?.plan)
    }

    /// Starts a training: makes the job, freezes it in a run folder and queues the run. Nothing is
    /// made unless all of it can be.
    pub async fn start_training(&self, request: &TrainingRequest) -> Result<Run> {
        let id = Uuid::new_v4().to_string();
        let LaidOut { plan, row, spec } = self.lay_out_training(&id, request).await?;
        let Some(spec) = spec.filter(|_| plan.problems.is_empty()) else {
            return Err(refusal(plan.problems));
        };
        self.freeze_and_queue(&spec, vec![(TableName::FineTuningJobs, row)], RunKind::Training).await
    }

    /// Makes the folder and the rows of a run, and queues it. Nothing is left if that fails.
    pub(super) async fn freeze_and_queue(
        &self,
        spec: &Spec,
        rows: Vec<(TableName, Row)>,
        kind: RunKind,
    ) -> Result<Run> {
        let folder = RunFolder::of(self.path(), &spec.id);
        folder.create()?;
        let made = async {
            folder.write_spec(spec)?;
            self.store.create_with_run(rows, &spec.id, kind, &spec.name).await
        };
        if let Err(error) = made.await {
            folder.remove()?;
            return Err(error);
        }
        self.runs.changed.notify_waiters();
        self.store.run(&spec.id).await
    }

    async fn lay_out_training(&self, id: &str, request: &TrainingRequest) -> Result<LaidOut> {
        let mut found = Found::default();
        let mut fields = request.fields.clone();
        self.inline_configs(&mut fields, &TEXTS, &mut found).await?;
        let user_config = self.user_config(&mut fields, &mut found).await?;
        exact_numbers(&mut fields);
        fields.insert("id".to_owned(), id.into());
        let (row, problems) = self.store.try_new(TableName::FineTuningJobs.table(), fields).await?;
        found.problems.extend(problems);
        let job: FineTuningJob = lenient(&row);
        let framework = framework(&job);
        let dataset = match &job.dataset_id {
            Some(id) => self.used_dataset(id.as_str(), &mut found).await?,
            None => None,
        };
        let prompt = match &job.prompt_id {
            Some(id) => self.used_prompt(id.as_str(), dataset.as_ref(), &mut found).await?,
            None => None,
        };
        let model = match &job.base_model_id {
            Some(id) => self.used_model(id.as_str(), &mut found).await?,
            None => None,
        };
        if job.num_workers.is_some_and(|workers| workers > 1) {
            found.refuse("num_workers", "This machine trains with one worker.");
        }
        if framework == Framework::Script
            && let Some(script) = &job.user_script
            && !Path::new(script).is_file()
        {
            found.refuse("user_script", format!("The file {script} is not there."));
        }
        let accelerators = self.python.worker_accelerators().await;
        let accelerators = found.or_refuse("python", accelerators)?.unwrap_or_default();
        let cuda = accelerators.iter().find(|accelerator| accelerator.kind == "cuda");
        let arguments = arguments(&job, cuda, &mut found);
        let lora = found
            .settings("lora_config", ConfigType::LoraConfig, job.lora_config.as_deref())
            .unwrap_or_else(default_lora);
        let quantization = quantization(&job, cuda, &mut found);
        let rows = dataset.as_ref().map(|dataset| planned_rows(&job, dataset, &mut found));
        let axolotl = match framework {
            Framework::Axolotl => self.axolotl_text(&job, &mut found).await?,
            _ => None,
        };
        let steps =
            rows.and_then(|rows| steps(rows.train, &arguments)).filter(|_| framework == Framework::Legacy);
        let estimate = match (&model, &dataset) {
            (Some(model), Some(dataset)) => {
                self.training_estimate(model, dataset, &arguments, &lora, quantization.as_ref(), steps)
                    .await?
            }
            _ => None,
        };
        let folder = RunFolder::of(self.path(), id);
        let adapter_folder = match &job.out_dir {
            Some(folder) => PathBuf::from(folder).join(id),
            None => folder.output().join("adapter"),
        };
        let memory_bytes = cuda.map_or_else(machine_memory, |cuda| cuda.memory_bytes);
        let free_bytes = crate::disk::free(folder.path());
        check_size(estimate.as_ref(), memory_bytes, free_bytes, &mut found);
        let plan = TrainingPlan {
            problems: found.problems,
            warnings: found.warnings,
            rows,
            steps,
            estimate,
            device: device(&accelerators),
            memory_bytes,
            free_bytes,
            training_arguments: pretty(&arguments),
            lora: pretty(&lora),
        };
        let name = job.adapter_name.clone().unwrap_or_default();
        let spec = match (model, dataset) {
            (Some(model), Some(dataset)) => Some(Spec {
                version: VERSION,
                id: id.to_owned(),
                name: name.clone(),
                dataset: dataset.spec,
                prompt: prompt.map(|prompt| PromptSpec { ..prompt }),
                seed: SEED,
                tracking: Tracking { uri: self.tracking_uri(), experiment: id.to_owned() },
                selection: SelectionSpec {
                    dataset_fraction: job.dataset_fraction.unwrap_or(1.0),
                    train_test_split: job.train_test_split.unwrap_or(0.9),
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
                    axolotl,
                    script: job.user_script.map(|path| ScriptSpec { path, config: user_config }),
                })),
            }),
            _ => None,
        };
        Ok(LaidOut { plan, row, spec })
    }

    /// The text of the configuration of a person's own script, given itself or by its id.
    async fn user_config(&self, fields: &mut Row, found: &mut Found) -> Result<Option<String>> {
        if let Some(Value::String(text)) = fields.remove("user_config").filter(|text| *text != "") {
            found.settings("user_config", ConfigType::Custom, Some(&text));
            return Ok(Some(text));
        }
        let Some(Value::String(id)) = fields.get("user_config_id") else { return Ok(None) };
        let config = self.get(TableName::Configs, id).await.ok();
        Ok(config.and_then(|listed| lenient::<Config>(&listed.row).config))
    }

    async fn axolotl_text(&self, job: &FineTuningJob, found: &mut Found) -> Result<Option<String>> {
        let Some(id) = job.axolotl_config_id.as_ref().map(Id::as_str) else { return Ok(None) };
        let Ok(listed) = self.get(TableName::Configs, id).await else { return Ok(None) };
        let text = lenient::<Config>(&listed.row).config;
        found.settings("axolotl_config_id", ConfigType::Axolotl, text.as_deref());
        Ok(text)
    }

    /// Where measurements go: where the environment says, else a file beside the database.
    pub(super) fn tracking_uri(&self) -> String {
        let set = std::env::var("MLFLOW_TRACKING_URI").ok().filter(|uri| !uri.trim().is_empty());
        set.unwrap_or_else(|| {
            let file = self.path().with_file_name("mlflow.db");
            format!("sqlite:///{}", file.display())
        })
    }

    async fn training_estimate(
        &self,
        model: &Source,
        dataset: &UsedDataset,
        arguments: &Map<String, Value>,
        lora: &Map<String, Value>,
        quantization: Option<&Map<String, Value>>,
        steps: Option<u64>,
    ) -> Result<Option<Estimate>> {
        let Some(facts) = self.model_facts(&model.id).await?.facts else { return Ok(None) };
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
                checkpoints: arguments
                    .get("save_total_limit")
                    .and_then(Value::as_u64)
                    .map_or(saved, |n| n.min(saved)),
            },
        ))
    }
}

/// All that stands against starting, as one error.
pub(super) fn refusal(problems: Vec<FieldProblem>) -> Error {
    let python = problems.iter().any(|problem| problem.column == "python");
    let error = Error::invalid(problems);
    if python { Error { code: ErrorCode::NoPython, ..error } } else { error }
}

/// Numbers that went through 32 bits, as they were meant.
fn exact_numbers(fields: &mut Row) {
    for column in ["dataset_fraction", "train_test_split", "learning_rate"] {
        if let Some(value) = fields.get_mut(column)
            && let Some(number) = value.as_f64()
        {
            *value = json!(Shares::exact_number(number));
        }
    }
}

fn framework(job: &FineTuningJob) -> Framework {
    match job.framework_type.as_ref().and_then(Choice::known) {
        _ if job.user_script.is_some() => Framework::Script,
        Some(FineTuningFramework::Axolotl) => Framework::Axolotl,
        _ => Framework::Legacy,
    }
}

/// The arguments with those of the form laid over them.
fn arguments(job: &FineTuningJob, cuda: Option<&Accelerator>, found: &mut Found) -> Map<String, Value> {
    let column = "training_arguments_config";
    let given = job.training_arguments_config.as_deref();
    let mut arguments = found
        .settings(column, ConfigType::TrainingArguments, given)
        .unwrap_or_else(|| default_arguments(cuda.is_some()));
    if let Some(epochs) = job.num_epochs {
        arguments.insert("num_train_epochs".to_owned(), epochs.into());
    }
    if let Some(rate) = job.learning_rate {
        arguments.insert("learning_rate".to_owned(), json!(rate));
    }
    if cuda.is_none() {
        if arguments.get("fp16") == Some(&Value::Bool(true)) {
            found.refuse(column, "fp16 needs a CUDA device, and this machine has none. Set fp16 to false.");
        }
        let optimiser = arguments.get("optim").and_then(Value::as_str).unwrap_or_default();
        if optimiser.contains("paged") || optimiser.contains("8bit") || optimiser.contains("bnb") {
            found.refuse(
                column,
                format!("The optimiser {optimiser} needs a CUDA device, and this machine has none. Use adamw_torch."),
            );
        }
    }
    arguments
}

/// Arguments that work on this machine where none are given.
fn default_arguments(cuda: bool) -> Map<String, Value> {
    let arguments = if cuda {
        json!({
            "per_device_train_batch_size": 4, "gradient_accumulation_steps": 4, "bf16": true,
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
fn default_lora() -> Map<String, Value> {
    let lora =
        json!({"r": 16, "lora_alpha": 32, "lora_dropout": 0.05, "bias": "none", "task_type": "CAUSAL_LM"});
    lora.as_object().cloned().unwrap_or_default()
}

fn quantization(
    job: &FineTuningJob,
    cuda: Option<&Accelerator>,
    found: &mut Found,
) -> Option<Map<String, Value>> {
    let given =
        [("adapter_bnb_config", &job.adapter_bnb_config), ("model_bnb_config", &job.model_bnb_config)];
    let mut chosen = None;
    for (column, text) in given {
        let settings = found.settings(column, ConfigType::BitsandbytesConfig, text.as_deref());
        let asks = |settings: &Map<String, Value>| {
            ["load_in_4bit", "load_in_8bit"]
                .iter()
                .any(|name| settings.get(*name) == Some(&Value::Bool(true)))
        };
        let settings = settings.filter(asks);
        if settings.is_some() && cuda.is_none() {
            found.refuse(
                column,
                "Quantisation needs a CUDA device, and this machine has none. Train without it: leave this empty.",
            );
        }
        chosen = chosen.or(settings);
    }
    chosen
}

fn planned_rows(job: &FineTuningJob, dataset: &UsedDataset, found: &mut Found) -> PlannedRows {
    let shares = Shares {
        dataset_fraction: job.dataset_fraction.unwrap_or(1.0),
        train_test_split: job.train_test_split.unwrap_or(0.9),
    };
    let total = dataset.train_rows;
    let rows = u32::try_from(total).unwrap_or(u32::MAX);
    let (train, split_off) = shares.counts(rows, dataset.held_back_rows.is_some());
    if train == 0 && total > 0 {
        found.refuse(
            "train_test_split",
            format!("Of {total} rows none would be left to train on. Use more of them, or hold back fewer."),
        );
    }
    PlannedRows { total, train: train.into(), eval: dataset.held_back_rows.unwrap_or(split_off.into()) }
}

fn check_size(estimate: Option<&Estimate>, memory: Option<u64>, free: Option<u64>, found: &mut Found) {
    let Some(estimate) = estimate else { return };
    let gb = |bytes: u64| bytes as f64 / 1e9;
    if let Some(free) = free.filter(|free| *free < estimate.disk_bytes) {
        found.refuse(
            "out_dir",
            format!(
                "About {:.1} GB of disk are needed and {:.1} GB are free. Free some space, or keep fewer checkpoints (save_total_limit).",
                gb(estimate.disk_bytes),
                gb(free)
            ),
        );
    }
    if let Some(memory) = memory.filter(|memory| *memory < estimate.memory_bytes) {
        found.warn(
            "training_arguments_config",
            format!(
                "About {:.1} GB of memory may be needed, and there are {:.1} GB. Smaller batches or fewer tokens a row need less.",
                gb(estimate.memory_bytes),
                gb(memory)
            ),
        );
    }
}

pub(super) fn device(accelerators: &[Accelerator]) -> String {
    match accelerators.first() {
        Some(accelerator) => accelerator.name.clone(),
        None => "The processor; no GPU was found.".to_owned(),
    }
}

fn machine_memory() -> Option<u64> {
    let mut system = sysinfo::System::new().ok()?;
    system.refresh_memory();
    Some(system.total_memory()).filter(|bytes| *bytes > 0)
}

fn pretty(settings: &Map<String, Value>) -> String {
    serde_json::to_string_pretty(settings).unwrap_or_default()
}
