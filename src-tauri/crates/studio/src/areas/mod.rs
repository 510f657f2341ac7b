//! The use cases, a file an area.

mod configs;
mod dataset_files;
mod datasets;
mod deleted;
mod doctor;
mod example;
mod folders;
mod hub;
mod prompts;
mod python;
mod search;
mod snapshots;
mod tags;

pub use configs::{Comparison, ConfigCheck, Named};
pub use dataset_files::Relocated;
pub use folders::{Folder, FolderUse};
pub use hub::{HubCache, HubRecord, Verified};
