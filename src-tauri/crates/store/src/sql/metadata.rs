//! Statements about the metadata of rows: exported, imported, restored and deleted with the rows.

use schema::TableName;

use super::staging::{CONFLICTING, json_field};
use crate::{metadata::MetadataTable, staging::SnapshotTable};

impl MetadataTable {
    /// Deletes the metadata of the rows of the bound table whose ids are in the bound JSON array.
    pub(crate) fn delete(&self) -> String {
        format!(
            "DELETE FROM \"{}\" WHERE table_name = ? AND row_id IN (SELECT value FROM json_each(?))",
            self.name
        )
    }

    /// The metadata that meets a condition, as JSON objects in the order of the key.
    pub(super) fn export(&self, condition: &str) -> String {
        let order = || ["table_name", "row_id"].into_iter().chain(self.keys.iter().copied());
        let columns = order().chain(self.values.iter().copied());
        let fields: Vec<String> = columns.map(|name| format!("'{name}', {name}")).collect();
        format!(
            "SELECT json_object({}) FROM {} WHERE {condition} ORDER BY {}",
            fields.join(", "),
            self.name,
            order().collect::<Vec<_>>().join(", ")
        )
    }

    /// Inserts the source's metadata of the rows that were imported from it, with `replaced` also of
    /// those that replaced a row, and with `clear` without references to rows that do not exist.
    pub(crate) fn take(&self, of: &SnapshotTable, replaced: bool, clear: bool) -> String {
        let class = if replaced { format!(" OR k.class = {}", CONFLICTING) } else { String::new() };
        let columns: Vec<&str> = self.columns().collect();
        let sets: Vec<String> = self.values.iter().map(|name| format!("{name} = excluded.{name}")).collect();
        let twice = match sets.is_empty() {
            true => "NOTHING".to_owned(),
            false => format!("UPDATE SET {}", sets.join(", ")),
        };
        format!(
            "INSERT INTO main.{metadata} ({columns}) SELECT {taken} FROM in_{metadata} AS b \
             WHERE b.table_name = '{name}' AND b.row_id IN (SELECT s.id FROM \"in_{name}\" AS s \
             LEFT JOIN \"k_{name}\" AS k ON k.n = s.rowid WHERE k.class IS NULL{class}) \
             ON CONFLICT DO {twice}",
            metadata = self.name,
            columns = columns.join(", "),
            taken = self.taken(of, clear).join(", "),
            name = of.name,
        )
    }

    /// The values to insert.
    fn taken(&self, of: &SnapshotTable, clear: bool) -> Vec<String> {
        let chosen = || of.references().filter(|(name, ..)| of.columns.iter().all(|own| own.name != *name));
        let value = |column: &'static str| {
            if !clear || self.completes.is_none() || !self.values.contains(&column) {
                return column.to_owned();
            }
            chosen().fold(column.to_owned(), |value, (name, target, _)| {
                let dangles = SnapshotTable::dangles(&json_field(column, name), target);
                format!("CASE WHEN {dangles} THEN json_remove({value}, '$.{name}') ELSE {value} END")
            })
        };
        self.columns().map(value).collect()
    }

    /// Deletes the store's metadata of the rows that the source's replace.
    pub(crate) fn drop_replaced(&self, of: &SnapshotTable) -> String {
        format!(
            "DELETE FROM main.{metadata} WHERE table_name = '{name}' AND row_id IN (SELECT s.id FROM \"in_{name}\" AS s \
             JOIN \"k_{name}\" AS k ON k.n = s.rowid WHERE k.class = {CONFLICTING})",
            metadata = self.name,
            name = of.name,
        )
    }

    /// What the source has in the column that completes row `s`, and what the store has for row `m`; null
    /// where there is nothing.
    pub(super) fn completions(&self, of: TableName) -> [String; 2] {
        let value = |table: &str, row: &str, order: &str| {
            format!(
                "(SELECT b.{value} FROM {table} AS b WHERE b.table_name = '{of}' AND b.row_id = {row}.id{order})",
                value = self.values.join(", "),
            )
        };
        // The last one of repeated entries is the one that is imported.
        let there = value(&format!("in_{}", self.name), "s", " ORDER BY b.n DESC LIMIT 1");
        [there, value(&format!("main.{}", self.name), "m", "")]
    }

    /// Deletes the metadata of all rows of a table.
    pub(super) fn empty(&self, table: TableName) -> String {
        format!("DELETE FROM main.{} WHERE table_name = '{table}'", self.name)
    }
}
