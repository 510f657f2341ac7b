//! `fts workbench`: whole studios that go between here and a Cloudera AI workbench.

use clap::{Args, Subcommand};
use serde_json::json;
use studio::{Workbenches, exchange::PushPlan};

use crate::{
    export::object,
    output::{Output, print, print_table},
    progress::watched,
    session::{DONE, Outcome, Session},
    snapshot::ImportOptions,
};

#[derive(Debug, Subcommand)]
pub(crate) enum WorkbenchCommand {
    Pull(Pull),
    Push(Push),
    Ask(Ask),
}

/// Where a studio is.
#[derive(Debug, Args)]
struct There {
    /// The name or id of the target, of kind cloudera
    target: String,
    /// The studio's folder in the project, or the path of its database or of a JSON export [default: the project's own
    /// folder, else fine-tuning-studio]
    #[arg(long, value_name = "PATH")]
    folder: Option<String>,
}

/// Import the rows of the Cloudera Fine Tuning Studio in a project of a workbench, after a backup
///
/// Its database is fetched while it is in use, and nothing is changed there.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  fts workbench pull bench --dry-run")]
pub(crate) struct Pull {
    #[command(flatten)]
    there: There,
    #[command(flatten)]
    options: ImportOptions,
}

/// Send the rows that the Cloudera Fine Tuning Studio in a project does not have, as a file that it imports
///
/// The import of that studio ends a table at the first row that it has, so rows that are there are left out; those with
/// other values are listed.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  fts workbench push bench --dry-run")]
pub(crate) struct Push {
    #[command(flatten)]
    there: There,
    /// Show what would be sent and send nothing
    #[arg(long)]
    dry_run: bool,
}

/// Ask a model that a workbench serves
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  fts workbench ask RUN \"Where is my ticket?\" --generation '{\"max_new_tokens\": 20}'"
)]
pub(crate) struct Ask {
    /// The id of the run of `fts adapter deploy`
    run: String,
    /// The text that it goes on from
    prompt: String,
    /// Generation settings for this answer, as JSON
    #[arg(long, value_name = "JSON")]
    generation: Option<String>,
}

impl Ask {
    async fn run(self, session: &Session) -> Outcome {
        let generation = self.generation.as_deref().map(object).transpose()?.unwrap_or_default();
        let workbenches = session.studio().await?.workbenches();
        let answer = workbenches.ask(&self.run, &self.prompt, &generation).await?;
        if !session.output.json(&json!({"answer": answer})) {
            print(&answer);
        }
        DONE
    }
}

impl WorkbenchCommand {
    pub(crate) async fn run(self, session: &Session) -> Outcome {
        match self {
            Self::Pull(Pull { there: There { target, folder }, options }) => {
                let studio = session.studio().await?;
                let work = watched(&session.output);
                let staged = studio.workbenches().pull(&target, folder.as_deref(), &work).await?;
                options.import(staged, session).await
            }
            Self::Ask(ask) => ask.run(session).await,
            Self::Push(push) => push.run(session.studio().await?.workbenches(), &session.output).await,
        }
    }
}

impl Push {
    async fn run(self, workbenches: Workbenches<'_>, output: &Output) -> Outcome {
        let There { target, folder } = self.there;
        let (folder, work) = (folder.as_deref(), watched(output));
        if self.dry_run {
            let plan = workbenches.plan_push(&target, folder, &work).await?;
            if !output.json(&plan) {
                print_plan(&plan);
            }
            return DONE;
        }
        let sent = workbenches.push(&target, folder, &work).await?;
        if output.json(&sent) {
            return DONE;
        }
        print_plan(&sent.plan);
        match sent.file {
            Some(file) => {
                print(&format!("Wrote {} rows to {file} there.", sent.rows));
                print("Import this path on the page Database of the studio there.");
            }
            None => print("The studio there has every row already. Nothing was sent."),
        }
        DONE
    }
}

fn print_plan(plan: &PushPlan) {
    let rows = plan.tables.iter().map(|(table, counts)| {
        let counts = [counts.sent, counts.same, counts.conflicting].map(|count| count.to_string());
        std::iter::once(table.into_str().to_owned()).chain(counts).collect()
    });
    print_table(["", "sent", "same", "other there"], rows);
    for conflict in &plan.conflicts {
        let (table, columns) = (conflict.table.into_str(), conflict.columns.join(", "));
        print(&format!(
            "Stays as it is there: {table} '{}' ({}), which differs in {columns}.",
            conflict.label, conflict.id
        ));
    }
    plan.problems.iter().for_each(|problem| print(problem));
    plan.warnings.iter().for_each(|warning| eprintln!("{warning}"));
}
