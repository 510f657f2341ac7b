//! Rows read as two answers to the same prompt, of which one is preferred.

use super::{
    Conversation,
    conversation_row::{part, with_context},
    messages::{filled, list, message, messages},
    role::Speaker,
    row_fault::RowFault,
};
use crate::{Object, Value};

/// A prompt and two answers.
#[derive(Debug, Clone, PartialEq)]
pub enum Preference {
    /// Texts.
    Texts {
        /// What both answer; empty where the answers share no beginning.
        prompt: String,
        /// The preferred answer.
        chosen: String,
        /// The other one.
        rejected: String,
    },
    /// Messages.
    Messages {
        /// What both answer, with what the row says about its template.
        prompt: Conversation,
        /// The preferred answer.
        chosen: Vec<Object>,
        /// The other one.
        rejected: Vec<Object>,
    },
}

/// A row as a preference. Without a column `prompt`, or where that is a text beside lists of messages, the
/// prompt is what both answers begin with. `as_turns` makes messages of texts.
///
/// # Errors
/// A part is missing, empty or of another kind than the others, or both answers are the same.
pub fn preference(row: &Object, system_prompt: Option<&str>, as_turns: bool) -> Result<Preference, RowFault> {
    let value = |column: &str| row.get(column).filter(|value| !value.is_null());
    let chosen = value("chosen").ok_or_else(|| RowFault::missing("chosen"))?;
    let rejected = value("rejected").ok_or_else(|| RowFault::missing("rejected"))?;
    if chosen == rejected {
        let same = "Chosen and rejected are the same, so there is nothing to learn from them.";
        return Err(RowFault::new("rejected", same));
    }
    match (list(chosen), list(rejected)) {
        (Some(chosen), Some(rejected)) => {
            let (mut chosen, mut rejected) = (messages(&chosen, "chosen")?, messages(&rejected, "rejected")?);
            let given = match filled(row, "prompt").and_then(list) {
                Some(prompt) => Some(messages(&prompt, "prompt")?),
                None => None,
            };
            let shared = chosen.iter().zip(&rejected).take_while(|(one, other)| one == other).count();
            let prompt = match given {
                // The answers may hold the prompt as well.
                Some(prompt) if continues(&chosen, &prompt) && continues(&rejected, &prompt) => {
                    chosen.drain(..prompt.len());
                    rejected.drain(..prompt.len());
                    prompt
                }
                Some(prompt) => prompt,
                None => {
                    rejected.drain(..shared);
                    chosen.drain(..shared).collect()
                }
            };
            answered(row, prompt, chosen, rejected, system_prompt)
        }
        (None, None) => {
            let (chosen, rejected) = (said(chosen, "chosen")?, said(rejected, "rejected")?);
            match filled(row, "prompt") {
                Some(Value::String(prompt)) if as_turns => answered(
                    row,
                    vec![message(Speaker::User, prompt)],
                    vec![message(Speaker::Assistant, chosen)],
                    vec![message(Speaker::Assistant, rejected)],
                    system_prompt,
                ),
                Some(Value::String(prompt)) => Ok(Preference::Texts {
                    prompt: prompt.clone(),
                    chosen: chosen.to_owned(),
                    rejected: rejected.to_owned(),
                }),
                Some(_) => {
                    Err(RowFault::new("prompt", "'prompt' holds messages, and the answers are texts."))
                }
                None if as_turns => {
                    let message =
                        "There is no prompt apart from the answers, so they can't be taken as turns.";
                    Err(RowFault::new("prompt", message))
                }
                None => split(chosen, rejected),
            }
        }
        _ => Err(RowFault::new("rejected", "One answer is a text and the other a list of messages.")),
    }
}

/// Whether an answer begins with the prompt and has more.
fn continues(answer: &[Object], prompt: &[Object]) -> bool {
    answer.len() > prompt.len() && answer.starts_with(prompt)
}

fn answered(
    row: &Object,
    prompt: Vec<Object>,
    chosen: Vec<Object>,
    rejected: Vec<Object>,
    system_prompt: Option<&str>,
) -> Result<Preference, RowFault> {
    for (column, answer) in [("prompt", &prompt), ("chosen", &chosen), ("rejected", &rejected)] {
        if answer.is_empty() {
            return Err(RowFault::new(column, format!("'{column}' has no message of its own.")));
        }
    }
    Ok(Preference::Messages { prompt: with_context(row, prompt, system_prompt)?, chosen, rejected })
}

fn said<'a>(value: &'a Value, column: &str) -> Result<&'a str, RowFault> {
    match value.as_str() {
        Some(text) if !text.trim().is_empty() => Ok(text),
        Some(_) => Err(RowFault::new(column, format!("'{column}' is empty."))),
        None => Err(RowFault::new(column, format!("'{column}' is neither a text nor a list of messages."))),
    }
}

