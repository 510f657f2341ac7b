//! The SQLite file: opening it, reading and writing rows by one generic path for every table.

mod backup;
mod bring_back;
mod check;
mod delete;
mod deleted;
mod draft;
mod duplicate;
mod filters;
mod location;
mod migrate;
mod open;
mod presets;
mod probe;
mod read;
mod references;
mod search;
pub(crate) mod sql;
mod tags;
mod write;

pub use backup::{Backup, BackupReason, BackupRule};
pub use bring_back::{BringBack, BroughtBack, MissingReferences, NewName, Obstacle, ObstacleReason};
pub use check::{Finding, FindingSeverity, Remedy};
pub use delete::{Deleted, DeletionPlan, Dependents, TableCount};
pub use deleted::{DeletedPage, DeletedRow, Deletion, KEPT_DAYS, RowKey};
pub use filters::{SavedFilter, View};
pub use location::{DATABASE_VARIABLE, default_database};
pub use migrate::MIGRATIONS_TABLE;
pub use open::Store;
pub(crate) use probe::{Looked, look, naming};
pub use read::{Filter, Link, ListQuery, Listed, Mark, Page, Sort};
pub(crate) use read::{counts, find, row_named, rows_where};
pub use references::{Use, UseSample};
pub use search::Matches;
pub use tags::TagCount;
pub use write::Created;
