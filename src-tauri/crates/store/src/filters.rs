//! Saved filters: the search, order and filters of a list under a name.

use resources::Described as _;
use schema::{Error, ErrorCode, Result, TableName};
use serde::Serialize;

use crate::{ListQuery, Store, View};

/// A view with a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct SavedFilter {
    /// Its name, which is unique without regard to case.
    pub name: String,
    /// The view.
    pub view: View,
}

impl Store {
    /// The saved filters of a table, by name. Those that this version of the program can't parse are
    /// left out.
    pub async fn saved_filters(&self, table: TableName) -> Result<Vec<SavedFilter>> {
        let table = table.table();
        let kept: Vec<(String, String)> = sqlx::query_as(
            "SELECT name, view FROM studio_filters WHERE table_name = ? ORDER BY name COLLATE NOCASE",
        )
        .bind(table.name.into_str())
        .fetch_all(self.pool())
        .await?;
        let read = |(name, view): (String, String)| {
            Some(SavedFilter { name, view: serde_json::from_str(&view).ok()? })
        };
        Ok(kept.into_iter().filter_map(read).collect())
    }

    /// Saves a view under a name, in place of one with the same name.
    pub async fn save_filter(&self, table: TableName, name: &str, view: &View) -> Result<SavedFilter> {
        let table = table.table();
        let name = named(name)?;
        ListQuery::from(view.clone()).check(table)?;
        let text = serde_json::to_string(view).map_err(|e| Error::internal("saving a filter", &e))?;
        let save = sqlx::query(
            "INSERT INTO studio_filters (table_name, name, view) VALUES (?, ?, ?) \
             ON CONFLICT DO UPDATE SET name = excluded.name, view = excluded.view",
        );
        self.execute(save.bind(table.name.into_str()).bind(&name).bind(text)).await?;
        Ok(SavedFilter { name, view: view.clone() })
    }

    /// Renames a saved filter.
    pub async fn rename_filter(&self, table: TableName, from: &str, to: &str) -> Result<()> {
        let table = table.table();
        let to = named(to)?;
        let mut tx = self.write().await?;
        let taken: bool = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM studio_filters WHERE table_name = ?1 AND name = ?2) \
             AND ?2 <> ?3 COLLATE NOCASE",
        )
        .bind(table.name.into_str())
        .bind(&to)
        .bind(from)
        .fetch_one(&mut *tx)
        .await?;
        if taken {
            return Err(Error::new(ErrorCode::Conflict, format!("Another filter is called '{to}'."))
                .hint("Choose another name, or delete that one first."));
        }
        let rename = sqlx::query("UPDATE studio_filters SET name = ? WHERE table_name = ? AND name = ?");
        let rename = rename.bind(to).bind(table.name.into_str()).bind(from);
        if rename.execute(&mut *tx).await?.rows_affected() == 0 {
            return Err(no_filter(from));
        }
        Ok(tx.commit().await?)
    }

    /// Deletes a saved filter.
    pub async fn delete_filter(&self, table: TableName, name: &str) -> Result<()> {
        let table = table.table();
        let delete = sqlx::query("DELETE FROM studio_filters WHERE table_name = ? AND name = ?");
        match self.execute(delete.bind(table.name.into_str()).bind(name)).await? {
            0 => Err(no_filter(name)),
            _ => Ok(()),
        }
    }
}

fn named(name: &str) -> Result<String> {
    match name.trim() {
        "" => Err(Error::new(ErrorCode::Invalid, "The filter needs a name.").on("name")),
        name => Ok(name.to_owned()),
    }
}

fn no_filter(name: &str) -> Error {
    Error::new(ErrorCode::NotFound, format!("There is no filter called '{name}'."))
        .hint("It may have been renamed or deleted.")
}
