//! The preflight of an evaluation.

use std::iter;

use configs::{ConfigType, defaults};
use python::{Accelerator, EnvironmentKind};
use resources::{Described as _, EvaluationJob};
use schema::{Result, Row, Stored, TableName, column};
use uuid::Uuid;

use super::{
    config_text::ConfigField,
    context::Preflight,
    dataset::JobDataset,
    device::{device_name, is_cuda},
    evaluated_rows::EvaluatedRows,
    plan::{EvaluationPlan, JudgedBy, Layout, PlannedCombination},
    seen_rows::TrainedOn,
};
use crate::{
    request::{Combination, EvaluationRequest},
    runs::Runs,
};
use run_folder::{
    rows::Shares,
    spec::{CombinationSpec, EvaluationSpec, PromptSpec, SelectionSpec, Spec, Task, VERSION},
};

/// The jobs of an evaluation.
struct Jobs {
    /// Their rows, in the order of the request.
    rows: Vec<(TableName, Row)>,
    /// What they evaluate, as far as it can be loaded.
    combinations: Vec<CombinationSpec>,
    /// What all of them share; empty without a combination.
    shared: EvaluationJob,
}

impl Runs {
    /// Lays out an evaluation under that id. Refused where its fraction or its batch size is out of
    /// range.
    pub(crate) async fn lay_out_evaluation(
        &self,
        id: &str,
        request: &EvaluationRequest,
    ) -> Result<Layout<EvaluationPlan>> {
        request.check()?;
        let mut preflight = Preflight::for_run(self);
        preflight.go_elsewhere(request.target.as_deref()).await?;
        let mut fields = request.clone();
        preflight.inline_evaluation_texts(&mut fields).await?;
        if request.combinations().is_empty() {
            preflight
                .diagnostics
                .refuse(column!(EvaluationJob, base_model_id), "Choose at least one model to evaluate.");
        }
        let accelerators = preflight.accelerators(EnvironmentKind::Training).await?;
        let accelerator = accelerators.first();
        let cuda = accelerator.filter(is_cuda);
        let Jobs { rows, mut combinations, shared } = preflight.jobs(id, &fields, accelerator).await?;
        let dataset = match &shared.dataset_id {
            Some(id) => preflight.dataset(id.as_str()).await?,
            None => None,
        };
        let awaited = match &shared.dataset_id {
            Some(id) if dataset.is_none() => preflight.awaited_dataset(id.as_str()).await?,
            _ => None,
        };
        let prompt = match &shared.prompt_id {
            Some(id) => preflight.prompt(id.as_str(), dataset.as_ref()).await?,
            None => None,
        };
        let trainings = preflight.trainings(&combinations).await?;
        let EvaluatedRows { format: row_format, ratings } = match (&dataset, &prompt) {
            (Some(dataset), _) if shared.prompt_id.is_none() => {
                preflight.evaluated_rows(dataset, &mut combinations, &trainings).await?
            }
            (Some(dataset), Some(prompt)) => {
                preflight.expected_answers(dataset, prompt, &combinations).await?
            }
            _ => EvaluatedRows::default(),
        };
        let judges = match &dataset {
            Some(_) => preflight.judges(row_format, &mut combinations, &trainings),
            None => Vec::new(),
        };
        preflight.check_prompt_and_features(prompt.as_ref(), dataset.as_ref(), request.features());
        let generation = preflight
            .diagnostics
            .settings(
                column!(EvaluationJob, generation_config),
                ConfigType::GenerationConfig,
                shared.generation_config.as_deref(),
            )
            .or_else(|| defaults::of_job(ConfigType::GenerationConfig, None))
            .unwrap_or_default();
        let trained = preflight.trained_on(request).await?;
        let dataset_id = shared.dataset_id.as_ref().map(schema::Id::as_str);
        let shares = preflight.held_back_shares(&trained, dataset_id);
        let held_back = dataset.as_ref().map(|dataset| preflight.held_back(dataset, shares));
        let quantizes = match preflight.knows_devices() {
            true => cuda.is_some_and(|cuda| cuda.quantizes),
            false => preflight.has_package("bitsandbytes").await?,
        };
        let device = preflight.device_label(device_name(accelerator), 1);
        let plan = EvaluationPlan {
            row_format,
            combinations: planned_combinations(&combinations, judges),
            rows: held_back.map(|held| sampled(held, request.fraction())),
            held_back,
            fetches: preflight.fetches,
            device,
            quantizes,
            generation: serde_json::to_string_pretty(&generation).unwrap_or_default(),
            problems: preflight.diagnostics.problems,
            warnings: preflight.diagnostics.warnings,
        };
        let complete = combinations.len() == request.combinations().len();
        let dataset = dataset.map(|dataset| dataset.spec).or(awaited);
        let spec = dataset.filter(|_| complete).map(|dataset| Spec {
            version: VERSION,
            id: id.to_owned(),
            name: evaluation_name(&combinations, &dataset.name),
            dataset,
            prompt,
            seed: defaults::seed(),
            tracking: self.tracking(format!("Run: {id}")),
            selection: SelectionSpec {
                dataset_fraction: shares.dataset_fraction,
                train_test_split: shares.train_test_split,
                sample: Some(request.fraction()),
                features: request.features().to_vec(),
            },
            rows: None,
            row_format,
            ratings,
            chat: combinations.first().and_then(|combination| combination.chat.clone()),
            task: Task::Evaluation(EvaluationSpec {
                combinations,
                generation,
                batch_size: request.batch_size(),
            }),
        });
        Ok(Layout { plan, rows, spec, inputs: preflight.inputs })
    }
}

