//! Starting an evaluation.

use configs::ConfigType;
use resources::{Adapter, Described as _, EvaluationJob, FineTuningJob};
use schema::{FieldProblem, Id, Result, Row, TableName, lenient};
use serde::Serialize;
use serde_json::{Map, Value, json};
use store::{Run, RunKind};
use uuid::Uuid;

use super::{
    findings::Found,
    settings::{is_cuda, quantization},
    training::{device, refusal},
};
use crate::{
    CombinationSpec, EvaluationRequest, EvaluationSpec, RunFolder, Runs, SEED, SelectionSpec, Shares, Spec,
    Task, Tracking, VERSION,
};

/// What starting an evaluation would do, said before it does.
#[derive(Debug, Clone, PartialEq, Serialize, specta::Type)]
pub struct EvaluationPlan {
    /// Why it can't start, by the column of the job; `python` where the environment is at fault.
    pub problems: Vec<FieldProblem>,
    /// What to know before it starts, likewise.
    pub warnings: Vec<FieldProblem>,
    /// How many rows are held back, if the dataset can be read.
    pub held_back: Option<u64>,
    /// How many of them are evaluated on.
    pub rows: Option<u64>,
    /// What it runs on, in words.
    pub device: String,
    /// Whether a model can be quantised there.
    pub quantises: bool,
    /// How answers are generated, as JSON.
    pub generation: String,
}

struct LaidOut {
    plan: EvaluationPlan,
    rows: Vec<Row>,
    spec: Option<Spec>,
}

/// The texts of a job that a request may name by a config's id.
const TEXTS: [(&str, ConfigType); 3] = [
    ("model_bnb_config", ConfigType::BitsandbytesConfig),
    ("adapter_bnb_config", ConfigType::BitsandbytesConfig),
    ("generation_config", ConfigType::GenerationConfig),
];

impl Runs {
    /// What starting an evaluation would do. Everything that would stop it is in the plan.
    pub async fn plan_evaluation(&self, request: &EvaluationRequest) -> Result<EvaluationPlan> {
        Ok(self.lay_out_evaluation(&Uuid::new_v4().to_string(), request).await?.plan)
    }

    /// Starts an evaluation: makes a job for every combination, freezes them in one run folder and
    /// queues the run. Nothing is made unless all of it can be.
    pub async fn start_evaluation(&self, request: &EvaluationRequest) -> Result<Run> {
        let id = Uuid::new_v4().to_string();
        let LaidOut { plan, rows, spec } = self.lay_out_evaluation(&id, request).await?;
        let Some(spec) = spec.filter(|_| plan.problems.is_empty()) else {
            return Err(refusal(plan.problems));
        };
        let rows = rows.into_iter().map(|row| (TableName::EvaluationJobs, row)).collect();
        self.freeze_and_queue(&spec, rows, RunKind::Evaluation).await
    }

