//! Comparison of runs: their settings and their curves.

use schema::{Error, ErrorCode, Result};
use serde::Serialize;
use serde_json::Value;
use store::Run;

use crate::runs::Runs;
use run_folder::progress::Series;

/// A comparison of two or more runs.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct RunComparison {
    /// The runs, in the order asked for.
    pub runs: Vec<Run>,
    /// The settings that are not the same in all of them.
    pub settings: Vec<SettingAcross>,
    /// The measurements of each run, in the order of the runs.
    pub series: Vec<Vec<Series>>,
}

/// A setting as it is in each of several runs.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct SettingAcross {
    /// Its path in the specification, such as `training_arguments.learning_rate`.
    pub path: String,
    /// Its value in each run; none where it is not set.
    pub values: Vec<Option<Value>>,
}

/// Parts of a specification that differ between any two runs and are no settings.
const IGNORED: [&str; 4] = ["id", "output", "tracking", "rows"];

impl Runs {
    /// Compares runs: only the settings that differ, and all curves.
    pub async fn compare(&self, ids: &[String]) -> Result<RunComparison> {
        let mut runs = Vec::new();
        let mut specs = Vec::new();
        let mut series = Vec::new();
        for id in ids {
            let run = self.get(id).await?;
            let path = self.folder(&run.id).job();
            let text = std::fs::read(&path).map_err(|error| Error::file("read", &path, &error))?;
            let spec: Value = serde_json::from_slice(&text).map_err(|error| {
                Error::new(ErrorCode::File, format!("{} can't be parsed: {error}.", path.display()))
            })?;
            specs.push(leaves(&spec));
            series.push(self.progress(&run.id)?.series);
            runs.push(run);
        }
        let mut paths: Vec<&String> = Vec::new();
        for (path, _) in specs.iter().flatten() {
            if !paths.contains(&path) {
                paths.push(path);
            }
        }
        let settings = paths
            .into_iter()
            .map(|path| SettingAcross {
                path: path.clone(),
                values: specs
                    .iter()
                    .map(|spec| spec.iter().find(|(known, _)| known == path).map(|(_, value)| value.clone()))
                    .collect(),
            })
            .filter(|setting| setting.values.windows(2).any(|pair| pair.first() != pair.last()))
            .collect();
        Ok(RunComparison { runs, settings, series })
    }
}

/// The values of a JSON object by their paths. A null is a value that is not set.
fn leaves(value: &Value) -> Vec<(String, Value)> {
    fn walk(path: &str, value: &Value, into: &mut Vec<(String, Value)>) {
        match value {
            Value::Object(entries) if !entries.is_empty() => {
                for (name, value) in entries {
                    if path.is_empty() && IGNORED.contains(&name.as_str()) {
                        continue;
                    }
                    let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                    walk(&path, value, into);
                }
            }
            Value::Null => {}
            other => into.push((path.to_owned(), other.clone())),
        }
    }
    let mut all = Vec::new();
    walk("", value, &mut all);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_null_is_as_if_not_there() {
        let with = serde_json::json!({"a": {"b": 1, "c": null}, "chat": null});
        assert_eq!(leaves(&with), leaves(&serde_json::json!({"a": {"b": 1}})));
    }
}
