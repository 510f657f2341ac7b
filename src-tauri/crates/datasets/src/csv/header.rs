//! The names of the columns of a CSV file.

use std::{collections::HashSet, ops::ControlFlow};

use crate::{
    names::odd_name,
    problem::Problem,
    row_event::{RowEvent, RowSink},
};

/// Hands on the names of the columns and what is odd about them.
pub(super) fn take(names: &[String], line: u64, sink: &mut RowSink<'_>) -> ControlFlow<()> {
    sink(RowEvent::Header(names))?;
    let mut seen = HashSet::new();
    let nameless = names.iter().rev().take_while(|name| name.trim().is_empty()).count();
    for (at, name) in names.iter().enumerate() {
        let problem = if name.trim().is_empty() {
            let last = at + nameless >= names.len();
            let way =
                if last { " Delete the empty columns at the end of each line, or name them." } else { "" };
            Problem::error(line, format!("Column {} has no name.{way}", at + 1))
        } else if !seen.insert(name) {
            Problem::error(line, format!("Two columns are called '{name}'."))
        } else if let Some(odd) = odd_name(name, Some(line)) {
            odd
        } else {
            continue;
        };
        sink(RowEvent::Problem(problem.field(name)))?;
    }
    let is_long = |name: &String| name.split_whitespace().count() > 3;
    let values = names.iter().any(|name| is_value(name));
    if names.len() > 1 && values && names.iter().all(|name| is_value(name) || is_long(name)) {
        let message = "The first line may be a row: none of its fields looks like the name of a column. \
                       The first line must name the columns.";
        sink(RowEvent::Problem(Problem::warning(line, message)))?;
    }
    ControlFlow::Continue(())
}

/// Whether a text looks like the value of a row rather than the name of a column: a number, or a sentence.
fn is_value(text: &str) -> bool {
    text.trim().parse::<f64>().is_ok()
        || (text.ends_with(['.', '?', '!']) && text.split_whitespace().count() > 1)
        || text.split_whitespace().count() > 8
}
