//! The use cases, a file an area.

mod configs;
mod dataset_files;
mod datasets;
mod doctor;
mod example;
mod folders;
mod hub;
mod prompts;
mod python;
mod rows;
mod snapshots;
mod trash;

pub use configs::{Comparison, ConfigCheck, Configs, Named};
pub use dataset_files::Relocated;
pub use datasets::Datasets;
pub use example::ExampleRows;
pub use folders::{Folder, FolderUse};
pub use hub::{HubCache, HubRecord, HubRows, Verified};
pub use prompts::Prompts;
pub use python::Environment;
pub use rows::Rows;
pub use snapshots::Snapshots;
pub use trash::Trash;
