//! What is worth a word in YAML that is read: values that are not what they look like.

use serde_json::Value;

use super::scalar::Scalar;
use crate::SettingMark;

/// A note on a plain value that looks like one type and is of another.
pub(super) fn on_value(path: &[String], text: &str, scalar: &Scalar) -> Option<SettingMark> {
    let name = joined(path);
    let message = match scalar {
        Scalar::Text(_) => on_text(&name, text)?,
        Scalar::Int(digits) if !is_as_written(text, digits) => {
            let why = if text.contains(':') { "in base 60" } else { "in another base" };
            format!(
                "{name}: YAML reads {text} as the number {digits}, {why}. Write {digits}, or {text:?} for a text."
            )
        }
        Scalar::Float(number) if text.contains(':') => {
            format!(
                "{name}: YAML reads {text} as the number {number}, in base 60. Write {text:?} for a text."
            )
        }
        Scalar::Timestamp(_) => {
            format!("{name}: YAML reads {text} as a date, which no setting takes. Write {text:?} for a text.")
        }
        _ => return None,
    };
    Some(SettingMark::note(path.first().map_or("", String::as_str), message))
}

fn on_text(name: &str, text: &str) -> Option<String> {
    let word = match text {
        "y" | "Y" => Some("true"),
        "n" | "N" => Some("false"),
        _ => None,
    };
    if let Some(word) = word {
        return Some(format!("{name}: YAML reads {text} as a text. Write {word}."));
    }
    if let Some(octal) = text.strip_prefix("0o").and_then(|digits| u64::from_str_radix(digits, 8).ok()) {
        return Some(format!("{name}: YAML reads {text} as a text. Write {octal} for the number."));
    }
    let number: f64 = text.parse().ok().filter(|number: &f64| number.is_finite())?;
    let with_point = Value::from(number);
    Some(format!(
        "{name}: YAML reads {text} as a text. axolotl takes it as the number {with_point} where it wants one; a number for every reader is {}.",
        plain_float(text, number)
    ))
}

/// The number as every YAML reader takes it: with a point, and a sign in the exponent.
fn plain_float(text: &str, number: f64) -> String {
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else { return format!("{number:?}") };
    let point = if mantissa.contains('.') { "" } else { ".0" };
    let zero = if mantissa.starts_with('.') { "0" } else { "" };
    let sign = if exponent.starts_with(['+', '-']) { "" } else { "+" };
    format!("{zero}{mantissa}{point}e{sign}{exponent}")
}

/// Whether the text has these digits, if a plus and underscores are left out of it.
fn is_as_written(text: &str, digits: &str) -> bool {
    let plain = text.trim_start_matches('+').replace('_', "");
    let hexadecimal = plain.trim_start_matches('-').starts_with("0x");
    let without_zeros = plain.trim_start_matches('-').trim_start_matches('0');
    hexadecimal || plain == digits || without_zeros == digits.trim_start_matches(['-', '0'])
}

/// A note on a key that is no text.
pub(super) fn on_key(path: &[String], text: &str, key: &Scalar) -> Option<SettingMark> {
    let what = match key {
        Scalar::Bool(value) => value.to_string(),
        Scalar::Null => "null".to_owned(),
        Scalar::Int(_) | Scalar::Float(_) => "a number".to_owned(),
        Scalar::Timestamp(_) => "a date".to_owned(),
        Scalar::Text(_) | Scalar::Merge | Scalar::Equals => return None,
    };
    let setting = path.first().map_or_else(|| key.clone().into_key(), Clone::clone);
    let shown = if text.is_empty() { "An empty key".to_owned() } else { format!("The key {text}") };
    Some(SettingMark::note(&setting, format!("{shown} is read as {what}, not as a name. Write {text:?}.")))
}

fn joined(path: &[String]) -> String {
    path.iter().enumerate().fold(String::new(), |name, (at, part)| {
        let dot = if at == 0 || part.starts_with('[') { "" } else { "." };
        format!("{name}{dot}{part}")
    })
}
