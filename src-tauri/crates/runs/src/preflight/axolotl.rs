//! Trainings by axolotl: their configuration, and the prompt that shows what axolotl makes of a row.

use configs::{ConfigType, axolotl::FORMATS};
use resources::{Config, FineTuningFramework, FineTuningJob, Prompt};
use schema::{MappedDict as _, Resource, Result, Stored, column};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{context::Preflight, dataset::JobDataset, prompt::JobPrompt};
use crate::request::TrainingRequest;
use run_folder::spec::PromptSpec;

/// An axolotl configuration.
pub(super) struct Axolotl {
    /// The text, YAML.
    pub(super) text: String,
    /// Its settings.
    pub(super) settings: Map<String, Value>,
}

/// Formats of which axolotl 0.19 reads another column than the reference names: format, column.
const READS_ANOTHER: &[(&str, &str)] = &[("alpaca_chat", "output"), ("alpaca_chat.load_concise", "output")];

impl Axolotl {
    /// How axolotl reads a row of the dataset: the name of a format, or an object that describes one. None
    /// where the config leaves it to the prompt.
    fn format(&self) -> Option<&Value> {
        let format = self.settings.get("datasets")?.get(0)?.get("type")?;
        let empty = format.is_null() || format.as_str().is_some_and(|name| name.trim().is_empty());
        (!empty).then_some(format)
    }

    /// The method of training on preferences, if it trains on them.
    fn preferences(&self) -> Option<&str> {
        self.settings.get("rl")?.as_str().filter(|method| !method.is_empty())
    }
}

