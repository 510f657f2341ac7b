//! Values held against what is known of their settings.

use serde::Serialize;
use serde_json::{Map, Value};

use super::{Setting, SettingKind, settings_of};
use crate::ConfigType;

/// How much a mark means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum MarkKind {
    /// A job would stop at this; it is refused.
    Wrong,
    /// It is taken; the message says what comes of it.
    Note,
    /// The studio does not know the setting: it is kept and not checked.
    Unknown,
}

/// What is to be said about one setting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct SettingMark {
    /// The key in the text.
    pub setting: String,
    /// How much it means.
    pub kind: MarkKind,
    /// One sentence that names the setting.
    pub message: String,
}

impl SettingMark {
    /// A job would stop at this.
    pub(super) fn wrong(setting: &str, message: impl Into<String>) -> Self {
        Self { setting: setting.to_owned(), kind: MarkKind::Wrong, message: message.into() }
    }

    /// Taken, and worth knowing.
    pub(super) fn note(setting: &str, message: impl Into<String>) -> Self {
        Self { setting: setting.to_owned(), kind: MarkKind::Note, message: message.into() }
    }
}

/// What is to be said about the settings of a configuration; nothing of a type whose settings the
/// studio does not know.
pub fn check_settings(kind: ConfigType, value: &Value) -> Vec<SettingMark> {
    let (Some(known), Some(given)) = (settings_of(kind), value.as_object()) else { return Vec::new() };
    let mut marks = Vec::new();
    for (name, value) in given {
        match known.setting(name) {
            None => {
                let message = format!("{name} is not checked: the studio does not know it.");
                marks.push(SettingMark { setting: name.clone(), kind: MarkKind::Unknown, message });
            }
            Some(setting) => {
                if let Some(fault) = fault(setting, value) {
                    marks.push(SettingMark::wrong(name, format!("{name} must be {fault}.")));
                }
            }
        }
    }
    (known.together)(&Given(given), &mut marks);
    marks
}

/// What the value should be instead, as the end of a sentence.
fn fault(setting: &Setting, value: &Value) -> Option<String> {
    if value.is_null() && setting.nullable {
        return None;
    }
    let fault = match setting.kind {
        SettingKind::Switch => (!value.is_boolean()).then(|| "true or false".to_owned()),
        SettingKind::Integer { min } => match value.as_i64() {
            Some(number) => (number < min.into()).then(|| format!("at least {min}, not {number}")),
            None => Some(format!("a whole number, not {value}")),
        },
        SettingKind::Number { above, min, max } => match (value.as_f64(), above, min, max) {
            (None, ..) => Some(format!("a number, not {value}")),
            (Some(n), Some(above), ..) if n <= above => Some(format!("greater than {above}, not {value}")),
            (Some(n), _, Some(min), _) if n < min => Some(format!("at least {min}, not {value}")),
            (Some(n), .., Some(max)) if n > max => Some(format!("at most {max}, not {value}")),
            _ => None,
        },
        SettingKind::Steps => {
            let fits = value.as_f64().is_some_and(|n| n >= 0.0 && (n < 1.0 || n.fract() == 0.0));
            (!fits).then(|| format!("a whole number of steps, or a share below 1, not {value}"))
        }
        SettingKind::Choice { options, open } => {
            let known = value.as_str().is_some_and(|text| open || options.contains(&text));
            (!known).then(|| format!("one of {}, not {value}", options.join(", ")))
        }
        SettingKind::Text => (!value.is_string()).then(|| format!("a text in quotes, not {value}")),
        SettingKind::List { .. } => {
            let texts = |list: &Vec<Value>| list.iter().all(Value::is_string);
            (!value.is_string() && !value.as_array().is_some_and(texts))
                .then(|| format!("a text or a list of texts, not {value}"))
        }
    };
    fault.map(|fault| if setting.nullable { format!("{fault}; or null for not set") } else { fault })
}

/// What a text says, with null as not said.
pub(super) struct Given<'a>(&'a Map<String, Value>);

impl Given<'_> {
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(|value| !value.is_null())
    }
    pub(super) fn on(&self, name: &str) -> bool {
        self.0.get(name) == Some(&Value::Bool(true))
    }
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }
    pub(super) fn number(&self, name: &str) -> Option<f64> {
        self.0.get(name)?.as_f64()
    }
    pub(super) fn above(&self, name: &str, limit: f64) -> bool {
        self.number(name).is_some_and(|number| number > limit)
    }
}
