//! What a person asks for when starting a job.

use schema::{Error, FieldProblem, Result, Row};
use serde_json::Value;

/// Names of the wire contract's requests for what the rows call otherwise.
const RENAMED: [(&str, &str); 4] =
    [("cpu", "num_cpu"), ("gpu", "num_gpu"), ("memory", "num_memory"), ("output_dir", "out_dir")];

/// A training to start: the fields of a fine-tuning job, and what is asked beyond them.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainingRequest {
    /// The columns of the job. Those that refer to configs by `…_config_id` are taken for the
    /// config's text.
    pub fields: Row,
    /// Whether the adapter is added to the studio's adapters; it is unless said otherwise.
    pub auto_add_adapter: bool,
}

impl TrainingRequest {
    /// Reads the fields of a request. The names of the wire contract are understood too.
    pub fn of(mut fields: Row) -> Result<Self> {
        rename(&mut fields);
        let auto_add_adapter = take(&mut fields, "auto_add_adapter")?.unwrap_or(true);
        // What comes of the job is the studio's to say.
        for outcome in ["adapter_id", "cml_job_id"] {
            fields.remove(outcome);
        }
        Ok(Self { fields, auto_add_adapter })
    }
}

/// A model with or without an adapter, to be evaluated.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub struct Combination {
    /// The model.
    pub base_model_id: String,
    /// The adapter; none for the model alone.
    #[serde(default)]
    pub adapter_id: Option<String>,
}

/// An evaluation to start: the fields that all its jobs share, and what is evaluated.
#[derive(Debug, Clone, PartialEq)]
pub struct EvaluationRequest {
    /// The columns of the jobs.
    pub fields: Row,
    /// What is evaluated: a job each.
    pub combinations: Vec<Combination>,
    /// The part of the held-back rows to evaluate on; all of them unless said otherwise.
    pub eval_dataset_fraction: f64,
    /// Columns of the dataset to show beside the answers.
    pub selected_features: Vec<String>,
    /// How many rows are answered at once.
    pub batch_size: u32,
}

impl EvaluationRequest {
    /// Reads the fields of a request.
    pub fn of(mut fields: Row) -> Result<Self> {
        rename(&mut fields);
        let mut combinations: Vec<Combination> =
            take(&mut fields, "model_adapter_combinations")?.unwrap_or_default();
        for combination in &mut combinations {
            // On the wire, an empty text says nothing.
            combination.adapter_id.take_if(|id| id.is_empty());
        }
        let fraction: Option<f64> = take(&mut fields, "eval_dataset_fraction")?;
        // Nothing said and nothing asked for are the same on the wire.
        let fraction = fraction.filter(|fraction| *fraction != 0.0).unwrap_or(1.0);
        if !(fraction > 0.0 && fraction <= 1.0) {
            return Err(refused(
                "eval_dataset_fraction",
                format!("The part of the rows must be above 0 and at most 1, not {fraction}."),
            ));
        }
        let selected_features = take(&mut fields, "selected_features")?.unwrap_or_default();
        let batch_size: u32 = take(&mut fields, "batch_size")?.unwrap_or(8);
        if batch_size == 0 {
            return Err(refused("batch_size", "At least one row is answered at a time.".to_owned()));
        }
        // What the service ignores, and what the studio chooses itself.
        for ignored in ["type", "cml_job_id", "comparison_adapter_id", "job_id", "run_number", "gpu_label_id"]
        {
            fields.remove(ignored);
        }
        Ok(Self { fields, combinations, eval_dataset_fraction: fraction, selected_features, batch_size })
    }
}

fn rename(fields: &mut Row) {
    for (theirs, ours) in RENAMED {
        if let Some(value) = fields.remove(theirs) {
            fields.entry(ours).or_insert(value);
        }
    }
}

fn take<T: serde::de::DeserializeOwned>(fields: &mut Row, name: &str) -> Result<Option<T>> {
    match fields.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => serde_json::from_value(value)
            .map(Some)
            .map_err(|error| refused(name, format!("{name} can't be parsed: {error}."))),
    }
}

fn refused(column: &str, message: String) -> Error {
    Error::invalid(vec![FieldProblem { column: column.to_owned(), message }])
}
