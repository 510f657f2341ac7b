//! `fts adapter`: the rows of the table of adapters, and folders of adapters.

use clap::Subcommand;
use studio::schema::TableName;

use crate::{
    export::{AdapterGguf, AdapterOllama, Deploy, Merge, PublishAdapter, RegisterAdapter},
    inspect::Inspect,
    rows::RowCommand,
    session::{Outcome, Session},
};

#[derive(Debug, Subcommand)]
pub(crate) enum AdapterCommand {
    Inspect(Inspect),
    Merge(Merge),
    Publish(PublishAdapter),
    Register(RegisterAdapter),
    Gguf(AdapterGguf),
    Ollama(AdapterOllama),
    Deploy(Deploy),
    #[command(flatten)]
    Rows(RowCommand),
}

impl AdapterCommand {
    pub(crate) async fn run(self, session: &Session) -> Outcome {
        match self {
            Self::Inspect(inspect) => inspect.run(session).await,
            Self::Merge(merge) => merge.run(session).await,
            Self::Publish(publish) => publish.run(session).await,
            Self::Register(register) => register.run(session).await,
            Self::Gguf(gguf) => gguf.run(session).await,
            Self::Ollama(ollama) => ollama.run(session).await,
            Self::Deploy(deploy) => deploy.run(session).await,
            Self::Rows(command) => command.run(TableName::Adapters, session).await,
        }
    }
}
