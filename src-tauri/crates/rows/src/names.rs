//! What is odd about the names of columns, whatever kind of file they are in.

use super::problem::Problem;

/// What is odd about the name of a column. `line` is that of a header.
pub fn odd_name(name: &str, line: Option<u64>) -> Option<Problem> {
    let message = if name.trim() != name {
        format!("The column name '{name}' starts or ends with a space.")
    } else if name.contains(char::is_whitespace) {
        format!("The column name '{name}' has a space in it.")
    } else if name.contains(char::is_control) {
        format!("The column name {name:?} has a control character in it.")
    } else if !prompts::is_nameable(name) {
        format!(
            "The column name '{name}' can't be written in a prompt template. Rename the column to use it there."
        )
    } else {
        return None;
    };
    Some(Problem::warning(line, message).field(name))
}

/// What is odd about the keys of rows of JSON.
pub fn odd_keys<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<Problem> {
    let odd = |name: &str| match name.trim() {
        "" => {
            Some(Problem::error(None, "A key of the rows is empty, so its column has no name.").field(name))
        }
        _ => odd_name(name, None),
    };
    names.into_iter().filter_map(odd).collect()
}
