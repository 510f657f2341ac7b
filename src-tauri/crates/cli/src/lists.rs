//! Finding rows, and telling them apart by tags.

use clap::Subcommand;
use serde_json::json;
use studio::resources::Described as _;
use studio::{
    Result, Studio,
    resources::TableName,
    store::{Filter, ListQuery, Page, Sort},
};

use crate::{
    args::table,
    lineage,
    output::{Output, print, print_json, print_table, shown, text},
};

#[derive(Debug, Subcommand)]
pub(crate) enum ListCommand {
    /// List the rows of a table
    List {
        #[arg(value_parser = table)]
        table: TableName,
        /// Only rows that contain all of these words, or words that start so
        #[arg(long, value_name = "TEXT")]
        search: Option<String>,
        /// Only rows with this tag; with several, rows that have them all
        #[arg(long, value_name = "TAG")]
        tag: Vec<String>,
        /// Only rows whose column is this; `used=no` finds what nothing refers to, `problems=yes` what something is wrong with
        #[arg(long, value_name = "COLUMN=VALUE", value_parser = filter)]
        filter: Vec<Filter>,
        /// The order: a column, `created_at` or `changed_at`, with a minus for the largest first
        #[arg(long, value_name = "[-]COLUMN", value_parser = sort, allow_hyphen_values = true)]
        sort: Option<Sort>,
        /// How many rows to show at most
        #[arg(long, value_name = "N", default_value_t = 100)]
        limit: u32,
        /// How many rows to pass over
        #[arg(long, value_name = "N", default_value_t = 0)]
        offset: u32,
    },
    /// Show what a row comes from and what came of it
    Lineage {
        #[arg(value_parser = table)]
        table: TableName,
        id: String,
        /// How many steps away
        #[arg(long, value_name = "N", default_value_t = 4)]
        depth: u32,
    },
    /// Make a second row of one, under a new id and, where names are unique, a new name
    Duplicate {
        #[arg(value_parser = table)]
        table: TableName,
        id: String,
    },
    /// Put tags on a row
    Tag {
        #[arg(value_parser = table)]
        table: TableName,
        id: String,
        #[arg(required = true, value_name = "TAG")]
        tags: Vec<String>,
    },
    /// Take tags off a row
    Untag {
        #[arg(value_parser = table)]
        table: TableName,
        id: String,
        #[arg(required = true, value_name = "TAG")]
        tags: Vec<String>,
    },
    /// List all tags, with how many rows have each
    Tags,
}

impl ListCommand {
    pub(crate) async fn run(self, studio: &Studio, output: &Output) -> Result<()> {
        match self {
            Self::List { table, search, tag, mut filter, sort, limit, offset } => {
                filter.extend(tag.into_iter().map(|value| Filter { column: "tag".to_owned(), value }));
                let query = ListQuery { search, sort, filters: filter, limit, offset };
                page(output, table, &studio.list(table, &query).await?);
            }
            Self::Lineage { table, id, depth } => {
                lineage::told(output, &studio.lineage(table, &id, depth).await?);
            }
            Self::Duplicate { table, id } => {
                output.created(table, &studio.duplicate(table, &id).await?);
            }
            Self::Tag { table, id, tags } => {
                studio.tag(table, std::slice::from_ref(&id), &tags).await?;
                tags_of(output, &studio.get(table, &id).await?.tags);
            }
            Self::Untag { table, id, tags } => {
                studio.untag(table, std::slice::from_ref(&id), &tags).await?;
                tags_of(output, &studio.get(table, &id).await?.tags);
            }
            Self::Tags => {
                let tags = studio.tags(None).await?;
                let rows = tags.iter().map(|count| vec![count.tag.clone(), count.rows.to_string()]);
                output.table(&tags, ["tag", "rows"], rows);
            }
        }
        Ok(())
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
    let header = ["Identifier"].into_iter().chain(columns.iter().map(|column| column.label)).chain(["Tags"]);
    let rows = page.rows.iter().map(|listed| {
        let id = text(listed.row.get("id"));
        let cells = columns.iter().map(|column| shown(listed, column.name));
        std::iter::once(id).chain(cells).chain([listed.tags.join(", ")]).collect()
    });
    print_table(header, rows);
    let noun = if page.total == 1 { table.table().singular } else { table.table().plural };
    print(&format!("{} of {} {noun}", page.rows.len(), page.total));
}

fn tags_of(output: &Output, tags: &[String]) {
    match (output.json, tags) {
        (true, tags) => print_json(&tags),
        (false, []) => print("No tags."),
        (false, tags) => print(&format!("Tags: {}.", tags.join(", "))),
    }
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
