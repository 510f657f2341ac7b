//! The names that commands had before they were grouped by nouns. Scripts use them, so they stay,
//! hidden from the help; each takes the arguments of the new command.

use clap::Subcommand;

use crate::{
    backup::{self, BackupCommand},
    config::{self, ConfigCommand},
    dataset::{self, DatasetCommand},
    hub::{self, HubCommand},
    inspect::Inspect,
    model::ModelCommand,
    prompt::{self, PromptCommand},
    run::{self, RunCommand},
    session::{Outcome, Session},
    snapshot::{self, SnapshotCommand},
    trash::{self, TrashCommand},
};

#[derive(Debug, Subcommand)]
pub(crate) enum FlatCommand {
    #[command(hide = true)]
    ImportDataset(dataset::Import),
    #[command(hide = true)]
    PreviewDataset(dataset::Preview),
    #[command(hide = true)]
    ProfileDataset(dataset::Profile),
    #[command(hide = true)]
    DatasetFile(dataset::Status),
    #[command(hide = true)]
    RelocateDataset(dataset::Relocate),
    #[command(hide = true)]
    Diagnose(dataset::Validate),
    #[command(hide = true)]
    Convert(dataset::Convert),
    #[command(hide = true)]
    Inspect(Inspect),
    #[command(hide = true)]
    RenderPrompt(prompt::Render),
    #[command(hide = true)]
    SuggestPrompt(prompt::Suggest),
    #[command(hide = true)]
    ConfigPresets(config::Presets),
    #[command(hide = true)]
    SetPreset(config::SetPreset),
    #[command(hide = true)]
    DiffConfigs(config::Diff),
    #[command(hide = true)]
    AxolotlFormats(config::AxolotlFormats),
    #[command(hide = true)]
    Train(run::Train),
    #[command(hide = true)]
    Evaluate(run::Evaluate),
    #[command(hide = true)]
    Runs(run::List),
    #[command(hide = true)]
    ShowRun(run::Show),
    #[command(hide = true)]
    Logs(run::Logs),
    #[command(hide = true)]
    Stop(run::Stop),
    #[command(hide = true)]
    Retry(run::Retry),
    #[command(hide = true)]
    Results(run::Results),
    #[command(hide = true)]
    Queue(run::Queue),
    #[command(hide = true)]
    Export(snapshot::Export),
    #[command(hide = true)]
    Import(snapshot::Import),
    #[command(hide = true)]
    Backups(backup::List),
    #[command(hide = true)]
    Restore(backup::Restore),
    #[command(hide = true)]
    Deleted(trash::List),
    #[command(hide = true, name = "bring-back")]
    Undelete(trash::Restore),
    #[command(hide = true)]
    Purge(trash::Purge),
    #[command(hide = true)]
    HubCache(hub::Cache),
    #[command(hide = true)]
    HubInfo(hub::Info),
}

impl FlatCommand {
    /// Runs the new command.
    pub(crate) async fn run(self, session: &Session) -> Outcome {
        match self {
            Self::ImportDataset(arguments) => DatasetCommand::Import(arguments).run(session).await,
            Self::PreviewDataset(arguments) => DatasetCommand::Preview(arguments).run(session).await,
            Self::ProfileDataset(arguments) => DatasetCommand::Profile(arguments).run(session).await,
            Self::DatasetFile(arguments) => DatasetCommand::Status(arguments).run(session).await,
            Self::RelocateDataset(arguments) => DatasetCommand::Relocate(arguments).run(session).await,
            Self::Diagnose(arguments) => DatasetCommand::Validate(arguments).run(session).await,
            Self::Convert(arguments) => DatasetCommand::Convert(arguments).run(session).await,
            Self::Inspect(arguments) => ModelCommand::Inspect(arguments).run(session).await,
            Self::RenderPrompt(arguments) => PromptCommand::Render(arguments).run(session).await,
            Self::SuggestPrompt(arguments) => PromptCommand::Suggest(arguments).run(session).await,
            Self::ConfigPresets(arguments) => ConfigCommand::Presets(arguments).run(session).await,
            Self::SetPreset(arguments) => ConfigCommand::SetPreset(arguments).run(session).await,
            Self::DiffConfigs(arguments) => ConfigCommand::Diff(arguments).run(session).await,
            Self::AxolotlFormats(arguments) => ConfigCommand::AxolotlFormats(arguments).run(session).await,
            Self::Train(arguments) => RunCommand::Train(arguments).run(session).await,
            Self::Evaluate(arguments) => RunCommand::Evaluate(arguments).run(session).await,
            Self::Runs(arguments) => RunCommand::List(arguments).run(session).await,
            Self::ShowRun(arguments) => RunCommand::Show(arguments).run(session).await,
            Self::Logs(arguments) => RunCommand::Logs(arguments).run(session).await,
            Self::Stop(arguments) => RunCommand::Stop(arguments).run(session).await,
            Self::Retry(arguments) => RunCommand::Retry(arguments).run(session).await,
            Self::Results(arguments) => RunCommand::Results(arguments).run(session).await,
            Self::Queue(arguments) => RunCommand::Queue(arguments).run(session).await,
            Self::Export(arguments) => SnapshotCommand::Export(arguments).run(session).await,
            Self::Import(arguments) => SnapshotCommand::Import(arguments).run(session).await,
            Self::Backups(arguments) => BackupCommand::List(arguments).run(session).await,
            Self::Restore(arguments) => BackupCommand::Restore(arguments).run(session).await,
            Self::Deleted(arguments) => TrashCommand::List(arguments).run(session).await,
            Self::Undelete(arguments) => TrashCommand::Restore(arguments).run(session).await,
            Self::Purge(arguments) => TrashCommand::Purge(arguments).run(session).await,
            Self::HubCache(arguments) => HubCommand::Cache(arguments).run(session).await,
            Self::HubInfo(arguments) => HubCommand::Info(arguments).run(session).await,
        }
    }
}
