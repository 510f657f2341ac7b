//! What the rows of a run depend on beside the dataset.

use std::sync::Arc;

use prompts::chat::{OtherRenderer, Ratings};
use resources::RowFormat;

use crate::spec::{ChatSpec, PromptSpec, Spec, Task};

/// What the rows of a run depend on beside the dataset.
#[derive(Debug, Clone, Copy)]
pub struct RowSettings<'a> {
    /// How rows are read; none where a prompt or a program of the user's reads them.
    pub format: Option<RowFormat>,
    /// The templates that rows are filled into.
    pub prompt: Option<&'a PromptSpec>,
    /// The chat template of messages.
    pub chat: Option<&'a ChatSpec>,
    /// What says whether answers are good; none where rows are pairs of them, or nothing says it. An evaluation of
    /// answers that a model writes leaves out the rows of bad ones.
    pub ratings: Option<&'a Ratings>,
    /// Renders chat templates that this program can't.
    pub other: Option<&'a Arc<dyn OtherRenderer>>,
    /// Columns that are kept beside the texts.
    pub features: &'a [String],
    /// Whether the rows are for an evaluation.
    pub asks: bool,
}

impl<'a> RowSettings<'a> {
    pub(crate) fn from_spec(spec: &'a Spec, other: Option<&'a Arc<dyn OtherRenderer>>) -> Self {
        Self {
            other,
            format: spec.row_format,
            prompt: spec.prompt.as_ref(),
            chat: spec.chat.as_ref(),
            ratings: spec.ratings.as_ref(),
            features: &spec.selection.features,
            asks: matches!(spec.task, Task::Evaluation(_)),
        }
    }
}
