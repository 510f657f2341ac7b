//! The commands that the pages call. Each passes its arguments to one operation of the core.

pub(crate) mod about;
pub(crate) mod archives;
pub(crate) mod configs;
pub(crate) mod dataset_files;
pub(crate) mod datasets;
pub(crate) mod deleted;
pub(crate) mod doctor;
pub(crate) mod environment;
pub(crate) mod example;
pub(crate) mod exports;
pub(crate) mod folders;
pub(crate) mod hub;
pub(crate) mod prompts;
pub(crate) mod rows;
pub(crate) mod runs;
pub(crate) mod serving;
pub(crate) mod snapshots;
pub(crate) mod tags;
pub(crate) mod targets;
pub(crate) mod transfers;
pub(crate) mod trials;
pub(crate) mod weights;
pub(crate) mod workspace;
