//! Prompt templates.

use super::Dataset;
use crate::{
    error::Result,
    prompts::Template,
    schema::{Beside, Check, Choice, Id, Kind, Rules, resource, text_enum},
    work::Work,
};

text_enum! {
    /// How a prompt is kept.
    pub enum PromptType {
        /// In the row itself.
        InPlace = "in_place", "In place";
    }
}

resource! {
    /// Templates that turn a row of a dataset into what the model reads and what it should answer.
    pub struct Prompt {
        table: Prompts, message: "PromptMetadata",
        singular: "prompt", plural: "prompts", title: "Prompts", label: ["name"],
    }
    columns {
        /// A random UUID that never changes.
        id: Option<Id<Prompt>> => "Identifier",
        /// How the prompt is kept.
        r#type: Option<Choice<PromptType>> => "Type".derived().default("in_place"),
        /// What you call it. No two prompts share a name.
        name: Option<String> => "Name".required().unique().listed(),
        /// A note for yourself.
        description: Option<String> => "Description".is(Kind::LongText),
        /// The dataset whose columns the templates name.
        dataset_id: Option<Id<Dataset>> => "Dataset".required().listed(),
        /// The text the model is trained on. Leave it empty to use the input followed by the completion.
        prompt_template: Option<String> => "Training text".required().filled(&[]).is(Kind::Template),
        /// What the model reads. A column's name in braces stands for its value, as in {question}.
        input_template: Option<String> => "Input".required().is(Kind::Template).listed(),
        /// What the model should answer, as in {answer}.
        completion_template: Option<String> => "Completion".required().is(Kind::Template).listed(),
    }
}

impl Rules for Prompt {
    async fn derive(&mut self, before: Option<&Self>, _beside: &mut Beside, _work: &Work) -> Result<()> {
        let composed = |prompt: &Self| {
            Some(format!("{}{}", prompt.input_template.as_ref()?, prompt.completion_template.as_ref()?))
        };
        // A training text that was composed follows its parts until someone writes their own.
        let follows = before
            .is_some_and(|b| b.prompt_template == self.prompt_template && composed(b) == b.prompt_template);
        if self.prompt_template.is_none() || follows {
            self.prompt_template = composed(self);
        }
        Ok(())
    }

    async fn check(&self, check: &mut Check<'_>) -> Result<()> {
        let dataset = check.referred(self.dataset_id.as_ref()).await?;
        let columns = dataset.as_ref().and_then(Dataset::column_names);
        let templates = [
            ("prompt_template", &self.prompt_template),
            ("input_template", &self.input_template),
            ("completion_template", &self.completion_template),
        ];
        for (column, text) in templates {
            let Some(text) = text else { continue };
            if !check.touches(&[column, "dataset_id"]) {
                continue;
            }
            match Template::parse(text) {
                Err(error) => check.refuse(column, error.to_string()),
                Ok(template) => {
                    for name in columns.iter().flat_map(|columns| template.missing_from(columns)) {
                        let known = columns.iter().flatten().map(String::as_str).collect::<Vec<_>>();
                        check.refuse(
                            column,
                            format!(
                                "{{{name}}} is not a column of the dataset. Its columns are {}.",
                                known.join(", ")
                            ),
                        );
                    }
                }
            }
        }
        Ok(())
    }
}
