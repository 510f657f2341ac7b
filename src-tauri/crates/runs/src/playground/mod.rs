//! Trying a model and its adapters by hand: prompts, and conversations of many turns.

mod answer;
mod conversation;
mod dataset_row;
mod open;
mod outline;
mod target;
mod trial;

pub use answer::{Cut, TrialAnswer};
pub use conversation::TrialConversation;
pub use dataset_row::ConversationRow;
pub use outline::{TrialOutline, TrialTarget, TrialWay};
pub use target::TemplateOrigin;
pub use trial::Trial;
