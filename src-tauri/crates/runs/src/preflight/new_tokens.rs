//! Tokens of the rows that the model has no embedding for, or may never have learned.

use std::path::PathBuf;

use prompts::AddedToken;
use resources::{FineTuningJob, Tuning};
use schema::{Result, column};
use serde_json::{Map, Value};

use super::{
    choices::{ChoiceInputs, Chosen},
    context::Preflight,
};
use run_folder::spec::ChatSpec;

const ARGUMENTS: &str = column!(FineTuningJob, training_arguments_config);
const LORA: &str = column!(FineTuningJob, lora_config);
const RESIZE: &str = "resize_embeddings";

/// Settings of LoRA that train embeddings.
const TRAINS_TOKENS: [&str; 2] = ["trainable_token_indices", "modules_to_save"];

impl Preflight<'_> {
    /// Refuses rows with tokens that the model has no embedding for, unless `arguments` add them. Warns of those that its own chat template does
    /// not write, and says how an adapter learns them. `vocabulary` is the number of tokens with an embedding.
    pub(super) async fn check_tokens(
        &mut self,
        inputs: &ChoiceInputs<'_>,
        chosen: &Chosen,
        vocabulary: Option<u64>,
        arguments: &Map<String, Value>,
        lora: &Map<String, Value>,
    ) -> Result<()> {
        let (Some(first), Some(model)) = (inputs.first_rows(), inputs.model) else { return Ok(()) };
        let file = PathBuf::from(&model.source).join("tokenizer.json");
        if !file.is_file() {
            return Ok(());
        }
        // What is wrong with a tokenizer is reported with the model.
        let Ok(counter) = self.runs.tokenizers.counter(&file).await else { return Ok(()) };
        let other = self.other.clone();
        // Rows that can't be rendered are reported where they are tried out.
        let Ok(examples) = first.examples(chosen.row_settings(inputs.prompt, other.as_ref())) else {
            return Ok(());
        };
        let has = |token: &AddedToken| {
            let mut texts = examples.iter().flat_map(|(_, example)| &example.texts);
            texts.any(|text| text.text.contains(&token.text))
        };
        let used: Vec<AddedToken> = counter.added_tokens().into_iter().filter(has).collect();
        let beyond: Vec<&AddedToken> =
            used.iter().filter(|token| vocabulary.is_some_and(|most| u64::from(token.id) >= most)).collect();
        let resizes = arguments.get(RESIZE) == Some(&Value::Bool(true));
        let adapter = chosen.planned.tuning == Tuning::Lora;
        if let (false, Some(most)) = (beyond.is_empty() || resizes, vocabulary) {
            let field =
                if chosen.chat.is_some() { "chat_template" } else { column!(FineTuningJob, dataset_id) };
            let message = format!(
                "The rows have {}, and '{}' has embeddings for {most} tokens, not for {}. Set {RESIZE} in the \
                 training arguments (Embeddings for added tokens), which adds and trains them; or choose plain \
                 roles, or a model that was made for these rows.",
                named(&beyond),
                model.name,
                if beyond.len() == 1 { "this one" } else { "these" },
            );
            self.diagnostics.refuse(field, message);
            return Ok(());
        }
        if !beyond.is_empty() && adapter && inputs.choices.adapter_init.is_none() {
            let message = format!(
                "Embeddings for {} are added and trained. The estimates leave them out, and the copies of all \
                 embeddings that are held meanwhile.",
                named(&beyond)
            );
            self.diagnostics.warn(ARGUMENTS, message);
        }
        let Some(chat) = chosen.chat.as_ref().filter(|chat| chat.template.name != ChatSpec::OWN_TEMPLATE)
        else {
            return Ok(());
        };
        let trains = TRAINS_TOKENS.iter().any(|name| lora.get(*name).is_some_and(|value| !value.is_null()));
        if trains || !adapter || inputs.choices.adapter_init.is_some() {
            return Ok(());
        }
        let own = self.own_template(model, false).await?.and_then(|own| own.template).unwrap_or_default();
        let special = |token: &str| chat.template.special_tokens.values().any(|special| special == token);
        let held = |token: &&AddedToken| vocabulary.is_none_or(|most| u64::from(token.id) < most);
        let new: Vec<&AddedToken> = used
            .iter()
            .filter(held)
            .filter(|token| !own.contains(&token.text) && !special(&token.text))
            .collect();
        if !new.is_empty() {
            let ids: Vec<String> = new.iter().map(|token| token.id.to_string()).collect();
            let message = format!(
                "The rows have {}, which '{}' has a place for and may never have learned. To train {} too, add \
                 \"trainable_token_indices\": [{}] to the LoRA settings; or choose plain roles.",
                named(&new),
                model.name,
                if new.len() == 1 { "it" } else { "them" },
                ids.join(", ")
            );
            self.diagnostics.warn(LORA, message);
        }
        Ok(())
    }
}

/// Tokens in a sentence, some of them where there are many.
fn named(tokens: &[&AddedToken]) -> String {
    const SHOWN: usize = 4;
    let texts: Vec<&str> = tokens.iter().take(SHOWN).map(|token| token.text.as_str()).collect();
    let noun = if tokens.len() == 1 { "token" } else { "tokens" };
    match tokens.len().saturating_sub(SHOWN) {
        0 => format!("the {noun} {}", texts.join(" and ")),
        more => format!("the {noun} {} and {more} more", texts.join(", ")),
    }
}
