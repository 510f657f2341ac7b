//! Where a rendered conversation carries loss.

use schema::text_enum;

text_enum! {
    /// Which part of a conversation a model learns to write.
    pub enum TrainOn {
        /// The last message, which is the assistant's.
        LastTurn = "last_turn", "The last answer";
        /// Each message of the assistant.
        AssistantTurns = "assistant_turns", "Each answer";
        /// The whole text, the user's messages and the template's own words included.
        Everything = "everything", "Everything";
    }
}
