//! The answer of the Hub about a name.

use schema::{Error, ErrorCode, Result, text_enum};
use serde::{Deserialize, Serialize};
use weights::Precision;

text_enum! {
    /// The kind of repository to look up.
    pub enum HubKind {
        /// A model or an adapter.
        Model = "model", "Model";
        /// A dataset.
        Dataset = "dataset", "Dataset";
    }
}

/// A split of a dataset on the Hub.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct HubSplit {
    /// The name, such as `train`.
    pub name: String,
    /// The number of rows.
    pub rows: Option<u64>,
}

/// The properties of a repository on the Hub.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct HubFacts {
    /// The name, which differs from the requested one if the repository was renamed.
    pub name: String,
    /// The commit of `main`.
    pub revision: Option<String>,
    /// Only its owners can see it.
    pub private: bool,
    /// Access to its files must be requested.
    pub gated: bool,
    /// The description.
    pub description: Option<String>,
    /// The license.
    pub license: Option<String>,
    /// The size of all files in bytes.
    pub bytes: Option<u64>,
    /// The classes of Transformers that run a model.
    pub architectures: Vec<String>,
    /// The family of a model, such as `llama`.
    pub model_type: Option<String>,
    /// The number of parameters of a model.
    pub parameters: Option<u64>,
    /// The number formats of its weights, the most common first.
    pub precisions: Vec<Precision>,
    /// The base model, if the repository names one.
    pub base_model: Option<String>,
    /// The repository contains a PEFT adapter.
    pub adapter: bool,
    /// The subset of a dataset to which columns and splits belong, if there are several.
    pub subset: Option<String>,
    /// The columns of a dataset, if the Hub knows them.
    pub columns: Option<Vec<String>>,
    /// The splits of a dataset.
    pub splits: Vec<HubSplit>,
}

/// The outcome of a request to the Hub.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// The repository exists.
    Found,
    /// The Hub has no repository with this name.
    NotFound,
    /// The repository does not exist, or is private and needs a token.
    NeedsToken,
    /// Access must be requested.
    Gated,
    /// There was no request, because the program is set to work offline.
    Offline,
    /// The Hub did not answer, or its answer could not be parsed.
    Unreachable,
}

/// The result of a request to the Hub. A row can be saved whatever the result is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct HubAnswer {
    /// The outcome.
    pub standing: Standing,
    /// The outcome in one sentence.
    pub message: String,
    /// What the user can do about it.
    pub hint: Option<String>,
    /// The properties of the repository, if it was found.
    pub facts: Option<HubFacts>,
}

impl HubAnswer {
    pub(crate) fn new(standing: Standing, message: impl Into<String>) -> Self {
        Self { standing, message: message.into(), hint: None, facts: None }
    }

    pub(crate) fn hint(mut self, hint: &str) -> Self {
        self.hint = Some(hint.to_owned());
        self
    }

    /// The properties; an error if there are none.
    pub fn into_facts(mut self) -> Result<HubFacts> {
        self.facts.take().ok_or_else(|| self.into_error())
    }

    /// The outcome as an error, of a request that found nothing.
    pub(crate) fn into_error(self) -> Error {
        let code = match self.standing {
            Standing::NotFound => ErrorCode::NotFound,
            _ => ErrorCode::Unreachable,
        };
        Error { code, message: self.message, hint: self.hint, fields: Vec::new() }
    }
}
