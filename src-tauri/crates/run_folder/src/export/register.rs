//! Settings of a registration in an MLflow model registry.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Where a model is registered, and as what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct RegisterSettings {
    /// The address of the tracking server; none for the one where runs log their measurements.
    #[serde(default)]
    pub uri: Option<String>,
    /// The name of the registered model. Each registration makes its next version.
    pub name: String,
    /// What the version is, for people.
    #[serde(default)]
    pub description: Option<String>,
    /// The generation settings that it answers with.
    #[serde(default)]
    pub generation: Map<String, Value>,
}
