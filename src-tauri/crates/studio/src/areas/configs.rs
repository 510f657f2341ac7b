//! Configurations.

use configs::{
    ConfigType, Preset, SettingDifference, SettingMark, TextProblem,
    axolotl::{FormatMatch, match_formats},
};
use resources::{Config, Dataset, Described as _};
use schema::{Error, ErrorCode, MappedDict as _, Result, Row, TableName};
use serde::Serialize;
use serde_json::Value;
use store::Listed;

use crate::Studio;

/// What is to be said about a configuration's text before it is saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct ConfigCheck {
    /// Why it can't be read.
    pub problem: Option<TextProblem>,
    /// Its settings (`b`) against those a new configuration of the type starts with (`a`), if the
    /// studio knows any.
    pub settings: Vec<SettingDifference>,
    /// What is to be said about its settings.
    pub marks: Vec<SettingMark>,
    /// Another configuration of the type that says the same.
    pub twin: Option<Named>,
}

/// A row by what it is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Named {
    /// Its identifier.
    pub id: String,
    /// What a person calls it.
    pub label: String,
}

/// Two configurations, held against each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Comparison {
    /// The first.
    pub a: Named,
    /// The second.
    pub b: Named,
    /// Every setting of either.
    pub settings: Vec<SettingDifference>,
}

fn named(row: &Row) -> Named {
    let id = row.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
    Named { id, label: TableName::Configs.table().label_of(row) }
}

/// Configurations: checks, presets, comparison.
#[derive(Debug, Clone, Copy)]
pub struct Configs<'a>(pub(crate) &'a Studio);

impl Configs<'_> {
    /// Looks at a configuration's text without saving it. `id` is the row it is the text of.
    pub async fn check(&self, kind: ConfigType, text: &str, id: Option<&str>) -> Result<ConfigCheck> {
        match configs::parse_config(Some(kind), text) {
            Err(problem) => Ok(ConfigCheck {
                problem: Some(problem),
                settings: Vec::new(),
                marks: Vec::new(),
                twin: None,
            }),
            Ok(value) => {
                let equals = self.0.store.equal_configs(kind, &value).await?;
                let own = |row: &&Row| id.is_some_and(|id| row.get("id").and_then(Value::as_str) == Some(id));
                let twin = equals.iter().find(|row| !own(row)).map(named);
                let default = configs::settings_of(kind).map_or("{}", |settings| settings.default);
                let default = serde_json::from_str(default).unwrap_or_default();
                let settings = configs::compare(&default, &value);
                let marks = configs::check_settings(kind, &value);
                Ok(ConfigCheck { problem: None, settings, marks, twin })
            }
        }
    }

    /// Configurations to start from: those that come with the program, then one's own.
    pub async fn presets(&self) -> Result<Vec<Preset>> {
        let mut presets = configs::built_in_presets();
        presets.extend(self.0.store.presets().await?);
        Ok(presets)
    }

    /// Makes a configuration one to start from, or no longer so.
    pub async fn set_preset(&self, id: &str, preset: bool) -> Result<()> {
        self.0.store.get(TableName::Configs, id).await?;
        self.0.store.set_preset(id, preset).await
    }

    /// How two configurations differ.
    pub async fn compare(&self, a: &str, b: &str) -> Result<Comparison> {
        let (a, a_value) = self.parsed_config(a).await?;
        let (b, b_value) = self.parsed_config(b).await?;
        Ok(Comparison { a, b, settings: configs::compare(&a_value, &b_value) })
    }

    async fn parsed_config(&self, id: &str) -> Result<(Named, Value)> {
        let Listed { row, label, .. } = self.0.store.get(TableName::Configs, id).await?;
        let value = Config::from_dict(&row).and_then(|config| {
            config.parsed().map_err(|problem| {
                Error::new(ErrorCode::Invalid, format!("'{label}' can't be compared. {problem}"))
                    .hint("Edit its settings first.")
            })
        })?;
        Ok((named(&row), value))
    }

    /// The dataset formats of axolotl, the one that fits a dataset's columns best first.
    pub async fn axolotl_formats(&self, dataset: &str) -> Result<Vec<FormatMatch>> {
        let Listed { row, label, .. } = self.0.store.get(TableName::Datasets, dataset).await?;
        let columns = Dataset::from_dict(&row).ok().and_then(|dataset| dataset.column_names());
        columns.map(|columns| match_formats(&columns)).ok_or_else(|| {
            Error::new(ErrorCode::Invalid, format!("The columns of '{label}' are not known."))
                .hint("Edit the dataset and name its columns, or write the format into the text yourself.")
        })
    }
}