impl Preflight<'_> {
    /// Replaces the ids of configs by their texts.
    async fn inline_evaluation_texts(&mut self, request: &mut EvaluationRequest) -> Result<()> {
        self.inline_configs([
            ConfigField {
                column: column!(EvaluationJob, model_bnb_config),
                kind: ConfigType::BitsandbytesConfig,
                text: &mut request.model_bnb_config,
                id: &mut request.model_bnb_config_id,
            },
            ConfigField {
                column: column!(EvaluationJob, adapter_bnb_config),
                kind: ConfigType::BitsandbytesConfig,
                text: &mut request.adapter_bnb_config,
                id: &mut request.adapter_bnb_config_id,
            },
            ConfigField {
                column: column!(EvaluationJob, generation_config),
                kind: ConfigType::GenerationConfig,
                text: &mut request.generation_config,
                id: &mut request.generation_config_id,
            },
        ])
        .await
    }

    /// A job for each combination.
    async fn jobs(
        &mut self,
        group: &str,
        request: &EvaluationRequest,
        accelerator: Option<&Accelerator>,
    ) -> Result<Jobs> {
        let mut jobs = Jobs { rows: Vec::new(), combinations: Vec::new(), shared: EvaluationJob::default() };
        let wanted = request.combinations();
        for (at, combination) in wanted.iter().enumerate() {
            let same = |earlier: &Combination| {
                (&earlier.base_model_id, earlier.adapter())
                    == (&combination.base_model_id, combination.adapter())
            };
            if wanted.iter().take(at).any(same) {
                self.diagnostics.refuse(
                    column!(EvaluationJob, base_model_id),
                    "The same model and adapter are chosen twice.",
                );
            }
            self.job(group, request, combination, accelerator, &mut jobs).await?;
        }
        Ok(jobs)
    }

    async fn job(
        &mut self,
        group: &str,
        request: &EvaluationRequest,
        wanted: &Combination,
        accelerator: Option<&Accelerator>,
        jobs: &mut Jobs,
    ) -> Result<()> {
        let id = Uuid::new_v4().to_string();
        let folder = self.runs.folder(group).output().join(&id).display().to_string();
        let mut fields = request.to_row()?;
        for (column, value) in [
            ("id", Some(id.as_str())),
            (column!(EvaluationJob, parent_job_id), Some(group)),
            (column!(EvaluationJob, base_model_id), Some(wanted.base_model_id.as_str())),
            (column!(EvaluationJob, adapter_id), wanted.adapter()),
            (column!(EvaluationJob, evaluation_dir), Some(folder.as_str())),
        ] {
            fields.insert(column.to_owned(), value.into());
        }
        let (row, problems) =
            self.runs.store.try_new(TableName::EvaluationJobs.table(), fields.clone()).await?;
        for problem in problems {
            self.diagnostics.refuse(&problem.column, problem.message);
        }
        let job = Stored::<EvaluationJob>::from_row(row).typed;
        let model = self.model(&wanted.base_model_id).await?;
        let adapter = match wanted.adapter() {
            Some(id) => self.adapter(id, &wanted.base_model_id, column!(EvaluationJob, adapter_id)).await?,
            None => None,
        };
        let texts = [
            (column!(EvaluationJob, adapter_bnb_config), job.adapter_bnb_config.as_deref()),
            (column!(EvaluationJob, model_bnb_config), job.model_bnb_config.as_deref()),
        ];
        let quantization = self.quantization(texts, accelerator).await?;
        if let Some(model) = &model {
            self.check_quantized_base(model, texts, None).await?;
        }
        jobs.rows.push((TableName::EvaluationJobs, fields));
        jobs.shared = job;
        let combination = model.map(|model| CombinationSpec {
            job: id,
            model,
            adapter,
            quantization,
            folder,
            chat: None,
            rows: None,
            reference: None,
            scores: false,
            beta: None,
        });
        jobs.combinations.extend(combination);
        Ok(())
    }

    fn check_prompt_and_features(
        &mut self,
        prompt: Option<&PromptSpec>,
        dataset: Option<&JobDataset>,
        features: &[String],
    ) {
        let split =
            |prompt: &PromptSpec| prompt.input_template.is_some() && prompt.completion_template.is_some();
        if prompt.is_some_and(|prompt| !split(prompt)) {
            self.diagnostics.refuse(column!(EvaluationJob, prompt_id), "This prompt doesn't say which part is the answer. Give it a prompt and a completion template.");
        }
        let Some(columns) = dataset.and_then(|dataset| dataset.columns.as_ref()) else { return };
        for feature in features.iter().filter(|feature| !columns.contains(feature)) {
            let message = format!("'{feature}' is not a column of the dataset.");
            self.diagnostics.refuse("selected_features", message);
        }
    }

    /// How many rows are held back. A dataset that holds none back is evaluated on all of its rows.
    fn held_back(&mut self, dataset: &JobDataset, shares: Shares) -> u64 {
        let rows = u32::try_from(dataset.train_rows).unwrap_or(u32::MAX);
        let split_off = u64::from(shares.counts(rows, false).1);
        match dataset.held_back_rows.unwrap_or(split_off) {
            0 => {
                let all = "No rows are held back from training, so all rows are evaluated on. The results say how well they were learned, not how well new rows are answered.";
                self.diagnostics.warn(column!(EvaluationJob, dataset_id), all);
                dataset.train_rows
            }
            held => held,
        }
    }

    /// The shares by which rows are held back: those of the first adapter that was trained on this
    /// dataset, else of the first that was trained here. Warns of adapters trained on other rows.
    fn held_back_shares(&mut self, trained: &[TrainedOn], dataset: Option<&str>) -> Shares {
        let same = trained.iter().find(|trained| trained.dataset.as_deref() == dataset);
        let shares = same.or(trained.first()).map_or(Shares::DEFAULT, |trained| trained.shares);
        self.warn_of_seen_rows(trained, shares, dataset);
        shares
    }
}

