//! A JSON source: `{table: {"schema": …, "data": [row, …]}}`, or the plain form `{table: [row, …]}`.
//! It is parsed one row at a time; the schema texts are ignored.

use std::{fs::File, io::Read, path::Path};

use platform::{Progress, Work};
use schema::{Error, ErrorCode, Result};
use store::{Cell, SNAPSHOT_TABLES, SourceRow, StagedRows};
use tokio::sync::mpsc;

use super::{encoding::Encoding, fault::Fault, tokens::Tokens, value::Value};
use crate::import::intake::Intake;

pub(super) fn read(
    path: &Path,
    bytes: u64,
    encoding: Encoding,
    batches: &mpsc::Sender<StagedRows>,
    work: &Work,
) -> Result<Intake> {
    let text = File::open(path).and_then(|file| encoding.text(file));
    let text = text.map_err(|error| Error::file("read", path, &error))?;
    let mut reading = Reading {
        tokens: Tokens::new(text),
        intake: Intake::new(),
        seen: vec![false; SNAPSHOT_TABLES.len()],
        table: None,
        batches,
        work,
        bytes,
        rows: 0,
        stopped: None,
    };
    let read = reading.tables().and_then(|()| match reading.intake.flush(0) {
        Some(batch) => reading.hand_over(batch),
        None => Ok(()),
    });
    match read {
        Ok(()) if !reading.seen.contains(&true) && reading.intake.problem_count > 0 => {
            let message =
                format!("{} is not a snapshot: none of its keys is a table of a studio.", path.display());
            Err(Error::new(ErrorCode::Invalid, message)
                .hint("A snapshot has keys such as \"datasets\" and \"models\". Import the rows of a dataset as a dataset."))
        }
        Ok(()) => {
            work.tick(Progress { done: bytes, total: Some(bytes), rows: reading.rows })?;
            Ok(reading.intake)
        }
        Err(fault) => Err(reading.refusal(path, fault)),
    }
}

/// The largest number of unknown columns of a row.
const MOST_UNKNOWN: usize = 1_000;

struct Reading<'a> {
    tokens: Tokens<Box<dyn Read>>,
    intake: Intake,
    /// The tables that were read; a table that occurs twice is refused.
    seen: Vec<bool>,
    /// The table that is being read.
    table: Option<usize>,
    batches: &'a mpsc::Sender<StagedRows>,
    work: &'a Work,
    bytes: u64,
    rows: u64,
    /// The error that stopped the reader, unless it is one of the file.
    stopped: Option<Error>,
}

