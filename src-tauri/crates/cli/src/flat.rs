//! The names that commands had before they were grouped by nouns. Scripts use them, so they stay,
//! hidden from the help; each takes the arguments of the command that it stands for.

use clap::Subcommand;

use crate::{
    arguments::Command,
    backup::{self, BackupCommand},
    config::{self, ConfigCommand},
    dataset::{self, DatasetCommand},
    hub::{self, HubCommand},
    inspect::Inspect,
    model::ModelCommand,
    prompt::{self, PromptCommand},
    run::{self, RunCommand},
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
    #[command(hide = true)]
    BringBack(trash::Restore),
    #[command(hide = true)]
    Purge(trash::Purge),
    #[command(hide = true)]
    HubCache(hub::Cache),
    #[command(hide = true)]
    HubInfo(hub::Info),
}

impl From<FlatCommand> for Command {
    fn from(flat: FlatCommand) -> Self {
        match flat {
            FlatCommand::ImportDataset(arguments) => Self::Dataset(DatasetCommand::Import(arguments)),
            FlatCommand::PreviewDataset(arguments) => Self::Dataset(DatasetCommand::Preview(arguments)),
            FlatCommand::ProfileDataset(arguments) => Self::Dataset(DatasetCommand::Profile(arguments)),
            FlatCommand::DatasetFile(arguments) => Self::Dataset(DatasetCommand::Status(arguments)),
            FlatCommand::RelocateDataset(arguments) => Self::Dataset(DatasetCommand::Relocate(arguments)),
            FlatCommand::Diagnose(arguments) => Self::Dataset(DatasetCommand::Validate(arguments)),
            FlatCommand::Convert(arguments) => Self::Dataset(DatasetCommand::Convert(arguments)),
            FlatCommand::Inspect(arguments) => Self::Model(ModelCommand::Inspect(arguments)),
            FlatCommand::RenderPrompt(arguments) => Self::Prompt(PromptCommand::Render(arguments)),
            FlatCommand::SuggestPrompt(arguments) => Self::Prompt(PromptCommand::Suggest(arguments)),
            FlatCommand::ConfigPresets(arguments) => Self::Config(ConfigCommand::Presets(arguments)),
            FlatCommand::SetPreset(arguments) => Self::Config(ConfigCommand::SetPreset(arguments)),
            FlatCommand::DiffConfigs(arguments) => Self::Config(ConfigCommand::Diff(arguments)),
            FlatCommand::AxolotlFormats(arguments) => Self::Config(ConfigCommand::AxolotlFormats(arguments)),
            FlatCommand::Train(arguments) => Self::Run(RunCommand::Train(arguments)),
            FlatCommand::Evaluate(arguments) => Self::Run(RunCommand::Evaluate(arguments)),
            FlatCommand::Runs(arguments) => Self::Run(RunCommand::List(arguments)),
            FlatCommand::ShowRun(arguments) => Self::Run(RunCommand::Show(arguments)),
            FlatCommand::Logs(arguments) => Self::Run(RunCommand::Logs(arguments)),
            FlatCommand::Stop(arguments) => Self::Run(RunCommand::Stop(arguments)),
            FlatCommand::Retry(arguments) => Self::Run(RunCommand::Retry(arguments)),
            FlatCommand::Results(arguments) => Self::Run(RunCommand::Results(arguments)),
            FlatCommand::Queue(arguments) => Self::Run(RunCommand::Queue(arguments)),
            FlatCommand::Export(arguments) => Self::Snapshot(SnapshotCommand::Export(arguments)),
            FlatCommand::Import(arguments) => Self::Snapshot(SnapshotCommand::Import(arguments)),
            FlatCommand::Backups(arguments) => Self::Backup { command: Some(BackupCommand::List(arguments)) },
            FlatCommand::Restore(arguments) => {
                Self::Backup { command: Some(BackupCommand::Restore(arguments)) }
            }
            FlatCommand::Deleted(arguments) => Self::Trash(TrashCommand::List(arguments)),
            FlatCommand::BringBack(arguments) => Self::Trash(TrashCommand::Restore(arguments)),
            FlatCommand::Purge(arguments) => Self::Trash(TrashCommand::Purge(arguments)),
            FlatCommand::HubCache(arguments) => Self::Hub(HubCommand::Cache(arguments)),
            FlatCommand::HubInfo(arguments) => Self::Hub(HubCommand::Info(arguments)),
        }
    }
}
