//! The SQLite file: opening it, reading and writing rows by one generic path for every table.

mod backup;
mod bring_back;
mod changes;
mod check;
mod copy;
mod dataset_files;
mod delete;
mod deleted;
mod draft;
mod duplicate;
mod example;
mod export;
mod filters;
mod hub;
mod lineage;
mod location;
mod lookup;
mod marks;
mod migrate;
mod open;
mod places;
mod presets;
mod probe;
mod reach;
mod read;
mod read_options;
mod references;
mod run;
mod runs;
mod search;
mod setting;
mod sql;
mod staging;
mod tags;
mod write;

pub use backup::{Backup, BackupReason, BackupRule};
pub use bring_back::{BringBack, BroughtBack, MissingReferences, NewName, Obstacle, ObstacleReason};
pub use changes::{Changes, StoreChange};
pub use check::{Finding, FindingSeverity, Remedy};
pub use delete::{Deleted, DeletionPlan, Dependents, TableCount};
pub use deleted::{DeletedPage, DeletedRow, Deletion, KEPT_DAYS, RowKey};
pub use example::{Example, KnownIds};
pub use export::{ExportedRow, Extent, Moment};
pub use filters::{SavedFilter, View};
pub use hub::HubRecord;
pub use lineage::{Lineage, LineageEdge, LineageMore, LineageNode};
pub use location::{DATABASE_VARIABLE, default_database, example_folder};
pub use marks::Mark;
pub use migrate::MIGRATIONS_TABLE;
pub use open::Store;
pub use probe::naming;
pub use reach::Rows;
pub use read::{Filter, Link, ListQuery, Listed, Page, Sort};
pub use read::{counts, find, free_name, row_named, rows_where};
pub use references::{Use, UseSample};
pub use run::{QueueRule, Run, RunKind, RunState};
pub use search::Matches;
pub use staging::{
    Cell, Classes, Comparison, SNAPSHOT_TABLES, SnapshotColumn, SnapshotTable, SourceDatabase, SourceRow,
    SourceTable, StagedRows, Staging,
};
pub use tags::TagCount;
pub use write::Created;
