//! Checks the rows of a source against the declarations of their tables, and collects problems with
//! table, row and column.

use std::collections::BTreeMap;

use compute::{TargetSettings, target_name};
use resources::{Described as _, unknown_choice, unparsed};
use schema::TableName;
use serde::Serialize;
use serde_json::Value;
use store::{Cell, SNAPSHOT_TABLES, SnapshotColumn, SnapshotTable, SourceRow, StagedRows};

use super::fit::fit;

/// A problem with a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct SourceProblem {
    /// The name of the table in the source.
    pub table: String,
    /// The row, counted from one, if it is about one.
    pub row: Option<u64>,
    /// The column, if it is about one.
    pub column: Option<String>,
    /// The problem in a sentence.
    pub message: String,
}

/// A table, column or row of a source that is ignored without a loss of a resource's values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Skipped {
    /// The table, column or row.
    pub name: String,
    /// The reason.
    pub reason: String,
}

/// Counts of the rows of a table that were read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) seen: u64,
    pub(super) invalid: u64,
    /// Rows with a reference that was `''`.
    pub(super) cleared: u64,
}

/// The largest number of problems that are kept; the others are counted.
pub(super) const KEPT_PROBLEMS: usize = 1_000;
/// The largest number of cells of a batch. SQLite allows 32,766 variables in a statement.
const MOST_VARIABLES: usize = 30_000;
const MOST_ROWS: usize = 500;
/// The number of bytes of text at which a batch is full.
const MOST_BYTES: usize = 1 << 20;

/// Checks rows and collects them in batches.
pub(super) struct Intake {
    batch: StagedRows,
    /// The bytes of text in the batch.
    bytes: usize,
    pub(super) tallies: Vec<Tally>,
    pub(super) problems: Vec<SourceProblem>,
    pub(super) problem_count: u64,
    /// Problems that do not prevent the import, as a check lists them.
    pub(super) warnings: Vec<SourceProblem>,
    pub(super) warning_count: u64,
    /// Unknown columns without a value in any row so far.
    empty_columns: BTreeMap<(usize, String), bool>,
    skipped: Vec<Skipped>,
}

impl Intake {
    pub(super) fn new() -> Self {
        Self {
            batch: StagedRows { table: 0, rows: Vec::new() },
            bytes: 0,
            tallies: vec![Tally::default(); SNAPSHOT_TABLES.len()],
            problems: Vec::new(),
            problem_count: 0,
            warnings: Vec::new(),
            warning_count: 0,
            empty_columns: BTreeMap::new(),
            skipped: Vec::new(),
        }
    }

    /// Adds a row of a table. Returns a batch if one is full.
    pub(super) fn row(&mut self, table: usize, row: SourceRow) -> Option<StagedRows> {
        let tally = &mut self.tallies[table];
        tally.seen += 1;
        let number = tally.seen;
        let finished = (self.batch.table != table).then(|| self.flush(table)).flatten();
        match self.check(table, number, row) {
            Some(cells) => {
                self.bytes += cells.iter().map(Cell::bytes).sum::<usize>();
                self.batch.rows.push((number, cells));
            }
            None => self.tallies[table].invalid += 1,
        }
        let columns = SNAPSHOT_TABLES[table].columns.len() + 1;
        let full =
            self.batch.rows.len() >= MOST_ROWS.min(MOST_VARIABLES / columns) || self.bytes >= MOST_BYTES;
        // The batch of the table before is returned; this table's batch is full at its next row at the
        // earliest.
        if full && finished.is_none() { self.flush(table) } else { finished }
    }

    /// Adds a problem with an item that is not a row.
    pub(super) fn no_row(&mut self, table: usize, what: &str) {
        let tally = &mut self.tallies[table];
        tally.seen += 1;
        tally.invalid += 1;
        let number = tally.seen;
        self.row_problem(table, number, None, format!("{what} is in place of a row."));
    }

