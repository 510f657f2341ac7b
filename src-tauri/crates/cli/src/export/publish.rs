//! `fts adapter publish`, `fts model publish` and `fts dataset publish`.

use std::path::PathBuf;

use clap::Args;
use studio::{
    Error,
    exports::{ExportRequest, PlannedPublication, PublishSettings, Published, Way},
    platform::disk::format_bytes,
    schema::TableName,
    store::RowKey,
};

use super::{ExportOptions, ExportPlace, export};
use crate::{
    output::print,
    session::{DONE, Outcome, Session},
};

/// Publish an adapter on the Hugging Face Hub, or the model that it is merged into
///
/// The files are listed and looked through before anything is sent: a token, a path or a user name of this
/// machine in one of them stops it. The repository is made if it is not there, and only its owners see it
/// unless --public is given. An upload that broke off goes on when it is started again.
#[derive(Debug, Args)]
pub(crate) struct PublishAdapter {
    /// The id of the adapter
    id: String,
    /// Merge the adapter into its base model, and publish that
    #[arg(long)]
    merged: bool,
    /// The id of the model to merge into [default: the adapter's base model]
    #[arg(long, value_name = "ID")]
    base: Option<String>,
    /// The name of the base model on the Hub, where its row has none
    #[arg(long, value_name = "NAME")]
    base_model: Option<String>,
    #[command(flatten)]
    publication: Publication,
}

/// Publish a model on the Hugging Face Hub
///
/// The files are listed and looked through before anything is sent: a token, a path or a user name of this
/// machine in one of them stops it. The repository is made if it is not there, and only its owners see it
/// unless --public is given. An upload that broke off goes on when it is started again.
#[derive(Debug, Args)]
pub(crate) struct PublishModel {
    /// The id of the model
    id: String,
    /// The name of the model on the Hub that it was made from
    #[arg(long, value_name = "NAME")]
    base_model: Option<String>,
    #[command(flatten)]
    publication: Publication,
}

/// Publish a dataset on the Hugging Face Hub
///
/// The files are listed and looked through before anything is sent: a token, a path or a user name of this
/// machine in one of them stops it. The repository is made if it is not there, and only its owners see it
/// unless --public is given. An upload that broke off goes on when it is started again.
#[derive(Debug, Args)]
pub(crate) struct PublishDataset {
    /// The id of the dataset
    id: String,
    #[command(flatten)]
    publication: Publication,
}

/// What publishing takes, whatever is published.
#[derive(Debug, Args)]
struct Publication {
    /// The repository, which is made if it is not there
    #[arg(long, value_name = "ORG/NAME")]
    repository: String,
    /// Let everyone see it
    #[arg(long)]
    public: bool,
    /// The branch
    #[arg(long, value_name = "NAME", default_value = "main")]
    revision: String,
    /// A file with the card, instead of the one that is made of the rows
    #[arg(long, value_name = "FILE")]
    card: Option<PathBuf>,
    /// Print the card that is made of the rows, and publish nothing
    #[arg(long)]
    print_card: bool,
    /// The message of the commit
    #[arg(long, value_name = "TEXT")]
    message: Option<String>,
    #[command(flatten)]
    options: ExportOptions,
}

impl PublishAdapter {
    pub(crate) async fn run(self, session: &Session) -> Outcome {
        let what = if self.merged { Published::Merged } else { Published::Adapter };
        let source = (TableName::Adapters, self.id);
        self.publication.run(session, source, what, self.base, self.base_model).await
    }
}

impl PublishModel {
    pub(crate) async fn run(self, session: &Session) -> Outcome {
        let source = (TableName::Models, self.id);
        self.publication.run(session, source, Published::Model, None, self.base_model).await
    }
}

impl PublishDataset {
    pub(crate) async fn run(self, session: &Session) -> Outcome {
        self.publication.run(session, (TableName::Datasets, self.id), Published::Dataset, None, None).await
    }
}

impl Publication {
    async fn run(
        self,
        session: &Session,
        source: (TableName, String),
        what: Published,
        base: Option<String>,
        base_model: Option<String>,
    ) -> Outcome {
        let card = match &self.card {
            Some(path) => {
                Some(std::fs::read_to_string(path).map_err(|error| Error::file("read", path, &error))?)
            }
            None => None,
        };
        let way = Way::Publish(PublishSettings {
            repository: self.repository,
            private: !self.public,
            revision: self.revision,
            what,
            card,
            message: self.message,
            base_model,
        });
        if self.print_card {
            let source = RowKey { table: source.0, id: source.1 };
            let request =
                ExportRequest { source, base, name: self.options.name, to: None, target: None, way };
            let plan = session.studio().await?.exports().plan(&request).await?;
            match plan.publication {
                Some(publication) => print(publication.card.trim_end()),
                None => return Err(Error::invalid(plan.problems).into()),
            }
            return DONE;
        }
        export(session, source, base, None, self.options, ExportPlace::default(), way).await
    }
}

/// What is sent, before it is.
pub(super) fn print_files(publication: &PlannedPublication) {
    for file in &publication.files {
        let rewritten = file.rewritten.as_deref().map(|how| format!(" ({how})")).unwrap_or_default();
        print(&format!("sends {}, {}{rewritten}", file.path, format_bytes(file.bytes)));
    }
    if !publication.left_out.is_empty() {
        print(&format!("does not send {}", publication.left_out.join(", ")));
    }
}
