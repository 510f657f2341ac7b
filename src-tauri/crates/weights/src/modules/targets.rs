//! Which modules a training's LoRA settings change, by PEFT's rules
//! (<https://huggingface.co/docs/peft/package_reference/lora>).

use std::collections::BTreeSet;

use regex::Regex;
use serde_json::{Map, Value};

use super::{
    architecture::{Experts, Kind},
    model_modules::{Module, Modules},
};

/// What a training trains of a model.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trained {
    /// The number of layers that get an adapter; 0 where the modules of the model are not known.
    pub layers: u64,
    /// The number of parameters that are trained, as PEFT counts them; none where the files or the settings
    /// don't tell.
    pub parameters: Option<u64>,
    /// Whether fused experts are trained as parameters.
    pub experts: bool,
    /// Whether the output layer or the embeddings are trained, which share their weights in this model.
    pub unties: bool,
    /// Why the training would fail, in sentences that name the setting.
    pub problems: Vec<String>,
}

/// The names of modules in a setting: a text or a list of texts.
enum Names {
    AllLinear,
    /// A pattern for whole names. None where this program can't read it, as some of Python's.
    Pattern(Option<Regex>),
    List(Vec<String>),
}

/// Settings that change what is trained in ways that are not counted here.
const UNCOUNTED: &[&str] = &[
    "target_parameters",
    "trainable_token_indices",
    "layers_to_transform",
    "rank_pattern",
    "layer_replication",
    "use_qalora",
];

/// The LoRA settings of a training that choose modules, for one model.
struct Targets<'a> {
    model: &'a Modules,
    lora: &'a Map<String, Value>,
    targets: Option<Names>,
    excluded: Option<Names>,
    saved: Vec<String>,
}

impl Modules {
    /// What a training with these LoRA settings trains.
    pub fn trained(&self, lora: &Map<String, Value>) -> Trained {
        Targets::new(self, lora).trained()
    }
}

impl<'a> Targets<'a> {
    fn new(model: &'a Modules, lora: &'a Map<String, Value>) -> Self {
        let given = |name: &str| lora.get(name).filter(|value| !value.is_null());
        let own = model.architecture.and_then(|architecture| architecture.peft.as_ref());
        let targets = match (given("target_modules"), own) {
            (Some(given), _) => Some(Names::from_value(given)),
            // It trains named parameters alone.
            _ if given("target_parameters").is_some() => None,
            (None, Some(own)) => Some(Names::from_value(own)),
            (None, None) => Some(Names::AllLinear),
        };
        let excluded = given("exclude_modules").map(Names::from_value);
        let saved = given("modules_to_save").map(texts).unwrap_or_default();
        Self { model, lora, targets, excluded, saved }
    }

    fn trained(&self) -> Trained {
        if !self.model.are_known() {
            return Trained::default();
        }
        let Some(targets) = &self.targets else { return Trained::default() };
        if matches!(targets, Names::Pattern(None)) {
            return Trained::default();
        }
        let modules: Vec<&Module> =
            self.model.modules.iter().filter(|module| self.is_target(module)).collect();
        let experts = self.experts(targets);
        let mut problems = self.misnamed(targets);
        problems.extend(modules.iter().find_map(unchangeable));
        if modules.is_empty() && experts.is_none() && problems.is_empty() {
            problems.push(format!(
                "target_modules matches no layer of the model. Choose all-linear, or some of {}.",
                self.model.choices().join(", ")
            ));
        }
        Trained {
            layers: modules.len() as u64,
            parameters: self.parameters(&modules, experts),
            experts: experts.is_some(),
            unties: self.unties(&modules),
            problems,
        }
    }

    /// Whether a module gets an adapter.
    fn is_target(&self, module: &Module) -> bool {
        let name = module.name.as_str();
        let saved = |saved: &String| name.split('.').any(|part| part == saved) || is_within(name, saved);
        if self.excluded.as_ref().is_some_and(|excluded| excluded.matches(name))
            || self.saved.iter().any(saved)
        {
            return false;
        }
        let leaf = name.rsplit('.').next().unwrap_or_default();
        let as_parameter = self.converted().is_some_and(|experts| experts.names().contains(&leaf));
        let Some(targets) = &self.targets else { return false };
        !as_parameter
            && match targets {
                Names::AllLinear => module.kind == Kind::Linear,
                named => named.matches(name),
            }
    }

    fn unties(&self, modules: &[&Module]) -> bool {
        let is_end = |module: &&&Module| matches!(module.kind, Kind::Embedding | Kind::Head);
        let trained = modules.iter().any(|module| is_end(&module));
        let saved = self.model.modules.iter().filter(|module| is_end(&module));
        let saved = saved.filter(|module| self.saved.iter().any(|name| is_within(&module.name, name)));
        self.model.tied && (trained || saved.count() > 0)
    }

    fn converted(&self) -> Option<Experts> {
        self.model.architecture.and_then(|architecture| architecture.experts)
    }

