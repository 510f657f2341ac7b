//! What is checked before a job starts: what it is refused for, what the user should know, how much
//! there is to do, and the frozen specification of the run.
//!
//! [`context::Preflight`] has the steps that trainings and evaluations share, one file each;
//! [`training`] and [`evaluation`] put them in order; [`start`] plans and starts.

mod asked_target;
mod axolotl;
pub(crate) mod cache;
mod chat_template;
mod choices;
mod config_text;
mod context;
mod current;
mod dataset;
mod device;
pub(crate) mod diagnostics;
mod elsewhere;
mod evaluated_rows;
mod evaluation;
mod examples;
mod fetch;
mod first_rows;
pub(crate) mod hub_answers;
mod inputs;
mod long_rows;
mod misfits;
mod modules;
mod new_tokens;
mod place;
mod plan;
mod processes;
mod prompt;
mod quantized;
mod ratings;
mod script;
mod seen_rows;
mod sharding;
mod size;
mod start;
mod trained;
mod training;
mod training_arguments;
mod training_spec;
mod tuning;
mod weights;

pub use asked_target::AskedTarget;
pub(crate) use choices::Chosen;
pub(crate) use context::Preflight;
pub(crate) use dataset::JobDataset;
pub(crate) use examples::{ExampleSource, Examples};
pub use plan::{
    EvaluationPlan, JudgedBy, PlannedChoices, PlannedCombination, PlannedFetch, PlannedGpu, PlannedModules,
    PlannedRows, TrainingPlan,
};
