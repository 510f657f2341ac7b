//! A training to start.

use resources::{FineTuningFramework, FineTuningJob, TrainingChoices};
use schema::{Error, Result, Row, TableName, column};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::fields::{read, refused, to_row};
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
}
