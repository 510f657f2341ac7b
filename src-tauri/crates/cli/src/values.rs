//! Values of arguments that several commands take.

use std::str::FromStr;

use clap::{
    ValueEnum,
    builder::{PossibleValue, PossibleValuesParser, TypedValueParser},
};
use studio::{schema::TextEnum, store::Dependents};

/// What happens to the rows that refer to a deleted row.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum OnDependents {
    /// Delete nothing if there are any
    Refuse,
    /// Keep them and set the reference to null
    Detach,
    /// Delete them too
    Delete,
}

impl From<OnDependents> for Dependents {
    fn from(choice: OnDependents) -> Self {
        match choice {
            OnDependents::Refuse => Self::Refuse,
            OnDependents::Detach => Self::Detach,
            OnDependents::Delete => Self::Delete,
        }
    }
}

/// Parses a value of an enum of the core, with its values in the help and in completions.
pub(crate) fn choice<T>() -> impl TypedValueParser<Value = T>
where
    T: TextEnum + FromStr<Err = String> + Clone + Send + Sync + 'static,
{
    let values = T::OPTIONS.iter().map(|option| {
        let value = PossibleValue::new(option.value);
        if option.label == option.value { value } else { value.help(option.label) }
    });
    PossibleValuesParser::new(values).try_map(|value| value.parse::<T>())
}
