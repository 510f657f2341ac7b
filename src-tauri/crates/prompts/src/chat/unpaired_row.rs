//! Rows read as single answers that are good or bad.

use super::{
    Conversation,
    conversation_row::{conversation, with_context},
    messages::text,
    preference_row::{Preference, preference, prompt_and_answer},
    ratings::Ratings,
    row_fault::RowFault,
};
use crate::Object;

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

/// A row as answers, each with whether it is a good one: the answer that `ratings` says it of, or the two of a
/// preference, of which the chosen one is good. `as_turns` makes messages of texts.
///
/// # Errors
/// A part is missing or empty, or nothing says whether the answer is good.
pub fn unpaired(
    row: &Object,
    ratings: Option<&Ratings>,
    system_prompt: Option<&str>,
    as_turns: bool,
) -> Result<Vec<(Answered, bool)>, RowFault> {
    if ratings.is_none() && is_pair(row) {
        return Ok(pair(preference(row, system_prompt, as_turns)?).into());
    }
    let good = ratings.unwrap_or(&Ratings::default()).is_good(row)?;
    Ok(vec![(answered(row, system_prompt, as_turns)?, good)])
}

/// Whether a row is meant to have two answers.
fn is_pair(row: &Object) -> bool {
    ["chosen", "rejected"].iter().any(|name| row.contains_key(*name))
}

/// Both answers of a preference, the good one first.
fn pair(preference: Preference) -> [(Answered, bool); 2] {
    match preference {
        Preference::Texts { prompt, chosen, rejected } => [(chosen, true), (rejected, false)]
            .map(|(completion, good)| (Answered::Texts { prompt: prompt.clone(), completion }, good)),
        Preference::Messages { prompt, chosen, rejected } => [(chosen, true), (rejected, false)]
            .map(|(completion, good)| (Answered::Messages { prompt: prompt.clone(), completion }, good)),
    }
}

fn answered(row: &Object, system_prompt: Option<&str>, as_turns: bool) -> Result<Answered, RowFault> {
    let texts = text(row, "prompt").zip(text(row, "completion"));
    if let Some((prompt, completion)) = texts.filter(|_| !as_turns) {
        return Ok(Answered::Texts { prompt: prompt.to_owned(), completion: completion.to_owned() });
    }
    let (prompt, completion) = if row.contains_key("prompt") {
        let (prompt, completion) = prompt_and_answer(row, "completion")?;
        (with_context(row, prompt, system_prompt)?, completion)
    } else {
        let mut whole = conversation(row, system_prompt)?;
        let completion = whole.messages.pop().into_iter().collect();
        (whole, completion)
    };
    if prompt.messages.is_empty() {
        return Err(RowFault::new("messages", "There is nothing before the answer."));
    }
    Ok(Answered::Messages { prompt, completion })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::Value;

    fn read(value: serde_json::Value) -> Result<Vec<(Answered, bool)>, RowFault> {
        unpaired(Value::from(value).as_object().unwrap(), None, None, false)
    }

    fn texts(prompt: &str, completion: &str) -> Answered {
        Answered::Texts { prompt: prompt.to_owned(), completion: completion.to_owned() }
    }

    #[test]
    fn a_row_is_an_answer_with_its_label_or_by_another_column() {
        let row = json!({"prompt": "p", "completion": "c", "label": false, "stars": 4});
        assert_eq!(read(row.clone()).unwrap(), [(texts("p", "c"), false)]);
        let stars = Ratings { column: "stars".to_owned(), threshold: Some(4.0) };
        let rated = unpaired(Value::from(row).as_object().unwrap(), Some(&stars), None, false).unwrap();
        assert_eq!(rated, [(texts("p", "c"), true)]);
        assert_eq!(read(json!({"prompt": "p", "completion": "c"})).unwrap_err().column, "label");
    }

    #[test]
    fn a_pair_is_two_answers_of_which_the_chosen_is_good() {
        let row = json!({"prompt": "p", "chosen": "a", "rejected": "b"});
        assert_eq!(read(row).unwrap(), [(texts("p", "a"), true), (texts("p", "b"), false)]);
        assert_eq!(
            read(json!({"prompt": "p", "chosen": "a", "rejected": "a"})).unwrap_err().column,
            "rejected"
        );
    }

    #[test]
    fn a_conversation_is_answered_by_its_last_message() {
        let messages = json!([{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]);
        let answers = read(json!({"messages": messages, "label": false})).unwrap();
        let [(Answered::Messages { prompt, completion }, good)] = answers.as_slice() else {
            panic!("{answers:?}")
        };
        assert_eq!((prompt.messages.len(), completion.len(), *good), (1, 1, false));
        assert!(read(json!({"messages": [messages[0]], "label": true})).is_err());
    }
}
