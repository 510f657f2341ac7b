//! The numbers of evaluations, as a card has them.

use std::path::Path;

/// An evaluation of what is published.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CardEvaluation {
    /// What the dataset is called.
    pub(crate) dataset: String,
    /// Its name on the Hub; none if it is not there.
    pub(crate) hub_name: Option<String>,
    /// The numbers.
    pub(crate) metrics: Vec<CardMetric>,
}

/// A number of an evaluation.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CardMetric {
    /// The name by which the Hub sorts it, such as `rouge1`.
    pub(crate) r#type: String,
    /// What people call it.
    pub(crate) name: String,
    /// The number.
    pub(crate) value: f64,
}

impl CardMetric {
    /// A number by its name in the results of an evaluation; none for one that says nothing about the model
    /// itself, such as how long it took here.
    pub(crate) fn new(name: &str, value: f64) -> Option<Self> {
        if name.starts_with("latency") || !value.is_finite() {
            return None;
        }
        let plain = name.trim_end_matches("/mean").replace("/v1", "");
        let called = match plain.as_str() {
            "exact_match" => "Exact match".to_owned(),
            "rouge1" => "ROUGE-1".to_owned(),
            "rougeL" => "ROUGE-L".to_owned(),
            "rougeLsum" => "ROUGE-Lsum".to_owned(),
            other => other.replace(['/', '_'], " "),
        };
        Some(Self { r#type: plain, name: called, value })
    }
}

/// The numbers in the folder of an evaluation's results; empty if there are none any more.
pub(crate) fn of_folder(folder: &Path) -> Vec<CardMetric> {
    let table = std::fs::read_to_string(folder.join("aggregregated_results.csv")).unwrap_or_default();
    let lines = table.lines().skip(1).filter_map(|line| line.rsplit_once(','));
    lines
        .filter_map(|(name, value)| CardMetric::new(name.trim_matches('"'), value.trim().parse().ok()?))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_by_the_names_that_the_hub_knows() {
        let place = tempfile::tempdir().unwrap();
        let table =
            "metric,score\nlatency/mean,0.2\nexact_match/v1,0.5\nrouge1/v1/mean,0.25\nrougeL/v1/mean,\n";
        std::fs::write(place.path().join("aggregregated_results.csv"), table).unwrap();
        let found = of_folder(place.path());
        let found: Vec<(&str, f64)> = found.iter().map(|one| (one.r#type.as_str(), one.value)).collect();
        assert_eq!(found, [("exact_match", 0.5), ("rouge1", 0.25)]);
    }
}
