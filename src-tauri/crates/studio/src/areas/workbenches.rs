//! What goes between this studio and Cloudera AI workbenches.

use std::path::{Path, PathBuf};

use compute::TargetKind;
use exchange::{PushPlan, Registered, RegisteredVersions, RegistryChoice, Sent};
use exports::{EndpointSettings, Way};
use platform::{Work, absolute};
use resources::{Model, ModelType};
use schema::{Error, ErrorCode, Result, TableName, column};
use serde_json::{Map, Value};
use snapshot::Staged;
use store::{Created, Listed, RowKey};
use workbench::Workbench;

use crate::Studio;

/// Use cases with the studios and the registries of workbenches, each of which is a compute target here.
#[derive(Debug, Clone, Copy)]
pub struct Workbenches<'a>(pub(crate) &'a Studio);

impl Workbenches<'_> {
    /// Reads a reference studio in the project of a target and stages its rows, as those of a snapshot. `place` is its
    /// folder in the project, or the path of its database or of a JSON export; `None` looks where one usually is.
    /// Nothing is changed here or there.
    ///
    /// # Errors
    /// The target is no workbench or can't be asked, or there is no studio that can be read.
    pub async fn pull(&self, target: &str, place: Option<&str>, work: &Work) -> Result<Staged> {
        exchange::pull(&self.0.store, &self.client(target).await?, place, work).await
    }

    /// What [`Self::push`] would do.
    ///
    /// # Errors
    /// As of [`Self::pull`].
    pub async fn plan_push(&self, target: &str, place: Option<&str>, work: &Work) -> Result<PushPlan> {
        exchange::plan_push(&self.0.store, &self.client(target).await?, place, work).await
    }

    /// Writes the rows that the studio there does not have to a file beside it, which it imports.
    ///
    /// # Errors
    /// As of [`Self::pull`], and if the plan has problems.
    pub async fn push(&self, target: &str, place: Option<&str>, work: &Work) -> Result<Sent> {
        exchange::push(&self.0.store, &self.client(target).await?, place, work).await
    }

    /// The models of the registry of a target's workbench whose names contain a text.
    ///
    /// # Errors
    /// The target is no workbench or can't be asked.
    pub async fn registered(&self, target: &str, text: &str) -> Result<Vec<Registered>> {
        exchange::search(&self.client(target).await?, text).await
    }

    /// A model of the registry with its versions, by its id or its name there.
    ///
    /// # Errors
    /// The target is no workbench or can't be asked, or there is no such model.
    pub async fn registered_versions(&self, target: &str, id_or_name: &str) -> Result<RegisteredVersions> {
        exchange::versions(&self.client(target).await?, id_or_name).await
    }

    /// Adds a row for a version of a model of the registry. Its files stay there: see [`Self::fetch_registered`].
    ///
    /// # Errors
    /// The target is no workbench or can't be asked, there is no such version, or the row breaks a rule.
    pub async fn add_registered(
        &self,
        target: &str,
        id_or_name: &str,
        choice: &RegistryChoice,
    ) -> Result<Created> {
        let (table, row) = self.registered_versions(target, id_or_name).await?.row(choice)?;
        self.0.rows().create(table, row).await
    }

    /// Fetches the files of a model or an adapter of the registry into a folder, and makes its row one of that folder. The
    /// folder is `to`, else one beside the database.
    ///
    /// # Errors
    /// The row is of no registry, the target is no workbench or can't be asked, or the files are not in reach.
    pub async fn fetch_registered(
        &self,
        target: &str,
        row: &RowKey,
        to: Option<&Path>,
        work: &Work,
    ) -> Result<Listed> {
        let listed = self.0.store.get(row.table, &row.id).await?;
        let text = |column: &str| listed.row.get(column).and_then(Value::as_str).unwrap_or_default();
        let is_registered = matches!(row.table, TableName::Models | TableName::Adapters)
            && text(column!(Model, r#type)) == ModelType::ModelRegistry.into_str();
        if !is_registered {
            let message = format!("'{}' is no model or adapter of a registry.", listed.label);
            return Err(Error::new(ErrorCode::Invalid, message)
                .hint("Only rows of the type model_registry are fetched from one."));
        }
        let versions =
            self.registered_versions(target, text(column!(Model, cml_registered_model_id))).await?;
        let run = text(column!(Model, mlflow_run_id));
        let version = versions.versions.iter().find(|version| version.run == run);
        let version = version.ok_or_else(|| {
            let message =
                format!("The registry has no version of '{}' from its run of MLflow.", listed.label);
            Error::new(ErrorCode::NotFound, message)
                .hint("It may have been deleted there. Add another version of it.")
        })?;
        let to = match to {
            Some(to) => PathBuf::from(absolute(&to.to_string_lossy())),
            None => {
                let above = self.0.path().parent().unwrap_or(Path::new(".")).join("registry");
                above.join(format!("{}-{}", row.id, version.number))
            }
        };
        exchange::fetch_version(&self.client(target).await?, &versions, version, row.table, &to, work)
            .await?;
        let fields = schema::Row::from_iter([
            (column!(Model, r#type).to_owned(), ModelType::Project.into_str().into()),
            (column!(Model, location).to_owned(), to.display().to_string().into()),
        ]);
        self.0.rows().update(row.table, &row.id, fields).await
    }

    /// The answer of the endpoint that an export made to a prompt, with settings of generation for this answer.
    ///
    /// # Errors
    /// The run made no endpoint, or the endpoint can't be asked.
    pub async fn ask(&self, run: &str, prompt: &str, generation: &Map<String, Value>) -> Result<String> {
        let report = self.0.exports().report(run).await?.report;
        let model = report.as_ref().and_then(|report| report.facts.get("model")).and_then(Value::as_str);
        let (Some(model), Way::Endpoint(EndpointSettings { workbench: Some(settings), .. })) =
            (model, &self.0.exports().way(run)?)
        else {
            let message = format!("The run '{run}' made no endpoint.");
            return Err(Error::new(ErrorCode::Invalid, message).hint("Deploy the adapter first."));
        };
        let workbench = Workbench::of_target(settings, self.0.hub.keyring()).await?;
        Ok(workbench.ask_endpoint(model, prompt, generation).await?)
    }

    /// A client of the workbench of a target.
    async fn client(&self, target: &str) -> Result<Workbench> {
        let target = self.0.store.target(target).await?;
        target.refuse_unconfirmed()?;
        if target.settings.kind != TargetKind::Cloudera {
            let message =
                format!("'{}' is no workbench, but a target of kind {}.", target.name, target.settings.kind);
            return Err(Error::new(ErrorCode::Invalid, message)
                .hint("Choose a target of kind cloudera, or add one.")
                .on("target"));
        }
        Workbench::of_target(&target.settings, self.0.hub.keyring()).await
    }
}
