//! A PEFT adapter, read from its folder
//! (<https://huggingface.co/docs/peft/developer_guides/checkpoint>).

use std::{collections::BTreeMap, path::Path};

use schema::Result;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::{
    Precision, Tensors,
    files::{ADAPTER_CONFIG, names},
    json::document,
    model::texts,
    parts::WeightFiles,
    recognize::not_an_adapter,
};

/// The properties of an adapter, read without loading its weights.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct AdapterFacts {
    /// The PEFT method, such as `LORA`.
    pub peft_type: Option<String>,
    /// The task it was trained for, such as `CAUSAL_LM`.
    pub task_type: Option<String>,
    /// The rank (`r`). `None` for methods that have none, such as OFT.
    pub rank: Option<u64>,
    /// Ranks of modules that differ from `rank`, by name or pattern (`rank_pattern`).
    pub rank_pattern: BTreeMap<String, u64>,
    /// The scale (`lora_alpha`).
    pub alpha: Option<f64>,
    /// Whether directions and sizes of weights are trained apart (`use_dora`).
    pub dora: bool,
    /// The dropout (`lora_dropout`).
    pub dropout: Option<f64>,
    /// The modules of the base model that it changes (`target_modules`): names, or one pattern.
    pub target_modules: Vec<String>,
    /// Whether `target_modules` is one pattern, which PEFT matches with the whole name of a module.
    #[serde(skip)]
    pub(crate) by_pattern: bool,
    /// Whether its settings choose layers (`layers_to_transform`), or leave modules out (`exclude_modules`).
    #[serde(skip)]
    pub(crate) chooses_layers: bool,
    /// The parameters that it changes directly (`target_parameters`), such as those of experts.
    pub target_parameters: Vec<String>,
    /// The modules that are trained and saved whole (`modules_to_save`).
    pub modules_to_save: Vec<String>,
    /// Which biases it changes: `none`, `all`, `lora_only`.
    pub bias: Option<String>,
    /// The base model that its configuration names: a Hub name or a folder.
    pub base_model: Option<String>,
    /// The number of parameters.
    pub parameters: Option<u64>,
    /// The number formats of the weights, the most common first.
    pub precisions: Vec<Precision>,
    /// The size of the folder in bytes.
    pub bytes: u64,
    /// Missing files.
    pub missing: Vec<String>,
    /// Other problems, in sentences. With one, the adapter can't be loaded.
    pub problems: Vec<String>,
    /// What is unusual and no hindrance, in sentences.
    pub notes: Vec<String>,
    /// Why `parameters` is unknown although there is no problem.
    pub unread: Option<String>,
}

impl AdapterFacts {
    /// Reads an adapter's folder.
    pub fn read(folder: &Path) -> Result<Self> {
        Self::read_with_tensors(folder).map(|(facts, _)| facts)
    }

    /// Reads the adapter and the shapes of its tensors.
    ///
    /// # Errors
    /// The folder has no `adapter_config.json`, or one that can't be parsed. The message says what the
    /// folder has instead.
    pub fn read_with_tensors(folder: &Path) -> Result<(Self, Tensors)> {
        let present = names(folder)?;
        if !present.iter().any(|name| name == ADAPTER_CONFIG) {
            return Err(not_an_adapter(folder, &present));
        }
        let config = document(&folder.join(ADAPTER_CONFIG))?;
        let tensors = Tensors::read(folder, WeightFiles::ADAPTER)?;
        let mut problems = tensors.problems.clone();
        problems.extend(config.problem);
        let facts = Self {
            parameters: tensors.parameters,
            precisions: tensors.precisions.clone(),
            missing: tensors.missing.clone(),
            problems,
            unread: tensors.unread.clone(),
            bytes: platform::disk::folder_size(folder),
            ..Self::from_config(&config.object)
        };
        Ok((facts, tensors))
    }

