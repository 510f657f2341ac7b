//! How the rows of an evaluation without a prompt are read.

use datasets::Shape;
use prompts::{Template, chat::Ratings};
use resources::{EvaluationJob, RowFormat};
use schema::{Result, column};

use super::{
    chat_template::PLAIN,
    choices::{holds_labels, is_rendered},
    context::Preflight,
    dataset::JobDataset,
    first_rows::FirstRows,
    trained::Trained,
};
use run_folder::{
    rows::RowSettings,
    spec::{ChatSpec, CombinationSpec, PromptSpec, Source},
};

/// How rows are read that are not filled into a prompt.
#[derive(Debug, Clone, Default)]
pub(super) struct EvaluatedRows {
    pub(super) format: Option<RowFormat>,
    /// What says whether answers are good, where they are rated.
    pub(super) ratings: Option<Ratings>,
}

/// What is done with rows of an evaluation, in the passive.
const EVALUATED: &str = "evaluated";

const PROMPT: &str = column!(EvaluationJob, prompt_id);
const MODEL: &str = column!(EvaluationJob, base_model_id);

impl Preflight<'_> {
    /// How the rows of an evaluation are read that has no prompt, and the chat template of each combination: the
    /// one it was trained with, else the model's own. Refused where the dataset takes a prompt.
    pub(super) async fn evaluated_rows(
        &mut self,
        dataset: &JobDataset,
        combinations: &mut [CombinationSpec],
        trained: &[Trained],
    ) -> Result<EvaluatedRows> {
        let Some(first) = &dataset.first_rows else { return Ok(EvaluatedRows::default()) };
        let of_dataset = trained.iter().find(|trained| trained.dataset() == Some(&dataset.spec.id));
        let trained_format = of_dataset.and_then(Trained::row_format);
        let format = match first.shape {
            Shape::Preference => RowFormat::Preference,
            Shape::Chat | Shape::Sharegpt | Shape::Alpaca | Shape::PromptCompletion => {
                trained_format.unwrap_or(RowFormat::Conversation)
            }
            Shape::Columns if first.has_conversations => trained_format.unwrap_or(RowFormat::Conversation),
            Shape::Text | Shape::Columns => trained_format.unwrap_or(RowFormat::PromptCompletion),
        };
        let ratings = match format {
            RowFormat::Conversation => says_good(first, None),
            _ => of_dataset.and_then(Trained::ratings),
        };
        if matches!(format, RowFormat::PromptCompletion | RowFormat::Text) {
            self.diagnostics.refuse(PROMPT, "Choose the prompt to evaluate with.");
            return Ok(EvaluatedRows::default());
        }
        for combination in combinations.iter_mut() {
            combination.chat = self.chat_of(combination, format, first, trained).await?;
            if format == RowFormat::Conversation && combination.chat.is_none() {
                return Ok(EvaluatedRows::default());
            }
        }
        if combinations.iter().any(|combination| self.is_awaited(&combination.model)) {
            return Ok(EvaluatedRows { format: Some(format), ratings });
        }
        self.find_renderer().await;
        let other = self.other.clone();
        number_files(combinations);
        let settings = RowSettings {
            format: Some(format),
            prompt: None,
            chat: None,
            ratings: ratings.as_ref(),
            other: other.as_ref(),
            features: &[],
            asks: true,
        };
        for chat in distinct(combinations) {
            self.try_rows(first, RowSettings { chat, ..settings }, EVALUATED)?;
        }
        self.warn_of_long_rows(first, settings, combinations).await?;
        Ok(EvaluatedRows { format: Some(format), ratings })
    }

    /// What says which of the answers of rows that are filled into a prompt are expected; none where all are.
    pub(super) async fn expected_answers(
        &mut self,
        dataset: &JobDataset,
        prompt: &PromptSpec,
        combinations: &[CombinationSpec],
    ) -> Result<EvaluatedRows> {
        let Some(first) = &dataset.first_rows else { return Ok(EvaluatedRows::default()) };
        let ratings = says_good(first, Some(prompt));
        let settings = RowSettings {
            format: None,
            prompt: Some(prompt),
            chat: None,
            ratings: ratings.as_ref(),
            other: None,
            features: &[],
            asks: true,
        };
        if ratings.is_some() {
            self.try_rows(first, settings, EVALUATED)?;
        }
        self.warn_of_long_rows(first, settings, combinations).await?;
        Ok(EvaluatedRows { format: None, ratings })
    }

    /// The chat template of a combination; none where its rows stay plain texts.
    async fn chat_of(
        &mut self,
        combination: &CombinationSpec,
        format: RowFormat,
        first: &FirstRows,
        trained: &[Trained],
    ) -> Result<Option<ChatSpec>> {
        let model = &combination.model;
        let own = trained.iter().filter(|trained| trained.job == combination.job);
        // A model is compared with its adapters on the same texts.
        let of_model =
            trained.iter().filter(|trained| trained.model == model.id && combination.adapter.is_none());
        if let Some(chat) = own.chain(of_model).find_map(|trained| trained.chat_for(format)) {
            return Ok(chat);
        }
        let with_tools = first.any_has("tools");
        let saved = match &combination.adapter {
            Some(adapter) => self.own_template(adapter, with_tools).await?,
            None => None,
        };
        let saved = saved.filter(|saved| saved.template.is_some());
        let own = match saved {
            Some(saved) => Some(saved),
            None => self.own_template(model, with_tools).await?,
        };
        let has_template = own.as_ref().is_some_and(|own| own.template.is_some());
        if !is_rendered(first, format, has_template) {
            return Ok(None);
        }
        let chosen = own.is_some() && !has_template;
        if chosen {
            self.warn_of_plain_turns(model);
        }
        let template = self.template_source(chosen.then_some(PLAIN), model, own).await?;
        Ok(template.map(|template| ChatSpec { template, train_on: None, system_prompt: None }))
    }

    fn warn_of_plain_turns(&mut self, model: &Source) {
        let message = format!(
            "'{}' has no chat template. It reads conversations as plain text with the names of the roles.",
            model.name
        );
        self.diagnostics.warn(MODEL, message);
    }
}

