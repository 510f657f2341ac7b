//! `fts adapter deploy`.

use clap::Args;
use serde_json::Map;
use studio::{
    exports::{EndpointSettings, Way},
    schema::TableName,
};

use super::{ExportOptions, ExportPlace, export, register::object};
use crate::session::{Outcome, Session};

/// Deploy an adapter with its base model as an endpoint of a Cloudera AI workbench
///
/// The adapter is sent to the project of the target, where a model is made, built and deployed; this command follows it
/// until it serves. The base model has to be one of the Hub. The runtime, processors, memory and GPUs are those of the
/// target; the runtime needs torch, transformers, peft and bitsandbytes, or a cdsw-build.sh in the project that installs
/// them. `fts workbench ask` asks it.
#[derive(Debug, Args)]
pub(crate) struct Deploy {
    /// The id of the adapter
    id: String,
    /// The name or id of the target, of kind cloudera
    #[arg(long, value_name = "NAME")]
    target: String,
    /// The name of the model there, which no other one has
    #[arg(long)]
    name: String,
    /// What it is, for people
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// The generation settings that it answers with, as JSON
    #[arg(long, value_name = "JSON")]
    generation: Option<String>,
    /// Let everyone ask it who has its access key, without a key of the workbench
    #[arg(long)]
    open: bool,
    /// The id of the base model [default: the adapter's own]
    #[arg(long, value_name = "ID")]
    base: Option<String>,
    /// Print the plan as JSON and make nothing; exit code 1 if the export can't start
    #[arg(long)]
    dry_run: bool,
}

impl Deploy {
    pub(crate) async fn run(self, session: &Session) -> Outcome {
        let generation = match &self.generation {
            Some(text) => object(text)?,
            None => Map::new(),
        };
        let way = Way::Endpoint(EndpointSettings {
            target: self.target,
            name: self.name.clone(),
            description: self.description,
            generation,
            open: self.open,
            base_model: None,
            workbench: None,
        });
        let options = ExportOptions { name: Some(self.name), dry_run: self.dry_run };
        export(session, (TableName::Adapters, self.id), self.base, None, options, ExportPlace::default(), way)
            .await
    }
}
