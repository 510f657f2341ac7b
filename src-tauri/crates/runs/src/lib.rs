//! Runs: jobs that are executed on this machine.
//!
//! A run is one execution of a fine-tuning job, or of evaluation jobs that were started together.
//! All its files are in its folder ([`folder`]), which is also the contract with the worker;
//! `worker/README.md` describes it. A row in `studio_runs` has its state:
//!
//! ```text
//! queued → preparing → running → succeeded | failed | stopped | lost
//!    │         │           └→ stopping → stopped (or another end that came first)
//!    └─────────┴→ stopped            failed | stopped | lost → queued (retry)
//! ```
//!
//! Any number of programs may supervise the runs of a database at once, and each may end at any
//! moment: the program that prepares a run holds the lock of its folder and passes it to the worker,
//! so a run is active exactly as long as that lock is held.
//!
//! - [`request`] and [`preflight`]: what a user asks for, checked and frozen as a [`spec`].
//! - [`rows`]: the rows of a run, selected and rendered.
//! - [`supervisor`] and [`executors`]: the states of runs, and the workers.
//! - [`events`], [`progress`], [`pace`], [`log`], [`results`], [`report`], [`compare`]: what workers write, read.
//! - [`preview`]: rows as a training would see them.
//! - [`lengths`]: the token lengths of all rows of a dataset.
//! - [`playground`]: a model loaded to be tried.
//!
//! May use: `schema`, `platform`, `resources`, `datasets`, `prompts`, `configs`, `weights`, `hub`,
//! `store`, `inspect`, `python`.

mod compare;
mod estimate;
mod events;
mod executors;
mod expected;
mod folder;
mod grace;
mod lengths;
mod log;
mod output;
mod pace;
mod playground;
mod preflight;
mod preview;
mod progress;
mod report;
mod request;
mod results;
mod rows;
mod runs;
mod spec;
mod supervisor;
mod tracking;

pub use compare::{RunComparison, SettingAcross};
pub use estimate::Estimate;
pub use lengths::{LengthBin, LengthReport, LengthsRequest, PackedRows, PaddedBatches, TokenLengths};
pub use log::LogPart;
pub use output::RunOutput;
pub use playground::{
    ConversationRow, Cut, TemplateOrigin, Trial, TrialAnswer, TrialConversation, TrialOutline, TrialTarget,
    TrialWay,
};
pub use preflight::{
    EvaluationPlan, JudgedBy, PlannedChoices, PlannedCombination, PlannedFetch, PlannedGpu, PlannedModules,
    PlannedRows, TrainingPlan,
};
pub use preview::{
    PreviewRequest, PreviewedMessage, PreviewedRow, PreviewedText, PreviewedTurn, TrainingPreview,
};
pub use progress::{CombinationProgress, Note, Point, RunProgress, Series, Tracked};
pub use report::{RunReport, RunSummary};
pub use request::{Combination, EvaluationRequest, TrainingRequest};
pub use results::{
    Answer, EvaluationResults, JudgedAnswer, Judgment, ResultColumn, ResultFilter, ResultOrder, ResultQuery,
    ResultRow,
};
pub use runs::Runs;
pub use spec::{
    AdapterSpec, ChatSpec, CombinationSpec, DatasetSpec, EvaluationSpec, Framework, PromptSpec, RowCounts,
    ScriptSpec, SelectionSpec, Source, Spec, Task, Tracking, TrainingOutput, TrainingSpec,
};
