//! Configurations: the settings of training, quantization, adapters and generation.

use configs::{ConfigType, MarkKind, TextProblem, check_settings, parse_config};
use schema::{Check, Choice, Id, Kind, Resource, Result, RowLookup, Rules, Stored, resource, text_enum};
use serde_json::Value;

text_enum! {
    /// Who created a config. Stored as the number 1 or 0 in `is_default`.
    pub enum ConfigOrigin {
        /// It came with the program.
        Default = "1", "Built in";
        /// A user created it.
        User = "0", "Yours";
    }
}

resource! {
    /// Settings kept once and used by many jobs: training arguments, quantization, LoRA, generation.
    pub struct Config {
        table: Configs, since: 1, message: Some("ConfigMetadata"),
        group: Resources, icon: "IconAdjustmentsHorizontal",
        singular: "config", plural: "configs", title: "Configs", label: ["description"],
    }
    columns {
        /// A random UUID that never changes.
        id: Option<Id<Config>> => "Identifier",
        /// What it configures.
        r#type: Option<Choice<ConfigType>> => "Type".required().listed(),
        /// What it is for, in your words.
        description: Option<String> => "Description".listed(),
        /// The settings as JSON; as YAML for axolotl.
        config: Option<String> => "Settings".required().is(Kind::Code).listed(),
        /// The model architecture it is made for.
        model_family: Option<String> => "Model family",
        /// 1 for a configuration that came with the studio, 0 for yours.
        is_default: Option<i64> => "Built in".derived().default("0").is(Kind::Integer { min: Some(0), max: Some(1) }),
    }
}

impl Config {
    fn kind(&self) -> Option<ConfigType> {
        self.r#type.as_ref().and_then(Choice::known)
    }

    /// The parsed settings.
    pub fn parsed(&self) -> std::result::Result<Value, TextProblem> {
        parse_config(self.kind(), self.config.as_deref().unwrap_or_default())
    }
}

impl Rules for Config {
    async fn check(&self, check: &mut Check<'_>) -> Result<()> {
        let Some(text) = self.config.as_deref().filter(|_| check.touches(&["config", "type"])) else {
            return Ok(());
        };
        let value = match parse_config(self.kind(), text) {
            Ok(value) => value,
            Err(problem) => {
                check.refuse("config", problem.to_string());
                return Ok(());
            }
        };
        let marks = self.kind().map(|kind| check_settings(kind, &value)).unwrap_or_default();
        for mark in marks.into_iter().filter(|mark| mark.kind == MarkKind::Wrong) {
            check.refuse("config", mark.message);
        }
        if let Some(twin) = self.twin(check.rows).await?
            && self.id.as_ref().is_some_and(|id| id.as_str() != twin)
        {
            check.refuse("config", "Another config of this type already holds these settings.");
        }
        Ok(())
    }

    /// The oldest config of the same type with equal settings: key order and spacing don't count,
    /// but `1`, `1.0` and `true` differ.
    async fn twin(&self, rows: &mut dyn RowLookup) -> Result<Option<String>> {
        let (Some(kind), Ok(value)) = (self.kind(), self.parsed()) else { return Ok(None) };
        let same_type = rows.rows_where(Self::NAME, "type", kind.into_str()).await?;
        let twin =
            same_type.into_iter().map(Stored::<Self>::from_row).find(|other| other.has_settings(&value));
        Ok(twin.and_then(|twin| twin.typed.id).map(|id| id.as_str().to_owned()))
    }
}

impl Config {
    /// Whether its settings are equal to these. Key order and spacing don't count, but `1`, `1.0` and
    /// `true` differ.
    pub fn has_settings(&self, value: &Value) -> bool {
        self.parsed().is_ok_and(|own| own == *value)
    }
}