    /// Notes a table with metadata whose rows can't be read. `what` is a clause.
    pub(super) fn unreadable(&mut self, table: usize, what: &str) {
        let name = SNAPSHOT_TABLES[table].name.to_owned();
        self.skip(name, format!("This can't be read, because {what}. All other rows are read."));
    }

    /// The last batch.
    pub(super) fn flush(&mut self, next: usize) -> Option<StagedRows> {
        self.bytes = 0;
        let next = StagedRows { table: next, rows: Vec::new() };
        let batch = std::mem::replace(&mut self.batch, next);
        (!batch.rows.is_empty()).then_some(batch)
    }

    /// Notes a known table without a list of rows: `is_null` if its `data` is null, else it has none.
    pub(super) fn no_rows(&mut self, table: usize, is_null: bool) {
        let name = SNAPSHOT_TABLES[table].name.to_owned();
        let reason = match is_null {
            true => "The `data` of this table is null, so it has no rows in the file.",
            false => "The file has this table without `data`, so without rows.",
        };
        self.skipped.push(Skipped { name, reason: reason.to_owned() });
    }

    /// Adds an unknown table, with the number of its rows if they could be counted.
    pub(super) fn foreign_table(&mut self, name: &str, rows: Option<u64>) {
        let name = short(name);
        let reason = if name == "alembic_version" {
            "The reference studio's note of its own schema."
        } else if name.starts_with("studio_") {
            "A table of a newer version of this program, or of this machine alone."
        } else if rows == Some(0) {
            "Not a table of a studio, and empty."
        } else {
            let count = match rows {
                None => String::new(),
                Some(1) => " It has one row.".to_owned(),
                Some(rows) => format!(" It has {rows} rows."),
            };
            self.problem(&name, None, None, format!("'{name}' is not a table of a studio.{count}"));
            return;
        };
        self.skip(name, reason.to_owned());
    }

    fn skip(&mut self, name: String, reason: String) {
        if self.skipped.len() < KEPT_PROBLEMS {
            self.skipped.push(Skipped { name, reason });
        }
    }

    /// Adds a problem with a row. What only completes a row is a note, so that the row is imported.
    fn row_problem(&mut self, table: usize, number: u64, column: Option<&str>, message: String) {
        let SnapshotTable { name, .. } = &SNAPSHOT_TABLES[table];
        if !SNAPSHOT_TABLES[table].may_lack() {
            return self.problem(name, Some(number), column, message);
        }
        let column = column.map_or(String::new(), |column| format!(" {}", short(column)));
        let name = format!("{name} row {number}{column}");
        let rest = match SNAPSHOT_TABLES[table].completes() {
            Some(completed) => format!("The {} itself is read without it.", completed.table().singular),
            None => "The compute target is left out.".to_owned(),
        };
        self.skip(name, format!("{message} {rest}"));
    }

    /// Adds a problem.
    pub(super) fn problem(&mut self, table: &str, row: Option<u64>, column: Option<&str>, message: String) {
        self.problem_count += 1;
        if self.problems.len() < KEPT_PROBLEMS {
            let column = column.map(short);
            self.problems.push(SourceProblem { table: short(table), row, column, message });
        }
    }

    /// The ignored tables and columns, once the source was read.
    pub(super) fn skipped(&self) -> Vec<Skipped> {
        let empty =
            self.empty_columns.iter().filter(|(_, empty)| **empty).map(|((table, column), _)| Skipped {
                name: format!("{}.{column}", SNAPSHOT_TABLES[*table].name),
                reason: "Not a column of a studio, and empty everywhere.".to_owned(),
            });
        self.skipped.iter().cloned().chain(empty).collect()
    }

    /// Adds the warnings of a row of a resource: the problems that a check lists.
    fn warn(&mut self, table: usize, number: u64, cells: &[Cell]) {
        let Some(resource) = SNAPSHOT_TABLES[table].resource() else { return };
        let text = |at: usize| match &cells[at] {
            Cell::Text(text) => Some(text.as_str()),
            _ => None,
        };
        let unknown = resource.columns.iter().enumerate().filter_map(|(at, column)| {
            unknown_choice(column, text(at)?).map(|message| (column.name, message))
        });
        for (column, message) in unknown.chain(unparsed(resource, text)) {
            self.warning_count += 1;
            if self.warnings.len() < KEPT_PROBLEMS {
                self.warnings.push(SourceProblem {
                    table: resource.name.into_str().to_owned(),
                    row: Some(number),
                    column: Some(column.to_owned()),
                    message,
                });
            }
        }
    }

