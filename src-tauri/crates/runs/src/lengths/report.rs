//! What is asked about token lengths, and what is answered.

use resources::TrainingChoices;
use schema::FieldProblem;
use serde::{Deserialize, Serialize};

use crate::preflight::PlannedChoices;

/// A training whose rows are to be measured.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(default, deny_unknown_fields)]
pub struct LengthsRequest {
    /// The id of the dataset.
    pub dataset_id: String,
    /// The id of the model whose tokenizer counts.
    pub base_model_id: Option<String>,
    /// The id of the prompt, where rows are filled into one.
    pub prompt_id: Option<String>,
    /// What is chosen; the rest is filled in as for a training.
    pub choices: TrainingChoices,
    /// Whether only the completion is learned, where rows are a prompt and a completion; TRL's default is yes.
    pub completion_only_loss: Option<bool>,
    /// The largest number of tokens of a row, TRL's `max_length`; none for no limit.
    pub limit: Option<u32>,
    /// Rows of a batch, from which the padding follows; 8 by default, as for a training.
    pub batch: Option<u32>,
}

/// The token lengths of the rows that a training would be given, those of the split `train`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct TokenLengths {
    /// What is trained and how: as chosen, else as it follows from the dataset and the model.
    pub choices: PlannedChoices,
    /// Why nothing was counted, by the field at fault.
    pub problems: Vec<FieldProblem>,
    /// The lengths; none where there are problems.
    pub lengths: Option<LengthReport>,
}

/// The lengths of rows in tokens, and what a limit does to them. The length of a row with two answers is that of
/// the longer one with its prompt.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct LengthReport {
    /// Rows that were counted.
    pub rows: u64,
    /// Rows that can't be trained on, and are not counted.
    pub left_out: u64,
    /// The first of these, and why.
    pub left_out_first: Option<String>,
    /// Rows of over 1 MiB, whose length is an estimate of four bytes a token.
    pub estimated: u64,
    /// Tokens of all rows together, uncut.
    pub tokens: u64,
    /// The shortest row.
    pub shortest: u64,
    /// The length that half of the rows do not exceed.
    pub median: u64,
    /// The length that 95 of 100 rows do not exceed.
    pub percentile_95: u64,
    /// The length that 99 of 100 rows do not exceed.
    pub percentile_99: u64,
    /// The longest row.
    pub longest: u64,
    /// Rows by their length, ascending, without gaps.
    pub histogram: Vec<LengthBin>,
    /// The limit that the figures below are for; none for no limit.
    pub limit: Option<u64>,
    /// A limit that leaves 99 of 100 rows whole, within the context of the model.
    pub suggested: u64,
    /// Rows that are longer than the limit. They are cut there, except for those that are dropped.
    pub over: u64,
    /// Rows that the trainer drops for the limit: nothing that is learned lies within it, or, for a reward
    /// model, an answer is longer.
    pub dropped: u64,
    /// Tokens that a training computes for each epoch over these rows, without padding.
    pub epoch_tokens: u64,
    /// What batches of rows of different length waste.
    pub padding: PaddedBatches,
    /// What packing makes of the rows; none without a limit, and where the method doesn't pack.
    pub packing: Option<PackedRows>,
}

/// Rows of some lengths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct LengthBin {
    /// The least length.
    pub from: u64,
    /// The greatest length.
    pub to: u64,
    /// How many rows have one of these.
    pub rows: u64,
}

/// Batches whose rows are filled up to the longest of them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct PaddedBatches {
    /// Rows of a batch.
    pub batch: u64,
    /// The part of what is computed that is padding, from 0 to 1, as it is to be expected of rows in any order.
    pub wasted: f64,
}

/// Rows that are put together up to the limit, by TRL's strategy `bfd`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct PackedRows {
    /// How many packs there are: what a batch then consists of.
    pub packs: u64,
    /// The part of the packs' room that stays empty, from 0 to 1.
    pub wasted: f64,
}
