//! Tables of ours whose rows hang on a row of a resource: they are exported, imported, restored
//! and deleted with it.

use schema::TableName;

use crate::staging::SnapshotTable;

/// A table whose rows name the row they hang on by `table_name` and `row_id`.
#[derive(Debug)]
pub(crate) struct Beside {
    /// The table.
    pub(crate) name: &'static str,
    /// Its further columns that are part of its key.
    pub(crate) keys: &'static [&'static str],
    /// Its other columns.
    pub(crate) values: &'static [&'static str],
}

/// THE LIST of what hangs on rows. All columns are texts that are never null.
pub(crate) const BESIDE: &[Beside] = &[
    Beside { name: "studio_times", keys: &[], values: &["created_at", "changed_at"] },
    Beside { name: "studio_tags", keys: &["tag"], values: &[] },
    Beside { name: READ_OPTIONS, keys: &[], values: &["separator", "encoding", "quote", "list"] },
];

/// Most stores have no row of it: an export leaves it out then.
pub(crate) const READ_OPTIONS: &str = "studio_read_options";

impl Beside {
    /// Deletes what hangs on rows: of the bound table, with ids in the bound JSON list.
    pub(crate) fn delete(&self) -> String {
        format!(
            "DELETE FROM \"{}\" WHERE table_name = ? AND row_id IN (SELECT value FROM json_each(?))",
            self.name
        )
    }

    /// All columns, the row's id first, as a snapshot stages them.
    pub(crate) fn columns(&self) -> impl Iterator<Item = &'static str> {
        ["row_id", "table_name"].into_iter().chain(self.keys.iter().chain(self.values).copied())
    }

    /// What hangs on rows and meets a condition, as JSON objects in the order of the key.
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

    /// Takes over what the source has for the rows of a resource that were taken from it.
    pub(crate) fn take(&self, of: &SnapshotTable, replaced: bool) -> String {
        let class = if replaced { format!(" OR k.class = {}", super::CONFLICTING) } else { String::new() };
        let columns: Vec<&str> = self.columns().collect();
        let sets: Vec<String> = self.values.iter().map(|name| format!("{name} = excluded.{name}")).collect();
        let twice = match sets.is_empty() {
            true => "NOTHING".to_owned(),
            false => format!("UPDATE SET {}", sets.join(", ")),
        };
        format!(
            "INSERT INTO main.{beside} ({columns}) SELECT {columns} FROM in_{beside} AS b \
             WHERE b.table_name = '{name}' AND b.row_id IN (SELECT s.id FROM \"in_{name}\" AS s \
             LEFT JOIN \"k_{name}\" AS k ON k.n = s.rowid WHERE k.class IS NULL{class}) \
             ON CONFLICT DO {twice}",
            beside = self.name,
            columns = columns.join(", "),
            name = of.name,
        )
    }

    /// Deletes what hangs on all rows of a table.
    pub(super) fn empty(&self, table: TableName) -> String {
        format!("DELETE FROM main.{} WHERE table_name = '{table}'", self.name)
    }
}