    fn check(&mut self, table: usize, number: u64, row: SourceRow) -> Option<Vec<Cell>> {
        let SnapshotTable { name, columns, .. } = &SNAPSHOT_TABLES[table];
        let mut faults = Vec::new();
        if let Some(column) = row.repeated {
            faults.push((column.to_owned(), "The row has this column twice.".to_owned()));
        }
        for (column, filled) in row.unknown {
            let column = short(&column);
            if filled {
                faults.push((
                    column.clone(),
                    format!("'{column}' is not a column of {name}, but it has a value."),
                ));
            }
            let room = self.empty_columns.len() < KEPT_PROBLEMS;
            let key = (table, column);
            if room || self.empty_columns.contains_key(&key) {
                *self.empty_columns.entry(key).or_insert(true) &= !filled;
            }
        }
        let mut cleared = false;
        let cells = row.cells.into_iter().zip(columns).map(|(cell, column)| match fit(cell, column) {
            Ok(Cell::Text(text)) if text.is_empty() && column.target.is_some() => {
                cleared = true;
                Cell::Null
            }
            Ok(cell) => cell,
            Err(fault) => {
                faults.push((column.name.to_owned(), fault));
                Cell::Null
            }
        });
        let cells: Vec<Cell> = cells.collect();
        if faults.is_empty()
            && let Some(completed) = SNAPSHOT_TABLES[table].completes()
        {
            faults.extend(completion_fault(completed, columns, &cells));
        }
        if faults.is_empty() && SNAPSHOT_TABLES[table].is_of_targets() {
            faults.extend(target_fault(columns, &cells));
        }
        if faults.is_empty() {
            self.tallies[table].cleared += u64::from(cleared);
            self.warn(table, number, &cells);
            return Some(cells);
        }
        for (column, message) in faults {
            self.row_problem(table, number, Some(&column), message);
        }
        None
    }
}

/// The problem with what is to complete a row, by column.
fn completion_fault(
    completed: TableName,
    columns: &[SnapshotColumn],
    cells: &[Cell],
) -> Option<(String, String)> {
    let fault = |(column, cell): (&SnapshotColumn, &Cell)| {
        let Cell::Text(text) = cell else { return None };
        let message = match column.name {
            "row_id" => return None,
            "table_name" if text == completed.into_str() => return None,
            "table_name" => format!("This is about '{}', and not about {completed}.", short(text)),
            _ if serde_json::from_str::<serde_json::Map<String, Value>>(text).is_ok() => return None,
            _ => "This is not a JSON object.".to_owned(),
        };
        Some((column.name.to_owned(), message))
    };
    columns.iter().zip(cells).find_map(fault)
}

/// The problem with a compute target, by column.
fn target_fault(columns: &[SnapshotColumn], cells: &[Cell]) -> Option<(String, String)> {
    let fault = |(column, cell): (&SnapshotColumn, &Cell)| {
        let Cell::Text(text) = cell else { return None };
        let message = match column.name {
            "name" => target_name(text).err()?.message,
            "settings" => match serde_json::from_str::<TargetSettings>(text) {
                Ok(settings) => settings.check().err()?.message,
                Err(error) => format!("This can't be read as the settings of a target: {error}."),
            },
            _ => return None,
        };
        Some((column.name.to_owned(), message))
    };
    columns.iter().zip(cells).find_map(fault)
}

/// Shortens a name from a file, which may have any length.
fn short(name: &str) -> String {
    const LONGEST: usize = 100;
    let mut short: String = name.chars().take(LONGEST).collect();
    if short.len() < name.len() {
        short.push('…');
    }
    short
}
