//! The results of a run there, and their places here.

use std::path::{Path, PathBuf};

use platform::AtomicFile;
use run_folder::spec::{Spec, Task};
use schema::{Error, ErrorCode, Result};
use serde_json::Value;

/// The adapter, in the run's folder there.
pub(super) const ADAPTER: &str = "output/adapter";
/// The model, where the whole of it is trained.
pub(super) const MODEL: &str = "output/model";
/// The checkpoints.
pub(super) const CHECKPOINTS: &str = "output/checkpoints";

/// The results of an evaluation job.
pub(super) fn of_job(job: &str) -> String {
    format!("output/{job}")
}

/// The folder of a result of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ResultFolder {
    /// Its folder in the run's folder there.
    pub(super) there: String,
    /// Its folder here.
    pub(super) here: PathBuf,
    /// The Hub name or the folder here of the model that it was made from.
    base: Option<String>,
}

impl ResultFolder {
    /// The results that a job may have, where they belong on this machine.
    pub(super) fn from_spec(spec: &Spec) -> Vec<Self> {
        match &spec.task {
            Task::Training(training) => {
                let base = Some(training.model.source.clone());
                let here = PathBuf::from(&training.output.adapter);
                let adapter = Self { there: ADAPTER.to_owned(), here, base: base.clone() };
                let model = training.output.model.as_ref().map(|model| Self {
                    there: MODEL.to_owned(),
                    here: PathBuf::from(model),
                    base,
                });
                [adapter].into_iter().chain(model).collect()
            }
            Task::Evaluation(evaluation) => evaluation
                .combinations
                .iter()
                .map(|one| Self { there: of_job(&one.job), here: PathBuf::from(&one.folder), base: None })
                .collect(),
        }
    }

    /// The folder beside its place in which it lies until it is complete.
    pub(super) fn staging(&self, run: &str) -> PathBuf {
        let name = self.here.file_name().unwrap_or_default().to_string_lossy();
        self.here.with_file_name(format!(".{name}.{run}"))
    }

    /// Refuses a place that holds what is not of this run.
    pub(super) fn check_free(&self) -> Result<()> {
        let is_free = !self.here.exists()
            || std::fs::read_dir(&self.here).is_ok_and(|mut entries| entries.next().is_none());
        if is_free {
            return Ok(());
        }
        let message =
            format!("'{}', where the result is to be saved, already holds something.", self.here.display());
        Err(Error::new(ErrorCode::Conflict, message).hint("Move what is there away."))
    }

    /// Puts what lies complete in `staging` into its place, with the model's place here in what names it.
    pub(super) fn put_in_place(&self, staging: &Path) -> Result<()> {
        if let Some(base) = &self.base {
            name_base(staging, base)?;
        }
        let failed = |error: std::io::Error| Error::file("write", &self.here, &error);
        if self.here.exists() {
            std::fs::remove_dir_all(&self.here).map_err(failed)?;
        }
        std::fs::rename(staging, &self.here).map_err(failed)
    }
}

/// Replaces the base model's place there, which means nothing here, in the files of a result.
fn name_base(folder: &Path, base: &str) -> Result<()> {
    let mut there = None;
    for (name, field) in
        [("adapter_config.json", "base_model_name_or_path"), ("config.json", "_name_or_path")]
    {
        let path = folder.join(name);
        let Ok(text) = std::fs::read(&path) else { continue };
        let Ok(mut config) = serde_json::from_slice::<Value>(&text) else { continue };
        let Some(known) = config.get_mut(field).filter(|known| known.as_str() != Some(base)) else {
            continue;
        };
        there = there.or_else(|| known.as_str().map(str::to_owned));
        *known = base.into();
        let text = serde_json::to_vec_pretty(&config)
            .map_err(|error| Error::internal("writing where a model is", &error))?;
        AtomicFile::write_all(&path, &text)?;
    }
    // The card names it too.
    let card = folder.join("README.md");
    if let (Some(there), Ok(text)) =
        (there.filter(|there| there.contains('/')), std::fs::read_to_string(&card))
        && there != base
        && text.contains(&there)
    {
        AtomicFile::write_all(&card, text.replace(&there, base).as_bytes())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_of_the_base_model_there_does_not_stay() {
        let place = tempfile::tempdir().unwrap();
        let staging = place.path().join(".adapter.run");
        std::fs::create_dir(&staging).unwrap();
        let config = r#"{"peft_type": "LORA", "base_model_name_or_path": "../../models/1f"}"#;
        std::fs::write(staging.join("adapter_config.json"), config).unwrap();
        std::fs::write(staging.join("README.md"), "base_model: ../../models/1f\n").unwrap();
        let here = place.path().join("adapter");
        let result = ResultFolder {
            there: ADAPTER.to_owned(),
            here: here.clone(),
            base: Some("acme/tiny".to_owned()),
        };
        result.check_free().unwrap();
        result.put_in_place(&staging).unwrap();
        let config: Value =
            serde_json::from_slice(&std::fs::read(here.join("adapter_config.json")).unwrap()).unwrap();
        assert_eq!(config["base_model_name_or_path"], "acme/tiny");
        assert_eq!(config["peft_type"], "LORA");
        assert_eq!(std::fs::read_to_string(here.join("README.md")).unwrap(), "base_model: acme/tiny\n");
        assert!(!staging.exists());
        assert_eq!(result.check_free().unwrap_err().code, ErrorCode::Conflict);
    }
}