    async fn lay_out_evaluation(&self, id: &str, request: &EvaluationRequest) -> Result<LaidOut> {
        let mut found = Found::default();
        let mut fields = request.fields.clone();
        self.inline_configs(&mut fields, &TEXTS, &mut found).await?;
        fields.insert("parent_job_id".to_owned(), id.into());
        if request.combinations.is_empty() {
            found.refuse("base_model_id", "Choose at least one model to evaluate.");
        }
        let folder = RunFolder::of(self.store.path(), id);
        let accelerators = self.python.worker_accelerators().await;
        let accelerators = found.or_refuse("python", accelerators)?.unwrap_or_default();
        let accelerator = accelerators.first();
        let cuda = accelerator.filter(is_cuda);
        let (mut rows, mut combinations) = (Vec::new(), Vec::new());
        let mut shared = EvaluationJob::default();
        for (at, wanted) in request.combinations.iter().enumerate() {
            if request.combinations.iter().take(at).any(|earlier| earlier == wanted) {
                found.refuse("base_model_id", "The same model and adapter are chosen twice.");
            }
            let job_id = Uuid::new_v4().to_string();
            let results = folder.output().join(&job_id).display().to_string();
            let mut fields = fields.clone();
            fields.insert("id".to_owned(), job_id.clone().into());
            fields.insert("base_model_id".to_owned(), wanted.base_model_id.clone().into());
            fields.insert("adapter_id".to_owned(), wanted.adapter_id.clone().into());
            fields.insert("evaluation_dir".to_owned(), results.clone().into());
            let (row, problems) =
                self.store.try_new(TableName::EvaluationJobs.table(), fields.clone()).await?;
            problems.into_iter().for_each(|problem| found.refuse(&problem.column, problem.message));
            shared = lenient(&row);
            let model = self.used_model(&wanted.base_model_id, &mut found).await?;
            let adapter = match &wanted.adapter_id {
                Some(id) => self.used_adapter(id, &wanted.base_model_id, &mut found).await?,
                None => None,
            };
            let quantization = quantization(
                [
                    ("adapter_bnb_config", shared.adapter_bnb_config.as_deref()),
                    ("model_bnb_config", shared.model_bnb_config.as_deref()),
                ],
                cuda,
                &mut found,
            );
            rows.push(fields);
            if let Some(model) = model {
                combinations.push(CombinationSpec {
                    job: job_id,
                    model,
                    adapter,
                    quantization,
                    folder: results,
                });
            }
        }
        let dataset = match &shared.dataset_id {
            Some(id) => self.used_dataset(id.as_str(), &mut found).await?,
            None => None,
        };
        let prompt = match &shared.prompt_id {
            Some(id) => self.used_prompt(id.as_str(), dataset.as_ref(), &mut found).await?,
            None => None,
        };
        if prompt
            .as_ref()
            .is_some_and(|prompt| prompt.input_template.is_none() || prompt.completion_template.is_none())
        {
            found.refuse("prompt_id", "This prompt doesn't say which part is the answer. Give it a prompt and a completion template.");
        }
        if let (Some(columns), features) =
            (dataset.as_ref().and_then(|dataset| dataset.columns.as_ref()), &request.selected_features)
        {
            for feature in features.iter().filter(|feature| !columns.contains(feature)) {
                found.refuse("selected_features", format!("'{feature}' is not a column of the dataset."));
            }
        }
        let generation = found
            .settings("generation_config", ConfigType::GenerationConfig, shared.generation_config.as_deref())
            .unwrap_or_else(greedy);
        let trained = self.trained_shares(request).await?;
        let dataset_id = shared.dataset_id.as_ref().map(Id::as_str);
        // One that was trained on these very rows says which of them it has not seen.
        let on_these = trained.iter().find(|trained| trained.dataset.as_deref() == dataset_id);
        let shares = on_these.or(trained.first()).map_or(Shares::DEFAULT, |trained| trained.shares);
        warn_of_seen_rows(&trained, shares, dataset_id, &mut found);
        let held_back = dataset.as_ref().map(|dataset| {
            let rows = u32::try_from(dataset.train_rows).unwrap_or(u32::MAX);
            let split_off = u64::from(shares.counts(rows, false).1);
            match dataset.held_back_rows.unwrap_or(split_off) {
                0 => {
                    let all = "No rows are held back from training, so all rows are evaluated on. The results say how well they were learnt, not how well new rows are answered.";
                    found.warn("dataset_id", all);
                    dataset.train_rows
                }
                held => held,
            }
        });
        let sampled = |held: u64| {
            let rows = (request.eval_dataset_fraction * held as f64).round_ties_even() as u64;
            rows.clamp(1.min(held), held)
        };
        let plan = EvaluationPlan {
            rows: held_back.map(sampled),
            held_back,
            device: device(accelerator),
            quantises: cuda.is_some_and(|cuda| cuda.quantizes),
            generation: serde_json::to_string_pretty(&generation).unwrap_or_default(),
            problems: found.problems,
            warnings: found.warnings,
        };
        let spec = dataset.filter(|_| combinations.len() == request.combinations.len()).map(|dataset| Spec {
            version: VERSION,
            id: id.to_owned(),
            name: name_of(&combinations, &dataset.spec.name),
            dataset: dataset.spec,
            prompt,
            seed: SEED,
            tracking: Tracking { uri: self.tracking_uri(), experiment: format!("Run: {id}") },
            selection: SelectionSpec {
                dataset_fraction: shares.dataset_fraction,
                train_test_split: shares.train_test_split,
                sample: Some(request.eval_dataset_fraction),
                features: request.selected_features.clone(),
            },
            rows: None,
            task: Task::Evaluation(EvaluationSpec {
                combinations,
                generation,
                batch_size: request.batch_size,
            }),
        });
        Ok(LaidOut { plan, rows, spec })
    }

    /// How the rows were divided for each adapter that a job here trained, the first one first.
    async fn trained_shares(&self, request: &EvaluationRequest) -> Result<Vec<Trained>> {
        let mut trained = Vec::new();
        for id in request.combinations.iter().filter_map(|wanted| wanted.adapter_id.as_deref()) {
            let Ok(listed) = self.store.get(TableName::Adapters, id).await else { continue };
            let adapter: Adapter = lenient(&listed.row);
            let Some(job) = adapter.fine_tuning_job_id.as_ref() else { continue };
            let Ok(job) = self.store.get(TableName::FineTuningJobs, job.as_str()).await else { continue };
            let job: FineTuningJob = lenient(&job.row);
            trained.push(Trained {
                name: listed.label,
                shares: Shares::of(&job),
                dataset: job.dataset_id.map(|id| id.as_str().to_owned()),
            });
        }
        Ok(trained)
    }
}

/// The rows are held back as for one adapter; another one may have learnt some of them.
fn warn_of_seen_rows(trained: &[Trained], shares: Shares, dataset: Option<&str>, found: &mut Found) {
    for other in trained {
        if other.dataset.as_deref() == dataset && other.shares != shares {
            found.warn(
                "adapter_id",
                format!(
                    "'{}' was trained on another part of the dataset, so it may know some of these rows. Evaluate it on its own to be sure.",
                    other.name
                ),
            );
        }
    }
}

/// What an adapter was trained on.
struct Trained {
    name: String,
    dataset: Option<String>,
    shares: Shares,
}

/// What a person calls an evaluation.
fn name_of(combinations: &[CombinationSpec], dataset: &str) -> String {
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

/// The likeliest answer, so that a second evaluation says the same.
fn greedy() -> Map<String, Value> {
    let greedy = json!({"do_sample": false, "max_new_tokens": 60});
    greedy.as_object().cloned().unwrap_or_default()
}
