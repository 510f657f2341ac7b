//! `fts registry`: the registry of models of a Cloudera AI workbench.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use studio::{
    exchange::{Registered, RegisteredVersions, RegistryChoice},
    schema::TableName,
    store::RowKey,
};

use crate::{
    output::{print, print_facts, print_table},
    progress::watched,
    session::{DONE, Outcome, Session},
};

#[derive(Debug, Subcommand)]
pub(crate) enum RegistryCommand {
    /// List the models of the registry whose names contain a text
    Search {
        /// A part of the name [default: all]
        #[arg(default_value = "", hide_default_value = true)]
        text: String,
        #[command(flatten)]
        target: Target,
    },
    /// Show a model of the registry with its versions
    Show {
        /// Its id or its name in the registry
        model: String,
        #[command(flatten)]
        target: Target,
    },
    Add(Add),
    Fetch(Fetch),
}

#[derive(Debug, Args)]
pub(crate) struct Target {
    /// The name or id of the target, of kind cloudera
    #[arg(long, value_name = "NAME")]
    target: String,
}

/// Add a model or an adapter of the registry to the workspace; its files stay there
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  fts registry add Tickets --target bench\n  \
                        fts registry add Tickets --number 2 --base ID --target bench")]
pub(crate) struct Add {
    /// Its id or its name in the registry
    model: String,
    #[command(flatten)]
    target: Target,
    /// The number of the version [default: the newest]
    #[arg(long)]
    number: Option<u32>,
    /// Add it as an adapter of the model with this id
    #[arg(long, value_name = "ID")]
    base: Option<String>,
    /// What it is called here [default: its name in the registry]
    #[arg(long)]
    name: Option<String>,
}

/// Fetch the files of a model or an adapter that was added from the registry
///
/// They are those that its run of MLflow logged in its project. Its row becomes one of the folder.
#[derive(Debug, Args)]
pub(crate) struct Fetch {
    /// Whether the id is that of a model or of an adapter
    kind: Kind,
    /// The id of its row
    id: String,
    #[command(flatten)]
    target: Target,
    /// The folder to write, which must not exist yet [default: one beside the database]
    #[arg(long, value_name = "FOLDER")]
    to: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Kind {
    Model,
    Adapter,
}

impl RegistryCommand {
    pub(crate) async fn run(self, session: &Session) -> Outcome {
        let output = &session.output;
        let workbenches = session.studio().await?.workbenches();
        match self {
            Self::Search { text, target } => {
                let found = workbenches.registered(&target.target, &text).await?;
                let row = |model: &Registered| {
                    let versions = model.versions.to_string();
                    vec![model.name.clone(), versions, model.updated_at.clone(), model.id.clone()]
                };
                output.table(&found, ["name", "versions", "changed", "id"], found.iter().map(row));
            }
            Self::Show { model, target } => {
                let found = workbenches.registered_versions(&target.target, &model).await?;
                if !output.json(&found) {
                    print_versions(found);
                }
            }
            Self::Add(Add { model, target, number, base, name }) => {
                let table = if base.is_some() { TableName::Adapters } else { TableName::Models };
                let choice = RegistryChoice { version: number, name, base };
                let created = workbenches.add_registered(&target.target, &model, &choice).await?;
                output.created(table, &created);
            }
            Self::Fetch(Fetch { kind, id, target, to }) => {
                let table = match kind {
                    Kind::Model => TableName::Models,
                    Kind::Adapter => TableName::Adapters,
                };
                let (row, work) = (RowKey { table, id }, watched(output));
                let fetched =
                    workbenches.fetch_registered(&target.target, &row, to.as_deref(), &work).await?;
                output.row(table, &fetched);
            }
        }
        DONE
    }
}

fn print_versions(found: RegisteredVersions) {
    let RegisteredVersions { model, versions } = found;
    print_facts(vec![
        ("Name", Some(model.name)),
        ("Id", Some(model.id)),
        ("Description", Some(model.description)),
        ("Changed", Some(model.updated_at)),
    ]);
    if versions.is_empty() {
        return print("It has no versions.");
    }
    let rows = versions.into_iter().map(|version| {
        let tags: Vec<_> = version.tags.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let number = version.number.to_string();
        vec![number, version.status, tags.join(", "), version.created_at, version.run, version.notes]
    });
    print_table(["version", "status", "tags", "made", "MLflow run", "notes"], rows);
}
