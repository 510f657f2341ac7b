//! The full-text index in the attached database `search`, and the rows that it does not contain yet.

use resources::{TABLES, references};
use schema::Table;

use super::references::value;

/// Creates the index: for each table an FTS5 table of words by rowid, and the last rowid that it
/// contains. The words are normalized before they are inserted, so the ASCII tokenizer is enough.
/// Prefixes of up to three letters are indexed too, because many words have them.
pub(crate) fn make_index() -> Vec<String> {
    let table = |table: &&Table| {
        format!(
            "CREATE VIRTUAL TABLE search.\"{}\" USING fts5(words, content = '', contentless_delete = 1, \
             detail = none, prefix = '1 2 3', tokenize = 'ascii')",
            table.name
        )
    };
    let mark =
        |table: &&Table| format!("INSERT INTO search.marks (table_name, upto) VALUES ('{}', 0)", table.name);
    let state = [
        "CREATE TABLE search.marks (table_name TEXT PRIMARY KEY, upto INTEGER NOT NULL)".to_owned(),
        "CREATE TABLE search.seen (note INTEGER NOT NULL, version INTEGER NOT NULL)".to_owned(),
        "INSERT INTO search.seen VALUES (-1, -1)".to_owned(),
    ];
    state.into_iter().chain(TABLES.iter().map(table)).chain(TABLES.iter().map(mark)).collect()
}

/// Empties the index.
pub(crate) fn empty_index() -> Vec<String> {
    let table =
        |table: &&Table| format!("INSERT INTO search.\"{0}\" (\"{0}\") VALUES ('delete-all')", table.name);
    TABLES.iter().map(table).chain(["UPDATE search.marks SET upto = 0".to_owned()]).collect()
}

/// Rowids of the rows of the notes after the first bound note, up to the second.
pub(crate) fn noted(table: &Table) -> String {
    format!(
        "SELECT DISTINCT coalesce(n.row, r.rowid) FROM studio_search_notes AS n \
         LEFT JOIN \"{0}\" AS r ON n.row IS NULL AND r.id = n.row_id \
         WHERE n.n > ? AND n.n <= ? AND n.table_name = '{0}' AND coalesce(n.row, r.rowid) IS NOT NULL",
        table.name
    )
}

/// Rowid and text of the rows after the bound rowid; at most the bound number.
pub(crate) fn words_after(table: &'static Table) -> String {
    format!("{} WHERE r.rowid > ? ORDER BY r.rowid LIMIT ?", words(table))
}

/// Rowid and text of the rows whose rowids are in the bound JSON array, up to the bound rowid.
pub(crate) fn words_of(table: &'static Table) -> String {
    format!("{} WHERE r.rowid IN (SELECT value FROM json_each(?)) AND r.rowid <= ?", words(table))
}

fn words(table: &'static Table) -> String {
    let texts: Vec<String> = table
        .columns
        .iter()
        .map(|column| format!("CASE typeof(r.\"{0}\") WHEN 'blob' THEN NULL ELSE r.\"{0}\" END", column.name))
        .collect();
    // References beside the columns.
    let texts: Vec<String> = texts
        .into_iter()
        .chain(
            references(table)
                .filter(|(column, _)| table.column(column.name).is_none())
                .map(|(column, _)| value(table, column, "r")),
        )
        .collect();
    format!(
        "SELECT r.rowid, concat_ws(' ', {}, (SELECT group_concat(tag, ' ') FROM studio_tags \
         WHERE table_name = '{name}' AND row_id = r.id)) FROM \"{name}\" AS r",
        texts.join(", "),
        name = table.name,
    )
}

/// Inserts the words of so many rows. Binds: for each its rowid and its words.
pub(crate) fn index_words(table: &Table, rows: usize) -> String {
    format!("INSERT INTO search.\"{}\" (rowid, words) VALUES {}", table.name, vec!["(?, ?)"; rows].join(", "))
}

/// Deletes the words of the rows after the bound rowid.
pub(crate) fn forget_words_after(table: &Table) -> String {
    format!("DELETE FROM search.\"{}\" WHERE rowid > ?", table.name)
}

/// Deletes the words of the rows whose rowids are in the bound JSON array.
pub(crate) fn forget_words(table: &Table) -> String {
    format!("DELETE FROM search.\"{}\" WHERE rowid IN (SELECT value FROM json_each(?))", table.name)
}

/// The largest rowid.
pub(crate) fn last_row(table: &Table) -> String {
    format!("SELECT coalesce(max(rowid), 0) FROM \"{}\"", table.name)
}

/// Selects the rowids of the matching rows as `n`. Binds: the FTS5 expression, the last rowid for which
/// the index is valid, the rowids for which it is not, and the matches that were found without it, both
/// as JSON arrays.
pub(crate) fn found(table: &Table) -> String {
    format!(
        "SELECT rowid AS n FROM search.\"{0}\" AS f WHERE f.\"{0}\" MATCH ? \
         AND rowid <= CAST(? AS INTEGER) AND rowid NOT IN (SELECT value FROM json_each(?)) \
         UNION ALL SELECT value FROM json_each(?)",
        table.name
    )
}

/// The same while there is no index. Binds the matches as a JSON array.
pub(crate) fn found_without_index() -> String {
    "SELECT value AS n FROM json_each(?)".to_owned()
}
