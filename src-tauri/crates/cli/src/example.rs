//! `fts example`: a small workspace to try the program on.

use std::path::PathBuf;

use clap::Subcommand;
use studio::platform::example_folder;

use crate::{
    output::{counted, print},
    session::{DONE, Outcome, Session},
    values::OnDependents,
};

/// Load or remove a small example workspace
#[derive(Debug, Subcommand)]
pub(crate) enum ExampleCommand {
    /// Add the rows of the example that do not exist yet
    Load {
        /// The folder for the file of its dataset [default: in the folder for application data]
        #[arg(long, value_name = "FOLDER")]
        folder: Option<PathBuf>,
    },
    /// Delete the rows of the example; `fts trash restore` brings them back within thirty days
    Remove {
        /// Whether changed rows of the example are deleted too; required if there are any
        #[arg(long, value_name = "true|false")]
        changed: Option<bool>,
        /// What happens to other rows that refer to it
        #[arg(long, value_enum, default_value_t = OnDependents::Refuse)]
        dependents: OnDependents,
    },
}

impl ExampleCommand {
    pub(crate) async fn run(self, session: &Session) -> Outcome {
        let (studio, output) = (session.studio().await?, &session.output);
        match self {
            Self::Load { folder } => {
                let added = studio.example().load(&folder.map_or_else(example_folder, Ok)?).await?;
                if !output.json(&added) {
                    print(&format!("Added {}.", counted(&added)));
                }
            }
            Self::Remove { changed, dependents } => {
                output.deleted(&studio.example().remove(changed, dependents.into()).await?);
            }
        }
        DONE
    }
}