/// What says of answers that a model is to give whether they are good, as rows for KTO do; none where nothing says
/// it, or the prompt makes something else of it.
fn says_good(first: &FirstRows, prompt: Option<&PromptSpec>) -> Option<Ratings> {
    let ratings = Ratings::default();
    let answers = matches!(first.shape, Shape::Chat | Shape::Sharegpt | Shape::PromptCompletion);
    let is_used = |template: &str| {
        Template::parse(template).is_ok_and(|template| template.columns().contains(&ratings.column.as_str()))
    };
    let used = prompt.is_some_and(|prompt| prompt.templates().any(is_used));
    (answers && holds_labels(first) && !used).then_some(ratings)
}

/// Gives each further chat template a file of rows of its own.
fn number_files(combinations: &mut [CombinationSpec]) {
    let mut known: Vec<Option<ChatSpec>> = Vec::new();
    for combination in combinations {
        let same = |chat: &Option<ChatSpec>| match (chat, &combination.chat) {
            (Some(one), Some(other)) => one.renders_as(other),
            (None, None) => true,
            _ => false,
        };
        let at = known.iter().position(same).unwrap_or(known.len());
        if at == known.len() {
            known.push(combination.chat.clone());
        }
        combination.rows = (at > 0).then(|| format!("eval-{}.jsonl", at + 1));
    }
}

/// The chat templates of the files of rows, in their order.
fn distinct(combinations: &[CombinationSpec]) -> Vec<Option<&ChatSpec>> {
    let mut files: Vec<&Option<String>> = Vec::new();
    let mut chats = Vec::new();
    for combination in combinations {
        if !files.contains(&&combination.rows) {
            files.push(&combination.rows);
            chats.push(combination.chat.as_ref());
        }
    }
    chats
}
