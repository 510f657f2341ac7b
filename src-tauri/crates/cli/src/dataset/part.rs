//! `fts dataset part`: the configuration and the split of a dataset of the Hub.

use clap::Args;
use studio::{hub::DatasetPart, schema::TableName};

use crate::session::{DONE, Outcome, Session};

/// A part of a dataset of the Hub.
#[derive(Debug, Clone, Args)]
pub(crate) struct PartArguments {
    /// The configuration, which the Hub also calls a subset [default: the one that the card of the dataset names]
    #[arg(long, value_name = "NAME")]
    config: Option<String>,
    /// The split [default: all of them]
    #[arg(long, value_name = "NAME")]
    split: Option<String>,
}

impl PartArguments {
    pub(crate) fn part(self) -> DatasetPart {
        DatasetPart { config: self.config, split: self.split }
    }
}

/// Choose the configuration and the split of a dataset of the Hub
///
/// Previews, trainings and all else read that part from then on, and fetch only its files. A split that is chosen
/// is the one to train on, whatever its name. Without options, the choice is removed. `fts hub splits NAME` lists
/// what there is.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  fts dataset part ID --config en --split train")]
pub(crate) struct Part {
    /// The id of the dataset
    id: String,
    #[command(flatten)]
    part: PartArguments,
}

impl Part {
    pub(super) async fn run(self, session: &Session) -> Outcome {
        let dataset = session.studio().await?.datasets().choose_part(&self.id, self.part.part()).await?;
        session.output.row(TableName::Datasets, &dataset);
        DONE
    }
}
