//! `fts config`: presets, comparison, and the rows of the table of configs.

use clap::{Args, Subcommand};
use studio::{
    Comparison,
    configs::{Change, Preset, axolotl::FormatMatch},
    resources::ConfigType,
    schema::TableName,
};

use crate::{
    rows::RowCommand,
    session::{DONE, Outcome, Session},
    values::choice,
};

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    Presets(Presets),
    SetPreset(SetPreset),
    Diff(Diff),
    AxolotlFormats(AxolotlFormats),
    #[command(flatten)]
    Rows(RowCommand),
}

/// List the presets: configs to start from, built in or your own
#[derive(Debug, Args)]
pub(crate) struct Presets {
    /// Only presets of this type
    #[arg(long = "type", value_name = "TYPE", value_parser = choice::<ConfigType>())]
    kind: Option<ConfigType>,
}

/// Make a config a preset
#[derive(Debug, Args)]
pub(crate) struct SetPreset {
    /// The id of the config
    id: String,
    /// Make it an ordinary config again
    #[arg(long)]
    off: bool,
}

/// Show the settings in which two configs differ
#[derive(Debug, Args)]
pub(crate) struct Diff {
    /// The id of a config
    a: String,
    /// The id of the config to compare it with
    b: String,
    /// Show equal settings too
    #[arg(long)]
    all: bool,
}

/// List the dataset formats of axolotl, those that fit a dataset best first
#[derive(Debug, Args)]
pub(crate) struct AxolotlFormats {
    /// The id of a dataset
    dataset: String,
}

impl ConfigCommand {
    pub(crate) async fn run(self, session: &Session) -> Outcome {
        let output = &session.output;
        match self {
            Self::Presets(Presets { kind }) => {
                let mut presets = session.studio().await?.configs().presets().await?;
                presets.retain(|preset| kind.is_none_or(|kind| preset.r#type == kind));
                output.table(
                    &presets,
                    ["type", "name", "when to choose it", "id"],
                    presets.iter().map(preset),
                );
            }
            Self::SetPreset(SetPreset { id, off }) => {
                let studio = session.studio().await?;
                studio.configs().set_preset(&id, !off).await?;
                output.row(TableName::Configs, &studio.store().get(TableName::Configs, &id).await?);
            }
            Self::Diff(Diff { a, b, all }) => {
                let mut found = session.studio().await?.configs().compare(&a, &b).await?;
                found.settings.retain(|setting| all || setting.change != Change::Equal);
                output.table(&found, ["", &found.a.label, &found.b.label], differences(&found));
            }
            Self::AxolotlFormats(AxolotlFormats { dataset }) => {
                let formats = session.studio().await?.configs().axolotl_formats(&dataset).await?;
                output.table(
                    &formats,
                    ["format", "matching columns", "missing columns"],
                    formats.iter().map(format),
                );
            }
            Self::Rows(command) => return command.run(TableName::Configs, session).await,
        }
        DONE
    }
}

fn preset(preset: &Preset) -> Vec<String> {
    let id = preset.id.clone().unwrap_or_default();
    vec![preset.r#type.to_string(), preset.name.clone(), preset.about.clone(), id]
}

fn differences(found: &Comparison) -> impl Iterator<Item = Vec<String>> {
    let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "(not set)".to_owned());
    found.settings.iter().map(move |one| vec![one.path.clone(), value(&one.a), value(&one.b)])
}

fn format(format: &FormatMatch) -> Vec<String> {
    vec![format.name.to_owned(), format.matching.join(", "), format.missing.join(", ")]
}
