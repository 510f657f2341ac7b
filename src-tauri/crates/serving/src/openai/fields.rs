//! The parameters of a request, taken one by one, so that none is overlooked in silence.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::error::ApiError;

/// Parameters that say nothing about the answer.
const WITHOUT_EFFECT: [&str; 8] = [
    "user",
    "metadata",
    "store",
    "service_tier",
    "prompt_cache_key",
    "prompt_cache_retention",
    "safety_identifier",
    "verbosity",
];

/// The parameters of a request that were not taken yet.
#[derive(Debug)]
pub(crate) struct Fields(Map<String, Value>);

impl Fields {
    pub(crate) fn new(body: &[u8]) -> Result<Self, ApiError> {
        match serde_json::from_slice(body) {
            Ok(Value::Object(fields)) => Ok(Self(fields)),
            Ok(_) => Err(ApiError::invalid("The request is no JSON object.")),
            Err(error) => {
                let (line, column) = (error.line(), error.column());
                let message = format!("The request is no JSON: it breaks at line {line}, column {column}.");
                Err(ApiError::invalid(message))
            }
        }
    }

    /// A parameter; none where it is missing or null.
    pub(crate) fn take<T: DeserializeOwned>(&mut self, name: &str) -> Result<Option<T>, ApiError> {
        match self.0.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => serde_json::from_value(value)
                .map(Some)
                .map_err(|error| ApiError::parameter(name, format!("'{name}' can't be used: {error}."))),
        }
    }

    /// A parameter that must be there.
    pub(crate) fn need<T: DeserializeOwned>(&mut self, name: &str) -> Result<T, ApiError> {
        self.take(name)?.ok_or_else(|| ApiError::parameter(name, format!("'{name}' is missing.")))
    }

    /// Whether a parameter is true. It is not taken.
    pub(crate) fn flag(&self, name: &str) -> bool {
        self.0.get(name) == Some(&Value::Bool(true))
    }

    /// A number within bounds.
    pub(crate) fn number(&mut self, name: &str, least: f64, most: f64) -> Result<Option<f64>, ApiError> {
        let number: Option<f64> = self.take(name)?;
        match number {
            Some(number) if !(least..=most).contains(&number) => {
                Err(ApiError::parameter(name, format!("'{name}' must be from {least} to {most}.")))
            }
            number => Ok(number),
        }
    }

    /// A whole number within bounds.
    pub(crate) fn whole(&mut self, name: &str, least: i64, most: i64) -> Result<Option<i64>, ApiError> {
        let number: Option<i64> = self.take(name)?;
        match number {
            Some(number) if number < least => {
                Err(ApiError::parameter(name, format!("'{name}' must be {least} or more.")))
            }
            Some(number) if number > most => {
                Err(ApiError::parameter(name, format!("'{name}' must be {most} or less.")))
            }
            number => Ok(number),
        }
    }

    /// Refuses a parameter that would change the answer and is not supported, unless its value changes nothing.
    pub(crate) fn refuse(&mut self, name: &str, neutral: &[Value]) -> Result<(), ApiError> {
        match self.0.remove(name) {
            None | Some(Value::Null) => Ok(()),
            Some(value) if neutral.contains(&value) => Ok(()),
            Some(_) => Err(ApiError::unsupported(name, "")),
        }
    }

    /// Refuses what was not taken.
    pub(crate) fn finish(self) -> Result<(), ApiError> {
        let known = |name: &str| WITHOUT_EFFECT.contains(&name);
        match self.0.iter().find(|(name, value)| !value.is_null() && !known(name)) {
            Some((name, _)) => {
                Err(ApiError::parameter(name, format!("There is no parameter '{name}' here. Leave it out.")))
            }
            None => Ok(()),
        }
    }
}
