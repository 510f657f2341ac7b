//! Checks the settings of a config against their descriptions.

use serde_json::{Map, Value};

use crate::{
    ConfigType, Setting, SettingKind, SettingMark, TextProblem, given::Given, names, settings_of,
    text::parse_with_notes,
};

/// A config that is read, with what is to be said about it.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckedConfig {
    /// The settings.
    pub value: Value,
    /// Remarks about the settings, and about texts that are not read as they look.
    pub marks: Vec<SettingMark>,
}

/// Reads the text of a config and checks its settings.
///
/// # Errors
/// The text can't be read.
pub fn check_config(kind: ConfigType, text: &str) -> Result<CheckedConfig, TextProblem> {
    let (value, mut marks) = parse_with_notes(Some(kind), text)?;
    marks.extend(check_settings(kind, &value));
    Ok(CheckedConfig { value, marks })
}

/// Remarks about the settings of a config; empty for a type whose settings are not described here.
pub fn check_settings(kind: ConfigType, value: &Value) -> Vec<SettingMark> {
    let (Some(known), Some(given)) = (settings_of(kind), value.as_object()) else { return Vec::new() };
    let mut marks = Vec::new();
    for (name, value) in given {
        marks.extend(names::mark(known, given, name, value));
        // A former name holds what today's does.
        let today = names::today(kind, name);
        // Which method trains is not known here: what one of them takes is right.
        let faults: Vec<_> = known.named(today).map(|setting| fault(setting, value)).collect();
        if let Some(Some(fault)) = faults.first()
            && faults.iter().all(Option::is_some)
        {
            let message = if faults.iter().all(|other| other.as_ref() == Some(fault)) {
                format!("{name} must be {fault}.")
            } else {
                format!("{name} can't be {value}: no method of training takes it.")
            };
            marks.push(SettingMark::wrong(name, message));
        }
    }
    (known.together)(&Given(given), &mut marks);
    marks
}

/// What stands in the way of training by a `method` with these arguments: values that it does not take,
/// though another method does.
pub fn check_method(method: &str, arguments: &Map<String, Value>) -> Vec<SettingMark> {
    let groups = settings_of(ConfigType::TrainingArguments).map_or(&[][..], |settings| settings.groups);
    let own = groups.iter().filter(|group| group.method == Some(method)).flat_map(|group| group.settings);
    own.filter_map(|setting| {
        let fault = fault(setting, arguments.get(setting.name)?)?;
        let name = setting.name;
        Some(SettingMark::wrong(name, format!("{name} must be {fault}.")))
    })
    .collect()
}

/// What the value should be instead, to complete the sentence "NAME must be …".
fn fault(setting: &Setting, value: &Value) -> Option<String> {
    if value.is_null() && setting.nullable {
        return None;
    }
    let fault = match setting.kind {
        SettingKind::Switch => (!value.is_boolean()).then(|| "true or false".to_owned()),
        SettingKind::SwitchOr { texts, open } => {
            let known = |text: &str| open || texts.contains(&text);
            let fits = value.is_boolean() || value.as_str().is_some_and(known);
            (!fits).then(|| format!("true, false or {}, not {value}", texts.join(" or ")))
        }
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
        SettingKind::Explained { options, several } => {
            let fits = |value: &Value| options.iter().any(|option| value == option.value);
            let listed = |list: &Vec<Value>| several && !list.is_empty() && list.iter().all(fits);
            (!fits(value) && !value.as_array().is_some_and(listed)).then(|| {
                let texts: Vec<&str> = options.iter().map(|option| option.value).collect();
                format!("one of {}, not {value}", texts.join(", "))
            })
        }
        SettingKind::Text => (!value.is_string()).then(|| format!("a text in quotes, not {value}")),
        SettingKind::NumberOfEach => {
            let fits = |number: &Value| number.as_u64().is_some_and(|number| number > 0);
            let fits = value.as_object().is_some_and(|numbers| numbers.values().all(fits));
            (!fits).then(|| format!("whole numbers above 0 by names, such as {{\"q_proj\": 8}}, not {value}"))
        }
        SettingKind::List { .. } => {
            let texts = |list: &Vec<Value>| list.iter().all(Value::is_string);
            (!value.is_string() && !value.as_array().is_some_and(texts))
                .then(|| format!("a text or a list of texts, not {value}"))
        }
    };
    fault.map(|fault| if setting.nullable { format!("{fault}; or null for not set") } else { fault })
}
