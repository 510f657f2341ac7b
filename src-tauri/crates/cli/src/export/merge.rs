//! `fts adapter merge`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use studio::{
    exports::{MergePrecision, MergeSettings, Way},
    schema::TableName,
};

use super::{ExportOptions, ExportPlace, export};
use crate::session::{Outcome, Session};

/// Merge an adapter into its base model: a full model folder that other programs load
///
/// The folder is loaded again when it is written, and compared with the base model and the adapter on rows
/// that the adapter was trained on. A merge that differs fails, and nothing is left.
#[derive(Debug, Args)]
pub(crate) struct Merge {
    /// The id of the adapter
    id: String,
    /// The folder to write, which must not exist yet
    #[arg(long, value_name = "FOLDER")]
    to: PathBuf,
    /// The number format of the weights [default: that of the base model]
    #[arg(long)]
    precision: Option<PrecisionName>,
    /// Add the merged model to the models of the workspace
    #[arg(long)]
    register: bool,
    /// The id of the model to merge into [default: the adapter's base model]
    #[arg(long, value_name = "ID")]
    base: Option<String>,
    /// The largest size of a file of weights, in megabytes
    #[arg(long, value_name = "MB", default_value = "5000")]
    shard_size: u64,
    #[command(flatten)]
    options: ExportOptions,
    #[command(flatten)]
    place: ExportPlace,
}

/// A number format by the name that it has in `config.json`.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum PrecisionName {
    Float32,
    Bfloat16,
    Float16,
}

impl Merge {
    pub(crate) async fn run(self, session: &Session) -> Outcome {
        let precision = self.precision.map(|name| match name {
            PrecisionName::Float32 => MergePrecision::Float32,
            PrecisionName::Bfloat16 => MergePrecision::Bfloat16,
            PrecisionName::Float16 => MergePrecision::Float16,
        });
        let way = Way::Merge(MergeSettings {
            precision,
            shard_size: Some(self.shard_size.max(1) * 1_000_000),
            register: self.register,
        });
        export(
            session,
            (TableName::Adapters, self.id),
            self.base,
            Some(self.to),
            self.options,
            self.place,
            way,
        )
        .await
    }
}
