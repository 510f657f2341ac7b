//! Evaluation jobs.

use schema::{Check, Choice, Id, Kind, Result, Rules, resource, text_enum};

use crate::{Adapter, Config, Dataset, Model, Prompt, settings_text::check_json_objects};

text_enum! {
    /// What measures.
    pub enum EvaluationJobType {
        /// MLflow's metrics for text.
        Mlflow = "mlflow", "MLflow";
    }
}

resource! {
    /// Records of evaluations: which model, with or without an adapter, on which rows.
    pub struct EvaluationJob {
        table: EvaluationJobs, since: 1, message: Some("EvaluationJobMetadata"),
        group: Work, icon: "IconChartDots",
        singular: "evaluation job", plural: "evaluation jobs", title: "Evaluation",
        label: [], label_references: [["adapter_id", "base_model_id"], ["dataset_id"]],
    }
    columns {
        /// A random UUID that never changes.
        id: Option<Id<EvaluationJob>> => "Identifier",
        /// What measures.
        r#type: Option<Choice<EvaluationJobType>> => "Type".derived().default("mlflow"),
        /// The job's identifier on Cloudera AI.
        cml_job_id: Option<String> => "Cloudera AI job".derived(),
        /// Shared by the jobs that were started together.
        parent_job_id: Option<String> => "Group".derived(),
        /// The model to measure.
        base_model_id: Option<Id<Model>> => "Base model".required().listed(),
        /// The rows to measure on.
        dataset_id: Option<Id<Dataset>> => "Dataset".required().listed(),
        /// How a row becomes a text. Conversations and preferences need none.
        prompt_id: Option<Id<Prompt>> => "Prompt".listed(),
        /// How many machines measure together.
        num_workers: Option<i64> => "Workers".required().at_least(1).default("1"),
        /// The adapter to measure. Leave it empty to measure the base model alone.
        adapter_id: Option<Id<Adapter>> => "Adapter".listed(),
        /// Processor cores.
        num_cpu: Option<i64> => "CPU cores".required().at_least(1).default("2"),
        /// GPUs; 0 for none.
        num_gpu: Option<i64> => "GPUs".required().at_least(0).default("0"),
        /// Memory in GiB.
        num_memory: Option<i64> => "Memory (GiB)".required().at_least(1).default("8"),
        /// The folder the results are written to.
        evaluation_dir: Option<String> => "Results folder".derived().is(Kind::Folder),
        /// Kept for jobs of older versions.
        model_bnb_config_id: Option<Id<Config>> => "Model quantization (older)".derived(),
        /// Kept for jobs of older versions.
        adapter_bnb_config_id: Option<Id<Config>> => "Adapter quantization (older)".derived(),
        /// Kept for jobs of older versions.
        generation_config_id: Option<Id<Config>> => "Generation (older)".derived(),
        /// How the base model is quantized, as JSON.
        model_bnb_config: Option<String> => "Model quantization".is(Kind::Code),
        /// How the model is quantized with the adapter, as JSON.
        adapter_bnb_config: Option<String> => "Adapter quantization".is(Kind::Code),
        /// How answers are generated, as JSON.
        generation_config: Option<String> => "Generation".is(Kind::Code),
    }
}

impl Rules for EvaluationJob {
    async fn check(&self, check: &mut Check<'_>) -> Result<()> {
        if check.touches(&["adapter_id", "base_model_id"])
            && let Some(adapter) = check.referred(self.adapter_id.as_ref()).await?
            && adapter.model_id.is_some()
            && adapter.model_id != self.base_model_id
        {
            check.refuse("adapter_id", "This adapter was trained on another base model.");
        }
        // The preflight of a run knows whether its rows are filled into a prompt. A new job has a new type.
        if self.prompt_id.is_none() && self.parent_job_id.is_none() && check.touches(&["type", "prompt_id"]) {
            check.refuse("prompt_id", "Choose the prompt to evaluate with.");
        }
        let texts = [
            ("model_bnb_config", &self.model_bnb_config),
            ("adapter_bnb_config", &self.adapter_bnb_config),
            ("generation_config", &self.generation_config),
        ];
        check_json_objects(check, &texts);
        Ok(())
    }
}
