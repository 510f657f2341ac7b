//! The preflight of a training.

use std::path::Path;

use ::weights::asks_for_quantization;
use configs::{ConfigType, current_names, defaults};
use resources::{Described as _, FineTuningFramework, FineTuningJob, Tuning};
use schema::{Choice, Result, Row, Stored, TableName, column};
use serde_json::{Map, Value};

use super::{
    axolotl::Axolotl,
    choices::ChoiceInputs,
    config_text::ConfigField,
    context::Preflight,
    dataset::JobDataset,
    device::{asks_for_cpu, device_for, is_cuda},
    plan::{Layout, PlannedChoices, PlannedRows, TrainingPlan},
    processes::fill_from_devices,
    prompt::JobPrompt,
    training_arguments::{GivenTexts, fill_from_texts, round_numbers},
    training_spec::{Parts, Settings},
};
use crate::{request::TrainingRequest, runs::Runs};
use estimate::{SizeSettings, rows_a_step, steps};
use run_folder::spec::Framework;

impl Runs {
    /// Lays out a training under that id.
    pub(crate) async fn lay_out_training(
        &self,
        id: &str,
        request: &TrainingRequest,
    ) -> Result<Layout<TrainingPlan>> {
        let mut preflight = Preflight::for_run(self);
        preflight.go_elsewhere(request.target.as_deref()).await?;
        let mut request = request.clone();
        preflight.inline_texts(&mut request).await?;
        let script = preflight.script_config(&mut request).await?;
        round_numbers(&mut request);
        let axolotl = preflight.axolotl_config(&request).await?;
        let axolotl_settings = axolotl.as_ref().map(|axolotl| &axolotl.settings);
        let arguments = request.training_arguments_config.clone();
        let given = GivenTexts { arguments: arguments.as_deref(), axolotl: axolotl_settings };
        fill_from_texts(&mut request, &given);
        fill_from_devices(&mut request);
        let (mut row, mut job) = preflight.job_row(id, &request).await?;
        let dataset = match &job.dataset_id {
            Some(id) => preflight.dataset(id.as_str()).await?,
            None => None,
        };
        let awaited = match &job.dataset_id {
            Some(id) if dataset.is_none() => preflight.awaited_dataset(id.as_str()).await?,
            _ => None,
        };
        let prompt = preflight.training_prompt(&job, axolotl.as_ref(), dataset.as_ref()).await?;
        let model = match &job.base_model_id {
            Some(id) => preflight.model(id.as_str()).await?,
            None => None,
        };
        let framework = framework(&job);
        let choices = request.choices();
        let inputs = ChoiceInputs {
            choices: &choices,
            framework,
            prompt: prompt.as_ref().map(|prompt| &prompt.spec),
            dataset: dataset.as_ref(),
            model: model.as_ref(),
        };
        let chosen = preflight.chosen(&inputs).await?;
        let method_rate = learning_rate(&chosen.planned);
        if let Some(rate) = method_rate.filter(|_| request.learning_rate.is_none()) {
            job.learning_rate = Some(rate);
            row.insert(column!(FineTuningJob, learning_rate).to_owned(), rate.into());
        }
        if let Some(axolotl) = &axolotl {
            preflight.check_axolotl(axolotl, &job, dataset.as_ref());
            if let Some(dataset) = &awaited {
                let message = format!(
                    "How axolotl reads the rows follows from their format, and they are not on this machine. Fetch \
                     '{}' in its panel under Datasets, then start the training.",
                    dataset.name
                );
                preflight.diagnostics.refuse(column!(FineTuningJob, dataset_id), message);
            }
        }
        preflight.check_script(job.user_script.as_deref());
        preflight.check_writable(job.out_dir.as_deref());
        let accelerators = preflight.accelerators(framework.environment()).await?;
        let mut arguments =
            preflight.training_arguments(&job, &request, framework, axolotl_settings, &accelerators);
        if framework == Framework::Legacy {
            preflight.fit_to_method(chosen.planned.method, &mut arguments);
        }
        // The worker gets the names as they are given: which it knows depends on its environment.
        let current = current_names(&arguments);
        let accelerator = device_for(&current, &accelerators);
        let on_cpu = asks_for_cpu(&current);
        let devices = request.devices.as_deref();
        let processes = preflight.processes(&job, devices, framework, &accelerators, on_cpu);
        let cuda = accelerator.filter(is_cuda);
        let has_cuda = cuda.is_some() || (!preflight.knows_devices() && !on_cpu);
        preflight.check_sharding(&current, processes.count, has_cuda).await?;
        let lora = preflight.lora(&job, framework);
        let texts = [
            (column!(FineTuningJob, adapter_bnb_config), job.adapter_bnb_config.as_deref()),
            (column!(FineTuningJob, model_bnb_config), job.model_bnb_config.as_deref()),
        ];
        let quantization = preflight.quantization(texts, accelerator).await?;
        if let Some(model) = &model {
            preflight.check_quantized_base(model, texts, axolotl_settings).await?;
        }
        let rows = dataset.as_ref().map(|dataset| preflight.planned_rows(&job, dataset));
        let rows = if chosen.reads_pairs() { rows.map(PlannedRows::twice) } else { rows };
        let steps = rows
            .and_then(|rows| steps(rows.train, &current, processes.count))
            .filter(|_| framework == Framework::Legacy);
        let (facts, modules) = match &model {
            Some(model) => preflight.model_modules(model).await?,
            None => Default::default(),
        };
        let planned = if framework == Framework::Legacy && chosen.planned.tuning == Tuning::Lora {
            preflight.planned_modules(facts.as_ref(), &modules, &lora)
        } else {
            None
        };
        if framework == Framework::Legacy {
            let vocabulary = facts.as_ref().and_then(|facts| facts.vocabulary);
            preflight.check_tokens(&inputs, &chosen, vocabulary, &current, &lora).await?;
        }
        let (method, tuning) = (chosen.planned.method, chosen.planned.tuning);
        let asks = texts.map(|(column, text)| (column, asks_for_bits(text)));
        preflight.check_full_tuning(tuning, &job, &current, asks);
        if framework == Framework::Legacy {
            preflight.check_start(tuning, &lora);
        }
        preflight.check_arguments(method, &current);
        preflight.check_early_stopping(chosen.early_stopping_patience, rows, &current);
        let adapter_init = match framework {
            Framework::Legacy => preflight.adapter_to_go_on(&choices, &job).await?,
            _ => None,
        };
        let size = SizeSettings {
            method,
            tuning,
            arguments: &current,
            lora: &lora,
            quantization: quantization.as_ref(),
            on_cpu: accelerator.is_none(),
            evaluates: rows.is_some_and(|rows| rows.eval > 0),
            processes: processes.count,
        };
        let estimate = match (&facts, &dataset) {
            (Some(facts), Some(dataset)) => preflight.estimate((facts, &modules), dataset, &size, steps),
            _ => None,
        };
        let memory_bytes = match cuda {
            Some(_) => processes.memory_bytes(),
            None => preflight.memory(),
        };
        let free_bytes = preflight.free_bytes(id);
        preflight.check_size(estimate.as_ref(), memory_bytes, free_bytes);
        let quantizes = match preflight.knows_devices() {
            true => cuda.is_some_and(|cuda| cuda.quantizes),
            false => preflight.has_package("bitsandbytes").await?,
        };
        let device = preflight.device_label(processes.names(accelerator), processes.nodes);
        let plan = TrainingPlan {
            problems: preflight.diagnostics.problems,
            warnings: preflight.diagnostics.warnings,
            choices: chosen.planned.clone(),
            learning_rate: method_rate,
            rows,
            steps,
            modules: planned,
            fetch: preflight.fetches.first().cloned(),
            fetches: preflight.fetches,
            estimate,
            device,
            processes: processes.count,
            nodes: processes.nodes,
            most_processes: processes.most,
            devices: processes.devices.clone(),
            gpus: processes.gpus,
            rows_a_step: rows_a_step(&current, processes.count),
            quantizes,
            memory_bytes,
            free_bytes,
            training_arguments: pretty(&arguments),
            lora: pretty(&lora),
        };
        let inputs = preflight.inputs;
        let dataset = dataset.map(|dataset| dataset.spec).or(awaited);
        let parts = Parts { dataset, prompt, model, axolotl, script, chosen };
        let settings = Settings {
            framework,
            arguments,
            lora,
            quantization,
            adapter_init,
            processes: processes.count,
            nodes: processes.nodes,
            devices: processes.devices,
        };
        let register = request.auto_add_adapter.unwrap_or(true);
        let rows = job_rows(row, &parts);
        let spec = self.training_spec(id, &job, parts, settings, register);
        Ok(Layout { plan, rows, spec, inputs })
    }
}

