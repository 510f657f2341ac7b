//! How two configurations differ, by what they mean and not by how they are written.

use serde::Serialize;
use serde_json::Value;

/// What became of a setting between the first and the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Only the second has it.
    Added,
    /// Only the first has it.
    Removed,
    /// Both have it, with other values. `1`, `1.0` and `true` are three values.
    Changed,
    /// Both have it, with the same value.
    Equal,
}

/// One setting of either of two configurations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct SettingDifference {
    /// Where it stands, such as `datasets[0].type`; empty for the whole.
    pub path: String,
    /// What became of it.
    pub change: Change,
    /// The first one's value as JSON text, which keeps `1` and `1.0` apart.
    pub a: Option<String>,
    /// The second one's value.
    pub b: Option<String>,
}

/// Every setting of two configurations, in the order of the first, then what only the second has.
/// Sets of settings and lists of sets are gone into; other lists are one value.
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
        // A set against a number is one change.
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

/// The named or counted parts of a value; none of a plain value, and a list of plain values is one.
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
