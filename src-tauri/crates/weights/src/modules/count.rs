//! How many parameters LoRA trains, as PEFT counts them.

use regex::Regex;
use serde_json::{Map, Value};

use super::{
    architecture::Kind,
    model_modules::{Module, Modules},
    names::is_within,
    parameters::Parameter,
};

/// Settings that change what is trained in ways that are not counted here.
const UNCOUNTED: &[&str] = &["trainable_token_indices", "layer_replication", "use_qalora"];

/// What LoRA changes of a model.
pub(super) struct Changed<'a> {
    pub(super) modules: &'a [&'a Module],
    /// The numbers that each rank adds to experts that PEFT trains as parameters.
    pub(super) experts: Option<u64>,
    /// The parameters that the settings name.
    pub(super) parameters: &'a [Parameter],
    /// The modules that are trained in full.
    pub(super) saved: &'a [String],
}

/// The number of parameters, or why it is not known: a sentence, or none where the files are elsewhere.
pub(super) fn count(
    model: &Modules,
    changed: &Changed<'_>,
    lora: &Map<String, Value>,
) -> Result<u64, Option<String>> {
    let unknown = |why: String| Some(format!("The number of trained parameters is not known: {why}."));
    let given = |name: &str| lora.get(name).filter(|value| !value.is_null());
    let on = |name: &str| given(name).is_some_and(|value| *value != Value::Bool(false));
    let biases = given("bias").is_some_and(|bias| bias != "none");
    let mut uncounted: Vec<&str> = UNCOUNTED.iter().copied().filter(|name| on(name)).collect();
    uncounted.extend(biases.then_some("bias"));
    if !uncounted.is_empty() {
        return Err(unknown(format!("what {} adds is not counted here", uncounted.join(" and "))));
    }
    let ranks = Ranks::new(lora).map_err(unknown)?;
    if changed.experts.is_some() && (ranks.differ() || !changed.parameters.is_empty()) {
        let why = "PEFT trains the experts of this model as parameters, whose ranks it changes itself";
        return Err(unknown(why.to_owned()));
    }
    // The magnitude of DoRA, and the bias of the second matrix.
    let outputs = u64::from(lora.get("use_dora") == Some(&Value::Bool(true)))
        + u64::from(lora.get("lora_bias") == Some(&Value::Bool(true)));
    let mut sum = Sum(ranks.default.checked_mul(changed.experts.unwrap_or_default()));
    let shapeless = |name: &str, filed: bool| {
        let why = match (filed, model.architecture) {
            (_, Some(architecture)) if architecture.tied => "share their numbers with those of other layers",
            (true, _) => "are packed and don't show their shape",
            (false, _) => "are not in the files by themselves",
        };
        model.whole.then(|| unknown(format!("the weights of {name} {why}"))).flatten()
    };
    for module in changed.modules {
        let [rows, columns] = module.shape.ok_or_else(|| shapeless(&module.name, module.filed))?;
        let rank = ranks.of(&module.name);
        sum.add(rank, rows.saturating_add(columns));
        sum.add(outputs, rows);
    }
    for parameter in changed.parameters {
        let features = parameter.features.ok_or_else(|| {
            let why = format!("the files don't show the shape that {} has in the model", parameter.name);
            model.whole.then(|| unknown(why)).flatten()
        })?;
        sum.add(ranks.of(&parameter.name), features);
    }
    for name in changed.saved {
        let size = saved_size(model, name).ok_or_else(|| {
            let why = format!("the size of {name}, which is trained in full, is not");
            model.whole.then(|| unknown(why)).flatten()
        })?;
        sum.add(1, size);
    }
    sum.0.ok_or_else(|| unknown("it is too large".to_owned()))
}

/// A sum, none once it is too large.
struct Sum(Option<u64>);

impl Sum {
    fn add(&mut self, times: u64, size: u64) {
        self.0 = self.0.and_then(|sum| sum.checked_add(times.checked_mul(size)?));
    }
}

/// The numbers of a module that is trained in full; none where it is not one of the known ones.
fn saved_size(model: &Modules, name: &str) -> Option<u64> {
    let mut found = model.modules.iter().filter(|module| is_within(&module.name, name)).peekable();
    found.peek()?;
    found.try_fold(0_u64, |sum, module| {
        let shape = module.shape.or(model.embedding.filter(|_| module.kind == Kind::Head));
        let [rows, columns] = shape?;
        sum.checked_add(rows.checked_mul(columns + u64::from(module.biased))?)
    })
}

/// The rank of each module.
struct Ranks {
    /// `r`.
    default: u64,
    /// `rank_pattern`: the first that matches the end of a name counts.
    patterns: Vec<(Regex, u64)>,
}

impl Ranks {
    /// # Errors
    /// A setting can't be read: the reason, as a part of a sentence.
    fn new(lora: &Map<String, Value>) -> Result<Self, String> {
        let given = |name: &str| lora.get(name).filter(|value| !value.is_null());
        let rank = |name: &str, value: &Value| {
            value.as_u64().filter(|rank| *rank > 0).ok_or_else(|| format!("{name} is no rank"))
        };
        let default = given("r").map_or(Ok(8), |value| rank("r", value))?;
        let patterns = given("rank_pattern").and_then(Value::as_object).into_iter().flatten();
        let patterns = patterns.map(|(name, value)| {
            let pattern = Regex::new(&format!(r"^(?:.*\.)?(?:{name})$"))
                .map_err(|_| format!("the pattern '{name}' of rank_pattern is not read here"))?;
            Ok((pattern, rank(&format!("'{name}' of rank_pattern"), value)?))
        });
        Ok(Self { default, patterns: patterns.collect::<Result<_, String>>()? })
    }

    fn differ(&self) -> bool {
        !self.patterns.is_empty()
    }

    fn of(&self, name: &str) -> u64 {
        let own = self.patterns.iter().find(|(pattern, _)| pattern.is_match(name));
        own.map_or(self.default, |(_, rank)| *rank)
    }
}
