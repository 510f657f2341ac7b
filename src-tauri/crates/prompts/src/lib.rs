//! Prompt templates: their language, templates to start from, and what becomes of them with a
//! row's values and a model's tokenizer.

mod nearest;
mod python;
mod ranks;
mod render;
mod suggest;
mod template;
mod tokens;

pub use nearest::nearest;
pub use python::write_value;
pub use render::{Part, PartKind, RenderRequest, RenderedPrompt, RenderedRow, RenderedText, TemplateProblem};
pub use render::{Rendering, problems};
pub use suggest::Suggestion;
pub use suggest::{lines, suggest};
pub use template::{Piece, Placeholder, Template, TemplateError};
pub use tokens::TokenCount;
pub use tokens::{Counter, Tokenizers};
