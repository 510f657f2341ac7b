//! Ranks column names by how likely the column is the answer. The order is that of the reference studio,
//! so that both choose the same column. Most names consist of a few words.

/// The rank of a column's name in lower case; 0 is the most likely. `None` for other names.
pub(super) fn rank(name: &str) -> Option<usize> {
    names().position(|known| known == name)
}

/// All names in order. For a repeated name, the first position counts.
fn names() -> impl Iterator<Item = String> {
    GROUPS.iter().flat_map(|(form, words)| words.split_whitespace().map(|word| form.replace('*', word)))
}

/// The words of most forms, in their usual order.
const WORDS: &str = "output label answer response classification summary rating stance evaluation result \
    translation sentiment truth decision opinion emotion relevance diagnosis toxicity category alignment \
    ranking";

/// Each form with the words that replace its `*`.
const GROUPS: &[(&str, &str)] = &[
    (
        "*",
        "answer response output label target sentiment toxicity rating classification summary translation \
         emotion verdict decision stance score opinion relevance truth gold_label sentiment_score category \
         intent prediction logits is_hate_speech is_spam human_label is_humor fact is_sarcasm true_label \
         diagnosis alignment_score quality_label final_score is_positive",
    ),
    ("*_label", "hate_speech sarcasm opinion emotion alignment stance humor"),
    ("*", "is_offensive spam_label final_label final_decision output_text final_verdict prediction_text"),
    ("*_label", "category sentiment toxicity intent"),
    (
        "*",
        "review_score label_id response_text target_text output_label prediction_label result \
         classification_label answer_text true_label_text result_label final_verdict_label",
    ),
    ("*_label", "rating diagnosis review"),
    ("*", "opinion_text evaluation ranking stance_text"),
    ("*_label", "relevance truth decision translation"),
    ("*", "review decision_text verdict_label"),
    ("*_id", "category classification stance truth prediction result target"),
    (
        "*",
        "emotion_score toxicity_score summary_text summary_label stance_score ranking_label \
         output_text_label",
    ),
    (
        "*_final",
        "label output prediction answer response summary classification stance rating score verdict \
         evaluation result translation sentiment truth decision opinion emotion relevance diagnosis \
         toxicity category alignment ranking",
    ),
    ("*_score", "output prediction answer response classification summary rating"),
    ("*", "final_score_label"),
    (
        "final_*",
        "output prediction answer response classification summary rating stance evaluation result \
         translation sentiment truth opinion emotion relevance diagnosis toxicity category alignment ranking",
    ),
    (
        "*_id",
        "output answer response summary rating evaluation translation sentiment decision opinion emotion \
         relevance diagnosis toxicity alignment ranking",
    ),
    ("*_name", "label"),
    ("*_name", WORDS),
    ("*_value", WORDS),
    ("*_result", WORDS),
    ("*_final_label", WORDS),
    ("*_final_score", WORDS),
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn there_are_275_names_in_the_order_of_the_reference_studio() {
        let mut seen = HashSet::new();
        let distinct: Vec<String> = names().filter(|name| seen.insert(name.clone())).collect();
        assert_eq!(distinct.len(), 275);
        assert_eq!(distinct.first().map(String::as_str), Some("answer"));
        assert_eq!(distinct.last().map(String::as_str), Some("ranking_final_score"));
        let ordered = [
            "intent",
            "is_positive",
            "humor_label",
            "review_score",
            "verdict_label",
            "label_final",
            "output_score",
            "final_output",
            "output_id",
            "label_name",
            "output_name",
            "output_value",
            "label_value",
            "output_result",
        ];
        assert!(ordered.is_sorted_by_key(|name| rank(name).unwrap()), "{ordered:?}");
        assert_eq!(rank("question"), None);
    }
}
