//! Migrations to the current schema, in one transaction.

use resources::TABLES;
use schema::{Error, Kind, Result};
use sqlx::{Connection, SqliteConnection, migrate::Migrator};

use crate::{
    metadata::{METADATA_TABLES, MetadataTable},
    sql,
};

/// The table with the migrations that were applied to a database.
pub const MIGRATIONS_TABLE: &str = "studio_migrations";

fn migrator() -> Migrator {
    let mut migrator = sqlx::migrate!("./migrations");
    migrator.dangerous_set_table_name(MIGRATIONS_TABLE);
    migrator
}

/// The newest migration of this program.
pub(super) fn latest() -> i64 {
    migrator().iter().map(|migration| migration.version).max().unwrap_or_default()
}

/// The newest migration that was applied to the database.
pub(super) async fn applied(database: &mut SqliteConnection) -> Result<i64> {
    let newest: Option<i64> =
        sqlx::query_scalar("SELECT max(version) FROM studio_migrations").fetch_one(database).await?;
    Ok(newest.unwrap_or_default())
}

/// Migrates the database in one transaction. If two programs start at the same time, one of them
/// migrates it and the other finds the current schema.
pub(super) async fn run(database: &mut SqliteConnection) -> Result<()> {
    let mut tx = database.begin_with("BEGIN IMMEDIATE").await?;
    adopt(&mut tx).await?;
    let set_aside = set_aside_metadata(&mut tx).await?;
    migrator()
        .run_direct(None, &mut *tx, false)
        .await
        .map_err(|error| Error::internal("updating the database", &error))?;
    sql::execute_all(&mut tx, set_aside.into_iter().flat_map(MetadataTable::take_back)).await?;
    make_triggers(&mut tx).await?;
    tx.commit().await?;
    Ok(())
}

/// Whether the database lacks a trigger that search needs. Another program may have dropped it.
pub(super) async fn lacks_triggers(database: &mut SqliteConnection) -> Result<bool> {
    let names: Vec<String> = sqlx::query_scalar("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
        .fetch_all(database)
        .await?;
    Ok(sql::note_triggers().iter().any(|(name, _)| !names.contains(name)))
}

/// Creates the triggers that do not exist.
pub(super) async fn make_triggers(database: &mut SqliteConnection) -> Result<()> {
    sql::execute_all(&mut *database, sql::note_triggers().into_iter().map(|(_, trigger)| trigger)).await?;
    Ok(())
}

/// Adds missing columns to the tables of a reference studio's database, and replaces the empty texts
/// that it writes for "no reference" by NULL. Databases of this program are not changed by it.
async fn adopt(database: &mut SqliteConnection) -> Result<()> {
    for table in TABLES {
        let names: Vec<String> = sqlx::query_scalar("SELECT name FROM pragma_table_info(?)")
            .bind(table.name.into_str())
            .fetch_all(&mut *database)
            .await?;
        if names.is_empty() {
            continue;
        }
        for column in table.columns {
            if !names.iter().any(|name| name == column.name) {
                sql::statement(sql::add_column(table, column)).execute(&mut *database).await?;
            }
            if matches!(column.kind, Kind::Reference { .. }) {
                sql::statement(sql::clear_empty(table, column)).execute(&mut *database).await?;
            }
        }
    }
    Ok(())
}

/// Renames the tables with metadata that a snapshot of this program brought to a reference studio's database,
/// and returns those. The reference creates each table of a snapshot that it imports.
async fn set_aside_metadata(database: &mut SqliteConnection) -> Result<Vec<&'static MetadataTable>> {
    let tables: Vec<String> = sqlx::query_scalar("SELECT name FROM sqlite_schema WHERE type = 'table'")
        .fetch_all(&mut *database)
        .await?;
    let has = |name: &str| tables.iter().any(|known| known == name);
    let mut set_aside = Vec::new();
    if has(MIGRATIONS_TABLE) {
        return Ok(set_aside);
    }
    for metadata in METADATA_TABLES.iter().filter(|metadata| has(metadata.name)) {
        let names: Vec<String> = sqlx::query_scalar("SELECT name FROM pragma_table_info(?)")
            .bind(metadata.name)
            .fetch_all(&mut *database)
            .await?;
        if metadata.columns().all(|column| names.iter().any(|name| name == column)) {
            sql::statement(metadata.set_aside()).execute(&mut *database).await?;
            set_aside.push(metadata);
        }
    }
    Ok(set_aside)
}
