//! Settings of a registration in the registry of a Cloudera AI workbench.

use compute::TargetSettings;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What becomes a version of a model in the registry of a workbench.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct RegistrationSettings {
    /// The compute target, by its id or its name: a workbench.
    pub target: String,
    /// The name of the registered model, of which this becomes the next version.
    pub name: String,
    /// The generation settings that it answers with.
    #[serde(default)]
    pub generation: Map<String, Value>,
    /// The base model's name on the Hub; none in a request, for the one that the rows say.
    #[serde(default)]
    pub base_model: Option<String>,
    /// The settings of the target; none in a request.
    #[serde(default)]
    pub workbench: Option<Box<TargetSettings>>,
}
