//! Texts of a job that a request may name by a config's id.

use configs::ConfigType;
use resources::Config;
use schema::{Choice, Result};

use super::context::Preflight;

/// A text of a request, and the id of the config that may stand for it.
pub(super) struct ConfigField<'a> {
    /// The column of the text; the id belongs to `<column>_id`.
    pub(super) column: &'static str,
    pub(super) kind: ConfigType,
    pub(super) text: &'a mut Option<String>,
    pub(super) id: &'a mut Option<String>,
}

impl Preflight<'_> {
    /// Replaces the ids of configs by their texts.
    pub(super) async fn inline_configs<const N: usize>(
        &mut self,
        fields: [ConfigField<'_>; N],
    ) -> Result<()> {
        for ConfigField { column, kind, text, id } in fields {
            *text = self.config_text(column, kind, text.take(), id.take()).await?;
        }
        Ok(())
    }

    /// The text of a column, else that of the config with the id. An empty text is not given, as on
    /// the wire. `column` names the text; the id belongs to `<column>_id`.
    async fn config_text(
        &mut self,
        column: &str,
        kind: ConfigType,
        text: Option<String>,
        id: Option<String>,
    ) -> Result<Option<String>> {
        let Some(id) = id.filter(|id| !id.is_empty()) else { return Ok(text) };
        if text.as_ref().is_some_and(|text| !text.is_empty()) {
            return Ok(text);
        }
        let column = format!("{column}_id");
        let Some(config) = self.row::<Config>(&id).await? else {
            self.diagnostics.refuse(
                &column,
                format!("There is no config with the id '{id}'. It may have been deleted. Check the id."),
            );
            return Ok(None);
        };
        if config.row.r#type.as_ref().and_then(Choice::known) != Some(kind) {
            self.diagnostics.refuse(&column, format!("The config '{}' is of another type.", config.label));
        }
        Ok(config.row.typed.config)
    }
}
