//! `fts model inspect` and `fts adapter inspect`: what a folder of weights contains.

use std::path::PathBuf;

use clap::Args;
use studio::weights::{AdapterFacts, ModelFacts, Weights};

use crate::{
    output::{Output, number, precisions, print, print_facts, yes_or_no},
    session::{DONE, Outcome, Session},
};

/// Show what a folder with a model or an adapter contains, without loading the weights
#[derive(Debug, Args)]
pub(crate) struct Inspect {
    /// The folder
    folder: PathBuf,
}

impl Inspect {
    pub(crate) async fn run(self, session: &Session) -> Outcome {
        let weights = session.studio().await?.inspector().folder(&self.folder).await?;
        print_weights(&session.output, &weights);
        DONE
    }
}

fn print_weights(output: &Output, weights: &Weights) {
    if output.json(weights) {
        return;
    }
    match weights {
        Weights::Model(model) => {
            print_facts(model_rows(model));
            notes(&model.missing, [&model.problems, &model.notes], model.unread.as_ref());
        }
        Weights::Adapter(adapter) => {
            print_facts(adapter_rows(adapter));
            notes(&adapter.missing, [&adapter.problems, &adapter.notes], adapter.unread.as_ref());
        }
    }
}

fn model_rows(model: &ModelFacts) -> Vec<(&'static str, Option<String>)> {
    vec![
        ("Architecture", Some(model.architectures.join(", "))),
        ("Type", model.model_type.clone()),
        ("Reward model", model.gives_scores().then(|| "yes: it scores answers and writes none".to_owned())),
        ("Parameters", number(model.parameters)),
        ("Packed", model.packed.then(|| "yes: one of these numbers holds several weights".to_owned())),
        ("Precision", Some(precisions(&model.precisions))),
        ("Quantization", model.quantization.clone()),
        ("Context length", number(model.context_length)),
        ("Extended by", model.rope_scaling.clone()),
        ("Vocabulary", number(model.vocabulary)),
        ("Layers", number(model.layers)),
        ("Hidden size", number(model.hidden_size)),
        ("Tokenizer", Some(yes_or_no(model.tokenizer))),
        ("Chat template", Some(yes_or_no(model.chat_template))),
        ("Bytes", Some(model.bytes.to_string())),
    ]
}

fn adapter_rows(adapter: &AdapterFacts) -> Vec<(&'static str, Option<String>)> {
    vec![
        ("Method", adapter.peft_type.clone()),
        ("Task", adapter.task_type.clone()),
        ("Reward model", adapter.gives_scores().then(|| "yes: it scores answers and writes none".to_owned())),
        ("Base model", adapter.base_model.clone()),
        ("Rank", number(adapter.rank)),
        ("Other ranks", Some(ranks(adapter))),
        ("DoRA", adapter.dora.then(|| yes_or_no(true))),
        ("Alpha", adapter.alpha.map(|alpha| alpha.to_string())),
        ("Dropout", adapter.dropout.map(|dropout| dropout.to_string())),
        ("Targets", Some(adapter.target_modules.join(", "))),
        ("Target parameters", Some(adapter.target_parameters.join(", "))),
        ("Saved whole", Some(adapter.modules_to_save.join(", "))),
        ("Bias", adapter.bias.clone()),
        ("Parameters", number(adapter.parameters)),
        ("Precision", Some(precisions(&adapter.precisions))),
        ("Bytes", Some(adapter.bytes.to_string())),
    ]
}

/// The modules whose rank differs, each with its rank.
fn ranks(adapter: &AdapterFacts) -> String {
    let ranks = adapter.rank_pattern.iter().map(|(module, rank)| format!("{module} {rank}"));
    ranks.collect::<Vec<_>>().join(", ")
}

fn notes(missing: &[String], others: [&Vec<String>; 2], unread: Option<&String>) {
    for name in missing {
        print(&format!("Missing: {name}"));
    }
    for note in others.into_iter().flatten().chain(unread) {
        print(note);
    }
}
