//! Conversations and the chat templates that turn them into texts.

mod train_on;

pub use train_on::TrainOn;
