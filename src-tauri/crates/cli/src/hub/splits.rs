//! `fts hub splits`.

use clap::Args;
use studio::{
    hub::{HubConfig, HubConfigSplit},
    platform::disk::format_bytes,
};

use crate::session::{DONE, Outcome, Session};

/// List the configurations and splits of a dataset on the Hugging Face Hub
///
/// They follow from its card, else from the names of its files. Code of a repository is never run.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  fts hub splits openai/gsm8k")]
pub(crate) struct Splits {
    /// The name, as organization/name
    name: String,
}

impl Splits {
    pub(crate) async fn run(self, session: &Session) -> Outcome {
        let configs = session.studio().await?.hub().dataset_configs(&self.name).await?;
        let line = |config: &HubConfig, split: &HubConfigSplit| {
            vec![
                config.name.clone(),
                if config.is_default { "default".to_owned() } else { String::new() },
                split.name.clone(),
                split.files.to_string(),
                split.bytes.map(format_bytes).unwrap_or_default(),
            ]
        };
        let lines =
            configs.iter().flat_map(|config| config.splits.iter().map(move |split| line(config, split)));
        session.output.table(&configs, ["configuration", "", "split", "files", "size"], lines);
        DONE
    }
}
