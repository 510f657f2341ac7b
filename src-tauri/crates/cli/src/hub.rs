//! Folders with models and adapters, and the Hugging Face hub.

use std::path::PathBuf;

use clap::Subcommand;
use studio::{
    HubCache, Result, Studio,
    hub::{HubFacts, HubKind, HubSplit},
    resources::TableName,
    schema::TextEnum as _,
    weights::{AdapterFacts, ModelFacts, Precision, Weights},
};

use crate::output::{Output, print, print_table};

#[derive(Debug, Subcommand)]
pub(crate) enum HubCommand {
    /// Say what a folder with a model or an adapter holds, without loading it
    Inspect { folder: PathBuf },
    /// List what is in the local cache of the Hugging Face hub
    HubCache,
    /// Ask the Hugging Face hub what a name is
    HubInfo {
        #[arg(value_parser = kind)]
        kind: HubKind,
        /// The name, as organisation/name
        name: String,
    },
    /// Ask the hub about a row by hub name, and fill in the columns of a dataset
    Verify {
        #[arg(value_parser = table)]
        table: TableName,
        id: String,
    },
}

impl HubCommand {
    pub(crate) async fn run(self, studio: &Studio, output: &Output) -> Result<()> {
        match self {
            Self::Inspect { folder } => output.weights(&studio.inspector().folder(&folder).await?),
            Self::HubCache => output.hub_cache(&studio.hub_cache().await?),
            Self::HubInfo { kind, name } => {
                output.hub_facts(&studio.hub_info(kind, &name).await?.into_facts()?);
            }
            Self::Verify { table, id } => output.hub_facts(&studio.verify(table, &id).await?.into_facts()?),
        }
        Ok(())
    }
}

impl Output {
    fn weights(&self, weights: &Weights) {
        if self.json(weights) {
            return;
        }
        match weights {
            Weights::Model(model) => {
                facts(model_rows(model));
                notes(&model.missing, &model.problems, model.unread.as_ref());
            }
            Weights::Adapter(adapter) => {
                facts(adapter_rows(adapter));
                notes(&adapter.missing, &adapter.problems, adapter.unread.as_ref());
            }
        }
    }

    fn hub_facts(&self, known: &HubFacts) {
        if self.json(known) {
            return;
        }
        let split = |split: &HubSplit| match split.rows {
            Some(rows) => format!("{} ({rows} rows)", split.name),
            None => split.name.clone(),
        };
        facts(vec![
            ("Name", Some(known.name.clone())),
            ("Architecture", Some(known.architectures.join(", "))),
            ("Parameters", number(known.parameters)),
            ("Precision", Some(precision(&known.precisions))),
            ("Columns", known.columns.as_ref().map(|columns| columns.join(", "))),
            ("Splits", Some(known.splits.iter().map(split).collect::<Vec<_>>().join(", "))),
            ("Bytes", number(known.bytes)),
            ("Gated", Some(yes(known.gated))),
            ("Licence", known.license.clone()),
            ("Revision", known.revision.clone()),
        ]);
    }

    fn hub_cache(&self, cache: &HubCache) {
        if self.json(cache) {
            return;
        }
        let rows = cache.repositories.iter().map(|r| {
            let last = r.last_used.clone().unwrap_or_default();
            vec![r.kind.as_str().to_owned(), r.name.clone(), r.bytes.to_string(), last, r.revision.clone()]
        });
        print_table(["", "name", "bytes", "last used", "revision"], rows);
        print(&format!("{} in {}", cache.repositories.len(), cache.folder));
    }
}

fn kind(text: &str) -> Result<HubKind, String> {
    text.parse()
}

fn table(text: &str) -> Result<TableName, String> {
    text.parse()
}

fn model_rows(model: &ModelFacts) -> Vec<(&'static str, Option<String>)> {
    vec![
        ("Architecture", Some(model.architectures.join(", "))),
        ("Type", model.model_type.clone()),
        ("Parameters", number(model.parameters)),
        ("Precision", Some(precision(&model.precisions))),
        ("Quantization", model.quantization.clone()),
        ("Context length", number(model.context_length)),
        ("Vocabulary", number(model.vocabulary)),
        ("Layers", number(model.layers)),
        ("Hidden size", number(model.hidden_size)),
        ("Tokenizer", Some(yes(model.tokenizer))),
        ("Chat template", Some(yes(model.chat_template))),
        ("Bytes", Some(model.bytes.to_string())),
    ]
}

fn adapter_rows(adapter: &AdapterFacts) -> Vec<(&'static str, Option<String>)> {
    vec![
        ("Method", adapter.peft_type.clone()),
        ("Task", adapter.task_type.clone()),
        ("Base model", adapter.base_model.clone()),
        ("Rank", number(adapter.rank)),
        ("Alpha", adapter.alpha.map(|alpha| alpha.to_string())),
        ("Dropout", adapter.dropout.map(|dropout| dropout.to_string())),
        ("Targets", Some(adapter.target_modules.join(", "))),
        ("Bias", adapter.bias.clone()),
        ("Parameters", number(adapter.parameters)),
        ("Precision", Some(precision(&adapter.precisions))),
        ("Bytes", Some(adapter.bytes.to_string())),
    ]
}

fn facts(rows: Vec<(&'static str, Option<String>)>) {
    let known = rows.into_iter().filter_map(|(name, value)| Some((name, value.filter(|v| !v.is_empty())?)));
    print_table(["", ""], known.map(|(name, value)| vec![name.to_owned(), value]));
}

fn notes(missing: &[String], problems: &[String], unread: Option<&String>) {
    for name in missing {
        print(&format!("Missing: {name}"));
    }
    for note in problems.iter().chain(unread) {
        print(note);
    }
}

fn number(value: Option<u64>) -> Option<String> {
    value.map(|value| value.to_string())
}

fn precision(precisions: &[Precision]) -> String {
    precisions.iter().map(|precision| precision.dtype.as_str()).collect::<Vec<_>>().join(", ")
}

fn yes(value: bool) -> String {
    if value { "yes" } else { "no" }.to_owned()
}
