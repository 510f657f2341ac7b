//! Which runs use a model, an adapter or a dataset that lies in a folder.

use std::path::Path;

use schema::Result;
use serde_json::Value;
use store::Run;

use crate::{needed::Needed, runs::Runs};

impl Runs {
    /// The live runs, queued ones included, whose frozen job names a source, by its Hub name or by a path in its
    /// folder, or that fetch it before they begin.
    pub async fn live_runs_of(&self, hub_name: &str, folder: &Path) -> Result<Vec<Run>> {
        let mut users = self.store.live_runs().await?;
        users.retain(|run| {
            // The fields of every kind of job have the same names, so the text is read and no type.
            let job = std::fs::read(self.folder(&run.id).job()).ok();
            let job: Option<Value> = job.and_then(|text| serde_json::from_slice(&text).ok());
            let needed = Needed::read(&self.folder(&run.id)).ok().flatten();
            job.is_some_and(|job| names_source(&job, hub_name, folder))
                || needed.is_some_and(|needed| needed.fetches.iter().any(|fetch| fetch.name == hub_name))
        });
        Ok(users)
    }
}

fn names_source(value: &Value, hub_name: &str, folder: &Path) -> bool {
    match value {
        Value::Object(fields) => fields.iter().any(|(name, value)| match value {
            Value::String(text) if matches!(name.as_str(), "source" | "path") => {
                text == hub_name || Path::new(text).starts_with(folder)
            }
            other => names_source(other, hub_name, folder),
        }),
        Value::Array(values) => values.iter().any(|value| names_source(value, hub_name, folder)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_source_is_named_by_its_name_or_by_a_path_below_its_folder() {
        let folder = Path::new("/cache/models--acme--tiny");
        let uses = |job: Value| names_source(&job, "acme/tiny", folder);
        assert!(uses(json!({"model": {"id": "1", "name": "T", "source": "acme/tiny"}})));
        assert!(uses(
            json!({"combinations": [{"model": {"source": "/cache/models--acme--tiny/snapshots/0"}}]})
        ));
        assert!(uses(json!({"dataset": {"path": "/cache/models--acme--tiny"}})));
        assert!(!uses(json!({"name": "acme/tiny", "model": {"name": "acme/tiny", "source": "acme/tiny-2"}})));
        assert!(!uses(json!({"model": {"source": "/cache/models--acme--tiny-2/snapshots/0"}})));
    }
}
