#![doc = include_str!("../FORMAT.md")]

mod export;
mod hashing;
mod import;
mod left_out;
mod manifest;
mod names;
mod progress;
mod seal;
mod unfinished;

pub use export::{ArchiveExported, ArchivePlan, ArchiveRequest, ArchivedRows, PlannedFolder, export, plan};
pub use import::{
    ArchiveImportPlan, ArchiveImportReport, IncomingFolder, OpenArchive, PlacedFolder, Placement, list,
};
pub use left_out::LeftOut;
pub use manifest::{ArchivedFile, ArchivedFolder, ArchivedReference, Manifest};
pub use progress::{ArchiveProgress, ArchiveStep};
