//! Conversations, the rows that they are read from, and the chat templates that turn them into texts.

mod answers;
mod bundled;
mod conversation;
mod conversation_row;
mod edges;
mod error;
mod jinja;
mod marking;
mod marks;
mod messages;
mod preference_row;
mod ratings;
mod rendering;
mod role;
mod row_fault;
mod source;
mod template;
mod train_on;
mod training;
mod turns;
mod unpaired_row;
mod variables;

pub use answers::RenderedAnswers;
pub use bundled::{BUNDLED, Bundled};
pub use conversation::{Conversation, End, RenderedConversation, Turn};
pub use conversation_row::conversation;
pub use error::{RenderError, TemplateError};
pub use preference_row::{Preference, preference};
pub use ratings::{Ratings, rating};
pub use role::{Speaker, Style, calls_tools, has_content, text_of_parts};
pub use row_fault::RowFault;
pub use source::TemplateSource;
pub use template::ChatTemplate;
pub use train_on::TrainOn;
pub use unpaired_row::{Answered, unpaired};
