//! Base models.

use platform::absolute;
use schema::{Check, Choice, FileScan, Id, Kind, Result, Rules, resource, text_enum};

use crate::path;

text_enum! {
    /// Where a model is.
    pub enum ModelType {
        /// A model on the Hugging Face Hub.
        Huggingface = "huggingface", "Hugging Face Hub";
        /// A folder on this machine.
        Project = "project", "Folder";
        /// A model of the Cloudera AI registry.
        ModelRegistry = "model_registry", "Model registry";
    }
}

text_enum! {
    /// Where a model can be exported to.
    pub enum ModelExportType {
        /// The Cloudera AI registry.
        ModelRegistry = "model_registry", "Model registry";
        /// A served Cloudera AI model.
        CmlModel = "cml_model", "Cloudera AI model";
    }
}

text_enum! {
    /// What a model's weights were made with.
    pub enum ModelFrameworkType {
        /// PyTorch.
        Pytorch = "pytorch", "PyTorch";
        /// TensorFlow.
        Tensorflow = "tensorflow", "TensorFlow";
        /// ONNX.
        Onnx = "onnx", "ONNX";
    }
}

resource! {
    /// Base models to fine-tune: by name on the Hugging Face Hub, a folder, or a registry's identifier.
    pub struct Model {
        table: Models, since: 1, message: Some("ModelMetadata"),
        group: Resources, icon: "IconCube",
        singular: "model", plural: "models", title: "Models",
        label: ["name", "huggingface_model_name", "location"],
    }
    columns {
        /// A random UUID that never changes.
        id: Option<Id<Model>> => "Identifier",
        /// Where the model is.
        r#type: Option<Choice<ModelType>> => "Type".required().listed().default("huggingface"),
        /// What the weights were made with.
        framework: Option<Choice<ModelFrameworkType>> => "Framework",
        /// What you call it. A model on the Hub takes its Hub name if you leave this empty.
        name: Option<String> => "Name".required().filled(&["huggingface"]).unique().listed(),
        /// A note for yourself.
        description: Option<String> => "Description".is(Kind::LongText),
        /// The model's name on the Hub, as organisation/name.
        huggingface_model_name: Option<String> => "Hub name"
            .required().unique().listed().when(&["huggingface"]),
        /// The folder with config.json and the weights. It stays where it is.
        location: Option<String> => "Folder".required().listed().when(&["project"]).is(Kind::Folder),
        /// The model's identifier in the registry.
        cml_registered_model_id: Option<String> => "Registry identifier"
            .required().unique().when(&["model_registry"]),
        /// The MLflow experiment the model came from.
        mlflow_experiment_id: Option<String> => "MLflow experiment".when(&["model_registry"]),
        /// The MLflow run the model came from.
        mlflow_run_id: Option<String> => "MLflow run".when(&["model_registry"]),
    }
}

impl Rules for Model {
    async fn derive(&mut self, _before: Option<&Self>, _files: &mut dyn FileScan) -> Result<()> {
        match self.r#type.as_ref().and_then(Choice::known) {
            Some(ModelType::Huggingface) if self.name.is_none() => {
                self.name.clone_from(&self.huggingface_model_name);
            }
            Some(ModelType::Project) => self.location = self.location.as_deref().map(absolute),
            _ => {}
        }
        Ok(())
    }

    async fn check(&self, check: &mut Check<'_>) -> Result<()> {
        path::check_hub_name(check, "huggingface_model_name", self.huggingface_model_name.as_deref());
        path::check_folder(check, "location", self.location.as_deref());
        Ok(())
    }
}
