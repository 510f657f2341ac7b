//! Choices of a training that do not fit together.

use datasets::Shape;
use resources::{FineTuningJob, Method, RowFormat};
use schema::{TextEnum as _, column};

use super::{choices::ChoiceInputs, context::Preflight};
use run_folder::spec::Framework;

const PROMPT: &str = column!(FineTuningJob, prompt_id);

const NO_PROMPT: &str = "Choose the prompt to train with.";
/// The same of rows that are questions and answers, for a model without a chat template.
const NO_PROMPT_FOR_TURNS: &str = "Choose the prompt to train with, or the row format Conversation, for which one of our chat templates is used.";

impl Preflight<'_> {
    /// Refuses choices where something else says how it is trained.
    pub(super) fn refuse_choices(&mut self, inputs: &ChoiceInputs<'_>) {
        let choices = inputs.choices;
        if inputs.framework == Framework::Script && inputs.prompt.is_none() {
            self.diagnostics.refuse(PROMPT, NO_PROMPT);
        }
        let message = match inputs.framework {
            Framework::Axolotl => "Axolotl trains as its config says. Leave this empty.",
            _ => "A script of your own trains as it is written. Leave this empty.",
        };
        let given = [
            ("method", choices.method.is_some()),
            ("row_format", choices.row_format.is_some()),
            ("rating_column", choices.rating_column.is_some()),
            ("rating_threshold", choices.rating_threshold.is_some()),
            ("chat_template", choices.chat_template.is_some()),
            ("system_prompt", choices.system_prompt.is_some()),
            ("train_on", choices.train_on.is_some()),
            ("adapter_init", choices.adapter_init.is_some()),
            ("tuning", choices.tuning.is_some()),
            ("early_stopping_patience", choices.early_stopping_patience.is_some()),
        ];
        for (field, _) in given.iter().filter(|(_, given)| *given) {
            self.diagnostics.refuse(field, message);
        }
    }

    /// Refuses what does not fit the method or the format of the rows.
    pub(super) fn check_format(&mut self, inputs: &ChoiceInputs<'_>, method: Method, format: RowFormat) {
        let choices = inputs.choices;
        let (wanted, others) = formats_of(method);
        if format != wanted && !others.contains(&format) {
            let field = if choices.row_format.is_some() { "row_format" } else { "method" };
            let message = format!(
                "{} trains on rows of the format {}, and these are read as {}. Choose another method, or another format.",
                method.label(),
                wanted.as_str(),
                format.as_str()
            );
            self.diagnostics.refuse(field, message);
        }
        let filled = matches!(format, RowFormat::PromptCompletion | RowFormat::Text);
        match inputs.prompt {
            Some(_) if !filled => {
                let message = "Rows of this format are not filled into a prompt. Leave it empty.";
                self.diagnostics.refuse(PROMPT, message);
            }
            Some(prompt) if format == RowFormat::PromptCompletion && !prompt.is_split() => {
                let message =
                    "This prompt has no completion template. Add one to it, or choose the row format Text.";
                self.diagnostics.refuse("row_format", message);
            }
            None if format == RowFormat::PromptCompletion => {
                let turns = inputs.first_rows().is_some_and(|first| {
                    choices.row_format.is_none()
                        && matches!(first.shape, Shape::Alpaca | Shape::PromptCompletion)
                });
                self.diagnostics.refuse(PROMPT, if turns { NO_PROMPT_FOR_TURNS } else { NO_PROMPT });
            }
            _ => {}
        }
        if choices.train_on.is_some() && format != RowFormat::Conversation {
            let message = "What is learned can be chosen for conversations only. Leave this empty.";
            self.diagnostics.refuse("train_on", message);
        }
        let rendered = [
            ("chat_template", choices.chat_template.is_some()),
            ("system_prompt", choices.system_prompt.is_some()),
        ];
        for (field, _) in rendered.iter().filter(|(_, given)| *given && filled) {
            let message = "Rows of this format are not rendered by a chat template. Leave this empty.";
            self.diagnostics.refuse(field, message);
        }
    }
}

/// The format that a method trains on, and others that it takes.
const fn formats_of(method: Method) -> (RowFormat, &'static [RowFormat]) {
    match method {
        Method::Sft => (RowFormat::Conversation, &[RowFormat::PromptCompletion, RowFormat::Text]),
        Method::Dpo | Method::Orpo | Method::Reward => (RowFormat::Preference, &[]),
        Method::Kto => (RowFormat::UnpairedPreference, &[]),
    }
}
