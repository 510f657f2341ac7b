//! `fts prompt`: prompt templates, rendered and suggested, and the rows of the table of prompts.

use clap::{Args, Subcommand};
use studio::{
    prompts::{RenderedText, TokenCount},
    schema::TableName,
};

use crate::{
    output::print,
    rows::RowCommand,
    session::{DONE, Outcome, Session},
};

mod conversation;

#[derive(Debug, Subcommand)]
pub(crate) enum PromptCommand {
    Render(Render),
    Suggest(Suggest),
    #[command(flatten)]
    Rows(RowCommand),
}

/// Show a prompt with the values of a row, or a row of a conversation, as the model is given it
///
/// With --conversation, rows of a dataset are shown as a training sees them: conversations and preferences
/// through the model's chat template, with the parts that carry loss.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  fts prompt render --conversation DATASET --model MODEL --json")]
pub(crate) struct Render {
    /// The id of the prompt; with --conversation, of the dataset
    id: String,
    #[command(flatten)]
    conversation: conversation::Options,
    /// The row of the dataset, counted from 1
    #[arg(long, value_name = "N", default_value_t = 1)]
    row: u64,
    /// The id of the model whose tokenizer counts the tokens [default: the count is an estimate]
    #[arg(long, value_name = "ID")]
    model: Option<String>,
    /// The largest number of tokens of the training text; tokens after them are cut off
    #[arg(long, value_name = "N", default_value_t = 512)]
    limit: u32,
}

/// Suggest templates for the columns of a dataset
#[derive(Debug, Args)]
pub(crate) struct Suggest {
    /// The id of the dataset
    dataset: String,
}

impl PromptCommand {
    pub(crate) async fn run(self, session: &Session) -> Outcome {
        match self {
            Self::Render(render) => render.run(session).await,
            Self::Suggest(suggest) => suggest.run(session).await,
            Self::Rows(command) => command.run(TableName::Prompts, session).await,
        }
    }
}

impl Render {
    async fn run(self, session: &Session) -> Outcome {
        let Self { id, conversation, row, model, limit } = self;
        let studio = session.studio().await?;
        if conversation.wanted() {
            return conversation.run(&id, row, model, limit, session).await;
        }
        let rendered = studio.prompts().render_stored(&id, row, model.as_deref(), Some(limit)).await?;
        // `--row` names the row, so a row that can't be read is an error.
        if let Some(error) = rendered.unreadable {
            return Err(error.into());
        }
        if session.output.json(&rendered) {
            return DONE;
        }
        for (title, text) in [
            ("Input", &rendered.input),
            ("Completion", &rendered.completion),
            ("Training text", &rendered.training),
        ] {
            print(&format!("{title}{}", length(text)));
            print(&format!("{}\n", text.text()));
            for warning in &text.warnings {
                eprintln!("{warning}");
            }
            for problem in &text.problems {
                eprintln!("{title}: {problem}");
            }
        }
        if let Some(problem) = &rendered.tokenizer_problem {
            eprintln!("{problem}");
        }
        if rendered.training.tokens.is_some_and(|tokens| tokens.count > limit.into()) {
            eprintln!("The training text has more than {limit} tokens; the tokens after them are cut off.");
        }
        DONE
    }
}

impl Suggest {
    async fn run(self, session: &Session) -> Outcome {
        let suggestion = session.studio().await?.prompts().suggest(&self.dataset).await?;
        if !session.output.json(&suggestion) {
            print(&format!("Input\n{}\n", suggestion.input_template));
            print(&format!("Completion\n{}", suggestion.completion_template));
            for name in &suggestion.left_out {
                let other = studio::prompts::nameable(name);
                eprintln!(
                    "The column '{name}' can't be named in a template and was left out. Rename it in the dataset, for example to {other}."
                );
            }
        }
        DONE
    }
}

fn length(text: &RenderedText) -> String {
    text.tokens.map_or(String::new(), |tokens| format!(" ({})", in_words(tokens)))
}

fn in_words(TokenCount { count, exact }: TokenCount) -> String {
    let about = if exact { "" } else { "about " };
    let tokens = if count == 1 { "token" } else { "tokens" };
    format!("{about}{count} {tokens}")
}
