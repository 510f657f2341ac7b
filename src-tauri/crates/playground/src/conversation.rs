//! A conversation that is held in a trial.

use std::{path::PathBuf, sync::Arc};

use platform::AtomicFile;
use prompts::{
    Value,
    chat::{ChatTemplate, Conversation, End, OtherRenderer, TemplateSource},
};
use schema::{Error, ErrorCode, Result, Row};
use serde::{Deserialize, Serialize};

/// A conversation, as a row of a dataset holds it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct TrialConversation {
    /// The messages: `role`, `content`, and for calls of tools `tool_calls`.
    pub messages: Vec<Row>,
    /// The tools that may be called, as JSON schemas.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tools: Vec<Row>,
}

impl TrialConversation {
    /// The text that a model reads to answer, with all special tokens. What this program can't render, the other
    /// one does.
    ///
    /// # Errors
    /// The template can't be used, or refuses the conversation.
    pub(crate) fn render(
        &self,
        source: &TemplateSource,
        other: Option<Arc<dyn OtherRenderer>>,
    ) -> Result<String> {
        let refused = |reason: String| Error::new(ErrorCode::Invalid, reason);
        let template = ChatTemplate::parse_with(source, other).map_err(|error| refused(error.to_string()))?;
        template.render(&self.to_rendered(), End::GenerationPrompt).map_err(|error| {
            refused(error.to_string()).hint("Edit what the template can't write, or choose Prompt.")
        })
    }

    fn to_rendered(&self) -> Conversation {
        let value = |row: &Row| Value::from(serde_json::Value::Object(row.clone()));
        let messages = self.messages.iter().map(value);
        Conversation {
            messages: messages.filter_map(|message| message.as_object().cloned()).collect(),
            // Templates write their preamble for an empty list too.
            tools: Some(self.tools.iter().map(value).collect()).filter(|tools: &Vec<_>| !tools.is_empty()),
            ..Conversation::default()
        }
    }

    /// Writes it as a row of JSON Lines into a file of its own.
    ///
    /// # Errors
    /// The file can't be written. What was there is then kept.
    pub async fn save(self, path: PathBuf) -> Result<()> {
        platform::blocking("saving a conversation", move || {
            let mut line = serde_json::to_vec(&self)
                .map_err(|error| Error::new(ErrorCode::Internal, format!("It can't be written: {error}.")))?;
            line.push(b'\n');
            AtomicFile::write_all(&path, &line)
        })
        .await
    }
}
