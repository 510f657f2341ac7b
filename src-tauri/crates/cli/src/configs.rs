//! What can be asked about configs.

use clap::Subcommand;
use studio::{
    Comparison, Result, Studio,
    configs::{Change, Preset, axolotl::FormatMatch},
    resources::{ConfigType, TableName},
};

use crate::output::Output;

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// List the configs to start from: those that come with the program, and yours
    ConfigPresets {
        /// Only those of this type
        #[arg(long = "type", value_name = "TYPE", value_parser = kind)]
        kind: Option<ConfigType>,
    },
    /// Keep a config as one to start from
    SetPreset {
        id: String,
        /// No longer
        #[arg(long)]
        off: bool,
    },
    /// Show the settings in which two configs differ
    DiffConfigs {
        a: String,
        b: String,
        /// Show the equal ones too
        #[arg(long)]
        all: bool,
    },
    /// List the dataset formats of axolotl, the one that fits a dataset best first
    AxolotlFormats {
        /// The id of a dataset
        dataset: String,
    },
}

impl ConfigCommand {
    pub(crate) async fn run(self, studio: &Studio, output: &Output) -> Result<()> {
        match self {
            Self::ConfigPresets { kind } => {
                let mut presets = studio.config_presets().await?;
                presets.retain(|preset| kind.is_none_or(|kind| preset.r#type == kind));
                output.table(
                    &presets,
                    ["type", "name", "when to choose it", "id"],
                    presets.iter().map(preset),
                );
            }
            Self::SetPreset { id, off } => {
                studio.set_preset(&id, !off).await?;
                output.row(TableName::Configs, &studio.get(TableName::Configs, &id).await?);
            }
            Self::DiffConfigs { a, b, all } => {
                let mut found = studio.compare_configs(&a, &b).await?;
                found.settings.retain(|setting| all || setting.change != Change::Equal);
                output.table(&found, ["", &found.a.label, &found.b.label], differences(&found));
            }
            Self::AxolotlFormats { dataset } => {
                let formats = studio.axolotl_formats(&dataset).await?;
                output.table(
                    &formats,
                    ["format", "columns that match", "missing"],
                    formats.iter().map(format),
                );
            }
        }
        Ok(())
    }
}

fn preset(preset: &Preset) -> Vec<String> {
    let id = preset.id.clone().unwrap_or_default();
    vec![preset.r#type.to_string(), preset.name.clone(), preset.about.clone(), id]
}

fn differences(found: &Comparison) -> impl Iterator<Item = Vec<String>> {
    let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "(not there)".to_owned());
    found.settings.iter().map(move |one| vec![one.path.clone(), value(&one.a), value(&one.b)])
}

fn format(format: &FormatMatch) -> Vec<String> {
    vec![format.name.to_owned(), format.matching.join(", "), format.missing.join(", ")]
}

fn kind(name: &str) -> Result<ConfigType, String> {
    name.parse()
}
