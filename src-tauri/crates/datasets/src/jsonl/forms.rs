//! Files called JSON Lines that are JSON of another form: a list, or objects over several lines.

use prompts::Value;

use crate::{json_text::JsonText, problem::Problem};

/// Why a file that starts so is not JSON Lines as a whole; `None` if it may be. Where only a line is at
/// fault, that is told when the line is read.
pub(crate) fn other_form(start: &[u8]) -> Option<Problem> {
    let mut lines = start.split_inclusive(|byte| *byte == b'\n');
    let mut number = 0;
    let mut next = || {
        lines.by_ref().inspect(|_| number += 1).find(|line| !line.iter().all(u8::is_ascii_whitespace))
    };
    let first = next()?;
    // Only what is there whole can be told apart.
    let second = next().filter(|line| line.ends_with(b"\n"));
    let read = JsonText::parse(first).map(|text| text.value);
    let message = match first.trim_ascii() {
        [b'[', ..] if second.is_none_or(|line| !line.trim_ascii().starts_with(b"[")) && is_list(&read) => {
            "This file is a JSON list, not JSON Lines. Give it a name that ends in .json."
        }
        [b'{', .., b'{' | b'[' | b',']
        | [b'{']
            if read.is_err() && second.is_some_and(|line| !is_object(line)) =>
        {
            "The objects of this file go over several lines; JSON Lines has one object a line. \
             Write each on one line, or all of them as a list: [{…}, {…}] in a file that ends in .json."
        }
        _ => return None,
    };
    Some(Problem::error(None, message))
}

/// Whether it is a list of objects, or goes on in the next line.
fn is_list(read: &serde_json::Result<Value>) -> bool {
    match read {
        Ok(Value::Array(values)) => values.iter().any(|value| value.as_object().is_some()),
        Ok(_) => false,
        Err(error) => error.is_eof(),
    }
}

fn is_object(line: &[u8]) -> bool {
    JsonText::parse(line.trim_ascii()).is_ok_and(|text| text.value.as_object().is_some())
}
