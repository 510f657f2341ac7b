//! How LoRA's settings name modules, by PEFT's rules
//! (<https://huggingface.co/docs/peft/package_reference/lora>).

use std::collections::BTreeSet;

use regex::Regex;
use serde_json::{Map, Value};

/// The names of modules in a setting: a text or a list of texts.
pub(super) enum Names {
    AllLinear,
    /// A pattern for whole names. None where this program can't read it, as some of Python's.
    Pattern(Option<Regex>),
    List(Vec<String>),
}

impl Names {
    pub(super) fn from_value(value: &Value) -> Self {
        match value {
            Value::String(text) if text.eq_ignore_ascii_case("all-linear") => Self::AllLinear,
            Value::String(text) => Self::Pattern(Regex::new(&format!("^(?:{text})$")).ok()),
            list => Self::List(texts(list)),
        }
    }

    /// Whether a module is named. Of a list, a whole name stands for its module whatever `layers` says.
    pub(super) fn matches(&self, name: &str, layers: Option<&Layers>) -> bool {
        match self {
            Self::AllLinear => false,
            Self::Pattern(pattern) => pattern.as_ref().is_some_and(|pattern| pattern.is_match(name)),
            Self::List(names) => {
                let chosen = || layers.is_none_or(|layers| layers.has(name));
                names.iter().any(|target| target == name)
                    || (names.iter().any(|target| is_within(name, target)) && chosen())
            }
        }
    }
}

/// The layers that `layers_to_transform` chooses, by the first number in a module's name or by the number
/// behind a name of `layers_pattern`.
pub(super) struct Layers {
    numbers: Vec<u64>,
    /// None where this program can't read one of them.
    patterns: Option<Vec<Regex>>,
}

impl Layers {
    /// None where all layers are meant.
    pub(super) fn from_settings(lora: &Map<String, Value>) -> Option<Self> {
        let numbers: Vec<u64> = match lora.get("layers_to_transform")? {
            Value::Array(numbers) => numbers.iter().filter_map(Value::as_u64).collect(),
            number => vec![number.as_u64()?],
        };
        let named = lora.get("layers_pattern").map(texts).unwrap_or_default();
        let patterns = match named.is_empty() {
            true => vec![r"^.*?\.[^.]*\.(\d+)\.".to_owned()],
            false => named.iter().map(|name| format!(r"^(?:|.*?\.)(?:{name})\.(\d+)\.")).collect(),
        };
        let patterns = patterns.iter().map(|pattern| Regex::new(pattern).ok()).collect();
        (!numbers.is_empty()).then_some(Self { numbers, patterns })
    }

    /// Whether all of it can be read.
    pub(super) fn are_read(&self) -> bool {
        self.patterns.is_some()
    }

    fn has(&self, name: &str) -> bool {
        let patterns = self.patterns.iter().flatten();
        let number =
            patterns.filter_map(|pattern| pattern.captures(name)?.get(1)?.as_str().parse().ok()).next();
        number.is_some_and(|number: u64| self.numbers.contains(&number))
    }
}

/// Whether a module has this name, or its name ends with it behind a dot.
pub(crate) fn is_within(module: &str, name: &str) -> bool {
    module.strip_suffix(name).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// The texts of a setting, in order and each once.
pub(super) fn texts(value: &Value) -> Vec<String> {
    let listed: BTreeSet<String> = crate::model::texts(Some(value)).into_iter().collect();
    listed.into_iter().collect()
}
