//! What a user asks for when starting a job: the fields of the job's row that are theirs to choose,
//! and what only the run needs.

use configs::defaults;
use resources::{Described as _, EvaluationJob, FineTuningFramework, FineTuningJob, TrainingChoices};
use schema::{Error, FieldProblem, Result, Row, TableName, column};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::expected;

/// A training to start. What is not given gets the default of its column.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(default, deny_unknown_fields)]
pub struct TrainingRequest {
    /// The id of the model to start from.
    pub base_model_id: Option<String>,
    /// The id of the dataset.
    pub dataset_id: Option<String>,
    /// The id of the prompt. Axolotl makes its own.
    pub prompt_id: Option<String>,
    /// What the adapter will be called.
    pub adapter_name: Option<String>,
    /// Whether a row of the adapters is made when the training succeeds; yes unless `false`.
    pub auto_add_adapter: Option<bool>,
    /// What trains.
    pub framework_type: Option<FineTuningFramework>,
    /// The id of the axolotl config.
    pub axolotl_config_id: Option<String>,
    /// A training script of the user's own.
    pub user_script: Option<String>,
    /// The configuration of that script: a text, or any JSON value.
    pub user_config: Option<Value>,
    /// The id of the config for that script, where `user_config` is not given.
    pub user_config_id: Option<String>,
    /// Passes over the dataset.
    pub num_epochs: Option<i64>,
    /// The initial learning rate.
    pub learning_rate: Option<f64>,
    /// The part of the dataset to use, above 0 and at most 1.
    pub dataset_fraction: Option<f64>,
    /// The part of those rows to train on, above 0 and at most 1.
    pub train_test_split: Option<f64>,
    /// The training arguments as JSON.
    pub training_arguments_config: Option<String>,
    /// The id of a config with the training arguments, where their text is not given.
    pub training_arguments_config_id: Option<String>,
    /// The LoRA settings as JSON.
    pub lora_config: Option<String>,
    /// The id of a config with the LoRA settings, where their text is not given.
    pub lora_config_id: Option<String>,
    /// The quantization of the base model as JSON.
    pub model_bnb_config: Option<String>,
    /// The id of a config with that quantization, where its text is not given.
    pub model_bnb_config_id: Option<String>,
    /// The quantization of the model while the adapter trains, as JSON.
    pub adapter_bnb_config: Option<String>,
    /// The id of a config with that quantization, where its text is not given.
    pub adapter_bnb_config_id: Option<String>,
    /// The folder that the adapter's folder is made in.
    #[serde(alias = "output_dir")]
    pub out_dir: Option<String>,
    /// How many workers train together, all on this machine: each in a process for each of its GPUs, and
    /// in one at least.
    pub num_workers: Option<i64>,
    /// Processor cores of each worker.
    #[serde(alias = "cpu")]
    pub num_cpu: Option<i64>,
    /// GPUs of each worker, with a process each.
    #[serde(alias = "gpu")]
    pub num_gpu: Option<i64>,
    /// Memory of each worker in GiB.
    #[serde(alias = "memory")]
    pub num_memory: Option<i64>,
    /// The accelerator's label on Cloudera AI.
    pub gpu_label_id: Option<i64>,
    /// The CUDA devices to train on, by their indexes from 0; none for the first ones. They belong to this
    /// machine, so no row keeps them.
    pub devices: Option<Vec<u32>>,
    /// The id or the name of the compute target to train on; none for this machine.
    pub target: Option<String>,
    /// What is chosen beside the job's columns. In a row its fields stand among the others.
    pub choices: TrainingChoices,
    /// Values that these fields can't hold; the rules of the job's row refuse them.
    #[serde(skip)]
    #[cfg_attr(feature = "typescript", specta(skip))]
    pub(crate) rest: Row,
}

impl TrainingRequest {
    /// What the studio decides for a job, or what results from it.
    const IGNORED: [&str; 3] = ["id", column!(FineTuningJob, adapter_id), column!(FineTuningJob, cml_job_id)];

    /// The request in a row of a fine-tuning job, in the names of its columns or of the wire
    /// contract.
    pub fn from_row(mut row: Row) -> Result<Self> {
        let choices = take_choices(&mut row)?;
        // It is no field of a row.
        let nested = row.remove("choices");
        let (request, mut rest) = read::<Self>(row, &Self::IGNORED, TableName::FineTuningJobs)?;
        rest.extend(nested.map(|nested| ("choices".to_owned(), nested)));
        Ok(Self { choices, rest, ..request })
    }

    /// The values of the job's columns.
    pub(crate) fn to_row(&self) -> Result<Row> {
        to_row(self, &self.rest, TableName::FineTuningJobs)
    }

    /// What is chosen beside the job's columns. An empty text is not given, as on the wire.
    pub(crate) fn choices(&self) -> TrainingChoices {
        let mut choices = self.choices.clone();
        for text in [
            &mut choices.rating_column,
            &mut choices.chat_template,
            &mut choices.system_prompt,
            &mut choices.adapter_init,
        ] {
            text.take_if(|text| text.trim().is_empty());
        }
        choices
    }
}

/// Takes the choices out of a row. Refused where one holds what it can't.
fn take_choices(row: &mut Row) -> Result<TrainingChoices> {
    let failed = |error: serde_json::Error| Error::internal("reading a request", &error);
    let mut choices = TrainingChoices::default();
    let names: Row =
        serde_json::from_value(serde_json::to_value(&choices).map_err(failed)?).map_err(failed)?;
    let mut given = Row::new();
    for name in names.keys() {
        let Some(value) = row.remove(name) else { continue };
        let refusal = expected::refusal(name, &value);
        given.insert(name.clone(), value);
        choices = serde_json::from_value(Value::Object(given.clone())).map_err(|_| refused(name, refusal))?;
    }
    Ok(choices)
}

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

