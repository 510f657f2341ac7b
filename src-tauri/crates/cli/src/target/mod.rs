//! `fts target`: other machines and clusters on which runs work.

mod check;
mod key;
mod prepare;
mod settings;
mod shown;

use clap::{Args, Subcommand};
use serde_json::json;
use studio::{Error, ErrorCode};

use crate::{
    output::print,
    question::is_agreed,
    session::{DONE, Outcome, Session},
};
use check::Check;
use key::Key;
use prepare::Prepare;
use settings::Add;

#[derive(Debug, Subcommand)]
pub(crate) enum TargetCommand {
    Add(Add),
    /// List the compute targets
    List,
    /// Show a compute target and everything that it runs
    Show(Named),
    Check(Check),
    Prepare(Prepare),
    Confirm(Confirm),
    Key(Key),
    /// Remove a compute target from the database; nothing is removed there
    Remove(Named),
}

#[derive(Debug, Args)]
pub(crate) struct Named {
    /// The name or id of the target
    target: String,
}

/// Confirm a compute target that came with a snapshot, an archive or another database
///
/// Its host and everything that it runs there is printed before. Runs start on confirmed targets only.
#[derive(Debug, Args)]
pub(crate) struct Confirm {
    /// The name or id of the target
    target: String,
    /// Confirm it without a question
    #[arg(long)]
    yes: bool,
}

impl TargetCommand {
    pub(crate) async fn run(self, session: &Session) -> Outcome {
        match self {
            Self::Add(add) => return add.run(session).await,
            Self::Check(check) => return check.run(session).await,
            Self::Prepare(prepare) => return prepare.run(session).await,
            Self::Confirm(confirm) => return confirm.run(session).await,
            Self::Key(key) => return key.run(session).await,
            Self::List => {
                let targets = session.studio().await?.store().targets().await?;
                shown::print_list(&session.output, &targets);
            }
            Self::Show(Named { target }) => {
                let store = session.studio().await?.store();
                let target = store.target(&target).await?;
                let last = store.last_check(&target.id).await?;
                shown::print_target(&session.output, &target, last.as_ref());
            }
            Self::Remove(Named { target }) => {
                let removed = session.studio().await?.targets().remove(&target).await?;
                if !session.output.json(&json!({ "removed": removed })) {
                    print(&format!("Removed the target {}.", removed.name));
                    print(&format!("What is in {} there stays.", removed.settings.folder));
                }
            }
        }
        DONE
    }
}

impl Confirm {
    async fn run(self, session: &Session) -> Outcome {
        let (store, output) = (session.studio().await?.store(), &session.output);
        let target = store.target(&self.target).await?;
        if !output.json {
            shown::print_commands(&target);
        }
        if !self.yes && !is_agreed("Use this target?", output.json) {
            let error = Error::new(ErrorCode::Invalid, format!("'{}' was not confirmed.", target.name));
            return Err(error.hint("Give --yes to confirm it without a question.").into());
        }
        let confirmed = store.confirm_target(&target.id, &target.settings).await?;
        if !output.json(&confirmed) {
            print(&format!("Confirmed the target {}.", confirmed.name));
        }
        DONE
    }
}
