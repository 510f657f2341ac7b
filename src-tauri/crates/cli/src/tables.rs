//! A noun for each table that has no verbs of its own: `fts fine-tuning-job list`. The nouns follow
//! from the declarations of the resources.

use clap::{ArgMatches, Command, Error, FromArgMatches, Subcommand};
use studio::{
    resources::TABLES,
    schema::{Table, TableName},
};

use crate::{
    rows::RowCommand,
    session::{Outcome, Session},
};

/// The tables that have nouns of their own, with more verbs.
const OWN_NOUNS: [TableName; 5] =
    [TableName::Datasets, TableName::Models, TableName::Adapters, TableName::Prompts, TableName::Configs];

/// A verb on the rows of a table without a noun of its own.
#[derive(Debug)]
pub(crate) struct TableCommand {
    table: TableName,
    command: RowCommand,
}

impl TableCommand {
    pub(crate) async fn run(self, session: &Session) -> Outcome {
        self.command.run(self.table, session).await
    }

    fn tables() -> impl Iterator<Item = &'static Table> {
        TABLES.iter().copied().filter(|table| !OWN_NOUNS.contains(&table.name))
    }
}

/// The noun for a table: "fine-tuning job" is `fine-tuning-job`.
fn noun(table: &Table) -> String {
    table.singular.replace(' ', "-")
}

impl Subcommand for TableCommand {
    fn augment_subcommands(command: Command) -> Command {
        Self::tables().fold(command, |command, table| {
            let about = format!("List, show, create, update and delete {}", table.plural);
            let verbs = RowCommand::augment_subcommands(Command::new(noun(table)));
            command.subcommand(verbs.about(about).subcommand_required(true).arg_required_else_help(true))
        })
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        Self::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        Self::tables().any(|table| noun(table) == name)
    }
}

impl FromArgMatches for TableCommand {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let found = matches.subcommand().and_then(|(name, matches)| {
            let table = Self::tables().find(|table| noun(table) == name)?;
            Some((table.name, matches))
        });
        let (table, matches) = found.ok_or_else(|| Error::new(clap::error::ErrorKind::InvalidSubcommand))?;
        Ok(Self { table, command: RowCommand::from_arg_matches(matches)? })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
