//! Prompts: templates to start from, and how they look with a row's values.

use clap::Subcommand;
use studio::{Result, Studio, prompts::RenderedText};

use crate::output::{Output, print};

#[derive(Debug, Subcommand)]
pub(crate) enum PromptCommand {
    /// Show a prompt with the values of a row, as the model sees it
    RenderPrompt {
        id: String,
        /// The row of its dataset, counted from 1
        #[arg(long, value_name = "N", default_value_t = 1)]
        row: u64,
        /// The id of the model whose tokenizer counts the tokens [default: they are estimated]
        #[arg(long, value_name = "ID")]
        model: Option<String>,
        /// How many tokens of the training text are kept
        #[arg(long, value_name = "N", default_value_t = 512)]
        limit: u32,
    },
    /// Suggest templates for the columns of a dataset
    SuggestPrompt {
        /// The id of the dataset
        dataset: String,
    },
}

impl PromptCommand {
    pub(crate) async fn run(self, studio: &Studio, output: &Output) -> Result<()> {
        match self {
            Self::RenderPrompt { id, row, model, limit } => {
                let rendered = studio.render_prompt_of(&id, row, model.as_deref(), Some(limit)).await?;
                // Here the row is what was asked for; in the window its templates are.
                if let Some(error) = rendered.unreadable {
                    return Err(error);
                }
                if output.json(&rendered) {
                    return Ok(());
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
                    eprintln!("The training text is longer than {limit} tokens; what is beyond them is cut.");
                }
            }
            Self::SuggestPrompt { dataset } => {
                let suggestion = studio.suggest_templates(&dataset).await?;
                if !output.json(&suggestion) {
                    print(&format!("Input\n{}\n", suggestion.input_template));
                    print(&format!("Completion\n{}", suggestion.completion_template));
                    for name in &suggestion.left_out {
                        eprintln!("The column '{name}' can't be named in a template and was left out.");
                    }
                }
            }
        }
        Ok(())
    }
}

fn length(text: &RenderedText) -> String {
    let about = |exact| if exact { "" } else { "about " };
    text.tokens.map_or(String::new(), |tokens| format!(" ({}{} tokens)", about(tokens.exact), tokens.count))
}