impl Preflight<'_> {
    /// Replaces the ids of configs by their texts.
    async fn inline_texts(&mut self, request: &mut TrainingRequest) -> Result<()> {
        self.inline_configs([
            ConfigField {
                column: column!(FineTuningJob, training_arguments_config),
                kind: ConfigType::TrainingArguments,
                text: &mut request.training_arguments_config,
                id: &mut request.training_arguments_config_id,
            },
            ConfigField {
                column: column!(FineTuningJob, model_bnb_config),
                kind: ConfigType::BitsandbytesConfig,
                text: &mut request.model_bnb_config,
                id: &mut request.model_bnb_config_id,
            },
            ConfigField {
                column: column!(FineTuningJob, adapter_bnb_config),
                kind: ConfigType::BitsandbytesConfig,
                text: &mut request.adapter_bnb_config,
                id: &mut request.adapter_bnb_config_id,
            },
            ConfigField {
                column: column!(FineTuningJob, lora_config),
                kind: ConfigType::LoraConfig,
                text: &mut request.lora_config,
                id: &mut request.lora_config_id,
            },
        ])
        .await
    }

    /// The row of the job, with the problems of its own rules.
    async fn job_row(&mut self, id: &str, request: &TrainingRequest) -> Result<(Row, FineTuningJob)> {
        let mut fields = request.to_row()?;
        fields.insert("id".to_owned(), id.into());
        let (row, problems) = self.runs.store.try_new(TableName::FineTuningJobs.table(), fields).await?;
        // The row of a run for which something was fetched is there: its rules held when it was made.
        if self.runs.find::<FineTuningJob>(id).await?.is_none() {
            self.diagnostics.problems.extend(problems);
        }
        let job = Stored::from_row(row.clone()).typed;
        Ok((row, job))
    }

    /// The prompt of a job, or for axolotl the one that its dataset format asks for.
    async fn training_prompt(
        &mut self,
        job: &FineTuningJob,
        axolotl: Option<&Axolotl>,
        dataset: Option<&JobDataset>,
    ) -> Result<Option<JobPrompt>> {
        match (&job.prompt_id, axolotl, dataset) {
            (Some(id), ..) => {
                let spec = self.prompt(id.as_str(), dataset).await?;
                Ok(spec.map(|spec| JobPrompt { spec, row: None }))
            }
            (None, Some(axolotl), Some(dataset)) => self.axolotl_prompt(axolotl, dataset).await,
            _ => Ok(None),
        }
    }

    /// The LoRA settings of a job.
    fn lora(&mut self, job: &FineTuningJob, framework: Framework) -> Map<String, Value> {
        let given = self.diagnostics.settings(
            column!(FineTuningJob, lora_config),
            ConfigType::LoraConfig,
            job.lora_config.as_deref(),
        );
        given.unwrap_or_else(|| match framework {
            // axolotl's configuration has them.
            Framework::Axolotl => Map::new(),
            _ => defaults::of_job(ConfigType::LoraConfig, None).unwrap_or_default(),
        })
    }

    /// Refuses a folder that nothing can be written into. One that is not there is refused by the
    /// rules of the job's row.
    fn check_writable(&mut self, folder: Option<&str>) {
        let Some(folder) = folder.filter(|folder| Path::new(folder).is_dir()) else { return };
        if let Err(error) = tempfile::tempfile_in(folder) {
            self.diagnostics.refuse(
                column!(FineTuningJob, out_dir),
                format!("Nothing can be written into {folder}: {error}. Choose another folder."),
            );
        }
    }
}

