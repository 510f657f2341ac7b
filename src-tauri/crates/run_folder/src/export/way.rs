//! What an export writes.

use python::EnvironmentKind;
use serde::{Deserialize, Serialize};

use crate::is_of_this_machine;

use super::{
    EndpointSettings, GgufSettings, MergeSettings, OllamaSettings, PublishSettings, RegisterSettings,
    RegistrationSettings,
};

/// What an export writes, with its settings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(tag = "way", content = "settings", rename_all = "snake_case")]
pub enum Way {
    /// A full model folder, of a base model and an adapter.
    Merge(MergeSettings),
    /// One file for llama.cpp and programs built on it.
    Gguf(GgufSettings),
    /// A folder from which Ollama makes a model.
    Ollama(OllamaSettings),
    /// A repository on the Hugging Face Hub.
    Publish(PublishSettings),
    /// A version of a registered model in MLflow.
    Mlflow(RegisterSettings),
    /// A model that a Cloudera AI workbench serves.
    #[serde(rename = "cml_model")]
    Endpoint(EndpointSettings),
    /// A version of a model in the registry of a Cloudera AI workbench.
    #[serde(rename = "model_registry")]
    Registration(RegistrationSettings),
}

impl Way {
    /// The environment that it is carried out in.
    pub const fn environment(&self) -> EnvironmentKind {
        match self {
            Self::Merge(_)
            | Self::Publish(_)
            | Self::Mlflow(_)
            | Self::Endpoint(_)
            | Self::Registration(_) => EnvironmentKind::Training,
            Self::Gguf(_) | Self::Ollama(_) => EnvironmentKind::Gguf,
        }
    }

    /// Whether it writes a folder or a file on this machine.
    pub const fn writes_here(&self) -> bool {
        match self {
            Self::Merge(_) | Self::Gguf(_) | Self::Ollama(_) => true,
            Self::Publish(_) | Self::Mlflow(_) | Self::Endpoint(_) | Self::Registration(_) => false,
        }
    }

    /// Why only this machine can carry it out, with the way out; none where a compute target can as well.
    pub fn bound_here(&self) -> Option<&'static str> {
        match self {
            Self::Publish(_) => Some(
                "Publishing works on this machine only. Merge on the target first, then publish the model from here.",
            ),
            Self::Ollama(settings) if settings.create => Some(
                "The target does not reach the Ollama of this machine. Write the folder alone, and create the model \
                 from it here.",
            ),
            Self::Mlflow(settings) if settings.uri.as_deref().is_none_or(is_of_this_machine) => Some(
                "The target does not reach the MLflow of this machine. Name a server that it reaches, or register on \
                 this machine.",
            ),
            Self::Endpoint(_) | Self::Registration(_) => {
                Some("The workbench does the work, asked from this machine. Name it as the workbench alone.")
            }
            Self::Merge(_) | Self::Gguf(_) | Self::Ollama(_) | Self::Mlflow(_) => None,
        }
    }

    /// Its name in `job.json` and in the store.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Merge(_) => "merge",
            Self::Gguf(_) => "gguf",
            Self::Ollama(_) => "ollama",
            Self::Publish(_) => "publish",
            Self::Mlflow(_) => "mlflow",
            Self::Endpoint(_) => "cml_model",
            Self::Registration(_) => "model_registry",
        }
    }

    /// Whether a worker carries it out, which needs its environment. The others are requests alone.
    pub const fn has_worker(&self) -> bool {
        !matches!(self, Self::Endpoint(_) | Self::Registration(_))
    }
}
