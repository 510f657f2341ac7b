//! Configurations: the settings of training, quantisation, adapters and generation.

use serde_json::Value;
use sqlx::SqliteConnection;

use crate::{
    configs::{MarkKind, TextProblem, check_settings, parse_config},
    error::Result,
    schema::{Check, Choice, Id, Kind, MappedDict, Resource, Row, Rules, TextEnum, resource, text_enum},
    store,
};

text_enum! {
    /// What a configuration configures.
    pub enum ConfigType {
        /// `transformers` training arguments.
        TrainingArguments = "training_arguments", "Training arguments";
        /// Quantisation by bitsandbytes.
        BitsandbytesConfig = "bitsandbytes_config", "Quantisation (bitsandbytes)";
        /// Text generation.
        GenerationConfig = "generation_config", "Generation";
        /// The LoRA adapter.
        LoraConfig = "lora_config", "LoRA";
        /// The configuration of a script of one's own.
        Custom = "custom", "Custom";
        /// An axolotl configuration, in YAML.
        Axolotl = "axolotl", "Axolotl (YAML)";
        /// The columns an axolotl dataset format asks for.
        AxolotlDatasetFormats = "axolotl_dataset_formats", "Axolotl dataset format";
    }
}

text_enum! {
    /// Who made a configuration. Stored as the number 1 or 0 in `is_default`.
    pub enum ConfigOrigin {
        /// It came with the studio.
        Default = "1", "Built in";
        /// A person made it.
        User = "0", "Yours";
    }
}

resource! {
    /// Settings kept once and used by many jobs: training arguments, quantisation, LoRA, generation.
    pub struct Config {
        table: Configs, message: "ConfigMetadata",
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

    /// The settings, or why they can't be read.
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
        if let Some(twin) = self.twin(check.database).await?
            && self.id.as_ref().is_some_and(|id| id.as_str() != twin)
        {
            check.refuse("config", "Another config of this type already holds these settings.");
        }
        Ok(())
    }

    /// The oldest config of the same type with equal settings: key order and spacing don't count,
    /// but `1`, `1.0` and `true` differ.
    async fn twin(&self, database: &mut SqliteConnection) -> Result<Option<String>> {
        let (Some(kind), Ok(value)) = (self.kind(), self.parsed()) else { return Ok(None) };
        let twin = Self::equals(database, kind, &value).await?.into_iter().next();
        Ok(twin.and_then(|row| row.get("id")?.as_str().map(str::to_owned)))
    }
}

impl Config {
    /// The configs of a type that hold just these settings, the oldest first.
    pub(crate) async fn equals(
        database: &mut SqliteConnection,
        kind: ConfigType,
        value: &Value,
    ) -> Result<Vec<Row>> {
        let mut same_type = store::rows_where(database, Self::TABLE, "type", kind.as_str()).await?;
        same_type.retain(|row| {
            Self::from_dict(row).is_ok_and(|other| other.parsed().is_ok_and(|other| other == *value))
        });
        Ok(same_type)
    }
}
