//! Conversations and the chat templates that turn them into texts.

mod conversation;
mod error;
mod jinja;
mod source;
mod template;
mod train_on;

pub use conversation::{Conversation, End, RenderedConversation, Turn};
pub use error::{RenderError, TemplateError};
pub use source::TemplateSource;
pub use template::ChatTemplate;
pub use train_on::TrainOn;
