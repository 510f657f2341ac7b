//! The card of a model or an adapter.

use schema::Result;

use super::{
    front::{IndexDataset, IndexEntry, IndexMetric, IndexResult, IndexTask, ModelFront, written},
    markdown::{FILES, block, table},
    metrics::CardEvaluation,
};

/// How what is published came from its base model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Relation {
    /// An adapter for it.
    Adapter,
    /// An adapter was merged into it.
    Merge,
    /// All of its weights were trained.
    Finetune,
}

impl Relation {
    /// The Hub's word for it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Adapter => "adapter",
            Self::Merge => "merge",
            Self::Finetune => "finetune",
        }
    }
}

/// What the card of a model or an adapter says.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct ModelCard {
    /// The repository, as organization/name.
    pub(crate) repository: String,
    /// The title.
    pub(crate) name: String,
    /// The name of the base model on the Hub.
    pub(crate) base_model: Option<String>,
    /// How it came from the base model; none if that is not known.
    pub(crate) relation: Option<Relation>,
    /// The license of the base model.
    pub(crate) license: Option<String>,
    /// The names of the datasets on the Hub that it was trained on.
    pub(crate) datasets: Vec<String>,
    /// What was trained on and how, in words, by what it is.
    pub(crate) training: Vec<(String, String)>,
    /// The settings of the training that differ from the libraries' defaults.
    pub(crate) settings: Vec<(String, String)>,
    /// What the model reads, with the columns of the dataset in braces.
    pub(crate) prompt: Option<String>,
    /// Whether it gives scores in place of words.
    pub(crate) gives_scores: bool,
    /// Its evaluations.
    pub(crate) evaluations: Vec<CardEvaluation>,
    /// Further tags, such as `lora`.
    pub(crate) tags: Vec<String>,
}

impl ModelCard {
    /// The text, as Markdown with YAML at its beginning.
    pub(crate) fn text(&self) -> Result<String> {
        let is_adapter = self.relation == Some(Relation::Adapter);
        let front = ModelFront {
            base_model: self.base_model.clone(),
            base_model_relation: self.relation.filter(|_| self.base_model.is_some()).map(Relation::name),
            datasets: self.datasets.clone(),
            library_name: if is_adapter { "peft" } else { "transformers" },
            license: self.license.clone().unwrap_or_else(|| "unknown".to_owned()),
            pipeline_tag: self.task(),
            tags: ["fine-tuning-studio".to_owned()].into_iter().chain(self.tags.clone()).collect(),
            model_index: self.index(),
        };
        let parts = [
            written(&front)?,
            format!("# {}\n\n{}\n\n", self.name, self.summary()),
            table("Training", &self.training),
            self.prompt.as_deref().map(|text| format!("## Prompt\n\n{}\n", block(text))).unwrap_or_default(),
            table("Settings", &self.settings),
            self.results(),
            self.usage(),
            format!("## Files\n\n{FILES}\n"),
        ];
        Ok(parts.concat())
    }

