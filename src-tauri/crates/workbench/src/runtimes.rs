//! Runtimes, their addons, and labels of GPUs.

use python::{MinorVersion, minor_version};
use serde::{Deserialize, Serialize};

use crate::{
    client::{Call, Workbench},
    failure::{About, Fault, Result},
    shapes,
};

/// A runtime: an image in which jobs run.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Runtime {
    /// The image, which jobs name.
    #[serde(deserialize_with = "shapes::text")]
    pub image_identifier: String,
    /// `JupyterLab`, `Workbench` or another.
    #[serde(deserialize_with = "shapes::text")]
    pub editor: String,
    /// Such as `Python 3.11`.
    #[serde(deserialize_with = "shapes::text")]
    pub kernel: String,
    /// `Standard`, `Nvidia GPU` or another.
    #[serde(deserialize_with = "shapes::text")]
    pub edition: String,
    /// Such as `2024.05.1-b8`.
    #[serde(deserialize_with = "shapes::text")]
    pub full_version: String,
    /// `ENABLED`, `DISABLED`, `DEPRECATED`, or a word of a newer workbench.
    #[serde(deserialize_with = "shapes::text")]
    pub status: String,
}

impl Runtime {
    /// The Python that its kernel names.
    pub fn python(&self) -> Option<MinorVersion> {
        minor_version(self.kernel.strip_prefix("Python ")?.trim())
    }

    /// Whether jobs may use it.
    pub fn is_enabled(&self) -> bool {
        self.status.is_empty() || self.status == "ENABLED" || self.status == "DEPRECATED"
    }
}

/// An addon of runtimes, such as Spark.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct RuntimeAddon {
    /// What jobs name.
    #[serde(deserialize_with = "shapes::text")]
    pub identifier: String,
    /// The name for people.
    #[serde(deserialize_with = "shapes::text")]
    pub display_name: String,
    /// `AVAILABLE`, or why it is not.
    #[serde(deserialize_with = "shapes::text")]
    pub status: String,
}

/// A label of nodes with GPUs.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct GpuLabel {
    /// What jobs name.
    #[serde(deserialize_with = "shapes::whole")]
    pub id: i64,
    /// Such as `nvidia.com/gpu.product`.
    #[serde(deserialize_with = "shapes::text")]
    pub label_key: String,
    /// Such as `NVIDIA-L4`.
    #[serde(deserialize_with = "shapes::text")]
    pub label_value: String,
    /// Whether there are such nodes, if the workbench says so.
    pub availability: Option<bool>,
    /// The most GPUs of one job; 0 where the workbench gives no number.
    #[serde(deserialize_with = "shapes::whole")]
    pub max_gpu_per_workload: i64,
}

impl Workbench {
    /// Every runtime.
    ///
    /// # Errors
    /// As every call: see [`Fault`].
    pub async fn runtimes(&self) -> Result<Vec<Runtime>> {
        let about = About { doing: "list the runtimes".to_owned(), thing: "runtimes".to_owned() };
        self.list(Call::get(vec!["runtimes"], about), "runtimes").await
    }

    /// Every addon of runtimes.
    ///
    /// # Errors
    /// As every call: see [`Fault`].
    pub async fn runtime_addons(&self) -> Result<Vec<RuntimeAddon>> {
        let about = About { doing: "list the runtime addons".to_owned(), thing: "runtime addons".to_owned() };
        self.list(Call::get(vec!["runtimeaddons"], about), "runtime_addons").await
    }

    /// Every label of GPUs; `None` where the workbench has no labels, so that jobs name none.
    ///
    /// # Errors
    /// As every call: see [`Fault`].
    pub async fn gpu_labels(&self) -> Result<Option<Vec<GpuLabel>>> {
        let about = About { doing: "list the labels of GPUs".to_owned(), thing: "labels of GPUs".to_owned() };
        match self.list(Call::get(vec!["nodelabels"], about), "accelerator_node_label").await {
            Ok(labels) => Ok(Some(labels)),
            Err(failure) if matches!(failure.fault, Fault::NotFound | Fault::NoOperation) => Ok(None),
            Err(failure) => Err(failure),
        }
    }
}
