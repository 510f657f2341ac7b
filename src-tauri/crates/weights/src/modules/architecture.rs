//! What is known of each class of causal language models, from training a tiny one of it.

use std::{
    collections::{BTreeMap, HashMap},
    sync::LazyLock,
};

use serde::Deserialize;
use serde_json::Value;

/// A class of causal language models, by the model type in `config.json`.
///
/// Names of modules are those of the loaded model, with `*` for numbers: `model.layers.*.mlp.down_proj`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Architecture {
    /// The class of Transformers, such as `LlamaForCausalLM`.
    pub class: String,
    /// Why a tiny model of it could not be trained; none if it was.
    pub refused: Option<String>,
    /// The linear layers that `all-linear` stands for.
    pub(super) linear: Vec<String>,
    /// Linear layers that LoRA can't change, such as routers that also choose experts.
    pub(super) kept: Vec<String>,
    /// The output layer.
    pub(super) head: Vec<String>,
    /// The output layer has a bias.
    pub(super) biased: bool,
    /// Embeddings.
    pub(super) embeddings: Vec<String>,
    /// Parameters with all experts of a layer, which are no modules.
    pub(super) fused: Vec<String>,
    /// Names in the files, by names in the model, where the two differ by more than a prefix.
    pub(super) disk: BTreeMap<String, String>,
    /// Linear layers whose weights are no tensors of their own in the files.
    pub(super) unfiled: Vec<String>,
    /// Weights of linear layers have a row for each input, as GPT-2's do; others have one for each output.
    pub(super) transposed: bool,
    /// Several linear layers share a weight that is in the files once.
    pub(super) tied: bool,
    /// How PEFT takes the names of separate experts for the fused ones.
    pub(super) experts: Option<Experts>,
    /// The target modules that PEFT chooses where none are named: names, or a pattern.
    pub(super) peft: Option<Value>,
}

/// The names that separate experts had, which PEFT takes for the fused ones. Trained as parameters, not as
/// modules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Experts {
    /// `w1`, `w2` and `w3`.
    Mixtral,
    /// `gate_proj`, `up_proj` and `down_proj`.
    Qwen2Moe,
}

impl Experts {
    /// The two that are fused into one parameter, which PEFT gives twice the rank.
    pub(super) fn halves(self) -> [&'static str; 2] {
        match self {
            Self::Mixtral => ["w1", "w3"],
            Self::Qwen2Moe => ["gate_proj", "up_proj"],
        }
    }

    pub(super) fn down(self) -> &'static str {
        match self {
            Self::Mixtral => "w2",
            Self::Qwen2Moe => "down_proj",
        }
    }

    /// All names that stand for parameters; `gate` is the router.
    pub(super) fn names(self) -> [&'static str; 4] {
        let [gate, up] = self.halves();
        ["gate", gate, up, self.down()]
    }
}

static ARCHITECTURES: LazyLock<HashMap<String, Architecture>> =
    LazyLock::new(|| serde_json::from_str(include_str!("architectures.json")).unwrap_or_default());

impl Architecture {
    /// What is known of a model type; none for one that the pinned Transformers has no causal language
    /// model for.
    pub fn find(model_type: &str) -> Option<&'static Self> {
        ARCHITECTURES.get(model_type)
    }

    /// The linear layers by their names in files, without the prefixes that differ.
    pub(super) fn by_file(&self) -> HashMap<String, (Kind, &str)> {
        let kinds = [
            (Kind::Linear, &self.linear),
            (Kind::Kept, &self.kept),
            (Kind::Head, &self.head),
            (Kind::Embedding, &self.embeddings),
        ];
        let all = kinds.into_iter().flat_map(|(kind, names)| names.iter().map(move |name| (kind, name)));
        all.map(|(kind, name)| (short(self.disk.get(name).unwrap_or(name)), (kind, name.as_str()))).collect()
    }
}

/// What a module is to LoRA.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Linear,
    Kept,
    Head,
    Embedding,
}

/// Parts of names that differ between files and models, and distinguish no modules.
const PREFIXES: &[&str] =
    &["model", "language_model", "text_model", "transformer", "decoder", "base_model", "backbone"];

/// A name without the prefixes that differ, and with `*` for numbers.
pub(super) fn short(name: &str) -> String {
    let parts = name.split('.').filter(|part| !PREFIXES.contains(part));
    parts.map(|part| if is_number(part) { "*" } else { part }).collect::<Vec<_>>().join(".")
}

pub(super) fn is_number(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())
}

/// A pattern with its `*` replaced by the numbers of a name, in order; none where the counts differ.
pub(super) fn numbered(pattern: &str, name: &str) -> Option<String> {
    let mut numbers = name.split('.').filter(|part| is_number(part));
    let parts: Option<Vec<&str>> =
        pattern.split('.').map(|part| if part == "*" { numbers.next() } else { Some(part) }).collect();
    numbers.next().is_none().then(|| parts.map(|parts| parts.join("."))).flatten()
}
