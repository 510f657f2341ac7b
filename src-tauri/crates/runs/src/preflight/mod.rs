//! What has to be known before a job starts: what is refused, what is worth knowing, how much there
//! is to do, and the frozen specification of the run.

mod axolotl;
mod evaluation;
mod findings;
mod row_counts;
mod script;
mod settings;
mod size;
mod training;

pub use evaluation::EvaluationPlan;
pub use findings::Found;
pub(crate) use row_counts::RowCounts;
pub use size::PlannedRows;
pub use training::TrainingPlan;
pub use training::refusal;
