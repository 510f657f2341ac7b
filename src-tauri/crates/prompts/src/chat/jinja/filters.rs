//! Filters and tests that Jinja has otherwise than the engine.

use minijinja::{
    Environment, Error, State, Value,
    value::{Kwargs, Rest, ValueKind},
};

use super::{
    arguments::{argument, iter},
    json,
    methods::padded,
    python_string::{is_space, strip},
    python_text::text,
};

/// Filters and tests of the engine that Jinja lacks: a template that uses one fails there.
const NOT_IN_JINJA: (&[&str], &[&str]) =
    (&["bool", "chain", "lines", "split", "zip"], &["endingwith", "safe", "startingwith"]);

/// Puts them into the engine.
pub(super) fn add(environment: &mut Environment<'static>) {
    for name in NOT_IN_JINJA.0 {
        environment.remove_filter(name);
    }
    for name in NOT_IN_JINJA.1 {
        environment.remove_test(name);
    }
    environment.remove_global("debug");
    environment.add_filter("tojson", json::tojson);
    environment.add_filter("string", |state: &State<'_, '_>, value: &Value| text(state, value));
    environment.add_filter("upper", |state: &State<'_, '_>, value: &Value| {
        text(state, value).map(|text| text.to_uppercase())
    });
    environment.add_filter("lower", |state: &State<'_, '_>, value: &Value| {
        text(state, value).map(|text| text.to_lowercase())
    });
    environment.add_filter("trim", |state: &State<'_, '_>, value: &Value, chars: Option<String>| {
        text(state, value).map(|text| strip(&text, chars.as_deref(), true, true).to_owned())
    });
    environment.add_filter("default", default);
    environment.add_filter("d", default);
    environment.add_filter("int", int);
    environment.add_filter("float", float);
    environment.add_filter("join", join);
    environment.add_filter("list", list);
    environment.add_filter("wordcount", |state: &State<'_, '_>, value: &Value| {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        text(state, value).map(|text| text.split(|c| !is_word(c)).filter(|word| !word.is_empty()).count())
    });
    environment.add_filter("center", |state: &State<'_, '_>, value: &Value, width: Option<i64>| {
        padded(state, &text(state, value)?, "center", Some(width.unwrap_or(80)), None)
    });
    environment.add_test("iterable", |value: &Value| !value.is_none() && value.try_iter().is_ok());
    environment.add_test("sequence", |value: &Value| {
        matches!(value.kind(), ValueKind::Undefined | ValueKind::String | ValueKind::Seq | ValueKind::Map)
    });
    environment
        .add_test("number", |value: &Value| matches!(value.kind(), ValueKind::Number | ValueKind::Bool));
    environment.add_test("callable", |value: &Value| value.kind() == ValueKind::Plain);
}

fn default(value: &Value, rest: Rest<Value>, named: Kwargs) -> Result<Value, Error> {
    let other = argument(&rest, &named, 0, "default_value")?.unwrap_or_else(|| Value::from(""));
    let also_false = argument(&rest, &named, 1, "boolean")?.is_some_and(|value| value.is_true());
    named.assert_all_used()?;
    Ok(if value.is_undefined() || also_false && !value.is_true() { other } else { value.clone() })
}

/// What can't be read is the default, which is 0.
fn int(value: &Value, rest: Rest<Value>, named: Kwargs) -> Result<Value, Error> {
    let default = argument(&rest, &named, 0, "default")?.unwrap_or_else(|| Value::from(0));
    let base = argument(&rest, &named, 1, "base")?.map(u32::try_from).transpose()?.unwrap_or(10);
    named.assert_all_used()?;
    let read = |text: &str| {
        let digits = text.trim_matches(is_space).replace('_', "");
        (2..=36).contains(&base).then(|| i64::from_str_radix(&digits, base).ok()).flatten()
    };
    Ok(match value.kind() {
        ValueKind::Bool => Value::from(i64::from(value.is_true())),
        ValueKind::Number if value.is_integer() => value.clone(),
        ValueKind::Number => truncated(f64::try_from(value.clone())?).unwrap_or(default),
        ValueKind::String => {
            let text = value.as_str().unwrap_or_default();
            let whole = read(text).map(Value::from);
            whole.or_else(|| truncated(parse_float(text)?)).unwrap_or(default)
        }
        _ => default,
    })
}

#[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
fn truncated(float: f64) -> Option<Value> {
    (float.abs() < 9e15).then(|| Value::from(float.trunc() as i64))
}

fn parse_float(text: &str) -> Option<f64> {
    text.trim_matches(is_space).parse().ok()
}

/// What can't be read is the default, which is 0.0.
fn float(value: &Value, rest: Rest<Value>, named: Kwargs) -> Result<Value, Error> {
    let default = argument(&rest, &named, 0, "default")?.unwrap_or_else(|| Value::from(0.0));
    named.assert_all_used()?;
    Ok(match value.kind() {
        ValueKind::Bool => Value::from(if value.is_true() { 1.0 } else { 0.0 }),
        ValueKind::Number => Value::from(f64::try_from(value.clone())?),
        ValueKind::String => parse_float(value.as_str().unwrap_or_default()).map_or(default, Value::from),
        _ => default,
    })
}

fn join(state: &State<'_, '_>, value: &Value, rest: Rest<Value>, named: Kwargs) -> Result<Value, Error> {
    let joiner =
        argument(&rest, &named, 0, "d")?.map(|value| text(state, &value)).transpose()?.unwrap_or_default();
    let attribute = argument(&rest, &named, 1, "attribute")?.filter(|attribute| !attribute.is_none());
    named.assert_all_used()?;
    let mut joined = String::new();
    for (at, item) in iter(value)?.enumerate() {
        let start = joined.len();
        if at > 0 {
            joined.push_str(&joiner);
        }
        match &attribute {
            Some(attribute) => joined.push_str(&text(state, &item.get_item(attribute)?)?),
            None => joined.push_str(&text(state, &item)?),
        }
        let written = u64::try_from(joined.len() - start).unwrap_or(u64::MAX);
        state.consume_fuel(written / 64 + 1)?;
    }
    Ok(Value::from(joined))
}

fn list(value: &Value) -> Result<Value, Error> {
    Ok(iter(value)?.collect())
}
