//! What of a training is chosen, and what follows from its dataset and its model.

use std::sync::Arc;

use datasets::{Shape, Value};
use prompts::chat::{OtherRenderer, Ratings};
use resources::{Method, RowFormat, TrainOn, TrainingChoices, Tuning};
use schema::Result;

use super::{
    chat_template::OwnTemplate,
    context::Preflight,
    dataset::JobDataset,
    first_rows::{FirstRows, LeftOutRows},
    plan::PlannedChoices,
};
use run_folder::{
    rows::RowSettings,
    spec::{ChatSpec, Framework, PromptSpec, Source},
};

/// What the choices of a training depend on.
pub(crate) struct ChoiceInputs<'a> {
    pub(crate) choices: &'a TrainingChoices,
    pub(crate) framework: Framework,
    pub(crate) prompt: Option<&'a PromptSpec>,
    pub(crate) dataset: Option<&'a JobDataset>,
    pub(crate) model: Option<&'a Source>,
}

/// The choices of a training, complete.
#[derive(Debug, Clone, Default)]
pub(crate) struct Chosen {
    pub(crate) planned: PlannedChoices,
    pub(crate) chat: Option<ChatSpec>,
    pub(crate) ratings: Option<Ratings>,
    pub(crate) early_stopping_patience: Option<u32>,
}

impl Chosen {
    /// How rows are rendered to be trained on. `other` renders chat templates that this program can't.
    pub(crate) fn row_settings<'a>(
        &'a self,
        prompt: Option<&'a PromptSpec>,
        other: Option<&'a Arc<dyn OtherRenderer>>,
    ) -> RowSettings<'a> {
        RowSettings {
            format: self.planned.row_format,
            prompt,
            chat: self.chat.as_ref(),
            ratings: self.ratings.as_ref(),
            other,
            features: &[],
            asks: false,
        }
    }

    /// Whether each row is a pair that is trained on as two answers.
    pub(super) fn reads_pairs(&self) -> bool {
        self.planned.row_format == Some(RowFormat::UnpairedPreference) && self.ratings.is_none()
    }
}

impl ChoiceInputs<'_> {
    pub(super) fn first_rows(&self) -> Option<&FirstRows> {
        self.dataset.and_then(|dataset| dataset.first_rows.as_ref())
    }

    /// How rows are read: as chosen, else as prompt, method and dataset say. `has_template` says that there is a
    /// chat template.
    fn row_format(&self, has_template: bool) -> Option<RowFormat> {
        if let Some(chosen) = self.choices.row_format {
            return Some(chosen);
        }
        if let Some(prompt) = self.prompt {
            return Some(if prompt.is_split() { RowFormat::PromptCompletion } else { RowFormat::Text });
        }
        match self.choices.method {
            Some(Method::Dpo | Method::Orpo | Method::Reward) => return Some(RowFormat::Preference),
            Some(Method::Kto) => return Some(RowFormat::UnpairedPreference),
            Some(Method::Sft) | None => {}
        }
        let first = self.first_rows()?;
        Some(match first.shape {
            Shape::Preference => RowFormat::Preference,
            // As TRL names what says whether an answer is good.
            Shape::Chat | Shape::Sharegpt | Shape::PromptCompletion if holds_labels(first) => {
                RowFormat::UnpairedPreference
            }
            Shape::Chat | Shape::Sharegpt => RowFormat::Conversation,
            Shape::Columns if first.has_conversations => RowFormat::Conversation,
            Shape::Alpaca | Shape::PromptCompletion if has_template => RowFormat::Conversation,
            Shape::Text => RowFormat::Text,
            Shape::Alpaca | Shape::PromptCompletion | Shape::Columns => RowFormat::PromptCompletion,
        })
    }
}

/// The method that rows of a format are for.
const fn method_of(format: RowFormat) -> Method {
    match format {
        RowFormat::PromptCompletion | RowFormat::Text | RowFormat::Conversation => Method::Sft,
        RowFormat::Preference => Method::Dpo,
        RowFormat::UnpairedPreference => Method::Kto,
    }
}

