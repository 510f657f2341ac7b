//! What the hub says of a name.

use schema::{Error, ErrorCode, Result, text_enum};
use serde::{Deserialize, Serialize};
use weights::Precision;

text_enum! {
    /// What a name on the hub is looked for as.
    pub enum HubKind {
        /// A model or an adapter.
        Model = "model", "Model";
        /// A dataset.
        Dataset = "dataset", "Dataset";
    }
}

/// A part of a dataset on the hub.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct HubSplit {
    /// What it is called: `train`.
    pub name: String,
    /// How many rows it has.
    pub rows: Option<u64>,
}

/// What the hub knows of a repository.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct HubFacts {
    /// Its name, which is another one than asked for where it was renamed.
    pub name: String,
    /// The commit that `main` is at.
    pub revision: Option<String>,
    /// Only its owners see it.
    pub private: bool,
    /// Access to its files has to be asked for.
    pub gated: bool,
    /// What it is about.
    pub description: Option<String>,
    /// Its licence.
    pub license: Option<String>,
    /// The size of its files in bytes.
    pub bytes: Option<u64>,
    /// The classes that run a model.
    pub architectures: Vec<String>,
    /// A model's family.
    pub model_type: Option<String>,
    /// How many numbers a model's weights have.
    pub parameters: Option<u64>,
    /// In which formats.
    pub precisions: Vec<Precision>,
    /// The model that this one was made from.
    pub base_model: Option<String>,
    /// It is a PEFT adapter.
    pub adapter: bool,
    /// The subset of a dataset that columns and splits are of.
    pub subset: Option<String>,
    /// A dataset's columns, where the hub knows them.
    pub columns: Option<Vec<String>>,
    /// A dataset's parts.
    pub splits: Vec<HubSplit>,
}

/// How asking the hub went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It is there.
    Found,
    /// The hub has nothing of that name.
    NotFound,
    /// It may be there, for those who show a token that is allowed to see it.
    NeedsToken,
    /// Access has to be asked for.
    Gated,
    /// Nothing was asked: requests are turned off.
    Offline,
    /// The hub did not answer, or not so that it could be understood.
    Unreachable,
}

/// What came of asking the hub. None of it keeps a name from being saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct HubAnswer {
    /// How it went.
    pub standing: Standing,
    /// The same in a sentence.
    pub message: String,
    /// What to do about it, where there is something.
    pub hint: Option<String>,
    /// What the hub knows, if it was found.
    pub facts: Option<HubFacts>,
}

impl HubAnswer {
    pub(super) fn new(standing: Standing, message: impl Into<String>) -> Self {
        Self { standing, message: message.into(), hint: None, facts: None }
    }

    pub(super) fn hint(mut self, hint: &str) -> Self {
        self.hint = Some(hint.to_owned());
        self
    }

    /// The facts, or an error where there are none: for those who asked for nothing else.
    pub fn into_facts(self) -> Result<HubFacts> {
        let code = match self.standing {
            Standing::NotFound => ErrorCode::NotFound,
            _ => ErrorCode::Unreachable,
        };
        self.facts.ok_or(Error { code, message: self.message, hint: self.hint, fields: Vec::new() })
    }
}