/// The rows to create: the job behind the prompt and the config that are made with it.
fn job_rows(mut job: Row, parts: &Parts) -> Vec<(TableName, Row)> {
    let mut rows = Vec::new();
    if let Some(prompt) = &parts.prompt {
        job.insert(column!(FineTuningJob, prompt_id).to_owned(), prompt.spec.id.as_str().into());
        rows.extend(prompt.row.clone().map(|row| (TableName::Prompts, row)));
    }
    if let Some(config) = &parts.script {
        job.insert(column!(FineTuningJob, user_config_id).to_owned(), config.id.as_str().into());
        rows.extend(config.row.clone().map(|row| (TableName::Configs, row)));
    }
    rows.push((TableName::FineTuningJobs, job));
    rows
}

/// The learning rate of a method; none for supervised fine-tuning of an adapter, which the job's column has.
fn learning_rate(planned: &PlannedChoices) -> Option<f64> {
    let rates = defaults::learning_rates(planned.method.into_str())?;
    match planned.tuning {
        Tuning::Lora => rates.lora,
        Tuning::Full => rates.full,
    }
}

/// Whether the settings of bitsandbytes ask for fewer bits.
fn asks_for_bits(text: Option<&str>) -> bool {
    let settings = text.and_then(|text| serde_json::from_str(text).ok());
    settings.as_ref().is_some_and(asks_for_quantization)
}

fn framework(job: &FineTuningJob) -> Framework {
    match job.framework_type.as_ref().and_then(Choice::known) {
        _ if job.user_script.is_some() => Framework::Script,
        Some(FineTuningFramework::Axolotl) => Framework::Axolotl,
        _ => Framework::Legacy,
    }
}

fn pretty(settings: &Map<String, Value>) -> String {
    serde_json::to_string_pretty(settings).unwrap_or_default()
}