/// Whether rows of a format are answers that are compared.
const fn is_preference(format: RowFormat) -> bool {
    matches!(format, RowFormat::Preference | RowFormat::UnpairedPreference)
}

impl Preflight<'_> {
    /// The choices of a training, with what is not chosen filled in.
    pub(crate) async fn chosen(&mut self, inputs: &ChoiceInputs<'_>) -> Result<Chosen> {
        let choices = inputs.choices;
        if inputs.framework != Framework::Legacy {
            self.refuse_choices(inputs);
            return Ok(Chosen::default());
        }
        let with_tools = inputs.first_rows().is_some_and(|first| first.any_has("tools"));
        let own = match inputs.model.filter(|_| inputs.prompt.is_none()) {
            Some(model) => self.own_template(model, with_tools).await?,
            None => None,
        };
        let chosen_template = choices.chat_template.as_deref();
        let has_template = match chosen_template {
            Some(name) => name != NO_TEMPLATE,
            None => own.as_ref().is_some_and(|own| own.template.is_some()),
        };
        let row_format = inputs.row_format(has_template);
        let method = choices.method.or(row_format.map(method_of)).unwrap_or_default();
        let tuning = choices.tuning.unwrap_or(Tuning::Lora);
        let mut planned = PlannedChoices { method, row_format, tuning, ..PlannedChoices::default() };
        let early_stopping_patience = choices.early_stopping_patience;
        let Some(format) = row_format else {
            return Ok(Chosen { planned, early_stopping_patience, ..Chosen::default() });
        };
        self.check_format(inputs, method, format);
        let Rendered { chat, tried } = self.chat(inputs, format, has_template, own).await?;
        planned.train_on = chat.as_ref().and_then(|chat| chat.train_on);
        planned.chat_template = chat.as_ref().map(|chat| chat.template.name.clone());
        let ratings = self.ratings(inputs, format);
        planned.rating_column = ratings.as_ref().map(|ratings| ratings.column.clone());
        planned.rating_threshold = ratings.as_ref().and_then(|ratings| ratings.threshold);
        let chosen = Chosen { planned, chat, ratings, early_stopping_patience };
        match tried {
            Some(tried) => self.note_left_out(tried, None, TRAINED_ON)?,
            None if format == RowFormat::Conversation && chosen.chat.is_none() => {}
            None if inputs.model.is_some_and(|model| self.is_awaited(model)) => {}
            None => self.try_first_rows(inputs, format, &chosen)?,
        }
        Ok(chosen)
    }

    /// How rows of a format are rendered; none where they stay texts. `has_template` says that a template is
    /// chosen or the model has one.
    async fn chat(
        &mut self,
        inputs: &ChoiceInputs<'_>,
        format: RowFormat,
        has_template: bool,
        own: Option<OwnTemplate>,
    ) -> Result<Rendered> {
        let (choices, first) = (inputs.choices, inputs.first_rows());
        let chosen = choices.chat_template.as_deref();
        let is_conversation = format == RowFormat::Conversation;
        let wanted = match chosen {
            Some(NO_TEMPLATE) if is_conversation => {
                self.diagnostics.refuse(CHAT_TEMPLATE, "Conversations need a chat template.");
                false
            }
            Some(NO_TEMPLATE) => false,
            Some(_) => is_conversation || is_preference(format),
            None => first.is_some_and(|first| is_rendered(first, format, has_template)) || is_conversation,
        };
        let Some(model) = inputs.model.filter(|_| wanted && inputs.prompt.is_none()) else {
            if choices.system_prompt.is_some() && is_preference(format) {
                let message =
                    "Texts have no place for a system prompt. Choose a chat template, or leave this empty.";
                self.diagnostics.refuse("system_prompt", message);
            }
            return Ok(Rendered::default());
        };
        let Some(template) = self.template_source(chosen, model, own).await? else {
            return Ok(Rendered::default());
        };
        let train_on = is_conversation.then(|| choices.train_on.unwrap_or(TrainOn::AssistantTurns));
        let chat = ChatSpec { template, train_on, system_prompt: choices.system_prompt.clone() };
        match first.filter(|_| is_conversation && choices.train_on.is_none()) {
            Some(first) => Ok(located_turns(chat, first, self.other.as_ref())),
            None => Ok(Rendered { chat: Some(chat), tried: None }),
        }
    }

    /// Renders the first rows. Refused where none can be; of some that can't it is warned.
    fn try_first_rows(
        &mut self,
        inputs: &ChoiceInputs<'_>,
        format: RowFormat,
        chosen: &Chosen,
    ) -> Result<()> {
        let Some(first) = inputs.first_rows().filter(|_| inputs.prompt.is_none()) else { return Ok(()) };
        if format == RowFormat::PromptCompletion {
            return Ok(());
        }
        let other = self.other.clone();
        self.try_rows(first, chosen.row_settings(None, other.as_ref()), TRAINED_ON)
    }

    /// Renders the first rows. Refused where none can be; of some that can't it is warned. `done` says what is
    /// done with rows, in the passive.
    pub(super) fn try_rows(
        &mut self,
        first: &FirstRows,
        settings: RowSettings<'_>,
        done: &str,
    ) -> Result<()> {
        self.note_left_out(first.try_out(settings), settings.ratings, done)
    }

    fn note_left_out(
        &mut self,
        left_out: Result<Option<LeftOutRows>>,
        ratings: Option<&Ratings>,
        done: &str,
    ) -> Result<()> {
        let Some(Some(left_out)) = self.diagnostics.or_refuse(CHAT_TEMPLATE, left_out)? else {
            return Ok(());
        };
        let LeftOutRows { count, of, row, reason } = &left_out;
        if count == of {
            self.diagnostics.refuse(reason.field(ratings), format!("Row {row} can't be {done}. {reason}"));
        } else {
            let are = if *count == 1 { "is" } else { "are" };
            let message = format!(
                "{count} of the first {of} rows can't be {done} and {are} left out. Row {row}: {reason}"
            );
            self.diagnostics.warn(reason.field(ratings), message);
        }
        Ok(())
    }
}

