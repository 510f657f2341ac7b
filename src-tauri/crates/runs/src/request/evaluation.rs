//! An evaluation to start.

use configs::defaults;
use resources::{EvaluationJob, FineTuningJob};
use schema::{Result, Row, TableName, column};
use serde::{Deserialize, Serialize};

use super::fields::{read, refused, to_row};

/// A model with or without an adapter, to be evaluated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Combination {
    /// The id of the model.
    pub base_model_id: String,
    /// The id of the adapter; none or empty for the model alone.
    #[serde(default)]
    pub adapter_id: Option<String>,
}

impl Combination {
    /// The id of the adapter. An empty text is not given, as on the wire.
    pub(crate) fn adapter(&self) -> Option<&str> {
        self.adapter_id.as_deref().filter(|id| !id.is_empty())
    }
}

/// An evaluation to start: what all its jobs share, and the combinations, a job each.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(default, deny_unknown_fields)]
pub struct EvaluationRequest {
    /// The id of the dataset.
    pub dataset_id: Option<String>,
    /// The id of the prompt.
    pub prompt_id: Option<String>,
    /// What is evaluated.
    pub model_adapter_combinations: Option<Vec<Combination>>,
    /// The part of the held-back rows to evaluate on, at most 1. None and 0 mean all of them, as on
    /// the wire.
    pub eval_dataset_fraction: Option<f64>,
    /// Columns of the dataset to show beside the answers.
    pub selected_features: Option<Vec<String>>,
    /// How many rows are answered at once; 8 by default.
    pub batch_size: Option<u32>,
    /// The generation settings as JSON.
    pub generation_config: Option<String>,
    /// The id of a config with the generation settings, where their text is not given.
    pub generation_config_id: Option<String>,
    /// The quantization of the base model as JSON.
    pub model_bnb_config: Option<String>,
    /// The id of a config with that quantization, where its text is not given.
    pub model_bnb_config_id: Option<String>,
    /// The quantization of the model with the adapter, as JSON.
    pub adapter_bnb_config: Option<String>,
    /// The id of a config with that quantization, where its text is not given.
    pub adapter_bnb_config_id: Option<String>,
    /// How many machines evaluate together.
    pub num_workers: Option<i64>,
    /// Processor cores.
    #[serde(alias = "cpu")]
    pub num_cpu: Option<i64>,
    /// GPUs.
    #[serde(alias = "gpu")]
    pub num_gpu: Option<i64>,
    /// Memory in GiB.
    #[serde(alias = "memory")]
    pub num_memory: Option<i64>,
    /// The id or the name of the compute target to evaluate on; none for this machine.
    pub target: Option<String>,
    /// Values that these fields can't hold; the rules of the jobs' rows refuse them.
    #[serde(skip)]
    #[cfg_attr(feature = "typescript", specta(skip))]
    pub(crate) rest: Row,
}

impl EvaluationRequest {
    /// What the studio decides for each job, and fields of the wire contract that have no meaning
    /// on one machine.
    const IGNORED: [&str; 11] = [
        "id",
        "type",
        column!(EvaluationJob, parent_job_id),
        column!(EvaluationJob, base_model_id),
        column!(EvaluationJob, adapter_id),
        column!(EvaluationJob, evaluation_dir),
        column!(EvaluationJob, cml_job_id),
        "comparison_adapter_id",
        "job_id",
        "run_number",
        column!(FineTuningJob, gpu_label_id),
    ];

    /// The request in a row of an evaluation job, in the names of its columns or of the wire
    /// contract. Refused where the fraction or the batch size is out of range.
    pub fn from_row(row: Row) -> Result<Self> {
        let (request, rest) = read::<Self>(row, &Self::IGNORED, TableName::EvaluationJobs)?;
        let request = Self { rest, ..request };
        request.check()?;
        Ok(request)
    }

    /// Refuses a fraction or a batch size that is out of range.
    pub(crate) fn check(&self) -> Result<()> {
        let fraction = self.fraction();
        if !(fraction > 0.0 && fraction <= 1.0) {
            return Err(refused(
                "eval_dataset_fraction",
                format!("The part of the rows must be above 0 and at most 1, not {fraction}."),
            ));
        }
        if self.batch_size() == 0 {
            return Err(refused("batch_size", "At least one row is answered at a time.".to_owned()));
        }
        Ok(())
    }

    pub(crate) fn combinations(&self) -> &[Combination] {
        self.model_adapter_combinations.as_deref().unwrap_or_default()
    }

    pub(crate) fn fraction(&self) -> f64 {
        self.eval_dataset_fraction
            .filter(|fraction| *fraction != 0.0)
            .unwrap_or(defaults::evaluation().fraction)
    }

    pub(crate) fn features(&self) -> &[String] {
        self.selected_features.as_deref().unwrap_or_default()
    }

    pub(crate) fn batch_size(&self) -> u32 {
        self.batch_size.unwrap_or(defaults::evaluation().batch_size)
    }

    /// The values of the jobs' columns.
    pub(crate) fn to_row(&self) -> Result<Row> {
        to_row(self, &self.rest, TableName::EvaluationJobs)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn row(value: Value) -> Row {
        value.as_object().cloned().unwrap()
    }

    #[test]
    fn nothing_and_zero_are_the_defaults_of_an_evaluation() {
        let fields = json!({
            "eval_dataset_fraction": 0, "type": "mlflow", "run_number": 3,
            "model_adapter_combinations": [{"base_model_id": "m", "adapter_id": ""}],
        });
        let request = EvaluationRequest::from_row(row(fields)).unwrap();
        assert_eq!((request.fraction(), request.batch_size()), (1.0, 8));
        assert_eq!(request.combinations()[0].adapter(), None);
        assert!(request.rest.is_empty());
        for fields in [json!({"eval_dataset_fraction": 1.5}), json!({"batch_size": 0})] {
            assert!(EvaluationRequest::from_row(row(fields)).is_err());
        }
    }
}
