//! `fts adapter register` and `fts model register`.

use clap::Args;
use serde_json::{Map, Value};
use studio::{
    Error, ErrorCode,
    exports::{RegisterSettings, RegistrationSettings, Way},
    schema::TableName,
};

use super::{ExportOptions, ExportPlace, export};
use crate::session::{Outcome, Session};

/// Register an adapter with MLflow, merged into its base model, or in the registry of a Cloudera AI workbench
///
/// The registered model is loaded from the registry again and asked: its logits and answers must be those of
/// the model. The address of the version, such as models:/labels/1, is then in the adapter's row.
///
/// With a workbench as its target, a job there loads the base model from the Hub, merges the adapter into it and
/// registers it in the registry there. It takes no --uri and no --description.
#[derive(Debug, Args)]
pub(crate) struct RegisterAdapter {
    /// The id of the adapter
    id: String,
    /// The id of the model to merge into [default: the adapter's base model]
    #[arg(long, value_name = "ID")]
    base: Option<String>,
    #[command(flatten)]
    registration: Registration,
}

/// Register a model with MLflow
///
/// The registered model is loaded from the registry again and asked: its logits and answers must be those of
/// the model. The address of the version, such as models:/labels/1, is then in the model's row.
#[derive(Debug, Args)]
pub(crate) struct RegisterModel {
    /// The id of the model
    id: String,
    #[command(flatten)]
    registration: Registration,
}

/// What registering takes.
#[derive(Debug, Args)]
struct Registration {
    /// The name of the registered model, of which this becomes the next version
    #[arg(long)]
    name: String,
    /// The address of the tracking server [default: where runs log their measurements]
    #[arg(long)]
    uri: Option<String>,
    /// What the version is, for people
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// The generation settings that it answers with, as JSON
    #[arg(long, value_name = "JSON")]
    generation: Option<String>,
    /// Print the plan as JSON and write nothing; exit code 1 if the export can't start
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    place: ExportPlace,
}

impl RegisterAdapter {
    pub(crate) async fn run(self, session: &Session) -> Outcome {
        self.registration.run(session, (TableName::Adapters, self.id), self.base).await
    }
}

impl RegisterModel {
    pub(crate) async fn run(self, session: &Session) -> Outcome {
        self.registration.run(session, (TableName::Models, self.id), None).await
    }
}

impl Registration {
    async fn run(self, session: &Session, source: (TableName, String), base: Option<String>) -> Outcome {
        let generation = match &self.generation {
            Some(text) => object(text)?,
            None => Map::new(),
        };
        let name = self.name.clone();
        let mut place = self.place;
        let way = match place.workbench(session).await? {
            Some(target) => {
                refuse_of_mlflow("--uri", self.uri.as_deref())?;
                refuse_of_mlflow("--description", self.description.as_deref())?;
                place = ExportPlace::default();
                let (base_model, workbench) = (None, None);
                Way::Registration(RegistrationSettings { target, name, generation, base_model, workbench })
            }
            None => Way::Mlflow(RegisterSettings {
                uri: self.uri,
                name,
                description: self.description,
                generation,
            }),
        };
        let options = ExportOptions { name: Some(self.name), dry_run: self.dry_run };
        export(session, source, base, None, options, place, way).await
    }
}

/// Refuses an option that the registry of a workbench has no place for.
fn refuse_of_mlflow(option: &str, value: Option<&str>) -> Result<(), Error> {
    if value.is_none() {
        return Ok(());
    }
    let message =
        format!("{option} is of MLflow, and the target is a workbench, which has a registry of its own.");
    Err(Error::new(ErrorCode::Invalid, message).hint(format!("Leave {option} out.")))
}

pub(crate) fn object(text: &str) -> Result<Map<String, Value>, Error> {
    serde_json::from_str(text).map_err(|error| {
        Error::new(ErrorCode::Invalid, format!("The generation settings are no JSON object: {error}."))
            .hint("Write them like {\"max_new_tokens\": 60}.")
    })
}