impl Reading<'_> {
    fn hand_over(&mut self, batch: StagedRows) -> Result<(), Fault> {
        self.rows += batch.rows.len() as u64;
        let done = self.tokens.position().min(self.bytes);
        let ticked = self.work.tick(Progress { done, total: Some(self.bytes), rows: self.rows });
        // The channel closes if staging failed; its error is reported instead.
        let taken = ticked.and_then(|()| self.batches.blocking_send(batch).map_err(|_| Error::cancelled()));
        taken.map_err(|stop| {
            self.stopped = Some(stop);
            Fault::Stopped
        })
    }

    /// The whole file: an object of tables.
    fn tables(&mut self) -> Result<(), Fault> {
        if !self.tokens.take(b'{')? {
            return Err(match self.tokens.peek()? {
                b'[' => Fault::text("it is a list, and a snapshot is an object with a key for each table"),
                _ => self.tokens.unexpected("an object with a key for each table"),
            });
        }
        let mut first = true;
        while self.tokens.more(std::mem::take(&mut first), b'}')? {
            let name = self.tokens.name(str::to_owned)?;
            let known = SNAPSHOT_TABLES.iter().position(|table| table.name == name);
            match known {
                Some(table) if std::mem::replace(&mut self.seen[table], true) => {
                    return Err(Fault::text(format!("the table {name} stands in it twice")));
                }
                Some(table) => self.table(table)?,
                None => {
                    let rows = self.foreign_table(&name)?;
                    self.intake.foreign_table(&name, Some(rows));
                }
            }
        }
        self.tokens.end()
    }

    /// A table: an object with `data`, or the rows themselves.
    fn table(&mut self, table: usize) -> Result<(), Fault> {
        let name = SNAPSHOT_TABLES[table].name;
        self.table = Some(table);
        match self.tokens.peek()? {
            b'[' => self.rows(table)?,
            b'{' => {
                self.tokens.take(b'{')?;
                let (mut first, mut has_data, mut has_rows) = (true, false, false);
                while self.tokens.more(std::mem::take(&mut first), b'}')? {
                    let is_data = self.tokens.name(|part| part == "data")?;
                    if is_data && std::mem::replace(&mut has_data, true) {
                        return Err(Fault::text(format!("{name} has its data twice")));
                    }
                    if is_data && self.tokens.peek()? == b'[' {
                        self.rows(table)?;
                        has_rows = true;
                    } else {
                        let value = self.tokens.value()?;
                        if is_data && value != Value::Null {
                            self.no_table(table, format!("the data of {name} is not a list of rows"))?;
                            has_rows = true;
                        }
                    }
                }
                if !has_rows {
                    self.intake.no_rows(table, has_data);
                }
            }
            _ => {
                self.tokens.value()?;
                let what = format!("{name} is neither a list of rows nor an object with `data`");
                self.no_table(table, what)?;
            }
        }
        self.table = None;
        Ok(())
    }

    /// Refuses the file for a table that is none, except for one that only completes rows of others.
    fn no_table(&mut self, table: usize, what: String) -> Result<(), Fault> {
        if !SNAPSHOT_TABLES[table].may_lack() {
            return Err(Fault::Text(what));
        }
        self.intake.unreadable(table, &what);
        Ok(())
    }

    fn rows(&mut self, table: usize) -> Result<(), Fault> {
        self.tokens.take(b'[')?;
        let mut first = true;
        while self.tokens.more(std::mem::take(&mut first), b']')? {
            if !self.tokens.take(b'{')? {
                let what = match self.tokens.value()? {
                    Value::Null => "null",
                    Value::Boolean => "True or false",
                    Value::Text(_) => "A text",
                    Value::List => "A list",
                    _ => "A number",
                };
                self.intake.no_row(table, what);
                continue;
            }
            let row = self.row(table)?;
            if let Some(batch) = self.intake.row(table, row) {
                self.hand_over(batch)?;
            }
        }
        Ok(())
    }

    /// A row, after its first brace.
    fn row(&mut self, table: usize) -> Result<SourceRow, Fault> {
        let columns = &SNAPSHOT_TABLES[table].columns;
        let mut filled = vec![false; columns.len()];
        let mut row =
            SourceRow { cells: vec![Cell::Null; columns.len()], unknown: Vec::new(), repeated: None };
        let mut first = true;
        while self.tokens.more(std::mem::take(&mut first), b'}')? {
            let column = self.tokens.name(|name| {
                let known = columns.iter().position(|column| column.name == name);
                known.ok_or_else(|| name.to_owned())
            })?;
            let cell = cell(self.tokens.value()?);
            match column {
                Ok(at) if std::mem::replace(&mut filled[at], true) => row.repeated = Some(columns[at].name),
                Ok(at) => row.cells[at] = cell,
                Err(_) if row.unknown.len() == MOST_UNKNOWN => {
                    return Err(Fault::text("a row in it has more than a thousand unknown columns"));
                }
                Err(name) => row.unknown.push((name, !cell.is_empty())),
            }
        }
        Ok(row)
    }

    /// An unknown table, of which only the rows are counted.
    fn foreign_table(&mut self, name: &str) -> Result<u64, Fault> {
        if !matches!(self.tokens.peek()?, b'[' | b'{') {
            self.tokens.value()?;
            return Err(Fault::text(format!("'{name}' is neither a table of a studio nor a list of rows")));
        }
        if self.tokens.take(b'[')? {
            return self.entries();
        }
        self.tokens.take(b'{')?;
        let (mut count, mut first) = (0, true);
        while self.tokens.more(std::mem::take(&mut first), b'}')? {
            let is_data = self.tokens.name(|part| part == "data")?;
            if is_data && self.tokens.peek()? == b'[' {
                self.tokens.take(b'[')?;
                count += self.entries()?;
            } else {
                self.tokens.value()?;
            }
        }
        Ok(count)
    }

    /// Counts the entries of a list, after its bracket.
    fn entries(&mut self) -> Result<u64, Fault> {
        let mut count = 0;
        while self.tokens.more(count == 0, b']')? {
            self.tokens.value()?;
            count += 1;
        }
        Ok(count)
    }

    fn refusal(&mut self, path: &Path, fault: Fault) -> Error {
        let table = self.table.map(|table| {
            let row = self.intake.tallies[table].seen + 1;
            format!("in row {row} of {}, ", SNAPSHOT_TABLES[table].name)
        });
        let place = format!("{}at line {}", table.unwrap_or_default(), self.tokens.line());
        let shown = path.display();
        let (message, hint) = match fault {
            Fault::Stopped => return self.stopped.take().unwrap_or_else(Error::cancelled),
            Fault::Disk(error) => return Error::file("read", path, &error),
            Fault::Ends => (
                format!("{shown} ends too early, {place}."),
                "Its last part is missing: copy or download it again. Nothing was changed.",
            ),
            Fault::Text(what) => (
                format!("{shown} is not a snapshot: {what}, {place}."),
                "A snapshot is a JSON object with a key for each table. Nothing was changed.",
            ),
        };
        Error::new(ErrorCode::Invalid, message).hint(hint)
    }
}

fn cell(value: Value) -> Cell {
    match value {
        Value::Null => Cell::Null,
        Value::Boolean => Cell::Odd("true or false"),
        Value::Integer(number) => Cell::Integer(number),
        Value::Large(digits) => Cell::Large(digits),
        Value::Real(number) => Cell::Real(number),
        Value::Text(text) => Cell::Text(text),
        Value::List => Cell::Odd("a list"),
        Value::Object => Cell::Odd("an object"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Encoding, Work, mpsc, read};

    #[test]
    fn a_fault_is_reported_with_its_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.json");
        let rows = "{\"models\": [\n{\"id\":\n\"a\"},\n{\"id\":\n\"b\"},\n{\"id\": \"c\" \"name\": \"\"}\n]}";
        std::fs::write(&path, rows).unwrap();
        let (batches, _taken) = mpsc::channel(1);
        let result = read(&path, rows.len() as u64, Encoding::Utf8(0), &batches, &Work::unwatched());
        let message = result.err().map(|error| error.message).unwrap_or_default();
        assert!(message.ends_with("in row 3 of models, at line 6."), "{message}");
    }
}
