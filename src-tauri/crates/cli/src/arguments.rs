//! The commands of `fts`, in the order in which its help lists them.

use std::path::PathBuf;

use clap::{Parser, Subcommand};
use studio::platform::DATABASE_VARIABLE;

use crate::{
    adapter::AdapterCommand,
    archive::ArchiveCommand,
    backup::BackupCommand,
    check::Check,
    config::ConfigCommand,
    dataset::DatasetCommand,
    env::EnvCommand,
    example::ExampleCommand,
    flat::FlatCommand,
    grpc::Grpc,
    hub::{HubCommand, Verify},
    model::ModelCommand,
    prompt::PromptCommand,
    registry::RegistryCommand,
    rows::AnyTableCommand,
    run::RunCommand,
    serve::Serve,
    session::{Outcome, Session},
    shell::{Completions, Man},
    snapshot::SnapshotCommand,
    tables::TableCommand,
    target::TargetCommand,
    trash::TrashCommand,
    workbench::WorkbenchCommand,
};

/// Fine Tuning Studio on the command line: datasets, models, adapters, prompts, configs and runs.
#[derive(Debug, Parser)]
#[command(name = "fts", version, propagate_version = true)]
pub(crate) struct Arguments {
    /// The database file [default: the one that the window opens]
    #[arg(long, global = true, value_name = "FILE", env = DATABASE_VARIABLE, hide_env_values = true)]
    pub(crate) db: Option<PathBuf>,

    /// Print results as JSON on standard output, and errors as JSON on standard error
    #[arg(long, global = true)]
    pub(crate) json: bool,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    #[command(subcommand)]
    Example(ExampleCommand),
    /// Show, create, remove or choose the Python environment for training
    #[command(alias = "environment", after_help = "Without a command, the environment is shown.")]
    Env {
        #[command(subcommand)]
        command: Option<EnvCommand>,
    },
    /// Search the Hugging Face Hub, fetch from it, manage its local cache
    #[command(subcommand)]
    Hub(HubCommand),
    /// Import, preview, validate and convert datasets
    #[command(subcommand)]
    Dataset(DatasetCommand),
    /// Manage base models, inspect folders of models
    #[command(subcommand)]
    Model(ModelCommand),
    /// Manage adapters, inspect folders of adapters
    #[command(subcommand)]
    Adapter(AdapterCommand),
    /// Write prompt templates, render them with rows of a dataset
    #[command(subcommand)]
    Prompt(PromptCommand),
    /// Manage configs and presets, compare configs
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Train and evaluate, watch and control runs
    #[command(subcommand)]
    Run(RunCommand),
    Serve(Serve),
    /// Add, check and confirm other machines and clusters on which runs work
    #[command(subcommand)]
    Target(TargetCommand),
    /// Bring the rows of a studio on a Cloudera AI workbench here, send rows there
    #[command(subcommand)]
    Workbench(WorkbenchCommand),
    /// Browse the registry of models of a Cloudera AI workbench, add from it, fetch from it
    #[command(subcommand)]
    Registry(RegistryCommand),
    Grpc(Grpc),
    #[command(flatten)]
    Any(AnyTableCommand),
    Verify(Verify),
    Check(Check),
    /// Export rows to a file, import them from one
    #[command(subcommand)]
    Snapshot(SnapshotCommand),
    /// Export rows with their files for another machine, import them
    #[command(subcommand)]
    Archive(ArchiveCommand),
    /// Back up the database, list and restore backups
    #[command(after_help = "Without a command, a backup is created.")]
    Backup {
        #[command(subcommand)]
        command: Option<BackupCommand>,
    },
    /// List, restore and purge deleted rows
    #[command(subcommand)]
    Trash(TrashCommand),
    Completions(Completions),
    Man(Man),
    #[command(flatten)]
    Flat(FlatCommand),
    // Last: it adds a noun for each table that has none above.
    #[command(flatten)]
    Table(TableCommand),
}

impl Command {
    pub(crate) async fn run(self, session: &Session) -> Outcome {
        match self {
            Self::Example(command) => command.run(session).await,
            Self::Env { command } => command.unwrap_or_default().run(session).await,
            Self::Hub(command) => command.run(session).await,
            Self::Dataset(command) => command.run(session).await,
            Self::Model(command) => command.run(session).await,
            Self::Adapter(command) => command.run(session).await,
            Self::Prompt(command) => command.run(session).await,
            Self::Config(command) => command.run(session).await,
            Self::Run(command) => command.run(session).await,
            Self::Serve(serve) => serve.run(session).await,
            Self::Target(command) => command.run(session).await,
            Self::Registry(command) => command.run(session).await,
            Self::Workbench(command) => command.run(session).await,
            Self::Grpc(grpc) => grpc.run(session).await,
            Self::Any(command) => command.run(session).await,
            Self::Verify(verify) => verify.run(session).await,
            Self::Check(check) => check.run(session).await,
            Self::Snapshot(command) => command.run(session).await,
            Self::Archive(command) => command.run(session).await,
            Self::Backup { command } => command.unwrap_or_default().run(session).await,
            Self::Trash(command) => command.run(session).await,
            Self::Completions(completions) => completions.run(),
            Self::Man(man) => man.run(),
            Self::Flat(command) => command.run(session).await,
            Self::Table(command) => command.run(session).await,
        }
    }
}
