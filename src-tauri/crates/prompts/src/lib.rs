//! Prompt templates: the template language, suggested templates, templates filled with a row's values,
//! token counts, and the values that rows consist of.
//!
//! May use: `schema` (errors); `platform` for blocking work.

pub mod chat;
mod column_name;
mod extent;
mod python;
mod ranks;
mod render;
mod suggest;
mod template;
mod tokens;
mod value;

pub use column_name::{is_nameable, nameable};
pub use extent::Extent;
pub use python::write_value;
pub use render::{
    Part, PartKind, RenderRequest, RenderedPrompt, RenderedRow, RenderedText, Rendering, TemplateProblem,
    problems,
};
pub use suggest::{Suggestion, lines, suggest};
pub use template::{Piece, Placeholder, Template, TemplateError};
pub use tokens::{AddedToken, Counter, Measured, TokenCount, Tokenizers};
pub use value::{Number, Object, Value, hash_object};
