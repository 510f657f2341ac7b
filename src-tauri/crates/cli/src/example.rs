//! The example workspace.

use std::path::PathBuf;

use clap::Subcommand;
use studio::{Result, Studio, store::example_folder};

use crate::{
    args::OnDependents,
    output::{Output, counted, print},
};

#[derive(Debug, Subcommand)]
pub(crate) enum ExampleCommand {
    /// Load or remove a small workspace to try things on
    #[command(subcommand)]
    Example(Example),
}

#[derive(Debug, Subcommand)]
pub(crate) enum Example {
    /// Add what is missing of it
    Load {
        /// Where its dataset's file goes [default: the folder for application data]
        #[arg(long, value_name = "FOLDER")]
        folder: Option<PathBuf>,
    },
    /// Delete it; it can be brought back for thirty days
    Remove {
        /// Whether its rows that were changed go too; needed if there are any
        #[arg(long, value_name = "true|false")]
        changed: Option<bool>,
        /// What happens to other rows that refer to it
        #[arg(long, value_enum, default_value_t = OnDependents::Refuse)]
        dependents: OnDependents,
    },
}

impl ExampleCommand {
    pub(crate) async fn run(self, studio: &Studio, output: &Output) -> Result<()> {
        match self {
            Self::Example(Example::Load { folder }) => {
                let added = studio.load_example(&folder.map_or_else(example_folder, Ok)?).await?;
                if !output.json(&added) {
                    print(&format!("Added {}.", counted(&added)));
                }
            }
            Self::Example(Example::Remove { changed, dependents }) => {
                output.deleted(&studio.remove_example(changed, dependents.into()).await?);
            }
        }
        Ok(())
    }
}
