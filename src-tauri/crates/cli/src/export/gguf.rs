//! `fts adapter gguf` and `fts model gguf`.

use std::path::PathBuf;

use clap::Args;
use studio::{
    exports::{GgufOf, GgufSettings, GgufType, Way},
    schema::TableName,
};

use super::{ExportOptions, ExportPlace, export};
use crate::session::{Outcome, Session};

/// What both commands take.
#[derive(Debug, Args)]
pub(crate) struct GgufFile {
    /// The file to write, which must not exist yet and ends in .gguf
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
    /// The number format of the weights: f32, f16, bf16, q8_0, q6_k, q5_k_m, q4_k_m, q3_k_m or q2_k
    #[arg(long = "type", value_name = "TYPE", default_value = "q8_0")]
    kind: GgufType,
    #[command(flatten)]
    options: ExportOptions,
    #[command(flatten)]
    place: ExportPlace,
}

impl GgufFile {
    async fn run(
        self,
        of: GgufOf,
        source: (TableName, String),
        base: Option<String>,
        session: &Session,
    ) -> Outcome {
        let way = Way::Gguf(GgufSettings { r#type: self.kind, of });
        export(session, source, base, Some(self.to), self.options, self.place, way).await
    }
}

/// Write the model merged with an adapter, or the adapter alone, as a GGUF file for llama.cpp
///
/// The file is loaded by llama.cpp when it is written, and its answers are compared with those of the base model
/// and the adapter on rows that the adapter was trained on.
#[derive(Debug, Args)]
pub(crate) struct AdapterGguf {
    /// The id of the adapter
    id: String,
    /// Write the adapter alone, which llama.cpp lays over its base model
    #[arg(long)]
    alone: bool,
    /// The id of the base model [default: the adapter's own]
    #[arg(long, value_name = "ID")]
    base: Option<String>,
    #[command(flatten)]
    file: GgufFile,
}

impl AdapterGguf {
    pub(crate) async fn run(self, session: &Session) -> Outcome {
        let of = if self.alone { GgufOf::Adapter } else { GgufOf::Merged };
        self.file.run(of, (TableName::Adapters, self.id), self.base, session).await
    }
}

/// Write a model as a GGUF file for llama.cpp
///
/// The file is loaded by llama.cpp when it is written, and its answers are compared with the model's.
#[derive(Debug, Args)]
pub(crate) struct ModelGguf {
    /// The id of the model
    id: String,
    #[command(flatten)]
    file: GgufFile,
}

impl ModelGguf {
    pub(crate) async fn run(self, session: &Session) -> Outcome {
        self.file.run(GgufOf::Merged, (TableName::Models, self.id), None, session).await
    }
}
