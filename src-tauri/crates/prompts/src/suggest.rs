//! Templates to start from, made for a dataset's columns.

use serde::Serialize;

use super::{ranks, template::is_nameable};

/// Templates made for a dataset's columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct Suggestion {
    /// The column that the model should answer with.
    pub answer: String,
    /// What the model reads. It ends where the answer begins, so that the training text is the
    /// input followed by the completion, and an evaluation asks exactly what was trained.
    pub input_template: String,
    /// What the model should answer.
    pub completion_template: String,
    /// The columns that no template can name, because of a character in their names.
    pub left_out: Vec<String>,
}

const PREAMBLE: &str = "You are a language model that answers with care. \
    Read what the user gives below and write the response to it.";

/// Templates for these columns; `None` if there is none that a template can name. The answer is
/// the column whose name ranks first among those that usually hold answers, else the last one.
pub fn suggest(columns: &[String]) -> Option<Suggestion> {
    let (named, left_out): (Vec<&String>, Vec<&String>) = columns.iter().partition(|name| is_nameable(name));
    // Of two that rank the same, the earlier one.
    let ranked = named.iter().filter_map(|name| Some((ranks::rank(&name.to_lowercase())?, *name)));
    let answer = ranked.min_by_key(|(rank, _)| *rank).map(|(_, name)| name).or(named.last().copied())?;
    let read = named.iter().copied().filter(|name| *name != answer);
    Some(Suggestion {
        answer: answer.clone(),
        input_template: format!("{PREAMBLE}\n\n{}", a_line_each(read, answer)),
        completion_template: format!("{{{answer}}}"),
        left_out: left_out.into_iter().cloned().collect(),
    })
}

/// A line for each column, the last of them the answer: what the model reads, and what it should
/// answer. None where a column can't be named.
pub fn lines(columns: &[String]) -> Option<(String, String)> {
    let (answer, read) = columns.split_last()?;
    if !columns.iter().all(|name| is_nameable(name)) {
        return None;
    }
    Some((a_line_each(read, answer), format!("{{{answer}}}\n")))
}

/// A line for each column that is read, and the beginning of that of the answer.
fn a_line_each<'a>(read: impl IntoIterator<Item = &'a String>, answer: &str) -> String {
    let line = |name: &String| format!("{}: {{{name}}}\n", capitalized(name));
    let lines: String = read.into_iter().map(line).collect();
    format!("{lines}{}: ", capitalized(answer))
}

/// The first letter large, the rest small. Braces in it stay braces.
fn capitalized(name: &str) -> String {
    let mut rest = name.chars();
    let first = rest.next().into_iter().flat_map(char::to_uppercase);
    first.chain(rest.as_str().to_lowercase().chars()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(columns: &[&str]) -> Suggestion {
        let columns: Vec<String> = columns.iter().map(|name| (*name).to_owned()).collect();
        suggest(&columns).unwrap()
    }

    #[test]
    fn the_answer_is_the_best_ranked_column_or_the_last() {
        assert_eq!(of(&["input", "context", "response", "label"]).answer, "response");
        assert_eq!(of(&["input", "context", "user_input", "unknown"]).answer, "unknown");
        assert_eq!(of(&["answer", "response", "output", "label"]).answer, "answer");
        assert_eq!(of(&["Label", "label", "text"]).answer, "Label");
    }

    #[test]
    fn a_line_a_column_and_the_input_ends_where_the_answer_begins() {
        let made = of(&["INSTRUCTION", "user_input", "response"]);
        let lines: Vec<&str> = made.input_template.lines().skip(1).collect();
        assert_eq!(lines, ["", "Instruction: {INSTRUCTION}", "User_input: {user_input}", "Response: "]);
        assert_eq!(made.completion_template, "{response}");
        assert_eq!(of(&["only"]).input_template.lines().last(), Some("Only: "));
    }

    #[test]
    fn what_no_template_can_name_is_left_out_and_said() {
        let made = of(&["a.b", "question", "0", "answer", "x}"]);
        assert_eq!(made.left_out, ["a.b", "0", "x}"]);
        assert!(!made.input_template.contains("a.b"));
        assert_eq!(suggest(&["a.b".to_owned()]), None);
        assert_eq!(suggest(&[]), None);
    }
}
