//! Which shapes can become which, and what happens to the fields, in a sentence.

use serde::Serialize;

use super::Shape;
use crate::shape::Recognized;

/// A shape that rows can be converted to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Conversion {
    /// The new shape; that of the rows themselves where only the format changes.
    pub to: Shape,
    /// What happens to the fields.
    pub says: String,
}

/// What rows can become. The first is their own shape: the same rows in another format.
pub(crate) fn offers(recognized: &Recognized) -> Vec<Conversion> {
    use Shape::{Alpaca, Chat, Columns, Preference, PromptCompletion, Sharegpt, Text};
    let from = recognized.shape;
    let to: &[Shape] = match from {
        Alpaca => &[PromptCompletion, Chat, Sharegpt, Text],
        PromptCompletion => &[Alpaca, Chat, Sharegpt, Text],
        Chat => &[Sharegpt, PromptCompletion, Alpaca, Text],
        Sharegpt => &[Chat, PromptCompletion, Alpaca, Text],
        Preference => &[PromptCompletion, Alpaca, Chat, Sharegpt, Text],
        Columns if recognized.messages.is_some() => &[Chat, Sharegpt, PromptCompletion, Alpaca, Text],
        Columns => &[Text],
        Text => &[],
    };
    let stay = "The rows stay as they are; only the format of the file changes.".to_owned();
    let others = to.iter().map(|to| Conversion { to: *to, says: says(recognized, *to) });
    std::iter::once(Conversion { to: from, says: stay }).chain(others).collect()
}

fn says(recognized: &Recognized, to: Shape) -> String {
    let from = recognized.shape;
    let main = match (from, to) {
        (Shape::Columns, Shape::Chat | Shape::Sharegpt) => {
            let name = recognized.messages.map_or("", |messages| messages.name);
            let (column, keys) = match to {
                Shape::Chat => ("messages", "'role' and 'content'"),
                _ => ("conversations", "'from' and 'value'"),
            };
            return format!(
                "The lists in '{name}' become the column '{column}', each message with {keys}. \
                 Other columns are left out."
            );
        }
        (Shape::Columns, _) if recognized.messages.is_none() => {
            return "All filled columns become the text, each as 'name: value' on a line of its own."
                .to_owned();
        }
        (Shape::Sharegpt, Shape::Chat) => {
            "Each message stays; 'from' and 'value' become 'role' and 'content'."
        }
        (Shape::Chat, Shape::Sharegpt) => {
            "Each message stays; 'role' and 'content' become 'from' and 'value'."
        }
        (Shape::Chat | Shape::Sharegpt | Shape::Columns, Shape::Text) => {
            "The messages become the text, one after another, each with who speaks."
        }
        (Shape::PromptCompletion, Shape::Text) => "The completion right behind the prompt becomes the text.",
        (Shape::Preference, Shape::Text) => "The chosen answer right behind the prompt becomes the text.",
        (_, Shape::Text) => "Instruction, input and output become the text, with a blank line between them.",
        _ => return format!("{}{}", parts(from, to), rest(from, to)),
    };
    format!("{main}{}", rest(from, to))
}

/// Where question and answer come from and where they go.
fn parts(from: Shape, to: Shape) -> String {
    let (question, answer) = match from {
        Shape::Alpaca => ("Instruction and input become", "the output"),
        Shape::Preference => ("The prompt becomes", "the chosen answer"),
        Shape::PromptCompletion => ("The prompt becomes", "the completion"),
        _ => ("The user's message becomes", "the assistant's"),
    };
    let (asked, answered) = match to {
        Shape::Alpaca => ("the instruction", "the output; the input stays empty"),
        Shape::Chat => ("a message of 'user'", "one of 'assistant'"),
        Shape::Sharegpt => ("a message of 'human'", "one of 'gpt'"),
        _ => ("the prompt", "the completion"),
    };
    format!("{question} {asked}, {answer} becomes {answered}.")
}

fn rest(from: Shape, to: Shape) -> &'static str {
    match (from, to) {
        (Shape::Chat | Shape::Sharegpt | Shape::Columns, Shape::Alpaca | Shape::PromptCompletion) => {
            " Only conversations of one question and one answer are taken. Other columns are left out."
        }
        (Shape::Preference, _) => " The rejected answer and other columns are left out.",
        _ => " Other columns are left out.",
    }
}
