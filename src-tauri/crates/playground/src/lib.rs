//! Trying a model and its adapters by hand: prompts, and conversations of many turns.
//!
//! May use: `schema`, `platform`, `resources`, `datasets`, `prompts`, `weights`, `hub`, `store`, `inspect`,
//! `python`, `run_folder`, `runs`.

mod answer;
mod conversation;
mod dataset_row;
mod open;
mod outline;
mod playground;
mod question;
mod reward_models;
mod target;
mod trial;
mod worker;

pub use answer::{Cut, LikelyToken, TokenLikelihood, TrialAnswer};
pub use conversation::TrialConversation;
pub use dataset_row::ConversationRow;
pub use outline::{TrialOutline, TrialTarget, TrialWay};
pub use playground::Playground;
pub use question::{Penalties, Question, RenderedPrompt};
pub use reward_models::RewardModels;
pub use target::{BASE, TemplateOrigin};
pub use trial::Trial;
