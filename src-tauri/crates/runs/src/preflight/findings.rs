//! What trainings and evaluations have to find out before they start.

use std::path::PathBuf;

use configs::{ConfigType, MarkKind, check_settings, parse_config};
use datasets::{Reading, Stamp};
use resources::{Adapter, AdapterType, Config, Dataset, DatasetType, Model, ModelType, Prompt};
use schema::{Choice, ErrorCode, FieldProblem, Result, Row, TableName, lenient};
use serde_json::{Map, Value};
use store::Listed;

use crate::{DatasetSpec, PromptSpec, Runs, Source, Splits};

/// What was found on the way: refusals and things to know, each by its column.
#[derive(Debug, Clone, Default)]
pub struct Found {
    pub problems: Vec<FieldProblem>,
    pub(super) warnings: Vec<FieldProblem>,
}

impl Found {
    pub(super) fn refuse(&mut self, column: &str, message: impl Into<String>) {
        let problem = FieldProblem { column: column.to_owned(), message: message.into() };
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    pub(super) fn warn(&mut self, column: &str, message: impl Into<String>) {
        let warning = FieldProblem { column: column.to_owned(), message: message.into() };
        if !self.warnings.contains(&warning) {
            self.warnings.push(warning);
        }
    }

    /// What an operation refused belongs to a column; other failures go on.
    pub(super) fn or_refuse<T>(&mut self, column: &str, result: Result<T>) -> Result<Option<T>> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(error) if error.code == ErrorCode::Internal => Err(error),
            Err(error) => {
                let hint = error.hint.map(|hint| format!(" {hint}")).unwrap_or_default();
                self.refuse(column, format!("{}{hint}", error.message));
                Ok(None)
            }
        }
    }

    /// The settings of a configuration; none where it is not given or can't be used.
    pub(super) fn settings(
        &mut self,
        column: &str,
        kind: ConfigType,
        text: Option<&str>,
    ) -> Option<Map<String, Value>> {
        let value = match parse_config(Some(kind), text?) {
            Ok(value) => value,
            Err(problem) => {
                self.refuse(column, problem.to_string());
                return None;
            }
        };
        for mark in check_settings(kind, &value) {
            match mark.kind {
                MarkKind::Wrong => self.refuse(column, mark.message),
                MarkKind::Note => self.warn(column, mark.message),
                MarkKind::Unknown => {}
            }
        }
        match value {
            Value::Object(settings) => Some(settings),
            _ => None,
        }
    }
}

/// A dataset as a job uses it.
#[derive(Debug, Clone)]
pub(super) struct UsedDataset {
    pub(super) spec: DatasetSpec,
    /// The names of its columns, if they are known.
    pub(super) columns: Option<Vec<String>>,
    /// Rows to train on and rows that it holds back itself.
    pub(super) train_rows: u64,
    pub(super) held_back_rows: Option<u64>,
    pub(super) bytes: u64,
}

impl Runs {
    /// The dataset of a job, counted.
    pub(super) async fn used_dataset(&self, id: &str, found: &mut Found) -> Result<Option<UsedDataset>> {
        // A reference to nothing is refused with the row.
        let Ok(listed) = self.store.get(TableName::Datasets, id).await else { return Ok(None) };
        let dataset: Dataset = lenient(&listed.row);
        let place = match self.rows_place(&dataset, &listed) {
            Ok(place) => place,
            Err(error) => return found.or_refuse("dataset_id", Err(error)),
        };
        let known = self.store.last_reading(id).await?;
        let memory = self.row_counts.clone();
        let path = place.clone();
        let counted = platform::blocking("counting rows", move || {
            let splits = Splits::of(&path)?;
            let stamp = Stamp::of(&path)?;
            let rows = memory.of(&path, &splits, stamp, known.as_ref())?;
            Ok((splits, stamp, rows))
        });
        let Some((splits, stamp, rows)) = found.or_refuse("dataset_id", counted.await)? else {
            return Ok(None);
        };
        let of = |name: &str| rows.iter().find(|(split, _)| split == name).map(|(_, rows)| *rows);
        let train_rows = of("train").unwrap_or_default();
        if train_rows == 0 {
            found.refuse("dataset_id", format!("'{}' has no rows.", listed.label));
        }
        Ok(Some(UsedDataset {
            held_back_rows: splits.held_back.as_deref().and_then(of),
            train_rows,
            columns: dataset.column_names(),
            bytes: stamp.bytes,
            spec: DatasetSpec { id: id.to_owned(), name: listed.label, path: place.display().to_string() },
        }))
    }