/// How many of the held-back rows a fraction of them is; at least one.
fn sampled(held: u64, fraction: f64) -> u64 {
    let rows = (fraction * held as f64).round_ties_even() as u64;
    rows.clamp(1.min(held), held)
}

/// `judges` has what each compares answers by; it is empty where that is not known yet.
fn planned_combinations(
    combinations: &[CombinationSpec],
    judges: Vec<Option<JudgedBy>>,
) -> Vec<PlannedCombination> {
    let judges = judges.into_iter().chain(iter::repeat(None));
    let planned = combinations.iter().zip(judges).map(|(combination, judged_by)| PlannedCombination {
        model: combination.model.id.clone(),
        adapter: combination.adapter.as_ref().map(|adapter| adapter.id.clone()),
        chat_template: combination.chat.as_ref().map(|chat| chat.template.name.clone()),
        judged_by,
    });
    planned.collect()
}

/// What lists call an evaluation.
fn evaluation_name(combinations: &[CombinationSpec], dataset: &str) -> String {
    let names: Vec<&str> = combinations
        .iter()
        .map(|combination| combination.adapter.as_ref().unwrap_or(&combination.model).name.as_str())
        .collect();
    match names.as_slice() {
        [one] => format!("{one} on {dataset}"),
        [one, other] => format!("{one} and {other} on {dataset}"),
        [one, rest @ ..] => format!("{one} and {} others on {dataset}", rest.len()),
        [] => dataset.to_owned(),
    }
}
