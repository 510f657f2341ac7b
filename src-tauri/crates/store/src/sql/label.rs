//! The labels of rows, by the rule of [`Table::label_with`].

use resources::Described as _;
use schema::{Kind, Table};

/// The label of row `alias`.
pub(super) fn label(table: &Table, alias: &str) -> String {
    let parts: Vec<String> =
        table.label_references.iter().map(|columns| first_referred(table, columns, alias)).collect();
    let id = format!("substr({alias}.id, 1, 8)");
    let by_references = (!parts.is_empty())
        .then(|| format!("nullif(concat_ws(' on ', {}), '') || ', ' || {id}", parts.join(", ")));
    let fallback = format!("'{} ' || {id}", table.singular);
    coalesce(names(table, alias).chain(by_references).chain([fallback]).collect())
}

/// The names that the row has in columns of its own.
fn names(table: &Table, alias: &str) -> impl Iterator<Item = String> {
    table.label.iter().map(move |column| format!("nullif(trim({alias}.\"{column}\"), '')"))
}

/// The label of the first existing row that one of the columns refers to; NULL without one.
fn first_referred(table: &Table, columns: &[&str], alias: &str) -> String {
    let referred = columns.iter().filter_map(|name| {
        let Kind::Reference { table: target } = table.column(name)?.kind else { return None };
        let other = format!("{alias}_{name}");
        let label = label(target.table(), &other);
        Some(format!(
            "(SELECT {label} FROM main.\"{target}\" AS {other} WHERE {other}.id = {alias}.\"{name}\")"
        ))
    });
    coalesce(referred.collect())
}

fn coalesce(values: Vec<String>) -> String {
    if let [only] = &values[..] { only.clone() } else { format!("coalesce({})", values.join(", ")) }
}