impl Preflight<'_> {
    /// The axolotl configuration of a request, if axolotl is to train.
    pub(super) async fn axolotl_config(&mut self, request: &TrainingRequest) -> Result<Option<Axolotl>> {
        let script = request.user_script.as_ref().is_some_and(|path| !path.is_empty());
        if request.framework_type != Some(FineTuningFramework::Axolotl) || script {
            return Ok(None);
        }
        let Some(id) = request.axolotl_config_id.as_deref().filter(|id| !id.is_empty()) else {
            return Ok(None);
        };
        let Some(config) = self.row::<Config>(id).await? else { return Ok(None) };
        let text = config.row.typed.config.unwrap_or_default();
        let settings = self.diagnostics.settings(
            column!(FineTuningJob, axolotl_config_id),
            ConfigType::Axolotl,
            Some(&text),
        );
        Ok(settings.map(|settings| Axolotl { text, settings }))
    }

    /// Checks that the configuration can be trained with on this dataset.
    pub(super) fn check_axolotl(
        &mut self,
        axolotl: &Axolotl,
        job: &FineTuningJob,
        dataset: Option<&JobDataset>,
    ) {
        let format = axolotl.format();
        if let (Some(method), None) = (axolotl.preferences(), format) {
            let message = format!(
                "The axolotl config trains on preferences (rl: {method}), and a prompt makes one answer of a \
                 row. Say in the config how it reads a row (datasets, type)."
            );
            self.diagnostics.refuse(column!(FineTuningJob, axolotl_config_id), message);
        }
        let Some(format) = format else { return };
        if job.dataset_fraction.is_some_and(|fraction| fraction < 1.0) {
            let message = "axolotl reads the dataset by itself, so all of its rows are used.";
            self.diagnostics.warn(column!(FineTuningJob, dataset_fraction), message);
        }
        let read = READS_ANOTHER.iter().find(|(name, _)| format.as_str() == Some(name));
        let columns = dataset.and_then(|dataset| dataset.columns.as_ref());
        if let (Some((name, column)), Some(columns)) = (read, columns)
            && !columns.iter().any(|known| known == column)
        {
            let message = format!(
                "axolotl reads the answer of the format '{name}' from the column '{column}', which the dataset \
                 lacks. Rename its column, or describe the format in the config."
            );
            self.diagnostics.warn(column!(FineTuningJob, axolotl_config_id), message);
        }
    }

    /// The prompt that shows what axolotl makes of a row: a line for each column of the dataset's
    /// format, as the reference studio generates it. A prompt with the same text is used again. None
    /// where the format is unknown; axolotl trains without a prompt.
    pub(super) async fn axolotl_prompt(
        &mut self,
        axolotl: &Axolotl,
        dataset: &JobDataset,
    ) -> Result<Option<JobPrompt>> {
        // Prompts and formats are searched for, which the inputs do not record.
        self.inputs.set_incomplete();
        let format = match axolotl.format() {
            Some(Value::String(name)) => name.trim(),
            // A format of the config's own.
            Some(Value::Object(_)) => return Ok(None),
            // A prompt would not help.
            None if axolotl.preferences().is_some() => return Ok(None),
            _ => {
                let message = "The axolotl config doesn't say how it reads a row (datasets, type). Choose a prompt, or say it there.";
                self.diagnostics.refuse(column!(FineTuningJob, prompt_id), message);
                return Ok(None);
            }
        };
        let Some(keys) = self.columns_of_format(format).await? else {
            self.diagnostics.warn(
                column!(FineTuningJob, prompt_id),
                format!("The format '{format}' is not known here, so the job gets no prompt. Choose one to evaluate the adapter with."),
            );
            return Ok(None);
        };
        let lacks = |key: &&String| dataset.columns.as_ref().is_some_and(|columns| !columns.contains(key));
        let missing: Vec<&str> = keys.iter().filter(lacks).map(String::as_str).collect();
        let Some((input, completion)) = prompts::lines(&keys).filter(|_| missing.is_empty()) else {
            self.diagnostics.warn(
                column!(FineTuningJob, prompt_id),
                format!(
                    "The format '{format}' reads columns that '{}' lacks ({}), so the job gets no prompt.",
                    dataset.spec.name,
                    missing.join(", ")
                ),
            );
            return Ok(None);
        };
        let text = format!("{input}{completion}");
        let mut reading = self.runs.store.pool().acquire().await?;
        let of_dataset =
            store::rows_where(&mut reading, Prompt::TABLE, column!(Prompt, dataset_id), &dataset.spec.id)
                .await?;
        let mut prompts = of_dataset.into_iter().map(Stored::<Prompt>::from_row);
        if let Some(same) = prompts.find(|prompt| prompt.prompt_template.as_ref() == Some(&text)) {
            return Ok(Some(JobPrompt { spec: PromptSpec::from_prompt(&same), row: None }));
        }
        let wanted = format!("AXOLOTL_AUTOGENERATED : {format}_{}", dataset.spec.name);
        let prompt = Prompt {
            id: Some(Uuid::new_v4().to_string().into()),
            name: Some(store::free_name(&mut reading, Prompt::TABLE, &wanted).await?),
            dataset_id: Some(dataset.spec.id.clone().into()),
            prompt_template: Some(text),
            input_template: Some(input),
            completion_template: Some(completion),
            ..Prompt::default()
        };
        Ok(Some(JobPrompt { spec: PromptSpec::from_prompt(&prompt), row: Some(prompt.to_dict()) }))
    }

    /// The columns that a dataset format reads: one of axolotl's, or one that a config describes.
    async fn columns_of_format(&self, format: &str) -> Result<Option<Vec<String>>> {
        if let Some(known) = FORMATS.iter().find(|known| known.name == format) {
            return Ok(Some(known.keys.iter().map(|key| (*key).to_owned()).collect()));
        }
        let mut reading = self.runs.store.pool().acquire().await?;
        let kind = ConfigType::AxolotlDatasetFormats;
        let described = store::rows_where(&mut reading, Config::TABLE, "type", kind.into_str()).await?;
        let config = described
            .into_iter()
            .map(Stored::<Config>::from_row)
            .find(|config| config.description.as_deref() == Some(format));
        // A config whose text can't be parsed describes no format.
        let Some(Ok(Value::Object(keys))) = config.map(|config| config.parsed()) else { return Ok(None) };
        Ok(Some(keys.into_iter().map(|(key, _)| key).collect()))
    }
}
