//! What says whether an answer is a good one.

use serde::{Deserialize, Serialize};

use super::{messages::filled, row_fault::RowFault};
use crate::{Object, Value};

/// The column that says whether an answer is good, and from which rating on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Ratings {
    /// The name of the column.
    pub column: String,
    /// The lowest rating of a good answer; none where the column holds true and false, or 1 and 0.
    pub threshold: Option<f64>,
}

impl Default for Ratings {
    /// As TRL names it.
    fn default() -> Self {
        Self { column: "label".to_owned(), threshold: None }
    }
}

impl Ratings {
    /// Whether the answer of a row is a good one.
    ///
    /// # Errors
    /// The column is missing or empty, or holds something else.
    pub fn is_good(&self, row: &Object) -> Result<bool, RowFault> {
        let Self { column, threshold } = self;
        let value = filled(row, column).ok_or_else(|| RowFault::missing(column))?;
        match (as_bool(value), rating(value), threshold) {
            (_, Some(rating), Some(threshold)) => Ok(rating >= *threshold),
            (Some(good), _, _) => Ok(good),
            (None, _, Some(_)) => Err(RowFault::new(column, format!("'{column}' is not a number."))),
            (None, _, None) => {
                let message = format!(
                    "'{column}' must be true or false, yes or no, good or bad, or 1 or 0. For other numbers, set from \
                     which one on an answer is good."
                );
                Err(RowFault::new(column, message))
            }
        }
    }

    /// Refuses a row whose answer is a bad one, which no model is expected to give.
    ///
    /// # Errors
    /// It is a bad one, or nothing says what it is.
    pub fn expect_good(&self, row: &Object) -> Result<(), RowFault> {
        if self.is_good(row)? {
            return Ok(());
        }
        let message =
            format!("Its answer is a bad one by '{}', which no model is expected to give.", self.column);
        Err(RowFault::new(&self.column, message))
    }
}

/// A number, or a text that is one.
pub fn rating(value: &Value) -> Option<f64> {
    let number = match value {
        Value::String(text) => text.trim().parse().ok(),
        other => other.as_f64(),
    };
    number.filter(|number| number.is_finite())
}

/// What people write for good and for bad answers, beside true and false.
const GOOD: [&str; 8] = ["true", "1", "yes", "good", "up", "like", "positive", "👍"];
const BAD: [&str; 8] = ["false", "0", "no", "bad", "down", "dislike", "negative", "👎"];

fn as_bool(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(value) => Some(*value),
        Value::Number(_) => match value.as_f64()? {
            0.0 => Some(false),
            1.0 => Some(true),
            _ => None,
        },
        Value::String(text) => {
            let text = text.trim().to_ascii_lowercase();
            let is_one_of = |words: [&str; 8]| words.contains(&text.as_str());
            if is_one_of(GOOD) { Some(true) } else { is_one_of(BAD).then_some(false) }
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn is_good(value: serde_json::Value, threshold: Option<f64>) -> Option<bool> {
        let row = Value::from(json!({"stars": value}));
        let ratings = Ratings { column: "stars".to_owned(), threshold };
        ratings.is_good(row.as_object()?).ok()
    }

    #[test]
    fn true_and_false_are_read_in_each_notation() {
        for good in [json!(true), json!(1), json!("True"), json!("1"), json!(" Yes"), json!("👍")] {
            assert_eq!(is_good(good.clone(), None), Some(true), "{good}");
        }
        for bad in [json!(false), json!(0), json!("false"), json!("no"), json!("👎")] {
            assert_eq!(is_good(bad.clone(), None), Some(false), "{bad}");
        }
        for neither in [json!(2), json!("meh"), json!(null)] {
            assert_eq!(is_good(neither.clone(), None), None, "{neither}");
        }
    }

    #[test]
    fn a_bad_answer_is_not_expected() {
        let row = |label: bool| Value::from(json!({"label": label})).as_object().cloned().unwrap();
        assert_eq!(Ratings::default().expect_good(&row(true)), Ok(()));
        let fault = Ratings::default().expect_good(&row(false)).unwrap_err();
        assert_eq!(fault.column, "label");
        assert!(Ratings::default().expect_good(&Object::default()).is_err());
    }

    #[test]
    fn a_rating_is_good_from_the_threshold_on() {
        for threshold in [-1.0, 0.5, 3.0] {
            for rating in [-2.0, -1.0, 0.0, 0.5, 2.9, 3.0, 5.0] {
                let good = Some(rating >= threshold);
                assert_eq!(is_good(json!(rating), Some(threshold)), good, "{rating} of {threshold}");
                assert_eq!(is_good(json!(rating.to_string()), Some(threshold)), good);
            }
        }
        assert_eq!(is_good(json!(true), Some(3.0)), Some(true));
        assert_eq!(is_good(json!("much"), Some(3.0)), None);
    }
}
