//! The rows of every table: the verbs under a noun (`fts model list`), and the same with the table
//! as an argument (`fts list models`).

use clap::{Args, Subcommand};
use serde_json::json;
use studio::resources::Described as _;
use studio::{
    schema::{Row, TableName},
    store::{Filter, ListQuery, Page, Sort},
};

use crate::{
    output::{Output, print, print_json, print_table, shown, text},
    session::{DONE, Failure, Outcome, Session},
    settings_warnings::warn_of_settings,
    values::{OnDependents, choice},
};

mod data;
mod lineage;

pub(crate) use data::Data;

/// The verbs that every table has.
#[derive(Debug, Subcommand)]
pub(crate) enum RowCommand {
    List(List),
    Get(Get),
    Create(Create),
    Update(Update),
    Delete(Delete),
}

/// What works on a row of any table.
#[derive(Debug, Subcommand)]
pub(crate) enum AnyTableCommand {
    List(InTable<List>),
    Get(InTable<Get>),
    Create(InTable<Create>),
    Update(InTable<Update>),
    Delete(InTable<Delete>),
    Duplicate(InTable<Duplicate>),
    Lineage(InTable<Lineage>),
    Tag(InTable<Tag>),
    Untag(InTable<Untag>),
    /// List all tags with the number of rows that have each
    Tags,
}

// A verb with the table that it works on. Not a doc comment, which would be its help in place of
// that of the verb.
#[derive(Debug, Args)]
pub(crate) struct InTable<A: Args> {
    /// The table
    #[arg(value_parser = choice::<TableName>(), hide_possible_values = true)]
    table: TableName,
    #[command(flatten)]
    arguments: A,
}

/// List rows
#[derive(Debug, Args)]
pub(crate) struct List {
    /// Only rows with all of these words, or with words that begin with them
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    /// Only rows with this tag; if repeated, only rows with all of the tags
    #[arg(long, value_name = "TAG")]
    tag: Vec<String>,
    /// Only rows with this value; `used=no` finds rows without references to them, `problems=yes` rows with a problem
    #[arg(long, value_name = "COLUMN=VALUE", value_parser = filter)]
    filter: Vec<Filter>,
    /// The order: a column, `created_at` or `changed_at`; a minus in front reverses it
    #[arg(long, value_name = "[-]COLUMN", value_parser = sort, allow_hyphen_values = true)]
    sort: Option<Sort>,
    /// The largest number of rows to show
    #[arg(long, value_name = "N", default_value_t = 100)]
    limit: u32,
    /// The number of rows to skip
    #[arg(long, value_name = "N", default_value_t = 0)]
    offset: u32,
}

/// Show a row
#[derive(Debug, Args)]
pub(crate) struct Get {
    /// The id of the row
    id: String,
}

/// Create a row
#[derive(Debug, Args)]
pub(crate) struct Create {
    #[command(flatten)]
    data: Data,
}

/// Change fields of a row; null clears a field
#[derive(Debug, Args)]
pub(crate) struct Update {
    /// The id of the row
    id: String,
    #[command(flatten)]
    data: Data,
}

/// Delete a row; `fts trash restore` brings it back within thirty days
#[derive(Debug, Args)]
pub(crate) struct Delete {
    /// The id of the row
    id: String,
    /// What happens to the rows that refer to it
    #[arg(long, value_enum, default_value_t = OnDependents::Refuse)]
    dependents: OnDependents,
}

/// Copy a row, with a new id and, where names are unique, a new name
#[derive(Debug, Args)]
pub(crate) struct Duplicate {
    /// The id of the row
    id: String,
}

/// Show what a row was made from and what was made from it
#[derive(Debug, Args)]
pub(crate) struct Lineage {
    /// The id of the row
    id: String,
    /// The largest number of steps from the row
    #[arg(long, value_name = "N", default_value_t = 4)]
    depth: u32,
}

/// Add tags to a row
#[derive(Debug, Args)]
pub(crate) struct Tag {
    /// The id of the row
    id: String,
    /// The tags
    #[arg(required = true, value_name = "TAG")]
    tags: Vec<String>,
}

/// Remove tags from a row
#[derive(Debug, Args)]
pub(crate) struct Untag {
    /// The id of the row
    id: String,
    /// The tags
    #[arg(required = true, value_name = "TAG")]
    tags: Vec<String>,
}

impl RowCommand {
    pub(crate) async fn run(self, table: TableName, session: &Session) -> Outcome {
        let output = &session.output;
        match self {
            Self::List(List { search, tag, mut filter, sort, limit, offset }) => {
                filter.extend(tag.into_iter().map(|value| Filter { column: "tag".to_owned(), value }));
                let query = ListQuery { search, sort, filters: filter, limit, offset };
                page(output, table, &session.studio().await?.store().list(table, &query).await?);
            }
            Self::Get(Get { id }) => {
                output.row(table, &session.studio().await?.store().get(table, &id).await?)
            }
            Self::Create(Create { data }) => {
                let fields: Row = data.read()?;
                let created = session.studio().await?.rows().create(table, fields).await?;
                output.created(table, &created);
                warn(table, session, &created.row.row).await?;
            }
            Self::Update(Update { id, data }) => {
                let fields: Row = data.read()?;
                let updated = session.studio().await?.rows().update(table, &id, fields).await?;
                output.row(table, &updated);
                warn(table, session, &updated.row).await?;
            }
            Self::Delete(Delete { id, dependents }) => {
                let deleted = session.studio().await?.store().delete(table, &[id], dependents.into()).await?;
                output.deleted(&deleted);
            }
        }
        DONE
    }
}

