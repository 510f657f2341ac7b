//! What the fields of a request that are no columns hold, in words.

use resources::{Method, RowFormat, TrainOn, Tuning};
use schema::TextEnum;
use serde_json::Value;

/// A longer value is not repeated in a message.
const LONGEST: usize = 60;

/// The refusal of a value that such a field can't hold.
pub(crate) fn refusal(field: &str, value: &Value) -> String {
    let expected = expected(field);
    match value.to_string() {
        written if written.chars().count() <= LONGEST => {
            format!("{field} must be {expected}, not {written}.")
        }
        _ => format!("{field} must be {expected}."),
    }
}

fn expected(field: &str) -> String {
    let fixed = match field {
        "method" => return one_of::<Method>(),
        "row_format" => return one_of::<RowFormat>(),
        "train_on" => return one_of::<TrainOn>(),
        "tuning" => return one_of::<Tuning>(),
        "auto_add_adapter" => "true or false",
        "cpu" | "gpu" | "memory" => "a whole number",
        "batch_size" | "early_stopping_patience" => "a whole number, not below 0",
        "eval_dataset_fraction" | "rating_threshold" => "a number",
        "devices" => "a list of indexes of GPUs, counted from 0",
        "selected_features" => "a list of columns",
        "model_adapter_combinations" => "a list of objects with base_model_id and adapter_id",
        _ => "a text",
    };
    fixed.to_owned()
}

fn one_of<T: TextEnum>() -> String {
    let values: Vec<&str> = T::ALL.iter().map(|value| value.as_str()).collect();
    format!("one of {}", values.join(", "))
}
