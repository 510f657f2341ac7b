//! `fts hub`: the Hugging Face Hub and its local cache. `fts verify`: rows whose source is the Hub.

mod remove;
mod search;
mod splits;

use clap::{Args, Subcommand};
use studio::{
    HubCache,
    hub::{CachedState, HubFacts, HubKind, HubSplit},
    schema::{TableName, TextEnum as _},
};

use crate::{
    output::{Output, number, precisions, print, print_facts, print_table, yes_or_no},
    session::{DONE, Outcome, Session},
    transfers::{Fetch, TransfersCommand},
    values::choice,
};

#[derive(Debug, Subcommand)]
pub(crate) enum HubCommand {
    Search(search::Search),
    Info(Info),
    Splits(splits::Splits),
    Cache(Cache),
    Fetch(Fetch),
    Remove(remove::Remove),
    /// List transfers from the Hugging Face Hub; pause, resume and cancel them
    #[command(after_help = "Without a command, the transfers are listed.")]
    Transfers {
        #[command(subcommand)]
        command: Option<TransfersCommand>,
    },
}

/// Look up a name on the Hugging Face Hub
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  fts hub info model HuggingFaceTB/SmolLM2-135M")]
pub(crate) struct Info {
    /// What the name is of
    #[arg(value_parser = choice::<HubKind>())]
    kind: HubKind,
    /// The name, as organization/name
    name: String,
}

/// List the local cache of the Hugging Face Hub
#[derive(Debug, Args)]
pub(crate) struct Cache {}

/// Look up a row's name on the Hugging Face Hub, and fill in the columns of a dataset
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// The table
    #[arg(value_parser = choice::<TableName>(), hide_possible_values = true)]
    table: TableName,
    /// The id of the row
    id: String,
}

impl HubCommand {
    pub(crate) async fn run(self, session: &Session) -> Outcome {
        let (studio, output) = (session.studio().await?, &session.output);
        match self {
            Self::Search(search) => return search.run(session).await,
            Self::Splits(splits) => return splits.run(session).await,
            Self::Remove(remove) => return remove.run(session).await,
            Self::Info(Info { kind, name }) => {
                print_repository(output, &studio.hub_rows().ask(kind, &name).await?.into_facts()?);
            }
            Self::Fetch(fetch) => return fetch.run(session).await,
            Self::Transfers { command } => return command.unwrap_or_default().run(session).await,
            Self::Cache(Cache {}) => print_cache(output, &studio.hub_rows().cache().await?),
        }
        DONE
    }
}

impl Verify {
    pub(crate) async fn run(self, session: &Session) -> Outcome {
        let verified = session.studio().await?.hub_rows().verify(self.table, &self.id).await?;
        print_repository(&session.output, &verified.into_facts()?);
        DONE
    }
}

fn print_repository(output: &Output, known: &HubFacts) {
    if output.json(known) {
        return;
    }
    let split = |split: &HubSplit| match split.rows {
        Some(rows) => format!("{} ({rows} rows)", split.name),
        None => split.name.clone(),
    };
    print_facts(vec![
        ("Name", Some(known.name.clone())),
        ("Architecture", Some(known.architectures.join(", "))),
        ("Parameters", number(known.parameters)),
        ("Precision", Some(precisions(&known.precisions))),
        ("Columns", known.columns.as_ref().map(|columns| columns.join(", "))),
        ("Splits", Some(known.splits.iter().map(split).collect::<Vec<_>>().join(", "))),
        ("Bytes", number(known.bytes)),
        ("Gated", Some(yes_or_no(known.gated))),
        ("License", known.license.clone()),
        ("Revision", known.revision.clone()),
    ]);
}

fn print_cache(output: &Output, cache: &HubCache) {
    if output.json(cache) {
        return;
    }
    let rows = cache.repositories.iter().map(|r| {
        let last = r.last_used.clone().unwrap_or_default();
        let state = match r.state {
            CachedState::Complete => "",
            CachedState::Unfinished => "unfinished",
            CachedState::Broken => "broken",
        };
        let name = r.name.clone();
        vec![
            r.kind.as_str().to_owned(),
            name,
            r.bytes.to_string(),
            last,
            state.to_owned(),
            r.revision.clone(),
        ]
    });
    print_table(["", "name", "bytes", "last used", "", "revision"], rows);
    for repository in &cache.repositories {
        if let Some(problem) = &repository.problem {
            print(&format!("{}: {problem}", repository.name));
        }
    }
    print(&format!("{} in {}", cache.repositories.len(), cache.folder));
}
