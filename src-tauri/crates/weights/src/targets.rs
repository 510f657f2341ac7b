//! Which modules an adapter changes.

use regex::Regex;

use crate::{AdapterFacts, modules::is_within};

/// The modules that an adapter changes, by its settings.
pub(crate) enum Targets<'a> {
    AllLinear,
    Pattern(Regex),
    Names(&'a [String]),
}

impl AdapterFacts {
    /// None where it names a pattern of Python's that is not read here.
    pub(crate) fn targets(&self) -> Option<Targets<'_>> {
        match &*self.target_modules {
            [one] if one.eq_ignore_ascii_case("all-linear") => Some(Targets::AllLinear),
            [pattern] if self.by_pattern => {
                Regex::new(&format!("^(?:{pattern})$")).ok().map(Targets::Pattern)
            }
            names => Some(Targets::Names(names)),
        }
    }
}

impl Targets<'_> {
    /// Whether a module is one of them, or any is.
    pub(crate) fn has(&self, module: &str) -> bool {
        match self {
            Self::AllLinear => true,
            Self::Pattern(pattern) => pattern.is_match(module),
            Self::Names(names) => names.iter().any(|name| is_within(module, name)),
        }
    }
}
