//! The use cases, one file for each area.

mod archives;
mod changes;
mod configs;
mod dataset_files;
mod dataset_parts;
mod datasets;
mod diagnostics;
mod doctor;
mod example;
mod folders;
mod hub;
mod hub_removal;
mod hub_search;
mod prompts;
mod python;
mod rows;
mod shown_files;
mod snapshots;
mod targets;
mod trash;
mod workbenches;

pub use archives::Archives;
pub use changes::Change;
pub use configs::{Comparison, ConfigCheck, Configs, Named};
pub use dataset_files::Relocated;
pub use datasets::{DatasetSource, Datasets};
pub use diagnostics::diagnostics;
pub use example::ExampleRows;
pub use folders::{Folder, FolderUse, folders};
pub use hub::{HubCache, HubRecord, HubRows, Verified};
pub use hub_removal::{CacheUse, RunUse, TransferUse};
pub use hub_search::{HubResult, HubResults, LocalRepository, RepositoryName};
pub use prompts::Prompts;
pub use python::Environment;
pub use rows::Rows;
pub(crate) use shown_files::ShownFiles;
pub use snapshots::Snapshots;
pub use targets::Targets;
pub use trash::Trash;
pub use workbenches::Workbenches;

use crate::Studio;

impl Studio {
    /// Creating and changing rows.
    pub fn rows(&self) -> Rows<'_> {
        Rows(self)
    }

    /// Dataset files.
    pub fn datasets(&self) -> Datasets<'_> {
        Datasets(self)
    }

    /// Prompt templates.
    pub fn prompts(&self) -> Prompts<'_> {
        Prompts(self)
    }

    /// Configurations.
    pub fn configs(&self) -> Configs<'_> {
        Configs(self)
    }

    /// Rows with Hub names.
    pub fn hub_rows(&self) -> HubRows<'_> {
        HubRows(self)
    }

    /// The program's own Python environment.
    pub fn environment(&self) -> Environment<'_> {
        Environment(self)
    }

    /// Export and import.
    pub fn snapshots(&self) -> Snapshots<'_> {
        Snapshots(self)
    }

    /// Archives of rows with their files.
    pub fn archives(&self) -> Archives<'_> {
        Archives(self)
    }

    /// Compute targets.
    pub fn targets(&self) -> Targets<'_> {
        Targets(self)
    }

    /// Studios and registries on workbenches.
    pub fn workbenches(&self) -> Workbenches<'_> {
        Workbenches(self)
    }

    /// Deleted rows.
    pub fn trash(&self) -> Trash<'_> {
        Trash(self)
    }

    /// The example workspace.
    pub fn example(&self) -> ExampleRows<'_> {
        ExampleRows(self)
    }
}
