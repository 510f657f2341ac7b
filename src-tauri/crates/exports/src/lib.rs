//! Exports: models, adapters and datasets written for other programs. An export is a run of a kind of its own, which has
//! no job: its request and its report are in `studio_exports`, everything else is in its run folder.
//!
//! - [`request`]: what is to be written, of which row.
//! - [`plan`]: what starting it would do, and why it can't start.
//! - [`ways`]: what is particular to each way, a file for each.
//! - [`card`]: the card of what is published.
//! - [`publication`]: what publishing sends, and what speaks against it.
//! - [`samples`]: the texts that a result is compared on.
//!
//! A new way is a variant of [`run_folder::export::Way`] with a file for its settings there, a file in
//! [`ways`] here, a module of the worker, and a form in the window.
//!
//! May use: `schema`, `platform`, `resources`, `weights`, `hub`, `python`, `compute`, `store`, `inspect`, `run_folder`,
//! `runs`.

mod card;
mod draft;
mod exports;
mod plan;
mod publication;
mod request;
mod samples;
mod ways;

pub use exports::{Exports, StoredReport};
pub use plan::{ExportPlan, PlannedPublication, ScanFinding, SentFile};
pub use request::ExportRequest;
pub use run_folder::export::{
    EndpointSettings, ExportCheck, ExportReport, ExportSpec, ExportedFile, GgufOf, GgufSettings, GgufType,
    MergePrecision, MergeSettings, OllamaSettings, PublishSettings, Published, RegisterSettings,
    RegistrationSettings, Way,
};
