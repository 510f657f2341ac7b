//! The SQLite database of a workspace: rows of every resource by one generic path, trash, search, runs,
//! backups, and the staging area of imports. All SQL of the program is in this crate.

mod backups;
mod changes;
mod check;
mod copy;
mod dataset_files;
mod duplicate;
mod example;
mod export;
mod extent;
mod filters;
mod hub;
mod lineage;
mod lookup;
mod marks;
mod metadata;
mod migrate;
mod open;
mod presets;
mod probe;
mod reach;
mod read;
mod read_options;
mod reading;
mod references;
mod rows;
mod runs;
mod search;
mod setting;
mod settle;
mod sql;
mod staging;
mod store;
mod tags;
mod targets;
mod training_choices;
mod transfers;
mod trash;
mod vacuum;
mod write;

pub use backups::{Backup, BackupReason, BackupRule};
pub use changes::{Changes, StoreChange};
pub use example::{Example, KnownIds};
pub use export::{ExportedRow, Moment};
pub use extent::Extent;
pub use filters::SavedFilter;
pub use hub::{HubRecord, RepositoryUse};
pub use lineage::{Lineage, LineageEdge, LineageMore, LineageNode};
pub use migrate::MIGRATIONS_TABLE;
pub use probe::naming;
pub use reach::Rows;
pub use resources::{
    Filter, Finding, FindingSeverity, Link, ListQuery, Listed, Mark, Page, Remedy, RowKey, Sort, TableCount,
    Use, UseSample, View,
};
pub use rows::{counts, find, free_name, row_named, rows_where};
pub use runs::{EndedExport, QueueRule, Registration, Run, RunKind, RunState, StoredExport};
pub use search::Matches;
pub use settle::settle_copy;
pub use staging::{
    Cell, Classes, Comparison, ConflictingRow, DanglingReference, SNAPSHOT_TABLES, SnapshotColumn,
    SnapshotTable, SourceColumns, SourceDatabase, SourceRow, StagedRows, Staging,
};
pub use store::Store;
pub use tags::TagCount;
pub use transfers::{NewTransfer, StoredTransfer, TransferProgress, TransferRule, TransferState};
pub use trash::{
    Deleted, DeletedPage, DeletedRow, Deletion, DeletionPlan, Dependents, KEPT_DAYS, MissingReferences,
    NewName, Obstacle, ObstacleReason, UndeleteRequest, Undeleted,
};
pub use write::Created;
