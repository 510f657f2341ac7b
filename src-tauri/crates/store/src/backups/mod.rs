//! Backups: copies of the database, made on request and before imports, restores and migrations.

mod backup;
mod kept;
mod restore;

pub use backup::{Backup, BackupReason};
pub(crate) use backup::{folder, make};
pub use kept::BackupRule;
