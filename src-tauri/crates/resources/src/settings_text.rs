//! Rules about settings that are kept as JSON text.

use configs::parse_config;
use schema::Check;

/// Refuses settings that are not a JSON object.
pub(crate) fn check_json_objects(check: &mut Check<'_>, texts: &[(&'static str, &Option<String>)]) {
    for (column, text) in texts {
        let Some(text) = text.as_deref().filter(|_| check.touches(&[column])) else { continue };
        if let Err(problem) = parse_config(None, text) {
            check.refuse(column, problem.to_string());
        }
    }
}
