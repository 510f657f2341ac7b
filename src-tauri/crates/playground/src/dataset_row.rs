//! Rows of a dataset as the beginnings of conversations.

use prompts::{
    Object, Value,
    chat::{RowFault, conversation},
};
use schema::{Error, ErrorCode, Result, TableName};
use serde::Serialize;

use crate::{conversation::TrialConversation, playground::Playground};

/// A row of a dataset, read as a conversation.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct ConversationRow {
    /// The conversation; none where the row holds none, or there is no such row.
    pub conversation: Option<TrialConversation>,
    /// Why the row holds no conversation.
    pub problem: Option<String>,
    /// The number of rows, if the whole file was read before.
    pub total: Option<u64>,
    /// Whether it is the last row.
    pub last: bool,
}

impl Playground {
    /// A row of a dataset as a conversation. Rows are counted from 1.
    pub async fn conversation_of_row(&self, dataset_id: &str, row: u64) -> Result<ConversationRow> {
        self.store.get(TableName::Datasets, dataset_id).await?;
        let before = row.checked_sub(1).ok_or_else(|| {
            Error::new(ErrorCode::Invalid, "Rows are counted from 1.").hint("Ask for row 1 or a later one.")
        })?;
        let file = self.runs.dataset_file(dataset_id).await?;
        let known = self.store.last_reading(dataset_id).await?;
        let page = datasets::preview(file, known, before, 1).await?;
        let read = page.objects().first().map(read);
        let (conversation, problem) = match read {
            Some(Ok(read)) => (Some(read), None),
            Some(Err(fault)) => (None, Some(fault.to_string())),
            None => (None, None),
        };
        Ok(ConversationRow { conversation, problem, total: page.total_rows, last: page.end })
    }
}

fn read(row: &Object) -> Result<TrialConversation, RowFault> {
    let read = conversation(row, None)?;
    Ok(TrialConversation {
        messages: read.messages.into_iter().map(json).collect(),
        tools: read
            .tools
            .into_iter()
            .flatten()
            .filter_map(|tool| tool.as_object().cloned().map(json))
            .collect(),
    })
}

fn json(object: Object) -> schema::Row {
    match serde_json::to_value(Value::Object(object)) {
        Ok(serde_json::Value::Object(entries)) => entries,
        _ => schema::Row::new(),
    }
}
