//! The results of a run there, and their places here.

use std::{
    fs::{self, File},
    io::{self, BufRead as _, BufReader},
    path::{Path, PathBuf},
};

use platform::AtomicFile;
use run_folder::{
    export::ExportSpec,
    spec::{Spec, Task},
};
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

/// What an export writes to that place here.
pub(super) fn of_export(to: &Path) -> String {
    format!("output/{}", to.file_name().unwrap_or_default().to_string_lossy())
}

/// The folder or the file of a result of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ResultPlace {
    /// Its place in the run's folder there.
    pub(super) there: String,
    /// Its place here.
    pub(super) here: PathBuf,
    /// The Hub name or the folder here of the model that it was made from, where the result names that.
    base: Option<String>,
    /// Whether it is in the run's folder here, so that what lies there is of an earlier attempt and is replaced.
    /// A person names other places.
    pub(super) is_own: bool,
}

impl ResultPlace {
    /// The results that a training or an evaluation may have, where they belong on this machine. `folder` is the run's
    /// here.
    pub(super) fn of_run(spec: &Spec, folder: &Path) -> Vec<Self> {
        let place = |there: String, here: &str, base: Option<&str>| Self {
            there,
            here: PathBuf::from(here),
            base: base.map(str::to_owned),
            is_own: Path::new(here).starts_with(folder),
        };
        match &spec.task {
            Task::Training(training) => {
                let (base, output) = (Some(training.model.source.as_str()), &training.output);
                let adapter = place(ADAPTER.to_owned(), &output.adapter, base);
                let model = output.model.as_ref().map(|model| place(MODEL.to_owned(), model, base));
                [adapter].into_iter().chain(model).collect()
            }
            Task::Evaluation(evaluation) => {
                let all = evaluation.combinations.iter();
                all.map(|one| place(of_job(&one.job), &one.folder, None)).collect()
            }
        }
    }

    /// The result of an export; none where it writes nothing here.
    pub(super) fn of_export(export: &ExportSpec) -> Option<Self> {
        let here = PathBuf::from(export.to.as_deref()?);
        Some(Self { there: of_export(&here), here, base: None, is_own: false })
    }

    /// Where it lies beside its place until it is complete.
    pub(super) fn staging(&self, run: &str) -> PathBuf {
        let name = self.here.file_name().unwrap_or_default().to_string_lossy();
        self.here.with_file_name(format!(".{name}.{run}"))
    }

    /// Refuses a place that holds what is not of this run.
    pub(super) fn check_free(&self) -> Result<()> {
        if self.is_free() {
            return Ok(());
        }
        let message =
            format!("'{}', where the result is to be saved, already holds something.", self.here.display());
        Err(Error::new(ErrorCode::Conflict, message).hint("Move what is there away."))
    }

    fn is_free(&self) -> bool {
        !self.here.exists() || fs::read_dir(&self.here).is_ok_and(|mut entries| entries.next().is_none())
    }

    /// Puts what lies complete in `staging` into its place, with the model's place here in what names it.
    ///
    /// # Errors
    /// With the code `Conflict`, a place that a person named holds something else by now.
    pub(super) fn put_in_place(&self, staging: &Path) -> Result<()> {
        if let Some(base) = &self.base {
            name_base(staging, base)?;
        }
        let failed = |error: io::Error| Error::file("write", &self.here, &error);
        if self.is_own && self.here.exists() {
            fs::remove_dir_all(&self.here).map_err(failed)?;
        } else if !self.is_free() {
            // An interrupted fetch may have come as far as this.
            if !are_same(staging, &self.here).map_err(failed)? {
                return self.check_free();
            }
            return if staging.is_dir() { fs::remove_dir_all(staging) } else { fs::remove_file(staging) }
                .map_err(failed);
        }
        fs::rename(staging, &self.here).map_err(failed)
    }
}

