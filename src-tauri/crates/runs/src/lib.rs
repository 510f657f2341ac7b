//! Runs: jobs that are executed on this machine, and on compute targets.
//!
//! A run is one execution of a fine-tuning job, of evaluation jobs that were started together, or an export.
//! All its files are in its folder ([`run_folder`]), which is also the contract with the worker. A row in `studio_runs` has its state:
//!
//! ```text
//! queued → preparing → running → succeeded | failed | stopped | lost
//!    │         │ └→ waiting ↑↓ └→ stopping → stopped (or another end that came first)
//!    └─────────┴→ stopped            failed | stopped | lost → queued (retry)
//! ```
//!
//! Any number of programs may supervise the runs of a database at once, and each may end at any
//! moment: the program that prepares a run holds the lock of its folder and passes it to the worker,
//! so a run of this machine is active exactly as long as that lock is held. The folder of a run on a compute target is
//! a copy: its lock is that of the program that looks after the copy, and only an answer of the target ends the run.
//!
//! - [`request`] and [`preflight`]: what a user asks for, checked and frozen as a [`run_folder::spec::Spec`].
//! - [`supervisor`]: the states of runs; their workers are those of an executor.
//! - [`results`], [`report`], [`compare`]: what workers wrote, for hosts.
//! - [`preview`]: rows as a training would see them.
//! - [`lengths`]: the token lengths of all rows of a dataset.
//! - [`loading`]: what other crates load.
//!
//! May use: `schema`, `platform`, `resources`, `datasets`, `prompts`, `configs`, `weights`, `estimate`, `hub`,
//! `store`, `inspect`, `python`, `compute`, `transfers`, `run_folder`, `executors`.

mod compare;
mod expected;
mod grace;
mod lengths;
mod loading;
mod needed;
mod output;
mod preflight;
mod preview;
mod report;
mod request;
mod results;
mod retry;
mod runs;
mod sources;
mod supervisor;
mod tracking;

pub use compare::{RunComparison, SettingAcross};
pub use executors::AttachedExecutor;
pub use lengths::{LengthBin, LengthReport, LengthsRequest, PackedRows, PaddedBatches, TokenLengths};
pub use output::RunOutput;
pub use preflight::{
    AskedTarget, EvaluationPlan, JudgedBy, PlannedChoices, PlannedCombination, PlannedFetch, PlannedGpu,
    PlannedModules, PlannedRows, TrainingPlan,
};
pub use preview::{
    PreviewRequest, PreviewedMessage, PreviewedRow, PreviewedText, PreviewedTurn, TrainingPreview,
};
pub use report::{RunReport, RunSummary};
pub use request::{Combination, EvaluationRequest, TrainingRequest};
pub use run_folder::log::LogPart;
pub use run_folder::progress::{CombinationProgress, Note, Point, RunProgress, Series, Tracked, WorkDone};
pub use run_folder::results::{
    Answer, EvaluationResults, JudgedAnswer, Judgment, ResultColumn, ResultFilter, ResultOrder, ResultQuery,
    ResultRow,
};
pub use run_folder::spec::{
    AdapterSpec, ChatSpec, CombinationSpec, DatasetSpec, EvaluationSpec, Framework, PromptSpec, RowCounts,
    ScriptSpec, SelectionSpec, Source, Spec, Task, Tracking, TrainingOutput, TrainingSpec,
};
pub use runs::Runs;
