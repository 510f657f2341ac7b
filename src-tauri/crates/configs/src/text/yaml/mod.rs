//! YAML as the worker's own parser reads it: PyYAML's `safe_load`, which follows YAML 1.1. Read any other
//! way, a config would show and compare values that no training sees.

mod compose;
mod construct;
mod impossible;
mod notes;
mod number;
mod scalar;
mod timestamp;
mod words;

use serde_json::Value;

use crate::{SettingMark, TextProblem};

/// The value of a text, and notes on what is not as it looks. Keys that stand twice are a problem here,
/// where PyYAML keeps the last without a word.
pub(super) fn read(text: &str) -> Result<(Value, Vec<SettingMark>), TextProblem> {
    let document = compose::compose(text)?;
    let Some(root) = document.root else { return Ok((Value::Null, Vec::new())) };
    let mut constructor = construct::Constructor::new(&document);
    let value = constructor.value(root)?;
    Ok((value, constructor.notes))
}
