//! Settings of an endpoint on a Cloudera AI workbench.

use compute::TargetSettings;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What a workbench serves, and as what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct EndpointSettings {
    /// The compute target, by its id or its name: a workbench.
    pub target: String,
    /// The name of the model there, which no other one has.
    pub name: String,
    /// What it is, for people.
    #[serde(default)]
    pub description: Option<String>,
    /// The generation settings that it answers with.
    #[serde(default)]
    pub generation: Map<String, Value>,
    /// Whether it answers everyone who has its access key; else they need a key of the workbench, too.
    #[serde(default)]
    pub open: bool,
    /// The base model's name on the Hub; none in a request, for the one that the rows say.
    #[serde(default)]
    pub base_model: Option<String>,
    /// The settings of the target; none in a request.
    #[serde(default)]
    pub workbench: Option<Box<TargetSettings>>,
}
