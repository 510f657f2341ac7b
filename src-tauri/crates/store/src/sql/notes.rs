//! Triggers that record which rows were changed or deleted, by any program, so that the index of words
//! can be updated. They are generated from the declarations, so the migration of a new resource needs
//! none.

use resources::TABLES;

/// All triggers: the name and the statement that creates it.
pub(crate) fn note_triggers() -> Vec<(String, String)> {
    let of_table = TABLES.iter().flat_map(|table| {
        let name = table.name;
        // New rows need no note: their rowids are larger than all others.
        let changed = format!(
            "CREATE TRIGGER IF NOT EXISTS studio_{name}_changed AFTER UPDATE ON \"{name}\" BEGIN \
             INSERT INTO studio_search_notes (table_name, row) VALUES ('{name}', OLD.rowid); END"
        );
        let deleted = format!(
            "CREATE TRIGGER IF NOT EXISTS studio_{name}_gone AFTER DELETE ON \"{name}\" BEGIN \
             INSERT INTO studio_search_notes (table_name, row, last) \
             SELECT '{name}', OLD.rowid, coalesce(max(rowid), 0) FROM \"{name}\"; END"
        );
        [(format!("studio_{name}_changed"), changed), (format!("studio_{name}_gone"), deleted)]
    });
    // The index contains the tags of a row.
    let of_tags = [("put", "INSERT", "NEW"), ("changed", "UPDATE", "NEW"), ("taken", "DELETE", "OLD")];
    let of_tags = of_tags.map(|(name, event, row)| {
        let trigger = format!(
            "CREATE TRIGGER IF NOT EXISTS studio_tags_{name} AFTER {event} ON studio_tags BEGIN \
             INSERT INTO studio_search_notes (table_name, row_id) VALUES ({row}.table_name, {row}.row_id); END"
        );
        (format!("studio_tags_{name}"), trigger)
    });
    of_table.chain(of_tags).collect()
}