    /// The numbers that each rank adds to experts; none where they are not trained.
    fn experts(&self, targets: &Names) -> Option<u64> {
        let experts = self.converted()?;
        let [gate, up] = experts.halves();
        let is_named = |name: &str| match targets {
            Names::AllLinear => true,
            Names::List(names) => names.iter().any(|named| named == name || is_within(named, name)),
            Names::Pattern(pattern) => pattern
                .as_ref()
                .is_some_and(|pattern| pattern.is_match(&format!("model.layers.0.mlp.experts.{name}"))),
        };
        let sizes = self.model.experts;
        let parts = [
            (is_named(gate) && is_named(up), sizes.halves),
            (is_named(experts.down()), sizes.down),
            (is_named("gate"), sizes.routers),
        ];
        let mut named = parts.iter().filter(|(named, _)| *named).map(|(_, size)| *size).peekable();
        named.peek().is_some().then(|| named.sum())
    }

    /// Names in a list that stand for no module.
    fn misnamed(&self, targets: &Names) -> Vec<String> {
        // PEFT's own choice for an architecture may name modules that one of its models lacks.
        let chosen = self.lora.get("target_modules").is_some_and(|value| !value.is_null());
        let Names::List(names) = targets else { return Vec::new() };
        let experts = self.converted().map(Experts::names).unwrap_or_default();
        let exists = |name: &&String| {
            self.model.modules.iter().any(|module| is_within(&module.name, name))
                || experts.iter().any(|expert| *expert == name.as_str() || is_within(name, expert))
        };
        let unknown: Vec<&str> = names.iter().filter(|name| !exists(name)).map(String::as_str).collect();
        if !chosen || unknown.is_empty() {
            return Vec::new();
        }
        vec![format!(
            "target_modules names {}, which the model doesn't have. It has {}; all-linear stands for all of them.",
            unknown.join(", "),
            self.model.choices().join(", ")
        )]
    }

    fn parameters(&self, modules: &[&Module], experts: Option<u64>) -> Option<u64> {
        let given = |name: &str| self.lora.get(name).filter(|value| !value.is_null());
        let on = |name: &str| self.lora.get(name) == Some(&Value::Bool(true));
        let biases = given("bias").is_some_and(|bias| bias != "none");
        if biases
            || UNCOUNTED.iter().any(|name| given(name).is_some_and(|value| *value != Value::Bool(false)))
        {
            return None;
        }
        let rank = given("r").map_or(Some(8), Value::as_u64)?;
        // The magnitude of DoRA, and the bias of the second matrix.
        let outputs = u64::from(on("use_dora")) + u64::from(on("lora_bias"));
        let mut sum = rank.checked_mul(experts.unwrap_or_default())?;
        for module in modules {
            let [rows, columns] = module.shape?;
            let of_module = rank.checked_mul(rows.checked_add(columns)?)?.checked_add(outputs * rows)?;
            sum = sum.checked_add(of_module)?;
        }
        for name in &self.saved {
            sum = sum.checked_add(self.saved_size(name)?)?;
        }
        Some(sum)
    }

    /// The numbers of a module that is trained in full; none where it is not one of the known ones.
    fn saved_size(&self, name: &str) -> Option<u64> {
        let mut found = self.model.modules.iter().filter(|module| is_within(&module.name, name)).peekable();
        found.peek()?;
        found.try_fold(0_u64, |sum, module| {
            let shape = module.shape.or(self.model.embedding.filter(|_| module.kind == Kind::Head));
            let [rows, columns] = shape?;
            sum.checked_add(rows.checked_mul(columns + u64::from(module.biased))?)
        })
    }
}

impl Names {
    fn from_value(value: &Value) -> Self {
        match value {
            Value::String(text) if text.eq_ignore_ascii_case("all-linear") => Self::AllLinear,
            Value::String(text) => Self::Pattern(Regex::new(&format!("^(?:{text})$")).ok()),
            list => Self::List(texts(list)),
        }
    }

    fn matches(&self, name: &str) -> bool {
        match self {
            Self::AllLinear => false,
            Self::Pattern(pattern) => pattern.as_ref().is_some_and(|pattern| pattern.is_match(name)),
            Self::List(names) => names.iter().any(|target| is_within(name, target)),
        }
    }
}

/// Whether a module has this name, or its name ends with it behind a dot.
fn is_within(module: &str, name: &str) -> bool {
    module.strip_suffix(name).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// Why a module can't have an adapter.
fn unchangeable(module: &&Module) -> Option<String> {
    let name = &module.name;
    match module.kind {
        Kind::Head => Some(format!(
            "target_modules matches {name}, the output layer, which TRL does not train with LoRA. Put it in modules_to_save to train it in full."
        )),
        Kind::Kept => Some(format!(
            "target_modules matches {name}, which LoRA can't change: it does more than multiply. Leave it out."
        )),
        Kind::Linear | Kind::Embedding => None,
    }
}

fn texts(value: &Value) -> Vec<String> {
    let listed: BTreeSet<String> = crate::model::texts(Some(value)).into_iter().collect();
    listed.into_iter().collect()
}
