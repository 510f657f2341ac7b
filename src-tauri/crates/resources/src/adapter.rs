//! PEFT adapters.

use platform::absolute;
use schema::{Check, Choice, FileScan, Id, Kind, Result, Rules, resource, text_enum};

use crate::{FineTuningJob, Model, Prompt, path};

text_enum! {
    /// Where an adapter is.
    pub enum AdapterType {
        /// A folder on this machine.
        Project = "project", "Folder";
        /// An adapter on the Hugging Face Hub.
        Huggingface = "huggingface", "Hugging Face Hub";
        /// An adapter of the Cloudera AI registry.
        ModelRegistry = "model_registry", "Model registry";
    }
}

resource! {
    /// What fine-tuning made: the small weights that turn a base model into yours.
    pub struct Adapter {
        table: Adapters, since: 1, message: Some("AdapterMetadata"),
        group: Resources, icon: "IconPuzzle",
        singular: "adapter", plural: "adapters", title: "Adapters",
        label: ["name", "huggingface_name", "location"],
    }
    columns {
        /// A random UUID that never changes.
        id: Option<Id<Adapter>> => "Identifier",
        /// Where the adapter is.
        r#type: Option<Choice<AdapterType>> => "Type".required().listed().default("project"),
        /// What you call it. An adapter on the Hub takes its Hub name if you leave this empty.
        name: Option<String> => "Name".required().filled(&["huggingface"]).unique().listed(),
        /// A note for yourself.
        description: Option<String> => "Description".is(Kind::LongText),
        /// The adapter's name on the Hub, as organisation/name.
        huggingface_name: Option<String> => "Hub name".required().unique().when(&["huggingface"]),
        /// The model the adapter was trained on.
        model_id: Option<Id<Model>> => "Base model".required().listed(),
        /// The folder with adapter_config.json. It stays where it is.
        location: Option<String> => "Folder".required().when(&["project"]).is(Kind::Folder),
        /// The job that trained it.
        fine_tuning_job_id: Option<Id<FineTuningJob>> => "Training job",
        /// The prompt it was trained with.
        prompt_id: Option<Id<Prompt>> => "Prompt".listed(),
        /// The adapter's identifier in the registry.
        cml_registered_model_id: Option<String> => "Registry identifier"
            .required().unique().when(&["model_registry"]),
        /// The MLflow experiment the adapter came from.
        mlflow_experiment_id: Option<String> => "MLflow experiment".when(&["model_registry"]),
        /// The MLflow run the adapter came from.
        mlflow_run_id: Option<String> => "MLflow run".when(&["model_registry"]),
    }
}

impl Rules for Adapter {
    async fn derive(&mut self, _before: Option<&Self>, _files: &mut dyn FileScan) -> Result<()> {
        match self.r#type.as_ref().and_then(Choice::known) {
            Some(AdapterType::Huggingface) if self.name.is_none() => {
                self.name.clone_from(&self.huggingface_name);
            }
            Some(AdapterType::Project) => {
                self.location = self.location.as_deref().map(absolute);
            }
            _ => {}
        }
        Ok(())
    }

    async fn check(&self, check: &mut Check<'_>) -> Result<()> {
        path::check_hub_name(check, "huggingface_name", self.huggingface_name.as_deref());
        path::check_folder(check, "location", self.location.as_deref());
        Ok(())
    }
}
