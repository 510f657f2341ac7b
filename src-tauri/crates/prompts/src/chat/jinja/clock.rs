//! `strftime_now`, which gives the time that the run was frozen at.

use jiff::{civil::DateTime, fmt::strtime};
use minijinja::{Error, ErrorKind, Value};

use crate::chat::TemplateError;

/// The time of a template's source.
///
/// # Errors
/// It is no local time.
pub(super) fn time(now: &str) -> Result<DateTime, TemplateError> {
    now.parse().map_err(|_| TemplateError::Time(now.to_owned()))
}

/// The time in a format of Python's `strftime`.
///
/// # Errors
/// The format has what this program doesn't write.
pub(super) fn formatted(time: DateTime, format: &str) -> Result<Value, Error> {
    strtime::format(format, time).map(Value::from).map_err(|error| {
        Error::new(ErrorKind::UnknownFunction, format!("strftime_now of \"{format}\": {error}"))
    })
}
