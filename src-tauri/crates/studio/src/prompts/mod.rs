//! Prompt templates: their language, templates to start from, and what becomes of them with a
//! row's values and a model's tokenizer.

mod nearest;
mod python;
mod ranks;
mod render;
mod suggest;
mod template;
mod tokens;

pub(crate) use nearest::nearest;
pub(crate) use python::write_value;
pub use render::{Part, PartKind, RenderRequest, RenderedPrompt, RenderedRow, RenderedText, TemplateProblem};
pub(crate) use render::{Rendering, problems};
pub use suggest::Suggestion;
pub(crate) use suggest::{lines, suggest};
pub use template::{Piece, Placeholder, Template, TemplateError};
pub use tokens::TokenCount;
pub(crate) use tokens::{Counter, Tokenizers};
