//! What starting an export would do.

use run_folder::spec::Source;
use runs::PlannedFetch;
use schema::FieldProblem;
use serde::{Deserialize, Serialize};

/// What is sent to the Hub.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct PlannedPublication {
    /// The files, by their names in the repository. Of a model that is merged first, those of its base model.
    pub files: Vec<SentFile>,
    /// The files that are not sent.
    pub left_out: Vec<String>,
    /// What must not be published. It can't start with any.
    pub findings: Vec<ScanFinding>,
    /// The card, as it is made of the rows.
    #[serde(default)]
    pub card: String,
}

/// A file that is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct SentFile {
    /// Its name in the repository.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// How it differs from the file here, in a sentence.
    pub rewritten: Option<String>,
}

/// Something in a file that must not be published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct ScanFinding {
    /// The file.
    pub path: String,
    /// `token`, `path` or `user`.
    pub kind: String,
    /// Where in the file, in words.
    pub place: String,
    /// What was found, in a sentence.
    pub text: String,
}

/// What starting an export would do.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct ExportPlan {
    /// What the run and the result are called.
    pub name: String,
    /// The model, or the base model of the adapter.
    pub model: Option<Source>,
    /// The adapter.
    pub adapter: Option<Source>,
    /// The absolute path of what is written.
    pub to: Option<String>,
    /// The size of what is written, as far as it is known before.
    pub bytes: Option<u64>,
    /// The bytes of temporary files in the run folder.
    pub temporary_bytes: u64,
    /// The free bytes on the disk of `to`.
    pub free_bytes: Option<u64>,
    /// The number format of the weights that are written, if it is known before.
    pub precision: Option<String>,
    /// How many texts the result is compared on.
    pub samples: u64,
    /// The training whose rows those are; none for fixed texts.
    pub samples_of: Option<String>,
    /// What is fetched from the Hub before the work begins.
    pub fetches: Vec<PlannedFetch>,
    /// The dataset.
    pub dataset: Option<Source>,
    /// What is sent to the Hub, where something is published.
    pub publication: Option<PlannedPublication>,
    /// The address where Ollama is looked for; none for ways that have nothing to do with it.
    pub ollama_host: Option<String>,
    /// The version of the Ollama that answers there; none if none does.
    pub ollama: Option<String>,
    /// Why it can't start, by the field of the request; `python` where the environment is at fault.
    pub problems: Vec<FieldProblem>,
    /// What should be known before it starts, by the field of the request.
    pub warnings: Vec<FieldProblem>,
}
