//! What a user asks for when starting a job: the fields of the job's row that are theirs to choose,
//! and what only the run needs.

mod evaluation;
mod fields;
mod training;

pub use evaluation::{Combination, EvaluationRequest};
pub use training::TrainingRequest;