/// Reads a request field by field. What its types can't hold is returned beside it, for the rules
/// of the table to refuse in their own words; a field that is no column is refused here.
fn read<T: DeserializeOwned>(row: Row, ignored: &[&str], table: TableName) -> Result<(T, Row)> {
    let as_request = |fields: Row| serde_json::from_value::<T>(Value::Object(fields));
    let known = |name: &str| as_request(Row::from_iter([(name.to_owned(), Value::Null)])).is_ok();
    let (mut typed, mut rest) = (Row::new(), Row::new());
    for (name, value) in row.into_iter().filter(|(name, _)| !ignored.contains(&name.as_str())) {
        let mut with_field = typed.clone();
        with_field.insert(name.clone(), value.clone());
        match as_request(with_field.clone()) {
            Ok(_) => typed = with_field,
            Err(_) if known(&name) && table.table().column(&name).is_none() => {
                return Err(refused(&name, expected::refusal(&name, &value)));
            }
            Err(_) => _ = rest.insert(name, value),
        }
    }
    let request = as_request(typed).map_err(|error| Error::internal("reading a request", &error))?;
    Ok((request, rest))
}

/// The values of a request that are columns of the table.
fn to_row(request: &impl Serialize, rest: &Row, table: TableName) -> Result<Row> {
    let failed = |error: serde_json::Error| Error::internal("writing a request", &error);
    let fields: Row =
        serde_json::from_value(serde_json::to_value(request).map_err(failed)?).map_err(failed)?;
    let is_column = |name: &str| table.table().column(name).is_some();
    let set = fields.into_iter().filter(|(name, value)| !value.is_null() && is_column(name));
    Ok(set.chain(rest.clone()).collect())
}

fn refused(column: &str, message: String) -> Error {
    Error::invalid(vec![FieldProblem { column: column.to_owned(), message }])
}

#[cfg(test)]
mod tests {
    use resources::{Method, TrainOn};
    use serde_json::json;

    use super::*;

    fn row(value: Value) -> Row {
        value.as_object().cloned().unwrap()
    }

    #[test]
    fn names_of_the_wire_contract_are_read() {
        let request = TrainingRequest::from_row(row(json!({
            "cpu": 3, "gpu": 1, "memory": 4, "output_dir": "/out", "adapter_id": "ignored", "id": "ignored",
        })))
        .unwrap();
        let expected = TrainingRequest {
            num_cpu: Some(3),
            num_gpu: Some(1),
            num_memory: Some(4),
            out_dir: Some("/out".to_owned()),
            ..TrainingRequest::default()
        };
        assert_eq!(request, expected);
    }

    #[test]
    fn what_no_field_can_hold_is_left_to_the_rules_of_the_row() {
        let fields = json!({"num_epochs": "two", "framework_type": "other", "colour": 1, "num_gpu": 0});
        let request = TrainingRequest::from_row(row(fields)).unwrap();
        assert_eq!(request.num_gpu, Some(0));
        let names: Vec<&str> = request.rest.keys().map(String::as_str).collect();
        assert_eq!(names, ["num_epochs", "framework_type", "colour"]);
        let written = request.to_row().unwrap();
        assert_eq!(written["num_epochs"], "two");
        assert_eq!(written["num_gpu"], 0);
    }

    #[test]
    fn choices_are_no_columns_and_an_empty_text_is_none() {
        let fields =
            json!({"method": "dpo", "train_on": "last_turn", "adapter_init": "", "system_prompt": " "});
        let request = TrainingRequest::from_row(row(fields)).unwrap();
        let chosen = TrainingChoices {
            method: Some(Method::Dpo),
            train_on: Some(TrainOn::LastTurn),
            ..TrainingChoices::default()
        };
        assert_eq!(request.choices(), chosen);
        assert_eq!(request.to_row().unwrap(), Row::new());
    }

    #[test]
    fn choices_stand_among_the_fields_of_a_row_and_nowhere_else() {
        let nested = TrainingRequest::from_row(row(json!({"choices": {"method": "dpo"}}))).unwrap();
        assert_eq!((&nested.choices, nested.rest.len()), (&TrainingChoices::default(), 1));
        let unknown = TrainingRequest::from_row(row(json!({"methods": "dpo"}))).unwrap();
        assert_eq!(unknown.rest.keys().collect::<Vec<_>>(), ["methods"]);
    }

    #[test]
    fn fields_that_are_no_columns_are_refused_by_name() {
        for (name, value) in [
            ("auto_add_adapter", json!("yes")),
            ("cpu", json!("many")),
            ("method", json!("ppo")),
            ("rating_threshold", json!("four")),
        ] {
            let error = TrainingRequest::from_row(Row::from_iter([(name.to_owned(), value)])).unwrap_err();
            assert_eq!(error.fields[0].column, name);
            assert!(error.fields[0].message.starts_with(&format!("{name} must be ")), "{error:?}");
        }
        let error = TrainingRequest::from_row(row(json!({"method": "ppo"}))).unwrap_err();
        assert_eq!(
            error.fields[0].message,
            r#"method must be one of sft, dpo, kto, orpo, reward, not "ppo"."#
        );
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
