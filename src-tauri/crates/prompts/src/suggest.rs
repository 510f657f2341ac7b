//! Suggested templates for a dataset's columns.

use serde::Serialize;

use super::{column_name::is_nameable, ranks};

/// Suggested templates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Suggestion {
    /// The column that the model should answer with.
    pub answer: String,
    /// What the model reads. It ends directly before the answer, so that the input of an evaluation is
    /// exactly the beginning of the training text.
    pub input_template: String,
    /// What the model should answer.
    pub completion_template: String,
    /// The columns that no template can name because of a character in their names.
    pub left_out: Vec<String>,
}

const PREAMBLE: &str = "You are a language model that answers with care. \
    Read what the user gives below and write the response to it.";

/// Templates for these columns; `None` if a template can name none of them. The answer is the column
/// with the best rank as an answer, else the last one.
pub fn suggest(columns: &[String]) -> Option<Suggestion> {
    let (named, left_out): (Vec<&String>, Vec<&String>) = columns.iter().partition(|name| is_nameable(name));
    // Of equal ranks, the first column.
    let ranked = named.iter().filter_map(|name| Some((ranks::rank(&name.to_lowercase())?, *name)));
    let answer = ranked.min_by_key(|(rank, _)| *rank).map(|(_, name)| name).or(named.last().copied())?;
    let read = named.iter().copied().filter(|name| *name != answer);
    Some(Suggestion {
        answer: answer.clone(),
        input_template: format!("{PREAMBLE}\n\n{}", input_lines(read, answer)),
        completion_template: format!("{{{answer}}}"),
        left_out: left_out.into_iter().cloned().collect(),
    })
}

/// Templates with one line for each column, the last of which is the answer: input and completion. `None`
/// if a template can't name one of the columns.
pub fn lines(columns: &[String]) -> Option<(String, String)> {
    let (answer, read) = columns.split_last()?;
    if !columns.iter().all(|name| is_nameable(name)) {
        return None;
    }
    Some((input_lines(read, answer), format!("{{{answer}}}\n")))
}

/// One line for each input column, and the beginning of the line of the answer.
fn input_lines<'a>(read: impl IntoIterator<Item = &'a String>, answer: &str) -> String {
    let line = |name: &String| format!("{}: {{{name}}}\n", capitalized(name));
    let lines: String = read.into_iter().map(line).collect();
    format!("{lines}{}: ", capitalized(answer))
}

/// The name with its first letter in upper case and the others in lower case.
fn capitalized(name: &str) -> String {
    let mut rest = name.chars();
    let first = rest.next().into_iter().flat_map(char::to_uppercase);
    first.chain(rest.as_str().to_lowercase().chars()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn suggested(columns: &[&str]) -> Suggestion {
        let columns: Vec<String> = columns.iter().map(|name| (*name).to_owned()).collect();
        suggest(&columns).unwrap()
    }

    #[test]
    fn the_answer_is_the_best_ranked_column_or_the_last() {
        assert_eq!(suggested(&["input", "context", "response", "label"]).answer, "response");
        assert_eq!(suggested(&["input", "context", "user_input", "unknown"]).answer, "unknown");
        assert_eq!(suggested(&["answer", "response", "output", "label"]).answer, "answer");
        assert_eq!(suggested(&["Label", "label", "text"]).answer, "Label");
    }

    #[test]
    fn a_line_a_column_and_the_input_ends_where_the_answer_begins() {
        let made = suggested(&["INSTRUCTION", "user_input", "response"]);
        let lines: Vec<&str> = made.input_template.lines().skip(1).collect();
        assert_eq!(lines, ["", "Instruction: {INSTRUCTION}", "User_input: {user_input}", "Response: "]);
        assert_eq!(made.completion_template, "{response}");
        assert_eq!(suggested(&["only"]).input_template.lines().last(), Some("Only: "));
    }

    #[test]
    fn columns_that_no_template_can_name_are_left_out_and_listed() {
        let made = suggested(&["a.b", "question", "0", "answer", "x}"]);
        assert_eq!(made.left_out, ["a.b", "0", "x}"]);
        assert!(!made.input_template.contains("a.b"));
        assert_eq!(suggest(&["a.b".to_owned()]), None);
        assert_eq!(suggest(&[]), None);
    }
}
