//! Validation: each row of a dataset is held against the shape of its rows.

mod checks;
mod conversation;
mod diagnosis;
mod every;
mod examination;
#[cfg(test)]
mod examples;
mod list;
mod report;
mod whole;

pub(super) use self::{
    checks::{first_error, first_error_in},
    every::diagnose,
    examination::Examination,
};
pub use self::{
    diagnosis::Diagnosis,
    list::{ProblemFile, list_problems},
};