/// The common beginning and what is left of both. As TRL splits them: a space in front of the first difference
/// belongs to the answers.
fn split(chosen: &str, rejected: &str) -> Result<Preference, RowFault> {
    let same = chosen.char_indices().zip(rejected.chars()).take_while(|((_, one), other)| one == other);
    let mut at = same.last().map_or(0, |((at, one), _)| at + one.len_utf8());
    if chosen.split_at(at).0.ends_with(' ') {
        at -= 1;
    }
    let (prompt, chosen) = chosen.split_at(at);
    let rejected = rejected.split_at(at).1;
    for (column, answer) in [("chosen", chosen), ("rejected", rejected)] {
        if answer.trim().is_empty() {
            return Err(RowFault::new(
                column,
                format!("'{column}' is the beginning of the other answer, so nothing is left to compare."),
            ));
        }
    }
    Ok(Preference::Texts {
        prompt: prompt.to_owned(),
        chosen: chosen.to_owned(),
        rejected: rejected.to_owned(),
    })
}

/// The parts of a prompt and of one answer, where both are texts or both messages.
pub(super) fn prompt_and_answer(row: &Object, answer: &str) -> Result<(Vec<Object>, Vec<Object>), RowFault> {
    Ok((part(row, "prompt", Speaker::User)?, part(row, answer, Speaker::Assistant)?))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn row(value: serde_json::Value) -> Object {
        Value::from(value).as_object().cloned().unwrap()
    }

    fn texts(prompt: &str, chosen: &str, rejected: &str) -> Preference {
        Preference::Texts {
            prompt: prompt.to_owned(),
            chosen: chosen.to_owned(),
            rejected: rejected.to_owned(),
        }
    }

    #[test]
    fn the_prompt_of_texts_is_given_or_what_both_begin_with() {
        let given = row(json!({"prompt": "Say: ", "chosen": "Say no", "rejected": "Say yes"}));
        assert_eq!(preference(&given, None, false).unwrap(), texts("Say: ", "Say no", "Say yes"));
        let shared = row(json!({"chosen": "Ä: good", "rejected": "Ä: bad"}));
        assert_eq!(preference(&shared, None, false).unwrap(), texts("Ä:", " good", " bad"));
        assert!(preference(&shared, None, true).is_err(), "turns need a prompt");
        let within = row(json!({"chosen": "Say", "rejected": "Say more"}));
        assert!(preference(&within, None, false).is_err(), "nothing is left of the first");
    }

    #[test]
    fn messages_are_split_alike_wherever_the_prompt_is() {
        let user = json!({"role": "user", "content": "Hi"});
        let good = json!({"role": "assistant", "content": "Hello"});
        let bad = json!({"from": "gpt", "value": "Go"});
        let rows = [
            json!({"prompt": [user], "chosen": [good], "rejected": [bad]}),
            json!({"prompt": [user], "chosen": [user, good], "rejected": [user, bad]}),
            json!({"prompt": "Hi", "chosen": [user, good], "rejected": [user, bad]}),
            json!({"chosen": [user, good], "rejected": [user, bad]}),
        ];
        let found: Vec<Preference> = rows
            .iter()
            .map(|value| preference(&row(value.clone()), Some("Be kind."), false).unwrap())
            .collect();
        for one in &found {
            assert_eq!(one, &found[0]);
        }
        let as_turns = row(json!({"prompt": "Hi", "chosen": "Hello", "rejected": "Go"}));
        assert_eq!(preference(&as_turns, Some("Be kind."), true).unwrap(), found[0]);
        let Preference::Messages { prompt, chosen, .. } = &found[0] else { panic!("{found:?}") };
        assert_eq!((prompt.messages.len(), chosen.len()), (2, 1));
    }

    #[test]
    fn rows_without_two_answers_are_refused() {
        let cases = [
            (json!({"chosen": "a"}), "rejected"),
            (json!({"prompt": "p", "chosen": "a", "rejected": "a"}), "rejected"),
            (json!({"prompt": "p", "chosen": "a", "rejected": " "}), "rejected"),
            (
                json!({"prompt": "p", "chosen": "a", "rejected": [{"role": "user", "content": "b"}]}),
                "rejected",
            ),
            (json!({"prompt": [{"role": "user", "content": "b"}], "chosen": "a", "rejected": "b"}), "prompt"),
        ];
        for (value, column) in cases {
            assert_eq!(preference(&row(value.clone()), None, false).unwrap_err().column, column, "{value}");
        }
    }
}
