//! Writing the store, or some rows of it, to a file.

use std::path::PathBuf;

use clap::ValueEnum;
use studio::{
    Error, ErrorCode, Result, Studio,
    resources::TableName,
    snapshot::{ExportFormat, RowsForm},
    work::Work,
};

use crate::{args::table, output::Output};

#[derive(Debug, clap::Args)]
pub(crate) struct Export {
    file: PathBuf,
    /// The form [default: sqlite if the file ends in .sqlite, .sqlite3 or .db, csv if in .csv, else json]
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Only these tables, separated by commas [default: all]
    #[arg(long, value_parser = table, value_delimiter = ',', value_name = "TABLE,…", conflicts_with = "ids")]
    tables: Option<Vec<TableName>>,
    /// The table of the rows
    #[arg(long, value_parser = table, requires = "ids")]
    table: Option<TableName>,
    /// Only the rows with these ids, separated by commas
    #[arg(long, value_delimiter = ',', value_name = "ID,…", requires = "table")]
    ids: Option<Vec<String>>,
    /// And what those rows refer to, directly or through others
    #[arg(long, requires = "ids")]
    with_references: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One JSON text, which can be imported
    Json,
    /// A copy of the database
    Sqlite,
    /// The columns of the rows' table, for a spreadsheet
    Csv,
}

impl Export {
    pub(crate) async fn run(self, studio: &Studio, output: &Output, work: &Work) -> Result<()> {
        let format = self.format.unwrap_or_else(|| self.named_format());
        let exported = match (self.table, &self.ids) {
            (Some(table), Some(ids)) => {
                let form = match format {
                    Format::Json => RowsForm::Json { with_references: self.with_references },
                    Format::Csv if self.with_references => {
                        return Err(refused(
                            "CSV holds one table and nothing that its rows refer to.",
                            "json",
                        ));
                    }
                    Format::Csv => RowsForm::Csv,
                    Format::Sqlite => {
                        return Err(refused("Only whole tables are exported to SQLite.", "json or csv"));
                    }
                };
                studio.export_rows(&self.file, table, ids, form, work).await?
            }
            _ => {
                let format = match format {
                    Format::Json => ExportFormat::Json,
                    Format::Sqlite => ExportFormat::Sqlite,
                    Format::Csv => {
                        let message = "CSV holds rows of one table: name them with --table and --ids.";
                        return Err(refused(message, "json or sqlite"));
                    }
                };
                studio.export(&self.file, format, self.tables.as_deref(), work).await?
            }
        };
        output.exported(&exported);
        Ok(())
    }

    /// The form that the file's name says.
    fn named_format(&self) -> Format {
        match self.file.extension().and_then(|ending| ending.to_str()) {
            Some("sqlite" | "sqlite3" | "db") => Format::Sqlite,
            Some("csv") => Format::Csv,
            _ => Format::Json,
        }
    }
}

fn refused(message: &str, other: &str) -> Error {
    Error::new(ErrorCode::Invalid, message).hint(format!("Or use --format {other}."))
}
