//! What of the original is in no row of the new file, though the row itself is.

use super::{Cell, Origin, Row, Shape};
use crate::problem::Problem;

/// What is left out of the rows so far.
pub(super) struct LeftOut<'a> {
    /// The columns that are used; `None` if all are.
    used: Option<&'a [&'static str]>,
    columns: Counts,
    keys: Counts,
}

impl<'a> LeftOut<'a> {
    pub(super) fn new(origin: &'a Origin, to: Shape) -> Self {
        let all = origin.shape() == to || origin.used().is_empty();
        let used = (!all).then(|| origin.used());
        Self { used, columns: Counts::default(), keys: Counts::default() }
    }

    /// Notes a row that is written, and the keys of its messages that are not.
    pub(super) fn add(&mut self, row: Row<'_>, mut keys: Vec<String>) {
        keys.sort_unstable();
        keys.dedup();
        keys.iter().for_each(|key| self.keys.add(key));
        if let Some(used) = self.used {
            row.each(|name, cell| {
                if !used.contains(&name) && !matches!(cell, Cell::Missing | Cell::Text("")) {
                    self.columns.add(name);
                }
            });
        }
    }

    /// What was left out, each with the number of rows that have it.
    pub(super) fn warnings(self) -> Vec<Problem> {
        let warning = |what: &str, (name, rows): (String, u64)| {
            let rows = if rows == 1 { "1 row has it".to_owned() } else { format!("{rows} rows have it") };
            Problem::warning(None, format!("The {what} '{name}' is left out; {rows}.")).field(name)
        };
        let columns = self.columns.0.into_iter().map(|counted| warning("column", counted));
        columns.chain(self.keys.0.into_iter().map(|counted| warning("messages' key", counted))).collect()
    }
}

/// In how many rows each name is, in order of appearance.
#[derive(Default)]
struct Counts(Vec<(String, u64)>);

impl Counts {
    fn add(&mut self, name: &str) {
        match self.0.iter_mut().find(|(known, _)| known == name) {
            Some((_, rows)) => *rows += 1,
            None => self.0.push((name.to_owned(), 1)),
        }
    }
}
