//! What a row is called.

use schema::Table;

/// What a person calls a row, in SQL; as [`Table::label_of`].
pub(super) fn label(table: &Table, alias: &str) -> String {
    let named = table.label.iter().map(|column| format!("nullif(trim({alias}.\"{column}\"), '')"));
    let fallback = format!("'{} ' || substr({alias}.id, 1, 8)", table.singular);
    let all: Vec<String> = named.chain([fallback]).collect();
    if all.len() == 1 { all.concat() } else { format!("coalesce({})", all.join(", ")) }
}