/// Whether two files, or all files of two folders, have the same names and bytes.
fn are_same(one: &Path, other: &Path) -> io::Result<bool> {
    if one.is_dir() != other.is_dir() || !other.exists() {
        return Ok(false);
    }
    if one.is_dir() {
        let entries: Vec<_> = fs::read_dir(one)?.collect::<io::Result<_>>()?;
        if fs::read_dir(other)?.count() != entries.len() {
            return Ok(false);
        }
        for entry in entries {
            if !are_same(&entry.path(), &other.join(entry.file_name()))? {
                return Ok(false);
            }
        }
        return Ok(true);
    }
    let (mut one, mut other) = (BufReader::new(File::open(one)?), BufReader::new(File::open(other)?));
    loop {
        let (some, others) = (one.fill_buf()?, other.fill_buf()?);
        let length = some.len().min(others.len());
        if length == 0 {
            return Ok(some.len() == others.len());
        }
        if some.get(..length) != others.get(..length) {
            return Ok(false);
        }
        one.consume(length);
        other.consume(length);
    }
}

/// Replaces the base model's place there, which means nothing here, in the files of a result.
fn name_base(folder: &Path, base: &str) -> Result<()> {
    let mut there = None;
    for (name, field) in
        [("adapter_config.json", "base_model_name_or_path"), ("config.json", "_name_or_path")]
    {
        let path = folder.join(name);
        let Ok(text) = fs::read(&path) else { continue };
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
    if let (Some(there), Ok(text)) = (there.filter(|there| there.contains('/')), fs::read_to_string(&card))
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
        fs::create_dir(&staging).unwrap();
        let config = r#"{"peft_type": "LORA", "base_model_name_or_path": "../../models/1f"}"#;
        fs::write(staging.join("adapter_config.json"), config).unwrap();
        fs::write(staging.join("README.md"), "base_model: ../../models/1f\n").unwrap();
        let here = place.path().join("adapter");
        let result = ResultPlace {
            there: ADAPTER.to_owned(),
            here: here.clone(),
            base: Some("acme/tiny".to_owned()),
            is_own: true,
        };
        result.check_free().unwrap();
        result.put_in_place(&staging).unwrap();
        let config: Value =
            serde_json::from_slice(&fs::read(here.join("adapter_config.json")).unwrap()).unwrap();
        assert_eq!(config["base_model_name_or_path"], "acme/tiny");
        assert_eq!(config["peft_type"], "LORA");
        assert_eq!(fs::read_to_string(here.join("README.md")).unwrap(), "base_model: acme/tiny\n");
        assert!(!staging.exists());
        assert_eq!(result.check_free().unwrap_err().code, ErrorCode::Conflict);
    }

    #[test]
    fn what_a_person_put_in_the_place_of_an_export_stays() {
        let place = tempfile::tempdir().unwrap();
        let (staging, here) = (place.path().join(".merged.run"), place.path().join("merged"));
        let result =
            ResultPlace { there: "output/merged".to_owned(), here: here.clone(), base: None, is_own: false };
        let stage = |text: &str| {
            fs::create_dir_all(staging.join("inner")).unwrap();
            fs::write(staging.join("inner/file"), text).unwrap();
        };
        // An empty folder is free.
        fs::create_dir(&here).unwrap();
        stage("weights");
        result.put_in_place(&staging).unwrap();
        // The same once more, as after a crash.
        stage("weights");
        result.put_in_place(&staging).unwrap();
        assert!(!staging.exists());
        for other in ["Weights", "weights and more", ""] {
            stage(other);
            assert_eq!(result.put_in_place(&staging).unwrap_err().code, ErrorCode::Conflict);
        }
        assert_eq!(fs::read_to_string(here.join("inner/file")).unwrap(), "weights");
        fs::write(here.join("another"), "").unwrap();
        stage("weights");
        assert_eq!(result.put_in_place(&staging).unwrap_err().code, ErrorCode::Conflict);
    }
}
