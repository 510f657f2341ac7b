//! Import of an archive: it is read and checked as a whole, compared with the store for a plan, and its files
//! and rows are imported together.

mod fault;
mod here;
mod open;
mod place;
mod read;

use std::path::Path;

use platform::blocking;
use schema::Result;

pub use open::{
    ArchiveImportPlan, ArchiveImportReport, IncomingFolder, OpenArchive, PlacedFolder, Placement,
};

use crate::manifest::Manifest;

/// The manifest of an archive. Nothing after it is read, so only an import finds damage in the files.
pub async fn list(path: &Path) -> Result<Manifest> {
    let path = path.to_owned();
    blocking("reading an archive", move || read::manifest(&path)).await
}
