//! `fts dataset`: dataset files, and the rows of the table of datasets.

mod file;
mod part;
mod profile;
mod reading;
mod tokens;
mod validate;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use studio::{DatasetSource, datasets, schema::TableName};

use crate::{
    export::PublishDataset,
    output::{Output, print, print_json, print_table, problem_line},
    progress::watched,
    rows::RowCommand,
    session::{DONE, Outcome, Session},
};

pub(crate) use file::{Relocate, Status};
pub(crate) use part::{Part, PartArguments};
pub(crate) use profile::Profile;
pub(crate) use reading::{ListArgument, ReadArguments, source_parser};
pub(crate) use tokens::Tokens;
pub(crate) use validate::{Convert, Validate};

#[derive(Debug, Subcommand)]
pub(crate) enum DatasetCommand {
    Import(Import),
    Preview(Preview),
    Profile(Profile),
    Tokens(Tokens),
    Validate(Validate),
    Convert(Convert),
    Status(Status),
    Relocate(Relocate),
    Part(Part),
    Publish(PublishDataset),
    #[command(flatten)]
    Rows(RowCommand),
}

/// Make a dataset of a file or a folder
///
/// The file is CSV, JSON, JSON Lines or Parquet; the first three may be packed with gzip or zstd. A
/// folder in the Hub's layout keeps its splits. The files stay where they are.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  fts dataset import tickets.csv --name Tickets")]
pub(crate) struct Import {
    /// A file, or a folder of files
    file: PathBuf,
    /// The name of the dataset [default: the name of the file]
    #[arg(long)]
    name: Option<String>,
    #[command(flatten)]
    reading: ReadArguments,
    #[command(flatten)]
    list: ListArgument,
}

/// Show rows of a dataset or of a file
#[derive(Debug, Args)]
pub(crate) struct Preview {
    /// A file, or the id of a dataset
    #[arg(value_name = "FILE|ID", value_parser = source_parser())]
    source: DatasetSource,
    /// Only rows of this split, where the source is a folder
    #[arg(long, value_name = "NAME")]
    split: Option<String>,
    /// The number of rows to show
    #[arg(long, value_name = "N", default_value_t = 10)]
    rows: u64,
    /// The number of rows to skip
    #[arg(long, value_name = "N", default_value_t = 0)]
    offset: u64,
    #[command(flatten)]
    reading: ReadArguments,
    #[command(flatten)]
    list: ListArgument,
}

impl DatasetCommand {
    pub(crate) async fn run(self, session: &Session) -> Outcome {
        match self {
            Self::Import(import) => import.run(session).await,
            Self::Preview(preview) => preview.run(session).await,
            Self::Profile(profile) => profile.run(session).await,
            Self::Tokens(tokens) => tokens.run(session).await,
            Self::Validate(validate) => validate.run(session).await,
            Self::Convert(convert) => convert.run(session).await,
            Self::Status(status) => status.run(session).await,
            Self::Relocate(relocate) => relocate.run(session).await,
            Self::Part(part) => part.run(session).await,
            Self::Publish(publish) => publish.run(session).await,
            Self::Rows(command) => command.run(TableName::Datasets, session).await,
        }
    }
}

impl Import {
    async fn run(self, session: &Session) -> Outcome {
        let (studio, output) = (session.studio().await?, &session.output);
        let file = datasets::DatasetFile::new(&self.file, self.reading.options(&self.list));
        let created = studio.datasets().import(&file, self.name.as_deref(), &watched(output)).await;
        // What is odd about the file is said whether it can be imported or not; an error comes last.
        output.aside(&studio.datasets().known_warnings(&file));
        let created = created?;
        output.created(TableName::Datasets, &created);
        DONE
    }
}

impl Preview {
    async fn run(self, session: &Session) -> Outcome {
        let Self { source, split, rows, offset, reading, list } = self;
        let source = reading.source(source, &list)?;
        let studio = session.studio().await?;
        let preview = match split {
            Some(split) => studio.datasets().preview_split(&source, &split, offset, rows).await?,
            None => studio.datasets().preview(&source, offset, rows).await?,
        };
        print_preview(&session.output, &preview);
        DONE
    }
}

fn print_preview(output: &Output, preview: &datasets::Preview) {
    if output.json {
        return print_json(preview);
    }
    let header = preview.columns.iter().map(|column| column.name.as_str());
    let text = |value: &datasets::Value| match value {
        datasets::Value::Null => String::new(),
        datasets::Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let cell = |value: &datasets::Value| text(&datasets::shown(value).unwrap_or_else(|| value.clone()));
    let cells = |values: &Vec<datasets::Value>| values.iter().map(cell).collect();
    print_table(header, preview.rows.iter().map(|row| cells(&row.values)));
    if let Some(total) = preview.total_rows {
        print(&format!("{} of {total} rows", preview.rows.len()));
    }
    for problem in &preview.problems {
        print(&problem_line(problem));
    }
}
