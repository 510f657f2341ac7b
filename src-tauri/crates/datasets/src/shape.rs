//! What kind of training example the rows are. The shapes and the names of their columns are those
//! that trainers of this field agree on: Stanford's Alpaca, ShareGPT, and TRL's dataset formats
//! (<https://huggingface.co/docs/trl/dataset_formats>).

use prompts::{
    Value,
    chat::{Style, has_content},
};
use schema::text_enum;

use super::{Preview, json_text::JsonText};

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

/// The number of rows by which the shape is recognized.
pub(super) const FIRST_ROWS: u64 = 100;

/// What the first rows show.
pub(super) struct Recognized {
    pub(super) shape: Shape,
    /// By what it is known, in a sentence.
    pub(super) why: String,
    /// The column that holds conversations.
    pub(super) messages: Option<MessageColumn>,
}

/// A column of conversations, whatever its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct MessageColumn {
    pub(super) name: &'static str,
    /// The keys of its messages.
    pub(super) style: Style,
    /// Whether each value is the JSON text of a list.
    pub(super) as_text: bool,
}

impl Preview {
    /// What kind of training example rows like these are.
    pub fn shape(&self) -> Shape {
        recognize(self).shape
    }

    /// Whether a column of these rows holds conversations, whatever their shape is.
    pub fn has_conversations(&self) -> bool {
        recognize(self).messages.is_some()
    }
}

/// The shape of rows like these, and why.
pub(super) fn recognize(preview: &Preview) -> Recognized {
    let has = |name: &str| preview.columns.iter().any(|column| column.name == name);
    let plain = |shape, why| Recognized { shape, why, messages: None };
    if has("chosen") && has("rejected") {
        let prompt =
            if has("prompt") { "" } else { " Without a column 'prompt', both have to begin with it." };
        return plain(Shape::Preference, format!("There are the columns 'chosen' and 'rejected'.{prompt}"));
    }
    let columns = COLUMNS.map(|(name, style)| (name, style, List::from_column(preview, name)));
    for (name, style, list) in &columns {
        if list.style(*style) == Some(*style) {
            let shape = if *style == Style::Chat { Shape::Chat } else { Shape::Sharegpt };
            let messages = Some(MessageColumn { name, style: *style, as_text: false });
            return Recognized {
                shape,
                why: format!("The column '{name}' holds lists of messages."),
                messages,
            };
        }
    }
    for (name, style, list) in &columns {
        if let List::Lists(found) = list
            && let Some(found) = found
        {
            let why = format!(
                "The column '{name}' holds lists with '{}' and '{}', which trainers look for in a column '{}'.",
                found.speaker_key(),
                found.content_key(),
                if *style == Style::Chat { "conversations" } else { "messages" },
            );
            let messages = Some(MessageColumn { name, style: *found, as_text: false });
            return Recognized { shape: Shape::Columns, why, messages };
        }
    }
    let pairs = [(Shape::PromptCompletion, "prompt", "completion"), (Shape::Alpaca, "instruction", "output")];
    for (shape, one, other) in pairs {
        if has(one) && has(other) {
            return plain(shape, format!("There are the columns '{one}' and '{other}'."));
        }
    }
    if has("text") {
        return plain(Shape::Text, "There is a column 'text'.".to_owned());
    }
    for (name, _, list) in &columns {
        match list {
            List::Json(style) => {
                let messages = Some(MessageColumn { name, style: *style, as_text: true });
                let why = format!("The column '{name}' holds lists of messages as JSON text, not as lists.");
                return Recognized { shape: Shape::Columns, why, messages };
            }
            List::Python => {
                let why = format!(
                    "The column '{name}' holds lists as Python writes them, as texts. \
                     Write the file again as JSON Lines, where lists stay lists."
                );
                return plain(Shape::Columns, why);
            }
            List::Lists(_) | List::None => {}
        }
    }
    for (_, one, other) in pairs {
        if has(one) || has(other) {
            let (there, absent) = if has(one) { (one, other) } else { (other, one) };
            return plain(Shape::Columns, format!("There is a column '{there}', but no column '{absent}'."));
        }
    }
    for (name, _) in COLUMNS {
        if has(name) {
            let why = format!("The column '{name}' holds no lists of messages in the first rows.");
            return plain(Shape::Columns, why);
        }
    }
    plain(Shape::Columns, "The columns have none of the names that trainers know.".to_owned())
}

/// The columns that trainers look for conversations in, and the keys they expect there.
const COLUMNS: [(&str, Style); 2] = [("messages", Style::Chat), ("conversations", Style::Sharegpt)];

/// What a column that may hold conversations has in the first rows.
#[derive(Clone, Copy)]
enum List {
    /// No lists.
    None,
    /// Lists, and the keys of the first message with any.
    Lists(Option<Style>),
    /// Lists of messages as JSON text.
    Json(Style),
    /// Lists as Python's `repr` writes them.
    Python,
}

impl List {
    fn from_column(preview: &Preview, name: &str) -> Self {
        let Some(at) = preview.columns.iter().position(|column| column.name == name) else {
            return Self::None;
        };
        let values = || preview.rows.iter().filter_map(|row| row.values.get(at));
        let mut lists = values().filter_map(Value::as_array).peekable();
        if lists.peek().is_some() {
            return Self::Lists(lists.find_map(style_of));
        }
        let mut texts = values().filter_map(Value::as_str).filter(|text| text.trim_start().starts_with('['));
        let Some(text) = texts.next() else { return Self::None };
        match JsonText::parse(text.as_bytes()).map(|text| text.value) {
            Ok(Value::Array(messages)) => style_of(&messages).map_or(Self::None, Self::Json),
            Err(_) if text.contains("{'") => Self::Python,
            _ => Self::None,
        }
    }

    /// The keys of its messages, those that are expected if none has any.
    fn style(self, expected: Style) -> Option<Style> {
        match self {
            Self::Lists(style) => Some(style.unwrap_or(expected)),
            _ => None,
        }
    }
}

/// The keys of the first message that has any.
#[expect(clippy::ptr_arg, reason = "as lists are kept")]
fn style_of(messages: &Vec<Value>) -> Option<Style> {
    messages.iter().find_map(|message| {
        let has = |style: &Style| has_content(message.get(style.speaker_key()));
        [Style::Chat, Style::Sharegpt].into_iter().find(has)
    })
}
