//! What kind of training example the rows are. The shapes and the names of their columns are those
//! that trainers of this field agree on: Stanford's Alpaca, ShareGPT, and TRL's dataset formats
//! (<https://huggingface.co/docs/trl/dataset_formats>).

use schema::text_enum;
use serde_json::Value;

use super::Preview;

text_enum! {
    /// What kind of training example the rows of a dataset are.
    pub enum Shape {
        /// `instruction`, perhaps `input`, and `output`.
        Alpaca = "alpaca", "Instruction and output (Alpaca)";
        /// `conversations`: a list of `from` and `value`.
        Sharegpt = "sharegpt", "Conversations (ShareGPT)";
        /// `messages`: a list of `role` and `content`.
        Chat = "chat", "Chat messages";
        /// `prompt` and `completion`.
        PromptCompletion = "prompt_completion", "Prompt and completion";
        /// `text`.
        Text = "text", "Text";
        /// `chosen` and `rejected`, mostly with a `prompt`.
        Preference = "preference", "Preference";
        /// Anything else: a prompt template puts the columns together.
        Columns = "columns", "Plain columns";
    }
}

/// So many rows tell the shape.
pub(super) const FIRST_ROWS: u64 = 100;

/// The shape of rows like these, and why, in a sentence.
pub(super) fn recognise(preview: &Preview) -> (Shape, String) {
    let has = |name: &str| preview.columns.iter().any(|column| column.name == name);
    let lists = |name: &str| List::of(preview, name);
    if has("chosen") && has("rejected") {
        let prompt =
            if has("prompt") { "" } else { " Without a column 'prompt', both have to begin with it." };
        return (Shape::Preference, format!("There are the columns 'chosen' and 'rejected'.{prompt}"));
    }
    match (lists("messages"), lists("conversations")) {
        (List::Messages | List::Unclear, _) => {
            return (Shape::Chat, "The column 'messages' holds lists of messages.".to_owned());
        }
        (_, List::Turns | List::Unclear) => {
            return (Shape::Sharegpt, "The column 'conversations' holds lists of messages.".to_owned());
        }
        (List::Turns, _) => {
            let why = "The column 'messages' holds lists with 'from' and 'value'; \
                       ShareGPT calls that column 'conversations'.";
            return (Shape::Columns, why.to_owned());
        }
        (_, List::Messages) => {
            let why = "The column 'conversations' holds lists with 'role' and 'content'; \
                       chats call that column 'messages'.";
            return (Shape::Columns, why.to_owned());
        }
        (List::None, List::None) => {}
    }
    let pairs = [(Shape::PromptCompletion, "prompt", "completion"), (Shape::Alpaca, "instruction", "output")];
    for (shape, one, other) in pairs {
        if has(one) && has(other) {
            return (shape, format!("There are the columns '{one}' and '{other}'."));
        }
    }
    if has("text") {
        return (Shape::Text, "There is a column 'text'.".to_owned());
    }
    for (_, one, other) in pairs {
        if has(one) || has(other) {
            let (there, absent) = if has(one) { (one, other) } else { (other, one) };
            return (Shape::Columns, format!("There is a column '{there}', but no column '{absent}'."));
        }
    }
    for name in ["messages", "conversations"] {
        if has(name) {
            let why = format!("The column '{name}' holds no lists of messages in the first rows.");
            return (Shape::Columns, why);
        }
    }
    (Shape::Columns, "The columns have none of the names that trainers know.".to_owned())
}

/// What the lists in a column hold, in the first rows.
enum List {
    /// There are no lists.
    None,
    /// `role` and `content`.
    Messages,
    /// `from` and `value`.
    Turns,
    /// Neither, or nothing.
    Unclear,
}

impl List {
    fn of(preview: &Preview, name: &str) -> Self {
        let Some(at) = preview.columns.iter().position(|column| column.name == name) else {
            return Self::None;
        };
        let mut lists =
            preview.rows.iter().filter_map(|row| row.values.get(at).and_then(Value::as_array)).peekable();
        if lists.peek().is_none() {
            return Self::None;
        }
        let keyed = |item: &&Value| item.get("role").or(item.get("from")).is_some();
        match lists.flatten().find(keyed) {
            Some(item) if item.get("role").is_some() => Self::Messages,
            Some(_) => Self::Turns,
            None => Self::Unclear,
        }
    }
}
