//! Runs: jobs that happen on this machine.
//!
//! A run is one execution of a fine-tuning job, or of evaluation jobs that were started together.
//! Everything about it lies in its folder ([`folder`]), which is also the whole contract with the
//! worker; `worker/README.md` describes it. A row in `studio_runs` says where it is in its life:
//!
//! ```text
//! queued → preparing → running → succeeded | failed | stopped | lost
//!    │         │           └→ stopping → stopped (or whatever came first)
//!    └─────────┴→ stopped            failed | stopped | lost → queued (retry)
//! ```
//!
//! Any number of programs may look after the runs of a database at once, and any of them may end at
//! any moment: who prepares a run holds the lock of its folder and hands it to the worker, so a run
//! is going exactly as long as that lock is held, whoever asks.

mod account;
mod compare;
mod estimate;
mod events;
mod executor;
mod folder;
mod local;
mod log;
mod output;
mod playground;
mod preflight;
mod report;
mod request;
mod results;
mod rows;
mod runs;

mod shuffle;
mod spec;
mod split;
mod spool;
mod supervise;
mod supervisor;
mod trial;

pub use account::{Account, CombinationProgress, Note, Point, Series, Tracked};
pub use estimate::Estimate;
pub use estimate::{Size, estimate, steps};
pub use events::end_half_line;
pub use executor::Executor;
pub use folder::RunFolder;
pub use local::Local;
pub use log::LogPart;
pub use log::part as log_part;
pub use output::RunOutput;
pub use request::{Combination, EvaluationRequest, TrainingRequest};
pub use results::read as read_results;
pub use results::{Answer, EvaluationResults, ResultColumn, ResultFilter, ResultRow};
pub use rows::Splits;
pub use rows::prepare;

pub use compare::{RunComparison, SettingAcross};
pub use preflight::{EvaluationPlan, PlannedRows, TrainingPlan};
pub use report::{RunReport, RunSummary};
pub use runs::Runs;
pub use spec::{
    AdapterSpec, Combination as CombinationSpec, DatasetSpec, EvaluationSpec, Framework, PromptSpec, SEED,
    ScriptSpec, SelectionSpec, Source, Spec, Task, Tracking, TrainingOutput, TrainingSpec, VERSION,
};
pub use split::Shares;
pub use supervise::{Patience, Step, look_after};
pub use trial::{Trial, TrialAnswer};