    /// The file or folder with a dataset's rows. One of the hub is taken from the local cache.
    fn rows_place(&self, dataset: &Dataset, listed: &Listed) -> Result<PathBuf> {
        if dataset.r#type.as_ref().and_then(Choice::known) != Some(DatasetType::Huggingface) {
            return Dataset::file_of(&listed.row, &listed.label).map(PathBuf::from);
        }
        let name = dataset.huggingface_name.as_deref().unwrap_or_default();
        self.hub.cached_dataset(name).ok_or_else(|| {
            schema::Error::new(
                ErrorCode::NotFound,
                format!("The rows of '{}' are not on this machine.", listed.label),
            )
            .hint(format!(
                "Fetch them with `hf download --repo-type dataset {name}`, or import a file in its place."
            ))
        })
    }

    /// The prompt of a job, held against the dataset's columns.
    pub(super) async fn used_prompt(
        &self,
        id: &str,
        dataset: Option<&UsedDataset>,
        found: &mut Found,
    ) -> Result<Option<PromptSpec>> {
        let Ok(listed) = self.store.get(TableName::Prompts, id).await else { return Ok(None) };
        let prompt: Prompt = lenient(&listed.row);
        let spec = PromptSpec::of(&prompt);
        let of = dataset.map(|dataset| dataset.spec.id.as_str());
        if let (Some(own), Some(of)) = (&prompt.dataset_id, of)
            && own.as_str() != of
        {
            found.warn("prompt_id", "This prompt was written for another dataset.");
        }
        let columns = dataset.and_then(|dataset| dataset.columns.as_deref());
        for template in spec.templates() {
            for problem in prompts::problems(template, columns) {
                found.refuse("prompt_id", format!("The template can't be filled. {problem}"));
            }
        }
        if spec.templates().next().is_none() {
            found.refuse("prompt_id", "This prompt has no template.");
        }
        Ok(Some(spec))
    }

    /// Where a model is loaded from.
    pub async fn used_model(&self, id: &str, found: &mut Found) -> Result<Option<Source>> {
        let Ok(listed) = self.store.get(TableName::Models, id).await else { return Ok(None) };
        let model: Model = lenient(&listed.row);
        let column = "base_model_id";
        let source = match model.r#type.as_ref().and_then(Choice::known) {
            Some(ModelType::ModelRegistry) => {
                found.refuse(
                    column,
                    "Models of a registry can't be loaded on this machine. Choose a folder or a hub model.",
                );
                None
            }
            Some(ModelType::Huggingface) => {
                let name = model.huggingface_model_name.clone().unwrap_or_default();
                self.on_hub_or_cached(&name, column, found)
            }
            _ => {
                let facts = self.inspector.model(id).await?;
                let there = facts.place.state == weights::PlaceState::There;
                if !there {
                    found.refuse(column, facts.place.message.clone());
                }
                model.location.filter(|_| there)
            }
        };
        Ok(source.map(|source| Source { id: id.to_owned(), name: listed.label, source }))
    }

    /// Where an adapter is loaded from, to be laid over that model.
    pub async fn used_adapter(&self, id: &str, model: &str, found: &mut Found) -> Result<Option<Source>> {
        let Ok(listed) = self.store.get(TableName::Adapters, id).await else { return Ok(None) };
        let adapter: Adapter = lenient(&listed.row);
        let column = "adapter_id";
        if adapter.model_id.as_ref().is_some_and(|own| own.as_str() != model) {
            // In the words of the job's own rule.
            found.refuse(column, "This adapter was trained on another base model.");
        }
        let source = match adapter.r#type.as_ref().and_then(Choice::known) {
            Some(AdapterType::ModelRegistry) => {
                found.refuse(column, "Adapters of a registry can't be loaded on this machine.");
                None
            }
            Some(AdapterType::Huggingface) => {
                let name = adapter.huggingface_name.clone().unwrap_or_default();
                self.on_hub_or_cached(&name, column, found)
            }
            _ => {
                let facts = self.inspector.adapter(id, Some(model)).await?;
                let there = facts.place.state == weights::PlaceState::There;
                if !there {
                    found.refuse(column, format!("'{}': {}", listed.label, facts.place.message));
                }
                for misfit in facts.misfits {
                    found.warn(column, misfit);
                }
                adapter.location.filter(|_| there)
            }
        };
        Ok(source.map(|source| Source { id: id.to_owned(), name: listed.label, source }))
    }

    /// A folder of the local cache; else the name, unless nothing may be fetched.
    fn on_hub_or_cached(&self, name: &str, column: &str, found: &mut Found) -> Option<String> {
        if let Some(folder) = self.hub.cached_model(name) {
            return Some(folder.display().to_string());
        }
        if self.hub.is_offline() {
            let message =
                format!("{name} is not in the local cache, and the program is set to work offline.");
            found.refuse(column, format!("{message} Go online in Settings, or choose a folder."));
            return None;
        }
        found.warn(column, format!("{name} is not in the local cache: it is fetched from the hub first."));
        Some(name.to_owned())
    }

    /// The text of a config that a request names by its id instead.
    pub(super) async fn inline_configs(
        &self,
        fields: &mut Row,
        columns: &[(&str, ConfigType)],
        found: &mut Found,
    ) -> Result<()> {
        for (column, kind) in columns {
            let by_id = format!("{column}_id");
            // On the wire, an empty text says nothing.
            let Some(Value::String(id)) = fields.remove(&by_id).filter(|id| *id != "") else { continue };
            if fields.get(*column).is_some_and(|text| !text.is_null() && *text != "") {
                continue;
            }
            let Some(listed) = found.or_refuse(&by_id, self.store.get(TableName::Configs, &id).await)? else {
                continue;
            };
            let config: Config = lenient(&listed.row);
            if config.r#type.as_ref().and_then(Choice::known) != Some(*kind) {
                found.refuse(&by_id, format!("The config '{}' is of another type.", listed.label));
            }
            fields.insert((*column).to_owned(), config.config.into());
        }
        Ok(())
    }
}
