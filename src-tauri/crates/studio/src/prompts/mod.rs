//! Prompt templates.

mod template;

pub use template::{Piece, Template, TemplateError};
