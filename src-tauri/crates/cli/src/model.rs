//! `fts model`: the rows of the table of models, and folders of models.

use clap::Subcommand;
use studio::schema::TableName;

use crate::{
    export::{ModelGguf, ModelOllama, PublishModel, RegisterModel},
    inspect::Inspect,
    rows::RowCommand,
    session::{Outcome, Session},
};

#[derive(Debug, Subcommand)]
pub(crate) enum ModelCommand {
    Inspect(Inspect),
    Publish(PublishModel),
    Register(RegisterModel),
    Gguf(ModelGguf),
    Ollama(ModelOllama),
    #[command(flatten)]
    Rows(RowCommand),
}

impl ModelCommand {
    pub(crate) async fn run(self, session: &Session) -> Outcome {
        match self {
            Self::Inspect(inspect) => inspect.run(session).await,
            Self::Publish(publish) => publish.run(session).await,
            Self::Register(register) => register.run(session).await,
            Self::Gguf(gguf) => gguf.run(session).await,
            Self::Ollama(ollama) => ollama.run(session).await,
            Self::Rows(command) => command.run(TableName::Models, session).await,
        }
    }
}