    /// Whether it makes a model give scores in place of words, as reward models do.
    pub fn gives_scores(&self) -> bool {
        self.task_type.as_deref() == Some("SEQ_CLS")
    }

    fn from_config(config: &Map<String, Value>) -> Self {
        let text = |name: &str| {
            let text = config.get(name).and_then(Value::as_str).map(str::trim);
            text.filter(|text| !text.is_empty()).map(str::to_owned)
        };
        let number = |name: &str| config.get(name).and_then(Value::as_f64);
        let peft_type = text("peft_type");
        let facts = Self {
            rank: rank(config, peft_type.as_deref()),
            rank_pattern: ranks(config.get("rank_pattern")),
            alpha: number("lora_alpha"),
            dora: config.get("use_dora") == Some(&Value::Bool(true)),
            dropout: number("lora_dropout"),
            target_modules: texts(config.get("target_modules")),
            chooses_layers: ["layers_to_transform", "exclude_modules"]
                .into_iter()
                .any(|name| config.get(name).is_some_and(|value| !value.is_null() && *value != json!([]))),
            by_pattern: config.get("target_modules").is_some_and(Value::is_string),
            target_parameters: texts(config.get("target_parameters")),
            modules_to_save: texts(config.get("modules_to_save")),
            task_type: text("task_type"),
            bias: text("bias"),
            base_model: text("base_model_name_or_path"),
            peft_type,
            ..Self::default()
        };
        let notes = facts.target_notes(config).into_iter().chain(facts.base_note());
        Self { notes: notes.collect(), ..facts }
    }

    fn base_note(&self) -> Option<String> {
        self.base_model.is_none().then(|| {
            format!(
                "{ADAPTER_CONFIG} does not name the base model that the adapter was trained on \
                 (base_model_name_or_path). Make sure that it is the right one."
            )
        })
    }

    /// Modules that can't be what was meant. Methods that change prompts name none.
    fn target_notes(&self, config: &Map<String, Value>) -> Option<String> {
        if let ([pattern], true) = (&*self.target_modules, self.by_pattern)
            && let Some(names) = listed_in_text(pattern)
        {
            return Some(format!(
                "target_modules is the text '{pattern}', which PEFT takes as a pattern for one name. \
                 Write it as a list: [{}].",
                names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
            ));
        }
        let named = config.get("target_modules").is_some_and(|value| !value.is_null());
        let nothing = named && self.target_modules.is_empty() && self.target_parameters.is_empty();
        (nothing && self.modules_to_save.is_empty()).then(|| {
            "target_modules is empty: the adapter changes nothing. Name the modules, or 'all-linear'."
                .to_owned()
        })
    }
}

/// The rank, by the name that a method has for it.
fn rank(config: &Map<String, Value>, method: Option<&str>) -> Option<u64> {
    let name = match method {
        // The number of blocks, which the size of a block replaces.
        Some("OFT") => return None,
        Some("ADALORA") => "target_r",
        _ => "r",
    };
    config.get(name).and_then(Value::as_u64).filter(|rank| *rank > 0)
}

fn ranks(pattern: Option<&Value>) -> BTreeMap<String, u64> {
    let ranks = pattern.and_then(Value::as_object).into_iter().flatten();
    ranks.filter_map(|(name, rank)| Some((name.clone(), rank.as_u64()?))).collect()
}

/// The names in a text that looks like a list, such as `[q_proj,v_proj]` or `q_proj, v_proj`.
pub(crate) fn listed_in_text(text: &str) -> Option<Vec<String>> {
    let bare = text.trim();
    let inner = bare.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(bare);
    let names: Vec<_> =
        inner.split(',').map(|name| name.trim().trim_matches(['"', '\'']).to_owned()).collect();
    let is_name = |name: &String| {
        !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'))
    };
    let is_list = names.len() > 1 || inner.len() < bare.len();
    (is_list && names.iter().all(is_name)).then_some(names)
}
