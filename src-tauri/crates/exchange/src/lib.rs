//! What goes between this studio and a Cloudera AI workbench: whole studios, and models of its registry.
//!
//! - [`pull`]: the rows of a studio there, staged for an import as those of a snapshot are.
//! - [`plan_push`] and [`push`]: the rows of this studio that the one there does not have, as a file that it imports.
//! - [`search`], [`versions`]: the registry of models, whose versions become rows of models and adapters.
//! - [`fetch_version`]: the files of a version, as far as they are in reach.
//!
//! A studio there is a reference studio: a database of SQLite in the project's files, which it may be writing.
//!
//! May use: `schema`, `platform`, `resources`, `workbench`, `store`, `snapshot`.

mod artifacts;
mod fetch;
mod pull;
mod push;
mod registry;

pub use artifacts::fetch_version;
pub use pull::pull;
pub use push::{ConflictThere, PushPlan, PushedTable, Sent, plan_push, push};
pub use registry::{Registered, RegisteredVersion, RegisteredVersions, RegistryChoice, search, versions};
