//! What says of the answers of a dataset whether they are good.

use datasets::{Shape, Value};
use prompts::chat::{Ratings, rating};
use resources::RowFormat;

use super::{choices::ChoiceInputs, context::Preflight, first_rows::FirstRows};

/// Columns that are looked for, in this order, where none is chosen.
const COLUMNS: [&str; 3] = ["label", "rating", "score"];

const COLUMN: &str = "rating_column";
const THRESHOLD: &str = "rating_threshold";

impl Preflight<'_> {
    /// What says whether answers are good: as chosen, else the first column with a usual name. None where rows
    /// are pairs of a good and a bad answer, or of another format.
    pub(super) fn ratings(&mut self, inputs: &ChoiceInputs<'_>, format: RowFormat) -> Option<Ratings> {
        let (choices, first) = (inputs.choices, inputs.first_rows());
        let chosen = choices.rating_column.clone();
        let pairs = chosen.is_none() && first.is_some_and(|first| first.shape == Shape::Preference);
        if format != RowFormat::UnpairedPreference || pairs {
            let message = match pairs {
                true => "Chosen answers are good and rejected ones bad. Leave this empty.",
                false => "Only single answers have ratings. Leave this empty.",
            };
            let given =
                [(COLUMN, choices.rating_column.is_some()), (THRESHOLD, choices.rating_threshold.is_some())];
            for (field, _) in given.iter().filter(|(_, given)| *given) {
                self.diagnostics.refuse(field, message);
            }
            return None;
        }
        let usual = || COLUMNS.into_iter().find(|name| first.is_some_and(|first| first.any_has(name)));
        let column = chosen.or_else(|| usual().map(str::to_owned)).unwrap_or(Ratings::default().column);
        let threshold = match choices.rating_threshold {
            Some(threshold) => Some(threshold),
            None => first.and_then(|first| middle(first.values(&column))),
        };
        let ratings = Ratings { column, threshold };
        if let Some(first) = first {
            self.warn_of_one_kind(first, &ratings);
        }
        Some(ratings)
    }

    /// Warns where all of the first answers are good, or all are bad: there would be no difference to learn.
    fn warn_of_one_kind(&mut self, first: &FirstRows, ratings: &Ratings) {
        let labels: Vec<bool> = first.labels(ratings);
        let message = match (labels.contains(&true), labels.contains(&false)) {
            (true, false) => "All of the first answers are good ones",
            (false, true) => "None of the first answers is a good one",
            _ => return,
        };
        let message = format!(
            "{message} by '{}'. KTO learns from both: check the column and from which rating on an answer is good.",
            ratings.column
        );
        self.diagnostics.warn(if ratings.threshold.is_some() { THRESHOLD } else { COLUMN }, message);
    }
}

/// The lowest rating above the middle of these; of whole numbers a whole one. None where they are not all numbers,
/// or are all 1 and 0.
fn middle<'a>(values: impl Iterator<Item = &'a Value>) -> Option<f64> {
    let ratings: Vec<f64> = values.map(rating).collect::<Option<_>>()?;
    if ratings.iter().all(|rating| [0.0, 1.0].contains(rating)) {
        return None;
    }
    let (low, high) = ratings.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), rating| {
        (low.min(*rating), high.max(*rating))
    });
    let middle = f64::midpoint(low, high);
    let whole = ratings.iter().all(|rating| rating.fract() == 0.0);
    Some(if whole { middle.floor() + 1.0 } else { middle })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(ratings: &[f64]) -> Option<f64> {
        let values: Vec<Value> =
            ratings.iter().map(|rating| Value::from(serde_json::json!(rating))).collect();
        middle(values.iter())
    }

    #[test]
    fn answers_are_good_above_the_middle_of_their_ratings() {
        for (ratings, from) in [
            (vec![1.0, 5.0, 3.0], Some(4.0)),
            (vec![1.0, 4.0], Some(3.0)),
            (vec![-1.0, 1.0], Some(1.0)),
            (vec![0.25, 0.75], Some(0.5)),
            (vec![0.0, 1.0], None),
            (vec![], None),
        ] {
            assert_eq!(of(&ratings), from, "{ratings:?}");
        }
        assert_eq!(middle([Value::from("4"), Value::from("good")].iter()), None);
        assert_eq!(middle([Value::from("4"), Value::from("2")].iter()), Some(4.0));
    }
}
