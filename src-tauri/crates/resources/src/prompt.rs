//! Prompt templates.

use schema::{Check, Choice, FileScan, Id, Kind, Result, Rules, resource, text_enum};

use crate::Dataset;

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
        table: Prompts, since: 1, message: Some("PromptMetadata"),
        group: Resources, icon: "IconTemplate",
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

impl Prompt {
    /// The training text that the input and the completion make. Nothing stands between them, so
    /// that an evaluation, which asks with the input alone, asks exactly what was trained.
    fn composed(&self) -> Option<String> {
        Some(format!("{}{}", self.input_template.as_ref()?, self.completion_template.as_ref()?))
    }
}

impl Rules for Prompt {
    async fn derive(&mut self, before: Option<&Self>, _files: &mut dyn FileScan) -> Result<()> {
        // A training text that was composed follows its parts until someone writes their own.
        let follows = before
            .is_some_and(|b| b.prompt_template == self.prompt_template && b.composed() == b.prompt_template);
        if self.prompt_template.is_none() || follows {
            self.prompt_template = self.composed();
        }
        Ok(())
    }

    async fn check(&self, check: &mut Check<'_>) -> Result<()> {
        let dataset = check.referred(self.dataset_id.as_ref()).await?;
        let columns = dataset.and_then(|dataset| dataset.typed.column_names());
        let templates = [
            ("prompt_template", &self.prompt_template),
            ("input_template", &self.input_template),
            ("completion_template", &self.completion_template),
        ];
        for (column, text) in templates {
            let Some(text) = text else { continue };
            // What is wrong with a composed text is wrong with its parts, and told there.
            if column == "prompt_template" && self.composed().as_ref() == Some(text) {
                continue;
            }
            if !check.touches(&[column, "dataset_id"]) {
                continue;
            }
            for problem in prompts::problems(text, columns.as_deref()) {
                let known =
                    columns.as_ref().filter(|_| problem.unknown.is_some() && problem.suggestion.is_none());
                let known =
                    known.map_or(String::new(), |known| format!(" Its columns are {}.", known.join(", ")));
                check.refuse(column, format!("{problem}{known}"));
            }
        }
        Ok(())
    }
}