/// The field that chooses the template.
const CHAT_TEMPLATE: &str = "chat_template";
/// Its value that leaves texts as they are.
const NO_TEMPLATE: &str = "none";

/// What is done with rows of a training, in the passive.
const TRAINED_ON: &str = "trained on";

/// How rows are rendered.
#[derive(Default)]
struct Rendered {
    /// None where they stay texts.
    chat: Option<ChatSpec>,
    /// Which of the first rows can't be rendered so, where that was found out.
    tried: Option<Result<Option<LeftOutRows>>>,
}

/// The run trains on each answer if the template marks the answers of the first rows, else on the last answer.
fn located_turns(chat: ChatSpec, first: &FirstRows, other: Option<&Arc<dyn OtherRenderer>>) -> Rendered {
    let settings = RowSettings {
        format: Some(RowFormat::Conversation),
        prompt: None,
        chat: Some(&chat),
        ratings: None,
        other,
        features: &[],
        asks: false,
    };
    match first.try_out(settings) {
        Ok(Some(LeftOutRows { reason, .. })) if reason.is_not_located() => {
            Rendered { chat: Some(ChatSpec { train_on: Some(TrainOn::LastTurn), ..chat }), tried: None }
        }
        tried => Rendered { chat: Some(chat), tried: Some(tried) },
    }
}

/// Whether rows of a format are rendered by a chat template where none is chosen. `has_template` says that the
/// model has one.
pub(super) fn is_rendered(first: &FirstRows, format: RowFormat, has_template: bool) -> bool {
    match format {
        RowFormat::Conversation => true,
        // Texts are turns where the model knows turns and their prompt is apart from the answers.
        _ if is_preference(format) => holds_messages(first) || (has_template && first.any_has("prompt")),
        _ => false,
    }
}

/// Whether rows say of their answers whether they are good.
pub(super) fn holds_labels(first: &FirstRows) -> bool {
    let mut labels = first.values("label").peekable();
    labels.peek().is_some() && labels.all(|label| matches!(label, Value::Bool(_)))
}

/// Whether answers are lists of messages.
fn holds_messages(first: &FirstRows) -> bool {
    first.any_is_list(&["chosen", "completion", "messages", "conversations"])
}
