//! What the engine reports, as sentences of this program.

use minijinja::{Error, ErrorKind};

use crate::chat::{RenderError, TemplateError};

/// What a template gave to `raise_exception`.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Raised(pub(super) String);

/// A rendering that goes beyond a limit of this program.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Beyond(pub(super) String);

/// Why a template could not be parsed.
pub(in crate::chat) fn parse_error(error: &Error) -> TemplateError {
    TemplateError::Syntax { line: error.line().unwrap_or(1), reason: reason(error) }
}

/// Why a conversation could not be rendered.
pub(in crate::chat) fn render_error(error: &Error) -> RenderError {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(current) = cause {
        if let Some(Raised(message)) = current.downcast_ref() {
            return RenderError::Refused(message.clone());
        }
        if let Some(Beyond(limit)) = current.downcast_ref() {
            return RenderError::TooMuch(limit.clone());
        }
        cause = current.source();
    }
    let place = error.line().map(|line| format!(" (line {line} of the template)")).unwrap_or_default();
    let reason = format!("{}{place}", reason(error));
    match error.kind() {
        ErrorKind::OutOfFuel => {
            RenderError::TooMuch(format!("the template takes more steps than allowed{place}"))
        }
        ErrorKind::UnknownFilter
        | ErrorKind::UnknownTest
        | ErrorKind::UnknownFunction
        | ErrorKind::UnknownMethod
        | ErrorKind::TooManyArguments
        | ErrorKind::MissingArgument
        | ErrorKind::BadSerialization => RenderError::Unsupported(reason),
        // Python formats a text with it.
        _ if reason.contains("% operator") => RenderError::Unsupported(reason),
        _ => RenderError::Failed(reason),
    }
}

fn reason(error: &Error) -> String {
    match error.detail() {
        Some(detail) => detail.trim_end_matches('.').to_owned(),
        None => error.kind().to_string(),
    }
}
