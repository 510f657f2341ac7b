//! Search: an index of words in a database of its own, attached as `search`, and what it lacks.

use resources::TABLES;
use schema::Table;

/// Makes the index: for each table one of words by rowid, and up to which rowid it goes. The words
/// come separated, so that the plainest of tokenizers tells them apart. Beginnings of up to three
/// letters are kept as such, since very many words may have them.
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

/// Forgets all words.
pub(crate) fn empty_index() -> Vec<String> {
    let table =
        |table: &&Table| format!("INSERT INTO search.\"{0}\" (\"{0}\") VALUES ('delete-all')", table.name);
    TABLES.iter().map(table).chain(["UPDATE search.marks SET upto = 0".to_owned()]).collect()
}

/// Rowids of rows noted after the first bound note, up to the second.
pub(crate) fn noted(table: &Table) -> String {
    format!(
        "SELECT DISTINCT coalesce(n.row, r.rowid) FROM studio_search_notes AS n \
         LEFT JOIN \"{0}\" AS r ON n.row IS NULL AND r.id = n.row_id \
         WHERE n.n > ? AND n.n <= ? AND n.table_name = '{0}' AND coalesce(n.row, r.rowid) IS NOT NULL",
        table.name
    )
}

/// Rowid and words, as they stand, of rows past the bound rowid; at most the bound number.
pub(crate) fn words_after(table: &Table) -> String {
    format!("{} WHERE r.rowid > ? ORDER BY r.rowid LIMIT ?", words(table))
}

/// Rowid and words of the rows whose rowids are in the bound JSON list, up to the bound one.
pub(crate) fn words_of(table: &Table) -> String {
    format!("{} WHERE r.rowid IN (SELECT value FROM json_each(?)) AND r.rowid <= ?", words(table))
}

fn words(table: &Table) -> String {
    let texts: Vec<String> = table
        .columns
        .iter()
        .map(|column| format!("CASE typeof(r.\"{0}\") WHEN 'blob' THEN NULL ELSE r.\"{0}\" END", column.name))
        .collect();
    format!(
        "SELECT r.rowid, concat_ws(' ', {}, (SELECT group_concat(tag, ' ') FROM studio_tags \
         WHERE table_name = '{name}' AND row_id = r.id)) FROM \"{name}\" AS r",
        texts.join(", "),
        name = table.name,
    )
}

/// Takes in the words of so many rows: for each its rowid, then its words.
pub(crate) fn index_words(table: &Table, rows: usize) -> String {
    format!("INSERT INTO search.\"{}\" (rowid, words) VALUES {}", table.name, vec!["(?, ?)"; rows].join(", "))
}

/// Forgets the words of rows past the bound rowid.
pub(crate) fn forget_words_after(table: &Table) -> String {
    format!("DELETE FROM search.\"{}\" WHERE rowid > ?", table.name)
}

/// Forgets the words of rows whose rowids are in the bound JSON list.
pub(crate) fn forget_words(table: &Table) -> String {
    format!("DELETE FROM search.\"{}\" WHERE rowid IN (SELECT value FROM json_each(?))", table.name)
}

/// The largest rowid.
pub(crate) fn last_row(table: &Table) -> String {
    format!("SELECT coalesce(max(rowid), 0) FROM \"{}\"", table.name)
}

/// Selects the rowids of the rows found, as `n`: binds are the index's expression, the last rowid it is asked
/// about, the rowids it is not asked about and those found without it, both as JSON lists.
pub(crate) fn found(table: &Table) -> String {
    format!(
        "SELECT rowid AS n FROM search.\"{0}\" AS f WHERE f.\"{0}\" MATCH ? \
         AND rowid <= CAST(? AS INTEGER) AND rowid NOT IN (SELECT value FROM json_each(?)) \
         UNION ALL SELECT value FROM json_each(?)",
        table.name
    )
}

/// The same while there is no index to ask; one bind, the rowids found.
pub(crate) fn found_without_index() -> String {
    "SELECT value AS n FROM json_each(?)".to_owned()
}
