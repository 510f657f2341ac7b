//! Rows read as single answers that are good or bad.

use super::{
    Conversation,
    conversation_row::{conversation, with_context},
    messages::{filled, text},
    preference_row::prompt_and_answer,
    row_fault::RowFault,
};
use crate::{Object, Value};

/// A prompt and an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Answered {
    /// Texts.
    Texts {
        /// What is answered.
        prompt: String,
        /// The answer.
        completion: String,
    },
    /// Messages.
    Messages {
        /// What is answered, with what the row says about its template.
        prompt: Conversation,
        /// The answer.
        completion: Vec<Object>,
    },
}

/// A row as an answer, and whether it is a good one: by its `label`, else by its `rating` from 1 to 5, of which
/// 4 and 5 are good. `as_turns` makes messages of texts.
///
/// # Errors
/// A part is missing or empty, or nothing says whether the answer is good.
pub fn unpaired(
    row: &Object,
    system_prompt: Option<&str>,
    as_turns: bool,
) -> Result<(Answered, bool), RowFault> {
    let good = label(row)?;
    let texts = text(row, "prompt").zip(text(row, "completion"));
    if let Some((prompt, completion)) = texts.filter(|_| !as_turns) {
        return Ok((Answered::Texts { prompt: prompt.to_owned(), completion: completion.to_owned() }, good));
    }
    let answered = if row.contains_key("prompt") {
        let (prompt, completion) = prompt_and_answer(row, "completion")?;
        Answered::Messages { prompt: with_context(row, prompt, system_prompt)?, completion }
    } else {
        let mut whole = conversation(row, system_prompt)?;
        let completion = whole.messages.pop().into_iter().collect();
        Answered::Messages { prompt: whole, completion }
    };
    match &answered {
        Answered::Messages { prompt, .. } if prompt.messages.is_empty() => {
            Err(RowFault::new("messages", "There is nothing before the answer."))
        }
        _ => Ok((answered, good)),
    }
}

/// Whether the answer of a row is a good one.
fn label(row: &Object) -> Result<bool, RowFault> {
    if let Some(label) = filled(row, "label") {
        return as_bool(label)
            .ok_or_else(|| RowFault::new("label", "'label' must be true or false, or 1 or 0."));
    }
    let rating = filled(row, "rating").ok_or_else(|| RowFault::missing("label"))?;
    let number = match rating {
        Value::String(text) => text.trim().parse().ok(),
        other => other.as_f64(),
    };
    match number {
        Some(rating) if (4.0..=5.0).contains(&rating) => Ok(true),
        Some(rating) if (1.0..=2.0).contains(&rating) => Ok(false),
        Some(_) => Err(RowFault::new("rating", "The rating says neither good (4 or 5) nor bad (1 or 2).")),
        None => Err(RowFault::new("rating", "'rating' is not a number.")),
    }
}

fn as_bool(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(value) => Some(*value),
        Value::Number(_) => match value.as_f64()? {
            0.0 => Some(false),
            1.0 => Some(true),
            _ => None,
        },
        Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(value: serde_json::Value) -> Result<(Answered, bool), RowFault> {
        unpaired(Value::from(value).as_object().unwrap(), None, false)
    }

    #[test]
    fn labels_and_ratings_say_what_is_good() {
        let label = |name: &str, value: serde_json::Value| {
            read(json!({"prompt": "p", "completion": "c", name: value})).map(|(_, good)| good).ok()
        };
        for good in [json!(true), json!(1), json!("True"), json!("1")] {
            assert_eq!(label("label", good.clone()), Some(true), "{good}");
        }
        for bad in [json!(false), json!(0), json!("false")] {
            assert_eq!(label("label", bad.clone()), Some(false), "{bad}");
        }
        for neither in [json!(2), json!("good"), json!(null)] {
            assert_eq!(label("label", neither.clone()), None, "{neither}");
        }
        let ratings = [1, 2, 3, 4, 5, 6].map(|rating| label("rating", json!(rating)));
        assert_eq!(ratings, [Some(false), Some(false), None, Some(true), Some(true), None]);
    }

    #[test]
    fn a_conversation_is_answered_by_its_last_message() {
        let messages = json!([{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]);
        let (answered, good) = read(json!({"messages": messages, "label": false})).unwrap();
        let Answered::Messages { prompt, completion } = answered else { panic!("{answered:?}") };
        assert_eq!((prompt.messages.len(), completion.len(), good), (1, 1, false));
        assert!(read(json!({"messages": [messages[0]], "label": true})).is_err());
    }
}
