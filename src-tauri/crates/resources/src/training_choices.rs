//! What is chosen for a training beyond the columns of its job, which the reference studio fixed.

pub use prompts::chat::TrainOn;
use schema::text_enum;
use serde::{Deserialize, Serialize};

text_enum! {
    /// How a model is trained.
    #[derive(Default)]
    pub enum Method {
        /// Supervised fine-tuning: the model learns to write the given answers.
        #[default]
        Sft = "sft", "Supervised fine-tuning (SFT)";
        /// Direct preference optimization: of two answers, the model learns to prefer one.
        Dpo = "dpo", "Direct preference optimization (DPO)";
        /// Kahneman-Tversky optimization: the model learns from single answers that are good or bad.
        Kto = "kto", "Kahneman-Tversky optimization (KTO)";
        /// Odds-ratio preference optimization: supervised fine-tuning and preference in one, without
        /// a reference model. Experimental in TRL.
        Orpo = "orpo", "Odds-ratio preference optimization (ORPO)";
        /// A reward model: it learns to give the preferred of two answers the higher score.
        Reward = "reward", "Reward model";
    }
}

text_enum! {
    /// How the rows of a dataset are read for a training.
    pub enum RowFormat {
        /// A prompt and its completion, filled into a prompt template.
        PromptCompletion = "prompt_completion", "Prompt and completion";
        /// A text, all of which is learned.
        Text = "text", "Text";
        /// Messages, rendered by a chat template.
        Conversation = "conversation", "Conversation";
        /// Two answers, the chosen and the rejected one.
        Preference = "preference", "Preference";
        /// An answer that is good or bad.
        UnpairedPreference = "unpaired_preference", "Unpaired preference";
    }
}

text_enum! {
    /// Which weights change.
    #[derive(Default)]
    pub enum Tuning {
        /// Those of an adapter beside the model.
        #[default]
        Lora = "lora", "Adapter (LoRA)";
        /// All of the model.
        Full = "full", "The whole model";
    }
}

/// What is chosen for a training beside the columns of its job. What is not chosen follows from the
/// dataset and the model.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(default)]
pub struct TrainingChoices {
    /// How the model is trained.
    pub method: Option<Method>,
    /// How rows are read.
    pub row_format: Option<RowFormat>,
    /// The column that says whether an answer is good: true and false, or a rating.
    pub rating_column: Option<String>,
    /// The lowest rating of a good answer, where that column holds numbers.
    pub rating_threshold: Option<f64>,
    /// The chat template: empty for the model's own, the name of one that ships with the program, the
    /// path of a file, or `none`, which leaves the texts of preferences as they are.
    pub chat_template: Option<String>,
    /// The system prompt of conversations that have none.
    pub system_prompt: Option<String>,
    /// Where a conversation carries loss.
    pub train_on: Option<TrainOn>,
    /// The id of the adapter whose training goes on.
    pub adapter_init: Option<String>,
    /// Which weights change.
    pub tuning: Option<Tuning>,
    /// How many evaluations without a lower loss end the training; it is never ended early without.
    pub early_stopping_patience: Option<u32>,
}

impl TrainingChoices {
    /// Whether nothing is chosen.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
