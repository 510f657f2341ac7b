//! The problems and warnings of a preflight.

use configs::{CheckedConfig, ConfigType, MarkKind, check_config};
use schema::{Error, ErrorCode, FieldProblem, Result};
use serde_json::{Map, Value};

/// Problems stop a job from starting; warnings do not. Each belongs to a column of the job, or to
/// `python` where the environment is at fault. The same sentence is kept once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Diagnostics {
    pub(crate) problems: Vec<FieldProblem>,
    pub(crate) warnings: Vec<FieldProblem>,
}

impl Diagnostics {
    pub(crate) fn refuse(&mut self, column: &str, message: impl Into<String>) {
        add(&mut self.problems, column, message.into());
    }

    pub(super) fn warn(&mut self, column: &str, message: impl Into<String>) {
        add(&mut self.warnings, column, message.into());
    }

    /// The value, or none and a problem of that column. Errors of the database and of the program
    /// are returned.
    pub(super) fn or_refuse<T>(&mut self, column: &str, result: Result<T>) -> Result<Option<T>> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(error)
                if matches!(
                    error.code,
                    ErrorCode::Internal | ErrorCode::Locked | ErrorCode::ReadOnly | ErrorCode::Damaged
                ) =>
            {
                Err(error)
            }
            Err(error) => {
                let hint = error.hint.map(|hint| format!(" {hint}")).unwrap_or_default();
                self.refuse(column, format!("{}{hint}", error.message));
                Ok(None)
            }
        }
    }

    /// The settings of a configuration's text; none where there is no text or it can't be used.
    pub(super) fn settings(
        &mut self,
        column: &str,
        kind: ConfigType,
        text: Option<&str>,
    ) -> Option<Map<String, Value>> {
        let CheckedConfig { value, marks } = match check_config(kind, text?) {
            Ok(checked) => checked,
            Err(problem) => {
                self.refuse(column, problem.to_string());
                return None;
            }
        };
        for mark in marks {
            match mark.kind {
                MarkKind::Wrong => self.refuse(column, mark.message),
                MarkKind::Note | MarkKind::Unknown => self.warn(column, mark.message),
                MarkKind::Unchecked => {}
            }
        }
        match value {
            Value::Object(settings) => Some(settings),
            _ => None,
        }
    }

    /// All problems as one error. Its code says whether Python is at fault.
    pub(crate) fn into_error(self) -> Error {
        let python = self.problems.iter().any(|problem| problem.column == "python");
        let error = Error::invalid(self.problems);
        if python { Error { code: ErrorCode::NoPython, ..error } } else { error }
    }
}

fn add(known: &mut Vec<FieldProblem>, column: &str, message: String) {
    let problem = FieldProblem { column: column.to_owned(), message };
    if !known.contains(&problem) {
        known.push(problem);
    }
}