impl AnyTableCommand {
    pub(crate) async fn run(self, session: &Session) -> Outcome {
        let output = &session.output;
        match self {
            Self::List(InTable { table, arguments }) => RowCommand::List(arguments).run(table, session).await,
            Self::Get(InTable { table, arguments }) => RowCommand::Get(arguments).run(table, session).await,
            Self::Create(InTable { table, arguments }) => {
                RowCommand::Create(arguments).run(table, session).await
            }
            Self::Update(InTable { table, arguments }) => {
                RowCommand::Update(arguments).run(table, session).await
            }
            Self::Delete(InTable { table, arguments }) => {
                RowCommand::Delete(arguments).run(table, session).await
            }
            Self::Duplicate(InTable { table, arguments: Duplicate { id } }) => {
                output.created(table, &session.studio().await?.rows().duplicate(table, &id).await?);
                DONE
            }
            Self::Lineage(InTable { table, arguments: Lineage { id, depth } }) => {
                lineage::print_lineage(
                    output,
                    &session.studio().await?.store().lineage(table, &id, depth).await?,
                );
                DONE
            }
            Self::Tag(InTable { table, arguments: Tag { id, tags } }) => {
                session.studio().await?.store().tag(table, std::slice::from_ref(&id), &tags).await?;
                print_tags(session, table, &id).await
            }
            Self::Untag(InTable { table, arguments: Untag { id, tags } }) => {
                session.studio().await?.store().untag(table, std::slice::from_ref(&id), &tags).await?;
                print_tags(session, table, &id).await
            }
            Self::Tags => {
                let tags = session.studio().await?.store().tags(None).await?;
                let rows = tags.iter().map(|count| vec![count.tag.clone(), count.rows.to_string()]);
                output.table(&tags, ["tag", "rows"], rows);
                DONE
            }
        }
    }
}

/// Prints what is to be said about a row that was created or changed.
async fn warn(table: TableName, session: &Session, row: &Row) -> Result<(), Failure> {
    match table {
        TableName::Configs => warn_of_settings(session, row).await,
        _ => Ok(()),
    }
}

fn page(output: &Output, table: TableName, page: &Page) {
    if output.json {
        let rows: Vec<_> = page.rows.iter().map(|listed| &listed.row).collect();
        let tagged = page.rows.iter().filter(|listed| !listed.tags.is_empty());
        let tags: serde_json::Map<_, _> =
            tagged.map(|listed| (text(listed.row.get("id")), json!(listed.tags))).collect();
        return print_json(&json!({"total": page.total, "rows": rows, "tags": tags}));
    }
    let columns: Vec<_> = table.table().columns.iter().filter(|column| column.listed).collect();
    // A name that no column has.
    let named = (!table.table().label_references.is_empty()).then_some("Name");
    let labels = columns.iter().map(|column| column.label);
    let header = ["Identifier"].into_iter().chain(named).chain(labels).chain(["Tags"]);
    let rows = page.rows.iter().map(|listed| {
        let id = text(listed.row.get("id"));
        let cells = columns.iter().map(|column| shown(listed, column.name));
        let name = named.map(|_| listed.label.clone());
        std::iter::once(id).chain(name).chain(cells).chain([listed.tags.join(", ")]).collect()
    });
    print_table(header, rows);
    let noun = if page.total == 1 { table.table().singular } else { table.table().plural };
    print(&format!("{} of {} {noun}", page.rows.len(), page.total));
}

async fn print_tags(session: &Session, table: TableName, id: &str) -> Outcome {
    let tags = session.studio().await?.store().get(table, id).await?.tags;
    match (session.output.json, tags.as_slice()) {
        (true, tags) => print_json(&tags),
        (false, []) => print("No tags."),
        (false, tags) => print(&format!("Tags: {}.", tags.join(", "))),
    }
    DONE
}

fn filter(text: &str) -> Result<Filter, String> {
    let (column, value) = text.split_once('=').ok_or("Write it as COLUMN=VALUE.")?;
    Ok(Filter { column: column.to_owned(), value: value.to_owned() })
}

#[expect(clippy::unnecessary_wraps, reason = "the form of a clap parser")]
fn sort(text: &str) -> Result<Sort, String> {
    let (column, descending) = text.strip_prefix('-').map_or((text, false), |column| (column, true));
    Ok(Sort { column: column.to_owned(), descending })
}
