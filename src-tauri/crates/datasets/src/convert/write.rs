//! Writing rows: JSON Lines or CSV.

use std::{
    fs::File,
    io::{BufWriter, Write as _},
    path::Path,
};

use prompts::{Object, Value};
use schema::{Error, ErrorCode, Result};

/// What the new file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Csv,
    Jsonl,
}

impl Format {
    pub(super) fn from_path(target: &Path) -> Result<Self> {
        match target.extension().unwrap_or_default().to_string_lossy().to_lowercase().as_str() {
            "csv" => Ok(Self::Csv),
            "jsonl" => Ok(Self::Jsonl),
            _ => {
                let message = format!("{} ends in neither .jsonl nor .csv.", target.display());
                Err(Error::new(ErrorCode::Invalid, message)
                    .hint("The extension sets the format of the new file."))
            }
        }
    }
}

pub(super) struct Writer<'a> {
    target: &'a Path,
    columns: &'a [String],
    rows: u64,
    sink: Sink,
}

enum Sink {
    Csv(Box<::csv::Writer<File>>),
    Jsonl(BufWriter<File>),
}

impl<'a> Writer<'a> {
    pub(super) fn new(format: Format, file: File, target: &'a Path, columns: &'a [String]) -> Result<Self> {
        let sink = match format {
            Format::Csv => Sink::Csv(Box::new(::csv::Writer::from_writer(file))),
            Format::Jsonl => Sink::Jsonl(BufWriter::with_capacity(1 << 18, file)),
        };
        let mut writer = Self { target, columns, rows: 0, sink };
        if let Sink::Csv(csv) = &mut writer.sink {
            csv.write_record(columns).map_err(|error| Error::file("write", target, &error.into()))?;
        }
        Ok(writer)
    }

    /// The row itself, or the field that this format has no place for.
    pub(super) fn fits(&self, row: Object) -> Result<Object, (String, String)> {
        if let Sink::Csv(_) = self.sink {
            let nested = row.iter().find(|(_, value)| matches!(value, Value::Array(_) | Value::Object(_)));
            if let Some((name, _)) = nested {
                let why = format!("'{name}' contains a list or an object, which a CSV file can't contain.");
                return Err((name.clone(), why));
            }
        }
        Ok(row)
    }

    pub(super) fn row(&mut self, row: Object) -> Result<()> {
        self.rows += 1;
        let written = match &mut self.sink {
            Sink::Csv(csv) => csv
                .write_record(self.columns.iter().map(|name| match row.get(name) {
                    None | Some(Value::Null) => String::new(),
                    Some(Value::String(text)) => text.clone(),
                    Some(other) => other.to_string(),
                }))
                .map_err(std::io::Error::from),
            Sink::Jsonl(lines) => writeln!(lines, "{}", Value::Object(row)),
        };
        written.map_err(|error| Error::file("write", self.target, &error))
    }

    /// How many rows were written, all of them out of our hands.
    pub(super) fn finish(mut self) -> Result<u64> {
        let flushed = match &mut self.sink {
            Sink::Csv(csv) => csv.flush(),
            Sink::Jsonl(lines) => lines.flush(),
        };
        flushed.map_err(|error| Error::file("write", self.target, &error))?;
        Ok(self.rows)
    }
}
