//! Which modules a training's LoRA settings change, by PEFT's rules
//! (<https://huggingface.co/docs/peft/package_reference/lora>).

use serde_json::{Map, Value};

use super::{
    architecture::{Experts, Kind},
    count::{Changed, count},
    model_modules::{Module, Modules},
    names::{Layers, Names, is_within, texts},
    parameters::Parameter,
    widths::Inputs,
};

/// What a training trains of a model.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trained {
    /// The number of layers and of parameters that get an adapter; 0 where the modules of the model are not known.
    pub layers: u64,
    /// The number of parameters that are trained, as PEFT counts them; none where the files or the settings
    /// don't say.
    pub parameters: Option<u64>,
    /// What goes into the modules that get an adapter; none where their shapes are not known.
    pub inputs: Option<Inputs>,
    /// Why the number is not known although the files are here: a sentence.
    pub uncounted: Option<String>,
    /// Whether fused experts are trained as parameters.
    pub experts: bool,
    /// Whether the output layer or the embeddings are trained, which share their weights in this model.
    pub unties: bool,
    /// Why the training would fail, in sentences that name the setting.
    pub problems: Vec<String>,
}

/// The LoRA settings of a training that choose modules, for one model.
struct Targets<'a> {
    model: &'a Modules,
    lora: &'a Map<String, Value>,
    targets: Option<Names>,
    excluded: Option<Names>,
    /// The layers whose modules are chosen; none for all.
    layers: Option<Layers>,
    /// The parameters that are named.
    parameters: Vec<String>,
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
        let listed = |name: &str| given(name).map(texts).unwrap_or_default();
        let (parameters, saved) = (listed("target_parameters"), listed("modules_to_save"));
        Self { model, lora, targets, excluded, layers: Layers::from_settings(lora), parameters, saved }
    }

    fn trained(&self) -> Trained {
        if !self.model.are_known() {
            return Trained::default();
        }
        let unread = self.layers.as_ref().is_some_and(|layers| !layers.are_read());
        if unread || matches!(self.targets, Some(Names::Pattern(None))) {
            return Trained::default();
        }
        let modules: Vec<&Module> =
            self.model.modules.iter().filter(|module| self.is_target(module)).collect();
        let experts = self.targets.as_ref().and_then(|targets| self.experts(targets));
        let parameters = self.named_parameters();
        let mut problems = self.targets.as_ref().map(|targets| self.misnamed(targets)).unwrap_or_default();
        problems.extend(modules.iter().find_map(unchangeable));
        problems.extend(self.misfitting_settings());
        problems.extend(self.misnamed_parameters(&modules, &parameters));
        if modules.is_empty() && experts.is_none() && parameters.is_empty() && problems.is_empty() {
            let among = if self.layers.is_some() { " among those of layers_to_transform" } else { "" };
            problems.push(format!(
                "target_modules matches no layer of the model{among}. Choose all-linear, or some of {}.",
                self.model.choices().join(", ")
            ));
        }
        let changed = Changed { modules: &modules, experts, parameters: &parameters, saved: &self.saved };
        let (counted, uncounted) = match count(self.model, &changed, self.lora) {
            Ok(count) => (Some(count), None),
            Err(why) => (None, why),
        };
        Trained {
            layers: (modules.len() + parameters.len()) as u64,
            parameters: counted,
            inputs: Inputs::new(modules.iter().copied()),
            uncounted,
            experts: experts.is_some(),
            unties: self.unties(&modules),
            problems,
        }
    }

    /// Whether a module gets an adapter.
    fn is_target(&self, module: &Module) -> bool {
        let name = module.name.as_str();
        let saved = |saved: &String| name.split('.').any(|part| part == saved) || is_within(name, saved);
        if self.excluded.as_ref().is_some_and(|excluded| excluded.matches(name, None))
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
                named => named.matches(name, self.layers.as_ref()),
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

    /// The parameters of the model that target_parameters names, weights of modules among them.
    fn named_parameters(&self) -> Vec<Parameter> {
        let is_named = |name: &str| self.parameters.iter().any(|target| is_within(name, target));
        let weights = self.model.modules.iter().map(|module| Parameter {
            name: format!("{}.weight", module.name),
            features: module.shape.map(|[rows, columns]| rows.saturating_add(columns)),
        });
        let mut found: Vec<Parameter> = weights.filter(|weight| is_named(&weight.name)).collect();
        for parameter in self.model.parameters.iter().filter(|parameter| is_named(&parameter.name)) {
            // A module's weight may have another name in the files.
            if !found.iter().any(|known| known.name == parameter.name) {
                found.push(parameter.clone());
            }
        }
        found
    }

    /// Settings that PEFT refuses together.
    fn misfitting_settings(&self) -> Vec<String> {
        let given = |name: &str| self.lora.get(name).is_some_and(|value| !value.is_null());
        let on = |name: &str| self.lora.get(name) == Some(&Value::Bool(true));
        let as_text = self.lora.get("target_modules").is_some_and(Value::is_string);
        let mut problems = Vec::new();
        if as_text && (given("layers_to_transform") || given("layers_pattern")) {
            problems.push(
                "layers_to_transform chooses layers only where target_modules is a list of names. Write the names as \
                 a list, or take it out."
                    .to_owned(),
            );
        } else if given("layers_pattern") && !given("layers_to_transform") {
            let problem = "layers_pattern works only together with layers_to_transform. Give both, or none.";
            problems.push(problem.to_owned());
        }
        let refused = ["use_dora", "lora_bias", "fan_in_fan_out"].into_iter().find(|name| on(name));
        if let (Some(name), false) = (refused, self.parameters.is_empty()) {
            problems.push(format!("target_parameters can't be trained with {name}. Turn it off."));
        }
        problems
    }

    /// Names of target_parameters that stand for none, or for one that a module's adapter changes.
    fn misnamed_parameters(&self, modules: &[&Module], found: &[Parameter]) -> Vec<String> {
        let mut problems = Vec::new();
        let exists = |target: &&String| found.iter().any(|parameter| is_within(&parameter.name, target));
        let unknown: Vec<&str> =
            self.parameters.iter().filter(|target| !exists(target)).map(String::as_str).collect();
        if self.model.whole && !unknown.is_empty() {
            let fused = self.model.fused();
            let choices =
                if fused.is_empty() { String::new() } else { format!(" It has {}.", fused.join(", ")) };
            problems.push(format!(
                "target_parameters names {}, which the model doesn't have.{choices}",
                unknown.join(", ")
            ));
        }
        let twice = modules.iter().find(|module| {
            found.iter().any(|parameter| parameter.name.strip_suffix(".weight") == Some(&module.name))
        });
        problems.extend(twice.map(|module| {
            let name = &module.name;
            format!("target_modules and target_parameters both name {name}. Name it in one of them.")
        }));
        problems
    }
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
