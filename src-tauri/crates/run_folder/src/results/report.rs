//! What the results of an evaluation consist of.

use resources::RowFormat;
use schema::text_enum;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Which results of an evaluation are wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(default)]
pub struct ResultQuery {
    /// Which rows.
    pub filter: ResultFilter,
    /// In which order.
    pub order: ResultOrder,
    /// How many of them come before the first.
    pub offset: u32,
    /// How many at most.
    pub limit: u32,
}

text_enum! {
    /// Which rows of the results are wanted. A row is right if the answer is as expected, or if the preferred
    /// answer is the chosen one.
    #[derive(Default)]
    pub enum ResultFilter {
        /// All of them.
        #[default]
        All = "all", "All rows";
        /// Those that the combinations answer differently, or that only some have right.
        Different = "different", "Rows with different answers";
        /// Those that at least one has not right.
        Wrong = "wrong", "Rows that one of them has wrong";
        /// Those that the last combination has right and the first one has not.
        Better = "better", "Rows that the last one has right and the first one wrong";
        /// Those that the first combination has right and the last one has not.
        Worse = "worse", "Rows that the first one has right and the last one wrong";
    }
}

text_enum! {
    /// The order of results.
    #[derive(Default)]
    pub enum ResultOrder {
        /// That of the evaluation.
        #[default]
        Rows = "rows", "As they were evaluated";
        /// By the margin of the last combination, the least first. Rows without one come last.
        LeastMargin = "least_margin", "By the margin of the last model, the least first";
        /// The same, the greatest first.
        GreatestMargin = "greatest_margin", "By the margin of the last model, the greatest first";
    }
}

/// A page of an evaluation's results.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct EvaluationResults {
    /// How rows were read; none where they were filled into a prompt.
    pub format: Option<RowFormat>,
    /// The combinations, in the order in which they were asked for.
    pub combinations: Vec<ResultColumn>,
    /// How many rows came before the first of these.
    pub offset: u64,
    /// The rows, in the order that was asked for.
    pub rows: Vec<ResultRow>,
    /// How many rows the filter selects.
    pub total: u64,
}

/// A combination of a model and an adapter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct ResultColumn {
    /// The evaluation job.
    pub job: String,
    /// The model.
    pub model: String,
    /// The adapter; none for the model alone.
    pub adapter: Option<String>,
    /// The folder with its result files.
    pub folder: String,
}

/// An example with its answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct ResultRow {
    /// The number of the row in the dataset, from 1.
    pub row: u64,
    /// What the first combination read.
    pub prompt: String,
    /// What the others read, in the order of the combinations; none where it is the same.
    pub other_prompts: Vec<Option<String>>,
    /// What the answer should be: the chosen one of two, or the one that is labeled.
    pub expected: String,
    /// The answer that is not preferred, where there are two.
    pub rejected: Option<String>,
    /// Whether the answer is a good one, where rows say so.
    pub label: Option<bool>,
    /// The chosen columns of the dataset.
    pub features: Map<String, Value>,
    /// The answers, in the order of the combinations; none while there is none yet, and where answers are
    /// compared.
    pub answers: Vec<Option<Answer>>,
    /// How the combinations judge the row's answers, likewise; none where they write one.
    pub judgments: Vec<Option<Judgment>>,
}

/// An answer and how good it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Answer {
    /// The text.
    pub output: String,
    /// 1 if it is what was expected, white space at both ends aside.
    #[serde(default)]
    pub exact_match: Option<f64>,
    /// ROUGE-1, from 0 to 1.
    #[serde(default)]
    pub rouge1: Option<f64>,
    /// ROUGE-L, from 0 to 1.
    #[serde(default, rename = "rougeL")]
    pub rouge_l: Option<f64>,
    /// Seconds to answer.
    #[serde(default)]
    pub latency: Option<f64>,
    /// How many tokens it has.
    #[serde(default)]
    pub output_tokens: Option<u64>,
}

/// How a model judges the answers of a row.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Judgment {
    /// Whether it prefers the chosen answer, or the sign of the reward fits the label; none where that
    /// takes a reference model and there is none.
    pub right: Option<bool>,
    /// How much higher the chosen answer stands: the difference of the rewards, else of the log-probabilities.
    /// None where there is one answer.
    pub margin: Option<f64>,
    /// The chosen and the rejected answer, or the one that is labeled.
    pub answers: Vec<JudgedAnswer>,
}

/// How a model judges an answer.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct JudgedAnswer {
    /// The score of a reward model, or beta times the gain of log-probability over the reference.
    pub reward: Option<f64>,
    /// The log-probability, the sum over its tokens in nats; none from a reward model.
    pub logps: Option<f64>,
    /// Its length in tokens.
    pub tokens: u64,
}
