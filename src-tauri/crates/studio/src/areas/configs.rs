//! Configs: checks, presets, comparison.

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

/// The check of a config's text before it is saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct ConfigCheck {
    /// Why it can't be parsed.
    pub problem: Option<TextProblem>,
    /// The comparison with the default settings of the type (`a`), if there are any. The text's are `b`.
    pub settings: Vec<SettingDifference>,
    /// Notes about its settings.
    pub marks: Vec<SettingMark>,
    /// Another config of the type with equal settings.
    pub twin: Option<Named>,
}

/// A row with its label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Named {
    /// Its identifier.
    pub id: String,
    /// Its label.
    pub label: String,
}

/// The comparison of two configs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Comparison {
    /// The first.
    pub a: Named,
    /// The second.
    pub b: Named,
    /// The settings of either.
    pub settings: Vec<SettingDifference>,
}

fn named(row: &Row) -> Named {
    let id = row.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
    Named { id, label: TableName::Configs.table().label_of(row) }
}

/// Configs: checks, presets, comparison.
#[derive(Debug, Clone, Copy)]
pub struct Configs<'a>(pub(crate) &'a Studio);

impl Configs<'_> {
    /// Checks a config's text. `id` is the stored config that it belongs to, if any.
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

    /// Presets: those of the program, then those of the user.
    pub async fn presets(&self) -> Result<Vec<Preset>> {
        let mut presets = configs::built_in_presets();
        presets.extend(self.0.store.presets().await?);
        Ok(presets)
    }

    /// Makes a config a preset, or no longer one.
    pub async fn set_preset(&self, id: &str, preset: bool) -> Result<()> {
        self.0.store.get(TableName::Configs, id).await?;
        self.0.store.set_preset(id, preset).await
    }

    /// Compares two configs.
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

    /// The dataset formats of axolotl, the best match for the columns of a dataset first.
    pub async fn axolotl_formats(&self, dataset: &str) -> Result<Vec<FormatMatch>> {
        let Listed { row, label, .. } = self.0.store.get(TableName::Datasets, dataset).await?;
        let columns = Dataset::from_dict(&row).ok().and_then(|dataset| dataset.column_names());
        columns.map(|columns| match_formats(&columns)).ok_or_else(|| {
            Error::new(ErrorCode::Invalid, format!("The columns of '{label}' are not known."))
                .hint("Edit the dataset and name its columns, or write the format into the text yourself.")
        })
    }
}
