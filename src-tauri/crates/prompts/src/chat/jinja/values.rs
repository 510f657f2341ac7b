//! A row's values as those of the template engine.

use minijinja::Value as Jinja;

use crate::{
    chat::RenderError,
    value::{Number, Object, Value},
};

/// A value as a template sees it.
///
/// # Errors
/// A whole number has more digits than the engine's numbers hold.
pub(in crate::chat) fn value(value: &Value) -> Result<Jinja, RenderError> {
    Ok(match value {
        Value::Null => Jinja::from(()),
        Value::Bool(value) => Jinja::from(*value),
        Value::Number(value) => number(value)?,
        Value::String(text) => Jinja::from(text.as_str()),
        Value::Array(values) => Jinja::from(values.iter().map(self::value).collect::<Result<Vec<_>, _>>()?),
        Value::Object(entries) => object(entries)?,
    })
}

/// An object as a template sees it, with its keys in order.
///
/// # Errors
/// As for [`value`].
pub(in crate::chat) fn object(entries: &Object) -> Result<Jinja, RenderError> {
    let pairs = entries.iter().map(|(key, entry)| Ok((key.as_str(), value(entry)?)));
    Ok(Jinja::from_pairs(pairs.collect::<Result<Vec<_>, RenderError>>()?))
}

fn number(number: &Number) -> Result<Jinja, RenderError> {
    if number.is_float() {
        return Ok(number.as_f64().map_or_else(|| Jinja::from(()), Jinja::from));
    }
    let digits = number.to_string();
    let whole = digits.parse::<i64>().map(Jinja::from).or_else(|_| digits.parse::<i128>().map(Jinja::from));
    whole.map_err(|_| RenderError::Unsupported(format!("{digits} has more digits than its numbers hold")))
}
