//! Conversations and the chat templates that turn them into texts.

mod continued;
mod conversation;
mod edges;
mod error;
mod jinja;
mod marking;
mod marks;
mod source;
mod template;
mod train_on;
mod training;
mod turns;
mod variables;

pub use conversation::{Conversation, End, RenderedConversation, Turn};
pub use error::{RenderError, TemplateError};
pub use source::TemplateSource;
pub use template::ChatTemplate;
pub use train_on::TrainOn;
