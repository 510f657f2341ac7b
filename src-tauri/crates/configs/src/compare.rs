//! Compares the settings of two configs, not their texts.

use serde::Serialize;
use serde_json::Value;

/// The difference in one setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Only the second has it.
    Added,
    /// Only the first has it.
    Removed,
    /// Both have it, with different values. `1`, `1.0` and `true` are three values.
    Changed,
    /// Both have it, with the same value.
    Equal,
}

/// One setting of two configs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct SettingDifference {
    /// Its path, such as `datasets[0].type`; empty for the whole config.
    pub path: String,
    /// The difference.
    pub change: Change,
    /// The value in the first config as JSON text, in which `1` and `1.0` differ.
    pub a: Option<String>,
    /// The value in the second config.
    pub b: Option<String>,
}

/// Every setting of two configs, in the order of the first, then those of the second alone. Objects and
/// lists of objects are compared by their parts; other lists are one value.
pub fn compare(a: &Value, b: &Value) -> Vec<SettingDifference> {
    let mut found = Vec::new();
    walk(String::new(), Some(a), Some(b), &mut found);
    found
}

fn walk(path: String, a: Option<&Value>, b: Option<&Value>, found: &mut Vec<SettingDifference>) {
    let (a_parts, b_parts) = (a.map_or(Some(Vec::new()), parts), b.map_or(Some(Vec::new()), parts));
    match (a_parts, b_parts) {
        (Some(a_parts), Some(b_parts)) if !(a_parts.is_empty() && b_parts.is_empty()) => {
            for (part, value) in &a_parts {
                let other = b_parts.iter().find(|(name, _)| name == part).map(|(_, value)| *value);
                walk(join(&path, part), Some(value), other, found);
            }
            for (part, value) in
                b_parts.iter().filter(|(part, _)| a_parts.iter().all(|(name, _)| name != part))
            {
                walk(join(&path, part), None, Some(value), found);
            }
        }
        // An object compared with a plain value is one change.
        _ => {
            let change = match (a, b) {
                (None, _) => Change::Added,
                (_, None) => Change::Removed,
                (Some(a), Some(b)) if a == b => Change::Equal,
                _ => Change::Changed,
            };
            let text = |value: Option<&Value>| value.map(ToString::to_string);
            found.push(SettingDifference { path, change, a: text(a), b: text(b) });
        }
    }
}

/// The parts of a value by name or index; `None` for a plain value and for a list of plain values.
fn parts(value: &Value) -> Option<Vec<(String, &Value)>> {
    match value {
        Value::Object(fields) => Some(fields.iter().map(|(name, value)| (name.clone(), value)).collect()),
        Value::Array(items) if items.iter().any(Value::is_object) => {
            Some(items.iter().enumerate().map(|(at, value)| (format!("[{at}]"), value)).collect())
        }
        _ => None,
    }
}

fn join(path: &str, part: &str) -> String {
    match part {
        _ if path.is_empty() => part.to_owned(),
        index if index.starts_with('[') => format!("{path}{index}"),
        name => format!("{path}.{name}"),
    }
}
