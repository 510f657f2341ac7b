//! Tags: short texts that users give rows of any table.

use std::collections::HashMap;

use resources::Described as _;
use schema::{Error, ErrorCode, Result, Table, TableName};
use serde::Serialize;
use sqlx::SqliteConnection;

use crate::{
    Listed, Store,
    references::id_list,
    rows::{find, not_found},
};

/// The largest number of characters of a tag.
const LONGEST: usize = 40;

/// A tag and the number of its rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct TagCount {
    /// The tag.
    pub tag: String,
    /// The number of rows with it.
    pub rows: u64,
}

impl Store {
    /// Adds tags to rows in one transaction, and returns how many were added. A tag that exists in
    /// another case keeps its spelling.
    pub async fn tag(&self, table: TableName, ids: &[String], tags: &[String]) -> Result<u64> {
        let table = table.table();
        let tags = tags.iter().map(|tag| normal(tag)).collect::<Result<Vec<_>>>()?;
        let mut tx = self.write().await?;
        for id in ids {
            if find(&mut tx, table, id).await?.is_none() {
                return Err(not_found(table, id));
            }
        }
        let mut put = 0;
        for tag in &tags {
            put += sqlx::query(
                "INSERT INTO studio_tags (table_name, row_id, tag) \
                 SELECT ?1, value, coalesce((SELECT tag FROM studio_tags WHERE tag = ?3 LIMIT 1), ?3) \
                 FROM json_each(?2) WHERE true ON CONFLICT DO NOTHING",
            )
            .bind(table.name.into_str())
            .bind(id_list(ids))
            .bind(tag)
            .execute(&mut *tx)
            .await?
            .rows_affected();
        }
        tx.commit().await?;
        Ok(put)
    }

    /// Removes tags from rows in one transaction, and returns how many were removed.
    pub async fn untag(&self, table: TableName, ids: &[String], tags: &[String]) -> Result<u64> {
        let table = table.table();
        let mut tx = self.write().await?;
        let mut taken = 0;
        for tag in tags {
            taken += sqlx::query(
                "DELETE FROM studio_tags WHERE table_name = ? AND tag = ? \
                 AND row_id IN (SELECT value FROM json_each(?))",
            )
            .bind(table.name.into_str())
            .bind(tag.trim())
            .bind(id_list(ids))
            .execute(&mut *tx)
            .await?
            .rows_affected();
        }
        tx.commit().await?;
        Ok(taken)
    }

    /// All tags of one table or of all, by name.
    pub async fn tags(&self, table: Option<TableName>) -> Result<Vec<TagCount>> {
        let counted: Vec<(String, i64)> = sqlx::query_as(
            "SELECT tag, count(*) FROM studio_tags WHERE ?1 IS NULL OR table_name = ?1 \
             GROUP BY tag ORDER BY tag COLLATE NOCASE",
        )
        .bind(table.map(TableName::into_str))
        .fetch_all(self.pool())
        .await?;
        let count = |(tag, rows): (String, i64)| TagCount { tag, rows: rows.unsigned_abs() };
        Ok(counted.into_iter().map(count).collect())
    }

    /// Renames a tag on every row. Rows that have the new one too keep one of them. Returns the number
    /// of rows that had the tag.
    pub async fn rename_tag(&self, from: &str, to: &str) -> Result<u64> {
        let to = normal(to)?;
        let mut tx = self.write().await?;
        let had: i64 = sqlx::query_scalar("SELECT count(*) FROM studio_tags WHERE tag = ?")
            .bind(from)
            .fetch_one(&mut *tx)
            .await?;
        if had == 0 {
            return Err(no_tag(from));
        }
        sqlx::query("UPDATE OR REPLACE studio_tags SET tag = ? WHERE tag = ?")
            .bind(&to)
            .bind(from)
            .execute(&mut *tx)
            .await?;
        // Rows that had the new tag in another case get its new spelling.
        sqlx::query("UPDATE studio_tags SET tag = ?1 WHERE tag = ?1").bind(&to).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(had.unsigned_abs())
    }

    /// Removes a tag from every row, and returns how many rows had it.
    pub async fn delete_tag(&self, tag: &str) -> Result<u64> {
        let delete = sqlx::query("DELETE FROM studio_tags WHERE tag = ?").bind(tag);
        match self.execute(delete).await? {
            0 => Err(no_tag(tag)),
            had => Ok(had),
        }
    }
}

/// Fills in the tags of rows of one table.
pub(super) async fn fill_in(
    database: &mut SqliteConnection,
    table: &Table,
    rows: &mut [Listed],
) -> Result<()> {
    let ids: Vec<String> = rows.iter().map(|listed| listed.id().to_owned()).collect();
    let found: Vec<(String, String)> = sqlx::query_as(
        "SELECT row_id, tag FROM studio_tags WHERE table_name = ? \
         AND row_id IN (SELECT value FROM json_each(?)) ORDER BY tag COLLATE NOCASE",
    )
    .bind(table.name.into_str())
    .bind(id_list(&ids))
    .fetch_all(database)
    .await?;
    let mut tags: HashMap<String, Vec<String>> = HashMap::new();
    for (id, tag) in found {
        tags.entry(id).or_default().push(tag);
    }
    for listed in rows {
        listed.tags = tags.remove(listed.id()).unwrap_or_default();
    }
    Ok(())
}

/// The tag with single spaces between words and none around them.
fn normal(tag: &str) -> Result<String> {
    let normal = tag.split_whitespace().collect::<Vec<_>>().join(" ");
    let refused = if normal.is_empty() {
        "A tag can't be empty.".to_owned()
    } else if normal.chars().count() > LONGEST {
        format!("The tag '{}…' is too long.", normal.chars().take(LONGEST).collect::<String>())
    } else if normal.chars().any(char::is_control) {
        "A tag can't hold control characters.".to_owned()
    } else {
        return Ok(normal);
    };
    let hint = format!("Use a few words, at most {LONGEST} characters.");
    Err(Error::new(ErrorCode::Invalid, refused).hint(hint))
}

fn no_tag(tag: &str) -> Error {
    Error::new(ErrorCode::NotFound, format!("No row has the tag '{tag}'."))
        .hint("It may have been renamed or deleted. Look it up in the list of tags.")
}
