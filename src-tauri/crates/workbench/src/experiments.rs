//! Runs of MLflow there, and where their artifacts are.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{
    client::{Call, Settings, Workbench},
    failure::Result,
    shapes,
};

/// The project's folder, as programs there see it.
const HOME: &str = "/home/cdsw/";

/// A run of MLflow.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct ExperimentRun {
    /// Its id.
    #[serde(deserialize_with = "shapes::text")]
    pub id: String,
    /// The folder of its artifacts, by its path or its address there.
    #[serde(deserialize_with = "shapes::text")]
    pub artifact_uri: String,
    /// What it logged.
    pub data: Option<LoggedData>,
}

/// What a run of MLflow logged.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct LoggedData {
    /// The models of it that were registered.
    #[serde(deserialize_with = "shapes::list")]
    pub registered_model_metadata: Vec<LoggedModel>,
}

/// A logged model that was registered.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct LoggedModel {
    /// Its folder among the artifacts of the run.
    #[serde(deserialize_with = "shapes::text")]
    pub model_path: String,
    /// The id of the version that was registered.
    #[serde(deserialize_with = "shapes::text")]
    pub model_version_id: String,
}

impl ExperimentRun {
    /// The folder of its artifacts, from the project's folder; `None` where they are in no file of the project.
    pub fn artifacts(&self) -> Option<&str> {
        let path = self.artifact_uri.strip_prefix("file://").unwrap_or(&self.artifact_uri);
        let inside = path.strip_prefix(HOME).or_else(|| Some(path).filter(|path| !path.contains("://")))?;
        Some(inside.trim_matches('/')).filter(|inside| !inside.is_empty() && !path.starts_with("//"))
    }

    /// The folder of the model that became a version, among its artifacts; `None` where that is not said.
    pub fn logged(&self, version: &str) -> Option<&str> {
        let logged = &self.data.as_ref()?.registered_model_metadata;
        let of_version = logged.iter().find(|model| model.model_version_id == version);
        Some(of_version?.model_path.trim_matches('/')).filter(|path| !path.is_empty())
    }
}

impl Workbench {
    /// The same for another project of the workbench.
    #[must_use]
    pub fn in_project(&self, project: &str) -> Self {
        let mut other = self.clone();
        other.settings = Arc::new(Settings { project: project.to_owned(), ..self.settings().clone() });
        other
    }

    /// A run of MLflow in the project.
    ///
    /// # Errors
    /// As every call: see [`Fault`](crate::Fault).
    pub async fn experiment_run(&self, experiment: &str, run: &str) -> Result<ExperimentRun> {
        let thing = format!("run '{run}' of the experiment '{experiment}'");
        let about = self.about(format!("read the {thing}"), &thing);
        self.json(&Call::get(self.inside(&["experiments", experiment, "runs", run]), about)).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn artifacts_are_files_of_the_project_or_out_of_reach() {
        let of = |uri: &str| {
            let run = ExperimentRun { artifact_uri: uri.to_owned(), ..ExperimentRun::default() };
            run.artifacts().map(str::to_owned)
        };
        let inside = Some(".experiments/e/r/artifacts".to_owned());
        for uri in [
            "/home/cdsw/.experiments/e/r/artifacts",
            "file:///home/cdsw/.experiments/e/r/artifacts/",
            ".experiments/e/r/artifacts",
        ] {
            assert_eq!(of(uri), inside, "{uri}");
        }
        for uri in ["", "s3://bucket/e/r/artifacts", "https://a/b", "/home/cdsw/"] {
            assert_eq!(of(uri), None, "{uri}");
        }
    }
}