    fn task(&self) -> &'static str {
        if self.gives_scores { "text-classification" } else { "text-generation" }
    }

    fn summary(&self) -> String {
        let base = self.base_model.as_deref().map(|name| format!("[{name}](https://huggingface.co/{name})"));
        let base = base.unwrap_or_else(|| "a base model that is not on the Hub".to_owned());
        let license = match &self.license {
            Some(license) => format!("The base model's license is {license}."),
            None => "The license of the base model is not known.".to_owned(),
        };
        match self.relation {
            Some(Relation::Adapter) => format!("An adapter for {base}. {license}"),
            Some(Relation::Merge) => format!("{base}, with an adapter merged into its weights. {license}")
                .replacen("a base", "A base", 1),
            Some(Relation::Finetune) => format!("Fine-tuned from {base}. {license}"),
            None => "A language model.".to_owned(),
        }
    }

    fn index(&self) -> Vec<IndexEntry> {
        let results = self.evaluations.iter().filter(|one| !one.metrics.is_empty()).map(|one| IndexResult {
            task: IndexTask { r#type: self.task() },
            dataset: IndexDataset {
                name: one.dataset.clone(),
                r#type: one.hub_name.clone().unwrap_or_else(|| one.dataset.clone()),
            },
            metrics: one
                .metrics
                .iter()
                .map(|metric| IndexMetric {
                    r#type: metric.r#type.clone(),
                    value: metric.value,
                    name: metric.name.clone(),
                })
                .collect(),
        });
        let results: Vec<IndexResult> = results.collect();
        if results.is_empty() { Vec::new() } else { vec![IndexEntry { name: self.name.clone(), results }] }
    }

    fn results(&self) -> String {
        let rows: Vec<(String, String)> = self
            .evaluations
            .iter()
            .flat_map(|one| {
                one.metrics.iter().map(move |metric| {
                    (format!("{} on {}", metric.name, one.dataset), format!("{:.4}", metric.value))
                })
            })
            .collect();
        table("Evaluation", &rows)
    }

    /// How it is loaded in Python.
    fn usage(&self) -> String {
        let class = match (self.relation, self.gives_scores) {
            (Some(Relation::Adapter), false) => "AutoPeftModelForCausalLM",
            (Some(Relation::Adapter), true) => "AutoPeftModelForSequenceClassification",
            (_, false) => "AutoModelForCausalLM",
            (_, true) => "AutoModelForSequenceClassification",
        };
        let library = if self.relation == Some(Relation::Adapter) { "peft" } else { "transformers" };
        let name = &self.repository;
        format!(
            "## Use\n\n```python\nfrom {library} import {class}\nfrom transformers import AutoTokenizer\n\n\
             model = {class}.from_pretrained(\"{name}\")\n\
             tokenizer = AutoTokenizer.from_pretrained(\"{name}\")\n```\n\n"
        )
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::card::metrics::CardMetric;

    fn front(text: &str) -> Value {
        let (lines, _) = text.strip_prefix("---\n").unwrap().split_once("\n---\n").unwrap();
        serde_saphyr::from_str(lines).unwrap()
    }

    fn card() -> ModelCard {
        ModelCard {
            repository: "me/labels".to_owned(),
            name: "Labels: \"all\" # of them".to_owned(),
            base_model: Some("org/base".to_owned()),
            relation: Some(Relation::Adapter),
            license: Some("llama3.2".to_owned()),
            datasets: vec!["org/tickets".to_owned()],
            settings: vec![
                ("learning_rate".to_owned(), "0.001".to_owned()),
                ("a|b".to_owned(), "c\nd".to_owned()),
            ],
            prompt: Some("```\n{ticket}".to_owned()),
            evaluations: vec![CardEvaluation {
                dataset: "held out".to_owned(),
                hub_name: None,
                metrics: vec![CardMetric::new("rouge1/v1/mean", 0.5).unwrap()],
            }],
            tags: vec!["lora".to_owned()],
            ..ModelCard::default()
        }
    }

    #[test]
    fn the_hub_reads_what_an_adapter_is() {
        let front = front(&card().text().unwrap());
        let entry = json!({
            "name": card().name,
            "results": [{
                "task": {"type": "text-generation"},
                "dataset": {"name": "held out", "type": "held out"},
                "metrics": [{"type": "rouge1", "value": 0.5, "name": "ROUGE-1"}],
            }],
        });
        assert_eq!(
            front,
            json!({
                "base_model": "org/base", "base_model_relation": "adapter", "datasets": ["org/tickets"],
                "library_name": "peft", "license": "llama3.2", "pipeline_tag": "text-generation",
                "tags": ["fine-tuning-studio", "lora"], "model-index": [entry],
            })
        );
    }

    #[test]
    fn what_is_not_known_is_not_claimed() {
        let text = ModelCard { name: "x".to_owned(), ..ModelCard::default() }.text().unwrap();
        let front = front(&text);
        assert_eq!(front["license"], "unknown");
        for key in ["base_model", "base_model_relation", "datasets", "model-index"] {
            assert!(front.get(key).is_none(), "{key}");
        }
        assert!(!text.contains("## Evaluation") && !text.contains("## Settings"));
    }

    #[test]
    fn texts_do_not_break_out_of_their_place() {
        let text = card().text().unwrap();
        assert!(text.contains("| a\\|b | c d |\n"));
        assert!(text.contains("````\n```\n{ticket}\n````\n"));
        assert_eq!(text.matches(FILES).count(), 1);
    }
}
