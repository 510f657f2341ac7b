//! Texts of a job that a request may name by a config's id.

use configs::ConfigType;
use resources::Config;
use schema::{Choice, Result};

use super::context::Preflight;

impl Preflight<'_> {
    /// The text of a column, else that of the config with the id. An empty text is not given, as on
    /// the wire. `column` names the text; the id belongs to `<column>_id`.
    pub(super) async fn config_text(
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
