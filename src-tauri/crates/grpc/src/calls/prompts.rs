//! Prompts.

use serde::Deserialize;
use serde_json::Value;
use studio::{
    Result,
    resources::Prompt,
    schema::{Row, TableName, column},
};

use super::{Calls, require};
use crate::reply::Reply;

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct AddPromptRequest {
    prompt: Row,
}

impl Calls {
    /// Adds a prompt under its id, or under a new one. The fields of the request are columns of its row.
    pub(super) async fn add_prompt(&self, request: AddPromptRequest) -> Result<Reply> {
        let AddPromptRequest { prompt } = request;
        for column in [
            "name",
            column!(Prompt, dataset_id),
            column!(Prompt, prompt_template),
            column!(Prompt, input_template),
            column!(Prompt, completion_template),
        ] {
            require(column, prompt.get(column).and_then(Value::as_str).unwrap_or_default())?;
        }
        Ok(Reply::Row(self.studio.rows().create(TableName::Prompts, prompt).await?.row.row))
    }
}
