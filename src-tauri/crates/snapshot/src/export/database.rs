//! Export to an SQLite file.

use std::path::Path;

use platform::{Progress, Work};
use schema::{Error, ErrorCode, Result, TableName};
use store::{Extent, Store};

use super::Exported;

/// Writes a database with the chosen tables, with or without the metadata of their rows, and without the
/// trash.
pub async fn export_sqlite(
    store: &Store,
    target: &Path,
    chosen: &[TableName],
    with_metadata: bool,
    work: &Work,
) -> Result<Exported> {
    if std::fs::canonicalize(target).ok() == std::fs::canonicalize(store.path()).ok() {
        return Err(Error::new(ErrorCode::Invalid, "The copy can't replace the database it is made from.")
            .hint("Choose another name."));
    }
    let rows = store.moment().await?.counts(&Extent::Tables(chosen.to_vec())).await?;
    let total = rows.iter().map(|count| count.rows).sum();
    work.tick(Progress { done: 0, total: None, rows: 0 })?;
    let copy = store.copy_for(target, chosen, with_metadata).await?;
    // The last point at which the export can be stopped.
    work.tick(Progress { done: total, total: Some(total), rows: total })?;
    let bytes = copy.commit()?;
    Ok(Exported { path: target.display().to_string(), bytes, rows })
}
